"""A town where lots are sold today: a project with one lot of each way, and people who bid.

Times are counted from `now`, because pages ask the clock: what was announced, signed up for and
bid lies before it. Lots go by the name of their procedure.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.core.trading.announcing import LotContent
from mingtang.core.trading.lots.terms import LotFact, Timetable, lot_key
from mingtang.core.trading.parameters import (
    AfterCeiling,
    Base,
    Bidding,
    Ceiling,
    Deposit,
    DepositDue,
    Direction,
    Entry,
    Extension,
    Period,
    Priority,
    PriorityRight,
    Reserve,
    Secrecy,
    TimedStart,
    Unit,
)
from mingtang.core.trading.projects import ProjectContent
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.trading import queries
from mingtang.trading.actions import hosting, paddles, procedures, projects
from tests.core.test_trading_kinds import LAND
from tests.core.trading_examples import AUCTION, DUTCH, LISTING, MULTI_UNIT, SEALED, sourced
from tests.rooms import trading_words as words
from tests.rooms.people_words import SETUP, official, person
from tests.rooms.trading_words import Party

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
USCC = "12350100M000100Y43"
HOURS = Period(number=1, unit=Unit.HOURS)
DEPOSIT = Deposit(
    least_permille=0, most_permille=1_000, base=Base.START_PRICE, due=DepositDue.SIGN_UP_END
)
RIGHT = Priority(right=PriorityRight.SAME_PRICE, ranked=True)
WAYS = {
    "timed": {
        **LISTING,
        "notice": None,
        "free": HOURS,
        "blackout_seconds": 600,
        "entry": Entry.ALL,
        "asking_seconds": 0,
        "deposit": DEPOSIT,
        "reserve": Reserve(secrecy=Secrecy.SEALED),
    },
    "asking": {
        **LISTING,
        "notice": None,
        "free": HOURS,
        "blackout_seconds": 600,
        "timed_start": TimedStart.HIGHEST,
        "deposit": DEPOSIT,
        "reserve": Reserve(secrecy=Secrecy.SEALED),
    },
    "auction": {
        **AUCTION,
        "free": HOURS,
        "priority": RIGHT,
        "extension": Extension(window_seconds=300, by_seconds=300),
        "deposit": DEPOSIT,
    },
    "reverse": {
        **AUCTION,
        "free": HOURS,
        "direction": Direction.REVERSE,
        "deposit": DEPOSIT,
    },
    "ceiling": {
        **LISTING,
        "notice": None,
        "free": HOURS,
        "blackout_seconds": 0,
        "asking_seconds": 0,
        "entry": Entry.ALL,
        "deposit": DEPOSIT,
        "reserve": Reserve(secrecy=Secrecy.SEALED),
        "ceiling": Ceiling(then=AfterCeiling.ONE_SHOT, asking_seconds=300, quoting_seconds=600),
    },
    "dutch": {**DUTCH, "deposit": DEPOSIT},
    "sealed": {**SEALED, "direction": Direction.REVERSE, "deposit": DEPOSIT},
    "multi-unit": {**MULTI_UNIT, "free": HOURS, "most_bids": 3, "deposit": DEPOSIT},
}
FACTS = (
    LotFact(name="出让面积", value="23,456 平方米"),
    LotFact(name="土地用途", value="住宅用地"),
    LotFact(name="容积率", value="2.2"),
    LotFact(name="出让年限", value="70 年"),
)
# What of each lot: title, start, step, deposit, minutes its bidding has been open and stays open.
LOTS = {
    "timed": ("演示地块甲", 9_800_000_000, 50_000_000, 1_960_000_000, (-120, -2)),
    "asking": ("演示地块乙", 4_200_000_000, 20_000_000, 840_000_000, (-120, -2)),
    "auction": ("演示商铺", 98_000_000, 500_000, 9_800_000, (-120, 4)),
    "reverse": ("演示服务采购", 120_000_000, 1_000_000, 2_000_000, (-120, 30)),
    "ceiling": ("演示地块丙", 5_000_000_000, 50_000_000, 1_000_000_000, (-120, 30)),
    "dutch": ("演示设备", 60_000_000, 0, 6_000_000, (-22, 300)),
    "sealed": ("演示采购", 120_000_000, 0, 2_000_000, (-60, 60)),
    "multi-unit": ("演示排污权", 50_000, 50_000, 1_000_000, (-60, 60)),
}


@dataclass
class Town:
    now: datetime
    manager: str
    officer: str
    host: str
    other_host: str
    treasurer: str
    stranger: str  # hosts at another centre
    project: str = ""
    lots: dict[str, str] = field(default_factory=dict)
    bidders: dict[tuple[str, int], Party] = field(default_factory=dict)


def build(*names: str, now: datetime | None = None, bidders: int = 2) -> Town:
    """Found the town and announce the lots of these names, all where none is named."""
    now = (now or timezone.localtime()).replace(microsecond=0)
    names = names or tuple(LOTS)
    before = now - timedelta(days=30)
    for code in ("centre", "elsewhere"):
        particulars = Particulars(name=f"演示{code}", uscc=USCC if code == "centre" else "")
        body = Body(code=code, kind=OrganisationKind.CENTRE, particulars=particulars)
        people.register_organisations(bodies=[body], by=SETUP, at=before)
    town = Town(
        now,
        official(1, Role.CENTRE_MANAGER, "centre"),
        official(2, Role.TRADE_OFFICER, "centre"),
        official(3, Role.TRADE_HOST, "centre"),
        official(4, Role.TRADE_HOST, "centre"),
        official(5, Role.TREASURER, "centre"),
        official(6, Role.TRADE_HOST, "elsewhere"),
    )
    for name in names:
        way = {key: value for key, value in WAYS[name].items() if value is not None}
        procedure = sourced(**{**way, "code": name, "name": f"演示规程 {name}"})
        procedures.publish_procedure(procedure=procedure, by=town.manager, at=before)
    kind = replace(LAND, procedure="")
    procedures.publish_kinds(all_of=[kind], by=town.manager, at=before)
    _announce(town, names, before)
    for name in names:
        for number in range(1, bidders + 1):
            town.bidders[name, number] = ready(town, name, number)
    return town


def _announce(town: Town, names: tuple[str, ...], at: datetime) -> None:
    contents = [_content(town, name, no) for no, name in enumerate(names, 1)]
    project = ProjectContent(
        kind="B01",
        title="演示项目出让",
        seller="演示自然资源局",
        seller_code=USCC,
        region="演示市",
        summary="竞买人须缴纳保证金。",
        contact="演示交易中心 0990-0110000",
        lots=tuple(contents),
    )
    key = projects.enter_project(content=project, by=town.officer, at=at).key
    projects.submit_project(key=key, by=town.officer, at=at)
    projects.approve_project(key=key, by=town.manager, at=at)
    number = "演示公告〔2026〕1号"
    projects.publish_notice(key=key, number=number, by=town.manager, at=at)
    row = queries.announced_project(key)
    published = queries.project_content(row) if row else None
    assert published is not None
    hosting.announce(project=key, contents=published.lots, by=town.manager, at=at)
    town.project = key
    town.lots = {name: lot_key(key, no) for no, name in enumerate(names, 1)}


def _content(town: Town, name: str, no: int) -> LotContent:
    title, start, step, deposit, (since, until) = LOTS[name]
    opens, closes = town.now + since * MINUTE, town.now + until * MINUTE
    several = WAYS[name]["bidding"] is Bidding.MULTI_UNIT
    return LotContent(
        no=no,
        title=title,
        facts=FACTS if start > 1_000_000_000 else (),
        quantity=100 if several else 1,
        unit="吨" if several else "",
        procedure=name,
        procedure_version=0,
        times=Timetable(
            sign_up_from=opens - timedelta(days=9),
            sign_up_until=opens - HOUR,
            deposit_until=opens - HOUR,
            opens=opens,
            closes=closes,
        ),
        start_fen=start,
        step_fen=step,
        ceiling_fen=start + 10 * step if name == "ceiling" else 0,
        deposit_fen=deposit,
        priority="演示承租人" if name == "auction" else "",
    )


def open_for_sign_up(town: Town, title: str = "演示标的") -> str:
    """Announce one more lot that anybody may still sign up for; return its key."""
    no = 20 + len(town.lots)
    content = replace(
        _content(town, next(iter(town.lots)), no), title=title, procedure_version=1, no=no
    )
    times = replace(
        content.times,
        opens=town.now + 2 * HOUR,
        closes=town.now + 8 * HOUR,
        sign_up_until=town.now + HOUR,
        deposit_until=town.now + HOUR,
    )
    contents = [replace(content, times=times)]
    hosting.announce(project=town.project, contents=contents, by=town.manager, at=town.now)
    key = lot_key(town.project, no)
    town.lots[title] = key
    return key


# ── Bidders ─────────────────────────────────────────────────────────────────


def signed_up(town: Town, name: str, number: int, *, priority: str = "") -> Party:
    """Sign somebody up while that is open; each number is one person, whatever the lot."""
    lot = town.lots[name]
    times = queries.content_of(queries.lot(lot)).times
    known = [party.person for (_, n), party in town.bidders.items() if n == number]
    someone = known[0] if known else person(100 + number)
    party = Party(someone, lot, f"演示竞买人{number}")
    bidder = words.Bidder(
        person=someone, name=party.name, id_number=f"E{100 + number:08d}", phone="19900000001"
    )
    at = times.sign_up_from + number * MINUTE
    receipt = paddles.sign_up(
        lot=lot, bidder=bidder, key=party.key, priority=priority, promised=True, at=at
    )
    party.application = receipt.key
    return party


def ready(town: Town, name: str, number: int, *, rank: int = 0) -> Party:
    """Sign somebody up, admit them and let their deposit arrive."""
    party = signed_up(town, name, number)
    content = queries.content_of(queries.lot(party.lot))
    at = content.times.sign_up_from + HOUR
    paddles.admit(application=party.application, rank=rank, by=town.officer, at=at)
    words.heard()
    words.pay(party, fen=content.deposit_fen, booked=at + HOUR)
    return party


def bid(town: Town, name: str, number: int, price: int, *, ago: timedelta) -> None:
    """Let a bidder have bid so long ago, at this price."""
    received = town.now - ago
    outcomes = words.place(town.bidders[name, number].bid(price, received))
    assert [getattr(one, "code", "ok") for one in outcomes] == ["ok"]
