"""A small town: what the tests of the people room begin with."""

from datetime import date, datetime, timedelta, timezone

from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import OF_A_CENTRE, IdKind, Role
from mingtang.people import actions
from mingtang.people.actions import Body, Identity, Place, Post

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
SETUP = "setup"
PASSWORD = "bright-hall-2026"


def identity(number: int = 1, **changed: object) -> Identity:
    """Somebody made up, with a number nobody else has."""
    values = {
        "name": f"演示{number}",
        "id_kind": IdKind.PASSPORT,
        "id_number": f"E{number:08d}",
        "phone": "19900000001",
    }
    return Identity(**{**values, **changed})


def person(number: int = 1, **changed: object) -> str:
    return actions.register_person(identity=identity(number, **changed), at=MONDAY).key


def town() -> None:
    """Enter a centre, two departments and a window."""
    kinds = {
        "mingzhou": OrganisationKind.CENTRE,
        "education": OrganisationKind.DEPARTMENT,
        "health": OrganisationKind.DEPARTMENT,
    }
    bodies = [
        Body(code=c, kind=k, particulars=Particulars(name=f"演示{c}")) for c, k in kinds.items()
    ]
    actions.register_organisations(bodies=bodies, by=SETUP, at=MONDAY)
    place = Place(
        code="window-1", organisation="mingzhou", kind=OfficeKind.WINDOW, name="综合窗口1号"
    )
    actions.open_office(place=place, by=SETUP, at=MONDAY)


def official(number: int, role: Role, organisation: str = "education") -> str:
    """Register somebody and appoint them. Return their person id."""
    someone = person(number)
    post = Post(person=someone, role=role, organisation=organisation, staff_no=f"N-{number:03d}")
    actions.appoint(post=post, by=SETUP, at=MONDAY)
    return someone


def seat(role: Role) -> str:
    """Return an organisation of the town where somebody may hold this role."""
    if role is Role.GOVERNMENT_HEAD:
        body = Body(
            code="government",
            kind=OrganisationKind.GOVERNMENT,
            particulars=Particulars(name="演示政府"),
        )
        actions.register_organisations(bodies=[body], by=SETUP, at=MONDAY)
        return body.code
    return "mingzhou" if role in OF_A_CENTRE else "education"


def letter(chief: str, **changed: object) -> Mandate:
    values = {
        "letter_no": "演示授权〔2026〕1号",
        "organ": "education",
        "organ_name": "演示education",
        "person": chief,
        "person_name": "演示2",
        "items": ("E-1",),
        "powers": (MandatePower.DECIDE,),
        "valid_from": date(2026, 3, 1),
        "valid_to": date(2026, 12, 31),
    }
    return Mandate(**{**values, **changed})
