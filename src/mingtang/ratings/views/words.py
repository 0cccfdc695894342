"""Ratings in the reader's words (评价用语)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mingtang.catalogue import queries as catalogue
from mingtang.core.callbacks import Stage
from mingtang.core.ratings import BAD, GRADES
from mingtang.people import queries as people

# GB/T 39046 A.8.
GRADE_WORDS = {
    1: gettext_lazy("非常满意"),
    2: gettext_lazy("满意"),
    3: gettext_lazy("基本满意"),
    4: gettext_lazy("不满意"),
    5: gettext_lazy("非常不满意"),
}
ASPECT_WORDS = {
    "efficiency": gettext_lazy("办事效率"),
    "guide": gettext_lazy("指南准确"),
    "ease": gettext_lazy("办事方便"),
    "platform": gettext_lazy("网站好用"),
    "competence": gettext_lazy("业务水平"),
    "attitude": gettext_lazy("服务态度"),
}
STAGE_WORDS = {
    Stage.NONE: gettext_lazy("待回访"),
    Stage.CALLED: gettext_lazy("已回访，待整改"),
    Stage.RECTIFIED: gettext_lazy("已整改，待评价人确认"),
    Stage.SETTLED: gettext_lazy("评价人确认已解决"),
    Stage.UNSETTLED: gettext_lazy("评价人认为没有解决"),
}


def grade(value: str) -> str:
    """Return the words for a grade as it was sealed; an erased one stays what it is."""
    return str(GRADE_WORDS[int(value)]) if value.isdigit() else value


def item_names(keys: Sequence[str]) -> dict[str, str]:
    """Return the names of items by their keys, in the reader's language where there is one."""
    english = (get_language() or "").startswith("en")
    rows = catalogue.named(keys)
    return {row.key: (row.name_en if english else "") or row.name for row in rows}


def department_name(code: str) -> str:
    """Return who is rated: an organisation, or a window where numbers were served."""
    if not code:
        return _("全部部门中份数少的")
    name = people.organisation_name(code)
    return (people.office_name(code) if name == code else "") or name


def item_name(key: str, names: dict[str, str], department: str = "") -> str:
    """Return what was rated; of a window, its service as such."""
    if key:
        return names.get(key, key)
    of_window = department and people.office_name(department)
    return _("窗口服务") if of_window else _("份数少的事项合计")


def shares(grades: Sequence[int]) -> dict[str, Any]:
    """Return counts of grades 1 to 5 as a bar and a line of a table show them."""
    total = sum(grades)
    good = total - sum(grades[bad - 1] for bad in BAD)
    parts, left = [], 0
    for value, number in zip(GRADES, grades, strict=True):
        width = 1000 * number // total if total else 0
        parts.append({"grade": value, "x": left, "width": width, "number": number})
        left += width
    words = [
        _("%(grade)s %(n)s 份") % {"grade": GRADE_WORDS[value], "n": number}
        for value, number in zip(GRADES, grades, strict=True)
    ]
    return {
        "total": total,
        "grades": list(grades),
        "parts": parts,
        "label": _("，").join(words),
        "satisfied": f"{1000 * good // total / 10:.1f}" if total else "",
    }
