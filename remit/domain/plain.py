"""Frozen values as plain JSON and back, by their type hints: working states, what a file held, what one period carries to the next."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, TypeVar, Union


class NotPlain(ValueError):
    """A value or its plain form does not fit the type."""


def to_plain(value: Any) -> Any:
    """Dicts, lists, str, int, bool and None; decimals and dates as text. NotPlain for anything else, floats included."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {_text(key): to_plain(held) for key, held in value.items()}
        case tuple() | list():
            return [to_plain(held) for held in value]
        case frozenset() | set():
            return sorted((to_plain(held) for held in value), key=repr)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _fields(type(value))}
    raise NotPlain(f"{type(value).__name__} has no plain form")


T = TypeVar("T")


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of that type; NotPlain where the plain form does not fit it. Unknown names are refused, missing ones take their default."""
    return typing.cast(T, _value(kind, plain))


def _value(kind: Any, plain: Any) -> Any:
    if kind is Any or kind is object:
        return plain
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(inner, plain)
    if origin is Literal:
        return _fitting(plain in inner, plain, kind)
    if origin is not None:
        return _many(origin, inner, plain)
    if dataclasses.is_dataclass(kind):
        return _record(kind, plain)
    return _single(kind, plain)


def _single(kind: Any, plain: Any) -> Any:
    if kind is types.NoneType:
        return _fitting(plain is None, plain, kind)
    if kind in (str, bool):
        return _fitting(isinstance(plain, kind), plain, kind)
    if kind is int:
        return _fitting(isinstance(plain, int) and not isinstance(plain, bool), plain, kind)
    if kind in (Decimal, date, datetime) and isinstance(plain, str):
        try:
            return Decimal(plain) if kind is Decimal else kind.fromisoformat(plain)
        except (ValueError, InvalidOperation):
            pass
    if kind in (dict, Mapping) and isinstance(plain, Mapping):
        return dict(plain)
    raise NotPlain(f"{plain!r} is no {kind}")


def _many(origin: Any, inner: tuple[Any, ...], plain: Any) -> Any:
    if origin in (dict, Mapping):
        _fitting(isinstance(plain, Mapping), plain, origin)
        return {_value(inner[0], key): _value(inner[1], held) for key, held in plain.items()}
    _fitting(isinstance(plain, list | tuple), plain, origin)
    if origin is tuple and inner[-1:] != (...,):
        _fitting(len(plain) == len(inner), plain, origin)
        return tuple(_value(kind, held) for kind, held in zip(inner, plain, strict=True))
    return origin(_value(inner[0], held) for held in plain)


def _record(kind: Any, plain: Any) -> Any:
    _fitting(isinstance(plain, Mapping), plain, kind)
    fields = _fields(kind)
    _fitting(set(plain) <= set(fields), sorted(set(plain) - set(fields)), kind)
    try:
        return kind(**{name: _value(fields[name], held) for name, held in plain.items()})
    except TypeError as missing:
        raise NotPlain(str(missing)) from missing


def _one_of(kinds: tuple[Any, ...], plain: Any) -> Any:
    for kind in kinds:
        try:
            return _value(kind, plain)
        except NotPlain:
            continue
    raise NotPlain(f"{plain!r} is none of {kinds}")


def _fitting(fits: bool, plain: Any, kind: Any) -> Any:
    if not fits:
        raise NotPlain(f"{plain!r} does not fit {kind}")
    return plain


def _text(key: Any) -> str:
    if not isinstance(key, str):
        raise NotPlain(f"{key!r} is no name")
    return key


@cache
def _fields(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}
