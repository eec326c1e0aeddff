"""Short references (BR-7K3F-9QXM) for keys: wherever an action wants a key, a door may be given what people read aloud."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from remit.apps.organizations.acting import Action, NotFound
from remit.apps.organizations.models import Organization
from remit.apps.records.context import By, reading
from remit.apps.records.keys import by_prefix

REFERENCE = re.compile(r"^([A-Z]{2})-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")


def resolved(action: Action, given: Mapping[str, Any], by: By, at: datetime) -> dict[str, Any]:
    """The same input with each reference that stands where a key is wanted replaced by the key; the rest is left as it is. Raises NotFound.

    Opens a read transaction of its own where there is a reference at all: what the actor may not see is not found.
    """
    wanted: dict[str, str] = {}
    _walk(action, given, lambda reference: wanted.setdefault(reference, reference))
    if not wanted:
        return dict(given)
    with reading(by, at):
        keys = {reference: key_of(reference) for reference in wanted}
    found: dict[str, Any] = _walk(action, given, lambda reference: str(keys[reference]))
    return found


def key_of(reference: str) -> UUID:
    """The key of what a reference names, inside a transaction. Raises NotFound."""
    prefix = reference[:2]
    model: Any = Organization if prefix == Organization.PREFIX else by_prefix(prefix)
    key: UUID | None = model.objects.filter(reference=reference).values_list("pk", flat=True).first() if model else None
    if key is None:
        raise NotFound(reference)
    return key


def _walk(action: Action, given: Mapping[str, Any], replace: Callable[[str], str]) -> dict[str, Any]:
    fields = action.input.model_fields
    return {name: _placed(fields[name].annotation, value, replace) if name in fields else value for name, value in given.items()}


def _placed(wanted: Any, value: Any, replace: Callable[[str], str]) -> Any:
    """`value` with `replace` applied where the type asks for a key; what does not fit the type is left for its check."""
    origin = get_origin(wanted)
    if origin is Annotated:
        return _placed(get_args(wanted)[0], value, replace)
    if origin in (Union, types.UnionType):
        for arm in get_args(wanted):
            value = _placed(arm, value, replace)
        return value
    if wanted is UUID:
        return replace(value) if isinstance(value, str) and REFERENCE.match(value) else value
    if isinstance(wanted, type) and issubclass(wanted, BaseModel) and isinstance(value, Mapping):
        return {name: _placed(wanted.model_fields[name].annotation, each, replace) if name in wanted.model_fields else each for name, each in value.items()}
    if origin in (list, tuple, set) and isinstance(value, list | tuple):
        return [_placed(get_args(wanted)[0], each, replace) for each in value]
    if origin is dict and isinstance(value, Mapping):
        names, values = get_args(wanted)
        return {_placed(names, name, replace): _placed(values, each, replace) for name, each in value.items()}
    return value
