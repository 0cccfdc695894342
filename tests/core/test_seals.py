"""The approval seal (行政审批专用章): its life as examples, and who may use it on which day."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.core import seals
from mingtang.core.mandates import Authority, Mandate, MandatePower
from mingtang.core.seals import Certificate, Seal, SealUse, Standing, use_in_words, use_of, why_not
from mingtang.core.wire import Wire
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
CERTIFICATE = Certificate(
    fingerprint="ab" * 32,
    issuer="CN=演示根",
    sealer="local",
    test=True,
    valid_from=FIRST,
    valid_to=LAST,
)
SEAL = Seal(
    seal_no="5200001000017",
    organ="education",
    organ_name="演示明州省教育厅",
    name="行政审批专用章",
    certificate=CERTIFICATE,
    custodian="P1",
)
MAKE = seals.MakeSeal(
    seal=SEAL,
    organ_has_seal=False,
    custodian_serves=True,
    orderer_manages=True,
    by="M1",
    at=MONDAY,
)
HAND_OVER = seals.HandOverSeal(
    to="P2", receiver_serves=True, giver_manages=False, reason="轮岗", by="P1", at=MONDAY
)
SUSPEND = seals.SuspendSeal(reason="疑似盗用", manages=False, by="P1", at=MONDAY)
RESUME = seals.ResumeSeal(reason="查明无事", manages=True, by="M1", at=MONDAY)
DESTROY = seals.DestroySeal(reason="机构撤并", manages=True, by="M1", at=MONDAY)
LETTER = Mandate(
    letter_no="明教授权〔2026〕1号",
    organ="education",
    organ_name="演示明州省教育厅",
    person="P1",
    person_name="演示甲",
    items=("E-1",),
    powers=(MandatePower.SEAL,),
    valid_from=FIRST + DAY,
    valid_to=LAST - DAY,
    published=True,
)


def after(*commands: seals.Command) -> seals.State:
    """Given these commands were carried out."""
    state = seals.State()
    for command in commands:
        for event in seals.decide(state, command):
            state = seals.evolve(state, event)
    return state


def then(state: seals.State, command: seals.Command) -> seals.Event:
    [event] = seals.decide(state, command)
    return event


# ── Its life ────────────────────────────────────────────────────────────────


def test_a_seal_is_made_with_all_that_is_known_of_it():
    assert then(after(), MAKE) == seals.SealMade(
        seal_no="5200001000017",
        organ="education",
        organ_name="演示明州省教育厅",
        name="行政审批专用章",
        certificate=CERTIFICATE,
        custodian="P1",
        by="M1",
        at=MONDAY,
    )
    assert after(MAKE).seal == SEAL


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"seal": replace(SEAL, seal_no=" ")}, "seal.number-missing"),
        ({"seal": replace(SEAL, name=" ")}, "seal.name-missing"),
        ({"organ_has_seal": True}, "seal.organ-has-one"),
        ({"orderer_manages": False}, "seal.orderer-not-manager"),
        ({"custodian_serves": False}, "seal.custodian-not-serving"),
        ({"at": MONDAY - 2 * DAY}, "seal.certificate-period"),
        ({"at": datetime(2027, 1, 1, tzinfo=MONDAY.tzinfo)}, "seal.certificate-period"),
    ],
)
def test_a_seal_is_not_made_when_something_is_missing(changed, code):
    with refused(code):
        then(after(), replace(MAKE, **changed))


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_a_seal_can_be_made_on_the_first_and_last_day_of_its_certificate(day):
    at = datetime(day.year, day.month, day.day, 23, 59, tzinfo=MONDAY.tzinfo)
    assert then(after(), replace(MAKE, at=at)).at == at


def test_a_seal_is_made_once():
    with refused("seal.already-made"):
        then(after(MAKE), MAKE)


def test_its_keeper_hands_it_over():
    assert then(after(MAKE), HAND_OVER) == seals.SealHandedOver(
        seal_no="5200001000017", giver="P1", receiver="P2", reason="轮岗", by="P1", at=MONDAY
    )
    assert after(MAKE, HAND_OVER).seal == replace(SEAL, custodian="P2")


def test_the_organs_manager_hands_it_over_when_the_keeper_is_away():
    by_manager = replace(HAND_OVER, by="M1", giver_manages=True)
    assert then(after(MAKE), by_manager).giver == "P1"


def test_a_suspended_seal_can_be_handed_over_and_stays_suspended():
    assert after(MAKE, SUSPEND, HAND_OVER).seal == replace(
        SEAL, custodian="P2", standing=Standing.SUSPENDED
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "P3"}, "seal.not-keeper"),
        ({"to": "P1"}, "seal.same-keeper"),
        ({"receiver_serves": False}, "seal.custodian-not-serving"),
    ],
)
def test_a_seal_is_not_handed_over(changed, code):
    with refused(code):
        then(after(MAKE), replace(HAND_OVER, **changed))


def test_after_it_was_handed_over_the_former_keeper_keeps_it_no_more():
    with refused("seal.not-keeper"):
        then(after(MAKE, HAND_OVER), SUSPEND)


def test_its_keeper_or_the_manager_stops_it_at_once():
    stopped = seals.SealSuspended(seal_no="5200001000017", reason="疑似盗用", by="P1", at=MONDAY)
    assert then(after(MAKE), SUSPEND) == stopped
    assert then(after(MAKE), replace(SUSPEND, by="M1", manages=True)) == replace(stopped, by="M1")
    assert after(MAKE, SUSPEND).seal == replace(SEAL, standing=Standing.SUSPENDED)


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([MAKE], {"by": "P3"}, "seal.not-keeper"),
        ([MAKE, SUSPEND], {}, "seal.suspended"),
        ([MAKE], {"reason": " "}, "seal.reason-missing"),
    ],
)
def test_a_seal_is_not_stopped(before, changed, code):
    with refused(code):
        then(after(*before), replace(SUSPEND, **changed))


def test_only_the_manager_puts_it_to_use_again():
    assert then(after(MAKE, SUSPEND), RESUME) == seals.SealResumed(
        seal_no="5200001000017", reason="查明无事", by="M1", at=MONDAY
    )
    assert after(MAKE, SUSPEND, RESUME).seal == SEAL


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([MAKE, SUSPEND], {"by": "P1", "manages": False}, "seal.orderer-not-manager"),
        ([MAKE], {}, "seal.not-suspended"),
        ([MAKE, SUSPEND], {"reason": ""}, "seal.reason-missing"),
    ],
)
def test_a_seal_is_not_put_to_use_again(before, changed, code):
    with refused(code):
        then(after(*before), replace(RESUME, **changed))


@pytest.mark.parametrize("before", [[MAKE], [MAKE, SUSPEND]])
def test_a_seal_in_use_or_suspended_is_destroyed_for_good(before):
    assert then(after(*before), DESTROY) == seals.SealDestroyed(
        seal_no="5200001000017", reason="机构撤并", by="M1", at=MONDAY
    )
    assert after(*before, DESTROY).seal == replace(SEAL, standing=Standing.DESTROYED)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "P1", "manages": False}, "seal.orderer-not-manager"),
        ({"reason": " "}, "seal.reason-missing"),
    ],
)
def test_a_seal_is_not_destroyed(changed, code):
    with refused(code):
        then(after(MAKE), replace(DESTROY, **changed))


@pytest.mark.parametrize("command", [HAND_OVER, SUSPEND, RESUME, DESTROY])
def test_nothing_is_done_to_a_seal_that_is_not_there_yet_or_no_more(command):
    with refused("seal.unknown"):
        then(after(), command)
    with refused("seal.destroyed"):
        then(after(MAKE, DESTROY), command)


def test_every_event_survives_the_wire():
    wire = Wire(seals.EVENTS)
    for before, command in [
        ([], MAKE),
        ([MAKE], HAND_OVER),
        ([MAKE], SUSPEND),
        ([MAKE, SUSPEND], RESUME),
        ([MAKE], DESTROY),
    ]:
        event = then(after(*before), command)
        assert wire.decode(wire.encode(event)[0]) == event


# ── Who may use it, and when ────────────────────────────────────────────────

USE = {"organ": "education", "item": "E-1", "day": FIRST + DAY}


@pytest.mark.parametrize(
    ("seal", "letter", "changed", "code"),
    [
        (SEAL, LETTER, {}, None),
        (None, LETTER, {}, "seal.none"),
        (replace(SEAL, standing=Standing.SUSPENDED), LETTER, {}, "seal.suspended"),
        (replace(SEAL, standing=Standing.DESTROYED), LETTER, {}, "seal.destroyed"),
        (SEAL, LETTER, {"organ": "health"}, "seal.other-organ"),
        (SEAL, None, {}, "seal.no-mandate"),
        (SEAL, replace(LETTER, published=False), {}, "mandate.not-published"),
        (SEAL, replace(LETTER, revoked=True), {}, "mandate.revoked"),
        (SEAL, replace(LETTER, organ="health"), {}, "mandate.other-organ"),
        (SEAL, LETTER, {"item": "E-2"}, "mandate.item-not-covered"),
        (SEAL, replace(LETTER, powers=(MandatePower.DECIDE,)), {}, "mandate.power-not-given"),
    ],
)
def test_a_seal_may_be_used_or_the_reason_is_given(seal, letter, changed, code):
    assert why_not(seal, letter, **{**USE, **changed}) == code


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (FIRST - DAY, "seal.not-yet-valid"),
        (FIRST, "mandate.not-yet-valid"),
        (FIRST + DAY, None),
        (LAST - DAY, None),
        (LAST, "mandate.expired"),
        (LAST + DAY, "seal.expired"),
    ],
)
def test_letter_and_certificate_count_from_their_first_day_to_their_last(day, code):
    assert why_not(SEAL, LETTER, **{**USE, "day": day}) == code


def test_without_a_letter_the_seal_is_named_first_where_it_is_at_fault():
    assert why_not(SEAL, None, **{**USE, "day": LAST + DAY}) == "seal.expired"


def test_a_use_names_the_seal_its_keeper_and_the_letter():
    assert use_of(SEAL, LETTER) == SealUse(
        seal_no="5200001000017",
        certificate="ab" * 32,
        test=True,
        authority=Authority(
            letter_no="明教授权〔2026〕1号", organ="education", person="P1", valid_to=LAST - DAY
        ),
        custodian="P1",
    )


def test_a_paper_says_which_seal_is_on_it_and_under_which_letter():
    assert use_in_words(SEAL, LETTER) == (
        "用印：演示明州省教育厅行政审批专用章（编号 5200001000017），"
        "依据授权书 明教授权〔2026〕1号。"
    )
