"""Locks on files, freed by the kernel however their holder ends.

A lock is given back by closing the file, never by LOCK_UN: a forked child shares the lock, and its unlocking would drop the parent's.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def take(path: Path, *, shared: bool = False, wait: bool = True) -> int:
    """The open file descriptor that holds the lock; close it to give the lock back. Without wait: BlockingIOError when another holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_held(path: Path) -> bool:
    """Whether someone holds the lock in any way, at this instant."""
    try:
        os.close(take(path, wait=False))
    except BlockingIOError:
        return True
    return False


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    descriptor = take(path, shared=shared, wait=wait)
    try:
        yield
    finally:
        os.close(descriptor)
