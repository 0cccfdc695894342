"""A town of three levels: a county reviews first, a city and a county adopt what is shared."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from mingtang.cases import actions
from mingtang.core import cases
from mingtang.core.catalogue import FirstReview, key_of
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.people import actions as people
from mingtang.people.actions import Body, Place
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.case_town import SETUP, Town, document, kept, officer, official, publish

BELOW = FirstReview(organ="county-market", basis="演示条例第八条")
FURTHER = FirstReview(organ="other-market", days=15, basis="演示条例第八条")
REVIEWED_BELOW = replace(
    COMPLETE, code="DEMO-002", name="演示特许", first_reviews=(BELOW, FURTHER), promised_days=10
)
SHARED = replace(COMPLETE, code="DEMO-003", name="演示登记", adoptable=True)
FIRST, ADOPTED = key_of(REVIEWED_BELOW.code), key_of(SHARED.code)


def build() -> tuple[Town, dict[str, str]]:
    """Return the town, and who works at the lower organs: what they do → person."""
    town = case_town.build()
    names = {
        "county-market": "演示县局",
        "other-market": "演示邻县局",
        "city-market": "演示市局",
    }
    bodies = [
        Body(
            code=code,
            kind=OrganisationKind.DEPARTMENT,
            particulars=Particulars(name=name, phone="0990-0120333", address=f"{name}大院"),
        )
        for code, name in names.items()
    ]
    people.register_organisations(bodies=bodies, by=SETUP, at=MONDAY)
    for code in names:
        place = Place(
            code=f"{code}-1",
            organisation=code,
            kind=OfficeKind.WINDOW,
            name="1 号窗口",
            address=f"{names[code]}一楼",
        )
        people.open_office(place=place, by=SETUP, at=MONDAY)
    publish(REVIEWED_BELOW)
    publish(SHARED)
    staff = {
        "clerk": official(31, Role.WINDOW_CLERK, "county-market", office="county-market-1"),
        "reviewer": official(32, Role.REVIEWER, "county-market"),
        "manager": official(33, Role.DEPARTMENT_MANAGER, "county-market"),
        "editor": official(34, Role.DEPARTMENT_MANAGER, "city-market"),
        "city": official(35, Role.WINDOW_CLERK, "city-market", office="city-market-1"),
        "other": official(36, Role.REVIEWER, "other-market"),
    }
    return town, staff


def filed(town: Town, item: str, organ: str, at: datetime = MONDAY, **changed: Any) -> str:
    """File an item for the citizen to an organ; return the number."""
    applicant = cases.Applicant(
        kind="person",
        id=town.citizen,
        name="演示甲",
        id_number="E00000001",
        phone="19900000001",
    )
    return actions.file_case(
        item=item,
        organ=organ,
        applicant=applicant,
        answers={"s1": "no"},
        form={"premises": "演示路 1 号", "kind": "shop"},
        documents=[document(kept(town.citizen), "m1")],
        at=at,
        **changed,
    ).key


def below(staff: dict[str, str], what: str = "reviewer") -> cases.Officer:
    numbers = {"clerk": "N-031", "reviewer": "N-032"}
    return officer(staff[what], numbers[what], "county-market")


def in_first_review(town: Town, staff: dict[str, str], at: datetime = MONDAY) -> str:
    number = filed(town, FIRST, "county-market", at)
    actions.accept(number=number, officer=below(staff, "clerk"), at=at)
    return number


def handed_up(number: str, staff: dict[str, str], at: datetime) -> None:
    actions.pass_up(
        number=number,
        finding=cases.Finding.MEETS,
        opinion="材料齐全，拟同意",
        officer=below(staff),
        at=at,
    )
