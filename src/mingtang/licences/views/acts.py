"""What the organ does to one licence (暂停、恢复、撤销、注销、补发), and handing it over (发证)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.core import mandates
from mingtang.core.decider import Refused
from mingtang.core.licences import DeliveredHow, RevocationGround
from mingtang.core.mandates import MandatePower, why_not
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.licences import access, actions, queries
from mingtang.licences.actions import hearing
from mingtang.licences.forms import (
    ActForm,
    CancelForm,
    HandOverForm,
    ReissueForm,
    TellForm,
)
from mingtang.licences.queries import LicenceRow
from mingtang.licences.views import showing
from mingtang.licences.views.desk import at_work
from mingtang.licences.views.work import STAFF, work_nav
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.ui import refusals


@dataclass(frozen=True)
class Act:
    """One act, as its page asks for it."""

    title: Any
    advice: Any
    question: Any
    done: Any
    form: type[ActForm]
    do: Callable[..., Receipt]
    danger: bool = True


ACTS: Mapping[str, Act] = {
    "suspend": Act(
        gettext_lazy("暂停证照"),
        gettext_lazy("暂停后，公开核验立即显示“已暂停”。原因消除后可以恢复。"),
        gettext_lazy("暂停立即生效，任何人核验都会看到。确定吗？"),
        gettext_lazy("证照已暂停，公开核验已经更新。"),
        ActForm,
        actions.suspend,
    ),
    "resume": Act(
        gettext_lazy("恢复证照"),
        gettext_lazy("恢复后，公开核验立即显示“有效”。有效期不变。"),
        gettext_lazy("恢复立即生效。确定吗？"),
        gettext_lazy("证照已恢复，公开核验已经更新。"),
        ActForm,
        actions.resume,
        danger=False,
    ),
    "tell": Act(
        gettext_lazy("拟撤销告知"),
        gettext_lazy(
            "撤销以前告知持有人事实、理由和依据，给 5 个工作日陈述申辩。告知书盖章后送达，"
            "持有人也可以在证照页面直接答复。"
        ),
        gettext_lazy("告知立即送到持有人的证照页面。确定吗？"),
        gettext_lazy("已告知持有人，等其陈述申辩。"),
        TellForm,
        hearing.tell,
        danger=False,
    ),
    "drop": Act(
        gettext_lazy("终止撤销程序"),
        gettext_lazy("申辩成立，或者撤销可能对公共利益造成重大损害的，不予撤销，证照照旧。"),
        gettext_lazy("终止后证照照旧，持有人看得到理由。确定吗？"),
        gettext_lazy("撤销程序已经终止，证照照旧。"),
        ActForm,
        hearing.drop,
        danger=False,
    ),
    "revoke": Act(
        gettext_lazy("撤销证照"),
        gettext_lazy(
            "按告知持有人的情形撤销。撤销不能收回；要再取得，须重新申请。决定书盖章后送达。"
        ),
        gettext_lazy("撤销后不能恢复，任何人核验都会看到。确定吗？"),
        gettext_lazy("证照已撤销，公开核验已经更新。"),
        ActForm,
        actions.revoke,
    ),
    "cancel": Act(
        gettext_lazy("注销证照"),
        gettext_lazy("用于许可已经终止的证照。注销不能收回。"),
        gettext_lazy("注销后不能恢复，任何人核验都会看到。确定吗？"),
        gettext_lazy("证照已注销，公开核验已经更新。"),
        CancelForm,
        actions.cancel,
    ),
    "reissue": Act(
        gettext_lazy("补发、换发证照"),
        gettext_lazy(
            "制作下一版，流水号和有效期不变，以前各版立即作废。遗失、污损的，证面内容照旧；"
            "变更、更正的，按下面填写的制作。"
        ),
        gettext_lazy("以前各版立即作废，并开始制作新的一版。确定吗？"),
        gettext_lazy("正在制作新的一版，做好后自动送入持有人的证照库。"),
        ReissueForm,
        actions.reissue,
        danger=False,
    ),
}


@needs(Power.CASE_DECIDE)
def act(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Ask for one act, and do it: under a letter in force at that moment."""
    row, _sight = at_work(request, key)
    officer = access.officer_for(actor_of(request), row)
    asked = ACTS.get(name)
    if asked is None or officer is None:
        raise Http404
    said = _heard(name, row)
    form = filled(asked.form, request, **_given(name, row, said))
    if request.method == "POST" and carried_out(
        form,
        lambda: asked.do(
            key=key,
            **form.said(),
            officer=officer,
            at=timezone.localtime(),
            once=_once(request, name, key),
        ),
    ):
        messages.success(request, asked.done)
        return redirect("licences:desk-licence", key)
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "act": asked,
        "form": form,
        "hearing": said,
        "mandate": _mandate(row, officer.person, timezone.localdate()),
    }
    return render(request, "licences/act.html", context, status=_status(form))


def _given(name: str, row: LicenceRow, said: showing.Values | None) -> dict[str, Any]:
    if name == "tell" and said:  # opened by what a check found
        return {"initial": {"ground": RevocationGround.FRAUD, "reason": said.get("finding", "")}}
    if name == "revoke" and said:
        return {"initial": {"reason": said.get("reason", "")}}
    if name != "reissue":
        return {}
    version = queries.version_of(row)
    content = queries.type_version(row.type, row.type_version)
    return {"row": row, "content": content, "values": queries.values_of(version)}


def _heard(name: str, row: LicenceRow) -> showing.Values | None:
    """Return what was said so far, for the acts that go on from it."""
    if name not in ("tell", "revoke", "drop"):
        return None
    return showing.hearing(row, queries.history_of(row.key), full=True)


def _mandate(row: LicenceRow, person: str, day: date) -> dict[str, Any]:
    """Return the letter that would carry the act today, or why none does."""
    letter = queries.mandate_for(person=person, organ=row.organ, item=row.item, day=day)
    if letter is None:
        return {"obstacle": refusals.sentence(Refused("licence.no-mandate"))}
    power = MandatePower.DECIDE
    code = why_not(letter, organ=row.organ, item=row.item, power=power, day=day)
    return {
        "letter": letter,
        "key": mandates.key(letter.letter_no),
        "obstacle": refusals.sentence(Refused(code)) if code else "",
    }


def _once(request: HttpRequest, name: str, key: str) -> str | None:
    typed = once(request)
    return f"{actor_of(request).person}/licence/{name}/{key}/{typed}" if typed else None


def _status(form: forms.Form) -> int:
    if not form.is_bound:
        return 200
    return 409 if form.non_field_errors() else 422


# ── Into the holder's hands ─────────────────────────────────────────────────


@needs(*STAFF)
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """Record who took it (发证)."""
    row, _sight = at_work(request, key)
    actor = actor_of(request)
    if not access.may_hand_over(actor, row):
        raise Http404
    initial = {"recipient": row.holder_name, "how": DeliveredHow.WINDOW.value}
    form = filled(HandOverForm, request, initial=initial)
    if request.method == "POST" and carried_out(form, lambda: _hand_over(request, row, form)):
        messages.success(request, _("发证已记入账本。"))
        return redirect("licences:desk-licence", key)
    context = {"work_nav": work_nav(request), "row": row, "form": form}
    return render(request, "licences/hand_over.html", context, status=_status(form))


def _hand_over(request: HttpRequest, row: LicenceRow, form: HandOverForm) -> None:
    typed = _once(request, "hand-over", row.key)
    [outcome] = actions.hand_over(
        recipients={row.key: form.cleaned_data["recipient"]},
        how=DeliveredHow(form.cleaned_data["how"]),
        by=actor_of(request).person,
        at=timezone.localtime(),
        once={row.key: typed} if typed else None,
    ).values()
    if isinstance(outcome, Exception):
        raise outcome
