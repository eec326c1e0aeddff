"""What is asked of whoever is to act: the step's need with what brief, engagement and work item add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from remit.domain import line
from remit.domain.calendars import WorkingHours, zone
from remit.domain.gate.facts import Credential, Dated, During, Experience


class Act(StrEnum):
    """What the person is about to do; assigning asks for the act assigned."""

    READ = "read"
    PREPARE = "prepare"
    REVIEW = "review"
    SIGN = "sign"
    BILL = "bill"


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Who did, or is named to do, another part of the same work; `interest` as in `PersonFacts`."""

    person: str
    interest: str
    organization: str = ""


@dataclass(frozen=True, kw_only=True)
class Grant(Dated):
    """A dated permission on file: consent, clauses, permit, notice. Empty `countries` or `data`: for none is left out."""

    kind: str
    key: str = ""
    countries: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    saw_sha256: str = ""

    def covers(self, country: str, data: str) -> bool:
        """Whether it reaches this country and class of data."""
        return (not self.countries or country in self.countries) and (not self.data or data in self.data)


@dataclass(frozen=True, kw_only=True)
class Observed(Dated):
    """A rule (its id) or condition (its code) that this engagement only observes, for a time; what always binds is not moved by it."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Account(Dated):
    """A person's account in a system of the client's, by the register of the engagement; `valid_until` is when its review is due."""

    person: str
    system: str


@dataclass(frozen=True, kw_only=True)
class Broken(During):
    """Break-glass: for one person a refusal (its code, or its rule's id) only warns for some hours, because two persons said so, with a reason."""

    person: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Responsible(Dated):
    """A person named on the engagement who answers for the work, where a rule lets others work under them."""

    person: str
    credentials: tuple[Credential, ...] = ()
    experience: tuple[Experience, ...] = ()


ANY_STEP = line.Need()


@dataclass(frozen=True, kw_only=True)
class Need:
    """What the act asks for. Keys are opaque text.

    `Brief.facts()` gives client, place of law, languages, software, hours, level, data and no people; `Engagement.facts()` adds provider, thread,
    grants, observed rules and the responsible person; `WorkItem.facts()` adds the step, who prepared, reviewed and stands apart, and the times.
    """

    step: line.Need = ANY_STEP
    field: str = ""
    years: int = 0
    client: str = ""
    against: tuple[str, ...] = ()
    """What a wall may name beside the client: its owners and units, the entity, the thread."""
    provider: str = ""
    """Whose member the person must be; empty where nobody is bound yet."""
    jurisdiction: str = ""
    """Whose law asks; the client's, as rule files name it."""
    zone: str = "UTC"
    """The client's zone: it says which day it is."""
    languages: tuple[tuple[str, str], ...] = ()
    """Language and least CEFR level."""
    skills: tuple[tuple[str, str, str], ...] = ()
    """Language, least CEFR level and what of it: speech or writing."""
    software: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    """The client's own systems that the work is done in: each needs an account that the client granted."""
    accounts: tuple[Account, ...] | None = None
    """The register of accounts in them; None where none is kept, so that what is said of the person counts alone."""
    trainings: tuple[tuple[str, str], ...] = ()
    """Code and version of the procedures (or courses) that must have been trained; an empty version: any."""
    knows: tuple[str, ...] = ()
    """Jurisdictions whose rules must be known."""
    degree_level: int = 0
    """Least ISCED level of a degree; 0 asks for none."""
    degree_fields: tuple[str, ...] = ()
    """Fields of which the degree is one; empty: any."""
    credentials: tuple[tuple[str, str], ...] = ()
    """Kind and jurisdiction, asked for by the brief itself, all of them."""
    hours: WorkingHours | None = None
    shared_min: int = 0
    """Least shared minutes on a normal day; 0 asks for none."""
    holds: tuple[str, ...] = ()
    """Classes of data touched: tax, payroll, personal, health, secret."""
    places: tuple[str, ...] | None = ()
    """Countries of server, backup and viewer beside the person's own; None: unknown."""
    grants: tuple[Grant, ...] = ()
    observed: tuple[Observed, ...] = ()
    broken: tuple[Broken, ...] = ()
    responsible: tuple[Responsible, ...] = ()
    person: str = ""
    """The step is kept for this person."""
    prepared_by: tuple[Doer, ...] = ()
    reviewed_by: tuple[Doer, ...] = ()
    apart: tuple[Doer, ...] = ()
    """Doers of steps from which this one must be apart (`line.Need.apart`)."""
    until_on: date | None = None
    """Through the day before, the assignment lasts: hours are asked for over it, and lapses within it are foretold."""
    booking: tuple[datetime, datetime] | None = None
    share_percent: int = 0
    sources: tuple[tuple[str, str], ...] = ()
    """Where a condition was asked: ("language", "Brief BR-7K3F-9QXM, question 9").

    Conditions are level, years, degree, credential, language, software, system, training, knows, hours, apart and person.
    """

    @property
    def until_at(self) -> datetime | None:
        """The instant at which the last day ends on the client's clock."""
        return datetime.combine(self.until_on, time.min, zone(self.zone)) if self.until_on else None

    def source(self, condition: str) -> str:
        """Where that condition was asked."""
        return dict(self.sources).get(condition, "the brief")
