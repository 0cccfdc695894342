"""Authorisation letters: examples at the boundaries, properties of what is covered."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.core import mandates
from mingtang.core.mandates import EVERY_ITEM, Mandate, MandatePower, covers, why_not
from mingtang.core.wire import Wire
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
LETTER = Mandate(
    letter_no="明教授权〔2026〕1号",
    organ="education",
    organ_name="明州省教育厅",
    person="P1",
    person_name="演示甲",
    items=("E-1", "E-2"),
    powers=(MandatePower.ACCEPT, MandatePower.DECIDE),
    valid_from=FIRST,
    valid_to=LAST,
)
GRANT = mandates.GrantMandate(
    mandate=LETTER, holder_is_chief=True, granter_manages=True, by="M1", at=MONDAY
)
PUBLISH = mandates.PublishMandate(
    office="window-1", office_open=True, granter_manages=True, by="M1", at=MONDAY
)
REVOKE = mandates.RevokeMandate(reason="轮岗", granter_manages=True, by="M1", at=MONDAY)
IN_FORCE = replace(LETTER, published=True)
ACT = {"organ": "education", "item": "E-1", "power": MandatePower.DECIDE, "day": LAST}


# The machine may be busy: that is no fault of the rules.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def after(*commands: mandates.Command) -> mandates.State:
    state = mandates.State()
    for command in commands:
        for event in mandates.decide(state, command):
            state = mandates.evolve(state, event)
    return state


def test_a_letter_is_granted_then_published_then_revoked():
    assert after(GRANT).mandate == LETTER
    assert after(GRANT, PUBLISH).mandate == IN_FORCE
    assert after(GRANT, PUBLISH, REVOKE).mandate == replace(IN_FORCE, revoked=True)


def test_a_grant_survives_the_wire():
    [event] = mandates.decide(mandates.State(), GRANT)
    wire = Wire(mandates.EVENTS)
    assert wire.decode(wire.encode(event)[0]) == event


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"letter_no": "〔〕"}, "mandate.letter-number-missing"),
        ({"valid_to": FIRST - DAY}, "mandate.period-reversed"),
        ({"items": ()}, "mandate.items-missing"),
        ({"powers": ()}, "mandate.powers-missing"),
        ({"person": "M1"}, "mandate.own-mandate"),
    ],
)
def test_a_letter_that_says_too_little_is_not_granted(changed, code):
    with refused(code):
        after(replace(GRANT, mandate=replace(LETTER, **changed)))


def test_a_letter_is_for_a_chief_representative_and_from_the_manager():
    with refused("mandate.not-chief-representative"):
        after(replace(GRANT, holder_is_chief=False))
    for command in (GRANT, PUBLISH, REVOKE):
        before = after(GRANT) if command is not GRANT else after()
        with refused("mandate.granter-not-manager"):
            mandates.decide(before, replace(command, granter_manages=False))


def test_a_letter_is_granted_once_and_published_once():
    with refused("mandate.already-granted"):
        after(GRANT, GRANT)
    with refused("mandate.already-published"):
        after(GRANT, PUBLISH, PUBLISH)


def test_a_letter_hangs_in_an_office_that_is_open():
    with refused("mandate.office-not-open"):
        after(GRANT, replace(PUBLISH, office_open=False))


@pytest.mark.parametrize("command", [PUBLISH, REVOKE])
def test_a_letter_nobody_granted_or_that_is_revoked_stays_as_it_is(command):
    with refused("mandate.unknown"):
        after(command)
    with refused("mandate.revoked"):
        after(GRANT, REVOKE, command)


def test_a_letter_is_revoked_for_a_reason():
    with refused("mandate.reason-missing"):
        after(GRANT, replace(REVOKE, reason=" "))


@pytest.mark.parametrize(
    ("mandate", "act", "code"),
    [
        (IN_FORCE, {}, None),
        (IN_FORCE, {"day": FIRST}, None),
        (IN_FORCE, {"day": LAST}, None),
        (LETTER, {}, "mandate.not-published"),
        (replace(IN_FORCE, revoked=True), {}, "mandate.revoked"),
        (IN_FORCE, {"day": FIRST - DAY}, "mandate.not-yet-valid"),
        (IN_FORCE, {"day": LAST + DAY}, "mandate.expired"),
        (IN_FORCE, {"organ": "health"}, "mandate.other-organ"),
        (IN_FORCE, {"item": "E-3"}, "mandate.item-not-covered"),
        (IN_FORCE, {"item": "E"}, "mandate.item-not-covered"),
        (IN_FORCE, {"power": MandatePower.SEAL}, "mandate.power-not-given"),
        (replace(IN_FORCE, items=(EVERY_ITEM,)), {"item": "E-3"}, None),
        (replace(IN_FORCE, items=(EVERY_ITEM,)), {"organ": "health"}, "mandate.other-organ"),
        (replace(IN_FORCE, valid_from=LAST), {}, None),
    ],
)
def test_an_act_is_covered_or_the_reason_is_given(mandate, act, code):
    assert why_not(mandate, **{**ACT, **act}) == code


days = st.dates(FIRST - 3 * DAY, LAST + 3 * DAY)
letters = st.builds(
    lambda items, powers, first, length, published, revoked: replace(
        LETTER,
        items=items,
        powers=powers,
        valid_from=first,
        valid_to=first + length * DAY,
        published=published,
        revoked=revoked,
    ),
    st.sampled_from([("E-1",), ("E-1", "E-2"), (EVERY_ITEM,)]),
    st.lists(st.sampled_from(list(MandatePower)), min_size=1, unique=True).map(tuple),
    days,
    st.integers(0, 400),
    st.booleans(),
    st.booleans(),
)
acts = st.fixed_dictionaries(
    {
        "organ": st.sampled_from(["education", "health"]),
        "item": st.sampled_from(["E-1", "E-2", "E-3"]),
        "power": st.sampled_from(list(MandatePower)),
        "day": days,
    }
)


@unhurried
@given(letters, acts)
def test_a_letter_covers_exactly_what_it_says(letter, act):
    said = (
        letter.published
        and not letter.revoked
        and letter.valid_from <= act["day"] <= letter.valid_to
        and letter.organ == act["organ"]
        and (EVERY_ITEM in letter.items or act["item"] in letter.items)
        and act["power"] in letter.powers
    )
    assert covers(letter, **act) == said
    assert (why_not(letter, **act) is None) == said


@unhurried
@given(letters, acts)
def test_revoking_never_allows_and_a_wider_letter_never_forbids(letter, act):
    assert not covers(replace(letter, revoked=True), **act)
    if covers(letter, **act):
        wider = replace(letter, items=(EVERY_ITEM,), powers=tuple(MandatePower))
        assert covers(wider, **act)


@pytest.mark.parametrize(
    ("letter_no", "key"),
    [
        ("明教授权〔2026〕1号", "明教授权-2026-1号"),
        ("ＡＢ（２０２６）／３", "ab-2026-3"),
        ("x" * 80, "x" * 60),
        ("〔〕", ""),
    ],
)
def test_a_letter_number_becomes_a_key_without_signs(letter_no, key):
    assert mandates.key(letter_no) == key


def test_an_act_keeps_in_whose_name_it_was_done():
    assert mandates.authority(IN_FORCE) == mandates.Authority(
        letter_no="明教授权〔2026〕1号", organ="education", person="P1", valid_to=LAST
    )
