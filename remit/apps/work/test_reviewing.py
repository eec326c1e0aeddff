"""Review: findings on the bytes, answered with the next ones; samples that can fail; overrides by two persons; a changed byte ends what was under way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from remit.apps.organizations.acting import BadInput, NotFound, Refused
from remit.apps.records import files, log
from remit.apps.records.context import reading, writing
from remit.apps.records.models import Entry
from remit.apps.work import cases, sampled
from remit.apps.work.models import (
    CheckOverride,
    Deliverable,
    FindingAnswer,
    FindingDraft,
    ProcedureVersion,
    Review,
    ReviewFinding,
    ReviewSampled,
    SamplingPlan,
    WorkItem,
)
from remit.domain.line import Finding
from tests.world import BRIEFED_AT, handed_in, opened, prepared, signed

if TYPE_CHECKING:
    from tests.world import World

FOUND = {"category": "figure", "severity": "major", "says": "The fee of the 14th is booked twice", "place": "line 14"}
STEPS = "1. Load the statement\n1.1 Compare the opening balance\n2. Match by reference"


def with_procedure(world: World) -> UUID:
    """An engagement whose reconciliation has a procedure of three steps."""
    engagement = signed(world)
    world.on(BRIEFED_AT)
    named = {"task": "bank_reconciliation", "owner": "Georgi Stanev", "owner_side": "provider", "why": "As Halden works"}
    world.do("maya", "propose_procedure", engagement=str(engagement), text=STEPS, valid_from="2026-09-01", **named)
    version = world.one("maya", ProcedureVersion, procedure__engagement=engagement)
    world.do("petra", "judge_procedure", proposal=str(version.id), verdict="agreed")
    return engagement


def ticked(world: World, item: WorkItem) -> WorkItem:
    for number in ("1", "1.1", "2"):
        world.do("elena", "move", item=str(item.id), step="checklist", command="tick", values={"item": number})
    return item


def test_findings_go_with_the_verdict_and_are_answered_with_the_next_bytes(world: World) -> None:
    item = ticked(world, opened(world, with_procedure(world)))
    made = handed_in(world, item)
    name = next(row for row in named_files(world, made) if row.endswith(".pdf"))
    for wrong, field in (({"file": "other.pdf"}, "file"), ({"step": "9"}, "step"), ({"says": " "}, "says"), ({"severity": "grave"}, "severity")):
        with pytest.raises(BadInput) as bad:
            world.act("arun", "note_finding", deliverable=str(made.id), **(FOUND | wrong))
        assert set(bad.value.errors) == {field}
    assert world.refused("elena", "note_finding", deliverable=str(made.id), **FOUND) == ("work.not_assigned",)
    world.do("arun", "note_finding", deliverable=str(made.id), file=name, step="1.1", **FOUND)
    with world.see("jonas"):
        assert not FindingDraft.objects.exists(), "the client sees findings with the verdict"
    critical = {"category": "missing", "severity": "critical", "says": "The February statement is missing"}
    assert world.refused("arun", "review", deliverable=str(made.id), verdict="passed", findings=[critical]) == ("review.critical",)
    with world.see("maya"):
        assert not ReviewFinding.objects.filter(review__deliverable=made).exists(), "nothing of a refused verdict is kept"
    world.do("arun", "review", deliverable=str(made.id), verdict="returned", findings=[critical])
    with world.see("jonas"):
        first, second = ReviewFinding.objects.filter(review__deliverable=made).order_by("number")
        assert (first.step_number, first.file_name, len(first.file_sha256), second.severity) == ("1.1", name, 64, "critical")
        assert not FindingDraft.objects.exists()
        entry = Entry.objects.get(kind="deliverable.reviewed", object_id=first.review_id)
        assert [reason.code for reason in log.reasons(entry.id)] == ["finding.found_step", "finding.found"]
        assert FOUND["says"] not in bytes(entry.statement).decode(), "what was said of the work stands in the record as a commitment"
    assert world.refused("elena", "hand_in", item=str(item.id)) == ("finding.unanswered", "finding.unanswered")
    answers = [{"finding": str(first.id), "answer": "fixed"}, {"finding": str(second.id), "answer": "disagreed"}]
    with pytest.raises(BadInput) as bad:
        world.act("elena", "hand_in", item=str(item.id), answers=answers)
    assert [reason.code for reason in bad.value.errors["answers"]] == ["finding.why_not"]
    answers[1]["words"] = "It came in January"
    with pytest.raises(BadInput):
        world.act("elena", "hand_in", item=str(item.id), answers=[*answers, answers[0]])
    done = world.do("elena", "hand_in", item=str(item.id), answers=answers)
    with world.see("arun"):
        assert {(row.answer, row.deliverable_id) for row in FindingAnswer.objects.filter(finding__review__deliverable=made)} == {
            ("fixed", done.id),
            ("disagreed", done.id),
        }
    world.do("arun", "review", deliverable=str(done.id), verdict="passed")
    assert world.one("arun", Review, deliverable=done.id).extent == "full"


def named_files(world: World, made: Deliverable) -> list[str]:
    with world.see("arun"):
        return list(made.files.values_list("name", flat=True))


def test_returning_needs_words_or_a_finding(world: World) -> None:
    made = handed_in(world, opened(world, signed(world)))
    with pytest.raises(BadInput):
        world.act("arun", "review", deliverable=str(made.id), verdict="returned")
    with pytest.raises(BadInput) as bad:
        world.act("arun", "note_finding", deliverable=str(made.id), **FOUND, step="1")
    assert [reason.code for reason in bad.value.errors["step"]] == ["finding.no_procedure"]
    world.do("arun", "review", deliverable=str(made.id), verdict="returned", findings=[FOUND])


def test_a_changed_byte_ends_what_was_under_way(world: World) -> None:
    engagement = signed(world)
    planned(world, engagement)
    item = opened(world, engagement)
    made = handed_in(world, item)
    draft = world.do("arun", "note_finding", deliverable=str(made.id), **FOUND)
    first = rows(world, made)[0]
    world.do("arun", "look_at_sample", deliverable=str(made.id), looks=[first | {"right": True}])
    sample = world.one("arun", sampled.ReviewSample, deliverable=made.id)
    again = world.do("elena", "hand_in", item=str(item.id))
    assert world.refused("arun", "note_finding", deliverable=str(made.id), **FOUND) == ("review.old_bytes",)
    assert world.refused("arun", "look_at_sample", deliverable=str(made.id), looks=[first | {"right": True}]) == ("review.old_bytes",)
    assert world.refused("arun", "review", deliverable=str(made.id), verdict="returned", note="Old") == ("review.old_bytes",)
    with world.see("arun"):
        now = sampled.of(Deliverable.objects.get(id=again.id))
        assert now is not None
        assert now.looked == 0, "what was looked at on other bytes does not count"
        assert Deliverable.objects.get(id=again.id).finding_drafts.count() == 0
    world.do("arun", "drop_finding", draft=str(draft.id))
    row = ReviewSampled(
        audience_id=sample.audience_id,
        sample=sample,
        stratum=first["stratum"],
        key=first["key"],
        is_right=True,
        looked_by=world.rila.persons["Arun Iyer"],
        looked_by_name="Arun",
        looked_at=world.now,
    )
    with pytest.raises(IntegrityError, match="newest"), writing(world.by("arun"), world.now), transaction.atomic():
        row.save(force_insert=True)


def planned(world: World, engagement: UUID, **more: Any) -> SamplingPlan:
    """A plan that both sides agreed, in force."""
    done = world.do("maya", "propose_sampling", engagement=str(engagement), valid_from="2026-09-01", **more)
    assert world.refused("maya", "judge_sampling", plan=str(done.id), verdict="agreed") == ("procedure.own",)
    world.do("petra", "judge_sampling", plan=str(done.id), verdict="agreed")
    plan: SamplingPlan = world.one("maya", SamplingPlan, id=done.id)
    return plan


def rows(world: World, made: Deliverable) -> list[dict[str, str]]:
    with world.see("arun"):
        found = sampled.of(made)
        assert found is not None
        return [{"stratum": stratum.result.drawn.stratum, "key": row["key"]} for stratum in found.strata for row in stratum.rows]


def test_a_sample_is_drawn_by_the_agreed_plan_and_can_fail(world: World) -> None:
    engagement = signed(world)
    plan = planned(world, engagement)
    made = handed_in(world, opened(world, engagement))
    with world.see("ivan"):
        found = sampled.of(made)
        assert found is not None
    by_name = {each.result.drawn.stratum: each.result.drawn for each in found.strata}
    assert set(by_name) == {"done", "aside"}, "what was set aside is sampled too"
    assert 0 < by_name["done"].size < by_name["done"].population
    assert found.sample.seed == sampled.seed_of(made.manifest_sha256, plan.fixed), "anybody can repeat the draw"
    drawn = rows(world, made)
    assert world.refused("arun", "review", deliverable=str(made.id), verdict="passed") == ("sample.open",)
    assert world.refused("elena", "look_at_sample", deliverable=str(made.id), looks=[drawn[0] | {"right": True}]) == ("work.not_assigned",)
    for wrong in ([{"stratum": "done", "key": "no such", "right": True}], [drawn[0] | {"right": False}]):
        with pytest.raises(BadInput):
            world.act("arun", "look_at_sample", deliverable=str(made.id), looks=wrong)
    with pytest.raises(NotFound):
        world.act("olga", "look_at_sample", deliverable=str(made.id), looks=[drawn[0] | {"right": True}])
    limit = by_name["done"].limit
    done_rows = [row for row in drawn if row["stratum"] == "done"]
    looks = [row | {"right": row not in done_rows[: limit + 1], "note": "Wrong customer" if row in done_rows[: limit + 1] else ""} for row in drawn]
    world.do("arun", "look_at_sample", deliverable=str(made.id), looks=looks)
    refused = world.act("arun", "review", deliverable=str(made.id), verdict="passed")
    assert isinstance(refused, Refused)
    assert [(reason.code, reason.values["wrong"]) for reason in refused.reasons] == [("sample.fails", limit + 1)]
    with pytest.raises(BadInput):
        world.act("arun", "review", deliverable=str(made.id), verdict="passed", in_full=True)
    world.do("arun", "look_at_sample", deliverable=str(made.id), looks=[done_rows[0] | {"right": True}])
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    row = world.one("arun", Review, deliverable=made.id)
    assert row.extent == "sample"
    with world.see("jonas"):
        entry = Entry.objects.get(kind="deliverable.reviewed", object_id=row.id)
        assert [reason.code for reason in log.reasons(entry.id)] == ["sample.held", "sample.held"]
    assert world.refused("arun", "look_at_sample", deliverable=str(made.id), looks=[done_rows[0] | {"right": True}]) == ("sampling.given",)


def test_a_failing_sample_may_be_reviewed_in_full_with_words(world: World) -> None:
    engagement = signed(world)
    planned(world, engagement, limit_percent="0")
    made = handed_in(world, opened(world, engagement))
    world.do("arun", "look_at_sample", deliverable=str(made.id), looks=[row | {"right": False, "note": "Wrong"} for row in rows(world, made)])
    assert set(world.refused("arun", "review", deliverable=str(made.id), verdict="passed")) == {"sample.fails"}
    world.do("arun", "review", deliverable=str(made.id), verdict="passed", in_full=True, note="Every group, against both papers")
    assert world.one("arun", Review, deliverable=made.id).extent == "full"


def test_plans_say_why_not(world: World) -> None:
    engagement = signed(world)
    asked = {"engagement": str(engagement), "valid_from": "2026-09-01"}
    for more in ({"work_class": "kpo"}, {"confidence_percent": "100"}, {"limit_percent": "40"}):
        with pytest.raises(BadInput) as bad:
            world.act("maya", "propose_sampling", **(asked | more))
        assert set(bad.value.errors) == set(more)
    assert "role.missing" in world.refused("rita", "propose_sampling", **asked)
    done = world.do("maya", "propose_sampling", **asked)
    assert world.refused("petra", "propose_sampling", **asked) == ("procedure.pending",)
    assert world.refused("petra", "take_back_sampling", plan=str(done.id), reason="No") == ("procedure.not_own",)
    with pytest.raises(BadInput):
        world.act("petra", "judge_sampling", plan=str(done.id), verdict="declined")
    made = handed_in(world, opened(world, engagement))
    with world.see("arun"):
        assert sampled.of(made) is None, "nothing is sampled by what only one side wants"
    assert world.refused("arun", "look_at_sample", deliverable=str(made.id), looks=[{"stratum": "done", "key": "1", "right": True}]) == ("sampling.nothing",)
    world.do("maya", "take_back_sampling", plan=str(done.id), reason="Too large")
    with pytest.raises(ProgrammingError, match="permission denied"), writing(world.by("maya"), world.now), connection.cursor() as cursor:
        cursor.execute("update work_samplingplan set fixed = 'chosen'")


def open_item_left(world: World) -> WorkItem:
    """Prepared but for one open item, which nobody has explained: a check fails that a manager may let pass."""
    item = prepared(world, opened(world, signed(world)))
    with world.see("elena"):
        state = item.stepstates.get(step="prepare").state
    key = next(iter(state["answers"]))
    world.do("elena", "move", item=str(item.id), step="prepare", command="withdraw", values={"item": key})
    return item


def test_a_failing_check_is_let_pass_by_a_qualified_person_alone_and_only_as_it_was_found(world: World) -> None:
    item = open_item_left(world)
    asked = {"item": str(item.id), "check": "recon.explained", "reason": "The client answers by Monday"}
    assert world.refused("elena", "hand_in", item=str(item.id)) == ("deliverable.checks",)
    assert world.refused("elena", "let_pass", **asked) == ("override.own_work",)
    assert world.refused("petra", "let_pass", **asked) == ("override.provider",)
    assert "gate.level" in world.refused("arun", "let_pass", **asked)
    for wrong, code in (
        ({"check": "recon.bridge"}, "override.not_failing"),
        ({"finding": "0" * 64}, "override.not_failing"),
        ({"reason": "  "}, "override.why"),
    ):
        with pytest.raises(BadInput) as bad:
            world.act("georgi", "let_pass", **(asked | wrong))
        assert code in {reason.code for reasons in bad.value.errors.values() for reason in reasons}
    done = world.do("georgi", "let_pass", **asked)
    decision = read(world, done.entry)
    assert decision.outcome == "overridden"
    assert {actor.person for actor in decision.overridden_by} == {world.rila.persons["Georgi Stanev"], world.rila.persons["Elena Koleva"]}
    assert world.refused("georgi", "let_pass", **asked) == ("override.covered",)
    made = world.do("elena", "hand_in", item=str(item.id))
    with reading(world.by("maya"), world.now):
        row = Deliverable.objects.get(id=made.id)
        manifest = json.loads(files.read(row.manifest))
        assert [(each["code"], each["allowed_by"], each["reason"]) for each in manifest["overridden"]] == [
            ("recon.explained", "Georgi Stanev", "The client answers by Monday")
        ]
        (kept,) = [check for check in row.checks if check["code"] == "recon.explained"]
        assert kept["overridden"]["by"] == "Georgi Stanev"
    assert read(world, made.entry).cites, "the entry of the hand-in names that of the override"
    with world.see("elena"):
        key = next(iter(item.stepstates.get(step="prepare").state["answers"]))
    world.do("elena", "move", item=str(item.id), step="prepare", command="withdraw", values={"item": key})
    assert world.refused("elena", "hand_in", item=str(item.id)) == ("deliverable.checks",), "other values, another finding"


def read(world: World, entry: UUID) -> Any:
    with reading(world.by("maya"), world.now):
        return log.read(entry)


def test_a_check_without_override_is_let_pass_by_nobody(world: World) -> None:
    item = prepared(world, opened(world, signed(world)))
    line = cases.line_of(world.one("maya", WorkItem, id=item.id))
    bridge = Finding("recon.bridge", values={"apart": "1.00"})
    working = replace(cases.working_step(line), checks=(lambda case: [bridge],))
    failing = replace(line, steps=tuple(working if step.code == working.code else step for step in line.steps))
    with mock.patch.object(cases, "line_of", return_value=failing):
        assert world.refused("georgi", "let_pass", item=str(item.id), check="recon.bridge", reason="It must go out") == ("override.never",)


def test_the_database_asks_for_two_persons(world: World) -> None:
    item = opened(world, signed(world))
    person = world.rila.persons["Georgi Stanev"]
    both = {"asked_by": person, "asked_by_name": "G", "allowed_by": person, "allowed_by_name": "G", "allowed_at": world.now}
    row = CheckOverride(audience_id=item.audience_id, item_id=item.id, step="prepare", code="x", finding={}, finding_sha256="0" * 64, reason="x", **both)
    with pytest.raises(IntegrityError, match="two_persons"), writing(world.by("maya"), world.now), transaction.atomic():
        row.save(force_insert=True)
