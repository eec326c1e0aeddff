"""Addresses of `people`, below an organization."""

from django.urls import path

from remit.apps.people.views import people, profiles

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/profiles/", profiles.profiles, name="profiles"),
    path("people/<str:reference>/", people.person, name="person"),
    path("people/<str:reference>/describe/", people.describe, name="describe_person"),
    path("people/<str:reference>/place/", people.place, name="place_person"),
    path("people/<str:reference>/credential/", people.add_credential, name="add_credential"),
    path("people/<str:reference>/verify/", people.verify, name="verify_credential"),
    path("people/<str:reference>/wall/", people.raise_wall, name="raise_wall"),
    path("people/<str:reference>/wall/<uuid:wall>/lift/", people.lift_wall, name="lift_wall"),
    path("people/<str:reference>/leave/", people.leave, name="leave_person"),
]
