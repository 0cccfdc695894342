"""One queue a hall and day (排队叫号): numbers, bookings, calls, and the published order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import queues
from mingtang.core.decider import Refused
from mingtang.core.halls import ClosedDay, HallBreak, Purpose, WindowServes
from mingtang.core.queues import (
    Channel,
    HourOfWaiting,
    Stage,
    TicketBooked,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketPurposeNamed,
    TicketRecalled,
    TicketSkipped,
    TicketTaken,
    TicketTransferred,
    purposes_of,
    stream_key,
    waits,
)
from mingtang.core.wire import ERASED
from tests.core.queue_examples import (
    DAY,
    MONDAY,
    RULES,
    after,
    again,
    at,
    book,
    call,
    cancel,
    decide,
    finish,
    recall,
    skip,
    take,
    transfer,
)
from tests.words import refused

BREAD = Purpose(item="i-bread", topics=("food",))
FLAT = Purpose(item="i-flat", topics=("housing",))
LUNCH = replace(RULES, breaks=(HallBreak(begins=12 * 60, ends=13 * 60 + 30),))
TRAINING = replace(RULES, closed=(ClosedDay(day=MONDAY.date(), reason="内部培训"),))
SHARED_OUT = replace(
    RULES,
    serving=(
        WindowServes(window="w1", topics=("food",)),
        WindowServes(window="w2", items=("i-flat",)),
    ),
)

# ── A number ────────────────────────────────────────────────────────────────


def test_a_number_is_taken():
    assert decide(take(2, name="演示甲", phone="19900000001"), take(0), book(30)) == [
        TicketTaken(
            hall="centre",
            day=MONDAY.date(),
            number="A002",
            page_key="page-2",
            visitor="",
            name="演示甲",
            phone="19900000001",
            channel=Channel.COUNTER,
            by="P-CLERK",
            at=at(2),
        )
    ]


def test_a_quarter_hour_is_booked():
    assert decide(book(30), take(0)) == [
        TicketBooked(
            hall="centre",
            day=MONDAY.date(),
            number="B001",
            slot=at(30),
            page_key="page-b30",
            visitor="P-ONE",
            name="",
            phone="",
            at=at(-60),
        )
    ]


def test_in_a_break_a_visitor_is_told_when_it_goes_on():
    with refused("queue.on-break") as no:
        decide(take(180, rules=LUNCH))
    assert no.value.facts == {"until": "13:30"}


def test_what_somebody_comes_for_is_said_and_sealed():
    [taken, named] = decide(take(2, purposes=(BREAD, FLAT)))
    assert taken.number == "A001"
    assert named == TicketPurposeNamed(
        number="A001",
        purposes='[{"item":"i-bread","topics":["food"]},{"item":"i-flat","topics":["housing"]}]',
        at=at(2),
    )
    assert [event.number for event in decide(book(30, purposes=(BREAD,)))] == ["B001", "B001"]
    assert after(take(2, purposes=(BREAD,))).tickets["A001"].purposes == (BREAD,)
    assert purposes_of(ERASED) == ()


def test_each_day_has_a_stream_of_its_own():
    assert stream_key("centre", MONDAY.date()) == "centre.20260302"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (take(rules=None), "queue.not-arranged"),
        (take(working=False), "queue.closed-day"),
        (take(-1), "queue.closed-now"),
        (take(8 * 60), "queue.closed-now"),
        (take(180, rules=LUNCH), "queue.on-break"),
        (take(0, rules=TRAINING), "queue.closed-day"),
        (take(0, purposes=(BREAD,) * 6), "queue.too-many-items"),
        (take(0, rules=SHARED_OUT, purposes=(BREAD, FLAT)), "queue.nobody-serves"),
        (take(0, at=MONDAY + DAY), "queue.other-day"),
        (take(5, name="长" * 41), "queue.too-long"),
        (take(5, phone="1" * 41), "queue.too-long"),
        (take(5, visitor="P-ONE"), "queue.holds-already"),
    ],
)
def test_a_number_is_not_taken(command, code):
    with refused(code):
        decide(command, book(30))


def test_a_hall_that_serves_every_day_does_so_on_a_holiday():
    every_day = replace(RULES, every_day=True)
    assert decide(take(rules=every_day, working=False))
    assert decide(book(30, rules=every_day, working=False))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (book(30, rules=None), "queue.not-arranged"),
        (book(45, minutes=45), "queue.slot-past"),
        (book(45, minutes=-8 * 24 * 60), "queue.too-far-ahead"),
        (book(45, working=False), "queue.closed-day"),
        (book(50), "queue.not-a-slot"),
        (book(180, rules=LUNCH), "queue.not-a-slot"),
        (book(45, rules=TRAINING), "queue.closed-day"),
        (book(45, rules=SHARED_OUT, purposes=(BREAD, FLAT)), "queue.nobody-serves"),
        (book(8 * 60), "queue.not-a-slot"),
        (book(24 * 60 + 45), "queue.other-day"),
        (book(30, visitor="P-TWO"), "queue.slot-full"),
        (book(45, name="长" * 41, visitor="P-TWO"), "queue.too-long"),
        (book(45), "queue.holds-already"),
    ],
)
def test_a_quarter_hour_is_not_booked(command, code):
    with refused(code):
        decide(command, book(30))


def test_a_cancelled_seat_is_free_again_and_its_number_is_not_given_twice():
    before = (book(30), cancel("B001", "page-b30"))
    [booked] = decide(book(30, visitor="P-TWO"), *before)
    assert booked.number == "B002"
    assert decide(cancel("B001", "page-b30"), book(30)) == [
        TicketCancelled(number="B001", at=at(1))
    ]


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ([], cancel("A001", "page-0"), "queue.unknown-number"),
        ([take()], cancel("A001", "page-1"), "queue.not-yours"),
        ([take(), call()], cancel("A001", "page-0"), "queue.not-waiting"),
        ([take(), cancel("A001", "page-0")], cancel("A001", "page-0"), "queue.not-waiting"),
    ],
)
def test_a_number_is_not_cancelled(before, command, code):
    with refused(code):
        decide(command, *before)


# ── The order ───────────────────────────────────────────────────────────────


def called(*before, minutes, window="w1"):
    [event] = decide(call(minutes, window), *before)
    return event.number


def test_the_next_is_called():
    assert decide(call(3), take(0), take(1)) == [
        TicketCalled(number="A001", window="w1", by="P-CLERK", at=at(3))
    ]


def test_a_booking_that_is_due_goes_before_who_came_after_its_time():
    line = (book(30), take(29), take(31))
    assert called(*line, minutes=29) == "A001"
    assert called(*line, call(29), finish(30), minutes=31) == "B001"
    assert called(*line, call(29), finish(30), call(31), finish(32), minutes=33) == "A002"


def test_at_the_very_same_moment_the_booking_goes_first():
    assert called(book(30), take(30), minutes=30) == "B001"


def test_a_booking_is_not_called_before_its_time():
    with refused("queue.nobody-waiting"):
        decide(call(29), book(30))


def test_two_windows_get_two_numbers():
    line = (take(0), take(1), call(2, "w1"))
    assert called(*line, minutes=2, window="w2") == "A002"


# ── Who serves what ─────────────────────────────────────────────────────────

MIXED = (take(0, purposes=(FLAT,)), take(1, purposes=(BREAD,)), take(2))


def first_for(window, *before, rules=SHARED_OUT, minutes=5):
    [event] = decide(call(minutes, window, rules=rules), *before)
    return event.number


def test_a_window_calls_only_what_it_serves():
    assert first_for("w1", *MIXED) == "A002"
    assert first_for("w2", *MIXED) == "A001"
    assert first_for("w1", *MIXED, rules=RULES) == "A001"


def test_with_nobody_it_serves_a_window_calls_nobody():
    with refused("queue.nobody-waiting"):
        decide(call(5, "w1", rules=SHARED_OUT), MIXED[0])


def test_whoever_was_skipped_is_called_again_where_they_are_served():
    before = (MIXED[0], call(1, "w2", rules=SHARED_OUT), skip(2, "w2"))
    with refused("queue.not-served-here"):
        decide(again("A001", 3, "w1", rules=SHARED_OUT), *before)
    assert decide(again("A001", 3, "w2", rules=SHARED_OUT), *before)


def test_nobody_is_sent_on_to_where_they_are_not_served():
    before = (MIXED[0], call(1, "w2", rules=SHARED_OUT))
    with refused("queue.not-served-there"):
        decide(transfer("w1", 3, "w2", rules=SHARED_OUT), *before)
    assert decide(transfer("w1", 3, "w2", rules=RULES), *before)


def test_when_the_rules_change_nobody_who_waits_is_left_behind():
    elsewhere = tuple(WindowServes(window=window, topics=("tax",)) for window in RULES.windows)
    nobody = replace(RULES, serving=elsewhere)
    assert first_for("w1", MIXED[0], rules=nobody) == "A001"


# ── At the window ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ([take()], call(own_window=False), "queue.not-your-window"),
        ([take()], call(rules=None), "queue.not-arranged"),
        ([take()], call(window="w3"), "queue.window-not-here"),
        ([take()], call(at=MONDAY + DAY), "queue.other-day"),
        ([take(), take(1), call()], call(2), "queue.window-busy"),
        ([], call(), "queue.nobody-waiting"),
        ([take(), cancel("A001", "page-0")], call(2), "queue.nobody-waiting"),
        ([take(), call(), skip()], call(2), "queue.nobody-waiting"),
        ([take(), call(), transfer()], call(2), "queue.nobody-waiting"),
        ([take()], again("A001"), "queue.not-callable"),
        ([], again("A001"), "queue.unknown-number"),
        ([take(), call(), finish()], again("A001"), "queue.not-callable"),
        ([take(), call(), skip()], again("A001", own_window=False), "queue.not-your-window"),
        ([], recall(), "queue.nobody-here"),
        ([take(), call()], recall(own_window=False), "queue.not-your-window"),
        ([take(), call()], recall(window="w2"), "queue.nobody-here"),
        ([], skip(), "queue.nobody-here"),
        ([], finish(), "queue.nobody-here"),
        ([take(), call()], finish(own_window=False), "queue.not-your-window"),
        ([], transfer(), "queue.nobody-here"),
        ([take(), call()], transfer("w3"), "queue.window-not-here"),
        ([take(), call()], transfer("w1"), "queue.same-window"),
        ([take(), call()], transfer(rules=None), "queue.not-arranged"),
    ],
)
def test_what_a_window_may_not_do(before, command, code):
    with refused(code):
        decide(command, *before)


def test_the_number_at_the_window_is_called_once_more():
    assert decide(recall(3), take(), call()) == [
        TicketRecalled(number="A001", window="w1", by="P-CLERK", at=at(3))
    ]


def test_it_is_finished_and_the_window_is_free():
    assert decide(finish(3), take(), call()) == [
        TicketFinished(number="A001", window="w1", by="P-CLERK", at=at(3))
    ]
    assert called(take(), take(1), call(), finish(3), minutes=4) == "A002"


def test_nobody_came_and_is_called_again_later_at_another_window():
    assert decide(skip(3), take(), call()) == [
        TicketSkipped(number="A001", window="w1", by="P-CLERK", at=at(3))
    ]
    assert decide(again("A001", 9, "w2"), take(), call(), skip()) == [
        TicketCalled(number="A001", window="w2", by="P-CLERK", at=at(9))
    ]


def test_who_is_sent_on_keeps_their_place_and_waits_for_that_window():
    line = (take(0), take(1), call(2), transfer("w2", 3))
    assert decide(transfer("w2", 3), take(0), call(2)) == [
        TicketTransferred(number="A001", window="w1", to="w2", by="P-CLERK", at=at(3))
    ]
    assert called(*line, minutes=4, window="w1") == "A002"
    assert called(*line, minutes=4, window="w2") == "A001"


def test_who_waits_for_a_window_that_closed_is_called_by_another():
    line = (take(0), call(2), transfer("w2", 3))
    assert decide(again("A001", 9, "w1"), *line)


# ── Whatever the order of things ────────────────────────────────────────────

WINDOWS = ("w1", "w2")
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["take", "book", "call", "again", "skip", "finish", "transfer", "cancel"]),
        st.sampled_from(WINDOWS),
        st.integers(0, 31),  # which quarter-hour, or which number
        st.integers(0, 9),  # minutes that pass
    ),
    max_size=60,
)
OPEN_RULES = replace(SHARED_OUT, seats=2, per_person=9)
SERVED = {"w1": ((), (BREAD,)), "w2": ((), (FLAT,))}


COMING_FOR = ((), (BREAD,), (FLAT,))


def _asked(move, window, which, minutes, queue):
    numbers = sorted(queue.tickets)
    number = numbers[which % len(numbers)] if numbers else "A001"
    held = queue.tickets.get(number)
    other = WINDOWS[1 - WINDOWS.index(window)]
    purposes = COMING_FOR[which % len(COMING_FOR)]
    match move:
        case "take":
            return take(minutes, rules=OPEN_RULES, purposes=purposes)
        case "book":
            return book(15 * which, minutes, rules=OPEN_RULES, purposes=purposes)
        case "call":
            return call(minutes, window, rules=OPEN_RULES)
        case "again":
            return again(number, minutes, window, rules=OPEN_RULES)
        case "skip":
            return skip(minutes, window)
        case "finish":
            return finish(minutes, window)
        case "transfer":
            return transfer(other, minutes, window, rules=OPEN_RULES)
        case _:
            return cancel(number, held.page_key if held else "", minutes)


def _by_the_published_rule(queue, window, now):
    """Say anew who is next: earliest moment, at the same moment booked before taken."""
    line = [
        t
        for t in queue.tickets.values()
        if t.stage == "waiting"
        and t.moment <= now
        and t.wants in ("", window)
        and t.purposes in SERVED[window]
    ]
    line.sort(key=lambda t: (t.moment, 0 if t.booked else 1, t.serial))
    return line[0].number if line else None


def _lived(moves):
    """Return the queue, everything that happened, and when it ended."""
    queue, happened, now = queues.State(), [], 0
    for move, window, which, minutes in moves:
        now = min(now + minutes, 8 * 60 - 1)
        expected = _by_the_published_rule(queue, window, at(now))
        try:
            events = queues.decide(queue, _asked(move, window, which, now, queue))
        except Refused as no:
            if no.code == "queue.nobody-waiting":
                assert expected is None
            continue
        if move == "call":
            assert [event.number for event in events] == [expected]
        happened += events
        for event in events:
            queue = queues.evolve(queue, event)
    return queue, happened, now


@settings(max_examples=200, deadline=None)
@given(MOVES)
def test_every_number_is_served_at_most_once_in_the_published_order_and_nobody_is_forgotten(moves):
    queue, happened, _now = _lived(moves)
    given_out = [e.number for e in happened if isinstance(e, TicketTaken | TicketBooked)]
    assert len(given_out) == len(set(given_out)) == len(queue.tickets)

    # no two windows have the same number, no window has two
    here = [t for t in queue.tickets.values() if t.stage is Stage.CALLED]
    assert len({t.window for t in here}) == len(here)

    # the rest of the day: every window calls, by number too, until there is nobody
    queue, later = _drained(queue)
    ends = [e.number for e in happened + later if isinstance(e, TicketFinished | TicketCancelled)]
    assert sorted(ends) == sorted(given_out)


def _drained(queue):
    happened = []

    def carry_out(command):
        nonlocal queue
        for event in queues.decide(queue, command):
            queue = queues.evolve(queue, event)
            happened.append(event)

    evening = 9 * 60
    for window in WINDOWS:
        if queue.at_window(window):
            carry_out(finish(evening, window))
    for window in WINDOWS:
        while queue.next_for(window, at(evening), OPEN_RULES):
            carry_out(call(evening, window, rules=OPEN_RULES))
            carry_out(finish(evening, window))
    for number, ticket in sorted(queue.tickets.items()):
        if ticket.stage in (Stage.SKIPPED, Stage.WAITING):
            window = next(one for one in WINDOWS if ticket.purposes in SERVED[one])
            carry_out(again(number, evening, window, rules=OPEN_RULES))
            carry_out(finish(evening, window))
    return queue, happened


@settings(max_examples=100, deadline=None)
@given(MOVES)
def test_no_quarter_hour_is_booked_beyond_its_seats(moves):
    queue, _happened, _now = _lived(moves)
    booked = [t.moment for t in queue.tickets.values() if t.booked and t.stage != "cancelled"]
    assert max(map(booked.count, booked), default=0) <= OPEN_RULES.seats


def test_waits_by_the_hour_of_ones_moment():
    calls = [(at(0), at(10)), (at(59), at(60)), (at(60), at(90))]
    assert waits(calls) == (
        HourOfWaiting(hour=9, people=2, mean_seconds=330, longest_seconds=600),
        HourOfWaiting(hour=10, people=1, mean_seconds=1800, longest_seconds=1800),
    )
    assert waits([]) == ()


def test_the_queue_after_nothing_is_empty():
    assert after() == queues.State()
