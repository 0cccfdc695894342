"""Who is registered, who holds which role: examples and properties."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.core import people
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import IdKind, Power, Role
from mingtang.core.wire import ERASED, Wire
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
WIRE = Wire(people.EVENTS)
DEPARTMENT, CENTRE = OrganisationKind.DEPARTMENT, OrganisationKind.CENTRE

REGISTER = people.RegisterPerson(
    person="P1",
    name="演示甲",
    id_kind=IdKind.RESIDENT,
    id_number="990101195103120114",
    phone="19900000001",
    same_number="",
    by="P1",
    at=MONDAY,
)
AMEND = people.AmendPerson(
    name="演示甲",
    id_kind=IdKind.RESIDENT,
    id_number="990101195103120114",
    phone="19900000002",
    same_number="P1",
    by="P1",
    at=MONDAY,
)
APPOINT = people.Appoint(
    role=Role.REVIEWER,
    organisation="education",
    organisation_kind=DEPARTMENT,
    office="window-1",
    office_open=True,
    staff_no="E-007",
    title="演示科员",
    by="S1",
    at=MONDAY,
)
END = people.EndAppointment(number=1, reason="轮岗", by="S1", at=MONDAY)
ENTRUST = people.EntrustPerson(agent="P2", agent_known=True, scope="全部", by="P1", at=MONDAY)
RELEASE = people.EndEntrustment(agent="P2", reason="", by="P1", at=MONDAY)


# The machine may be busy: that is no fault of the rules.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def after(*commands: people.Command) -> people.State:
    state = people.State()
    for command in commands:
        for event in people.decide(state, command):
            state = people.evolve(state, event)
    return state


def test_registering_a_person_records_who_with_the_personal_values_sealed():
    [event] = people.decide(people.State(), REGISTER)

    body, opened = WIRE.encode(event, ["a" * 22, "b" * 22, "c" * 22])

    assert {d.name: d.value for d in opened} == {
        "name": "演示甲",
        "id_number": "990101195103120114",
        "phone": "19900000001",
    }
    for personal in ("演示甲", "990101195103120114", "19900000001"):
        assert personal not in body.decode()


def test_a_person_read_back_after_erasure_is_still_that_person():
    [event] = people.decide(people.State(), REGISTER)
    body, _ = WIRE.encode(event, ["a" * 22, "b" * 22, "c" * 22])

    state = people.evolve(people.State(), WIRE.decode(body))

    assert (state.person, state.name, state.id_number, state.phone) == ("P1", *[ERASED] * 3)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "person.name-missing"),
        ({"id_number": ""}, "person.id-number-missing"),
        ({"same_number": "P9"}, "person.number-taken"),
    ],
)
def test_a_person_without_an_identity_of_their_own_is_not_registered(changed, code):
    with refused(code):
        people.decide(people.State(), replace(REGISTER, **changed))
    with refused(code):
        people.decide(after(REGISTER), replace(AMEND, **changed))


def test_a_person_is_registered_once():
    with refused("person.already-registered"):
        people.decide(after(REGISTER), REGISTER)


def test_amending_changes_what_is_known_and_refuses_to_change_nothing():
    person = after(REGISTER, AMEND)
    assert person.phone == "19900000002"
    with refused("person.unchanged"):
        people.decide(person, AMEND)


@pytest.mark.parametrize("command", [AMEND, APPOINT, END, ENTRUST, RELEASE])
def test_nothing_can_be_done_to_somebody_who_is_not_registered(command):
    with refused("person.unknown"):
        people.decide(people.State(), command)


def test_an_appointment_gives_a_role_and_its_end_takes_it_away():
    appointed = after(REGISTER, APPOINT)
    assert appointed.roles == {Role.REVIEWER}
    assert after(REGISTER, APPOINT, END).roles == frozenset()


def test_appointments_are_counted_and_a_number_is_never_used_again():
    person = after(REGISTER, APPOINT, END, APPOINT)
    assert person.posts == ((2, people.Post(Role.REVIEWER, "education", "window-1")),)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "P1"}, "person.own-appointment"),
        ({"organisation_kind": None}, "person.organisation-unknown"),
        ({"office_open": False}, "person.office-not-open"),
        ({"staff_no": ""}, "person.staff-number-missing"),
        (
            {"role": Role.CHIEF_REPRESENTATIVE, "organisation_kind": CENTRE},
            "person.role-needs-department",
        ),
        (
            {"role": Role.DEPARTMENT_MANAGER, "organisation_kind": CENTRE},
            "person.role-needs-department",
        ),
        ({"role": Role.GOVERNMENT_HEAD}, "person.role-needs-government"),
        *(({"role": role}, "person.role-needs-centre") for role in sorted(people.OF_A_CENTRE)),
    ],
)
def test_an_appointment_that_does_not_stand_is_refused(changed, code):
    with refused(code):
        people.decide(after(REGISTER), replace(APPOINT, **changed))


@pytest.mark.parametrize("role", sorted(people.ADMINISTRATORS))
def test_an_administrator_serves_the_whole_installation_and_nobody_else_does(role):
    nowhere = {"organisation": "", "organisation_kind": None, "office": ""}
    assert people.decide(after(REGISTER), replace(APPOINT, role=role, **nowhere))
    with refused("person.organisation-unknown"):
        people.decide(after(REGISTER), replace(APPOINT, role=Role.INSPECTOR, **nowhere))


def test_the_same_post_is_not_given_twice_but_one_elsewhere_is():
    person = after(REGISTER, APPOINT)
    with refused("person.already-appointed"):
        people.decide(person, APPOINT)
    [event] = people.decide(person, replace(APPOINT, organisation="health"))
    assert (event.number, event.organisation) == (2, "health")


@pytest.mark.parametrize(("held", "new"), list(product(Role, Role)))
def test_an_administrator_holds_no_other_role(held, new):
    person = after(REGISTER, _post(held))
    order = replace(_post(new), organisation="elsewhere")
    if held == new or not {held, new} & people.ADMINISTRATORS:
        assert people.decide(person, order)[0].role is new
    else:
        with refused("person.roles-incompatible"):
            people.decide(person, order)


def _post(role: Role) -> people.Appoint:
    kind = CENTRE if role in people.OF_A_CENTRE else DEPARTMENT
    if role is Role.GOVERNMENT_HEAD:
        kind = OrganisationKind.GOVERNMENT
    return replace(APPOINT, role=role, organisation_kind=kind)


def test_an_administrator_may_change_office_once_the_first_appointment_has_ended():
    person = after(REGISTER, _post(Role.SYSTEM_ADMIN), END)
    assert people.decide(person, APPOINT)[0].role is Role.REVIEWER


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": 2}, "person.no-such-appointment"),
        ({"by": "P1"}, "person.own-appointment"),
        ({"reason": ""}, "person.reason-missing"),
    ],
)
def test_an_appointment_does_not_end_without_a_reason_from_somebody_else(changed, code):
    with refused(code):
        people.decide(after(REGISTER, APPOINT), replace(END, **changed))


def test_a_person_entrusts_another_and_either_of_them_ends_it():
    entrusted = after(REGISTER, ENTRUST)
    assert entrusted.agents == {"P2"}
    assert after(REGISTER, ENTRUST, RELEASE).agents == frozenset()
    assert after(REGISTER, ENTRUST, replace(RELEASE, by="P2")).agents == frozenset()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "P2"}, "person.not-oneself"),
        ({"agent": "P1"}, "person.agent-unknown"),
        ({"agent_known": False}, "person.agent-unknown"),
    ],
)
def test_only_the_person_entrusts_and_only_somebody_who_exists(changed, code):
    with refused(code):
        people.decide(after(REGISTER), replace(ENTRUST, **changed))


def test_nobody_is_entrusted_twice_nor_released_without_having_been():
    with refused("person.already-agent"):
        people.decide(after(REGISTER, ENTRUST), ENTRUST)
    with refused("person.not-an-agent"):
        people.decide(after(REGISTER), RELEASE)
    with refused("person.not-oneself"):
        people.decide(after(REGISTER, ENTRUST), replace(RELEASE, by="P3"))


def test_the_three_administrators_share_no_power_and_have_none_over_what_is_decided():
    held = [people.POWERS[role] for role in sorted(people.ADMINISTRATORS)]
    assert held == [
        {Power.AUDIT_READ},
        {Power.PERSON_APPOINT},
        {Power.ACCOUNT_MANAGE, Power.ORGANISATION_MANAGE},
    ]


def test_every_role_has_powers_and_every_power_a_role():
    assert set(people.POWERS) == set(Role)
    assert frozenset().union(*people.POWERS.values()) == frozenset(Power)


@unhurried
@given(st.lists(st.tuples(st.sampled_from(list(Role)), st.booleans()), max_size=12))
def test_no_order_of_appointments_ever_mixes_an_administrator(steps):
    person = after(REGISTER)
    for role, ending in steps:
        command = _post(role)
        if ending and person.posts:
            command = replace(END, number=person.posts[0][0])
        try:
            for event in people.decide(person, command):
                person = people.evolve(person, event)
        except people.Refused:
            continue
        assert all(people.compatible(a, b) for a, b in product(person.roles, person.roles))
