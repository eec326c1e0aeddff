"""Who sees and changes which rows: every table has the policies of its class, and gives each organization exactly what the class says."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from remit.apps.organizations.acting import ACTIONS
from remit.apps.records.context import By, reading, writing
from remit.apps.records.keys import uuid7
from remit.apps.records.rows import PROGRAM, Rows, apply, rows_of
from remit.front.digests import write_digests
from tests import takeover_case
from tests.world import assessed, awarded, both_signed, deputy, drawn_up, handed_in, opened, prepared, scoped, signed

if TYPE_CHECKING:
    from django.db.models import Model

    from remit.front.installation.testing import TestCluster
    from tests.world import World

OUTSIDE = {
    "records_tenant", "records_tile", "records_rollupleaf", "records_checkpoint", "records_signingkey", "records_clock",
    "organizations_user", "organizations_apitoken", "organizations_firstcode", "organizations_ruleset", "organizations_guestcode",
    "auth_permission", "auth_group", "django_content_type", "django_session",
    "organizations_securityevent", "usersessions_usersession", "mfa_authenticator", "account_emailaddress", "account_emailconfirmation",
    "socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken",
    "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "axes_accessattemptexpiration",
}  # fmt: skip
"""Tables of no tenant. Whoever adds one says in the model why, and here that it was meant."""
MARKET = {
    "organizations_organization", "organizations_site", "organizations_ratecard", "organizations_cardline", "organizations_designation", "people_profile",
}  # fmt: skip
"""What every organization reads."""
SEATS = ("petra", "maya", "ivan", "olga", "elena", "rita", "ella", "emil", "nobody", "fanny", "rada", "ersatz", "lena")
TENANT = [model for model in apps.get_models() if rows_of(model).kind != "outside"]
MODELS = {str(model._meta.db_table): model for model in TENANT}
READ = [model for model in TENANT if rows_of(model).kind != "sequencer"]


def table_of(model: Any) -> str:
    return str(model._meta.db_table)


@pytest.fixture(scope="module")
def filled(world: World, sequence: Callable[[], None]) -> World:
    """A thread to its sealed month, opened again; and a row in what it does not touch."""
    from remit.apps.agreements.models import Engagement

    function = assessed(world)
    second = world.do("petra", "add_entity", name="Second of petra", country="DE", currency="EUR", zone="Europe/Berlin", ibans=["DE89370400440532013000"]).id
    engagement = _signed_with_time(world, awarded(world, function), second)
    noted = handed_in(world, opened(world, engagement, second))
    world.do("arun", "note_finding", deliverable=str(noted.id), category="other", severity="minor", says="Odd")
    world.do("maya", "plan_recurring", engagement=str(engagement), task="trial_balance", due_workday=5)
    world.do("petra", "reclassify_task", engagement=str(engagement), task="trial_balance", work_class="kpo", reason="It takes judgement here")
    world.do("petra", "plan_reminders", engagement=str(engagement), steps=[{"workdays": 1, "level": 1}])
    item = opened(world, engagement)
    radoslav, starts = str(world.rila.persons["Radoslav Iliev"]), world.now + timedelta(days=1)
    world.do("maya", "allocate", engagement=str(engagement), person=radoslav, share_percent=40, begins_at=starts.isoformat())
    arun, hours = str(world.rila.persons["Arun Iyer"]), {"begins_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    world.do("maya", "assign", item=str(item.id), step="review", person=arun, **hours)
    world.do("arun", "accept_assignment", item=str(item.id), step="review")
    for verdict in ("returned", "accepted"):
        if verdict == "returned":
            asked = world.do("maya", "ask_client", item=str(item.id), question="Who paid 3,164.00?")
        files = [{"name": "avis.pdf", "content": "JVBERi0xLjc="}]
        answer = world.do("jonas", "answer_request", request=str(asked.id), text="A customer", files=files)
        world.do("maya", "settle_request", answer=str(answer.id), verdict=verdict, note="Which?")
    _asked(world, engagement, item)
    _timed(world, item)
    _judged(world, engagement, item)
    sent = world.do("petra", "send_filing", item=str(item.id), authority="Finanzamt München")
    world.do("petra", "bring_receipt", filing=str(sent.id), file={"name": "receipt.xml", "content": "PHJlY2VpcHQvPg=="})
    period = item.period_id
    world.do("maya", "draw_invoice", period=str(period))
    world.do("petra", "close_period", period=str(period))
    raised = world.do("petra", "raise_matter", engagement=str(engagement), kind="complaint", category="time", says="Late again")
    world.do("maya", "answer_matter", matter=str(raised.id), says="We had nobody")
    for verb in ("seal_period", "give_pack"):
        sequence()
        world.do(replace(world.by("petra"), door="job"), verb, period=str(period))
    world.do("petra", "reopen_period", period=str(period), reason="An invoice came late")
    filed = {"filing": "stands", "filing_words": "The sum stays the same"}
    world.do("petra", "reopen_item", item=str(item.id), says="Wrong", category="figure", cause="review", found_by="auditor", **filed)
    world.do("petra", "keep_file", kind="statement", file={"name": "statement.sta", "content": "OjIwOg=="})
    world.do("maya", "raise_wall", against=str(world.halden.key), why="Audited them until June", kind="conflict", person=radoslav)
    world.do("olga", "name_function", service="bookkeeping", name="Our own books")
    world.do("olga", "add_entity", name="Second of olga", country="DE", currency="EUR", zone="Europe/Berlin", ibans=["DE89370400440532013000"])
    for seat in ("petra", "olga"):
        name = ACTIONS["name_function"]
        name(by=world.by(seat), at=world.now, key="once", **name.parse({"service": "bookkeeping", "name": "Once"}))
    world.do("petra", "invite_guest", kind="item", about=str(item.id), email="lenka@books.example", name="Lenka", acts=["bring_paper"])
    _mail(world)
    world.do("petra", "plan_digest", hour=0, zone_name="Europe/Berlin", workdays_only=False)
    with world.clock():
        assert write_digests() == 1
    world.do("petra", "set_aside", events=["month|anything"], until=(world.now + timedelta(days=2)).isoformat())
    _members(world, engagement, second)
    _taken_over(world)
    degree = {"isced_level": 7, "field": "Business", "title": "MBA", "year": 2015}
    passed = [{"code": "close", "valid_from": "2026-01-01"}]
    world.do("maya", "describe_person", person=radoslav, degrees=[degree], trainings=passed, knows=["DE"])
    world.do("petra", "record_permission", engagement=str(engagement), kind="ao_146_2b_permit", says="Tax office, 3 October", valid_from="2026-10-03")
    world.do("maya", "ask_break_glass", engagement=str(engagement), person=radoslav, refusal="gate.wall", reason="The close is tonight", hours=4)
    until = (world.now + timedelta(days=30)).date().isoformat()
    world.do("petra", "observe_rule", engagement=str(engagement), what="hours", reason="Until the shifts are moved", valid_until=until)
    system = world.do("petra", "name_system", engagement=str(engagement), name="DATEV").id
    world.do("maya", "ask_access", system=str(system), person=radoslav, right="post")
    sequence()
    assert world.one("petra", Engagement, id=engagement)
    return world


def _signed_with_time(world: World, award: Any, second: UUID) -> UUID:
    """An agreement that bills time beside its units."""
    agreement = drawn_up(world, award, (second,))
    world.do("maya", "settle_terms", agreement=agreement, time_billed=True)
    return both_signed(world, agreement)


def _asked(world: World, engagement: UUID, item: Any) -> None:
    """A question drafted, one passed on and reminded of, one taken back; an answer kept, followed and withdrawn."""
    from remit.apps.work.models import PlannedReminder

    world.do("maya", "draft_request", item=str(item.id), question="And the cash book?")
    passed = world.do("maya", "ask_client", item=str(item.id), question="Who signs?", blocks=False)
    world.do("jonas", "pass_request", request=str(passed.id), owner="Petra Lang")
    planned = world.one("maya", PlannedReminder, request=passed.id, ended_at=None, due_at__lte=world.now)
    world.do(replace(world.by("petra"), door="job"), "remind_request", planned=str(planned.id))
    world.do("maya", "withdraw_request", request=str(passed.id), reason="It is known")
    holds = {"engagement": str(engagement), "question": "Where do fees go?", "text": "To account 4970", "from_on": "2026-09-01"}
    kept = world.do("petra", "state_instruction", **holds)
    world.do("maya", "follow_instruction", item=str(item.id), instruction=str(kept.id), question="Where do fees go?")
    world.do("petra", "withdraw_instruction", instruction=str(kept.id), reason="They go elsewhere now")


def _judged(world: World, engagement: UUID, item: Any) -> None:
    """A procedure adopted, one taken back; a sample; a check let pass; findings answered and drafted; accepted in the end."""
    from remit.apps.work.models import ProcedureVersion, ReviewFinding, WorkItem

    asked = {"engagement": str(engagement), "owner": "Georgi Stanev", "owner_side": "provider", "why": "As they work", "valid_from": "2026-10-01"}
    for task in ("bank_reconciliation", "trial_balance"):
        world.do("maya", "propose_procedure", task=task, text="1. Load", **asked)
        version = world.one("maya", ProcedureVersion, procedure__task=task, procedure__engagement=engagement)
        world.do("petra", "judge_procedure", proposal=str(version.id), verdict="agreed")
    world.do("petra", "withdraw_procedure", procedure=str(version.procedure_id), reason="Too coarse")
    world.do("maya", "adopt_procedure", item=str(item.id))
    world.do("elena", "move", item=str(item.id), step="checklist", command="tick", values={"item": "1"})
    plan = world.do("maya", "propose_sampling", engagement=str(engagement), valid_from="2026-10-01")
    world.do("petra", "judge_sampling", plan=str(plan.id), verdict="agreed")
    prepared(world, item)
    with world.see("elena"):
        key = next(iter(item.stepstates.get(step="prepare").state["answers"]))
    world.do("elena", "move", item=str(item.id), step="prepare", command="withdraw", values={"item": key})
    world.do("georgi", "let_pass", item=str(item.id), check="recon.explained", reason="The client answers by Monday")
    first = world.do("elena", "hand_in", item=str(item.id))
    found = {"category": "figure", "severity": "major", "says": "Booked twice"}
    world.do("arun", "review", deliverable=str(first.id), verdict="returned", findings=[found])
    finding = world.one("arun", ReviewFinding, review__deliverable=first.id)
    second = world.do("elena", "hand_in", item=str(item.id), answers=[{"finding": str(finding.id), "answer": "fixed"}])
    looks = [row | {"right": True} for row in drawn(world, world.one("arun", WorkItem, id=item.id).deliverables.model, second.id)]
    world.do("arun", "look_at_sample", deliverable=str(second.id), looks=looks)
    world.do("arun", "review", deliverable=str(second.id), verdict="passed")
    world.do("jonas", "accept", deliverable=str(second.id))


def drawn(world: World, model: Any, deliverable: UUID) -> list[dict[str, str]]:
    """What a sample holds, as looked at."""
    from remit.apps.work import sampled

    with world.see("arun"):
        found = sampled.of(model.objects.get(id=deliverable))
        assert found is not None
        return [{"stratum": stratum.result.drawn.stratum, "key": row["key"]} for stratum in found.strata for row in stratum.rows]


def _timed(world: World, item: Any) -> None:
    """Time by hand and by timer, withdrawn, brought from a tool; leave, withdrawn, brought."""
    first = world.do("elena", "enter_time", item=str(item.id), begins_at=(world.now - timedelta(hours=2)).isoformat(), ends_at=world.now.isoformat())
    assert first.id
    gone = world.do("elena", "enter_time", item=str(item.id), minutes=20)
    world.do("elena", "withdraw_time", entry=str(gone.id), reason="Twice")
    world.do("elena", "map_time", called="Halden / Close", item=str(item.id))
    sheet = b64encode(b"item,date,duration\nclose,2026-11-02,0:10\n").decode()
    world.do("maya", "bring_time", file={"name": "time.csv", "content": sheet}, zone="Europe/Sofia")
    world.do("elena", "start_timer", item=str(item.id))
    leave = world.do("elena", "enter_leave", begins_on="2027-03-01", kind="sick")
    world.do("elena", "withdraw_leave", absence=str(leave.id))
    away = b64encode(b"person,from\nGeorgi Stanev,2026-12-01\n").decode()
    world.do("maya", "bring_leave", file={"name": "leave.csv", "content": away})


def _taken_over(world: World) -> None:
    """A relation that ran before, with work not billed yet; its client is here and confirms it."""
    people = takeover_case.people(2, ("Vistula",))
    calendar = [row | {"client reference": world.vistula.reference} for row in takeover_case.calendar(("Vistula",), staff=people)]
    files = takeover_case.folder(people, takeover_case.prices(("Vistula",)), calendar, ("Vistula",))
    brought = world.do("maya", "bring_takeover", files=[{"name": file.name, "content": b64encode(file.content).decode()} for file in files])
    world.do("maya", "take_over", takeover=str(brought.id))
    from remit.apps.agreements.models import TakenOver

    world.do("olga", "confirm_takeover", agreement=str(world.one("maya", TakenOver).agreement_id))


def _mail(world: World) -> None:
    """A mail that came in as the answer to the guest's invitation."""
    from remit.apps.organizations.mailing.placing import Spot, handle
    from remit.apps.organizations.models import Message
    from remit.formats.mail.values import Incoming

    key = world.one("petra", Message, to_email="lenka@books.example").reply_key
    answer = Incoming("lenka@books.example", "Lenka", "Re: October", "<1@books.example>", (key,), text="Yes")
    with world.clock():
        assert handle(answer, "k" * 64, Spot("m" * 64, "1")) == "unplaced"


def _members(world: World, engagement: UUID, second: UUID) -> None:
    """Members of narrow grants: one of the second entity, one of the engagement and one of the service on either side; a deputy; and what is personal."""
    reads = {"role": "reader", "scope": "engagement", "scope_id": str(engagement)}
    scoped(world, "halden", "petra", "ella", {"role": "reader", "scope": "entity", "scope_id": str(second)})
    scoped(world, "halden", "petra", "emil", reads)
    scoped(world, "halden", "petra", "nobody")
    scoped(world, "halden", "petra", "fanny", {"role": "requester", "scope": "field", "scope_field": "bookkeeping"})
    scoped(world, "rila", "maya", "rada", reads)
    world.houses["halden"].seats["ersatz"] = deputy(world, "halden", "emil", "jonas")
    closed_off = opened_rights(world)
    world.houses["halden"].seats["lena"] = replace(world.by("rita"), name="Lena Job", door="job")
    assert world.one("petra", _engagement(), id=closed_off)


def opened_rights(world: World) -> UUID:
    """A second engagement, of personal matters; gives its key."""
    return signed(world, awarded(world), personal=True)


def _engagement() -> Any:
    from remit.apps.agreements.models import Engagement

    return Engagement


@dataclass(frozen=True)
class Known:
    """What the owner of the database sees."""

    rows: dict[str, list[dict[str, Any]]]

    def audiences(self, by: By, at: Any) -> set[UUID]:
        """Read by the organization at an instant."""
        return {
            row["audience_id"]
            for row in self.rows["records_reader"]
            if row["principal"] in principals(by) and row["since"] <= at and (row["until"] is None or row["until"] > at)
        }

    def reaches(self, by: By, at: Any, audience: UUID, entity: UUID | None) -> bool:
        """Whether of one entity's rows in an audience something is read: everything of it, or that entity's."""
        return any(
            row["audience_id"] == audience
            and row["principal"] in principals(by)
            and row["since"] <= at
            and (row["until"] is None or row["until"] > at)
            and row["entity_id"] in (None, entity)
            for row in self.rows["records_reader"]
        )

    def grants(self, by: By, at: Any) -> list[dict[str, Any]]:
        """Those in force of whoever acts, or of whoever they act for."""
        return [
            row
            for row in self.rows["organizations_grant"]
            if row["membership_id"] == by.holder and by.may_use(row["role"]) and row["since"] <= at and (row["until"] is None or row["until"] > at)
        ]

    def persons(self, by: By, at: Any) -> set[UUID]:
        """Oneself, and who is a member in force."""
        return {by.person} | {
            row["person_id"]
            for row in self.rows["organizations_membership"]
            if by.link is None and row["organization_id"] == by.organization and row["since"] <= at and (row["until"] is None or row["until"] > at)
        } - {None}


@pytest.fixture(scope="module")
def known(filled: World, cluster: TestCluster, database: str) -> Known:
    rows = {}
    with psycopg.connect(cluster.owner_url(database), row_factory=psycopg.rows.dict_row) as owner:
        for model in TENANT:
            rows[table_of(model)] = owner.execute(f'select * from "{table_of(model)}"').fetchall()
    return Known(rows)


def principals(by: By) -> tuple[Any, ...]:
    """Whose reading rights count: the organization's jobs read under a key made from the organization's."""
    job = UUID(hashlib.md5(f"job:{by.organization}".encode(), usedforsecurity=False).hexdigest())
    return (by.principal, job if by.door == "job" else by.reader)


CHAIN = {
    "work_period": ("agreements_agreedentity", "entity_id"),
    "work_workitem": ("work_period", "period_id"),
    **dict.fromkeys(("work_assignment", "work_itemfile", "work_stepstate", "work_deliverable", "work_request"), ("work_workitem", "item_id")),
    **dict.fromkeys(("work_timeentry", "work_timewithdrawal", "work_billedtime", "work_presence", "work_timer"), ("work_workitem", "item_id")),
    **dict.fromkeys(("work_filing", "work_instructionuse", "work_procedureadoption", "work_checkoverride"), ("work_workitem", "item_id")),
    **dict.fromkeys(("work_requestdraft", "work_findingdraft"), ("work_workitem", "item_id")),
    "work_receipt": ("work_filing", "filing_id"),
    "work_assignmentanswer": ("work_assignment", "assignment_id"),
    "work_matterstep": ("work_matter", "matter_id"),
    **dict.fromkeys(("work_clientsystem", "work_permission", "work_observing", "work_breakglass"), ("agreements_engagement", "engagement_id")),
    "work_systemaccess": ("work_clientsystem", "system_id"),
    "work_itemreopening": ("work_workitem", "item_id"),
    **dict.fromkeys(("work_handover", "work_requestwithdrawal", "work_plannedreminder", "work_reminder"), ("work_request", "request_id")),
    "work_instructionwithdrawal": ("work_standinginstruction", "instruction_id"),
    **dict.fromkeys(("work_procedureversion", "work_procedurewithdrawal"), ("work_procedure", "procedure_id")),
    "work_procedureverdict": ("work_procedureversion", "version_id"),
    "work_reviewfinding": ("work_review", "review_id"),
    "work_findinganswer": ("work_reviewfinding", "finding_id"),
    "work_samplingverdict": ("work_samplingplan", "plan_id"),
    "work_reviewsample": ("work_deliverable", "deliverable_id"),
    "work_reviewsampled": ("work_reviewsample", "sample_id"),
    "work_timemapping": ("agreements_engagement", "engagement_id"),
    "work_answer": ("work_request", "request_id"),
    **dict.fromkeys(("work_answerfile", "work_settlement"), ("work_answer", "answer_id")),
    **dict.fromkeys(("work_deliverablefile", "work_review", "work_acceptance"), ("work_deliverable", "deliverable_id")),
    "work_closing": ("work_period", "period_id"),
    **dict.fromkeys(("work_reopening", "work_sealing"), ("work_closing", "closing_id")),
    "work_keptfile": ("work_workitem", "used_for_id"),
    "work_openingtime": ("work_period", "period_id"),
    "billing_invoiceline": ("billing_invoice", "invoice_id"),
    "sourcing_assessment": ("sourcing_function", "function_id"),
    "sourcing_shortlist": ("sourcing_brief", "brief_id"),
    "sourcing_choice": ("sourcing_award", "award_id"),
    "organizations_bankaccount": ("organizations_entity", "entity_id"),
    "organizations_message": ("organizations_guestlink", "link_id"),
    "organizations_receivedmail": ("organizations_message", "message_id"),
    "records_opening": ("records_entry", "entry_id"),
}
"""Tables of which a scoped member reads what belongs to a row that they read."""
OR_NONE = {
    **dict.fromkeys(("work_procedure", "work_standinginstruction", "work_recurrence"), ("agreements_agreedentity", "entity_id")),
    "work_matter": ("work_workitem", "item_id"),
}
"""The same where a row may belong to none, and is then read by whoever reads the engagement."""
THINGS = (
    "agreements_agreement", "agreements_engagement", "agreements_agreedentity", "agreements_agreedline", "work_period", "work_workitem", "work_assignment",
    "work_itemfile", "work_stepstate", "work_deliverable", "work_deliverablefile", "work_review", "work_acceptance", "work_request", "work_answer",
    "work_settlement", "work_openingtime", "work_timeentry", "work_timewithdrawal", "billing_invoice",
)  # fmt: skip
"""What entries and links are about."""


def narrowed(name: str, known: Known, by: By, at: Any) -> Callable[[dict[str, Any]], bool]:
    """What of a table lies within what a scoped member is granted."""

    def shown(table: str) -> set[UUID]:
        return {row["id"] for row in visible(MODELS[table], known, by, at)}

    if name in CHAIN:
        table, column = CHAIN[name]
        read = shown(table)
        return lambda row: row[column] in read
    if name in OR_NONE:
        table, column = OR_NONE[name]
        read = shown(table)
        return lambda row: row[column] is None or row[column] in read
    grants = known.grants(by, at)
    if name in ("records_entry", "organizations_guestlink"):
        about = "object_id" if name == "records_entry" else "about_id"
        things = {key for table in THINGS for key in shown(table)}
        return lambda row: row[about] in things or known.reaches(by, at, row["audience_id"], None)
    match name:
        case "agreements_agreedentity":
            return lambda row: known.reaches(by, at, row["audience_id"], row["entity_id"])
        case "work_takeoverdraft" | "people_leavedraft":
            return lambda row: False
        case "work_timedraft" | "organizations_digestplan" | "organizations_digest" | "organizations_notification" | "organizations_setaside":
            return lambda row: row["membership_id"] == by.reader
        case "work_givenpack":
            return lambda row: known.reaches(by, at, row["audience_id"], None)
        case "billing_invoice":
            periods = shown("work_period")
            return lambda row: row["period_id"] in periods or known.reaches(by, at, row["audience_id"], None)
        case "sourcing_function":
            return lambda row: any(grant["scope"] == "field" and grant["scope_field"] == row["service"] for grant in grants)
        case "organizations_entity":
            agreed = {row["entity_id"] for row in visible(MODELS["agreements_agreedentity"], known, by, at)}
            return lambda row: row["id"] in agreed or any(grant["scope"] == "entity" and grant["scope_id"] == row["id"] for grant in grants)
        case "organizations_grant":
            return lambda row: row["membership_id"] == by.reader or row in grants
        case "organizations_deputy":
            return lambda row: by.reader in (row["away_id"], row["deputy_id"], row["id"])
    return lambda row: True


def visible(model: type[Model], known: Known, by: By, at: Any) -> list[dict[str, Any]]:
    """What the class says of the rows, told once more in Python."""
    declared, rows = rows_of(model), known.rows[table_of(model)]
    heard, persons = known.audiences(by, at), known.persons(by, at)
    mine = None if by.link else by.organization
    near = {row["tenant_id"] for row in known.rows["records_participation"] if row["audience_id"] in heard}
    column = declared.column
    threads = {row["thread_id"] for row in known.rows["records_audience"] if row["id"] in heard}
    sees: dict[str, Callable[[dict[str, Any]], bool]] = {
        "own": lambda row: row[column or "organization_id"] == mine,
        "shared": lambda row: row[column or "audience_id"] in heard,
        "placed": lambda row: row[column or "audience_id"] in heard,
        "market": lambda row: by.link is None or row[column or "organization_id"] in near,
        "once": lambda row: row["organization_id"] == by.organization and by.link in (None, row["actor"]),
        "secret": lambda row: row["organization_id"] == mine or (row["opened_at"] is not None and row["audience_id"] in heard),
        "person": lambda row: row[column or "person_id"] in persons,
        "membership": lambda row: row["organization_id"] == mine or (by.person is not None and row["person_id"] == by.person),
        "thread": lambda row: row["opened_by_id"] == mine or row["id"] in threads,
        "audience": lambda row: row["opened_by_id"] == mine or row["id"] in heard,
        "participation": lambda row: row["tenant_id"] == mine or row["audience_id"] in heard,
        "reader": lambda row: row["principal"] in principals(by),
    }
    within = narrowed(table_of(model), known, by, at) if by.scoped else lambda row: True
    return [row for row in rows if sees[declared.kind](row) and within(row)]


def keys(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.pk_fields]


def identified(model: type[Model], rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {tuple(row[name] for name in keys(model)) for row in rows}


def seen(model: type[Model]) -> set[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in keys(model))
        cursor.execute(f'select {names} from "{table_of(model)}"')
        return set(cursor.fetchall())


def test_every_table_is_of_a_class_or_listed_with_its_reason() -> None:
    outside = {table_of(model): rows_of(model).why for model in apps.get_models() if rows_of(model).kind == "outside"}
    assert set(outside) == OUTSIDE
    assert {table_of(model) for model in TENANT if rows_of(model).kind == "market"} == MARKET
    assert all(len(why) > 10 for why in outside.values())
    assert len(TENANT) > 50


def test_every_table_has_the_policies_and_rights_of_its_class(cluster: TestCluster, database: str) -> None:
    with psycopg.connect(cluster.owner_url(database)) as owner:
        laid = owner.execute("select tablename, lower(cmd), policyname from pg_policies where 'remit_program' = any(roles)").fetchall()
        secured = {row[0] for row in owner.execute("select relname from pg_class where relrowsecurity").fetchall()}
        granted = owner.execute("select table_name, lower(privilege_type) from information_schema.role_table_grants where grantee = %s", [PROGRAM]).fetchall()
    for model in apps.get_models():
        name, declared = table_of(model), rows_of(model)
        policies = {command for table, command, _policy in laid if table == name}
        rights = {right for table, right in granted if table == name}
        if declared.kind == "outside":
            assert name not in secured
            continue
        assert name in secured
        expected = rights_of(declared)
        assert policies == expected, name
        assert rights == expected, name
        assert bool(declared.narrow) == (("narrow") in {policy for table, _command, policy in laid if table == name}), name


def test_rights_are_laid_anew_on_a_database_in_use(filled: World, cluster: TestCluster, database: str) -> None:
    """As every start with a changed program does."""
    with psycopg.connect(cluster.owner_url(database), cursor_factory=psycopg.ClientCursor) as owner:
        apply(owner.cursor())  # type: ignore[arg-type]


def rights_of(declared: Rows) -> set[str]:
    fixed = {"sequencer": {"insert"}, "placed": {"select"}, "reader": {"select"}}
    more = {right for right, given in (("update", declared.update), ("delete", declared.delete)) if given}
    return fixed.get(declared.kind, {"select", "insert"} | more)


def test_the_thread_fills_the_tables(known: Known) -> None:
    empty = {name for name, rows in known.rows.items() if not rows}
    assert empty <= {"records_queued"}, empty


@pytest.mark.parametrize("model", READ, ids=table_of)
def test_a_seat_reads_exactly_what_the_class_says(filled: World, known: Known, model: type[Model]) -> None:
    for seat in SEATS:
        by = filled.by(seat)
        with reading(by, filled.now):
            assert seen(model) == identified(model, visible(model, known, by, filled.now)), seat
    (link,) = known.rows["organizations_guestlink"]
    guest = By(organization=link["organization_id"], door="link", link=link["id"], name="Lenka")
    with reading(guest, filled.now):
        assert seen(model) == identified(model, visible(model, known, guest, filled.now))


@pytest.mark.parametrize("model", TENANT, ids=table_of)
def test_without_a_context_a_query_raises(filled: World, known: Known, model: type[Model]) -> None:
    if not known.rows[table_of(model)]:
        pytest.skip("nothing stands in it")
    with pytest.raises(ProgrammingError, match=r"is set in this transaction|permission denied"), transaction.atomic():
        seen(model)


@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("model", TENANT, ids=table_of)
def test_nobody_changes_or_removes_another_s_rows(filled: World, known: Known, model: type[Model], verb: str) -> None:
    """An outsider tries rows that the owner knows: they are not found, or the program may not do it at all."""
    by, name, key = filled.by("olga"), table_of(model), keys(model)[0]
    begins = f'update "{name}" set "{key}" = "{key}"' if verb == "update" else f'delete from "{name}"'
    where = " and ".join(f'"{column}" = %s' for column in keys(model))
    for row in foreign_rows(model, known, by, filled.now)[:20]:
        with undone(by, filled.now), connection.cursor() as cursor:
            if verb not in rights_of(rows_of(model)):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(f"{begins} where {where}", [row[column] for column in keys(model)])
                continue
            cursor.execute(f"{begins} where {where}", [row[column] for column in keys(model)])
            assert cursor.rowcount == 0, row


@pytest.mark.parametrize("model", TENANT, ids=table_of)
def test_nobody_adds_rows_in_another_s_name(filled: World, known: Known, model: type[Model]) -> None:
    by, name = filled.by("olga"), table_of(model)
    for row in foreign_rows(model, known, by, filled.now)[:3]:
        if rows_of(model).kind == "sequencer":
            continue  # whoever may act may queue; the entry itself must be there, and it is another's
        row = dict(row)
        if model._meta.pk.get_internal_type() == "UUIDField" and rows_of(model).column not in ("id", "tenant_id"):
            row[keys(model)[0]] = uuid7()
        columns = ", ".join(f'"{column}"' for column in row)
        values = [psycopg.types.json.Jsonb(value) if isinstance(value, (dict, list)) and is_json(model, column) else value for column, value in row.items()]
        with (
            # The laws of reviews stand before the policies do: what is over is over for whoever asks.
            pytest.raises((ProgrammingError, IntegrityError), match=r"row-level security|permission denied|not the newest bytes|the verdict is given"),
            undone(by, filled.now),
            connection.cursor() as cursor,
        ):
            cursor.execute(f'insert into "{name}" ({columns}) values ({", ".join(["%s"] * len(row))})', values)


def foreign_rows(model: type[Model], known: Known, by: By, at: Any) -> list[dict[str, Any]]:
    """Rows that are another's: not read by this seat, and of what everybody reads those with another organization's name."""
    declared, rows = rows_of(model), known.rows[table_of(model)]
    if declared.kind == "market":
        return [row for row in rows if row[declared.column or "organization_id"] != by.organization]
    if declared.kind == "sequencer":
        return rows
    read = identified(model, visible(model, known, by, at))
    return [row for row in rows if tuple(row[name] for name in keys(model)) not in read]


def is_json(model: type[Model], column: str) -> bool:
    return any(field.column == column and field.get_internal_type() == "JSONField" for field in model._meta.concrete_fields)


@contextmanager
def undone(by: By, at: Any) -> Iterator[None]:
    """A write transaction that is rolled back."""
    with writing(by, at):
        yield
        transaction.set_rollback(True)


def test_a_left_participation_closes_the_log_and_keeps_what_was_read_before(filled: World, known: Known) -> None:
    """Rights are of an instant: before it joined, and after it left, an audit firm reads nothing of the engagement."""
    from remit.apps.agreements.models import Engagement
    from remit.apps.records.models import Entry, Participation

    engagement = filled.one("petra", Engagement, agreement__personal=False)
    ivan = filled.by("ivan")
    with filled.see("petra"):
        since = Participation.objects.get(audience=engagement.audience_id, role="auditor").since
    with reading(ivan, since - timedelta(seconds=1)):
        assert not Entry.objects.filter(audience=engagement.audience_id).exists()
    with reading(ivan, since):
        assert Entry.objects.filter(audience=engagement.audience_id).exists()
