"""Before a licence is revoked its holder is told and may answer (撤销前的告知和申辩)."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import licences
from mingtang.core.decider import Refused
from mingtang.core.licences import HearingStage, RevocationGround, Signatory, Stage
from mingtang.core.mandates import authority
from mingtang.core.wire import Sealed
from tests.core.licence_examples import (
    ANSWER,
    CANCEL,
    CHIEF,
    ISSUE,
    LETTER,
    MONDAY,
    REGISTER,
    REISSUE,
    RESUME,
    REVOKE,
    SUSPEND,
    TELL,
    after,
    day,
    then,
)
from tests.words import refused

VALID = (REGISTER, ISSUE)
FALSE = "承诺的健康检查没有做过"
OPEN = licences.OpenRevocation(case=REGISTER.case, finding=FALSE, at=MONDAY)
DROP = licences.DropRevocation(
    reason="检查报告属实", officer=CHIEF, mandate=LETTER, at=day(2026, 3, 19)
)
LAST = date(2026, 3, 23)  # five working days after Monday 16 March
BY = Signatory(
    person=CHIEF.person,
    staff_no=CHIEF.staff_no,
    organisation="market",
    authority=authority(LETTER),
)
TOLD = (*VALID, OPEN, TELL)


def test_a_false_promise_opens_it_once():
    assert then(after(*VALID), OPEN) == licences.RevocationOpened(
        case=REGISTER.case, finding=Sealed(FALSE), at=MONDAY
    )
    assert after(*VALID, OPEN).hearing.stage is HearingStage.OPENED
    with refused("licence.hearing-open"):
        then(after(*VALID, OPEN), OPEN)
    with refused("licence.hearing-open"):
        then(after(*VALID, TELL), OPEN)
    with refused("licence.other-case"):
        then(after(*VALID), replace(OPEN, case="MT-0000-0009"))
    with refused("licence.unknown"):
        then(after(), OPEN)
    with refused("licence.ended"):
        then(after(*VALID, CANCEL), OPEN)


def test_the_holder_is_told_on_which_ground_and_until_when_to_answer():
    told = licences.RevocationTold(
        ground=RevocationGround.FRAUD,
        reason=Sealed("以不实承诺取得"),
        answer_due=LAST,
        by=BY,
        at=MONDAY,
    )
    assert then(after(*VALID, OPEN), TELL) == told
    assert then(after(*VALID), TELL) == told  # for a ground the organ found itself
    with refused("licence.told-already"):
        then(after(*TOLD), TELL)
    with refused("licence.no-mandate"):
        then(after(*VALID, OPEN), replace(TELL, mandate=None))
    with refused("licence.reason-missing"):
        then(after(*VALID, OPEN), replace(TELL, reason=" "))
    with refused("licence.own-licence"):
        own = replace(CHIEF, person="P-wang")
        then(after(*VALID, OPEN), replace(TELL, officer=own))


@pytest.mark.parametrize("person", ["P-wang", "P-li"])
def test_the_holder_or_whoever_applied_answers_once(person):
    answer = replace(ANSWER, person=person)
    heard = licences.RevocationAnswered(answer=Sealed(ANSWER.answer), at=ANSWER.at)
    assert then(after(*TOLD), answer) == heard
    with refused("licence.answered-already"):
        then(after(*TOLD, answer), answer)


def test_nobody_else_answers_nor_before_being_told_nor_nothing():
    with refused("licence.not-yours"):
        then(after(*TOLD), replace(ANSWER, person="P-other"))
    entrusted = replace(ANSWER, person="P-other", represents=frozenset({"P-wang"}))
    assert then(after(*TOLD), entrusted)
    for before in (VALID, (*VALID, OPEN)):
        with refused("licence.nothing-told"):
            then(after(*before), ANSWER)
    with refused("licence.answer-missing"):
        then(after(*TOLD), replace(ANSWER, answer=" "))
    with refused("licence.answer-too-long"):
        then(after(*TOLD), replace(ANSWER, answer="长" * 2001))


def test_it_is_revoked_when_the_holder_was_heard_or_had_their_time():
    on_last_day, after_it = day(2026, 3, 23, 18), day(2026, 3, 24)
    with refused("licence.holder-not-told"):
        then(after(*VALID, OPEN), REVOKE)
    with refused("licence.holder-not-heard"):
        then(after(*TOLD), replace(REVOKE, at=on_last_day))
    assert then(after(*TOLD), replace(REVOKE, at=after_it))
    assert then(after(*TOLD, ANSWER), replace(REVOKE, at=on_last_day))
    late = replace(ANSWER, at=after_it)  # nobody has decided yet
    assert then(after(*TOLD), late)


def test_what_the_holder_says_may_end_it():
    dropped = licences.RevocationDropped(reason=Sealed("检查报告属实"), by=BY, at=DROP.at)
    assert then(after(*TOLD, ANSWER), DROP) == dropped
    again = after(*TOLD, ANSWER, DROP)
    assert (again.hearing, again.stage) == (None, Stage.VALID)
    with refused("licence.no-hearing"):
        then(again, DROP)
    with refused("licence.reason-missing"):
        then(after(*TOLD), replace(DROP, reason=""))


@pytest.mark.parametrize("before", [(REGISTER,), VALID, (*VALID, SUSPEND), (*TOLD, ANSWER, DROP)])
def test_nobody_is_deprived_untold(before):
    with refused("licence.holder-not-told"):
        then(after(*before), REVOKE)


def test_what_ends_the_licence_ends_the_hearing():
    assert after(*TOLD, CANCEL).hearing is None
    assert after(*TOLD, ANSWER, REVOKE).hearing is None


COMMANDS = st.lists(
    st.sampled_from([TELL, ANSWER, DROP, SUSPEND, RESUME, REISSUE, REVOKE]), max_size=12
)


@given(commands=COMMANDS)
def test_nobody_is_deprived_of_what_rests_on_a_false_promise_unheard(commands):
    """Whatever is tried within the days to answer, a revocation comes after an answer."""
    state, said = after(*VALID, OPEN), [OPEN]
    for command in commands:
        with suppress(Refused):
            [event] = licences.decide(state, command)
            state = licences.evolve(state, event)
            said.append(command)
        if DROP in said or state.stage is Stage.REVOKED:
            break
    if state.stage is Stage.REVOKED:
        assert said.index(TELL) < said.index(ANSWER) < said.index(REVOKE)
