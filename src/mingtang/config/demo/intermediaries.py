"""The demonstration's intermediaries (中介超市): made-up bodies, and a need in every state.

Every name says that it is made up. Some needs are for cases that are under review, so that their
clocks stand still, or go on and say why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from stdnum.cn import uscc

from mingtang.cases import queries as cases
from mingtang.cases.reactions import REACTIONS as CASE_REACTIONS
from mingtang.config.demo.paper import page
from mingtang.core.cases import Document, Officer, SpecialKind, Stage
from mingtang.core.catalogue import LegalBasis
from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.needs.terms import (
    Criterion,
    Mark,
    NeedContent,
    Publisher,
    PublisherKind,
)
from mingtang.core.intermediaries.register import BodyContent, Qualification
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import IdKind, Role
from mingtang.intermediaries import queries
from mingtang.intermediaries.actions import listing, selecting, serving
from mingtang.intermediaries.reactions import REACTIONS
from mingtang.ledger import reactions
from mingtang.ledger.replay import history
from mingtang.people import actions as people
from mingtang.people import queries as directory
from mingtang.people.actions import Body, Identity
from mingtang.vault import actions as vault

AGENT = "agency"  # the sign-in of whoever acts for the first body and for one not listed yet
NAMES = (
    "演示甲检验检测有限公司",
    "演示乙检验检测有限公司",
    "演示丙检验检测有限公司",
    "演示丁消防技术服务有限公司",
    "演示戊消防技术服务有限公司",
    "演示己环境评价有限公司",
    "演示庚环境评价有限公司",
    "演示辛测绘有限公司",
    "演示壬测绘有限公司",
    "演示癸评估鉴定有限公司",
    "演示子评估鉴定有限公司",
    "演示丑技术咨询有限公司",
    "演示寅检验检测有限公司",  # not listed: whoever tries the demonstration may ask for it
)
SUSPENDED, REMOVED, WAITING, UNLISTED = 2, 8, 11, 12
WELL_KNOWN = "食品经营许可"  # the item whose review needs an inspection here
DAY = timedelta(days=1)
CRITERIA = (
    Criterion(key="plan", name="服务方案", most=60),
    Criterion(key="team", name="人员和业绩", most=40),
)
PUBLIC_BUYER = "market-regulation"


@dataclass(frozen=True, slots=True)
class Market:
    """Who takes part."""

    centre: str
    buyer: Officer  # of the department that seeks services for itself
    second: str  # another of its staff
    agents: tuple[str, ...]
    codes: tuple[str, ...]


def live(*, staff: Mapping[tuple[Role, str], Officer], centre: str, now: datetime) -> str:
    """Publish services, list bodies, let needs go their ways; return the agent's person."""
    opening = now - 60 * DAY
    market = Market(
        centre=staff[Role.CENTRE_MANAGER, centre].person,
        buyer=staff[Role.REVIEWER, PUBLIC_BUYER],
        second=staff[Role.CHIEF_REPRESENTATIVE, PUBLIC_BUYER].person,
        agents=_agents(opening),
        codes=tuple(_code(number) for number in range(len(NAMES))),
    )
    for content in _services(now):
        listing.publish_service(content=content, by=market.centre, at=opening)
    _bodies(market, opening)
    _department_needs(market, now)
    _case_needs(market, now)
    listing.remove(
        body=market.codes[REMOVED], reason="资质证书已注销（演示）", by=market.centre, at=now
    )
    return market.agents[0]


def _code(number: int) -> str:
    """Return a made-up credit code of the province that does not exist."""
    body = f"91990000MA9{number:06}"
    return body + str(uscc.calc_check_digit(body))


def _agents(at: datetime) -> tuple[str, ...]:
    identities = [
        Identity(
            name=f"演示中介代理{number:02}", id_kind=IdKind.OTHER, id_number=f"agency{number:02}"
        )
        for number in range(1, len(NAMES))
    ]
    by = "system"
    receipts = people.register_people(identities=identities, by=by, at=at)
    persons = [receipt.key for receipt in receipts if not isinstance(receipt, Exception)]
    return (*persons, persons[0])  # the first acts for the last body, too


def _services(now: datetime) -> list[ServiceContent]:
    reviewing = [row.item_code for row in _reviewing() if row.item_name != WELL_KNOWN][:4]
    known = cases.everywhere().filter(item_name=WELL_KNOWN).values_list("item_code", flat=True)
    food = ServiceContent(
        code="food-inspection",
        name="食品经营场所检验（演示）",
        name_en="Inspection of food premises (demonstration)",
        bases=(LegalBasis(title="演示食品安全条例", article="第十条"),),
        procedure=SpecialKind.INSPECTION,
        items=tuple(sorted({*known, *reviewing})),
        conditions="申请食品经营许可，依法需要对经营场所检验的。",
        flow="委托、现场检验、出具检验报告。",
        longest_days=10,
        fee_rule="市场调节价，每次不超过 8,000 元；依据演示价格目录。",
        qualification="检验检测机构资质认定证书，且在有效期内。",
        direct_most_fen=500_000,
        direct_note="演示采购限额规定第三条；各地限额不同。",
    )
    return [
        food,
        replace(
            food,
            code="fire-testing",
            name="消防设施检测（演示）",
            name_en="Testing of fire protection (demonstration)",
            bases=(LegalBasis(title="演示消防条例", article="第二十条"),),
            procedure=SpecialKind.TESTING,
            items=(),
            conditions="投入使用前的人员密集场所。",
            direct_most_fen=0,
            direct_note="",
        ),
        replace(
            food,
            code="site-survey",
            name="地形测绘（演示）",
            name_en="Survey of a site (demonstration)",
            bases=(LegalBasis(title="演示测绘条例", article="第八条"),),
            procedure=None,
            items=(),
            conditions="申请用地，需要地形图的。",
            flow="委托、外业测量、内业成图。",
            longest_days=15,
            qualification="测绘资质证书（丙级以上）。",
            direct_most_fen=0,
            direct_note="",
        ),
    ]


def _bodies(market: Market, at: datetime) -> None:
    for number, (name, code) in enumerate(zip(NAMES, market.codes, strict=True)):
        agent = market.agents[number]
        body = Body(
            code=code,
            kind=OrganisationKind.ENTERPRISE,
            particulars=Particulars(name=name, uscc=code),
        )
        people.register_organisation(body=body, by=agent, by_staff=False, at=at)
        if number == UNLISTED:
            continue
        content = BodyContent(
            code=code,
            name=name,
            contact=f"演示联系人{number + 1:02}",
            phone=f"0990-01200{number + 1:02}",
            qualifications=tuple(
                Qualification(
                    service=service,
                    name="演示资质证书",
                    number=f"演示〔2026〕{number + 1:03}号",
                    until=date(at.year + 3, 12, 31),
                )
                for service in _offered(number)
            ),
            documents=(_kept("演示资质证书.pdf", "qualification", at),),
        )
        listing.ask_to_join(content=content, by=agent, at=at)
        if number != WAITING:
            listing.admit(body=code, by=market.centre, at=at)


def _offered(number: int) -> tuple[str, ...]:
    if number in (7, 8):
        return ("site-survey",)
    return ("food-inspection", "fire-testing")


def _kept(name: str, material: str, at: datetime) -> Document:
    row = vault.keep_document(owner="", name=name, chunks=[page((name, "仅供演示。"))], at=at)
    return Document(id=row.id, material=material, sha256=row.sha256, sm3=row.sm3, size=row.size)


# ── Needs ───────────────────────────────────────────────────────────────────


def _notice(title: str, service: str, way: Way, until: datetime, **changed: object) -> NeedContent:
    content = NeedContent(
        title=f"{title}（演示）",
        service=service,
        summary="演示需求，不是真实采购。",
        ceiling_fen=480_000,
        days=8,
        sign_up_until=until,
        way=way,
    )
    return replace(content, **changed)  # type: ignore[arg-type]


@dataclass(slots=True)
class _Need:
    """One need on its way; every step happens `DAY // 8` after the one before."""

    market: Market
    publisher: Publisher
    by: str
    at: datetime
    key: str = ""

    def later(self) -> datetime:
        self.at += DAY / 8
        return self.at

    def publish(self, content: NeedContent, case: str = "", invited: str = "") -> "_Need":
        self.key = selecting.publish(
            content=content,
            publisher=self.publisher,
            case=case,
            invited=invited,
            by=self.by,
            at=self.at,
        ).key
        return self

    def sign_up(self, *numbers: int, prices: tuple[int, ...] = ()) -> "_Need":
        for place, number in enumerate(numbers):
            selecting.sign_up(
                need=self.key,
                body=self.market.codes[number],
                nonce=f"demonstration-{self.key}-{number:02}",
                price_fen=prices[place] if prices else 0,
                by=self.market.agents[number],
                at=self.at + timedelta(minutes=place + 1),
            )
        return self

    def withdraw(self, number: int) -> "_Need":
        selecting.withdraw(
            need=self.key,
            body=self.market.codes[number],
            by=self.market.agents[number],
            at=self.at + timedelta(minutes=30),
        )
        return self

    def open(self) -> "_Need":
        selecting.open_need(need=self.key, at=self.later())
        return self

    @property
    def agent(self) -> str:
        row = queries.need(self.key)
        assert row is not None
        return self.market.agents[self.market.codes.index(row.body)]

    def contract(self, price_fen: int, days: int) -> "_Need":
        serving.contract(need=self.key, price_fen=price_fen, days=days, by=self.by, at=self.later())
        return self

    def begin(self) -> "_Need":
        serving.begin(need=self.key, by=self.agent, at=self.later())
        _react()
        return self

    def deliver(self, after: timedelta) -> "_Need":
        self.at += after
        report = _kept("演示检验报告.pdf", "result", self.at)
        serving.deliver(
            need=self.key,
            documents=(report,),
            note="结论：合格（演示）。",
            by=self.agent,
            at=self.at,
        )
        _react()
        return self

    def rated(self, stars: int) -> "_Need":
        serving.accept(need=self.key, by=self.by, at=self.later())
        serving.rate(need=self.key, stars=stars, comment="演示评价", by=self.by, at=self.later())
        return self


def _react() -> None:
    ours = [one for one in CASE_REACTIONS if one.reader == "cases.contracted"]
    while sum(reactions.run(one) for one in (*ours, *REACTIONS)):
        pass


def _department_needs(market: Market, now: datetime) -> None:
    """What a department seeks for itself: every state that needs no case."""
    publisher = Publisher(
        kind=PublisherKind.DEPARTMENT,
        id=PUBLIC_BUYER,
        name=directory.organisation_name(PUBLIC_BUYER),
    )

    def need(days_ago: float) -> _Need:
        return _Need(market, publisher, market.buyer.person, now - days_ago * DAY)

    def notice(title: str, way: Way, begun: _Need, **changed: object) -> NeedContent:
        until = begun.at + DAY / 8
        return _notice(title, "fire-testing", way, until, organ=PUBLIC_BUYER, **changed)

    best: dict[str, object] = {"criteria": CRITERIA, "scorers": 2}
    for days_ago, numbers, stars in ((50, (3, 4), 5), (42, (0, 3, 4), 4), (30, (1, 4), 2)):
        done = need(days_ago)
        done.publish(notice("办公楼消防检测", Way.DRAW, done)).sign_up(*numbers).open()
        done.contract(420_000, 6).begin().deliver(timedelta(days=5)).rated(stars)
    upheld = need(25)
    upheld.publish(notice("仓库消防检测", Way.DRAW, upheld)).sign_up(SUSPENDED).open()
    upheld.contract(300_000, 5).begin().deliver(timedelta(days=12)).rated(1)
    serving.complain(need=upheld.key, text="演示投诉：逾期交付。", by=upheld.by, at=upheld.later())
    serving.answer(
        need=upheld.key,
        upheld=True,
        reason="逾期五天以上，查证属实（演示）",
        by=market.centre,
        at=upheld.later(),
    )
    _react()
    late = need(20)
    late.publish(notice("档案库消防检测", Way.DRAW, late)).sign_up(4).open()
    late.contract(260_000, 5).begin()
    quoted = need(3)
    quoted.publish(notice("实验室消防检测", Way.QUOTE, quoted))
    quoted.sign_up(0, 1, 3, 4, prices=(450_000, 390_000, 440_000, 410_000))
    quoted.withdraw(3).open()
    scoring = need(2)
    scoring.publish(notice("年度消防检测", Way.BEST, scoring, **best)).sign_up(0, 3).open()
    marks = tuple(Mark(criterion=one.key, points=30, reason="方案完整（演示）") for one in CRITERIA)
    selecting.score(
        need=scoring.key,
        body=market.codes[0],
        marks=marks,
        by=market.buyer.person,
        at=scoring.later(),
    )
    failed = need(6)
    failed.publish(notice("夜间消防检测", Way.DRAW, failed)).open()
    ended = need(5)
    ended.publish(notice("临时场馆消防检测", Way.DRAW, ended)).sign_up(3).open()
    serving.end(need=ended.key, reason="活动取消（演示）", by=ended.by, at=ended.later())
    open_now = need(0.1)
    until = now + 20 * DAY
    open_now.publish(replace(notice("新办公楼消防检测", Way.DRAW, open_now), sign_up_until=until))
    open_now.sign_up(3, 4)


def _reviewing() -> list[cases.CaseRow]:
    rows = cases.everywhere().filter(stage=Stage.REVIEWING, special="", batch="")
    return list(rows.order_by("number"))


def _case_needs(market: Market, now: datetime) -> None:
    """What applicants seek for a case in hand: the clock of the case stands still, or not."""
    today = now.date()
    fit = (
        row
        for row in _reviewing()
        if _at_rest(row, now) and row.statutory_due and row.statutory_due > today
    )
    stories = ("open", "contracted", "serving", "delivered", "counted", "complained")
    for story, row in zip(stories, fit, strict=False):
        publisher = _publisher(row)
        by = row.agent if publisher.kind is PublisherKind.ORGANISATION else row.applicant
        need = _Need(market, publisher, by, now - DAY * 5 / 8)
        service = "site-survey" if story == "counted" else "food-inspection"
        until = now + 9 * DAY if story == "open" else need.at + DAY / 8
        way = Way.QUOTE if story == "open" else Way.DRAW
        title = "地形测绘" if story == "counted" else "经营场所检验"
        need.publish(_notice(title, service, way, until), case=row.number)
        numbers = (7,) if story == "counted" else (0, 1)
        prices = (460_000, 440_000) if story == "open" else ()
        need.sign_up(*numbers, prices=prices)
        if story == "open":
            continue
        need.open()
        need.contract(400_000, 5)
        if story == "contracted":
            continue
        need.begin()
        if story in ("delivered", "complained"):
            need.deliver(timedelta(minutes=30))
        if story == "complained":
            text = "演示投诉：报告缺页。"
            serving.complain(
                need=need.key, text=text, by=need.by, at=need.at + timedelta(minutes=5)
            )


def _at_rest(row: cases.CaseRow, now: datetime) -> bool:
    """Whether nothing has happened to a case for a day: its acts stand in the order of time."""
    last: datetime = history(f"case/{row.number}")[-1].event.at
    return last < now - DAY


def _publisher(row: cases.CaseRow) -> Publisher:
    kind = PublisherKind(row.applicant_kind)
    return Publisher(kind=kind, id=row.applicant, name=row.applicant_name)
