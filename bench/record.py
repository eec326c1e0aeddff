"""How many entries a second the sequencer takes into their logs and signs, over one log and over many.

`python3 dev.py bench bench/record.py`. The entries are written first and not timed; then one process sequences what is queued.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ENTRIES = 4000
LOGS = (1, 20, 200)
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)


def main() -> int:
    from remit.front.installation.testing import test_cluster

    with tempfile.TemporaryDirectory(prefix="remit-bench-record-") as folder, test_cluster() as cluster:
        name = cluster.clone()
        data = Path(folder)
        (data / "keys").mkdir()
        (data / "keys" / "master.key").write_text(secrets.token_hex(32))
        os.environ.update(
            DATABASE_URL=cluster.program_url(name),
            REMIT_DATA=str(data),
            REMIT_POOL_SIZE="0",
            REMIT_MASTER_KEY_FILE=str(data / "keys" / "master.key"),
            DJANGO_SETTINGS_MODULE="remit.front.settings",
        )
        import django

        django.setup()
        for logs in LOGS:
            measure(cluster.sequencer_url(name), logs)
        from django.db import connections

        connections.close_all()
    return 0


def measure(url: str, logs: int) -> None:
    import psycopg

    from remit.apps.records import sequencer
    from remit.formats.packs.keys import load_signer, new_key

    began = time.perf_counter()
    for number in range(logs):
        write(ENTRIES // logs, number)
    written = time.perf_counter() - began
    with psycopg.connect(url) as connection:
        signer = load_signer(new_key())
        began = time.perf_counter()
        batches = 0
        while sequencer.sequence(connection, signer, "bench.example") is not None:
            batches += 1
        took = time.perf_counter() - began
    print(
        json.dumps(
            {
                "bench": "record",
                "logs": logs,
                "entries": ENTRIES,
                "batches": batches,
                "sequenced_per_s": round(ENTRIES / took),
                "appended_per_s_in_one_transaction_a_log": round(ENTRIES / written),
            }
        ),
        flush=True,
    )


def write(count: int, number: int) -> None:
    from remit.apps.organizations.acting import own_audience
    from remit.apps.records import log
    from remit.apps.records.context import By, writing
    from remit.apps.records.keys import uuid7
    from remit.apps.records.models import Tenant

    by = By(organization=uuid7(), door="command", user=uuid7())
    with writing(by, AT):
        Tenant.objects.create(id=by.organization, created_at=AT)
        audience = own_audience(by, AT)
        for _ in range(count):
            log.append(by, AT, kind="site.added", outcome="allowed", about=None, audiences=[audience])


if __name__ == "__main__":
    raise SystemExit(main())
