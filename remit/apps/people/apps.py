"""The Django app `people`."""

from django.apps import AppConfig


class People(AppConfig):
    name = "remit.apps.people"
    label = "people"

    def ready(self) -> None:
        # Doors find actions by name, so they must be known before the first request.
        from remit.apps.people import actions, leave_actions  # noqa: F401
