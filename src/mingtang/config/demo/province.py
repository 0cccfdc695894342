"""The demonstration province 明州省: institutions, people, catalogue, living cases, sign-ins.

Everything is made by the same actions a person would use; only their `at` is simulated.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from mingtang.cases import queries as cases
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.config import installing, serving, working
from mingtang.config.demo import (
    beside,
    colleagues,
    hearings,
    hospital,
    intermediaries,
    levels,
    living,
    queueing,
    rating,
    reading,
    referrals,
    shifts,
    together,
)
from mingtang.config.demo import trading as floor
from mingtang.config.wiring import REACTIONS
from mingtang.core.cases import Officer
from mingtang.core.catalogue import key_of
from mingtang.core.mandates import EVERY_ITEM, TRADING, Mandate, MandatePower
from mingtang.core.mandates import key as letter_key
from mingtang.core.organisations import OfficeKind, OrganisationKind, Particulars
from mingtang.core.people import IdKind, Role
from mingtang.ledger import queries as ledger
from mingtang.ledger import reactions
from mingtang.ledger.orders import Outcome, Receipt
from mingtang.licences import actions as licences
from mingtang.people import actions as people
from mingtang.people import queries as people_queries
from mingtang.people.actions import Body, Identity, Place, Post
from mingtang.trading.actions import procedures as trading
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder

PASSWORD = "mingtang-demo-2026"  # the same for every demonstration account, shown on the page
CENTRE = "mingzhou"
GOVERNMENT, GOVERNMENT_NAME = "mingzhou-government", "明州省人民政府"
SIGN_INS = "demo-signins.json"
STEPS = 10
PAPER_DAYS = 3  # of the newest past that has its papers


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff to be: registered, appointed, given an account."""

    username: str
    name: str
    role: Role
    organisation: str
    office: str = ""
    shown: tuple[str, str, str, str] | None = None  # role, role in English, what, in English


def make(*, port: int = 8000, quiet: bool = False) -> dict[str, int]:
    """Make the province in an empty installation; return what there is, by kind.

    An installation that has cases already is left as it is.
    """
    for _ in installing.prepare():
        pass
    serving.name_witness(port)
    serving.name_bank(port)
    if not cases.everywhere().exists():
        console = Console(file=sys.stderr, quiet=quiet)
        with Progress(console=console) as progress:
            bar = progress.add_task("明州省（演示）", total=STEPS)
            for _ in _build():
                progress.advance(bar)
    counts = _counts()
    if not quiet:
        _print_sign_ins(counts)
    return counts


def _build() -> Iterator[None]:
    now = timezone.localtime()
    opening = now - timedelta(days=90)
    _institutions(opening)
    yield
    staff = _staff(opening)
    _seals(staff, opening)
    team = levels.settle(password=PASSWORD, by=installing.SYSTEM, at=opening)
    yield
    applicants = _applicants(opening)
    yield
    _directory(staff[Role.CENTRE_MANAGER, CENTRE].person, opening)
    _publish(opening)
    levels.adopt(team=team, at=opening)
    lead = next(row for row in reading.rows("departments") if row["code"] == together.LEAD)
    together.publish(
        lead=(lead["code"], lead["name"]),
        government=(GOVERNMENT, GOVERNMENT_NAME),
        by=staff[Role.CENTRE_MANAGER, CENTRE].person,
        at=opening,
    )
    _licence_types(staff[Role.CENTRE_MANAGER, CENTRE].person, opening)
    _trading_rules(staff[Role.CENTRE_MANAGER, CENTRE].person, opening)
    yield
    living.live(
        staff=staff,
        applicants=applicants,
        until=now,
        papers_from=now - timedelta(days=PAPER_DAYS),
        open_papers=_open_papers,
    )
    yield
    clerk = staff[Role.WINDOW_CLERK, f"{CENTRE}-general-1"]
    hospital.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    referrals.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    levels.live(team=team, staff=staff, applicants=applicants, until=now)
    together.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    colleagues.live(staff=staff, now=now)
    beside.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    hearings.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    working.pulse(at=now)
    second = staff[Role.WINDOW_CLERK, f"{CENTRE}-general-2"]
    shifts.live(giver=clerk, receiver=second, department=SHOWN_DEPARTMENT, until=now)
    yield
    _ratings(staff[Role.CENTRE_MANAGER, CENTRE], now)
    yield
    _trades(staff, opening, now)
    yield
    visitors = (applicants[1].id, applicants[2].id)
    queueing.live(staff=staff, hall=CENTRE, visitors=visitors, opening=opening, now=now)
    yield
    agent = intermediaries.live(staff=staff, centre=CENTRE, now=now)
    accounts = {intermediaries.AGENT: agent}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=installing.SYSTEM, at=opening)
    yield


def _trades(staff: dict[tuple[Role, str], Officer], opening: datetime, now: datetime) -> None:
    """The trades of the last weeks; who bids in the auction that goes on, and who may join it."""
    who, team = floor.crew(staff), floor.hands(opening)
    accounts = {"bidder": team[-1].person}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=installing.SYSTEM, at=opening)
    floor.live(who, team, now=now)
    floor.keep(who, team)


def _ratings(supervisor: Officer, now: datetime) -> None:
    """What was finished is rated, but for the cases of those who can be tried."""
    accounts = filter(None, map(people_queries.account, ("citizen", "agent")))
    own = [cases.of_applicant(account.person) for account in accounts]
    left = {f"case/{row.number}" for rows in own for row in rows}
    rating.live(supervisor=supervisor, left=left, until=now)


def _open_papers() -> None:
    """From here on every decision point has its paper: what came before is an older time.

    The papers of two months would keep a new demonstration busy for minutes.
    """
    for reaction in REACTIONS:
        reactions.pass_over(reaction)


def _sure(outcomes: list[Outcome]) -> list[Receipt]:
    """Return the receipts; raise the first thing that went wrong: demonstration data is ours."""
    receipts = []
    for outcome in outcomes:
        if not isinstance(outcome, Receipt):
            raise outcome
        receipts.append(outcome)
    return receipts


def _institutions(at: datetime) -> None:
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
    _sure(people.register_organisations(bodies=bodies, by=by, at=at))
    _sure(people.open_offices(places=windows, by=by, at=at))


def _staff(at: datetime) -> dict[tuple[Role, str], Officer]:
    """Appoint everybody, grant and publish the letters; return officers by role and place.

    The second of one role at one place goes by the username: `host2`.
    """
    team = [*_administrators(), *_centre_staff(), *_department_staff(), *_hearing_staff()]
    by = installing.SYSTEM
    identities = [Identity(name=s.name, id_kind=IdKind.OTHER, id_number=s.username) for s in team]
    persons = [r.key for r in _sure(people.register_people(identities=identities, by=by, at=at))]
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
    _sure(people.appoint_many(posts=posts, by=by, at=at))
    accounts = {s.username: person for s, person in zip(team, persons, strict=True)}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=by, at=at)
    officers: dict[tuple[Role, str], Officer] = {}
    for s, person in zip(team, persons, strict=True):
        place = s.office or s.organisation
        officers[s.role, s.username if (s.role, place) in officers else place] = Officer(
            person=person, staff_no=s.username, organisation=s.organisation, office=s.office
        )
    _letters(officers, {s.username: s.name for s in team}, at)
    _keep_sign_ins([s for s in team if s.shown])
    return officers


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
    """The trading floor's people; two hosts, since a lot is never stopped by one alone."""
    officer = ("交易经办人员", "Trade officer", "项目进场、报名审核", "Enters projects, qualifies")
    host = ("竞价主持人", "Host", "主持竞价、录入底价", "Hosts auctions, enters reserves")
    second = ("竞价主持人（二）", "Host (second)", host[2], host[3])
    treasurer = ("保证金会计", "Treasurer", "保证金收退", "Keeps deposits")
    return [
        Staff("trade", "演示交易经办", Role.TRADE_OFFICER, CENTRE, shown=officer),
        Staff("host1", "演示主持人一", Role.TRADE_HOST, CENTRE, shown=host),
        Staff("host2", "演示主持人二", Role.TRADE_HOST, CENTRE, shown=second),
        Staff("treasurer", "演示保证金会计", Role.TREASURER, CENTRE, shown=treasurer),
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
    _sure(people.grant_mandates(letters=letters, at=at))
    _sure(people.publish_mandates(letters=postings, at=at))


def _seals(officers: dict[tuple[Role, str], Officer], at: datetime) -> None:
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


def _applicants(at: datetime) -> list[living.Party]:
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
    persons = [r.key for r in _sure(people.register_people(identities=identities, by=by, at=at))]
    bodies = [
        Body(
            code=row["uscc"].lower(),
            kind=OrganisationKind.ENTERPRISE,
            particulars=Particulars(name=row["name"], uscc=row["uscc"]),
        )
        for row in reading.rows("enterprises")
    ]
    _sure(people.register_organisations(bodies=bodies, by=by, at=at))
    agents = [(body.code, persons[n % 5]) for n, body in enumerate(bodies)]
    _sure(people.name_agents(agents=agents, by=by, at=at))
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


def _publish(at: datetime) -> None:
    contents = reading.items()
    by = installing.SYSTEM
    _sure(catalogue.import_items(contents, by=by, at=at))
    _sure(catalogue.publish_items([key_of(one.code) for one in contents], by=by, at=at))


def _directory(manager: str, at: datetime) -> None:
    """What is shared is in the directory before the items that read it are published."""
    for content in reading.resources():
        catalogue.publish_resource(content=content, by=manager, at=at)


def _licence_types(manager: str, at: datetime) -> None:
    for content in reading.licence_types():
        licences.publish_type(content=content, by=manager, at=at)


def _trading_rules(manager: str, at: datetime) -> None:
    """The centre publishes by which procedures it trades, and what."""
    _sure(trading.publish_procedures(reading.procedures(), by=manager, at=at))
    trading.publish_kinds(all_of=reading.trading_kinds(), by=manager, at=at)


def _keep_sign_ins(staff: list[Staff]) -> None:
    """Write the sign-ins the demonstration page shows."""
    citizens = [
        ("citizen", "办事群众", "Citizen", "网上申请、看进度", "Applies, follows"),
        ("agent", "企业代理人", "Agent of enterprises", "替企业办事", "Files for enterprises"),
        (
            "agency",
            "中介机构代理人",
            "Agent of intermediaries",
            "入驻、报名、交付",
            "Signs up, delivers",
        ),
        ("bidder", "竞买人", "Bidder", "参加网上竞价", "Bids in online auctions"),
    ]
    lines = [
        {"role": zh, "role_en": en, "username": username, "what": what, "what_en": what_en}
        for username, zh, en, what, what_en in citizens
    ]
    for one in staff:
        assert one.shown is not None
        zh, en, what, what_en = one.shown
        lines.append(
            {"role": zh, "role_en": en, "username": one.username, "what": what, "what_en": what_en}
        )
    lines += levels.sign_ins()
    for line in lines:
        line["password"] = PASSWORD
    text = json.dumps(lines, ensure_ascii=False, indent=1)
    (Path(settings.HOME) / SIGN_INS).write_text(text, encoding="utf-8")


def _counts() -> dict[str, int]:
    wanted = catalogue_queries.Wanted()
    by_category = catalogue_queries.facets(wanted).categories
    return {
        "departments": len(reading.rows("departments")),
        "centres": len(reading.rows("centres")),
        "licence": by_category.get("licence", 0),
        "non_licence": by_category.get("non_licence", 0),
        "service": by_category.get("service", 0),
        "cases": cases.everywhere().count(),
        "entries": ledger.size(),
    }


def _print_sign_ins(counts: dict[str, int]) -> None:
    lines = json.loads((Path(settings.HOME) / SIGN_INS).read_text(encoding="utf-8"))
    print("明州省（演示）: " + "  ".join(f"{name} {n}" for name, n in counts.items()))
    print(f"登录密码 password: {PASSWORD}")
    for line in lines:
        print(f"  {line['username']:<16} {line['role']} {line['role_en']}")
