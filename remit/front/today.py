"""The first page after sign-in: what needs me, ordered by due time, the client's clock first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_skeleton
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from remit.apps.agreements.models import Engagement
from remit.apps.records.models import Participation
from remit.apps.work import pending, timing
from remit.apps.work.models import Acceptance, Review, WorkItem
from remit.apps.work.waiting import Standing, Wait, standing, with_standing
from remit.domain.calendars import zone
from remit.formats.words import Words
from remit.front.aside import UNTIL
from remit.front.at_work import at_work
from remit.front.first_steps import first_steps
from remit.front.needs import Desk, Need

RATE_FROM = 20
"""Of fewer cases no rate is said, only the count."""
RATES_OVER = timedelta(days=365)
AT_ONCE = 50
"""So many items are read together in search of those that wait for others."""


@dataclass(frozen=True)
class Shown:
    """A need with its clocks: `first` on the client's, `second` on one's own where that is another."""

    need: Need
    clock: str
    place: str
    second: str
    day: str
    can_tick: bool


@require_safe
def today(request: HttpRequest, organization: str) -> HttpResponse:
    """What needs me now."""
    desk = Desk(request)
    needs = desk.needs()
    words = Words(get_language() or "en")
    groups = _grouped(needs, desk, words)
    here = desk.at.astimezone(zone(desk.zone))
    steps = first_steps(desk)
    nothing = _("What comes first") if steps else _("Nothing needs you now")
    context = {
        "day": words.date(here.date(), "full"),
        "count": len(needs),
        "title": ngettext("One thing needs you", "%(n)d things need you", len(needs)) % {"n": len(needs)} if needs else nothing,
        "groups": groups,
        "figures": _figures(desk, needs),
        "aside": [{"need": need, "until": until} for need, until in desk.set_aside()],
        "until": UNTIL,
        "answers": any(need.answer for need in needs),
        "waits": [_wait(found, wait, words) for found, wait in _waits_for_others(desk, most=6)],
        "engagements": _readable_engagements(desk),
        "at_work": at_work(desk, words),
        "steps": steps,
        "now": _clock(here, words),
        "zone": desk.zone,
        "own_zone": desk.zone,
        **timing.shown_timer(desk.by, desk.at),
        "place": _place(desk.zone),
    }
    return render(request, "today.html", context)


def _grouped(needs: list[Need], desk: Desk, words: Words) -> list[dict[str, Any]]:
    """In the order of time; what will stop work later stands last, as its own."""
    groups: dict[str, list[Shown]] = {}
    for need in needs:
        groups.setdefault(desk.group(need), []).append(_shown(need, desk, words))
    titles = {"late": _("Late"), "today": _("Today"), "week": _("Within a week"), "later": _("Later"), "open": _("Without a day"), "stops": _("Will stop work")}
    return [{"title": title, "needs": groups[code], "code": code} for code, title in titles.items() if code in groups]


def _shown(need: Need, desk: Desk, words: Words) -> Shown:
    can_tick = bool(need.answer) or not desk.is_pressing(need)
    if need.due_at is None:
        return Shown(need, "", "", "", "", can_tick)
    first, second = need.zone or desk.zone, desk.zone
    there, here = need.due_at.astimezone(zone(first)), need.due_at.astimezone(zone(second))
    is_day = there.hour == there.minute == 0
    day = format_skeleton("MMMEd", there, locale=words.locale)
    other = "" if first == second or is_day else f"{_clock(here, words)} {_place(second)}"
    return Shown(
        need, format_skeleton("MMMd", there, locale=words.locale) if is_day else _clock(there, words), _place(first), other, "" if is_day else day, can_tick
    )


def _clock(at: datetime, words: Words) -> str:
    return format_skeleton("Hm", at, locale=words.locale)


def _place(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")


def _waits_for_others(desk: Desk, most: int) -> list[tuple[Standing, Wait]]:
    """Items that wait, and not for this organization: the first of them by due time."""
    # The other side of what one provides has something to do only once something was made, or asked.
    theirs = ~Q(engagement__provider=desk.by.organization) | pending.handed_in() | pending.asked()
    keys = list(pending.pending(pending.open_items()).filter(theirs).order_by("due_at", "id").values_list("id", flat=True))
    found: list[tuple[Standing, Wait]] = []
    for start in range(0, len(keys), AT_ONCE):
        part = with_standing(WorkItem.objects.filter(id__in=keys[start : start + AT_ONCE]).order_by("due_at", "id"))
        found += [(each, wait) for each in map(standing, part) for wait in each.waits if desk.side(each) != wait.side]
        if len(found) >= most:
            break
    return found[:most]


def _wait(found: Any, wait: Wait, words: Words) -> dict[str, Any]:
    clock = found.item.period.entity.facts["zone"]
    month = f"{words.month(found.item.period.begins_on)}, {found.item.period.entity.name}"
    return {"item": found.item, "month": month, "on": wait.on, "needed_at": wait.needed_at, "zone": clock}


def _figures(desk: Desk, needs: list[Need]) -> list[dict[str, str]]:
    """Counts of this organization's engagements over the last twelve months; a rate only from enough cases on."""
    mine = desk.by.organization
    item = "deliverable__item__"
    sides = Q(**{f"{item}engagement__client": mine}) | Q(**{f"{item}engagement__provider": mine})
    on_time, passed = Count("id", filter=Q(accepted_at__lte=F(f"{item}due_at"))), Count("id", filter=Q(verdict="passed"))
    since = desk.at - RATES_OVER
    accepted = Acceptance.objects.filter(sides, verdict="accepted", accepted_at__gte=since).aggregate(all=Count("id"), on_time=on_time)
    first = Review.objects.filter(sides, deliverable__number=1, reviewed_at__gte=since).aggregate(all=Count("id"), passed=passed)
    week = [need for need in needs if need.due_at and need.due_at - desk.at <= timedelta(days=7) and not need.stops_later]
    figures = [{"name": _("Due within a week"), "value": str(len(week)), "note": ""}]
    for name, good, all_of in ((_("Accepted on time"), accepted["on_time"], accepted["all"]), (_("Passed first review"), first["passed"], first["all"])):
        if all_of:
            note = _("too few for a rate (from %(n)d)") % {"n": RATE_FROM} if all_of < RATE_FROM else _("in the last twelve months")
            figures.append({"name": name, "value": _("%(good)d of %(all)d") % {"good": good, "all": all_of}, "note": note})
    return figures


def _readable_engagements(desk: Desk) -> list[Any]:
    """What the organization may read as auditor."""
    audited = Participation.objects.filter(
        Q(until=None) | Q(until__gt=desk.at), tenant=desk.by.organization, role="auditor", since__lte=desk.at, audience__kind="engagement"
    )
    found = Engagement.objects.filter(audience__in=audited.values("audience")).select_related("client", "provider", "agreement")
    return list(found.order_by("-started_at"))
