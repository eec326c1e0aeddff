"""Procedures per client: proposed by one side, agreed by the other, frozen with items, taken over by open ones, cited in words that stay."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from remit.apps.agreements.models import AgreedEntity
from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.records.context import writing
from remit.apps.work.models import Period, ProcedureAdoption, ProcedureVersion, StepState, WorkItem
from tests.world import OPENED_AT, opened, signed

if TYPE_CHECKING:
    from tests.world import World

FIRST = "1. Load the statement\n1.1 Compare the opening balance\nExcept: a new account\n2. Match by reference"
SECOND = "1. Load the statement\n1.1 Compare the opening balance\nExcept: a new account\n2. Match by reference, then by amount\n3. Ask about the rest"
OWN: dict[str, Any] = {"task": "bank_reconciliation", "owner": "Georgi Stanev", "owner_side": "provider", "why": "As Halden works"}


@pytest.fixture(scope="module")
def engagement(world: World) -> UUID:
    return signed(world)


def propose(world: World, seat: str, engagement: UUID, text: str = FIRST, valid_from: str = "2026-10-01", **more: Any) -> UUID:
    """Propose a version; gives its key."""
    world.do(seat, "propose_procedure", **(OWN | {"engagement": str(engagement), "text": text, "valid_from": valid_from} | more))
    with world.see(seat):
        return ProcedureVersion.objects.filter(procedure__engagement=engagement).latest("written_at").id


def procedure_of(world: World, item: UUID) -> dict[str, Any]:
    kept: dict[str, Any] = world.one("maya", WorkItem, id=item).answers.get("procedure", {})
    return kept


def test_a_version_is_agreed_by_the_other_side_and_frozen_with_what_opens_then(world: World, engagement: UUID) -> None:
    world.on(OPENED_AT)
    version = propose(world, "maya", engagement)
    assert world.refused("maya", "judge_procedure", proposal=str(version), verdict="agreed") == ("procedure.own",)
    assert "role.missing" in world.refused("rita", "judge_procedure", proposal=str(version), verdict="agreed")
    with pytest.raises(NotFound):
        world.act("olga", "judge_procedure", proposal=str(version), verdict="agreed")
    before = world.do("maya", "open_period", engagement=str(engagement), entity=entity_of(world, engagement), month="2026-10-01")
    assert procedure_of(world, before.id) == {}, "what only one side wants is in force for nobody"
    world.do("jonas", "judge_procedure", proposal=str(version), verdict="agreed")
    assert world.refused("petra", "judge_procedure", proposal=str(version), verdict="declined", note="No") == ("procedure.judged",)
    made = world.do("maya", "open_period", engagement=str(engagement), entity=entity_of(world, engagement), month="2026-11-01")
    kept = procedure_of(world, made.id)
    assert kept["version"] == 1
    assert kept["reference"].startswith("PC-")
    assert [step["number"] for step in kept["steps"]] == ["1", "1.1", "2"]
    assert kept["steps"][1]["exceptions"] == ["a new account"]
    add = world.do("maya", "add_item", period=str(world.one("maya", WorkItem, id=made.id).period_id), task="trial_balance")
    assert procedure_of(world, add.id) == {}, "another task, another procedure"


def entity_of(world: World, engagement: UUID) -> str:
    return str(world.one("maya", AgreedEntity, agreement__engagement=engagement).id)


def test_what_cannot_be_proposed_is_said_at_its_line(world: World, engagement: UUID) -> None:
    for more, field, code in (
        ({"text": "1. One\n1. Two"}, "text", "procedure.at"),
        ({"text": ""}, "steps", "procedure.no_steps"),
        ({"text": "1. One", "steps": [{"says": "Two"}]}, "steps", "procedure.one_way"),
        ({"task": "no such"}, "task", "task.unknown"),
        ({"why": "  "}, "why", "procedure.why_not"),
        ({"text": "", "file": {"name": "steps.csv", "content": base64.b64encode(b"number,step\n1,Load\n1,Again\n").decode()}}, "file", "procedure.at"),
        ({"text": "", "file": {"name": "steps.xlsx", "content": base64.b64encode(b"PK\x03\x04 broken").decode()}}, "file", "table.broken_sheet"),
    ):
        with pytest.raises(BadInput) as bad:
            propose(world, "maya", engagement, **({"task": "set_up_books"} | more))
        assert [reason.code for reason in bad.value.errors[field]] == [code], (more, bad.value.errors)
    with pytest.raises(BadInput) as bad:
        propose(world, "maya", engagement, text="1. One\n1. Two", task="set_up_books")
    assert bad.value.errors["text"][0].values["line"] == 2
    assert "role.missing" in world.refused("rita", "propose_procedure", **OWN, engagement=str(engagement), text=FIRST, valid_from="2026-10-01")
    with pytest.raises(NotFound):
        world.act("olga", "propose_procedure", **OWN, engagement=str(engagement), text=FIRST, valid_from="2026-10-01")
    with world.see("maya"):
        assert not ProcedureVersion.objects.filter(procedure__task="set_up_books").exists(), "nothing is half kept"


def test_a_version_is_succeeded_and_never_edited(world: World) -> None:
    engagement = signed(world)
    first = propose(world, "petra", engagement)
    again = OWN | {"engagement": str(engagement), "text": SECOND, "valid_from": "2026-11-01"}
    assert world.refused("maya", "propose_procedure", **again) == ("procedure.pending",)
    assert world.refused("maya", "take_back_procedure", proposal=str(first), reason="Wrong") == ("procedure.not_own",)
    world.do("petra", "take_back_procedure", proposal=str(first), reason="A step was missing")
    second = propose(world, "petra", engagement)
    with pytest.raises(BadInput):
        world.act("maya", "judge_procedure", proposal=str(second), verdict="declined")
    world.do("maya", "judge_procedure", proposal=str(second), verdict="agreed")
    for more, code in (({"text": FIRST}, "procedure.unchanged"), ({"valid_from": "2026-09-30"}, "procedure.earlier")):
        with pytest.raises(BadInput) as bad:
            world.act("maya", "propose_procedure", **(again | more))
        assert code in {reason.code for reasons in bad.value.errors.values() for reason in reasons}
    third = propose(world, "maya", engagement, SECOND, "2026-11-01")
    numbers = world.one("maya", ProcedureVersion, id=third).number
    assert numbers == 3
    for verb in ("update work_procedureversion set why = 'other'", "delete from work_procedureverdict"):
        with pytest.raises(ProgrammingError, match="permission denied"), writing(world.by("maya"), world.now), connection.cursor() as cursor:
            cursor.execute(verb)


def test_an_open_item_takes_a_new_version_over_and_keeps_what_is_the_same(world: World) -> None:
    engagement = signed(world)
    world.do("petra", "judge_procedure", proposal=str(propose(world, "maya", engagement)), verdict="agreed")
    item = opened(world, engagement)
    assert procedure_of(world, item.id)["version"] == 1
    for number in ("1", "1.1", "2"):
        world.do("elena", "move", item=str(item.id), step="checklist", command="tick", values={"item": number})
    assert world.refused("elena", "adopt_procedure", item=str(item.id)) == ("procedure.nothing_new",)
    world.do("maya", "judge_procedure", proposal=str(propose(world, "petra", engagement, SECOND, "2026-11-01")), verdict="agreed")
    assert procedure_of(world, item.id)["version"] == 1, "an open item keeps its own until somebody takes the new one over"
    assert "role.missing" in world.refused("rita", "adopt_procedure", item=str(item.id))
    world.do("elena", "adopt_procedure", item=str(item.id))
    assert procedure_of(world, item.id)["version"] == 2
    row = world.one("maya", StepState, item=item.id, step="checklist")
    assert [tick["number"] for tick in row.state["ticked"]] == ["1", "1.1"]
    assert [move["command"] for move in row.journal] == ["tick", "tick", "tick", "untick"], "the journal folds to the state"
    assert world.one("maya", ProcedureAdoption, item=item.id).before == {"reference": procedure_of(world, item.id)["reference"], "version": 1}
    assert "procedure.step_open" in str(refused_findings(world, item.id))


def refused_findings(world: World, item: UUID) -> list[Any]:
    """What hand-in says once everything else is prepared."""
    from remit.apps.organizations.acting import Refused
    from tests.world import prepared

    prepared(world, world.one("maya", WorkItem, id=item))
    result = world.act("elena", "hand_in", item=str(item))
    assert isinstance(result, Refused)
    return [reason.values for reason in result.reasons]


def test_an_entitys_own_procedure_comes_before_that_for_all(world: World) -> None:
    engagement = signed(world)
    entity = entity_of(world, engagement)
    world.do("petra", "judge_procedure", proposal=str(propose(world, "maya", engagement, SECOND)), verdict="agreed")
    world.do("petra", "judge_procedure", proposal=str(propose(world, "maya", engagement, FIRST, entity=entity)), verdict="agreed")
    item = opened(world, engagement)
    assert len(procedure_of(world, item.id)["steps"]) == 3
    own = world.one("maya", ProcedureVersion, procedure__engagement=engagement, procedure__entity=entity).procedure_id
    world.do("petra", "withdraw_procedure", procedure=str(own), reason="The group works alike", from_on="2026-11-01")
    assert world.refused("petra", "withdraw_procedure", procedure=str(own), reason="Twice") == ("procedure.gone",)
    later = world.do("maya", "open_period", engagement=str(engagement), entity=entity, month="2026-11-01")
    assert len(procedure_of(world, later.id)["steps"]) == 4
    assert len(procedure_of(world, item.id)["steps"]) == 3, "what was opened before keeps what it carries"


def test_a_closed_period_takes_no_new_version(world: World) -> None:
    from tests.world import closed

    engagement = signed(world)
    item = opened(world, engagement)
    closed(world, item)
    version = propose(world, "maya", engagement)
    world.do("petra", "judge_procedure", proposal=str(version), verdict="agreed")
    assert world.refused("maya", "adopt_procedure", item=str(item.id)) == ("period.closed",)
    period = world.one("maya", Period, id=item.period_id)
    row = ProcedureAdoption(audience_id=period.audience_id, item_id=item.id, version_id=version, adopted_by_name="x", adopted_at=world.now)
    with pytest.raises(IntegrityError, match="closed"), writing(world.by("maya"), world.now), transaction.atomic():
        row.save(force_insert=True)
