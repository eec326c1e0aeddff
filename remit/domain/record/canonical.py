"""Canonical JSON (RFC 8785) for the values that the record uses: no floats, small integers, ASCII keys."""

from __future__ import annotations

import json
from typing import Any

GREATEST = 2**53 - 1

# With ASCII keys the order by code point is the order by UTF-16 unit that RFC 8785 asks for, and the C encoder escapes exactly as it asks.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class NotCanonical(ValueError):
    """A value that has no place in the record, or bytes that are not the canonical form of what they say."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of dicts with ASCII keys, lists, tuples, str, int below 2^53, bool and None. Raises NotCanonical for anything else."""
    _admit(value)
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as fault:
        raise NotCanonical("a text holds a lone surrogate, which no UTF-8 can carry") from fault


def parse_canonical(data: bytes) -> Any:
    """The value of canonical bytes; raises NotCanonical where the bytes are anything but the canonical form (a repeated key, a space, a float)."""
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number)
        again = canonical(value)
    except (ValueError, RecursionError) as fault:
        raise NotCanonical(f"not canonical JSON: {fault}") from fault
    if again != data:
        raise NotCanonical("not canonical JSON: key order, a repeated key, white space or escapes differ from RFC 8785")
    return value


def _refuse_number(text: str) -> Any:
    raise NotCanonical(f"the number {text[:40]} is not a whole number")


def _admit(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if abs(value) > GREATEST:
            raise NotCanonical("a number of 2^53 or more must be written as text")
    elif kind is dict:
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonical(f"the key {key!r} is not ASCII text")
            _admit(inner)
    elif kind is list or kind is tuple:
        for inner in value:
            _admit(inner)
    else:
        raise NotCanonical(f"{kind.__name__} has no canonical form; money and decimals are written as text")
