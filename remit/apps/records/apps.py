"""The Django app `records`."""

from django.apps import AppConfig


class Records(AppConfig):
    name = "remit.apps.records"
    label = "records"
