"""Mail, whole, against real servers: a request, a reminder, an answer with two files that lands on its item, bounces, and what cannot be placed."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connections
from django.test import Client

from remit.apps.organizations import guests, mail
from remit.apps.organizations.actions import issue_token
from remit.apps.organizations.mailing import placing, sending, sessions, trying
from remit.apps.organizations.mailing.receiving import Receiver
from remit.apps.organizations.models import GuestLink, Message, ReceivedMail
from remit.apps.records.log import read
from remit.apps.records.models import Entry
from remit.apps.work.models import Answer, ItemFile, WorkItem
from remit.formats.mail.servers import mail_settings
from remit.front.commands import main
from remit.front.installation.testing import TestCluster
from remit.front.post import Turn
from remit.lines import examples
from tests import postal
from tests.postal import AUTHSERV, REMIT, Post, answer, came_back
from tests.world import MONTH, World, opened

LENKA = "lenka@books.example"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with postal.servers(tmp_path_factory.mktemp("post")) as post:
        yield post


@pytest.fixture
def post(servers: Post, settings: Any) -> Post:
    settings.MAIL_URL, settings.MAILBOX_URL, settings.MAIL_FROM = servers.mail_url, servers.mailbox_url, ""
    settings.ADDRESS = "http://127.0.0.1:8000"
    servers.taken()
    servers.wish()
    with servers.mailbox() as box:
        box.delete(box.uids())
    return servers


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    return opened(world)


def invited(world: World, item: WorkItem, email: str = LENKA, **more: Any) -> GuestLink:
    values = {"kind": "item", "about": str(item.id), "email": email, "name": "Lenka", "acts": ["bring_paper", "answer_request"], "language": "de"}
    made = world.do("petra", "invite_guest", **values | more)
    link: GuestLink = world.one("petra", GuestLink, id=made.id)
    return link


def passed(world: World) -> dict[str, int]:
    """One look into the mailbox: mails by outcome."""
    with world.clock():
        fetched = Receiver().fetch()
    assert fetched.trouble is None
    return dict(fetched.outcomes)


def sent(world: World) -> sending.Passed:
    with world.clock():
        return sending.send_due(100)


def came(world: World, seat: str = "petra") -> ReceivedMail:
    with world.see(seat):
        row = ReceivedMail.objects.order_by("-received_at", "-id").first()
    assert row is not None
    return row


def codes(row: ReceivedMail) -> list[str]:
    return [reason["code"] for reason in row.reasons]


def papers() -> list[tuple[str, bytes]]:
    return [(paper.name, paper.data) for paper in examples.load("bookkeeping", MONTH).papers]


def forgotten(cluster: TestCluster, database: str) -> None:
    """As if an hour had passed: addresses may be answered again."""
    with psycopg.connect(cluster.owner_url(database)) as owner:
        owner.execute("update organizations_receivedmail set answered_at = answered_at - interval '2 hours'")


def test_a_request_a_reminder_and_an_answer_with_two_files_that_land_on_the_item(world: World, item: WorkItem, post: Post) -> None:
    link = invited(world, item)
    world.do("elena", "ask_client", item=str(item.id), question="Wofür war die Zahlung vom 14. Oktober?")
    assert sent(world).sent == 2
    invitation, request = post.taken()
    assert (invitation["To"], str(invitation["From"])) == (f"Lenka <{LENKA}>", f"Halden Instruments GmbH <{REMIT}>")
    assert invitation["Content-Language"] == "de"
    assert invitation["Auto-Submitted"] == "auto-generated"
    with world.see("petra"):
        row = Message.objects.get(link=link, kind__in=("guest", "request"))
        secret = mail.sealed_in(row)
    assert invitation["Message-ID"] == f"<{row.reply_key}@post.example>"
    assert invitation["Reply-To"] == f"remit+{row.reply_key}@post.example"
    assert secret.startswith("http://127.0.0.1:8000/g/")
    assert secret in invitation.get_content()
    assert "14. Oktober" in request.get_content()

    world.do("petra", "remind_guest", link=str(link.id))
    assert sent(world).sent == 1
    (reminder,) = post.taken()
    post.deliver(answer(reminder, f"Lenka H. <{LENKA.upper()}>", "Das war die Miete.", *papers()))
    assert passed(world) == {"placed": 1}
    row_in = came(world)
    assert codes(row_in).count("reply.brought") == 2
    assert "reply.answered" in codes(row_in)
    with world.see("maya"):
        brought = list(ItemFile.objects.filter(item=item, superseded_at=None))
        given = Answer.objects.get(request__item=item)
        entries = [read(entry.id) for entry in Entry.objects.filter(kind__in=("paper.brought", "request.answered"))]
    assert {paper.slot for paper in brought} == {paper.slot for paper in examples.load("bookkeeping", MONTH).papers}
    assert (given.text, given.link_id, given.answered_by_name) == ("Das war die Miete.", link.id, "Lenka")
    assert len(entries) == 3
    for entry in entries:
        assert (entry.door, entry.actor.guest_link, entry.actor.role) == ("link", link.id, "guest")
        assert [reason.code for reason in entry.reasons] == ["came.mail_reply", "came.mail_unchecked"]
    assert (post.lying(), post.lying("Remit-handled")) == (0, 1)
    assert passed(world) == {}
    assert sent(world).sent == 0


def letter(world: World, item: WorkItem, post: Post, email: str, **more: Any) -> tuple[GuestLink, EmailMessage]:
    """A guest of their own, and the mail that invited them, as it arrived."""
    link = invited(world, item, email, **more)
    sent(world)
    return link, next(each for each in post.taken() if email in str(each["To"]))


def test_a_mail_that_arrives_twice_is_handled_once(world: World, item: WorkItem, post: Post) -> None:
    _link, invitation = letter(world, item, post, "twice@books.example")
    first = answer(invitation, "twice@books.example", "", papers()[0])
    post.deliver(first)
    post.deliver(first)
    assert passed(world) == {"placed": 1}
    post.deliver(first)
    assert passed(world) == {}
    assert post.lying() == 0


def test_a_process_that_ended_in_the_midst_of_it_lands_nothing_twice(world: World, item: WorkItem, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    _link, invitation = letter(world, item, post, "midst@books.example")
    asked = world.do("elena", "ask_client", item=str(item.id), question="Welcher Monat?")
    post.deliver(answer(invitation, "midst@books.example", "Oktober.", papers()[0]))
    with monkeypatch.context() as ended:
        ended.setattr(placing, "_kept", lambda *_arguments: 1 / 0)
        assert passed(world) == {}
    with world.see("maya"):
        before = ItemFile.objects.count(), Answer.objects.count()
    assert passed(world) == {"placed": 1}
    with world.see("maya"):
        assert (ItemFile.objects.count(), Answer.objects.count()) == before
        assert Answer.objects.get(request=asked.id).text == "Oktober."
    assert {"reply.answered", "reply.brought"} <= set(codes(came(world)))


def told(world: World, post: Post) -> list[EmailMessage]:
    sent(world)
    return [each for each in post.taken() if each["In-Reply-To"]]


def test_a_file_that_no_slot_takes_is_answered_with_its_lines(world: World, item: WorkItem, post: Post, cluster: TestCluster, database: str) -> None:
    forgotten(cluster, database)
    _link, invitation = letter(world, item, post, "lines@books.example")
    name, content = papers()[0]
    wrong = content.replace(b"2026-10-", b"2026-09-")
    assert wrong != content
    post.deliver(answer(invitation, "lines@books.example", "Anbei.", (name, wrong), ("notes.pdf", b"%PDF-1.7 nothing")))
    assert passed(world) == {"unplaced": 1}, came(world).reasons
    (explained,) = told(world, post)
    assert explained["Auto-Submitted"] == "auto-replied"
    assert explained["To"].addresses[0].addr_spec == "lines@books.example"
    body = explained.get_content()
    assert name in body
    assert "notes.pdf" in body
    assert re.search(r"(Zeile|line|Eintrag|entry)", body)
    assert "{" not in body
    row = came(world)
    with world.clock():
        shown = world.browser("petra").get(world.path("petra", "organization/mail/")).content.decode()
    assert row.subject in shown
    assert "{" not in shown[shown.index("Not placed") : shown.index("What came in last")]
    # The answer to the explanation lands, too.
    post.deliver(answer(explained, "lines@books.example", "", papers()[0]))
    assert passed(world) == {"placed": 1}


def test_who_may_not_answer_is_told_why_at_most_once_an_hour(world: World, item: WorkItem, post: Post, cluster: TestCluster, database: str) -> None:
    forgotten(cluster, database)
    _link, invitation = letter(world, item, post, "right@books.example")
    forwarded = answer(invitation, "Other <other@else.example>", "Me instead.", papers()[0])
    post.deliver(forwarded)
    assert passed(world) == {"unplaced": 1}
    assert codes(came(world)) == ["mail.other_sender"]
    (explained,) = told(world, post)
    assert explained["In-Reply-To"] == forwarded["Message-ID"]
    assert item.title not in explained.get_content()
    assert item.reference not in str(explained)
    post.deliver(answer(invitation, "Other <other@else.example>", "Again."))
    assert passed(world) == {"unplaced": 1}
    assert told(world, post) == []


def test_an_expired_and_an_ended_link_explain_themselves(world: World, item: WorkItem, post: Post, cluster: TestCluster, database: str) -> None:
    forgotten(cluster, database)
    link, invitation = letter(world, item, post, "late@books.example", language="en")
    with psycopg.connect(cluster.owner_url(database)) as owner:
        owner.execute("update organizations_guestlink set expires_at = now() - interval '1 day' where id = %s", [link.id])
    post.deliver(answer(invitation, "late@books.example", "Sorry, late.", papers()[0]))
    assert passed(world) == {"unplaced": 1}
    assert codes(came(world)) == ["mail.expired"]
    (explained,) = told(world, post)
    assert "opens nothing any more. Open it to ask for a new one." in explained.get_content().replace("\n", " ")
    link, invitation = letter(world, item, post, "ended@books.example", language="en")
    world.do("petra", "end_guest", link=str(link.id))
    post.deliver(answer(invitation, "ended@books.example", "Here.", papers()[0]))
    assert passed(world) == {"unplaced": 1}
    assert codes(came(world)) == ["mail.ended"]


@pytest.mark.parametrize(
    ("change", "outcome", "code"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic", "mail.automatic"),
        ({"Authentication_Results": f"{AUTHSERV}; dmarc=fail"}, "unplaced", "mail.disowned"),
        ({"Authentication_Results": "evil.example; dmarc=pass"}, "placed", "came.mail_unchecked"),
        ({"Authentication_Results": f"{AUTHSERV}; spf=pass; dkim=pass; dmarc=pass"}, "placed", "came.mail_checked"),
    ],
)
def test_what_is_known_of_the_sender_decides_and_is_recorded(
    world: World, item: WorkItem, post: Post, settings: Any, change: dict[str, str], outcome: str, code: str
) -> None:
    settings.MAIL_AUTHSERV = AUTHSERV
    _link, invitation = letter(world, item, post, f"known{abs(hash(code))}@books.example")
    post.deliver(answer(invitation, str(invitation["To"].addresses[0].addr_spec), "", papers()[0], plus=False, **change))
    assert passed(world) == {outcome: 1}
    assert code in codes(came(world))
    if outcome != "placed":
        assert told(world, post) == []


def test_mails_that_answer_nothing_are_listed_and_only_what_looks_like_an_answer_is_told(world: World, item: WorkItem, post: Post) -> None:
    spam = EmailMessage()
    spam["From"], spam["To"], spam["Subject"], spam["Message-ID"] = "x@spam.example", REMIT, "Buy", "<s1@spam.example>"
    spam.set_content("Buy.")
    post.deliver(spam)
    assert passed(world) == {"unplaced": 1}
    # The oldest organization runs the installation.
    assert codes(came(world, "maya")) == ["mail.no_key"]
    assert told(world, post) == []
    with world.see("olga"):
        assert not ReceivedMail.objects.exists()
    unknown = EmailMessage()
    unknown["From"], unknown["To"], unknown["Subject"], unknown["Message-ID"] = "y@else.example", f"remit+{'0' * 24}@post.example", "Re: x", "<s2@else.example>"
    unknown.set_content("Hello")
    post.deliver(unknown)
    assert passed(world) == {"unplaced": 1}
    (explained,) = told(world, post)
    assert str(explained["To"]) == "y@else.example"


def test_bounces_are_shown_where_the_mail_is_and_to_who_sent_it(world: World, item: WorkItem, post: Post) -> None:
    link, invitation = letter(world, item, post, "gone@books.example")
    post.deliver(came_back(invitation, "4.4.1", "delayed", "451 later"))
    assert passed(world) == {"bounce": 1}
    row = world.one("petra", Message, link=link.id)
    assert (row.bounced_at, "451 later" in row.problem) == (None, True)
    post.deliver(came_back(invitation))
    assert passed(world) == {"bounce": 1}
    row = world.one("petra", Message, link=link.id)
    assert row.bounced_at is not None
    assert "550 5.1.1 No such user here" in row.problem
    entry = world.one("petra", Entry, kind="mail.returned", object_id=link.id)
    assert entry.outcome == "observed"
    with world.clock():
        today = world.browser("petra").get(world.path("petra")).content.decode()
        assert "gone@books.example" in today
        item_page = world.browser("petra").get(world.path("petra", f"work/{item.reference}/")).content.decode()
        assert "mail came back" in item_page
        assert "gone@books.example" not in world.browser("jonas").get(world.path("jonas")).content.decode()
        outbox = world.browser("petra").get(world.path("petra", "organization/outbox/?only=trouble")).content.decode()
        assert "No such user here" in outbox
        page = world.path("petra", f"organization/outbox/{row.id}/")
        assert world.browser("petra").post(f"{page}aside/").status_code == 303
        assert "gone@books.example" not in world.browser("petra").get(world.path("petra")).content.decode()
    assert told(world, post) == []


def test_junk_and_what_is_too_large_is_noted_and_stands_in_nobodys_way(world: World, item: WorkItem, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    from remit.apps.organizations.mailing import receiving

    _link, invitation = letter(world, item, post, "large@books.example")
    fits = answer(invitation, "large@books.example", "", papers()[0])
    size = len(fits.as_bytes())
    monkeypatch.setattr(receiving, "MOST_BYTES", 2 * size)
    post.deliver(answer(invitation, "large@books.example", "", ("a.bin", b"x" * 3 * size)))
    post.deliver(b"\x00\xff" * 100)
    post.deliver(fits)
    outcomes = passed(world)
    assert outcomes == {"unplaced": 2, "placed": 1}
    with world.see("petra"):
        row = ReceivedMail.objects.get(from_email="large@books.example", outcome="unplaced")
    assert codes(row) == ["mail.too_large"]
    assert post.lying() == 0


def test_what_a_server_refuses_for_good_fails_and_for_now_is_tried_again(world: World, item: WorkItem, post: Post) -> None:
    sent(world)
    post.wish(refuses={"never@books.example": "550 5.1.1 Unknown user", "later@books.example": "451 4.7.1 Greylisted"})
    never, later = (invited(world, item, each) for each in ("never@books.example", "later@books.example"))
    outcome = sent(world)
    assert (outcome.sent, outcome.failed, outcome.put_off) == (0, 1, 1)
    row = world.one("petra", Message, link=never.id)
    assert row.failed_at is not None
    assert "550 5.1.1 Unknown user" in row.problem
    row = world.one("petra", Message, link=later.id)
    assert (row.failed_at, row.tries) == (None, 1)
    assert row.next_try_at - datetime.now(UTC) < timedelta(minutes=1, seconds=1)
    assert sent(world).put_off == 0
    post.wish()
    world.do("petra", "send_mail_now", message=str(world.one("petra", Message, link=never.id).id))
    assert sent(world).sent == 1
    assert sending.delay(1) == timedelta(minutes=1)
    assert sending.delay(3) == timedelta(minutes=4)
    assert sending.delay(60) == timedelta(hours=4)


def test_a_process_killed_after_the_servers_yes_sends_again_under_the_same_message_id(
    world: World, item: WorkItem, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(world, item, "again@books.example")
    with monkeypatch.context() as killed:
        killed.setattr(sending, "_marked", lambda *_arguments: sys.exit(9))
        with pytest.raises(SystemExit):
            sent(world)
    assert sent(world).sent == 1
    first, second = post.taken()
    assert first["Message-ID"] == second["Message-ID"]
    assert sent(world).sent == 0


def test_the_command_tries_both_servers_and_its_status_says_what_it_found(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_MAIL_URL", post.mail_url)
    monkeypatch.setenv("REMIT_MAILBOX_URL", post.mailbox_url)
    found = CliRunner().invoke(main, ["mail", "test", "--to", "me@books.example", "--json"])
    assert found.exit_code == 0, found.output
    answers = json.loads(found.output)
    assert [answers[name]["code"] for name in ("sending", "receiving")] == ["mail.test_sent", "mail.test_looked"]
    (test,) = post.taken()
    assert str(test["To"]) == "me@books.example"
    monkeypatch.setenv("REMIT_MAILBOX_URL", post.mailbox_url.replace("p%40ss", "wrong"))
    found = CliRunner().invoke(main, ["mail", "test"])
    assert found.exit_code == 1
    assert "receiving: does not work: The server 127.0.0.1 does not accept user and password" in found.output
    for url, says in (("", "no mail is set up"), ("http://x", "REMIT_MAIL_URL: it begins with smtp://")):
        monkeypatch.setenv("REMIT_MAIL_URL", url)
        monkeypatch.delenv("REMIT_MAILBOX_URL", raising=False)
        found = CliRunner().invoke(main, ["mail", "test"])
        assert (found.exit_code, found.stdout) == (2, "")
        assert says in found.stderr


def test_a_start_with_settings_that_cannot_be_read_begins_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_MAIL_URL", "smtp://user:secret-word@host:port")
    found = CliRunner().invoke(main, ["start", "--data", str(tmp_path / "data"), "--no-browser"])
    assert found.exit_code == 2
    assert found.stderr.startswith("REMIT_MAIL_URL: the port is no number")
    assert "secret-word" not in found.stderr
    assert not (tmp_path / "data").exists()


def test_trouble_makes_the_worker_pause_longer_each_time() -> None:
    results: list[Any] = [None, sessions.NO_HOST(host="h"), RuntimeError("bug"), None]

    def once() -> Any:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    turn, pauses = Turn("sending", 2.0, once), []
    for _ in range(4):
        turn.take(turn.next_at)
        pauses.append(turn.pause_s)
    assert pauses == [0.0, 15.0, 30.0, 0.0]
    turn.take(turn.next_at - 1)


def test_what_is_sent_and_received_is_read_over_the_api_without_a_secret(world: World, item: WorkItem, post: Post) -> None:
    _link, invitation = letter(world, item, post, "api@books.example")
    post.deliver(answer(invitation, "Other <other@api.example>", "Me"))
    passed(world)

    def read_by(seat: str, what: str) -> Any:
        secret = issue_token(by=world.by(seat), at=world.now, name="test", scopes=["read"], days=30)[0]
        with world.clock():
            return Client().get(f"/api/v1{world.path(seat, what)}", headers={"authorization": f"Bearer {secret}"})

    sent_ones = read_by("petra", "outbox")
    assert {row["state"] for row in sent_ones.json() if row["to_email"] == "api@books.example"} == {"sent"}
    assert "/g/" not in sent_ones.content.decode()
    received = read_by("petra", "received-mails").json()
    assert received[0]["reasons"][0]["code"] == "mail.other_sender"
    assert "another address" in received[0]["reasons"][0]["says"]
    assert (read_by("rita", "outbox").json(), read_by("rita", "received-mails").json()) == ([], [])


def test_a_server_that_is_away_keeps_every_mail(world: World, item: WorkItem, post: Post, settings: Any) -> None:
    sent(world)
    settings.MAIL_URL = f"smtp://127.0.0.1:{postal.free()}?tls=none"
    settings.MAIL_FROM = REMIT
    link = invited(world, item, "away@books.example")
    outcome = sent(world)
    assert outcome.trouble is not None
    assert outcome.trouble.code == "mail.no_connection"
    row = world.one("petra", Message, link=link.id)
    assert (row.sent_at, row.failed_at, row.tries) == (None, None, 1)
    assert "127.0.0.1" in row.problem
    settings.MAIL_URL = post.mail_url.replace("p%40ss", "wrong")
    world.do("petra", "send_mail_now", message=str(row.id))
    outcome = sent(world)
    assert outcome.trouble is not None
    assert outcome.trouble.code == "mail.no_log_in"
    assert "wrong" not in str(outcome.trouble.values)


def test_each_mail_is_sent_once_however_many_workers(world: World, item: WorkItem, post: Post) -> None:
    sent(world)
    post.taken()
    for number in range(6):
        invited(world, item, f"once{number}@books.example")
    totals: list[int] = []

    def work() -> None:
        try:
            totals.append(sending.send_due(100).sent)
        finally:
            connections.close_all()

    post.wish(slow_s=0.05)
    with world.clock():
        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    arrived = sorted(str(each["To"].addresses[0].addr_spec) for each in post.taken())
    assert arrived == [f"once{number}@books.example" for number in range(6)]
    assert sum(totals) == 6


def test_a_code_that_ran_out_is_not_sent(world: World, item: WorkItem, post: Post, cluster: TestCluster, database: str) -> None:
    link, invitation = letter(world, item, post, "code@books.example")
    secret = re.search(r"/g/([^/\s]+)/", invitation.get_content())
    assert secret is not None
    guest = guests.by_secret(secret[1])
    assert guest is not None
    guests.send_code(guest, world.now)
    with psycopg.connect(cluster.owner_url(database)) as owner:
        owner.execute("update organizations_message set made_at = made_at - interval '16 minutes' where kind = 'code' and link_id = %s", [link.id])
    assert sent(world).failed == 1
    guests.send_code(guest, world.now)
    assert sent(world).sent == 1
    (code,) = post.taken()
    assert re.search(r"\b\d{6}\b", code.get_content())
    assert "answer this mail" not in code.get_content()


@pytest.mark.parametrize(
    ("sends", "box", "codes"),
    [
        ("smtp://{user}@127.0.0.1:{smtp}", "imap://{user}@127.0.0.1:{imap}/INBOX", ("mail.no_tls", "mail.no_tls")),
        ("smtps://{user}@127.0.0.1:{smtp}", "imaps://{user}@127.0.0.1:{imap}/INBOX", ("mail.no_tls", "mail.no_tls")),
        ("smtp://{user}@127.0.0.1:{smtp}?tls=none", "imap://{user}@127.0.0.1:{imap}/Nowhere?tls=none", ("mail.test_sent", "mail.no_folder")),
        ("smtp://{user}@127.0.0.1:1?tls=none", "imap://{user}@127.0.0.1:1?tls=none", ("mail.no_connection", "mail.no_connection")),
    ],
)
def test_a_password_goes_over_no_line_that_is_not_protected_as_asked(post: Post, sends: str, box: str, codes: tuple[str, str]) -> None:
    user = post.mail_url.removeprefix("smtp://").rpartition("@")[0]
    parts = {"user": user, "smtp": post.smtp_port, "imap": post.imap_port}
    given = mail_settings({"REMIT_MAIL_URL": sends.format(**parts), "REMIT_MAILBOX_URL": box.format(**parts)})
    found = trying.try_sending(given, "me@books.example"), trying.try_receiving(given)
    assert tuple(each.reason.code for each in found) == codes
    assert all("p@ss" not in str(each.reason.values) for each in found)
