"""The Django app `organizations`."""

from django.apps import AppConfig


class Organizations(AppConfig):
    name = "remit.apps.organizations"
    label = "organizations"

    def ready(self) -> None:
        # Doors find actions by name, so they must be known before the first request.
        from remit.apps.organizations import actions  # noqa: F401
        from remit.apps.organizations.mailing import actions as mail_actions  # noqa: F401
