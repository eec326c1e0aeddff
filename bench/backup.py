"""What a backup costs while eight writers act: its size, its seconds, and the writes a second before it and meanwhile.

`python3 dev.py bench bench/backup.py`. Real PostgreSQL, real processes; the writers name functions and upload bank statements (tests/load.py).
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.load import writers  # noqa: E402

PASSPHRASE = "correct horse battery staple"
ALONE_S = 10.0
BALLAST_BYTES = 64 * 2**20
"""Stored files that were there before, for a backup that takes a while."""


def main() -> int:
    from remit.front.installation.backup import make, restore
    from remit.front.installation.keeper import Use, cluster
    from remit.front.installation.layout import Installation
    from remit.front.installation.migration import migrate_if_needed

    folder = Path(tempfile.mkdtemp(prefix="remit-bench-backup-"))
    folder.chmod(0o711)
    try:
        made = Installation(folder / "it", is_demo=False).prepare()
        (made.files / "ballast").mkdir()
        for number in range(64):
            (made.files / "ballast" / f"{number:064x}").write_bytes(bytes(BALLAST_BYTES // 64))
        with cluster(made.data) as urls:
            migrate_if_needed(made, urls)
            with writers(made, urls, folder / "writers") as writing:
                writing.wait_for(2)
                alone = _rate(writing, lambda: time.sleep(ALONE_S))
                meanwhile = _rate(writing, lambda: make(made, folder / "backup", PASSPHRASE))
        began = time.perf_counter()
        restored = restore(folder / "backup", PASSPHRASE, folder / "again")
        took = time.perf_counter() - began
        told = {
            "bytes": (folder / "backup").stat().st_size,
            "backup_s": round(meanwhile[1], 2),
            "writes_a_second_alone": round(alone[0], 1),
            "writes_a_second_meanwhile": round(meanwhile[0], 1),
            "restore_s": round(took, 2),
            "holds_its_checkpoint": restored.is_compared and restored.disagreement is None,
        }
        print(json.dumps(told))
        while any(Use(data).has_keeper() for data in (made.data, folder / "again")):
            time.sleep(0.1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if told["holds_its_checkpoint"] else 1


def _rate(writing, act) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """(writes a second, seconds) while something is done."""
    before, began = len(writing.acknowledged()), time.perf_counter()
    act()
    took = time.perf_counter() - began
    return (len(writing.acknowledged()) - before) / took, took


if __name__ == "__main__":
    raise SystemExit(main())
