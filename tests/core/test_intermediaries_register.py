"""Who is listed, and who is not any more: reviewed, published, suspended, removed with reasons."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core.history import WIRE
from mingtang.core.intermediaries import register
from mingtang.core.intermediaries.register import (
    AdmitBody,
    AskToJoin,
    BodyContent,
    IntermediaryAdmitted,
    IntermediaryAsked,
    IntermediaryReinstated,
    IntermediaryRemoved,
    IntermediaryRequested,
    IntermediarySuspended,
    IntermediaryTurnedDown,
    Qualification,
    ReinstateBody,
    RemoveBody,
    Standing,
    SuspendBody,
    TurnDownBody,
    is_qualified,
    past_requests,
)
from mingtang.core.wire import Sealed
from tests.core.case_examples import document
from tests.core.need_examples import day
from tests.words import refused

HELD = Qualification(
    service="fire-inspection", name="演示资质", number="演-001", until=date(2026, 3, 31)
)
BODY = BodyContent(
    code="A",
    name="演示机构A",
    contact="演示乙",
    phone="0990-0110001",
    qualifications=(HELD,),
    documents=(document("q1"),),
)
ASK = AskToJoin(content=BODY, represents=True, services_known=True, by="P-A", at=day(3, 2))
ADMIT = AdmitBody(manages=True, own=False, by="P-centre", at=day(3, 3))
TURN_DOWN = TurnDownBody(reason="证书看不清", manages=True, own=False, by="P-centre", at=day(3, 3))
SUSPEND = SuspendBody(reason="投诉属实", need="n-1", manages=True, by="P-centre", at=day(3, 4))
REINSTATE = ReinstateBody(reason="已整改", manages=True, by="P-centre", at=day(3, 5))
REMOVE = RemoveBody(reason="资质被吊销", manages=True, by="P-centre", at=day(3, 6))
OTHER = replace(BODY, phone="0990-0110002")


def state(*before):
    found = register.State()
    for command in before:
        for event in register.decide(found, command):
            found = register.evolve(found, event)
    return found


def decide(command, *before):
    return list(register.decide(state(*before), command))


def test_a_body_asks_and_is_admitted_or_turned_down():
    assert decide(ASK) == [
        IntermediaryRequested(
            content=replace(BODY, contact="", phone=""),
            contact=Sealed("演示乙"),
            phone=Sealed("0990-0110001"),
            by=Sealed("P-A"),
            at=day(3, 2),
        )
    ]
    assert decide(ADMIT, ASK) == [
        IntermediaryAdmitted(name="演示机构A", by="P-centre", at=day(3, 3))
    ]
    assert decide(TURN_DOWN, ASK) == [
        IntermediaryTurnedDown(reason=Sealed("证书看不清"), by="P-centre", at=day(3, 3))
    ]
    assert state(ASK, TURN_DOWN, ASK, ADMIT) == register.State(Standing.LISTED, BODY)


def test_a_listed_body_is_suspended_reinstated_and_removed():
    assert decide(SUSPEND, ASK, ADMIT) == [
        IntermediarySuspended(reason="投诉属实", need="n-1", by="P-centre", at=day(3, 4))
    ]
    assert decide(REINSTATE, ASK, ADMIT, SUSPEND) == [
        IntermediaryReinstated(reason="已整改", by="P-centre", at=day(3, 5))
    ]
    removed = [IntermediaryRemoved(reason="资质被吊销", by="P-centre", at=day(3, 6))]
    assert decide(REMOVE, ASK, ADMIT) == decide(REMOVE, ASK, ADMIT, SUSPEND) == removed
    assert state(ASK, ADMIT, REMOVE).standing is Standing.REMOVED
    assert len(decide(ASK, ASK, ADMIT, REMOVE)) == 1


def test_what_is_published_stands_until_the_new_is_admitted():
    anew = replace(ASK, content=OTHER)
    waiting = state(ASK, ADMIT, anew)
    assert (waiting.standing, waiting.content, waiting.asked) == (Standing.LISTED, BODY, OTHER)
    assert state(ASK, ADMIT, anew, TURN_DOWN) == register.State(Standing.LISTED, BODY)
    assert state(ASK, ADMIT, anew, ADMIT) == register.State(Standing.LISTED, OTHER)


def test_whom_to_ask_for_is_not_in_the_public_log():
    face, opened = WIRE.encode(decide(ASK)[0], [f"salt-{n}" for n in range(3)])
    for personal in ("演示乙", "0990-0110001"):
        assert personal.encode() not in face
    assert {one.name for one in opened} == {"by", "contact", "phone"}
    assert state(ASK).asked == BODY


def test_requests_recorded_before_the_contact_was_sealed_are_read():
    earlier = IntermediaryAsked(content=BODY, by=Sealed("P-A"), at=day(3, 2))
    assert register.evolve(register.State(), earlier) == state(ASK)


def happened(*commands):
    found, events = register.State(), []
    for command in commands:
        for event in register.decide(found, command):
            found = register.evolve(found, event)
            events.append(event)
    return events


@pytest.mark.parametrize(
    ("commands", "places"),
    [
        ((ASK,), ()),
        ((ASK, ADMIT), ()),
        ((ASK, ADMIT, SUSPEND), ()),
        ((ASK, TURN_DOWN), (0,)),
        ((ASK, ADMIT, replace(ASK, content=OTHER)), ()),
        ((ASK, ADMIT, replace(ASK, content=OTHER), ADMIT), (0,)),
        ((ASK, ADMIT, replace(ASK, content=OTHER), TURN_DOWN), (2,)),
        ((ASK, ADMIT, REMOVE), (0,)),
        ((ASK, ADMIT, REMOVE, ASK), (0,)),
    ],
)
def test_only_what_is_published_no_more_and_waits_for_nobody_is_past(commands, places):
    assert past_requests(happened(*commands)) == places


def test_a_qualification_is_good_on_its_last_day():
    assert is_qualified(BODY, "fire-inspection", date(2026, 3, 31))
    assert not is_qualified(BODY, "fire-inspection", date(2026, 4, 1))
    assert not is_qualified(BODY, "survey", date(2026, 3, 2))
    assert not is_qualified(None, "fire-inspection", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("changed", "content", "code"),
    [
        ({"represents": False}, {}, "not-its-agent"),
        ({}, {"name": " "}, "name-missing"),
        ({}, {"qualifications": ()}, "no-qualification"),
        ({"services_known": False}, {}, "service-unknown"),
        ({"at": day(4, 1)}, {}, "qualification-expired"),
        ({}, {"documents": ()}, "no-evidence"),
    ],
)
def test_a_body_may_not_ask(changed, content, code):
    with refused(f"intermediary.{code}"):
        decide(replace(ASK, content=replace(BODY, **content), **changed))


@pytest.mark.parametrize(
    ("command", "before", "code"),
    [
        (ASK, (ASK,), "waiting"),
        (ASK, (ASK, ADMIT), "unchanged"),
        (replace(ASK, content=OTHER), (ASK, ADMIT, SUSPEND), "suspended"),
        (ADMIT, (), "nothing-to-review"),
        (ADMIT, (ASK, ADMIT), "nothing-to-review"),
        (replace(ADMIT, manages=False), (ASK,), "not-its-manager"),
        (replace(ADMIT, own=True), (ASK,), "own-body"),
        (TURN_DOWN, (), "nothing-to-review"),
        (replace(TURN_DOWN, own=True), (ASK,), "own-body"),
        (replace(TURN_DOWN, reason=""), (ASK,), "reason-missing"),
        (SUSPEND, (ASK,), "not-listed"),
        (SUSPEND, (ASK, ADMIT, SUSPEND), "not-listed"),
        (replace(SUSPEND, reason=" "), (ASK, ADMIT), "reason-missing"),
        (replace(SUSPEND, manages=False), (ASK, ADMIT), "not-its-manager"),
        (REINSTATE, (ASK, ADMIT), "not-suspended"),
        (REMOVE, (ASK,), "not-listed"),
        (REMOVE, (ASK, ADMIT, REMOVE), "not-listed"),
    ],
)
def test_what_may_not_be_done_to_a_body(command, before, code):
    with refused(f"intermediary.{code}"):
        decide(command, *before)
