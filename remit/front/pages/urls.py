"""Addresses of the public pages; none of them opens an organization."""

from django.urls import path
from django.views.i18n import set_language

from remit.front.pages import views
from remit.front.pages.hours import hours

app_name = "pages"
urlpatterns = [
    path("", views.front, name="front"),
    path("check/statement/", views.check_statement, name="check_statement"),
    path("check/pack/", views.check_pack, name="check_pack"),
    path("check/invoice/", views.check_invoice, name="check_invoice"),
    path("check/notice/", views.check_notice, name="check_notice"),
    path("hours/", hours, name="hours"),
    path("demo/progress/", views.progress, name="progress"),
    path("keep/", views.keep, name="keep"),
    path("language/", set_language, name="language"),
]
