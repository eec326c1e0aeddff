"""Reading over the API what the pages of record, bills and review show: one's own, with proofs that a stranger recomputes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from remit.domain.performance import Event, figures
from remit.domain.record.tree import leaf_hash, verify_inclusion

if TYPE_CHECKING:
    from remit.front.installation.testing import TestCluster
    from tests.world import World

Read = Callable[..., Any]


@pytest.fixture(scope="module")
def played(world: World, cluster: TestCluster, database: str) -> World:
    """A month closed, and everything under a signed head."""
    from remit.apps.records import sequencer
    from remit.formats.packs.keys import load_signer, new_key
    from tests.world import closed

    closed(world)
    signer = load_signer(new_key())
    with psycopg.connect(cluster.sequencer_url(database)) as link:
        sequencer.publish_key(link, signer, "test.example")
        while sequencer.sequence(link, signer, "test.example"):
            pass
    return world


@pytest.fixture(scope="module")
def tokens(played: World) -> dict[str, str]:
    from remit.apps.organizations.tokens import issue_token

    seats = ("petra", "maya", "olga")
    return {seat: issue_token(by=played.by(seat), at=played.now, name=seat, scopes=["read"], days=300)[0] for seat in seats}


@pytest.fixture
def read(played: World, tokens: dict[str, str]) -> Iterator[Read]:
    """(seat, path, status expected) to the answer."""

    def asked(seat: str, rest: str, status: int = 200) -> Any:
        from django.test import Client

        answer = Client().get("/api/v1" + played.path(seat, rest), headers={"authorization": f"Bearer {tokens[seat]}"})
        assert answer.status_code == status, answer.content
        return answer.json()

    with played.clock():
        yield asked


def test_an_entry_is_proven_from_what_the_api_gives(read: Read) -> None:
    log = next(each for each in read("petra", "logs") if each["kind"] == "engagement")
    head = read("petra", f"logs/{log['id']}")
    assert head["size"] == log["entries"]
    assert head["faults"] == []
    checked = read("petra", f"logs/{log['id']}/check")
    assert (checked["holds"], checked["entries"], checked["heads"], checked["faults"]) == (True, head["size"], 1, [])
    assert checked["openings"] > 3
    entries = read("petra", f"logs/{log['id']}/entries")
    assert [entry["index"] for entry in entries] == list(range(head["size"]))
    one = entries[7]
    proof = read("petra", f"entries/{one['id']}/proof")
    leaf = leaf_hash(base64.b64decode(one["statement"]))
    assert leaf.hex() == one["leaf"] == proof["leaf"]
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert verify_inclusion(leaf, proof["index"], head["size"], path, bytes.fromhex(head["root"]))
    assert not verify_inclusion(leaf_hash(b"other"), proof["index"], head["size"], path, bytes.fromhex(head["root"]))


def test_entries_are_filtered_and_read_in_parts(read: Read) -> None:
    log = next(each for each in read("maya", "logs") if each["kind"] == "engagement")
    whole = read("maya", f"logs/{log['id']}/entries")
    assert read("maya", f"logs/{log['id']}/entries?start=3&limit=2") == whole[3:5]
    assigned = read("maya", f"logs/{log['id']}/entries?kind=step.assigned&text=Elena")
    assert [entry["opened"] for entry in assigned] == [{"person": "Elena Koleva"}]
    read("maya", f"logs/{log['id']}/entries?limit=100000", 422)


def test_others_find_nothing(read: Read, played: World) -> None:
    log = next(each for each in read("maya", "logs") if each["kind"] == "engagement")
    entry = read("maya", f"logs/{log['id']}/entries")[0]
    number = read("maya", "invoices")[0]["number"]
    engagement = read("maya", "invoices")[0]["engagement"]
    for rest in (
        f"logs/{log['id']}", f"logs/{log['id']}/check", f"logs/{log['id']}/entries", f"entries/{entry['id']}", f"entries/{entry['id']}/proof",
        f"invoices/{number}", f"engagements/{engagement}/review",
    ):  # fmt: skip
        read("olga", rest, 404)
    assert log["id"] not in {each["id"] for each in read("olga", "logs")}
    assert read("olga", "invoices") == read("olga", "unbilled") == []


def test_invoices_and_figures_are_the_same_for_both_sides(read: Read) -> None:
    assert read("petra", "invoices") == read("maya", "invoices")
    (drawn,) = read("petra", "invoices")
    assert read("petra", f"invoices/{drawn['number']}") == [drawn]
    assert drawn["total"] == drawn["value"]["total"]["amount"]
    assert read("petra", "unbilled") == read("maya", "unbilled") == []
    told = read("petra", f"engagements/{drawn['engagement']}/review")
    events = [Event.of({name: "" if value is None else str(value) for name, value in event.items()}) for event in told["events"]]
    again = figures(events)
    assert [(each["code"], each["numerator"], each["n"]) for each in told["figures"]] == [(f.code, str(f.numerator), f.n) for f in again.figures]
    assert {each["state"] for each in told["figures"]} == {"thin"}
    assert {each["value"] for each in told["figures"]} == {None}
