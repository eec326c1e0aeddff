"""The verbs of what an engagement adds to the gate: put a permission on file, withdraw it, observe a rule for a time, enforce it again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from pydantic import StringConstraints

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide
from remit.apps.people.models import Person
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.work import gate_terms
from remit.apps.work.actions.papers import sized
from remit.apps.work.models import BreakGlass, Observing, Permission
from remit.domain.gate.verdict import UNBREAKABLE
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile

CLIENT = ("administrator", "signatory", "approver")
READERS = ("administrator", "signatory", "approver", "requester", "manager", "reviewer", "auditor")
"""Who reads the paper: the client, whoever staffs and reviews at the provider, the auditor."""
ONLY_CLIENT = Sentence("gate_terms.client", N_("What is on file and what is only observed is the client’s to say: it is protected by it."))
KIND = Sentence("gate_terms.kind", N_("No rule asks for a permission of the kind “{kind}”; there are {kinds}."))
ORDER = Sentence("gate_terms.order", N_("It would end before it begins."))
WITHDRAWN = Sentence("gate_terms.withdrawn", N_("It was withdrawn already."))
BINDS = Sentence("gate_terms.binds", N_("“{what}” always binds: reserved acts, walls and consents are never only observed."))
LONGEST = Sentence("gate_terms.longest", N_("Observing lasts a year at most, and begins today or later."))
TWICE = Sentence("gate_terms.twice", N_("“{what}” is observed already."))
ENDED = Sentence("gate_terms.ended", N_("It is enforced again already."))
ONLY_PROVIDER = Sentence("gate_terms.provider", N_("The provider asks for its own people; the client confirms."))
NEVER = Sentence("gate_terms.never", N_("“{code}” is never broken: four eyes, agents, membership and being in one place hold for everybody."))
GLASS_OVER = Sentence("gate_terms.glass_over", N_("It is confirmed already, or its hour is over."))
TWO_PERSONS = Sentence("gate_terms.two_persons", N_("Two persons are needed: whoever asked does not confirm."))
BLANK = Sentence("gate_terms.blank", N_("Say why."))

YEAR = timedelta(days=366)
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


@action("permission.recorded", roles=CLIENT)
def record_permission(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    kind: Annotated[str, Len(1, 60)],
    says: Annotated[str, Len(1, 300)],
    valid_from: date,
    valid_until: date | None = None,
    countries: list[Country] | None = None,
    file: Upload | None = None,
) -> Done:
    """Put a consent, clause, permit or report on file, with its days and, where there is one, the paper: the gate counts it from then on."""
    running = _engagement(by, engagement)
    known = gate_terms.kinds()
    if kind not in known:
        raise BadInput(kind=KIND(kind=kind, kinds=", ".join(known)))
    if valid_until is not None and valid_until <= valid_from:
        raise BadInput(valid_until=ORDER())
    if not says.strip():
        raise BadInput(says=BLANK())
    stored, name = None, ""
    if file is not None:
        name, content = sized(file)
        stored = files.put(running.audience_id, name, content, at)
    row = Permission.objects.create(
        audience_id=running.audience_id,
        engagement=running,
        kind=kind,
        countries=list(dict.fromkeys(countries or [])),
        says=says.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        file=stored,
        file_name=name,
        recorded_by=by.user,
        recorded_by_name=by.name,
        recorded_at=at,
    )
    evidence = (EvidenceFile(name=row.file_name, sha256=stored.sha256, media_type=stored.media_type),) if stored is not None else ()
    return decide(by, at, "permission.recorded", row, files=evidence)


@action("permission.opened", roles=READERS)
def open_permission(*, by: By, at: datetime, permission: UUID) -> Done:
    """Take out the paper of a permission; the look is in the record before the bytes go out."""
    row = Permission.objects.select_related("file").filter(id=permission).first()
    if row is None or row.file is None:
        raise NotFound(permission)
    evidence = EvidenceFile(name=row.file_name, sha256=row.file.sha256, media_type=row.file.media_type)
    return decide(by, at, "permission.opened", row, files=(evidence,))


@action("permission.withdrawn", roles=CLIENT)
def withdraw_permission(*, by: By, at: datetime, permission: UUID) -> Done:
    """It holds no longer, from now on; what was done under it stays done."""
    row = Permission.objects.select_for_update(of=("self",)).select_related("engagement").filter(id=permission).first()
    if row is None:
        raise NotFound(permission)
    _client(by, row.engagement)
    if row.withdrawn_at is not None:
        raise Refuse(WITHDRAWN(), about=row)
    row.withdrawn_by_name, row.withdrawn_at = by.name, at
    row.save(update_fields=["withdrawn_by_name", "withdrawn_at"])
    return decide(by, at, "permission.withdrawn", row)


@action("rule.observed", roles=CLIENT)
def observe_rule(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    what: Annotated[str, Len(1, 80)],
    reason: Annotated[str, MaxLen(300)],
    valid_until: date,
    valid_from: date | None = None,
) -> Done:
    """Let a rule, or a condition of the gate, only warn in this engagement for a time. What always binds is refused."""
    running = _engagement(by, engagement)
    if what not in gate_terms.CONDITIONS and gate_terms.always_binds(what):
        raise Refuse(BINDS(what=what), about=running)
    if not reason.strip():
        raise BadInput(reason=BLANK())
    today = at.date()
    begins = valid_from or today
    if begins < today or not begins < valid_until <= today + YEAR:
        raise BadInput(valid_until=LONGEST())
    if Observing.objects.filter(engagement=running, what=what, ended_at=None).exists():
        raise BadInput(what=TWICE(what=what))
    row = Observing.objects.create(
        audience_id=running.audience_id,
        engagement=running,
        what=what,
        reason=reason.strip(),
        valid_from=begins,
        valid_until=valid_until,
        set_by=by.user,
        set_by_name=by.name,
        set_at=at,
    )
    return decide(by, at, "rule.observed", row, private={"reason": row.reason})


@action("rule.enforced", roles=CLIENT)
def enforce_rule(*, by: By, at: datetime, observing: UUID) -> Done:
    """It refuses again, from now on."""
    row = Observing.objects.select_for_update(of=("self",)).select_related("engagement").filter(id=observing).first()
    if row is None:
        raise NotFound(observing)
    _client(by, row.engagement)
    if row.ended_at is not None:
        raise Refuse(ENDED(), about=row)
    row.ended_by_name, row.ended_at = by.name, at
    row.save(update_fields=["ended_by_name", "ended_at"])
    return decide(by, at, "rule.enforced", row)


@action("glass.asked", roles=("manager", "administrator"))
def ask_break_glass(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    person: UUID,
    refusal: Annotated[str, Len(1, 80)],
    reason: Annotated[str, MaxLen(300)],
    hours: Annotated[int, Ge(1), Le(72)],
) -> Done:
    """Ask the client to let one refusal of the gate only warn, for one of one's own people, for some hours. Nothing changes until it is confirmed.

    `refusal`: its code, or the id of the rule.
    """
    running = Engagement.objects.select_for_update(of=("self",), no_key=True).select_related("agreement").filter(id=engagement).first()
    who = Person.objects.filter(id=person).first()
    if running is None or who is None:
        raise NotFound(engagement if running is None else person)
    if by.organization != running.provider_id or by.user is None:
        raise Refuse(ONLY_PROVIDER(), about=running)
    if refusal in UNBREAKABLE:
        raise Refuse(NEVER(code=refusal), about=running)
    if not reason.strip():
        raise BadInput(reason=BLANK())
    row = BreakGlass.objects.create(
        audience_id=running.audience_id,
        engagement=running,
        person=who,
        person_name=who.name,
        code=refusal,
        reason=reason.strip(),
        until_at=at + timedelta(hours=hours),
        asked_by=by.user,
        asked_by_name=by.name,
        asked_at=at,
    )
    return decide(by, at, "glass.asked", row, private={"person": who.name, "reason": row.reason})


@action("glass.broken", roles=CLIENT, second_factor=True)
def break_glass(*, by: By, at: datetime, glass: UUID) -> Done:
    """Confirm it as the second person, of the client's side: until its hour the refusal warns, and each act under it says so in the record."""
    row = BreakGlass.objects.select_for_update(of=("self",)).select_related("engagement").filter(id=glass).first()
    if row is None:
        raise NotFound(glass)
    _client(by, row.engagement)
    if row.confirmed_at is not None or row.until_at <= at:
        raise Refuse(GLASS_OVER(), about=row)
    if by.user is None or by.user == row.asked_by:
        raise Refuse(TWO_PERSONS(), about=row)
    row.confirmed_by, row.confirmed_by_name, row.confirmed_at = by.user, by.name, at
    row.save(update_fields=["confirmed_by", "confirmed_by_name", "confirmed_at"])
    return decide(by, at, "glass.broken", row, private={"person": row.person_name, "reason": row.reason})


def _engagement(by: By, key: UUID) -> Engagement:
    running = Engagement.objects.select_for_update(of=("self",), no_key=True).select_related("agreement").filter(id=key).first()
    if running is None:
        raise NotFound(key)
    _client(by, running)
    return running


def _client(by: By, running: Engagement) -> None:
    if by.organization != running.client_id:
        raise Refuse(ONLY_CLIENT(), about=running)
