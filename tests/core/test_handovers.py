"""A hand-over between clerks: what may be on the list, who signs it, what happened meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mingtang.core.handovers import (
    DECIDER,
    MOST,
    ConfirmHandover,
    DeclineHandover,
    HandoverConfirmed,
    HandoverDeclined,
    HandoverOffered,
    HandoverStage,
    HandoverWithdrawn,
    OfferHandover,
    State,
    WithdrawHandover,
)
from mingtang.core.wire import Sealed
from tests.core.case_examples import CLERK, day
from tests.words import refused

ONE, TWO, THREE = "MT-0000-0001", "MT-0000-0002", "MT-0000-0003"
LIST = (ONE, TWO)
NEXT = replace(CLERK, person="P-next", staff_no="08")
OFFER = OfferHandover(
    handover="h1",
    cases=LIST,
    note="原件在抽屉里",
    giver=CLERK,
    receiver="P-next",
    receiver_serves=True,
    waiting=frozenset({ONE, TWO, THREE}),
    held=frozenset(),
    at=day(3, 4),
)
OFFERED = HandoverOffered(
    handover="h1",
    cases=LIST,
    note=Sealed("原件在抽屉里"),
    giver=CLERK,
    receiver="P-next",
    at=day(3, 4),
)
CONFIRM = ConfirmHandover(
    seen=LIST, waiting=frozenset(LIST), own=frozenset(), officer=NEXT, at=day(3, 4, 12)
)
CONFIRMED = HandoverConfirmed(cases=LIST, finished=(), officer=NEXT, at=day(3, 4, 12))
DECLINE = DeclineHandover(reason="少一件原件", by="P-next", at=day(3, 4, 12))
DECLINED = HandoverDeclined(reason=Sealed("少一件原件"), by="P-next", at=day(3, 4, 12))
WITHDRAW = WithdrawHandover(by="P-clerk", at=day(3, 4, 12))
WITHDRAWN = HandoverWithdrawn(by="P-clerk", at=day(3, 4, 12))


def after(*history):
    handover = State()
    for event in history:
        handover = DECIDER.evolve(handover, event)
    return handover


def when(*history, command):
    return list(DECIDER.decide(after(*history), command))


def test_a_list_is_offered_and_confirmed_as_it_was_read():
    assert when(command=OFFER) == [OFFERED]
    assert when(OFFERED, command=CONFIRM) == [CONFIRMED]
    assert after(OFFERED, CONFIRMED) == State(HandoverStage.CONFIRMED, LIST, "P-clerk", "P-next")


def test_what_was_handled_meanwhile_is_named_and_not_taken_over():
    late = replace(CONFIRM, waiting=frozenset({TWO, THREE}))
    [event] = when(OFFERED, command=late)
    assert (event.cases, event.finished) == ((TWO,), (ONE,))
    assert after(OFFERED, event).cases == (TWO,)
    with refused("handover.all-finished"):
        when(OFFERED, command=replace(CONFIRM, waiting=frozenset()))


@pytest.mark.parametrize(
    ("changes", "code", "facts"),
    [
        ({"receiver": "P-clerk"}, "handover.to-oneself", {}),
        ({"receiver_serves": False}, "handover.receiver-not-at-window", {}),
        ({"cases": ()}, "handover.empty", {}),
        ({"cases": (ONE, ONE)}, "handover.repeated", {}),
        ({"cases": ("x",) * (MOST + 1)}, "handover.too-many", {"limit": MOST}),
        ({"waiting": frozenset({ONE})}, "handover.not-waiting", {"number": TWO}),
        ({"held": frozenset({TWO})}, "handover.held-by-another", {"number": TWO}),
    ],
)
def test_a_list_that_cannot_be_handed_over_says_why(changes, code, facts):
    with refused(code) as refusal:
        when(command=replace(OFFER, **changes))
    assert refusal.value.facts == facts


def test_the_receiver_alone_confirms_and_reads_the_very_list():
    with refused("handover.not-receiver"):
        when(OFFERED, command=replace(CONFIRM, officer=CLERK))
    for seen in ((ONE,), (TWO, ONE), (ONE, TWO, THREE)):
        with refused("handover.list-differs"):
            when(OFFERED, command=replace(CONFIRM, seen=seen))
    with refused("handover.own-case") as refusal:
        when(OFFERED, command=replace(CONFIRM, own=frozenset({TWO})))
    assert refusal.value.facts == {"number": TWO}


def test_the_receiver_declines_with_a_reason():
    assert when(OFFERED, command=DECLINE) == [DECLINED]
    assert after(OFFERED, DECLINED).stage is HandoverStage.DECLINED
    with refused("handover.reason-missing"):
        when(OFFERED, command=replace(DECLINE, reason=" "))
    with refused("handover.not-receiver"):
        when(OFFERED, command=replace(DECLINE, by="P-clerk"))


def test_the_giver_takes_it_back_as_long_as_nobody_confirmed():
    assert when(OFFERED, command=WITHDRAW) == [WITHDRAWN]
    assert after(OFFERED, WITHDRAWN).stage is HandoverStage.WITHDRAWN
    with refused("handover.not-giver"):
        when(OFFERED, command=replace(WITHDRAW, by="P-next"))


@pytest.mark.parametrize("end", [CONFIRMED, DECLINED, WITHDRAWN], ids=lambda e: e.kind)
def test_what_is_settled_stays_settled(end):
    for command in (CONFIRM, DECLINE, WITHDRAW):
        with refused("handover.not-offered"):
            when(OFFERED, end, command=command)
        with refused("handover.not-offered"):
            when(command=command)
    with refused("handover.already-offered"):
        when(OFFERED, end, command=OFFER)


@given(
    some.lists(some.integers(0, 9), min_size=1, max_size=10, unique=True),
    some.frozensets(some.integers(0, 9)),
)
def test_every_case_of_the_list_is_taken_over_or_named_as_finished(offered, waiting):
    numbers = tuple(map(str, offered))
    everything = frozenset(map(str, range(10)))
    [event] = when(command=replace(OFFER, cases=numbers, waiting=everything))
    still = frozenset(map(str, waiting))
    confirm = replace(CONFIRM, seen=numbers, waiting=still)
    if not still & {*numbers}:
        with refused("handover.all-finished"):
            when(event, command=confirm)
        return
    [confirmed] = when(event, command=confirm)
    assert sorted(confirmed.cases + confirmed.finished) == sorted(numbers)
    assert {*confirmed.cases} <= still
