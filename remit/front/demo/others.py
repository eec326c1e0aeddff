"""Who takes part besides: a question that the client answered, a guest, a deputy, and a member who reads one company only."""

from __future__ import annotations

from typing import Any

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.deputies import name_deputy
from remit.apps.organizations.guests import invite_guest
from remit.apps.organizations.members import grant_role
from remit.apps.people.models import Staff
from remit.apps.records.context import reading
from remit.apps.work.actions import answer_request, ask_access, ask_client, grant_access, name_system, settle_request
from remit.apps.work.models import Assignment, WorkItem
from remit.front.demo.market import Market
from remit.front.demo.script import Script


def question(script: Script, market: Market, item: WorkItem) -> None:
    """Asked about the month that is under way, answered by the client, and the answer taken."""
    divya, jonas = market.rila.seats["divya"], market.halden.seats["jonas"]
    asked = script.do(
        divya, ask_client, item=str(item.id), question="Is the credit of 12 January from Optik Nord for invoice RE-26-1187?", due_at="2027-02-10T16:00:00Z"
    )
    given = script.do(jonas, answer_request, request=str(asked.id), text="Yes: it pays RE-26-1187 in full. Their remittance advice of 11 January says so.")
    script.do(divya, settle_request, answer=str(given.id))


def open_question(script: Script, market: Market, item: WorkItem) -> None:
    """Asked and not answered: it holds acceptance and closing, and the item's clock stands."""
    text = "Who paid 3,164.00 on 28 January? The bank gives only “GUTSCHRIFT 4471”. If it is an invoice, please name its number."
    divya = market.rila.seats["divya"]
    script.do(divya, ask_client, item=str(item.id), question=text, due_at="2027-02-11T11:00:00Z", owner="Jonas Weber")


def guest(script: Script, market: Market, item: WorkItem) -> None:
    """Somebody of Northwind's without log-in brings papers of a month by a mailed link."""
    note = "Please bring the bank statement and the ledger of January."
    acts = ["bring_paper", "answer_request"]
    owner = market.northwind.seats["grace"]
    script.do(owner, invite_guest, kind="item", about=str(item.id), email="fiona@northwind-books.example", name="Fiona Marsh", acts=acts, days=30, note=note)


def deputy(script: Script, market: Market) -> None:
    """Jonas is away in the second half of February; Petra accepts for him."""
    jonas, petra = market.halden.seats["jonas"], market.halden.seats["petra"]
    away: dict[str, Any] = {"since": "2027-02-15T07:00:00Z", "until": "2027-02-27T17:00:00Z", "reason": "Leave"}
    script.do(jonas, name_deputy, deputy=str(petra.membership), **away)


def scoped(script: Script, market: Market) -> None:
    """The Czech company's own bookkeeper reads and accepts what concerns it, and nothing beside."""
    petra = market.halden.seats["petra"]
    marek = script.member(petra, "marek@halden.example", "Marek Dvořák", [])
    reach: dict[str, Any] = {"scope": "entity", "scope_id": str(market.entities["brno"])}
    script.do(petra, grant_role, membership=str(marek.membership), role="approver", **reach)


def systems(script: Script, market: Market) -> None:
    """The client's accounting system in the register: whoever works there has an account, and one more is asked for."""
    petra, maya = market.halden.seats["petra"], market.rila.seats["maya"]
    with reading(maya, script.now):
        running = Engagement.objects.filter(client=market.halden.key, provider=market.rila.key).order_by("started_at").first()
        assert running is not None
        working = Assignment.objects.filter(item__engagement=running, ended_at=None).order_by("person_name").distinct("person_name")
        people = [(str(row.person_id), row.step) for row in working]
        held = set(working.values_list("person_id", flat=True))
        more = Staff.objects.filter(organization=market.rila.key, until=None).exclude(person__in=held).order_by("person__name").first()
    system = script.do(petra, name_system, engagement=str(running.id), name="DATEV Unternehmen online")
    for number, (person, step) in enumerate(people, 1):
        access = script.do(maya, ask_access, system=str(system.id), person=person, right="read" if step == "review" else "read and post")
        script.do(petra, grant_access, access=str(access.id), account=f"rila-{number:02}")
    if more is not None:
        script.do(maya, ask_access, system=str(system.id), person=str(more.person_id), right="read")
