"""Addresses of the public pages; none of them opens the record."""

from django.urls import path
from django.views.i18n import set_language

app_name = "pages"
urlpatterns = [
    path("language/", set_language, name="language"),
]
