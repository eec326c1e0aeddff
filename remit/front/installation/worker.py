"""The worker's process: what happens unasked."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django

    django.setup()
    from remit.front import jobs

    jobs.run()
    return 1


if __name__ == "__main__":
    sys.exit(main())
