"""Conditions on credentials: what the brief names, and what the law of the place reserves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from remit.domain.gate.asking import Asking, Outcome, Outcomes, Relied, by_rule
from remit.domain.gate.facts import Credential, Experience, Proof, years_in
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules import Asks, Equal, Qualification, Rule

MISSING = Sentence("gate.credential_missing", N_("{credential} ({jurisdiction}) is asked for and not held."))
LAPSED = Sentence("gate.credential_lapsed", N_("{credential} ({jurisdiction}) lapsed: it was valid until before {valid_until}."))
NOT_YET = Sentence("gate.credential_not_yet", N_("{credential} ({jurisdiction}) is valid only from {valid_from}."))
UNVERIFIED = Sentence("gate.credential_unverified", N_("{credential} ({jurisdiction}) is stated and not verified."))
FAILED = Sentence("gate.credential_failed", N_("{credential} ({jurisdiction}) was checked and not found to be held."))
UNKNOWN = Sentence("gate.unknown_credential", N_("It is not known whether {credential} ({jurisdiction}) is held."))
HELD = Sentence("gate.held.credential", N_("{credential} ({jurisdiction})"))
COUNTS = Sentence("gate.held.counts_as", N_("{credential} ({jurisdiction}), which counts as {title}"))
YEARS = Sentence("gate.years", N_("{asked} years in {field} are asked for; {held} are recorded."))
UNKNOWN_YEARS = Sentence("gate.unknown_experience", N_("It is not known how long they worked in {field}; {asked} years are asked for."))
LAPSES_FIRST = Sentence("gate.lapses_first", N_("{credential} ({jurisdiction}) ends before {valid_until}, and the assignment lasts longer."))
CLIENT_ONLY = Sentence("gate.stays_with_client", N_("This act stays with the client's own people."))
UNKNOWN_RULES = Sentence("gate.unknown_rules", N_("No rule on file says who may do this act in {jurisdiction}."))

ADD = Sentence("gate.cure.add_credential", N_("Record it with its proof, or choose who holds it."))
NAME_RESPONSIBLE = Sentence("gate.cure.name_responsible", N_("Name a responsible person who holds it, or choose who does."))
RENEW = Sentence("gate.cure.renew", N_("Renew it, and have the renewal verified."))
WAIT = Sentence("gate.cure.wait", N_("Act from {valid_from} on."))
VERIFY = Sentence("gate.cure.verify", N_("Have it verified by someone other than the holder."))
ASK = Sentence("gate.cure.ask", N_("Ask them for it."))
KEEP = Sentence("gate.cure.keep", N_("Give this step to the client; its preparation may still leave."))
NAME_PART = Sentence("gate.cure.name_part", N_("Its law differs by part of the country: say which of {parts} it is."))
ADD_RULES = Sentence("gate.cure.add_rules", N_("Add the rule with its source to the rule file."))

RANK = (Proof.FAILED, Proof.LAPSED, Proof.NOT_YET, Proof.SELF_DECLARED, Proof.PENDING, Proof.EXPIRING, Proof.VERIFIED)
"""From furthest to nearest to being proven."""
PROVEN = (Proof.VERIFIED, Proof.EXPIRING)


@dataclass(frozen=True)
class Holder:
    """Whose credentials and years are looked at."""

    key: str
    credentials: Sequence[Credential] | None
    experience: Sequence[Experience] | None


@dataclass(frozen=True)
class _Try:
    """How far one holder meets one qualification."""

    reasons: tuple[Reason, ...]
    relied: Relied | None
    nearness: tuple[int, int]


def asked_by_brief(asking: Asking) -> Outcomes:
    """Each credential that the brief itself names."""
    for kind, jurisdiction in asking.need.credentials:
        way = Qualification(credentials=(kind,), jurisdictions=(jurisdiction,) if jurisdiction else ())
        said = {"rule_id": "asked.credential", "rule_source": asking.need.source("credential")}
        yield from _outcomes(asking, _attempt(asking, _person(asking), way, Asks(), ADD, said), False)


def reserved(asking: Asking) -> Outcomes:
    """Each rule in force that reserves the act or asks for a qualification."""
    act, law = asking.need.step.act, asking.need.jurisdiction
    if act and not any(rule.act == act for _, rule in asking.rules.asked(law, act, asking.on)):
        parts = [each.jurisdiction for each in asking.rules.parts(law)] if law else []
        yield Outcome("notes", UNKNOWN_RULES(jurisdiction=law or "?", act=act, cure=NAME_PART(parts=parts) if parts else ADD_RULES()))
    for _, rule in asking.in_force:
        if rule.asks.stays_with == "client":
            own = any(tie.organization == asking.need.client and tie.holds_on(asking.on) for tie in asking.person.memberships)
            if not own:
                yield Outcome("refuses", CLIENT_ONLY(act=rule.act, cure=KEEP(), **by_rule(rule)), True)
        if rule.asks.any_of:
            yield from _outcomes(asking, _best(asking, rule), rule.always_binds)


def _person(asking: Asking) -> Holder:
    # A licence is held by a human: whatever stands beside an agent does not count.
    return Holder(asking.person.key, () if asking.person.agent else asking.person.credentials, asking.person.experience)


def _best(asking: Asking, rule: Rule) -> _Try:
    holders = [_person(asking)]
    cure = ADD
    if rule.asks.held_by == "responsible":
        holders += [Holder(each.person, each.credentials, each.experience) for each in asking.need.responsible if each.holds_on(asking.on)]
        cure = NAME_RESPONSIBLE
    tries = [_attempt(asking, holder, way, rule.asks, cure, by_rule(rule)) for holder in holders for way in rule.asks.any_of]
    return max(tries, key=lambda each: each.nearness)


def _attempt(asking: Asking, holder: Holder, way: Qualification, asks: Asks, cure: Callable[..., Reason], said: dict[str, Any]) -> _Try:
    reasons: list[Reason] = []
    relied: Relied | None = None
    rank = len(RANK)
    if way.credentials:
        found = _nearest(asking, holder, way, asks.holder_suffices)
        rank = RANK.index(found.proof) if found else -1
        if found and (found.proof in PROVEN or (asks.holder_suffices and found.proof is Proof.SELF_DECLARED)):
            relied = found
        else:
            reasons.append(_why(holder, way, found, cure, said))
    if way.years:
        held = None if holder.experience is None else years_in(holder.experience, way.field, asking.on)
        if held is None:
            reasons.append(UNKNOWN_YEARS(field=way.field, asked=way.years, cure=ASK(), **said))
        elif held < way.years:
            reasons.append(YEARS(field=way.field, asked=way.years, held=held, cure=cure(), **said))
    return _Try(tuple(reasons), relied, (-len(reasons), rank))


def _nearest(asking: Asking, holder: Holder, way: Qualification, holder_suffices: bool) -> Relied | None:
    states = []
    for each in holder.credentials or ():
        if each.kind in way.credentials and way.lies_in(each.jurisdiction):
            states.append(Relied(holder.key, each, *each.proof(asking.at, asking.on, holder_suffices)))
        elif (equal := _counts(asking, each, way)) is not None:
            states.append(Relied(holder.key, each, *each.proof(asking.at, asking.on, holder_suffices), equal))
    # The title that the law itself names goes before one that only counts as it.
    return max(states, key=lambda state: (RANK.index(state.proof), state.equal is None), default=None)


def _counts(asking: Asking, credential: Credential, way: Qualification) -> Equal | None:
    """The rule by which a title from elsewhere counts as one of these for the act, where there is one in force."""
    return next(
        (each for each in asking.equals if each.title == credential.kind and credential.jurisdiction in each.held_in and each.counts_as in way.credentials),
        None,
    )


def _why(holder: Holder, way: Qualification, found: Relied | None, cure: Callable[..., Reason], said: dict[str, Any]) -> Reason:
    named: dict[str, Any] = {"credential": " / ".join(way.credentials), "jurisdiction": ", ".join(way.jurisdictions) or "*", **said}
    if found is None:
        return UNKNOWN(cure=ASK(), **named) if holder.credentials is None else MISSING(cure=cure(), **named)
    credential, proof = found.credential, found.proof
    named |= {"credential": credential.kind, "jurisdiction": credential.jurisdiction}
    if proof is Proof.LAPSED:
        return LAPSED(valid_until=credential.valid_until, cure=RENEW(), **named)
    if proof is Proof.NOT_YET:
        return NOT_YET(valid_from=credential.valid_from, cure=WAIT(valid_from=credential.valid_from), **named)
    if proof is Proof.FAILED:
        return FAILED(cure=cure(), **named)
    return UNVERIFIED(proof=proof.value, cure=VERIFY(), **named)


def _outcomes(asking: Asking, tried: _Try, binds: bool) -> Outcomes:
    for reason in tried.reasons:
        yield Outcome("refuses", reason, binds)
    if tried.reasons or tried.relied is None:
        return
    credential, until = tried.relied.credential, asking.need.until_on
    named: dict[str, Any] = {"credential": credential.kind, "jurisdiction": credential.jurisdiction}
    if (equal := tried.relied.equal) is not None:
        yield Outcome("holds", COUNTS(title=equal.counts_as, rule_id=equal.id, rule_source=equal.source, **named), binds, tried.relied)
    else:
        yield Outcome("holds", HELD(**named), binds, tried.relied)
    if until is not None and credential.valid_until is not None and credential.valid_until < until:
        yield Outcome("notes", LAPSES_FIRST(valid_until=credential.valid_until, cure=RENEW(), **named))
