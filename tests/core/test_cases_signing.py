"""Colleagues asked to sign: before or after, all or the first; nobody twice, nobody for ever."""

from dataclasses import replace

import pytest

from mingtang.core import cases
from mingtang.core.cases import Agreement, Need, StandsFor, When
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    DECIDE,
    GRANTED,
    INSPECTOR,
    REVIEWED,
    REVIEWER,
    after,
    complete,
    completed,
    day,
    filed,
    when,
)
from tests.core.test_cases_assigning import APPLIES, CLAIMED, OTHER
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)
ONE = replace(REVIEWER, person="P-one", staff_no="31")
TWO = replace(REVIEWER, person="P-two", staff_no="32")
ASK = cases.AskSigners(
    task="papers",
    signers=(ONE, TWO),
    when=When.BEFORE,
    need=Need.ALL,
    note="请看消防一节",
    officer=REVIEWER,
    at=day(3, 5),
)
ASKED = cases.SignersAsked(
    task="papers",
    signers=(ONE, TWO),
    when=When.BEFORE,
    need=Need.ALL,
    note=Sealed("请看消防一节"),
    officer=REVIEWER,
    at=day(3, 5),
)
SIGN = cases.SignTask(
    signature=1, finding=Agreement.AGREES, opinion="", officer=ONE, at=day(3, 5, 10)
)
HELD = cases.StepHeld(
    step="papers",
    finding=cases.Finding.MEETS,
    opinion=Sealed(""),
    officer=REVIEWER,
    at=day(3, 6),
)
LAST = day(3, 6, 11)


def signed(number, officer, finding=Agreement.AGREES, opinion="", at=None, **changes):
    return cases.TaskSigned(
        **{
            "signature": number,
            "task": "papers",
            "finding": finding,
            "opinion": Sealed(opinion),
            "stands_for": None,
            "officer": officer,
            "reopened": False,
            "at": at or day(3, 5, 10),
        }
        | changes
    )


def asked(**changes):
    return replace(ASKED, **changes)


AFTER = asked(when=When.AFTER)
DROP = cases.DropSigner(
    signature=2, reason="出差在外", officer=REVIEWER, heads=False, at=day(3, 5, 11)
)
DROPPED = cases.SignerDropped(
    signature=2,
    task="papers",
    signer=TWO,
    reason=Sealed("出差在外"),
    officer=REVIEWER,
    reopened=False,
    at=day(3, 5, 11),
)


# ── Asking ──────────────────────────────────────────────────────────────────


def test_colleagues_are_asked_by_name():
    assert when(*UNDER_REVIEW, command=ASK) == [ASKED]
    found = after(*UNDER_REVIEW, ASKED).signatures
    assert [(one.number, one.key, one.person, one.group) for one in found] == [
        (1, "_1", "P-one", 1),
        (2, "_2", "P-two", 1),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signers": ()}, "case.signers-missing"),
        ({"signers": (None,)}, "case.not-a-colleague"),
        ({"signers": (INSPECTOR,)}, "case.not-a-colleague"),
        ({"signers": (APPLIES,)}, "case.own-case"),
        ({"signers": (REVIEWER,)}, "case.signer-is-self"),
        ({"signers": (ONE, ONE)}, "case.signer-twice"),
        ({"task": "merge"}, "case.step-not-open"),
        ({"officer": INSPECTOR}, "case.other-department"),
        ({"officer": APPLIES}, "case.own-case"),
    ],
)
def test_nobody_is_asked_who_may_not_be(changes, code):
    with refused(code):
        when(*UNDER_REVIEW, command=replace(ASK, **changes))


def test_nobody_is_asked_twice_on_one_task():
    with refused("case.signer-twice"):
        when(*UNDER_REVIEW, ASKED, command=replace(ASK, signers=(ONE,)))
    [event] = when(*UNDER_REVIEW, ASKED, DROPPED, command=replace(ASK, signers=(TWO,)))
    assert event.signers == (TWO,)


def test_who_was_asked_does_not_ask_others():
    """So that somebody is always left to finish the step."""
    with refused("case.signer-may-not-finish"):
        when(*UNDER_REVIEW, ASKED, command=replace(ASK, officer=ONE, signers=(OTHER,)))


def test_whoever_holds_the_task_asks():
    with refused("case.task-held"):
        when(*UNDER_REVIEW, CLAIMED, command=replace(ASK, officer=OTHER))


def test_after_a_decision_there_is_nothing_to_sign():
    deciding = (*UNDER_REVIEW, *REVIEWED)
    ask = replace(ASK, task=cases.DECISION, officer=CHIEF, when=When.AFTER)
    with refused("case.decision-is-last"):
        when(*deciding, command=ask)


# ── Before ──────────────────────────────────────────────────────────────────


def test_the_step_waits_for_all_of_them():
    first, second = signed(1, ONE), signed(2, TWO)
    assert when(*UNDER_REVIEW, ASKED, command=SIGN) == [first]
    for history in [(), (first,)]:
        with refused("case.signers-awaited"):
            when(*UNDER_REVIEW, ASKED, *history, command=complete("papers"))
    both = (*UNDER_REVIEW, ASKED, first, second)
    assert when(*both, command=complete("papers")) == [completed("papers")]


def test_or_for_the_first_of_them_and_the_others_are_free():
    history = (*UNDER_REVIEW, asked(need=Need.ANY), signed(2, TWO))
    assert when(*history, command=complete("papers")) == [completed("papers")]
    with refused("case.signature-not-open"):
        when(*history, command=SIGN)


def test_who_disagrees_says_why_and_stops_nobody():
    """The handler sees it and answers for the finding."""
    with refused("case.opinion-missing"):
        when(*UNDER_REVIEW, ASKED, command=replace(SIGN, finding=Agreement.DISSENTS))
    no = signed(1, ONE, Agreement.DISSENTS, "面积不符")
    history = (*UNDER_REVIEW, ASKED, no, signed(2, TWO))
    assert when(*history, command=complete("papers")) == [completed("papers")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"officer": TWO}, "case.signature-of-another"),
        ({"officer": INSPECTOR}, "case.other-department"),
        ({"officer": APPLIES}, "case.own-case"),
        ({"signature": 3}, "case.signature-not-open"),
    ],
)
def test_everybody_signs_for_themselves(changes, code):
    with refused(code):
        when(*UNDER_REVIEW, ASKED, command=replace(SIGN, **changes))


def test_nobody_signs_twice():
    with refused("case.signature-not-open"):
        when(*UNDER_REVIEW, ASKED, signed(1, ONE), command=SIGN)


def test_a_deputy_signs_and_both_are_named():
    stands = StandsFor(person="P-one", delegation="d1")
    sign = replace(SIGN, officer=OTHER, stands_for=(stands,))
    assert when(*UNDER_REVIEW, ASKED, command=sign) == [signed(1, OTHER, stands_for=stands)]


@pytest.mark.parametrize("officer", [TWO, REVIEWER])
def test_a_deputy_does_not_sign_a_second_time_or_for_whom_they_asked(officer):
    stands = StandsFor(person="P-one", delegation="d1")
    with refused("case.signature-of-another"):
        sign = replace(SIGN, officer=officer, stands_for=(stands,))
        when(*UNDER_REVIEW, ASKED, command=sign)


def test_who_signed_does_not_finish_the_step_nor_decide():
    history = (*UNDER_REVIEW, ASKED, signed(1, ONE), signed(2, TWO))
    with refused("case.signer-may-not-finish"):
        when(*history, command=complete("papers", ONE))
    chief_signed = (
        *UNDER_REVIEW,
        asked(signers=(CHIEF,)),
        signed(1, CHIEF),
        *REVIEWED,
    )
    with refused("case.reviewer-may-not-decide"):
        when(*chief_signed, command=DECIDE)


def test_a_decision_waits_for_them_as_well():
    ask = asked(task=cases.DECISION, signers=(ONE,), officer=CHIEF, at=day(3, 8))
    deciding = (*UNDER_REVIEW, *REVIEWED, ask)
    with refused("case.signers-awaited"):
        when(*deciding, command=DECIDE)
    agreed = signed(1, ONE, task=cases.DECISION)
    assert when(*deciding, agreed, command=DECIDE) == [GRANTED]


# ── After ───────────────────────────────────────────────────────────────────


def test_a_finding_takes_effect_when_the_last_has_signed():
    assert when(*UNDER_REVIEW, AFTER, command=complete("papers")) == [HELD]
    held = (*UNDER_REVIEW, AFTER, HELD)
    assert after(*held).task("papers").holder == REVIEWER.person
    first = replace(SIGN, at=LAST)
    assert when(*held, command=first) == [signed(1, ONE, at=LAST)]
    second = replace(SIGN, signature=2, officer=TWO, at=LAST)
    assert when(*held, signed(1, ONE, at=LAST), command=second) == [
        signed(2, TWO, at=LAST),
        replace(completed("papers"), at=LAST),
    ]


def test_nobody_signs_before_there_is_a_finding():
    with refused("case.signature-not-open"):
        when(*UNDER_REVIEW, AFTER, command=SIGN)


def test_a_finding_that_waits_is_not_changed():
    for command in [
        complete("papers"),
        replace(ASK, signers=(OTHER,)),
        cases.GiveBackTask(task="papers", officer=REVIEWER, at=LAST),
        cases.ReassignTask(
            task="papers", to=OTHER, reason="x", officer=REVIEWER, heads=True, at=LAST
        ),
    ]:
        with refused("case.signers-awaited"):
            when(*UNDER_REVIEW, AFTER, HELD, command=command)


def test_when_one_disagrees_the_task_is_its_handler_s_again():
    held = (*UNDER_REVIEW, AFTER, HELD, signed(1, ONE, at=LAST))
    no = replace(
        SIGN, signature=2, officer=TWO, finding=Agreement.DISSENTS, opinion="面积不符", at=LAST
    )
    event = signed(2, TWO, Agreement.DISSENTS, "面积不符", at=LAST, reopened=True)
    assert when(*held, command=no) == [event]
    again = complete("papers", finding=cases.Finding.FAILS, opinion="面积不符", at=day(3, 9))
    [done] = when(*held, event, command=again)
    assert (done.finding, done.officer) == (cases.Finding.FAILS, REVIEWER)


def test_what_was_heard_once_does_not_count_against_the_next_finding():
    no = signed(1, ONE, Agreement.DISSENTS, "面积不符", at=LAST, reopened=True)
    first = asked(when=When.AFTER, signers=(ONE,))
    second = asked(when=When.AFTER, signers=(TWO,), at=day(3, 9))
    history = (*UNDER_REVIEW, first, HELD, no, second, replace(HELD, at=day(3, 9)))
    sign = replace(SIGN, signature=2, officer=TWO, at=day(3, 10))
    assert when(*history, command=sign) == [
        signed(2, TWO, at=day(3, 10)),
        replace(completed("papers"), at=day(3, 10)),
    ]


# ── Asked no more ───────────────────────────────────────────────────────────


def test_who_asked_asks_no_more():
    assert when(*UNDER_REVIEW, ASKED, command=DROP) == [DROPPED]
    history = (*UNDER_REVIEW, ASKED, signed(1, ONE), DROPPED)
    assert when(*history, command=complete("papers")) == [completed("papers")]


def test_a_finding_that_waited_for_the_last_of_them_takes_effect():
    history = (*UNDER_REVIEW, AFTER, HELD, signed(1, ONE, at=LAST))
    assert when(*history, command=replace(DROP, at=LAST)) == [
        replace(DROPPED, at=LAST),
        replace(completed("papers"), at=LAST),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"officer": OTHER}, "case.signature-asked-by-another"),
        ({"officer": INSPECTOR}, "case.other-department"),
        ({"officer": APPLIES}, "case.own-case"),
        ({"reason": ""}, "case.reason-missing"),
        ({"signature": 3}, "case.signature-not-open"),
    ],
)
def test_a_colleague_stays_asked(changes, code):
    with refused(code):
        when(*UNDER_REVIEW, ASKED, command=replace(DROP, **changes))


def test_the_manager_lets_a_colleague_off():
    command = replace(DROP, officer=OTHER, heads=True)
    assert when(*UNDER_REVIEW, ASKED, command=command) == [replace(DROPPED, officer=OTHER)]
