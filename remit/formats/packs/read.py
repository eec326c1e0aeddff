"""Reads an evidence pack into values, of which nothing is given out unless the verifier holds it to be whole."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from remit.domain.record.checkpoint import Head, parse_note
from remit.domain.record.decision import ObjectReference
from remit.domain.record.statement import parse_instant
from remit.formats.packs.verify import Container, Report, check
from remit.formats.packs.write import Opening


@dataclass(frozen=True)
class ReadLog:
    """A log as it stands in a pack. `entries` are the statements' bytes in order; `statement.decode` gives the decision of one."""

    id: UUID
    head: Head
    entries: tuple[bytes, ...]


@dataclass(frozen=True)
class Pack:
    """What a pack holds. `files` are the SHA-256 of the evidence enclosed, `left_out` of what entries name and the pack does not hold.
    `made_at` and `software` are the maker's words, which no signature covers."""

    origin: str
    demonstration: bool
    covers: ObjectReference
    logs: tuple[ReadLog, ...]
    openings: tuple[Opening, ...]
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    made_at: datetime
    software: str


def read_pack(source: bytes | BinaryIO, keys: tuple[str, ...] = (), held: tuple[bytes, ...] = ()) -> tuple[Pack | None, Report]:
    """The pack and the verifier's report; no pack where the proof fails. Never raises on what is in the file. `keys` and `held` as in `verify.check`.

    Holds every entry in memory. Nothing in a pack is compressed, so what is read is never more than the file's own size.
    """
    report = check(source, keys, held)
    if report.status:
        return None, report
    container = Container(io.BytesIO(source) if isinstance(source, bytes) else source)
    manifest = json.loads(container.read("manifest.json"))
    covers = manifest["covers"]
    pack = Pack(
        origin=manifest["origin"],
        demonstration=manifest["demonstration"],
        covers=ObjectReference(kind=covers["kind"], id=UUID(covers["id"]), reference=covers["reference"]),
        logs=tuple(_log(container, log["id"]) for log in manifest["logs"]),
        openings=tuple(map(_opening, container.lines("openings.jsonl"))),
        files=tuple(name.removeprefix("files/") for name in container.members if name.startswith("files/")),
        left_out=tuple(manifest["left_out"]),
        made_at=parse_instant(manifest["made_at"]),
        software=manifest["software"],
    )
    return pack, report


def _log(container: Container, log: str) -> ReadLog:
    head = Head.parse(parse_note(container.read(f"logs/{log}/checkpoint")).text)
    return ReadLog(UUID(log), head, tuple(container.lines(f"logs/{log}/entries.jsonl")))


def _opening(line: bytes) -> Opening:
    given = json.loads(line)
    return Opening(log=UUID(given["log"]), index=given["index"], name=given["name"], salt=bytes.fromhex(given["salt"]), value=given["value"])
