"""`remit hours overlap`: the figure, the words, and what is refused with its option's name."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from remit.front.commands import main

A, B, ON = "Asia/Kolkata 13:30-22:30", "America/New_York 09:00-17:00", "2026-11-02"


def overlap(a: str = A, b: str = B, on: str = ON, *more: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["hours", "overlap", "--a", a, "--b", b, "--on", on, *more])
    return done.exit_code, done.stdout, done.stderr


def test_json() -> None:
    code, out, _ = overlap(A, B, ON, "--json")
    said = json.loads(out)
    assert code == 0
    assert said["shared_min"] == 180
    assert said["a"] == {"zone": "Asia/Kolkata", "window": "13:30-22:30", "utc": [["2026-11-02T08:00Z", "2026-11-02T17:00Z"]]}


def test_words() -> None:
    code, out, _ = overlap()
    assert code == 0
    assert "3 h (180 min)" in out


@pytest.mark.parametrize(
    ("a", "b", "on", "minutes"),
    [
        (A, B, "2026-10-30", 240),
        ("UTC 22:00-06:00", "UTC 00:00-24:00", ON, 480),
        ("UTC 9:00-17:00", "UTC 16:00\N{EN DASH}18:00", ON, 60),
        ("UTC 00:00-24:00", "UTC 00:00-24:00", ON, 1440),
        ("UTC 00:00-00:01", "UTC 12:00-12:01", ON, 0),
    ],
)
def test_forms(a: str, b: str, on: str, minutes: int) -> None:
    code, out, _ = overlap(a, b, on, "--json")
    assert (code, json.loads(out)["shared_min"]) == (0, minutes)


@pytest.mark.parametrize(
    ("a", "b", "on", "option", "said"),
    [
        ("Asia/Kolkatta 13:30-22:30", B, ON, "--a", "did you mean 'Asia/Kolkata'"),
        (A, "Mars/Olympus 09:00-17:00", ON, "--b", "no zone"),
        (A, "../../etc/passwd 09:00-17:00", ON, "--b", "no zone"),
        ("Asia/Kolkata", B, ON, "--a", "such as"),
        ("", B, ON, "--a", "such as"),
        ("UTC 25:00-26:00", B, ON, "--a", "not a time of day"),
        ("UTC 09:60-17:00", B, ON, "--a", "not a time of day"),
        ("UTC 24:00-06:00", B, ON, "--a", "before 24:00"),
        ("UTC 09:00-09:00", B, ON, "--a", "the same"),
        ("UTC \u0669:00-17:00", B, ON, "--a", "such as"),
        (A, B, "2026-02-30", "--on", "not a date"),
        (A, B, "20261102", "--on", "not a date"),
        (A, B, "2026-W45-1", "--on", "not a date"),
        (A, B, "0001-01-01", "--on", "not between"),
        (A, B, "9999-12-31", "--on", "not between"),
    ],
)
def test_refused(a: str, b: str, on: str, option: str, said: str) -> None:
    code, out, err = overlap(a, b, on, "--json")
    assert (code, out) == (2, "")
    assert option in err
    assert said in err


def test_a_missing_option() -> None:
    done = CliRunner().invoke(main, ["hours", "overlap", "--a", A])
    assert done.exit_code == 2
    assert "--b" in done.stderr


def test_nothing_heavy_is_loaded() -> None:
    program = "import sys; from remit.front.commands.hours import command; print([m for m in ('django', 'numpy', 'lxml', 'holidays') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_year_in_stretches() -> None:
    options = ["hours", "year", "--a", "America/New_York 09:00-17:00", "--b", "Asia/Kolkata 13:30-22:30", "--year", "2026", "--json"]
    said = json.loads(CliRunner().invoke(main, options).output)
    assert [(each["from"], each["shared_min"]) for each in said["stretches"]] == [("2026-01-01", 180), ("2026-03-08", 240), ("2026-11-01", 180)]
    assert said["total_min"] == 66 * 180 + 238 * 240 + 61 * 180
    assert "8 Mar\u2009–\u200931 Oct 2026: 4 h a day" in CliRunner().invoke(main, options[:-1]).output


def test_a_year_out_of_the_tables_is_refused() -> None:
    done = CliRunner().invoke(main, ["hours", "year", "--a", "Europe/Berlin 09:00-17:00", "--b", "Asia/Kolkata 13:30-22:30", "--year", "1969"])
    assert done.exit_code == 2


RESTING = ("--holidays-a", "IN-KA", "--holidays-b", "US-NY")


def year(*more: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["hours", "overlap", "--a", A, "--b", B, *more])
    return done.exit_code, done.stdout, done.stderr


def test_holidays_of_either_side_are_kept() -> None:
    code, out, _ = overlap(A, B, "2026-07-03", *RESTING, "--json")
    said = json.loads(out)
    assert (code, said["shared_min"], said["kind"], said["holiday_b"]) == (0, 0, "off_b", "Independence Day (observed)")
    assert overlap(A, B, "2026-07-03", "--json")[1].count('"shared_min": 240') == 1, "without them every day is worked"
    code, out, _ = overlap(A, B, "2026-10-02", *RESTING)
    assert "a day off" in out
    assert "Gandhi" in out
    code, _, err = overlap(A, B, ON, "--holidays-a", "XX")
    assert (code, "--holidays-a" in err) == (2, True)


def test_a_year_is_a_strip_with_its_least_day() -> None:
    code, out, _ = year(*RESTING, "--year", "2026")
    lines = out.splitlines()
    assert code == 0
    assert [len(line[16:]) for line in lines[:12]] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert "Least on a day that both work: 3 h (180 min), first on Friday, 2 January 2026." in lines
    said = json.loads(year(*RESTING, "--year", "2026", "--json")[1])
    assert (said["least_min"], said["least_on"], said["most_min"], len(said["days"])) == (180, "2026-01-02", 240, 365)
    assert year("--year", "2026", "--on", ON)[0] == 2, "one of the two"
    assert year()[0] == 2
    code, out, _ = CliRunner().invoke(main, ["hours", "year", "--a", A, "--b", B, "--year", "2026", *RESTING]), "", ""
    assert code.exit_code == 0
    never = ["hours", "overlap", "--a", A, "--b", "UTC 00:00-00:30", "--holidays-a", "IN-KA", "--year", "2026"]
    assert "_" in CliRunner().invoke(main, never).stdout
