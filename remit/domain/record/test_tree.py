"""Trees and tiles against the RFC's published vectors and a naive reference."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.record import tiles, tree

# The inputs and roots of the reference implementation's tests (certificate-transparency, merkle tree of 8 leaves).
INPUTS = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(entries[:split]) + naive_root(entries[split:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [tree.leaf_hash(b"entry %d" % number) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert tree.root_of(tree.leaf_hash(entry) for entry in INPUTS[:size]).hex() == ROOTS[size]


def test_the_published_proofs() -> None:
    node = tree.nodes_of([tree.leaf_hash(entry) for entry in INPUTS])
    assert [step.hex()[:8] for step in tree.inclusion_proof(0, 8, node)] == ["96a296d2", "5f083f0a", "6b47aaf2"]
    assert [step.hex()[:8] for step in tree.inclusion_proof(5, 8, node)] == ["bc1a0643", "ca854ea1", "d37ee418"]
    assert [step.hex()[:8] for step in tree.consistency_proof(6, 8, node)] == ["0ebc5d34", "ca854ea1", "d37ee418"]


@given(st.lists(st.binary(max_size=40), max_size=70), st.data())
def test_growing_in_parts_gives_the_naive_root(entries: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(entries)))
    hashes = [tree.leaf_hash(entry) for entry in entries]
    first = tree.Frontier().append(hashes[:cut])
    stored = tree.Frontier.from_bytes(first.size, first.to_bytes())
    assert first.root == naive_root(entries[:cut])
    assert stored.append(hashes[cut:]).root == naive_root(entries)


@given(st.integers(1, 600), st.data())
def test_every_proof_holds_and_no_other(size: int, data: st.DataObject) -> None:
    hashes = leaves_of(size)
    node, root = tree.nodes_of(hashes), tree.root_of(hashes)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    path = tree.inclusion_proof(index, size, node)
    assert tree.verify_inclusion(hashes[index], index, size, path, root)
    assert not tree.verify_inclusion(tree.leaf_hash(b"another"), index, size, path, root)
    assert not tree.verify_inclusion(hashes[index], index, size, [*path, root], root)
    grown, old_root = tree.consistency_proof(old, size, node), tree.root_of(hashes[:old])
    assert tree.verify_consistency(old, size, old_root, root, grown)
    assert not tree.verify_consistency(old, size, tree.leaf_hash(b"another"), root, grown)
    if old:  # every tree begins with the empty one
        assert not tree.verify_consistency(old, size, old_root, tree.leaf_hash(b"another"), grown)
    if size > 1:
        elsewhere = (index + 1) % size
        assert not tree.verify_inclusion(hashes[index], elsewhere, size, path, root)
    for at in range(len(path)):
        broken = [*path[:at], bytes(32), *path[at + 1 :]]
        assert not tree.verify_inclusion(hashes[index], index, size, broken, root)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.binary(min_size=1, max_size=3)), max_size=60), st.integers(1, 20))
def test_a_batch_over_many_logs_is_each_log_alone(arrivals: list[tuple[str, bytes]], batch: int) -> None:
    frontiers: dict[str, tree.Frontier] = {}
    indexes: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    for start in range(0, len(arrivals), batch):
        grown = tree.grow(frontiers, [(log, tree.leaf_hash(entry)) for log, entry in arrivals[start : start + batch]])
        for log, growth in grown.items():
            indexes[log] += range(growth.first_index, growth.first_index + len(growth.leaves))
        frontiers |= {log: growth.frontier for log, growth in grown.items()}
    for log, frontier in frontiers.items():
        own = [entry for name, entry in arrivals if name == log]
        assert frontier.root == naive_root(own)
        assert indexes[log] == list(range(len(own)))


@pytest.mark.parametrize(("size", "data"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (-1, b""), (1, bytes(31))])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, data: bytes) -> None:
    with pytest.raises(ValueError, match="frontier"):
        tree.Frontier.from_bytes(size, data)


def test_the_tiles_of_the_specification() -> None:
    of_70_000 = tiles.tiles_of(70_000)
    assert len([tile for tile in of_70_000 if tile.level == 0 and tile.width == 256]) == 273
    assert {(tile.level, tile.width) for tile in of_70_000 if tile.width < 256} == {(0, 112), (1, 17), (2, 1)}
    assert tiles.tiles_of(256) == [tiles.Tile(0, 0), tiles.Tile(1, 0, 1)]
    assert tiles.Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert tiles.Tile(0, 273, 112).entries_path == "tile/entries/273.p/112"
    assert tiles.Tile(1, 0, 17).path == "tile/1/000.p/17"


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 1000, 65_536, 66_000])
def test_proofs_out_of_tiles_are_those_out_of_leaves(size: int) -> None:
    hashes = leaves_of(size)
    stored: dict[tiles.Tile, bytes] = {}
    for tile in sorted(tiles.tiles_to_store(0, size // 2) + tiles.tiles_to_store(size // 2, size)) + tiles.tiles_on_edge(size):
        stored[tile] = tiles.tile_bytes(tile, lambda start, end: hashes[start:end], stored.__getitem__)
    assert sorted(stored) == sorted(tiles.tiles_of(size))
    from_tiles, from_leaves = tiles.nodes_in(size, stored.__getitem__), tree.nodes_of(hashes)
    for index in {0, size // 3, size // 2, size - 1}:
        assert tree.inclusion_proof(index, size, from_tiles) == tree.inclusion_proof(index, size, from_leaves)
        assert tree.consistency_proof(index, size, from_tiles) == tree.consistency_proof(index, size, from_leaves)


def test_a_bundle_carries_lengths() -> None:
    assert tiles.bundle([b"ab", b""]) == b"\x00\x02ab\x00\x00"
