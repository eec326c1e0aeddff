"""What the gate knows of a person: dated facts as frozen values. None means unknown, an empty tuple means none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from remit.domain.calendars import WorkingHours


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Holds on dates from `valid_from` until before `valid_until`; None is open."""

    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, on: date) -> bool:
        """Half-open."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_until is None or on < self.valid_until)

    def lapsed_on(self, on: date) -> bool:
        """Over, as opposed to not yet begun."""
        return self.valid_until is not None and self.valid_until <= on


class Proof(StrEnum):
    """The proof state of a credential on a day."""

    SELF_DECLARED = "self_declared"
    PENDING = "pending"
    VERIFIED = "verified"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    NOT_YET = "not_yet"
    FAILED = "failed"


EXPIRING_DAYS = 60
"""A verified credential with fewer days left is shown as expiring; it still holds."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """One look at a credential: by whom (a key), when, against what, with which outcome; `saw_sha256` is the evidence seen."""

    by: str
    by_holder: bool
    at: datetime
    outcome: Literal["verified", "pending", "failed"]
    saw: str = ""
    saw_sha256: str = ""
    due_on: date | None = None
    """From this day on it no longer counts and must be done again."""

    def counts_at(self, at: datetime, on: date) -> bool:
        """Made by then, and not due again."""
        return self.at <= at and (self.due_on is None or on < self.due_on)


@dataclass(frozen=True, kw_only=True)
class Credential(Dated):
    """A licence or membership; `kind` in its own language, `jurisdiction` as in rule files (DE, US-NY, GB-EAW)."""

    kind: str
    jurisdiction: str
    issuer: str = ""
    number: str = ""
    key: str = ""
    verifications: tuple[Verification, ...] = ()

    def proof(self, at: datetime, on: date, holder_suffices: bool = False) -> tuple[Proof, Verification | None]:
        """The state at an instant whose day (of the client) is `on`, with the verification relied on.

        The newest result of someone who may verify decides; the holder's own look counts only where the rule says so.
        """
        if not self.holds_on(on):
            return (Proof.LAPSED if self.lapsed_on(on) else Proof.NOT_YET), None
        counted = [look for look in self.verifications if look.counts_at(at, on) and (holder_suffices or not look.by_holder)]
        decided = max((look for look in counted if look.outcome != "pending"), key=lambda look: look.at, default=None)
        if decided is None:
            return (Proof.PENDING if counted else Proof.SELF_DECLARED), None
        if decided.outcome == "failed":
            return Proof.FAILED, decided
        ends = [day for day in (self.valid_until, decided.due_on) if day is not None]
        return (Proof.EXPIRING if ends and (min(ends) - on).days < EXPIRING_DAYS else Proof.VERIFIED), decided

    @classmethod
    def stated(cls, kind: str, jurisdiction: str, valid_from: date | None, valid_until: date | None, proof: Proof, at: datetime) -> Credential:
        """A credential of which only the proof state at an instant is known, as a profile row holds it."""
        outcome: Literal["verified", "pending", "failed"] | None = None
        if proof in (Proof.VERIFIED, Proof.EXPIRING):
            outcome = "verified"
        elif proof in (Proof.PENDING, Proof.FAILED):
            outcome = "pending" if proof is Proof.PENDING else "failed"
        looks = (Verification(by="", by_holder=False, at=at, outcome=outcome),) if outcome else ()
        return cls(kind=kind, jurisdiction=jurisdiction, valid_from=valid_from, valid_until=valid_until, verifications=looks)

    def anonymous(self) -> Credential:
        """Without number, key, evidence or who looked: what a profile may show."""
        looks = tuple(replace(look, by="", saw="", saw_sha256="") for look in self.verifications)
        return replace(self, number="", key="", verifications=looks)


@dataclass(frozen=True, kw_only=True)
class Level(Dated):
    """1 clerk, 2 associate, 3 senior, 4 manager, 5 principal; in one field (a service's code) or, when empty, in any."""

    level: int
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Experience:
    """A stretch of work in a field, half-open; None: it goes on."""

    field: str
    start_on: date
    end_on: date | None = None


CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
"""The levels of the Common European Framework of Reference, in order."""


@dataclass(frozen=True, kw_only=True)
class Language(Dated):
    """A language (ISO 639-1) at a CEFR level; `skill` says what was tested (speech, writing), and is empty for all of it."""

    code: str
    level: str
    skill: Literal["", "speech", "writing"] = ""


@dataclass(frozen=True, kw_only=True)
class Software(Dated):
    """A program that the person works with."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Degree:
    """A degree: its ISCED 2011 level (6 bachelor, 7 master, an MBA is one, 8 doctor), field, and title in its own language."""

    level: int
    field: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Training(Dated):
    """Training that was passed: of a client's procedure (its code) in a version, of an industry or of a course; open versions hold for any."""

    code: str
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class SystemAccess(Dated):
    """An account in a system that a client granted; `valid_until` is the day on which it is revoked or its review is due."""

    system: str


@dataclass(frozen=True, kw_only=True)
class Knows(Dated):
    """A jurisdiction whose rules the person knows, as rule files name it."""

    jurisdiction: str


@dataclass(frozen=True, kw_only=True)
class Membership(Dated):
    """A tie to an organization (its key)."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class During:
    """From `start_at` until before `end_at`, aware; None is open."""

    start_at: datetime | None = None
    end_at: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Half-open."""
        return (self.start_at is None or self.start_at <= at) and (self.end_at is None or at < self.end_at)

    def meets(self, start_at: datetime, end_at: datetime | None) -> bool:
        """Whether the two have an instant in common."""
        return (end_at is None or self.start_at is None or self.start_at < end_at) and (self.end_at is None or start_at < self.end_at)


@dataclass(frozen=True, kw_only=True)
class Wall(During):
    """A bar against an organization, entity or thread (its key); `of` says whether it is the person's or the site's."""

    against: str
    of: Literal["person", "site"] = "person"


@dataclass(frozen=True, kw_only=True)
class Booking(During):
    """Hours taken."""


@dataclass(frozen=True, kw_only=True)
class Share(During):
    """A share of a person's capacity taken, in percent."""

    percent: int


@dataclass(frozen=True, kw_only=True)
class Place(Dated):
    """A country (ISO 3166) where the person works from."""

    country: str


@dataclass(frozen=True, kw_only=True)
class Hours(Dated):
    """The person's working hours in a period."""

    hours: WorkingHours


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """One human, or one software agent with its operator, as rows say it. None: unknown, so that proof is asked for."""

    key: str
    operator: str = ""
    """The key of the human who answers for an agent; empty for a human."""
    agent: bool = False
    levels: tuple[Level, ...] | None = None
    experience: tuple[Experience, ...] | None = None
    credentials: tuple[Credential, ...] | None = None
    languages: tuple[Language, ...] | None = None
    software: tuple[Software, ...] | None = None
    hours: tuple[Hours, ...] | None = None
    places: tuple[Place, ...] | None = None
    degrees: tuple[Degree, ...] | None = None
    trainings: tuple[Training, ...] | None = None
    systems: tuple[SystemAccess, ...] | None = None
    knows: tuple[Knows, ...] | None = None
    memberships: tuple[Membership, ...] = ()
    walls: tuple[Wall, ...] = ()
    bookings: tuple[Booking, ...] = ()
    shares: tuple[Share, ...] = ()

    @property
    def interest(self) -> str:
        """Whose interest they stand for: an agent and its operator are one."""
        return self.operator or self.key

    def profile(self) -> Profile:
        """The market row: no key, contact, cost, wall or booking."""
        return Profile(
            levels=self.levels,
            experience=self.experience,
            credentials=None if self.credentials is None else tuple(credential.anonymous() for credential in self.credentials),
            languages=self.languages,
            software=self.software,
            hours=self.hours,
            places=self.places,
        )


@dataclass(frozen=True, kw_only=True)
class Profile:
    """An anonymous person on the market, or a count of like ones: what a client's shortlist may read before the award."""

    levels: tuple[Level, ...] | None = None
    experience: tuple[Experience, ...] | None = None
    credentials: tuple[Credential, ...] | None = None
    languages: tuple[Language, ...] | None = None
    software: tuple[Software, ...] | None = None
    hours: tuple[Hours, ...] | None = None
    places: tuple[Place, ...] | None = None


def years_in(experience: Iterable[Experience], field: str, on: date) -> int:
    """Whole years worked in a field before `on`; stretches that overlap count once, a year is 365.2425 days."""
    days = 0
    reached = date.min
    for start, end in sorted((part.start_on, min(part.end_on or on, on)) for part in experience if part.field == field):
        days += max(0, (end - max(start, reached)).days)
        reached = max(reached, end)
    return days * 10_000 // 3_652_425
