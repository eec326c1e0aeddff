"""The gate binds at the moment of acting: a licence that lapses on a day blocks that day and leaves the day before valid."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.records.models import Entry
from remit.apps.work.models import Deliverable, ItemFile, Review
from remit.lines import examples

if TYPE_CHECKING:
    from tests.world import World

CASE = "halden-2026-10"


def test_a_licence_that_lapses_blocks_the_day_and_leaves_the_day_before(world: World) -> None:
    """Radoslav answers for the work by German law until 31 December; nobody else who is named does."""
    from tests import world as worlds

    agreement = str(worlds.drafted(world).id)
    example = examples.load("bookkeeping", CASE)
    answers = {code: value for code, value in example.entity.items() if code not in ("name", "currency", "country")}
    world.do(
        "petra", "settle_terms", agreement=agreement, tax_category="AE", tax_reason="Reverse charge",
        contacts=[{"side": "client", "name": "Petra Vogel"}, {"side": "provider", "name": "Maya Dimitrova"}],
        entities=[{"entity": str(world.entities["gmbh"]), "joins_on": "2026-10-01", "answers": answers}],
    )  # fmt: skip
    world.do("maya", "settle_terms", agreement=agreement, responsible=str(world.rila.persons["Radoslav Iliev"]), iban="BG80BNBG96611020345678")
    for seat in ("petra", "maya"):
        world.do(seat, "sign_agreement", agreement=agreement)
    engagement = world.one("maya", Engagement, agreement=agreement)
    entity = world.one("maya", AgreedEntity, agreement=agreement)
    world.on(datetime(2026, 12, 29, 9, tzinfo=UTC))
    item = world.do("maya", "open_period", engagement=str(engagement.id), entity=str(entity.id), month="2026-10-01")
    for step, name in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(item.id), step=step, person=str(world.rila.persons[name]))
    for paper in example.papers:
        given = {"name": paper.name, "content": base64.b64encode(paper.data).decode()}
        world.do("elena", "bring_paper", item=str(item.id), slot=paper.slot, file=given)
    for made in example.moves:
        if made.take:
            world.do("elena", "take_suggestions", item=str(item.id), step=made.step)
        else:
            world.do("elena", "move", item=str(item.id), step=made.step, command=made.command, values=dict(made.values or {}))
    world.on(datetime(2026, 12, 30, 22, 30, tzinfo=UTC))
    deliverable = world.do("elena", "hand_in", item=str(item.id))

    # 23:30 in Munich was still the 30th; now it is the 31st there and not yet in London.
    world.on(datetime(2026, 12, 30, 23, 5, tzinfo=UTC))
    for seat, action, values in (
        ("elena", "hand_in", {"item": str(item.id)}),
        ("arun", "review", {"deliverable": str(deliverable.id), "verdict": "passed"}),
        ("elena", "bring_paper", {"item": str(item.id), "slot": "ledger", "file": given}),
        ("maya", "assign", {"item": str(item.id), "step": "prepare", "person": str(world.rila.persons["Elena Koleva"])}),
    ):
        reasons = world.refused(seat, action, **values)
        assert reasons
        assert all(code.startswith("gate.") for code in reasons), reasons
    with world.see("petra"):
        assert Deliverable.objects.filter(item=item.id).count() == 1
        assert ItemFile.objects.filter(item=item.id, superseded_at=None).count() == 2
        assert not Review.objects.exists()
        refused = Entry.objects.filter(audience=engagement.audience_id, outcome="refused")
        assert refused.count() == 4

    # Whoever holds the licence again lets the work of before go on.
    world.do(
        "maya",
        "verify_credential",
        credential=str(
            world.do(
                "maya",
                "add_credential",
                person=str(world.rila.persons["Radoslav Iliev"]),
                kind="Steuerfachangestellter",
                issuer="StBK München",
                jurisdiction="DE",
                valid_from="2026-12-31",
            ).id
        ),
        source="Register of StBK München",
        seen="Renewed",
    )
    world.do("arun", "review", deliverable=str(deliverable.id), verdict="passed")
