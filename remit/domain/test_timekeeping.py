"""Laws of time: minutes fall on days, each is priced by the card of its day, to the cent that anyone recomputes; nothing is billed twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.invoicing import Drawn, Terms, Work, draw
from remit.domain.pricing import CardLine, RateCard
from remit.domain.taxation import Party, TaxTreatment
from remit.domain.timekeeping import Part, Spent, TimeTerms, billable, by_day, hours, minutes_between, stepped

SELLER = Party(name="Rila Ledger OOD", country="BG", city="Sofia", vat_id="BG131305822", registration="131305822")
BUYER = Party(name="Halden Instruments GmbH", country="DE", city="Halle", vat_id="DE136695976")
RAISE = date(2027, 6, 1)
ZONES = ("Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "UTC")
instants = st.datetimes(min_value=datetime(2027, 1, 1), max_value=datetime(2027, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside it
prices = st.decimals(min_value=0, max_value=500, places=2)
lengths = st.integers(0, 24 * 60)
entries = st.lists(st.tuples(st.integers(1, 600), st.integers(1, 3), st.integers(0, 60)), min_size=1, max_size=8)


def cards(before: Decimal, after: Decimal) -> tuple[RateCard, ...]:
    def card(version: int, since: date, price: Decimal) -> RateCard:
        lines = tuple(CardLine(id=f"{version}-{level}", service="bookkeeping", level=level, basis="hour", price=price * level) for level in (1, 2))
        return RateCard(id="RC", version=version, currency="EUR", valid_from=since, lines=lines)

    return card(1, date(2027, 1, 1), before), card(2, RAISE, after)


def work(part: Part) -> Work:
    return Work(
        id=f"time:{part.key}:{part.on}",
        item="WI-1",
        engagement="E",
        entity="halden",
        says=f"hours, level {part.level}",
        service="bookkeeping",
        level=part.level,
        basis="hour",
        quantity=hours(part.minutes),
        on=part.on,
        acceptance="A",
        minutes=part.minutes,
    )


def drawn(parts: list[Part], before: Decimal = Decimal(34), after: Decimal = Decimal(38), billed: frozenset[str] = frozenset()) -> Drawn:
    terms = Terms(
        engagement="E", agreement="AG-1", entities=frozenset({"halden"}), currency="EUR", cards=cards(before, after),
        tax=TaxTreatment(category="AE", exemption="Reverse charge", exemption_code="VATEX-EU-AE"), term_from=date(2027, 1, 1),
    )  # fmt: skip
    return draw("RL-1", date(2027, 12, 31), SELLER, BUYER, terms, [work(part) for part in parts], billed)


def spent(rows: list[tuple[int, int, int]]) -> list[Spent]:
    return [Spent(key=str(number), level=level, done_on=RAISE + timedelta(day - 30), minutes=minutes) for number, (minutes, level, day) in enumerate(rows)]


@given(instants, lengths, st.sampled_from(ZONES))
def test_the_minutes_of_a_span_fall_on_its_days_and_none_is_lost(begins, length, zone):
    ends = begins + timedelta(minutes=length)
    days = by_day(begins, ends, zone)
    assert sum(minutes for _, minutes in days) == minutes_between(begins, ends) == length
    assert [on for on, _ in days] == sorted({on for on, _ in days})
    assert all(0 < minutes <= 25 * 60 for _, minutes in days)


@pytest.mark.parametrize(("day", "minutes"), [(date(2027, 3, 28), 23 * 60), (date(2027, 10, 31), 25 * 60)])
def test_a_day_on_which_the_clock_changes_has_its_own_length(day, minutes):
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    assert dict(by_day(begins, begins + timedelta(hours=40), "Europe/Berlin"))[day] == minutes


@given(entries, st.sampled_from([1, 5, 6, 15, 30, 60]))
def test_each_entry_goes_up_to_the_agreement_s_step_and_no_further(rows, step):
    found = spent(rows)
    parts = billable(found, TimeTerms(billed=True, step_min=step), "UTC")
    assert sum(part.minutes for part in parts) == sum(stepped(entry.minutes, step) for entry in found)
    for entry in found:
        mine = sum(part.minutes for part in parts if part.key == entry.key)
        assert 0 <= mine - entry.minutes < step
        assert mine % step == 0


@given(entries, prices, prices)
def test_each_line_is_what_anyone_recomputes_from_it(rows, before, after):
    parts = list(billable(spent([(minutes, min(level, 2), day) for minutes, level, day in rows]), TimeTerms(billed=True), "UTC"))
    invoice = drawn(parts, before, after).invoice
    assert invoice is not None
    for line in invoice.lines:
        of_it = [part for part in parts if f"time:{part.key}:{part.on}" in line.works]
        assert line.quantity == hours(sum(part.minutes for part in of_it))
        assert line.price == (before if line.card_version == 1 else after) * line.level
        assert line.net.amount == (line.quantity * line.price).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert {(part.on < RAISE, part.level) for part in of_it} == {(line.card_version == 1, line.level)}
    assert sorted(each for line in invoice.lines for each in line.works) == sorted(f"time:{part.key}:{part.on}" for part in parts)
    assert invoice.net.amount == sum(line.net.amount for line in invoice.lines)


@given(entries, prices, prices, prices)
def test_a_raise_leaves_the_days_before_it_where_they_were(rows, before, after, other):
    parts = list(billable(spent([(minutes, 1, day) for minutes, _, day in rows]), TimeTerms(billed=True), "UTC"))
    old = [part for part in parts if part.on < RAISE]

    def of_old(price: Decimal):
        invoice = drawn(parts, before, price).invoice
        assert invoice is not None
        return [line.net for line in invoice.lines if line.card_version == 1]

    assert of_old(after) == of_old(other)
    if old:
        invoice = drawn(old, before, after).invoice
        assert invoice is not None
        assert [line.net for line in invoice.lines] == of_old(after)


@given(entries, st.randoms())
def test_neither_order_nor_cutting_an_entry_in_two_changes_the_sum(rows, chance):
    found = spent([(minutes, 1, day) for minutes, _, day in rows])
    parts = list(billable(found, TimeTerms(billed=True), "UTC"))
    cut = [
        Part(f"{part.key}-{number}", part.level, part.on, minutes)
        for part in parts
        for number, minutes in enumerate((part.minutes // 2, part.minutes - part.minutes // 2))
        if minutes
    ]
    chance.shuffle(cut)
    one, two = drawn(parts).invoice, drawn(cut).invoice
    assert one is not None
    assert two is not None
    assert [(line.quantity, line.net) for line in one.lines] == [(line.quantity, line.net) for line in two.lines]


@given(entries)
def test_what_is_billed_is_billed_once_and_a_level_off_the_card_is_refused(rows):
    parts = list(billable(spent(rows), TimeTerms(billed=True), "UTC"))
    answer = drawn(parts)
    off = {f"time:{part.key}:{part.on}" for part in parts if part.level == 3}
    assert {refused.work.id for refused in answer.refused} == off
    assert {reason.code for refused in answer.refused for reason in refused.reasons} <= {"billing.off_card"}
    again = drawn([part for part in parts if part.level != 3], billed=frozenset(f"time:{part.key}:{part.on}" for part in parts))
    assert again.invoice is None


@pytest.mark.parametrize(
    ("settled", "bases", "expected"),
    [
        ({}, {"hour"}, (True, 1, "entries")),
        ({}, {"hour", "unit"}, (False, 1, "none")),
        ({"billed": True, "step_min": 6}, {"hour", "unit"}, (True, 6, "entries")),
        ({"billed": True, "shown": "totals"}, {"hour"}, (True, 1, "totals")),
        ({"billed": True}, {"unit"}, (False, 1, "none")),
        ({"billed": False, "shown": "entries"}, {"hour"}, (False, 1, "entries")),
    ],
)
def test_what_an_agreement_says_of_time(settled, bases, expected):
    terms = TimeTerms.of(settled, bases)
    assert (terms.billed, terms.step_min, terms.shown) == expected
