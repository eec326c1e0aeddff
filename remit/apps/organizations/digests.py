"""The verbs of the daily digest: plan it for oneself, end it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from annotated_types import Ge, Le, MaxLen
from django.conf import settings

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.models import DigestPlan
from remit.apps.organizations.roles import missing
from remit.apps.records.context import By
from remit.domain.calendars import UnknownZone, zone
from remit.domain.reasons import N_, Sentence

UNKNOWN_ZONE = Sentence("digest.zone", N_("“{zone}” is no time zone. Name one such as Europe/Sofia."))
UNKNOWN_LANGUAGE = Sentence("digest.language", N_("There are no words in “{language}”. Choose one of {choices}."))


@action("digest.planned", roles=())
def plan_digest(
    *,
    by: By,
    at: datetime,
    hour: Annotated[int, Ge(0), Le(23)],
    zone_name: Annotated[str, MaxLen(64)],
    workdays_only: bool = True,
    language: Annotated[str, MaxLen(8)] = "en",
) -> Done:
    """Have one mail a day of what needs oneself, at an hour of one's own zone, where anything does. An earlier plan is changed."""
    if by.membership is None:
        raise Refuse(missing(by, ("member",)))
    try:
        zone(zone_name)
    except UnknownZone:
        raise BadInput(zone_name=UNKNOWN_ZONE(zone=zone_name)) from None
    known = [code for code, _name in settings.LANGUAGES]
    if language not in known:
        raise BadInput(language=UNKNOWN_LANGUAGE(language=language, choices=", ".join(known)))
    plan, _is_new = DigestPlan.objects.update_or_create(
        membership_id=by.membership,
        defaults={
            "organization_id": by.organization,
            "hour": hour,
            "zone": zone_name,
            "workdays_only": workdays_only,
            "language": language,
            "planned_at": at,
            "ended_at": None,
        },
    )
    return decide(by, at, "digest.planned", plan, audiences=[own_audience(by, at)])


@action("digest.ended", roles=())
def end_digest(*, by: By, at: datetime) -> Done:
    """Have no daily mail any more."""
    plan = DigestPlan.objects.select_for_update().filter(membership=by.membership, ended_at=None).first()
    if plan is None:
        raise NotFound("digest")
    plan.ended_at = at
    plan.save(update_fields=["ended_at"])
    return decide(by, at, "digest.ended", plan, audiences=[own_audience(by, at)])
