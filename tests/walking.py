"""How every address and operation is walked: what is routed, filled with what must stay hidden, and that nothing of it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from remit.apps.organizations.acting import Done
from remit.apps.organizations.actions import issue_token
from remit.apps.records.context import By
from remit.apps.records.keys import Referenced
from remit.apps.records.rows import rows_of
from tests.world import House, World

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
MARKET = {"OR", "RC"}
"""Organizations' names and offered cards are there for every organization."""
KINDS = {
    "functions": "FN", "briefs": "BR", "shortlists": "BR", "agreements": "AG", "engagements": "EG", "periods": "PR", "work": "WI", "items": "WI",
    "people": "PE", "entities": "EN", "cards": "RC", "takeover": "TO",
}  # fmt: skip
"""By the section of an address: what its references name. Any other section is tried with references of every kind."""
ASKED = ("q", "about", "seller", "entity", "check", "only", "show", "line")
"""What pages are asked for in the address besides its path, and could name something by."""
OF_THREADS = re.compile(r"^(sourcing|agreements|work|billing)_|^organizations_(guestlink|message)$|^records_entry$")
UNKEYED = ("records_reader", "records_frontier", "records_queued", "records_tile", "records_clock", "organizations_guestcode", "records_once")


@dataclass(frozen=True)
class Hidden:
    """Of what a member must see nothing: references, keys, and words that stand in it alone."""

    references: list[str]
    keys: list[UUID]
    words: list[str]


def addresses(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """(address with its parameters in angle brackets, name) of everything that is routed."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern), pattern.name or ""


def pages() -> list[tuple[str, str]]:
    """Those of an organization."""
    return [(address, name) for address, name in addresses() if address.startswith("o/<str:organization>/")]


def operations() -> list[tuple[str, str]]:
    """Those of the API: what is read, and the actions."""
    return [(address, name) for address, name in addresses() if address.startswith("api/v1/")]


def reads() -> list[tuple[str, str]]:
    """Those operations that read."""
    return [(address, name) for address, name in operations() if "/actions/" not in address]


def seen_by_owner(table: str, columns: str) -> list[tuple[Any, ...]]:
    """All rows, as the owner of the database sees them; `table` may go on with a condition."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"select {columns} from {table}")
        return cursor.fetchall()


def tables() -> dict[str, Any]:
    """The models whose rows have a key, by table."""
    found = [model for model in apps.get_models() if model.__module__.startswith("remit.apps") and model._meta.pk.attname == "id"]
    return {model._meta.db_table: model for model in found if model._meta.db_table not in UNKEYED}


def everything() -> dict[str, set[UUID]]:
    """Every key that stands in a table."""
    return {table: {row[0] for row in seen_by_owner(table, "id")} for table in tables()}


def new_since(before: dict[str, set[UUID]], words: list[str]) -> Hidden:
    """What was made of threads since: of each table a reference and a key to try, and as words every reference and invoice number."""
    references, keys, every = [], [], []
    for table, model in tables().items():
        if not OF_THREADS.match(table):
            continue
        has_reference = issubclass(model, Referenced)
        made = [row for row in seen_by_owner(table, "id, reference" if has_reference else "id") if row[0] not in before[table]]
        keys += [row[0] for row in made[:1]]
        if has_reference and model.PREFIX not in MARKET:
            references += [row[1] for row in made[:1]]
            every += [row[1] for row in made]
    numbers = [row[0] for row in seen_by_owner("billing_invoice", "number, id") if row[1] not in before["billing_invoice"]]
    return Hidden(references, keys, [*words, *numbers, *every])


def written() -> int:
    """How many entries there are in all."""
    return int(seen_by_owner("records_entry", "count(*)")[0][0])


def filled(address: str, organization: str, references: list[str], keys: list[UUID]) -> Iterator[str]:
    """The address with each foreign reference and key in turn; other parameters get a word."""
    names = PARAMETER.findall(address)
    several = [name for name in names if name != "organization"]
    if not several:
        yield "/" + PARAMETER.sub(organization, address)
        return
    for value in references if "reference" in several or "number" in several else keys[:1]:
        for key in keys if re.search(r"<uuid:", address) and "reference" not in several else keys[:1]:
            values = {"organization": organization, "reference": value, "number": "1" if "/deliverables/" in address else "RL-2026-0001", "step": "prepare"}
            yield "/" + re.sub(PARAMETER, lambda found, values=values, key=key: str(values.get(found[1], key)), address)


def of_kind(address: str, references: list[str]) -> list[str]:
    """Those that an address could show; one where it does not say."""
    before = address.partition("<str:reference>")[0].rstrip("/").rpartition("/")[2]
    return [each for each in references if each.startswith(KINDS.get(before, ""))] or references[:1]


def body(answer: Any) -> str:
    """What an answer says, headers too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace")) + json.dumps(dict(answer.headers), default=str)


def told(answer: Any) -> str:
    """The same without the menu in which whoever is signed in changes to another of their organizations."""
    return re.sub(r"<details class=\"account\">.*?</details>", "", body(answer), flags=re.S)


def house_of(world: World, seat: str) -> House:
    """The organization of a seat."""
    return next(house for house in world.houses.values() if seat in house.seats)


def token(world: World, seat: str) -> str:
    """A token for all that the seat may."""
    secret, done = issue_token(by=world.by(seat), at=world.now, name="walk", scopes=["*"], days=90)
    assert isinstance(done, Done)
    return secret


def headers(world: World, seat: str, acting: By | None = None) -> dict[str, str]:
    """Of a call of the API in the seat's name, for the member who is away in `acting`."""
    more = {"HTTP_X_REMIT_FOR": str(acting.on_behalf_of.deputy)} if acting and acting.on_behalf_of else {}
    return {"HTTP_AUTHORIZATION": f"Bearer {token(world, seat)}"} | more


def browser(world: World, seat: str, acting: By | None = None) -> Client:
    """Signed in as the seat, who has chosen to act for the member who is away in `acting`."""
    made = world.browser(seat)
    if acting and acting.on_behalf_of:
        made.post(world.path(seat, "act-for/"), {"deputy": str(acting.on_behalf_of.deputy)})
        assert "acting-for" in body(made.get(world.path(seat)))
    return made


def own_things(world: World, by: By, hidden: Hidden) -> tuple[list[str], list[UUID]]:
    """(references, keys) of what the actor reads themselves: of each table the newest that is not hidden."""
    references, keys = [], []
    with world.see(by):
        for model in tables().values():
            if rows_of(model).kind in ("outside", "sequencer"):
                continue
            rows = model._default_manager.exclude(id__in=hidden.keys).order_by("-id")
            if issubclass(model, Referenced):
                references += list(rows.exclude(reference__in=hidden.words).values_list("reference", flat=True)[:1])
            keys += list(rows.values_list("id", flat=True)[:1])
    return references, keys


def walk(world: World, seat: str, hidden: Hidden, *, may_name: Callable[[str], bool] = lambda name: False, acting: By | None = None) -> int:
    """Every page and reading operation of the seat's own organization: alone, asked for what is hidden, with one's own references and keys in its path, and
    with each hidden one.

    Nothing hidden shows, and an address of it is none. `may_name`: addresses by name that may be found. Gives how many were looked at.
    """
    home, looked_at, before = house_of(world, seat).reference, 0, written()
    with world.clock():
        page, given = browser(world, seat, acting), headers(world, seat, acting)
        own = own_things(world, acting or world.by(seat), hidden)
        for address, name in [*pages(), *reads()]:
            is_operation = address.startswith("api/")
            for path in filled(address, home, of_kind(address, hidden.references), hidden.keys):
                for asked in _asked(path, hidden) if "reference>" not in address else [{}]:
                    answer = Client().get(path, asked, **given) if is_operation else page.get(path, asked)
                    looked_at += 1
                    assert answer.status_code < 500, (name, path, asked)
                    shown = [word for word in hidden.words if word in told(answer) and word not in path and word not in asked.values()]
                    assert not shown, (seat, name, path, asked, shown)
                if "reference>" in address and not may_name(name):
                    assert answer.status_code in (404, 405), (seat, name, path, answer.status_code)
                # A form sent there would let whoever acts for somebody act for themselves again.
                if not is_operation and name != "act_for":
                    assert page.post(path, {"version": 1, "step": "prepare", "verdict": "accepted"}).status_code < 500, (name, path)
            for path in filled(address, home, of_kind(address, own[0]), own[1]) if address.count("<") > 1 else ():
                answer = Client().get(path, **given) if is_operation else page.get(path)
                assert answer.status_code < 500, (name, path)
                shown = [word for word in hidden.words if word in told(answer) and word not in path]
                assert not shown, (seat, name, path, shown)
        for word in hidden.words:
            found = page.get(world.path(seat, "palette/"), {"q": word[:9]})
            assert word not in body(found), (seat, "palette", word)
    # What was refused stands in the organization's own log; nothing of what is hidden was touched.
    assert written() >= before
    return looked_at


def _asked(path: str, hidden: Hidden) -> Iterator[dict[str, str]]:
    """The questions that a page is asked besides: nothing; and what is hidden, of each kind that a guest could be invited to."""
    yield {}
    for kind, prefix in (("item", "WI"), ("agreement", "AG"), ("period", "PR")):
        found = [each for each in hidden.references if each.startswith(prefix)] or hidden.references
        if found and (kind == "item" or path.endswith("/guests/invite/")):
            yield dict.fromkeys(ASKED, found[0]) | {"kind": kind}
