"""Seals as their organ sees them (印章管理): the manager orders and moves, the keeper stops."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.core.people import Power
from mingtang.core.seals import Standing
from mingtang.ledger.orders import Receipt
from mingtang.people.access import Actor, actor_of, needs
from mingtang.people.queries import names, organisation_name
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trust import access, actions, queries
from mingtang.trust.forms import (
    DestroyForm,
    HandOverForm,
    MakeSealForm,
    SealReasonForm,
    made_up_number,
)
from mingtang.trust.templatetags.trust_seal import standing
from mingtang.trust.views import words

# Managers order and move seals; chief representatives and trade officers may keep one.
CONCERNED = (Power.MANDATE_GRANT, Power.CASE_DECIDE, Power.TRADE_ENTER)


@needs(*CONCERNED)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The seals of my organ, and those I keep."""
    actor = actor_of(request)
    organs = access.organs_of(actor)
    rows = queries.seals_of(sorted(organs))
    rows += [row for row in queries.kept_by(actor.person) if row.organ not in organs]
    people = names([row.custodian for row in rows])
    context = {
        "seals": [{**_shown(row), "keeper": people.get(row.custodian, "")} for row in rows],
        "can_make": any(queries.seal_of(organ) is None for organ in organs),
    }
    return render(request, "trust/desk.html", context)


@needs(Power.MANDATE_GRANT)
def make(request: HttpRequest) -> HttpResponse:
    """Order the seal of my organ (制作印章)."""
    actor, now = actor_of(request), timezone.localtime()
    suggested = {"seal_no": made_up_number()} if settings.DEMO else {}
    form = filled(
        MakeSealForm,
        request,
        organs=access.organs_of(actor),
        today=now.date(),
        initial=suggested,
    )
    made: list[Receipt] = []
    if request.method == "POST" and carried_out(
        form,
        lambda: made.append(
            actions.make_seal(order=form.order(), by=actor.person, at=now, once=once(request))
        ),
    ):
        messages.success(request, _("印章已制作，从现在起可以依授权书用印。"))
        return redirect("trust:seal", made[0].key)
    return render(request, "trust/make.html", {"form": form}, status=_status(form))


@needs(*CONCERNED)
@require_safe
def seal(request: HttpRequest, key: str) -> HttpResponse:
    """One seal: where it stands, who may use it, what happened to it."""
    row, actor = _seen(request, key), actor_of(request)
    context = {
        **_shown(row),
        "keeper": names([row.custodian]).get(row.custodian, ""),
        "letters": queries.letters_to_seal(row.organ, timezone.localdate()),
        "timeline": words.timeline(queries.history_of(key)),
        "acts": _acts(row, actor),
    }
    return render(request, "trust/seal.html", context)


def _acts(row: queries.SealRow, actor: Actor) -> frozenset[str]:
    """Return what this person can do to it now."""
    if row.standing == Standing.DESTROYED:
        return frozenset()
    stopped = row.standing == Standing.SUSPENDED
    keepers = {"hand_over"} | (set() if stopped else {"suspend"})
    managers = {"destroy"} | ({"resume"} if stopped else set())
    return frozenset(keepers | managers if access.manages(actor, row) else keepers)


# ── What is done to it ──────────────────────────────────────────────────────


@needs(*CONCERNED)
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """Hand it to another keeper (移交)."""
    row = _seen(request, key)
    form = filled(HandOverForm, request, organ=row.organ, keeper=row.custodian)
    return _done(
        request,
        row,
        form,
        lambda: actions.hand_over_seal(
            key=key, to=form.receiver, reason=form.cleaned_data["reason"], **_by(request)
        ),
        said=_("印章已移交。"),
        page={
            "title": _("移交印章"),
            "advice": _(
                "接收人从现在起保管这枚印章。没有自己授权书的人办的件，依保管人的授权书用印。"
            ),
            "button": _("移交"),
        },
    )


@needs(*CONCERNED)
def suspend(request: HttpRequest, key: str) -> HttpResponse:
    """Stop it at once (停用)."""
    return _with_reason(
        request,
        _seen(request, key),
        SealReasonForm,
        actions.suspend_seal,
        said=_("印章已停用，现在起不能用印。"),
        page={
            "title": _("停用印章"),
            "advice": _("停用立即生效：等待制作的文书会停下，恢复使用后继续。"),
            "button": _("停用"),
            "danger": True,
        },
    )


@needs(Power.MANDATE_GRANT)
def resume(request: HttpRequest, key: str) -> HttpResponse:
    """Put it to use again (恢复使用)."""
    return _with_reason(
        request,
        _own(request, key),
        SealReasonForm,
        actions.resume_seal,
        said=_("印章已恢复使用。"),
        page={
            "title": _("恢复使用印章"),
            "advice": _("等待这枚印章的文书会接着制作。"),
            "button": _("恢复使用"),
        },
    )


@needs(Power.MANDATE_GRANT)
def destroy(request: HttpRequest, key: str) -> HttpResponse:
    """Destroy it for good (销毁)."""
    return _with_reason(
        request,
        _own(request, key),
        DestroyForm,
        actions.destroy_seal,
        said=_("印章已销毁。"),
        page={
            "title": _("销毁印章"),
            "advice": _("密钥一并销毁，不能恢复。之后可以另制一枚，编码和证书都是新的。"),
            "button": _("销毁"),
            "danger": True,
        },
    )


def _with_reason(
    request: HttpRequest,
    row: queries.SealRow,
    kind: type[SealReasonForm],
    act: Callable[..., Receipt],
    *,
    said: str,
    page: dict[str, Any],
) -> HttpResponse:
    form = filled(kind, request)
    return _done(
        request,
        row,
        form,
        lambda: act(key=row.key, reason=form.cleaned_data["reason"], **_by(request)),
        said=said,
        page=page,
    )


def _done(
    request: HttpRequest,
    row: queries.SealRow,
    form: forms.Form,
    act: Callable[[], Receipt],
    *,
    said: str,
    page: dict[str, Any],
) -> HttpResponse:
    """Do it and go back to the seal; or ask, with what was typed and why it was refused."""
    if request.method == "POST" and carried_out(form, act):
        messages.success(request, said)
        return redirect("trust:seal", row.key)
    context = {**_shown(row), **page, "form": form}
    return render(request, "trust/act.html", context, status=_status(form))


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": actor_of(request).person, "at": timezone.localtime(), "once": once(request)}


def _status(form: forms.Form) -> int:
    """Return 409 where the rules said no, 200 where there is only something to fill in."""
    return 409 if form.is_bound and form.non_field_errors() else 200


def _shown(row: queries.SealRow) -> dict[str, Any]:
    lamp, word = standing(row, timezone.localdate())
    return {
        "row": row,
        "organ_name": organisation_name(row.organ, row.organ_name),
        "lamp": lamp,
        "word": word,
    }


def _seen(request: HttpRequest, key: str) -> queries.SealRow:
    """Return a seal this person manages or keeps; for others it does not exist."""
    row = queries.seal(key)
    if row is None or not access.may_see(actor_of(request), row):
        raise Http404
    return row


def _own(request: HttpRequest, key: str) -> queries.SealRow:
    """Return a seal of an organ this person manages; for others it does not exist."""
    row = queries.seal(key)
    if row is None or not access.manages(actor_of(request), row):
        raise Http404
    return row
