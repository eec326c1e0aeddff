"""A rule file's data, once out of TOML, to a rule set: every fault at once, unknown keys included."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules.deadlines import Deadline
from remit.domain.rules.notices import Notice
from remit.domain.rules.values import Asks, Equal, Qualification, Rule, RuleSet, StaysWith

UNKNOWN_KEY = Sentence("rules.unknown_key", N_("“{key}” is not a key of {table}."))
MISSING_KEY = Sentence("rules.missing_key", N_("“{key}” is missing."))
WRONG_TYPE = Sentence("rules.wrong_type", N_("“{key}” should be {kind}."))
NOT_ONE_OF = Sentence("rules.not_one_of", N_("“{key}” is one of {choices}."))
TWICE = Sentence("rules.twice", N_("The rule “{id}” stands twice with days in common."))
DATES = Sentence("rules.dates", N_("“valid_until” does not lie after “valid_from”."))
NO_WAY = Sentence("rules.no_way", N_("A rule that reserves an act to the licensed names in “any_of” who qualifies."))
NO_WORDS = Sentence("rules.no_words", N_("English words say what the rule asks."))
NO_NAME = Sentence("rules.no_name", N_("An English name stands in “name”."))
NO_SOURCE = Sentence("rules.no_source", N_("A verified rule names its source and, in “seen”, the text that was read."))
NO_COUNTRIES = Sentence("rules.no_countries", N_("A rule that bars places lists in “outside” the countries from which the work may be done."))
OUT_OF_RANGE = Sentence("rules.out_of_range", N_("“{key}” lies between 1 and {most}."))
BAD_CODE = Sentence("rules.bad_code", N_("“{key}” is made of {made_of}."))

JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
RHYTHMS = (1, 2, 3, 4, 6, 12)
SLUG = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
SLUGS = N_("small letters, figures, - and _")
MOST_HOURS = 24 * 366


Path = tuple[str | int, ...]
Entry = Rule | Deadline | Notice | Equal


@dataclass(frozen=True)
class Fault:
    """What is wrong in a rule file, and where: keys and indexes (from 0) from the outside in."""

    path: Path
    reason: Reason


class _Table:
    """Takes keys out of a table with their types, and keeps the faults."""

    def __init__(self, data: Any, path: Path, faults: list[Fault]) -> None:
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self.path = path
        self.faults = faults
        self.taken: set[str] = set()
        if not isinstance(data, Mapping):
            faults.append(Fault(path, WRONG_TYPE(key=str(path[-1] if path else ""), kind=N_("a table"))))

    def fault(self, key: str, reason: Reason) -> None:
        self.faults.append(Fault((*self.path, key) if key else self.path, reason))

    def take(self, key: str, kind: type, named: str, default: Any = None, required: bool = False) -> Any:
        self.taken.add(key)
        if key not in self.data:
            if required:
                self.fault(key, MISSING_KEY(key=key))
            return default
        value = self.data[key]
        fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool)) and not (kind is date and isinstance(value, datetime))
        if not fits:
            self.fault(key, WRONG_TYPE(key=key, kind=named))
            return default
        return value

    def text(self, key: str, required: bool = False) -> str:
        return str(self.take(key, str, N_("text"), "", required))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, N_("a list of texts"), [])
        if not all(isinstance(value, str) and value for value in values):
            self.fault(key, WRONG_TYPE(key=key, kind=N_("a list of texts")))
            return ()
        return tuple(values)

    def one_of(self, key: str, choices: tuple[str, ...], default: str) -> Any:
        value = self.take(key, str, N_("text"), default)
        if value not in choices:
            self.fault(key, NOT_ONE_OF(key=key, choices=", ".join(choice for choice in choices if choice)))
            return default
        return value

    def tables(self, key: str, required: bool = False) -> list[_Table]:
        rows = self.take(key, list, N_("a list of tables"), [], required)
        return [_Table(row, (*self.path, key, at), self.faults) for at, row in enumerate(rows)]

    def close(self, table: str) -> None:
        for key in self.data:
            if key not in self.taken:
                self.fault(str(key), UNKNOWN_KEY(key=str(key), table=table))


def parse(data: Mapping[str, Any]) -> tuple[RuleSet | None, tuple[Fault, ...]]:
    """The rule set, or None with all faults. Dates are `date`; the hash is over canonical bytes of the data, so that layout and comments do not count."""
    faults: list[Fault] = []
    top = _Table(data, (), faults)
    jurisdiction = top.text("jurisdiction", required=True)
    if jurisdiction and not JURISDICTION.fullmatch(jurisdiction):
        top.fault("jurisdiction", BAD_CODE(key="jurisdiction", made_of="DE, US-NY, GB-EAW"))
    part_of = top.texts("part_of")
    name = _words(_Table(top.take("name", dict, N_("a table"), {}), ("name",), faults))
    holds_in = top.texts("holds_in")
    rules = [_rule(table) for table in top.tables("rule")]
    deadlines = [_deadline(table) for table in top.tables("deadline")]
    notices = [_notice(table) for table in top.tables("notice")]
    equals = [_equal(table) for table in top.tables("equal")]
    if not rules and not deadlines and not notices and not {"rule", "deadline", "notice", "equal"} & set(top.data):
        top.fault("rule", MISSING_KEY(key="rule"))
    top.close("the file")
    if "name" in data and not name.get("en"):
        top.fault("name", NO_NAME())
    every: dict[str, Sequence[Entry]] = {"rule": rules, "deadline": deadlines, "notice": notices, "equal": equals}
    for name_of, rows in every.items():
        for at, row in enumerate(rows):
            if any(_meet(row, other) for other in rows[:at]):
                faults.append(Fault((name_of, at, "id"), TWICE(id=row.id)))
    if faults:
        return None, tuple(faults)
    return RuleSet(jurisdiction, tuple(rules), _sha256(data), part_of, name, holds_in, tuple(deadlines), tuple(notices), tuple(equals)), ()


def _rule(table: _Table) -> Rule:
    rule = Rule(
        id=table.text("id", required=True),
        act=table.text("act", required=True),
        source=table.text("source", required=True),
        valid_from=table.take("valid_from", date, N_("a date such as 2026-01-31"), date.min, required=True),
        valid_until=table.take("valid_until", date, N_("a date such as 2026-01-31")),
        verified=table.take("verified", bool, N_("true or false"), False, required=True),
        seen=table.text("seen"),
        edition=table.take("edition", int, N_("a whole number"), 1),
        words=_words(_Table(table.take("words", dict, N_("a table"), {}), (*table.path, "words"), table.faults)),
        asks=_asks(_Table(table.take("asks", dict, N_("a table"), {}, required=True), (*table.path, "asks"), table.faults)),
        data=table.texts("data"),
        outside=table.texts("outside"),
        sha256=_sha256(table.data),
    )
    table.close("a rule")
    if rule.act and not SLUG.fullmatch(rule.act):
        table.fault("act", BAD_CODE(key="act", made_of=SLUGS))
    _common(table, rule)
    if rule.asks.barred and not rule.outside:
        table.fault("outside", NO_COUNTRIES())
    return rule


def _deadline(table: _Table) -> Deadline:
    months = table.take("every_months", list, N_("a list of months"), [1])
    deadline = Deadline(
        id=table.text("id", required=True),
        tasks=table.texts("tasks"),
        every_months=tuple(months) if all(month in RHYTHMS for month in months) else (),
        day=table.take("day", int, N_("a whole number"), 1, required=True),
        after=table.take("after", int, N_("a whole number"), 1),
        shift=table.one_of("shift", ("next", "none"), "none"),
        authority=table.text("authority", required=True),
        source=table.text("source", required=True),
        valid_from=table.take("valid_from", date, N_("a date such as 2026-01-31"), date.min, required=True),
        valid_until=table.take("valid_until", date, N_("a date such as 2026-01-31")),
        verified=table.take("verified", bool, N_("true or false"), False, required=True),
        seen=table.text("seen"),
        words=_words(_Table(table.take("words", dict, N_("a table"), {}), (*table.path, "words"), table.faults)),
        sha256=_sha256(table.data),
    )
    table.close("a deadline")
    if not deadline.tasks:
        table.fault("tasks", MISSING_KEY(key="tasks"))
    if not deadline.every_months:
        table.fault("every_months", NOT_ONE_OF(key="every_months", choices=", ".join(map(str, RHYTHMS))))
    for key, value, most in (("day", deadline.day, 31), ("after", deadline.after, 24)):
        if not 1 <= value <= most:
            table.fault(key, OUT_OF_RANGE(key=key, most=most))
    _common(table, deadline)
    return deadline


def _notice(table: _Table) -> Notice:
    notice = Notice(
        id=table.text("id", required=True),
        kinds=table.texts("kinds"),
        owed_by=table.one_of("owed_by", ("client", "provider"), "provider"),
        to=table.text("to", required=True),
        within_hours=table.take("within_hours", int, N_("a whole number"), 0),
        source=table.text("source", required=True),
        valid_from=table.take("valid_from", date, N_("a date such as 2026-01-31"), date.min, required=True),
        valid_until=table.take("valid_until", date, N_("a date such as 2026-01-31")),
        verified=table.take("verified", bool, N_("true or false"), False, required=True),
        seen=table.text("seen"),
        words=_words(_Table(table.take("words", dict, N_("a table"), {}), (*table.path, "words"), table.faults)),
        sha256=_sha256(table.data),
    )
    table.close("a notice")
    if not notice.kinds:
        table.fault("kinds", MISSING_KEY(key="kinds"))
    if not 0 <= notice.within_hours <= MOST_HOURS:
        table.fault("within_hours", OUT_OF_RANGE(key="within_hours", most=MOST_HOURS))
    _common(table, notice)
    return notice


def _equal(table: _Table) -> Equal:
    equal = Equal(
        id=table.text("id", required=True),
        act=table.text("act", required=True),
        title=table.text("title", required=True),
        held_in=table.texts("held_in"),
        counts_as=table.text("counts_as", required=True),
        source=table.text("source", required=True),
        valid_from=table.take("valid_from", date, N_("a date such as 2026-01-31"), date.min, required=True),
        valid_until=table.take("valid_until", date, N_("a date such as 2026-01-31")),
        verified=table.take("verified", bool, N_("true or false"), False, required=True),
        seen=table.text("seen"),
        words=_words(_Table(table.take("words", dict, N_("a table"), {}), (*table.path, "words"), table.faults)),
        sha256=_sha256(table.data),
    )
    table.close("an equal title")
    if equal.act and not SLUG.fullmatch(equal.act):
        table.fault("act", BAD_CODE(key="act", made_of=SLUGS))
    if not equal.held_in:
        table.fault("held_in", MISSING_KEY(key="held_in"))
    _common(table, equal)
    return equal


def _common(table: _Table, entry: Entry) -> None:
    """What every kind of entry keeps to: a plain id, dates in order, a source and the text read where it is verified, English words."""
    if entry.id and not SLUG.fullmatch(entry.id):
        table.fault("id", BAD_CODE(key="id", made_of=SLUGS))
    if entry.valid_until is not None and entry.valid_until <= entry.valid_from:
        table.fault("valid_until", DATES())
    if entry.verified and not (entry.source and entry.seen):
        table.fault("verified", NO_SOURCE())
    if not entry.words.get("en"):
        table.fault("words", NO_WORDS())


def _words(table: _Table) -> Mapping[str, str]:
    words = {language: table.text(language) for language in table.data if re.fullmatch(r"[a-z]{2}", str(language))}
    table.close("words")
    return words


def _asks(table: _Table) -> Asks:
    asks = Asks(
        stays_with=table.one_of("stays_with", get_args(StaysWith), "anyone"),
        any_of=tuple(_qualification(way) for way in table.tables("any_of")),
        held_by=table.one_of("held_by", ("person", "responsible"), "person"),
        holder_suffices=table.take("holder_suffices", bool, N_("true or false"), False),
        consents=table.texts("consents"),
        mechanisms=table.texts("mechanisms"),
        barred=table.take("barred", bool, N_("true or false"), False),
        apart=table.one_of("apart", ("", "organization"), ""),
    )
    table.close("asks")
    if asks.stays_with == "licensed" and not asks.any_of:
        table.fault("stays_with", NO_WAY())
    return asks


def _qualification(table: _Table) -> Qualification:
    way = Qualification(
        credentials=table.texts("credentials"),
        jurisdictions=table.texts("jurisdictions"),
        field=table.text("field"),
        years=table.take("years", int, N_("a whole number"), 0),
    )
    table.close("any_of")
    if not way.credentials and way.years <= 0:
        table.fault("credentials", MISSING_KEY(key="credentials"))
    return way


def _meet(rule: Entry, other: Entry) -> bool:
    return rule.id == other.id and all(early.valid_until is None or late.valid_from < early.valid_until for early, late in ((rule, other), (other, rule)))


def _sha256(data: Mapping[str, Any]) -> str:
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
