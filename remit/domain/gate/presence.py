"""Conditions on where and when: shared hours, free time, and permissions for the places that data would reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from remit.domain.calendars import WorkingHours, least_shared_min
from remit.domain.gate.asking import Asking, Outcome, Outcomes, by_rule
from remit.domain.gate.credentials import ASK
from remit.domain.gate.facts import Hours
from remit.domain.gate.need import Grant
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules import Rule

HOURS = Sentence("gate.hours", N_("{asked_min} a day together with the client are asked for; the least normal day, {worst_on}, has {held_min}."))
NO_DAY = Sentence("gate.hours_no_day", N_("{asked_min} a day together with the client are asked for; they never work on the same day."))
UNKNOWN_HOURS = Sentence("gate.unknown_hours", N_("The working hours are not known; {asked_min} a day together with the client are asked for."))
HELD_HOURS = Sentence("gate.held.hours", N_("{held_min} together with the client on the least normal day"))
CAPACITY = Sentence("gate.capacity", N_("They are not free at that time."))
HELD_CAPACITY = Sentence("gate.held.capacity", N_("Free at that time"))
UNKNOWN_PLACE = Sentence("gate.unknown_place", N_("It is not known from which countries the data would be reached."))
BARRED = Sentence("gate.place", N_("This may not be done from {countries}."))
CONSENT = Sentence("gate.consent", N_("The permission “{grant}” is missing for {countries}."))
CONSENT_LAPSED = Sentence("gate.consent_lapsed", N_("The permission “{grant}” for {countries} is not in force on {on}."))
HELD_CONSENT = Sentence("gate.held.consent", N_("Permission “{grant}” on file"))

SHIFT = Sentence("gate.cure.shift_hours", N_("Agree other hours, or choose someone whose day meets the client's."))
OTHER_TIME = Sentence("gate.cure.other_time", N_("Another time or another person."))
OBTAIN = Sentence("gate.cure.obtain_grant", N_("Obtain it in writing and record it with its period."))
OTHER_PLACE = Sentence("gate.cure.other_place", N_("Choose someone who works elsewhere."))

NORMAL_DAYS = 7
"""Without an end the week from the day on is taken as the normal one."""


def hours(asking: Asking) -> Outcomes:
    """The least shared minutes over the assignment on days that both sides work; hours in force on each day are used.

    A holiday is no normal day, and a week of them refuses nobody: the pattern of the week and the clock changes decide.
    """
    need = asking.need
    if need.hours is None or need.shared_min <= 0:
        return
    said: dict[str, Any] = {"rule_id": "asked.hours", "rule_source": need.source("hours"), "asked_min": need.shared_min}
    until = need.until_on if need.until_on and need.until_on > asking.on else asking.on + timedelta(NORMAL_DAYS)
    parts = _stretches(asking.person.hours, asking.on, until)
    if parts is None:
        yield Outcome("refuses", UNKNOWN_HOURS(cure=ASK(), **said))
        return
    least = [
        found for theirs, since, before in parts if (found := least_shared_min(need.hours.pattern, theirs.pattern, since, before)) is not None
    ]  # fmt: skip
    if not least:
        yield Outcome("refuses", NO_DAY(cure=SHIFT(), **said))
        return
    held, worst_on = min(least)
    if held >= need.shared_min:
        yield Outcome("holds", HELD_HOURS(held_min=held, worst_on=worst_on))
    else:
        yield Outcome("refuses", HOURS(held_min=held, worst_on=worst_on, cure=SHIFT(), **said))


def _stretches(dated: tuple[Hours, ...] | None, since: date, until: date) -> list[tuple[WorkingHours, date, date]] | None:
    """The hours in force through the range, part by part; None where a day has none on record."""
    parts: list[tuple[WorkingHours, date, date]] = []
    day = since
    while day < until:
        current = next((each for each in dated or () if each.holds_on(day)), None)
        if current is None:
            return None
        end = min(until, current.valid_until or until)
        parts.append((current.hours, day, end))
        day = end
    return parts


def capacity(asking: Asking) -> Outcomes:
    """No booking overlaps, and shares stay within the whole; for whom they work at that time is not said."""
    need, person = asking.need, asking.person
    busy = need.booking is not None and any(each.meets(*need.booking) for each in person.bookings)
    full = need.share_percent > 0 and _peak(asking) + need.share_percent > 100
    if busy or full:
        yield Outcome("refuses", CAPACITY(rule_id="house.capacity", rule_source="Remit: nobody is in two places", cure=OTHER_TIME()), True)
    elif need.booking is not None or need.share_percent:
        yield Outcome("holds", HELD_CAPACITY(), True)


def _peak(asking: Asking) -> int:
    """The most that is taken at once from the instant on, in percent; it can only rise where a share begins."""
    shares = [each for each in asking.person.shares if each.meets(asking.at, asking.need.until_at)]
    starts = [asking.at, *(each.start_at for each in shares if each.start_at and each.start_at > asking.at)]
    return max(sum(each.percent for each in shares if each.holds_at(at)) for at in starts)


def places(asking: Asking) -> Outcomes:
    """For each rule in force that bars a place or asks for consent or a transfer mechanism."""
    for _, rule in asking.in_force:
        asks = rule.asks
        if not (asks.consents or asks.mechanisms or asks.barred):
            continue
        if rule.outside and asking.countries is None:
            yield Outcome("refuses", UNKNOWN_PLACE(cure=ASK(), **by_rule(rule)), True)
            continue
        reached = tuple(each for each in asking.countries or () if each not in rule.outside)
        if asks.barred:
            yield Outcome("refuses", BARRED(countries=", ".join(reached), cure=OTHER_PLACE(), **by_rule(rule)), True)
        for kind in asks.consents:
            yield _granted(asking, rule, (kind,), reached)
        if asks.mechanisms:
            yield _granted(asking, rule, asks.mechanisms, reached)


def _granted(asking: Asking, rule: Rule, kinds: tuple[str, ...], countries: tuple[str, ...]) -> Outcome:
    """Whether each country and class of data is covered by a grant of one of these kinds, in force on the day."""
    data = tuple(each for each in asking.need.holds if each in rule.data) or ("",)
    on_file = [grant for grant in asking.need.grants if grant.kind in kinds]

    def uncovered(counts: Callable[[Grant], bool]) -> list[str]:
        return [country for country in countries or ("",) if not all(any(counts(g) and g.covers(country, each) for g in on_file) for each in data)]

    missing = uncovered(lambda grant: grant.holds_on(asking.on))
    named = {"grant": " / ".join(kinds), "countries": ", ".join(missing) or "*"}
    if not missing:
        return Outcome("holds", HELD_CONSENT(grant=named["grant"]), True)
    reason: Reason
    if set(missing) - set(uncovered(lambda grant: True)):
        reason = CONSENT_LAPSED(on=asking.on, cure=OBTAIN(), **named, **by_rule(rule))
    else:
        reason = CONSENT(cure=OBTAIN(), **named, **by_rule(rule))
    return Outcome("refuses", reason, True)
