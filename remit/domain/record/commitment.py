"""Commitments: a value that can be erased later stands in the record only as a salted hash."""

from __future__ import annotations

import hashlib
import hmac

SALT_BYTES = 16
"""128 random bits, so that a short value (a name, a number) cannot be found by trying."""


def commit(salt: bytes, value: str) -> str:
    """SHA-256 in hex over the 16 bytes of salt and the UTF-8 bytes of the value. The salt is drawn outside and never used twice."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + value.encode("utf-8")).hexdigest()


def opens(commitment: str, salt: bytes, value: str) -> bool:
    """Whether salt and value are what was committed to."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(commit(salt, value), commitment)
