"""Short secrets that must be shown or used again: sealed under the installation's key, so that the database alone opens none."""

from __future__ import annotations

from remit.apps.records.files import master_key, opened, sealed


def seal(text: str, context: bytes) -> bytes:
    """`context` binds the secret to its row: it opens nowhere else."""
    return sealed(master_key(), text.encode(), context)


def unseal(kept: bytes, context: bytes) -> str:
    """The text; InvalidTag where it was changed or belongs to another row."""
    return opened(master_key(), kept, context).decode()
