"""Legal counsel: asked, given, stepped back from; whoever decides says why it does not wait."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core import cases
from mingtang.core.cases import Conclusion, Officer
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    DECIDE,
    GRANTED,
    REVIEWED,
    REVIEWER,
    WITHDRAWN,
    after,
    day,
    filed,
    when,
)
from tests.words import refused

COUNSEL = Officer(person="P-law", staff_no="55", organisation="justice")
OTHER = Officer(person="P-law-2", staff_no="56", organisation="justice")
BEFORE = (filed(), ACCEPTED)
ASK = cases.AskOpinion(
    body="justice",
    has_counsel=True,
    question="可否附条件准予？",
    due_date=date(2026, 3, 11),
    officer=REVIEWER,
    at=day(3, 6),
)
ASKED = cases.OpinionAsked(
    request=1,
    body="justice",
    question=Sealed("可否附条件准予？"),
    due_date=date(2026, 3, 11),
    officer=REVIEWER,
    at=day(3, 6),
)
GIVE = cases.GiveOpinion(
    request=1,
    conclusion=Conclusion.IF_CHANGED,
    opinion="须先补办环评",
    officer=COUNSEL,
    at=day(3, 9),
)
GIVEN = cases.OpinionGiven(
    request=1,
    conclusion=Conclusion.IF_CHANGED,
    opinion=Sealed("须先补办环评"),
    officer=COUNSEL,
    at=day(3, 9),
)
DECLINE = cases.DeclineOpinion(
    request=1, interest="申请人是我代理过的企业", officer=COUNSEL, at=day(3, 9)
)
DECLINED = cases.OpinionDeclined(
    request=1, interest=Sealed("申请人是我代理过的企业"), officer=COUNSEL, at=day(3, 9)
)


def test_an_opinion_is_asked_for():
    assert when(*BEFORE, command=ASK) == [ASKED]
    [request] = after(*BEFORE, ASKED).open_requests()
    assert (request.body, request.due_date) == ("justice", date(2026, 3, 11))
    assert when(*BEFORE, *REVIEWED, command=replace(ASK, officer=CHIEF)) == [
        replace(ASKED, officer=CHIEF)
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"has_counsel": False}, "case.no-counsel"),
        ({"question": " "}, "case.question-missing"),
        ({"due_date": date(2026, 3, 5)}, "case.due-day-past"),
        ({"officer": replace(REVIEWER, person="P-wang")}, "case.own-case"),
        ({"officer": replace(REVIEWER, organisation="education")}, "case.other-department"),
    ],
)
def test_asking_is_refused(change, code):
    with refused(code):
        when(*BEFORE, command=replace(ASK, **change))


def test_a_body_is_asked_once_at_a_time_while_the_case_is_open():
    with refused("case.unknown"):
        when(command=ASK)
    with refused("case.not-under-review"):
        when(filed(), command=ASK)
    with refused("case.opinion-asked-already"):
        when(*BEFORE, ASKED, command=ASK)
    [again] = when(*BEFORE, ASKED, GIVEN, command=replace(ASK, at=day(3, 10)))
    assert again.request == 2


def test_counsel_gives_it():
    assert when(*BEFORE, ASKED, command=GIVE) == [GIVEN]
    [request] = after(*BEFORE, ASKED, GIVEN).requests
    assert (request.person, request.conclusion, request.closed_date) == (
        "P-law",
        "if_changed",
        date(2026, 3, 9),
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"request": 2}, "case.opinion-not-asked"),
        ({"opinion": " "}, "case.opinion-missing"),
        ({"officer": replace(COUNSEL, person="P-wang")}, "case.own-case"),
        ({"officer": replace(COUNSEL, organisation="market")}, "case.counsel-elsewhere"),
        ({"officer": replace(COUNSEL, person=ACCEPTED.officer.person)}, "case.counsel-handled-it"),
    ],
)
def test_giving_is_refused(change, code):
    with refused(code):
        when(*BEFORE, ASKED, command=replace(GIVE, **change))


def test_it_is_given_once():
    with refused("case.opinion-closed"):
        when(*BEFORE, ASKED, GIVEN, command=GIVE)
    with refused("case.opinion-closed"):
        when(*BEFORE, ASKED, WITHDRAWN, command=replace(GIVE, at=day(3, 11)))


def test_who_has_an_interest_steps_back_and_another_gives_it():
    assert when(*BEFORE, ASKED, command=DECLINE) == [DECLINED]
    with refused("case.counsel-stepped-back"):
        when(*BEFORE, ASKED, DECLINED, command=GIVE)
    [event] = when(*BEFORE, ASKED, DECLINED, command=replace(GIVE, officer=OTHER))
    assert event == replace(GIVEN, officer=OTHER)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"request": 2}, "case.opinion-not-asked"),
        ({"interest": " "}, "case.reason-missing"),
        ({"officer": replace(COUNSEL, organisation="market")}, "case.counsel-elsewhere"),
    ],
)
def test_stepping_back_is_refused(change, code):
    with refused(code):
        when(*BEFORE, ASKED, command=replace(DECLINE, **change))


def test_one_steps_back_once_and_from_one_s_own_case_too():
    with refused("case.counsel-stepped-back"):
        when(*BEFORE, ASKED, DECLINED, command=DECLINE)
    own = replace(DECLINE, officer=replace(COUNSEL, person="P-wang"))
    assert len(when(*BEFORE, ASKED, command=own)) == 1


def test_a_decision_waits_or_says_why_not():
    with refused("case.opinion-open"):
        when(*BEFORE, *REVIEWED, ASKED, command=DECIDE)
    at = day(3, 9)
    decide = replace(DECIDE, without_opinion="期限将至，问题已经澄清")
    forgone = cases.OpinionForgone(
        request=1, grounds=Sealed("期限将至，问题已经澄清"), officer=CHIEF, at=at
    )
    assert when(*BEFORE, *REVIEWED, ASKED, command=decide) == [forgone, GRANTED]
    [request] = after(*BEFORE, *REVIEWED, ASKED, forgone, GRANTED).requests
    assert (request.closed_date, request.conclusion) == (date(2026, 3, 9), "")


def test_once_it_is_there_nothing_more_is_to_be_said():
    assert when(*BEFORE, *REVIEWED, ASKED, GIVEN, command=DECIDE) == [GRANTED]


def test_who_gave_the_opinion_does_not_decide():
    given = replace(GIVEN, officer=replace(COUNSEL, person=CHIEF.person))
    with refused("case.counsel-may-not-decide"):
        when(*BEFORE, *REVIEWED, ASKED, given, command=DECIDE)
