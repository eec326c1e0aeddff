"""Mail over protected lines, whole: by TLS and by STARTTLS, certificates that are not trusted, and those in between who would rather have it plain."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from remit.apps.organizations.mailing import sending, trying
from remit.apps.organizations.mailing.receiving import Receiver
from remit.apps.organizations.models import GuestLink, Message
from remit.apps.work.models import ItemFile, WorkItem
from remit.formats.mail.servers import MailSettings, Security, mail_settings
from remit.lines import examples
from tests import postal
from tests.between import Between, Change, between
from tests.certificates import Authority, authority
from tests.postal import ROOT, Post, answer
from tests.world import MONTH, World, opened

SECURED: tuple[Security, ...] = ("tls", "starttls")
ME = "me@books.example"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), "ours")


@pytest.fixture(scope="module", params=SECURED)
def servers(request: pytest.FixtureRequest, trusted: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with postal.servers(tmp_path_factory.mktemp("post"), request.param, trusted.issue("right")) as post:
        yield post


@pytest.fixture
def post(servers: Post, trusted: Authority, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Post:
    settings.MAIL_URL, settings.MAILBOX_URL, settings.MAIL_FROM = servers.mail_url, servers.mailbox_url, ""
    settings.ADDRESS = "http://127.0.0.1:8000"
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
    servers.taken()
    return servers


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    return opened(world)


def invited(world: World, item: WorkItem, email: str) -> GuestLink:
    values = {"kind": "item", "about": str(item.id), "email": email, "name": "Lenka", "acts": ["bring_paper"], "language": "en"}
    return cast("GuestLink", world.one("petra", GuestLink, id=world.do("petra", "invite_guest", **values).id))


def named(post: Post, **changed: str) -> dict[str, str]:
    """The settings as the environment names them."""
    return {"REMIT_MAIL_URL": post.mail_url, "REMIT_MAILBOX_URL": post.mailbox_url} | changed


def tried(settings: MailSettings) -> list[str]:
    """The codes of what sending and receiving find; no finding tells the password."""
    found = trying.try_sending(settings, ME), trying.try_receiving(settings)
    assert all("p@ss" not in str(each.reason.values) for each in found)
    return [each.reason.code for each in found]


def command(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """`remit mail test` as a program of its own, which reads its environment when it starts."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "SSL_"))}
    called = [sys.executable, "-c", "from remit.front.commands import main; main()", "mail", "test", *options]
    return subprocess.run(called, env=inherited | environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_a_request_goes_out_and_its_answer_lands_over_a_protected_line(world: World, item: WorkItem, post: Post) -> None:
    email = f"{post.security}@books.example"
    invited(world, item, email)
    with world.clock():
        assert sending.send_due(100).trouble is None
    invitation = next(each for each in post.taken() if email in str(each["To"]))
    paper = examples.load("bookkeeping", MONTH).papers[0]
    post.deliver(answer(invitation, email, "", (paper.name, paper.data)))
    with world.clock():
        fetched = Receiver().fetch()
    assert (fetched.trouble, dict(fetched.outcomes)) == (None, {"placed": 1})
    with world.see("maya"):
        assert ItemFile.objects.filter(item=item, name=paper.name, superseded_at=None).count() == 1
    assert (post.lying(), post.lying("Remit-handled") > 0) == (0, True)


def test_the_command_trusts_the_authority_that_its_environment_names_and_no_other(post: Post, trusted: Authority, tmp_path: Path) -> None:
    right = command(named(post, SSL_CERT_FILE=str(trusted.file)), "--to", ME, "--json")
    assert (right.returncode, right.stderr) == (0, "")
    assert [json.loads(right.stdout)[name]["code"] for name in ("sending", "receiving")] == ["mail.test_sent", "mail.test_looked"]
    assert [str(each["To"]) for each in post.taken()] == [ME]
    for other in ({}, {"SSL_CERT_FILE": str(authority(tmp_path, "theirs").file)}):
        refused = command(named(post, **other))
        assert refused.returncode == 1
        for way, port in (("sending", post.smtp_port), ("receiving", post.imap_port)):
            assert f"{way}: does not work: The certificate of 127.0.0.1, port {port}, is not trusted: " in refused.stdout
        assert "name its file in SSL_CERT_FILE" in refused.stdout
    assert post.taken() == []


def test_the_page_says_that_a_certificate_is_not_trusted_and_the_mail_waits(world: World, item: WorkItem, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    link = invited(world, item, f"waits-{post.security}@books.example")
    with world.clock():
        outcome = sending.send_due(100)
        browser, page = world.browser("petra"), world.path("petra", "organization/mail/")
        for way, port in (("sending", post.smtp_port), ("receiving", post.imap_port)):
            shown = browser.post(f"{page}try/", {"what": way}, follow=True).content.decode()
            said = re.search(r'<section class="card stopped" role="status">.*?<span>(.*?)</span></section>', shown, re.DOTALL)
            assert said is not None, shown
            assert f"The certificate of 127.0.0.1, port {port}, is not trusted: " in said[1]
            assert "SSL_CERT_FILE" in said[1]
    assert outcome.trouble is not None
    assert outcome.trouble.code == "mail.no_trust"
    row = world.one("petra", Message, link=link.id)
    assert (row.sent_at, row.failed_at, row.tries) == (None, None, 1)
    assert post.taken() == []


@pytest.mark.parametrize("security", SECURED)
@pytest.mark.parametrize(
    ("wrong", "says"),
    [("other_name", "not valid for '127.0.0.1'"), ("ended", "expired"), ("other_authority", "unable to get local issuer certificate")],
)
def test_a_wrong_certificate_is_refused(trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: Security, wrong: str, says: str) -> None:
    match wrong:
        case "other_name":
            certificate = trusted.issue(wrong, host="mail.other.example")
        case "ended":
            certificate = trusted.issue(wrong, ended=True)
        case _:
            certificate = authority(tmp_path, "theirs").issue(wrong)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
    folder = tmp_path / "post"
    folder.mkdir()
    with postal.servers(folder, security, certificate) as post:
        settings = mail_settings(named(post))
        found = trying.try_sending(settings, ME), trying.try_receiving(settings)
        assert [each.reason.code for each in found] == ["mail.no_trust"] * 2
        for each in found:
            assert says in str(each.reason.values["problem"])
        assert post.taken() == []


def without(word: bytes) -> Change:
    """What a server offers, less one thing."""
    return lambda said: re.sub(rb"(?m)^250[- ]" + word + rb"\r\n", b"", said).replace(b" " + word, b"")


def refusing(said: bytes) -> bytes:
    """The server's yes to STARTTLS becomes a no."""
    return re.sub(rb"(?i)^220 ready.*\r\n", b"454 4.7.0 TLS not available\r\n", re.sub(rb"(?m)^(\S+) OK ready.*\r\n", rb"\1 NO not now\r\n", said, flags=re.I))


def signed_in_already(said: bytes) -> bytes:
    """A greeting after which a client need not sign in, and must not ask for TLS."""
    return said.replace(b"* OK ", b"* PREAUTH ", 1)


@pytest.fixture(scope="module")
def protected(trusted: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with postal.servers(tmp_path_factory.mktemp("post"), "starttls", trusted.issue("stripped")) as post:
        yield post


@pytest.fixture
def through(protected: Post, trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Change], tuple[MailSettings, Between, Between]]]:
    """The settings of servers that are reached through somebody, and both of these."""
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
    with ExitStack() as standing:

        def stand(change: Change) -> tuple[MailSettings, Between, Between]:
            smtp, imap = (standing.enter_context(between(port, change=change)) for port in (protected.smtp_port, protected.imap_port))
            led = Post(smtp.port, imap.port, protected.folder, "starttls")
            return mail_settings(named(led)), smtp, imap

        yield stand


def test_who_passes_on_everything_hears_nothing_of_it(protected: Post, through: Callable[[Change], tuple[MailSettings, Between, Between]]) -> None:
    settings, smtp, imap = through(bytes)
    assert tried(settings) == ["mail.test_sent", "mail.test_looked"]
    assert len(protected.taken()) == 1
    for heard in (smtp.heard, imap.heard):
        assert b"STARTTLS\r\n" in heard
        assert re.search(rb"(?i)auth|login|mail from|remit%40|books\.example", heard) is None


def verbs(heard: bytes, place: int) -> set[bytes]:
    """The commands in what a client sent: the word at that place of each line."""
    return {line.split()[place].upper() for line in bytes(heard).split(b"\r\n") if line}


@pytest.mark.parametrize("change", [without(b"STARTTLS"), refusing, signed_in_already])
def test_who_strips_the_protection_gets_nothing(protected: Post, through: Callable[[Change], tuple[MailSettings, Between, Between]], change: Change) -> None:
    settings, smtp, imap = through(change)
    # A greeting of IMAP's own leaves SMTP as it is.
    is_imap_alone = change is signed_in_already
    assert tried(settings) == ["mail.test_sent" if is_imap_alone else "mail.no_tls", "mail.no_tls"]
    assert len(protected.taken()) == int(is_imap_alone)
    if not is_imap_alone:
        assert verbs(smtp.heard, 0) <= {b"EHLO", b"STARTTLS", b"QUIT"}
    assert verbs(imap.heard, 1) <= {b"CAPABILITY", b"STARTTLS", b"LOGOUT"}
