"""An e-licence (电子证照): every act once, every refusal, and what no order of acts can do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import licences
from mingtang.core.decider import Refused
from mingtang.core.licences import (
    ENDED,
    EXPIRED,
    CancellationGround,
    DeliveredHow,
    Holder,
    ReissueReason,
    RevocationGround,
    Signatory,
    Stage,
    shown,
)
from mingtang.core.mandates import Authority, MandatePower
from mingtang.core.wire import ERASED, Sealed, Wire, canonical
from tests.core.licence_examples import (
    ANSWER,
    APPLY,
    CANCEL,
    CHIEF,
    CODE,
    CONTENT,
    DEEM,
    DELIVER,
    END,
    HEARD,
    HOLDER,
    ISSUE,
    ISSUE_2,
    KIND,
    LAST,
    LETTER,
    MONDAY,
    PREMISES,
    REGISTER,
    REISSUE,
    RENEWAL,
    REPLACE,
    RESUME,
    REVOKE,
    SUSPEND,
    TELL,
    after,
    day,
    then,
)
from tests.words import refused

IDENTIFIER = "1.2.156.3005.2.91350100M000100Y43W01.91350100M000100Y43.2026Q7K2P9QXDA3B4C5D.001.2"
SECOND = "1.2.156.3005.2.91350100M000100Y43W01.91350100M000100Y43.2026Q7K2P9QXDA3B4C5D.002.Z"
BY = Signatory(
    person="P-chief",
    staff_no="N-006",
    organisation="market",
    authority=Authority(
        letter_no="演市监授〔2026〕1号",
        organ="market",
        person="P-chief",
        valid_to=date(2046, 12, 31),
    ),
)
VALUES = Sealed(canonical((PREMISES, KIND)))
VALID = (REGISTER, ISSUE)
DAY = timedelta(days=1)

# ── Registered, issued, delivered ───────────────────────────────────────────


def test_a_licence_is_registered_with_all_that_will_stand_on_it():
    assert then(after(), REGISTER) == licences.LicenceRegistered(
        type=CODE,
        type_version=1,
        type_code=CODE,
        name="演示食品经营许可证",
        name_en="Food Business Licence",
        organ="market",
        organ_name="演示市场监督管理局",
        issuer="91350100M000100Y43",
        item="DEMO-001",
        case="MT-7K2P-9QXD",
        batch="",
        place=0,
        serial=Sealed("2026Q7K2P9QXDA3B4C5D"),
        identifier=Sealed(IDENTIFIER),
        applicant=Sealed("P-li"),
        agent=Sealed(""),
        holder_kind="person",
        holder=Sealed("P-wang"),
        holder_name=Sealed("演示甲"),
        holder_number=Sealed("110101199003071234"),
        values=VALUES,
        related="",
        validity_months=60,
        renewal_days=30,
        valid_from=date(2026, 3, 16),
        valid_to=LAST,
        at=MONDAY,
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"holder": replace(HOLDER, name=" ")}, "licence.holder-missing"),
        ({"holder": replace(HOLDER, number="")}, "licence.field-missing"),
        ({"values": (KIND,)}, "licence.field-missing"),
        ({"values": (replace(PREMISES, value=" "), KIND)}, "licence.field-missing"),
        ({"holder": replace(HOLDER, name="长" * 201)}, "licence.too-long"),
        ({"holder": replace(HOLDER, number="1" * 101)}, "licence.too-long"),
        ({"values": (replace(PREMISES, value="长" * 501), KIND)}, "licence.too-long"),
        ({"issuer": ""}, "licence.issuer-unknown"),
        ({"issuer": "market"}, "licence.issuer-unknown"),
        ({"issuer": "9" * 19}, "licence.issuer-unknown"),
    ],
)
def test_a_licence_is_not_registered_when_something_is_missing(changed, code):
    with refused(code):
        then(after(), replace(REGISTER, **changed))


def test_everything_that_is_missing_is_named_at_once():
    holder = replace(HOLDER, number="")
    with refused("licence.field-missing") as caught:
        then(after(), replace(REGISTER, holder=holder, values=()))
    assert caught.value.facts == {"field": ["证件号码", "经营场所"]}


def test_a_field_that_may_be_empty_may_be_empty():
    assert then(after(), replace(REGISTER, values=(PREMISES,))).values == canonical((PREMISES,))


def test_a_licence_is_registered_once():
    with refused("licence.already-registered"):
        then(after(REGISTER), REGISTER)


def test_without_a_term_it_has_no_end():
    lasting = replace(REGISTER, content=replace(CONTENT, validity_months=0))
    assert then(after(), lasting).valid_to is None
    assert not after(lasting, ISSUE).expired(date(2999, 1, 1))


def test_when_its_paper_is_made_it_is_valid():
    assert then(after(REGISTER), ISSUE) == licences.LicenceIssued(
        version=1, paper="MT-7K2P-9QXD-L1", number="演市监证〔2026〕1号", at=MONDAY
    )
    assert after(*VALID).stage is Stage.VALID


@pytest.mark.parametrize(
    ("before", "command"),
    [
        ([], ISSUE),
        (VALID, ISSUE),
        ([REGISTER], ISSUE_2),
        ([*VALID, REISSUE], ISSUE),  # the paper of a version that was overtaken
        ([REGISTER, *HEARD, REVOKE], ISSUE),
    ],
)
def test_a_paper_makes_only_the_version_valid_that_waits_for_it(before, command):
    with refused("licence.not-making"):
        then(after(*before), command)


@pytest.mark.parametrize("how", DeliveredHow)
def test_it_is_delivered(how):
    assert then(after(*VALID), replace(DELIVER, how=how)) == licences.LicenceDelivered(
        version=1, how=how, recipient=Sealed("演示甲"), by="P-clerk", at=MONDAY
    )


def test_delivered_electronically_it_can_still_be_handed_out_each_once():
    electronic = replace(DELIVER, how=DeliveredHow.ELECTRONIC, by="")
    for before in ([electronic, DELIVER], [DELIVER, electronic]):
        state = after(*VALID, *before)
        for again in (electronic, DELIVER, replace(DELIVER, how=DeliveredHow.POST)):
            with refused("licence.already-delivered"):
                then(state, again)


def test_suspended_it_still_goes_into_its_holders_box():
    electronic = replace(DELIVER, how=DeliveredHow.ELECTRONIC, by="")
    assert then(after(*VALID, SUSPEND), electronic).version == 1


def test_a_new_version_is_handed_out_again():
    electronic = replace(DELIVER, how=DeliveredHow.ELECTRONIC, by="")
    state = after(*VALID, electronic, DELIVER, REISSUE, ISSUE_2)
    assert then(state, DELIVER).version == 2
    assert then(state, electronic).version == 2


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([], {}, "licence.not-issued"),
        ([REGISTER], {}, "licence.not-issued"),
        ([*VALID, *HEARD, REVOKE], {}, "licence.not-issued"),
        ([*VALID, SUSPEND], {}, "licence.not-valid"),
        (VALID, {"recipient": " "}, "licence.recipient-missing"),
        ([*VALID, DELIVER], {}, "licence.already-delivered"),
    ],
)
def test_it_is_not_delivered(before, changed, code):
    with refused(code):
        then(after(*before), replace(DELIVER, **changed))


# ── What the organ does ─────────────────────────────────────────────────────


def test_it_is_suspended_and_resumed():
    assert then(after(*VALID), SUSPEND) == licences.LicenceSuspended(
        reason=Sealed("停业整改"), by=BY, at=MONDAY
    )
    assert then(after(*VALID, SUSPEND), RESUME) == licences.LicenceResumed(
        reason=Sealed("整改合格"), by=BY, at=MONDAY
    )
    assert after(*VALID, SUSPEND).stage is Stage.SUSPENDED
    assert after(*VALID, SUSPEND, RESUME) == after(*VALID)


@pytest.mark.parametrize("before", [[REGISTER], VALID, [*VALID, SUSPEND], [*VALID, REISSUE]])
@pytest.mark.parametrize("ground", RevocationGround)
def test_it_is_revoked_whatever_state_it_is_in(before, ground):
    heard = (*before, replace(TELL, ground=ground), ANSWER)
    assert then(after(*heard), REVOKE) == licences.LicenceRevoked(
        ground=ground, reason=Sealed("提交虚假材料"), by=BY, at=REVOKE.at
    )
    assert after(*heard, REVOKE).stage is Stage.REVOKED


@pytest.mark.parametrize(
    "ground", sorted(set(CancellationGround) - {CancellationGround.NOT_RENEWED})
)
def test_it_is_cancelled_on_a_ground_of_the_law(ground):
    command = replace(CANCEL, ground=ground)
    assert then(after(*VALID), command) == licences.LicenceCancelled(
        ground=ground, reason=Sealed("持有人申请"), by=BY, at=MONDAY
    )
    assert after(*VALID, command).stage is Stage.CANCELLED


def test_for_want_of_renewal_it_is_cancelled_after_its_last_day():
    lapsed = replace(CANCEL, ground=CancellationGround.NOT_RENEWED)
    with refused("licence.not-over"):
        then(after(*VALID), replace(lapsed, at=day(2031, 3, 15, 23)))
    with refused("licence.renewal-under-way"):
        then(after(*VALID, APPLY), replace(lapsed, at=day(2031, 3, 16)))
    assert after(*VALID, replace(lapsed, at=day(2031, 3, 16, 0))).stage is Stage.CANCELLED


@pytest.mark.parametrize("command", [SUSPEND, RESUME, REVOKE, CANCEL, REISSUE])
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": " "}, "licence.reason-missing"),
        ({"mandate": None}, "licence.no-mandate"),
        ({"mandate": replace(LETTER, person="P-other")}, "licence.no-mandate"),
        ({"mandate": replace(LETTER, published=False)}, "mandate.not-published"),
        ({"mandate": replace(LETTER, revoked=True)}, "mandate.revoked"),
        ({"mandate": replace(LETTER, valid_from=date(2026, 3, 17))}, "mandate.not-yet-valid"),
        ({"mandate": replace(LETTER, valid_to=date(2026, 3, 15))}, "mandate.expired"),
        ({"mandate": replace(LETTER, organ="health")}, "mandate.other-organ"),
        ({"mandate": replace(LETTER, items=("DEMO-002",))}, "mandate.item-not-covered"),
        ({"mandate": replace(LETTER, powers=(MandatePower.SEAL,))}, "mandate.power-not-given"),
        ({"officer": replace(CHIEF, organisation="health")}, "licence.other-department"),
        ({"officer": replace(CHIEF, person="P-wang")}, "licence.own-licence"),
        ({"officer": replace(CHIEF, person="P-li")}, "licence.own-licence"),
    ],
)
def test_nobody_acts_on_a_licence_without_the_right_and_a_reason(command, changed, code):
    with refused(code):
        then(after(*VALID), replace(command, at=MONDAY, **changed))


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ([REGISTER], SUSPEND, "licence.not-valid"),
        ([*VALID, SUSPEND], SUSPEND, "licence.not-valid"),
        (VALID, replace(SUSPEND, at=day(2031, 3, 16)), "licence.not-valid"),
        (VALID, RESUME, "licence.not-suspended"),
        ([REGISTER], REISSUE, "licence.not-valid"),
        ([*VALID, SUSPEND], REISSUE, "licence.not-valid"),
        (VALID, replace(REISSUE, at=day(2031, 3, 16)), "licence.not-valid"),
    ],
)
def test_an_act_needs_the_state_it_is_for(before, command, code):
    with refused(code):
        then(after(*before), command)


ON_ITS_LAST_DAY = day(2031, 3, 15, 23)


def test_on_its_last_day_it_is_still_valid():
    assert then(after(*VALID), replace(SUSPEND, at=ON_ITS_LAST_DAY)).at == ON_ITS_LAST_DAY
    assert then(after(*VALID), replace(REISSUE, at=ON_ITS_LAST_DAY)).at == ON_ITS_LAST_DAY


# ── Issued anew ─────────────────────────────────────────────────────────────

MOVED = replace(PREMISES, value="演示路 2 号")


def test_lost_it_is_issued_anew_as_it_was_with_the_next_version():
    assert then(after(*VALID), REISSUE) == licences.LicenceReissued(
        version=2,
        why=ReissueReason.LOST,
        reason=Sealed("原证遗失"),
        identifier=Sealed(SECOND),
        holder=Sealed("P-wang"),
        holder_name=Sealed("演示甲"),
        holder_number=Sealed("110101199003071234"),
        values=VALUES,
        by=BY,
        at=MONDAY,
    )
    state = after(*VALID, REISSUE)
    assert (state.stage, state.version, state.valid_to) == (Stage.MAKING, 2, LAST)
    assert after(*VALID, REISSUE, ISSUE_2).stage is Stage.VALID


@pytest.mark.parametrize("why", [ReissueReason.CHANGED, ReissueReason.CORRECTED])
def test_changed_or_corrected_it_says_something_else(why):
    renamed = replace(HOLDER, name="演示乙")
    command = replace(REISSUE, why=why, holder=renamed, values=(MOVED, KIND))
    state = after(*VALID, command)
    assert (state.holder, state.values) == (renamed, canonical((MOVED, KIND)))
    with refused("licence.unchanged"):
        then(after(*VALID), replace(REISSUE, why=why))


@pytest.mark.parametrize("why", [ReissueReason.LOST, ReissueReason.DAMAGED])
def test_lost_or_damaged_it_may_say_nothing_else(why):
    with refused("licence.nothing-may-change"):
        then(after(*VALID), replace(REISSUE, why=why, values=(MOVED, KIND)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"holder": replace(HOLDER, name="")}, "licence.holder-missing"),
        ({"values": (KIND,)}, "licence.field-missing"),
    ],
)
def test_issued_anew_it_lacks_nothing(changed, code):
    with refused(code):
        then(after(*VALID), replace(REISSUE, why=ReissueReason.CHANGED, **changed))


def test_what_was_erased_is_not_issued_anew():
    erased = replace(after(*VALID), serial=ERASED)
    with refused("licence.erased"):
        then(erased, REISSUE)


# ── Renewal ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("filed", "in_time"),
    [(date(2031, 2, 13), True), (date(2031, 2, 14), False), (date(2031, 4, 1), False)],
)
def test_thirty_days_before_its_end_renewal_is_applied_for_in_time(filed, in_time):
    assert then(after(*VALID), replace(APPLY, filed_date=filed)) == licences.RenewalAppliedFor(
        case=RENEWAL, in_time=in_time, at=day(2031, 1, 10)
    )


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([], {}, "licence.unknown"),
        ([*VALID, CANCEL], {}, "licence.ended"),
        ([replace(REGISTER, content=replace(CONTENT, validity_months=0))], {}, "licence.no-end"),
        ([*VALID, APPLY], {"case": "MT-0000-0003"}, "licence.renewal-under-way"),
        (VALID, {"item": "DEMO-002"}, "licence.other-item"),
        (VALID, {"applicant": "P-somebody"}, "licence.not-yours"),
        (VALID, {"applicant": ""}, "licence.not-yours"),
    ],
)
def test_renewal_is_not_applied_for(before, changed, code):
    with refused(code):
        then(after(*before), replace(APPLY, **changed))


@pytest.mark.parametrize("applicant", ["P-wang", "P-li"])
def test_the_holder_or_whoever_applied_renews_it(applicant):
    assert then(after(*VALID), replace(APPLY, applicant=applicant)).case == RENEWAL


def test_a_renewal_that_came_to_nothing_is_over_and_may_be_tried_again():
    assert then(after(*VALID, APPLY), END) == licences.RenewalEnded(
        case=RENEWAL, at=day(2031, 2, 1)
    )
    assert after(*VALID, APPLY, END) == after(*VALID)
    with refused("licence.no-such-renewal"):
        then(after(*VALID, APPLY), replace(END, case="MT-0000-0003"))
    with refused("licence.no-such-renewal"):
        then(after(*VALID), replace(END, case=""))


def test_the_licence_a_renewal_gave_takes_its_place():
    assert then(after(*VALID, APPLY), REPLACE) == licences.LicenceReplaced(
        successor=RENEWAL, at=day(2031, 2, 1)
    )
    assert after(*VALID, APPLY, REPLACE).stage is Stage.REPLACED


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([], {}, "licence.unknown"),
        ([*VALID, APPLY, *HEARD, REVOKE], {}, "licence.ended"),
        (VALID, {}, "licence.no-such-renewal"),
        (VALID, {"successor": ""}, "licence.no-such-renewal"),
        ([*VALID, APPLY], {"successor": "MT-0000-0003"}, "licence.no-such-renewal"),
    ],
)
def test_nothing_else_takes_its_place(before, changed, code):
    with refused(code):
        then(after(*before), replace(REPLACE, **changed))


RENEWED = replace(REGISTER, case=RENEWAL, renews="MT-7K2P-9QXD")


def test_the_new_licence_names_the_one_it_renews_if_that_one_knows_of_it():
    applied, other = after(*VALID, APPLY), after(*VALID)
    assert then(after(), replace(RENEWED, renewed=applied)).related == "MT-7K2P-9QXD"
    assert then(after(), replace(RENEWED, renewed=other)).related == ""
    assert then(after(), RENEWED).related == ""


def test_what_nobody_decided_before_the_end_is_deemed_renewed():
    assert then(after(*VALID, APPLY), DEEM) == licences.LicenceDeemedRenewed(
        case=RENEWAL,
        version=2,
        identifier=Sealed(SECOND),
        valid_from=date(2031, 3, 16),
        valid_to=date(2036, 3, 15),
        at=day(2031, 3, 16),
    )
    state = after(*VALID, APPLY, DEEM)
    assert (state.stage, state.valid_to, state.renewal) == (Stage.MAKING, date(2036, 3, 15), "")


def test_a_decision_that_comes_after_it_was_deemed_renewed_gives_no_second_licence():
    deemed = after(*VALID, APPLY, DEEM)
    with refused("licence.already-renewed"):
        then(after(), replace(RENEWED, renewed=deemed))


LATE = replace(APPLY, filed_date=date(2031, 2, 14))


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([], {}, "licence.unknown"),
        ([*VALID, APPLY, CANCEL], {}, "licence.ended"),
        (VALID, {}, "licence.no-such-renewal"),
        ([*VALID, LATE], {}, "licence.no-such-renewal"),
        ([*VALID, APPLY, END], {}, "licence.no-such-renewal"),
        ([*VALID, APPLY], {"at": ON_ITS_LAST_DAY}, "licence.not-over"),
        ([*VALID, APPLY], {"decided": True}, "licence.renewal-decided"),
    ],
)
def test_it_is_not_deemed_renewed(before, changed, code):
    with refused(code):
        then(after(*before), replace(DEEM, **changed))


def test_what_was_erased_is_not_deemed_renewed():
    erased = replace(after(*VALID, APPLY), serial=ERASED)
    with refused("licence.erased"):
        then(erased, DEEM)


def test_deemed_renewed_while_suspended_it_stays_suspended():
    state = after(*VALID, SUSPEND, APPLY, DEEM, ISSUE_2)
    assert (state.stage, state.version) == (Stage.SUSPENDED, 2)
    assert after(*VALID, SUSPEND, APPLY, DEEM, ISSUE_2, RESUME).stage is Stage.VALID


# ── How it is shown ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stage", "last", "word"),
    [
        (Stage.VALID, LAST, "valid"),
        (Stage.VALID, LAST - DAY, EXPIRED),
        (Stage.VALID, None, "valid"),
        (Stage.SUSPENDED, LAST, "suspended"),
        (Stage.SUSPENDED, LAST - DAY, EXPIRED),
        (Stage.MAKING, LAST - DAY, "making"),
        (Stage.REVOKED, LAST - DAY, "revoked"),
        (Stage.REPLACED, LAST - DAY, "replaced"),
    ],
)
def test_expired_is_worked_out_from_the_last_day(stage, last, word):
    assert shown(stage, last, LAST) == word


# ── Whatever happens, in whatever order ─────────────────────────────────────

EVERYTHING = [
    REGISTER,
    RENEWED,
    ISSUE,
    ISSUE_2,
    replace(ISSUE, version=3),
    DELIVER,
    SUSPEND,
    RESUME,
    TELL,
    ANSWER,
    REVOKE,
    CANCEL,
    REISSUE,
    APPLY,
    LATE,
    END,
    REPLACE,
    DEEM,
]
orders = st.lists(st.sampled_from(EVERYTHING), max_size=25).map(lambda some: [REGISTER, *some])


def lived(commands: list[licences.Command]) -> list[tuple[licences.Event, licences.State]]:
    """Return what happened, and what the licence was after it; refusals leave no trace."""
    state, life = licences.State(), []
    for command in commands:
        try:
            events = licences.decide(state, command)
        except Refused:
            continue
        for event in events:
            state = licences.evolve(state, event)
            life.append((event, state))
    return life


@given(orders)
@settings(max_examples=300)
def test_an_ended_licence_never_comes_back(commands):
    stages = [state.stage for _, state in lived(commands)]
    ends = [place for place, stage in enumerate(stages) if stage in ENDED]
    assert ends in ([], [len(stages) - 1])


@given(orders)
@settings(max_examples=300)
def test_one_version_at_most_is_valid_and_only_with_its_own_paper(commands):
    valid_version = 0
    for event, state in lived(commands):
        if isinstance(event, licences.LicenceIssued):
            assert event.version == state.version > valid_version
            valid_version = event.version
        if state.stage in (Stage.VALID, Stage.SUSPENDED):
            assert state.version == valid_version


@given(orders)
@settings(max_examples=300)
def test_versions_count_up_and_keep_the_serial(commands):
    life = lived(commands)
    versions = [state.version for _, state in life]
    assert versions == sorted(versions)
    assert set(versions) == set(range(1, max(versions) + 1))
    assert {state.serial for _, state in life} == {REGISTER.serial}


@given(orders)
@settings(max_examples=300, deadline=None)
def test_every_event_survives_the_wire(commands):
    wire = Wire(licences.EVENTS)
    for event, _ in lived(commands):
        sealed = wire.sealed_fields(event.kind)
        data, opened = wire.encode(event, iter(["salt"] * len(sealed)))
        assert wire.decode(data, {one.name: one.value for one in opened}) == event


def test_nothing_that_says_whose_it_is_stands_in_the_public_face():
    wire = Wire(licences.EVENTS)
    stranger = Holder(kind="person", id="P-wang", name="演示丙", number="110101199003075678")
    registered = then(after(), replace(REGISTER, holder=stranger))
    face, _ = wire.encode(registered, iter(["salt"] * 8))
    for secret in ("演示丙", "110101199003075678", "P-wang", "P-li", "Q7K2P9", "演示路"):
        assert secret not in face.decode()
