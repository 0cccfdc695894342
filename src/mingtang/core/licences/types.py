"""A type of e-licence (证照类型) as data: its fields, its layout, how long it is good for.

    ──publish──▶ version 1 ──publish──▶ version 2 … ──withdraw──▶ withdrawn

A licence keeps the version of its type it was made by. Source: GB/T 36902, 36903 (directory,
metadata of e-licences); GB/T 36904 (the code of a type).
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.licences.identifier import SIGNS
from mingtang.core.sheets import Layout

CODE_LENGTH = 21
MOST_MONTHS, MOST_DAYS = 1_200, 3_650
LONGEST = {"name": 100, "name_en": 200, "remarks": 500}  # characters
LONGEST_LABEL = 60
# Where the value of a field can come from.
APPLICANT = ("applicant.name", "applicant.number")
FORM = "form:"  # and the name of a field of the application form
TEXT = "text:"  # and the text itself, the same on every licence


@dataclass(frozen=True, kw_only=True)
class LicenceField:
    """One thing printed on the licence. `source`: "applicant.name", "applicant.number",
    "form:<field of the application form>", or "text:<the same on every one>"."""

    name: str
    label: str
    label_en: str = ""
    source: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class TypeContent:
    """Everything one version of a type says."""

    code: str  # 21 signs: USCC of the owner, three of its own
    name: str
    name_en: str = ""
    organ: str  # organisation code of whoever issues it
    organ_name: str
    items: tuple[str, ...]  # codes of the items whose grant gives it
    layout: Layout = Layout.CERTIFICATE
    holder_name: LicenceField
    holder_number: LicenceField
    fields: tuple[LicenceField, ...] = ()
    validity_months: int = 0  # 0: without end (长期)
    renewal_days: int = 30  # before its end, to apply for renewal: 行政许可法 art. 50
    remarks: str = ""  # printed at its foot


@dataclass(frozen=True, kw_only=True)
class PublishType:
    """发布证照类型: this version is used for what is granted from now on.

    Three facts are looked up: whether the publisher manages the centre; the key of another type
    that serves one of the items already, or empty; the fields that every item's form has, None
    where no item is in force.
    """

    content: TypeContent
    publisher_manages: bool
    taken: str
    form_fields: frozenset[str] | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawType:
    """停用证照类型: nothing further is made by it; what was made stays."""

    reason: str
    publisher_manages: bool
    by: str
    at: datetime


Command = PublishType | WithdrawType


@dataclass(frozen=True, kw_only=True)
class TypePublished:
    kind: ClassVar[str] = "licence-type.published.v1"
    version: int  # from 1
    content: TypeContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TypeWithdrawn:
    kind: ClassVar[str] = "licence-type.withdrawn.v1"
    reason: str
    by: str
    at: datetime


Event = TypePublished | TypeWithdrawn
EVENTS = (TypePublished, TypeWithdrawn)


@dataclass(frozen=True)
class State:
    version: int = 0
    content: TypeContent | None = None  # in use


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: licence-type.code-wrong, licence-type.name-missing,
    licence-type.items-missing, licence-type.too-long (facts: limit),
    licence-type.source-unknown (facts: field), licence-type.field-missing,
    licence-type.field-twice (facts: field), licence-type.validity-out-of-range (facts: months,
    days), licence-type.publisher-not-manager, licence-type.item-taken, licence-type.unchanged,
    licence-type.code-changed, licence-type.not-in-use, licence-type.reason-missing.
    """
    match command:
        case PublishType(content=content):
            require(command.publisher_manages, "licence-type.publisher-not-manager")
            _require_complete(content, command.form_fields)
            require(not command.taken, "licence-type.item-taken")
            require(content != state.content, "licence-type.unchanged")
            same_code = state.content is None or state.content.code == content.code
            require(same_code, "licence-type.code-changed")
            return [
                TypePublished(
                    version=state.version + 1, content=content, by=command.by, at=command.at
                )
            ]
        case WithdrawType():
            require(command.publisher_manages, "licence-type.publisher-not-manager")
            require(state.content is not None, "licence-type.not-in-use")
            require(bool(command.reason.strip()), "licence-type.reason-missing")
            return [TypeWithdrawn(reason=command.reason, by=command.by, at=command.at)]
        case _:
            assert_never(command)


def _require_complete(content: TypeContent, form_fields: frozenset[str] | None) -> None:
    require(_is_code(content.code), "licence-type.code-wrong")
    require(bool(content.name.strip()), "licence-type.name-missing")
    require(bool(content.items), "licence-type.items-missing")
    for element, limit in LONGEST.items():
        fits = len(getattr(content, element)) <= limit
        require(fits, "licence-type.too-long", limit=limit)
    months, days = content.validity_months, content.renewal_days
    within = 0 <= months <= MOST_MONTHS and 0 <= days <= MOST_DAYS
    require(within, "licence-type.validity-out-of-range", months=MOST_MONTHS, days=MOST_DAYS)
    _require_fields(all_fields(content), form_fields)


def _require_fields(fields: Sequence[LicenceField], form_fields: frozenset[str] | None) -> None:
    names = [field.name for field in fields]
    for field in fields:
        require(bool(field.name and field.label.strip()), "licence-type.field-missing")
        require(len(field.label) <= LONGEST_LABEL, "licence-type.too-long", limit=LONGEST_LABEL)
        require(_is_known(field, form_fields), "licence-type.source-unknown", field=field.label)
        require(names.count(field.name) == 1, "licence-type.field-twice", field=field.label)


def all_fields(content: TypeContent) -> tuple[LicenceField, ...]:
    """Return everything printed, the holder first."""
    return (content.holder_name, content.holder_number, *content.fields)


def _is_code(code: str) -> bool:
    return len(code) == CODE_LENGTH and not {*code} - {*SIGNS}


def _is_known(field: LicenceField, form_fields: frozenset[str] | None) -> bool:
    """Whether a field says where its value comes from: an application form has to ask for it."""
    source = field.source
    if source.startswith(FORM):
        asked = form_fields is None or source.removeprefix(FORM) in form_fields
        return asked or not field.required
    return source in APPLICANT or source.startswith(TEXT)


def evolve(state: State, event: Event) -> State:
    match event:
        case TypePublished():
            return State(event.version, event.content)
        case TypeWithdrawn():
            return State(state.version)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)


def value_of(field: LicenceField, *, applicant: Mapping[str, str], form: Mapping[str, str]) -> str:
    """Return what stands in a field; empty where the application does not say.

    `applicant`: "name", "number"; `form`: field of the form → its words.
    """
    source = field.source
    if source.startswith(FORM):
        return form.get(source.removeprefix(FORM), "")
    if source.startswith(TEXT):
        return source.removeprefix(TEXT)
    return applicant.get(source.removeprefix("applicant."), "")


def last_day(first: date, months: int) -> date | None:
    """Return the last day of a validity of `months` from `first`; None: without end.

    It ends the day before the same day of the month, the last day of a shorter month
    (民法典 arts. 200-202).
    """
    if not months:
        return None
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    length = monthrange(year, month)[1]
    if first.day > length:
        return date(year, month, length)
    return date(year, month, first.day) - timedelta(days=1)
