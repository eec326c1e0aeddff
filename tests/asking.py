"""Every action asked for what its actor must not know of: each key in its input in turn, all else as it should be. The answer is that for what there is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from django.test import Client

from remit.apps.organizations.acting import ACTIONS, Action, BadInput, Done, NotFound, Refuse, Refused, Stale
from remit.apps.records.context import By
from remit.apps.records.keys import Referenced
from remit.apps.records.rows import rows_of
from tests import walking
from tests.walking import Hidden
from tests.world import World

Answer = tuple[int, str]
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
NAMED = {
    "item": "workitem", "about": "workitem", "paper": "itemfile", "file": "itemfile", "kept_file": "itemfile", "responsible": "person", "operator": "person",
    "scope_id": "engagement", "link": "guestlink", "away": "membership", "entry": "timeentry", "card": "ratecard", "adds_to": "agreement",
    "replaces": "agreedentity", "recurrence": "recurring", "takeover": "takeoverdraft", "token": "apitoken",
}  # fmt: skip
"""What a field of an action names, where it is not the model of that name."""
PLAIN = {
    "country": "DE", "currency": "EUR", "zone": "Europe/Berlin", "service": "bookkeeping", "month": "2026-10-01", "step": "prepare", "slot": "ledger",
    "verdict": "returned", "role": "reader", "kind": "item", "scope": "engagement", "email": "somebody@somewhere.example", "acts": ["bring_paper"],
    "until": "2027-06-01T00:00:00Z", "since": "2027-01-01", "work_class": "bpo", "languages": ["de"], "signer_email": "somebody@somewhere.example",
    "token_hash": "0" * 64, "content": "JVBERi0xLjc=", "hours": [[[540, 1080]]] * 5 + [[], []],
}  # fmt: skip
"""A value that passes, for fields whose type does not tell."""


@dataclass(frozen=True)
class Asked:
    """An action and the path of the key in its input that is tried: names, and 0 for what a list holds."""

    action: Action
    path: tuple[str | int, ...]

    @property
    def field(self) -> str:
        """The name of what is tried."""
        return next(str(name) for name in reversed(self.path) if isinstance(name, str))


def keys_asked() -> Iterator[Asked]:
    """Every key that any action asks for."""
    for action in ACTIONS.values():
        schema = action.input.model_json_schema()
        for path in _keys(schema, schema.get("$defs", {})):
            yield Asked(action, path)


def _keys(schema: dict[str, Any], defs: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    schema = _of(schema, defs)
    if schema.get("format") == "uuid":
        yield ()
    for arm in schema.get("anyOf", ()):
        yield from _keys(arm, defs)
    for name, each in schema.get("properties", {}).items():
        yield from ((name, *rest) for rest in _keys(each, defs))
    if "items" in schema:
        yield from ((0, *rest) for rest in _keys(schema["items"], defs))


def _of(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    return defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def input_of(asked: Asked, tried: str, own: dict[str, str]) -> dict[str, Any]:
    """The action's input: the tried key at its place, one's own keys where others are needed, and of the rest what is needed."""
    schema = asked.action.input.model_json_schema()
    made: dict[str, Any] = _value(schema, schema.get("$defs", {}), asked.path, tried, own, "")
    return made


def _value(schema: dict[str, Any], defs: dict[str, Any], path: tuple[str | int, ...] | None, tried: str, own: dict[str, str], name: str) -> Any:
    """`path`: what is left of the way to the tried key; None beside it."""
    schema = _of(schema, defs)
    if path == ():
        return tried
    if "properties" in schema:
        return {
            each: _value(inner, defs, path[1:] if path and path[0] == each else None, tried, own, each)
            for each, inner in schema["properties"].items()
            if each in schema.get("required", ()) or (path and path[0] == each) or (each == "scope" and path and path[0] == "scope_id")
        }
    if path is not None and "anyOf" in schema:
        arm = next(each for each in schema["anyOf"] if path in list(_keys(each, defs)))
        return _value(arm, defs, path, tried, own, name)
    if path is not None and "items" in schema:
        return [_value(schema["items"], defs, path[1:], tried, own, name)]
    return _plain(schema, defs, tried, own, name)


def _plain(schema: dict[str, Any], defs: dict[str, Any], tried: str, own: dict[str, str], name: str) -> Any:
    if schema.get("format") == "uuid":
        return own.get(NAMED.get(name, name), str(uuid4()))
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum") or [schema["const"]]
        return PLAIN[name] if PLAIN.get(name) in choices else choices[0]
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], defs, None, tried, own, name)
    match schema.get("type"), schema.get("format"):
        case "integer" | "number", _:
            return schema.get("minimum", 1)
        case "boolean", _:
            return True
        case "string", "date":
            return "2026-11-02"
        case "string", "date-time":
            return PLAIN.get(name, "2026-11-03T09:00:00Z")
        case "array", _:
            return PLAIN.get(name, [_value(schema["items"], defs, None, tried, own, name)] if schema.get("items") else [])
        case "object", _:
            return {}
    return PLAIN.get(name, "x" * max(1, schema.get("minLength", 1)))


def owned(world: World, by: By) -> dict[str, str]:
    """By the name of a model, the newest of its rows that the actor reads."""
    models = [model for table, model in walking.tables().items() if rows_of(model).kind not in ("outside", "sequencer")]
    with world.see(by):
        found = {model._meta.model_name: model._default_manager.order_by("-id").values_list("id", flat=True).first() for model in models}
    return {name: str(key) for name, key in found.items() if key is not None}


def tried_for(asked: Asked, hidden: Hidden) -> list[str]:
    """What is hidden: of what the field names by preference, its reference too, and a key of something else."""
    kind = NAMED.get(asked.field, asked.field)
    by_table = {table: model for table, model in walking.tables().items() if model._meta.model_name == kind}
    keys = [str(key) for key in hidden.keys if any(key in _all(table) for table in by_table)]
    prefixes = [model.PREFIX for model in by_table.values() if issubclass(model, Referenced)]
    references = [each for each in hidden.references if each[:2] in prefixes]
    return [*keys, *references, *(str(key) for key in hidden.keys[:1])]


def _all(table: str) -> set[UUID]:
    return {row[0] for row in walking.seen_by_owner(table, "id")}


def unknown(tried: str) -> str:
    """What there is not, of the same form."""
    return f"{tried[:3]}0000-0000" if re.match(r"[A-Z]{2}-", tried) else str(uuid4())


def ask(world: World, seat: str, hidden: Hidden, *, acting: By | None = None) -> dict[str, Answer]:
    """Every action with each hidden key: it is answered as what there is not, and nothing hidden is told. Gives the answers by action and field."""
    home, answers = walking.house_of(world, seat).reference, {}
    own = owned(world, acting or world.by(seat))
    with world.clock():
        given = walking.headers(world, seat, acting)

        def answered(asked: Asked, tried: str) -> Answer:
            path = f"/api/v1/o/{home}/actions/{asked.action.name.replace('_', '-')}"
            answer = Client().post(path, json.dumps(input_of(asked, tried, own)), "application/json", **given)
            said = walking.body(answer).replace(tried, "")
            assert not [word for word in hidden.words if word in said], (seat, asked, tried, said)
            return answer.status_code, KEY.sub("…", answer.content.decode())

        for asked in keys_asked():
            for tried in tried_for(asked, hidden):
                of_none = answered(asked, unknown(tried))
                assert answered(asked, tried) == of_none, (seat, asked.action.name, asked.path, tried, of_none)
                answers[f"{asked.action.name}.{'.'.join(map(str, asked.path))}"] = of_none
    return answers


@dataclass(frozen=True)
class Tried:
    """What became of an action that was undone: `outcome` is done, refused, none (of that name), input or stale; the codes of the reasons; by which role."""

    outcome: str
    codes: tuple[str, ...] = ()
    role: str = ""

    @property
    def lacks_role(self) -> bool:
        """Refused because of who acts, not because of how things stand."""
        return any(code.startswith(("role.", "token.")) or code in ("deputy.names", "guest.out_of_reach") for code in self.codes) and not self.over_limit

    @property
    def over_limit(self) -> bool:
        """Some amounts pass a limit."""
        return "role.over_limit" in self.codes


@contextmanager
def undone(heard: Callable[[Action, By, Tried], None] = lambda action, by, tried: None) -> Iterator[None]:
    """Whatever is done meanwhile is undone at once, and no refusal is recorded; doors are told that there is nothing of that name."""
    carry_out = Action._carry_out

    def once(self: Action, by: By, at: datetime, given: dict[str, Any], more: dict[str, Any]) -> Done:
        roles: list[str] = []
        with mock.patch.object(Action, "_role", lambda *values: roles.append(role(*values)) or roles[-1]):
            try:
                carry_out(self, by, at, given, more)
            except Refuse as refusal:
                heard(self, by, Tried("refused", tuple(reason.code for reason in refusal.reasons), "".join(roles)))
                raise
            except BadInput as bad:
                outcome = {NotFound: "none", Stale: "stale"}.get(type(bad), "input")
                heard(self, by, Tried(outcome, tuple(reason.code for each in bad.errors.values() for reason in each), "".join(roles)))
                raise
        heard(self, by, Tried("done", (), "".join(roles)))
        raise NotFound("undone")

    role = Action._role
    refused = mock.patch.object(Action, "_refused", lambda self, by, at, refusal: Refused(refusal.reasons, uuid4()))
    with mock.patch.object(Action, "_carry_out", once), refused:
        yield


def attempts(world: World, by: By, own: dict[str, str]) -> dict[str, Tried]:
    """Every action once with the keys at hand, and undone; those whose input does not fit are left out."""
    found: dict[str, Tried] = {}
    with undone(lambda action, by, tried: found.__setitem__(action.name, tried)):
        for action in ACTIONS.values():
            schema = action.input.model_json_schema()
            try:
                action(by=by, at=world.now, **action.parse(_value(schema, schema.get("$defs", {}), None, "", own, "")))
            except BadInput:
                continue
    return found
