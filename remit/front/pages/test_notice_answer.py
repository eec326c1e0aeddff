"""What the first page says about procurement notices."""

import json
from pathlib import Path

import pytest

from remit.formats.notices.test_ocds import release
from remit.front.pages.check_notice import notice_answer


def test_it_says_what_it_answers_with_the_place_and_what_is_left_to_ask():
    answer = notice_answer("notice.json", json.dumps(release()).encode())
    assert answer.holds
    assert answer.rows
    assert all(row.says and row.amount for row in answer.rows)
    assert any("To be asked" in check.says for check in answer.checks)
    assert answer.keeps


@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b"[1", b"<a/>", b'<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>', b"\x00\xff" * 500])
def test_what_is_no_notice_is_said(data: bytes):
    answer = notice_answer("junk.json", data)
    assert not answer.holds
    assert answer.title
    assert not answer.keeps


def test_real_notices_are_answered(shared_data: Path):
    files = [*sorted((shared_data / "dev" / "eforms").glob("*.xml"))[:4], *sorted((shared_data / "dev").glob("ocds*/*.json"))[:3]]
    assert files
    for file in files:
        assert notice_answer(file.name, file.read_bytes()).holds, file.name
