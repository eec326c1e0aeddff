"""The Django app that listens for what happens to log-ins; it has no models."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "remit.front.accounts"
    label = "accounts"

    def ready(self) -> None:
        from remit.front.accounts import events

        events.listen()
