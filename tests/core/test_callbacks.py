"""Call-backs: who asks whoever was dissatisfied, what is put right, who says that it is."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core import callbacks
from mingtang.core.callbacks import Stage
from mingtang.core.wire import Sealed
from tests.core.case_examples import day
from tests.core.work_calendars import KNOWN
from tests.words import refused

BAD = callbacks.Subject(rating="r0001", grade="5", department="market")
CALL = callbacks.CallBack(
    subject=BAD,
    reached=True,
    note="等了两小时",
    posts=frozenset({"centre"}),
    by="P-manager",
    at=day(3, 12),
)
CALLED = callbacks.CallbackMade(
    rating=Sealed("r0001"),
    reached=Sealed("yes"),
    note=Sealed("等了两小时"),
    by="P-manager",
    at=day(3, 12),
)
RECTIFY = callbacks.Rectify(
    subject=BAD,
    result="已经增开窗口",
    posts=frozenset({"centre"}),
    by="P-manager",
    at=day(3, 16),
)
RECTIFIED = callbacks.RatingRectified(result=Sealed("已经增开窗口"), by="P-manager", at=day(3, 16))
SETTLE = callbacks.AnswerRectification(settled=True, at=day(3, 17))
SETTLED = callbacks.RectificationAnswered(settled=True, at=day(3, 17))
UNSETTLED = replace(SETTLED, settled=False)


def after(*history):
    return callbacks.DECIDER.replay(history)


def when(command, *history):
    return list(callbacks.DECIDER.decide(after(*history), command))


def test_a_bad_rating_is_called_back_put_right_and_settled():
    assert when(CALL) == [CALLED]
    assert when(RECTIFY, CALLED) == [RECTIFIED]
    assert when(SETTLE, CALLED, RECTIFIED) == [SETTLED]
    assert after(CALLED, RECTIFIED, SETTLED).stage is Stage.SETTLED


def test_what_is_not_settled_begins_again_with_a_term_of_its_own():
    state = after(CALLED, RECTIFIED, UNSETTLED)
    assert (state.stage, state.since) == (Stage.UNSETTLED, date(2026, 3, 17))
    again = replace(CALL, reached=False, at=day(3, 18))
    assert when(again, CALLED, RECTIFIED, UNSETTLED) == [
        replace(CALLED, reached=Sealed("no"), at=day(3, 18))
    ]
    with refused("callback.call-first"):
        when(RECTIFY, CALLED, RECTIFIED, UNSETTLED)


def test_fifteen_working_days_are_given_to_put_it_right():
    assert callbacks.due(date(2026, 3, 11), calendar=KNOWN).date == date(2026, 4, 1)
    later = callbacks.due(date(2026, 3, 11), since=date(2026, 3, 17), calendar=KNOWN)
    assert later.date == date(2026, 4, 8)  # past Qingming: 4, 5 and 6 April are off


@pytest.mark.parametrize("command", [CALL, RECTIFY], ids=["call", "rectify"])
def test_the_department_that_was_rated_has_no_hand_in_it(command):
    with refused("callback.own-department"):
        when(replace(command, posts=frozenset({"centre", "market"})), CALLED)


@pytest.mark.parametrize("grade", ["1", "2", "3", "\N{FULL BLOCK}"])
def test_whoever_was_satisfied_is_left_alone(grade):
    with refused("callback.not-bad"):
        when(replace(CALL, subject=replace(BAD, grade=grade)))


def test_each_act_has_its_turn():
    with refused("callback.already-called"):
        when(CALL, CALLED)
    with refused("callback.call-first"):
        when(RECTIFY)
    with refused("callback.nothing-to-answer"):
        when(SETTLE, CALLED)
    with refused("callback.nothing-to-answer"):
        when(SETTLE, CALLED, RECTIFIED, SETTLED)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(CALL, note=" "), "callback.note-missing"),
        (replace(RECTIFY, result=""), "callback.result-missing"),
        (replace(RECTIFY, result="长" * 1001), "callback.too-long"),
    ],
)
def test_what_was_done_is_said(command, code):
    history = () if isinstance(command, callbacks.CallBack) else (CALLED,)
    with refused(code):
        when(command, *history)
