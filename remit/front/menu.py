"""What every screen's frame shows: the nine entries, and who is signed in for whom."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from remit.apps.organizations.door import refusal
from remit.apps.organizations.may import may

ENTRIES = (
    ("today", "home", gettext_lazy("Today")),
    ("functions", "layout-list", gettext_lazy("Assess")),
    ("briefs", "file-text", gettext_lazy("Briefs")),
    ("shortlists", "users-group", gettext_lazy("Select")),
    ("agreements", "signature", gettext_lazy("Agreements")),
    ("staffing", "calendar-time", gettext_lazy("Staffing")),
    ("work", "list-check", gettext_lazy("Work")),
    ("record", "timeline-event", gettext_lazy("Record")),
    ("invoices", "receipt-euro", gettext_lazy("Invoices")),
    ("review", "chart-histogram", pgettext_lazy("stage", "Review")),
)
"""Name of the address, icon, words; in the order of the thread."""

ADDRESSES = {"shortlist": "shortlists", "shortlist_draw": "shortlists", "brief_award": "shortlists"}
"""Names of addresses that belong to another entry than the first part of their path says."""


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor of the frame. It asks the database nothing but the reasons of a refusal that the page was sent back with."""
    seats = getattr(request, "seats", [])
    by = getattr(request, "by", None)
    frame: dict[str, Any] = {"demo": settings.DEMO, "provider": settings.OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] else ""}
    if by is None:
        return frame
    if "refused" in request.GET:
        frame["refusal"] = refusal(request)
    if by.link is not None:
        return frame
    seat = next(seat for seat in seats if seat.organization == by.organization)
    current = _entry(request, f"/o/{seat.reference}/")
    frame["menu"] = [
        {"url": reverse(name, args=[seat.reference]), "icon": icon, "text": text, "count": None, "current": current == name} for name, icon, text in ENTRIES
    ]
    frame["me"] = {
        "name": by.name,
        "organization": seat.name,
        "reference": seat.reference,
        "home": reverse("today", args=[seat.reference]),
        "organizations": [{"name": other.name, "url": f"/o/{other.reference}/", "current": other is seat} for other in seats],
        "links": [
            {"url": reverse("organization", args=[seat.reference]), "icon": "building", "text": _("Organization")},
            *([{"url": reverse("signed", args=[seat.reference]), "icon": "signature", "text": _("Signed in my name")}] if by.person else []),
            {"url": reverse("account"), "icon": "user-circle", "text": _("Your account")},
        ],
    }
    frame["me"]["deputizing"] = [{"key": str(each.away.deputy), "name": each.away.name, "current": by.on_behalf_of == each.away} for each in seat.deputy_for]
    instead = next((each for each in seat.deputy_for if each.away == by.on_behalf_of), None)
    if instead is not None:
        frame["acting_for"] = {"name": instead.away.name}
    frame["palette_url"] = reverse("palette", args=[seat.reference])
    frame["ref"] = seat.reference
    frame["may"] = may(request)
    return frame


def _entry(request: HttpRequest, home: str) -> str:
    """Which entry of the menu an address belongs to: its first part names it, but for what stands below another stage's address."""
    section = request.path.removeprefix(home).partition("/")[0]
    match = getattr(request, "resolver_match", None)
    stages = {
        "periods": "work",
        "engagements": "work",
        "matters": "work",
        "procedures": "work",
        "takeover": "agreements",
        "time": "work",
        "questions": "work",
        "leave": "staffing",
        "people": "staffing",
        "entities": "organization",
        "clients": "briefs",
    }
    return ADDRESSES.get(match.url_name if match else "") or stages.get(section, section) or "today"


def home(request: HttpRequest) -> HttpResponse:
    """After sign-in: to the organization, or the choice among several."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    seats = request.seats  # type: ignore[attr-defined]
    if len(seats) == 1:
        return redirect(f"/o/{seats[0].reference}/")
    return render(request, "pages/home.html", {"seats": seats})
