"""The review pages: figures follow from the exported file alone, and too little data is said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from remit.domain.performance import Event, figures

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def engaged(world: World) -> World:
    """Signed, and nothing done."""
    from tests.world import signed

    signed(world)
    return world


@pytest.fixture
def browsing(engaged: World) -> Iterator[World]:
    with engaged.clock():
        yield engaged


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def exported(world: World, seat: str) -> list[Event]:
    from remit.apps.agreements.models import Engagement

    answer = world.browser(seat).get(world.path(seat, f"review/{world.one(seat, Engagement).reference}/events.csv"))
    assert answer.status_code == 200
    return [Event.of(row) for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]


def test_an_engagement_without_work_has_no_data(browsing: World) -> None:
    page = text_of(browsing.browser("petra").get(browsing.path("petra", "review/")))
    assert page.count("no data") == 4
    assert "100" not in page
    assert [event.event for event in exported(browsing, "petra")] == ["counted"]


def test_without_an_engagement_the_page_says_so(browsing: World) -> None:
    from remit.apps.agreements.models import Engagement

    assert "No engagement runs yet" in text_of(browsing.browser("olga").get(browsing.path("olga", "review/")))
    reference = browsing.one("petra", Engagement).reference
    assert browsing.browser("olga").get(browsing.path("olga", f"review/{reference}/events.csv")).status_code == 404


def test_every_party_recomputes_the_same_figures_from_its_file(browsing: World) -> None:
    from remit.apps.agreements.models import Engagement
    from remit.apps.billing import reviewing
    from remit.apps.billing.models import Invoice
    from tests.world import invoiced, opened

    invoiced(browsing, opened(browsing, browsing.one("maya", Engagement).id))
    files = {seat: exported(browsing, seat) for seat in ("petra", "maya", "ivan")}
    assert files["petra"] == files["maya"] == files["ivan"]
    with browsing.see("maya"):
        (engagement,) = Engagement.objects.all()
        told = figures(reviewing.events([engagement], browsing.now)[engagement.id])
    assert figures(files["petra"]) == told
    assert [(each.numerator, each.n) for each in told.figures if each.unit == "share"] == [(1, 1)] * 3
    assert [money.amount for money in told.billed] == [browsing.one("maya", Invoice).net]
    page = text_of(browsing.browser("ivan").get(browsing.path("ivan", "review/")))
    assert page.count("1 of 1") == 4, "three figures, and the first-pass yield of the month"
    assert "too few to say" in page
    assert "%" not in page


def test_a_month_that_is_overdue_and_open_counts(browsing: World) -> None:
    from remit.apps.agreements.models import AgreedEntity, Engagement
    from remit.apps.work.models import WorkItem

    engagement, entity = browsing.one("maya", Engagement), browsing.one("maya", AgreedEntity)
    made = browsing.do("maya", "open_period", engagement=str(engagement.id), entity=str(entity.id), month="2026-11-01")
    browsing.on(browsing.one("maya", WorkItem, id=made.id).due_at + timedelta(days=2))
    on_time = next(figure for figure in figures(exported(browsing, "petra")).figures if figure.code == "on_time")
    assert (on_time.numerator, on_time.denominator) == (1, 2)


def test_returns_and_findings_are_counted_by_month_from_the_same_file(world: World) -> None:
    from remit.apps.agreements.models import Engagement
    from remit.domain.quality import by_month
    from tests.world import handed_in, opened, signed

    engagement = signed(world)
    made = handed_in(world, opened(world, engagement))
    found = [{"category": "figure", "severity": "critical", "says": "Twice"}, {"category": "unclear", "severity": "minor", "says": "Which?"}]
    world.do("arun", "review", deliverable=str(made.id), verdict="returned", findings=found)
    with world.clock():
        reference = world.one("ivan", Engagement, id=engagement).reference
        answer = world.browser("ivan").get(world.path("ivan", f"review/{reference}/events.csv"))
        events = [Event.of(row) for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]
        page = text_of(world.browser("ivan").get(world.path("ivan", "review/")))
    (month,) = by_month(events)
    assert (month.reviewed, month.returned, month.first_pass, month.first_judged) == (1, 1, 0, 1)
    assert (month.by_category, month.by_severity) == ({"figure": 1, "unclear": 1}, {"critical": 1, "minor": 1})
    assert "Twice" not in answer.content.decode(), "counts, no words"
    assert "Reviews and what they found, by month" in page
    assert "0 of 1" in page
