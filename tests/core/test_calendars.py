"""Publishing a year of the working-day calendar (发布年度工作日历)."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from mingtang.core.calendars import (
    DECIDER,
    EVENTS,
    CalendarYearPublished,
    PublishCalendarYear,
    published_year,
)
from mingtang.core.decider import Refused
from mingtang.core.wire import Wire
from tests.core.work_calendars import FORECAST_2027, NOTICE_2027, YEAR_2026

AT = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))


def command(**changes: Any) -> PublishCalendarYear:
    told: dict[str, Any] = {
        "year": 2027,
        "official": True,
        "off_days": NOTICE_2027.off_days,
        "makeup_days": NOTICE_2027.makeup_days,
        "source": "演示通知",
        "by": "person/7",
        "at": AT,
    }
    return PublishCalendarYear(**{**told, **changes})


def forecast(**changes: Any) -> PublishCalendarYear:
    return command(
        **{
            "official": False,
            "off_days": FORECAST_2027.off_days,
            "makeup_days": (),
            "source": "预测",
            **changes,
        }
    )


def after(*commands: PublishCalendarYear) -> list[CalendarYearPublished]:
    """Return every event the commands led to, one after the other."""
    history: list[CalendarYearPublished] = []
    for order in commands:
        history += DECIDER.decide(DECIDER.replay(history), order)
    return history


def refusal(*commands: PublishCalendarYear) -> Refused:
    history = after(*commands[:-1])
    with pytest.raises(Refused) as caught:
        DECIDER.decide(DECIDER.replay(history), commands[-1])
    return caught.value


def test_a_published_year_says_everything_it_was_told() -> None:
    [event] = after(command())
    assert published_year(event) == NOTICE_2027
    assert (event.by, event.at) == ("person/7", AT)
    assert DECIDER.replay([event]).published == NOTICE_2027


def test_days_are_recorded_in_order_and_once() -> None:
    off = NOTICE_2027.off_days
    [event] = after(command(off_days=off[::-1] + off[:2], source="  演示通知 "))
    assert event.off_days == off
    assert event.source == "演示通知"


def test_an_event_survives_its_encoding() -> None:
    [event] = after(command())
    wire = Wire(EVENTS)
    data, opened = wire.encode(event)
    assert opened == []
    assert wire.decode(data) == event


def test_a_forecast_becomes_official_when_the_notice_comes() -> None:
    history = after(forecast(), command())
    assert [event.official for event in history] == [False, True]
    assert DECIDER.replay(history).published == NOTICE_2027


def test_an_official_year_may_be_corrected_in_the_middle_of_it() -> None:
    corrected = (*NOTICE_2027.off_days, date(2027, 5, 4))
    history = after(command(), command(off_days=corrected, source="演示通知之二"))
    assert history[-1].off_days == corrected


def test_an_official_year_never_becomes_provisional_again() -> None:
    assert refusal(command(), forecast()).code == "calendar.already-official"


def test_the_same_year_twice_is_refused() -> None:
    assert refusal(command(), command(by="person/8")).code == "calendar.unchanged"
    assert refusal(forecast(), forecast()).code == "calendar.unchanged"


def test_a_forecast_confirmed_day_for_day_is_a_change() -> None:
    assert len(after(forecast(), forecast(official=True))) == 2


def test_a_day_of_another_year_is_refused() -> None:
    refused = refusal(command(makeup_days=(date(2026, 12, 26), date(2027, 1, 9))))
    assert refused.code == "calendar.date-outside-year"
    assert refused.facts == {"dates": (date(2026, 12, 26),)}


def test_only_a_weekend_day_can_be_made_up() -> None:
    refused = refusal(command(makeup_days=(date(2027, 1, 8), date(2027, 1, 9))))
    assert refused.code == "calendar.makeup-not-weekend"
    assert refused.facts == {"dates": (date(2027, 1, 8),)}


def test_a_day_cannot_be_both_off_and_worked() -> None:
    refused = refusal(command(makeup_days=(date(2027, 1, 2),)))
    assert refused.code == "calendar.off-and-makeup"
    assert refused.facts == {"dates": (date(2027, 1, 2),)}


def test_an_official_year_names_its_notice() -> None:
    assert refusal(command(source=" ")).code == "calendar.official-year-needs-source"
    assert len(after(forecast(source=""))) == 1


def test_another_year_cannot_be_written_into_this_one() -> None:
    other = command(year=2026, off_days=YEAR_2026.off_days, makeup_days=YEAR_2026.makeup_days)
    assert refusal(command(), other).code == "calendar.other-year"
