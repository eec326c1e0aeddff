"""What the page of a work item shows, put together from rows, the service line and the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Func, IntegerField, JSONField, Value
from django.http import HttpRequest

from remit.apps.organizations import invited
from remit.apps.organizations.may import may
from remit.apps.work import absences, actions, boards, cases, overrides, periods, readers, statutory, surfaces, trail
from remit.apps.work.actions import filings
from remit.apps.work.done_as import done_as
from remit.apps.work.models import Deliverable, KeptFile, StepState
from remit.apps.work.places import of_item
from remit.apps.work.surfaces.commands import values_said
from remit.apps.work.surfaces.window import Window
from remit.apps.work.views import assignment_part, reopening_part, request_part, review_part, time_part, told_part
from remit.apps.work.waiting import ACCEPT, Standing, accepter
from remit.apps.work.zones import provider_zones
from remit.domain.line import Finding, Step
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.tasks import SHEET, aside_of

MOVES_SHOWN = 20
NOT_YOURS = Sentence("item.not_yours", N_("It is with {person}."))
NOBODY_YET = Sentence("item.nobody_yet", N_("Nobody is assigned to it yet."))
CLOSED_NOW = Sentence("item.closed", N_("The month is closed: nothing more may be added."))
LACKS = Sentence("item.lacks", N_("Without a file: {slot}"))


def context(request: HttpRequest, found: Standing) -> dict[str, Any]:
    """Everything but what was just refused."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    item, line, step = found.item, found.line, found.working
    side = "client" if by.organization == item.engagement.client_id else "provider" if by.organization == item.engagement.provider_id else ""
    closing = periods.closing_of(item.period)
    is_mine = {code: by.person is not None and held.person_id == by.person for code, held in found.on.items()}
    seen = boards.look(item, step, at.date())
    withheld = readers.against(by, item, step)
    if withheld is not None:
        seen = boards.withheld(seen)
    surface = surfaces.surface_of(seen)
    findings = {finding.code for finding in seen.findings}
    is_over = closing is not None or found.is_accepted
    can_bring = not is_over and (side == "client" or is_mine.get(step.code, False))
    can_move = not is_over and is_mine.get(step.code, False)
    aside = aside_of(line, step)
    beside = boards.look(item, aside, at.date()) if aside is not None and (aside.code == SHEET or item.answers.get("procedure")) else None
    told, told_count = trail.of_item(item)
    listed = deliverables(found, request, side, closing is not None, is_mine)
    return {
        "found": found,
        "item": item,
        "line": line,
        "step": step,
        "side": side,
        "closing": closing,
        "zone": item.period.entity.facts["zone"],
        "other_zone": provider_zones([item.engagement]).get(item.engagement.provider_id, ""),
        "stages": stages(found, seen),
        "look": seen,
        "withheld": withheld,
        "surface": surface.template if withheld is None else "work/surfaces/withheld.html",
        "board": surface.lay(seen, step.work, Window.asked(request.GET)) if step.work else {},
        "aside": laid_beside(aside, beside),
        "done_as": done_as(found),
        "filing": filing(found, at, closing is None and filings.may_file(by, at, item)),
        "version": seen.version,
        "query": request.GET.urlencode(),
        "checks": [rule for rule in line.rules if rule.holds and rule.code not in findings and withheld is None],
        "rules": {rule.code: rule for rule in line.rules},
        "can_move": can_move,
        "shows_hand_in": side == "provider" and not is_over and (can_move or (found.wait is not None and found.wait.step == step.code)),
        "can_bring": can_bring,
        "why_not": why_not(found, seen, closing is not None, is_mine.get(step.code, False)),
        "people": absences.marked(people(found), by, at, item.period.entity.facts["zone"]) if side == "provider" else people(found),
        "slots": slots(found, can_bring),
        "kept_files": KeptFile.objects.filter(organization=by.organization, kind="statement", used_at=None).order_by("-kept_at")[:5] if can_bring else (),
        "deliverables": listed,
        **review_part.of_item(by, at, found, seen, listed, closed=closing is not None, mine=is_mine.get(step.code, False)),
        "moves": moves(found) if withheld is None else {"rows": [], "count": 0},
        **request_part.of_item(by, at, item, closing is not None),
        **time_part.of_page(request, found, side, closing is not None),
        **assignment_part.of_page(request, found, closing is not None),
        **reopening_part.of_page(request, found, closing is not None),
        **invited.page_of(by, at, "item", item.id),
        **told_part.of_page(by, item, told),
        "told": told,
        "told_count": told_count,
    }


def laid_beside(aside: Step | None, seen: boards.Look | None) -> dict[str, Any] | None:
    """The sheet or checklist on its surface; None where there is none to fill in."""
    if aside is None or seen is None:
        return None
    assert aside.work is not None
    surface = surfaces.surface_of(seen)
    return {"step": aside, "look": seen, "template": surface.template, "board": surface.lay(seen, aside.work, Window()), "version": seen.version}


def filing(found: Standing, at: datetime, may_file: bool) -> dict[str, Any]:
    """The date of the law, and what may be said of the filing now; the part shows once the law asks, or something was sent."""
    row = found.filing
    return {
        "date": statutory.date_of(found.item, row, at),
        "shows": bool(found.item.deadline) or row is not None,
        "can_send": may_file and found.is_accepted and row is None,
        "can_receive": may_file and row is not None and not hasattr(row, "receipt"),
    }


def stages(found: Standing, seen: boards.Look) -> list[dict[str, Any]]:
    """The pills: papers, each step, acceptance; one of them is where it stands now."""
    wait = found.wait
    done = {
        "papers": not seen.lacking,
        found.working.code: found.made is not None and (wait is None or wait.step != found.working.code),
        ACCEPT: found.is_accepted,
    }
    if found.reviewing is not None:
        done[found.reviewing.code] = found.review is not None and found.review.verdict == "passed" and (wait is None or wait.step == ACCEPT)
    named = [("papers", N_("Papers in"))]
    named += [(step.code, step.says) for step in (found.working, found.reviewing) if step is not None]
    named.append((ACCEPT, N_("Accept")))
    now = next((code for code, _ in named if not done.get(code)), "")
    return [{"code": code, "says": says, "state": "done" if done.get(code) else "now" if code == now else ""} for code, says in named]


def why_not(found: Standing, seen: boards.Look, is_closed: bool, is_mine: bool) -> list[Reason | Finding]:
    """Why it cannot be handed in now; nothing where it can."""
    if is_closed:
        return [CLOSED_NOW()]
    if found.is_accepted:
        return []
    held = found.on.get(found.working.code)
    if held is None:
        return [NOBODY_YET()]
    if not is_mine:
        return [NOT_YOURS(person=held.person_name)]
    if seen.lacking:
        return [LACKS(slot=slot.says) for slot in seen.lacking]
    return list(overrides.failing(seen.findings, found.line, overrides.of_step(found.item, found.working)))


def people(found: Standing) -> list[dict[str, Any]]:
    """Preparer, reviewer and who accepts, always named, with where each stands."""
    wait, rows = found.wait, []
    for step, role in ((found.working, N_("Preparer")), (found.reviewing, N_("Reviewer"))):
        if step is None:
            continue
        held = found.on.get(step.code)
        is_next = wait is not None and wait.step == step.code
        is_done = found.made is not None and not is_next if step is found.working else found.review is not None and not is_next
        since = wait.since if wait is not None and is_next else None
        rows.append({"name": held.person_name if held else "", "role": role, "step": step, "held": held, "next": is_next, "done": is_done, "since": since})
    done = found.is_accepted
    name = found.acceptance.accepted_by_name if found.acceptance else accepter(found.item)
    is_next = wait is not None and wait.side == "client"
    rows.append(
        {"name": name, "role": N_("Accepts"), "step": None, "held": None, "next": is_next, "done": done, "since": wait.since if wait and is_next else None}
    )
    return rows


def slots(found: Standing, can_bring: bool) -> list[dict[str, Any]]:
    """The papers by slot, with what is still missing and how columns are read."""
    entity = found.item.period.entity
    listed = []
    for slot in found.line.slots:
        if slot.code not in found.working.slots:
            continue
        papers = [row for row in found.papers if row.slot == slot.code]
        mapping = (entity.answers.get(f"{slot.code}_mapping") or {}).get("columns") or {}
        listed.append(
            {
                "slot": slot,
                "papers": papers,
                "missing": len(papers) < slot.least,
                "columns": [{"question": question, "value": mapping.get(question.code, "")} for question in slot.columns],
                "is_mapped": bool(mapping),
                "can_bring": can_bring,
            }
        )
    return listed


def deliverables(found: Standing, request: HttpRequest, side: str, is_closed: bool, is_mine: dict[str, bool]) -> list[dict[str, Any]]:
    """What was made, newest first, each with its files, findings and verdicts, and which verdict this person may give."""
    rows = Deliverable.objects.filter(item=found.item).defer("carry", "state").prefetch_related("files__file", "reviews", "acceptances").order_by("-number")
    reviewing = found.reviewing
    may_accept = side == "client" and not is_closed and may(request).allows(actions.accept, of_item(found.item))
    listed = []
    for index, made in enumerate(rows):
        review = next(iter(made.reviews.all()), None)
        acceptance = next(iter(made.acceptances.all()), None)
        is_newest = index == 0
        is_withheld = readers.against(request.by, found.item, found.working, made) is not None  # type: ignore[attr-defined]
        can_review = is_newest and not is_closed and review is None and reviewing is not None and is_mine.get(reviewing.code, False)
        listed.append(
            {
                "made": made,
                "files": sorted(made.files.all(), key=lambda row: row.name),
                "findings": [] if is_withheld else [cases.finding_of(row) for row in made.checks],
                "quantities": [
                    {"says": found.line.measures.get(each["measure"], each["measure"]), "count": each["count"], "variant": each["variant"]}
                    for each in made.quantities
                ],
                "review": review,
                "acceptance": acceptance,
                "is_newest": is_newest,
                "can_review": can_review,
                "can_accept": is_newest and may_accept and not is_withheld and review is not None and review.verdict == "passed" and acceptance is None,
            }
        )
    return listed


def moves(found: Standing) -> dict[str, Any]:
    """The newest moves of the journal, newest first, and how many there are; a long journal is cut in the database."""
    last = Func("journal", Value(f"$[last - {MOVES_SHOWN - 1} to last]"), function="jsonb_path_query_array", template="%(function)s(%(expressions)s::jsonpath)")
    count = Func("journal", function="jsonb_array_length", output_field=IntegerField())
    last.output_field = JSONField()
    row = StepState.objects.filter(item=found.item, step=found.working.code).annotate(newest=last, count=count).values("newest", "count").first()
    if row is None or found.working.work is None:
        return {"rows": [], "count": 0}
    known = {command.code: command for command in found.working.work.commands}
    rows = [
        {
            "says": known[move["command"]].says if move["command"] in known else move["command"],
            "values": values_said(known.get(move["command"]), move["values"]),
            "by": move["name"],
            "at": datetime.fromisoformat(move["at"]),
        }
        for move in reversed(row["newest"])
    ]
    return {"rows": rows, "count": row["count"]}
