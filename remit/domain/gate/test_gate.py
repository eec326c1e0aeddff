"""The gate, condition by condition: what refuses, what is unknown, what holds, and what stands in the record."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from remit.domain import line
from remit.domain.calendars import Calendar, WorkingHours
from remit.domain.gate import (
    Act,
    Booking,
    Credential,
    Doer,
    Experience,
    Grant,
    Hours,
    Language,
    Level,
    Membership,
    Need,
    Observed,
    PersonFacts,
    Place,
    Proof,
    Responsible,
    Share,
    Software,
    Verification,
    Wall,
    check,
    check_profile,
    years_in,
)
from remit.domain.reasons import SENTENCES
from remit.domain.rules import RuleSets, parse

LAW: dict[str, Any] = {
    "jurisdiction": "DE",
    "part_of": ["EU"],
    "rule": [
        {
            "id": "de-books",
            "act": "run_bookkeeping",
            "source": "StBerG, s. 6 no. 4",
            "valid_from": date(2000, 7, 1),
            "verified": True,
            "seen": "text",
            "words": {"en": "Three years."},
            "asks": {
                "stays_with": "licensed",
                "held_by": "responsible",
                "any_of": [
                    {"credentials": ["Steuerberater"], "jurisdictions": ["DE"]},
                    {"credentials": ["Bilanzbuchhalter"], "jurisdictions": ["DE"], "field": "bookkeeping", "years": 3},
                ],
            },
        },
        {
            "id": "de-abroad",
            "act": "run_bookkeeping",
            "source": "AO, s. 146",
            "valid_from": date(2024, 1, 28),
            "verified": False,
            "words": {"en": "A permit."},
            "outside": ["DE", "BG"],
            "asks": {"consents": ["permit"]},
        },
        {
            "id": "de-sign",
            "act": "sign_annual_accounts",
            "source": "HGB, s. 245",
            "valid_from": date(2000, 1, 1),
            "verified": False,
            "words": {"en": "The merchant."},
            "asks": {"stays_with": "client"},
        },
        {
            "id": "de-audit",
            "act": "sign_audit_opinion",
            "source": "HGB, s. 319",
            "valid_from": date(2000, 1, 1),
            "verified": False,
            "words": {"en": "Auditors."},
            "asks": {"stays_with": "licensed", "any_of": [{"credentials": ["Wirtschaftsprüfer"], "jurisdictions": ["DE"]}], "apart": "organization"},
        },
    ],
}
UNION: dict[str, Any] = {
    "jurisdiction": "EU",
    "rule": [
        {
            "id": "eu-transfer",
            "act": "any",
            "source": "GDPR, art. 46",
            "valid_from": date(2018, 5, 25),
            "verified": True,
            "seen": "text",
            "data": ["personal"],
            "outside": ["DE", "BG"],
            "words": {"en": "Safeguards."},
            "asks": {"mechanisms": ["standard_clauses", "adequacy_decision"]},
        }
    ],
}
RULES = RuleSets(tuple(found for found in (parse(LAW)[0], parse(UNION)[0]) if found))

AT = datetime(2027, 2, 9, 9, tzinfo=UTC)
ON = AT.date()
MUNICH = WorkingHours.on_weekdays("Europe/Berlin", time(9), time(18), Calendar("DE-BY"))
SOFIA = WorkingHours.on_weekdays("Europe/Sofia", time(9), time(18), Calendar("BG"))
LOOK = Verification(by="registrar", by_holder=False, at=datetime(2027, 1, 4, tzinfo=UTC), outcome="verified", saw_sha256="ab" * 32)
LICENCE = Credential(key="c1", kind="Steuerberater", jurisdiction="DE", valid_from=date(2020, 1, 1), verifications=(LOOK,))
ELENA = PersonFacts(
    key="elena",
    levels=(Level(level=3, field="bookkeeping"),),
    experience=(Experience(field="bookkeeping", start_on=date(2020, 1, 1)),),
    credentials=(LICENCE,),
    languages=(Language(code="de", level="B2"), Language(code="en", level="C1")),
    software=(Software(code="DATEV"),),
    hours=(Hours(hours=SOFIA),),
    places=(Place(country="BG"),),
    memberships=(Membership(organization="rila", valid_from=date(2020, 1, 1)),),
)
NEED = Need(
    step=line.Need(level=3, act="run_bookkeeping"),
    field="bookkeeping",
    years=2,
    client="halden",
    provider="rila",
    jurisdiction="DE",
    zone="Europe/Berlin",
    languages=(("de", "B2"),),
    software=("DATEV",),
    hours=MUNICH,
    shared_min=240,
)


def codes(person: PersonFacts = ELENA, need: Need = NEED, act: Act = Act.PREPARE, at: datetime = AT) -> tuple[str, ...]:
    verdict = check(person, act, need, at, RULES)
    assert verdict.allowed == (not verdict.reasons)
    for reason in (*verdict.reasons, *verdict.observed, *verdict.held, *(each.cure for each in verdict.reasons if each.cure)):
        assert SENTENCES[reason.code].format(**reason.values)
    assert all(reason.rule_id and reason.rule_source and reason.cure for reason in verdict.reasons)
    return verdict.codes


def test_who_may_may() -> None:
    verdict = check(ELENA, Act.PREPARE, NEED, AT, RULES)
    assert verdict.allowed
    assert {reason.code for reason in verdict.held} == {
        "gate.held.membership",
        "gate.held.level",
        "gate.held.years",
        "gate.held.credential",
        "gate.held.language",
        "gate.held.software",
        "gate.held.hours",
        "gate.held.wall",
    }


CHANGES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"levels": (Level(level=2),)}, ("gate.level",)),
    ({"levels": (Level(level=5, field="law"),)}, ("gate.level",)),
    ({"levels": (Level(level=3, valid_from=date(2027, 2, 10)),)}, ("gate.level",)),
    ({"levels": None}, ("gate.unknown_level",)),
    ({"experience": (Experience(field="bookkeeping", start_on=date(2026, 1, 1)),)}, ("gate.years",)),
    ({"experience": None}, ("gate.unknown_experience",)),
    ({"credentials": ()}, ("gate.credential_missing",)),
    ({"credentials": None}, ("gate.unknown_credential",)),
    ({"credentials": (replace(LICENCE, verifications=()),)}, ("gate.credential_unverified",)),
    ({"credentials": (replace(LICENCE, verifications=(replace(LOOK, by_holder=True),)),)}, ("gate.credential_unverified",)),
    ({"credentials": (replace(LICENCE, verifications=(replace(LOOK, outcome="pending"),)),)}, ("gate.credential_unverified",)),
    ({"credentials": (replace(LICENCE, verifications=(replace(LOOK, due_on=ON),)),)}, ("gate.credential_unverified",)),
    ({"credentials": (replace(LICENCE, verifications=(replace(LOOK, at=AT + timedelta(1)),)),)}, ("gate.credential_unverified",)),
    ({"credentials": (replace(LICENCE, verifications=(LOOK, replace(LOOK, at=AT, outcome="failed"))),)}, ("gate.credential_failed",)),
    ({"credentials": (replace(LICENCE, valid_until=ON),)}, ("gate.credential_lapsed",)),
    ({"credentials": (replace(LICENCE, valid_from=ON + timedelta(1)),)}, ("gate.credential_not_yet",)),
    ({"credentials": (replace(LICENCE, jurisdiction="AT"),)}, ("gate.credential_missing",)),
    ({"languages": (Language(code="de", level="A2"),)}, ("gate.language",)),
    ({"languages": ()}, ("gate.language",)),
    ({"languages": None}, ("gate.unknown_language",)),
    ({"software": ()}, ("gate.software",)),
    ({"software": None}, ("gate.unknown_software",)),
    ({"software": (Software(code=" datev"),)}, ()),
    ({"software": (Software(code="DATEV pro"),)}, ("gate.software",)),
    ({"hours": None}, ("gate.unknown_hours",)),
    ({"hours": (Hours(hours=WorkingHours.on_weekdays("Asia/Manila", time(8), time(12), Calendar("PH"))),)}, ("gate.hours",)),
    ({"hours": (Hours(hours=WorkingHours("UTC", ((), (), (), (), (), ((540, 1020),), ()))),)}, ("gate.hours_no_day",)),
    ({"hours": (Hours(hours=SOFIA, valid_until=ON + timedelta(3)),)}, ("gate.unknown_hours",)),
    ({"memberships": ()}, ("gate.membership",)),
    ({"memberships": (Membership(organization="rila", valid_until=ON),)}, ("gate.membership",)),
    ({"walls": (Wall(against="halden"),)}, ("gate.wall",)),
    ({"walls": (Wall(against="halden", of="site"),)}, ("gate.wall_site",)),
    ({"walls": (Wall(against="halden", end_at=AT),)}, ()),
    ({"walls": (Wall(against="rival"),)}, ()),
    ({"places": None}, ("gate.unknown_place",)),
    ({"places": (Place(country="IN"),)}, ("gate.consent",)),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_one_fact_changed(change: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert codes(replace(ELENA, **change)) == expected


def test_all_reasons_at_once() -> None:
    nobody = PersonFacts(key="x", walls=(Wall(against="halden"),))
    assert codes(nobody) == (
        "gate.membership",
        "gate.unknown_level",
        "gate.unknown_experience",
        "gate.unknown_credential",
        "gate.unknown_language",
        "gate.unknown_software",
        "gate.unknown_hours",
        "gate.unknown_place",
        "gate.wall",
    )


def test_a_licence_that_lapses_blocks_only_later_days() -> None:
    lapsing = replace(ELENA, credentials=(replace(LICENCE, valid_until=date(2027, 3, 10)),))
    for day, expected in ((9, ()), (10, ("gate.credential_lapsed",)), (11, ("gate.credential_lapsed",))):
        assert codes(lapsing, at=datetime(2027, 3, day, 9, tzinfo=UTC)) == expected


def test_the_day_is_the_clients() -> None:
    lapsing = replace(ELENA, credentials=(replace(LICENCE, valid_until=date(2027, 3, 10)),))
    assert codes(lapsing, at=datetime(2027, 3, 9, 22, 59, tzinfo=UTC)) == ()
    assert codes(lapsing, at=datetime(2027, 3, 9, 23, 0, tzinfo=UTC)) == ("gate.credential_lapsed",)
    with pytest.raises(ValueError, match="aware"):
        codes(at=datetime(2027, 3, 9))  # noqa: DTZ001 - that it is refused is what is tested


def test_a_lapse_within_the_assignment_is_foretold() -> None:
    lapsing = replace(ELENA, credentials=(replace(LICENCE, valid_until=date(2027, 3, 10)),))
    verdict = check(lapsing, Act.PREPARE, replace(NEED, until_on=date(2027, 4, 1)), AT, RULES)
    assert verdict.allowed
    assert [reason.code for reason in verdict.observed] == ["gate.lapses_first"]


def test_someone_responsible_may_hold_the_licence() -> None:
    clerk = replace(ELENA, credentials=())
    responsible = Responsible(person="boss", credentials=(LICENCE,), valid_from=ON)
    assert codes(clerk, replace(NEED, responsible=(responsible,))) == ()
    assert codes(clerk, replace(NEED, responsible=(replace(responsible, valid_until=ON),))) == ("gate.credential_missing",)
    accountant = replace(LICENCE, kind="Bilanzbuchhalter")
    young = Responsible(person="boss", credentials=(accountant,), experience=(Experience(field="bookkeeping", start_on=date(2025, 1, 1)),))
    assert codes(clerk, replace(NEED, responsible=(young,))) == ("gate.years",)


def test_agents() -> None:
    agent = replace(ELENA, key="bot", agent=True, operator="elena")
    assert codes(agent) == ("gate.credential_missing",)
    plain = replace(NEED, step=line.Need(level=3))
    assert codes(agent, plain) == ()
    assert codes(agent, plain, Act.REVIEW) == ("gate.agent_may_not",)
    assert codes(agent, plain, Act.SIGN) == ("gate.agent_may_not",)
    assert codes(replace(agent, operator=""), plain) == ("gate.unknown_operator",)


def test_preparer_is_not_reviewer() -> None:
    mine, agents = Doer(person="elena", interest="elena"), Doer(person="bot", interest="elena")
    other = Doer(person="ivan", interest="ivan", organization="rila")
    assert codes(need=replace(NEED, prepared_by=(mine,)), act=Act.REVIEW) == ("gate.preparer_is_reviewer",)
    assert codes(need=replace(NEED, reviewed_by=(mine,))) == ("gate.preparer_is_reviewer",)
    assert codes(need=replace(NEED, prepared_by=(agents,)), act=Act.REVIEW) == ("gate.interest",)
    assert codes(need=replace(NEED, prepared_by=(other,)), act=Act.REVIEW) == ()
    assert codes(need=replace(NEED, apart=(agents,)), act=Act.SIGN) == ("gate.apart",)
    assert codes(need=replace(NEED, person="ivan")) == ("gate.named",)
    bot = replace(ELENA, key="bot", agent=True, operator="elena")
    assert "gate.interest" in codes(bot, replace(NEED, reviewed_by=(mine,)))


def test_a_rule_may_ask_for_another_organization() -> None:
    auditor = replace(ELENA, credentials=(replace(LICENCE, kind="Wirtschaftsprüfer"),))
    need = replace(NEED, step=line.Need(act="sign_audit_opinion"), prepared_by=(Doer(person="ivan", interest="ivan", organization="rila"),))
    assert codes(auditor, need, Act.REVIEW) == ("gate.same_organization",)


def test_what_stays_with_the_client() -> None:
    need = replace(NEED, step=line.Need(act="sign_annual_accounts"))
    assert codes(need=need, act=Act.SIGN) == ("gate.stays_with_client",)
    director = replace(ELENA, memberships=(*ELENA.memberships, Membership(organization="halden")))
    assert codes(director, need, Act.SIGN) == ()


def test_capacity() -> None:
    busy = replace(ELENA, bookings=(Booking(start_at=AT, end_at=AT + timedelta(hours=2)),))
    assert codes(busy, replace(NEED, booking=(AT + timedelta(hours=1), AT + timedelta(hours=3)))) == ("gate.capacity",)
    assert codes(busy, replace(NEED, booking=(AT + timedelta(hours=2), AT + timedelta(hours=3)))) == ()
    assert codes(busy, replace(NEED, booking=(AT - timedelta(hours=1), AT + timedelta(hours=1)))) == ("gate.capacity",)
    assert codes(busy, replace(NEED, booking=(AT - timedelta(hours=1), AT))) == ()
    shared = replace(ELENA, shares=(Share(percent=60, start_at=AT + timedelta(5)), Share(percent=30)))
    assert codes(shared, replace(NEED, share_percent=20, until_on=ON + timedelta(30))) == ("gate.capacity",)
    assert codes(shared, replace(NEED, share_percent=10, until_on=ON + timedelta(30))) == ()
    assert codes(shared, replace(NEED, share_percent=70, until_on=ON + timedelta(5))) == ()


def test_hours_last_through_clock_changes_and_holidays() -> None:
    chennai = replace(ELENA, hours=(Hours(hours=WorkingHours.on_weekdays("Asia/Kolkata", time(13, 30), time(22, 30), Calendar("IN-TN"))),))
    new_york = replace(NEED, hours=WorkingHours.on_weekdays("America/New_York", time(9), time(17), Calendar("US-NY")), shared_min=240, zone="America/New_York")
    october = datetime(2026, 10, 19, 15, tzinfo=UTC)
    earlier = (replace(LICENCE, verifications=(replace(LOOK, at=datetime(2026, 1, 1, tzinfo=UTC)),)),)
    person = replace(chennai, credentials=earlier, places=(Place(country="DE"),))
    assert codes(person, replace(new_york, until_on=date(2026, 11, 1)), at=october) == ()
    verdict = check(person, Act.PREPARE, replace(new_york, until_on=date(2026, 11, 3)), october, RULES)
    assert verdict.codes == ("gate.hours",)
    assert (verdict.reasons[0].values["held_min"], verdict.reasons[0].values["worst_on"]) == (180, date(2026, 11, 2))
    # Nobody works between the years, and nobody is refused for it.
    closed = Calendar("DE-BY", closed=frozenset(date(2026, 12, 21) + timedelta(n) for n in range(14)))
    shut = replace(NEED, hours=WorkingHours.on_weekdays("Europe/Berlin", time(9), time(18), closed))
    older = replace(ELENA, credentials=person.credentials)
    assert codes(older, shut, at=datetime(2026, 12, 24, 9, tzinfo=UTC)) == ()


def test_consent_and_place() -> None:
    india = replace(ELENA, places=(Place(country="IN"),))
    permit = Grant(kind="permit", countries=("IN",), valid_until=date(2027, 2, 20))
    assert codes(india, replace(NEED, grants=(permit,))) == ()
    assert codes(india, replace(NEED, grants=(permit,)), at=AT + timedelta(15)) == ("gate.consent_lapsed",)
    assert codes(india, replace(NEED, grants=(replace(permit, countries=("PH",)),))) == ("gate.consent",)
    assert codes(need=replace(NEED, places=("IN",))) == ("gate.consent",)
    assert codes(need=replace(NEED, places=None)) == ("gate.unknown_place",)
    personal = replace(NEED, holds=("personal",), grants=(permit,))
    assert codes(india, personal) == ("gate.consent",)
    clauses = Grant(kind="standard_clauses", data=("personal",))
    assert codes(india, replace(personal, grants=(permit, clauses))) == ()
    assert codes(india, replace(personal, grants=(permit, replace(clauses, data=("payroll",))))) == ("gate.consent",)
    assert codes(india, replace(personal, grants=(permit,)), act=Act.READ) == ("gate.consent",)


def test_rules_have_their_days() -> None:
    india = replace(ELENA, places=(Place(country="IN"),), experience=(Experience(field="bookkeeping", start_on=date(2010, 1, 1)),))
    before = datetime(2024, 1, 26, 9, tzinfo=UTC)
    early = replace(india, credentials=(replace(LICENCE, verifications=(replace(LOOK, at=datetime(2023, 1, 1, tzinfo=UTC)),)),))
    assert codes(early, at=before) == ()
    assert codes(early, at=before + timedelta(2)) == ("gate.consent",)


def test_no_rule_known_is_said_not_refused() -> None:
    verdict = check(ELENA, Act.PREPARE, replace(NEED, jurisdiction="FR"), AT, RULES)
    assert verdict.allowed
    assert [reason.code for reason in verdict.observed] == ["gate.unknown_rules"]
    assert [reason.cure.code for reason in verdict.observed if reason.cure] == ["gate.cure.add_rules"]


def test_where_the_law_stands_by_part_the_parts_are_named() -> None:
    part, _ = parse({"jurisdiction": "FR-COR", "name": {"en": "Corsica"}, "rule": []})
    assert part is not None
    verdict = check(ELENA, Act.PREPARE, replace(NEED, jurisdiction="FR"), AT, RuleSets((*RULES.sets, part)))
    assert verdict.allowed
    assert [reason.cure.values for reason in verdict.observed if reason.cure] == [{"parts": ["FR-COR"]}]


def test_observing_is_dated_and_moves_no_reserved_act() -> None:
    poor = replace(ELENA, languages=(), credentials=())
    need = replace(NEED, observed=(Observed(code="gate.language"), Observed(code="gate.credential_missing"), Observed(code="de-books")))
    verdict = check(poor, Act.PREPARE, need, AT, RULES)
    assert verdict.codes == ("gate.credential_missing",)
    assert [reason.code for reason in verdict.observed] == ["gate.language"]
    ended = replace(need, observed=(Observed(code="gate.language", valid_until=ON),))
    assert codes(poor, ended) == ("gate.credential_missing", "gate.language")


def test_what_the_record_keeps() -> None:
    checked = check(ELENA, Act.PREPARE, NEED, AT, RULES).checked
    assert [(rule.id, rule.jurisdiction, rule.verified) for rule in checked.rules] == [("de-books", "DE", True)]
    assert len(checked.rules[0].sha256) == len(checked.rules[0].set_sha256) == 64
    (relied,) = checked.credentials
    assert (relied.holder, relied.key, relied.kind, relied.proof) == ("elena", "c1", "Steuerberater", "verified")
    assert (relied.verified_by, relied.saw_sha256) == ("registrar", "ab" * 32)
    boss = Responsible(person="boss", credentials=(LICENCE,))
    (relied,) = check(replace(ELENA, credentials=()), Act.PREPARE, replace(NEED, responsible=(boss,)), AT, RULES).checked.credentials
    assert relied.holder == "boss"
    assert (checked.person, checked.act, checked.reserved_act, checked.client, checked.on) == ("elena", Act.PREPARE, "run_bookkeeping", "halden", ON)


def test_proof_states() -> None:
    def proof(credential: Credential) -> Proof:
        return credential.proof(AT, ON)[0]

    assert proof(LICENCE) is Proof.VERIFIED
    assert proof(replace(LICENCE, valid_until=ON + timedelta(59))) is Proof.EXPIRING
    assert proof(replace(LICENCE, valid_until=ON + timedelta(60))) is Proof.VERIFIED
    assert proof(replace(LICENCE, verifications=(replace(LOOK, due_on=ON + timedelta(10)),))) is Proof.EXPIRING
    for state in Proof:
        if state not in (Proof.LAPSED, Proof.NOT_YET, Proof.EXPIRING):
            assert proof(Credential.stated("ACCA", "GB", None, None, state, AT)) is state


def test_profiles() -> None:
    profile = ELENA.profile()
    asked = replace(NEED, provider="")
    assert check_profile(profile, asked, AT, RULES).allowed
    poor = replace(ELENA, languages=(), credentials=(), walls=(Wall(against="halden"),)).profile()
    verdict = check_profile(poor, asked, AT, RULES)
    assert verdict.codes == ("gate.credential_missing", "gate.language")
    assert verdict.checked.person == ""
    shown = repr(replace(ELENA, credentials=(replace(LICENCE, number="4711"),)).profile())
    assert not any(secret in shown for secret in ("elena", "4711", "c1", "registrar", "abab"))


def test_years() -> None:
    first = Experience(field="x", start_on=date(2020, 1, 1), end_on=date(2022, 1, 1))
    spells = (first, replace(first, start_on=date(2021, 1, 1), end_on=date(2023, 1, 1)))
    assert years_in(spells, "x", date(2023, 1, 2)) == 3
    assert years_in(spells, "x", date(2022, 6, 1)) == 2
    assert years_in(spells, "y", date(2023, 1, 2)) == 0
    assert years_in((Experience(field="x", start_on=date(2030, 1, 1)),), "x", date(2023, 1, 1)) == 0
