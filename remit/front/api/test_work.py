"""Reading the work stage over the API, and opening files there: one's own alone, each look on record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from tests.world import World

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def played(world: World) -> World:
    """A month passed and waiting for the client."""
    from tests.world import reviewed

    reviewed(world)
    return world


@pytest.fixture
def ask(played: World) -> Iterator[Ask]:
    """(seat, path, method) to the answer."""
    from remit.apps.organizations.tokens import issue_token

    kept: dict[str, str] = {}

    def asked(seat: str, rest: str, method: str = "get") -> Any:
        if seat not in kept:
            kept[seat] = issue_token(by=played.by(seat), at=played.now, name=seat, scopes=["*"], days=300)[0]
        house = next(house for house in played.houses.values() if seat in house.seats)
        return getattr(Client(), method)(f"/api/v1/o/{house.reference}/{rest}", HTTP_AUTHORIZATION=f"Bearer {kept[seat]}")

    with played.clock():
        yield asked


def test_both_sides_read_the_same(ask: Ask) -> None:
    for rest in ("engagements", "periods", "items"):
        one, other = ask("petra", rest).json(), ask("maya", rest).json()
        assert one == other
        assert len(one) == 1
        assert ask("kavitha", rest).json() == []


def test_a_month_says_what_blocks_it(ask: Ask) -> None:
    (month,) = ask("petra", "periods").json()
    assert ask("petra", f"periods/{month['reference']}").json() == month
    assert (month["state"], month["pack"], month["invoices"]) == ("open", None, [])
    (wait,) = month["waits"]
    assert (wait["code"], wait["side"], wait["on"]) == ("block.not_accepted", "client", "Petra Vogel")
    assert ask("kavitha", f"periods/{month['reference']}").status_code == 404


def test_an_item_names_its_people_and_papers(ask: Ask) -> None:
    (item,) = ask("maya", "items").json()
    assert item == ask("maya", f"items/{item['reference']}").json()
    assert item["people"] == {"prepare": "Elena Koleva", "review": "Arun Iyer"}
    assert [paper["slot"] for paper in item["papers"]] == ["statement", "ledger"]
    (made,) = ask("maya", f"items/{item['reference']}/deliverables").json()
    assert (made["review"], made["reviewed_by"], made["acceptance"]) == ("passed", "Arun Iyer", "")


def test_files_open_by_post_and_on_record(ask: Ask, played: World) -> None:
    from remit.apps.records.models import Entry

    (item,) = ask("petra", "items").json()
    (made,) = ask("petra", f"items/{item['reference']}/deliverables").json()
    for paper in (*item["papers"], *made["files"]):
        assert ask("petra", f"files/{paper['id']}").status_code == 405
        answer = ask("petra", f"files/{paper['id']}", "post")
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == paper["sha256"]
        with played.see("maya"):
            assert Entry.objects.filter(object_id=paper["id"], kind="file.opened").count() == 1
        assert ask("kavitha", f"files/{paper['id']}", "post").status_code == 404


def test_a_board_is_read_as_the_page_shows_it(ask: Ask) -> None:
    (item,) = ask("maya", "items").json()
    read = ask("maya", f"items/{item['reference']}/board").json()
    assert (read["surface"], read["step"], read["withheld"], read["lacking"]) == ("pair", "prepare", False, [])
    assert read["version"] > 0
    left, right = {row["key"] for row in read["rows"]}, {row["key"] for row in read["right"]}
    assert left
    assert right
    assert all(set(group["left"]) <= left and set(group["right"]) <= right for group in read["groups"])
    assert all(len(row["cells"]) == len(read["columns"]) for row in read["rows"])
    assert any(group["why"] for group in read["groups"])
    assert {"match", "explain", "propose"} <= set(read["commands"])
    assert not [found for found in read["findings"] if found["severity"] == "error"]
    assert ask("maya", f"items/{item['reference']}/board?step=nothing").status_code == 404
    assert ask("kavitha", f"items/{item['reference']}/board").status_code == 404
