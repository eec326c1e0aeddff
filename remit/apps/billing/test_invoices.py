"""Invoices: drawn from accepted work at the card of the day, once, without a gap; what is off the card is refused; the pages say why."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def accepted(world: World) -> World:
    """October accepted, nothing billed."""
    from tests.world import accepted

    accepted(world)
    return world


@pytest.fixture
def browsing(accepted: World) -> Iterator[World]:
    with accepted.clock():
        yield accepted


def period_of(world: World) -> Any:
    from remit.apps.work.models import Period

    return world.one("maya", Period)


def acceptance_of(world: World) -> Any:
    from remit.apps.work.models import Acceptance

    return world.one("maya", Acceptance, verdict="accepted")


def invoices_of(world: World) -> list[Any]:
    from remit.apps.billing.models import Invoice

    with world.see("maya"):
        return list(Invoice.objects.order_by("number").prefetch_related("lines"))


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Results of acts that begin together, each in a thread and a connection of its own."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = acts[index]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def weekend(world: World, **more: Any) -> dict[str, Any]:
    return {"acceptance": str(acceptance_of(world).id), "says": "Saturday hours", "level": 5, "basis": "hour", "quantity": "4.5", **more}


def test_the_preview_draws_nothing(browsing: World) -> None:
    browser = browsing.browser("maya")
    assert "October 2026" in text_of(browser.get(browsing.path("maya", "invoices/")))
    page = text_of(browser.get(browsing.path("maya", f"invoices/draw/{period_of(browsing).reference}/")))
    assert "Nothing is stored yet" in page
    assert "Bank entry" in page
    assert invoices_of(browsing) == []


def test_only_the_provider_sees_the_page_for_drawing(browsing: World) -> None:
    reference = period_of(browsing).reference
    for seat in ("petra", "ivan", "olga"):
        assert browsing.browser(seat).get(browsing.path(seat, f"invoices/draw/{reference}/")).status_code == 404
        assert browsing.browser(seat).post(browsing.path(seat, f"invoices/draw/{reference}/")).status_code == 404
    assert browsing.refused("petra", "draw_invoice", period=str(period_of(browsing).id)) == ("billing.provider",)
    assert browsing.refused("elena", "draw_invoice", period=str(period_of(browsing).id)) == ("role.missing",)


def test_an_off_card_line_is_refused_and_nothing_is_drawn_beside_it(browsing: World) -> None:
    browser, page = browsing.browser("maya"), browsing.path("maya", f"invoices/draw/{period_of(browsing).reference}/")
    answer = browser.post(page, weekend(browsing), headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 303
    shown = text_of(browser.get(answer.headers["location"]))
    assert "has no line for bookkeeping, level 5, by hour" in shown
    assert "Agree a card line for it" in shown
    assert invoices_of(browsing) == []
    foreign = browser.post(page, weekend(browsing, acceptance=str(browsing.halden.key)))
    assert foreign.status_code == 404
    assert browser.post(page, weekend(browsing, quantity="-1")).status_code == 422
    assert invoices_of(browsing) == []


def test_two_drawers_at_once_bill_once_and_the_series_has_no_gap(browsing: World) -> None:
    from remit.apps.billing.actions import draw_invoice
    from remit.apps.organizations.acting import Done, Refused

    by, at, key = browsing.by("maya"), browsing.now, period_of(browsing).id
    results = at_once(*[lambda: draw_invoice(by=by, at=at, period=key)] * 3)
    assert sorted(type(result).__name__ for result in results) == ["Done", "Refused", "Refused"]
    assert {reason.code for result in results if isinstance(result, Refused) for reason in result.reasons} <= {"billing.already_billed", "billing.nothing"}
    (drawn,) = invoices_of(browsing)
    assert [result.reference for result in results if isinstance(result, Done)] == [drawn.number]
    assert drawn.number.endswith("-0001")
    assert browsing.refused("maya", "draw_invoice", period=str(key))
    later = browsing.do("maya", "draw_invoice", period=str(key), extra=[weekend(browsing, level=3)])
    # Refused attempts took no number.
    assert later.reference.endswith("-0002")


def test_the_same_click_twice_gives_the_same_invoice(browsing: World) -> None:
    extra = weekend(browsing, level=4, says="Talk with the auditor") | {"idempotency_key": "one click"}
    browser, page = browsing.browser("maya"), browsing.path("maya", f"invoices/draw/{period_of(browsing).reference}/")
    first, second = browser.post(page, extra), browser.post(page, extra)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(invoices_of(browsing)) == 3


def test_the_database_keeps_work_from_being_billed_twice(browsing: World) -> None:
    from remit.apps.billing.models import InvoiceLine
    from remit.apps.records.context import writing
    from remit.apps.records.keys import uuid7

    line = next(iter(invoices_of(browsing)[0].lines.all()))
    line.id = uuid7()
    line._state.adding = True
    with pytest.raises(IntegrityError, match="work_billed_once"), writing(browsing.by("maya"), browsing.now):
        InvoiceLine.save(line, force_insert=True)


def test_the_invoice_s_page_traces_each_line(browsing: World) -> None:
    drawn = invoices_of(browsing)[0]
    for seat in ("maya", "petra", "ivan"):
        page = browsing.browser(seat).get(browsing.path(seat, f"invoices/{drawn.number}/"))
        shown = text_of(page)
        for expected in (
            "Jonas Weber",
            "reviewed by Arun Iyer",
            "Elena Koleva",
            "Done by",
            "EN 16931: valid",
            "official rules 1.3",
            "Not succeeded since",
            "off_card",
            "Saturday hours",
        ):
            assert expected in shown, (seat, expected)
        assert "Trace open" in shown
        second = browsing.browser(seat).get(browsing.path(seat, f"invoices/{drawn.number}/?line=2"))
        assert "Line 2, opened" in text_of(second)
    assert browsing.browser("olga").get(browsing.path("olga", f"invoices/{drawn.number}/")).status_code == 404
    assert drawn.number not in text_of(browsing.browser("olga").get(browsing.path("olga", "invoices/")))


def test_its_papers_go_out_after_the_look_is_recorded(browsing: World) -> None:
    from remit.apps.records.models import Entry
    from remit.formats.invoices.check import Checked, check

    drawn = invoices_of(browsing)[0]
    for form, start in (("xml", b"<?xml"), ("pdf", b"%PDF-")):
        address = browsing.path("petra", f"invoices/{drawn.number}/open/{form}/")
        assert browsing.browser("petra").get(address).status_code == 405
        answer = browsing.browser("petra").post(address)
        assert answer.content.startswith(start)
        assert answer.headers["content-disposition"] == f'attachment; filename="{drawn.number}.{form}"'
        if form == "xml":
            told = check(answer.content)
            assert isinstance(told, Checked)
            assert told.valid
            assert told.rules_version == drawn.rules_version
    with browsing.see("maya"):
        assert Entry.objects.filter(kind="invoice.opened", object_id=drawn.id, outcome="allowed").count() == 2
    refused = browsing.browser("elena").post(browsing.path("elena", f"invoices/{drawn.number}/open/xml/"))
    assert refused.status_code == 303
    assert "refused=" in refused.headers["location"]
    assert browsing.browser("olga").post(browsing.path("olga", f"invoices/{drawn.number}/open/xml/")).status_code == 404
    assert browsing.browser("petra").post(browsing.path("petra", f"invoices/{drawn.number}/open/exe/")).status_code == 422


def test_a_raise_leaves_what_was_drawn_and_what_was_done_before_unmoved(browsing: World) -> None:
    """Units cost 0.85 until the raise; October's invoice, drawn before or after it, stays to the cent; the day of the raise has the new price."""
    from remit.apps.agreements.models import AgreedLine, Agreement
    from remit.apps.billing import drawing
    from remit.apps.work.models import Period

    before = [(line.work, line.price, line.net) for drawn in invoices_of(browsing) for line in drawn.lines.all()]
    raised = browsing.do(
        "petra",
        "agree_price",
        agreement=str(browsing.one("petra", Agreement).id),
        level=2,
        basis="unit",
        measure="entry",
        price="1.70",
        valid_from="2026-12-01",
    )
    assert browsing.one("maya", AgreedLine, id=raised.id).price == Decimal("1.70")
    assert [(line.work, line.price, line.net) for drawn in invoices_of(browsing) for line in drawn.lines.all()] == before
    with browsing.see("maya"):
        period = Period.objects.select_related("engagement__agreement", "entity").get()
        work = next(work for work in drawing.works(period) if work.measure == "entry")
        prices = [price_of(period, replace(work, on=day)) for day in (work.on, date(2026, 11, 30), date(2026, 12, 1))]
    assert prices == [Decimal("0.85"), Decimal("0.85"), Decimal("1.70")]
    shown = text_of(browsing.browser("maya").get(browsing.path("maya", f"invoices/{invoices_of(browsing)[0].number}/?line={line_of(browsing, 'entry')}")))
    assert "Succeeded from 1 Dec 2026 on, which leaves this line as it is." in shown


def price_of(period: Any, work: Any) -> Decimal:
    from remit.apps.billing import drawing
    from remit.domain.pricing import Price, price

    found = price(drawing.cards(period.engagement.agreement), work.service, work.level, work.basis, work.measure, work.variant, work.on)
    assert isinstance(found, Price)
    return found.line.price


def line_of(world: World, measure: str) -> int:
    from remit.apps.billing.models import InvoiceLine

    with world.see("maya"):
        return int(InvoiceLine.objects.filter(measure=measure).order_by("invoice__number")[0].position)


def test_pages_ask_a_fixed_number_of_queries(browsing: World) -> None:
    browser = browsing.browser("maya")
    for rest, most in (("invoices/", 12), (f"invoices/{invoices_of(browsing)[0].number}/", 34), ("review/", 18)):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(browsing.path("maya", rest)).status_code == 200
        assert len(queries) <= most, (rest, len(queries), [query["sql"][:120] for query in queries])


def test_two_sellers_with_one_number_are_told_apart(browsing: World) -> None:
    """A client of two providers with the same initials: the address names the seller."""
    from remit.apps.billing.models import Invoice
    from remit.apps.records.context import writing
    from remit.apps.records.keys import uuid7

    drawn = invoices_of(browsing)[0]
    twin = Invoice.objects.model(**{field.attname: getattr(drawn, field.attname) for field in Invoice._meta.concrete_fields})
    twin.id, twin.seller_id = uuid7(), browsing.halden.key
    with writing(browsing.by("maya"), browsing.now):
        twin.save(force_insert=True)
    listed = browsing.browser("petra").get(browsing.path("petra", "invoices/")).content.decode()
    for reference in (browsing.rila.reference, browsing.halden.reference):
        assert f"{drawn.number}/?seller={reference}" in listed
        page = browsing.browser("petra").get(browsing.path("petra", f"invoices/{drawn.number}/?seller={reference}"))
        name = browsing.rila.name if reference == browsing.rila.reference else browsing.halden.name
        assert f"{name} to Halden" in text_of(page)
