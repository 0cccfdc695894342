"""What every notice needs to be worded: whose it is, whom it is for, and turns of phrase."""

from dataclasses import dataclass
from datetime import date, datetime

from mingtang.core.cases.state import State
from mingtang.core.cases.terms import Officer, Terms
from mingtang.core.clock import civil_day
from mingtang.core.mandates import Authority
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, Layout, Sheet, facts

WEEKDAYS = "一二三四五六日"
LAW = "《中华人民共和国行政许可法》"
AUTOMATIC = "本文书由系统依法自动生成，无需经办人操作。"


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who writes: the department, and where it is found."""

    organ: str  # in full
    phone: str = ""
    address: str = ""  # of the window
    office: str = ""  # window of whoever acted, in words
    review_organ: str = "本机关的同级人民政府"  # 行政复议法 art. 24 [B]
    court: str = "有管辖权的人民法院"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the item's version says that a notice repeats."""

    licence: bool  # 行政许可, or else another kind of item
    basis: tuple[str, ...]  # "《…法》第五十六条"
    materials: tuple[tuple[str, str], ...]  # key and name of every material
    result: str = ""  # name of the certificate or approval that follows


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A case as its papers speak of it: after the event they state."""

    number: str
    case: State
    addressee: str
    organisation: bool  # the addressee is one, and is spoken to as 你单位
    letterhead: Letterhead
    item: Facts

    @property
    def terms(self) -> Terms:
        assert self.case.terms is not None
        return self.case.terms

    @property
    def you(self) -> str:
        """How the addressee is spoken to."""
        return "你单位" if self.organisation else "您"

    def matter(self, *more: tuple[str, str]) -> Block:
        """Return the facts every paper begins with."""
        return facts(
            ("申请事项", self.terms.name),
            ("办件编号", self.number),
            ("申请人", self.addressee),
            *more,
        )


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A paper to be ordered: what it is, its word in the register, who uses the seal."""

    paper: PaperKind
    word: str
    user: str  # person; empty: whoever keeps the seal
    sheet: Sheet


def compose(
    wording: Wording,
    title: str,
    *blocks: Block,
    at: datetime,
    officer: Officer | None = None,
    authority: Authority | None = None,
) -> Sheet:
    """Return the sheet of a notice, dated by the act, with its small print."""
    return Sheet(
        layout=Layout.NOTICE,
        title=title,
        organ=wording.letterhead.organ,
        addressee=wording.addressee,
        blocks=blocks,
        date=civil_day(at),
        notes=tuple(_small_print(wording.letterhead, officer, authority)),
    )


def _small_print(
    letterhead: Letterhead, officer: Officer | None, authority: Authority | None
) -> list[str]:
    notes = []
    if authority is not None:
        notes.append(
            f"本决定由首席代表依据授权书 {authority.letter_no} 以本机关名义作出，"
            f"授权有效期至{in_words(authority.valid_to)}。"
        )
    if officer is None:
        notes.append(AUTOMATIC)
    else:
        where = f"{letterhead.office}，" if letterhead.office else ""
        notes.append(f"经办：{where}工号 {officer.staff_no}。")
    contact = [f"咨询电话 {letterhead.phone}" if letterhead.phone else "", letterhead.address]
    if any(contact):
        notes.append("；".join(filter(None, contact)) + "。")
    return notes


def in_words(day: date) -> str:
    """Return a day as papers write it: 2026年3月16日."""
    return f"{day.year}年{day.month}月{day.day}日"


def with_weekday(day: date) -> str:
    return f"{in_words(day)}（周{WEEKDAYS[day.weekday()]}）"


def moment(at: datetime) -> str:
    """Return a moment as papers write it: 2026年3月16日9时05分."""
    return f"{in_words(civil_day(at))}{at.hour}时{at.minute:02}分"


def provisional(wording: Wording) -> str:
    """Return what is to be said where a date goes through a year not yet announced."""
    return "（暂定：国务院尚未公布该年度放假安排）" if wording.case.provisional else ""


def remedies(wording: Wording) -> str:
    """Return the right to reconsideration and suit (行政许可法 art. 38).

    Sixty days: 行政复议法 (2023) art. 20. Six months: 行政诉讼法 art. 46.
    """
    head = wording.letterhead
    return (
        f"如不服本决定，{wording.you}可以自收到本决定书之日起六十日内，"
        f"依法向{head.review_organ}申请行政复议；也可以自收到本决定书之日起六个月内，"
        f"依法向{head.court}提起行政诉讼。"
    )
