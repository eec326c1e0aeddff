"""Prints the first administrator's one-time code while an installation has no user; prints nothing afterwards."""

import importlib
import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django

    django.setup()
    make = getattr(importlib.import_module("remit.apps.organizations.actions"), "first_code", None)
    code = make() if make else None
    if code:
        print(code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
