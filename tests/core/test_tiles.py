"""The log as files: which there are, what is in them, and that a bent one is not believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import merkle, tiles
from mingtang.core.strict import Malformed
from mingtang.core.tiles import ENTRIES, Tile

from .logwords import file_of, head_of, nodes_of

ENTRIES_600 = [b"entry %d" % n for n in range(600)]
ENTRIES_70K = [b"%d" % n for n in range(70_000)]
NODES_70K = nodes_of(ENTRIES_70K)


@given(st.integers(ENTRIES, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_reads_back(level, number, width):
    path = tiles.format_tile_path(level, number, width)
    assert tiles.parse_tile_path(path) == Tile(level, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001",
        "tile/0/001.p/300",
        "tile/0/001.p/1/",
        "/tile/0/001",
        "tile/0/001\n",
        "tile/0/００１",
        "tile/entries/1",
        "checkpoint",
    ],
)
def test_other_spellings_are_refused(path):
    with pytest.raises(Malformed):
        tiles.parse_tile_path(path)


@pytest.mark.parametrize(
    ("level", "number", "width"), [(64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_no_path_for_a_tile_that_cannot_be(level, number, width):
    with pytest.raises(ValueError, match="no such tile"):
        tiles.format_tile_path(level, number, width)


def test_the_files_of_a_small_tree():
    assert list(tiles.tiles_of(0)) == []
    assert [tile.path for tile in tiles.tiles_of(257)] == [
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
    ]


@given(st.integers(0, 140_000), st.integers(0, 140_000))
def test_growing_writes_just_what_the_larger_tree_has_and_the_smaller_had_not(old, more):
    before, after = set(tiles.tiles_of(old)), set(tiles.tiles_of(old + more))
    assert set(tiles.tiles_between(old, old + more)) == after - before


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_reads_back(entries):
    assert tiles.parse_bundle(tiles.format_bundle(entries), len(entries)) == entries


def test_an_entry_has_at_most_65535_bytes():
    largest = bytes(65_535)
    assert tiles.parse_bundle(tiles.format_bundle([largest]), 1) == [largest]
    with pytest.raises(ValueError, match="65535"):
        tiles.format_bundle([bytes(65_536)])


@pytest.mark.parametrize(
    ("data", "width", "says"),
    [
        (b"", 1, "entry 0 of the bundle, at byte 0, is cut off"),
        (b"\0", 1, "entry 0 of the bundle, at byte 0, is cut off"),
        (b"\0\1a\0\2b", 2, "entry 1 of the bundle, at byte 3, is cut off"),
        (b"\0\1a\0\1b", 1, "surplus bytes from byte 3 on"),
    ],
)
def test_a_bundle_of_the_wrong_length_is_refused_with_the_place(data, width, says):
    with pytest.raises(Malformed, match=says):
        tiles.parse_bundle(data, width)


@given(st.data(), st.sampled_from([1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 70_000]))
def test_nodes_read_from_tiles_are_the_nodes_of_the_tree(data, size):
    entries = ENTRIES_70K[:size]
    root = merkle.root(size, NODES_70K)
    asked = []

    def fetch(wanted):
        asked.append(wanted)
        return [file_of(tile, entries, NODES_70K) for tile in wanted]

    read = tiles.tile_reader(size, root, fetch)
    index = data.draw(st.integers(0, size - 1))
    assert merkle.prove_inclusion(index, size, read) == merkle.prove_inclusion(
        index, size, NODES_70K
    )
    old = data.draw(st.integers(1, size))
    proof = merkle.prove_consistency(old, size, read)
    assert proof == merkle.prove_consistency(old, size, NODES_70K)
    assert len(asked) == 2


def test_no_hash_of_a_bent_tile_is_handed_out():
    head, read_node = head_of(ENTRIES_600), nodes_of(ENTRIES_600)
    honest = {t: file_of(t, ENTRIES_600, read_node) for t in tiles.tiles_of(600) if t.level >= 0}
    needed = {Tile(0, 0), Tile(0, 2, 88), Tile(1, 0, 2)}
    for bent, data in honest.items():
        for place in range(0, len(data), 31):
            files = {**honest, bent: flip(data, place)}
            read = tiles.tile_reader(600, head.root, lambda ts, files=files: [files[t] for t in ts])
            if bent in needed:
                with pytest.raises(merkle.ProofFailed):
                    read([(0, 7)])
            else:
                assert read([(0, 7)]) == read_node([(0, 7)])


def test_a_tile_of_the_wrong_length_is_named():
    read = tiles.tile_reader(3, bytes(32), lambda wanted: [bytes(95) for _ in wanted])
    with pytest.raises(Malformed, match=r"tile/0/000\.p/3: 3 hashes are 96 bytes, not 95"):
        read([(0, 0)])


def test_a_node_beyond_the_tree_is_not_asked_for():
    read = tiles.tile_reader(3, bytes(32), lambda wanted: [])
    with pytest.raises(ValueError, match="no node"):
        read([(1, 1)])


def flip(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
