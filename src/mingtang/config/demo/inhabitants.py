"""Who there is in the demonstration: institutions, staff with letters and seals, applicants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.config import installing
from mingtang.config.demo import (
    hearings,
    living,
    reading,
)
from mingtang.core.cases import Officer
from mingtang.core.mandates import EVERY_ITEM, TRADING, Mandate, MandatePower
from mingtang.core.mandates import key as letter_key
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import IdKind, Role
from mingtang.ledger.orders import Outcome, Receipt
from mingtang.people import actions as people
from mingtang.people.actions import Body, Identity, Place, Post
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder

PASSWORD = "mingtang-demo-2026"  # the same for every demonstration account, shown on the page
CENTRE = "mingzhou"
GOVERNMENT, GOVERNMENT_NAME = "mingzhou-government", "明州省人民政府"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff to be: registered, appointed, given an account."""

    username: str
    name: str
    role: Role
    organisation: str
    office: str = ""
    shown: tuple[str, str, str, str] | None = None  # role, role in English, what, in English


def sure(outcomes: Sequence[Outcome]) -> list[Receipt]:
    """Return the receipts; raise the first thing that went wrong: demonstration data is ours."""
    receipts = []
    for outcome in outcomes:
        if not isinstance(outcome, Receipt):
            raise outcome
        receipts.append(outcome)
    return receipts


def register_institutions(at: datetime) -> None:
    """Register departments, centres with their windows, and the government."""
    departments = [
        Body(
            code=row["code"],
            kind=OrganisationKind.DEPARTMENT,
            particulars=Particulars(
                name=row["name"],
                name_en=row["name_en"],
                short_name=row["short_name"],
                uscc=row["uscc"],
                phone=row["area_phone"],
            ),
        )
        for row in reading.rows("departments")
    ]
    centres = [
        Body(
            code=row["code"],
            kind=OrganisationKind.CENTRE,
            particulars=Particulars(
                name=row["name"],
                name_en=row["name_en"],
                short_name=row["short_name"],
                uscc=row["uscc"],
                phone=row["phone"],
                address=row["address"],
            ),
        )
        for row in reading.rows("centres")
    ]
    windows = [
        Place(
            code=row["code"],
            organisation=row["centre"],
            kind=OfficeKind.WINDOW,
            name=row["name"],
            address=row["address"],
        )
        for row in reading.rows("windows")
    ]
    by = installing.SYSTEM
    government = Body(
        code=GOVERNMENT,
        kind=OrganisationKind.GOVERNMENT,
        particulars=Particulars(
            name=GOVERNMENT_NAME, name_en="People's Government of Mingzhou Province"
        ),
    )
    bodies = [*departments, *centres, government]
    sure(people.register_organisations(bodies=bodies, by=by, at=at))
    sure(people.open_offices(places=windows, by=by, at=at))


def appoint_staff(at: datetime) -> dict[tuple[Role, str], Officer]:
    """Appoint everybody, grant and publish the letters; return officers by role and place.

    The second of one role at one place goes by the username: `host2`.
    """
    team, by = everybody(), installing.SYSTEM
    identities = [Identity(name=s.name, id_kind=IdKind.OTHER, id_number=s.username) for s in team]
    persons = [r.key for r in sure(people.register_people(identities=identities, by=by, at=at))]
    posts = [
        Post(
            person=person,
            role=s.role,
            organisation=s.organisation,
            staff_no=s.username,
            office=s.office,
        )
        for s, person in zip(team, persons, strict=True)
    ]
    sure(people.appoint_many(posts=posts, by=by, at=at))
    accounts = {s.username: person for s, person in zip(team, persons, strict=True)}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=by, at=at)
    officers: dict[tuple[Role, str], Officer] = {}
    for s, person in zip(team, persons, strict=True):
        place = s.office or s.organisation
        officers[s.role, s.username if (s.role, place) in officers else place] = Officer(
            person=person, staff_no=s.username, organisation=s.organisation, office=s.office
        )
    _letters(officers, {s.username: s.name for s in team}, at)
    return officers


def everybody() -> list[Staff]:
    """Return whoever works in the province."""
    return [*_administrators(), *_centre_staff(), *_department_staff(), *_hearing_staff()]


def _administrators() -> list[Staff]:
    shown = {
        Role.SYSTEM_ADMIN: ("系统管理员", "System administrator", "开通账号", "Opens accounts"),
        Role.SECURITY_ADMIN: ("安全管理员", "Security administrator", "任免岗位", "Appoints"),
        Role.AUDIT_ADMIN: ("审计管理员", "Audit administrator", "读审计记录", "Reads the audit"),
    }
    return [
        Staff(username, f"演示{title}", role, "", shown=shown[role])
        for username, role, title in installing.ADMINISTRATORS
    ]


def _centre_staff() -> list[Staff]:
    clerks = []
    for number, window in enumerate(reading.rows("windows"), 1):
        if "-general-" not in window["code"]:
            continue
        shown = None
        if window["code"] == f"{CENTRE}-general-1":
            shown = (
                "窗口工作人员",
                "Window clerk",
                "收件、一次性告知、受理",
                "Takes in, notifies, accepts",
            )
        name, office = f"演示窗口员{number:02}", window["code"]
        clerks.append(
            Staff(f"clerk{number:02}", name, Role.WINDOW_CLERK, window["centre"], office, shown)
        )
    manager = ("中心管理人员", "Centre manager", "目录、日历、全部办件", "Catalogue, calendar")
    counsel = ("法律顾问", "Legal counsel", "出具法律意见", "Gives legal opinions")
    governor = ("政府负责人", "Head of government", "批准延长联办期限", "Extends joint terms")
    inspector = ("监察人员", "Inspector", "查看全部办件", "Sees every case")
    return [
        *clerks,
        Staff("centre", "演示中心主任", Role.CENTRE_MANAGER, CENTRE, shown=manager),
        Staff("governor", "演示省长", Role.GOVERNMENT_HEAD, GOVERNMENT, shown=governor),
        Staff("inspector", "演示监察员", Role.INSPECTOR, CENTRE, shown=inspector),
        Staff("counsel", "演示法律顾问", Role.COUNSEL, CENTRE, shown=counsel),
        Staff("counsel2", "演示法律顾问二", Role.COUNSEL, CENTRE),
        *_trading_staff(),
    ]


def _trading_staff() -> list[Staff]:
    """The trading floor's people: no lot is stopped, and no money paid on, by one alone."""
    officer = ("交易经办人员", "Trade officer", "项目进场、报名审核", "Enters projects, qualifies")
    host = ("竞价主持人", "Host", "主持竞价、录入底价", "Hosts auctions, enters reserves")
    second = ("竞价主持人（二）", "Host (second)", host[2], host[3])
    treasurer = ("保证金会计", "Treasurer", "保证金收退", "Keeps deposits")
    checks = ("保证金会计（二）", "Treasurer (second)", "复核转付", "Checks payouts")
    return [
        Staff("trade", "演示交易经办", Role.TRADE_OFFICER, CENTRE, shown=officer),
        Staff("host1", "演示主持人一", Role.TRADE_HOST, CENTRE, shown=host),
        Staff("host2", "演示主持人二", Role.TRADE_HOST, CENTRE, shown=second),
        Staff("treasurer", "演示保证金会计", Role.TREASURER, CENTRE, shown=treasurer),
        Staff("treasurer2", "演示保证金会计二", Role.TREASURER, CENTRE, shown=checks),
    ]


ROLES = (
    (Role.REVIEWER, "reviewer", "审查员", ("审查人员", "Reviewer", "审查", "Reviews")),
    (
        Role.CHIEF_REPRESENTATIVE,
        "chief",
        "首席代表",
        ("首席代表", "Chief representative", "依授权书作出决定", "Decides under a letter"),
    ),
    (
        Role.DEPARTMENT_MANAGER,
        "manager",
        "负责人",
        ("部门负责人", "Department manager", "授权、本部门事项和办件", "Grants letters"),
    ),
)
SHOWN_DEPARTMENT = "market-regulation"
# The department of the hospital's certificates is shown, too, said to be that one.
ALSO_SHOWN, ALSO_ZH, ALSO_EN = "health", "（卫生健康）", " (health)"


def _department_staff() -> list[Staff]:
    return [
        Staff(
            username if department["code"] == SHOWN_DEPARTMENT else f"{username}-{number:02}",
            f"演示{department['short_name']}{title}",
            role,
            department["code"],
            shown=_shown(department["code"], role, shown),
        )
        for number, department in enumerate(reading.rows("departments"), 1)
        for role, username, title, shown in ROLES
    ]


def _hearing_staff() -> list[Staff]:
    """Who chairs hearings, and who does it where a chair steps back: reviewers of other matters."""
    shown = ("听证主持人", "Chair of hearings", "主持听证、制作笔录", "Chairs hearings, records")
    return [
        Staff(
            username,
            f"演示听证主持人{place}",
            Role.REVIEWER,
            ALSO_SHOWN,
            shown=shown if first else None,
        )
        for username, place, first in zip(hearings.CHAIRS, "一二", (True, False), strict=True)
    ]


def _shown(
    department: str, role: Role, shown: tuple[str, str, str, str]
) -> tuple[str, str, str, str] | None:
    if department == SHOWN_DEPARTMENT:
        return shown
    if department == ALSO_SHOWN and role is not Role.DEPARTMENT_MANAGER:
        zh, en, what, what_en = shown
        return (zh + ALSO_ZH, en + ALSO_EN, what, what_en)
    return None


@dataclass(frozen=True, slots=True)
class Organ:
    """Who has a seal, who orders it, who keeps it under which letter."""

    code: str
    name: str
    head: Officer
    keeper: Officer
    seal: str
    seal_no: str
    letter_no: str
    items: tuple[str, ...]
    powers: tuple[MandatePower, ...]
    limits: str


def _organs(officers: dict[tuple[Role, str], Officer], year: int) -> list[Organ]:
    """Every department with its chief representative, and the centre for what it trades."""
    departments = [
        Organ(
            code=row["code"],
            name=row["name"],
            head=officers[Role.DEPARTMENT_MANAGER, row["code"]],
            keeper=officers[Role.CHIEF_REPRESENTATIVE, row["code"]],
            seal="行政审批专用章",
            seal_no=f"990100{number:07}",
            letter_no=f"明授字〔{year}〕{number:03}号",
            items=(EVERY_ITEM,),
            powers=(MandatePower.ACCEPT, MandatePower.DECIDE, MandatePower.SEAL),
            limits="本部门进驻公共服务中心的全部事项（演示）",
        )
        for number, row in enumerate(reading.rows("departments"), 1)
    ]
    centre = next(row for row in reading.rows("centres") if row["code"] == CENTRE)
    floor = Organ(
        code=CENTRE,
        name=centre["name"],
        head=officers[Role.CENTRE_MANAGER, CENTRE],
        keeper=officers[Role.TRADE_OFFICER, CENTRE],
        seal="公共资源交易专用章",
        seal_no="9901009000001",
        letter_no=f"明中授字〔{year}〕001号",
        items=(TRADING,),
        powers=(MandatePower.SEAL,),
        limits="竞买资格确认书、成交确认书（演示）",
    )
    return [*departments, floor]


def _letters(
    officers: dict[tuple[Role, str], Officer], names: dict[str, str], at: datetime
) -> None:
    """Every organ's head authorises its representative, and posts the letter."""
    letters, postings = [], []
    for organ in _organs(officers, at.year):
        letter = Mandate(
            letter_no=organ.letter_no,
            organ=organ.code,
            organ_name=organ.name,
            person=organ.keeper.person,
            person_name=names[organ.keeper.staff_no],
            items=organ.items,
            powers=organ.powers,
            limits=organ.limits,
            valid_from=date(at.year, 1, 1),
            valid_to=date(at.year + 1, 12, 31),
        )
        head = organ.head.person
        letters.append((letter, head))
        postings.append((letter_key(letter.letter_no), f"{CENTRE}-general-1", head))
    sure(people.grant_mandates(letters=letters, at=at))
    sure(people.publish_mandates(letters=postings, at=at))


def make_seals(officers: dict[tuple[Role, str], Officer], at: datetime) -> None:
    """Every organ has its seal made; its representative keeps it."""
    for organ in _organs(officers, at.year):
        order = SealOrder(
            seal_no=organ.seal_no,
            organ=organ.code,
            name=organ.seal,
            custodian=organ.keeper.person,
            sealer="local",
            valid_from=at.date(),
            valid_to=date(at.year + 3, 12, 31),
        )
        trust.make_seal(order=order, by=organ.head.person, at=at)


def register_applicants(at: datetime) -> list[living.Party]:
    """Register citizens and enterprises with their agents; two citizens can sign in."""
    by = installing.SYSTEM
    rows = reading.rows("people")
    identities = [
        Identity(
            name=row["name"],
            id_kind=IdKind.RESIDENT,
            id_number=row["id_number"],
            phone=row["phone"],
        )
        for row in rows
    ]
    persons = [r.key for r in sure(people.register_people(identities=identities, by=by, at=at))]
    bodies = [
        Body(
            code=row["uscc"].lower(),
            kind=OrganisationKind.ENTERPRISE,
            particulars=Particulars(name=row["name"], uscc=row["uscc"]),
        )
        for row in reading.rows("enterprises")
    ]
    sure(people.register_organisations(bodies=bodies, by=by, at=at))
    agents = [(body.code, persons[n % 5]) for n, body in enumerate(bodies)]
    sure(people.name_agents(agents=agents, by=by, at=at))
    accounts = {"citizen": persons[5], "agent": persons[0]}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=by, at=at)
    citizens = [
        living.Party("person", person, row["name"], row["id_number"], row["phone"], "")
        for row, person in zip(rows, persons, strict=True)
    ]
    return citizens + [
        living.Party(
            "organisation",
            body.code,
            body.particulars.name,
            body.particulars.uscc,
            rows[n % 5]["phone"],
            persons[n % 5],
        )
        for n, body in enumerate(bodies)
    ]
