"""Mail servers as the settings name them."""

from __future__ import annotations

import pytest

from remit.formats.mail.servers import Mailbox, NotMailSettings, Server, mail_settings, plain_address, read_mailbox, read_smtp, shown


def test_urls_are_read_with_what_is_quoted_in_them() -> None:
    assert read_smtp("smtp://me%40x.example:p%40%3A%2Fs@mail.x.example") == Server("mail.x.example", 587, "starttls", "me@x.example", "p@:/s")
    assert read_smtp("smtps://mail.x.example") == Server("mail.x.example", 465, "tls")
    assert read_smtp("smtp://127.0.0.1:2525?tls=none") == Server("127.0.0.1", 2525, "none")
    box = read_mailbox("imaps://remit%40x.example:pw@imap.x.example/Answers%20in")
    assert box == Mailbox(Server("imap.x.example", 993, "tls", "remit@x.example", "pw"), "Answers in", "remit@x.example", True)
    assert box.reply_address("ab" * 12) == f"remit+{'ab' * 12}@x.example"
    plain = read_mailbox("imap://u:p@h:143?address=in@x.example&plus=no&tls=none")
    assert (plain.folder, plain.server.security, plain.reply_address("k")) == ("INBOX", "none", "in@x.example")
    assert box.key != plain.key


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://x", "begins with smtp:// or smtps://"),
        ("smtp://", "host is missing"),
        ("smtp://h:99999", "65535"),
        ("smtp://u:p/w@h", "%2F"),
        ("smtp://u@h", "come together"),
        ("smtp://h?tls=maybe", "starttls or none"),
        ("smtps://h?tls=none", "protected from the first byte"),
        ("smtp://h?tlz=none", "unknown: tlz"),
        ("smtp://h/inbox", "after the host"),
        ("smtp://u:a%0Ab@h", "control"),
        ("smtp://u:pa#ss@h", "%23"),
        ("smtp://[", "no address of the form"),
    ],
)
def test_what_is_wrong_with_a_url_is_said_and_never_the_password(url: str, says: str) -> None:
    with pytest.raises(NotMailSettings) as fault:
        mail_settings({"REMIT_MAIL_URL": url, "REMIT_MAIL_FROM": "a@x.example"})
    assert str(fault.value).startswith("REMIT_MAIL_URL: ")
    assert says in str(fault.value)
    assert "pa#ss" not in str(fault.value)


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(NotMailSettings) as fault:
        mail_settings({"REMIT_MAIL_URL": "x", "REMIT_MAIL_FROM": "Remit <a@b>", "REMIT_MAILBOX_URL": "imaps://h"})
    assert [line.split(":")[0] for line in str(fault.value).splitlines()] == ["REMIT_MAIL_URL", "REMIT_MAILBOX_URL", "REMIT_MAIL_FROM"]


def test_the_sender_is_the_mailbox_or_the_log_in_where_none_is_named() -> None:
    assert mail_settings({}).smtp is None
    both = {"REMIT_MAIL_URL": "smtp://a%40x.example:p@h", "REMIT_MAILBOX_URL": "imaps://b%40x.example:p@h"}
    assert mail_settings(both).sender == "b@x.example"
    assert mail_settings({"REMIT_MAIL_URL": "smtp://a%40x.example:p@h"}).sender == "a@x.example"
    assert mail_settings(both | {"REMIT_MAIL_FROM": "c@x.example"}).sender == "c@x.example"
    for lacking in ({"REMIT_MAIL_URL": "smtp://h"}, {"REMIT_MAILBOX_URL": "imaps://b%40x.example:p@h"}):
        with pytest.raises(NotMailSettings):
            mail_settings(lacking)


def test_passwords_are_not_shown_with_the_value() -> None:
    assert "geheim" not in repr(read_smtp("smtp://a:geheim@h"))


def test_addresses_are_bare_and_names_cannot_add_headers() -> None:
    assert plain_address('"Lenka, K." <Lenka@Books.example>') == "lenka@books.example"
    assert plain_address("no address") == ""
    assert plain_address("a@b.example\r\nBcc: c@d.example") in ("", "a@b.example")
    assert "\n" not in str(shown("A\r\nBcc: x@y.example", "a@b.example"))
