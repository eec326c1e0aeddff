"""How long a log takes that is recomputed whole: `python bench/check.py`, one line of JSON for each size.

Every entry has a value kept apart, and every tenth a signed head of its own, as in a thread whose decisions come one by one.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SIZES = (100, 1_000, 10_000)
A_HEAD = 10
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)


def main() -> int:
    from remit.front.installation.testing import test_cluster

    with tempfile.TemporaryDirectory(prefix="remit-bench-check-") as folder, test_cluster() as cluster:
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
        from django.db import connections

        from remit.formats.packs.keys import load_signer, new_key

        signer = load_signer(new_key())
        for size in SIZES:
            print(json.dumps(measured(cluster.sequencer_url(name), signer, size)), flush=True)
        connections.close_all()
    return 0


def measured(url: str, signer: Any, size: int) -> dict[str, Any]:
    """A log of so many entries, signed and recomputed: seconds and queries."""
    import psycopg
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from remit.apps.organizations.acting import own_audience
    from remit.apps.records import log, proving, sequencer
    from remit.apps.records.context import By, reading, writing
    from remit.apps.records.keys import uuid7
    from remit.apps.records.models import Tenant

    by = By(organization=uuid7(), door="command", user=uuid7())
    with writing(by, AT):
        Tenant.objects.create(id=by.organization, created_at=AT)
        audience = own_audience(by, AT)
        for _ in range(size):
            log.append(by, AT, kind="site.added", outcome="allowed", about=None, audiences=[audience], private={"name": "Halden, works 2"})
    with psycopg.connect(url) as sequencing:
        sequencer.publish_key(sequencing, signer, "bench.example")
        with mock.patch.object(sequencer, "BATCH", A_HEAD):
            while sequencer.sequence(sequencing, signer, "bench.example") is not None:
                pass
    with reading(by, AT), CaptureQueriesContext(connection) as queries:
        proving.check_log(audience)
    with reading(by, AT):
        began, used = time.perf_counter(), time.process_time()
        found = proving.check_log(audience)
        took, used = time.perf_counter() - began, time.process_time() - used
    assert found.holds
    assert (found.entries, found.heads, found.openings) == (size, size // A_HEAD, size)
    return {
        "bench": "check",
        "entries": size,
        "heads": found.heads,
        "seconds": round(took, 2),
        "of_them_here_s": round(used, 2),
        "microseconds_an_entry": round(took / size * 1e6),
        "queries": len(queries),
    }


if __name__ == "__main__":
    raise SystemExit(main())
