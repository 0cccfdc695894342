"""Licences as their organ sees them (证照管理): a list with filters, and one with its history."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.decider import Refused
from mingtang.core.licences import ENDED, Hearing, HearingStage, Stage
from mingtang.core.people import Power
from mingtang.licences import access, queries
from mingtang.licences.access import Sight
from mingtang.licences.actions import healing
from mingtang.licences.queries import LicenceRow, StuckRow
from mingtang.licences.templatetags import licence_words as words
from mingtang.licences.views import showing, told
from mingtang.licences.views.work import STAFF, work_nav
from mingtang.papers import queries as papers
from mingtang.people import queries as people
from mingtang.people.access import Actor, actor_of, needs
from mingtang.ui import refusals


@needs(*STAFF)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Everything this person's organs issued, or a window has to hand over, with filters."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "standing", "type")}
    standing = asked["standing"] if asked["standing"] in words.STANDINGS else ""
    found = queries.narrowed(
        shown_to(actor),
        standing=standing,
        type=asked["type"],
        words=asked["q"],
        today=timezone.localdate(),
    )
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "page": page,
        "lines": _lines(actor, list(page)),
        "text": asked["q"],
        "type": asked["type"],
        "types": [(one.key, words.licence_name(one)) for one in _types(actor)],
        "filters": [(_("状态"), _chips(request, standing))],
        "narrowed": any(asked.values()),
        "only_windows": access.only_windows(actor),
        "hearings": _hearings(actor),
        "stuck": stuck_lines(queries.stuck(organs=access.organs_overseen(actor))),
        "may_retry": Power.CASE_OVERSEE in actor.powers or Power.CASE_DECIDE in actor.powers,
    }
    return render(request, "licences/desk.html", context)


def shown_to(actor: Actor) -> Any:
    """Return the licences somebody of the staff finds in lists."""
    found = queries.of_organs(access.organs_seen(actor))
    return queries.to_hand_over(found, by=actor.person) if access.only_windows(actor) else found


def _lines(actor: Actor, rows: Collection[LicenceRow]) -> list[dict[str, Any]]:
    sight = access.staff_sights(actor)
    return [showing.line(row, full=sight(row) is not Sight.OVERSIGHT) for row in rows]


def _hearings(actor: Actor) -> list[dict[str, Any]]:
    """Return what the actor's organs have to tell, to wait for, or to decide before revoking."""
    today, decides = timezone.localdate(), actor.organisations_with(Power.CASE_DECIDE)
    return [{"row": row, "lamp": words.hearing(row, today)} for row in queries.hearings(decides)]


def _types(actor: Actor) -> list[Any]:
    return queries.licence_types(access.organs_seen(actor))


def _chips(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    """Return the filter words, 不限 first, each keeping what else was asked."""

    def link(value: str) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("standing", None)
        if value:
            query["standing"] = value
        return f"?{query.urlencode()}"

    chips = [{"word": _("不限"), "url": link(""), "current": not chosen}]
    return chips + [
        {"word": word, "url": link(value), "current": value == chosen}
        for value, word in words.STANDINGS.items()
    ]


# ── One licence ─────────────────────────────────────────────────────────────


@needs(*STAFF)
@require_GET
def licence(request: HttpRequest, key: str) -> HttpResponse:
    """One licence: what it says, what happened to it, what can be done."""
    row, sight = at_work(request, key)
    return page(request, row, sight)


def page(
    request: HttpRequest, row: LicenceRow, sight: Sight, *, status: int = 200, **extra: Any
) -> HttpResponse:
    actor = actor_of(request)
    history = queries.history_of(row.key)
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "row": row,
        "sight": sight,
        "facts": showing.facts(row, sight=sight),
        "paper": papers.paper(row.paper) if row.paper and sight.full else None,
        "renewal": showing.renewal(row),
        "hearing": showing.hearing(row, history, full=sight.full),
        "notices": showing.notices(row) if sight.full else [],
        "readings": showing.readings(row) if sight.full else [],
        "versions": showing.versions(row),
        "lines": told.timeline(row.key, history, full=sight.full),
        "stub": showing.stub(request, row, history),
        "acts": acts(actor, row),
        "hands_over": queries.waits_at_a_window(row) and access.may_hand_over(actor, row),
        "case_url": showing.case_url(row.key) if sight is not Sight.WINDOW else "",
        "stuck": stuck_lines([one] if (one := queries.stuck_one(row.key)) else []),
        **extra,
    }
    return render(request, "licences/desk_licence.html", context, status=status)


def acts(actor: Actor, row: LicenceRow) -> frozenset[str]:
    """Return what this person may do to it now, as far as their post goes."""
    stage = Stage(row.stage)
    if access.officer_for(actor, row) is None or stage in ENDED:
        return frozenset()
    found = {"cancel", *_of_hearing(row)}
    if stage is Stage.SUSPENDED:
        found.add("resume")
    if stage is Stage.VALID and not _is_over(row):
        found |= {"suspend", "reissue"}
    return frozenset(found)


def _of_hearing(row: LicenceRow) -> set[str]:
    """Return what leads to a revocation, or away from it: a holder is heard before."""
    if not row.hearing:
        return {"tell"}
    hearing = Hearing(HearingStage(row.hearing), answer_due=row.answer_due)
    heard = hearing.is_over(timezone.localdate())
    untold = row.hearing == HearingStage.OPENED
    return {"drop"} | ({"revoke"} if heard else set()) | ({"tell"} if untold else set())


def _is_over(row: LicenceRow) -> bool:
    return row.valid_to is not None and timezone.localdate() > row.valid_to


def at_work(request: HttpRequest, key: str) -> tuple[LicenceRow, Sight]:
    """Return a licence and as whom staff sees it. Raises Http404 when they do not."""
    row = queries.licence(key)
    sight = access.staff_sight(actor_of(request), row) if row else None
    if row is None or sight is None:
        raise Http404
    return row, sight


# ── What is stuck ───────────────────────────────────────────────────────────


def stuck_lines(rows: Collection[StuckRow]) -> list[dict[str, Any]]:
    """Return what keeps licences from being made, in words."""
    return [
        {
            "row": row,
            "why": refusals.sentence(Refused(row.code, **row.facts)),
            "organ": people.organisation_name(row.organ),
            "case_url": showing.case_url(row.key),
        }
        for row in rows
    ]


@needs(Power.CASE_OVERSEE, Power.CASE_DECIDE)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Try at once what is stuck (立即重试)."""
    rows = queries.stuck(organs=access.organs_overseen(actor_of(request)))
    freed = healing.try_again([row.key for row in rows], at=timezone.localtime())
    if freed:
        said = ngettext("%(n)s 份已继续制作。", "%(n)s 份已继续制作。", freed) % {"n": freed}
        messages.success(request, said)
    else:
        messages.warning(request, _("还是没有制成，原因没有变。"))
    return redirect("licences:desk")
