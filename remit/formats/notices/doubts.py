"""What is doubtful in a notice: dates, money, codes, language, who pays whom; each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from remit.domain.line import Finding
from remit.domain.money import Money
from remit.formats.notices import tongue
from remit.formats.notices.fields import months_between
from remit.formats.notices.notice import Field, Notice, Quote
from remit.formats.notices.services import product_words

RESERVED_CODES = ("7911", "79212", "7922", "79120", "7912", "7913")
SERVICE = re.compile(r"\bservices?\b|Dienstleistung|\bprestations?\b|\bservizi\b|\bservicios?\b|\busług|\bdiensten\b|\btjänster\b", re.IGNORECASE)
CENT = Decimal("0.01")


def doubts(notice: Notice) -> Iterator[Finding]:
    """All of them, in the order of the brief's questions."""
    yield from _paper(notice)
    yield from _dates(notice)
    yield from _money(notice)
    yield from _codes(notice)
    yield from _words(notice)


def _paper(notice: Notice) -> Iterator[Finding]:
    stage, at = notice.stage.value, notice.stage.place
    said = {finding.code for finding in notice.suspicions}
    if stage in {"award", "contract"} and "notice.intended_award" not in said:
        yield Finding("notice.award_not_call", at)
    elif stage == "planning" and "notice.buyer_profile" not in said:
        yield Finding("notice.planning_only", at)
    elif stage == "change":
        what = "; ".join(change.value for change in notice.changes) or ", ".join(field.value for field in notice.related) or notice.kind.value
        yield Finding("notice.changed", at, {"what": what[:300]})
    elif stage == "cancelled" and "notice.cancelled" not in said:
        yield Finding("notice.cancelled", at, {"why": "; ".join(change.value for change in notice.changes)[:300] or notice.stage.verbatim})
    title = notice.title.value.casefold() if notice.title else ""
    bodies = [f for f in (notice.description, *notice.more, *(lot.description for lot in notice.lots)) if f and f.value.casefold() != title]
    if not bodies and not notice.changes:
        yield Finding("notice.title_only", notice.title.place if notice.title else at)
    if stage == "tender" and notice.deadline is None and "notice.qualification" not in said:
        yield Finding("deadline.absent", at)


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value.date() if isinstance(value, datetime) else value


def _dates(notice: Notice) -> Iterator[Finding]:
    spans = [(notice.start, notice.end, notice.duration), *((lot.start, lot.end, lot.duration) for lot in notice.lots)]
    seen: set[tuple[object, object]] = set()
    for start, end, duration in spans:
        if start and end and (start.place, end.place) not in seen:
            seen.add((start.place, end.place))
            if end.value < start.value:
                yield Finding("date.end_before_start", end.place, {"start": start.value, "end": end.value})
            elif duration and duration.certainty == "stated" and abs((counted := months_between(start.value, end.value)) - duration.value) >= 1:
                yield Finding("date.duration_differs", duration.place, {"months": duration.value, "counted": counted})
    if notice.stage.value not in {"tender", "planning", "change"} or notice.deadline is None:
        return
    deadline = notice.deadline
    if notice.published and _day(deadline.value) < _day(notice.published.value):
        yield Finding("deadline.past", deadline.place, {"deadline": _day(deadline.value), "published": _day(notice.published.value)})
    if notice.start and notice.start.value < _day(deadline.value):
        yield Finding("date.start_before_deadline", notice.start.place, {"start": notice.start.value, "deadline": _day(deadline.value)})


def _amounts(notice: Notice) -> Iterator[Field]:
    seen = set()
    whole = (notice.value, *(lot.value for lot in notice.lots), *(v for award in notice.awards for v in (award.value, award.estimated)))
    for field in whole:
        if field and field.place not in seen:
            seen.add(field.place)
            yield field


def _money(notice: Notice) -> Iterator[Finding]:
    currencies: dict[str, Field] = {}
    for field in _amounts(notice):
        value = field.value
        assert isinstance(value, Money)
        if value.currency:
            currencies.setdefault(value.currency, field)
        if value.amount < 0:
            yield Finding("value.negative", field.place, {"value": value})
        elif value.amount == 0:
            yield Finding("value.zero", field.place, {"value": value})
        elif _placeholder(value.amount):
            yield Finding("value.placeholder", field.place, {"value": value})
    if len(currencies) > 1:
        yield Finding("value.currencies", list(currencies.values())[1].place, {"currencies": ", ".join(sorted(currencies))})
    yield from _lots(notice)


def _placeholder(amount: Decimal) -> bool:
    digits = format(amount.normalize(), "f").replace(".", "")
    return amount <= 1 or bool(re.fullmatch(r"([1-9])\1{4,}", digits)) or digits in {"12345", "123456", "1234567", "12345678", "123456789"}


def _lots(notice: Notice) -> Iterator[Finding]:
    """Awards against the final value; lots only where each has a value, and the whole an estimate in the same currency."""
    values = [lot.value.value for lot in notice.lots if lot.value]
    if notice.value is None:
        return
    whole = notice.value.value
    won = [award.value.value for award in notice.awards if award.value]
    if notice.value_kind == "awarded" and notice.stage.value != "change" and won and {value.currency for value in won} == {whole.currency}:
        together = Money.total(won, whole.currency)
        if abs(together.amount - whole.amount) >= CENT:
            yield Finding("value.awards_differ", notice.value.place, {"awards": together, "whole": whole})
    if notice.value_kind == "awarded" or len(values) < 2 or len(values) < len(notice.lots):
        return
    if {value.currency for value in values} != {whole.currency}:
        return
    together = Money.total(values, whole.currency)
    if abs(together.amount - whole.amount) < CENT:
        return
    if all(abs(value.amount - whole.amount) < CENT for value in values):
        yield Finding("value.lots_repeat", notice.value.place, {"whole": whole})
    else:
        yield Finding("value.lots_differ", notice.value.place, {"lots": together, "whole": whole})


def _codes(notice: Notice) -> Iterator[Finding]:
    nature = notice.nature.value if notice.nature else ""
    if nature in {"works", "supplies"} and notice.nature:
        yield Finding(f"object.{nature}", notice.nature.place)
    if notice.cpv is None:
        return
    code, at = notice.cpv.code.value, notice.cpv.code.place
    division = int(code[:2])
    says_service = nature == "services" or (not nature and notice.title and SERVICE.search(notice.title.value))
    if says_service and (division < 45 or division == 48):
        yield Finding("cpv.product_code", at, {"cpv": code})
    if nature in {"works", "supplies"} and division >= 50:
        yield Finding("cpv.service_code", at, {"cpv": code, "nature": nature})
    if code.endswith("000000") or code in {"79200000", "79400000", "79900000"}:
        yield Finding("cpv.generic", at, {"cpv": code})
    if nature in {"services", ""} and division >= 50 and (found := product_words(notice)) and notice.title:
        yield Finding("object.product", notice.title.place, {"words": found[0]})


def _words(notice: Notice) -> Iterator[Finding]:
    first: dict[str, Quote] = {}
    for quote in notice.quotes:
        first.setdefault(quote.about, quote)
    if notice.concession:
        yield Finding("price.is_revenue", notice.concession.place)
    elif "revenue" in first:
        yield Finding("price.is_revenue", first["revenue"].place)
    if "presence" in first:
        yield Finding("task.needs_presence", first["presence"].place, {"words": first["presence"].text})
    if "reserved" in first:
        yield Finding("act.maybe_reserved", first["reserved"].place, {"words": first["reserved"].text})
    elif notice.cpv and notice.cpv.code.value.startswith(RESERVED_CODES):
        label = notice.cpv.label.value if notice.cpv.label else ""
        yield Finding("act.maybe_reserved", notice.cpv.code.place, {"words": f"CPV {notice.cpv.code.value} {label}".strip()})
    text = notice.description or (notice.lots[0].description if notice.lots else None)
    if notice.language and text and (found := tongue.language_of(text.value)) and not tongue.same(notice.language.value, found):
        yield Finding("text.language_differs", text.place, {"stated": notice.language.value, "found": found})
