"""`remit gate matrix`: who may do what by two sheets alone, the codes of what refuses, and sheets that cannot be read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from remit.domain import gate
from remit.formats.qualifications import NEEDS, PEOPLE, read_needs, read_people
from remit.front.commands import main

TITLES = "name,level,organization,country,zone,hours,holidays,languages,software,credentials,experience,degrees,training,systems,knows,walls,operator\n"
STAFF = TITLES + (
    "Elena Koleva,3,Rila,BG,Europe/Sofia,09:00-18:00,BG,de C1; bg C2,DATEV,Bilanzbuchhalter @ DE 2016-06-01.. verified,bookkeeping 2018-01-01..,"
    "6 Accounting,close v3,DATEV,DE,,\n"
    "Arun Iyer,4,Rila,IN,Asia/Kolkata,13:30-22:30,IN-TN,en C2,SAP,CA (ICAI) @ IN 2014-01-01..2026-11-10 verified,,7 Business: MBA,-,-,IN,Halden,\n"
    "Bot,,,,,,,,,,,,,,,,Elena Koleva\n"
    "Teodora Vasileva,,,,,,,,,,,,,,,,\n"
)
WANTED = (
    "need;step;act;client;jurisdiction;level;field;languages;software;zone;hours;shared_min;degree;training;systems;prepared_by\n"
    "Close;prepare;run_bookkeeping;Halden;DE;3;bookkeeping;de B2;DATEV;Europe/Berlin;09:00-17:00;240;6;close v3;DATEV;\n"
    "Review;review;;Halden;DE;3;;de B2;;Europe/Berlin;;;;;;Elena Koleva\n"
    "Audit;sign;sign_audit_opinion;Other;IN;4;;;;Asia/Kolkata;;;;;;\n"
)


def run(folder: Path, people: str | bytes = STAFF, needs: str | bytes = WANTED, *more: str, at: str = "2026-11-09") -> tuple[int, str, str]:
    for name, content in (("people.csv", people), ("needs.csv", needs)):
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    done = CliRunner().invoke(main, ["gate", "matrix", str(folder / "people.csv"), str(folder / "needs.csv"), "--at", at, *more])
    return done.exit_code, done.stdout, done.stderr


def told(out: str) -> dict[tuple[str, str], list[str]]:
    rows = [json.loads(line) for line in out.splitlines()]
    assert all(row["allowed"] == (not row["codes"]) for row in rows)
    return {(row["need"], row["person"]): row["codes"] for row in rows}


def test_each_pair_is_told_with_every_code(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, STAFF, WANTED, "--json")
    said = told(out)
    assert code == 1, "nobody may review"
    assert len(said) == 12
    assert said["Close", "Elena Koleva"] == []
    assert set(said["Close", "Arun Iyer"]) == {
        "gate.credential_missing", "gate.language", "gate.software", "gate.consent", "gate.system", "gate.training", "gate.wall",
    }  # fmt: skip
    assert said["Review", "Elena Koleva"] == ["gate.preparer_is_reviewer"]
    assert {"gate.agent_may_not", "gate.interest"} <= set(said["Review", "Bot"])
    assert said["Audit", "Arun Iyer"] == []
    assert "gate.unknown_credential" in said["Audit", "Teodora Vasileva"], "unknown is not no"
    assert "gate.credential_missing" in said["Audit", "Elena Koleva"], "what is on file and is another"


def test_a_licence_holds_until_the_day_before_it_lapses(tmp_path: Path) -> None:
    assert told(run(tmp_path, STAFF, WANTED, "--json", at="2026-11-09")[1])["Audit", "Arun Iyer"] == []
    out = run(tmp_path, STAFF, WANTED, "--words", at="2026-11-10")[1]
    assert "Audit | Arun Iyer | may not: gate.credential_lapsed" in out
    assert "[in-ca-2013-141-audit: Companies Act 2013" in out
    assert "Renew it, and have the renewal verified." in out
    assert "Audit: nobody may; " in out
    # The day is that of the client's clock: it is the tenth in India while it is still the ninth in London.
    assert "gate.credential_lapsed" in told(run(tmp_path, STAFF, WANTED, "--json", at="2026-11-09T20:00+00:00")[1])["Audit", "Arun Iyer"]


def test_every_need_covered_is_status_0_and_a_spreadsheet_is_read_as_well(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in STAFF.splitlines()[:2]:
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    code, out, err = run(tmp_path, content.getvalue(), "\n".join(WANTED.splitlines()[:2]))
    assert (code, err) == (0, "")
    assert "1 needs, 1 people, 1 checks; 0 needs have nobody." in out


@pytest.mark.parametrize(
    ("of", "by", "where"),
    [
        ("de C1; bg C2", "de X1", "people.csv:2: languages: "),
        ("2016-06-01..", "2016-02-30..", "people.csv:2: credentials: "),
        ("Europe/Sofia", "Europe/Sofja", "people.csv:2: zone: "),
        ("09:00-18:00", "9-18", "people.csv:2: hours: "),
        ("Arun Iyer,4", "Arun Iyer,nine", "people.csv:3: level: "),
        ("Arun Iyer,4", "Elena Koleva,4", "people.csv:3: name: “Elena Koleva” stands twice, first in line 2."),
        ("Bot,", ",", "people.csv:4: name: "),
        (",Elena Koleva\n", ",Nobody\n", "people.csv:4: operator: "),
        ("walls", "wals", "people.csv:1: wals: "),
        ("walls", "level", "people.csv:1: level: "),
        ("name,", "title,", "people.csv:1: name: "),
        ("6 Accounting", "MBA", "people.csv:2: degrees: "),
        ("Teodora Vasileva", "=1+1", "people.csv:5: "),
        ("DATEV;Europe/Berlin", "DATEV;Berlin", "needs.csv:2: zone: "),
        ("Close;prepare", "Close;do", "needs.csv:2: step: "),
        ("240", "-5", "needs.csv:2: shared_min: "),
        (";Elena Koleva\n", ";Elena\n", "needs.csv:3: prepared_by: "),
    ],
)
def test_what_cannot_be_read_is_named_at_line_and_column(tmp_path: Path, of: str, by: str, where: str) -> None:
    code, out, err = run(tmp_path, STAFF.replace(of, by), WANTED.replace(of, by))
    assert (code, out) == (2, "")
    assert where in err, err


def test_files_that_are_none(tmp_path: Path) -> None:
    for content in (b"", b"\x00\xff\xfe", b"name\n", b"\x89PNG\r\n"):
        assert run(tmp_path, content)[0] == 2
    assert CliRunner().invoke(main, ["gate", "matrix", str(tmp_path / "x.csv"), str(tmp_path / "y.csv"), "--at", "2026-11-02"]).exit_code == 2
    assert run(tmp_path, at="yesterday")[0] == 2
    assert run(tmp_path, at="2026-11-02T09:00")[0] == 2, "an instant names its offset"


@given(st.text(max_size=200), st.sampled_from([",".join(PEOPLE), ";".join(NEEDS), "name,languages", "need,credentials"]))
def test_no_text_breaks_the_readers(text: str, titles: str) -> None:
    for read in (read_people, read_needs):
        found, faults = read(f"{titles}\n{text}".encode("utf-8", "replace"))
        assert found == () or not faults


def test_unknown_is_apart_from_none() -> None:
    people, faults = read_people(b"name,systems,training,knows\nAnn,,,\nBen,-,-,-\n")
    assert not faults
    assert [(each.systems, each.trainings, each.knows) for each in people] == [(None, None, None), ((), (), ())]
    asked: Any = read_needs(b"need,systems\nWork,DATEV\n")[0][0].need
    assert asked.systems == ("DATEV",)
    assert gate.Act("prepare") is read_needs(b"need\nWork\n")[0][0].act
