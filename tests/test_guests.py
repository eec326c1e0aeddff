"""Guests: the whole way with a client that never enrols, and what links and codes refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.records import log
from remit.apps.records.models import Entry
from remit.apps.work.models import Answer, Deliverable, ItemFile, Period, WorkItem
from remit.front.pages import limits
from remit.lines import examples
from tests import world as worlds
from tests.guest import Guest
from tests.world import World

MAIL, NAME = "zdenka@zora.example", "Zdenka Zora"


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has its own bucket of tries; links have limits of their own."""
    monkeypatch.setattr(limits, "GUESTS", limits.Buckets(burst=1000, per_minute=1000))


@pytest.fixture(autouse=True)
def _clock(world: World) -> Iterator[None]:
    with world.clock():
        yield


def invite(world: World, kind: str, about: UUID, acts: list[str], *, host: str = "maya", **more: Any) -> Guest:
    given = {"email": MAIL, "name": NAME} | more
    return Guest(world, host, world.do(host, "invite_guest", kind=kind, about=str(about), acts=acts, **given).id)


def upload(name: str, content: bytes) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def rows(table: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


def codes_of(entry: UUID) -> list[str]:
    return [reason.code for reason in log.read(entry).reasons]


@pytest.fixture(scope="module")
def client(world: World) -> UUID:
    """A client that never signs in, registered by the provider."""
    world.on(worlds.BRIEFED_AT)
    return world.do("maya", "register_organization", name="Zora Optik GmbH", kinds=["client"], country="DE", currency="EUR").id


@pytest.fixture(scope="module")
def agreement(world: World, client: UUID) -> UUID:
    """Offered by the provider from what the client told it, and settled as far as the provider can."""
    brief = world.do("maya", "record_brief", client=str(client), title="Monthly books", answers=worlds.ANSWERS)
    made = world.do("maya", "offer_agreement", brief=str(brief.id)).id
    world.do(
        "maya", "settle_terms", agreement=str(made), tax_category="AE", tax_reason="Reverse charge, Article 196 of Directive 2006/112/EC",
        contacts=[{"side": "client", "name": NAME}, {"side": "provider", "name": "Maya Dimitrova"}],
        responsible=str(world.rila.persons["Georgi Stanev"]), iban="BG80BNBG96611020345678",
    )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def engagement(world: World, client: UUID, agreement: UUID) -> UUID:
    """The guest states the company and signs; then the provider signs."""
    with world.clock():
        guest = invite(world, "agreement", agreement, ["state_entity", "sign_agreement"], organization=str(client)).come_in()
        assert "The company that it concerns" in guest.text()
        example = examples.load("bookkeeping", worlds.MONTH).entity
        facts = {"name": "Zora Optik GmbH", "country": "DE", "currency": "EUR", "zone": "Europe/Berlin", "fiscal_year_start": "1", "joins_on": "2026-10-01"}
        asked = {f"q-{code}": example[code] for code in ("bank_account", "bank_ledger_account", "chart_of_accounts", "fee_account")}
        reference = world.one("maya", Agreement, id=agreement).reference
        bad = guest.post(f"agreements/{reference}/entity/", **facts, **asked, ibans="DE00")
        assert bad.status_code == 422
        assert "DE00" in bad.content.decode()
        told = guest.post(f"agreements/{reference}/entity/", **facts, **asked, ibans=example["bank_account"])
        assert told.status_code == 303, told.content.decode()
        assert guest.post(f"agreements/{reference}/sign/").status_code == 303
        assert "Signed for Zora Optik GmbH" in guest.text()
        assert guest.post(f"agreements/{reference}/terms/").content.startswith(b"%PDF")
        with world.see("maya"):
            entry = Entry.objects.get(kind="agreement.signed", object_id=agreement)
            decision = log.read(entry.id)
            assert (decision.door, decision.actor.role, decision.actor.guest_link, decision.actor.organization) == ("link", "guest", guest.link, client)
            assert codes_of(entry.id) == ["came.code_in_outbox"]
        world.do("maya", "sign_agreement", agreement=str(agreement))
        key: UUID = world.one("maya", Engagement, agreement=agreement).id
        return key


@pytest.fixture(scope="module")
def item(world: World, engagement: UUID) -> WorkItem:
    """October, opened and staffed by the provider; the example's ledger is read by the example's mapping."""
    world.on(worlds.OPENED_AT)
    with world.see("maya"):
        entity = AgreedEntity.objects.get(agreement__engagement=engagement)
    _map(entity.id, examples.load("bookkeeping", worlds.MONTH).entity["ledger_mapping"])
    made = world.do("maya", "open_period", engagement=str(engagement), entity=str(entity.id), month="2026-10-01")
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(made.id), step=step, person=str(world.rila.persons[person]))
    item: WorkItem = world.one("maya", WorkItem, id=made.id)
    return item


def _map(entity: UUID, mapping: dict[str, Any]) -> None:
    """The example's ledger is read by a mapping that no page asks in full."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("update agreements_agreedentity set answers = answers || %s::jsonb where id = %s", [json.dumps({"ledger_mapping": mapping}), entity])


def test_the_whole_way_with_a_client_that_never_enrols(world: World, client: UUID, item: WorkItem, sequence: Callable[[], None]) -> None:
    """Paper, question, delivery, acceptance, invoice, closing: by a guest, in the client's name, each entry saying how they came in."""
    guest = invite(world, "item", item.id, ["bring_paper", "take_back_paper", "answer_request", "accept"], organization=str(client)).come_in()
    work = f"work/{item.reference}/"
    example, planted = examples.load("bookkeeping", worlds.MONTH), examples.load("bookkeeping", "planted-errors")
    wrong = next(paper for paper in planted.papers if "foot" in paper.name)
    refused = guest.post(work + "bring/", slot="statement", file=upload(wrong.name, wrong.data))
    assert refused.status_code == 422
    assert "bank." in refused.content.decode()
    with world.see("maya"):
        assert not ItemFile.objects.filter(item=item).exists()
    for paper in example.papers:
        answer = guest.post(work + "bring/", slot=paper.slot, file=upload(paper.name, paper.data))
        assert answer.status_code == 303, answer.content.decode()
    assert all(paper.name in guest.text() for paper in example.papers)
    with world.see("maya"):
        for entry in Entry.objects.filter(kind="paper.brought", object_id__in=ItemFile.objects.filter(item=item).values("id")):
            assert log.read(entry.id).actor.guest_link == guest.link
            assert codes_of(entry.id) == ["came.code_in_outbox"]
    for move in example.moves:
        if move.take:
            world.do("elena", "take_suggestions", item=str(item.id), step=move.step)
        else:
            world.do("elena", "move", item=str(item.id), step=move.step, command=move.command, values=dict(move.values or {}))
    _asked_and_answered(world, item, guest)
    made = world.do("elena", "hand_in", item=str(item.id))
    assert "Nothing was passed to you yet" in guest.text()
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    assert "manifest.json" in guest.text()
    assert guest.post(f"files/{made.id}/open/").status_code == 200
    back = guest.post(work + "accept/", deliverable=str(made.id), verdict="returned")
    assert back.status_code == 422
    assert guest.post(work + "accept/", deliverable=str(made.id), verdict="accepted").status_code == 303
    with world.see("maya"):
        accepted = Deliverable.objects.get(id=made.id).acceptances.get()
        assert (accepted.verdict, accepted.accepted_by_name, accepted.accepted_by) == ("accepted", NAME, None)
    invoice = world.do("maya", "draw_invoice", period=str(item.period_id))
    assert invoice.reference
    closer = invite(world, "period", item.period_id, ["close_period"], organization=str(client)).come_in()
    period = world.one("maya", Period, id=item.period_id)
    assert closer.post(f"periods/{period.reference}/close/").status_code == 303
    job = worlds.replace(world.by("maya"), door="job")
    for verb in ("seal_period", "give_pack"):
        sequence()
        world.do(job, verb, period=str(period.id))
    assert "Evidence packs" in closer.text()
    assert guest.post(work + "take-back/" + str(_paper(world, item)) + "/").headers["Location"].startswith(guest.page + "?refused=")


def _paper(world: World, item: WorkItem) -> UUID:
    with world.see("maya"):
        key: UUID = ItemFile.objects.filter(item=item).values_list("id", flat=True)[0]
        return key


def _asked_and_answered(world: World, item: WorkItem, guest: Guest) -> None:
    """A question by mail, an answer that is returned, one that settles it; reminders stop with the answer."""
    asked = world.do("elena", "ask_client", item=str(item.id), question="Who paid 3,164.00 on 28 October?")
    assert guest.sent("request").count("Who paid 3,164.00") == 1
    assert guest.page in guest.sent("request") or "Open the link that you were sent" in guest.sent("request")
    _first_answer(guest, item, asked.id)
    answer = world.one("elena", Answer, request=asked.id)
    assert world.refused("maya", "remind_guest", link=str(guest.link)) == ("guest.nothing_waits",)
    world.do("elena", "settle_request", answer=str(answer.id), verdict="returned", note="Which customer?")
    assert "Which customer?" in guest.sent("request")
    world.do("maya", "remind_guest", link=str(guest.link))
    assert "Who paid 3,164.00" in guest.sent("reminder")
    assert world.refused("maya", "remind_guest", link=str(guest.link)) == ("guest.reminded",)
    path = f"work/{item.reference}/questions/{asked.id}/answer/"
    assert (
        guest.post(path, text="Bergmann Optik, RE-27-0031", files=[upload("avis.pdf", b"%PDF-1.7 avis"), upload("mail.txt", b"see above")]).status_code == 303
    )
    with world.see("elena"):
        second = Answer.objects.filter(request=asked.id).order_by("-answered_at")[0]
        assert sorted(second.files.values_list("name", flat=True)) == ["avis.pdf", "mail.txt"]
        opened = second.files.all()[0].id
    assert guest.post(f"files/{opened}/open/").status_code == 200
    world.do("elena", "settle_request", answer=str(second.id), verdict="accepted")
    assert world.refused("elena", "settle_request", answer=str(second.id), verdict="accepted") == ("request.settled",)
    assert guest.post(path, text="once more").headers["Location"].startswith(guest.page + "?refused=")
    assert world.refused("maya", "answer_request", request=str(asked.id), text="for the client") == ("request.client",)


def _first_answer(guest: Guest, item: WorkItem, asked: UUID) -> None:
    path = f"work/{item.reference}/questions/{asked}/answer/"
    assert guest.post(path).status_code == 422
    assert guest.post(path, text="A customer").status_code == 303
