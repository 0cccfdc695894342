"""What the organ does to licences and the centre to their types; what the public check says."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.cases import actions as cases
from mingtang.catalogue import actions as catalogue
from mingtang.core.decider import Refused
from mingtang.core.licences import (
    CancellationGround,
    DeliveredHow,
    ReissueReason,
    Stage,
)
from mingtang.core.licences.types import LicenceField
from mingtang.core.mandates import key as letter_key
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.licences import actions, queries
from mingtang.licences.actions import Amendment
from mingtang.licences.models import LicenceTypeRow
from mingtang.licences.queries import Checked, check_by_identifier, licence_of_paper
from mingtang.papers import queries as papers
from mingtang.people import actions as people
from mingtang.people.actions import Body, Post
from tests.core.case_examples import MONDAY
from tests.core.item_examples import item
from tests.core.licence_examples import CODE, CONTENT
from tests.rooms import batch_town, case_town, licence_words
from tests.rooms.licence_words import (
    END,
    WORKER,
    begin,
    chief,
    granted,
    hear,
    in_one,
    licensed,
    registered,
    row,
    work,
)
from tests.words import refused

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def home(log_home):
    """Documents and keys of its own."""


@pytest.fixture
def office():
    return licence_words.build()


@pytest.fixture
def key(office):
    return licensed(office)


def acting(office, **changed):
    return {"reason": "演示理由", "officer": chief(office), "at": MONDAY, **changed}


def state(key, today=TODAY):
    return check_by_identifier(row(key).identifier, today=today).state


def test_of_an_adopted_item_the_licence_is_the_organ_s_that_decided(office):
    city = Particulars(name="演示市局", uscc="91350100M000100Y43")
    body = Body(code="city-market", kind=OrganisationKind.DEPARTMENT, particulars=city)
    people.register_organisations(bodies=[body], by=case_town.SETUP, at=MONDAY)
    case_town.publish(item(adoptable=True), draft=2)
    catalogue.adopt_item(
        item=case_town.ITEM,
        organ="city-market",
        seen=2,
        promised_days=5,
        offices=["window-7"],
        phone="0990-0120101",
        by=case_town.SETUP,
        at=MONDAY,
    )
    person = case_town.official(61, Role.CHIEF_REPRESENTATIVE, "city-market")
    head = Post(
        person=office.manager,
        role=Role.DEPARTMENT_MANAGER,
        organisation="city-market",
        staff_no="N-063",
    )
    people.appoint(post=head, by=case_town.SETUP, at=MONDAY)
    case_town.grant(office, letter_no="演市局授1号", organ="city-market", person=person)
    begin()
    number = case_town.filed(office, organ="city-market")
    reviewer = case_town.officer("P-city", "N-062", "city-market")
    site = case_town.officer(office.inspector, "N-005", "inspection")
    cases.accept(number=number, officer=case_town.clerk(office), at=MONDAY)
    for step, officer in (("papers", reviewer), ("site", site), ("merge", reviewer)):
        licence_words.review(number, step, officer, MONDAY)
    decider = case_town.officer(person, "N-061", "city-market")
    cases.decide(number=number, granted=True, reason="", officer=decider, at=MONDAY)
    hear()
    assert (row(number).organ, row(number).organ_name) == ("city-market", "演示市局")


# ── Acts on a licence ───────────────────────────────────────────────────────


def test_suspended_and_resumed_it_is_seen_at_once(office, key):
    assert state(key) == "valid"
    actions.suspend(key=key, **acting(office))
    assert (row(key).stage, state(key)) == ("suspended", "suspended")
    actions.resume(key=key, **acting(office))
    assert (row(key).stage, state(key)) == ("valid", "valid")


def test_revoked_or_cancelled_it_has_ended(office, key):
    other = licensed(office)
    licence_words.revoked(office, key)
    actions.cancel(key=other, ground=CancellationGround.REQUESTED, **acting(office))
    assert (state(key), state(other)) == ("revoked", "cancelled")
    with refused("licence.ended"):
        actions.resume(key=key, **acting(office))


ACTS = {
    "suspend": (actions.suspend, {}),
    "resume": (actions.resume, {}),
    "revoke": (actions.revoke, {}),
    "cancel": (actions.cancel, {"ground": CancellationGround.REQUESTED}),
    "reissue": (actions.reissue, {"why": ReissueReason.LOST}),
}
EACH = pytest.mark.parametrize(("act", "said"), ACTS.values(), ids=ACTS)


@EACH
def test_without_a_letter_in_force_nothing_is_done(office, key, act, said):
    people.revoke_mandate(
        key=letter_key(case_town.LETTER), reason="演示", by=office.manager, at=MONDAY
    )
    before = LedgerEntry.objects.count()
    with refused("mandate.revoked"):
        act(key=key, **said, **acting(office))
    assert LedgerEntry.objects.count() == before


@EACH
def test_a_clerk_has_no_letter_and_another_department_no_say(office, key, act, said):
    clerk = case_town.officer(office.reviewer, "N-004", "market")
    with refused("licence.no-mandate"):
        act(key=key, **said, **acting(office, officer=clerk))
    stranger = case_town.officer(office.stranger, "N-008", "education")
    with refused("licence.other-department"):
        act(key=key, **said, **acting(office, officer=stranger))
    assert row(key).stage == "valid"


@EACH
def test_a_licence_that_is_not_there_is_unknown(office, act, said):
    with refused("licence.unknown"):
        act(key="MT-0000-0000", **said, **acting(office))


def test_the_same_form_sent_twice_suspends_once(office, key):
    first = actions.suspend(key=key, **acting(office, once="a-form"))
    again = actions.suspend(key=key, **acting(office, once="a-form"))
    assert (again.index, again.repeated) == (first.index, True)


# ── Issued anew ─────────────────────────────────────────────────────────────


def test_lost_it_is_printed_anew_and_the_old_paper_names_the_new(office, key):
    old = row(key)
    actions.reissue(key=key, why=ReissueReason.LOST, **acting(office))
    assert (row(key).stage, row(key).version, row(key).paper) == ("making", 2, "")
    work()
    new = row(key)
    assert (new.stage, new.paper, new.number) == ("valid", f"{key}-L2", old.number)
    assert (new.delivered_how, new.valid_to) == ("electronic", END)
    assert new.identifier.split(".")[5:8] == old.identifier.split(".")[5:8]
    found = check_by_identifier(old.identifier, today=TODAY)
    assert (found.state, found.version, found.newest, found.successor) == (
        "replaced",
        1,
        2,
        new.identifier,
    )
    assert check_by_identifier(new.identifier, today=TODAY).state == "valid"
    sheet = papers.sheet_of(papers.paper(f"{key}-L2"))
    assert sheet.notes[0] == (
        "原证遗失，补发，2026年3月2日，第 2 版，授权书 演市监授〔2026〕1号。"
        "以前各版同时作废，有效期不变。"
    )
    assert papers.paper(f"{key}-L2").user == office.chief


def test_changed_it_says_what_is_so_now(office, key):
    amendment = Amendment(
        holder_name="演示甲",
        holder_number="E00000001",
        values={"premises": "演示路 9 号", "kind": "食品店"},
    )
    actions.reissue(key=key, why=ReissueReason.CHANGED, amendment=amendment, **acting(office))
    work()
    versions = queries.versions_of(key)
    assert [queries.values_of(one)[0].value for one in versions] == ["演示路 9 号", "演示路 1 号"]
    assert [(one.version, one.why) for one in versions] == [(2, "changed"), (1, "granted")]


def test_another_number_is_another_holder(office):
    batch_town.found(office)
    licence_words.publish(office, WORKER)
    begin()
    _, [number] = in_one(office, 1)
    work()
    someone = registered(7, "演示员7")
    assert row(number).holder == ""
    values = {
        value.name: value.value for value in queries.values_of(queries.version_of(row(number)))
    }
    amendment = Amendment(
        holder_name="演示员7", holder_number=batch_town.resident(7), values=values
    )
    officer = chief(office)
    actions.reissue(
        key=number,
        why=ReissueReason.CORRECTED,
        reason="号码错误",
        amendment=amendment,
        officer=officer,
        at=MONDAY,
    )
    assert (row(number).holder, row(number).holder_name) == (someone, "演示员7")


def test_what_is_missing_after_a_change_is_refused(office, key):
    amendment = Amendment(holder_name="演示甲", holder_number="E00000001", values={"kind": "x"})
    with refused("licence.field-missing"):
        actions.reissue(key=key, why=ReissueReason.CHANGED, amendment=amendment, **acting(office))
    assert row(key).version == 1


# ── Into the holder's hands ─────────────────────────────────────────────────


def test_many_are_handed_over_in_one_act_each_with_its_own_result(office):
    begin()
    keys = [granted(office) for _ in range(3)]
    work()
    licence_words.revoked(office, keys[1])
    outcomes = actions.hand_over(
        recipients={keys[0]: "演示甲", keys[1]: "演示甲", keys[2]: ""},
        how=DeliveredHow.WINDOW,
        by=office.clerk,
        at=MONDAY,
    )
    assert isinstance(outcomes[keys[0]], Receipt)
    codes = [getattr(outcomes[key], "code", "") for key in keys]
    assert codes == ["", "licence.not-issued", "licence.recipient-missing"]
    assert (row(keys[0]).delivered_how, row(keys[0]).delivered_by) == ("window", office.clerk)
    assert row(keys[2]).delivered_how == "electronic"


def test_the_same_hand_over_sent_twice_is_one(office, key):
    def hand_over():
        return actions.hand_over(
            recipients={key: "演示甲"},
            how=DeliveredHow.POST,
            by=office.clerk,
            at=MONDAY,
            once={key: "a-form"},
        )[key]

    first, again = hand_over(), hand_over()
    assert (again.index, again.repeated) == (first.index, True)
    assert row(key).delivered_how == "post"


# ── The public check ────────────────────────────────────────────────────────


def test_the_public_check_says_what_is_printed_and_masks_a_persons_name(office, key):
    found, paper = row(key), papers.paper(f"{key}-L1")
    version = queries.version_of(found)
    assert check_by_identifier(f" {found.identifier.lower()} ", today=TODAY) == Checked(
        key=key,
        name="演示食品经营许可证",
        name_en="Food Business Licence",
        organ_name="演示市场监督管理局",
        stage=Stage.VALID,
        state="valid",
        since=found.stage_since,
        version=1,
        newest=1,
        identifier=found.identifier,
        holder_kind="person",
        holder_name="演**",
        valid_from=date(2026, 3, 2),
        valid_to=END,
        successor="",
        paper=paper.key,
        issued_index=version.issued_index,
    )
    assert licence_of_paper(paper.key, today=TODAY) == check_by_identifier(
        found.identifier, today=TODAY
    )


def test_before_it_is_made_it_is_being_made_and_after_its_last_day_expired(office):
    begin()
    number = granted(office)
    hear("licences.register")
    assert state(number) == "making"
    work()
    assert (state(number, END), state(number, date(2031, 3, 2))) == ("valid", "expired")


@pytest.mark.parametrize(
    "text", ["", "1.2.156.3005.2", "x" * 500, "1.2.156.3005.2.a.b.c.001.X", "MT-0000-0000"]
)
def test_what_is_no_identifier_finds_nothing(office, key, text):
    assert check_by_identifier(text, today=TODAY) is None


def test_an_identifier_nobody_was_given_finds_nothing(office, key):
    assert (
        check_by_identifier(
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U", today=TODAY
        )
        is None
    )


@pytest.mark.parametrize("paper", ["MT-7K2P-9QXD-3", "MT-7K2P-9QXD-L1", "", "-L1"])
def test_a_paper_that_is_no_licence_has_none(office, key, paper):
    assert licence_of_paper(paper, today=TODAY) is None


# ── Types ───────────────────────────────────────────────────────────────────


def test_who_manages_the_centre_publishes_and_withdraws_types(office):
    changed = replace(CONTENT, name="演示新证")
    assert licence_words.publish(office, changed) == CODE
    found = LicenceTypeRow.objects.get()
    assert (found.version, found.in_use, found.name, found.items) == (
        2,
        True,
        "演示新证",
        ["DEMO-001"],
    )
    actions.withdraw_type(key=CODE, reason="停用", by=office.head, at=MONDAY)
    assert queries.types_in_use() == {}
    assert [one.in_use for one in queries.licence_types()] == [False]


def test_nobody_else_does(office):
    changed = replace(CONTENT, name="演示新证")
    with refused("licence-type.publisher-not-manager"):
        actions.publish_type(content=changed, by=office.manager, at=MONDAY)
    with refused("licence-type.publisher-not-manager"):
        actions.withdraw_type(key=CODE, reason="停用", by=office.chief, at=MONDAY)


def test_an_item_gives_one_licence_and_no_second(office):
    other = replace(CONTENT, code="91350100M000100Y43W09")
    with refused("licence-type.item-taken"):
        licence_words.publish(office, other)
    actions.withdraw_type(key=CODE, reason="停用", by=office.head, at=MONDAY)
    assert licence_words.publish(office, other) == other.code


def test_a_field_comes_from_the_form_of_its_item(office):
    elsewhere = LicenceField(name="x", label="面积", source="form:area")
    with refused("licence-type.source-unknown"):
        licence_words.publish(office, replace(CONTENT, fields=(elsewhere,)))
    assert actions.form_fields(["DEMO-001"]) == {"premises", "kind"}
    assert actions.form_fields(["nothing"]) is None


# ── Whose ───────────────────────────────────────────────────────────────────


def test_what_is_looked_for_is_found_and_nothing_else(office, key):
    other = licensed(office)
    actions.suspend(key=other, **acting(office))
    everything = queries.of_organs(["market"])

    def found(**asked):
        return {one.key for one in queries.narrowed(everything, today=TODAY, **asked)}

    assert found() == {key, other}
    assert found(standing="suspended") == {other}
    assert found(standing="valid") == {key}
    assert found(standing="expired") == set()
    assert found(words=key.lower()) == {key}
    assert found(words=row(key).identifier) == {key}
    assert found(words="示甲") == {key, other}
    assert found(words="E00000001") == {key, other}
    assert found(words=row(key).number) == {key}
    assert found(type="none") == set()
    late = queries.narrowed(everything, standing="expired", today=date(2031, 3, 2))
    assert {one.key for one in late} == {key, other}
    soon = queries.narrowed(everything, standing="near", today=date(2031, 2, 1))
    assert {one.key for one in soon} == {key, other}
    assert list(queries.of_organs(["education"])) == []


def test_a_refusal_is_told_with_the_letter_it_is_about(office, key):
    people.revoke_mandate(
        key=letter_key(case_town.LETTER), reason="演示", by=office.manager, at=MONDAY
    )
    with pytest.raises(Refused) as caught:
        actions.suspend(key=key, **acting(office))
    assert caught.value.facts == {"letter_no": case_town.LETTER}
