"""The files of a take-over: sheets are read in processes apart, contracts are known by their first bytes and their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from remit.apps.organizations.acting import BadInput, Busy, Upload
from remit.apps.records.files import MOST_BYTES
from remit.domain.line import Finding
from remit.domain.plain import from_plain, to_plain
from remit.domain.reasons import N_, SENTENCES, Reason, Sentence
from remit.domain.takeover import Plan, found, plain, plan
from remit.domain.takeover.plan import Known
from remit.formats import hostile
from remit.formats.takeover import EXAMPLE_ANSWERS, LIMITS, RULES, Brought, Column, assemble, read
from remit.lines import lines

SECONDS, MEMORY_BYTES = 15, 400_000_000
MOST_FILES = 30
PDF = b"%PDF-"
BUSY = Sentence("takeover.busy", N_("Too many files are being read at this moment. Try again in a few seconds."))


@dataclass(frozen=True)
class Contract:
    """A signed contract: name and SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Read:
    """Everything that was brought: what each sheet holds, the contracts, and what is wrong with files that are neither."""

    sheets: tuple[Brought, ...] = ()
    contracts: tuple[Contract, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_all(uploads: Sequence[Upload]) -> Read:
    """All files, each by its first bytes. Outside a transaction. Raises Busy, where all readers are at work."""
    sheets, contracts, faults = [], [], []
    names: set[str] = set()
    for upload in uploads:
        name, content = upload.name, upload.content
        if plain(name) in names:
            faults.append(found("file_twice", name, file=name))
            continue
        names.add(plain(name))
        if content.startswith(PDF) and len(content) <= MOST_BYTES:
            contracts.append(Contract(name, hashlib.sha256(content).hexdigest()))
        elif len(content) > LIMITS.file_bytes:
            faults.append(found("too_large", name, file=name, most=LIMITS.file_bytes if not content.startswith(PDF) else MOST_BYTES))
        elif name.lower().endswith((".csv", ".xlsx", ".tsv", ".txt", ".xls")) or content.startswith(b"PK\x03\x04"):
            sheets.append(_sheet(name, content))
        else:
            faults.append(found("not_pdf", name, file=name))
    return Read(tuple(sheets), tuple(contracts), tuple(faults))


def _sheet(name: str, content: bytes) -> Brought:
    outcome = hostile.run_limited(read, content, name, entity_answers(), seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    if isinstance(outcome, hostile.Busy):
        raise Busy(files=BUSY())
    if isinstance(outcome, hostile.Answer):
        return from_plain(Brought, to_plain(outcome.value))
    given_up = replace(outcome.finding, place=replace(outcome.finding.place, of=name))
    return Brought(name=name, sha256=hashlib.sha256(content).hexdigest(), findings=(given_up,))


def together(earlier: Read, later: Read) -> Read:
    """Files brought later beside those that were there: one of the same name, or of the same sheet, takes the earlier one's place."""
    names = {plain(each.name) for each in later.sheets} | {plain(each.name) for each in later.contracts}
    of = {each.sheet for each in later.sheets if each.sheet}
    return Read(
        (*(each for each in earlier.sheets if plain(each.name) not in names and each.sheet and each.sheet not in of), *later.sheets),
        (*(each for each in earlier.contracts if plain(each.name) not in names), *later.contracts),
        later.findings,
    )


@cache
def entity_answers() -> tuple[str, ...]:
    """Codes of what services ask of an entity, each a column that the work calendar may have."""
    return tuple(sorted({question.code for line in lines().values() for question in line.questions if question.at == "entity"}))


@cache
def entity_columns() -> tuple[Column, ...]:
    """The same as columns; none is needed by every service."""
    asked = {question.code: question for line in lines().values() for question in line.questions if question.at == "entity"}
    return tuple(
        Column(code, code.replace("_", " "), asked[code].says, EXAMPLE_ANSWERS.get(code, ""), choices=tuple(asked[code].choices)) for code in entity_answers()
    )


def kept(read: Read) -> Any:
    """As a draft keeps it."""
    return to_plain(read)


def of_kept(value: Any) -> Read:
    """What a draft kept."""
    return from_plain(Read, value)


def planned(read: Read, known: Known) -> Plan:
    """The plan: what would be made, changed and left, with every finding."""
    from remit.apps.work import cases

    sheets, findings = assemble(read.sheets, {contract.name: contract.sha256 for contract in read.contracts})
    services = lines()
    return plan(sheets, services, known, (*read.findings, *findings), [code for code, line in services.items() if cases.delivers(line)])


def faults(plan: Plan) -> BadInput:
    """The errors of a plan as a door says them: by sheet, line and column."""
    by_place: dict[str, list[Reason]] = {}
    for each in plan.errors:
        column = next((str(at) for name, at in each.place.path if name == "column"), "")
        where = ".".join(str(part) for part in (each.place.of, each.place.line, column) if part not in ("", None)) or "files"
        by_place.setdefault(where, []).append(reason_of(each))
    return BadInput(by_place)


def reason_of(finding: Finding) -> Reason:
    """A finding as a reason, said by its rule's sentence."""
    SENTENCES.setdefault(finding.code, RULES[finding.code].says)
    return Reason(finding.code, finding.values)
