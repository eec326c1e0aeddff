"""The shortlist: which providers can field people who pass the gate, at what price and overlap, in which order, and why the others are out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from remit.domain import brief, gate
from remit.domain.calendars import SharedYear, WorkingHours, overlap_year
from remit.domain.gate.facts import CEFR, Profile
from remit.domain.line import ServiceLine
from remit.domain.money import Money
from remit.domain.ranking import Criterion, Ranked, Turn, rank, turning_points
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules import RuleSets

NOBODY_FOR_STEP = Sentence("select.nobody", N_("Nobody shown on the market passes for “{step}”."))
TOO_FEW = Sentence("select.too_few", N_("{found} people pass, but preparing and reviewing takes {asked} different people."))
NO_PRICE = Sentence("select.no_price", N_("Its card has no hourly price for level {level}."))
NOT_IN_LANGUAGE = Sentence("select.designation_language", N_("It offers this service here in {offered}, not in {language}."))
CURRENCY = Sentence("select.currency", N_("Its prices are in {currency}, the others' in {common}: they are not compared."))

CRITERIA = (
    Criterion("people", N_("people who pass"), Decimal(35), "more"),
    Criterion("hours", N_("shared hours"), Decimal(25), "more"),
    Criterion("price", N_("price"), Decimal(20), "less"),
    Criterion("language", N_("language level"), Decimal(20), "more"),
)
"""The method of a first shortlist; weights in percent."""

PEOPLE_COUNTED = 5
"""More people than this earn no more points: a team needs no army."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A designation with what the market shows behind it. `prices`: level to price per hour."""

    provider: str
    name: str
    place: str
    languages: tuple[str, ...]
    hours: WorkingHours
    currency: str
    card: str
    prices: Mapping[int, Decimal]
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What was found of one offer. `proofs`: (kind, jurisdiction, proof state, valid until) of those who pass."""

    offer: Offer
    passes: bool
    reasons: tuple[Reason, ...]
    people: int
    shared: SharedYear | None
    price: Money | None
    year_total: Money | None
    proofs: tuple[tuple[str, str, str, date | None], ...]
    languages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shortlist:
    """Candidates that pass, best first, with points; those that are out; the method and what would change the winner."""

    candidates: tuple[Candidate, ...]
    out: tuple[Candidate, ...]
    ranking: tuple[Ranked, ...]
    turns: tuple[Turn, ...]
    criteria: tuple[Criterion, ...]


def shortlist(
    service: ServiceLine,
    answers: Mapping[str, object],
    client: str,
    offers: Sequence[Offer],
    at: datetime,
    rules: RuleSets,
    criteria: Sequence[Criterion] = CRITERIA,
) -> Shortlist:
    """Every offer judged at an instant. Prices in a currency that fewer use stay out of the ranking rather than be converted at an invented rate."""
    judged = [judge(service, answers, client, offer, at, rules) for offer in offers]
    currencies = [each.price.currency for each in judged if each.passes and each.price]
    common = max(sorted(set(currencies)), key=currencies.count, default="")
    judged = [
        replace(each, passes=False, reasons=(*each.reasons, CURRENCY(currency=each.price.currency, common=common)))
        if each.passes and each.price and each.price.currency != common
        else each
        for each in judged
    ]
    passing = {each.offer.provider: each for each in judged if each.passes}
    values = {key: _values(each, answers) for key, each in passing.items()}
    ranking = rank(criteria, values) if values else ()
    turns = turning_points(criteria, values) if values else ()
    return Shortlist(
        tuple(passing[each.key] for each in ranking),
        tuple(sorted((each for each in judged if not each.passes), key=lambda each: each.offer.name)),
        ranking,
        turns,
        tuple(criteria),
    )


def judge(service: ServiceLine, answers: Mapping[str, object], client: str, offer: Offer, at: datetime, rules: RuleSets) -> Candidate:
    """One offer: each step of the provider needs someone who passes, and together as many people as four eyes ask for."""
    # Where the law lets others work under a qualified person, the provider may name any of its own.
    answering = tuple(
        gate.Responsible(person="", credentials=profile.credentials, experience=profile.experience or ()) for profile in offer.profiles if profile.credentials
    )
    asked = replace(brief.need(service, answers, client), responsible=answering)
    level = int(str(answers.get("level") or 1))
    reasons: list[Reason] = []
    fit: set[int] = set()
    for step in brief.steps_of_provider(service):
        need = brief.for_step(asked, step, level)
        verdicts = [gate.check_profile(profile, need, at, rules) for profile in offer.profiles]
        passing = {number for number, verdict in enumerate(verdicts) if verdict.allowed}
        fit |= passing
        if not passing:
            reasons.append(NOBODY_FOR_STEP(step=step.says))
            reasons.extend(_common(verdicts))
    if not reasons and len(fit) < 2:
        reasons.append(TOO_FEW(found=len(fit), asked=2))
    language = str(answers.get("language") or "")
    if language and language not in offer.languages:
        reasons.append(NOT_IN_LANGUAGE(offered=", ".join(offer.languages), language=language))
    price = offer.prices.get(level)
    if price is None:
        reasons.append(NO_PRICE(level=level))
    hours = brief.client_hours(answers)
    volume = Decimal(str(answers.get("hours_a_month") or 0))
    people = [offer.profiles[number] for number in sorted(fit)]
    return Candidate(
        offer=offer,
        passes=not reasons,
        reasons=tuple(reason for number, reason in enumerate(reasons) if reason not in reasons[:number]),
        people=len(people),
        shared=overlap_year(hours, offer.hours, at.year) if hours else None,
        price=Money(price, offer.currency) if price is not None else None,
        year_total=Money(price * volume * 12, offer.currency).rounded() if price is not None else None,
        proofs=_proofs(people, at),
        languages=_best_languages(people),
    )


def _common(verdicts: Sequence[gate.Verdict]) -> list[Reason]:
    """The reasons of whoever came nearest; all of nobody's would drown them."""
    if not verdicts:
        return []
    return list(min(verdicts, key=lambda verdict: len(verdict.reasons)).reasons)


def _proofs(people: Sequence[Profile], at: datetime) -> tuple[tuple[str, str, str, date | None], ...]:
    order = list(gate.Proof)
    best: dict[tuple[str, str], tuple[gate.Proof, date | None]] = {}
    for person in people:
        for credential in person.credentials or ():
            proof, _look = credential.proof(at, at.date())
            key = (credential.kind, credential.jurisdiction)
            if key not in best or order.index(proof) > order.index(best[key][0]) and best[key][0] is not gate.Proof.VERIFIED:
                best[key] = (proof, credential.valid_until)
    return tuple((kind, jurisdiction, proof.value, until) for (kind, jurisdiction), (proof, until) in sorted(best.items()))


def _best_languages(people: Sequence[Profile]) -> tuple[tuple[str, str], ...]:
    best: dict[str, str] = {}
    for person in people:
        for language in person.languages or ():
            if language.code not in best or CEFR.index(language.level) > CEFR.index(best[language.code]):
                best[language.code] = language.level
    return tuple(sorted(best.items()))


def _values(candidate: Candidate, answers: Mapping[str, object]) -> dict[str, Decimal]:
    level = dict(candidate.languages).get(str(answers.get("language") or ""))
    shared = candidate.shared.typical_min if candidate.shared and candidate.shared.typical_min else 0
    assert candidate.price is not None
    return {
        "people": Decimal(min(candidate.people, PEOPLE_COUNTED)),
        "hours": Decimal(shared),
        "price": candidate.price.amount,
        "language": Decimal(CEFR.index(level) + 1 if level else 0),
    }
