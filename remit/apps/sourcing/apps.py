"""The Django app `sourcing`."""

from django.apps import AppConfig


class Sourcing(AppConfig):
    name = "remit.apps.sourcing"
    label = "sourcing"

    def ready(self) -> None:
        # Doors find actions by name, so they must be known before the first request.
        from remit.apps.sourcing import actions, brokers, places, recording  # noqa: F401
