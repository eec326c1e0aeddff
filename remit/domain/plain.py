"""Frozen values as plain JSON and back, by their type hints: working states, what a file held, what one period carries to the next."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
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
    of: Any = kind
    return typing.cast(T, _reader(of)(plain))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How the plain form of a type is read, worked out once a type: a state of a hundred thousand ties is read at every move."""
    if kind is Any or kind is object:
        return lambda plain: plain
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(kind, inner)
    if origin is Literal:
        return lambda plain: _fitting(plain in inner, plain, kind)
    if origin in (dict, Mapping):
        return _mapping(kind, *map(_reader, inner))
    if origin is not None:
        return _many(kind, origin, inner)
    if dataclasses.is_dataclass(kind):
        return lambda plain: _record(kind, plain)
    return _single(kind)


def _single(kind: Any) -> Callable[[Any], Any]:
    if kind is types.NoneType:
        return lambda plain: _fitting(plain is None, plain, kind)
    if kind in (str, bool):
        return lambda plain: plain if type(plain) is kind else _fitting(isinstance(plain, kind), plain, kind)
    if kind is int:
        return lambda plain: _fitting(isinstance(plain, int) and not isinstance(plain, bool), plain, kind)
    if kind in (dict, Mapping):
        return lambda plain: dict(_fitting(isinstance(plain, Mapping), plain, kind))
    if kind not in (Decimal, date, datetime):
        raise NotPlain(f"{kind} has no plain form")
    of = Decimal if kind is Decimal else kind.fromisoformat

    def read(plain: Any) -> Any:
        try:
            return of(_fitting(isinstance(plain, str), plain, kind))
        except (ValueError, InvalidOperation) as wrong:
            raise NotPlain(f"{plain!r} is no {kind}") from wrong

    return read


def _mapping(kind: Any, key: Callable[[Any], Any], held: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        _fitting(isinstance(plain, Mapping), plain, kind)
        return {key(name): held(value) for name, value in plain.items()}

    return read


def _many(kind: Any, origin: Any, inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    readers = [_reader(each) for each in inner if each is not ...]
    is_fixed = origin is tuple and inner[-1:] != (...,)

    def read(plain: Any) -> Any:
        _fitting(isinstance(plain, list | tuple), plain, kind)
        if is_fixed:
            _fitting(len(plain) == len(inner), plain, kind)
            return tuple(reader(held) for reader, held in zip(readers, plain, strict=True))
        return origin(map(readers[0], plain))

    return read


def _record(kind: Any, plain: Any) -> Any:
    _fitting(isinstance(plain, Mapping), plain, kind)
    readers = _readers(kind)
    if not plain.keys() <= readers.keys():
        raise NotPlain(f"{sorted(set(plain) - set(readers))} does not fit {kind}")
    try:
        return kind(**{name: readers[name](held) for name, held in plain.items()})
    except TypeError as missing:
        raise NotPlain(str(missing)) from missing


@cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    """Of the fields of a record; asked for when the first is read, so that a record may hold its own kind."""
    return {name: _reader(of) for name, of in _fields(kind).items()}


def _one_of(kind: Any, kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        for each in kinds:
            try:
                return _reader(each)(plain)
            except NotPlain:
                continue
        raise NotPlain(f"{plain!r} is none of {kinds}")

    return read


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
