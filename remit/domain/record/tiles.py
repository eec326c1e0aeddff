"""Tiles: the layout in which a tree's hashes are stored and served (C2SP tlog-tiles), 256 hashes wide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remit.domain.record.tree import HASH_BYTES, Node, node_hash

WIDTH = 256
HEIGHT = 8


@dataclass(frozen=True, order=True)
class Tile:
    """The `index`-th tile of a level, `width` hashes wide; one of less than 256 is partial. A hash of level L covers 256^L leaves."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (0 <= self.level < 64 and self.index >= 0 and 1 <= self.width <= WIDTH):
            raise ValueError(f"no tile: level {self.level}, index {self.index}, width {self.width}")

    @property
    def path(self) -> str:
        """Where the hashes are served, below the log's prefix."""
        return f"tile/{self.level}/{self._place}"

    @property
    def entries_path(self) -> str:
        """Where the entries of a level 0 tile are served."""
        if self.level:
            raise ValueError("only a tile of level 0 has entries")
        return f"tile/entries/{self._place}"

    @property
    def _place(self) -> str:
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return "/".join(["x" + group for group in groups[:-1]] + groups[-1:]) + partial


def tiles_of(size: int) -> list[Tile]:
    """Every tile of a tree of `size` leaves, partial ones included, level by level."""
    return tiles_to_store(0, size) + tiles_on_edge(size)


def tiles_to_store(old_size: int, size: int) -> list[Tile]:
    """The full tiles that become complete when a tree grows: they are stored once and never change."""
    tiles = []
    for level in range(64):
        before, after = old_size >> (HEIGHT * (level + 1)), size >> (HEIGHT * (level + 1))
        if after == 0:
            break
        tiles += [Tile(level, index) for index in range(before, after)]
    return tiles


def tiles_on_edge(size: int) -> list[Tile]:
    """The partial tiles of a tree of `size`, one per level at most; their hashes are in the leaves and the full tiles."""
    tiles = []
    for level in range(64):
        hashes = size >> (HEIGHT * level)
        if hashes == 0:
            break
        if hashes % WIDTH:
            tiles.append(Tile(level, hashes // WIDTH, hashes % WIDTH))
    return tiles


def tile_bytes(tile: Tile, leaves: Callable[[int, int], Sequence[bytes]], full: Callable[[Tile], bytes]) -> bytes:
    """The hashes of a tile. `leaves(start, end)` gives leaf hashes, asked for level 0; `full(tile)` the bytes of a full tile one level below."""
    first = tile.index * WIDTH
    if tile.level == 0:
        return b"".join(leaves(first, first + tile.width))
    return b"".join(tile_root(full(Tile(tile.level - 1, first + at))) for at in range(tile.width))


def tile_root(data: bytes) -> bytes:
    """The root over the hashes of one full tile (or any number that is a power of two)."""
    hashes = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
    if not hashes or len(hashes) & (len(hashes) - 1):
        raise ValueError(f"{len(hashes)} hashes are not a perfect subtree")
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def nodes_in(size: int, read: Callable[[Tile], bytes]) -> Node:
    """Nodes of a tree of `size`, for proofs, out of its tiles: `read` gives the bytes of any tile in `tiles_of(size)`."""

    def node(height: int, index: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        first = index << within
        in_level = size >> (HEIGHT * level)
        tile = Tile(level, first // WIDTH, min(WIDTH, in_level - first // WIDTH * WIDTH))
        start = first % WIDTH * HASH_BYTES
        return tile_root(read(tile)[start : start + (HASH_BYTES << within)])

    return node


def bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
