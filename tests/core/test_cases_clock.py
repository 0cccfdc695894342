"""The clocks through the life of a case: whatever may lawfully be done, in whatever order.

And what other systems got wrong, each by its name.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import SpecialKind
from mingtang.core.cases.state import term_of
from mingtang.core.clock import (
    Interruption,
    LineKind,
    Pause,
    Standing,
    Term,
    civil_day,
    due,
    explain,
    standing,
    used,
)
from mingtang.core.decider import Refused
from mingtang.core.worktime import add_working_days
from tests.core.case_examples import (
    ACCEPT,
    ACCEPTED,
    CHIEF,
    CHINA,
    CLERK,
    PLAIN,
    REVIEWER,
    after,
    day,
    document,
    filed,
    when,
)
from tests.core.work_calendars import ANNOUNCED, FORECAST, KNOWN

# ── Any order of lawful acts ────────────────────────────────────────────────

FOLLOWS = replace(filed(replace(PLAIN, deferral_days=10)), deferrable=("m3",))
ACTS = ("extend", "begin", "end", "change", "rule", "note", "hand in", "announce")


def command(name: str, at: datetime, case: cases.State) -> cases.Command:
    match name:
        case "extend":
            return cases.ExtendTerm(
                days=10, reason="x", approver=CHIEF, heads=True, at=at, calendar=FORECAST
            )
        case "begin":
            return cases.BeginSpecial(
                procedure=SpecialKind.TESTING,
                reason="x",
                expected_days=5,
                officer=REVIEWER,
                at=at,
            )
        case "end":
            return cases.EndSpecial(result="x", officer=REVIEWER, at=at, calendar=FORECAST)
        case "change":
            return cases.RequestChange(person="P-wang", what="x", documents=(), form="", at=at)
        case "rule" | "note":
            return cases.RuleOnChange(
                substantial=name == "rule",
                reason="x",
                officer=REVIEWER,
                at=at,
                calendar=FORECAST,
            )
        case "hand in":
            return cases.HandInDeferred(taken_by=CLERK, documents=(document("m3"),), at=at)
        case _:
            return cases.RedateCase(at=at, calendar=FORECAST)


unhurried = settings(deadline=None)  # a busy machine is not a wrong rule
steps = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 20)), max_size=14)
accepted_on = st.dates(date(2026, 1, 5), date(2026, 11, 30))


def lived(begun: date, acts: list[tuple[str, int]]) -> list[cases.State]:
    """Return the states of a case accepted that day, after each act that was allowed."""
    at = datetime(begun.year, begun.month, begun.day, 9, tzinfo=CHINA)
    filing = replace(FOLLOWS, at=at, intake_due=begun)
    [event] = when(filing, command=replace(ACCEPT, at=at, calendar=FORECAST))
    states = [after(filing, event)]
    for name, later in acts:
        at += timedelta(days=later)
        try:
            events = cases.DECIDER.decide(states[-1], command(name, at, states[-1]))
        except Refused:
            continue
        for done in events:
            states.append(cases.DECIDER.evolve(states[-1], done))
    return states


@unhurried
@given(accepted_on, steps)
def test_no_act_makes_a_due_date_earlier_than_it_was(begun, acts):
    states = lived(begun, acts)
    for before, now in pairwise(states):
        assert before.statutory_due <= now.statutory_due
        assert before.promised_due <= now.promised_due


@unhurried
@given(accepted_on, steps)
def test_no_act_makes_a_due_date_earlier_than_the_law_allows(begun, acts):
    law = add_working_days(begun, 20, calendar=FORECAST).date
    for state in lived(begun, acts):
        extended = add_working_days(begun, 20 + state.extended_days, calendar=FORECAST).date
        assert state.statutory_due >= extended >= law


@unhurried
@given(accepted_on, steps)
def test_no_act_loses_a_suspension(begun, acts):
    states = lived(begun, acts)
    for before, now in pairwise(states):
        kept = before.pauses[:-1] if before.special else before.pauses
        assert now.pauses[: len(kept)] == kept
        assert len(now.pauses) >= len(before.pauses)
        assert now.restarts[: len(before.restarts)] == before.restarts


@unhurried
@given(accepted_on, steps)
def test_the_date_kept_is_the_one_the_acts_give_and_every_day_of_it_adds_up(begun, acts):
    for state in lived(begun, acts):
        for promised, kept in ((False, state.statutory_due), (True, state.promised_due)):
            term = term_of(state, promised=promised)
            last = due(term, calendar=FORECAST)
            if last is None:
                assert state.special  # it stands still: the date is said anew at its end
                continue
            assert last.date == kept
            lines = explain(term, until=last.date, calendar=FORECAST)
            start = max(n for n, line in enumerate(lines) if line.kind is LineKind.START)
            numbers = [line.number for line in lines[start:] if line.kind.counted]
            assert numbers == list(range(1, term.allowed_days + 1))
            assert [line.day for line in lines] == [
                begun + timedelta(days=n) for n in range((last.date - begun).days + 1)
            ]


@unhurried
@given(accepted_on, steps)
def test_days_that_do_not_count_are_named_with_why(begun, acts):
    state = lived(begun, acts)[-1]
    term = term_of(state, promised=False)
    last = due(term, calendar=FORECAST)
    for line in explain(term, until=last.date if last else begun, calendar=FORECAST):
        if line.kind in (LineKind.PAUSED, LineKind.INTERRUPTED):
            assert line.basis


@unhurried
@given(accepted_on, steps)
def test_what_follows_is_due_when_it_was_said_whatever_else_is_done(begun, acts):
    told = add_working_days(begun, 10, calendar=FORECAST).date
    for state in lived(begun, acts):
        assert (state.deferred, state.deferred_due) in ((("m3",), told), ((), None))


# ── Worked examples of the law ──────────────────────────────────────────────

TERM = Term(budget_days=20, started=date(2026, 2, 10))


def last_day(term):
    found = due(term, calendar=KNOWN)
    return found.date if found else None


def test_accepted_on_10_february_twenty_days_are_over_on_16_march():
    """Spring Festival is off from the 15th to the 23rd; Saturday the 14th and the 28th worked."""
    assert last_day(TERM) == date(2026, 3, 16)


def test_forty_five_joint_days_and_fifteen_more():
    joint = replace(TERM, budget_days=45)  # 行政许可法 art. 42 para. 2
    assert last_day(joint) == date(2026, 4, 21)
    assert last_day(replace(joint, budget_days=60)) == date(2026, 5, 14)


def test_ten_days_to_deliver_after_the_decision():
    assert last_day(Term(budget_days=10, started=date(2026, 4, 30))) == date(2026, 5, 18)


# ── What other systems got wrong ────────────────────────────────────────────


def stands(term, today, closed=None):
    return standing(term, today=today, calendar=KNOWN, closed=closed)


def test_ten_days_are_red_at_exactly_eleven():
    ten = Term(budget_days=10, started=date(2026, 3, 2))
    assert (used(ten, today=date(2026, 3, 16), calendar=KNOWN), last_day(ten)) == (
        10,
        date(2026, 3, 16),
    )
    assert stands(ten, date(2026, 3, 16)) is Standing.NEAR
    assert used(ten, today=date(2026, 3, 17), calendar=KNOWN) == 11
    assert stands(ten, date(2026, 3, 17)) is Standing.OVER


def test_closing_on_the_due_date_is_in_time():
    assert stands(TERM, date(2026, 4, 1), date(2026, 3, 16)) is Standing.DONE_IN_TIME
    assert stands(TERM, date(2026, 4, 1), date(2026, 3, 17)) is Standing.DONE_LATE


def test_days_are_those_of_china_and_not_of_utc():
    last_minute = datetime(2026, 3, 16, 15, 59, tzinfo=UTC)  # 23:59 in China
    assert civil_day(last_minute) == date(2026, 3, 16)
    assert stands(TERM, civil_day(last_minute)) is Standing.NEAR
    assert stands(TERM, civil_day(last_minute + timedelta(minutes=1))) is Standing.OVER


def test_a_suspension_moves_the_due_date():
    """Seven worked days, the 24th of February to the 3rd of March: Saturday the 28th is one."""
    test = Pause("testing", date(2026, 2, 24), date(2026, 3, 4), "x")
    assert last_day(replace(TERM, pauses=(test,))) == date(2026, 3, 25)


def test_a_suspension_does_not_start_the_term_again():
    test = Pause("testing", date(2026, 2, 24), date(2026, 2, 25), "x")
    assert last_day(replace(TERM, pauses=(test,))) == date(2026, 3, 17)
    numbers = [
        line.number
        for line in explain(replace(TERM, pauses=(test,)), until=date(2026, 3, 17), calendar=KNOWN)
        if line.kind.counted
    ]
    assert numbers == list(range(1, 21))


def test_only_an_interruption_starts_it_again_and_in_full():
    anew = Interruption("change", date(2026, 3, 10), date(2026, 3, 10), "x")
    assert last_day(replace(TERM, interruptions=(anew,))) == date(2026, 4, 8)
    assert used(replace(TERM, interruptions=(anew,)), today=date(2026, 3, 11), calendar=KNOWN) == 1


def test_a_day_off_more_moves_what_is_under_way():
    """A notice after the fact: the 27th and 28th of March become days off."""
    changed = replace(KNOWN.years[-1], off_days=(*KNOWN.years[-1].off_days, date(2026, 3, 27)))
    later = replace(KNOWN, years=(*KNOWN.years[:-1], changed))
    [event] = when(filed(), ACCEPTED, command=cases.RedateCase(at=day(3, 20), calendar=later))
    assert (event.statutory_due_before, event.statutory_due) == (
        date(2026, 4, 1),
        date(2026, 4, 2),
    )


def test_what_runs_past_the_announced_years_is_provisional_and_then_firm():
    december = replace(TERM, started=date(2026, 12, 20))
    assert due(december, calendar=FORECAST).provisional
    assert not due(december, calendar=ANNOUNCED).provisional
