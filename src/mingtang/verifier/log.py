"""Re-check a whole log (核验日志): every entry, every hash, every file.

The signed root vouches for the partial tiles, each tile for the hashes of the tiles below
it, the lowest tiles for the entries. So a file that differs is told from its neighbours:
it is the one that disagrees with what stands above while what lies below agrees.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256

from mingtang.core import tiles
from mingtang.core.strict import Malformed
from mingtang.core.tiles import ENTRIES, HASH, WIDTH, Tile
from mingtang.verifier.sources import Source, Unreadable
from mingtang.verifier.words import Refused

Progress = Callable[[int], None]  # entries checked so far


def check_log(source: Source, *, size: int, root: bytes, progress: Progress) -> Iterator[Refused]:
    """Yield every place where the log of `size` leaves under `root` is not as signed."""
    yield from _Check(source, size, root, progress).run()


def read_entries(source: Source, *, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield index and bytes of each of the first `size` entries of a log found good.

    Raises Refused when a bundle cannot be read after all.
    """
    for tile in _row(0, size):
        bundle = tile._replace(level=ENTRIES)
        data = source.read(bundle.path)
        width = bundle.width
        if data is None:  # a log that grew may drop the partial file
            data, width = source.read(bundle._replace(width=WIDTH).path), WIDTH
        if data is None:
            raise Refused(bundle.path, "missing")
        entries = tiles.parse_bundle(data, width)[: bundle.width]
        yield from enumerate(entries, tile.number * WIDTH)


class _Check:
    def __init__(self, source: Source, size: int, root: bytes, progress: Progress) -> None:
        self._source, self._size, self._root, self._progress = source, size, root, progress
        self._findings: list[Refused] = []
        self._read = lru_cache(maxsize=8)(self._read_or_find)

    def run(self) -> Iterator[Refused]:
        edge = self._edge()
        above: list[bytes | None] = []
        for level in reversed(range(1, tiles.levels(self._size))):
            hashes: list[bytes | None] = []
            for tile in _row(level, self._size):
                held = edge[tile] if tile in edge else self._settle(tile, above[tile.number])
                hashes += _hashes(held, tile.width) or [None] * tile.width
                yield from self._found()
            above = hashes
        for tile in _row(0, self._size):
            if tile in edge:
                self._settle_last_entries(tile, edge[tile])
            else:
                self._settle_entries(tile, above[tile.number])
            self._progress(tile.number * WIDTH + tile.width)
            yield from self._found()
        yield from self._found()
        yield from self._others()

    def _found(self) -> list[Refused]:
        found, self._findings = self._findings, []
        return found

    def _find(self, where: str, code: str, **details: object) -> None:
        self._findings.append(Refused(where, code, **details))

    # The partial tiles: together they give the root.

    def _edge(self) -> dict[Tile, bytes | None]:
        """Return what each partial tile must hold, None where that is past knowing."""
        order = tiles.tiles_of_edge(self._size)
        served = {tile: self._read(tile) for tile in order}
        if self._gives_root(served):
            return dict(served)
        made = {tile: self._below(tile) for tile in order}
        for tile in order:  # one bent tile among good ones: what lies under it restores the root
            restored = {**served, tile: made[tile]}
            if self._gives_root(restored):
                self._name(tile, served[tile], made[tile])
                return restored
        if not self._gives_root(made):
            self._find(tiles.CHECKPOINT, "wrong-root")
        for tile in order:
            if served[tile] != made[tile]:
                self._name(tile, served[tile], made[tile])
        return dict(made)

    def _gives_root(self, partials: dict[Tile, bytes | None]) -> bool:
        hashes = [_hashes(data, tile.width) for tile, data in partials.items()]
        known = [row for row in hashes if row is not None]
        return len(known) == len(hashes) and tiles.edge_root(known) == self._root

    # Full tiles, and what each is said to give.

    def _settle(self, tile: Tile, said: bytes | None) -> bytes | None:
        """Return what the tile must hold, None where that is past knowing; name it if it errs."""
        served = self._read(tile)
        if _agrees(served, said):
            return served
        made = self._below(tile)
        due = made if _agrees(made, said) else None
        self._name(tile, served, due)
        return due

    def _settle_entries(self, tile: Tile, said: bytes | None) -> None:
        served, made = self._read(tile), self._below(tile)
        served_agrees = _agrees(served, said)
        if served_agrees and made == served:
            return
        made_agrees = _agrees(made, said)
        if not served_agrees:
            self._name(tile, served, made if made_agrees else None)
        if served_agrees or not made_agrees:
            self._name_entry(tile, served if served_agrees else None)

    def _settle_last_entries(self, tile: Tile, held: bytes | None) -> None:
        made = self._below(tile)
        if made is None or made != held:
            self._name_entry(tile, held)

    def _below(self, tile: Tile) -> bytes | None:
        """Return what the tile must hold if what lies under it is right."""
        if tile.level == 0:
            data = self._read(tile._replace(level=ENTRIES))
            return None if data is None else leaf_hashes(data, tile.width)
        first = tile.number * WIDTH
        children = [Tile(tile.level - 1, first + i) for i in range(tile.width)]
        parts = [self._read_or_find(child, quietly=True) for child in children]
        whole = [data for data in parts if data is not None and len(data) == WIDTH * HASH]
        return b"".join(map(fold, whole)) if len(whole) == tile.width else None

    # Naming the place.

    def _name(self, tile: Tile, served: bytes | None, due: bytes | None) -> None:
        length = tile.width * HASH
        if served is None:
            return  # named when it was not found
        if len(served) != length:
            self._find(tile.path, "wrong-length", due=length, found=len(served))
        elif due is None:
            self._find(tile.path, "wrong-file")
        else:
            self._find(tile.path, "wrong-bytes", byte=_first_difference(served, due))

    def _name_entry(self, tile: Tile, believed: bytes | None) -> None:
        """Name the first entry under `tile` whose hash is not in `believed`."""
        bundle = tile._replace(level=ENTRIES)
        data = self._read(bundle)
        if data is None:
            return  # named when it was not found
        at, first = 0, bundle.number * WIDTH
        for n in range(bundle.width):
            entry = data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2], "big")]
            hashed = sha256(b"\x00" + entry).digest()
            if believed is not None and hashed != believed[n * HASH : (n + 1) * HASH]:
                self._find(bundle.path, "wrong-entry", index=first + n, byte=at)
                return
            at += 2 + len(entry)
        try:
            tiles.parse_bundle(data, bundle.width)
            self._find(bundle.path, "wrong-file")
        except Malformed as error:
            self._find(bundle.path, "form", detail=error)

    # Files.

    def _read_or_find(self, tile: Tile, quietly: bool = False) -> bytes | None:
        try:
            data = self._source.read(tile.path)
        except Unreadable as error:
            if not quietly:
                self._find(tile.path, "unreadable", detail=error)
            return None
        if data is None:
            data = self._cut_from_full(tile)
        if data is None and not quietly:
            self._find(tile.path, "missing")
        return data

    def _cut_from_full(self, tile: Tile) -> bytes | None:
        """Return a partial file's part of the full one: a log that grew may drop the partial."""
        if tile.width == WIDTH:
            return None
        try:
            data = self._source.read(tile._replace(width=WIDTH).path)
            if data is None or tile.level != ENTRIES:
                return data and data[: tile.width * HASH]
            return tiles.format_bundle(tiles.parse_bundle(data, WIDTH)[: tile.width])
        except (Unreadable, Malformed):
            return None

    def _others(self) -> Iterator[Refused]:
        """Name what else lies among the tiles. Tiles of earlier sizes may stay, unchanged."""
        for path in self._source.paths():
            if not path.startswith("tile/"):
                continue
            try:
                tile = tiles.parse_tile_path(path)
            except Malformed:
                self._find(path, "surplus")
            else:
                self._settle_earlier(tile)
            yield from self._found()

    def _settle_earlier(self, tile: Tile) -> None:
        width = width_at(tile, self._size)
        if tile.width == width:
            return  # checked above
        if tile.width > width:
            self._find(tile.path, "surplus")
            return
        data, later = self._read_or_find(tile), self._read(tile._replace(width=width))
        if data is None or later is None:
            return
        if not later.startswith(data):
            self._find(tile.path, "wrong-bytes", byte=_first_difference(data, later))
        elif tile.level != ENTRIES:
            self._name_length(tile, data)
        else:
            try:
                tiles.parse_bundle(data, tile.width)
            except Malformed as error:
                self._find(tile.path, "form", detail=error)

    def _name_length(self, tile: Tile, data: bytes) -> None:
        if len(data) != tile.width * HASH:
            self._find(tile.path, "wrong-length", due=tile.width * HASH, found=len(data))


def width_at(tile: Tile, size: int) -> int:
    """Return how many hashes or entries a tile holds in the tree of `size` leaves."""
    count = size >> 8 * max(tile.level, 0)
    return max(0, min(WIDTH, count - tile.number * WIDTH))


def leaf_hashes(bundle: bytes, width: int) -> bytes | None:
    """Return the leaf hashes of exactly `width` entries, None if the bundle holds others."""
    at, hashes, end = 0, [], len(bundle)
    try:
        for _ in range(width):
            start = at + 2
            at = start + (bundle[at] << 8) + bundle[at + 1]
            hashes.append(sha256(b"\x00" + bundle[start:at]).digest())
    except IndexError:
        return None
    return b"".join(hashes) if at == end else None


def fold(hashes: bytes) -> bytes:
    """Return the root over 256 hashes written one after the other."""
    while len(hashes) > HASH:
        pairs = range(0, len(hashes), 2 * HASH)
        hashes = b"".join([sha256(b"\x01" + hashes[i : i + 64]).digest() for i in pairs])
    return hashes


def _agrees(data: bytes | None, said: bytes | None) -> bool:
    """Say whether a full tile gives the hash said of it; nothing said, nothing denied."""
    if data is None or len(data) != WIDTH * HASH:
        return False
    return said is None or said == fold(data)


def _hashes(data: bytes | None, width: int) -> list[bytes] | None:
    if data is None or len(data) != width * HASH:
        return None
    return tiles.split_hashes(data, width)


def _row(level: int, size: int) -> Iterator[Tile]:
    count = size >> 8 * level
    for number in range(-(-count // WIDTH)):
        yield Tile(level, number, min(WIDTH, count - number * WIDTH))


def _first_difference(data: bytes, due: bytes) -> int:
    pairs = enumerate(zip(data, due, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(data), len(due)))
