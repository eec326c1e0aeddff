"""`remit rules`: what is on file, what one rule asks, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from remit.front.commands import main

RULE = """jurisdiction = "US-TX"
[[rule]]
id = "us-tx-audit"
act = "sign_audit_opinion"
source = "Occupations Code"
valid_from = 2010-01-01
verified = false
[rule.words]
en = "Signed by who is licensed."
[rule.asks]
stays_with = "licensed"
[[rule.asks.any_of]]
credentials = ["CPA"]
jurisdictions = ["US-TX"]
"""


def said(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["rules", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_list_tells_each_rule_with_its_source_and_whether_it_was_read() -> None:
    code, out, _ = said("list")
    assert code == 0
    assert int(out.splitlines()[-1].split()[0]) == len(out.splitlines()) - 1 >= 60
    code, out, _ = said("list", "--jurisdiction", "US-NY", "--act", "prepare_tax_return", "--on", "2026-11-02", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["id"], row["verified"]) for row in rows] == [("us-ny-tax-32-return", False), ("us-ptin", False)], "nearest first, then federal"
    assert all(row["source"] for row in rows)
    code, _, err = said("list", "--jurisdiction", "XX")
    assert (code, "no rule file for XX" in err) == (2, True)


def test_show_tells_what_is_asked_in_each_language() -> None:
    code, out, _ = said("show", "de-stberg-6-4-bookkeeping", "--language", "de")
    assert code == 0
    assert "3 years in bookkeeping" in out
    assert "Das Buchen laufender Geschäftsvorfälle" in out
    assert "verified: " in out
    code, out, _ = said("show", "us-ca-bpc-5096-mobility")
    assert "CPA (US-NY) counts as CPA" in out
    assert "not verified" in out
    assert said("show", "nothing")[0] == 2


def test_check_names_line_and_field(tmp_path: Path) -> None:
    good = tmp_path / "us-tx.toml"
    good.write_text(RULE)
    code, out, _ = said("check", str(good))
    assert (code, "US-TX, 1 rules" in out) == (0, True)
    broken = tmp_path / "broken" / "us-tx.toml"
    broken.parent.mkdir()
    broken.write_text(RULE.replace("id = ", "= "))
    code, out, err = said("check", str(good), str(broken))
    assert code == 2
    assert f"{broken}:3: " in err
    broken.write_text(RULE.replace("sign_audit_opinion", "Sign it"))
    code, out, err = said("check", "--json", str(broken))
    assert (code, json.loads(out)["faults"][0]["line"], json.loads(out)["faults"][0]["field"]) == (2, 4, "rule.1.act")
    assert f"{broken}:4: rule.1.act: " in err
    assert said("check", str(tmp_path / "absent.toml"))[0] == 2


def test_a_folder_of_ones_own_adds_a_jurisdiction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "us-tx.toml").write_text(RULE)
    assert "us-tx-audit" in said("list", "--jurisdiction", "US-TX", "--folder", str(tmp_path))[1]
    data = tmp_path / "data"
    (data / "rules").mkdir(parents=True)
    (data / "rules" / "us-tx.toml").write_text(RULE.replace("verified = false", "verified = perhaps"))
    monkeypatch.setenv("REMIT_DATA", str(data))
    code, _, err = said("list")
    assert code == 2
    assert "us-tx.toml:7: " in err
    done = CliRunner().invoke(main, ["start", "--data", str(data), "--no-browser"])
    assert (done.exit_code, "us-tx.toml:7: " in done.stderr) == (2, True), "nobody works under rules that cannot be read"
