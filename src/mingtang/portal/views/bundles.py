"""What is done at once (一件事一次办): the list, and the guide to one bundle."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import PublishedBundle
from mingtang.catalogue.templatetags.catalogue_words import (
    MATERIAL_FORMS,
    MATERIAL_NEEDS,
    MATERIAL_SOURCES,
)
from mingtang.core import bundles
from mingtang.core.joint.extending import MOST_DAYS
from mingtang.portal import bodies, words
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public


@public("what several departments do at once here")
@require_safe
@kept_while_unchanged
def index(request: HttpRequest) -> HttpResponse:
    lines = [
        {
            "title": words.named(row.name, row.name_en),
            "url": reverse("portal:bundle", args=[row.key]),
            "department": bodies.name(row.lead, row.lead_name),
            "code": "",
            "chips": [(_("%(n)s 个事项") % {"n": len(catalogue.parts(row.items))}, "info")],
        }
        for row in catalogue.bundles_in_force()
    ]
    return render(request, "portal/bundles.html", {"lines": lines})


@public("how several items are done at once: one list of materials, who handles, the joint term")
@require_safe
@kept_while_unchanged
def guide(request: HttpRequest, key: str) -> HttpResponse:
    found = catalogue.bundle(key)
    if found is None:
        raise Http404
    content = found.content
    context = {
        "key": key,
        "title": words.named(content.name, content.name_en),
        "summary": words.named(content.summary, content.summary_en),
        "lead": bodies.name(content.lead, content.lead_name),
        "government": content.government_name,
        "version": found.version,
        "open": not found.absent(),
        "items": [_item(found, item) for item in content.items if item in found.items],
        "materials": _materials(found),
        "fields": len(bundles.fields(content, found.contents)) if not found.absent() else 0,
        "figures": _figures(found),
        "joint_days": bundles.JOINT_DAYS,
        "promised_days": content.promised_days,
        "most_days": MOST_DAYS,
    }
    return render(request, "portal/bundle.html", context)


def _item(found: PublishedBundle, key: str) -> dict[str, Any]:
    content = found.items[key].content
    return {
        "name": words.named(content.name, content.name_en),
        "url": reverse("portal:guide", args=[key]),
        "department": bodies.name(content.department, content.department_name),
        "promised": content.promised_days,
        "statutory": content.statutory_days,
        "result": content.result_name,
        "lead": content.department == found.content.lead,
    }


def _materials(found: PublishedBundle) -> list[dict[str, Any]]:
    """Return the one list: every material once, and which items need it."""
    if found.absent():
        return []
    return [
        {
            "name": words.named(one.material.name, one.material.name_en),
            "need": MATERIAL_NEEDS.get(one.material.needed, one.material.needed),
            "form": MATERIAL_FORMS.get(one.material.form, one.material.form),
            "source": MATERIAL_SOURCES.get(one.material.source, one.material.source),
            "copies": one.material.copies,
            "items": list(dict.fromkeys(_item(found, part.item)["name"] for part in one.parts)),
        }
        for one in bundles.materials(found.content, found.contents)
    ]


def _figures(found: PublishedBundle) -> list[dict[str, Any]]:
    """Return what is spared: materials asked for apart and together, departments, the term."""
    apart = sum(len(one.materials) for one in found.contents.values())
    together = len(_materials(found))
    return [
        {"label": _("一张表单、一次提交"), "value": len(found.items), "unit": _("个事项")},
        {"label": _("涉及部门"), "value": len(set(_departments(found))), "unit": _("个")},
        {
            "label": _("材料"),
            "value": together,
            "unit": _("份"),
            "note": _("分开办要 %(n)s 份") % {"n": apart} if apart > together else "",
        },
        {
            "label": _("联办承诺"),
            "value": found.content.promised_days,
            "unit": _("个工作日"),
            "note": _("法定最长 %(n)s 个工作日") % {"n": bundles.JOINT_DAYS},
        }
        if found.content.promised_days < bundles.JOINT_DAYS
        else {"label": _("联办期限最长"), "value": bundles.JOINT_DAYS, "unit": _("个工作日")},
    ]


def _departments(found: PublishedBundle) -> list[str]:
    return [one.content.department for one in found.items.values()]
