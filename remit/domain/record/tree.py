"""Merkle trees of RFC 6962: growing them, proving by them, verifying. `tiles` stores them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""The hash of the perfect subtree of 2^height leaves that begins at leaf index << height, as a function of (height, index)."""

Log = TypeVar("Log")


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 over 0x00 and the entry (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and the two children (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """All that growing a tree needs: its size and the roots of its perfect subtrees, the greatest (leftmost) first, one per 1 bit of the size."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count() or any(len(each) != HASH_BYTES for each in self.hashes):
            raise ValueError(f"not the frontier of a tree of {self.size} leaves")

    def append(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes, in order."""
        size, stack = self.size, list(self.hashes)
        for leaf in leaves:
            rest = size
            while rest & 1:
                leaf = node_hash(stack.pop(), leaf)
                rest >>= 1
            stack.append(leaf)
            size += 1
        return Frontier(size, tuple(stack))

    @property
    def root(self) -> bytes:
        """The tree's root; SHA-256 of nothing for an empty tree."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes)) if self.hashes else EMPTY_ROOT

    def to_bytes(self) -> bytes:
        """The hashes one after another; the size is kept beside them."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """The reverse of `to_bytes`; raises ValueError where the bytes do not fit the size."""
        return cls(size, tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)))


@dataclass(frozen=True)
class Growth:
    """One log's part of a batch: its leaves get the indexes `first_index` and on."""

    first_index: int
    leaves: tuple[bytes, ...]
    frontier: Frontier


def grow(frontiers: Mapping[Log, Frontier], batch: Iterable[tuple[Log, bytes]]) -> dict[Log, Growth]:
    """A batch of (log, leaf hash) in the order of arrival, over any number of logs. A log without a frontier begins empty; only logs touched come back."""
    leaves: dict[Log, list[bytes]] = {}
    for log, leaf in batch:
        leaves.setdefault(log, []).append(leaf)
    grown = {}
    for log, new in leaves.items():
        before = frontiers.get(log, Frontier())
        grown[log] = Growth(before.size, tuple(new), before.append(new))
    return grown


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return Frontier().append(leaves).root


def nodes_of(leaves: Sequence[bytes]) -> Node:
    """Nodes computed from all leaf hashes, each once. For logs of more than some ten thousand leaves, read tiles instead."""
    levels: list[list[bytes]] = [list(leaves)]

    def node(height: int, index: int) -> bytes:
        while len(levels) <= height:
            below = levels[-1]
            levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
        return levels[height][index]

    return node


def range_hash(start: int, end: int, node: Node) -> bytes:
    """MTH(D[start:end]) for a range of the RFC's own recursion: `start` is a multiple of a power of two not less than the length."""
    count = end - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, start >> height)
    split = start + (1 << (count.bit_length() - 1))
    return node_hash(range_hash(start, split, node), range_hash(split, end, node))


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, from the leaf's sibling up (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(range_hash(split, end, node))
            end = split
        else:
            path.append(range_hash(start, split, node))
            start = split
    return path[::-1]


def consistency_proof(old_size: int, size: int, node: Node) -> list[bytes]:
    """That the tree of `size` begins with the tree of `old_size` (RFC 6962, 2.1.2); empty where the sizes are equal or the old tree is empty."""
    if not 0 <= old_size <= size:
        raise ValueError(f"a tree of {size} cannot have grown from {old_size}")
    path: list[bytes] = []
    start, end, whole = 0, size, True
    if old_size == 0:
        return path
    while end != old_size:
        split = start + _split(end - start)
        if old_size <= split:
            path.append(range_hash(split, end, node))
            end = split
        else:
            path.append(range_hash(start, split, node))
            start, whole = split, False
    if not whole:
        path.append(range_hash(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, value = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node_hash(step, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, step)
        here, last = here >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree only grew (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old_value = value = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old_value, value = node_hash(step, old_value), node_hash(step, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old_value == old_root and value == root


def _split(count: int) -> int:
    """The greatest power of two below `count` (at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)
