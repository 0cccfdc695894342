"""What stands on a licence (证面): its fields in words, its term, by whom it was granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mingtang.core.catalogue import FormField
from mingtang.core.licences.making import ReissueReason
from mingtang.core.licences.terms import Holder, Value
from mingtang.core.licences.types import TypeContent, value_of
from mingtang.core.notices.wording import in_words
from mingtang.core.sheets import Sheet, facts

WHY = {
    ReissueReason.LOST: "原证遗失，补发",
    ReissueReason.DAMAGED: "原证污损，换发",
    ReissueReason.CHANGED: "登记事项变更，换发",
    ReissueReason.CORRECTED: "更正制证错误，换发",
}
SPECIMEN = "样本"


@dataclass(frozen=True, kw_only=True)
class Face:
    """One version of a licence, as it is to be printed."""

    content: TypeContent
    identifier: str
    number: str = ""  # of the versions before it; empty: given when its paper is ordered
    holder: Holder
    values: tuple[Value, ...]
    valid_from: date
    valid_to: date | None
    dated: date  # of the act that gave this version
    grounds: str  # by what act, under which letter: small print


def compose(face: Face) -> Sheet:
    """Return the sheet of a licence."""
    content = face.content
    return Sheet(
        layout=content.layout,
        title=content.name,
        title_en=content.name_en,
        organ=content.organ_name,
        number=face.number,
        identifier=face.identifier,
        addressee=face.holder.name,
        blocks=(
            facts(
                (content.holder_name.label, face.holder.name),
                (content.holder_number.label, face.holder.number),
                *((value.label, value.value) for value in face.values),
                ("有效期", term(face.valid_from, face.valid_to)),
            ),
        ),
        date=face.dated,
        notes=tuple(filter(None, (face.grounds, content.remarks))),
    )


def printed_term(sheet: Sheet) -> str:
    """Return the validity as it stands on the sheet of a licence: its last line."""
    return sheet.blocks[0].lines[-1].value


def term(first: date, last: date | None) -> str:
    """Return a validity as it is printed: 2026年3月16日至2031年3月15日, or 长期."""
    return f"{in_words(first)}至{in_words(last)}" if last else "长期"


# ── By what act ─────────────────────────────────────────────────────────────


def granted(*, case: str, day: date, letter_no: str) -> str:
    return f"依据{in_words(day)}准予许可决定核发，办件编号 {case}，授权书 {letter_no}。"


def reissued(*, why: ReissueReason, day: date, version: int, letter_no: str) -> str:
    return (
        f"{WHY[why]}，{in_words(day)}，第 {version} 版，授权书 {letter_no}。"
        "以前各版同时作废，有效期不变。"
    )


def deemed(*, case: str) -> str:
    return (
        "依据《中华人民共和国行政许可法》第五十条，延续申请逾期未作决定，视为准予延续，"
        f"办件编号 {case}。由系统依法自动制证。"
    )


# ── What an application says ────────────────────────────────────────────────


def values_of(
    content: TypeContent, *, applicant: Mapping[str, str], form: Mapping[str, str]
) -> tuple[Value, ...]:
    """Return the printed fields; `applicant` and `form` as in `types.value_of`."""
    return tuple(
        Value(
            name=field.name,
            label=field.label,
            label_en=field.label_en,
            value=value_of(field, applicant=applicant, form=form),
        )
        for field in content.fields
    )


def form_words(fields: Sequence[FormField], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return a filled-in application form in words: field → what a licence says of it."""
    return {field.name: _words(field, answers.get(field.name)) for field in fields}


def _words(field: FormField, answer: Any) -> str:
    if answer is None or answer == "" or answer == []:
        return ""
    labels = {option.value: option.label for option in field.options}
    match field.kind:
        case "choice":
            return str(labels.get(answer, answer))
        case "multichoice":
            return "、".join(labels.get(one, one) for one in answer)
        case "boolean":
            return "是" if answer else "否"
        case "money":
            return f"{answer // 100:,}.{answer % 100:02} 元"
        case "date":
            return in_words(date.fromisoformat(answer))
        case _:
            return str(answer)


# ── A specimen ──────────────────────────────────────────────────────────────


def specimen(content: TypeContent, *, day: date, last: date | None) -> Sheet:
    """Return what a licence of this type will look like (样本), with nobody's data."""
    holder = Holder(kind="person", id="", name="（姓名或者名称）", number="（证件号码）")
    values = tuple(
        Value(name=field.name, label=field.label, value=f"（{field.label}）")
        for field in content.fields
    )
    face = Face(
        content=content,
        identifier=SPECIMEN,
        number=SPECIMEN,
        holder=holder,
        values=values,
        valid_from=day,
        valid_to=last,
        dated=day,
        grounds="本页是样本，没有签章，不是证照。",
    )
    return replace(compose(face), title=f"{content.name}（{SPECIMEN}）")
