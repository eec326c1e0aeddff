"""Django's migrate, followed by the grants and row level security that the models declare."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections, transaction

from remit.apps.records import rows


class Command(Migrate):
    help = "Updates the schema, then lays grants and row level security. Run it on the database alias `owner`."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        alias = options["database"]
        call_command("createcachetable", database=alias, verbosity=0)
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            rows.apply(cursor)
