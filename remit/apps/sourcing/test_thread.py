"""From the function to the award on the real database: what each action keeps, refuses and records, and who may see it."""

from __future__ import annotations

import pytest

from remit.apps.organizations.acting import BadInput, NotFound, Stale
from remit.apps.records import log
from remit.apps.records.models import Audience, Entry, Opening, Participation, Thread
from remit.apps.sourcing import actions
from remit.apps.sourcing.kept import reason_of
from remit.apps.sourcing.models import Assessment, Award, Brief, Choice, Function, Shortlist
from remit.formats.words import Words
from remit.lines import lines
from tests import world as worlds

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def world(database: str) -> worlds.World:
    return worlds.build()


def newest(world: worlds.World, seat: str, model, **fields):
    with world.see(seat):
        return model.objects.filter(**fields).order_by("-id").first()


def test_an_assessment_says_why_by_rule_and_source(world: worlds.World) -> None:
    function = worlds.assessed(world)
    made = newest(world, "petra", Assessment, function=function.id)
    tasks = {task["code"]: task for task in made.tasks}
    assert made.jurisdiction == "DE"
    assert tasks["count_stock"]["class"] == tasks["release_payments"]["class"] == "keep"
    assert tasks["bank_reconciliation"]["class"] == "bpo"
    assert tasks["month_end_accruals"]["class"] == "kpo"
    by_rule = [reason_of(row) for row in tasks["bank_reconciliation"]["reasons"] if row["rule_id"]]
    assert {reason.code: reason.rule_source for reason in by_rule} == {
        "assess.reserved_responsible": "Steuerberatungsgesetz, s. 6 no. 4", "assess.conditions": "Abgabenordnung, s. 146 (2), (2a), (2b)",
    }  # fmt: skip
    assert all(task["reasons"] for task in made.tasks)


def test_every_service_is_assessed_whole(world: worlds.World) -> None:
    for code, line in lines().items():
        function = world.do("petra", "name_function", service=code, name=code)
        world.do("petra", "assess_function", function=str(function.id))
        tasks = newest(world, "petra", Assessment, function=function.id).tasks
        assert [task["code"] for task in tasks] == [task.code for task in line.tasks]
        assert all(task["reasons"] for task in tasks)


def test_a_proposal_is_overruled_with_a_reason_or_not_at_all(world: worlds.World) -> None:
    function = world.do("petra", "name_function", service="bookkeeping", name="Close")
    for moves, field in (
        ({"bank_reconciliation": {"class": "keep"}}, "moves.bank_reconciliation"),
        ({"bank_reconciliation": {"class": "keep", "reason": "  "}}, "moves.bank_reconciliation"),
        ({"no_such_task": {"class": "keep", "reason": "x"}}, "moves"),
        ({"bank_reconciliation": {"class": "sell", "reason": "x"}}, "moves.bank_reconciliation.class"),
    ):
        with pytest.raises(BadInput) as bad:
            world.act("petra", "assess_function", function=str(function.id), moves=moves)
        assert set(bad.value.errors) == {field}
    moves = {"bank_reconciliation": {"class": "keep", "reason": "Our own people like it."}, "count_stock": {"class": "keep"}}
    world.do("petra", "assess_function", function=str(function.id), moves=moves)
    tasks = {task["code"]: task for task in newest(world, "petra", Assessment, function=function.id).tasks}
    moved = tasks["bank_reconciliation"]
    assert (moved["class"], moved["proposed"], moved["moved"], moved["decides"]) == ("keep", "bpo", "Our own people like it.", "client")
    assert tasks["count_stock"]["moved"] == ""


def test_a_brief_says_where_each_answer_came_from(world: worlds.World) -> None:
    function = worlds.assessed(world)
    brief = world.do("petra", "write_brief", title="Close", function=str(function.id))
    world.do("petra", "answer_brief", brief=str(brief.id), answers={"level": "3", "opens": "8:30"}, taken=["client_country", "zone", "closes"])
    kept = newest(world, "petra", Brief, id=brief.id)
    assert {code: answer["from"] for code, answer in kept.answers.items()} == {
        "service": "typed", "level": "typed", "opens": "typed", "client_country": "organization", "zone": "site", "closes": "site",
    }  # fmt: skip
    assert (kept.plain()["opens"], kept.plain()["closes"], kept.plain()["zone"]) == ("08:30", "18:00", "Europe/Berlin")
    assert (kept.service, kept.country, kept.completed_at, kept.version) == ("bookkeeping", "DE", None, 2)
    # The same again leaves where it came from; an empty answer takes it back.
    world.do("petra", "answer_brief", brief=str(brief.id), answers={"zone": "Europe/Berlin", "level": ""}, version=2)
    again = newest(world, "petra", Brief, id=brief.id)
    assert again.answers["zone"]["from"] == "site"
    assert "level" not in again.answers
    with pytest.raises(Stale):
        world.act("petra", "answer_brief", brief=str(brief.id), answers={"level": "2"}, version=2)
    with pytest.raises(BadInput) as bad:
        world.act("petra", "answer_brief", brief=str(brief.id), taken=["level"])
    assert bad.value.errors["level"][0].code == "brief.not_on_file"


def test_a_brief_is_complete_when_nothing_is_missing(world: worlds.World) -> None:
    brief = worlds.briefed(world)
    assert newest(world, "petra", Brief, id=brief.id).completed_at is not None
    world.do("petra", "answer_brief", brief=str(brief.id), answers={"shared_min": ""})
    assert newest(world, "petra", Brief, id=brief.id).completed_at is None
    assert world.refused("petra", "draw_shortlist", brief=str(brief.id)) == ("brief.not_complete",)


def test_the_shortlist_ranks_who_passes_and_says_why_others_are_out(world: worlds.World) -> None:
    _brief, drawn = worlds.shortlisted(world)
    rows = newest(world, "petra", Shortlist, id=drawn.id).candidates
    assert [(row["name"], row["passes"], row["rank"]) for row in rows] == [
        ("Rila Ledger", True, 1), ("Vistula Controllership", True, 2), ("Kaveri Knowledge Services", False, None),
    ]  # fmt: skip
    rila, _vistula, kaveri = rows
    assert (rila["price"], rila["year_total"], rila["currency"], rila["people"], rila["shown"]) == ("34.0000", "48960.00", "EUR", 4, 5)
    assert rila["shared"]["typical"] == 480
    assert ["Bilanzbuchhalter", "DE", "verified", None] in rila["proofs"]
    assert {row["code"] for row in rila["held"]} >= {"gate.held.credential", "gate.held.language"}
    reasons = [reason_of(row) for row in kaveri["reasons"]]
    assert {reason.code for reason in reasons} >= {"select.nobody", "gate.language"}
    assert any(reason.rule_id == "de-stberg-6-4-bookkeeping" and reason.cure for reason in reasons)
    assert all("{" not in Words("de").reason(reason) for reason in reasons)
    entry = newest(world, "petra", Entry, object_id=drawn.id)
    with world.see("petra"):
        rejected = log.read(entry.id).rejected
    assert [each.object.reference for each in rejected] == ["Kaveri Knowledge Services"]
    assert rejected[0].reasons


def test_no_name_of_a_person_reaches_the_client_before_award(world: worlds.World) -> None:
    _brief, drawn = worlds.shortlisted(world)
    said = str(newest(world, "petra", Shortlist, id=drawn.id).candidates)
    for house in (world.rila, world.vistula, world.kaveri):
        for name, key in house.persons.items():
            assert name not in said
            assert str(key) not in said


def test_weights_are_a_choice_and_a_whole(world: worlds.World) -> None:
    brief = worlds.briefed(world)
    even = dict.fromkeys(("people", "hours", "price", "language"), "25")
    for weights in (even | {"price": "26"}, {"price": "100"}, even | {"looks": "0"}):
        with pytest.raises(BadInput) as bad:
            world.act("petra", "draw_shortlist", brief=str(brief.id), weights=weights)
        assert "weights" in bad.value.errors
    only_hours = dict.fromkeys(even, "0") | {"hours": "100"}
    drawn = world.do("petra", "draw_shortlist", brief=str(brief.id), weights=only_hours)
    found = newest(world, "petra", Shortlist, id=drawn.id)
    assert found.candidates[0]["name"] == "Vistula Controllership"
    assert {each["code"]: each["weight"] for each in found.method["criteria"]} == only_hours


def test_an_award_needs_a_listed_provider_that_passes_and_happens_once(world: worlds.World) -> None:
    brief = worlds.briefed(world)
    award = {"brief": str(brief.id), "reason": "They fit."}
    assert world.refused("petra", "award_brief", provider=str(world.rila.key), **award) == ("award.not_listed",)
    worlds.shortlisted(world, brief)
    assert world.refused("petra", "award_brief", provider=str(world.marin.key), **award) == ("award.not_listed",)
    assert world.refused("petra", "award_brief", provider=str(world.kaveri.key), **award)[0] == "award.does_not_pass"
    # An answer that changes makes the shortlist one of yesterday.
    world.do("petra", "answer_brief", brief=str(brief.id), answers={"shared_min": 300})
    assert world.refused("petra", "award_brief", provider=str(world.rila.key), **award) == ("award.not_listed",)
    worlds.shortlisted(world, brief)
    made = world.do("petra", "award_brief", provider=str(world.rila.key), **award)
    assert world.refused("petra", "award_brief", provider=str(world.vistula.key), **award) == ("award.twice",)
    assert world.refused("petra", "answer_brief", brief=str(brief.id), answers={"shared_min": 240}) == ("award.twice",)
    chosen = newest(world, "petra", Choice, award=made.id)
    assert chosen.reason == "They fit."


def test_who_may(world: worlds.World) -> None:
    brief, _drawn = worlds.shortlisted(world)
    assert world.refused("rita", "write_brief", title="x") == ("role.missing",)
    assert world.refused("rita", "award_brief", brief=str(brief.id), provider=str(world.rila.key), reason="x") == ("role.missing",)
    assert world.refused("jonas", "answer_brief", brief=str(brief.id), answers={"level": "2"}) == ("role.missing",)
    assert world.refused("jonas", "name_function", service="bookkeeping", name="x") == ("role.missing",)


def test_a_provider_sees_nothing_of_a_brief_before_award_and_then_its_terms_alone(world: worlds.World) -> None:
    function = worlds.assessed(world)
    brief, _drawn = worlds.shortlisted(world, worlds.briefed(world, function))
    kept = newest(world, "petra", Brief, id=brief.id)
    models = (Function, Assessment, Brief, Shortlist, Choice)
    for seat in ("maya", "kavitha", "ivan"):
        with world.see(seat):
            assert [model.objects.count() for model in models] == [0] * len(models), seat
            assert not Thread.objects.filter(id=kept.thread_id).exists()
            assert not Audience.objects.filter(id=kept.audience_id).exists()
            assert not Entry.objects.filter(audience=kept.audience_id).exists()
    award = world.do("petra", "award_brief", brief=str(brief.id), provider=str(world.rila.key), reason="Cheap, and nobody else answered the telephone.")
    with world.see("maya"):
        assert [model.objects.count() for model in models] == [0] * len(models)
        given = Award.objects.get(id=award.id)
        answers = given.terms["answers"]
        assert (given.terms["title"], answers["shared_min"], answers["inhouse_cost_year"], answers["budget"]) == ("Monthly close", 240, None, None)
        entries = Entry.objects.filter(audience=given.audience_id)
        assert [entry.kind for entry in entries] == ["brief.awarded"]
        said = b"".join(bytes(entry.statement) for entry in entries)
        assert b"telephone" not in said
        assert b"Vistula" not in said
        assert not Opening.objects.filter(value__contains="telephone").exists()
        assert not Entry.objects.filter(audience=kept.audience_id).exists()
        assert {each.role for each in Participation.objects.filter(audience=given.audience_id)} == {"client", "provider"}
    for seat in ("kavitha", "olga", "ivan"):
        with world.see(seat):
            assert not Award.objects.filter(id=award.id).exists()


def test_another_organization_cannot_act_on_it(world: worlds.World) -> None:
    function = worlds.assessed(world)
    brief, _drawn = worlds.shortlisted(world, worlds.briefed(world, function))
    for action, values in (
        ("assess_function", {"function": str(function.id)}),
        ("write_brief", {"title": "x", "function": str(function.id)}),
        ("answer_brief", {"brief": str(brief.id), "answers": {"level": "1"}}),
        ("draw_shortlist", {"brief": str(brief.id)}),
        ("award_brief", {"brief": str(brief.id), "provider": str(world.rila.key), "reason": "x"}),
    ):
        with pytest.raises(NotFound):
            world.act("maya", action, **values)


def test_a_second_click_awards_once(world: worlds.World) -> None:
    brief, _drawn = worlds.shortlisted(world)
    values = actions.award_brief.parse({"brief": str(brief.id), "provider": str(world.rila.key), "reason": "x"})
    by = world.by("petra")
    first = actions.award_brief(by=by, at=world.now, key="twice", **values)
    assert actions.award_brief(by=by, at=world.now, key="twice", **values) == first
    with world.see("petra"):
        assert Award.objects.filter(brief=brief.id).count() == 1
