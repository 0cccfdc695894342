"""The centre's desk (中介超市管理): services, requests to review, complaints, the register."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.decider import Refused
from mingtang.core.intermediaries.register import Standing
from mingtang.core.people import Power
from mingtang.intermediaries import queries
from mingtang.intermediaries.actions import listing
from mingtang.intermediaries.forms import ReasonForm, ServiceForm, typed_service
from mingtang.intermediaries.queries import BodyRow
from mingtang.intermediaries.views import showing
from mingtang.intermediaries.views.mine import once_of, status
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled
from mingtang.ui import refusals

MANAGE = Power.INTERMEDIARY_MANAGE
ACTS: dict[str, Callable[..., Any]] = {
    "admit": listing.admit,
    "turn-down": listing.turn_down,
    "suspend": listing.suspend,
    "reinstate": listing.reinstate,
    "remove": listing.remove,
}
ERASE = "erase-contacts"


@needs(MANAGE)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the centre, and the services it publishes."""
    names = queries.service_names()
    today = timezone.localdate()
    context = {
        "work_nav": showing.work_nav(request),
        "asking": [showing.body_line(row, names) for row in queries.to_review()],
        "complaints": queries.complaints(),
        "services": queries.services(in_force=False),
        "overdue": [showing.need_line(row, today=today) for row in queries.overdue(today)],
    }
    return render(request, "intermediaries/desk.html", context)


@needs(MANAGE)
def service(request: HttpRequest, code: str = "") -> HttpResponse:
    """Publish a service, or publish it anew."""
    row = queries.service(code) if code else None
    if code and row is None:
        raise Http404
    content = queries.service_content(row) if row else None
    form = filled(ServiceForm, request, initial=typed_service(content))
    if request.method == "POST" and carried_out(
        form,
        lambda: listing.publish_service(
            content=form.content(),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"service/{code}"),
        ),
    ):
        messages.success(request, _("中介服务事项已发布。"))
        return redirect("intermediaries:services")
    context = {
        "work_nav": showing.work_nav(request),
        "form": form,
        "row": row,
        "withdrawal": ReasonForm(label_suffix="") if row and row.in_force else None,
    }
    return render(request, "intermediaries/service.html", context, status=status(form))


@needs(MANAGE)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraw a service (取消)."""
    if queries.service(code) is None:
        raise Http404
    form = ReasonForm(request.POST, label_suffix="")
    if not carried_out(
        form,
        lambda: listing.withdraw_service(
            code=code,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"withdraw/{code}"),
        ),
    ):
        errors = [*form.non_field_errors(), *form.errors.get("reason", [])]
        messages.error(request, " ".join(map(str, errors)))
        return redirect("intermediaries:service", code)
    messages.success(request, _("中介服务事项已取消。"))
    return redirect("intermediaries:services")


@needs(MANAGE)
@require_GET
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body: what it asks for, what is published, what may be done."""
    return _shown(request, _known(code))


@needs(MANAGE)
@require_GET
def file(request: HttpRequest, code: str, id: str) -> FileResponse:
    """A file of a body's qualifications."""
    row = _known(code)
    contents = [queries.content_of(row), queries.asked_of(row)]
    recorded = {document.id for one in contents if one for document in one.documents}
    if id not in recorded:
        raise Http404
    return showing.sent(id)


@needs(MANAGE)
@require_POST
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Admit, turn down, suspend, reinstate, remove."""
    row, do = _known(code), ACTS.get(act)
    if act == ERASE:
        return _erase(request, row)
    if do is None:
        raise Http404
    form = ReasonForm(request.POST, label_suffix="")
    if act != "admit" and not form.is_valid():
        return _shown(request, row, status=422, typed={act: form})
    said = {} if act == "admit" else {"reason": form.cleaned_data["reason"]}
    try:
        do(
            body=code,
            **said,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"{act}/{code}"),
        )
    except Refused as refused:
        sentence = refusals.sentence(refused)
        return _shown(request, row, status=409, refused=sentence, typed={act: form})
    messages.success(request, _("已记入账本。"))
    return redirect("intermediaries:review", code)


def _erase(request: HttpRequest, row: BodyRow) -> HttpResponse:
    """Erase whom to ask for, where it is published no more (依法删除联系人)."""
    form = ReasonForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _shown(request, row, status=422, typed={ERASE: form})
    try:
        listing.erase_contacts(
            body=row.key,
            basis=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
        )
    except Refused as refused:
        sentence = refusals.sentence(refused)
        return _shown(request, row, status=409, refused=sentence, typed={ERASE: form})
    messages.success(request, _("联系人已删除，账本里只留摘要。"))
    return redirect("intermediaries:review", row.key)


def _shown(
    request: HttpRequest,
    row: BodyRow,
    *,
    status: int = 200,
    refused: str = "",
    typed: dict[str, ReasonForm] | None = None,
) -> HttpResponse:
    standing = Standing(row.standing)
    listed = standing is Standing.LISTED
    labels = {
        "turn-down": (_("审核不通过"), row.asked != ""),
        "suspend": (_("暂停"), listed),
        "reinstate": (_("恢复"), standing is Standing.SUSPENDED),
        "remove": (_("移出名录"), listed or standing is Standing.SUSPENDED),
        ERASE: (_("删除过去的联系人（写明依据）"), bool(queries.contacts_to_erase(row.key))),
    }
    typed = typed or {}
    names = queries.service_names()
    asked = queries.asked_of(row)
    context = {
        "work_nav": showing.work_nav(request),
        **showing.body_line(row, names),
        "asked": asked,
        "asked_held": [(one, names.get(one.service, "")) for one in asked.qualifications]
        if asked
        else [],
        "acts": [
            {
                "name": name,
                "label": label,
                "form": typed.get(name) or ReasonForm(label_suffix="", auto_id=f"{name}_%s"),
                "open": name in typed,
            }
            for name, (label, may) in labels.items()
            if may
        ],
        "refused": refused,
    }
    return render(request, "intermediaries/review.html", context, status=status)


def _known(code: str) -> BodyRow:
    row = queries.body(code)
    if row is None:
        raise Http404
    return row
