"""How a business verb is carried out: one action, one transaction, at least one entry; and what a door gets back."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError, create_model, field_validator
from pydantic_core import PydanticCustomError

from remit.apps.organizations import factors
from remit.apps.organizations import roles as grants
from remit.apps.organizations.models import GuestLink
from remit.apps.records import log
from remit.apps.records.context import By, reading, writing
from remit.apps.records.keys import Row, uuid7
from remit.apps.records.models import Once, Participation
from remit.domain.reasons import N_, Reason, Sentence

NOT_FOUND = Sentence("input.not_found", N_("There is nothing here by the name {name} that you may see."))
STALE = Sentence("input.stale", N_("Somebody changed this in the meantime. Look at it again and repeat what still applies."))
KEY_REUSED = Sentence("input.key_reused", N_("This idempotency key was used before with other input. Take a new key."))
MALFORMED = Sentence("input.malformed", N_("{field}: {problem}"))
MISSING = Sentence("input.missing", N_("{field} is missing."))
UNKNOWN = Sentence("input.unknown", N_("There is no field {field}."))
SHORT = Sentence("input.short", N_("{field} is too short: {least} at least."))
LONG = Sentence("input.long", N_("{field} is too long: {most} at most."))
LEAST = Sentence("input.least", N_("{field} may not be below {least}."))
MOST = Sentence("input.most", N_("{field} may not be above {most}."))
CHOICE = Sentence("input.choice", N_("{field} is one of: {known}."))
NO_NUMBER = Sentence("input.number", N_("{field} is no number."))
NO_DAY = Sentence("input.day", N_("{field} is no day. Write it as 2027-01-31."))
NO_INSTANT = Sentence("input.instant", N_("{field} is no date with time. Write it as 2027-01-31T17:00:00+01:00."))
NOT_TEXT = Sentence("input.not_text", N_("{field} holds a character that is no text. Type it again, without what was pasted."))
LONGEST_KEY = 200
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters, and halves of characters: the database takes neither."""
NO_KEY = Sentence("input.key", N_("{field} is no reference such as BR-7K3F-9QXM, and no key."))


@dataclass(frozen=True)
class Done:
    """The action was done: what it made or changed, and its entry in the record."""

    kind: str
    id: UUID
    reference: str
    entry: UUID


@dataclass(frozen=True)
class Refused:
    """The action was refused, and the refusal is in the record."""

    reasons: tuple[Reason, ...]
    entry: UUID


class BadInput(Exception):
    """Input that no action can take: by field, the reasons. Nothing was done and nothing recorded."""

    def __init__(self, errors: Mapping[str, Iterable[Reason]] | None = None, **fields: Reason) -> None:
        self.errors = {name: tuple(reasons) for name, reasons in (errors or {}).items()} | {name: (reason,) for name, reason in fields.items()}
        super().__init__(", ".join(f"{name}: {reason.code}" for name, reasons in self.errors.items() for reason in reasons))


class NotFound(BadInput):
    """What the input names is not there, or not for these eyes: the two look the same."""

    def __init__(self, name: object) -> None:
        super().__init__(reference=NOT_FOUND(name=str(name)))


class Stale(BadInput):
    """The page that asked was older than what is stored."""

    def __init__(self) -> None:
        super().__init__(version=STALE())


class Busy(BadInput):
    """Nothing is wrong with the input: all that could take it is at work just now, and the same again in a moment will do."""


class Refuse(Exception):
    """Raised inside an action by gate, card or rule: what it did is undone, and the refusal alone is recorded."""

    def __init__(self, *reasons: Reason, about: Row | None = None, audience: UUID | None = None, **decision: Any) -> None:
        super().__init__(*(reason.code for reason in reasons))
        self.reasons, self.about, self.audience, self.decision = reasons, about, audience, decision


class Upload(BaseModel):
    """A file as it comes in: its name without folders, and its bytes (base64 in JSON)."""

    model_config = ConfigDict(frozen=True)
    name: str
    content: Base64Bytes

    @classmethod
    def of(cls, name: str, content: bytes) -> Upload:
        """From bytes at hand; a path in the name is cut to its last part."""
        return cls.model_construct(name=name.replace("\\", "/").rsplit("/", 1)[-1][:200] or "file", content=content)


class Input(BaseModel):
    """What every action's input is made from: strict about names, and text is text."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        if not _plain_text(value):
            raise PydanticCustomError("not_text", "holds a character that is no text")
        return value


@dataclass(frozen=True)
class Action:
    """A business verb: what it does, who may, and the kind of decision that it writes."""

    name: str
    kind: str
    roles: tuple[str, ...]
    perform: Callable[..., Done]
    prepare: Callable[..., Any] | None = None
    second_factor: bool = False
    unasked: bool = False
    """The program's own jobs do it too, for the organization and without a person."""

    @property
    def says(self) -> str:
        """Its one line of help."""
        return (inspect.getdoc(self.perform) or "").partition("\n")[0]

    @functools.cached_property
    def input(self) -> type[BaseModel]:
        """What a door must hand over, as a schema; doors check against it, so that page, API and command line refuse alike."""
        fields = {
            name: (parameter.annotation, ... if parameter.default is inspect.Parameter.empty else parameter.default)
            for name, parameter in inspect.signature(self.perform, eval_str=True).parameters.items()
            if name not in ("by", "at", "prepared")
        }
        return create_model(self.name, __base__=Input, __doc__=self.says, **fields)  # type: ignore[call-overload]

    def parse(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Typed input from a door's plain values; BadInput names every field that does not fit."""
        try:
            model = self.input.model_validate(given)
        except ValidationError as error:
            problems: dict[str, list[Reason]] = {}
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"]) or "input"
                problems.setdefault(field, []).append(problem_of(field, fault))
            raise BadInput(problems) from error
        return {name: getattr(model, name) for name in self.input.model_fields}

    def __call__(self, *, by: By, at: datetime, key: str = "", **given: Any) -> Done | Refused:
        """Do it once: `key` is the idempotency key; the same key with the same input gives the first's result."""
        if len(key) > LONGEST_KEY:
            raise BadInput(idempotency_key=LONG(field="idempotency_key", most=LONGEST_KEY))
        if not _plain_text(key):
            raise BadInput(idempotency_key=NOT_TEXT(field="idempotency_key"))
        more = self._prepared(by, at, given)
        try:
            with writing(by, at):
                return self._once(by, at, key, given, lambda: self._carry_out(by, at, given, more))
        except Refuse as refusal:
            refused = refusal
        # All that was done is undone. Should a second click have come between, its result counts.
        with writing(by, at):
            return self._once(by, at, key, given, lambda: self._refused(by, at, refused))

    def _once(self, by: By, at: datetime, key: str, given: dict[str, Any], act: Callable[[], Done | Refused]) -> Done | Refused:
        if not key:
            return act()
        once = _once(self.name, by, at, key, given)
        if isinstance(once, (Done, Refused)):
            return once
        result = act()
        _keep(once, result)
        return result

    def _prepared(self, by: By, at: datetime, given: dict[str, Any]) -> dict[str, Any]:
        if self.prepare is None or not self._may_prepare(by, at, given):
            return {"prepared": None} if self.prepare and "prepared" in inspect.signature(self.perform).parameters else {}
        prepared = self.prepare(by=by, at=at, **given)
        return {"prepared": prepared} if "prepared" in inspect.signature(self.perform).parameters else {}

    def _may_prepare(self, by: By, at: datetime, given: dict[str, Any]) -> bool:
        """Nothing is read for whoever may not act; the refusal itself comes in its turn."""
        if not self.roles and by.link is None and by.scopes is None:
            return True
        try:
            with reading(by, at):
                self._role(by, at, given)
        except Refuse:
            return False
        return True

    def _carry_out(self, by: By, at: datetime, given: dict[str, Any], more: dict[str, Any]) -> Done:
        by = dataclasses.replace(by, role=self._role(by, at, given))
        if self.second_factor:
            shown = factors.proven(by)
            if isinstance(shown, Reason):
                raise Refuse(shown)
            by = shown
        return self.perform(by=by, at=at, **given, **more)

    def _refused(self, by: By, at: datetime, refusal: Refuse) -> Refused:
        if self.second_factor and by.code:
            factors.spend(by)
        audience = refusal.audience or getattr(refusal.about, "audience_id", None) or (_guest_audience(by) if by.link else own_audience(by, at))
        (entry,) = log.append(
            by,
            at,
            kind=self.kind,
            outcome="refused",
            about=refusal.about,
            audiences=[audience],
            reasons=refusal.reasons,
            **refusal.decision,
        )
        return Refused(refusal.reasons, entry)

    def _role(self, by: By, at: datetime, given: dict[str, Any]) -> str:
        """The role that lets this actor do it; none is asked for where `roles` is empty."""
        if by.scopes is not None and not by.scopes & {self.name, "*"}:
            raise Refuse(grants.TOKEN_SCOPE(action=self.name))
        if by.link is not None:
            if lack := grants.guest_lacks(by, self.name, given):
                raise Refuse(lack)
            return "guest"
        if not self.roles or (self.unasked and by.door == "job" and by.user is None):
            return ""
        found = grants.role_for(by, at, self.roles, given)
        if isinstance(found, Reason):
            raise Refuse(found)
        return found


ACTIONS: dict[str, Action] = {}
"""Every action by name; filled as the apps' `actions` modules are imported."""


def action(
    kind: str, *, roles: tuple[str, ...], prepare: Callable[..., Any] | None = None, second_factor: bool = False, unasked: bool = False
) -> Callable[[Callable[..., Done]], Action]:
    """Make a keyword-only function an action. `roles`: any of them is needed, in a scope that covers what the input names; empty: any member.

    The function asks for the limit of a role itself (`roles.over_limit`), where it knows an amount.

    `prepare` is called with the same input before the transaction opens, and gives the function its parameter `prepared`, where it has one. Here bytes of
    strangers are read, in processes apart (`formats/hostile.py`), so that nothing waits for them under a lock. The role is asked before it, and again when
    the function is called, since another may act in between: what is wrong with the input is given on, for the function to say in its turn; what was
    rested on, the function compares. It may open read transactions of its own.

    `second_factor`: whoever acts with a log-in proves anew who they are, as their organization asks (`factors.py`).

    `unasked`: the program's own jobs do it too.
    """

    def register(perform: Callable[..., Done]) -> Action:
        name = perform.__name__
        made = Action(name, kind, roles, perform, prepare, second_factor, unasked)
        if ACTIONS.setdefault(name, made) is not made:
            raise ValueError(f"two actions named {name}")
        return made

    return register


def decide(by: By, at: datetime, kind: str, about: Any, *, audiences: Iterable[UUID] | None = None, **decision: Any) -> Done:
    """Append the decision to the log of each audience (by default that of `about`) and give the action's result."""
    chosen = list(audiences) if audiences is not None else [about.audience_id]
    entries = log.append(by, at, kind=kind, outcome="allowed", about=about, audiences=chosen, **decision)
    return Done(about._meta.model_name, about.pk, str(getattr(about, "reference", "") or getattr(about, "number", "")), entries[0])


def own_audience(by: By, at: datetime) -> UUID:
    """The audience of the acting organization alone, outside threads; made when it is first needed."""
    found = _own_audience(by)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into records_audience (id, thread_id, kind, opened_by_id, opened_at) values (%s, null, 'own', %s, %s) "
                "on conflict do nothing returning id",
                [uuid7(), by.organization, at],
            )
            made = cursor.fetchone()
        if made:
            Participation.objects.create(audience_id=made[0], tenant_id=by.organization, role="client", since=at)
        found = _own_audience(by)
        assert found is not None
    return found


def _own_audience(by: By) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("select id from records_audience where thread_id is null and opened_by_id = %s", [by.organization])
        row = cursor.fetchone()
    return row[0] if row else None


def _guest_audience(by: By) -> UUID:
    assert by.link is not None
    return GuestLink.objects.values_list("audience_id", flat=True).get(id=by.link)


def problem_of(field: str, fault: Any) -> Reason:
    """What the check of a type found, in a sentence of ours where there is one."""
    kind, facts = fault["type"], fault.get("ctx", {})
    match kind:
        case "not_text":
            return NOT_TEXT(field=field)
        case "missing":
            return MISSING(field=field)
        case "extra_forbidden":
            return UNKNOWN(field=field)
        case "string_too_short" | "too_short":
            return SHORT(field=field, least=facts["min_length"])
        case "string_too_long" | "too_long":
            return LONG(field=field, most=facts["max_length"])
        case "greater_than_equal":
            return LEAST(field=field, least=str(facts["ge"]))
        case "less_than_equal":
            return MOST(field=field, most=str(facts["le"]))
        case "literal_error":
            return CHOICE(field=field, known=str(facts["expected"]).replace("'", "").replace(" or ", ", "))
        case "value_error":
            return MALFORMED(field=field, problem=str(facts["error"]))
    for start, sentence in (("int_", NO_NUMBER), ("decimal_", NO_NUMBER), ("datetime_", NO_INSTANT), ("date_", NO_DAY), ("uuid_", NO_KEY)):
        if kind.startswith(start):
            return sentence(field=field)
    return MALFORMED(field=field, problem=fault["msg"])


def _plain_text(value: Any) -> bool:
    match value:
        case str():
            return not NO_TEXT.search(value)
        case Upload():
            return not NO_TEXT.search(value.name)
        case Mapping():
            return all(_plain_text(name) and _plain_text(each) for name, each in value.items())
        case list() | tuple() | set() | frozenset():
            return all(_plain_text(each) for each in value)
    return True


def _once(name: str, by: By, at: datetime, key: str, given: dict[str, Any]) -> UUID | Done | Refused:
    digest = hashlib.sha256(json.dumps(given, sort_keys=True, default=_plain).encode()).hexdigest()
    actor = by.link or by.user
    row = uuid7()
    with connection.cursor() as cursor:
        # A second click waits here until the first has committed.
        cursor.execute(
            "insert into records_once (id, organization_id, actor, action, key, input_hash, at) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [row, by.organization, actor, name, key, digest, at],
        )
        if cursor.rowcount:
            return row
    first = Once.objects.get(organization=by.organization, actor=actor, action=name, key=key)
    if first.input_hash != digest:
        raise BadInput(idempotency_key=KEY_REUSED())
    return _given_back(first.result or {})


def _keep(once: UUID, result: Done | Refused) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update records_once set result = %s where id = %s", [json.dumps(_kept(result)), once])


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Upload):
        return [value.name, hashlib.sha256(value.content).hexdigest()]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return str(value)


def _kept(result: Done | Refused) -> dict[str, Any]:
    if isinstance(result, Done):
        return {"kind": result.kind, "id": str(result.id), "reference": result.reference, "entry": str(result.entry)}
    return {"entry": str(result.entry), "refused": True}


def _given_back(kept: dict[str, Any]) -> Done | Refused:
    entry = UUID(kept["entry"])
    if kept.get("refused"):
        return Refused(log.reasons(entry), entry)
    return Done(kept["kind"], UUID(kept["id"]), kept["reference"], entry)
