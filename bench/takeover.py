"""How long a take-over takes: reading and preview, and carrying out, of forty people and twelve engagements; and how many statements.

    python bench/takeover.py [PEOPLE [ROUNDS]]

Needs the development environment: it starts a PostgreSQL of its own, as the tests do.
"""

from __future__ import annotations

import os
import secrets
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
os.environ["REMIT_POOL_SIZE"] = "0"
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


def main(people: int, rounds: int) -> None:
    """Each round in a provider of its own."""
    from remit.front.installation.testing import test_cluster

    with test_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        import django

        django.setup()
        from django.conf import settings
        from django.db import connections

        from remit.front.settings import database as parsed

        name, data = cluster.clone(), Path(folder)
        (data / "keys").mkdir()
        settings.REMIT_DATA, settings.MASTER_KEY_FILE = data, data / "keys" / "master.key"
        settings.MASTER_KEY_FILE.write_text(secrets.token_hex(32))
        for alias, url in (("default", cluster.program_url(name)), ("owner", cluster.owner_url(name))):
            connections[alias].settings_dict.update(parsed(url))
        taken = [measured(people, number) for number in range(rounds)]
        for alias in ("default", "owner"):
            connections[alias].close()
    for what, values in zip(("read", "plan", "carry out", "statements"), zip(*taken, strict=True), strict=True):
        unit = "" if what == "statements" else " s"
        print(f"{what:10}  median {statistics.median(values):8.2f}{unit}  worst {max(values):8.2f}{unit}")


def measured(people: int, number: int) -> tuple[float, float, float, int]:
    """Seconds of reading, of the plan, of carrying out; and how many statements that took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from remit.apps.organizations.acting import Done
    from remit.apps.organizations.founding import FOUNDER_ROLES, found, new_user
    from remit.apps.records.context import By, reading, writing
    from remit.apps.records.keys import uuid7
    from remit.apps.work.actions import bring_takeover, take_over
    from remit.apps.work.takeover.known import known
    from remit.apps.work.takeover.reading import planned, read_all
    from tests import takeover_case as case

    by = By(organization=uuid7(), door="page", user=uuid7(), membership=uuid7(), name=f"Provider {number}")
    with writing(by, AT):
        user = new_user(f"p{number}@bench.example", "correct horse battery staple", by.name, key=by.user)
        found(by, AT, name=by.name, kinds=["provider"], country="BG", currency="EUR", user=user, roles=FOUNDER_ROLES)
    clients = tuple(f"{client} {number}" for client in case.CLIENTS)
    files = case.folder(case.people(people, clients), clients=clients)
    begun = time.perf_counter()
    brought = read_all(files)
    read_s = time.perf_counter() - begun
    begun = time.perf_counter()
    with reading(by, AT):
        plan = planned(brought, known(by, AT, brought))
    plan_s = time.perf_counter() - begun
    assert not plan.errors, plan.errors
    kept = bring_takeover(by=by, at=AT, files=files)
    assert isinstance(kept, Done)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        done = take_over(by=by, at=AT, takeover=kept.id)
    assert isinstance(done, Done), done
    return read_s, plan_s, time.perf_counter() - begun, len(asked)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
