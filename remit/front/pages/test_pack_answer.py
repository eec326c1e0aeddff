"""What the first page says about evidence packs."""

import pytest
from django.template.loader import render_to_string

from remit.formats.packs.verify import Finding
from remit.front.pages.check_pack import answer, pack_answer


def report(failures: list[Finding]) -> dict[str, object]:
    return {
        "unreadable": "",
        "failed": len(failures),
        "failures": failures,
        "checked": [Finding("checked_members", count=9), Finding("checked_log", log="L-1", count=7)],
        "not_shown": [Finding("always")],
        "origin": "demo/acme",
        "entries": 7,
    }


def test_a_proof_that_holds_says_what_it_does_not_show():
    said = answer("a.zip", report([]))
    assert said.holds
    assert said.title == "The proof holds"
    assert "7 entries of demo/acme" in said.says
    shown = render_to_string("pages/answer.html", {"answer": said.timed(0.2)})
    assert "Not shown by this" in shown
    assert "who sat at the keyboard" in shown


def test_a_changed_entry_is_named_first():
    said = answer("a.zip", report([Finding("entry_changed", log="L-1", index=3, kind="work.accepted")]))
    assert not said.holds
    assert "entry 3 (work.accepted)" in said.says
    assert said.checks[0].mark == "bad"
    assert said.checks[0].code == "entry_changed"


def test_many_failures_are_counted():
    said = answer("a.zip", report([Finding("entry_changed", log="L", index=n, kind="x") for n in range(20)]))
    assert "20 places" in said.title
    assert sum(1 for one in said.checks if one.mark == "bad") == 13


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"hello", b"PK\x05\x06" + b"\0" * 18])
def test_junk_is_no_pack(data: bytes):
    said = pack_answer("x.zip", data)
    assert not said.holds
    assert said.says
