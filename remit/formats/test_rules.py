"""Rule files: what ships, what a broken one is told, and bytes of any kind."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.reasons import SENTENCES
from remit.domain.rules import RuleSet, RuleSets
from remit.formats.rules import MOST_BYTES, Broken, installed, read, shipped

GOOD = b"""# A comment
jurisdiction = "DE"
part_of = ["EU"]

[[rule]]
id = "de-books"
act = "run_bookkeeping"
source = "StBerG, s. 6 no. 4"
valid_from = 2000-07-01
verified = false
[rule.words]
en = "Three years."
[rule.asks]
stays_with = "licensed"
[[rule.asks.any_of]]
credentials = ["Steuerberater"]
[[rule.asks.any_of]]
years = 3
field = "bookkeeping"
"""

BROKEN = [
    (b"jurisdiction", b"jurisdiktion", {(2, "jurisdiktion", "rules.unknown_key"), (1, "jurisdiction", "rules.missing_key")}),
    (b'"DE"', b'"Germany"', {(2, "jurisdiction", "rules.bad_code")}),
    (b'id = "de-books"\n', b"", {(5, "rule.1.id", "rules.missing_key")}),
    (b"de-books", b"DE books", {(6, "rule.1.id", "rules.bad_code")}),
    (b"2000-07-01", b'"2000-07-01"', {(9, "rule.1.valid_from", "rules.wrong_type")}),
    (b"2000-07-01", b"2000-07-01T00:00:00Z", {(9, "rule.1.valid_from", "rules.wrong_type")}),
    (b"2000-07-01", b"2000-07-01\nvalid_until = 2000-07-01", {(10, "rule.1.valid_until", "rules.dates")}),
    (b"verified = false", b"verified = true", {(10, "rule.1.verified", "rules.no_source")}),
    (b"verified = false", b"verified = 1", {(10, "rule.1.verified", "rules.wrong_type")}),
    (b"verified = false", b"verified = false\nmood = 1", {(11, "rule.1.mood", "rules.unknown_key")}),
    (b"en =", b"de =", {(11, "rule.1.words", "rules.no_words")}),
    (b"en =", b"english =", {(12, "rule.1.words.english", "rules.unknown_key"), (11, "rule.1.words", "rules.no_words")}),
    (b'"licensed"', b'"nobody"', {(14, "rule.1.asks.stays_with", "rules.not_one_of")}),
    (b"years = 3", b"years = true", {(18, "rule.1.asks.any_of.2.years", "rules.wrong_type"), (17, "rule.1.asks.any_of.2.credentials", "rules.missing_key")}),
    (b"years = 3", b'years = 3\nrank = "x"', {(19, "rule.1.asks.any_of.2.rank", "rules.unknown_key")}),
    (b'"licensed"', b'"licensed"\nbarred = true', {(5, "rule.1.outside", "rules.no_countries")}),
    (b'["EU"]', b"[1]", {(3, "part_of", "rules.wrong_type")}),
    (b'"DE"', b'"DE', {(2, "", "rules.not_toml")}),
]


def test_good() -> None:
    rule_set, faults = read(GOOD, "de.toml")
    assert not faults
    assert rule_set is not None
    (rule,) = rule_set.rules
    assert (rule.id, rule.act, rule.valid_from, rule.words["en"]) == ("de-books", "run_bookkeeping", date(2000, 7, 1), "Three years.")
    assert [(way.credentials, way.years) for way in rule.asks.any_of] == [(("Steuerberater",), 0), ((), 3)]


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN)
def test_broken(old: bytes, new: bytes, expected: set[tuple[int, str, str]]) -> None:
    assert old in GOOD
    rule_set, faults = read(GOOD.replace(old, new, 1))
    assert rule_set is None
    assert {(fault.line, fault.field, fault.reason.code) for fault in faults} == expected
    assert all(fault.reason.code in SENTENCES for fault in faults)


def test_all_faults_at_once_in_order() -> None:
    _, faults = read(GOOD.replace(b"verified = false", b"verified = 1\nmood = 1").replace(b'"licensed"', b'"nobody"'))
    assert [fault.line for fault in faults] == [10, 11, 15]


def test_the_same_rule_twice() -> None:
    again = GOOD[GOOD.index(b"[[rule]]") :]
    _, faults = read(GOOD + again)
    assert [(fault.line, fault.reason.code) for fault in faults] == [(21, "rules.twice")]
    ended = GOOD.replace(b"2000-07-01", b"2000-07-01\nvalid_until = 2010-01-01") + again.replace(b"2000-07-01", b"2010-01-01\nedition = 2")
    rule_set, faults = read(ended)
    assert not faults
    assert rule_set is not None
    sets = RuleSets((rule_set,))
    assert [rule.edition for _, rule in sets.asked("DE", "run_bookkeeping", date(2009, 12, 31))] == [1]
    assert [rule.edition for _, rule in sets.asked("DE", "run_bookkeeping", date(2010, 1, 1))] == [2]


def test_hash_is_of_the_content() -> None:
    one, other = read(GOOD)[0], read(GOOD.replace(b"# A comment\n", b"\n\n").replace(b"id = ", b"id   = "))[0]
    changed = read(GOOD.replace(b"years = 3", b"years = 4"))[0]
    assert one
    assert other
    assert changed
    assert one.sha256 == other.sha256 != changed.sha256
    assert one.rules[0].sha256 == other.rules[0].sha256 != changed.rules[0].sha256


def test_name_and_size() -> None:
    assert [fault.reason.code for fault in read(GOOD, "fr.toml")[1]] == ["rules.name"]
    assert [fault.reason.code for fault in read(b"#" * (MOST_BYTES + 1))[1]] == ["rules.too_large"]
    assert [(fault.line, fault.reason.code) for fault in read(b"a = 1\nb = '\xff'")[1]] == [(2, "rules.not_text")]
    assert read(b"x = " + b"[" * 50_000)[0] is None


@given(st.binary(max_size=300) | st.integers(0, len(GOOD)).map(lambda at: GOOD[:at]) | st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)).map(
    lambda flip: GOOD[: flip[0]] + bytes([flip[1]]) + GOOD[flip[0] + 1 :]
))  # fmt: skip
def test_any_bytes(data: bytes) -> None:
    rule_set, faults = read(data)
    assert (rule_set is None) == bool(faults)


def test_what_ships() -> None:
    sets = shipped().sets
    assert {each.jurisdiction for each in sets} >= {"DE", "EU", "GB-EAW", "US"}
    ids = [rule.id for each in sets for rule in each.rules]
    assert len(ids) == len(set(ids))
    for rule in (rule for each in sets for rule in each.rules):
        assert {"en", "de"} <= set(rule.words), rule.id
        assert rule.source or not rule.verified, rule.id
    names = {file.name for file in files("remit.rules").iterdir() if file.name.endswith(".toml")}
    assert names == {f"{each.jurisdiction.lower()}.toml" for each in sets}


def test_jurisdictions_lie_in_each_other() -> None:
    sets = RuleSets(tuple(RuleSet(code, (), "", part_of) for code, part_of in (("US", ()), ("US-NY", ()), ("DE", ("EU",)), ("EU", ("DE",)))))
    assert [each.jurisdiction for each in sets.of("US-NY")] == ["US-NY", "US"]
    assert [each.jurisdiction for each in sets.of("DE-BY")] == ["DE", "EU"]
    assert sets.of("FR") == ()


def test_words_name_no_markup() -> None:
    assert not any(re.search(r"[<>{}]", text) for each in shipped().sets for rule in each.rules for text in rule.words.values())


def test_the_law_of_a_country_may_stand_by_part_and_the_files_say_so() -> None:
    sets = shipped()
    assert [(each.jurisdiction, each.name["en"]) for each in sets.parts("GB")] == [
        ("GB-EAW", "England and Wales"),
        ("GB-NIR", "Northern Ireland"),
        ("GB-SCT", "Scotland"),
    ]
    assert sets.parts("DE") == ()
    assert [(each.jurisdiction, each.name["en"]) for each in sets.parts("US")] == [("US-CA", "California"), ("US-NY", "New York")]
    on = date(2027, 1, 1)
    for place in ("GB", "GB-EAW", "GB-NIR", "GB-SCT"):
        assert [rule.id for _, rule in sets.asked(place, "sign_audit_opinion", on)] == ["gb-ca-2006-1212-audit"], "what holds in the whole kingdom"
    assert sets.asked("GB-EAW", "appear_in_court", on)
    assert [rule.id for _, rule in sets.asked("GB-SCT", "appear_in_court", on)] == ["gb-sct-court"], "where Scotland differs"
    assert not sets.asked("GB-NIR", "appear_in_court", on)
    assert (sets.law("GB", "WLS"), sets.law("GB", "SCT"), sets.law("GB"), sets.law("DE", "BY")) == ("GB-EAW", "GB-SCT", "GB", "DE")
    assert sets.law("GB", "", "GB-NIR") == "GB-NIR"
    assert sets.law("GB", "", "US-NY") == "GB"


def test_a_state_of_another_country_is_added_by_a_file_alone() -> None:
    state, faults = read(b'jurisdiction = "US-TX"\nrule = []\n[name]\nen = "Texas"\nde = "Texas"\n', "us-tx.toml")
    assert state is not None, faults
    both = RuleSets((*shipped().sets, state))
    assert [each.jurisdiction for each in both.parts("US")] == ["US-CA", "US-NY", "US-TX"]
    assert both.law("US", "TX") == "US-TX"
    assert "us-ptin" in [rule.id for _, rule in both.asked("US-TX", "prepare_tax_return", date(2027, 1, 1))], "federal rules hold in the state"
    for wrong in (b'[name]\nde = "Bayern"\n', b"[name]\nen = 3\n", b'name = "x"\n'):
        assert read(b'jurisdiction = "DE-BY"\nrule = []\n' + wrong)[0] is None


TEN = ("US", "US-CA", "US-NY", "GB-EAW", "GB-SCT", "DE", "FR", "BG", "IN", "PH")
ACTS = (
    *("sign_audit_opinion", "sign_annual_accounts", "run_bookkeeping", "set_up_books", "prepare_tax_return", "vat_advance_return"),
    *("represent_before_tax_authority", "give_legal_advice", "appear_in_court", "certify_transcript", "draft_patent_claims"),
    *("represent_before_patent_office", "run_payroll", "handle_health_data", "give_investment_advice", "export_unpublished_inventions"),
)


def test_ten_jurisdictions_are_on_file_and_every_act_has_its_rule() -> None:
    by_code = {each.jurisdiction: each for each in shipped().sets}
    assert all(by_code[code].rules for code in TEN)
    rules = [rule for code in TEN for rule in by_code[code].rules]
    assert len(rules) >= 60
    assert set(ACTS) <= {rule.act for rule in rules}
    assert all(rule.words.keys() >= {"en", "de", "fr", "bg"} for each in by_code.values() for rule in each.rules), "every interface language"
    ids = [entry.id for each in by_code.values() for entry in (*each.rules, *each.equals, *each.deadlines, *each.notices)]
    assert len(ids) == len(set(ids))


def test_a_rule_that_was_replaced_ends_on_the_day_that_the_next_begins() -> None:
    for day, rule in ((date(2026, 3, 31), "in-ita-1961-288-represent"), (date(2026, 4, 1), "in-ita-2025-represent")):
        assert [each.id for _, each in shipped().asked("IN", "represent_before_tax_authority", day)] == [rule]


def test_an_administrators_file_adds_a_jurisdiction_or_stands_instead(tmp_path: Path) -> None:
    (tmp_path / "us-tx.toml").write_text('jurisdiction = "US-TX"\nrule = []\n[name]\nen = "Texas"\n')
    (tmp_path / "ph.toml").write_text('jurisdiction = "PH"\nrule = []\n')
    (tmp_path / "notes.txt").write_text("not a rule file")
    sets = {each.jurisdiction: each for each in installed(tmp_path).sets}
    assert sets["US-TX"].name == {"en": "Texas"}
    assert sets["PH"].rules == ()
    assert sets["DE"] == {each.jurisdiction: each for each in shipped().sets}["DE"]
    (tmp_path / "us-tx.toml").write_text('jurisdiction = "US-TX"\n\n[[rule\n')
    with pytest.raises(Broken, match=r"us-tx.toml:3: "):
        installed(tmp_path)


EQUAL = """
jurisdiction = "US-NY"
[[equal]]
id = "us-ny-x"
act = "sign_audit_opinion"
title = "CPA"
held_in = ["US-CA"]
counts_as = "CPA"
source = "Education Law"
valid_from = 2020-01-01
verified = false
[equal.words]
en = "It counts."
"""


@pytest.mark.parametrize(
    ("of", "by", "field"),
    [
        ('title = "CPA"', "", "equal.1.title"),
        ('held_in = ["US-CA"]', "", "equal.1.held_in"),
        ('act = "sign_audit_opinion"', 'act = "Sign it"', "equal.1.act"),
        ("verified = false", "verified = true", "equal.1.verified"),
        ("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-01-01", "equal.1.valid_until"),
        ('en = "It counts."', "", "equal.1.words"),
        ('counts_as = "CPA"', 'counts_as = "CPA"\nsimilar = 3', "equal.1.similar"),
    ],
)
def test_an_equal_title_is_read_with_every_fault_at_its_field(of: str, by: str, field: str) -> None:
    found, faults = read(EQUAL.encode(), "us-ny.toml")
    assert found is not None, faults
    assert [each.id for _, each in RuleSets((found,)).equals("US-NY", "sign_audit_opinion", date(2020, 1, 1))] == ["us-ny-x"]
    assert RuleSets((found,)).equals("US-NY", "sign_audit_opinion", date(2019, 12, 31)) == ()
    wrong, faults = read(EQUAL.replace(of, by).encode(), "us-ny.toml")
    assert wrong is None
    assert field in [fault.field for fault in faults]
