"""The sealed stream: what went in comes out, and nothing else ever does."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.front.installation.sealed import CHUNK_BYTES, HEADER_BYTES, MAGIC, TAG_BYTES, SealedReader, SealedWriter, Unopenable

PASSPHRASE = "correct horse battery staple"
QUICK = 10


def sealed(content: bytes, pieces: int = 1) -> bytes:
    below = io.BytesIO()
    with SealedWriter(below, PASSPHRASE, QUICK) as writer:
        size = max(1, len(content) // pieces)
        for start in range(0, len(content), size):
            writer.write(content[start : start + size])
    return below.getvalue()


def opened(stream: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(stream), passphrase)).read()


@given(content=st.binary(max_size=300), pieces=st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_what_went_in_comes_out(content: bytes, pieces: int) -> None:
    assert opened(sealed(content, pieces)) == content


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_at_the_bounds_of_chunks(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    stream = sealed(content[:size], 7)
    assert opened(stream) == content[:size]
    assert len(stream) == HEADER_BYTES + size + TAG_BYTES * max(1, -(-size // CHUNK_BYTES))


def test_every_cut_is_seen() -> None:
    stream = sealed(b"x" * (2 * CHUNK_BYTES + 5))
    chunk = CHUNK_BYTES + TAG_BYTES
    for end in (0, 5, len(MAGIC), HEADER_BYTES, HEADER_BYTES + 1, HEADER_BYTES + chunk, HEADER_BYTES + 2 * chunk, len(stream) - 1):
        with pytest.raises(Unopenable):
            opened(stream[:end])
    with pytest.raises(Unopenable, match="its end is missing"):
        opened(stream[: HEADER_BYTES + chunk])


@given(place=st.integers(0, HEADER_BYTES + 2 * (CHUNK_BYTES + TAG_BYTES) + 20), bit=st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_every_flipped_bit_is_seen(place: int, bit: int) -> None:
    stream = bytearray(STREAM)
    stream[place] ^= 1 << bit
    with pytest.raises(Unopenable):
        opened(bytes(stream))


def test_chunks_cannot_change_places_and_nothing_can_be_added() -> None:
    chunk = CHUNK_BYTES + TAG_BYTES
    head, first, second, rest = STREAM[:HEADER_BYTES], STREAM[HEADER_BYTES:][:chunk], STREAM[HEADER_BYTES + chunk :][:chunk], STREAM[HEADER_BYTES + 2 * chunk :]
    for changed in (head + second + first + rest, head + first + rest, STREAM + b"x", STREAM + STREAM):
        with pytest.raises(Unopenable):
            opened(changed)


def test_another_passphrase_is_named() -> None:
    with pytest.raises(Unopenable, match="passphrase"):
        opened(sealed(b"secret"), "another one entirely")
    with pytest.raises(Unopenable, match="passphrase"):
        opened(STREAM, "another one entirely")


def test_a_file_that_asks_for_all_memory_is_refused() -> None:
    greedy = MAGIC + bytes([31, 8, 1]) + bytes(16) + bytes(64)
    with pytest.raises(Unopenable, match="parameters"):
        opened(greedy)
    with pytest.raises(Unopenable, match="not a backup"):
        opened(b"PK\x03\x04 something else")


STREAM = sealed(b"x" * (2 * CHUNK_BYTES + 5))
