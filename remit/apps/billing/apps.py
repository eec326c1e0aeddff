"""The Django app `billing`."""

from django.apps import AppConfig


class Billing(AppConfig):
    name = "remit.apps.billing"
    label = "billing"

    def ready(self) -> None:
        # Doors find actions by name, so they must be known before the first request.
        from remit.apps.billing import actions, group, places, to_come  # noqa: F401
