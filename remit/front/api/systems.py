"""What the API tells of access to the client's systems, and of what the gate says of a person."""

import re
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Path, Schema

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import May, may
from remit.apps.organizations.roles import Place
from remit.apps.people.gate import rule_sets
from remit.apps.people.models import Person
from remit.apps.work import actions, gate_terms, needs, systems
from remit.apps.work import lapses as lapsing
from remit.domain.gate import check
from remit.formats.words import Words
from remit.front.api.reading import read, reads
from remit.front.api.schema import ReasonOut


class AccountOut(Schema):
    """An account. `state`: asked, declined, held, review_soon, review_due, to_revoke, revoked; `why` says why it is to be revoked, or was ended."""

    id: UUID
    system: str
    person: str
    account: str
    right: str
    asked_by: str
    asked_at: datetime
    granted_by: str
    granted_at: datetime | None
    review_due_on: date | None
    state: str
    revoke_due_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    why: str


class SystemOut(Schema):
    """A system of the client's that the work is done in."""

    id: UUID
    name: str
    named_by: str
    named_at: datetime


class RegisterOut(Schema):
    """The register of an engagement as it stands."""

    systems: list[SystemOut]
    accounts: list[AccountOut]


@reads.get("/engagements/{reference}/systems", response=RegisterOut, operation_id="engagement_systems")
@read
def register(request: HttpRequest, organization: Path[str], reference: Path[str]) -> RegisterOut:
    """Systems in use, and every account that there was or is."""
    running = Engagement.objects.filter(reference=reference).first()
    if running is None:
        raise NotFound(reference)
    named = [SystemOut(id=row.id, name=row.name, named_by=row.named_by_name, named_at=row.named_at) for row in systems.systems_of(running)]
    return RegisterOut(systems=named, accounts=[_account(each) for each in systems.register(running, request.at)])  # type: ignore[attr-defined]


def _account(each: systems.Stood) -> AccountOut:
    row = each.row
    plain = ("id", "account", "right", "asked_at", "granted_at", "review_due_on", "ended_at")
    return AccountOut(
        **{name: getattr(row, name) for name in plain},
        system=row.system.name,
        person=row.person_name,
        asked_by=row.asked_by_name,
        granted_by=row.granted_by_name,
        state=each.state,
        revoke_due_at=each.revoke_due_at,
        ended_by=row.ended_by_name,
        why=each.because,
    )


class ReferenceOut(Schema):
    """A rule in force that was looked at, by id and the hash of its file."""

    id: str
    jurisdiction: str
    source: str
    verified: bool
    set_sha256: str


class VerdictOut(Schema):
    """May they? `reasons`: all that refuses; `observed`: what is only good to know; `rules`: those that were in force on the day."""

    person: str
    act: str
    engagement: str
    at: datetime
    allowed: bool
    reasons: list[ReasonOut]
    observed: list[ReasonOut]
    rules: list[ReferenceOut]


@reads.get("/engagements/{reference}/gate/{person}/{act}", response=VerdictOut, operation_id="gate_check")
@read
def gate_check(
    request: HttpRequest, organization: Path[str], reference: Path[str], person: Path[str], act: Path[str], at: datetime | None = None
) -> VerdictOut:
    """What the gate says of one of one's own people for an act (a step, or a reserved act by its code) at an instant with its offset, else now."""
    by, now = request.by, request.at  # type: ignore[attr-defined]
    return verdict(May(by, now), reference, person, act, at if at is not None and at.tzinfo else now, Words(get_language() or "en"))


def verdict(here: May, reference: str, person: str, act: str, at: datetime, words: Words) -> VerdictOut:
    """The same for every door: of oneself, and of everybody for whoever staffs, since walls are in it. Nothing is decided, so that nothing is recorded."""
    running = Engagement.objects.select_related("agreement", "client", "provider").filter(reference=reference).first()
    who = Person.objects.filter(reference=person).for_facts().first()
    if running is None or who is None or not re.fullmatch("[a-z0-9_]{1,60}", act):
        raise NotFound(reference if running is None else person if who is None else act)
    if who.id != here.by.person and not here.reaches(actions.assign.roles, Place(engagement=running.id, service=running.agreement.service)):
        raise NotFound(person)
    step, need = needs.need_of_engagement(running, act)
    found = check(who.facts(), step, need, at, rule_sets())
    told = lambda reasons: [  # noqa: E731
        ReasonOut(code=each.code, says=words.reason(each), rule=each.rule_id, source=each.rule_source, cure=words.reason(each.cure) if each.cure else "")
        for each in reasons
    ]
    return VerdictOut(
        person=who.reference,
        act=act,
        engagement=running.reference,
        at=at,
        allowed=found.allowed,
        reasons=told(found.reasons),
        observed=told(found.observed),
        rules=[ReferenceOut(**{name: getattr(rule, name) for name in ReferenceOut.model_fields}) for rule in found.checked.rules],
    )


class StopOut(Schema):
    """A step of open work."""

    item: str
    step: str


class LapseOut(Schema):
    """What no longer counts from `on`. `kind`: credential, look (a verification that is due again), training, account."""

    person: str
    name: str
    kind: str
    what: str
    on: date
    days: int
    stops: list[StopOut]


@reads.get("/lapses", response=list[LapseOut], operation_id="lapses")
@read
def lapses(request: HttpRequest, organization: Path[str]) -> list[LapseOut]:
    """What runs out of one's own people within ninety days, and which open work each would stop; for whoever staffs them."""
    if not may(request).reaches(actions.assign.roles):
        raise NotFound("lapses")
    return [
        LapseOut(
            person=each.person.reference,
            name=each.person.name,
            kind=each.kind,
            what=each.what,
            on=each.on,
            days=each.days,
            stops=[StopOut(item=stop.item.reference, step=stop.step.code) for stop in each.stops],
        )
        for each in lapsing.lapses(request.by, request.at)  # type: ignore[attr-defined]
    ]


class PermissionOut(Schema):
    """A permission on file. `state`: in_force, to_come, over, withdrawn; `sha256` is that of its paper, empty where there is none."""

    id: UUID
    kind: str
    countries: list[str]
    says: str
    valid_from: date
    valid_until: date | None
    state: str
    sha256: str
    recorded_by: str
    recorded_at: datetime


class ObservingOut(Schema):
    """A rule (its id) or condition of the gate that only warns."""

    id: UUID
    what: str
    reason: str
    valid_from: date
    valid_until: date
    set_by: str
    set_at: datetime


class RuleInForceOut(Schema):
    """A rule in force today under the engagement's law."""

    id: str
    jurisdiction: str
    act: str
    words: dict[str, str]
    source: str
    verified: bool
    always_binds: bool
    observed: bool


class GateOut(Schema):
    """What the gate asks in an engagement."""

    law: str
    rules: list[RuleInForceOut]
    permissions: list[PermissionOut]
    observings: list[ObservingOut]


@reads.get("/engagements/{reference}/rules", response=GateOut, operation_id="engagement_rules")
@read
def engagement_rules(request: HttpRequest, organization: Path[str], reference: Path[str]) -> GateOut:
    """Rules in force, permissions on file, and what is only observed."""
    running = Engagement.objects.select_related("agreement").filter(reference=reference).first()
    if running is None:
        raise NotFound(reference)
    at: datetime = request.at  # type: ignore[attr-defined]
    rules = [
        RuleInForceOut(
            **{name: getattr(each.rule, name) for name in ("id", "act", "source", "verified", "always_binds")},
            jurisdiction=each.rule_set.jurisdiction,
            words=dict(each.words),
            observed=each.observed is not None,
        )
        for each in gate_terms.in_force(running, at.date())
    ]
    plain = ("id", "kind", "countries", "says", "valid_from", "valid_until", "recorded_at")
    permissions = [
        PermissionOut(**{name: getattr(row, name) for name in plain}, state=state, sha256=row.file.sha256 if row.file else "", recorded_by=row.recorded_by_name)
        for row, state in gate_terms.permissions_of(running, at)
    ]
    observings = [
        ObservingOut(**{name: getattr(row, name) for name in ("id", "what", "reason", "valid_from", "valid_until", "set_at")}, set_by=row.set_by_name)
        for row in running.observings.filter(ended_at=None).order_by("set_at")
    ]
    return GateOut(law=gate_terms.law_of(running), rules=rules, permissions=permissions, observings=observings)
