"""The verbs of how one is told: plan the daily digest for oneself, choose what comes at once and when not, end it all."""

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
from remit.domain.notifying import Kind
from remit.domain.reasons import N_, Sentence

UNKNOWN_ZONE = Sentence("digest.zone", N_("“{zone}” is no time zone. Name one such as Europe/Sofia."))
UNKNOWN_LANGUAGE = Sentence("digest.language", N_("There are no words in “{language}”. Choose one of {choices}."))

NO_PLAN = Sentence("notifications.no_plan", N_("Plan your daily mail first: it says on which clock and in which language you are told."))
TWO_CHANNELS = Sentence("notifications.two_channels", N_("Each kind has one channel: {kinds} cannot come at once and stand on Today only."))
BOTH_HOURS = Sentence("notifications.both_hours", N_("Quiet hours have a beginning and an end."))

Hour = Annotated[int, Ge(0), Le(23)]


@action("digest.planned", roles=())
def plan_digest(
    *,
    by: By,
    at: datetime,
    hour: Hour,
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


@action("notifications.chosen", roles=())
def choose_channels(
    *,
    by: By,
    at: datetime,
    at_once: list[Kind] | None = None,
    only_today: list[Kind] | None = None,
    quiet_from: Hour | None = None,
    quiet_until: Hour | None = None,
    quiet_weekends: bool = False,
) -> Done:
    """Say which kinds are mailed at once and which not at all (the rest comes in the daily mail), and in which hours nothing is mailed at once.

    Hours of the plan's zone, half-open, over midnight where the second is the smaller. What arises in them is mailed as they end, if it still needs one then.
    """
    plan = DigestPlan.objects.select_for_update().filter(membership=by.membership, ended_at=None).first() if by.membership else None
    if plan is None:
        raise BadInput(plan=NO_PLAN())
    once, silent = dict.fromkeys(at_once or []), dict.fromkeys(only_today or [])
    if both := [kind for kind in once if kind in silent]:
        raise BadInput(at_once=TWO_CHANNELS(kinds=", ".join(both)))
    if (quiet_from is None) != (quiet_until is None):
        raise BadInput(quiet_until=BOTH_HOURS())
    plan.at_once, plan.only_today = list(once), list(silent)
    plan.quiet_from, plan.quiet_until, plan.quiet_weekends = quiet_from, quiet_until, quiet_weekends
    plan.look_again_at = None
    plan.save(update_fields=["at_once", "only_today", "quiet_from", "quiet_until", "quiet_weekends", "look_again_at"])
    return decide(by, at, "notifications.chosen", plan, audiences=[own_audience(by, at)])


@action("digest.ended", roles=())
def end_digest(*, by: By, at: datetime) -> Done:
    """Have no mail of what needs oneself any more, neither daily nor at once."""
    plan = DigestPlan.objects.select_for_update().filter(membership=by.membership, ended_at=None).first()
    if plan is None:
        raise NotFound("digest")
    plan.ended_at = at
    plan.save(update_fields=["ended_at"])
    return decide(by, at, "digest.ended", plan, audiences=[own_audience(by, at)])
