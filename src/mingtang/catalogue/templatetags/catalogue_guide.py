"""The guide to an item (办事指南) as the pieces of the interface take it.

`{% include "catalogue/_guide.html" with item=content %}` shows every public element;
`{% item_figures content as strip %}{% figures strip %}` only the big figures.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingtang.catalogue.templatetags.catalogue_words import (
    MATERIAL_FORMS,
    MATERIAL_NEEDS,
    MATERIAL_SOURCES,
    either,
)
from mingtang.core.cases import CHECK_DAYS, DEFERRAL_DAYS
from mingtang.core.catalogue import ItemContent, Join, Material, Step
from mingtang.core.flow import waits
from mingtang.core.quality import ONLINE, WHOLLY_ONLINE
from mingtang.people.queries import organisation_name

register = template.Library()
Values = dict[str, Any]


@register.simple_tag
def item_figures(item: ItemContent) -> list[Values]:
    """Return limits, visits and price for `{% figures %}`."""
    return [_limit(item), _visits(item), _online(item), _price(item)]


def _limit(item: ItemContent) -> Values:
    if item.promised_days is None:
        return {"label": _("承诺时限"), "value": _("未定")}
    if item.on_the_spot:
        return {"label": _("办理方式"), "value": _("当场办结"), "note": _("即办件")}
    figure: Values = {
        "label": _("承诺时限"),
        "value": item.promised_days,
        "unit": _("个工作日"),
    }
    if item.statutory_days and item.statutory_days > item.promised_days:
        share = 100 - 100 * item.promised_days // item.statutory_days
        figure |= {
            "label": _("法定 → 承诺"),
            "was": item.statutory_days,
            "note": _("缩短 %(share)s%%") % {"share": share},
        }
    return figure


def _visits(item: ItemContent) -> Values:
    if item.visits is None:
        return {"label": _("到现场"), "value": _("未定")}
    return {
        "label": _("到现场"),
        "value": item.visits,
        "unit": _("次"),
        "note": item.visit_reason,
    }


def _price(item: ItemContent) -> Values:
    return {"label": _("收费"), "value": _("收费") if item.fees else _("不收费")}


def _online(item: ItemContent) -> Values:
    if item.online_depth >= WHOLLY_ONLINE:
        return {"label": _("网上办理"), "value": _("全程网办")}
    value = _("网上申请") if item.online_depth >= ONLINE else _("到窗口")
    return {"label": _("网上办理"), "value": value, "note": _("支持邮寄") if item.by_post else ""}


@register.simple_tag
def beside(item: ItemContent) -> list[tuple[str, str]]:
    """Return what else runs, beside the limits: what follows later, what is checked afterwards."""
    found = []
    if any(one.needed == "deferrable" for one in item.materials):
        days = item.deferral_days or DEFERRAL_DAYS
        said = ngettext("受理后 %(n)s 个工作日内补交", "受理后 %(n)s 个工作日内补交", days)
        found.append((_("容缺补交期限"), said % {"n": days}))
    if any(one.commitment for one in item.materials):
        days = item.check_days or CHECK_DAYS
        said = ngettext("决定后 %(n)s 日内核查", "决定后 %(n)s 日内核查", days)
        found.append((_("承诺核查期限"), said % {"n": days}))
    return found


@register.simple_tag
def material_rows(materials: Sequence[Material]) -> list[Values]:
    """Return the materials for `{% materials %}`."""
    return [
        {
            "name": either(one, "name"),
            "need": _("共享获取，不用交")
            if one.shared
            else MATERIAL_NEEDS.get(one.needed, one.needed),
            "form": _form(one),
            "source": MATERIAL_SOURCES.get(one.source, one.source),
            "note": "；".join(
                filter(None, (one.guidance, one.basis and _basis(one), _promise(one)))
            ),
        }
        for one in materials
    ]


def _form(material: Material) -> str:
    form = str(MATERIAL_FORMS.get(material.form, material.form))
    if not material.copies or material.form == "electronic":
        return form
    return _("%(form)s %(copies)s 份") % {"form": form, "copies": material.copies}


def _promise(material: Material) -> str:
    """Return what one may promise in its place (告知承诺)."""
    said = material.commitment
    return _("可以书面承诺代替，承诺内容：%(text)s") % {"text": said} if said else ""


def _basis(material: Material) -> str:
    return _("依据：%(basis)s") % {"basis": material.basis}


@register.simple_tag
def step_rows(steps: Sequence[Step]) -> list[Values]:
    """Return the steps with what each waits for and who takes it, in words."""
    names = {step.key: either(step, "name") for step in steps}
    before = waits(steps)
    return [
        {
            "name": names[step.key],
            "after": _after(step, [names[key] for key in before[step.key]]),
            "department": organisation_name(step.department),
            "days": step.days,
            "standard": either(step, "standard"),
            "outcome": either(step, "outcome"),
        }
        for step in steps
    ]


def _after(step: Step, names: Sequence[str]) -> str:
    if not names:
        return _("受理后")
    listed = _("、").join(names)
    if len(names) > 1 and step.join is Join.ANY:
        return _("%(steps)s任一完成后") % {"steps": listed}
    return _("%(steps)s完成后") % {"steps": listed}
