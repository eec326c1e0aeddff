"""The outbox without mail servers: who sees which mail, what is copied from it, and mails about log-ins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from remit.apps.organizations import guests, mail
from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import Message, User
from remit.apps.records.context import reading, writing

if TYPE_CHECKING:
    from tests.world import World

SECRET = re.compile(r"/g/[\w-]{40,}/")


@pytest.fixture(scope="module")
def invitation(world: World) -> Message:
    from tests.world import opened

    item = opened(world)
    made = world.do("petra", "invite_guest", kind="item", about=str(item.id), email="lenka@books.example", name="Lenka", acts=["bring_paper"])
    row: Message = world.one("petra", Message, link=made.id)
    return row


def get(world: World, seat: str, rest: str) -> Any:
    with world.clock():
        return world.browser(seat).get(world.path(seat, rest))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_without_mail_the_outbox_says_so_and_gives_the_link_to_copy(world: World, invitation: Message) -> None:
    listed = text(get(world, "petra", "organization/outbox/"))
    assert "No mail is set up, so nothing is sent." in listed
    assert "to be copied" in listed
    assert not SECRET.search(listed)
    shown = text(get(world, "petra", f"organization/outbox/{invitation.id}/"))
    found = SECRET.search(shown)
    assert found is not None
    guest = guests.by_secret(found[0].split("/")[2])
    assert guest is not None
    assert guest.link == invitation.link_id
    guests.send_code(guest, world.now)
    code = world.one("petra", Message, link=invitation.link_id, kind="code")
    assert re.search(r"data-copy=.\d{6}", text(get(world, "petra", f"organization/outbox/{code.id}/")))


def test_with_mail_nobody_sees_what_is_sealed(world: World, invitation: Message, settings: Any) -> None:
    settings.MAIL_URL, settings.MAIL_FROM = "smtp://127.0.0.1:9?tls=none", "remit@post.example"
    shown = text(get(world, "petra", f"organization/outbox/{invitation.id}/"))
    assert not SECRET.search(shown)
    assert "•••••" in shown
    assert "Send it now" in shown


def test_only_administrators_and_the_writer_see_a_mail(world: World, invitation: Message) -> None:
    jonas = world.by("jonas")
    for seat in ("jonas", "rita"):
        assert "Lenka" not in text(get(world, seat, "organization/outbox/"))
        assert get(world, seat, f"organization/outbox/{invitation.id}/").status_code == 404
        assert get(world, seat, "organization/mail/").status_code == 403
        with pytest.raises(BadInput):
            world.do(seat, "put_mail_aside", message=str(invitation.id))
    assert get(world, "maya", f"organization/outbox/{invitation.id}/").status_code == 404
    with writing(jonas, world.now):
        own = mail.write(jonas, kind="notice", to_email="a@b.example", to_name="", language="", subject="Written by Jonas", body="x")
    assert own.written_by == jonas.user
    assert "Written by Jonas" in text(get(world, "jonas", "organization/outbox/"))
    assert "Written by Jonas" in text(get(world, "petra", "organization/outbox/"))
    assert "Written by Jonas" not in text(get(world, "rita", "organization/outbox/"))


def test_what_was_written_without_mail_goes_out_only_when_somebody_says_so(world: World, invitation: Message, settings: Any) -> None:
    from django.db import connection

    def due() -> set[Any]:
        with connection.cursor() as cursor:
            cursor.execute("select message from mails_due(now(), 1000)")
            return {row[0] for row in cursor.fetchall()}

    assert invitation.is_held
    assert invitation.id not in due()
    with pytest.raises(BadInput):
        world.do("petra", "send_mail_now", message=str(invitation.id))
    settings.MAIL_URL, settings.MAIL_FROM = "smtp://127.0.0.1:9?tls=none", "remit@post.example"
    with world.clock():
        page = world.path("petra", f"organization/outbox/{invitation.id}/send/")
        assert world.browser("petra").post(page).status_code == 303
    assert invitation.id in due()


def test_the_page_of_servers_shows_no_password_and_says_what_a_try_found(world: World, settings: Any) -> None:
    assert "Not set up." in text(get(world, "petra", "organization/mail/"))
    settings.MAIL_URL, settings.MAIL_FROM = "smtp://user:hush-hush@127.0.0.1:9?tls=none", "remit@post.example"
    settings.MAILBOX_URL = "imap://user:hush-hush@127.0.0.1:9/INBOX?tls=none&address=remit@post.example"
    shown = text(get(world, "petra", "organization/mail/"))
    assert "hush-hush" not in shown
    assert "remit@post.example" in shown
    for what in ("sending", "receiving"):
        with world.clock():
            sent = world.browser("petra").post(world.path("petra", "organization/mail/try/"), {"what": what})
            assert sent.status_code == 303
            assert "The server 127.0.0.1, port 9, cannot be reached" in text(world.browser("petra").get(sent["Location"]))
            refused = world.browser("rita").post(world.path("rita", "organization/mail/try/"), {"what": what})
            assert "refused=" in refused["Location"]
    settings.MAIL_URL = "smtp://127.0.0.1:notaport"
    assert "REMIT_MAIL_URL" in text(get(world, "petra", "organization/mail/"))


def written(to: str, kind: Any = "reset", **more: Any) -> Message:
    given = {"to_name": "", "language": "de", "subject": "Neues Passwort", "body": f"Hier: {mail.SECRET}", "secret": "http://x/reset/abc/"}
    return mail.write_account(kind, to_email=to, **given | more)


def test_a_reset_stands_where_all_memberships_are_else_with_the_operator(world: World) -> None:
    assert written("jonas@halden.example").organization_id == world.halden.key
    # Rila was founded first.
    assert written("nobody@nowhere.example").organization_id == world.rila.key
    world.do("maya", "add_member", email="jonas@halden.example", name="Jonas", roles=["reader"])
    made = written("jonas@halden.example")
    assert made.organization_id == world.rila.key
    for seat, sees in (("maya", True), ("petra", False), ("elena", False)):
        assert (get(world, seat, f"organization/outbox/{made.id}/").status_code == 200) is sees
    shown = text(get(world, "maya", f"organization/outbox/{made.id}/"))
    assert "http://x/reset/abc/" in shown
    with reading(world.by("maya"), world.now):
        assert User.objects.filter(email="jonas@halden.example").count() == 1


def test_an_invitation_stands_with_who_invites(world: World) -> None:
    petra = world.by("petra")
    with writing(petra, world.now):
        made = written("new@halden.example", "member", by=petra)
    assert (made.organization_id, made.written_by) == (world.halden.key, petra.user)
    assert "http://x/reset/abc/" in text(get(world, "petra", f"organization/outbox/{made.id}/"))


def test_the_outbox_asks_the_same_number_of_queries_however_long_it_is(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            get(world, "petra", "organization/outbox/")
        counts.append(len(asked))
        petra = world.by("petra")
        with writing(petra, world.now):
            for number in range(5):
                mail.write(petra, kind="notice", to_email=f"a{number}@b.example", to_name="", language="", subject="S", body="x")
    assert counts[0] == counts[1]
