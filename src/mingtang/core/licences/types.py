"""A type of e-licence (证照类型) as data: its fields, its layout, how long it is good for.

    ──publish──▶ version 1 ──publish──▶ version 2 … ──withdraw──▶ withdrawn

A licence keeps the version of its type it was made by. Source: GB/T 36902, 36903 (directory,
metadata of e-licences); GB/T 36904 (the code of a type).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.sheets import Layout

MONTHS = 12
CODE_LENGTH = 21
# Where the value of a field can come from beside the application form ("form:<name>").
APPLICANT = ("applicant.name", "applicant.number")
FORM = "form:"


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
    """发布证照类型: this version is used for what is granted from now on."""

    content: TypeContent
    publisher_manages: bool
    taken: str  # key of another type that serves one of the items already, or empty
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
    licence-type.items-missing, licence-type.source-unknown (facts: field),
    licence-type.field-twice (facts: field), licence-type.validity-negative,
    licence-type.publisher-not-manager, licence-type.item-taken, licence-type.unchanged,
    licence-type.code-changed, licence-type.not-in-use, licence-type.reason-missing.
    """
    match command:
        case PublishType(content=content):
            require(command.publisher_manages, "licence-type.publisher-not-manager")
            _require_complete(content)
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


def _require_complete(content: TypeContent) -> None:
    code = content.code
    proper = len(code) == CODE_LENGTH and code.isascii() and code.isalnum() and code == code.upper()
    require(proper, "licence-type.code-wrong")
    require(bool(content.name.strip()), "licence-type.name-missing")
    require(bool(content.items), "licence-type.items-missing")
    require(
        min(content.validity_months, content.renewal_days) >= 0, "licence-type.validity-negative"
    )
    fields = (content.holder_name, content.holder_number, *content.fields)
    for field in fields:
        known = field.source in APPLICANT or field.source.startswith((FORM, "text:"))
        require(known, "licence-type.source-unknown", field=field.label)
    names = [field.name for field in fields]
    for field in fields:
        require(names.count(field.name) == 1, "licence-type.field-twice", field=field.label)


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
    if source.startswith("text:"):
        return source.removeprefix("text:")
    return applicant.get(source.removeprefix("applicant."), "")


def last_day(first: date, months: int) -> date | None:
    """Return the last day of a validity of `months` from `first`; None: without end.

    It ends the day before the same day of the month, the last day of a shorter month
    (民法典 arts. 200-202).
    """
    if not months:
        return None
    count = first.year * MONTHS + first.month - 1 + months
    year, month = divmod(count, MONTHS)
    following = date(year + (month == MONTHS - 1), (month + 1) % MONTHS + 1, 1)
    length = (following - date(year, month + 1, 1)).days
    if first.day > length:
        return date(year, month + 1, length)
    return date.fromordinal(date(year, month + 1, first.day).toordinal() - 1)
