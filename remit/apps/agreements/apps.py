"""The Django app `agreements`."""

from django.apps import AppConfig


class Agreements(AppConfig):
    name = "remit.apps.agreements"
    label = "agreements"

    def ready(self) -> None:
        # Doors find actions by name, so they must be known before the first request.
        from remit.apps.agreements import actions, entities, offering, places, relation  # noqa: F401
