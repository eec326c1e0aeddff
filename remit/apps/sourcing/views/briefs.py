"""Briefs: the list, a new one from a notice or by hand, and what each asks, holds and lacks."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound, Upload
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Organization
from remit.apps.organizations.roles import Place
from remit.apps.people.gate import parts
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.apps.sourcing import actions, answers, asking, brokers, intake
from remit.apps.sourcing.kept import finding_of, reason_of, value_of
from remit.apps.sourcing.models import Award, Brief, Shortlist
from remit.domain import brief as briefs_of
from remit.domain.reasons import Reason
from remit.formats.notices.rules import RULES
from remit.formats.words import Words
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]
MOST_HELD = 1_500_000
"""Bytes of a notice file that the page itself holds while its reader chooses among its notices."""


@require_safe
def briefs(request: HttpRequest, organization: str) -> HttpResponse:
    """One's own briefs with what they lack; and, for a provider, what it was awarded."""
    me = request.by.organization  # type: ignore[attr-defined]
    drawn = Shortlist.objects.filter(brief=OuterRef("pk"))
    awards = Prefetch("awards", Award.objects.select_related("provider"), to_attr="won")
    mine = Brief.objects.filter(brokers.read_by(request.by, request.at))  # type: ignore[attr-defined]
    rows = mine.annotate(drawn=Exists(drawn)).prefetch_related(awards).select_related("function", "organization", "thread").order_by("-created_at")
    given = Award.objects.filter(provider=me).select_related("client").order_by("-awarded_at")
    won = [{"award": award, "service": lines()[award.terms["service"]].says} for award in given]
    return render(request, "sourcing/briefs.html", {"rows": [_row(brief, me) for brief in rows], "won": won})


def _row(brief: Any, me: Any) -> dict[str, Any]:
    written_for = brief.organization if brief.organization_id != me else None
    brokered = written_for is not None and brief.thread.opened_by_id != me
    service = lines().get(brief.service)
    missing = briefs_of.missing(service, brief.plain(), parts(brief.country))
    return {
        "brief": brief,
        "service": service.says if service else "",
        "missing": missing,
        "award": brief.won[0] if brief.won else None,
        "drawn": brief.drawn,
        "written_for": None if brokered else written_for,
        "brokered_for": written_for if brokered else None,
    }


@require_safe
def brief_new(request: HttpRequest, organization: str) -> HttpResponse:
    """The two ways in: a notice, or a title."""
    return _new(request)


@require_POST
def write_brief(request: HttpRequest, organization: str) -> HttpResponse:
    """Open a brief by hand."""
    given = door.given(request)
    service = given.pop("service", None)
    return door.perform(
        request,
        actions.write_brief,
        given | ({"answers": {"service": service}} if service else {}),
        then=lambda done: door.at(request, "brief", done.reference),
        again=lambda errors: _new(request, errors),
        says=_("The brief is open. What it lacks is asked below."),
    )


@require_POST
def import_notice(request: HttpRequest, organization: str) -> HttpResponse:
    """Open a brief from a notice; where the file holds several, the page asks which."""
    given = door.given(request)
    name, content = given.pop("held_name", ""), given.pop("held", "")
    if content and "file" not in given:
        try:
            given["file"] = Upload.of(name, base64.b64decode(content, validate=True))
        except binascii.Error:
            pass
    return door.perform(
        request,
        actions.import_notice,
        given,
        then=lambda done: door.at(request, "brief", done.reference),
        again=lambda errors: _new(request, errors, given.get("file")),
        says=_("The notice is read. What it says stands with its place; what it does not say is asked."),
    )


def _new(request: HttpRequest, errors: Errors | None = None, file: Upload | None = None) -> HttpResponse:
    words = Words(get_language() or "en")
    titles = intake.titles(file.name, file.content) if file and errors and "number" in errors else []
    held = base64.b64encode(file.content).decode() if file and titles and len(file.content) <= MOST_HELD else ""
    services = sorted(((code, words.text(line.says)) for code, line in lines().items()), key=lambda each: each[1])
    context = {
        "services": services,
        "titles": list(enumerate(titles, 1)),
        "held": held,
        "held_name": file.name if file else "",
        "errors": door.sentences(errors) if errors else {},
        "posted": request.POST,
    }
    return render(request, "sourcing/brief_new.html", context)


@require_safe
def brief(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """What a brief holds, each answer with where it came from, and what it lacks."""
    return _page(request, reference)


@require_POST
def answer(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Answer questions; an emptied one is taken back."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = found_brief(request, reference)
        offers = _on_file(found)
    plain, given, taken = found.plain(), {}, []
    for name, typed in request.POST.items():
        code, value = name.removeprefix("q-"), str(typed).strip()
        if not name.startswith("q-") or (not value and plain.get(code) is None):
            continue
        if code not in plain and code in offers and asking.plain_text(offers[code]["value"]) == value:
            taken.append(code)
        else:
            given[code] = value
    values: dict[str, Any] = {"brief": str(found.id), "answers": given, "taken": taken}
    if request.POST.get("version"):
        values["version"] = request.POST["version"]
    return door.perform(
        request,
        actions.answer_brief,
        values,
        then=door.at(request, "brief", reference),
        again=lambda errors: _page(request, reference, errors),
        says=_("Kept."),
    )


def _on_file(found: Brief) -> dict[str, Any]:
    own = Organization.objects.get(pk=found.organization_id)
    return answers.on_file(own, own.sites.order_by("id").first())


@require_safe
def notice(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The notice file as it came; it is the client's own."""
    found = read_brief(request, reference)
    if found.notice is None:
        raise NotFound(reference)
    suffix = {"application/json": "json", "application/xml": "xml"}.get(found.notice.media_type, "txt")
    out = HttpResponse(files.read(found.notice), content_type="application/octet-stream")
    out["Content-Disposition"] = f'attachment; filename="{reference}-notice.{suffix}"'
    return out


def found_brief(request: HttpRequest, reference: str) -> Brief:
    """One of the briefs that the acting organization writes, inside a transaction. Raises NotFound."""
    mine = actions.written_by(request.by)  # type: ignore[attr-defined]
    found = Brief.objects.select_related("function", "notice", "organization", "thread").filter(mine, reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def read_brief(request: HttpRequest, reference: str) -> Brief:
    """One of the briefs that the acting organization writes, or reads as a broker. Raises NotFound."""
    seen = brokers.read_by(request.by, request.at)  # type: ignore[attr-defined]
    found = Brief.objects.select_related("function", "notice", "organization", "thread").filter(seen, reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def is_brokered(request: HttpRequest, brief: Brief) -> bool:
    """Whether the acting organization reads the brief as a broker only."""
    return request.by.organization not in (brief.organization_id, brief.thread.opened_by_id)  # type: ignore[attr-defined]


@require_POST
def admit(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Let a broker read a brief, to the end of a day."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = found_brief(request, reference)
    given = door.given(request, brief=str(found.id))
    if day := given.pop("until_on", ""):
        given["until"] = f"{day}T23:59:59Z"
    return door.perform(
        request,
        brokers.admit_broker,
        given,
        then=door.at(request, "brief", reference),
        again=lambda errors: _page(request, reference, errors),
        says=_("The broker reads this brief and its shortlists now."),
    )


def _brokers(request: HttpRequest, brief: Brief) -> dict[str, Any]:
    """Who was admitted, and who may be."""
    admitted = list(brokers.admitted(brief, request.at))  # type: ignore[attr-defined]
    houses = {house.pk: house.name for house in Organization.objects.filter(kinds__contains=["broker"]).exclude(pk=brief.organization_id).order_by("name")}
    return {
        "admitted": [{"name": houses.get(each.tenant_id, ""), "until": each.until} for each in admitted],
        "may_be_admitted": [(key, name) for key, name in houses.items() if key not in {each.tenant_id for each in admitted}],
    }


def steps(request: HttpRequest, brief: Brief, award: Award | None) -> tuple[dict[str, str], dict[str, str]]:
    """(states, addresses) of the thread's first steps for the crumb."""
    states = {"assess": "done" if brief.function_id else "todo", "brief": "done" if brief.completed_at else "part", "select": "done" if award else "todo"}
    urls = {"brief": door.at(request, "brief", brief.reference), "select": door.at(request, "shortlist", brief.reference)}
    if brief.function is not None:
        urls["assess"] = door.at(request, "function", brief.function.reference)
    if award is not None:
        urls["agree"] = door.at(request, "agreements")
    return states, urls


def _page(request: HttpRequest, reference: str, errors: Errors | None = None) -> HttpResponse:
    words = Words(get_language() or "en")
    found = read_brief(request, reference)
    brokered = is_brokered(request, found)
    award = Award.objects.filter(brief=found).select_related("provider").first()
    offers = _on_file(found) if award is None and not brokered else {}
    said = door.sentences(errors) if errors else {}
    asked = asking.questions(found, offers, words, said, request.POST)
    codes = {each.question.code for each in asked}
    states, urls = steps(request, found, award)
    context = {
        "brief": found,
        "brokered_for": found.organization if brokered else None,
        "written_for": found.organization if not brokered and found.organization_id != request.by.organization else None,  # type: ignore[attr-defined]
        "offered": found.thread.agreements.values_list("reference", flat=True).first(),
        "service": lines().get(found.service),
        "award": award,
        "may_answer": not brokered and (award is not None or not found.is_awarded) and may(request).allows(actions.answer_brief, Place(service=found.service)),
        "may_admit": not brokered and may(request).allows(brokers.admit_broker, Place(service=found.service)),
        "answered": [_answered(row, words) for row in asked if row.answer],
        "missing": [each for each in asked if each.is_missing],
        "optional": [each for each in asked if each.answer is None and not each.question.required],
        "passages": asking.passages(found),
        "doubts": [{"finding": finding_of(row), "mark": row["mark"]} for row in found.notice_read.get("doubts", [])],
        "notice": _notice(found, words),
        "rules": RULES,
        "errors": {code: sentences for code, sentences in said.items() if code not in codes},
        "wrong": bool(errors),
        "states": states,
        "urls": urls,
    }
    if found.organization_id == request.by.organization:  # type: ignore[attr-defined]
        context |= _brokers(request, found)
    return render(request, "sourcing/brief.html", context)


def _answered(row: asking.Asked, words: Words) -> dict[str, Any]:
    answer = row.answer or {}
    return {"row": row, "from": asking.source(answer, words), "how": reason_of(answer["how"]) if answer.get("how") else None}


def _notice(found: Brief, words: Words) -> list[str]:
    """What the notice is and which of its file, in words."""
    read = found.notice_read
    if not read:
        return []
    facts = [read[code] for code in ("form", "edition") if read.get(code)]
    facts += [words.value(value_of(read[code])) for code in ("kind", "stage", "id", "published", "deadline") if code in read]
    return [str(fact) for fact in facts]
