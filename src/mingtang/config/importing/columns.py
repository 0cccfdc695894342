"""Which column becomes which element of an item: tables, one for each format there is.

`FULL` is our own: a heading for every element, in English or Chinese; what repeats (materials,
steps ...) is JSON in its cell, or a list in JSON. `SICHUAN` is how that province's portal lists
its items. To read another list, add a table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mingtang.config.importing import cells
from mingtang.core.catalogue import Category, ItemContent

Read = Callable[[Any], Any]
Column = tuple[str, tuple[str, ...], Read]  # element, headings, how its cell is read


@dataclass(frozen=True)
class Format:
    name: str
    needed: tuple[str, ...]  # elements without whose columns it is not this format
    columns: Sequence[Column]
    constants: Mapping[str, Any] = field(default_factory=dict)

    def headings(self, element: str) -> tuple[str, ...]:
        columns = (headings for name, headings, _ in self.columns if name == element)
        return tuple(heading for headings in columns for heading in headings)


def plain_heading(heading: str) -> str:
    return str(heading).strip().strip("\ufeff*").replace(" ", "_").lower()


# ── The list of a Sichuan portal ────────────────────────────────────────────


def _category(item_type: Any) -> Category:
    return Category.LICENCE if cells.two_digits(item_type) == "01" else Category.SERVICE


SICHUAN = Format(
    name="sichuan",
    needed=("code", "department_code", "name"),
    columns=(
        ("code", ("itemcode",), cells.text),
        ("name", ("name",), cells.text),
        ("main_item", ("main_item",), cells.text_but("未分类")),
        ("division", ("areacode",), cells.text),
        ("authority_level", ("areacode",), cells.level),
        ("item_type", ("tasktype",), cells.two_digits),
        ("category", ("tasktype",), _category),
        ("department_name", ("department",), cells.text),
        ("department_code", ("deptcode",), cells.text),
        ("source", ("link",), cells.text),
    ),
    constants={"code_scheme": "sichuan"},
)

# ── Our own ─────────────────────────────────────────────────────────────────

NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("事项编码", "实施编码", "task_code"),
    "code_scheme": ("编码方案",),
    "basic_code": ("基本编码", "catalog_code"),
    "main_item": ("主项名称", "主项"),
    "name": ("事项名称", "task_name"),
    "name_en": ("英文名称",),
    "summary": ("事项简介",),
    "summary_en": ("英文简介",),
    "category": ("事项类别",),
    "item_type": ("事项类型", "task_type"),
    "department": ("实施主体代码", "部门代码"),
    "department_name": ("实施主体", "部门", "部门名称", "dept_name"),
    "department_code": ("实施主体编码", "dept_code"),
    "division": ("行政区划", "行政区划代码"),
    "authority_level": ("行使层级", "use_level"),
    "audience": ("服务对象", "server_type"),
    "topics": ("主题", "主题分类"),
    "legal_basis": ("设定依据", "by_law"),
    "conditions": ("受理条件", "accept_condition"),
    "quantity_limit": ("数量限制", "limit_explain"),
    "materials": ("申请材料",),
    "situations": ("情形",),
    "form": ("申请表",),
    "batch_fields": ("批量申请的栏",),
    "steps": ("办理环节", "办理流程"),
    "referred_to": ("转报机关",),
    "first_reviews": ("下级初审",),
    "reaches": ("通办",),
    "special_procedures": ("特别程序", "special_procedure"),
    "hearing_basis": ("听证依据",),
    "statutory_days": ("法定办结时限", "anticipate_day"),
    "promised_days": ("承诺办结时限", "promise_day"),
    "visits": ("到现场次数", "到办事现场次数", "limit_scene_num"),
    "visits_before": ("改革前到现场次数",),
    "steps_before": ("改革前环节数",),
    "seals_before": ("改革前印章数",),
    "before_source": ("改革前的出处",),
    "visit_reason": ("必须到现场原因", "limit_scene_explain"),
    "online_depth": ("网办深度", "online_handle_depth"),
    "by_post": ("支持邮寄", "is_express"),
    "pay_online": ("网上支付", "is_pay_online"),
    "fees": ("收费",),
    "result_kind": ("结果类型", "result_type"),
    "result_name": ("结果名称",),
    "result_sample": ("结果样本", "result_guid"),
    "validity": ("有效期",),
    "address": ("办理地点", "transact_addr"),
    "hours": ("办理时间", "transact_time"),
    "enquiry_phone": ("咨询电话", "link_way"),
    "complaint_phone": ("投诉电话", "supervise_way"),
    "questions": ("常见问题",),
    "source": ("来源",),
    "adoptable": ("可认领",),
    "legacy": ("历史遗留",),
}
FULL = Format(
    name="full",
    needed=("code", "name"),
    columns=tuple(
        (element, (element, *names), cells.reader(ItemContent, element))
        for element, names in NAMES.items()
    ),
    constants={"code_scheme": "local"},
)
FORMATS = (SICHUAN, FULL)


def format_of(headings: Sequence[str], formats: Sequence[Format] = FORMATS) -> Format | None:
    """Return the format these headings belong to: the first that has all it needs."""
    present = {plain_heading(heading) for heading in headings}
    for one in formats:
        if all(present & {*one.headings(element)} for element in one.needed):
            return one
    return None


def elements(found: Format, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the elements of an item from one row. Raises cells.Unreadable."""
    by_heading = {plain_heading(heading): value for heading, value in values.items()}
    read: dict[str, Any] = dict(found.constants)
    for element, headings, reader in found.columns:
        given = [by_heading[heading] for heading in headings if heading in by_heading]
        if given and given[0] not in ("", None):
            try:
                read[element] = reader(given[0])
            except cells.Unreadable as error:
                raise cells.Unreadable(error.code, element=element, value=given[0]) from error
    return read
