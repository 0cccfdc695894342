"""Reminding once a day, and copying to a colleague who then may read it."""

from dataclasses import replace

import pytest

from mingtang.core import cases
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    AGENT,
    CHIEF,
    GRANTED,
    INSPECTOR,
    NOTIFIED,
    REVIEWED,
    REVIEWER,
    after,
    completed,
    day,
    filed,
    when,
)
from tests.core.test_cases_assigning import APPLIES, OTHER
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)
BY_APPLICANT = cases.RemindTasks(
    task="",
    words="等着开业",
    person="P-wang",
    represents=frozenset(),
    officer=None,
    oversees=False,
    at=day(3, 6),
)
MANAGER = replace(CHIEF, person="P-head", staff_no="02", office="")
BY_MANAGER = replace(
    BY_APPLICANT, task="papers", person="P-head", words="", officer=MANAGER, oversees=True
)


def reminded(*tasks, words="等着开业", officer=None, at=None):
    return cases.TasksReminded(
        tasks=tasks, words=Sealed(words), officer=officer, at=at or day(3, 6)
    )


COPY = cases.CopyCase(to=OTHER, officer=REVIEWER, at=day(3, 6))
COPIED = cases.CaseCopied(to=OTHER, officer=REVIEWER, at=day(3, 6))


def test_the_applicant_reminds_everybody_it_waits_for():
    assert when(*UNDER_REVIEW, command=BY_APPLICANT) == [reminded("papers", "site")]
    assert when(filed(), command=BY_APPLICANT) == [reminded(cases.INTAKE)]


def test_the_supervisor_reminds_of_one_task():
    event = reminded("papers", words="", officer=MANAGER)
    assert when(*UNDER_REVIEW, command=BY_MANAGER) == [event]


def test_once_a_day_and_task_whoever_does():
    history = (*UNDER_REVIEW, reminded("papers"))
    with refused("case.reminded-today"):
        when(*history, command=BY_MANAGER)
    assert when(*history, command=BY_APPLICANT) == [reminded("site")]
    with refused("case.reminded-today"):
        when(*history, reminded("site"), command=replace(BY_APPLICANT, at=day(3, 6, 23)))
    tomorrow = replace(BY_MANAGER, at=day(3, 7, 0))
    assert len(when(*history, command=tomorrow)) == 1


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (UNDER_REVIEW, replace(BY_APPLICANT, person="P-li"), "case.not-yours"),
        (UNDER_REVIEW, replace(BY_MANAGER, oversees=False), "case.not-overseen"),
        (UNDER_REVIEW, replace(BY_MANAGER, task="merge"), "case.nothing-to-remind"),
        ((filed(), NOTIFIED), BY_APPLICANT, "case.nothing-to-remind"),
        ((*UNDER_REVIEW, *REVIEWED, GRANTED), BY_APPLICANT, "case.nothing-to-remind"),
    ],
)
def test_nobody_is_reminded(history, command, code):
    with refused(code):
        when(*history, command=command)


def test_whoever_stands_for_the_enterprise_today_reminds():
    other_agent = replace(BY_APPLICANT, person="P-new", represents=frozenset({"shop"}))
    history = (filed(applicant=AGENT), ACCEPTED)
    assert len(when(*history, command=other_agent)) == 1


def test_a_case_is_copied_to_a_colleague():
    assert when(*UNDER_REVIEW, command=COPY) == [COPIED]
    assert after(*UNDER_REVIEW, COPIED).copies == ("P-other",)


def test_a_closed_case_is_copied_as_well():
    assert when(*UNDER_REVIEW, *REVIEWED, GRANTED, command=COPY) == [COPIED]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": None}, "case.not-a-colleague"),
        ({"to": INSPECTOR}, "case.not-a-colleague"),
        ({"to": APPLIES}, "case.own-case"),
        ({"to": REVIEWER}, "case.copied-to-self"),
        ({"officer": APPLIES}, "case.own-case"),
        ({"officer": replace(REVIEWER, organisation="education")}, "case.other-department"),
    ],
)
def test_a_case_is_not_copied(changes, code):
    with refused(code):
        when(*UNDER_REVIEW, command=replace(COPY, **changes))


def test_nor_twice_to_the_same():
    with refused("case.copied-already"):
        when(*UNDER_REVIEW, COPIED, command=COPY)


def test_neither_changes_what_is_to_be_done():
    case = after(*UNDER_REVIEW, COPIED, reminded("papers", "site"))
    assert [t.key for t in case.tasks if t.done_at is None] == ["papers", "site"]
    assert after(*UNDER_REVIEW, reminded("papers"), completed("papers")).task("papers") is None
