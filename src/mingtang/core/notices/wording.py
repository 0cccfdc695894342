"""What every notice needs to be worded: whose it is, whom it is for, and turns of phrase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.core.cases.state import State
from mingtang.core.cases.terms import Officer, Terms
from mingtang.core.clock import CHINA, civil_day
from mingtang.core.joint.state import State as JointState
from mingtang.core.mandates import Authority
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Block, Layout, Sheet, facts, text
from mingtang.core.wire import ERASED

WEEKDAYS = "一二三四五六日"
LAW = "《中华人民共和国行政许可法》"
AUTOMATIC = "本文书由系统依法自动生成，未经人工处理。"
COMPETENT_COURT = "有管辖权的人民法院"  # 行政诉讼法 arts. 14-21: which one depends on the case


@dataclass(frozen=True, kw_only=True)
class Remedies:
    """法律救济: whom an applicant turns to who does not agree, each in words."""

    reconsideration: str  # 行政复议机关
    court: str = COMPETENT_COURT


# 行政复议法 (2023) arts. 24, 25: a department of the State Council reconsiders its own acts,
# any other department's are reconsidered by the government it belongs to.
BY_ITS_GOVERNMENT = Remedies(reconsideration="本机关的本级人民政府")
BY_ITSELF = Remedies(reconsideration="本机关")


def remedies_at(authority_level: str) -> Remedies:
    """Return whom to turn to against an organ that acts at this level (行使层级; "1": 国家级)."""
    return BY_ITSELF if authority_level == "1" else BY_ITS_GOVERNMENT


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who writes: the department, where it is found, and who acted for it."""

    organ: str  # in full
    phone: str = ""
    address: str = ""  # of the window
    office: str = ""  # window of whoever acted, in words
    officer_name: str = ""  # of whoever decided under a letter; it hangs at the window
    remedies: Remedies = BY_ITS_GOVERNMENT


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the item's version says that a notice repeats."""

    licence: bool  # 行政许可, or else another kind of item
    basis: tuple[str, ...]  # "《…法》第五十六条"
    materials: tuple[tuple[str, str], ...]  # key and name of every material
    result: str = ""  # name of the certificate or approval that follows


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """Whom a paper is for, about what, and who writes it."""

    number: str
    addressee: str
    organisation: bool  # the addressee is one, and is spoken to as 你单位
    letterhead: Letterhead

    @property
    def you(self) -> str:
        """How the addressee is spoken to."""
        return "你单位" if self.organisation else "您"


@dataclass(frozen=True, kw_only=True)
class Wording(Addressed):
    """A case as its papers speak of it: after the event they state."""

    case: State
    item: Facts
    decider: str = ""  # name of the organ a first review is passed up to
    particulars: tuple[tuple[str, str], ...] = ()  # which row of a batch it is, and about whom

    @property
    def terms(self) -> Terms:
        assert self.case.terms is not None
        return self.case.terms

    @property
    def provisional(self) -> bool:
        return self.case.provisional

    def under(self, articles: str) -> str:
        """Return what these articles are to this item: its law, or what is followed by analogy."""
        return f"{'依据' if self.item.licence else '参照'}{LAW}{articles}"

    def matter(self, *more: tuple[str, str]) -> Block:
        """Return the facts that say which application it is; whose, the address says."""
        return facts(
            ("申请事项", self.terms.name), ("办件编号", self.number), *self.particulars, *more
        )


@dataclass(frozen=True, kw_only=True)
class JointWording(Addressed):
    """A joint case as its papers speak of it: after the event they state."""

    name: str  # of the bundle
    joint: JointState

    @property
    def provisional(self) -> bool:
        return self.joint.provisional


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A paper to be ordered: what it is, its word in the register, who uses the seal."""

    paper: PaperKind
    word: str
    user: str  # person; empty: whoever keeps the seal
    sheet: Sheet


def compose(
    wording: Addressed, title: str, *blocks: Block, at: datetime, by: Sequence[str]
) -> Sheet:
    """Return the sheet of a notice, dated by the act. `by`: small print on who acted and how."""
    head = wording.letterhead
    phone = f"咨询电话 {head.phone}" if head.phone else ""
    contact = "；".join(filter(None, (phone, head.address)))
    return Sheet(
        layout=Layout.NOTICE,
        title=title,
        organ=head.organ,
        addressee=wording.addressee,
        blocks=blocks,
        date=civil_day(at),
        notes=(*by, f"{contact}。") if contact else tuple(by),
    )


def handled_by(
    wording: Addressed, officer: Officer | None, *, as_what: str = "经办"
) -> Sequence[str]:
    """Return who acted: window and staff number. Nobody: the act was automatic."""
    if officer is None:
        return (AUTOMATIC,)
    office = wording.letterhead.office
    where = f"{office}，" if office else ""
    return (f"{as_what}：{where}工号 {officer.staff_no}。",)


def decided_by(wording: Wording, officer: Officer, authority: Authority) -> Sequence[str]:
    """Return in whose name it was decided, by whom, and under which letter for how long."""
    head = wording.letterhead
    who = f"{head.officer_name}（工号 {officer.staff_no}）"
    return (
        f"本决定由{head.organ}的首席代表{who}以本机关名义作出。"
        f"依据授权书 {authority.letter_no}，有效期至{in_words(authority.valid_to)}。",
    )


def in_words(day: date) -> str:
    """Return a day as papers write it: 2026年3月16日."""
    return f"{day.year}年{day.month}月{day.day}日"


def with_weekday(day: date) -> str:
    return f"{in_words(day)}（周{WEEKDAYS[day.weekday()]}）"


def moment(at: datetime) -> str:
    """Return a moment as papers write it: 2026年3月16日9时05分."""
    there = at.astimezone(CHINA)
    return f"{in_words(there.date())}{there.hour}时{there.minute:02}分"


def due_day(wording: Wording | JointWording, day: date) -> str:
    """Return a last day in time, marked where it goes through a year not yet announced."""
    return f"{with_weekday(day)}{'（暂定）' if wording.provisional else ''}"


def provisional(wording: Wording | JointWording) -> list[Block]:
    """Return what a paper with such a day says of it."""
    said = "国务院尚未公布该年度放假安排，标明“暂定”的日期在公布后重新计算，以重新计算的为准。"
    return [text(said)] if wording.provisional else []


def remedies(you: str, where: Remedies) -> str:
    """Return the right to reconsideration and suit (行政许可法 arts. 7, 38).

    Sixty days: 行政复议法 (2023) art. 20. Six months: 行政诉讼法 art. 46. `you`: how the addressee
    is spoken to.
    """
    return (
        f"如不服本决定，{you}可以自收到本决定书之日起六十日内，"
        f"依法向{where.reconsideration}申请行政复议；也可以自收到本决定书之日起六个月内，"
        f"依法向{where.court}提起行政诉讼。"
    )


def unsealed(value: str) -> str:
    """Return a sealed value, empty once it has been erased."""
    return "" if value == ERASED else value
