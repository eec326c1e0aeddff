"""Deputies: who acts for a member while that member is away, named and ended by themselves or by an administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Len
from django.db.models import Q

from remit.apps.organizations import roles as grants
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.members import Role, until_past
from remit.apps.organizations.models import Deputy, Grant, Membership
from remit.apps.organizations.opening import opened_by
from remit.apps.records.context import By
from remit.domain.reasons import N_, Reason, Sentence

NOT_DEPUTY = Sentence("deputy.not", N_("{name} is not the deputy of {away} now: {away} is not away, or named somebody else."))
NAMES_DEPUTY = Sentence("deputy.names", N_("A deputy names no deputies: {away}, or an administrator, does."))
ONESELF = Sentence("deputy.oneself", N_("Nobody is their own deputy. Choose somebody else."))
NOT_HELD = Sentence("deputy.not_held", N_("{name} does not hold the role {roles}."))
BY_ADMINISTRATOR = Sentence("deputy.administrator", N_("An administrator names somebody else as deputy of another member, not themselves."))
ENDED = Sentence("deputy.ended", N_("This deputy's time is over already."))
OWN_WORK = Sentence("deputy.own_work", N_("{name} worked on this and acts for {away}: nobody judges their own work, in whoever's name."))
WORK_OF_AWAY = Sentence("deputy.work_of_away", N_("{away} worked on this, and {name} acts for {away}: it is judged by somebody who is neither."))
SOMEBODY_ELSE = Sentence("deputy.somebody_else", N_("Ask a member who did not work on it, and who acts for nobody that did."))

Reasoned = Annotated[str, Len(1, 300)]


@action("deputy.named", roles=())
def name_deputy(
    *,
    by: By,
    at: datetime,
    deputy: UUID,
    until: datetime,
    reason: Reasoned,
    since: datetime | None = None,
    away: UUID | None = None,
    roles: list[Role] | None = None,
) -> Done:
    """Name who acts for a member while they are away, with all of their roles or those named. `away` and `deputy` are memberships; `away`: oneself."""
    if by.on_behalf_of is not None:
        raise Refuse(NAMES_DEPUTY(away=by.on_behalf_of.name))
    absent = _in_force(away or by.membership, by, at)
    acting = _in_force(deputy, by, at)
    if absent.id == acting.id:
        raise BadInput(deputy=ONESELF())
    if absent.id != by.membership:
        _must_administer(by, at)
        if acting.id == by.membership:
            raise Refuse(BY_ADMINISTRATOR(), about=absent, audience=own_audience(by, at))
    begins = max(since or at, at)
    until_past(begins, until)
    chosen = list(dict.fromkeys(roles or ()))
    held = set(Grant.objects.filter(Q(until=None) | Q(until__gt=at), membership=absent).values_list("role", flat=True))
    if lacking := [role for role in chosen if role not in held]:
        raise BadInput(roles=NOT_HELD(name=absent.name, roles=", ".join(lacking)))
    row = Deputy.objects.create(
        organization_id=by.organization,
        away=absent,
        deputy=acting,
        roles=chosen,
        reason=reason,
        since=begins,
        until=until,
        named_by=by.user,
        named_at=at,
    )
    # Why somebody is away is their own: it stands with the deputy's row, and not in the record.
    names = {"name": absent.name, "deputy": acting.name}
    opened_by(row.id, by, at, "deputy.named", row, private=names)
    return decide(by, at, "deputy.named", row, audiences=[own_audience(by, at)], private=names)


@action("deputy.ended", roles=())
def end_deputy(*, by: By, at: datetime, deputy: UUID) -> Done:
    """End a deputy's time now: whoever is back, the deputy, or an administrator does. `deputy` is what naming them made."""
    row = Deputy.objects.select_for_update().filter(id=deputy, organization=by.organization).first()
    if row is None:
        raise NotFound(deputy)
    if row.ended_at is not None or row.until <= at:
        raise BadInput(deputy=ENDED())
    if by.membership not in (row.away_id, row.deputy_id):
        _must_administer(by, at)
    opened_by(row.id, by, at, "deputy.ended", row)
    # Written first: a deputy who ends their own time reads nothing through it afterwards, not even what they write.
    done = decide(by, at, "deputy.ended", row, audiences=[own_audience(by, at)])
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    return done


def own_work(by: By, doers: set[UUID]) -> Reason | None:
    """Why whoever acts may not judge what these persons did: it is their own work, or that of whoever they act for. None where it is neither."""
    away = by.on_behalf_of
    if away is None:
        return None
    if by.person in doers:
        return OWN_WORK(name=by.name, away=away.name, cure=SOMEBODY_ELSE())
    if away.person in doers:
        return WORK_OF_AWAY(name=by.name, away=away.name, cure=SOMEBODY_ELSE())
    return None


def _must_administer(by: By, at: datetime) -> None:
    found = grants.role_for(by, at, ("administrator",), {})
    if isinstance(found, Reason):
        raise Refuse(found)


def _in_force(key: UUID | None, by: By, at: datetime) -> Membership:
    if key is None:
        raise NotFound(key)
    rows = Membership.objects.filter(Q(until=None) | Q(until__gt=at), id=key, organization=by.organization, since__lte=at, user__isnull=False)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(key)
    return found
