"""The auction room (竞价大厅): one page, three faces: observer, bidder, host.

What it shows is as of loading; its scripts go on from there with the lines of the bidding room.
Only a bidder's own page carries a token, and only where they may bid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingtang.core.decider import Refused
from mingtang.core.trading.lots import DECIDER, State
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.parameters import Bidding, Direction, Procedure, Secrecy
from mingtang.core.wire import plain
from mingtang.people.access import Actor, actor_of, public
from mingtang.trading import access, queries
from mingtang.trading.actions import paddles
from mingtang.trading.forms.lots import BarForm, ReserveForm, ResumeForm, StopForm
from mingtang.trading.queries import ApplicationRow, Line, LotRow, LotStanding
from mingtang.trading.templatetags import lot_words
from mingtang.trading.views.lots import lot_or_404
from mingtang.trading.views.room_words import LOG_KINDS, WORDS, said
from mingtang.ui import formats
from mingtang.ui.refusals import sentence

BIDS_SHOWN = 15
LINES_LOOKED_AT = 300  # for what is worth telling and for one's own bids
LOG_SHOWN = 12


class Face(StrEnum):
    OBSERVER = "observer"
    BIDDER = "bidder"
    HOST = "host"


@public("who watches an auction sees every bid as it comes, and no names")
@never_cache
@require_safe
def room(request: HttpRequest, key: str) -> HttpResponse:
    """The room, with the face of whoever opens it."""
    return page(request, lot_or_404(key))


def page(
    request: HttpRequest,
    row: LotRow,
    *,
    forms_sent: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the room; a host's form that was refused is shown as it was sent."""
    now, actor = timezone.localtime(), actor_of(request)
    standing = queries.standing(row.key, at=now)
    assert standing is not None  # it has a row, so it was announced
    state = queries.state_of(row.key)
    content, procedure = state.terms
    own = queries.own_application(actor.person, row.key) if actor.person else None
    lines = queries.lines(row.key, most=LINES_LOOKED_AT)
    me = _me(own, state, lines, at=now) if own else None
    hosting = access.hosts(actor, row)
    face = Face.HOST if hosting else Face.BIDDER if me and me.token else Face.OBSERVER
    context = {
        "row": row,
        "content": content,
        "procedure": procedure,
        "standing": standing,
        "now": now,
        "face": face.value,
        "me": me,
        "own": own,
        "sold_fen": _sold_fen(state),
        "price_fen": _shown_fen(standing, state),
        "unit_prices": _unit_prices(standing, state),
        "bids": queries.last_bids(row.key, BIDS_SHOWN),
        "log": _log(lines),
        "sealed_only": procedure.bidding in (Bidding.SEALED, Bidding.MULTI_UNIT),
        "awards": queries.awards_of(row),
        "config": _config(row, state, standing, lines, face=face, me=me, actor=actor, now=now),
    }
    if hosting:
        context |= _host(state, actor, forms_sent or {})
    return render(request, "trading/room.html", context, status=status)


# ── What everybody sees ─────────────────────────────────────────────────────


def _shown_fen(standing: LotStanding, state: State) -> int:
    """Return the one big price: what it sold at, a falling one, the best one, where it begins."""
    content, _procedure = state.terms
    return _sold_fen(state) or standing.price_fen or standing.best_fen or content.start_fen


def _sold_fen(state: State) -> int:
    """Return what the lot was sold at; 0 where it was not, or to several."""
    awards = state.closing.awards if state.closing else ()
    return awards[0].price_fen if len(awards) == 1 else 0


def _unit_prices(standing: LotStanding, state: State) -> list[tuple[str, str]]:
    content, _procedure = state.terms
    fen = _shown_fen(standing, state)
    return [
        (
            one.label,
            formats.yuan(int((fen / one.square_metres).quantize(Decimal(1), ROUND_HALF_UP))),
        )
        for one in lot_words.unit_prices(content)
    ]


def _log(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return what happened beside the bids themselves, the newest first."""
    extended = _extensions(lines)
    told = [
        {
            "at": line.event.at,
            "index": line.index,
            "what": extended.get(line.version) or _told(line),
        }
        for line in reversed(lines)
        if line.kind in LOG_KINDS or line.version in extended
    ]
    return told[:LOG_SHOWN]


def _extensions(lines: Sequence[Line]) -> dict[int, str]:
    """Return what to say of the bids that moved the end, by version; nothing of a long record."""
    if not lines or lines[0].version != 1:
        return {}
    said_of, state = {}, DECIDER.initial
    for line in lines:
        before, state = state.extensions, DECIDER.evolve(state, line.event)
        if state.extensions > before and state.end is not None:
            facts = {"n": state.extensions, "time": formats.clock_time(state.end)}
            said_of[line.version] = str(WORDS["log-extended"]).format(**facts)
    return said_of


def _told(line: Line) -> str:
    words, name = said(), LOG_KINDS[line.kind]
    event = line.event
    if name == "log-reserve" and event.agreed:
        name = "log-reserve-agreed"
    facts = {
        "paddle": getattr(event, "paddle", ""),
        "reason": getattr(event, "reason", ""),
        "time": formats.moment(getattr(event, "resumes", None)),
        "what": words.get(f"stopping-{getattr(event, 'stopping', '')}", ""),
        "verdict": words.get(f"verdict-{getattr(event, 'verdict', '')}", ""),
    }
    return words[name].format(**facts)


# ── A bidder's own ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """What a bidder's page knows of its bidder. `token` is empty where they may not bid: `why`."""

    application: str
    paddle: str
    key: str
    key_no: int
    rank: int
    token: str
    why: str
    quoted: bool
    declared: bool
    barred: bool
    offers: int
    last_fen: int | None
    place: str  # leading, overtaken, not-yet, barred, won, not-won


def _me(own: ApplicationRow, state: State, lines: Sequence[Line], *, at: datetime) -> Me:
    token, why = "", ""
    try:
        token = paddles.token_for(application=own.key, person=own.person, at=at)
    except Refused as refused:
        why = sentence(refused)
    seen = state.paddles.get(own.paddle) if own.paddle else None
    mine = [
        line.event.price_fen
        for line in lines
        if line.kind == "lot.bid-placed.v1" and line.event.paddle == own.paddle
    ]
    declared = seen is not None and seen.declared
    if state.ceiling:
        declared = own.paddle in dict(state.ceiling.nonces)
    found = Me(
        application=own.key,
        paddle=own.paddle,
        key=own.signing_key,
        key_no=own.signing_key_no,
        rank=own.rank,
        token=token,
        why=why,
        quoted=seen is not None and seen.quoted,
        declared=declared,
        barred=seen is not None and seen.barred,
        offers=own.offers,
        last_fen=mine[-1] if mine else None,
        place="not-yet",
    )
    return replace(found, place=_place(found, state))


def _place(me: Me, state: State) -> str:
    if state.closing:
        won = me.paddle in {award.paddle for award in state.closing.awards}
        return "won" if won else "not-won"
    if me.barred:
        return "barred"
    if state.best and state.best.paddle == me.paddle:
        return "leading"
    return "overtaken" if me.quoted else "not-yet"


# ── What the scripts know ───────────────────────────────────────────────────


def _config(
    row: LotRow,
    state: State,
    standing: LotStanding,
    lines: Sequence[Line],
    *,
    face: Face,
    me: Me | None,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    content, procedure = state.terms
    return {
        "lot": row.key,
        "room": f"{settings.BIDDING_URL}/lots/{row.key}",
        "health": f"{settings.BIDDING_URL}/health",
        "entry": reverse("portal:entry", args=[0]).removesuffix("0/"),
        "page": reverse("trading:lot", args=[row.key]),
        "face": face.value,
        "now": now.isoformat(),
        "standing": plain(standing),
        "over": row.status in (Status.CLOSED, Status.STOPPED),
        "sold_fen": _sold_fen(state),
        "terms": _terms(content, procedure),
        "ranks": {paddle: seen.rank for paddle, seen in state.paddles.items() if seen.rank},
        "me": _own(me, actor) if face is Face.BIDDER and me else None,
        "person": actor.person if face is Face.HOST else "",
        "words": said() | {"premium": lot_words.premium_word(procedure.direction)},
    }


def _terms(content: LotContent, procedure: Procedure) -> dict[str, Any]:
    """Return what the scripts need of a lot's rules; the server checks all of it again."""
    wan = lot_words.in_wan(content)
    return {
        "bidding": procedure.bidding.value,
        "reverse": procedure.direction is Direction.REVERSE,
        "entry": procedure.entry.value if procedure.entry else "",
        "after": procedure.ceiling.then.value if procedure.ceiling else "",
        "priority": procedure.priority is not None,
        "ranked": procedure.priority is not None and procedure.priority.ranked,
        "most_at_once": procedure.step.most_at_once if procedure.step else 0,
        "most_offers": procedure.most_bids,
        "start_fen": content.start_fen,
        "ceiling_fen": content.ceiling_fen,
        "quantity": content.quantity,
        "unit": content.unit,
        "fen_per_unit": formats.FEN_PER_WAN if wan else formats.FEN_PER_YUAN,
        "unit_of_price": lot_words.unit_of_price(content),
        "unit_prices": [
            {"label": one.label, "by": float(one.square_metres)}
            for one in lot_words.unit_prices(content)
        ],
    }


def _own(me: Me, actor: Actor) -> dict[str, Any]:
    return {
        "application": me.application,
        "person": actor.person,
        "paddle": me.paddle,
        "key": me.key,
        "rank": me.rank,
        "token": me.token,
        "quoted": me.quoted,
        "declared": me.declared,
        "barred": me.barred,
        "last_fen": me.last_fen,
        "offers": me.offers,
    }


# ── The host's ──────────────────────────────────────────────────────────────


def _host(state: State, actor: Actor, sent: Mapping[str, forms.Form]) -> dict[str, Any]:
    _content, procedure = state.terms
    reserve = procedure.reserve
    secret = reserve is not None and reserve.secrecy is Secrecy.SEALED
    first_by = state.first_reserve[1] if state.first_reserve else ""
    running = state.status in (Status.ANNOUNCED, Status.SUSPENDED)
    return {
        "proposal": state.proposal,
        "proposed_it": state.proposal is not None and state.proposal.by == actor.person,
        "reserve_secret": secret and running,
        "reserve_set": bool(state.reserve_fen),
        "reserve_first": bool(first_by),
        "reserve_mine": first_by == actor.person,
        "suspended": state.status is Status.SUSPENDED,
        "running": running,
        "paddles": sorted(state.paddles),
        "reserve_form": sent.get("reserve") or ReserveForm(label_suffix=""),
        "stop_form": sent.get("stop") or StopForm(label_suffix=""),
        "resume_form": sent.get("resume") or ResumeForm(label_suffix=""),
        "bar_form": sent.get("bar") or BarForm(label_suffix=""),
        "confirm_form": sent.get("confirm"),
    }
