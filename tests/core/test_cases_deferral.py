"""Tolerance (容缺受理): accepted without what may follow, and what hangs on its coming."""

from dataclasses import replace
from datetime import date

from mingtang.core import cases
from mingtang.core.cases import Stage, deferrable_of, terms_of
from mingtang.core.cases.terms import CHECK_DAYS, DEFERRAL_DAYS
from mingtang.core.catalogue import Material
from tests.core.case_examples import (
    ACCEPT,
    CHIEF,
    CLERK,
    CORRECTED,
    DECIDE,
    DEEM,
    FILE,
    GRANTED,
    MANDATE,
    NOTIFIED,
    PLAIN,
    WITHDRAWN,
    accepted,
    after,
    day,
    deemed,
    document,
    filed,
    when,
)
from tests.core.item_examples import COMPLETE
from tests.core.work_calendars import KNOWN
from tests.words import refused

TERMS = replace(PLAIN, deferral_days=10)
WITHOUT = replace(filed(TERMS), deferrable=("m3", "m4"))
FOLLOWS = replace(accepted(), deferred=("m3", "m4"), deferred_due=date(2026, 3, 18))
HAND_IN = cases.HandInDeferred(person="P-wang", documents=(document("m3"),), at=day(3, 10))
RECEIVED = cases.DeferredReceived(
    documents=(document("m3"),),
    taken_by=None,
    missing=("m4",),
    due_date=date(2026, 3, 18),
    at=day(3, 10),
)
THE_REST = cases.DeferredReceived(
    documents=(document("m4"),),
    taken_by=CLERK,
    missing=(),
    due_date=date(2026, 3, 18),
    at=day(3, 11),
)


def test_what_may_follow_is_named_at_acceptance_with_its_last_day():
    assert when(WITHOUT, command=ACCEPT) == [FOLLOWS]


def test_what_is_there_or_promised_does_not_follow():
    promised = cases.Commitment(material="m4", sha256="00" * 32)
    given = replace(
        WITHOUT, documents=(*WITHOUT.documents, document("m3")), commitments=(promised,)
    )
    assert when(given, command=ACCEPT) == [accepted()]


def test_what_came_with_the_corrections_does_not_follow():
    came = replace(CORRECTED, documents=(document("m3"), document("m4")))
    late = replace(ACCEPT, at=day(3, 23))
    [event] = when(WITHOUT, NOTIFIED, came, command=late)
    assert (event.deferred, event.deferred_due) == ((), None)


def test_accepted_by_law_it_follows_from_the_day_it_was_told():
    [event] = when(WITHOUT, command=DEEM)
    assert event == replace(
        deemed(), deferred=("m3", "m4"), deferred_due=date(2026, 3, 24)
    )  # ten working days after Tuesday the 10th, not after Monday the 2nd
    assert after(WITHOUT, event).deferred == ("m3", "m4")


def test_a_last_day_is_never_a_day_off():
    [event] = when(WITHOUT, command=replace(ACCEPT, at=day(3, 23)))
    assert event.deferred_due == date(2026, 4, 7)  # the 4th to the 6th of April are Qingming


def test_it_is_handed_in_piece_by_piece():
    assert when(WITHOUT, FOLLOWS, command=HAND_IN) == [RECEIVED]
    state = after(WITHOUT, FOLLOWS, RECEIVED)
    assert (state.deferred, state.deferred_due) == (("m4",), date(2026, 3, 18))
    rest = cases.HandInDeferred(taken_by=CLERK, documents=(document("m4"),), at=day(3, 11))
    assert when(WITHOUT, FOLLOWS, RECEIVED, command=rest) == [THE_REST]
    state = after(WITHOUT, FOLLOWS, RECEIVED, THE_REST)
    assert (state.deferred, state.deferred_due) == ((), None)
    assert [one.material for one in state.documents] == ["m1", "m2", "m3", "m4"]


def test_the_clock_runs_on_meanwhile():
    before, there = after(WITHOUT, FOLLOWS), after(WITHOUT, FOLLOWS, RECEIVED, THE_REST)
    assert (before.statutory_due, before.promised_due) == (date(2026, 4, 1), date(2026, 3, 11))
    assert (there.statutory_due, there.promised_due) == (before.statutory_due, before.promised_due)


def test_late_is_better_than_never():
    late = replace(HAND_IN, at=day(3, 30))
    assert when(WITHOUT, FOLLOWS, command=late) == [replace(RECEIVED, at=day(3, 30))]


def test_an_agent_of_the_enterprise_hands_it_in():
    theirs = replace(HAND_IN, person="P-new", represents=frozenset({"P-wang"}))
    assert when(WITHOUT, FOLLOWS, command=theirs) == [RECEIVED]


def test_nothing_is_granted_while_it_is_missing():
    with refused("case.deferred-missing"):
        when(WITHOUT, FOLLOWS, RECEIVED, command=DECIDE)
    assert when(WITHOUT, FOLLOWS, RECEIVED, THE_REST, command=DECIDE) == [GRANTED]


def test_what_does_not_come_in_time_is_a_ground_to_refuse():
    no = replace(DECIDE, granted=False, reason="容缺材料逾期未补齐", at=day(3, 19))
    [event] = when(WITHOUT, FOLLOWS, command=no)
    assert after(WITHOUT, FOLLOWS, event).stage is Stage.REFUSED


def test_on_the_spot_nothing_is_granted_without_it_either():
    spot = replace(filed(replace(TERMS, promised_days=0)), deferrable=("m3",))
    command = cases.SettleOnTheSpot(
        granted=True, reason="", officer=CHIEF, mandate=MANDATE, at=day(3, 4), calendar=KNOWN
    )
    with refused("case.deferred-missing"):
        when(spot, command=command)


def test_who_may_hand_in_what_and_when():
    with refused("case.unknown"):
        when(command=HAND_IN)
    with refused("case.not-yours"):
        when(WITHOUT, FOLLOWS, command=replace(HAND_IN, person="P-other"))
    with refused("case.own-case"):
        own = replace(HAND_IN, taken_by=replace(CLERK, person="P-wang"))
        when(WITHOUT, FOLLOWS, command=own)
    with refused("case.not-under-review"):
        when(WITHOUT, command=HAND_IN)
    with refused("case.not-under-review"):
        when(WITHOUT, FOLLOWS, WITHDRAWN, command=HAND_IN)
    with refused("case.nothing-deferred"):
        when(filed(TERMS), accepted(), command=HAND_IN)
    with refused("case.nothing-handed-in"):
        when(WITHOUT, FOLLOWS, command=replace(HAND_IN, documents=()))
    with refused("case.not-deferred") as refusal:
        when(WITHOUT, FOLLOWS, command=replace(HAND_IN, documents=(document("m1"),)))
    assert refusal.value.facts == {"material": "m1"}


def test_filing_keeps_what_may_follow():
    [event] = when(command=replace(FILE, deferrable=("m3",)))
    assert after(event).deferrable == ("m3",)


def test_the_item_says_which_and_how_long():
    asked = (
        Material(key="a", name="甲"),
        Material(key="b", name="乙", needed="deferrable"),
        Material(key="c", name="丙", needed="optional"),
    )
    assert deferrable_of(asked) == ("b",)
    as_usual, own = (
        terms_of("k", 1, content)
        for content in (COMPLETE, replace(COMPLETE, deferral_days=5, check_days=30))
    )
    assert (as_usual.deferral_days, as_usual.check_days) == (DEFERRAL_DAYS, CHECK_DAYS)
    assert (own.deferral_days, own.check_days) == (5, 30)
