"""Efficiency: what a decided case took, and figures that need no case again."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from statistics import median_low

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import cases, efficiency
from mingtang.core.cases import Effort, Leg, Pausing, Stage, Task
from mingtang.core.cases.state import HandedUp
from mingtang.core.efficiency import Sums, figures, percentile, sums_of
from tests.core.case_examples import CLERK, FILE, day, terms
from tests.core.work_calendars import KNOWN
from tests.words import refused

INTAKE = Task(
    key="intake", department="market", opened_at=day(3, 2), done_at=day(3, 4), person="P-clerk"
)
DECISION = Task(
    key="decision", department="market", opened_at=day(3, 4), done_at=day(3, 11), person="P-chief"
)
DECIDED = cases.State(
    stage=Stage.GRANTED,
    terms=terms(),
    accepted_date=date(2026, 3, 4),
    closed_date=date(2026, 3, 11),
    tasks=(INTAKE, DECISION),
)
MEASURE = efficiency.MeasureCase(case=DECIDED, calendar=KNOWN, at=day(3, 11))
MEASURED = efficiency.CaseMeasured(
    item="item-key",
    department="market",
    month="2026-03",
    statutory_days=20,
    promised_days=5,
    used_days=5,  # from Wednesday the 4th to Wednesday the 11th
    in_time=True,
    on_the_spot=False,
    calendar=KNOWN.version,
    effort=Effort(visits=0, steps=2, seals=1),  # filed from home, accepted, decided
    at=day(3, 11),
)


def when(command, *history):
    return list(efficiency.DECIDER.decide(efficiency.DECIDER.replay(history), command))


def measured(**changed):
    [event] = when(replace(MEASURE, case=replace(DECIDED, **changed)))
    return event


def test_a_case_closed_on_the_promised_day_is_in_time():
    assert when(MEASURE) == [MEASURED]


def test_the_day_after_is_late():
    assert measured(closed_date=date(2026, 3, 12)) == replace(MEASURED, used_days=6, in_time=False)


def test_what_is_suspended_is_not_used():
    pause = Pausing("testing", date(2026, 3, 5), date(2026, 3, 10), 3)
    late = measured(closed_date=date(2026, 3, 12), pauses=(pause,))
    assert (late.used_days, late.in_time) == (3, True)


def test_on_the_spot_is_an_item_of_the_kind_decided_on_its_day():
    same_day = {"accepted_date": date(2026, 3, 11)}
    kind = replace(terms(), promised_days=0)
    spot = measured(terms=kind, **same_day)
    assert (spot.used_days, spot.on_the_spot) == (0, True)
    assert not measured(terms=kind).on_the_spot  # on a later day
    assert not measured(**same_day).on_the_spot  # quick, and promised in five days


def test_a_visit_is_a_window_somebody_went_to():
    [filed, *_] = cases.DECIDER.decide(cases.State(), FILE)
    at_home = replace(filed, channel="online", taken_by=None)
    at_window = replace(filed, channel="window", taken_by=CLERK)
    assert cases.DECIDER.replay([at_home]).visits == 0
    assert cases.DECIDER.replay([at_window]).visits == 1


def test_what_another_body_answers_is_a_step_and_a_seal_more():
    answered = Leg(1, "部委", 10, "依据", False, date(2026, 3, 4), answer="agreed")
    recalled = replace(answered, number=2, answer="", closed_date=date(2026, 3, 6))
    took = measured(legs=(answered, recalled)).effort
    assert took == Effort(visits=0, steps=3, seals=2)


def test_the_opinion_of_a_lower_organ_is_a_seal_more():
    handed = HandedUp(date(2026, 3, 4), date(2026, 4, 1), (), ())
    assert measured(handed=handed).effort == Effort(visits=0, steps=2, seals=2)


def test_what_is_done_again_is_one_step():
    returned = replace(DECISION, returned=True)
    assert measured(tasks=(INTAKE, returned, DECISION)).effort == MEASURED.effort


def test_it_is_compared_with_what_the_item_says_of_before():
    before = Effort(visits=3, steps=6, seals=4)
    event = measured(terms=replace(terms(), before=before))
    assert event == replace(MEASURED, before=before)
    saved = sums_of(event)
    assert saved == Sums(1, 1, 0, 20, 5, 1, 0, 2, 1, 3, 6, 4)


def test_where_nothing_is_said_of_before_nothing_is_compared():
    alone = Sums(1, 1, 0, 20, 5)
    assert sums_of(MEASURED) == alone
    before = Effort(visits=3, steps=6, seals=4)
    assert sums_of(replace(MEASURED, effort=None, before=before)) == alone


numbers = st.integers(0, 9)
efforts = st.builds(Effort, visits=numbers, steps=numbers, seals=numbers)


@settings(deadline=None)
@given(st.lists(st.builds(partial(replace, MEASURED), before=st.none() | efforts), max_size=20))
def test_sums_of_many_are_the_sum_of_each(events):
    total = sum(map(sums_of, events), Sums())
    compared = [event.before for event in events if event.before]
    assert (total.cases, total.compared) == (len(events), len(compared))
    assert total.visits_before == sum(one.visits for one in compared)
    assert total.steps == 2 * len(compared)


def test_a_case_is_measured_once():
    with refused("efficiency.already-measured"):
        when(MEASURE, MEASURED)


@pytest.mark.parametrize("stage", [Stage.DECIDING, Stage.WITHDRAWN, Stage.NOT_ACCEPTED])
def test_what_was_never_decided_has_no_time(stage):
    with refused("efficiency.not-decided"):
        when(replace(MEASURE, case=replace(DECIDED, stage=stage)))


# ── Figures ─────────────────────────────────────────────────────────────────


def test_figures_of_four_cases():
    found = figures({0: Sums(1, 1, 1, 20, 5), 2: Sums(2, 2, 0, 40, 10), 9: Sums(1, 0, 0, 20, 5)})
    assert found.sums == Sums(4, 3, 1, 80, 20)
    assert (found.mean, found.median, found.p90) == (Fraction(13, 4), 2, 9)
    assert found.used_of_statutory == Fraction(13, 80)
    assert found.promised_of_statutory == Fraction(1, 4)
    assert (found.in_time, found.on_the_spot) == (Fraction(3, 4), Fraction(1, 4))


def test_where_the_law_sets_no_days_there_is_no_share_of_them():
    assert figures({0: Sums(cases=1)}).used_of_statutory is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=200))
def test_counts_by_days_give_the_same_median_and_p90_as_all_cases_sorted(taken):
    by_days = {days: Sums(cases=taken.count(days)) for days in taken}
    assert percentile(by_days, 50) == median_low(taken)
    within = sorted(taken)[-(-len(taken) * 90 // 100) - 1]
    assert percentile(by_days, 90) == within
    assert figures(by_days).mean == Fraction(sum(taken), len(taken))


def test_no_cases_have_no_median():
    with pytest.raises(ValueError, match="no cases"):
        percentile({}, 50)
