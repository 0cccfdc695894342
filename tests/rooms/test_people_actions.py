"""What can be done to people, organisations, offices and letters, with a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.core.mandates import TRADING, MandatePower, key
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import Power, Role
from mingtang.ledger import replay
from mingtang.ledger.models import LedgerEntry, Opened
from mingtang.ledger.orders import Receipt
from mingtang.people import actions, queries
from mingtang.people.actions import Body, Place, Post
from mingtang.people.models import AppointmentRow, MandateRow, OfficeRow, PersonRow
from tests.rooms.people_words import (
    MONDAY,
    SETUP,
    identity,
    letter,
    official,
    person,
    town,
)
from tests.words import refused

pytestmark = pytest.mark.django_db
UNIT = Body(
    code="91990000MA9D01016C",
    kind=OrganisationKind.ENTERPRISE,
    particulars=Particulars(name="演示云岭餐饮有限公司", uscc="91990000MA9D01016C"),
)


# ── Persons ─────────────────────────────────────────────────────────────────


def test_a_registered_person_is_found_and_the_log_does_not_know_their_name():
    receipt = actions.register_person(identity=identity(), at=MONDAY)

    row = queries.person(receipt.key)
    assert (row.name, row.id_number, row.registered_by) == ("演示1", "E00000001", receipt.key)
    assert len(receipt.key) == 12
    body = bytes(LedgerEntry.objects.get().body).decode()
    assert receipt.key in body
    assert "演示1" not in body
    assert "E00000001" not in body
    opened = dict(Opened.objects.values_list("name", "value"))
    assert opened == {"name": "演示1", "id_number": "E00000001", "phone": "19900000001"}


def test_an_identity_number_is_registered_once():
    person(1)
    with refused("person.number-taken"):
        person(1)
    assert PersonRow.objects.count() == 1


def test_the_same_submission_sent_twice_registers_once():
    first = actions.register_person(identity=identity(), at=MONDAY, once="k1")
    again = actions.register_person(identity=identity(), at=MONDAY, once="k1")
    assert (again.key, again.repeated) == (first.key, True)


def test_many_are_registered_in_one_commit_and_a_doubled_number_spoils_only_itself():
    outcomes = actions.register_people(
        identities=[identity(1), identity(2), identity(1), identity(3)], by=SETUP, at=MONDAY
    )
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [True, True, False, True]
    assert outcomes[2].code == "person.number-taken"
    assert PersonRow.objects.count() == 3


def test_amending_replaces_the_row_and_nobody_takes_anothers_number():
    first, second = person(1), person(2)
    actions.amend_person(person=first, identity=identity(9), by=first, at=MONDAY)
    assert queries.person(first).name == "演示9"
    with refused("person.number-taken"):
        actions.amend_person(person=second, identity=identity(9), by=second, at=MONDAY)


def test_an_appointment_makes_an_actor_and_its_end_unmakes_it():
    town()
    someone = official(1, Role.REVIEWER)
    actor = queries.actor(someone)
    assert actor.roles == {Role.REVIEWER}
    assert actor.powers == {Power.CASE_REVIEW, Power.CASE_REFER}
    assert actor.organisations_with(Power.CASE_REVIEW) == {"education"}
    assert queries.is_staff(someone)

    actions.end_appointment(person=someone, number=1, reason="轮岗", by=SETUP, at=MONDAY)
    assert queries.actor(someone).powers == frozenset()
    assert not queries.is_staff(someone)
    row = AppointmentRow.objects.get()
    assert (row.ended_by, row.end_reason) == (SETUP, "轮岗")


def test_somebody_unknown_is_nobody():
    assert queries.actor("NOBODY") == queries.Actor()
    assert not queries.is_staff("NOBODY")


def test_an_administrator_is_not_appointed_to_business():
    town()
    admin = official(1, Role.SECURITY_ADMIN, "mingzhou")
    post = Post(person=admin, role=Role.REVIEWER, organisation="education", staff_no="N-001")
    with refused("person.roles-incompatible"):
        actions.appoint(post=post, by=SETUP, at=MONDAY)


def test_posts_are_given_where_there_is_an_organisation_and_an_open_office():
    town()
    someone = person(1)
    post = Post(
        person=someone,
        role=Role.WINDOW_CLERK,
        organisation="education",
        office="window-1",
        staff_no="N-001",
    )
    outcomes = actions.appoint_many(
        posts=[
            replace(post, organisation="nowhere"),
            replace(post, office="window-9"),
            post,
        ],
        by=SETUP,
        at=MONDAY,
    )
    assert [getattr(outcome, "code", "") for outcome in outcomes] == [
        "person.organisation-unknown",
        "person.office-not-open",
        "",
    ]
    assert queries.actor(someone).offices == {"window-1"}
    [row] = queries.staff(organisation="education")
    assert (row.name, row.organisation_name, row.staff_no) == ("演示1", "演示education", "N-001")


def test_one_person_entrusts_another_and_takes_it_back():
    one, other = person(1), person(2)
    actions.entrust(person=one, agent=other, scope="全部", at=MONDAY)
    assert queries.actor(other).principals == {one}
    [row] = queries.entrusted_by(one)
    assert row.name == "演示2"

    actions.end_entrustment(person=one, agent=other, reason="", by=other, at=MONDAY)
    assert queries.actor(other).principals == frozenset()


# ── Organisations and offices ───────────────────────────────────────────────


def test_who_enters_their_unit_is_its_first_agent():
    someone = person(1)
    actions.register_organisation(body=UNIT, by=someone, by_staff=False, at=MONDAY)
    assert queries.actor(someone).represents == {UNIT.code}
    assert [row.name for row in queries.organisations_of(someone)] == ["演示云岭餐饮有限公司"]
    with refused("organisation.already-registered"):
        actions.register_organisation(body=UNIT, by=person(2), by_staff=False, at=MONDAY)
    assert [row.agent for row in queries.agents_of(UNIT.code)] == [someone]


def test_an_agent_names_another_and_removes_them():
    one, other = person(1), person(2)
    actions.register_organisation(body=UNIT, by=one, by_staff=False, at=MONDAY)
    actions.name_agent(
        organisation=UNIT.code, person=other, scope="年报", by=one, by_staff=False, at=MONDAY
    )
    assert queries.actor(other).represents == {UNIT.code}

    actions.remove_agent(
        organisation=UNIT.code, person=other, reason="离职", by=one, by_staff=False, at=MONDAY
    )
    assert queries.actor(other).represents == frozenset()
    with refused("organisation.not-its-agent"):
        actions.name_agent(
            organisation=UNIT.code, person=other, scope="", by=other, by_staff=False, at=MONDAY
        )


def test_many_agents_are_named_in_one_commit():
    one, other = person(1), person(2)
    actions.register_organisations(bodies=[UNIT], by=SETUP, at=MONDAY)
    outcomes = actions.name_agents(
        agents=[(UNIT.code, one), (UNIT.code, other), (UNIT.code, "NOBODY")], by=SETUP, at=MONDAY
    )
    assert [getattr(outcome, "code", "") for outcome in outcomes] == [
        "",
        "",
        "organisation.agent-unknown",
    ]


def test_particulars_are_amended_by_who_speaks_for_the_organisation():
    someone = person(1)
    actions.register_organisation(body=UNIT, by=someone, by_staff=False, at=MONDAY)
    actions.amend_organisation(
        code=UNIT.code,
        particulars=replace(UNIT.particulars, phone="0990-0000000"),
        by=someone,
        by_staff=False,
        at=MONDAY,
    )
    assert queries.organisation(UNIT.code).phone == "0990-0000000"


def test_offices_open_in_a_known_organisation_and_close_with_a_reason():
    town()
    place = Place(
        code="w-2", organisation="education", kind=OfficeKind.DEPARTMENT_OFFICE, name="办公室"
    )
    outcomes = actions.open_offices(
        places=[place, replace(place, code="w-3", organisation="nowhere")], by=SETUP, at=MONDAY
    )
    assert [getattr(outcome, "code", "") for outcome in outcomes] == [
        "",
        "office.organisation-unknown",
    ]
    assert queries.open_offices() == {"window-1": "综合窗口1号", "w-2": "办公室"}

    actions.close_office(code="w-2", reason="搬迁", by=SETUP, at=MONDAY)
    assert queries.open_offices() == {"window-1": "综合窗口1号"}
    assert OfficeRow.objects.get(pk="w-2").closed_at == MONDAY


# ── Letters ─────────────────────────────────────────────────────────────────


@pytest.fixture
def officials():
    """A manager and a chief representative of the department of education."""
    town()
    return official(1, Role.DEPARTMENT_MANAGER), official(2, Role.CHIEF_REPRESENTATIVE)


def test_a_letter_counts_from_its_publication_until_it_is_revoked(officials):
    manager, chief = officials
    receipt = actions.grant_mandate(letter=letter(chief), by=manager, at=MONDAY)
    assert receipt.key == key("演示授权〔2026〕1号")
    assert queries.mandates_in_force("education", MONDAY.date()) == ()
    assert queries.published_letters() == []
    assert [held.published for held in queries.mandates_of(chief)] == [False]

    actions.publish_mandate(key=receipt.key, office="window-1", by=manager, at=MONDAY)
    published = replace(letter(chief), published=True)
    assert queries.mandates_in_force("education", MONDAY.date()) == (published,)
    assert queries.mandates_in_force("health", MONDAY.date()) == ()
    assert [row.key for row in queries.published_letters()] == [receipt.key]

    actions.revoke_mandate(key=receipt.key, reason="轮岗", by=manager, at=MONDAY)
    assert queries.mandates_in_force("education", MONDAY.date()) == ()
    assert queries.mandates_of(chief) == (replace(published, revoked=True),)
    row = MandateRow.objects.get()
    assert (row.office, row.revoke_reason, row.published_index) == ("window-1", "轮岗", 9)


def test_a_letter_is_in_force_on_its_first_and_last_day(officials):
    manager, chief = officials
    receipt = actions.grant_mandate(letter=letter(chief), by=manager, at=MONDAY)
    actions.publish_mandate(key=receipt.key, office="window-1", by=manager, at=MONDAY)
    first, last, day = date(2026, 3, 1), date(2026, 12, 31), timedelta(days=1)
    counted = [
        len(queries.mandates_in_force("education", on))
        for on in (first - day, first, last, last + day)
    ]
    assert counted == [0, 1, 1, 0]


def test_only_the_organs_manager_grants_and_only_to_its_chief_representative(officials):
    manager, chief = officials
    stranger = official(3, Role.DEPARTMENT_MANAGER, "health")
    for by in (stranger, SETUP):
        with refused("mandate.granter-not-manager"):
            actions.grant_mandate(letter=letter(chief), by=by, at=MONDAY)
    with refused("mandate.not-chief-representative"):
        actions.grant_mandate(letter=letter(stranger), by=manager, at=MONDAY)
    receipt = actions.grant_mandate(letter=letter(chief), by=manager, at=MONDAY)
    with refused("mandate.granter-not-manager"):
        actions.publish_mandate(key=receipt.key, office="window-1", by=stranger, at=MONDAY)
    with refused("mandate.granter-not-manager"):
        actions.revoke_mandate(key=receipt.key, reason="轮岗", by=stranger, at=MONDAY)


def test_a_centres_manager_grants_its_trade_officer_and_nobody_elses(officials):
    head = official(3, Role.CENTRE_MANAGER, "mingzhou")
    trader = official(4, Role.TRADE_OFFICER, "mingzhou")
    host = official(5, Role.TRADE_HOST, "mingzhou")
    own = letter(trader, organ="mingzhou", items=(TRADING,), powers=(MandatePower.SEAL,))
    with refused("mandate.not-chief-representative"):
        actions.grant_mandate(letter=replace(own, person=host), by=head, at=MONDAY)
    with refused("mandate.granter-not-manager"):
        actions.grant_mandate(letter=letter(officials[1]), by=head, at=MONDAY)
    receipt = actions.grant_mandate(letter=own, by=head, at=MONDAY)
    actions.publish_mandate(key=receipt.key, office="window-1", by=head, at=MONDAY)
    assert queries.mandates_in_force("mingzhou", MONDAY.date()) == (replace(own, published=True),)


def test_many_letters_are_granted_and_published_each_in_one_commit(officials):
    manager, chief = officials
    letters = [
        (letter(chief, letter_no=f"演示授权〔2026〕{number}号"), manager) for number in (1, 2, 1)
    ]
    granted = actions.grant_mandates(letters=letters, at=MONDAY)
    assert granted[2].code == "mandate.already-granted"
    published = actions.publish_mandates(
        letters=[(receipt.key, "window-1", manager) for receipt in granted[:2]], at=MONDAY
    )
    assert all(isinstance(outcome, Receipt) for outcome in published)
    assert len(queries.mandates_in_force("education", MONDAY.date())) == 2


# ── The copies ──────────────────────────────────────────────────────────────


def test_every_table_can_be_thrown_away_and_made_again_from_the_ledger(officials):
    manager, chief = officials
    receipt = actions.grant_mandate(letter=letter(chief), by=manager, at=MONDAY)
    actions.publish_mandate(key=receipt.key, office="window-1", by=manager, at=MONDAY)
    actions.revoke_mandate(key=receipt.key, reason="轮岗", by=manager, at=MONDAY)
    one, other = person(3), person(4)
    actions.entrust(person=one, agent=other, scope="", at=MONDAY)
    actions.register_organisation(body=UNIT, by=one, by_staff=False, at=MONDAY)
    actions.amend_person(person=one, identity=identity(5), by=one, at=MONDAY)
    actions.end_appointment(person=manager, number=1, reason="轮岗", by=SETUP, at=MONDAY)
    actions.close_office(code="window-1", reason="搬迁", by=SETUP, at=MONDAY)
    tables = [table for subject in actions.SUBJECTS for table in subject.tables]
    before = {table: list(table.objects.order_by("pk").values()) for table in tables}

    written = replay.rebuild(actions.SUBJECTS)

    assert {table: list(table.objects.order_by("pk").values()) for table in tables} == before
    assert all(before.values())
    assert sum(written.values()) == sum(len(rows) for rows in before.values())


def test_two_families_never_write_the_same_table():
    tables = [table for subject in actions.SUBJECTS for table in subject.tables]
    assert len(tables) == len(set(tables))
