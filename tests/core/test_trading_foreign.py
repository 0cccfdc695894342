"""A project of another platform (其他平台项目): recorded, read again, corrected."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.core.trading import foreign
from mingtang.core.trading.foreign import (
    Amount,
    Detail,
    ForeignNotice,
    Moment,
    NoticeKind,
    Outcome,
    Region,
    Result,
    key_of,
)
from mingtang.core.wire import Wire
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
LOT = ForeignNotice(
    source="演示市交易中心",
    source_id="演示出〔2026〕1号",
    kind=NoticeKind.LAND_RESULT,
    category="03",
    title="演示出〔2026〕1号 演示路南",
    project="演示出〔2026〕1号",
    region=Region(path=("演示省", "演示市"), code="999900", written_code="999901"),
    amount=Amount(written="100—120万元", fen=100_000_000, upper_fen=120_000_000),
    published=Moment(written="2026年3月1日", day=date(2026, 3, 1)),
    deadline=Moment(written="2026-03-20 09:00", day=date(2026, 3, 20), at=MONDAY),
    area="地上：19252.56地下空间：19166.93",
    details=(Detail(name="land_use", text="商服用地"),),
    result=Result(
        outcome=Outcome.SOLD, winner="演示公司", price=Amount(written="110万元", fen=110_000_000)
    ),
)
READ = foreign.RecordForeignNotice(notice=LOT, by="import", at=MONDAY)


def when(*readings: foreign.Command) -> list[foreign.Event]:
    """Return what happens when a notice is read so often."""
    state, events = foreign.State(), []
    for reading in readings:
        for event in foreign.decide(state, reading):
            state = foreign.evolve(state, event)
            events.append(event)
    return events


def read_with(**changes: object) -> foreign.RecordForeignNotice:
    return replace(READ, notice=replace(LOT, **changes))


def test_a_notice_is_recorded_as_it_was_written():
    assert when(READ) == [foreign.ForeignNoticeRecorded(notice=LOT, by="import", at=MONDAY)]


def test_the_same_notice_read_again_says_nothing_new():
    with refused("foreign-notice.unchanged"):
        when(READ, replace(READ, at=MONDAY + timedelta(days=1)))


def test_other_content_is_a_correction_that_says_the_whole_notice():
    corrected = read_with(place="演示路北")
    recorded, event = when(READ, corrected)
    assert event == foreign.ForeignNoticeCorrected(
        notice=replace(LOT, place="演示路北"), by="import", at=MONDAY
    )
    assert foreign.DECIDER.replay([recorded, event]) == foreign.State(corrected.notice, 1)


def test_a_stream_is_of_one_notice_for_ever():
    with refused("foreign-notice.other-notice"):
        when(READ, read_with(source_id="演示出〔2026〕2号"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": ""}, "foreign-notice.source-missing"),
        ({"source_id": ""}, "foreign-notice.source-missing"),
        ({"title": " "}, "foreign-notice.title-missing"),
        ({"title": "长" * 301}, "foreign-notice.too-long"),
        ({"buyer": "长" * 2001}, "foreign-notice.too-long"),
        ({"details": (Detail(name="land_use", text="长" * 2001),)}, "foreign-notice.too-long"),
    ],
)
def test_a_notice_that_cannot_be_told_apart_or_shown_is_refused(changes, code):
    with refused(code):
        when(read_with(**changes))


def test_the_longest_title_and_text_are_taken():
    notice = replace(LOT, title="长" * 300, buyer="长" * 2000)
    [event] = when(replace(READ, notice=notice))
    assert event.notice == notice


def test_the_key_depends_on_source_kind_and_number_and_on_nothing_else():
    key = key_of("甲", NoticeKind.NOTICE, "1")
    assert key == "j6vymddnuqyppju3lxte"
    others = {
        key_of("乙", NoticeKind.NOTICE, "1"),
        key_of("甲", NoticeKind.TENDER_PLAN, "1"),
        key_of("甲", NoticeKind.NOTICE, "2"),
    }
    assert len(others | {key}) == 4


def test_events_are_read_back_as_they_were_written():
    wire = Wire(foreign.EVENTS)
    for event in when(READ, read_with(result=None, published=None, amount=None)):
        data, opened = wire.encode(event)
        assert wire.decode(data) == event
        assert opened == []
