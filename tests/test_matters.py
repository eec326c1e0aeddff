"""When it goes wrong: complaints, disputes of one line, incidents with the notices of the law; each on both sides' pages and stopping nothing else."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.models import Engagement
from remit.apps.billing.models import Invoice
from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.records.models import Entry
from remit.apps.work import matters
from remit.apps.work.models import Matter, MatterStep
from tests.world import invoiced, opened, scoped, signed

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def engagement(world: World) -> UUID:
    """With an invoice."""
    running = signed(world)
    invoiced(world, opened(world, running))
    return running


def stood(world: World, key: UUID, seat: str = "petra") -> matters.Stood:
    with world.see(seat):
        (found,) = matters.stand(Matter.objects.filter(id=key), world.now)
        return found


def raised(world: World, engagement: UUID, seat: str = "petra", **more: Any) -> UUID:
    given = {"kind": "complaint", "category": "time", "says": "Late for the third month"} | more
    return world.do(seat, "raise_matter", engagement=str(engagement), **given).id


def test_a_complaint_is_answered_and_settled(world: World, engagement: UUID) -> None:
    key = raised(world, engagement)
    assert "Late for" not in bytes(world.one("ivan", Entry, kind="matter.raised", object_id=key).statement).decode()
    found = stood(world, key)
    assert (found.answers, found.judges) == ("provider", "")
    assert found.row.answer_due_at > world.now + timedelta(days=4)
    matter = {"matter": str(key)}
    with world.clock():
        page = world.browser("maya").get(world.path("maya", "")).content.decode()
    assert f"matters/{found.row.reference}/" in page, "it stands on Today of whoever answers"
    assert world.refused("petra", "answer_matter", **matter, says="?") == ("matter.not_answerer",)
    assert world.refused("petra", "settle_matter", **matter, outcome="settled") == ("matter.not_answered",)
    world.do("maya", "answer_matter", **matter, says="Two people were ill", measures="A deputy for each")
    assert world.refused("maya", "answer_matter", **matter, says="more") == ("matter.nothing_due",)
    assert world.refused("maya", "settle_matter", **matter, outcome="settled") == ("matter.not_raiser",)
    with pytest.raises(BadInput):
        world.act("petra", "settle_matter", **matter, outcome="not_settled")
    world.do("petra", "settle_matter", **matter, outcome="not_settled", says="The same was said in May")
    assert stood(world, key).answers == "provider"
    world.do("maya", "answer_matter", **matter, says="A third person is trained now")
    world.do("petra", "settle_matter", **matter, outcome="settled")
    assert stood(world, key).is_over
    assert world.refused("maya", "answer_matter", **matter, says="late word") == ("matter.over",)


def test_a_dispute_holds_back_its_line_alone(world: World, engagement: UUID) -> None:
    invoice = world.one("maya", Invoice, engagement=engagement)
    given = {"kind": "dispute", "category": "quantity", "says": "12 entries are ours", "invoice": invoice.number, "line": 1, "amount": "10.20"}
    for wrong, field in (({"invoice": ""}, "invoice"), ({"amount": None}, "amount"), ({"category": "time"}, "category"), ({"says": " "}, "says")):
        with pytest.raises(BadInput) as bad:
            world.act("jonas", "raise_matter", engagement=str(engagement), **(given | wrong))
        assert set(bad.value.errors) == {field}
    key = raised(world, engagement, "jonas", **given)
    with world.clock():
        shown = world.browser("maya").get(world.path("maya", f"invoices/{invoice.number}/")).content.decode()
        assert "10.20 is disputed and not due" in shown.replace("\N{NO-BREAK SPACE}", " ").replace("€", "")
    with world.see("maya"):
        held = matters.disputes_of(engagement, invoice.number, world.now)
        assert matters.withheld(held) == Decimal("10.20")
    world.do("petra", "close_period", period=str(invoice.period_id))
    assert world.refused("jonas", "settle_matter", matter=str(key), outcome="upheld", says="x") == ("matter.not_raiser",)
    world.do("maya", "settle_matter", matter=str(key), outcome="upheld", says="They are: a credit note follows")
    with world.see("maya"):
        assert matters.disputes_of(engagement, invoice.number, world.now) == []


def test_an_incidents_clock_and_notices(world: World, engagement: UUID) -> None:
    detected = world.now - timedelta(hours=80)
    given = {"kind": "incident", "category": "personal_data", "severity": "high", "says": "A payslip went to the wrong client"}
    for wrong in ({"detected_at": None}, {"detected_at": (world.now + timedelta(hours=1)).isoformat()}):
        with pytest.raises(BadInput) as bad:
            world.act("maya", "raise_matter", engagement=str(engagement), **given, **wrong)
        assert set(bad.value.errors) == {"detected_at"}
    key = raised(world, engagement, "maya", **given, detected_at=detected.isoformat())
    found = stood(world, key)
    assert [(each.owed_by, each.state, each.due_at - detected) for each in found.notices] == [
        ("provider", "late", timedelta()),
        ("client", "late", timedelta(hours=72)),
    ]
    assert all(each.source.startswith("Regulation (EU) 2016/679") for each in found.notices)
    controller, authority = (each.id for each in found.notices)
    matter = {"matter": str(key)}
    assert world.refused("maya", "close_incident", **matter, says="Mixed up", measures="Names are checked") == ("matter.notices_open",)
    assert world.refused("petra", "record_notice", **matter, notice=controller) == ("matter.notice_side",)
    with pytest.raises(BadInput):
        world.act("maya", "record_notice", **matter, notice="no-such")
    receipt = {"name": "mail.txt", "content": base64.b64encode(b"sent").decode()}
    world.do("maya", "record_notice", **matter, notice=controller, sent_at=(detected + timedelta(hours=1)).isoformat(), file=receipt)
    assert world.refused("maya", "record_notice", **matter, notice=controller) == ("matter.notice_sent",)
    with pytest.raises(BadInput):
        world.act("petra", "record_notice", **matter, notice=authority, owed=False)
    world.do("petra", "record_notice", **matter, notice=authority, owed=False, says="A risk is unlikely: the file was sealed")
    assert [each.state for each in stood(world, key).notices] == ["sent_late", "not_owed"]
    world.do("maya", "close_incident", **matter, says="Two files of one name", measures="The client is part of each name now")
    assert stood(world, key).is_over
    step = world.one("ivan", MatterStep, matter=key, step="notified")
    assert step.file_id is not None


def test_pages_answer_both_sides_and_bad_input(world: World, engagement: UUID) -> None:
    running = world.one("petra", Engagement, id=engagement)
    with world.clock():
        petra, maya = world.browser("petra"), world.browser("maya")
        path = f"engagements/{running.reference}/matters/"
        assert "Say what went wrong" in petra.get(world.path("petra", path)).content.decode()
        assert petra.post(world.path("petra", path), {"kind": "incident", "category_incident": "system", "says": "Down"}).status_code == 422
        form = {"kind": "complaint", "category_complaint": "conduct", "category_dispute": "price", "says": "Rude"}
        assert petra.post(world.path("petra", path), form).status_code == 303
        row = world.one("petra", Matter, engagement=engagement, category="conduct")
        page = f"matters/{row.reference}/"
        assert "Answer it" in maya.get(world.path("maya", page)).content.decode()
        assert maya.post(world.path("maya", page + "answer/"), {"says": ""}).status_code == 422
        assert maya.post(world.path("maya", page + "answer/"), {"says": "We are sorry"}).status_code == 303
        assert "We are sorry" in petra.get(world.path("petra", page)).content.decode()
        assert petra.post(world.path("petra", page + "settle/"), {"outcome": "settled"}).status_code == 303
        assert world.browser("olga").get(world.path("olga", page)).status_code == 404
        with CaptureQueriesContext(connection) as few:
            petra.get(world.path("petra", path))
        for _ in range(5):
            raised(world, engagement)
        with CaptureQueriesContext(connection) as many:
            assert petra.get(world.path("petra", path)).status_code == 200
        assert len(many) <= len(few) + 1


def test_others_raise_nothing(world: World, engagement: UUID) -> None:
    given = {"engagement": str(engagement), "kind": "dispute", "category": "other", "says": "x", "invoice": "1", "amount": "1"}
    with pytest.raises(NotFound):
        world.act("olga", "raise_matter", **given)
    assert "role.missing" in world.refused("ivan", "raise_matter", **given) or world.refused("ivan", "raise_matter", **given) == ("matter.side",)
    assert world.refused("maya", "raise_matter", **(given | {"kind": "complaint", "category": "time"})) == ("matter.client",)
    scoped(world, "halden", "petra", "narrow", {"role": "reader", "scope": "engagement", "scope_id": str(engagement)})
    assert world.refused("narrow", "raise_matter", **given) == ("role.missing",)
