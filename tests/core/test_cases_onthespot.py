"""On the spot (当场办结): accepted and decided in one act, or not at all."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    CHIEF,
    GRANTED,
    MANDATE,
    NOTIFIED,
    PAPERS,
    accepted,
    after,
    day,
    filed,
    terms,
    when,
)
from tests.core.work_calendars import KNOWN
from tests.words import refused

AT_ONCE = terms(promised_days=0)
SETTLE = cases.SettleOnTheSpot(
    granted=True, reason="", officer=CHIEF, mandate=MANDATE, at=day(3, 4), calendar=KNOWN
)
ACCEPTED = replace(accepted(promised_due=date(2026, 3, 4)), officer=CHIEF)
DECIDED = replace(GRANTED, at=day(3, 4))


def test_one_act_accepts_and_decides():
    assert when(filed(AT_ONCE), command=SETTLE) == [ACCEPTED, DECIDED]
    case = after(filed(AT_ONCE), ACCEPTED, DECIDED)
    assert (case.stage, case.accepted_date, case.closed_date) == (
        Stage.GRANTED,
        date(2026, 3, 4),
        date(2026, 3, 4),
    )
    assert [(task.key, task.person, task.finding) for task in case.tasks] == [
        ("intake", CHIEF.person, "accepted"),
        ("decision", CHIEF.person, "granted"),
    ]


def test_it_may_be_refused_with_a_reason():
    no = replace(SETTLE, granted=False, reason="未带疫苗接种证明")
    events = when(filed(AT_ONCE), command=no)
    assert events == [ACCEPTED, replace(DECIDED, granted=False, reason=Sealed("未带疫苗接种证明"))]


@pytest.mark.parametrize(
    "given",
    [terms(promised_days=1), terms(PAPERS, promised_days=0)],
    ids=["a promise of a day", "something to review"],
)
def test_what_takes_time_is_refused(given):
    with refused("case.not-on-the-spot"):
        when(filed(given), command=SETTLE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mandate": None}, "case.no-mandate"),
        ({"at": day(4, 1)}, "mandate.expired"),
        ({"granted": False}, "case.reason-missing"),
        ({"officer": replace(CHIEF, organisation="education")}, "case.other-department"),
        ({"officer": replace(CHIEF, person="P-wang")}, "case.own-case"),
    ],
)
def test_without_the_decision_it_is_not_accepted_either(change, code):
    with refused(code):
        when(filed(AT_ONCE), command=replace(SETTLE, **change))


def test_what_waits_for_corrections_or_is_closed_is_refused():
    with refused("case.awaiting-corrections"):
        when(filed(AT_ONCE), NOTIFIED, command=SETTLE)
    with refused("case.not-awaiting-acceptance"):
        when(filed(AT_ONCE), ACCEPTED, DECIDED, command=SETTLE)
    with refused("case.unknown"):
        when(command=SETTLE)
