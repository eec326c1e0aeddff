"""Making a deliverable: rendered once, hashed, stored under one manifest; and how reviews cite it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag

import remit
from remit.apps.organizations.acting import Refuse
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.records.models import Entry, File
from remit.apps.work import cases, overrides, readers
from remit.apps.work.models import CheckOverride, Deliverable, DeliverableFile, ItemFile, StepState, WorkItem
from remit.domain.line import Case, Finding, ServiceLine, Step
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.canonical import canonical
from remit.domain.record.decision import EntryReference, EvidenceFile
from remit.formats.document.docx import write_docx
from remit.formats.document.pdf import write_pdf
from remit.formats.document.xlsx import write_xlsx
from remit.formats.words import Words

TAMPERED = Sentence("deliverable.tampered", N_("The stored bytes of {name} are not those that were handed in."))
UNREADABLE = Sentence("paper.unreadable", N_("{name} cannot be read as this kind of file."))
PLACED = N_("{place}: {finding}")
FOUND_AT = Sentence("finding.at", PLACED)
OFFICE = "application/vnd.openxmlformats-officedocument"
WRITERS = {"pdf": write_pdf, "docx": write_docx, "xlsx": write_xlsx}
MEDIA_TYPES = {"pdf": "application/pdf", "docx": f"{OFFICE}.wordprocessingml.document", "xlsx": f"{OFFICE}.spreadsheetml.sheet"}


def sha256(content: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Said(Reason):
    """A reason whose code is a finding's own, so that its words stand in the service line's rule and not among our sentences."""

    words: str = ""

    @property
    def says(self) -> str:
        """The rule's sentence, unfilled."""
        return self.words


def as_reasons(findings: Iterable[Finding], line: ServiceLine) -> list[Reason]:
    """Findings as reasons, each said with its place, in any language."""
    reasons: list[Reason] = []
    for finding in findings:
        inner = Said(finding.code, finding.values, words=line.rule(finding.code).says)
        values = {"place": finding.place, "line": finding.place.line, "field": finding.place.field, "finding": inner}
        reasons.append(Said(finding.code, values, words=PLACED) if finding.place.path else inner)
    return reasons


def within(finding: Finding, line: ServiceLine) -> Reason:
    """A finding with its place, to stand within another reason; code and values go with it into the record."""
    inner = Said(finding.code, finding.values, words=line.rule(finding.code).says)
    return FOUND_AT(place=finding.place, finding=inner) if finding.place.path else inner


def refusals(findings: Sequence[Finding], line: ServiceLine, name: str) -> list[Reason]:
    """Why a paper is not taken: each error with its line; what cannot be read at all says at least that."""
    errors = [finding for finding in findings if line.rule(finding.code).severity == "error"]
    return as_reasons(errors, line) or [UNREADABLE(name=name)]


def make(
    work: WorkItem,
    line: ServiceLine,
    step: Step,
    case: Case,
    found: Sequence[Finding],
    by: By,
    at: datetime,
    overridden: Sequence[tuple[Finding, CheckOverride]] = (),
) -> tuple[Deliverable, EvidenceFile, list[EvidenceFile]]:
    """The deliverable's row, its manifest and its files as evidence. Papers are rendered here and never again; they name each check that was let pass."""
    assert step.makes is not None
    words = Words(work.engagement.agreement.language)

    def say(text: str, /, **values: Any) -> str:
        return words.text(text, **values)

    made = step.makes(case, say)
    stem = f"{work.reference}-{case.period[0]:%Y-%m}"
    document = overrides.printed(replace(made.document, language=work.engagement.agreement.language), overridden, line, say)
    contents = {f"{stem}.{form}": (WRITERS[form](document), MEDIA_TYPES[form]) for form in made.forms}
    for name, chunks in made.files.items():
        content = b"".join(chunks)
        contents[name] = (content, files.media_type(name, content))
    stored = {name: files.put(work.audience_id, name, content, at) for name, (content, _kind) in contents.items()}
    number = Deliverable.objects.filter(item=work).count() + 1
    quantities = [{"measure": q.measure, "count": str(q.count), "variant": q.variant} for q in line.count(case)]
    manifest = _manifest(work, line, step, case, number, stored, quantities, overrides.listed(overridden))
    kept = files.put(work.audience_id, f"{stem}-manifest.json", manifest, at)
    row = Deliverable.objects.create(
        audience_id=work.audience_id,
        item=work,
        step=step.code,
        number=number,
        manifest=kept,
        manifest_sha256=kept.sha256,
        checks=_checks(found, line, overridden),
        quantities=quantities,
        carry=cases.dump(line.carry(case)) if line.carry else None,
        state=cases.dump(case.state(step.code)),
        readers=readers.named(work, step),
        made_by=by.person,
        made_by_name=by.name,
        made_at=at,
    )
    DeliverableFile.objects.bulk_create(DeliverableFile(audience_id=work.audience_id, deliverable=row, name=name, file=file) for name, file in stored.items())
    evidence = [EvidenceFile(name=name, sha256=file.sha256, media_type=contents[name][1]) for name, file in stored.items()]
    return row, EvidenceFile(name="manifest.json", sha256=kept.sha256, media_type="application/json"), evidence


def _checks(found: Sequence[Finding], line: ServiceLine, overridden: Sequence[tuple[Finding, CheckOverride]]) -> list[dict[str, Any]]:
    """Findings as the row keeps them; who let one pass stands with it."""
    passed = {id(finding): row for finding, row in overridden}
    rows = cases.rows_of(found, line)
    for finding, kept in zip(found, rows, strict=True):
        if (row := passed.get(id(finding))) is not None:
            kept["overridden"] = {"by": row.allowed_by_name, "reason": row.reason, "at": row.allowed_at.isoformat()}
    return rows


def _manifest(
    work: WorkItem,
    line: ServiceLine,
    step: Step,
    case: Case,
    number: int,
    stored: dict[str, File],
    quantities: list[dict[str, Any]],
    overridden: list[dict[str, Any]],
) -> bytes:
    state = StepState.objects.filter(item=work, step=step.code).first()
    inputs = ItemFile.objects.filter(item=work, superseded_at=None).select_related("file").order_by("slot", "brought_at")
    kept = work.answers.get("procedure")
    procedure = {"reference": kept["reference"], "version": kept["version"]} if isinstance(kept, dict) else {}
    more = {name: value for name, value in (("procedure", procedure), ("overridden", overridden)) if value}
    return canonical(
        {
            "item": work.reference,
            "number": number,
            "service": line.code,
            "edition": line.edition,
            "step": step.code,
            "period": [case.period[0].isoformat(), case.period[1].isoformat()],
            "software": f"remit {remit.__version__}",
            "files": [{"name": name, "sha256": file.sha256, "size": file.size, "media_type": file.media_type} for name, file in sorted(stored.items())],
            "inputs": [{"slot": row.slot, "name": row.name, "sha256": row.file.sha256} for row in inputs],
            "journal": sha256(canonical(_plain(state.journal))) if state else "",
            "quantities": quantities,
            **more,
        }
    )


def _plain(value: Any) -> Any:
    """JSON without floats: figures that came as JSON numbers with a fraction are kept as text."""
    if isinstance(value, float):
        return str(Decimal(str(value)))
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def still_the_same(made: Deliverable) -> None:
    """Refuses where a stored byte is no longer what the manifest names."""
    for row in made.files.select_related("file"):
        try:
            is_same = sha256(files.read(row.file)) == row.file.sha256
        except (InvalidTag, OSError, ValueError):
            is_same = False
        if not is_same:
            raise Refuse(TAMPERED(name=row.name), about=made)


def reviewing(made: Deliverable) -> dict[str, Any]:
    """The fields by which a review's entry names what it reviews: the entry that handed it in, and the manifest."""
    return {"reviews": entries_of("deliverable.handed_in", made.id), **_evidence(made)}


def accepting(made: Deliverable) -> dict[str, Any]:
    """The fields by which an acceptance names the review that it rests on."""
    passed = made.reviews.filter(verdict="passed").values_list("id", flat=True)
    return {"cites": tuple(entry for key in passed for entry in entries_of("deliverable.reviewed", key)), **_evidence(made)}


def _evidence(made: Deliverable) -> dict[str, Any]:
    manifest = EvidenceFile(name="manifest.json", sha256=made.manifest_sha256, media_type="application/json")
    papers = [EvidenceFile(name=row.name, sha256=row.file.sha256, media_type=row.file.media_type) for row in made.files.select_related("file")]
    return {"files": (manifest, *papers), "manifest": made.manifest_sha256}


def entries_of(kind: str, about: UUID) -> tuple[EntryReference, ...]:
    """The entries of that kind about a row, of what was done; what was refused is none of them."""
    found = Entry.objects.filter(kind=kind, object_id=about).exclude(outcome="refused")
    return tuple(EntryReference(log=entry.audience_id, leaf=bytes(entry.leaf_hash).hex()) for entry in found)
