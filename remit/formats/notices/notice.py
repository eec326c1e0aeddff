"""What a procurement notice says, as frozen values: each answer with its place, the words it was read from, and whether it is stated or derived."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from remit.domain.line import Finding, Place
from remit.domain.reasons import Reason


@dataclass(frozen=True)
class Field:
    """One answer. `verbatim` is the text of the source, untouched; `how` says how a derived value was made."""

    value: Any
    place: Place
    verbatim: str
    certainty: Literal["stated", "derived"] = "stated"
    how: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys: name, country (ISO 3166 alpha-2), city and region (NUTS code or name). Contact persons, mail and telephone are never read."""

    name: Field | None = None
    country: Field | None = None
    city: Field | None = None
    region: Field | None = None


@dataclass(frozen=True)
class Cpv:
    """A code of the Common Procurement Vocabulary, eight digits; a label only where the notice itself gives one."""

    code: Field
    label: Field | None = None


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A part that is awarded separately. `duration` in months; `start` and `end` are dates, `end` the last day."""

    id: str
    title: Field | None = None
    description: Field | None = None
    cpv: tuple[Cpv, ...] = ()
    value: Field | None = None
    start: Field | None = None
    end: Field | None = None
    duration: Field | None = None
    options: tuple[Field, ...] = ()
    renewals: tuple[Field, ...] = ()
    status: Field | None = None


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """An award criterion with its weight as published, never normalized; `lot` is empty where it holds for all lots."""

    kind: Field
    name: Field | None = None
    weight: Field | None = None
    lot: str = ""


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """A company that was awarded a contract."""

    name: Field
    country: Field | None = None
    value: Field | None = None


@dataclass(frozen=True, kw_only=True)
class Award:
    """One award decision or contract; `status` where the notice says that nothing was awarded, or how the award stands."""

    id: str = ""
    lot: str = ""
    title: Field | None = None
    suppliers: tuple[Supplier, ...] = ()
    value: Field | None = None
    estimated: Field | None = None
    tenders: Field | None = None
    signed_on: Field | None = None
    subcontracted: Field | None = None
    status: Field | None = None


@dataclass(frozen=True)
class Quote:
    """A passage about software, qualification, turnover and the like: text[start:end] of the field at `place`, never interpreted."""

    about: str
    text: str
    start: int
    end: int
    place: Place


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that the notice lists; nothing is fetched."""

    title: Field | None = None
    kind: Field | None = None
    url: Field | None = None


@dataclass(frozen=True)
class Hint:
    """A first reading of which service of ours it may be; `service` is empty where it is none of ours or cannot be told."""

    service: str
    verdict: Literal["likely", "possible", "none", "unknown"]
    reasons: tuple[Reason, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice. `stage`: planning, tender, award, contract, change or cancelled; `duration` in months.

    `deadline` is an aware datetime, or a date where no hour or zone can be told; `value_kind`: estimated, awarded, budget or framework maximum.
    """

    form: str
    edition: str
    kind: Field
    stage: Field
    id: Field | None = None
    ocid: Field | None = None
    reference: Field | None = None
    published: Field | None = None
    language: Field | None = None
    title: Field | None = None
    heading: Field | None = None
    description: Field | None = None
    more: tuple[Field, ...] = ()
    buyers: tuple[Buyer, ...] = ()
    nature: Field | None = None
    procedure: Field | None = None
    techniques: tuple[Field, ...] = ()
    cpv: Cpv | None = None
    cpv_additional: tuple[Cpv, ...] = ()
    places: tuple[Field, ...] = ()
    lots: tuple[Lot, ...] = ()
    value: Field | None = None
    value_kind: str = ""
    vat: Field | None = None
    start: Field | None = None
    end: Field | None = None
    duration: Field | None = None
    options: tuple[Field, ...] = ()
    renewals: tuple[Field, ...] = ()
    languages: tuple[Field, ...] = ()
    deadline: Field | None = None
    confidentiality: tuple[Field, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    awards: tuple[Award, ...] = ()
    requirements: tuple[tuple[str, Field], ...] = ()
    quotes: tuple[Quote, ...] = ()
    documents: tuple[Document, ...] = ()
    related: tuple[Field, ...] = ()
    changes: tuple[Field, ...] = ()
    concession: Field | None = None
    hint: Hint = Hint("", "unknown")
    missing: tuple[str, ...] = ()
    suspicions: tuple[Finding, ...] = ()

    def texts(self) -> tuple[Field, ...]:
        """Every free text that says what is wanted, title first."""
        lots = (text for lot in self.lots for text in (lot.title, lot.description, *lot.options, *lot.renewals))
        whole = (self.title, self.description, *self.more, *lots, *self.options, *self.renewals, *(field for _, field in self.requirements))
        return tuple(text for text in whole if text is not None)

    def codes(self) -> tuple[Cpv, ...]:
        """All CPV codes, the main one first."""
        return tuple(c for c in (self.cpv, *self.cpv_additional, *(c for lot in self.lots for c in lot.cpv)) if c is not None)


@dataclass(frozen=True)
class NoticeFile:
    """All notices of one file, in its order."""

    name: str
    form: str
    notices: tuple[Notice, ...] = dataclasses.field(default=())
