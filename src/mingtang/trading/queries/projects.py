"""What pages ask about projects of our own and their notices."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from mingtang.core.trading.announcing import Earlier, ProcedureInUse
from mingtang.core.trading.lots.events import ContractRecorded, Verdict
from mingtang.core.trading.lots.state import Status as LotStatus
from mingtang.core.trading.projects import NoticeSort, ProjectContent, Status
from mingtang.core.wire import read
from mingtang.ledger.replay import public_history
from mingtang.trading.models import LotRow, NoticeRow, TradeRow
from mingtang.trading.queries.lots import lots_of, state_of
from mingtang.trading.queries.rules import procedure_version, procedures

PUBLIC = (Status.PUBLISHED, Status.SUSPENDED, Status.ENDED, Status.COMPLETED)
WHEN = ("coming", "sign-up", "bidding", "over", "suspended", "ended")  # of projects that are out


def project(key: str) -> TradeRow | None:
    return TradeRow.objects.filter(pk=key).first()


def project_content(row: TradeRow | NoticeRow) -> ProjectContent | None:
    """Return what a project, or a notice of it, says; None once it was erased."""
    if not row.content:
        return None
    content: ProjectContent = read(ProjectContent, json.loads(row.content))
    return content


def earlier_lots(project: str) -> dict[str, Earlier]:
    """Return the lots that a project's lots offer anew, as far as announcing them asks, by key."""
    row = TradeRow.objects.filter(pk=project).first()
    content = project_content(row) if row else None
    keys = {lot.again_of for lot in content.lots if lot.again_of} if content else set()
    return {lot.key: earlier_lot(lot, project) for lot in LotRow.objects.filter(pk__in=keys)}


def earlier_lot(row: LotRow, project: str = "") -> Earlier:
    """Return a lot as far as offering it anew asks of it, by whomever but this project."""
    state = state_of(row.key)
    closing = state.closing
    failed = closing is not None and closing.verdict is not Verdict.SOLD
    defaulted = closing is not None and bool(closing.defaults)
    stopped = row.status == LotStatus.STOPPED
    others = [lot for lot in offered_anew(row.key) if lot.project != project]
    return Earlier(
        start_fen=row.start_fen,
        ended=closing.ended if closing else row.ends if stopped else None,
        failed=failed,
        free=failed or defaulted or stopped,
        offered=any(lot.running or lot.verdict == Verdict.SOLD for lot in others),
    )


def offered_anew(lot: str) -> list[LotRow]:
    """Return the lots that offer this one anew (再次交易), the first one first."""
    return list(LotRow.objects.filter(again_of=lot).order_by("announced_at", "key"))


def project_notices(key: str) -> list[NoticeRow]:
    """Return a project's notices, the first one first."""
    return list(NoticeRow.objects.filter(project=key).order_by("no"))


@dataclass(frozen=True, slots=True)
class Contract:
    """合同: what is public of one."""

    title: str  # of its lot
    number: str
    amount_fen: int
    at: datetime
    index: int  # of the entry


def contracts_of(key: str) -> list[Contract]:
    """Return the contracts of a project's lots, lot by lot."""
    return [
        Contract(f"{lot.no}. {lot.title}", event.number, event.amount_fen, event.at, index)
        for lot in lots_of(key)
        for _version, index, event in public_history(f"lot/{lot.key}", kind=ContractRecorded.kind)
    ]


def number_taken(number: str) -> bool:
    return TradeRow.objects.filter(number=number.strip()).exists()


def notices_of_year(first: datetime) -> int:
    """Return how many offers were announced since a year began."""
    return NoticeRow.objects.filter(sort=NoticeSort.OFFER.value, published_at__gte=first).count()


def next_serial(day: date) -> int:
    """Return the next serial of the day's trade codes, from 1."""
    found = TradeRow.objects.filter(code_day=day).aggregate(last=Max("code_serial"))
    return (found["last"] or 0) + 1


def procedures_in_use() -> dict[str, ProcedureInUse]:
    """Return every procedure a notice can name now, by code."""
    return {
        row.code: ProcedureInUse(row.version, procedure_version(row.code, row.version))
        for row in procedures()
        if row.in_use
    }


def procedures_named(content: ProjectContent) -> dict[str, ProcedureInUse]:
    """Return the procedures of a notice's lots, in the versions it named."""
    named = {(lot.procedure, lot.procedure_version) for lot in content.lots}
    return {
        code: ProcedureInUse(version, procedure_version(code, version))
        for code, version in named
        if version
    }


def projects_at(centres: Collection[str], *, status: str = "") -> QuerySet[TradeRow]:
    """Return the projects of these centres, the newest first."""
    found = TradeRow.objects.filter(centre__in=list(centres))
    return (found.filter(status=status) if status else found).order_by("-entered_at", "key")


def project_counts(centres: Collection[str]) -> Mapping[str, int]:
    """Return how many projects of these centres there are, by status."""
    rows = TradeRow.objects.filter(centre__in=list(centres)).values_list("status", flat=True)
    return Counter(rows)


# ── For everybody ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WantedProjects:
    """What somebody looks for among the projects announced. Empty asks for nothing."""

    text: str = ""
    category: str = ""
    when: str = ""  # one of WHEN


def announced(wanted: WantedProjects, *, at: datetime) -> QuerySet[TradeRow]:
    """Return the projects whose notice is out and that fit, the newest first."""
    found = TradeRow.objects.filter(published_at__isnull=False)
    for word in wanted.text.split():
        fits = Q(title__icontains=word) | Q(seller__icontains=word) | Q(region__icontains=word)
        found = found.filter(fits | Q(trade_code=word) | Q(number__icontains=word) | Q(pk=word))
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.when:
        found = found.filter(_when(wanted.when, at))
    return found.order_by("-published_at", "key")


def announced_counts(wanted: WantedProjects, *, at: datetime) -> dict[str, Counter[str]]:
    """Return the counts beside every choice of category and of `when`, given the other."""
    counts: dict[str, Counter[str]] = {"category": Counter(), "when": Counter()}
    everywhere = WantedProjects(text=wanted.text, when=wanted.when)
    counts["category"].update(announced(everywhere, at=at).values_list("category", flat=True))
    for when in WHEN:
        there = WantedProjects(text=wanted.text, category=wanted.category, when=when)
        counts["when"][when] = announced(there, at=at).count()
    return counts


def announced_project(key: str) -> TradeRow | None:
    """Return a project whose notice is out."""
    return TradeRow.objects.filter(pk=key, published_at__isnull=False).first()


def _when(when: str, at: datetime) -> Q:
    stopped = {"suspended": Status.SUSPENDED, "ended": Status.ENDED}
    if when in stopped:
        return Q(status=stopped[when].value)
    if when == "over":
        late = Q(status=Status.PUBLISHED.value, closes__lte=at)
        return Q(status=Status.COMPLETED.value) | late
    signing_up = Q(sign_up_from__lte=at, sign_up_until__gt=at)
    parts = {
        "coming": Q(opens__gt=at) & ~signing_up,
        "sign-up": signing_up & Q(closes__gt=at),
        "bidding": Q(opens__lte=at, closes__gt=at),
    }
    return Q(status=Status.PUBLISHED.value) & parts[when]


def whens(row: TradeRow, *, at: datetime) -> tuple[str, ...]:
    """Return which of WHEN a project is in; while bids are free one may still sign up."""
    match Status(row.status):
        case Status.SUSPENDED:
            return ("suspended",)
        case Status.ENDED:
            return ("ended",)
        case Status.COMPLETED:
            return ("over",)
    if not (row.sign_up_from and row.sign_up_until and row.opens and row.closes):
        return ()
    if row.closes <= at:
        return ("over",)
    signing_up = row.sign_up_from <= at < row.sign_up_until
    spans = {
        "coming": at < row.opens and not signing_up,
        "sign-up": signing_up,
        "bidding": row.opens <= at,
    }
    return tuple(name for name, holds in spans.items() if holds)
