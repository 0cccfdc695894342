"""How a body is chosen (选取办法): the published formula, for the rules and for whoever checks.

The seed of a need is drawn before anybody signs up, and its digest published with the need, so that
nobody chooses it once they know who takes part. Whoever signs up adds a nonce of their own; body,
quotation and nonce stay sealed until the opening, under a digest in the log. Then all is published,
but for sign-ups that were withdrawn before: they take part in nothing and stay sealed.
So the choice follows from what was bound before anyone could know it, and anybody can work it out
again from the public log (`mingtang.verifier need`).

    seed digest     SHA-256 of "mingtang-need-seed-v1", need, seed
    sign-up digest  SHA-256 of "mingtang-need-sign-up-v1", need, body, price in fen, nonce
    draw            SHA-256 of "mingtang-need-draw-v1", need, seed, every nonce published in the
                    order of the sign-ups, a counter from 0; each on a line of its own, as an
                    integer modulo the number of candidates, taken again where it would favour some

Drawn by lot: all that may be chosen are candidates. By quotation: those with the lowest price. By
score: those with the highest sum. Where only one is left, nothing is drawn.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

NONCE = re.compile(r"[\x21-\x7e]{16,64}")  # long enough that nobody guesses what is sealed with it


class Way(StrEnum):
    DRAW = "draw"  # 随机抽取
    QUOTE = "quote"  # 竞价
    BEST = "best"  # 择优
    DIRECT = "direct"  # 直接选取


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A body that signed up, as it is published at the opening."""

    no: int  # in the order of the sign-ups, from 1; one that was withdrawn leaves a gap
    body: str
    name: str
    price_fen: int  # 0 where none was asked
    nonce: str
    barred: str = ""  # why it may not be chosen any more, e.g. "suspended"; empty: it may


def seed_digest(need: str, seed: str) -> str:
    return _digest("mingtang-need-seed-v1", need, seed)


def sign_up_digest(need: str, *, body: str, price_fen: int, nonce: str) -> str:
    return _digest("mingtang-need-sign-up-v1", need, body, str(price_fen), nonce)


def choose(
    way: Way,
    need: str,
    seed: str,
    entrants: Sequence[Entrant],
    totals: Mapping[str, int] | None = None,
) -> Entrant | None:
    """Return who is chosen; None where nobody may be.

    `totals`: the sum of all marks of each body, where the best is chosen.
    """
    eligible = [one for one in entrants if not one.barred]
    if not eligible:
        return None
    match way:
        case Way.QUOTE:
            lowest = min(one.price_fen for one in eligible)
            eligible = [one for one in eligible if one.price_fen == lowest]
        case Way.BEST:
            marks = totals or {}
            highest = max(marks.get(one.body, 0) for one in eligible)
            eligible = [one for one in eligible if marks.get(one.body, 0) == highest]
    return drawn(need, seed, entrants, eligible)


def drawn(
    need: str, seed: str, entrants: Sequence[Entrant], candidates: Sequence[Entrant]
) -> Entrant:
    """Return whom the lot falls on among the candidates, in the order they signed up."""
    count = len(candidates)
    fair = 2**256 - 2**256 % count
    nonces = [one.nonce for one in entrants]
    for turn in range(1_000):
        number = int(_digest("mingtang-need-draw-v1", need, seed, *nonces, str(turn)), 16)
        if number < fair:
            return candidates[number % count]
    raise AssertionError("a thousand digests in the last sliver of all there are")


def _digest(*lines: str) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()
