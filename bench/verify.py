"""How fast a pack of 100,000 entries is written and verified, against hashing the same bytes: `python bench/verify.py`, one line of JSON.

The pack is of a call centre or a key-in desk: one log of many small decisions (about 1.1 kB each) under one signed head. `verify_s` is the whole of the
stand-alone verifier in a process of its own, start of Python included; `hash_s` is hashlib over the same bytes, once per entry and once for the tree.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from remit.domain.record import checkpoint, tree
from remit.domain.record.decision import Actor, Decision, ObjectReference, StatedReason
from remit.domain.record.statement import encode
from remit.formats.packs import verify
from remit.formats.packs.keys import signer
from remit.formats.packs.write import PackContents, PackedLog, write_pack

LOG, AT = UUID(int=1), datetime(2026, 1, 31, 9, tzinfo=UTC)
PERIOD = ObjectReference(kind="period", id=UUID(int=2), reference="2026-01")
WHY = (StatedReason(code="gate.level", values={"level": "3", "on": "2026-01-31"}, says="Holds level 3 on 2026-01-31."),)


PEAK = """
import re, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1), file=sys.stderr)
"""
"""The greatest memory of the verifier itself; what the system keeps for a child includes the parent that it was forked from."""


def entries_of(count: int) -> list[bytes]:
    """Statements that differ in id and object."""
    given = {"log": LOG, "kind": "item.keyed", "within": PERIOD, "outcome": "allowed", "door": "page", "decided_at": AT, "recorded_at": AT}
    actor = Actor(user=UUID(int=3), person=UUID(int=4), organization=UUID(int=5), role="preparer")
    return [
        encode(
            Decision(
                id=UUID(int=10**9 + number),
                object=ObjectReference(kind="item", id=UUID(int=10**12 + number), reference=f"IT-{number:07}"),
                actor=actor,
                software="remit 0.1.0",
                reasons=WHY,
                idempotency_sha256=f"{number:064x}",
                **given,  # type: ignore[arg-type]
            )
        )
        for number in range(count)
    ]


def pack_of(entries: list[bytes]) -> bytes:
    key = signer(Ed25519PrivateKey.generate())
    origin = "bench.example"
    head = checkpoint.Head(checkpoint.log_origin(origin, LOG), len(entries), tree.root_of(map(tree.leaf_hash, entries)))
    rolled = checkpoint.sign_checkpoint(checkpoint.Head(origin, 1, tree.leaf_hash(head.to_bytes())), key)
    log = PackedLog(id=LOG, entries=entries, checkpoint=checkpoint.sign_checkpoint(head, key), head=checkpoint.LoggedProof(0, (), rolled))
    out = io.BytesIO()
    vkey = checkpoint.VerifierKey(origin, key.public)
    write_pack(out, PackContents(origin=origin, covers=PERIOD, key=vkey, logs=[log], made_at=AT, software="bench"))
    return out.getvalue()


def hash_all(entries: list[bytes]) -> None:
    level = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    while len(level) > 1:
        level = [hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]


def parse_all(entries: list[bytes]) -> None:
    for entry in entries:
        json.loads(entry)


def timed(run: object, *arguments: object) -> tuple[float, object]:
    began = time.perf_counter()
    result = run(*arguments)  # type: ignore[operator]
    return time.perf_counter() - began, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many is given")
    given = parser.parse_args()
    encode_s, entries = timed(entries_of, given.entries)
    write_s, data = timed(pack_of, entries)
    assert isinstance(entries, list)
    assert isinstance(data, bytes)
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-I", str(verify.__file__), file.name]
        verify_s = min(timed(lambda: subprocess.run(command, check=True, capture_output=True))[0] for _ in range(given.rounds))
        peak_kb = int(subprocess.run([sys.executable, "-I", "-c", PEAK, str(verify.__file__), file.name], check=True, capture_output=True).stderr)
    hash_s = min(timed(hash_all, entries)[0] for _ in range(given.rounds))
    parse_s = min(timed(parse_all, entries)[0] for _ in range(given.rounds))
    print(
        json.dumps(
            {
                "entries": given.entries,
                "entry_bytes": len(entries[0]),
                "pack_mb": round(len(data) / 1e6, 1),
                "encode_s": round(encode_s, 2),
                "write_s": round(write_s, 2),
                "verify_s": round(verify_s, 2),
                "verifier_peak_mb": round(peak_kb / 1024),
                "hash_s": round(hash_s, 2),
                "json_parse_s": round(parse_s, 2),
                "verify_to_hash": round(verify_s / hash_s, 1),
                "verify_to_hash_and_parse": round(verify_s / (hash_s + parse_s), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
