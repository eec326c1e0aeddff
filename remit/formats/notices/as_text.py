"""A notice as a calm table for a terminal: question, answer, and where it stands."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

from remit.domain.line import Place
from remit.domain.reasons import N_
from remit.formats.notices import brief
from remit.formats.notices.notice import Award, Field, Lot, Notice
from remit.formats.notices.rules import RULES
from remit.formats.words import Words

LABELS = {
    "buyer": N_("Client"), "service": N_("Service"), "stage": N_("Stage"), "id": N_("Notice"), "ocid": N_("Procedure"), "reference": N_("Reference"),
    "published": N_("Published"),
    "heading": N_("Heading"), "description": N_("Description"), "nature": N_("Kind of contract"), "cpv": N_("CPV"), "how": N_("Way of award"),
    "value": N_("Value"),
    "start": N_("Start"), "end": N_("End"), "duration": N_("Months"), "options": N_("Options"), "renewals": N_("Renewals"),
    "languages": N_("Languages"), "deadline": N_("Deadline"),
    "criterion": N_("Criterion"), "lot": N_("Lot"), "award": N_("Award"), "document": N_("Document"), "change": N_("Change"),
}  # fmt: skip
MISSING, DOUBTS, DERIVED = N_("Not in the notice, to be asked: {questions}"), N_("Doubts"), N_("derived")
LABEL_WIDTH = 17
FROM_WIDTH = 30
MOST = 12
"""Rows of one kind (lots, awards, documents) that are shown."""


def as_text(notice: Notice, file: str, words: Words) -> str:
    """The table of one notice, as wide as the terminal is, at most 140 columns."""
    width = max(70, min(140, shutil.get_terminal_size((110, 24)).columns))
    title = words.value(notice.title.value) if notice.title else "–"
    lines = ["", f"{file}: {notice.form}, {notice.kind.value}", *textwrap.wrap(title, width - 2, initial_indent="  ", subsequent_indent="  "), ""]
    for label, answer, place in _rows(notice, words):
        lines += _row(words.text(LABELS.get(label, label)), answer, _from(place), width)
    asked = words.list([words.text(brief.QUESTIONS[question]) for question in notice.missing])
    if notice.missing:
        lines += ["", *textwrap.wrap(words.text(MISSING, questions=asked), width - 2, initial_indent="  ", subsequent_indent="    ")]
    if notice.suspicions:
        lines += ["", f"  {words.text(DOUBTS)}"]
        for finding in notice.suspicions:
            lines += _row(finding.code, words.finding(finding, RULES[finding.code]), _from(finding.place), width, LABEL_WIDTH + 10)
    return "\n".join(lines)


def _row(label: str, answer: str, where: str, width: int, label_width: int = LABEL_WIDTH) -> list[str]:
    room = width - label_width - FROM_WIDTH - 4
    wrapped = textwrap.wrap(answer, room) or ["–"]
    first = f"  {label:<{label_width}} {wrapped[0]:<{room}} {where}".rstrip()
    return [first, *(" " * (label_width + 3) + line for line in wrapped[1:])]


def _from(place: Place | None) -> str:
    if place is None:
        return ""
    line = place.line
    shown = f"{place.field}, line {line}" if line else place.field
    return shown if len(shown) <= FROM_WIDTH else "…" + shown[-(FROM_WIDTH - 1) :]


def _rows(notice: Notice, words: Words) -> Iterator[tuple[str, str, Place | None]]:
    for buyer in notice.buyers[:MOST]:
        parts = [field.value for field in (buyer.name, buyer.city, buyer.region, buyer.country) if field]
        first = next((field for field in (buyer.name, buyer.country) if field), None)
        yield "buyer", ", ".join(parts), first.place if first else None
    reasons = " ".join(words.reason(reason) for reason in notice.hint.reasons)
    yield "service", f"{notice.hint.service or '–'} ({notice.hint.verdict}): {reasons}", notice.cpv.code.place if notice.cpv else None
    for name in ("stage", "published", "id", "ocid", "reference", "heading"):
        yield from _field(name, getattr(notice, name), words)
    if notice.description:
        yield "description", textwrap.shorten(notice.description.value, 280, placeholder=" …"), notice.description.place
    yield from _field("nature", notice.nature, words)
    for cpv in notice.codes()[:1]:
        others = ", ".join(dict.fromkeys(other.code.value for other in notice.codes()[1:] if other.code.value != cpv.code.value))
        yield "cpv", f"{cpv.code.value}{f' {cpv.label.value}' if cpv.label else ''}{f'; {others}' if others else ''}", cpv.code.place
    for field in (notice.procedure, *notice.techniques):
        yield from _field("how", field, words)
    if notice.value:
        vat = f", VAT {notice.vat.value}" if notice.vat else ""
        yield "value", f"{words.value(notice.value.value)} ({notice.value_kind}{vat})", notice.value.place
    for name in ("start", "end", "duration", "deadline"):
        yield from _field(name, getattr(notice, name), words)
    for name in ("options", "renewals", "languages"):
        for field in getattr(notice, name):
            yield from _field(name, field, words)
    yield from _parts(notice, words)


def _field(label: str, field: Field | None, words: Words) -> Iterator[tuple[str, str, Place | None]]:
    if field is None:
        return
    value = field.value.isoformat(" ", "minutes") if label == "deadline" and hasattr(field.value, "hour") else words.value(field.value)
    yield label, f"{value} ({words.text(DERIVED)})" if field.certainty == "derived" and label != "stage" else value, field.place


def _parts(notice: Notice, words: Words) -> Iterator[tuple[str, str, Place | None]]:
    for criterion in notice.criteria[:MOST]:
        said = [field.value for field in (criterion.kind, criterion.name, criterion.weight) if field]
        yield "criterion", f"{f'{criterion.lot}: ' if criterion.lot else ''}{', '.join(said)}", criterion.kind.place
    for lot in notice.lots[:MOST]:
        yield "lot", _lot(lot, words), next((field.place for field in (lot.title, lot.description, lot.value) if field), None)
    for award in notice.awards[:MOST]:
        fields = (*(s.name for s in award.suppliers), award.value, award.title, award.status)
        yield "award", _award(award, words), next((field.place for field in fields if field), None)
    for document in notice.documents[:MOST]:
        chosen = document.url or document.title
        if chosen:
            yield "document", f"{f'{document.kind.value}: ' if document.kind else ''}{chosen.value}", chosen.place
    for change in notice.changes[:MOST]:
        yield "change", textwrap.shorten(change.value, 280, placeholder=" …"), change.place
    for name, held in (("lot", notice.lots), ("award", notice.awards), ("document", notice.documents)):
        if len(held) > MOST:
            yield name, f"… {len(held) - MOST} more", None


def _lot(lot: Lot, words: Words) -> str:
    parts = [lot.title.value if lot.title else "", *(words.value(field.value) for field in (lot.value, lot.start, lot.end) if field)]
    months = f"{words.value(lot.duration.value)} months" if lot.duration else ""
    return f"{lot.id}: {', '.join(part for part in (*parts, months) if part)}".removesuffix(": ")


def _award(award: Award, words: Words) -> str:
    parts = [supplier.name.value for supplier in award.suppliers]
    parts += [words.value(field.value) for field in (award.value, award.signed_on) if field]
    status = award.status.value if award.status and not award.suppliers else ""
    return f"{award.lot or award.id}: {', '.join(part for part in (*parts, status) if part)}".removeprefix(": ").removesuffix(": ")
