"""Listing with timed bidding (挂牌加限时竞价): its parts to the microsecond, and who goes on."""

from dataclasses import replace

import pytest

from mingtang.core.trading.lots.bidding import least_next
from mingtang.core.trading.lots.course import ends_at, span_at
from mingtang.core.trading.lots.events import EntryDeclared, LotAward, Part, Verdict
from mingtang.core.trading.parameters import Entry, TimedStart
from mingtang.core.wire import Sealed
from tests.core.lot_examples import (
    CLOSES,
    MICRO,
    MINUTE,
    OPEN_LISTING,
    OPENS,
    SECOND,
    START,
    STEP,
    A,
    B,
    C,
    after,
    announced,
    appeared,
    bar,
    bid,
    close,
    declare,
    placed,
    when,
)
from tests.core.trading_examples import LISTING
from tests.words import refused

SILENT = CLOSES - 60 * MINUTE  # an hour of silence before the free part closes
TIMED = CLOSES + 5 * MINUTE  # asked for five minutes
OPENED = announced(LISTING)
QUOTED = [OPENED, bid(A, START, OPENS), bid(B, START + STEP, OPENS)]
BOTH = [*QUOTED, declare(A, CLOSES), declare(B, CLOSES)]

# ── Its parts ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("moment", "part", "since", "until"),
    [
        (OPENS - MICRO, Part.BEFORE, None, OPENS),
        (OPENS, Part.FREE, OPENS, SILENT),
        (SILENT - MICRO, Part.FREE, OPENS, SILENT),
        (SILENT, Part.BLACKOUT, SILENT, CLOSES),
        (CLOSES - MICRO, Part.BLACKOUT, SILENT, CLOSES),
        (CLOSES, Part.ASKING, CLOSES, TIMED),
        (TIMED - MICRO, Part.ASKING, CLOSES, TIMED),
        (TIMED, Part.TIMED, TIMED, TIMED + 4 * MINUTE),
        (TIMED + 4 * MINUTE - MICRO, Part.TIMED, TIMED, TIMED + 4 * MINUTE),
        (TIMED + 4 * MINUTE, Part.OVER, TIMED + 4 * MINUTE, None),
    ],
)
def test_one_part_follows_another(moment, part, since, until):
    span = span_at(after(*BOTH), moment)
    assert (span.part, span.since, span.until) == (part, since, until)


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (OPENS - MICRO, "lot.not-open-yet"),
        (SILENT, "lot.silent"),
        (CLOSES - MICRO, "lot.silent"),
        (CLOSES, "lot.asking"),
        (TIMED - MICRO, "lot.asking"),
        (TIMED + 4 * MINUTE, "lot.settling"),  # until a second after, the end may still move
    ],
)
def test_outside_the_parts_for_it_nobody_bids(received, code):
    with refused(code):
        when(BOTH, bid(A, START + 9 * STEP, received))


@pytest.mark.parametrize(
    ("received", "part"),
    [
        (OPENS, Part.FREE),
        (SILENT - MICRO, Part.FREE),
        (TIMED, Part.TIMED),
        (TIMED + 4 * MINUTE - MICRO, Part.TIMED),
    ],
)
def test_within_them_a_bid_counts(received, part):
    price = START + 2 * STEP
    assert when(BOTH, bid(A, price, received)) == [placed(3, A, price, received, part)]


def test_with_neither_silence_nor_asking_the_countdown_follows_at_once():
    state = after(announced(OPEN_LISTING))
    assert span_at(state, CLOSES - MICRO).part is Part.FREE
    assert span_at(state, CLOSES).part is Part.TIMED
    assert ends_at(state) == CLOSES + 4 * MINUTE


# ── Free quotation ──────────────────────────────────────────────────────────


def test_a_paddle_shows_its_key_with_its_first_bid_only():
    assert when([OPENED], bid(A, START, OPENS)) == [
        appeared(A, OPENS),
        placed(1, A, START, OPENS, Part.FREE),
    ]
    given = [*QUOTED, bid(A, START + 2 * STEP, OPENS)]
    assert when(given, bid(B, START + 3 * STEP, OPENS)) == [
        placed(4, B, START + 3 * STEP, OPENS, Part.FREE)
    ]


def test_free_quotations_move_no_end():
    assert ends_at(after(*QUOTED)) == ends_at(after(*QUOTED, bid(A, 2 * START, SILENT - MICRO)))


# ── Asked who goes on ───────────────────────────────────────────────────────


def test_whoever_quoted_may_say_that_they_go_on():
    assert when(QUOTED, declare(A, CLOSES)) == [
        EntryDeclared(
            paddle=A,
            part=Part.ASKING,
            nonce=Sealed(f"nonce of {A}"),
            ref=f"{A}-0",
            signature="signed",
            received=CLOSES,
            at=CLOSES,
        )
    ]


def test_a_paddle_may_appear_by_saying_so():
    given = [announced(LISTING, {"entry": Entry.ASKED})]
    first, said = when(given, declare(A, TIMED - MICRO))
    assert (first, said.part) == (appeared(A, TIMED - MICRO), Part.ASKING)


@pytest.mark.parametrize(
    ("given", "paddle", "received", "code"),
    [
        (QUOTED, A, CLOSES - MICRO, "lot.nothing-asked"),
        (QUOTED, A, TIMED, "lot.nothing-asked"),
        (BOTH, A, CLOSES, "lot.declared-already"),
        (QUOTED, C, CLOSES, "lot.not-entitled"),
        ([*QUOTED, bar(A, CLOSES)], A, CLOSES, "lot.paddle-barred"),
        ([announced(OPEN_LISTING)], A, CLOSES, "lot.nothing-asked"),
        ([], A, CLOSES, "lot.not-announced"),
    ],
)
def test_nobody_else_says_so(given, paddle, received, code):
    with refused(code):
        when(given, declare(paddle, received))


def test_a_declaration_is_decided_like_a_bid_by_when_it_was_received():
    assert len(when(QUOTED, declare(A, TIMED - MICRO, late=SECOND))) == 1
    with refused("lot.too-slow"):
        when(QUOTED, declare(A, TIMED - MICRO, late=SECOND + MICRO))
    with refused("lot.clock-ahead"):
        when(QUOTED, declare(A, CLOSES, late=-MICRO))


QUOTES, SAYS_SO = bid(A, START, OPENS), declare(A, CLOSES)


@pytest.mark.parametrize(
    ("entry", "acts", "enters"),
    [
        (Entry.ALL, [], True),
        (Entry.QUOTED, [], False),
        (Entry.QUOTED, [QUOTES], True),
        (Entry.ASKED, [], False),
        (Entry.ASKED, [QUOTES], False),
        (Entry.ASKED, [SAYS_SO], True),
        (Entry.QUOTED_AND_ASKED, [], False),
        (Entry.QUOTED_AND_ASKED, [QUOTES], False),
        (Entry.QUOTED_AND_ASKED, [QUOTES, SAYS_SO], True),
    ],
)
def test_the_procedure_says_who_enters_the_timed_part(entry, acts, enters):
    asked = entry in (Entry.ASKED, Entry.QUOTED_AND_ASKED)
    opened = announced(LISTING, {"entry": entry, "asking_seconds": 300 if asked else 0})
    others = [bid(B, START + STEP, OPENS), *([declare(B, CLOSES)] if asked else [])]
    given = [opened, *sorted([*acts, *others], key=lambda step: step.received)]
    command = bid(A, START + 2 * STEP, TIMED if asked else CLOSES)
    if enters:
        assert when(given, command)[-1].part is Part.TIMED
    else:
        with refused("lot.not-entitled"):
            when(given, command)


def test_if_nobody_goes_on_it_ends_with_the_asking():
    assert ends_at(after(*QUOTED)) == TIMED
    [closed] = when(QUOTED, close(TIMED + SECOND))
    assert (closed.verdict, closed.ended) == (Verdict.SOLD, TIMED)
    assert closed.awards == (LotAward(paddle=B, price_fen=START + STEP, quantity=1),)


# ── The timed part ──────────────────────────────────────────────────────────


def test_each_timed_bid_starts_the_countdown_anew():
    given = [*BOTH, bid(A, START + 2 * STEP, TIMED + MINUTE)]
    assert ends_at(after(*given)) == TIMED + 5 * MINUTE
    given += [bid(B, START + 3 * STEP, TIMED + 5 * MINUTE - MICRO)]
    assert ends_at(after(*given)) == TIMED + 9 * MINUTE - MICRO
    assert after(*given).extensions == 2


def test_a_bid_as_the_countdown_begins_restarts_nothing():
    state = after(*BOTH, bid(A, START + 2 * STEP, TIMED))
    assert (ends_at(state), state.extensions) == (TIMED + 4 * MINUTE, 0)


@pytest.mark.parametrize(
    ("start", "least"), [(TimedStart.HIGHEST, START + STEP), (TimedStart.NEXT, START + 2 * STEP)]
)
def test_the_procedure_says_what_the_first_timed_bid_has_to_reach(start, least):
    opened = replace(OPENED, procedure=replace(OPENED.procedure, timed_start=start))
    given = [opened, *BOTH[1:]]
    assert least_next(after(*given), TIMED) == least
    assert when(given, bid(A, least, TIMED)) == [placed(3, A, least, TIMED, Part.TIMED)]
    with refused("lot.price-below"):
        when(given, bid(A, least - STEP, TIMED))
    with refused("lot.price-below"):  # and from then on a step more, in either case
        when([*given, bid(A, least, TIMED)], bid(B, least, TIMED))


def test_a_quotation_decided_late_does_not_let_anybody_take_its_price():
    """A received the first timed bid; B's quotation came before it and had its turn after it."""
    given = [
        announced(OPEN_LISTING, {"timed_start": TimedStart.HIGHEST}),
        bid(A, START, CLOSES),
        bid(B, START + STEP, CLOSES - MICRO, late=2 * MICRO),
    ]
    with refused("lot.price-below"):
        when(given, bid(C, START + STEP, CLOSES + SECOND))
