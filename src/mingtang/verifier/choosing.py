"""Check how a body was chosen for a need (核验中介选取) from the public log alone.

Nothing is opened and nobody is asked: the seed's digest stands in the notice, each sign-up's digest
before the deadline, seed and sign-ups in the clear at the opening. The choice is worked out anew by
the published formula (`core.intermediaries.choosing`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingtang.core import tiles
from mingtang.core.documents import parse_object
from mingtang.core.intermediaries.choosing import (
    Entrant,
    Way,
    choose,
    seed_digest,
    sign_up_digest,
)
from mingtang.core.strict import Malformed
from mingtang.core.tiles import ENTRIES, WIDTH, Tile
from mingtang.core.wire import read
from mingtang.verifier.sources import Source, Unreadable
from mingtang.verifier.words import Refused, Say, plain

DECIDED = ("need.chosen.v1", "need.failed.v1")


@dataclass(frozen=True, slots=True)
class Entry:
    index: int
    kind: str
    body: dict[str, Any]

    @property
    def where(self) -> str:
        return f"entry {self.index} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was found out about one need."""

    need: str
    title: str
    way: Way
    sign_ups: int
    chosen: str  # name of the body; empty: nobody
    found: tuple[Refused, ...]


def entries_of(source: Source, size: int, stream: str) -> Iterator[Entry]:
    """Yield the entries of one stream from a log of `size` entries. Raises Refused."""
    for first in range(0, size, WIDTH):
        width = min(WIDTH, size - first)
        for n, data in enumerate(_bundle(source, first // WIDTH, width)):
            if stream.encode() not in data:
                continue
            try:
                body = parse_object(data.decode())
            except ValueError as error:
                raise Refused(f"entry {first + n}", "form", detail=error) from error
            if body.get("_stream") == stream:
                yield Entry(first + n, str(body.get("kind")), body)


def _bundle(source: Source, number: int, width: int) -> Sequence[bytes]:
    """Return the entries of a bundle; a log that grew may have dropped the partial one."""
    for held in dict.fromkeys((width, WIDTH)):
        tile = Tile(ENTRIES, number, held)
        try:
            data = source.read(tile.path)
            if data is not None:
                return tiles.parse_bundle(data, held)[:width]
        except (Malformed, Unreadable) as error:
            raise Refused(tile.path, "form", detail=error) from error
    raise Refused(Tile(ENTRIES, number, width).path, "missing")


def check_need(need: str, entries: Sequence[Entry]) -> Choice:
    """Work the choice of a need out anew. Raises Refused where nothing was chosen, or is unread."""
    of = {kind: [e for e in entries if e.kind == kind] for kind in {e.kind for e in entries}}
    published = of.get("need.published.v1", [])
    if len(published) != 1:
        raise Refused(f"need/{need}", "need-not-there")
    try:
        return _checked(need, published[0], of)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(published[0].where, "form", detail=error) from error


def _checked(need: str, notice: Entry, of: dict[str, list[Entry]]) -> Choice:
    terms = notice.body["terms"]
    content, way = terms["content"], Way(terms["content"]["way"])
    if way is Way.DIRECT:
        raise Refused(notice.where, "need-direct")
    opened = of.get("need.opened.v1", [])
    if not opened:
        raise Refused(notice.where, "need-not-opened")
    found: list[Refused] = []
    opening = opened[0]
    until = datetime.fromisoformat(content["sign_up_until"])
    if len(opened) > 1 or datetime.fromisoformat(opening.body["at"]) < until:
        found.append(Refused(opening.where, "need-opened-early"))
    seed = opening.body["seed"]
    if seed_digest(need, seed) != terms["seed_digest"]:
        found.append(Refused(opening.where, "need-other-seed"))
    entrants = [read(Entrant, one) for one in opening.body["entrants"]]
    withdrawn = of.get("need.sign-up-withdrawn.v1", [])
    sign_ups = of.get("need.signed-up.v1", [])
    found += _withdrawals(sign_ups, withdrawn, opening, until)
    found += _sign_ups(need, sign_ups, {e.body["no"] for e in withdrawn}, entrants, opening, until)
    totals = _totals(of.get("need.scored.v1", []))
    due = choose(way, need, seed, entrants, totals)
    decided = [entry for kind in DECIDED for entry in of.get(kind, [])]
    if not decided:
        raise Refused(opening.where, "need-not-decided")
    said = decided[0].body.get("body", "")
    if len(decided) > 1 or said != (due.body if due else ""):
        name = due.name if due else ""
        found.append(Refused(decided[0].where, "need-other-choice", due=name, found=said))
    return Choice(need, content["title"], way, len(entrants), due.name if due else "", tuple(found))


def _withdrawals(
    sign_ups: Sequence[Entry], withdrawn: Sequence[Entry], opening: Entry, until: datetime
) -> Iterator[Refused]:
    """Look whether each withdrawal is of a sign-up before it, in time, and the only one of it."""
    before = {entry.body["no"]: entry.index for entry in sign_ups}
    for entry in withdrawn:
        signed_up = before.pop(entry.body["no"], entry.index)
        if signed_up >= entry.index:
            yield Refused(entry.where, "need-other-withdrawal")
        late = datetime.fromisoformat(entry.body["at"]) >= until
        if late or entry.index > opening.index:
            yield Refused(entry.where, "need-late-withdrawal")


def _sign_ups(
    need: str,
    sign_ups: Sequence[Entry],
    withdrawn: Collection[int],
    entrants: Sequence[Entrant],
    opening: Entry,
    until: datetime,
) -> Iterator[Refused]:
    """Compare what was bound with what was published: the same bodies, in the same order, all but
    those who withdrew."""
    left = [one for one in sign_ups if one.body["no"] not in withdrawn]
    if len(left) != len(entrants):
        yield Refused(opening.where, "need-other-count", due=len(left), found=len(entrants))
    for place, bound in enumerate(sign_ups, 1):
        if bound.body["no"] != place:
            yield Refused(bound.where, "need-other-sign-up")
    for bound, shown in zip(left, entrants, strict=False):
        digest = sign_up_digest(need, body=shown.body, price_fen=shown.price_fen, nonce=shown.nonce)
        if (bound.body["no"], bound.body["digest"]) != (shown.no, digest):
            yield Refused(bound.where, "need-other-sign-up")
        late = datetime.fromisoformat(bound.body["at"]) >= until
        if late or bound.index > opening.index:
            yield Refused(bound.where, "need-late-sign-up")


def _totals(scored: Sequence[Entry]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for entry in scored:
        points = sum(int(mark["points"]) for mark in entry.body["marks"])
        totals[entry.body["body"]] = totals.get(entry.body["body"], 0) + points
    return totals


def describe_choice(choice: Choice, say: Say) -> str:
    return "\n".join(
        (
            say("need-valid"),
            f"{say('need')}: {plain(choice.need)} {plain(choice.title)}",
            f"{say('way')}: {choice.way}",
            f"{say('sign-ups')}: {choice.sign_ups}",
            f"{say('chosen')}: {plain(choice.chosen) or say('nobody')}",
        )
    )
