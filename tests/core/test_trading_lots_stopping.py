"""Pausing, stopping and resuming by two persons; what an interruption of the service moves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.bidding import least_next
from mingtang.core.trading.lots.course import ends_at, price_at, span_at
from mingtang.core.trading.lots.events import (
    DeadlinesShifted,
    LotResumed,
    LotStopped,
    LotSuspended,
    Part,
    StopDeclined,
    Stopping,
    StopProposed,
)
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.outages import RULE
from mingtang.core.trading.parameters import Entry, Reserve, Secrecy
from tests.core.lot_examples import (
    CENTRE,
    CLOSES,
    HOST,
    HOUR,
    LOT,
    MICRO,
    MINUTE,
    ONE_SHOT,
    OPENS,
    OTHER_HOST,
    SECOND,
    START,
    STEP,
    TIMES,
    A,
    B,
    after,
    announced,
    bid,
    close,
    confirm,
    content,
    declare,
    propose,
    resume,
    when,
)
from tests.core.trading_examples import AUCTION, DUTCH, LISTING, SEALED
from tests.words import refused

OPENED = announced(AUCTION)
LED = [OPENED, bid(A, START, OPENS)]
NOON = OPENS + HOUR
PAUSED = [*LED, propose(NOON), confirm(NOON + MINUTE)]
LASTED = 2 * HOUR - MINUTE
RESUMED = [*PAUSED, resume(NOON + HOUR, NOON + 2 * HOUR)]
HALT = commands.HaltLot(stopping=Stopping.PAUSE, reason="依公告中止", by=CENTRE, at=NOON)

# ── By two persons ──────────────────────────────────────────────────────────


def test_one_host_proposes_and_another_confirms():
    assert when(LED, propose(NOON)) == [
        StopProposed(stopping=Stopping.PAUSE, reason="系统故障", by=HOST, at=NOON)
    ]
    assert when([*LED, propose(NOON)], confirm(NOON + MINUTE)) == [
        LotSuspended(reason="系统故障", proposed_by=HOST, by=OTHER_HOST, at=NOON + MINUTE)
    ]
    assert when([*LED, propose(NOON, "end")], confirm(NOON + MINUTE)) == [
        LotStopped(reason="系统故障", proposed_by=HOST, by=OTHER_HOST, at=NOON + MINUTE)
    ]


def test_until_it_is_confirmed_bidding_goes_on():
    given = [*LED, propose(NOON), bid(B, START + STEP, NOON + SECOND)]
    assert after(*given).best.paddle == B


@pytest.mark.parametrize("by", [HOST, OTHER_HOST])
def test_a_proposal_may_be_turned_down_also_by_whoever_made_it(by):
    given = [*LED, propose(NOON)]
    assert when(given, confirm(NOON, by, agrees=False)) == [StopDeclined(by=by, at=NOON)]
    given += [confirm(NOON, by, agrees=False)]
    assert after(*given).proposal is None
    with refused("lot.nothing-proposed"):
        when(given, confirm(NOON))


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (LED, {"hosts": False}, "lot.not-host"),
        ([], {}, "lot.not-running"),
        (LED, {"at": CLOSES}, "lot.not-running"),  # nobody undoes a result
        (PAUSED, {}, "lot.not-running"),
        ([*LED, close(CLOSES + SECOND)], {"stopping": Stopping.END}, "lot.not-running"),
        ([*LED, propose(NOON)], {}, "lot.stop-proposed-already"),
        (LED, {"reason": " "}, "lot.reason-missing"),
        (LED, {"reason": "长" * 501}, "lot.reason-too-long"),
    ],
)
def test_nothing_is_proposed(given, changed, code):
    with refused(code):
        when(given, replace(propose(NOON), **changed))


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        ([*LED, propose(NOON)], {"hosts": False}, "lot.not-host"),
        (LED, {}, "lot.nothing-proposed"),
        ([*LED, propose(NOON)], {"by": HOST}, "lot.same-person"),
        ([*LED, propose(NOON)], {"at": CLOSES}, "lot.not-running"),
        (
            [*LED, propose(NOON), bid(B, START + STEP, CLOSES - MICRO)],
            {"at": CLOSES + 5 * MINUTE - MICRO},
            "lot.not-running",
        ),
        ([*LED, propose(NOON), close(CLOSES + SECOND)], {}, "lot.nothing-proposed"),
    ],
)
def test_nothing_is_confirmed(given, changed, code):
    with refused(code):
        when(given, replace(confirm(NOON), **changed))


def test_what_is_paused_may_be_stopped():
    stop = [propose(CLOSES + HOUR, "end"), confirm(CLOSES + HOUR)]
    assert after(*PAUSED, *stop).status is Status.STOPPED
    with refused("lot.over"):
        when([*PAUSED, *stop], bid(B, START + STEP, NOON))


# ── By notice ───────────────────────────────────────────────────────────────


def test_a_notice_pauses_or_stops_a_whole_project():
    assert when(LED, HALT) == [
        LotSuspended(reason="依公告中止", proposed_by="", by=CENTRE, at=NOON)
    ]
    assert when(PAUSED, replace(HALT, stopping=Stopping.END)) == [
        LotStopped(reason="依公告中止", proposed_by="", by=CENTRE, at=NOON)
    ]
    assert after(*LED, propose(NOON), HALT).proposal is None


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        ([], {}, "lot.not-running"),
        (PAUSED, {}, "lot.not-running"),
        (LED, {"at": CLOSES}, "lot.not-running"),
        (LED, {"reason": ""}, "lot.reason-missing"),
        (LED, {"reason": "长" * 501}, "lot.reason-too-long"),
    ],
)
def test_a_notice_does_not_pause(given, changed, code):
    with refused(code):
        when(given, replace(HALT, **changed))


# ── Paused and resumed ──────────────────────────────────────────────────────


@pytest.mark.parametrize("received", [NOON - MICRO, NOON + MINUTE, NOON + 2 * MINUTE])
def test_while_it_is_paused_nothing_counts(received):
    with refused("lot.suspended"):
        when(PAUSED, bid(B, START + STEP, received, late=2 * MINUTE))
    with refused("lot.nothing-asked"):
        when(PAUSED, declare(B, received, late=2 * MINUTE))
    with refused("lot.not-running"):
        when(PAUSED, close(CLOSES + SECOND))
    assert least_next(after(*PAUSED), received) is None


def test_what_was_left_is_left_once_it_goes_on():
    assert when(PAUSED, resume(NOON + HOUR, NOON + 2 * HOUR)) == [
        LotResumed(resumes=NOON + 2 * HOUR, by=HOST, at=NOON + HOUR)
    ]
    state = after(*RESUMED)
    assert state.hours == (OPENS + LASTED, CLOSES + LASTED)
    assert ends_at(state) == CLOSES + LASTED
    assert state.sign_up_until == TIMES.sign_up_until + LASTED
    assert state.deposit_until == TIMES.deposit_until + LASTED


@pytest.mark.parametrize(
    ("received", "counts"),
    [
        (NOON, False),  # before the pause, its turn after it
        (NOON + MINUTE, False),
        (NOON + 2 * HOUR - MICRO, False),
        (NOON + 2 * HOUR, True),
    ],
)
def test_until_it_goes_on_nothing_counts(received, counts):
    command = replace(bid(B, START + STEP, received), at=NOON + 2 * HOUR)
    if counts:
        assert when(RESUMED, command)[-1].no == 2
    else:
        with refused("lot.suspended"):
            when(RESUMED, command)


def test_an_end_a_bid_had_moved_is_left_as_far_away():
    late = CLOSES - MINUTE
    given = [*LED, bid(B, START + STEP, late), propose(CLOSES), confirm(CLOSES)]
    resumed = after(*given, resume(CLOSES + HOUR, CLOSES + HOUR))
    assert ends_at(resumed) == late + 5 * MINUTE + HOUR


def test_paused_again_before_it_went_on_no_time_counts_twice():
    """Paused from 10:01, to go on at 12:00; paused again at 11:30, it goes on at 13:00."""
    again = [propose(NOON + 90 * MINUTE), confirm(NOON + 90 * MINUTE)]
    state = after(*RESUMED, *again, resume(NOON + 2 * HOUR, NOON + 3 * HOUR))
    assert ends_at(state) == CLOSES + 3 * HOUR - MINUTE
    # and it may go on sooner than was said
    sooner = after(*RESUMED, *again, resume(NOON + 90 * MINUTE, NOON + 90 * MINUTE))
    assert ends_at(sooner) == CLOSES + 90 * MINUTE - MINUTE


def test_what_follows_a_ceiling_is_moved_too():
    given = [announced(AUCTION, ONE_SHOT, ceiling_fen=START), bid(A, START, OPENS)]
    given += [propose(OPENS), confirm(OPENS + MINUTE), resume(NOON, NOON)]
    assert span_at(after(*given), NOON).until == NOON + 29 * MINUTE
    assert ends_at(after(*given, declare(B, NOON))) == NOON + 39 * MINUTE


@pytest.mark.parametrize(
    ("given", "changed", "code"),
    [
        (PAUSED, {"may_resume": False}, "lot.not-host"),
        (LED, {}, "lot.not-suspended"),
        (PAUSED, {"resumes": NOON + HOUR - MICRO}, "lot.resumes-in-the-past"),
    ],
)
def test_it_does_not_go_on(given, changed, code):
    with refused(code):
        when(given, replace(resume(NOON + HOUR, NOON + 2 * HOUR), **changed))


# ── Interruptions ───────────────────────────────────────────────────────────


def outage(began, recovered, key="bidding-1"):
    return commands.ShiftDeadlines(
        outage=key, began=began, recovered=recovered, rule=RULE, at=recovered
    )


def moved(given, command):
    """Return what an interruption moves: only what is not as it was."""
    [event] = when(given, command)
    before = after(*given)
    said = {name: getattr(event, name) for name in MOVABLE}
    return {name: at for name, at in said.items() if at != getattr(before, name)}


MOVABLE = ("sign_up_until", "deposit_until", "opens", "closes", "asked", "end")
GRACE = timedelta(hours=2)
DOWN, UP = CLOSES - 5 * MINUTE, CLOSES + 5 * MINUTE


def test_an_end_within_the_interruption_comes_two_hours_after_it():
    assert when(LED, outage(DOWN, UP)) == [
        DeadlinesShifted(
            outage="bidding-1",
            sign_up_until=TIMES.sign_up_until,
            deposit_until=TIMES.deposit_until,
            opens=OPENS,
            closes=UP + GRACE,
            asked=None,
            end=None,
            at=UP,
        )
    ]
    state = after(*LED, outage(DOWN, UP))
    assert ends_at(state) == UP + GRACE
    assert len(when([*LED, outage(DOWN, UP)], bid(B, START + STEP, UP + GRACE - MICRO))) == 2


def test_an_end_a_bid_had_moved_is_moved_by_itself():
    given = [*LED, bid(B, START + STEP, CLOSES - SECOND)]
    down, up = CLOSES + MINUTE, CLOSES + 10 * MINUTE
    assert moved(given, outage(down, up)) == {"end": up + GRACE}
    assert ends_at(after(*given, outage(down, up))) == up + GRACE


@pytest.mark.parametrize(
    ("down", "up", "names"),
    [
        (OPENS - MINUTE, OPENS + MINUTE, {"opens", "closes"}),
        (NOON, NOON + MINUTE, {"closes"}),  # within two hours after it
        (
            TIMES.sign_up_until - MINUTE,
            TIMES.sign_up_until,
            {"sign_up_until", "deposit_until", "opens", "closes"},
        ),
    ],
)
def test_whatever_comes_after_is_never_closer_than_it_was(down, up, names):
    given = [OPENED]
    assert moved(given, outage(down, up)).keys() == names


def test_sign_up_and_deposit_are_deadlines_too():
    until = TIMES.sign_up_until
    state = after(OPENED, outage(until - HOUR, until + HOUR - MICRO))
    later = 3 * HOUR - MICRO
    assert (state.sign_up_until, state.deposit_until) == (until + later, until + later)
    assert state.hours == (OPENS + later, CLOSES + later)


@pytest.mark.parametrize(
    ("given", "down", "up", "code"),
    [
        ([*LED, outage(DOWN, UP)], DOWN, UP, "lot.shifted-already"),
        ([], DOWN, UP, "lot.not-running"),
        (PAUSED, DOWN, UP, "lot.not-running"),
        ([*LED, close(CLOSES + SECOND)], DOWN, UP, "lot.not-running"),
        (LED, CLOSES + MICRO, CLOSES + HOUR, "lot.nothing-to-shift"),  # it was over by then
        (LED, OPENS, OPENS + 29 * SECOND, "lot.nothing-to-shift"),  # too short to count
        (LED, OPENS + MICRO, CLOSES - GRACE, "lot.nothing-to-shift"),  # its end is far enough away
    ],
)
def test_an_interruption_moves_nothing(given, down, up, code):
    with refused(code):
        when(given, outage(down, up))


def test_each_interruption_moves_what_it_finds():
    given = [*LED, outage(DOWN, UP)]
    end = UP + GRACE
    state = after(*given, outage(end, end + MINUTE, key="bidding-2"))
    assert ends_at(state) == end + MINUTE + GRACE
    assert state.outages == {"bidding-1", "bidding-2"}


# The parts of a listing: asked until 12:05, then timed.
QUOTED = [announced(LISTING), bid(A, START, OPENS), bid(B, START + STEP, OPENS)]
ASKED = CLOSES + 5 * MINUTE


def test_an_interruption_of_the_asking_leaves_as_long_to_say_so():
    down, up = CLOSES + MINUTE, CLOSES + 10 * MINUTE
    assert moved(QUOTED, outage(down, up)) == {"asked": up + GRACE}
    given = [*QUOTED, outage(down, up)]
    assert span_at(after(*given), up).part is Part.ASKING
    assert ends_at(after(*given)) == up + GRACE
    given += [declare(A, up + GRACE - MICRO)]
    assert span_at(after(*given), up + GRACE).part is Part.TIMED
    assert ends_at(after(*given)) == up + GRACE + 4 * MINUTE


def test_an_interruption_of_the_timed_part_leaves_the_asking_where_it_was():
    given = [*QUOTED, declare(A, CLOSES)]
    down, up = ASKED + MINUTE, ASKED + 10 * MINUTE
    assert moved(given, outage(down, up)) == {"end": up + GRACE}
    assert span_at(after(*given, outage(down, up)), up).part is Part.TIMED


def test_an_interruption_of_the_free_part_moves_all_that_follows():
    state = after(*QUOTED, outage(DOWN, UP))
    assert span_at(state, UP + GRACE).part is Part.ASKING
    assert ends_at(after(*QUOTED, outage(DOWN, UP), declare(A, UP + GRACE))) == (
        UP + GRACE + 9 * MINUTE
    )


def test_a_listing_without_asking_counts_down_after_the_new_close():
    given = [announced(LISTING, {"asking_seconds": 0, "entry": Entry.QUOTED}), *QUOTED[1:]]
    assert ends_at(after(*given, outage(DOWN, UP))) == UP + GRACE + 4 * MINUTE


@pytest.mark.parametrize("bound", [LOT, ONE_SHOT])
def test_an_interruption_after_a_ceiling_leaves_as_long_to_say_so(bound):
    given = [announced(AUCTION, bound, ceiling_fen=START), bid(A, START, OPENS)]
    down, up = OPENS + 10 * MINUTE, OPENS + 40 * MINUTE
    given += [outage(down, up)]
    state = after(*given)
    assert (span_at(state, up).part, span_at(state, up).until) == (Part.CEILING, up + GRACE)
    quoting = 10 * MINUTE if bound is ONE_SHOT else timedelta()
    assert ends_at(after(*given, declare(B, up))) == up + GRACE + quoting


def test_an_interruption_of_the_one_shot_quotation_leaves_the_asking_where_it_was():
    given = [announced(AUCTION, ONE_SHOT, ceiling_fen=START), bid(A, START, OPENS)]
    given += [declare(B, OPENS)]
    down, up = OPENS + 35 * MINUTE, OPENS + 50 * MINUTE
    state = after(*given, outage(down, up))
    assert (span_at(state, up).part, ends_at(state)) == (Part.ONE_SHOT, up + GRACE)


def test_a_ceiling_reached_in_the_free_part_waits_for_its_new_end():
    given = [announced(LISTING, LOT, ceiling_fen=START), bid(A, START, OPENS), outage(DOWN, UP)]
    assert span_at(after(*given), UP + GRACE - MICRO).part is Part.BLACKOUT
    assert span_at(after(*given), UP + GRACE).part is Part.CEILING
    assert ends_at(after(*given)) == UP + GRACE + 30 * MINUTE


def test_sealed_offers_have_longer():
    state = after(announced(SEALED), outage(DOWN, UP))
    assert span_at(state, UP + GRACE - MICRO).part is Part.SEALED


# ── A falling price ─────────────────────────────────────────────────────────


def test_a_price_nobody_could_take_did_not_fall():
    down, up = OPENS + 11 * MINUTE, OPENS + 2 * HOUR
    given = [announced(DUTCH), outage(down, up)]
    lasted = up - down
    state = after(*given)
    assert state.hours == (OPENS + lasted, CLOSES + lasted)
    assert price_at(state, up) == START - 2 * START // 100
    assert span_at(state, up).until == up + 4 * MINUTE
    assert moved(given[:1], given[1]) == {"opens": OPENS + lasted, "closes": CLOSES + lasted}


def test_a_price_somebody_took_is_not_offered_again():
    taken = bid(A, START, OPENS + MINUTE)
    for down in (OPENS + 30 * SECOND, OPENS + 2 * MINUTE):
        with refused("lot.nothing-to-shift"):
            when([announced(DUTCH), taken], outage(down, OPENS + HOUR))


def test_a_price_that_had_fallen_to_its_reserve_does_not_fall_again():
    share = Reserve(
        secrecy=Secrecy.PUBLIC, of_start_permille=980
    )  # three prices, five minutes each
    with refused("lot.nothing-to-shift"):
        when([announced(DUTCH, {"reserve": share})], outage(OPENS + 16 * MINUTE, OPENS + 2 * HOUR))


def test_before_it_falls_it_is_moved_like_any_opening():
    state = after(announced(DUTCH), outage(OPENS - MINUTE, OPENS + MINUTE))
    assert price_at(state, OPENS + MINUTE + GRACE) == START
    assert state.hours[0] == OPENS + MINUTE + GRACE


# ── A change notice after an interruption ───────────────────────────────────


def test_a_change_notice_keeps_what_an_interruption_moved():
    down, up = OPENS - HOUR, OPENS - 30 * MINUTE
    shifted = outage(down, up)
    later = 2 * HOUR
    change = commands.ChangeLot(
        content=content(AUCTION, title="更正"), reason="更正名称", by=CENTRE, at=up + MINUTE
    )
    assert after(OPENED, shifted).hours == (OPENS + later, CLOSES + later)
    assert after(OPENED, shifted, change).hours == (OPENS + later, CLOSES + later)
    times = replace(TIMES, opens=OPENS + HOUR, closes=CLOSES + 5 * HOUR)
    changed = replace(change, content=content(AUCTION, times=times))
    assert after(OPENED, shifted, changed).hours == (OPENS + later, CLOSES + 5 * HOUR)
