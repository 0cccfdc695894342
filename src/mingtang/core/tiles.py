"""The log as files anyone can serve (日志分块): C2SP tlog-tiles.

    checkpoint                          the signed head
    tile/<L>/<N>[.p/<W>]                hashes of level 8·L, 256 a tile, 32 bytes each
    tile/entries/<N>[.p/<W>]            the entries themselves, 256 a bundle

<N> is the tile's number in groups of three digits, all but the last with an x before:
1234067 is x001/x234/067. A tile not yet full is *partial*: `.p/<W>` says it holds W hashes,
1 to 255. Hash i of tile N at level L is the root of the 256^L leaves from (256·N + i)·256^L;
only full subtrees have one, so partial tiles are not summed up above. Files never change.

A bundle is, for each entry in order, its length as 2 bytes (big-endian) and its bytes:
an entry has at most 65,535.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from mingtang.core import merkle
from mingtang.core.strict import Malformed

WIDTH = 256  # hashes in a full tile, entries in a full bundle
HASH = 32
MAX_ENTRY = 65_535
ENTRIES = -1  # the "level" of entry bundles
CHECKPOINT = "checkpoint"
_PATH = re.compile(
    r"tile/(0|[1-9][0-9]?|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


class Tile(NamedTuple):
    """A file of the log: its level (or ENTRIES), its number there, how many it holds."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        return format_tile_path(*self)

    @property
    def nodes(self) -> list[merkle.Node]:
        """The tree nodes whose hashes this tile holds, in order."""
        level, first = max(self.level, 0) * merkle.TILE, self.number * WIDTH
        return [(level, first + i) for i in range(self.width)]


def format_tile_path(level: int, number: int, width: int = WIDTH) -> str:
    if not (ENTRIES <= level <= 63 and number >= 0 and 1 <= width <= WIDTH):
        raise ValueError(f"no such tile: level {level}, number {number}, width {width}")
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{'entries' if level == ENTRIES else level}/{name}{partial}"


def parse_tile_path(path: str) -> Tile:
    """Return the tile at `path`. Raises Malformed for any other spelling."""
    if match := _PATH.fullmatch(path):
        level, number, width = match.groups()
        tile = Tile(
            ENTRIES if level == "entries" else int(level),
            int(number.replace("x", "").replace("/", "")),
            int(width) if width else WIDTH,
        )
        # x000/001 and widths over 255 match the pattern and are not paths
        if tile.level <= 63 and tile.width <= WIDTH and tile.path == path:
            return tile
    raise Malformed(f"not the path of a tile: {path[:80]!r}")


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every file a tree of `size` leaves consists of: bundles first, then level by level."""
    return tiles_between(0, size)


def tiles_between(old: int, new: int) -> Iterator[Tile]:
    """Yield the files of the tree of `new` leaves which that of `old` leaves did not have."""
    for level in (ENTRIES, *range(levels(new))):
        before, after = (size >> merkle.TILE * max(level, 0) for size in (old, new))
        if before == after:
            continue
        for number in range(before // WIDTH, after // WIDTH):
            yield Tile(level, number)
        if after % WIDTH:
            yield Tile(level, after // WIDTH, after % WIDTH)


def levels(size: int) -> int:
    """Return how many levels of hash tiles a tree of `size` leaves has."""
    return -(-size.bit_length() // merkle.TILE)


def format_bundle(entries: Iterable[bytes]) -> bytes:
    """Return a bundle. Raises ValueError for an entry over 65,535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise ValueError(f"an entry has at most {MAX_ENTRY} bytes, not {len(entry)}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """Return exactly `width` entries. Raises Malformed, naming the byte."""
    entries, at = [], 0
    for n in range(width):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise Malformed(f"entry {n} of the bundle, at byte {at}, is cut off")
        entries.append(data[at + 2 : end])
        at = end
    if at != len(data):
        raise Malformed(f"surplus bytes from byte {at} on, after {width} entries")
    return entries


def split_hashes(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile. Raises Malformed unless there are exactly `width`."""
    if len(data) != width * HASH:
        raise Malformed(f"{width} hashes are {width * HASH} bytes, not {len(data)}")
    return [data[i : i + HASH] for i in range(0, len(data), HASH)]


def subtree(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of the complete subtree over 1, 2, 4, ... 256 hashes."""
    level = list(hashes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [merkle.node_hash(left, right) for left, right in pairs]
    return level[0]


Fetch = Callable[[Sequence[Tile]], Sequence[bytes]]  # contents of files, in the order asked


def tile_reader(size: int, root: bytes, fetch: Fetch) -> merkle.Reader:
    """Return a reader of the nodes of a signed tree that believes no file.

    Partial tiles must fold to the signed `root`, and each full tile to its hash in the tile
    above; only then is a hash handed out. One fetch per read. Raises Malformed or
    merkle.ProofFailed, naming the file.
    """

    def read(nodes: Sequence[merkle.Node]) -> list[bytes]:
        wanted = {tile for node in nodes for tile in _authentic(_tile_at(size, *node), size)}
        edge = tiles_of_edge(size)
        order = sorted(wanted.union(edge), key=lambda tile: (-tile.level, tile.number))
        hashes: dict[Tile, list[bytes]] = {}
        for tile, data in zip(order, fetch(order), strict=True):
            try:
                hashes[tile] = split_hashes(data, tile.width)
            except Malformed as error:
                raise Malformed(f"{tile.path}: {error}") from error
        if edge_root([hashes[tile] for tile in edge]) != root:
            raise merkle.ProofFailed("the partial tiles do not fold to the signed root")
        for tile in order:  # highest level first: what stands above is already believed
            if tile.width == WIDTH:
                above = _tile_at(size, (tile.level + 1) * merkle.TILE, tile.number)
                if subtree(hashes[tile]) != hashes[above][tile.number % WIDTH]:
                    raise merkle.ProofFailed(f"{tile.path} is not what the tile above it says")
        return [_node(hashes[_tile_at(size, *node)], *node) for node in nodes]

    return read


def tiles_of_edge(size: int) -> list[Tile]:
    """Return the partial tiles of a tree, highest level first: together they give its root."""
    widths = [(size >> merkle.TILE * level) for level in range(levels(size))]
    return [
        Tile(level, count // WIDTH, count % WIDTH)
        for level, count in reversed(list(enumerate(widths)))
        if count % WIDTH
    ]


def edge_root(partials: Sequence[Sequence[bytes]]) -> bytes:
    """Return the root of a tree from the hashes of its partial tiles, highest level first."""
    return merkle.edge_root(list(chain.from_iterable(map(_complete_parts, partials))))


def _complete_parts(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the largest complete subtrees over 1 to 255 hashes, left to right."""
    parts, at = [], 0
    for bit in range(merkle.TILE - 1, -1, -1):
        if len(hashes) >> bit & 1:
            parts.append(subtree(hashes[at : at + (1 << bit)]))
            at += 1 << bit
    return parts


def _tile_at(size: int, level: int, n: int) -> Tile:
    """Return the tile of the tree of `size` leaves from which node (level, n) follows."""
    row, inside = divmod(level, merkle.TILE)
    number, count = (n << inside) // WIDTH, size >> merkle.TILE * row
    if (n + 1) << level > size:
        raise ValueError(f"no node ({level}, {n}) in a tree of {size}")
    return Tile(row, number, WIDTH if number < count // WIDTH else count % WIDTH)


def _authentic(tile: Tile, size: int) -> Iterator[Tile]:
    """Yield the tile and those above it, up to one that the root itself vouches for."""
    yield tile
    while tile.width == WIDTH:
        tile = _tile_at(size, (tile.level + 1) * merkle.TILE, tile.number)
        yield tile


def _node(hashes: Sequence[bytes], level: int, n: int) -> bytes:
    inside = level % merkle.TILE
    first = (n << inside) % WIDTH
    return subtree(hashes[first : first + (1 << inside)])
