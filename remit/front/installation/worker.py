"""The worker's process: runs jobs from the database, where the program has any."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django
    from django.apps import apps
    from django.core.management import call_command

    django.setup()
    if not apps.is_installed("procrastinate.contrib.django"):
        return 0
    call_command("procrastinate", "worker", "--concurrency", os.environ.get("REMIT_JOBS", "1"))
    return 1


if __name__ == "__main__":
    sys.exit(main())
