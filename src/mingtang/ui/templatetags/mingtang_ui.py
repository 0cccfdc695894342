"""The pieces of a page as template tags (界面组件). `{% load mingtang_ui %}`.

Every piece takes plain values: dicts with the keys named here, a key that is absent being empty.
All of them with all their states: /ui/components/.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.ui import formats
from mingtang.ui.calendar_sheet import weeks

register = template.Library()
Values = Mapping[str, Any]

register.filter("number", formats.number)
register.filter("yuan", formats.yuan)
register.filter("wan", formats.wan)
register.filter("civil_date", formats.civil_date)
register.filter("moment", formats.moment)
register.filter("clock_time", formats.clock_time)
register.filter("masked", formats.masked)
register.filter("fingerprint", formats.fingerprint)
register.filter("file_size", formats.file_size)

LAMPS = {
    "good": gettext_lazy("在时限内"),
    "warn": gettext_lazy("临近时限"),
    "bad": gettext_lazy("已超时限"),
    "paused": gettext_lazy("暂停计时"),
    "idle": gettext_lazy("未开始"),
}
STEP_STATES = {
    "done": gettext_lazy("已完成"),
    "now": gettext_lazy("当前步骤"),
    "paused": gettext_lazy("暂停计时"),
    "next": gettext_lazy("未开始"),
    "skipped": gettext_lazy("不需要"),
}
MOST_CELLS = 60


@register.inclusion_tag("ui/pieces/mark.html")
def mark(size: int = 34) -> Values:
    """`{% mark %}` `{% mark 16 %}`: the circle on the square (上圆下方), in the brand's colour."""
    return {"size": size}


@register.inclusion_tag("ui/pieces/lamp.html")
def lamp(state: str, word: str = "") -> Values:
    """`{% lamp "good" "在承诺时限内" %}`: a lamp (灯): shape, colour and word.

    State good (disc), warn (triangle), bad (square), paused (two bars), idle (ring).
    """
    return {"state": state, "word": word or LAMPS[state]}


@register.inclusion_tag("ui/pieces/chip.html")
def chip(text: str, kind: str = "") -> Values:
    """`{% chip "即办件" %}`: a label; kind "", good, warn, bad, info or brand."""
    return {"text": text, "kind": kind}


@register.inclusion_tag("ui/pieces/breadcrumb.html")
def breadcrumb(*pairs: Any) -> Values:
    """`{% breadcrumb _("首页") "/" _("办事") items_url item.name %}`: where am I (当前位置).

    Label, address, label, address ... and last the label of this page, without address.
    """
    labels, addresses = pairs[::2], (*pairs[1::2], "")
    return {"trail": list(zip(labels, addresses, strict=False))}


@register.inclusion_tag("ui/pieces/figures.html")
def figures(items: Sequence[Values]) -> Values:
    """`{% figures items %}`: the strip of big figures.

    Item: label, value, unit, was (the figure it replaces, struck through), note.
    """
    return {"items": items}


@register.inclusion_tag("ui/pieces/step_line.html")
def step_line(steps: Sequence[Values]) -> Values:
    """`{% step_line steps %}`: where a case stands (办理进度).

    Step: name, state (done, now, paused, next, skipped), note (reason of a pause, or when).
    """
    return {
        "steps": [
            {**step, "state": step.get("state", "next"), "word": STEP_STATES[step["state"]]}
            for step in steps
        ]
    }


@register.inclusion_tag("ui/pieces/clock_card.html")
def clock_card(clock: Values, level: int = 3) -> Values:
    """`{% clock_card clock %}`: a time limit and why it ends when it ends (时限).

    `level`: of its heading; 2 where it stands right below the title of the page.

    Clock: title, lamp, lamp_word, limit_days, used_days, left_days (negative when overdue),
    due_date (date), statutory_days, unit (个工作日), why (one sentence), basis (law article),
    provisional (true beyond the official calendar), paused (reason), open (true: calendar open),
    days: the days passed through in order.
    Day: date, counts (bool), number (1.. if it counts), why (周末, 春节, 现场核查), document
    (address), kind (start, paused, holiday, makeup, due, or "" for a day that needs no word).
    """
    used, limit = clock.get("used_days") or 0, clock.get("limit_days") or 0
    days = clock.get("days") or []
    return {
        **clock,
        "level": level,
        "unit": clock.get("unit") or _("个工作日"),
        "over_days": max(0, used - limit),
        "cells": _cells(used=used, limit=limit),
        "weeks": weeks(days),
        "weekdays": formats.weekdays(),
        "reasons": [day for day in days if day.get("kind") and day.get("why")],
    }


def _cells(*, used: int, limit: int) -> list[Values]:
    """One cell a day, ten wide: used, over, left. Too many days to see give none (a plain bar)."""
    if not 0 < max(used, limit) <= MOST_CELLS:
        return []
    return [
        {"x": 10 * day, "state": "left" if day >= used else "used" if day < limit else "over"}
        for day in range(max(used, limit))
    ]


@register.inclusion_tag("ui/pieces/timeline.html")
def timeline(lines: Sequence[Values]) -> Values:
    """`{% timeline lines %}`: what happened, newest first as given (经过).

    Line: at (moment), what, url, who, note, index (number in the ledger), receipt_url,
    documents [(name, address)].
    """
    return {"lines": lines}


@register.inclusion_tag("ui/pieces/receipt_stub.html")
def receipt_stub(receipt: Values, level: int = 3) -> Values:
    """`{% receipt_stub receipt %}`: proof that a fact is in the ledger (存证回执).

    `level`: of its heading; 2 where it stands right below the title of the page.

    Receipt: what, at (moment), index, fingerprint (digest text), witnesses (int), qr (text to
    encode: the address where it is verified), download_url, verify_url.
    """
    code = qr_code(receipt["qr"]) if receipt.get("qr") else ""
    return {**receipt, "level": level, "qr": code}


@register.simple_tag
def qr_code(text: str) -> SafeString:
    """`{% qr_code address %}`: a QR code as inline SVG, black on white in every theme."""
    code = segno.make(text, error="m")
    drawing = code.svg_inline(
        border=2, omitsize=True, dark="#000", light="#fff", svgclass="qr", title=_("二维码")
    )
    return mark_safe(drawing)


@register.inclusion_tag("ui/pieces/materials.html")
def materials(rows: Sequence[Values]) -> Values:
    """`{% materials rows %}`: the table of required materials (申请材料).

    Row: name, need (必要 ...), form (原件 1 份 ...), source, note, lamp, lamp_word,
    links [(label, address)] for blank form, sample, the file itself.
    """
    return {"rows": rows, "states": any(row.get("lamp") for row in rows)}


@register.inclusion_tag("ui/pieces/decision_bar.html", takes_context=True)
def decision_bar(context: Values, actions: Sequence[Values], form: str = "") -> Values:
    """`{% decision_bar actions %}`: what can be done here: one primary action, the others quiet.

    Action: label, url, kind (primary, quiet, danger), confirm (a question to answer first),
    get (true: a plain link), fields {name: value}, name and value of the button itself.
    Each is a form of its own with an idempotency key. With `form="some-id"` the buttons submit
    that form instead (an opinion typed once, several ways to end), `url` being where it is sent.
    """
    return {
        "actions": [{"kind": "quiet", **action} for action in actions],
        "form": form,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def once_key() -> SafeString:
    """`{% once_key %}`: a hidden random `once_key`: the same submission sent twice acts once."""
    return format_html(
        '<input type="hidden" name="once_key" value="{}">', secrets.token_urlsafe(16)
    )


@register.inclusion_tag("ui/pieces/pagination.html", takes_context=True)
def pagination(context: Values, page: Page[Any], param: str = "page") -> Values:
    """`{% pagination page %}`: 共 n 条, other pages, the query kept."""

    def link(number: int) -> str:
        query = context["request"].GET.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    last = page.paginator.num_pages
    near = range(max(1, page.number - 2), min(last, page.number + 2) + 1)
    return {
        "page": page,
        "near": [(number, link(number)) for number in near],
        "first": link(1) if near[0] > 1 else "",
        "last": (last, link(last)) if near[-1] < last else None,
        "previous": link(page.number - 1) if page.has_previous() else "",
        "next": link(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("ui/pieces/empty.html")
def empty(title: str, advice: str = "", url: str = "", label: str = "") -> Values:
    """`{% empty _("还没有办件") _("…") url _("去办事") %}`: an empty state that says what to do."""
    return {"title": title, "advice": advice, "url": url, "label": label}


@register.inclusion_tag("ui/pieces/item_row.html")
def item_row(item: Values) -> Values:
    """`{% item_row item %}`: a service item in a list (事项).

    Item: title, url, code, department, note, chips [(text, kind)], lamp, lamp_word,
    actions [(label, address)]. Put the rows in `<ul class="rows">`.
    """
    return {"item": item}


@register.inclusion_tag("ui/pieces/error_summary.html")
def error_summary(form: BaseForm) -> Values:
    """`{% error_summary form %}`: all errors above the form, each linked to its field."""
    fields = [(field, error) for field in form for error in field.errors]
    return {
        "fields": fields,
        "general": form.non_field_errors(),
        "count": len(fields) + len(form.non_field_errors()),
    }


@register.inclusion_tag("ui/pieces/field.html")
def field(bound: BoundField, label: str = "") -> Values:
    """`{% field form.name %}`: label, required mark, help, widget, errors (字段)."""
    input_type = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "label": label or bound.label,
        "inline": input_type == "checkbox" and not bound.use_fieldset,
        "group": bound.use_fieldset,
    }


@register.inclusion_tag("ui/pieces/fields.html")
def fields(form: BaseForm) -> Values:
    """`{% fields form %}`: error summary and every field in order, hidden ones too."""
    return {"form": form}


@register.inclusion_tag("ui/pieces/progress.html")
def progress(value: int, maximum: int, label: str, state: str = "good") -> Values:
    """`{% progress 3 5 "已用 3，承诺 5" "warn" %}`: a bar that says its figures in words."""
    return {"value": value, "maximum": maximum, "label": label, "state": state}
