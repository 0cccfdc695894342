"""Three levels (三级): organs of cities and counties, what they adopted, and first reviews.

Two items are adopted by several organs under promises of their own. One item is reviewed first in
a city: of its cases one is under way, one is late, one was passed up, one is decided. A city's
window took two applications in for the province.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mingtang.cases import actions
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.config.demo import living, reading
from mingtang.core import cases
from mingtang.core.cases import Finding, Officer
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.mandates import EVERY_ITEM, Mandate, MandatePower
from mingtang.core.mandates import key as letter_key
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import IdKind, Role
from mingtang.ledger.orders import Receipt
from mingtang.people import actions as people
from mingtang.people.actions import Body, Identity, Place, Post
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder

FIRST_REVIEWED = "重要工业产品生产许可"
COLLECTED = "食品经营许可"
SHOWN = "yunling-market"  # whose people can be tried
REVIEWING, LATE, PASSED_UP, DECIDED = 6, 40, 24, 52  # days since each was filed
HANDED = {PASSED_UP: 4, DECIDED: 34}  # days since it was handed up
ROLES = (
    (Role.WINDOW_CLERK, "clerk", "窗口员"),
    (Role.REVIEWER, "reviewer", "审查员"),
    (Role.CHIEF_REPRESENTATIVE, "chief", "首席代表"),
    (Role.DEPARTMENT_MANAGER, "manager", "负责人"),
)
SIGN_INS = (  # of the organ that is shown
    ("clerk", "下级机关窗口人员", "Clerk below", "受理、代收", "Accepts, takes in for others"),
    ("reviewer", "下级机关审查人员", "Reviewer below", "初审、报送", "Reviews first, passes up"),
    ("manager", "下级机关负责人", "Manager below", "认领事项", "Adopts items"),
)
SERIAL = 100  # of seals and letters: those of the province come before

Organ = Mapping[str, str]
Team = dict[tuple[Role, str], Officer]


@dataclass(frozen=True, slots=True)
class Member:
    username: str
    name: str
    role: Role
    organ: Organ

    @property
    def office(self) -> str:
        return _office(self.organ) if self.role is Role.WINDOW_CLERK else ""


def sign_ins() -> list[dict[str, str]]:
    """Return who of the organ that is shown can be tried."""
    return [
        {
            "role": zh,
            "role_en": en,
            "username": f"{what}-{SHOWN}",
            "what": does,
            "what_en": does_en,
        }
        for what, zh, en, does, does_en in SIGN_INS
    ]


def _office(organ: Organ) -> str:
    return f"{organ['code']}-1"


def settle(*, password: str, by: str, at: datetime) -> Team:
    """Register the organs with their windows, people, letters and seals."""
    organs = reading.below()["organs"]
    bodies = [
        Body(
            code=one["code"],
            kind=OrganisationKind.DEPARTMENT,
            particulars=Particulars(
                name=one["name"],
                name_en=one["name_en"],
                short_name=one["short_name"],
                uscc=one["uscc"],
                phone=one["phone"],
                address=one["address"],
            ),
        )
        for one in organs
    ]
    people.register_organisations(bodies=bodies, by=by, at=at)
    places = [
        Place(
            code=_office(one),
            organisation=one["code"],
            kind=OfficeKind.WINDOW,
            name=one["office"],
            address=one["address"],
        )
        for one in organs
    ]
    people.open_offices(places=places, by=by, at=at)
    members = [
        Member(f"{what}-{one['code']}", f"演示{one['short_name']}{title}", role, one)
        for one in organs
        for role, what, title in ROLES
    ]
    team = _appointed(members, password, by, at)
    for number, organ in enumerate(organs, SERIAL + 1):
        _authorised(number, organ, team, at)
    return team


def _appointed(members: Sequence[Member], password: str, by: str, at: datetime) -> Team:
    identities = [
        Identity(name=one.name, id_kind=IdKind.OTHER, id_number=one.username) for one in members
    ]
    outcomes = people.register_people(identities=identities, by=by, at=at)
    persons = [one.key for one in outcomes if isinstance(one, Receipt)]
    posts = [
        Post(
            person=person,
            role=one.role,
            organisation=one.organ["code"],
            staff_no=one.username,
            office=one.office,
        )
        for one, person in zip(members, persons, strict=True)
    ]
    people.appoint_many(posts=posts, by=by, at=at)
    accounts = {one.username: person for one, person in zip(members, persons, strict=True)}
    people.open_accounts(accounts=accounts, password=password, by=by, at=at)
    return {
        (one.role, one.organ["code"]): Officer(
            person=person,
            staff_no=one.username,
            organisation=one.organ["code"],
            office=one.office,
        )
        for one, person in zip(members, persons, strict=True)
    }


def _authorised(number: int, organ: Organ, team: Team, at: datetime) -> None:
    """The organ's head authorises its representative, who keeps its seal."""
    code = organ["code"]
    chief = team[Role.CHIEF_REPRESENTATIVE, code]
    head = team[Role.DEPARTMENT_MANAGER, code].person
    letter = Mandate(
        letter_no=f"明授字〔{at.year}〕{number:03}号",
        organ=code,
        organ_name=organ["name"],
        person=chief.person,
        person_name=f"演示{organ['short_name']}首席代表",
        items=(EVERY_ITEM,),
        powers=(MandatePower.ACCEPT, MandatePower.DECIDE, MandatePower.SEAL),
        limits="本机关办理的全部事项（演示）",
        valid_from=date(at.year, 1, 1),
        valid_to=date(at.year + 1, 12, 31),
    )
    people.grant_mandate(letter=letter, by=head, at=at)
    posted = letter_key(letter.letter_no)
    people.publish_mandate(key=posted, office=_office(organ), by=head, at=at)
    order = SealOrder(
        seal_no=f"990100{number:07}",
        organ=code,
        name="行政审批专用章",
        custodian=chief.person,
        sealer="local",
        valid_from=at.date(),
        valid_to=date(at.year + 3, 12, 31),
    )
    trust.make_seal(order=order, by=head, at=at)


def adopt(*, team: Team, at: datetime) -> None:
    """Every organ adopts what it handles at its place, under its own promise."""
    organs = {one["code"]: one for one in reading.below()["organs"]}
    for one in reading.below()["adoptions"]:
        organ = organs[one["organ"]]
        item, version = _item(one["item"])
        catalogue.adopt_item(
            item=key_of(item.code),
            organ=one["organ"],
            seen=version,
            promised_days=one["days"],
            offices=[_office(organ)],
            phone=organ["phone"],
            by=team[Role.DEPARTMENT_MANAGER, one["organ"]].person,
            at=at,
        )


def _item(name: str) -> tuple[ItemContent, int]:
    row = catalogue_queries.items(catalogue_queries.Wanted()).get(name=name)
    version, content = catalogue_queries.in_force(row.key)
    return content, version


def live(
    *,
    team: Team,
    staff: Mapping[tuple[Role, str], Officer],
    applicants: Sequence[living.Party],
    until: datetime,
) -> None:
    """File, review first, pass up and decide, in the weeks before `until`."""
    item, _version = _item(FIRST_REVIEWED)
    bodies = [party for party in applicants if party.kind == "organisation"]
    clerk, reviewer = team[Role.WINDOW_CLERK, SHOWN], team[Role.REVIEWER, SHOWN]
    for since, party in zip((DECIDED, LATE, PASSED_UP, REVIEWING), bodies[4:], strict=False):
        at = until - timedelta(days=since)
        number = _filed(item, SHOWN, party, clerk, at)
        actions.accept(number=number, officer=clerk, at=at + timedelta(hours=2))
        if since in HANDED:
            actions.pass_up(
                number=number,
                finding=Finding.MEETS,
                opinion="经初审，材料齐全，生产条件与申请一致，拟同意（演示）。",
                officer=reviewer,
                at=until - timedelta(days=HANDED[since]),
            )
        if since == DECIDED:
            _decided(number, item, staff, until - timedelta(days=HANDED[since]))
    collected, _version = _item(COLLECTED)
    for days, party in zip((5, 2), bodies[8:], strict=False):
        _filed(collected, "", party, clerk, until - timedelta(days=days))
    shared, _version = _item(reading.below()["adoptions"][0]["item"])
    _filed(shared, SHOWN, bodies[10], clerk, until - timedelta(days=3))


def _filed(item: ItemContent, organ: str, party: living.Party, clerk: Officer, at: datetime) -> str:
    answers = {one.key: one.options[0].value for one in item.situations}
    wanted = cases.materials_for(item, answers)
    return actions.file_case(
        item=key_of(item.code),
        organ=organ,
        applicant=cases.Applicant(
            kind=party.kind,
            id=party.id,
            name=party.name,
            id_number=party.id_number,
            phone=party.phone,
            agent=party.agent,
        ),
        answers=answers,
        form={field.name: living.value(field, party) for field in item.form},
        documents=[living.document(party, m.key, m.name, at) for m in wanted],
        at=at,
        taken_by=clerk,
    ).key


def _decided(
    number: str, item: ItemContent, staff: Mapping[tuple[Role, str], Officer], at: datetime
) -> None:
    for step in living.in_order(item.steps):
        at += timedelta(hours=20)
        actions.complete_step(
            number=number,
            step=step.key,
            finding=Finding.MEETS,
            opinion="与初审意见一致，符合规定条件（演示）。",
            officer=staff[Role.REVIEWER, step.department or item.department],
            at=at,
        )
    actions.decide(
        number=number,
        granted=True,
        reason="",
        officer=staff[Role.CHIEF_REPRESENTATIVE, item.department],
        at=at + timedelta(hours=20),
    )
