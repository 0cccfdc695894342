"""Everything done to a hall's queue (排队叫号), with its rows; several at once."""

import json
from dataclasses import replace
from functools import partial

import pytest

from mingtang.config.wiring import SUBJECTS
from mingtang.core.catalogue import key_of
from mingtang.core.halls import Purpose, WindowServes
from mingtang.core.queues import HourOfWaiting
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.ledger.verify import verify
from mingtang.windows import actions, queries
from mingtang.windows.models import TicketRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import window_words as words
from tests.rooms.case_town import ITEM, publish
from tests.rooms.test_ledger_concurrency import people
from tests.rooms.window_words import HALL, ONE, OTHER, RULES, at, called, taken
from tests.words import refused

DAY = MONDAY.date()


@pytest.fixture
def hall(db, log_home):
    return words.build()


def row(number="A001"):
    return TicketRow.objects.get(number=number)


def standing(number="A001"):
    found = row(number)
    return found.stage, found.window, found.wants, found.calls


def test_a_hall_is_arranged_by_its_manager(hall):
    wider = replace(RULES, seats=3)
    actions.arrange(hall=HALL, rules=wider, by=hall.manager, at=at(1))
    found = queries.hall(HALL)
    assert (queries.rules_of(found), found.name, found.windows) == (wider, "演示大厅", [ONE, OTHER])
    assert queries.hall_of_window(OTHER) == found
    assert queries.hall_of_window("elsewhere") is None


@pytest.mark.parametrize(
    ("who", "changed", "code"),
    [
        ("clerk", {}, "hall.not-its-manager"),
        ("manager", {"windows": ("nowhere",)}, "hall.window-not-open"),
        ("manager", {"serving": (WindowServes(window=ONE, items=("x",)),)}, "hall.item-unknown"),
    ],
)
def test_a_hall_is_not_arranged(hall, who, changed, code):
    with refused(code):
        actions.arrange(
            hall=HALL, rules=replace(RULES, seats=3, **changed), by=getattr(hall, who), at=at(1)
        )


def test_a_number_is_taken_and_the_same_asking_gives_the_same(hall):
    first = taken(hall, 0, name="演示甲", phone="19900000001", once="one")
    same = taken(hall, 1, name="演示甲", once="one")
    assert first == same
    assert (first.number, first.stage, first.moment) == ("A001", "waiting", at(0))
    assert (first.name, first.phone, first.channel) == ("演示甲", "19900000001", "counter")
    assert len(first.page_key) == 22


def test_a_quarter_hour_is_booked_and_given_back(hall):
    receipt = actions.book(hall=HALL, slot=at(30), visitor=hall.citizen, at=at(0))
    found = queries.ticket_taken(receipt.index)
    assert (found.number, found.moment, found.booked) == ("B001", at(30), True)
    assert queries.booked(HALL, [DAY]) == {at(30): 1}
    assert queries.held_by(hall.citizen, DAY) == [found]

    actions.cancel(hall=HALL, day=DAY, number=found.number, page_key=found.page_key, at=at(1))
    assert (standing("B001"), row("B001").ended_at) == (("cancelled", "", "", 0), at(1))
    assert queries.booked(HALL, [DAY]) == {}
    assert queries.held_by(hall.citizen, DAY) == []


def test_who_holds_a_number_is_not_in_the_public_log(hall):
    found = taken(hall, 0, name="演示甲", phone="19900000001")
    actions.book(hall=HALL, slot=at(30), visitor=hall.citizen, name="演示乙", at=at(1))
    entries = LedgerEntry.objects.filter(stream=f"queue/{HALL}.20260302").order_by("index")
    faces = [json.loads(bytes(entry.body)) for entry in entries]
    assert [face["number"] for face in faces] == ["A001", "B001"]
    said = json.dumps(faces, ensure_ascii=False)
    for secret in ("演示甲", "演示乙", "19900000001", hall.citizen, found.page_key):
        assert secret not in said


def test_called_once_more_finished(hall):
    taken(hall)
    called(hall, 2)
    assert standing() == ("called", ONE, "", 1)
    actions.recall(hall=HALL, window=ONE, by=hall.clerk, at=at(3))
    assert (standing(), row().called_at) == (("called", ONE, "", 2), at(3))
    actions.finish(hall=HALL, window=ONE, by=hall.clerk, at=at(4))
    assert (standing(), row().ended_at) == (("finished", ONE, "", 2), at(4))
    assert row().first_called_at == at(2)


def test_skipped_and_called_again(hall):
    taken(hall)
    called(hall, 2)
    actions.skip(hall=HALL, window=ONE, by=hall.clerk, at=at(3))
    assert standing() == ("skipped", ONE, "", 1)
    actions.call_again(hall=HALL, number="A001", window=OTHER, by=hall.other, at=at(4))
    assert standing() == ("called", OTHER, "", 2)


def test_sent_on_to_another_window(hall):
    taken(hall)
    called(hall, 2)
    actions.transfer(hall=HALL, window=ONE, to=OTHER, by=hall.clerk, at=at(3))
    assert standing() == ("waiting", ONE, OTHER, 1)
    called(hall, 4, OTHER)
    assert standing() == ("called", OTHER, "", 2)


@pytest.mark.parametrize("act", [actions.call, actions.recall, actions.skip, actions.finish])
def test_nobody_acts_at_anothers_window(hall, act):
    taken(hall)
    with refused("queue.not-your-window"):
        act(hall=HALL, window=ONE, by=hall.other, at=at(2))
    assert standing() == ("waiting", "", "", 0)


FOOD_AT_ONE = replace(
    RULES,
    serving=(WindowServes(window=ONE, items=(ITEM,)), WindowServes(window=OTHER, topics=("x",))),
)


def test_what_somebody_comes_for_is_kept_from_the_public_log(hall):
    found = taken(hall, 0, items=[ITEM, ITEM], once="one")
    assert queries.purposes_of(found) == (Purpose(item=ITEM, topics=COMPLETE.topics),)
    assert taken(hall, 1, items=[ITEM], once="one") == found
    receipt = actions.book(hall=HALL, slot=at(30), visitor=hall.citizen, items=[ITEM], at=at(0))
    assert len(queries.purposes_of(queries.ticket_taken(receipt.index))) == 1
    entries = LedgerEntry.objects.filter(stream=f"queue/{HALL}.20260302")
    assert not any(ITEM.encode() in bytes(entry.body) for entry in entries)


def test_nobody_comes_for_what_is_not_in_force(hall):
    with refused("item.not-in-force"):
        taken(hall, 0, items=["nothing"])


def test_a_window_calls_what_it_serves(hall):
    actions.arrange(hall=HALL, rules=FOOD_AT_ONE, by=hall.manager, at=at(0))
    taken(hall, 0, items=[ITEM])
    with refused("queue.nobody-waiting"):
        called(hall, 1, OTHER)
    called(hall, 1, ONE)
    assert standing() == ("called", ONE, "", 1)
    assert [row.key for row in queries.halls_serving(ITEM)] == [HALL]


def test_only_those_go_before_who_are_called_to_the_same_windows(hall):
    other = replace(COMPLETE, code="DEMO-X", topics=("x",))
    publish(other)
    actions.arrange(hall=HALL, rules=FOOD_AT_ONE, by=hall.manager, at=at(0))
    first = taken(hall, 0, items=[ITEM])
    elsewhere = taken(hall, 1, items=[key_of(other.code)])
    anywhere = taken(hall, 2)
    assert [queries.before(one) for one in (first, elsewhere, anywhere)] == [0, 0, 2]
    assert [row.number for row in queries.line_at(queries.hall(HALL), DAY, OTHER)] == [
        "A002",
        "A003",
    ]


def test_how_many_go_before(hall):
    first, second = taken(hall, 0), taken(hall, 1)
    receipt = actions.book(hall=HALL, slot=at(15), visitor=hall.citizen, at=at(2))
    booked, last = queries.ticket_taken(receipt.index), taken(hall, 16)
    assert [queries.before(one) for one in (first, second, booked, last)] == [0, 1, 2, 3]
    called(hall, 16)
    assert [queries.before(one) for one in (row(), second, booked, last)] == [0, 0, 1, 2]


def test_a_booking_is_not_among_those_who_wait_before_its_time(hall):
    taken(hall, 0)
    actions.book(hall=HALL, slot=at(30), visitor=hall.citizen, at=at(0))
    taken(hall, 31)

    def waiting(minutes):
        return [row.number for row in queries.due(HALL, at(minutes))]

    assert waiting(29) == ["A001"]
    assert waiting(30) == ["A001", "B001"]
    assert waiting(31) == ["A001", "B001", "A002"]


def test_how_long_people_waited_by_the_hour(hall):
    for minutes in (0, 1, 60):
        taken(hall, minutes)
    for minutes in (61, 62, 63):
        called(hall, minutes)
        actions.finish(hall=HALL, window=ONE, by=hall.clerk, at=at(minutes))
    nine = MONDAY.hour
    assert queries.waiting_times(HALL, DAY) == (
        HourOfWaiting(hour=nine, people=2, mean_seconds=3660, longest_seconds=3660),
        HourOfWaiting(hour=nine + 1, people=1, mean_seconds=180, longest_seconds=180),
    )


def test_numbers_begin_anew_each_day(hall):
    taken(hall)
    [tomorrow] = [taken(hall, 24 * 60)]
    assert (tomorrow.number, tomorrow.key) == ("A001", "centre.20260303.A001")


# ── Several at once ─────────────────────────────────────────────────────────


@pytest.fixture
def busy_hall(own_commits, log_home):
    return words.build()


def test_two_clerks_calling_at_once_never_get_the_same_number(busy_hall):
    count = 60
    for _ in range(count):
        taken(busy_hall)
    given = []
    with people(2) as two:
        for turn in range(count // 2):
            outcomes = two.at_once(
                *(partial(called, busy_hall, turn + 1, window) for window in (ONE, OTHER))
            )
            assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt]
            given += sorted(row.number for row in queries.called(HALL, DAY))
            for window, by in ((ONE, busy_hall.clerk), (OTHER, busy_hall.other)):
                actions.finish(hall=HALL, window=window, by=by, at=at(turn + 1))
    assert given == [f"A{number:03}" for number in range(1, count + 1)]
    assert list(verify(SUBJECTS)) == []


def test_of_many_who_want_the_last_seat_one_gets_it(busy_hall):
    visitors = [busy_hall.citizen, busy_hall.neighbour, busy_hall.reviewer]
    with people(3) as three:
        outcomes = three.at_once(
            *(
                partial(actions.book, hall=HALL, slot=at(30), visitor=one, at=at(0))
                for one in visitors
            )
        )
    assert sorted(o if isinstance(o, str) else "" for o in outcomes) == [
        "",
        "queue.slot-full",
        "queue.slot-full",
    ]
