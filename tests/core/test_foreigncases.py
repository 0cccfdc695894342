"""A case of another system (外部办件): brought in, read again, grown; its clock."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.core import foreigncases
from mingtang.core.foreigncases import (
    Counting,
    ForeignOutline,
    ForeignStanding,
    ForeignStep,
    Unit,
    clock_of,
    key_of,
    standing,
)
from mingtang.core.wire import ERASED, LIMIT, Wire
from mingtang.core.worktime import CalendarYear, WorkCalendar
from tests.words import refused

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
RECEIVED = ForeignStep(activity="收件", at=MONDAY, id="1", resource="甲", group="窗口")
REVIEWED = ForeignStep(activity="审查", at=MONDAY + timedelta(days=1), id="2", resource="乙")
OPEN = ForeignOutline(started=MONDAY, deadline=MONDAY + timedelta(days=11), department="许可科")
CLOSED = replace(OPEN, closed=MONDAY + timedelta(days=2))
READ = foreigncases.RecordForeignCase(
    source="演示系统", number="A-1", outline=OPEN, steps=(RECEIVED,), by="import", at=MONDAY
)
GROWN = replace(READ, outline=CLOSED, steps=(RECEIVED, REVIEWED))
RECORDED = foreigncases.ForeignCaseRecorded(
    source="演示系统",
    number="A-1",
    outline=OPEN,
    steps=(replace(RECEIVED, resource=""),),
    names='["","甲"]',
    by="import",
    at=MONDAY,
)
OFFICIAL = WorkCalendar((CalendarYear(2026, True, (), (), "演示"),))


def when(*readings: foreigncases.Command) -> list[foreigncases.Event]:
    """Return what happens when a case is read so often."""
    state, events = foreigncases.State(), []
    for reading in readings:
        for event in foreigncases.decide(state, reading):
            state = foreigncases.evolve(state, event)
            events.append(event)
    return events


# ── Bringing in ─────────────────────────────────────────────────────────────


def test_a_case_is_recorded_with_its_steps_in_the_order_of_their_times():
    [event] = when(replace(READ, steps=(REVIEWED, RECEIVED)))
    steps = tuple(replace(step, resource="") for step in (RECEIVED, REVIEWED))
    assert event == replace(RECORDED, steps=steps, names='["","甲","乙"]')


def test_the_same_case_read_again_says_nothing_new():
    with refused("foreign-case.unchanged"):
        when(READ, replace(READ, at=MONDAY + timedelta(days=1)))


def test_a_grown_log_adds_only_what_is_new():
    assert when(READ, GROWN) == [
        RECORDED,
        foreigncases.ForeignCaseContinued(
            outline=CLOSED,
            steps=(replace(REVIEWED, resource=""),),
            names='["","乙"]',
            by="import",
            at=MONDAY,
        ),
    ]
    with refused("foreign-case.unchanged"):
        when(READ, GROWN, GROWN)


def test_an_end_that_came_later_is_told_without_any_step():
    _, event = when(READ, replace(READ, outline=CLOSED))
    assert event == foreigncases.ForeignCaseContinued(
        outline=CLOSED, steps=(), names='[""]', by="import", at=MONDAY
    )


def test_a_shorter_log_takes_nothing_back():
    with refused("foreign-case.unchanged"):
        when(GROWN, replace(GROWN, steps=(REVIEWED,)))


def test_a_step_told_twice_counts_once():
    assert when(replace(READ, steps=(RECEIVED, RECEIVED))) == [RECORDED]


def test_steps_without_ids_are_known_by_what_they_say():
    bare = replace(RECEIVED, id="")
    other = replace(bare, resource="丙")
    _, event = when(replace(READ, steps=(bare,)), replace(READ, steps=(bare, other)))
    assert (event.steps, event.names) == ((replace(bare, resource=""),), '["","丙"]')


def test_names_stand_in_no_public_entry_and_come_back_where_they_are_opened():
    led = replace(READ, outline=replace(OPEN, responsible="丁"))
    [event] = when(led)
    wire = Wire(foreigncases.EVENTS)
    public, opened = wire.encode(event, salts=["盐"])
    assert [name for name in "甲丁" if name in public.decode()] == []
    kept = {one.name: one.value for one in opened}
    state = foreigncases.evolve(foreigncases.State(), wire.decode(public, kept))
    assert (state.outline.responsible, state.steps) == ("丁", (RECEIVED,))
    erased = foreigncases.evolve(foreigncases.State(), wire.decode(public))
    assert (erased.outline.responsible, erased.steps[0].resource) == (ERASED, ERASED)
    assert erased.steps[0].activity == "收件"


def test_what_was_brought_in_is_never_rewritten():
    with refused("foreign-case.step-changed"):
        when(READ, replace(READ, steps=(replace(RECEIVED, resource="丙"),)))


def test_two_steps_of_one_id_are_refused():
    with refused("foreign-case.same-id"):
        when(replace(READ, steps=(RECEIVED, replace(REVIEWED, id="1"))))


def test_a_stream_is_of_one_case_for_ever():
    with refused("foreign-case.other-case"):
        when(READ, replace(READ, number="A-2"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": ""}, "foreign-case.source-missing"),
        ({"number": " "}, "foreign-case.source-missing"),
        ({"steps": ()}, "foreign-case.steps-missing"),
        ({"steps": (replace(RECEIVED, activity=" "),)}, "foreign-case.activity-missing"),
        ({"steps": (replace(RECEIVED, resource="长" * 201),)}, "foreign-case.too-long"),
        ({"outline": replace(OPEN, channel="长" * 201)}, "foreign-case.too-long"),
        ({"number": "9" * 201}, "foreign-case.too-long"),
    ],
)
def test_what_cannot_be_used_is_refused(changes, code):
    with refused(code):
        when(replace(READ, **changes))


def test_a_long_history_goes_on_in_further_entries_that_all_fit():
    """The longest texts there may be, each sign of four bytes or six."""
    wire, most = Wire(foreigncases.EVENTS), "\x01" * 200
    steps = tuple(
        ForeignStep(
            activity="𠮷" * 200,
            at=MONDAY + timedelta(minutes=n),
            id=f"{n}".rjust(200, "\x01"),
            resource=most,
            group=most,
            transition=most,
        )
        for n in range(100)
    )
    full = ForeignOutline(
        started=MONDAY, deadline=MONDAY, planned=MONDAY, closed=MONDAY,
        channel=most, department=most, group=most, responsible=most,
    )  # fmt: skip
    events = when(replace(READ, source=most, number=most, outline=full, steps=steps))
    assert len(events) > 5
    assert max(len(wire.encode(event, ["盐"])[0]) for event in events) < LIMIT - 1_000
    assert foreigncases.DECIDER.replay(events).steps == steps


def test_a_key_is_of_a_source_and_a_number():
    assert key_of("演示系统", "A-1") != key_of("演示系统", "A-2")
    assert key_of("演示系统", "A-1") != key_of("别的系统", "A-1")
    assert len(key_of("演示系统", "A-1")) == 20


# ── The clock ───────────────────────────────────────────────────────────────


def ended(at: datetime, *, deadline: datetime, counting: Counting = Counting.DAY):
    return ForeignOutline(started=MONDAY, deadline=deadline, closed=at, counting=counting)


NOON = datetime(2026, 3, 16, 12, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("closed", "counting", "then"),
    [
        (NOON, Counting.DAY, ForeignStanding.IN_TIME),
        (NOON.replace(hour=23, minute=59), Counting.DAY, ForeignStanding.IN_TIME),
        (NOON.replace(day=17, hour=0), Counting.DAY, ForeignStanding.LATE),
        (NOON, Counting.MOMENT, ForeignStanding.IN_TIME),
        (NOON + timedelta(seconds=1), Counting.MOMENT, ForeignStanding.LATE),
    ],
)
def test_closing_on_the_due_date_is_in_time(closed, counting, then):
    assert standing(ended(closed, deadline=NOON, counting=counting)) is then


def test_days_are_those_of_the_place_and_never_of_utc():
    """00:30 on the 17th in China is still the 16th in UTC; 07:00 on the 16th was the 15th."""
    late = datetime(2026, 3, 17, 0, 30, tzinfo=CHINA)
    assert standing(ended(late, deadline=NOON)) is ForeignStanding.LATE
    early = datetime(2026, 3, 16, 7, 0, tzinfo=CHINA)
    assert standing(ended(NOON, deadline=early)) is ForeignStanding.IN_TIME


def test_a_change_of_summer_time_between_makes_no_day():
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    deadline = datetime(2011, 12, 6, 0, 30, tzinfo=winter)
    told = ForeignOutline(
        started=datetime(2011, 10, 11, 0, 10, tzinfo=summer),
        deadline=deadline,
        closed=deadline + timedelta(hours=23),
    )
    assert standing(told) is ForeignStanding.IN_TIME
    clock = clock_of(told, (), calendar=WorkCalendar(()))
    assert (clock.used_days, clock.allowed_days, clock.over_days) == (56, 56, 0)


def test_without_an_end_or_a_deadline_nothing_is_late():
    assert standing(OPEN) is ForeignStanding.OPEN
    assert standing(replace(CLOSED, deadline=None)) is ForeignStanding.NO_DEADLINE


def test_working_days_are_counted_where_the_calendar_is_official():
    told = ended(NOON.replace(day=17), deadline=NOON)
    clock = clock_of(told, (RECEIVED,), calendar=OFFICIAL)
    assert clock == foreigncases.ForeignClock(
        unit=Unit.WORKING_DAYS,
        started=date(2026, 3, 2),
        until=date(2026, 3, 17),
        used_days=11,
        due=date(2026, 3, 16),
        allowed_days=10,
        over_days=1,
    )


@pytest.mark.parametrize(
    "calendar", [WorkCalendar(()), WorkCalendar((CalendarYear(2026, False, (), (), ""),))]
)
def test_calendar_days_are_counted_where_it_is_not(calendar):
    clock = clock_of(ended(NOON.replace(day=17), deadline=NOON), (RECEIVED,), calendar=calendar)
    assert (clock.unit, clock.used_days, clock.over_days) == (Unit.CALENDAR_DAYS, 15, 1)


def test_one_day_outside_the_years_covered_makes_all_of_it_calendar_days():
    told = ended(NOON, deadline=datetime(2027, 1, 4, 9, 0, tzinfo=CHINA))
    assert clock_of(told, (RECEIVED,), calendar=OFFICIAL).unit is Unit.CALENDAR_DAYS


def test_a_case_without_an_end_is_counted_to_its_last_step():
    clock = clock_of(replace(OPEN, started=None), (REVIEWED, RECEIVED), calendar=OFFICIAL)
    assert (clock.started, clock.until) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (clock.used_days, clock.allowed_days) == (1, 9)


def test_an_end_or_a_deadline_before_the_beginning_uses_no_days():
    before = MONDAY - timedelta(days=3)
    clock = clock_of(ended(before, deadline=before), (RECEIVED,), calendar=OFFICIAL)
    assert (clock.used_days, clock.allowed_days, clock.over_days) == (0, 0, 0)
