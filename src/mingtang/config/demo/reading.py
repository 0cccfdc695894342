"""The demonstration's data files, read. See data/README.md for their columns."""

import csv
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from mingtang.core.catalogue import (
    Category,
    Choice,
    Fee,
    FirstReview,
    FormField,
    ItemContent,
    Join,
    LegalBasis,
    Material,
    Question,
    Reach,
    ReachMode,
    ReachScope,
    Referral,
    ResultKind,
    Situation,
    Step,
)
from mingtang.core.licences.types import LicenceField, TypeContent
from mingtang.core.resources import ResourceContent
from mingtang.core.sheets import Layout
from mingtang.core.trading.kinds import Kind, TradeCategory
from mingtang.core.trading.parameters import Procedure
from mingtang.core.wire import read

DATA = Path(__file__).parent / "data"
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _json(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def items() -> list[ItemContent]:
    """Return the whole demonstration catalogue, ready to be drafted and published."""
    departments = {row["code"]: row for row in rows("departments")}
    windows = {row["code"]: row for row in rows("windows")}
    centre = next(row for row in rows("centres") if row["level"] == "province")
    return [_item(row, departments[row["department"]], windows, centre) for row in rows("items")]


def procedures() -> list[Procedure]:
    """Return the trading procedures, ready to be published."""
    return [read(Procedure, one) for one in _json("procedures")]


def trading_kinds() -> list[Kind]:
    """Return the kinds of trades, ready to be published."""
    return [
        Kind(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            category=TradeCategory(row["category"]),
            business=row["business"],
            procedure=row["procedure"],
            illustrative=row["illustrative"] == "yes",
        )
        for row in rows("trading_kinds")
    ]


def licence_types() -> list[TypeContent]:
    """Return the types of licences, ready to be published."""
    contents = {content.name: content for content in items()}
    departments = {row["code"]: row for row in rows("departments")}
    return [_type(one, contents[one["item"]], departments) for one in _json("licence_types")]


def _type(one: Any, item: ItemContent, departments: dict[str, Row]) -> TypeContent:
    return TypeContent(
        code=departments[item.department]["uscc"] + one["suffix"],
        name=one["name"],
        name_en=one["name_en"],
        organ=item.department,
        organ_name=item.department_name,
        items=(item.code,),
        layout=Layout(one["layout"]),
        holder_name=LicenceField(**one["holder_name"]),
        holder_number=LicenceField(**one["holder_number"]),
        fields=tuple(LicenceField(**field) for field in one["fields"]),
        validity_months=one["validity_months"],
        remarks=one["remarks"],
    )


def below() -> dict[str, list[dict[str, Any]]]:
    """Return the organs of cities and counties (organs), and what each adopted (adoptions)."""
    found: dict[str, list[dict[str, Any]]] = _json("below")
    return found


def resources() -> list[ResourceContent]:
    """Return the entries of the resource directory, ready to be published."""
    givers: dict[str, list[ItemContent]] = {}
    for item in items():
        givers.setdefault(item.result_name, []).append(item)
    types = {one.name: one.code for one in licence_types()}
    return [_resource(one, givers[one["name"]], types) for one in _json("resources")]


def _resource(one: Any, givers: list[ItemContent], types: dict[str, str]) -> ResourceContent:
    return ResourceContent(
        **one,
        supplier=givers[0].department,
        supplier_name=givers[0].department_name,
        items=tuple(item.code for item in givers),
        types=(types[one["name"]],) if one["name"] in types else (),
    )


def _item(row: Row, department: Row, windows: dict[str, Row], centre: Row) -> ItemContent:
    materials = _materials(row)
    legacy = row["category"] == Category.NON_LICENCE
    promised = int(row["promised_days"])
    result = ResultKind(row["result_kind"])
    return ItemContent(
        code=f"{department['uscc']}2{row['basic_code']}",
        code_scheme="national-31",
        basic_code=row["basic_code"],
        name=row["name"],
        name_en=row["name_en"],
        summary=row["summary"],
        summary_en=row["summary_en"],
        category=Category(row["category"]),
        item_type=row["item_type"],
        department=row["department"],
        department_name=department["name"],
        audience=_split(row["audience"]),
        topics=_split(row["topics"]),
        legal_basis=tuple(map(_basis, _split(row["legal_basis"]))),
        conditions=row["conditions"],
        quantity_limit="无数量限制",
        materials=materials,
        situations=_situations(row["name"], materials),
        form=_form(row["form"]),
        batch_fields=tuple(_json("form_templates")[row["form"]].get("batch", ())),
        steps=_steps(row["steps"], promised),
        special_procedures="依法需要听证、检验、检测、鉴定、专家评审的，所需时间另行书面告知",
        statutory_days=int(row["statutory_days"]),
        promised_days=promised,
        visits=int(row["visits"]),
        visit_reason=row["visit_reason"],
        online_depth=int(row["online_depth"]),
        by_post=True,
        fees=_fees(row["fee"]),
        result_kind=result,
        result_name=row["result_name"],
        result_sample="" if result is ResultKind.NONE else f"{row['result_name']}（演示样本）",
        validity=row["validity"],
        address=_address(row["department"], windows, centre),
        hours=centre["hours"],
        enquiry_phone=department["area_phone"],
        complaint_phone=centre["phone"],
        questions=tuple(_question(one) for one in _split(row["faq"])),
        source="演示数据",
        legacy=legacy,
        **_beyond(row["name"]),
    )


def _beyond(name: str) -> dict[str, Any]:
    """Return to whom an item is referred, who reviews it first or may adopt it, where else it is
    taken in, and what it took before.

    For most: nothing.
    """
    found = _json("beyond").get(name, {})
    return {
        "first_reviews": tuple(FirstReview(**one) for one in found.get("first_reviews", ())),
        "adoptable": found.get("adoptable", False),
        "referred_to": tuple(Referral(**one) for one in found.get("referred_to", ())),
        "reaches": tuple(
            Reach(
                mode=ReachMode(one["mode"]),
                scope=ReachScope(one["scope"]),
                area=one.get("area", ""),
            )
            for one in found.get("reaches", ())
        ),
        **found.get("before", {}),
    }


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _basis(text: str) -> LegalBasis:
    """Read `《title》（number）article`."""
    title, closing, rest = text.partition("》")
    number = ""
    if rest.startswith("（"):
        number, _, rest = rest[1:].partition("）")
    return LegalBasis(title=title + closing, number=number, article=rest.strip())


def _materials(row: Row) -> tuple[Material, ...]:
    basis = _split(row["legal_basis"])[0]
    entries = {one["name"]: one["code"] for one in _json("resources")}
    return tuple(
        Material(
            key=f"m{place}",
            name=name,
            form=form,
            copies=0 if form == "electronic" else 1,
            source=source,
            needed=needed,
            basis=basis,
            supplied_by=entries.get(name, "") if source == "government" else "",
            shared=source == "government" and name in entries,
            commitment="".join(commitment),
        )
        for place, (name, form, source, needed, *commitment) in enumerate(
            (one.split(";") for one in _split(row["materials"])), 1
        )
    )


def _situations(name: str, materials: tuple[Material, ...]) -> tuple[Situation, ...]:
    keys = {material.name: material.key for material in materials}
    return tuple(
        Situation(
            key=one["key"],
            question=one["question"],
            question_en=one["question_en"],
            options=tuple(
                Choice(
                    value=option["value"],
                    label=option["label"],
                    label_en=option["label_en"],
                    materials=tuple(keys[material] for material in option["materials"]),
                )
                for option in one["options"]
            ),
        )
        for one in _json("situations").get(name, ())
    )


@cache
def _form(template: str) -> tuple[FormField, ...]:
    return tuple(
        FormField(**{**field, "options": tuple(Choice(**one) for one in field["options"])})
        for field in _json("form_templates")[template]["fields"]
    )


def _steps(template: str, promised: int) -> tuple[Step, ...]:
    steps = []
    for one in _json("step_templates")[template]["steps"]:
        share = one["share"] * promised // 100
        known = {key: value for key, value in one.items() if key != "share"}
        step = Step(**{**known, "after": tuple(one["after"]), "join": Join(one["join"])})
        steps.append(replace(step, days=share))
    return tuple(steps)


def _fees(text: str) -> tuple[Fee, ...]:
    if not text:
        return ()
    name, standard, basis = text.split(";")
    return (Fee(name=name, standard=standard, basis=basis),)


def _question(text: str) -> Question:
    question, _, answer = text.partition("=>")
    return Question(question=question, answer=answer)


def _address(department: str, windows: dict[str, Row], centre: Row) -> str:
    own = windows.get(f"{centre['code']}-{department}")
    general = windows[f"{centre['code']}-general-1"]
    return (own or general)["address"]
