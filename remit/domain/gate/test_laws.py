"""Laws of the gate, over generated people: more never refuses, all reasons at once, half-open dates."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain import line
from remit.domain.gate import (
    Act,
    Credential,
    Degree,
    Experience,
    Grant,
    Knows,
    Language,
    Level,
    Membership,
    Need,
    PersonFacts,
    Place,
    Software,
    SystemAccess,
    Training,
    Verification,
    Wall,
    check,
    check_profile,
)
from remit.domain.gate.test_gate import AT, ELENA, NEED, ON, RULES

days = st.dates(date(2026, 12, 1), date(2027, 4, 30))
kinds = st.sampled_from(["Steuerberater", "Bilanzbuchhalter", "ACCA"])
looks = st.builds(
    Verification,
    by=st.just("r"),
    by_holder=st.booleans(),
    at=days.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)),
    outcome=st.sampled_from(["verified", "pending", "failed"]),
    due_on=st.none() | days,
)


def dated(cls: type, /, **fields: Any) -> Any:
    return st.builds(cls, valid_from=st.none() | days, valid_until=st.none() | days, **fields)


credentials = dated(Credential, kind=kinds, jurisdiction=st.sampled_from(["DE", "GB"]), verifications=st.lists(looks, max_size=3).map(tuple))
levels = dated(Level, level=st.integers(1, 5), field=st.sampled_from(["", "bookkeeping", "law"]))
languages = dated(Language, code=st.sampled_from(["de", "en"]), level=st.sampled_from(["A1", "B1", "B2", "C2"]))
software = dated(Software, code=st.sampled_from(["DATEV", "SAP"]))
places = dated(Place, country=st.sampled_from(["DE", "BG", "IN"]))
members = dated(Membership, organization=st.sampled_from(["rila", "other"]))
fields = st.sampled_from(["bookkeeping", "law"])
experience = st.builds(Experience, field=fields, start_on=st.dates(date(2018, 1, 1), date(2027, 1, 1)), end_on=st.none() | days)
walls = st.builds(Wall, against=st.sampled_from(["halden", "rival"]))


def some(each: Any) -> Any:
    return st.lists(each, max_size=3).map(tuple)


people = st.builds(
    PersonFacts,
    key=st.just("p"),
    levels=st.none() | some(levels),
    experience=st.none() | some(experience),
    credentials=st.none() | some(credentials),
    languages=st.none() | some(languages),
    software=st.none() | some(software),
    hours=st.sampled_from([None, ELENA.hours]),
    places=st.none() | some(places),
    memberships=some(members),
    walls=some(walls),
)
needs = st.builds(
    lambda level, act, years, holds: replace(NEED, step=line.Need(level=level, act=act), years=years, holds=holds),
    st.integers(1, 5),
    st.sampled_from(["", "run_bookkeeping", "sign_annual_accounts", "sign_audit_opinion"]),
    st.integers(0, 6),
    st.sampled_from([(), ("personal",), ("secret",)]),
)
instants = days.map(lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
acts = st.sampled_from(list(Act))


@settings(max_examples=150, deadline=None)
@given(people, needs, acts, instants, credentials)
def test_another_credential_never_refuses(person: PersonFacts, need: Need, act: Act, at: datetime, more: Credential) -> None:
    richer = replace(person, credentials=(*(person.credentials or ()), more))
    assert not check(person, act, need, at, RULES).allowed or check(richer, act, need, at, RULES).allowed


@settings(max_examples=150, deadline=None)
@given(people, needs, acts, instants, levels, languages, software, experience)
def test_another_skill_never_refuses(
    person: PersonFacts, need: Need, act: Act, at: datetime, level: Level, language: Language, program: Software, spell: Experience
) -> None:
    richer = replace(
        person,
        levels=(*(person.levels or ()), level),
        languages=(*(person.languages or ()), language),
        software=(*(person.software or ()), program),
        experience=(*(person.experience or ()), spell),
    )
    before, after = check(person, act, need, at, RULES), check(richer, act, need, at, RULES)
    assert after.allowed or not before.allowed


@settings(max_examples=100, deadline=None)
@given(people, needs, acts, instants)
def test_another_grant_never_refuses_and_a_wall_always_does(person: PersonFacts, need: Need, act: Act, at: datetime) -> None:
    before = check(person, act, need, at, RULES)
    granted = replace(need, grants=(Grant(kind="permit"), Grant(kind="standard_clauses")))
    assert check(person, act, granted, at, RULES).allowed or not before.allowed
    walled = check(replace(person, walls=(*person.walls, Wall(against="halden"))), act, need, at, RULES)
    assert "gate.wall" in walled.codes
    assert set(before.codes) <= set(walled.codes)


@settings(max_examples=100, deadline=None)
@given(people, needs, instants)
def test_reasons_are_those_of_each_condition_alone(person: PersonFacts, need: Need, at: datetime) -> None:
    """Curing one reason never hides another: with one fact set made right, all other reasons remain."""
    whole = set(check(person, Act.PREPARE, need, at, RULES).codes)
    cured = {
        "walls": {"gate.wall"},
        "memberships": {"gate.membership", "gate.stays_with_client"},
        "languages": {"gate.language", "gate.unknown_language"},
        "software": {"gate.software", "gate.unknown_software"},
    }
    for name, gone in cured.items():
        better = check(replace(person, **{name: getattr(ELENA, name)}), Act.PREPARE, need, at, RULES)
        assert whole - gone <= set(better.codes)


@settings(max_examples=100, deadline=None)
@given(people, needs, acts, instants)
def test_every_refusal_says_why(person: PersonFacts, need: Need, act: Act, at: datetime) -> None:
    verdict = check(person, act, need, at, RULES)
    assert verdict.allowed == (not verdict.reasons)
    assert all(reason.rule_source and reason.rule_id and reason.cure is not None for reason in verdict.reasons)
    assert verdict == check(person, act, need, at, RULES)


@settings(max_examples=100, deadline=None)
@given(people, needs, instants)
def test_a_profile_hears_the_same_reasons(person: PersonFacts, need: Need, at: datetime) -> None:
    """What a market row can be asked, it answers as its person does."""
    only_person = {"gate.membership", "gate.wall", "gate.wall_site", "gate.capacity", "gate.named", "gate.apart", "gate.interest"}
    mine = check(replace(person, memberships=()), Act.PREPARE, need, at, RULES)
    row = check_profile(person.profile(), need, at, RULES)
    assert [code for code in mine.codes if code not in only_person] == list(row.codes)


@settings(max_examples=100, deadline=None)
@given(days, st.integers(-3, 3))
def test_ends_are_half_open(until: date, offset: int) -> None:
    person = replace(
        ELENA,
        experience=(Experience(field="bookkeeping", start_on=date(2015, 1, 1)),),
        credentials=tuple(
            replace(each, valid_until=until, verifications=tuple(replace(look, at=datetime(2026, 1, 1, tzinfo=UTC)) for look in each.verifications))
            for each in ELENA.credentials or ()
        ),
    )
    on = until + timedelta(offset)
    verdict = check(person, Act.PREPARE, NEED, datetime(on.year, on.month, on.day, 9, tzinfo=UTC), RULES)
    assert verdict.allowed == (on < until)


def test_the_fixture_person_may() -> None:
    assert check(ELENA, Act.PREPARE, NEED, AT, RULES).checked.on == ON


degrees = st.builds(Degree, level=st.integers(5, 8), field=st.sampled_from(["Law", "Accounting"]))
trainings = dated(Training, code=st.sampled_from(["close", "payroll"]), version=st.sampled_from(["", "1", "2"]))
accounts = dated(SystemAccess, system=st.sampled_from(["DATEV", "SAP"]))
known = dated(Knows, jurisdiction=st.sampled_from(["DE", "US-NY"]))
spoken = dated(Language, code=st.just("de"), level=st.sampled_from(["B1", "C1"]), skill=st.sampled_from(["", "speech", "writing"]))
wide_needs = st.builds(
    Need,
    degree_level=st.sampled_from([0, 6, 7]),
    degree_fields=st.sampled_from([(), ("law",), ("accounting", "law")]),
    trainings=st.sampled_from([(), (("close", ""),), (("close", "2"), ("payroll", "1"))]),
    systems=st.sampled_from([(), ("datev",), ("DATEV", "SAP")]),
    knows=st.sampled_from([(), ("DE",)]),
    skills=st.sampled_from([(), (("de", "B2", "speech"),)]),
)


@settings(max_examples=200, deadline=None)
@given(
    st.none() | some(degrees), st.none() | some(trainings), st.none() | some(accounts), st.none() | some(known), st.none() | some(spoken),
    wide_needs, st.sampled_from([Act.PREPARE, Act.REVIEW, Act.SIGN]), instants,
)  # fmt: skip
def test_another_qualification_never_refuses_and_every_refusal_has_a_source(
    held: Any, trained: Any, granted: Any, law: Any, languages: Any, need: Need, act: Act, at: datetime
) -> None:
    person = PersonFacts(key="p", degrees=held, trainings=trained, systems=granted, knows=law, languages=languages)
    before = check(person, act, need, at, RULES)
    assert before.allowed == (not before.reasons)
    assert all(reason.rule_id and reason.rule_source and reason.cure for reason in before.reasons)
    for more in (
        {"degrees": (*(held or ()), Degree(level=7, field="law"))},
        {"trainings": (*(trained or ()), Training(code="close", version="2"))},
        {"systems": (*(granted or ()), SystemAccess(system="datev"))},
        {"knows": (*(law or ()), Knows(jurisdiction="DE"))},
        {"languages": (*(languages or ()), Language(code="de", level="C2"))},
    ):
        assert {reason.code for reason in check(replace(person, **more), act, need, at, RULES).reasons} <= {reason.code for reason in before.reasons} | {
            code.replace("unknown_", "") for code in before.codes
        } | {"gate.training_version", "gate.language_skill"}
    everything = replace(
        person,
        degrees=(Degree(level=8, field="law"),),
        trainings=(Training(code="close"), Training(code="payroll")),
        systems=(SystemAccess(system="datev"), SystemAccess(system="sap")),
        knows=(Knows(jurisdiction="DE"),),
        languages=(Language(code="de", level="C2"),),
    )
    assert check(everything, act, need, at, RULES).allowed
