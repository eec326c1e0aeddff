"""Keys made by the program: uuidv7 for rows, short random references for people."""

import secrets
import time
import uuid

from django.db import models

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a reference can be read aloud."""


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 random bits. The time in it orders keys and is never read as an instant."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | (0x7 << 76) | (0x2 << 62))


def reference(prefix: str) -> str:
    """A reference such as BR-7K3F-9QXM: 40 random bits, so that it counts nothing and cannot be guessed in passing."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


class Row(models.Model):
    """What every row has: a key made by the program."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Referenced(Row):
    """A row that people name by a short reference; `PREFIX` is its two letters."""

    PREFIX = ""
    reference = models.CharField(max_length=12, unique=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.reference:
            self.reference = reference(self.PREFIX)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.reference


REFERENCED: dict[str, type[Referenced]] = {}
"""Model by prefix; filled as models are defined, so that a door can look up any reference."""


def by_prefix(prefix: str) -> type[Referenced] | None:
    """The model whose references begin with these two letters."""
    if not REFERENCED:
        from django.apps import apps

        REFERENCED.update({m.PREFIX: m for m in apps.get_models() if issubclass(m, Referenced)})
    return REFERENCED.get(prefix)
