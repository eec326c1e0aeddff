"""Plain forms: there and back without loss, and nothing that does not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.plain import NotPlain, from_plain, to_plain


@dataclass(frozen=True)
class Inner:
    amount: Decimal
    on: date
    kind: Literal["a", "b"] = "a"


@dataclass(frozen=True)
class Outer:
    name: str
    count: int = 0
    sure: bool = False
    at: datetime | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("", 0)
    by_name: Mapping[str, Inner] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


INNERS = st.builds(Inner, st.decimals(allow_nan=False, allow_infinity=False), st.dates(), st.sampled_from(["a", "b"]))
OUTERS = st.builds(
    Outer,
    st.text(),
    st.integers(),
    st.booleans(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | INNERS,
    st.lists(INNERS, max_size=3).map(tuple),
    st.tuples(st.text(), st.integers()),
    st.dictionaries(st.text(), INNERS, max_size=3),
    st.frozensets(st.text(), max_size=3),
)


@given(OUTERS)
def test_there_and_back(value: Outer) -> None:
    assert from_plain(Outer, json.loads(json.dumps(to_plain(value)))) == value


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (int, True),
        (int, "1"),
        (str, 1),
        (Decimal, 1.5),
        (Decimal, "ten"),
        (date, "2027-13-01"),
        (Inner, {"amount": "1", "on": "2027-01-01", "kind": "c"}),
        (Inner, {"amount": "1", "on": "2027-01-01", "more": 1}),
        (Inner, {"amount": "1"}),
        (tuple[str, int], ["a"]),
        (tuple[str, ...], "abc"),
        (Mapping[str, int], [1]),
    ],
)
def test_what_does_not_fit_is_refused(kind: Any, plain: Any) -> None:
    with pytest.raises(NotPlain):
        from_plain(kind, plain)


@pytest.mark.parametrize("value", [1.5, {1: 2}, object(), b"bytes"])
def test_what_has_no_plain_form_is_refused(value: Any) -> None:
    with pytest.raises(NotPlain):
        to_plain(value)
