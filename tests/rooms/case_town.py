"""A town where one item is handled from beginning to end: what the pages of cases begin with."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingtang.cases import actions
from mingtang.cases.models import CaseRow
from mingtang.catalogue import actions as catalogue
from mingtang.core import cases
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.mandates import Mandate, MandatePower, key
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import IdKind, Role
from mingtang.people import actions as people
from mingtang.people.actions import Body, Identity, Place, Post
from mingtang.people.models import Account
from mingtang.vault import actions as vault
from mingtang.vault.models import DocumentRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms.case_words import calendar_of_the_year

SETUP = "setup"
ITEM = key_of(COMPLETE.code)
ONCE = "once-key-once-key-1"
PDF = b"%PDF-1.4 made up"
LETTER = "演市监授〔2026〕1号"


@dataclass(frozen=True)
class Town:
    """Person ids by what they do."""

    citizen: str
    neighbour: str
    clerk: str
    reviewer: str
    inspector: str
    chief: str
    manager: str
    stranger: str  # reviews in a department that has nothing to do with it
    overseer: str  # inspector of the province
    administrator: str


def build() -> Town:
    calendar_of_the_year()
    kinds = {
        "centre": OrganisationKind.CENTRE,
        "market": OrganisationKind.DEPARTMENT,
        "inspection": OrganisationKind.DEPARTMENT,
        "education": OrganisationKind.DEPARTMENT,
    }
    names = {"market": "演示市场监督管理局", "inspection": "演示核查中心"}
    bodies = [
        Body(code=code, kind=kind, particulars=Particulars(name=names.get(code, f"演示{code}")))
        for code, kind in kinds.items()
    ]
    people.register_organisations(bodies=bodies, by=SETUP, at=MONDAY)
    window = Place(
        code="window-7", organisation="centre", kind=OfficeKind.WINDOW, name="7 号综合窗口"
    )
    people.open_office(place=window, by=SETUP, at=MONDAY)
    town = Town(
        citizen=person(1, "演示甲"),
        neighbour=person(2, "演示乙"),
        clerk=official(3, Role.WINDOW_CLERK, "centre", office="window-7"),
        reviewer=official(4, Role.REVIEWER, "market"),
        inspector=official(5, Role.REVIEWER, "inspection"),
        chief=official(6, Role.CHIEF_REPRESENTATIVE, "market"),
        manager=official(7, Role.DEPARTMENT_MANAGER, "market"),
        stranger=official(8, Role.REVIEWER, "education"),
        overseer=official(9, Role.INSPECTOR, "centre"),
        administrator=official(10, Role.SYSTEM_ADMIN, "centre"),
    )
    publish()
    grant(town)
    return town


def person(number: int, name: str = "") -> str:
    identity = Identity(
        name=name or f"演示{number}",
        id_kind=IdKind.PASSPORT,
        id_number=f"E{number:08d}",
        phone=f"1990000{number:04d}",
    )
    return people.register_person(identity=identity, at=MONDAY).key


def official(number: int, role: Role, organisation: str, office: str = "") -> str:
    someone = person(number)
    post = Post(
        person=someone,
        role=role,
        organisation=organisation,
        office=office,
        staff_no=f"N-{number:03d}",
    )
    people.appoint(post=post, by=SETUP, at=MONDAY)
    return someone


def publish(content: ItemContent = COMPLETE, draft: int = 1) -> None:
    catalogue.draft_item(content=content, by=SETUP, at=MONDAY)
    catalogue.publish_item(key=key_of(content.code), draft=draft, by=SETUP, at=MONDAY)


def grant(town: Town, **changed: Any) -> None:
    values = {
        "letter_no": LETTER,
        "organ": "market",
        "organ_name": "演示市场监督管理局",
        "person": town.chief,
        "person_name": "演示6",
        "items": (COMPLETE.code,),
        "powers": (MandatePower.DECIDE,),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    letter = Mandate(**{**values, **changed})
    people.grant_mandate(letter=letter, by=town.manager, at=MONDAY)
    people.publish_mandate(key=key(letter.letter_no), office="window-7", by=town.manager, at=MONDAY)


def signed_in(someone: str) -> Client:
    """Return a browser in which this person is signed in."""
    account = Account.objects.filter(person=someone).first()
    client = Client()
    client.force_login(
        account or Account.objects.create_user(f"user-{someone}", "bright-hall-2026", someone)
    )
    return client


# ── A case, as far along as a test needs it ─────────────────────────────────


def officer(someone: str, staff_no: str, organisation: str) -> cases.Officer:
    return cases.Officer(person=someone, staff_no=staff_no, organisation=organisation)


def kept(owner: str, name: str = "材料.pdf", at: datetime = MONDAY) -> DocumentRow:
    return vault.keep_document(owner=owner, name=name, chunks=[PDF], at=at)


def document(row: DocumentRow, material: str) -> cases.Document:
    return cases.Document(
        id=row.id, material=material, sha256=row.sha256, sm3=row.sm3, size=row.size
    )


def filed(
    town: Town,
    someone: str = "",
    at: datetime = MONDAY,
    once: str | None = None,
    item: str = ITEM,
    paper: DocumentRow | None = None,
    taken_by: cases.Officer | None = None,
    organ: str = "",
) -> str:
    """File the item in force for the citizen, with `paper`; return the number."""
    applicant = cases.Applicant(
        kind="person",
        id=someone or town.citizen,
        name="演示甲",
        id_number="E00000001",
        phone="19900000001",
    )
    handed_in = document(paper or kept(applicant.id), "m1")
    return actions.file_case(
        item=item,
        applicant=applicant,
        answers={"s1": "no"},
        form={"premises": "演示路 1 号", "kind": "shop"},
        documents=[handed_in],
        at=at,
        taken_by=taken_by,
        organ=organ,
        once=once,
    ).key


def clerk(town: Town) -> cases.Officer:
    return replace(officer(town.clerk, "N-003", "centre"), office="window-7")


def accepted(town: Town, at: datetime = MONDAY, **changed: Any) -> str:
    number = filed(town, at=at, **changed)
    actions.accept(number=number, officer=clerk(town), at=at)
    return number


def reviewed(town: Town, at: datetime = MONDAY) -> str:
    """Go through all steps of the item; return the number of the case to be decided."""
    number = accepted(town, at)
    steps = {
        "papers": officer(town.reviewer, "N-004", "market"),
        "site": officer(town.inspector, "N-005", "inspection"),
        "merge": officer(town.reviewer, "N-004", "market"),
    }
    for step, by in steps.items():
        actions.complete_step(
            number=number,
            step=step,
            finding=cases.Finding.MEETS,
            opinion="符合",
            officer=by,
            at=at,
        )
    return number


def notified(town: Town, at: datetime = MONDAY, **changed: Any) -> str:
    """A case whose applicant has been told to correct the first material and the form."""
    number = filed(town, at=at, **changed)
    actions.notify_corrections(
        number=number,
        shortfalls=[
            cases.Shortfall(material="m1", name="申请书", reason="没有签字"),
            cases.Shortfall(material="", name="申请表", reason="地址不详"),
        ],
        officer=clerk(town),
        at=at,
    )
    return number


# ── Browsing ────────────────────────────────────────────────────────────────


def step(name: str, item: str = ITEM) -> str:
    return reverse("cases:apply-step", args=[item, name])


def page(name: str, *args: Any) -> str:
    return reverse(f"cases:{name}", args=args)


def upload(name: str = "申请书.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def row(number: str) -> CaseRow:
    return CaseRow.objects.get(pk=number)
