"""Organisations and offices: examples."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from mingtang.core import organisations
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
PARTICULARS = Particulars(name="演示云岭餐饮有限公司", uscc="91990000MA9D01016C")
REGISTER = organisations.RegisterOrganisation(
    code="91990000MA9D01016C",
    organisation_kind=OrganisationKind.ENTERPRISE,
    particulars=PARTICULARS,
    by_staff=False,
    by="P1",
    at=MONDAY,
)
AMEND = organisations.AmendOrganisation(
    particulars=replace(PARTICULARS, phone="0990-0000000"), by_staff=False, by="P1", at=MONDAY
)
NAME = organisations.NameAgent(
    person="P1", person_known=True, scope="全部", by_staff=False, by="P1", at=MONDAY
)
REMOVE = organisations.RemoveAgent(person="P1", reason="离职", by_staff=False, by="P1", at=MONDAY)
OPEN = organisations.OpenOffice(
    code="window-1",
    organisation="mingzhou",
    organisation_known=True,
    office_kind=OfficeKind.WINDOW,
    name="综合窗口1号",
    address="1层",
    by="S1",
    at=MONDAY,
)
CLOSE = organisations.CloseOffice(reason="改造", by="S1", at=MONDAY)


def after(*commands: organisations.Command) -> organisations.State:
    state = organisations.State()
    for command in commands:
        for event in organisations.decide(state, command):
            state = organisations.evolve(state, event)
    return state


def office_after(*commands: organisations.OfficeCommand) -> organisations.Office:
    state = organisations.Office()
    for command in commands:
        for event in organisations.decide_office(state, command):
            state = organisations.evolve_office(state, event)
    return state


def test_anybody_registers_the_unit_they_file_for_once():
    organisation = after(REGISTER)
    assert organisation.particulars == PARTICULARS
    with refused("organisation.already-registered"):
        organisations.decide(organisation, REGISTER)


@pytest.mark.parametrize("kind", [OrganisationKind.DEPARTMENT, OrganisationKind.CENTRE])
def test_a_public_body_is_registered_by_staff_only(kind):
    with refused("organisation.public-body-needs-staff"):
        after(replace(REGISTER, organisation_kind=kind))
    assert after(replace(REGISTER, organisation_kind=kind, by_staff=True)).code


def test_an_organisation_needs_a_name_now_and_later():
    nameless = replace(PARTICULARS, name=" ")
    with refused("organisation.name-missing"):
        after(replace(REGISTER, particulars=nameless))
    with refused("organisation.name-missing"):
        after(REGISTER, replace(AMEND, particulars=nameless))


def test_amending_changes_the_particulars_and_refuses_to_change_nothing():
    organisation = after(REGISTER, AMEND)
    assert organisation.particulars.phone == "0990-0000000"
    with refused("organisation.unchanged"):
        organisations.decide(organisation, AMEND)


@pytest.mark.parametrize("command", [AMEND, NAME, REMOVE])
def test_nothing_is_done_to_an_organisation_nobody_registered(command):
    with refused("organisation.unknown"):
        after(command)


def test_who_registered_it_speaks_for_it_until_it_has_an_agent():
    named = after(REGISTER, replace(NAME, person="P2"))
    assert named.agents == {"P2"}
    with refused("organisation.not-its-agent"):
        organisations.decide(named, replace(NAME, person="P3"))
    assert organisations.decide(named, replace(NAME, person="P3", by="P2"))
    assert organisations.decide(named, replace(NAME, person="P3", by="S1", by_staff=True))


@pytest.mark.parametrize("command", [AMEND, NAME, REMOVE])
def test_a_stranger_does_not_speak_for_an_organisation(command):
    with refused("organisation.not-its-agent"):
        organisations.decide(after(REGISTER, NAME), replace(command, by="P9"))


def test_an_agent_is_somebody_registered_and_named_once():
    with refused("organisation.agent-unknown"):
        after(REGISTER, replace(NAME, person_known=False))
    with refused("organisation.already-agent"):
        after(REGISTER, NAME, NAME)


def test_an_agent_is_removed_with_a_reason():
    assert after(REGISTER, NAME, REMOVE).agents == frozenset()
    with refused("organisation.not-an-agent"):
        after(REGISTER, REMOVE)
    with refused("organisation.reason-missing"):
        after(REGISTER, NAME, replace(REMOVE, reason=""))


def test_an_office_opens_closes_and_opens_again():
    assert office_after(OPEN).open
    assert not office_after(OPEN, CLOSE).open
    assert office_after(OPEN, CLOSE, OPEN).open


def test_an_office_opens_once_under_a_name_in_an_organisation_that_exists():
    with refused("office.already-open"):
        office_after(OPEN, OPEN)
    with refused("office.organisation-unknown"):
        office_after(replace(OPEN, organisation_known=False))
    with refused("office.name-missing"):
        office_after(replace(OPEN, name=""))


def test_only_an_open_office_closes_and_for_a_reason():
    with refused("office.not-open"):
        office_after(CLOSE)
    with refused("office.reason-missing"):
        office_after(OPEN, replace(CLOSE, reason=" "))
