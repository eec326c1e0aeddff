"""Whatever is done to the bytes of a pack shows, wherever it is done; and junk never raises."""

import functools
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.formats.packs import verify
from remit.formats.packs.conftest import OPENING, Installation, month

PACK = month(Installation()).pack(openings=[OPENING])


@pytest.fixture(scope="module", autouse=True)
def _signatures_once() -> Iterator[None]:
    """The same signature is verified thousands of times here: once is enough."""
    slow = verify.ed25519_holds
    verify.ed25519_holds = functools.lru_cache(maxsize=None)(slow)
    yield
    verify.ed25519_holds = slow


def flipped(at: int, bit: int) -> bytes:
    return PACK[:at] + bytes([PACK[at] ^ 1 << bit]) + PACK[at + 1 :]


def test_no_flipped_bit_passes() -> None:
    """Two thousand places drawn by a fixed seed, all of the layout's kinds among them: there is no unprotected byte."""
    chance = random.Random(1)
    places = {chance.randrange(len(PACK)) for _ in range(1_500)} | {len(PACK) - 1 - number for number in range(22)}
    places |= {at for mark in (b"PK\1\2", b"PK\3\4") for at in range(PACK.index(mark), PACK.index(mark) + 50)}
    unnoticed = [at for at in sorted(places) if verify.check(flipped(at, chance.randrange(8))).status == 0]
    assert unnoticed == []


@given(st.integers(0, len(PACK) - 1))
def test_no_truncated_pack_passes(length: int) -> None:
    assert verify.check(PACK[:length]).status == 2


@given(st.binary(min_size=1, max_size=100), st.integers(0, len(PACK)))
def test_nothing_put_in_passes(more: bytes, at: int) -> None:
    assert verify.check(PACK[:at] + more + PACK[at:]).status != 0


@given(st.integers(0, len(PACK) - 1), st.integers(1, 2_000), st.integers(0, len(PACK)))
def test_nothing_moved_passes(start: int, length: int, to: int) -> None:
    rest, part = PACK[:start] + PACK[start + length :], PACK[start : start + length]
    moved = rest[:to] + part + rest[to:]
    assert moved == PACK or verify.check(moved).status != 0


@given(st.binary(max_size=300))
def test_junk_is_no_pack(data: bytes) -> None:
    report = verify.check(data)
    assert report.status == 2
    assert report.unreadable
