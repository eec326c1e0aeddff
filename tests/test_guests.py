"""Guests: the whole way with a client that never enrols, and what links and codes refuse."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import GuestCode, GuestLink, Message, Organization
from remit.apps.records import log
from remit.apps.records.models import Entry
from remit.apps.work.models import Answer, Deliverable, ItemFile, Period, Request, WorkItem
from remit.front.pages import limits
from remit.lines import examples
from tests import world as worlds
from tests.guest import Guest
from tests.walking import operations, pages
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
        guest = invite(world, "agreement", agreement, ["state_entity", "sign_agreement"], acts_for=str(client)).come_in()
        assert "The company that it concerns" in guest.text()
        example = examples.load("bookkeeping", worlds.MONTH).entity
        facts = {
            "name": "Zora Optik GmbH",
            "country": "DE",
            "currency": "EUR",
            "zone": "Europe/Berlin",
            "fiscal_year_start": "1",
            "joins_on": "2026-10-01",
            "vat_id": "DE136695976",
        }
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
    guest = invite(world, "item", item.id, ["bring_paper", "take_back_paper", "answer_request", "accept"], acts_for=str(client)).come_in()
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
    closer = invite(world, "period", item.period_id, ["close_period"], acts_for=str(client)).come_in()
    period = world.one("maya", Period, id=item.period_id)
    assert closer.post(f"periods/{period.reference}/close/").status_code == 303
    job = replace(world.by("maya"), door="job")
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


@pytest.fixture(scope="module")
def november(world: World, item: WorkItem) -> WorkItem:
    """Another item of the same engagement, about which the links of the first say nothing."""
    period = world.one("maya", Period, id=item.period_id)
    made = world.do("maya", "open_period", engagement=str(item.engagement_id), entity=str(period.entity_id), month="2026-11-01")
    found: WorkItem = world.one("maya", WorkItem, id=made.id)
    return found


def test_a_scanner_s_visit_records_nothing_and_sends_nothing(world: World, client: UUID, november: WorkItem) -> None:
    guest = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client))
    tables = ("records_entry", "organizations_message", "organizations_guestcode", "django_session", "records_once")
    before = {table: rows(table) for table in tables}
    for answer in (guest.get(), guest.browser.head(guest.page), guest.get("code/"), guest.get("enter/"), guest.browser.options(guest.page)):
        assert answer.status_code in (200, 302, 405)
    assert {table: rows(table) for table in tables} == before
    assert guest.get().headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in guest.get().headers["Cache-Control"]


def test_a_forwarded_link_opens_nothing_without_its_code(world: World, client: UUID, november: WorkItem) -> None:
    guest = invite(world, "item", november.id, ["bring_paper", "answer_request"], acts_for=str(client)).come_in()
    other = Client()
    seen = other.get(guest.page).content.decode()
    assert "Send me the code" in seen or "Code" in seen
    for hidden in (MAIL, NAME, "November", "Monatsabschluss", november.title):
        assert hidden not in seen, hidden
    before = rows("records_entry")
    answer = other.post(guest.page + f"work/{november.reference}/bring/", {"slot": "statement", "file": upload("x.sta", b":20:")})
    assert (answer.status_code, answer.headers["Location"]) == (303, guest.page)
    assert other.post(guest.page + "enter/", {"code": guest.code()}).status_code == 422  # it was used
    assert rows("records_entry") == before


def test_a_code_is_tried_five_times_and_opens_once(world: World, client: UUID, november: WorkItem) -> None:
    guest = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client))
    assert guest.post("enter/", code="123456").status_code == 422  # none was sent
    guest.post("code/")
    right = guest.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert guest.post("enter/", code=wrong).status_code == 422
    assert guest.post("enter/", code=right).status_code == 422
    assert "tried 5 times" in guest.post("enter/", code=right).content.decode()
    guest.post("code/")
    assert guest.post("enter/", code=right).status_code == 422 or guest.code() == right
    assert guest.post("enter/", code=f" {guest.code()[:3]} {guest.code()[3:]} ").status_code == 303
    assert guest.get().status_code == 200


def test_a_code_is_good_for_a_quarter_of_an_hour(world: World, client: UUID, november: WorkItem) -> None:
    guest = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client))
    guest.post("code/")
    GuestCode.objects.filter(link_id=guest.link).update(expires_at=GuestCode.objects.get(link_id=guest.link).made_at)
    assert guest.post("enter/", code=guest.code()).status_code == 422


def test_codes_and_tries_are_limited(world: World, client: UUID, november: WorkItem, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client))
    assert [guest.post("code/").status_code for _ in range(6)] == [303] * 5 + [429]
    monkeypatch.setattr(limits, "GUESTS", limits.Buckets(burst=2, per_minute=1))
    answers = [guest.post("enter/", code="000000") for _ in range(3)]
    assert [answer.status_code for answer in answers][:1] == [422]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def _expire(link: UUID) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("update organizations_guestlink set expires_at = now() - interval '1 minute' where id = %s", [link])


def test_a_link_that_is_over_explains_itself_and_asks_for_a_new_one(world: World, client: UUID, november: WorkItem) -> None:
    expired = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client)).come_in()
    ended = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client)).come_in()
    _expire(expired.link)
    world.do("maya", "end_guest", link=str(ended.link))
    for guest, says in ((expired, "This link has expired"), (ended, "This link was ended")):
        answer = guest.get()
        assert answer.status_code == 410
        assert says in answer.content.decode()
        assert "Ask Rila Ledger for a new link" in answer.content.decode()
        assert guest.post("code/").status_code == 410
        stored = guest.post(f"work/{november.reference}/bring/", slot="statement", file=upload("x.sta", b":20:"))
        assert (stored.status_code, stored.headers["Location"]) == (303, guest.page)
        for _ in range(2):
            assert guest.post("again/").status_code == 303
        with world.see("maya"):
            (notice,) = Message.objects.filter(link=guest.link, kind="notice")
            assert (notice.to_email, notice.about_reference) == ("maya@rila.example", november.reference)
        assert world.refused("maya", "remind_guest", link=str(guest.link)) == ("guest.over",)
    for secret in ("x" * 43, "cut-off", "x" * 43 + "="):
        unknown = Client().get(f"/g/{secret}/")
        assert unknown.status_code == 404
        assert "This link is unknown" in unknown.content.decode()
    assert Client().post("/g/" + "x" * 43 + "/again/").status_code == 303


def test_a_session_lasts_eight_hours(world: World, client: UUID, november: WorkItem) -> None:
    guest = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client)).come_in()
    assert november.reference in guest.text()
    now = time.time()
    with mock.patch("remit.front.guests.entrance.time.time", return_value=now + 8 * 3600 - 60):
        assert "Papers" in guest.text()
    with mock.patch("remit.front.guests.entrance.time.time", return_value=now + 8 * 3600 + 60):
        assert "Papers" not in guest.text()
    assert guest.post("leave/").status_code == 303
    assert "Papers" not in guest.text()


def test_a_guest_reaches_one_thing(world: World, client: UUID, item: WorkItem, november: WorkItem, agreement: UUID) -> None:
    """Other things of the same engagement, by their keys: refused, and the refusal is in the engagement's record."""
    guest = invite(world, "item", november.id, ["bring_paper", "take_back_paper", "answer_request", "accept"], acts_for=str(client)).come_in()
    work = f"work/{november.reference}/"
    with world.see("maya"):
        paper = ItemFile.objects.filter(item=item)[0]
        made = Deliverable.objects.filter(item=item)[0]
        asked = Request.objects.filter(item=item)[0]
        before = Entry.objects.filter(audience=november.audience_id, outcome="refused").count()
    tried = [
        guest.post(work + f"take-back/{paper.id}/"),
        guest.post(work + "accept/", deliverable=str(made.id), verdict="accepted"),
        guest.post(work + f"questions/{asked.id}/answer/", text="x"),
        guest.post(f"files/{paper.id}/open/"),
        guest.post(f"files/{made.id}/open/"),
    ]
    for answer in tried:
        assert answer.status_code == 303
        assert "refused=" in answer.headers["Location"], answer.headers
        assert answer.headers["Location"].startswith(guest.page)
    said = guest.browser.get(tried[0].headers["Location"]).content.decode()
    assert "guest.out_of_reach" in said
    assert "came.code_in_outbox" not in said.partition("What is recorded")[0]
    with world.see("maya"):
        refused = Entry.objects.filter(audience=november.audience_id, outcome="refused").order_by("-id")[0]
        assert Entry.objects.filter(audience=november.audience_id, outcome="refused").count() == before + len(tried)
        assert codes_of(refused.id) == ["guest.out_of_reach", "came.code_in_outbox"]
    for path in (f"work/{item.reference}/bring/", f"agreements/{world.one('maya', Agreement, id=agreement).reference}/sign/", "periods/PR-0000-0000/close/"):
        assert guest.post(path, slot="statement").status_code == 404, path
    shown = guest.text()
    for word in (item.reference, "Radoslav", "elena@", "/o/", "petra"):
        assert word not in shown, word


def _parts(address: str) -> list[str]:
    """The address in pieces: a parameter as its name after “<”, the rest as it is."""
    return [f"<{part.rpartition(':')[2]}" if number % 2 else part for number, part in enumerate(re.split(r"[<>]", address)) if part]


def test_a_guest_reaches_no_page_of_members_and_no_operation(world: World, client: UUID, november: WorkItem) -> None:
    guest = invite(world, "item", november.id, ["bring_paper"], acts_for=str(client)).come_in()
    theirs = world.one("maya", Organization, pk=client).reference
    for organization in (theirs, world.rila.reference):
        values = {"organization": organization, "reference": november.reference, "number": "RL-2026-0001", "step": "prepare"}
        for address, name in pages() + operations():
            path = "/" + "".join(values.get(part[1:], str(november.id)) if part[0] == "<" else part for part in _parts(address))
            for answer in (guest.browser.get(path), guest.browser.post(path)):
                if address.startswith("api/"):
                    assert answer.status_code in (401, 405), (name, answer.status_code)
                else:
                    assert answer.status_code == 302, (name, answer.status_code)
                    assert answer.headers["Location"].startswith("/sign-in/"), name


def test_a_log_in_and_a_link_never_mix(world: World, client: UUID, november: WorkItem) -> None:
    """Maya opens a link in her own browser: there she is the guest, elsewhere herself, and leaving one leaves the other."""
    guest = invite(world, "item", november.id, ["answer_request"], acts_for=str(client))
    guest.browser = world.browser("maya")
    assert "One code opens it" in guest.text()
    guest.come_in()
    assert "Maya" not in guest.text()
    asked = world.do("maya", "ask_client", item=str(november.id), question="Which account?")
    assert guest.post(f"work/{november.reference}/questions/{asked.id}/answer/", text="1200").status_code == 303
    with world.see("maya"):
        given = Answer.objects.get(request=asked.id)
        assert (given.answered_by, given.link_id, given.answered_by_name) == (None, guest.link, NAME)
        decision = log.read(Entry.objects.get(object_id=given.id).id)
        assert (decision.actor.user, decision.actor.guest_link, decision.actor.organization) == (None, guest.link, client)
    assert guest.browser.get(world.path("maya", f"work/{november.reference}/")).status_code == 200
    guest.browser.logout()
    assert "One code opens it" in guest.text()


def test_who_may_invite_whom(world: World, client: UUID, november: WorkItem, agreement: UUID) -> None:
    about = {"kind": "item", "about": str(november.id), "email": MAIL, "name": NAME}
    assert world.refused("elena", "invite_guest", **about, acts=["bring_paper"]) == ("role.missing",)
    halden = worlds.opened(world)
    given = about | {"about": str(halden.id)}
    assert world.refused("maya", "invite_guest", **given, acts=["accept"], acts_for=str(world.halden.key)) == ("guest.enrolled",)
    assert world.refused("maya", "invite_guest", **given, acts=["bring_paper"], acts_for=str(client)) == ("guest.not_party",)
    theirs = str(world.one("petra", Engagement, id=halden.engagement_id).agreement_id)
    assert world.refused("jonas", "invite_guest", kind="agreement", about=theirs, email=MAIL, name=NAME, acts=["sign_agreement"]) == ("role.missing",)
    rita = str(world.by("rita").membership)
    world.do("petra", "grant_role", membership=rita, role="approver", limit_amount="100", limit_currency="EUR")
    assert world.refused("rita", "invite_guest", **given, acts=["accept"]) == ("guest.limited",)
    for acts, code in ((["close_period"], "guest.act"), (["issue_token"], "guest.act")):
        with pytest.raises(BadInput) as bad:
            world.act("maya", "invite_guest", **about, acts=acts, acts_for=str(client))
        assert code in str(bad.value)
    facts = {"name": "X", "country": "DE", "currency": "EUR", "zone": "Europe/Berlin", "joins_on": "2026-10-01"}
    assert world.refused("maya", "state_entity", agreement=theirs, **facts)[0] in ("agreement.signed", "agreement.enrolled")
    assert world.refused("maya", "record_brief", client=str(world.halden.key), title="x") == ("brief.writes_itself",)


def test_members_ask_answer_and_settle_on_the_page(world: World, november: WorkItem) -> None:
    with world.see("petra"):
        item = WorkItem.objects.get(engagement__client=world.halden.key)
    maya, jonas = world.browser("maya"), world.browser("jonas")
    page = world.path("maya", f"work/{item.reference}/")
    bad = maya.post(page + "questions/ask/", {"question": "When?", "due_at": "2020-01-01T10:00"})
    assert bad.status_code == 422
    assert "It would be needed before it is asked." in bad.content.decode()
    due = (world.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert maya.post(page + "questions/ask/", {"question": "The ledger, please", "slot": "ledger", "due_at": due}).status_code == 303
    asked = world.one("maya", Request, item=item)
    theirs = world.path("jonas", f"work/{item.reference}/")
    assert "The ledger, please" in jonas.get(theirs).content.decode()
    example = examples.load("bookkeeping", worlds.MONTH)
    ledger, statement = (next(paper for paper in example.papers if paper.slot == slot) for slot in ("ledger", "statement"))
    path = f"{theirs}questions/{asked.id}/answer/"
    wrong = jonas.post(path, {"text": "both", "files": [upload(ledger.name, ledger.data), upload("broken.csv", statement.data)]})
    assert wrong.status_code == 422
    assert "Nothing was sent" in wrong.content.decode()
    with world.see("petra"):
        assert not Answer.objects.filter(request=asked).exists()
        assert not ItemFile.objects.filter(item=item).exists()
    assert jonas.post(path, {"files": [upload(ledger.name, ledger.data)]}).status_code == 303
    with world.see("petra"):
        paper = ItemFile.objects.get(item=item)
        answer = Answer.objects.get(request=asked)
        assert answer.files.get().paper_id == paper.id
    note = maya.post(f"{page}answers/{answer.id}/settle/", {"verdict": "returned"})
    assert note.status_code == 422
    assert maya.post(f"{page}answers/{answer.id}/settle/", {"verdict": "accepted"}).status_code == 303
    again = world.do("maya", "ask_client", item=str(item.id), question="The statement?", slot="statement")
    assert "The statement?" in jonas.get(world.path("jonas")).content.decode()
    world.do("jonas", "answer_request", request=str(again.id), text="It comes on Monday")
    assert "An answer on" in maya.get(world.path("maya")).content.decode()
    shown = maya.get(page).content.decode()
    assert "accepted" in shown
    assert "Question asked" in shown


def test_inviting_on_the_page(world: World, client: UUID, november: WorkItem) -> None:
    maya = world.browser("maya")
    page = world.path("maya", f"work/{november.reference}/")
    assert "Invite a guest" in maya.get(page).content.decode()
    form = world.path("maya", f"guests/invite/?kind=item&about={november.reference}")
    shown = maya.get(form).content.decode()
    assert "Zora Optik GmbH" in shown
    assert "No mail is set up here." in shown
    given = {"name": "Ota Zora", "email": "ota@zora.example", "acts_for": str(client), "acts": ["bring_paper"], "days": "5", "language": "de"}
    bad = maya.post(form, given | {"email": "nobody", "days": "900"})
    assert bad.status_code == 422
    assert maya.post(form, given).status_code == 303
    link = world.one("maya", GuestLink, name="Ota Zora")
    assert link.acts == ["bring_paper", "take_back_paper", "keep_mapping", "open_file"]
    assert "ota@zora.example" in maya.get(page).content.decode()
    guest = Guest(world, "maya", link.id)
    assert 'lang="de"' in guest.text()
    guest.browser.post("/language/", {"language": "en", "next": guest.page})
    assert 'lang="en"' in guest.text()
    assert maya.post(world.path("maya", f"guests/{link.id}/end/")).status_code == 303
    assert guest.get().status_code == 410
    assert maya.get(world.path("maya", "guests/invite/?kind=item&about=WI-0000-0000")).status_code == 404
    assert world.browser("kavitha").get(world.path("kavitha", f"guests/invite/?kind=item&about={november.reference}")).status_code == 404


def test_a_client_without_log_in_on_pages(world: World, client: UUID) -> None:
    maya = world.browser("maya")
    page = world.path("maya", "clients/")
    assert "Zora Optik GmbH" in maya.get(page).content.decode()
    assert maya.post(page, {"name": "Lomnice Sklo", "country": "CZ", "currency": "EUR"}).status_code == 303
    found = world.one("maya", Organization, name="Lomnice Sklo")
    assert "Lomnice Sklo" in maya.get(page).content.decode()
    made = maya.post(world.path("maya", "clients/need/"), {"client": str(found.pk), "title": "Books", "service": "bookkeeping"})
    assert made.status_code == 303
    assert "Written down for Lomnice Sklo" in maya.get(made.headers["Location"]).content.decode()
    assert maya.post(world.path("maya", "clients/need/"), {"client": str(world.halden.key), "title": "Books", "service": "bookkeeping"}).status_code == 422
    assert "Lomnice Sklo" not in world.browser("olga").get(world.path("olga", "clients/")).content.decode()
