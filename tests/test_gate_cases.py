"""The thirteen worked cases of docs/gate.md, field rules 3 to 14 and 26: each is refused as told there, and allowed once cured."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import remit
from remit.domain import line
from remit.domain.gate import Act, Credential, Experience, Grant, Membership, Need, PersonFacts, Proof, Responsible, check
from remit.domain.gate import Place as Works
from remit.formats.rules import shipped

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DOCUMENT = Path(remit.__file__).parent.parent / "docs" / "gate.md"


def held(kind: str, jurisdiction: str, until: date | None = None, proof: Proof = Proof.VERIFIED) -> Credential:
    return Credential.stated(kind, jurisdiction, date(2016, 1, 1), until, proof, AT)


def person(country: str, *credentials: Credential, of: str = "provider", **facts: Any) -> PersonFacts:
    return PersonFacts(key="p", credentials=credentials, places=(Works(country=country),), memberships=(Membership(organization=of),), **facts)


def need(jurisdiction: str, act: str, **more: Any) -> Need:
    return Need(step=line.Need(act=act), client="client", jurisdiction=jurisdiction, **more)


def granted(*kinds: str, until: date | None = None) -> tuple[Grant, ...]:
    return tuple(Grant(kind=kind, valid_until=until) for kind in kinds)


@dataclass(frozen=True)
class Case:
    """A field rule as the gate meets it: what refuses, by which rule, and what cures it."""

    number: int
    code: str
    rule: str
    who: PersonFacts
    asked: Need
    cured_who: PersonFacts | None = None
    cured: Need | None = None
    act: Act = Act.PREPARE


ANALYST, LAWYER = person("IN", held("CA (ICAI)", "IN")), person("IN", held("Attorney", "US-NY"))
PUNE = person("IN", experience=(Experience(field="bookkeeping", start_on=date(2015, 1, 1)),))
BOOKS = need("DE", "run_bookkeeping", field="bookkeeping")
ANSWERS = Responsible(person="georgi", credentials=(held("Bilanzbuchhalter", "DE"),), experience=(Experience(field="bookkeeping", start_on=date(2015, 1, 1)),))

CASES = (
    Case(3, "gate.credential_missing", "us-ny-edn-7402-audit", ANALYST, need("US-NY", "sign_audit_opinion"), person("US", held("CPA", "US-NY")), act=Act.SIGN),
    Case(
        4, "gate.consent", "us-aba-08-451-lawyer", LAWYER, need("US-NY", "assist_attorney"),
        cured=need("US-NY", "assist_attorney", grants=granted("responsible_lawyer", "conflict_check", "confidences_consent")),
    ),
    Case(
        5, "gate.consent", "us-irc-7216-consent", person("PH", held("PTIN", "US"), held("NYTPRIN", "US-NY")),
        need("US-NY", "prepare_tax_return", holds=("tax",)),
        cured=need("US-NY", "prepare_tax_return", holds=("tax",), grants=granted("irc_7216_consent", until=date(2026, 12, 31))),
    ),
    Case(6, "gate.credential_missing", "us-ptin", person("US", held("CPA", "US-NY")), need("US-NY", "prepare_tax_return"),
         person("US", held("CPA", "US-NY"), held("PTIN", "US"))),
    Case(
        7, "gate.consent", "us-aicpa-1-700-040-third-party", ANALYST, need("US", "assist_cpa"),
        cured=need("US", "assist_cpa", grants=granted("cpa_client_notice", "confidentiality_contract")),
    ),
    Case(8, "gate.consent", "us-pcaob-3211-form-ap", ANALYST, need("US", "audit_fieldwork"),
         cured=need("US", "audit_fieldwork", grants=granted("audit_hours_kept"))),
    Case(
        9, "gate.consent", "us-at-c-320-soc-1", ANALYST, need("US", "feed_financial_statements", grants=granted("soc_2_type_2")),
        cured=need("US", "feed_financial_statements", grants=granted("soc_1_type_2", until=date(2027, 6, 30))),
    ),
    Case(
        10, "gate.consent", "eu-gdpr-transfer", person("IN"), need("FR", "", holds=("personal",)),
        cured=need("FR", "", holds=("personal",), grants=granted("standard_clauses", until=date(2027, 12, 31))),
    ),
    Case(11, "gate.consent", "us-73-fr-42781-patent-drafting", person("IN"), need("US", "draft_patent_claims", grants=granted("foreign_filing_licence")),
         cured=need("US", "draft_patent_claims", grants=granted("export_clearance"))),
    Case(12, "gate.consent", "us-cms-offshore-health", person("PH"), need("US", "", holds=("health",)),
         cured=need("US", "", holds=("health",), grants=granted("programme_allows_offshore"))),
    Case(13, "gate.consent", "gb-tupe-2006-transfer", person("GB"), need("GB-SCT", "transfer_of_work"),
         cured=need("GB-SCT", "transfer_of_work", grants=granted("tupe_determination"))),
    Case(14, "gate.stays_with_client", "us-far-7-503-governmental", person("US"), need("US", "inherently_governmental"), person("US", of="client")),
    Case(26, "gate.consent", "de-ao-146-books-abroad", PUNE, replace(BOOKS, responsible=(ANSWERS,)),
         cured=replace(BOOKS, responsible=(ANSWERS,), grants=granted("ao_146_2b_permit"))),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"field rule {case.number}")
def test_a_case_is_refused_as_told_and_allowed_once_cured(case: Case) -> None:
    refused = check(case.who, case.act, case.asked, AT, shipped())
    why = next(reason for reason in refused.reasons if reason.rule_id == case.rule)
    assert why.code == case.code
    assert why.rule_source
    assert why.cure is not None
    assert case.rule in {rule.id for rule in refused.checked.rules}, "the record names the rule that was looked at"
    allowed = check(case.cured_who or case.who, case.act, case.cured or case.asked, AT, shipped())
    assert allowed.allowed, allowed.codes
    assert case.rule in {rule.id for rule in allowed.checked.rules}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"field rule {case.number}")
def test_a_case_is_told_with_its_rule_and_its_code(case: Case) -> None:
    if not DOCUMENT.exists():
        pytest.skip("the documentation is not installed")
    told = re.split(r"^### ", DOCUMENT.read_text(encoding="utf-8"), flags=re.M)
    story = next(each for each in told if re.match(rf"Field rule {case.number}\b", each))
    assert f"`{case.rule}`" in story
    assert f"`{case.code}`" in story


def test_an_expired_consent_refuses_again() -> None:
    for number in (5, 9, 10):
        case = next(each for each in CASES if each.number == number)
        assert case.cured is not None
        assert check(case.who, case.act, case.cured, AT, shipped()).allowed
        late = datetime(2028, 1, 3, 9, tzinfo=UTC)
        assert not check(case.who, case.act, case.cured, late, shipped()).allowed


def test_a_title_of_another_state_counts_by_a_dated_rule_and_the_record_names_it() -> None:
    asked = need("US-NY", "sign_audit_opinion")
    who = person("US", held("CPA", "US-CA"))
    verdict = check(who, Act.SIGN, asked, AT, shipped())
    assert verdict.allowed
    assert "gate.held.counts_as" in {reason.code for reason in verdict.held}
    assert "us-ny-edn-7406-mobility" in {rule.id for rule in verdict.checked.rules}
    before = datetime(2011, 11, 14, 9, tzinfo=UTC)
    old = person("US", Credential.stated("CPA", "US-CA", date(2005, 1, 1), None, Proof.VERIFIED, before))
    assert not check(old, Act.SIGN, asked, before, shipped()).allowed, "not before the rule"
    for proof in (Proof.SELF_DECLARED, Proof.FAILED):
        assert not check(person("US", held("CPA", "US-CA", proof=proof)), Act.SIGN, asked, AT, shipped()).allowed
    assert not check(person("US", held("CPA", "PH")), Act.SIGN, asked, AT, shipped()).allowed, "titles that are spelled alike are not equal"
    assert not check(who, Act.PREPARE, need("US-NY", "appear_in_court"), AT, shipped()).allowed, "for that act alone"
