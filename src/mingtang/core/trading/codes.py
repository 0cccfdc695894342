"""Codes that trading platforms share (交易编码): categories, kinds of information, the trade code.

    A01-12350100M000100Y43-20260316-000001-9
    │   │                  │        │      └ check character: ISO 7064 MOD 37-2
    │   │                  │        └ serial of that day, six digits
    │   │                  └ day the project was entered
    │   └ unified social credit code of whoever entered it
    └ class of the trade: the code of its kind

One trade has one code for its whole life, on every platform. The check character stands for all
that is before it, without the dashes; the short form leaves class and dashes out.
"""

from dataclasses import dataclass
from datetime import date

# ── Categories and information ──────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Information:
    """信息类型: what kind of notice something is."""

    code: str  # four digits, the first two those of its business
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Business:
    """业务类型 of the national trading portal."""

    code: str  # two digits
    name: str
    name_en: str
    information: tuple[Information, ...]


BUSINESSES = (
    Business(
        "01",
        "工程建设",
        "Works",
        (
            Information("0101", "招标/资审公告", "Invitation to tender or to prequalify"),
            Information("0102", "开标记录", "Record of opening"),
            Information("0104", "交易结果公示", "Result"),
            Information("0105", "招标/资审文件澄清", "Clarification"),
        ),
    ),
    Business(
        "02",
        "政府采购",
        "Government procurement",
        (
            Information("0201", "采购/资审公告", "Invitation or prequalification"),
            Information("0202", "中标公告", "Award"),
            Information("0203", "采购合同", "Contract"),
            Information("0204", "更正事项", "Correction"),
        ),
    ),
    Business(
        "03",
        "土地使用权",
        "Land use rights",
        (
            Information("0301", "出让公示", "Offer"),
            Information("0302", "成交宗地", "Lots sold"),
        ),
    ),
    Business(
        "04",
        "矿业权",
        "Mining rights",
        (
            Information("0401", "出让公告", "Offer"),
            Information("0402", "出让结果", "Result"),
            Information("0403", "公开信息", "Public information"),
            Information("0404", "登记公告信息", "Registration"),
        ),
    ),
    Business(
        "05",
        "国有产权",
        "State property rights",
        (
            Information("0501", "挂牌披露", "Listing"),
            Information("0502", "交易结果", "Result"),
        ),
    ),
    Business(
        "21",
        "碳排放权",
        "Carbon emission rights",
        (
            Information("2101", "出售公告", "Offer"),
            Information("2102", "结果公示", "Result"),
        ),
    ),
    Business(
        "22",
        "排污权",
        "Pollutant discharge rights",
        (
            Information("2201", "交易公告", "Offer"),
            Information("2202", "结果公示", "Result"),
        ),
    ),
    Business(
        "23",
        "药品采购权",
        "Procurement of medicines",
        (
            Information("2302", "交易公告", "Notice"),
            Information("2303", "交易目录", "Catalogue"),
            Information("2304", "变更公告", "Change"),
        ),
    ),
    Business(
        "24",
        "二类疫苗",
        "Class two vaccines",
        (
            Information("2402", "交易公告", "Notice"),
            Information("2403", "交易目录", "Catalogue"),
            Information("2404", "变更公告", "Change"),
        ),
    ),
    Business(
        "25",
        "林权",
        "Forest rights",
        (
            Information("2501", "信息披露", "Disclosure"),
            Information("2502", "成交公告", "Result"),
        ),
    ),
    Business(
        "90",
        "其他",
        "Others",
        (
            Information("9001", "交易公告", "Notice"),
            Information("9002", "成交公示", "Result"),
        ),
    ),
)
BUSINESS = {business.code: business for business in BUSINESSES}
INFORMATION = {one.code: one for business in BUSINESSES for one in business.information}

# ── The trade code ──────────────────────────────────────────────────────────

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = DIGITS + LETTERS
CHECKS = SIGNS + "*"
CLASS_LENGTH, USCC_LENGTH, DAY_LENGTH, SERIAL_LENGTH = 3, 18, 8, 6
SHORT_LENGTH = USCC_LENGTH + DAY_LENGTH + SERIAL_LENGTH + 1


class NotATradeCode(ValueError):
    """The text is no trade code, or one of its characters is wrong."""


@dataclass(frozen=True, slots=True)
class TradeCode:
    """统一交易标识码. Raises NotATradeCode if a part of it is not what it has to be."""

    trade_class: str  # three signs: a letter and two digits
    uscc: str  # of whoever entered the project
    day: date
    serial: int  # of that day, from 1

    def __post_init__(self) -> None:
        letter, number = self.trade_class[:1], self.trade_class[1:]
        classed = len(self.trade_class) == CLASS_LENGTH and letter in LETTERS
        proper = classed and not {*number} - {*DIGITS} and not {*self.uscc} - {*SIGNS}
        if not proper or len(self.uscc) != USCC_LENGTH or self.day.year < 1000:
            raise NotATradeCode(f"{self.trade_class}-{self.uscc}-{self.day}")
        if not 0 < self.serial < 10**SERIAL_LENGTH:
            raise NotATradeCode(f"serial {self.serial}")

    def __str__(self) -> str:
        return format_trade_code(self)

    @property
    def short(self) -> str:
        """The 33 signs without class and dashes."""
        return "".join(_parts(self)[1:]) + _check(self)


def check_character(text: str) -> str:
    """Return the check character of `text`. Source: ISO 7064, MOD 37-2."""
    remainder = 0
    for sign in text:
        remainder = (remainder + SIGNS.index(sign)) * 2 % 37
    return CHECKS[(38 - remainder) % 37]


def format_trade_code(code: TradeCode) -> str:
    """Return the code as it is written, dashes and check character included."""
    return "-".join([*_parts(code), _check(code)])


def parse_trade_code(text: str, *, trade_class: str = "") -> TradeCode:
    """Return the code somebody typed, long or, with its class given, short.

    Raises NotATradeCode.
    """
    if not text.isascii():  # letters elsewhere become these when made capitals
        raise NotATradeCode(text)
    body = text.strip().upper().replace("-", "")
    if len(body) == SHORT_LENGTH:
        body = trade_class + body
    if len(body) != CLASS_LENGTH + SHORT_LENGTH:
        raise NotATradeCode(text)
    code = TradeCode(body[:3], body[3:21], _day(body[21:29]), _number(body[29:35]))
    if body[35] != _check(code):
        raise NotATradeCode(text)
    return code


def _parts(code: TradeCode) -> tuple[str, str, str, str]:
    return code.trade_class, code.uscc, f"{code.day:%Y%m%d}", f"{code.serial:06d}"


def _check(code: TradeCode) -> str:
    return check_character("".join(_parts(code)))


def _day(text: str) -> date:
    try:
        return date(_number(text[:4]), _number(text[4:6]), _number(text[6:]))
    except ValueError as error:
        raise NotATradeCode(text) from error


def _number(text: str) -> int:
    if {*text} - {*DIGITS}:
        raise NotATradeCode(text)
    return int(text)
