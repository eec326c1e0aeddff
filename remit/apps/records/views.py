"""The pages of the record: the logs that one may read, one log with its proof, one entry with its bytes."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from remit.apps.records import proving, timeline
from remit.apps.records.models import Audience, Entry
from remit.domain.record import words
from remit.lines import lines

PAGE = 40
NEWEST = 12
SHOWN_IN_CHAIN = 7


@require_safe
def record(request: HttpRequest, organization: str) -> HttpResponse:
    """The logs that the organization may read, and the newest decisions over all of them."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    mine = timeline.readable(by, at)
    audiences = list(timeline.with_titles(mine.annotate(size=Count("entries"), last_at=timeline.last_decided()).order_by("-last_at")))
    newest = Entry.objects.filter(audience__in=mine.values("id")).select_related("leaf").prefetch_related("openings").order_by("-decided_at", "-id")
    context = {
        "logs": [_row(each) for each in audiences],
        "newest": timeline.told(newest[:NEWEST], organization),
        "zone": timeline.zone_of(by.organization),
    }
    return render(request, "records/record.html", context)


@require_safe
def log(request: HttpRequest, organization: str, audience: UUID) -> HttpResponse:
    """One log: its proof on top, recomputed on demand (`?check=1`), then its decisions, newest first."""
    found = _audience(request, audience)
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:200] for name in ("kind", "outcome", "text")}
    entries = Entry.objects.filter(audience=found)
    kinds = sorted(set(entries.values_list("kind", flat=True).distinct()))
    listed = timeline.searched(entries, **asked)
    page = Paginator(timeline.newest_first(listed), PAGE).get_page(request.GET.get("page"))
    told = timeline.told(page, organization)
    chain = list(timeline.newest_first(entries.filter(leaf__isnull=False))[:SHOWN_IN_CHAIN])[::-1]
    context = {
        "audience": found,
        "title": timeline.title(found),
        "own": found.thread is None,
        "standing": proving.standing(found.id),
        "checked": proving.check_log(found.id) if request.GET.get("check") else None,
        "at": request.at,  # type: ignore[attr-defined]
        "zone": timeline.zone_of(request.by.organization),  # type: ignore[attr-defined]
        "chain": [_node(place, entry, len(chain)) for place, entry in enumerate(chain)],
        "told": told,
        "unreadable": len(page.object_list) - len(told),
        "page": page,
        "kinds": [(kind, words.KINDS.get(kind, kind)) for kind in kinds],
        "outcomes": words.OUTCOMES,
        "asked": asked,
        "filtered": any(asked.values()),
        "query": urlencode({name: value for name, value in asked.items() if value}),
    }
    return render(request, "records/log.html", context)


@require_safe
def entry(request: HttpRequest, organization: str, entry: UUID) -> HttpResponse:
    """One entry: its fields in words, its exact bytes, and the proof that it stands in the signed log."""
    found = _entry(request, entry)
    audience = timeline.with_titles(Audience.objects.filter(id=found.audience_id)).get()
    context = {
        "entry": found,
        "told": next(iter(timeline.told([found], organization)), None),
        "audience": audience,
        "title": timeline.title(audience),
        "own": audience.thread is None,
        "pretty": _pretty(bytes(found.statement)),
        "size": len(bytes(found.statement)),
        "included": proving.inclusion(found),
        "standing": proving.standing(found.audience_id),
        "zone": timeline.zone_of(request.by.organization),  # type: ignore[attr-defined]
    }
    return render(request, "records/entry.html", context)


@require_safe
def entry_bytes(request: HttpRequest, organization: str, entry: UUID) -> HttpResponse:
    """The exact bytes of an entry: what the log's leaf is the hash of."""
    found = _entry(request, entry)
    answer = HttpResponse(bytes(found.statement), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{found.id}.json"'
    return answer


def _pretty(data: bytes) -> str:
    """Indented where it is JSON, else as it stands."""
    try:
        return json.dumps(json.loads(data), indent=2, ensure_ascii=False)
    except ValueError:
        return data.decode("utf-8", "backslashreplace")


def _row(audience: Audience) -> dict[str, Any]:
    title = timeline.title(audience)
    return {"audience": audience, "title": title, "own": audience.thread is None, "service": lines()[title.service].says if title.service else ""}


def _audience(request: HttpRequest, key: UUID) -> Audience:
    mine = timeline.readable(request.by, request.at)  # type: ignore[attr-defined]
    found = timeline.with_titles(mine.filter(id=key)).first()
    if found is None:
        raise Http404
    return found


def _entry(request: HttpRequest, key: UUID) -> Entry:
    mine = timeline.readable(request.by, request.at)  # type: ignore[attr-defined]
    found = Entry.objects.filter(id=key, audience__in=mine.values("id")).select_related("leaf").first()
    if found is None:
        raise Http404
    return found


def _node(place: int, entry: Entry, count: int) -> dict[str, Any]:
    """Where a circle of the chain stands, in percent of its width."""
    x = 4 + (92 * place / (count - 1) if count > 1 else 46)
    return {
        "x": f"{x:.2f}%",
        "next": f"{4 + 92 * (place + 1) / (count - 1):.2f}%" if place + 1 < count else "",
        "index": entry.leaf.index + 1,
        "leaf": bytes(entry.leaf_hash).hex()[:4],
        "class": " v-nw" if entry.outcome == "refused" else " v-nf" if place + 1 == count else "",
    }
