"""What a pack holds for people: the instructions and a page of its first entries. Neither is proof; both are made from what is."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from remit.domain.record.decision import ObjectReference

MOST_SHOWN = 1_000
"""Entries of one log on the page."""

_README = """\
An evidence pack of Remit, form 1
=================================

It covers {kind} {reference}, from the installation {origin}.
{demonstration}
What you can do with it without asking anyone:

  python3 verify.py THIS-PACK.zip

The program needs Python 3.9 or later and nothing else, no network and no account. The copy in this pack came with what it verifies: for a proof that
does not rest on the pack, use a copy that you got elsewhere (it is part of Remit: remit-verify), and give the installation's key as you know it:

  python3 verify.py THIS-PACK.zip --key {key}

Keep the small files logs/*/checkpoint of this pack. Next time, give one back (--checkpoint FILE): then an entry that was removed or rewritten since shows.
The program says as loudly what it did not show as what it did.

What lies where
---------------
  manifest.json                  what the pack covers, and every other member with size and SHA-256
  index.html                     the first entries of each log, for reading
  logs/ID/entries.jsonl          one entry a line, in order: an in-toto statement in canonical JSON (RFC 8785). The line's bytes are what was recorded.
  logs/ID/leaves.txt             one hash a line: SHA-256 over a zero byte and the entry's line (without its newline)
  logs/ID/checkpoint             the size and Merkle root (RFC 6962) of the log, signed (C2SP signed note, Ed25519)
  logs/ID/head.tlog-proof        that this head is in the installation's roll-up log (C2SP tlog-proof)
  rollup/checkpoint              the signed head of the roll-up, with the cosignatures of witnesses where there are any
  openings.jsonl                 values, with their salt, whose hashes (SHA-256 over salt and value) stand in entries as commitments
  files/SHA256                   the evidence itself, named by its hash; entries tell its name and type
  keys/log.vkey                  the installation's public key

By hand: the root is computed from leaves.txt by hashing pairs, SHA-256 over a byte 1 and the two hashes, until one is left.
"""


def readme(origin: str, covers: ObjectReference, key: str, demonstration: bool) -> bytes:
    """README.txt."""
    warning = "\nDEMONSTRATION: times are simulated, and nobody named here exists.\n" if demonstration else ""
    return _README.format(kind=covers.kind, reference=covers.reference, origin=origin, key=key, demonstration=warning).encode()


def proof_lines(path: Iterable[bytes]) -> bytes:
    """Hashes in base64, one a line."""
    return b"".join(base64.b64encode(step) + b"\n" for step in path)


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #8884;padding:.4rem .6rem;text-align:left;vertical-align:top}code{font-size:12px;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}"
)


def index_page(origin: str, covers: ObjectReference, logs: Sequence[tuple[str, int, Sequence[bytes]]], demonstration: bool) -> bytes:
    """index.html: per log (id, size, first entries) a table of who did what, when and why. Everything from entries is escaped."""
    title = f"Evidence pack: {covers.kind} {covers.reference}"
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1><p>Installation {escape(origin)}. "
        f"This page is for reading and proves nothing; verify.py does (see README.txt).</p>"
    ]
    if demonstration:
        parts.append("<p><strong>Demonstration: times are simulated, and nobody named here exists.</strong></p>")
    for log, size, entries in logs:
        parts.append(f"<h2>Log {escape(log)}</h2><p>{size} entries{f', the first {len(entries)} shown' if size > len(entries) else ''}.</p>")
        parts.append("<table><thead><tr><th>No.</th><th>When</th><th>What</th><th>Who</th><th>Why</th><th>Files</th></tr></thead><tbody>")
        parts += [_row(index, entry) for index, entry in enumerate(entries)]
        parts.append("</tbody></table>")
    return "".join([*parts, "</main></body></html>\n"]).encode("utf-8", "replace")


def _row(index: int, entry: bytes) -> str:
    try:
        statement = json.loads(entry)
        said: dict[str, Any] = statement["predicate"]
        about = said["object"]
        what = f"{escape(said['kind'])}, {escape(said['outcome'])}<br>{escape(about['kind'])} {escape(about['reference'])}"
        who = escape(said["actor"].get("role", "")) + "".join(
            f"<br><code>{name} {escape(said['actor'][name])}</code>" for name in ("person", "agent", "guest_link") if name in said["actor"]
        )
        why = "<br>".join(escape(reason["says"]) for reason in said.get("reasons", ()))
        files = "<br>".join(f'<a href="files/{escape(file["digest"]["sha256"])}">{escape(file["name"])}</a>' for file in statement["subject"] if "name" in file)
        when = escape(said["decided_at"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f'<tr><td>{index}</td><td colspan="5">Not a statement that this page can show.</td></tr>'
    return f"<tr><td>{index}</td><td>{when}</td><td>{what}</td><td>{who}</td><td>{why}</td><td>{files}</td></tr>"
