"""The Django app `work`."""

from django.apps import AppConfig


class Work(AppConfig):
    name = "remit.apps.work"
    label = "work"

    def ready(self) -> None:
        # Doors find actions by name, so they must be known before the first request.
        from remit.apps.work import actions, places, replies  # noqa: F401
