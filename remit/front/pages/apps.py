"""The Django app that carries the tags; it has no models."""

from django.apps import AppConfig


class Pages(AppConfig):
    name = "remit.front.pages"
    label = "pages"
