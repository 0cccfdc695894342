"""A service item (事项): drafted, published with every public element, amended, withdrawn.

    ──draft──▶ draft ──publish──▶ in force ──draft──▶ in force, new draft ──publish──▶ …
                                     └──withdraw──▶ withdrawn

A case keeps the version it began under, so a published version is never changed: a new one
takes its place. Source of the elements: 行政许可法 art. 30; field names follow the national
upload list of implementation lists (实施清单).
"""

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.wire import canonical

# ── What an item is made of ─────────────────────────────────────────────────


def key_of(code: str) -> str:
    """Return the key of the item with this code: 20 letters and digits, the same for ever.

    Codes are opaque text of any scheme and length, so they cannot name streams or addresses
    themselves.
    """
    return b32encode(sha256(code.encode()).digest())[:20].decode().lower()


class Category(StrEnum):
    """The three lists the centre publishes."""

    LICENCE = "licence"  # 行政许可
    NON_LICENCE = "non_licence"  # 非行政许可审批: closed in May 2015, kept as history
    SERVICE = "service"  # 服务事项


class ResultKind(StrEnum):
    CERTIFICATE = "certificate"  # 出证
    APPROVAL = "approval"  # 批复、决定
    DOCUMENT = "document"  # 出文
    NONE = "none"  # 无结果物


class Join(StrEnum):
    """When a step with several before it may begin."""

    ALL = "all"  # 会签: every one of them is done
    ANY = "any"  # 或签: one of them is done


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """设定依据: one article."""

    title: str
    number: str = ""  # 文号
    article: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Material:
    """申请材料: one thing to hand in. Must relate to the item (行政许可法 art. 31)."""

    key: str  # stable within the item, e.g. "m1"
    name: str
    name_en: str = ""
    form: str = "original"  # original | copy | electronic
    copies: int = 1
    source: str = "applicant"  # applicant | government | intermediary
    needed: str = "required"  # required | optional | deferrable (容缺)
    basis: str = ""
    guidance: str = ""  # 填报须知
    supplied_by: str = ""  # code of the entry in the resource directory that it is
    shared: bool = False  # 共享获取: read there, and asked of the applicant only if not found
    commitment: str = ""  # 告知承诺: what one may promise in its place; none: nothing replaces it


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    label_en: str = ""
    materials: tuple[str, ...] = ()  # of a situation's option: keys needed only with it


@dataclass(frozen=True, kw_only=True)
class Situation:
    """情形: a question whose answer decides which materials are needed."""

    key: str
    question: str
    question_en: str = ""
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One field of the application form.

    `kind`: text, textarea, integer, money (fen), date, choice, multichoice, boolean,
    idnumber, uscc, phone.
    """

    name: str
    label: str
    label_en: str = ""
    kind: str = "text"
    required: bool = True
    help: str = ""
    help_en: str = ""
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """环节: one review step between acceptance and decision.

    `after` names the steps it waits for; none means it begins with acceptance. A step of
    another department than the item's own names it.
    """

    key: str
    name: str
    name_en: str = ""
    after: tuple[str, ...] = ()
    join: Join = Join.ALL
    department: str = ""
    days: int = 0  # 环节时限, working days
    standard: str = ""  # 审查标准
    standard_en: str = ""
    outcome: str = ""
    outcome_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Referral:
    """转报: a body outside the system has its say before the organ decides, in its own time."""

    body: str  # its name
    days: int = 0  # working days it has by law, from the day it takes the case
    basis: str = ""
    standstill_basis: str = ""  # the law that leaves its time out of the case's; none: it counts


FIRST_REVIEW_DAYS = 20  # 行政许可法 art. 43: no first review takes longer


@dataclass(frozen=True, kw_only=True)
class FirstReview:
    """初审: by law a lower organ accepts and reviews first, and passes it up to be decided.

    Where an item has several, each is for its own place, and whoever applies says which.
    """

    organ: str  # organisation code
    days: int = FIRST_REVIEW_DAYS  # working days from acceptance to the hand-over
    basis: str = ""  # the law that has it reviewed there first


class ReachMode(StrEnum):
    """通办形式: how somebody elsewhere gets it done where they are."""

    ONLINE = "online"  # 全程网办
    COLLECTED = "collected"  # 异地代收代办: any office takes it in, the competent organ decides
    JOINTLY = "jointly"  # 多地联办: taken in at one place, handled at several


class ReachScope(StrEnum):
    """通办范围."""

    CITY = "city"  # 全市通办
    PROVINCE = "province"  # 全省通办
    NATION = "nation"  # 跨省通办


@dataclass(frozen=True, kw_only=True)
class Reach:
    """通办: one way it is done elsewhere, and how far that goes."""

    mode: ReachMode
    scope: ReachScope
    area: str = ""  # which places, in words


@dataclass(frozen=True, kw_only=True)
class Fee:
    """收费: free unless a law or administrative regulation says otherwise (art. 58)."""

    name: str
    standard: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """常见问题."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ItemContent:
    """Every public element of one version of an item. Days are working days."""

    code: str  # as its department writes it, in whatever scheme
    code_scheme: str  # e.g. "national-31", "sichuan": codes are never parsed blindly
    basic_code: str = ""
    main_item: str = ""  # 主项: the heading it stands under where it came from
    name: str
    name_en: str = ""
    summary: str = ""
    summary_en: str = ""
    category: Category
    item_type: str  # GB/T 39046 table A.1: 01 licence, 07 confirmation, 20 public service ...
    department: str  # organisation code
    department_name: str
    department_code: str = ""  # as the list it came from writes it
    division: str = ""  # 行政区划: GB/T 2260 or a local code
    authority_level: str = "2"  # table A.2: 2 province
    audience: tuple[str, ...] = ()  # table A.4: 1 natural person ... 6 other
    topics: tuple[str, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    conditions: str = ""  # 受理条件
    quantity_limit: str = ""
    materials: tuple[Material, ...] = ()
    situations: tuple[Situation, ...] = ()
    form: tuple[FormField, ...] = ()
    batch_fields: tuple[str, ...] = ()  # 批量申请: fields that differ by row; none: no batches
    steps: tuple[Step, ...] = ()
    referred_to: tuple[Referral, ...] = ()
    first_reviews: tuple[FirstReview, ...] = ()
    reaches: tuple[Reach, ...] = ()
    special_procedures: str = ""
    hearing_basis: str = ""  # article that wants a hearing before every decision; empty: none does
    statutory_days: int | None = None
    promised_days: int | None = None  # 0: 即办件, done on the spot
    deferral_days: int | None = None  # 容缺补交: working days from acceptance; none: as usual
    check_days: int | None = None  # 承诺核查: days after the decision; none: as usual
    visits: int | None = None  # 到现场次数
    visit_reason: str = ""
    # 改革前: what getting a decision took before, all three and where that is written, or none
    visits_before: int | None = None
    steps_before: int | None = None
    seals_before: int | None = None
    before_source: str = ""
    online_depth: int = 0  # Ⅰ to Ⅳ
    by_post: bool = False
    pay_online: bool = False
    fees: tuple[Fee, ...] = ()
    result_kind: ResultKind = ResultKind.NONE
    result_name: str = ""
    result_sample: str = ""
    validity: str = ""
    address: str = ""
    hours: str = ""
    enquiry_phone: str = ""
    complaint_phone: str = ""
    questions: tuple[Question, ...] = ()
    source: str = ""  # where an imported item was published before
    adoptable: bool = False  # 可认领: other organs may handle it at their place as it stands
    legacy: bool = False  # of a closed category: shown as history, never applied for

    @property
    def open_to_applications(self) -> bool:
        """Anyone may apply. What closed in May 2015 is only looked up."""
        return self.category is not Category.NON_LICENCE and not self.legacy

    @property
    def on_the_spot(self) -> bool:
        """即办件: accepted and decided at once."""
        return self.promised_days == 0

    @property
    def taken_in_anywhere(self) -> bool:
        """Whether any office takes an application in for the competent organ (异地代收)."""
        return any(one.mode is not ReachMode.ONLINE for one in self.reaches)


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class DraftItem:
    """起草事项: write or rewrite the draft of the next version.

    `seen` counts the drafts there were when its writer began: a colleague's work written in
    between is not overwritten. None: never mind.
    """

    content: ItemContent
    seen: int | None = None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DraftListedItem:
    """导入事项: bring an item up to date with a list kept elsewhere.

    `elements` are those the list speaks of; of `content` only they count, once there is an item.
    """

    content: ItemContent
    elements: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PublishItem:
    """发布事项: the draft comes into force, if nothing is missing.

    `shortcomings` are the codes of the quality rules it breaks, worked out by
    `core.quality` from the same draft; `draft` is the version that was looked at.
    """

    draft: int
    shortcomings: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawItem:
    """取消事项: no new applications; cases under way go on."""

    reason: str
    by: str
    at: datetime


Command = DraftItem | DraftListedItem | PublishItem | WithdrawItem

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ItemDrafted:
    kind: ClassVar[str] = "item.drafted.v1"
    draft: int  # counts every draft of this item, from 1
    content: ItemContent
    listed: tuple[str, ...] = ()  # what a list said: element and digest, e.g. "name:5f0c9d2e"
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ItemPublished:
    kind: ClassVar[str] = "item.published.v1"
    version: int  # from 1
    content: ItemContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ItemWithdrawn:
    kind: ClassVar[str] = "item.withdrawn.v1"
    version: int
    reason: str
    by: str
    at: datetime


Event = ItemDrafted | ItemPublished | ItemWithdrawn
EVENTS = (ItemDrafted, ItemPublished, ItemWithdrawn)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    drafts: int = 0
    draft: ItemContent | None = None  # not yet published
    version: int = 0
    in_force: ItemContent | None = None
    listed: frozenset[str] = frozenset()  # what the list said when it was last read

    @property
    def stage(self) -> str:
        """Return "draft" (never in force), "in_force" or "withdrawn"."""
        if self.in_force is not None:
            return "in_force"
        return "withdrawn" if self.version else "draft"

    @property
    def latest(self) -> ItemContent | None:
        """What is being written, or else what is in force."""
        return self.draft or self.in_force


# ── The rules ───────────────────────────────────────────────────────────────


def decide(item: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: item.draft-unchanged, item.code-changed, item.code-missing,
    item.name-missing, item.department-missing, item.too-long (facts: element, limit),
    item.out-of-range (facts: element), item.no-draft, item.draft-moved-on,
    item.incomplete (facts: shortcomings), item.not-in-force, item.reason-missing.
    """
    match command:
        case DraftItem(content=content):
            latest = item.latest
            _require_identity(content)
            require(latest is None or content.code == latest.code, "item.code-changed")
            require(command.seen in (None, item.drafts), "item.draft-moved-on")
            require(content != latest, "item.draft-unchanged")
            return [
                ItemDrafted(draft=item.drafts + 1, content=content, by=command.by, at=command.at)
            ]
        case DraftListedItem():
            return [_listed(item, command)]
        case PublishItem():
            require(item.draft is not None, "item.no-draft")
            assert item.draft is not None
            require(command.draft == item.drafts, "item.draft-moved-on")
            require(not command.shortcomings, "item.incomplete", shortcomings=command.shortcomings)
            return [
                ItemPublished(
                    version=item.version + 1, content=item.draft, by=command.by, at=command.at
                )
            ]
        case WithdrawItem():
            require(item.in_force is not None, "item.not-in-force")
            require(bool(command.reason.strip()), "item.reason-missing")
            return [
                ItemWithdrawn(
                    version=item.version, reason=command.reason, by=command.by, at=command.at
                )
            ]
        case _:
            assert_never(command)


def _listed(item: State, command: DraftListedItem) -> ItemDrafted:
    """Take over what the list says anew. What people have written since stands, as long as the
    list does not change there: reading the same list again undoes nobody's work.
    """
    _require_identity(command.content)
    said = {element: getattr(command.content, element) for element in command.elements}
    digests = {element: f"{element}:{_digest(value)}" for element, value in said.items()}
    news = {e: value for e, value in said.items() if digests[e] not in item.listed}
    content = replace(item.latest, **news) if item.latest else command.content
    require(bool(news) and content != item.latest, "item.draft-unchanged")
    return ItemDrafted(
        draft=item.drafts + 1,
        content=content,
        listed=tuple(digests.values()),
        by=command.by,
        at=command.at,
    )


def _digest(value: object) -> str:
    return sha256(canonical(value).encode()).hexdigest()[:8]


LONGEST = {
    "code": 200,
    "name": 300,
    "name_en": 300,
    "item_type": 10,
    "department": 60,
    "department_name": 200,
}
MOST = 9_999  # days, visits


def _require_identity(content: ItemContent) -> None:
    """Even a draft says what it is, in a size that lists can show."""
    for element in ("code", "name", "department"):
        require(bool(getattr(content, element).strip()), f"item.{element}-missing")
    for element, limit in LONGEST.items():
        fits = len(getattr(content, element)) <= limit
        require(fits, "item.too-long", element=element, limit=limit)
    for element in ("statutory_days", "promised_days", "visits", "online_depth"):
        number = getattr(content, element)
        within = number is None or 0 <= number <= MOST
        require(within, "item.out-of-range", element=element)


def evolve(item: State, event: Event) -> State:
    match event:
        case ItemDrafted():
            listed = frozenset(event.listed) or item.listed
            return replace(item, drafts=event.draft, draft=event.content, listed=listed)
        case ItemPublished():
            return replace(item, draft=None, version=event.version, in_force=event.content)
        case ItemWithdrawn():
            return replace(item, in_force=None)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
