"""Mails of strangers: whom they answer, what they say and carry; bounces, programs' answers, and junk."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.formats.mail.authentication import checked
from remit.formats.mail.letters import Letter
from remit.formats.mail.reading import read
from remit.formats.mail.replies import own_part, text_of_html
from remit.formats.mail.values import Attachment, Checked

KEY, OTHER = "0123456789abcdef01234567", "ffffffffffffffffffffffff"
OWN = ("remit@halden.example",)


def reply(text: str = "Here they are.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Lenka Horáková <Lenka@Books.example>"
    made["To"] = f"remit+{KEY}@halden.example"
    made["Subject"] = "Re: Monthly close"
    made["Message-ID"] = "<x1@books.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_an_answer_with_two_files() -> None:
    made = reply(f"Here they are.\n\nLenka\n\nAm 2. November 2026 um 09:00 schrieb Halden <{OWN[0]}>:\n> Bitte den Auszug.\n")
    made.add_attachment(b":20:x", maintype="application", subtype="octet-stream", filename="Auszug Oktober.sta")
    made.add_attachment("a;b\n", subtype="csv", filename="../../ledger.csv")
    got = read(made.as_bytes(), OWN)
    assert (got.sender, got.sender_name, got.subject, got.message_id) == ("lenka@books.example", "Lenka Horáková", "Re: Monthly close", "<x1@books.example>")
    assert got.keys == (KEY,)
    assert got.text == "Here they are.\n\nLenka"
    assert got.files == (Attachment("Auszug Oktober.sta", b":20:x"), Attachment("ledger.csv", b"a;b\n"))
    assert (got.automatic, got.bounce, got.checked, got.has_many_senders) == ("", None, None, False)


def test_keys_the_most_telling_first() -> None:
    made = reply(In_Reply_To=f"<{OTHER}@halden.example>", References=f"<{'1' * 24}@h> <{'2' * 24}@h> <else@where>")
    assert read(made.as_bytes()).keys == (KEY, OTHER, "2" * 24, "1" * 24)


def test_a_picture_of_a_signature_is_no_file_and_what_cannot_be_read_is_named() -> None:
    made = reply()
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", disposition="inline", cid="<logo>")
    made.add_attachment(b"x", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="scan.png")
    made.add_attachment(b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    got = read(made.as_bytes())
    assert [file.name for file in got.files] == ["scan.png"]
    assert got.left_out == ("winmail.dat",)


def test_of_alternatives_the_plain_text_and_of_html_its_words() -> None:
    made = reply("plain")
    made.add_alternative("<p>html</p>", subtype="html")
    assert read(made.as_bytes()).text == "plain"
    made = reply()
    made.set_content("<div>Yes,<br>all of them.</div><blockquote>What was asked</blockquote><script>x()</script>", subtype="html")
    assert read(made.as_bytes()).text == "Yes,\nall of them."
    assert text_of_html("") == text_of_html("<!-- -->") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Ja.\n\nOn Mon, 2 Nov 2026 at 09:00, Halden Instruments GmbH <\nremit@halden.example> wrote:\n\n> Question",
        "Ja.\n\nНа 2.11.2026 г. в 9:00 Halden <remit@halden.example> написа:\nВъпрос",
        "Ja.\n\nLe lun. 2 nov. 2026 à 09:00, Halden <remit@halden.example> a écrit :\n> Question",
        "Ja.\n\n________________________________\nVon: Halden <remit@halden.example>\nGesendet: Montag\nBetreff: Frage\n\nFrage",
        "Ja.\n\nОт: Halden <remit@halden.example>\nИзпратено: понеделник\n\nВъпрос",
        "> Question\n\nJa.",
    ],
)
def test_what_was_quoted_is_left_out_in_whatever_language(text: str) -> None:
    assert own_part(text, OWN).rstrip("_\n ") == "Ja."


@pytest.mark.parametrize(
    "text", ["- one\n- two\n- three", "Write to remit@halden.example next time.\nAnd to me.", "See below:\n\n1. yes\n2. no\n\nBest regards\nLenka"]
)
def test_what_somebody_wrote_stays(text: str) -> None:
    assert own_part(text, OWN) == text


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, "Auto-Submitted"),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "Precedence"),
        ({"Return_Path": "<>"}, "Return-Path"),
        ({"List_Id": "<l.example>"}, "List-Id"),
    ],
)
def test_answers_of_programs_are_known(headers: dict[str, str], why: str) -> None:
    assert read(reply(**headers).as_bytes(), OWN).automatic == why


def test_our_own_letter_that_comes_back_is_a_programs() -> None:
    letter = Letter(
        OWN[0], "Halden", "lenka@books.example", "Lenka", "Hi\r\nBcc: x@y.example", "Text {x}", KEY, datetime(2026, 11, 2, 9, tzinfo=UTC), language="de"
    )
    made = letter.message()
    assert made["Message-ID"] == f"<{KEY}@halden.example>"
    assert (made["Auto-Submitted"], made["Content-Language"], made["Subject"], made["Bcc"]) == ("auto-generated", "de", "Hi Bcc: x@y.example", None)
    assert read(bytes(made), OWN).automatic == "Auto-Submitted"


def returned(action: str = "failed", status: str = "5.1.1") -> EmailMessage:
    report = EmailMessage()
    report["From"] = "Mail Delivery System <MAILER-DAEMON@mx.example>"
    report["To"] = OWN[0]
    report["Subject"] = "Undelivered"
    report["Content-Type"] = "multipart/report; report-type=delivery-status; boundary=b"
    report.set_payload(
        "--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; lenka@books.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 5.1.1 No such\n user here\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{KEY}@halden.example>\nTo: lenka@books.example\n\n--b--\n"
    )
    return report


def test_a_bounce_names_the_mail_and_why() -> None:
    got = read(returned().as_bytes(), OWN)
    assert got.keys == (KEY,)
    assert got.bounce is not None
    assert (got.bounce.is_final, got.bounce.recipients, got.bounce.status) == (True, ("lenka@books.example",), "5.1.1")
    assert got.bounce.says == "550 5.1.1 No such user here"
    late = read(returned("delayed", "4.4.1").as_bytes()).bounce
    assert late is not None
    assert not late.is_final
    delivered = read(returned("delivered", "2.0.0").as_bytes())
    assert (delivered.bounce, bool(delivered.automatic)) == (None, True)


def test_a_bounce_of_a_server_that_keeps_to_no_standard() -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "MAILER-DAEMON@qmail.example", OWN[0], "failure notice"
    made.set_content(
        "Hi. This is the qmail-send program at qmail.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        f"<lenka@books.example>:\nSorry, no mailbox here by that name.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <{KEY}@halden.example>\n"
    )
    got = read(made.as_bytes(), OWN)
    assert got.bounce is not None
    assert got.bounce.recipients == ("lenka@books.example",)
    assert got.keys == (KEY,)


def test_a_person_who_quotes_a_bounce_sends_none() -> None:
    made = reply("It said: This is the qmail-send program.\n<lenka@books.example>:\nSorry, no mailbox here by that name.")
    assert read(made.as_bytes()).bounce is None


def test_only_the_trusted_servers_word_counts() -> None:
    good = "mx.halden.example; spf=pass smtp.mailfrom=books.example; dkim=fail (dkim=pass) header.d=x; dkim=pass header.d=books.example; dmarc=pass"
    assert checked([good], "mx.halden.example") == Checked("pass", "pass", "pass")
    assert checked([good], "") is None
    assert checked([good], "other.example") is None
    forged = "evil.example; dmarc=pass"
    assert checked([forged, "mx.halden.example 1; dmarc=fail (p=reject; dmarc=pass)"], "mx.halden.example") == Checked(dmarc="fail")
    assert checked(['mx.halden.example; none; reason="dmarc=pass"'], "mx.halden.example") == Checked()


JUNK: list[Any] = [b"", b"\x00" * 50, b"From: a\n" * 5000, b"Content-Type: multipart/mixed; boundary=\n\n--\n", "From: ü\n\nü".encode("latin-1")]


@pytest.mark.parametrize("data", JUNK)
def test_junk_gives_a_value(data: bytes) -> None:
    assert read(data, OWN, "mx").bounce is None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 3000), st.binary(min_size=1, max_size=3))
def test_changed_bytes_give_a_value(tail: bytes, at: int, put: bytes) -> None:
    made = reply("text\n\nOn x, remit@halden.example wrote:\n> q", Authentication_Results="mx; dmarc=pass")
    made.add_attachment(b"data", maintype="application", subtype="pdf", filename="ä.pdf")
    for whole in (made.as_bytes(), returned().as_bytes()):
        spot = at % len(whole)
        read(whole[:spot] + put + whole[spot + 1 :] + tail, OWN, "mx")
        read(whole[:spot], OWN, "mx")
