"""Addresses of `records`, below an organization."""

from django.urls import path

from remit.apps.records import views

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/<uuid:audience>/", views.log, name="log"),
    path("record/entry/<uuid:entry>/", views.entry, name="entry"),
    path("record/entry/<uuid:entry>/statement.json", views.entry_bytes, name="entry_bytes"),
]
