"""Rules and rule sets as values, and which of them are in force on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar, cast

from remit.domain.rules.deadlines import Deadline
from remit.domain.rules.notices import Notice

T = TypeVar("T")
MOST_KNOWN = 4_096
StaysWith = Literal["client", "licensed", "anyone"]


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """One way to qualify: any of these credentials from any of these jurisdictions, and so many years in a field."""

    credentials: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    field: str = ""
    years: int = 0

    def lies_in(self, jurisdiction: str) -> bool:
        """Whether a credential from there is one of these; `US-*` stands for every part of US."""
        return not self.jurisdictions or any(
            jurisdiction == each or (each.endswith("-*") and jurisdiction.startswith(each[:-1])) for each in self.jurisdictions
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Equal:
    """For one act a title held elsewhere counts as one that the law of this place asks for, from a day on; it is never translated."""

    id: str
    act: str
    title: str
    held_in: tuple[str, ...]
    """Jurisdictions that gave it."""
    counts_as: str
    """As a rule of this place spells it."""
    source: str
    valid_from: date
    valid_until: date | None = None
    verified: bool = False
    seen: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""

    def in_force(self, on: date) -> bool:
        """Half-open."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, kw_only=True)
class Asks:
    """What a rule asks for, so that a program can check it."""

    stays_with: StaysWith = "anyone"
    """client: the client's own people alone; licensed: whoever qualifies; anyone: not reserved."""
    any_of: tuple[Qualification, ...] = ()
    held_by: Literal["person", "responsible"] = "person"
    """responsible: a named person who answers for the work may hold it instead of whoever does it."""
    holder_suffices: bool = False
    """The holder's own word is proof enough."""
    consents: tuple[str, ...] = ()
    """Kinds of grants, all of them."""
    mechanisms: tuple[str, ...] = ()
    """Kinds of grants, any one of them."""
    barred: bool = False
    """May not be done from outside the rule's countries at all."""
    apart: Literal["", "organization"] = ""
    """How far the reviewer must stand from the preparer beyond person and interest, which always differ."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule in force from `valid_from` until before `valid_until`, with its source; `verified`: someone read the primary text."""

    id: str
    act: str
    """A reserved act's code, or `any`."""
    source: str
    valid_from: date
    valid_until: date | None = None
    verified: bool = False
    seen: str = ""
    """Which text the verification rests on, and when it was read."""
    edition: int = 1
    words: Mapping[str, str] = field(default_factory=dict)
    """What it asks, by language; English always."""
    asks: Asks = Asks()
    data: tuple[str, ...] = ()
    """Only where the work holds one of these classes of data; empty: always."""
    outside: tuple[str, ...] = ()
    """Only where someone or something works outside these countries; empty: always."""
    sha256: str = ""

    def in_force(self, on: date) -> bool:
        """Half-open."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)

    @property
    def always_binds(self) -> bool:
        """Reserved acts and consents cannot be merely observed."""
        return self.asks.stays_with != "anyone" or bool(self.asks.consents or self.asks.mechanisms or self.asks.barred)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one jurisdiction; `part_of` names those whose rules hold there as well. The hash is over canonical bytes.

    A part of a country has a `name` by language, and in `holds_in` the subdivisions (ISO 3166-2) that it stands for beside its own code.
    """

    jurisdiction: str
    rules: tuple[Rule, ...]
    sha256: str
    part_of: tuple[str, ...] = ()
    name: Mapping[str, str] = field(default_factory=dict)
    holds_in: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    notices: tuple[Notice, ...] = ()
    equals: tuple[Equal, ...] = ()


@dataclass(frozen=True)
class RuleSets:
    """All rule sets of an installation."""

    sets: tuple[RuleSet, ...] = ()

    @cached_property
    def _known(self) -> dict[tuple[object, ...], Any]:
        """What was asked before: the rules of an installation do not change, and a matrix asks the same of everybody."""
        return {}

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        if key not in self._known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[key] = make()
        return cast(T, self._known[key])

    def of(self, jurisdiction: str) -> tuple[RuleSet, ...]:
        """The set of a jurisdiction and of all that it is part of, nearest first; US-NY lies in US."""
        return self._once(("of", jurisdiction), lambda: self._of(jurisdiction))

    def _of(self, jurisdiction: str) -> tuple[RuleSet, ...]:
        by_code = {each.jurisdiction: each for each in self.sets}
        todo, found = [jurisdiction], []
        for code in todo:
            known = by_code.get(code)
            if known is not None:
                found.append(known)
            above = [code.rpartition("-")[0], *(known.part_of if known else ())]
            todo.extend(each for each in above if each and each not in todo)
        return tuple(found)

    def parts(self, country: str) -> tuple[RuleSet, ...]:
        """The sets of the parts of a country, in the order of their codes; empty where its law is not on file by part."""
        return tuple(sorted((each for each in self.sets if each.jurisdiction.startswith(f"{country}-")), key=lambda each: each.jurisdiction))

    def law(self, country: str, subdivision: str = "", said: str = "") -> str:
        """Whose law holds at a place: the part of the country that holds the subdivision (`ENG`), else the part that was said, else the country."""
        parts = self.parts(country)
        here = f"{country}-{subdivision}"
        found = next((each.jurisdiction for each in parts if here == each.jurisdiction or here in each.holds_in), "") if subdivision else ""
        return found or (said if said in {each.jurisdiction for each in parts} else country)

    def deadlines(self, jurisdiction: str) -> tuple[Deadline, ...]:
        """Of the jurisdiction and of all that it is part of, nearest first."""
        return tuple(each for rule_set in self.of(jurisdiction) for each in rule_set.deadlines)

    def notices(self, jurisdiction: str) -> tuple[Notice, ...]:
        """Of the jurisdiction and of all that it is part of, nearest first."""
        return tuple(each for rule_set in self.of(jurisdiction) for each in rule_set.notices)

    def asked(self, jurisdiction: str, act: str, on: date) -> tuple[tuple[RuleSet, Rule], ...]:
        """Rules in force on the day for the act (or for any), of the jurisdiction and what it is part of."""
        found = lambda: ((each, rule) for each in self.of(jurisdiction) for rule in each.rules if rule.act in (act, "any") and rule.in_force(on))  # noqa: E731
        return self._once(("asked", jurisdiction, act, on), lambda: tuple(found()))

    def equals(self, jurisdiction: str, act: str, on: date) -> tuple[tuple[RuleSet, Equal], ...]:
        """Titles from elsewhere that count there for the act on the day, by the law of the jurisdiction and what it is part of."""
        found = lambda: ((each, equal) for each in self.of(jurisdiction) for equal in each.equals if equal.act == act and equal.in_force(on))  # noqa: E731
        return self._once(("equals", jurisdiction, act, on), lambda: tuple(found()))
