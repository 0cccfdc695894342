"""Signs of life, and what their absence leads to. No clock is waited for: each moment is said."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mingtang.core.trading.outages import RULE
from mingtang.ledger.models import LedgerEntry
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting
from mingtang.trading.actions.outages import BIDDING, EVERY, WORK, SignOfLife, give_sign
from mingtang.trading.models import OutageRow
from mingtang.trading.queries.outages import Moved
from mingtang.trading.templatetags.outage_words import lasting
from tests.rooms import trading_words
from tests.rooms.trading_words import MONDAY, OPEN, TIMES, content, heard, place, ready

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CLOSES = TIMES.closes
GRACE = timedelta(seconds=RULE.grace_seconds)


@pytest.fixture
def floor():
    return trading_words.build()


@pytest.fixture
def lot(floor):
    [key] = trading_words.announced(floor, content())
    return key


def recorded() -> list[tuple]:
    found = OutageRow.objects.order_by("index")
    return [(row.service, row.began, row.recovered) for row in found]


def closes(lot: str):
    return queries.state_of(lot).hours[1]


# ── Who lives ───────────────────────────────────────────────────────────────


def test_the_first_sign_there_ever_was_finds_nothing(lot):
    assert give_sign(BIDDING, at=OPEN) == 0
    assert recorded() == []
    assert queries.last_sign(BIDDING) == OPEN


def test_signs_that_follow_one_another_find_nothing(lot):
    for number in range(100):
        assert give_sign(BIDDING, at=OPEN + number * EVERY) == 0
    assert recorded() == []


def test_a_sign_is_written_every_few_seconds_however_often_it_is_given(
    lot, django_assert_num_queries
):
    sign = SignOfLife(BIDDING)
    sign.give(at=OPEN)
    with django_assert_num_queries(0):
        sign.give(at=OPEN + EVERY - SECOND)
    assert queries.last_sign(BIDDING) == OPEN
    sign.give(at=OPEN + EVERY)
    assert queries.last_sign(BIDDING) == OPEN + EVERY


def test_a_service_lives_as_long_as_one_of_its_processes_does(lot):
    one, other = SignOfLife(BIDDING), SignOfLife(BIDDING)
    for minute in range(10):
        one.give(at=OPEN + minute * MINUTE)
        other.give(at=OPEN + minute * MINUTE + 29 * SECOND)
        one.give(at=OPEN + minute * MINUTE + 45 * SECOND)
    assert recorded() == []
    one = SignOfLife(BIDDING)  # killed, and started again long after: the other one was there
    other.give(at=OPEN + 10 * MINUTE)
    one.give(at=OPEN + 10 * MINUTE + SECOND)
    assert recorded() == []


# ── Killed and started again ────────────────────────────────────────────────


def test_after_an_interruption_deadlines_move_before_anything_else(lot):
    died, back = CLOSES - 10 * MINUTE, CLOSES + 5 * MINUTE
    give_sign(BIDDING, at=died)
    assert give_sign(BIDDING, at=back) == 1
    assert recorded() == [(BIDDING, died, back)]
    assert closes(lot) == back + GRACE  # the deadline fell into it
    assert bids.close_due(at=back) == 0  # so nobody closes it as if its time had come
    assert queries.last_sign(BIDDING) == back


def test_a_bid_made_after_it_counts_until_the_new_end(floor, lot):
    party = ready(floor, lot, 1)
    give_sign(BIDDING, at=CLOSES - MINUTE)
    back = CLOSES + MINUTE
    give_sign(BIDDING, at=back)
    [receipt] = place(party.bid(trading_words.START, back + HOUR))
    assert receipt.index
    assert bids.close_due(at=back + GRACE + 2 * SECOND) == 1


@pytest.mark.parametrize("seconds", [1, RULE.least_seconds - 1])
def test_a_short_restart_moves_nothing(lot, seconds):
    give_sign(BIDDING, at=CLOSES - MINUTE)
    assert give_sign(BIDDING, at=CLOSES - MINUTE + seconds * SECOND) == 0
    assert recorded() == []
    assert closes(lot) == CLOSES


def test_at_the_very_length_of_the_rule_it_counts(lot):
    began = CLOSES - MINUTE
    give_sign(BIDDING, at=began)
    assert give_sign(BIDDING, at=began + RULE.least_seconds * SECOND) == 1
    assert closes(lot) == CLOSES + GRACE


def test_a_service_that_was_frozen_finds_it_itself(lot):
    sign = SignOfLife(BIDDING)
    sign.give(at=CLOSES - MINUTE)
    sign.give(at=CLOSES + MINUTE)
    assert recorded() == [(BIDDING, CLOSES - MINUTE, CLOSES + MINUTE)]


def test_where_nothing_is_running_nobody_missed_anything(floor):
    give_sign(BIDDING, at=MONDAY)
    assert give_sign(BIDDING, at=MONDAY + 24 * HOUR) == 0
    assert recorded() == []


def test_a_lot_whose_end_is_far_away_stays_and_the_interruption_is_on_record(lot):
    give_sign(BIDDING, at=OPEN + HOUR)
    assert give_sign(BIDDING, at=OPEN + HOUR + MINUTE) == 1
    assert closes(lot) == CLOSES
    assert queries.shifts_of(lot) == []


# ── Two at once, halfway, twice ─────────────────────────────────────────────


def test_two_services_that_were_away_together_move_deadlines_once(lot):
    died, back = CLOSES - HOUR, CLOSES + HOUR - SECOND
    for service in (BIDDING, WORK):
        give_sign(service, at=died)
    assert give_sign(WORK, at=back) == 1
    assert give_sign(BIDDING, at=back + 2 * SECOND) == 0
    assert recorded() == [(WORK, died, back)]
    assert closes(lot) == back + GRACE


def test_one_that_stays_away_longer_counts_from_where_the_first_was_back(lot):
    died, first, second = CLOSES - 40 * MINUTE, CLOSES - 10 * MINUTE, CLOSES + MINUTE
    for service in (BIDDING, WORK):
        give_sign(service, at=died)
    give_sign(WORK, at=first)
    assert give_sign(BIDDING, at=second) == 1
    assert recorded() == [(WORK, died, first), (BIDDING, first, second)]


def test_what_works_behind_may_pause_longer_than_the_room(lot):
    give_sign(WORK, at=CLOSES - HOUR)
    assert give_sign(WORK, at=CLOSES - HOUR + 599 * SECOND) == 0
    assert give_sign(WORK, at=CLOSES - HOUR + 599 * SECOND + 600 * SECOND) == 1


def test_killed_before_it_said_that_it_lives_it_goes_on_from_there(lot, monkeypatch):
    died, back = CLOSES - MINUTE, CLOSES + MINUTE
    give_sign(BIDDING, at=died)
    with monkeypatch.context() as killed:
        killed.setattr(hosting, "shift_deadlines", _die)
        with pytest.raises(KeyboardInterrupt):
            give_sign(BIDDING, at=back)
    assert closes(lot) == CLOSES
    assert give_sign(BIDDING, at=back + SECOND) == 0  # nothing new to record
    assert closes(lot) == back + GRACE
    assert recorded() == [(BIDDING, died, back)]


def _die(**said):
    raise KeyboardInterrupt


def test_the_reader_of_the_log_finds_everything_moved_already(lot):
    give_sign(BIDDING, at=CLOSES - MINUTE)
    give_sign(BIDDING, at=CLOSES + MINUTE)
    before = LedgerEntry.objects.count()
    heard()
    assert LedgerEntry.objects.count() == before


def test_a_clock_that_is_set_back_finds_nothing(lot):
    sign = SignOfLife(BIDDING)
    sign.give(at=OPEN)
    sign.give(at=OPEN - HOUR)
    assert queries.last_sign(BIDDING) == OPEN - HOUR
    assert recorded() == []


# ── What everybody reads ────────────────────────────────────────────────────


def test_a_lots_notice_names_old_and_new_times(lot):
    died, back = CLOSES - MINUTE, CLOSES + MINUTE
    give_sign(BIDDING, at=died)
    give_sign(BIDDING, at=back)
    [notice] = queries.shift_notices(lot)
    assert notice.moved == (
        Moved("closes", CLOSES, back + GRACE),
        Moved("ends", CLOSES, back + GRACE),
    )
    assert (notice.outage.began, notice.rule) == (died, RULE)
    [outage] = queries.interruptions()
    assert (outage.moved, outage.lasted) == (1, 2 * MINUTE)


def test_everybody_reads_it_on_the_lots_page_and_on_the_page_of_interruptions(lot):
    give_sign(BIDDING, at=CLOSES - MINUTE)
    give_sign(BIDDING, at=CLOSES + MINUTE)
    page = Client().get(reverse("trading:lot", args=[lot])).content.decode()
    assert "竞价大厅自 2026-03-29 08:59:00 至 2026-03-29 09:01:00 中断" in page
    assert '<s class="muted">2026-03-29 09:00:00</s><br><b>2026-03-29 11:01:00</b>' in page
    told = Client().get(reverse("trading:outages")).content.decode()
    assert "中断不到 30 秒的，什么也不顺延。" in told
    assert "2026-03-29 08:59:00" in told
    assert "2 分钟" in told


def test_before_the_first_interruption_the_rule_is_there_all_the_same(floor):
    told = Client().get(reverse("trading:outages")).content.decode()
    assert "没有中断过" in told
    assert "宽限期是 2 小时；中断达到 2 小时的，宽限期是 24 小时。" in told


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=30), "30 秒"),
        (timedelta(), "0 秒"),
        (HOUR + SECOND, "1 小时 1 秒"),
        (3 * HOUR + 7 * MINUTE + 12 * SECOND, "3 小时 7 分钟 12 秒"),
        (25 * HOUR, "25 小时"),
    ],
)
def test_how_long_it_lasted_is_said_in_hours_minutes_and_seconds(length, said):
    assert lasting(length) == said
