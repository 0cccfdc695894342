"""What the trading floor puts on paper (交易文书): an admission to bid, a sale confirmation.

A paper is a Chinese document with legal effect: its words stand here and are not translated.
Nobody decides on either: the admission states what an officer decided, the confirmation follows
from the rules of the lot. Sources: 拍卖法 art. 52; 法释〔2016〕18号 arts. 22, 24, 25.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.core.capitals import capitals
from mingtang.core.clock import CHINA, civil_day
from mingtang.core.notices.wording import AUTOMATIC, in_words, moment, with_weekday
from mingtang.core.sheets import Block, Layout, Sheet, facts, text
from mingtang.core.trading.lots.events import LotAward, LotClosed, WinnerName
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.parameters import (
    Bidding,
    Direction,
    Payee,
    Period,
    Procedure,
    Unit,
)

ADMISSION_WORD, SALE_WORD = "竞", "成"  # in the document numbers
COURT_RULES = "《最高人民法院关于人民法院网络司法拍卖若干问题的规定》（法释〔2016〕18号）"
UNITS = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.CALENDAR_DAYS: "日",
    Unit.HOURS: "小时",
}


@dataclass(frozen=True, kw_only=True)
class Centre:
    """Whose floor it is, and where it is found."""

    name: str  # in full
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A lot as its papers speak of it, under the version its notice named."""

    centre: Centre
    code: str  # 统一交易标识码
    project: str  # title
    seller: str
    lot: LotContent
    procedure: Procedure

    @property
    def by_court(self) -> bool:
        """Whether it is a court's auction: the money goes to the court, under its own rules."""
        payout = self.procedure.payout
        return payout is not None and payout.to is Payee.COURT

    @property
    def buys(self) -> bool:
        """Whether whoever has the lot up buys, and the lowest price wins."""
        return self.procedure.direction is Direction.REVERSE

    @property
    def other_side(self) -> str:
        """What the party is called whom a winner signs with."""
        return "采购人" if self.buys else "委托法院" if self.by_court else "转让（出让）方"

    @property
    def party(self) -> tuple[str, str]:
        return (self.other_side, self.seller)

    def facts(self, *party: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        no = f"第 {self.lot.no} 号标的："
        version = f"第 {self.lot.procedure_version} 版"
        return (
            ("统一交易标识码", self.code),
            ("交易项目", self.project),
            ("标的", f"{no}{self.lot.title}"),
            *party,
            ("交易规程", f"{self.procedure.name}（{version}）"),
        )


# ── 成交确认书 ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Result:
    """How the lot ended, and where the log says so."""

    closed: LotClosed
    index: int  # entry of the log
    sign_by: date | None = None  # last day for signing the contract, where the procedure says
    provisional: bool = False  # that day goes through a year not yet announced


def sale_confirmation(trade: Trade, result: Result, winner: WinnerName, *, at: datetime) -> Sheet:
    """Return a winner's confirmation. Raises StopIteration where they won nothing."""
    award = next(one for one in result.closed.awards if one.paddle == winner.paddle)
    opening = (
        f"你方以 {winner.paddle} 号牌参加下列标的的网上竞价，现竞价已经结束，"
        f"按照交易规程，你方{'成交' if trade.buys else '竞得'}。特此确认。"
    )
    blocks = (
        text(opening),
        facts(*trade.facts(trade.party), *_won(trade, award, winner), *_course(result)),
        text("".join(_what_follows(trade, result))),
        text(_basis(trade)),
    )
    return _sheet(trade, "成交确认书", winner.name, blocks, at)


def _won(trade: Trade, award: LotAward, winner: WinnerName) -> tuple[tuple[str, str], ...]:
    who = ("成交人" if trade.buys else "竞得人", f"{winner.name}（{winner.paddle} 号牌）")
    if trade.lot.quantity == 1:
        return (who, ("成交价", _in_full(award.price_fen)))
    unit = trade.lot.unit or "份"
    return (
        who,
        ("成交单价", f"人民币 {_yuan(award.price_fen)} 元/{unit}"),
        ("成交数量", f"{award.quantity:,} {unit}"),
        ("成交价", _in_full(award.price_fen * award.quantity)),
    )


def _course(result: Result) -> tuple[tuple[str, str], ...]:
    closed = result.closed
    extended = f"延时 {closed.extensions} 次" if closed.extensions else "没有延时"
    return (
        ("竞价结束时间", to_the_second(closed.ended)),
        ("竞价经过", f"{closed.bidders} 位竞买人，{closed.bids} 次有效报价，{extended}"),
        ("存证序号", f"{result.index}，账本中记载竞价结果的一条"),
    )


def _what_follows(trade: Trade, result: Result) -> Iterator[str]:
    yield _contract(trade, result)
    if trade.lot.deposit_fen:
        yield _deposit(trade)
    if trade.procedure.publication:
        yield f"本次结果公示 {_period(trade.procedure.publication)}。"
    if not trade.buys:
        yield _default(trade)


def _contract(trade: Trade, result: Result) -> str:
    if trade.by_court:
        return "请按公告规定的期限，将余款付至人民法院指定的账户。"
    signing = trade.procedure.signing
    when = "按公告规定的期限"
    if signing and result.sign_by:
        subject = "（暂定）" if result.provisional else ""
        until = f"{with_weekday(result.sign_by)}{subject}"
        when = f"在竞价结束后 {_period(signing)}内，不迟于{until}，"
    return f"请{when}与{trade.other_side}签订合同。"


def _deposit(trade: Trade) -> str:
    amount = f"你方交纳的保证金{_in_full(trade.lot.deposit_fen)}"
    payout = trade.procedure.payout
    if trade.by_court and payout:
        since = "竞价结束" if payout.at_end else "签订合同"
        return f"{amount}，在{since}后 {_period(payout.within)}内划入该账户，充抵价款。"
    if trade.buys:
        return f"{amount}，在签订合同后按公告处理。"
    return f"{amount}，在签订合同后转作成交价款。"


def _default(trade: Trade) -> str:
    if trade.by_court:
        return "成交后悔拍的，保证金不予退还（第二十四条）。"
    kept = "保证金不予退还，并" if trade.lot.deposit_fen else ""
    return f"无正当理由不签订合同或者不支付价款的，{kept}依法承担违约责任。"


def _basis(trade: Trade) -> str:
    open_to_all = "竞价的每一步都记入账本，任何人都可以核验。"
    if trade.by_court:
        under = f"依据{COURT_RULES}第二十二条，"
        return f"{under}本确认书以买受人的真实身份自动生成并公示。{open_to_all}"
    if trade.buys:
        return f"本确认书依竞价结果自动生成。{open_to_all}"
    auction = trade.procedure.bidding is Bidding.AUCTION
    under = f"{'依据' if auction else '参照'}《中华人民共和国拍卖法》第五十二条，"
    return f"{under}本确认书依竞价结果自动生成。{open_to_all}"


# ── 竞买资格确认书 ──────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where the deposit goes (保证金账户)."""

    number: str
    holder: str = ""  # 户名; empty: not known here
    bank: str = ""  # 开户行
    amount_fen: int
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Who was admitted, with which paddle, and when bidding is."""

    name: str
    paddle: str
    rank: int  # of a priority right; 0: none
    opens: datetime
    closes: datetime
    account: Account | None  # None: the lot asks for no deposit


def admission(trade: Trade, admitted: Admitted, *, staff_no: str, at: datetime) -> Sheet:
    """Return the paper of a bidder who was admitted, for that bidder alone."""
    opening = (
        "你方报名参加下列标的的竞买，经审核符合条件，准予参加。"
        "号牌是你方在竞价中唯一公开的身份，竞价结束前请勿告诉他人。"
    )
    rank = f"第 {admitted.rank} 顺位" if admitted.rank else ""
    hours = f"{moment(admitted.opens)}开始，{moment(admitted.closes)}截止（延时另计）"
    blocks: list[Block] = [
        text(opening),
        facts(
            *trade.facts(),
            ("号牌", admitted.paddle),
            ("优先购买权", rank),
            ("报价时间", hours),
        ),
        *_paying(admitted),
        text(_entering(admitted)),
    ]
    by = (f"审核：工号 {staff_no}。",) if staff_no else ()
    return _sheet(trade, "竞买资格确认书", admitted.name, blocks, at, by=by)


def _paying(admitted: Admitted) -> Sequence[Block]:
    account = admitted.account
    if account is None:
        return (text("本标的不收取保证金。"),)
    return (
        facts(
            ("保证金", _in_full(account.amount_fen)),
            ("户名", account.holder),
            ("开户行", account.bank),
            ("账号", account.number),
            ("交纳截止", f"{moment(account.deadline)}，以银行入账时间为准"),
        ),
        text(
            "请从你方自己的账户汇款，可以分几笔；截止时没有足额入账的不能报价。账号只用于本次报名。"
        ),
    )


def _entering(admitted: Admitted) -> str:
    paid = "保证金到账后，" if admitted.account else ""
    return (
        f"{paid}请用报名时的浏览器登录本平台，从“我的竞买”进入竞价大厅；换了浏览器的，"
        "先在“我的竞买”更换报价密钥。时间以大厅显示的为准。"
    )


# ── Turns of phrase ─────────────────────────────────────────────────────────


def _sheet(
    trade: Trade,
    title: str,
    addressee: str,
    blocks: Sequence[Block],
    at: datetime,
    by: Sequence[str] = (AUTOMATIC,),
) -> Sheet:
    centre = trade.centre
    phone = f"咨询电话 {centre.phone}" if centre.phone else ""
    contact = "；".join(filter(None, (phone, centre.address)))
    return Sheet(
        layout=Layout.NOTICE,
        title=title,
        organ=centre.name,
        addressee=addressee,
        blocks=tuple(blocks),
        date=civil_day(at),
        notes=(*by, f"{contact}。") if contact else tuple(by),
    )


def to_the_second(at: datetime) -> str:
    """Return a moment as a confirmation writes it: 2026年3月16日9时05分07秒."""
    there = at.astimezone(CHINA)
    return f"{in_words(there.date())}{there.hour}时{there.minute:02}分{there.second:02}秒"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def _in_full(fen: int) -> str:
    """Return an amount in figures and in capitals."""
    return f"人民币 {_yuan(fen)} 元（大写：{capitals(fen)}）"


def _period(period: Period) -> str:
    return f"{period.number} {UNITS[period.unit]}"
