"""The business verbs from the function to the award."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.db.models import Q
from pydantic import BaseModel, ConfigDict, Field

from remit.apps.organizations.acting import BadInput, Busy, Done, NotFound, Refuse, Stale, Upload, action, decide, own_audience
from remit.apps.organizations.models import Organization, RateCard, Site
from remit.apps.organizations.roles import Place, over_limit
from remit.apps.people.gate import parts, rule_sets
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.records.models import Audience, Participation, Thread
from remit.apps.sourcing import answers as given_answers
from remit.apps.sourcing import intake, market
from remit.apps.sourcing.kept import reason_row
from remit.apps.sourcing.models import Assessment, Award, Brief, Choice, Function, Shortlist
from remit.domain import assessment, selection
from remit.domain import brief as briefs
from remit.domain.line import ServiceLine
from remit.domain.money import Money
from remit.domain.ranking import Criterion
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.decision import EvidenceFile, ObjectReference, Rejected, stated
from remit.lines import lines

NO_SERVICE = Sentence("service.unknown", N_("{service} is no service of this installation."))
NO_TASK = Sentence("assess.task_unknown", N_("{task} is no task of this function."))
SAY_WHY = Sentence("assess.say_why", N_("Say why “{task}” is decided otherwise than proposed."))
NOT_COMPLETE = Sentence("brief.not_complete", N_("The brief still lacks: {fields}."))
ANSWER_IT = Sentence("brief.answer", N_("Answer what is asked, then try again."))
NOT_LISTED = Sentence("award.not_listed", N_("{provider} is not on the shortlist of this brief as it stands now."))
DOES_NOT_PASS = Sentence("award.does_not_pass", N_("{provider} does not pass what the brief asks for."))
PRICE_MOVED = Sentence("award.price_moved", N_("{provider} has another card in force than the one on the shortlist."))
LIST_AGAIN = Sentence("award.list_again", N_("Draw the shortlist again and choose from it."))
AWARDED = Sentence("award.twice", N_("This brief is awarded already."))
TOO_LARGE = Sentence("notice.file_too_large", N_("{name} is larger than {most} MB."))
WEIGHTS = Sentence("shortlist.weights", N_("The weights are those of {codes}, 0 or more, and add up to 100; these add up to {total}."))
WRITTEN_FOR = Sentence("brief.written_for", N_("Written down by {provider} as {client} told it: {client} has no members here."))
CLOSED = "inhouse_cost_year", "budget"
"""Answers that no provider learns."""

Words = Annotated[str, Len(1, 2000)]
AWARDERS = ("signatory", "approver")


class Move(BaseModel):
    """A task decided otherwise than proposed, with the reason."""

    model_config = ConfigDict(extra="forbid")
    to: Literal["keep", "bpo", "kpo"] = Field(alias="class")
    reason: Annotated[str, MaxLen(1000)] = ""


@action("function.named", roles=("requester", "administrator"))
def name_function(*, by: By, at: datetime, service: str, name: Annotated[str, Len(1, 120)]) -> Done:
    """Name a function that the organization does today and might hand over; a thread opens with it."""
    _service(service)
    thread, _audience = _open_thread(by, at)
    function = Function.objects.create(organization_id=by.organization, thread=thread, service=service, name=name, created_at=at)
    return decide(by, at, "function.named", function, audiences=[own_audience(by, at)])


@action("function.assessed", roles=("requester", "approver", "administrator"))
def assess_function(*, by: By, at: datetime, function: UUID, country: Annotated[str, Len(2, 8)] | None = None, moves: dict[str, Move] | None = None) -> Done:
    """Judge each task of a function: keep, BPO or KPO. `moves` decides single tasks otherwise than proposed; each needs its reason."""
    named = Function.objects.filter(id=function).first()
    if named is None:
        raise NotFound(function)
    line = _service(named.service)
    jurisdiction = (country or Organization.objects.get(pk=by.organization).country).upper()
    verdicts = assessment.assess_all(line.tasks, jurisdiction, rule_sets(), at.date())
    moves = moves or {}
    proposed = {verdict.task: verdict for verdict in verdicts}
    for task, move in moves.items():
        if task not in proposed:
            raise BadInput(moves=NO_TASK(task=task))
        if move.to != proposed[task].outcome.value and not move.reason.strip():
            raise BadInput({f"moves.{task}": [SAY_WHY(task=proposed[task].says)]})
    tasks = [_task(verdict, moves.get(verdict.task)) for verdict in verdicts]
    made = Assessment.objects.create(
        organization_id=by.organization, function=named, assessed_by=by.user, assessed_at=at, jurisdiction=jurisdiction, tasks=tasks
    )
    return decide(by, at, "function.assessed", made, audiences=[own_audience(by, at)])


@action("brief.written", roles=("requester", "administrator"))
def write_brief(*, by: By, at: datetime, title: Annotated[str, Len(1, 300)], answers: dict[str, Any] | None = None, function: UUID | None = None) -> Done:
    """Open a brief by hand; what is not answered is asked for."""
    named = Function.objects.filter(id=function).first() if function else None
    if function and named is None:
        raise NotFound(function)
    given = {"service": named.service} if named else {}
    return _new_brief(by, at, title, given_answers.typed(given | (answers or {})), named)


def _read_notice(*, by: By, at: datetime, file: Upload, number: int | None = None, function: UUID | None = None) -> intake.Read | Reason:
    if len(file.content) > files.MOST_BYTES:
        return TOO_LARGE(name=file.name, most=files.MOST_BYTES // 2**20)
    read = intake.read_notice(file.name, file.content, number)
    if isinstance(read, Reason) and read.code == intake.BUSY.code:
        raise Busy(file=read)
    return read


@action("brief.imported", roles=("requester", "administrator"), prepare=_read_notice)
def import_notice(
    *, by: By, at: datetime, file: Upload, number: Annotated[int, Ge(1)] | None = None, function: UUID | None = None, prepared: intake.Read | Reason
) -> Done:
    """Open a brief from a procurement notice: what it says is taken over with its place, the rest is asked. `number`: which notice of the file, from 1."""
    read = prepared
    if isinstance(read, Reason):
        raise BadInput({"number" if read.code in intake.ABOUT_NUMBER else "file": [read]})
    named = Function.objects.filter(id=function).first() if function else None
    if function and named is None:
        raise NotFound(function)
    known = {"service": {"value": named.service, "from": "function"}} if named else {}
    return _new_brief(by, at, read.title, read.answers | known, named, notice=file, read=read.notice)


@action("brief.answered", roles=("requester", "administrator"))
def answer_brief(
    *, by: By, at: datetime, brief: UUID, answers: dict[str, Any] | None = None, taken: list[str] | None = None, version: Annotated[int, Ge(1)] | None = None
) -> Done:
    """Answer questions of a brief; each answer keeps where it came from, an empty one takes it back.

    `taken`: questions answered by what the organization has on file: its country, the zone and hours of its first site.
    `version`: the one that the page showed.
    """
    found = Brief.objects.select_for_update(of=("self",)).filter(written_by(by), id=brief).first()
    if found is None:
        raise NotFound(brief)
    if version is not None and version != found.version:
        raise Stale
    if found.is_awarded:
        raise Refuse(AWARDED(), about=found)
    fresh = given_answers.typed(answers or {}, found.plain())
    if taken:
        site = Site.objects.filter(organization=found.organization_id).order_by("id").first()
        fresh |= given_answers.taken(taken, Organization.objects.get(pk=found.organization_id), site)
    # Saying the same again leaves where it came from.
    fresh = {code: answer for code, answer in fresh.items() if answer["value"] != found.answers.get(code, {}).get("value")}
    found.answers = {code: answer for code, answer in (found.answers | fresh).items() if answer["value"] is not None}
    _settle(found, at)
    found.version += 1
    found.save()
    return decide(by, at, "brief.answered", found, reasons=written_for(by, found))


@action("shortlist.drawn", roles=("requester", "approver", "administrator"))
def draw_shortlist(*, by: By, at: datetime, brief: UUID, weights: dict[str, Annotated[Decimal, Ge(0), Le(100)]] | None = None) -> Done:
    """Find the providers that designate the brief's service and country and can field people who pass the gate; those that are out get their reasons.

    `weights`: percent by criterion (people, hours, price, language), all of them; without it the usual ones.
    """
    found = Brief.objects.filter(id=brief, organization=by.organization).first()
    if found is None:
        raise NotFound(brief)
    criteria = _weighed(weights)
    if missing := briefs.missing(lines().get(found.service), found.plain(), parts(found.country)):
        raise Refuse(NOT_COMPLETE(fields=", ".join(question.code for question in missing), cure=ANSWER_IT()), about=found, audience=own_audience(by, at))
    listed = market.shortlist(found, at, criteria)
    made = Shortlist.objects.create(
        organization_id=by.organization,
        brief=found,
        brief_version=found.version,
        found_by=by.user,
        found_at=at,
        method=market.method(listed),
        candidates=market.candidates(listed),
    )
    out = tuple(
        Rejected(
            object=ObjectReference(kind="organization", id=UUID(each.offer.provider), reference=each.offer.name),
            reasons=tuple(stated(reason) for reason in each.reasons),
        )
        for each in listed.out
    )
    return decide(by, at, "shortlist.drawn", made, audiences=[own_audience(by, at)], rejected=out)


@action("brief.awarded", roles=AWARDERS)
def award_brief(*, by: By, at: datetime, brief: UUID, provider: UUID, reason: Words) -> Done:
    """Award a brief to a provider of its shortlist that still passes now, with the reason; the provider joins the thread in an audience of its own."""
    found = Brief.objects.select_for_update().filter(id=brief, organization=by.organization).first()
    if found is None:
        raise NotFound(brief)
    drawn, row = _listed(found, provider, by, at)
    year = Money(Decimal(row["year_total"]), row["currency"]) if row["year_total"] else None
    if against := over_limit(by, at, AWARDERS, year, Place(service=found.service)):
        raise Refuse(against, about=found, audience=own_audience(by, at))
    audience = Audience.objects.create(thread=found.thread, kind="engagement", opened_by_id=by.organization, opened_at=at)
    Participation.objects.create(audience=audience, tenant_id=by.organization, role="client", since=at)
    Participation.objects.create(audience=audience, tenant_id=provider, role="provider", since=at)
    award = Award.objects.create(
        audience=audience,
        thread=found.thread,
        brief=found,
        client_id=by.organization,
        provider_id=provider,
        card=RateCard.objects.get(reference=row["card"]),
        terms={
            "title": found.title,
            "reference": found.reference,
            "service": found.service,
            "answers": found.plain() | dict.fromkeys(CLOSED),
        },
        awarded_by=by.user,
        awarded_at=at,
    )
    Choice.objects.create(organization_id=by.organization, award=award, shortlist=drawn, reason=reason)
    others = tuple(
        Rejected(object=ObjectReference(kind="organization", id=UUID(other["organization"]), reference=other["name"]))
        for other in drawn.candidates
        if other["passes"] and other["organization"] != str(provider)
    )
    # Who else was considered, and why this one, is the client's own business; the provider's log says only that it was chosen.
    decide(by, at, "brief.awarded", award, audiences=[found.audience_id], rejected=others, private={"reason": reason})
    return decide(by, at, "brief.awarded", award, audiences=[audience.id])


def _listed(brief: Brief, provider: UUID, by: By, at: datetime) -> tuple[Shortlist, Mapping[str, Any]]:
    """The newest shortlist of the brief as it stands, and the provider's row there. Refused where it is awarded, not listed, or would not be listed so now."""
    about: dict[str, Any] = {"about": brief, "audience": own_audience(by, at)}
    if brief.is_awarded:
        raise Refuse(AWARDED(), **about)
    drawn = Shortlist.objects.filter(brief=brief, brief_version=brief.version).order_by("-found_at").first()
    row = next((row for row in drawn.candidates if row["organization"] == str(provider)), None) if drawn else None
    if drawn is None or row is None:
        raise Refuse(NOT_LISTED(provider=_name(provider), cure=LIST_AGAIN()), **about)
    now = market.shortlist(brief, at, only=provider)
    if not row["passes"] or not now.candidates:
        lacking = now.out[0].reasons if now.out else ()
        raise Refuse(DOES_NOT_PASS(provider=row["name"], cure=LIST_AGAIN()), *lacking, **about)
    if now.candidates[0].offer.card != row["card"]:
        raise Refuse(PRICE_MOVED(provider=row["name"], cure=LIST_AGAIN()), **about)
    return drawn, row


def _name(organization: UUID) -> str:
    return Organization.objects.filter(pk=organization).values_list("name", flat=True).first() or str(organization)


def _weighed(weights: Mapping[str, Decimal] | None) -> tuple[Criterion, ...]:
    if weights is None:
        return selection.CRITERIA
    codes = [criterion.code for criterion in selection.CRITERIA]
    if set(weights) != set(codes) or sum(weights.values()) != 100:
        raise BadInput(weights=WEIGHTS(codes=", ".join(codes), total=sum(weights.values())))
    return tuple(replace(criterion, weight=weights[criterion.code]) for criterion in selection.CRITERIA)


def _open_thread(by: By, at: datetime) -> tuple[Thread, Audience]:
    thread = Thread(opened_by_id=by.organization, opened_at=at)
    thread.save()
    audience = Audience.objects.create(thread=thread, kind="brief", opened_by_id=by.organization, opened_at=at)
    Participation.objects.create(audience=audience, tenant_id=by.organization, role="client", since=at)
    return thread, audience


def _new_brief(
    by: By,
    at: datetime,
    title: str,
    answers: dict[str, Any],
    function: Function | None,
    notice: Upload | None = None,
    read: dict[str, Any] | None = None,
) -> Done:
    if function is not None and function.thread is not None:
        audience = Audience.objects.get(thread=function.thread, kind="brief")
    else:
        _thread, audience = _open_thread(by, at)
    stored = files.put(audience.id, notice.name, notice.content, at) if notice else None
    brief = new_brief(audience, at, title, answers, organization=by.organization, function=function, notice=stored, notice_read=read or {})
    evidence = (EvidenceFile(name=notice.name, sha256=stored.sha256, media_type=stored.media_type),) if notice and stored else ()
    return decide(by, at, "brief.imported" if notice else "brief.written", brief, files=evidence)


def new_brief(audience: Audience, at: datetime, title: str, answers: dict[str, Any], *, organization: UUID, **more: Any) -> Brief:
    """A brief of an organization in an audience of its thread, with what follows from its answers."""
    assert audience.thread_id is not None
    kept = {code: answer for code, answer in answers.items() if answer["value"] is not None}
    brief = Brief(audience=audience, thread_id=audience.thread_id, organization_id=organization, title=title, answers=kept, created_at=at, **more)
    _settle(brief, at)
    brief.save()
    return brief


def written_for(by: By, brief: Brief) -> tuple[Reason, ...]:
    """Says in the record whose words these are, where another organization wrote them down."""
    if brief.organization_id == by.organization:
        return ()
    return (WRITTEN_FOR(provider=_name(by.organization), client=_name(brief.organization_id)),)


def written_by(by: By) -> Q:
    """Briefs that the acting organization writes: its own, and those that it wrote down for a client without members."""
    return Q(organization=by.organization) | Q(thread__opened_by=by.organization)


def _settle(brief: Brief, at: datetime) -> None:
    """The columns that follow from the answers."""
    plain = brief.plain()
    service = plain.get("service") or ""
    if service:
        _service(service)
    brief.service, brief.country = service, (plain.get("client_country") or "")[:2]
    complete = bool(service) and not briefs.missing(lines().get(service), plain, parts(brief.country))
    brief.completed_at = (brief.completed_at or at) if complete else None


def _service(code: str) -> ServiceLine:
    line = lines().get(code)
    if line is None:
        raise BadInput(service=NO_SERVICE(service=code))
    return line


def _task(verdict: assessment.Verdict, move: Move | None) -> dict[str, Any]:
    chosen = move.to if move else verdict.outcome.value
    return {
        "code": verdict.task,
        "says": verdict.says,
        "class": chosen,
        "proposed": verdict.outcome.value,
        "critical": verdict.critical,
        "decides": "client" if chosen == "keep" else verdict.decides,
        "moved": move.reason.strip() if move and chosen != verdict.outcome.value else "",
        "reasons": [reason_row(reason) for reason in verdict.reasons],
    }
