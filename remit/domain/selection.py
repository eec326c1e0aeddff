"""The shortlist: which providers can field people who pass the gate, at what price and overlap, in which order, and why the others are out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from remit.domain import assessment, brief, gate
from remit.domain.calendars import SharedYear, WorkingHours, overlap_year
from remit.domain.gate.facts import CEFR, Profile
from remit.domain.line import Need, ServiceLine
from remit.domain.money import Money
from remit.domain.ranking import Criterion, Ranked, Turn, rank, turning_points
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules import RuleSets

NO_PEOPLE = Sentence("select.no_people", N_("It shows nobody on the market for this service."))
NOBODY_FOR_STEP = Sentence("select.nobody", N_("Nobody shown on the market passes for “{step}”. What the nearest lacks:"))
TOO_FEW = Sentence("select.too_few", N_("{found} of its people pass, but preparing and reviewing takes {asked} different people."))
NO_PRICE = Sentence("select.no_price", N_("Its card has no hourly price for level {level}."))
NOT_IN_LANGUAGE = Sentence("select.designation_language", N_("It offers this service here in {offered}, not in {language}."))
CURRENCY = Sentence("select.currency", N_("Its prices are in {currency}, the others' in {common}: they are not compared."))
PUBLISH = Sentence("select.cure.publish", N_("The provider publishes the profiles of its people."))
MORE_PEOPLE = Sentence("select.cure.more_people", N_("The provider shows one more person who passes."))
PRICE_IT = Sentence("select.cure.price", N_("The provider publishes a card with that price, or you ask for another level."))
OFFER_IT = Sentence("select.cure.language", N_("The provider designates that language, or you work in one of those."))
SAME_CURRENCY = Sentence("select.cure.currency", N_("Ask for a card in {common}; no rate is invented here."))

CRITERIA = (
    Criterion("people", N_("people who pass"), Decimal(35), "more"),
    Criterion("hours", N_("shared hours"), Decimal(25), "more"),
    Criterion("price", N_("price"), Decimal(20), "less"),
    Criterion("language", N_("language level"), Decimal(20), "more"),
)
"""The method of a first shortlist; weights in percent."""

PEOPLE_COUNTED = 5
"""More people than this earn no more points: a team needs no army."""
FOUR_EYES = 2
"""Who prepares does not review."""


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
    """What was found of one offer. `proofs`: (kind, jurisdiction, proof state, valid until) of those who pass.

    `held`: what the gate found to hold of those who pass; `noted`: what it only wants known, and what this brief merely observes.
    """

    offer: Offer
    passes: bool
    reasons: tuple[Reason, ...]
    people: int
    shared: SharedYear | None
    price: Money | None
    year_total: Money | None
    proofs: tuple[tuple[str, str, str, date | None], ...]
    languages: tuple[tuple[str, str], ...]
    held: tuple[Reason, ...] = ()
    noted: tuple[Reason, ...] = ()


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
    """Every offer judged at an instant; of several by one provider the best counts.

    Prices in a currency that fewer use stay out of the ranking rather than be converted at an invented rate.
    """
    judged = _one_each([judge(service, answers, client, offer, at, rules) for offer in offers])
    currencies = [each.price.currency for each in judged if each.passes and each.price]
    common = max(sorted(set(currencies)), key=currencies.count, default="")
    judged = [_in_currency(each, common) for each in judged]
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
    """One offer: each part of the work needs someone who passes, and together as many people as four eyes ask for."""
    # Where the law lets others work under a qualified person, the provider may name any of its own.
    answering = tuple(
        gate.Responsible(person="", credentials=profile.credentials, experience=profile.experience or ()) for profile in offer.profiles if profile.credentials
    )
    asked = replace(brief.need(service, answers, client), responsible=answering)
    level = int(str(answers.get("level") or 1))
    reasons: list[Reason] = [] if offer.profiles else [NO_PEOPLE(cure=PUBLISH())]
    fit: set[int] = set()
    passed: list[gate.Verdict] = []
    for says, step in _parts(service, asked.jurisdiction, rules, at) if offer.profiles else ():
        need = replace(asked, step=replace(step, level=max(step.level, level)))
        verdicts = [gate.check_profile(profile, need, at, rules) for profile in offer.profiles]
        passing = [number for number, verdict in enumerate(verdicts) if verdict.allowed]
        fit.update(passing)
        passed += [verdicts[number] for number in passing]
        if not passing:
            _add_lacking(reasons, says, _nearest(verdicts))
    if not reasons and len(fit) < FOUR_EYES:
        reasons.append(TOO_FEW(found=len(fit), asked=FOUR_EYES, cure=MORE_PEOPLE()))
    language = str(answers.get("language") or "")
    if language and language not in offer.languages:
        reasons.append(NOT_IN_LANGUAGE(offered=offer.languages, language=language, cure=OFFER_IT()))
    price = offer.prices.get(level)
    if price is None:
        reasons.append(NO_PRICE(level=level, cure=PRICE_IT()))
    hours = brief.client_hours(answers)
    people = [offer.profiles[number] for number in sorted(fit)]
    return Candidate(
        offer=offer,
        passes=not reasons,
        reasons=tuple(reasons),
        people=len(people),
        shared=overlap_year(hours, offer.hours, at.year) if hours else None,
        price=Money(price, offer.currency) if price is not None else None,
        year_total=_year_total(price, offer.currency, answers),
        proofs=_proofs(people, at),
        languages=_best_languages(people),
        held=_once(reason for verdict in passed for reason in verdict.held),
        noted=_once(reason for verdict in passed for reason in verdict.observed),
    )


def _parts(service: ServiceLine, jurisdiction: str, rules: RuleSets, at: datetime) -> list[tuple[str, Need]]:
    """What a provider's people are asked to do, in words and as needs: the line's steps; before a line has any, its acts that may leave the house."""
    steps = [(step.says, step.need) for step in brief.steps_of_provider(service)]
    if steps:
        return steps
    leaving = [task for task in service.tasks if assessment.assess(task, jurisdiction, rules, at.date()).outcome is not assessment.Class.KEEP]
    by_act = {task.act: task for task in reversed(leaving)}
    return [(task.says, Need(act=act)) for act, task in by_act.items()] or [(service.says, Need())]


def _one_each(judged: Sequence[Candidate]) -> list[Candidate]:
    """Of several offers by one provider (from several sites): one that passes, then the one with most hours together, then the cheaper."""
    best: dict[str, Candidate] = {}
    for each in sorted(judged, key=_standing, reverse=True):
        best.setdefault(each.offer.provider, each)
    return list(best.values())


def _standing(each: Candidate) -> tuple[bool, int, int, Decimal]:
    return each.passes, each.people, _typical(each), -each.price.amount if each.price else Decimal(0)


def _typical(candidate: Candidate) -> int:
    return candidate.shared.typical_min or 0 if candidate.shared else 0


def _in_currency(each: Candidate, common: str) -> Candidate:
    if not each.passes or each.price is None or each.price.currency == common:
        return each
    said = CURRENCY(currency=each.price.currency, common=common, cure=SAME_CURRENCY(common=common))
    return replace(each, passes=False, reasons=(*each.reasons, said))


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for reason in reasons:
        if reason not in found:
            found.append(reason)
    return tuple(found)


def _year_total(price: Decimal | None, currency: str, answers: Mapping[str, object]) -> Money | None:
    """The fee of a year at the volume asked for; None while price or volume is not known."""
    volume = answers.get("hours_a_month")
    return Money(price * Decimal(str(volume)) * 12, currency).rounded() if price is not None and volume not in (None, "") else None


def _add_lacking(reasons: list[Reason], step: str, lacking: Sequence[Reason]) -> None:
    """One heading for the step and what the nearest lacks for it; a step that lacks the same as the one before joins its heading."""
    head = len(reasons) - len(lacking) - 1
    if lacking and head >= 0 and reasons[head].code == NOBODY_FOR_STEP.code and reasons[head + 1 :] == list(lacking):
        reasons[head] = NOBODY_FOR_STEP(step=(*reasons[head].values["step"], step))
    else:
        reasons += [NOBODY_FOR_STEP(step=(step,)), *lacking]


def _nearest(verdicts: Sequence[gate.Verdict]) -> list[Reason]:
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
            if key not in best or (order.index(proof) > order.index(best[key][0]) and best[key][0] is not gate.Proof.VERIFIED):
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
    assert candidate.price is not None
    return {
        "people": Decimal(min(candidate.people, PEOPLE_COUNTED)),
        "hours": Decimal(_typical(candidate)),
        "price": candidate.price.amount,
        "language": Decimal(CEFR.index(level) + 1 if level else 0),
    }
