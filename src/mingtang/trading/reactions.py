"""What trading does when something happens: lots follow notices, papers follow lots."""

from contextlib import suppress

from mingtang.core.decider import Refused
from mingtang.core.trading.applications import ApplicationAdmitted, ApplicationWithdrawn
from mingtang.core.trading.lots.events import (
    ContractRecorded,
    DeadlinesShifted,
    LotChanged,
    LotClosed,
    LotResumed,
    LotStopped,
    Stopping,
    Verdict,
    WinnerDefaulted,
    WinnersNamed,
)
from mingtang.core.trading.outages import OutageRecorded
from mingtang.core.trading.projects import (
    LotOutcome,
    NoticeChanged,
    NoticePublished,
    ProjectEnded,
    ProjectResumed,
    ProjectSuspended,
)
from mingtang.ledger.orders import Outcome, Receipt
from mingtang.ledger.reactions import Heard, Reaction
from mingtang.trading.actions import confirming, hosting, projects, settling


def _follow_notice(heard: Heard) -> None:
    """A project's notice opens its lots, changes, pauses, resumes or stops them."""
    event, project = heard.event, heard.stream.partition("/")[2]
    by, at = event.by, event.at
    match event:
        case NoticePublished():
            contents = event.content.lots
            _carried_out(hosting.announce(project=project, contents=contents, by=by, at=at))
        case NoticeChanged():
            why = event.reason
            _carried_out(
                hosting.change(project=project, contents=event.lots, reason=why, by=by, at=at)
            )
        case ProjectSuspended() | ProjectEnded():
            stopping = Stopping.PAUSE if isinstance(event, ProjectSuspended) else Stopping.END
            why = event.reason
            _carried_out(hosting.halt(project=project, stopping=stopping, reason=why, by=by, at=at))
        case ProjectResumed():
            _carried_out(hosting.go_on(project=project, resumes=event.resumes, by=by, at=at))


def _carried_out(outcomes: list[Outcome]) -> None:
    """Each lot answers for itself: shown again, or over already, it refuses."""
    for outcome in outcomes:
        if not isinstance(outcome, Receipt | Refused):
            raise outcome


def _open_deposit(heard: Heard) -> None:
    """Whoever is admitted gets an account to pay into."""
    settling.open_deposit(application=_key(heard), at=heard.event.at)


def _move_deadlines(heard: Heard) -> None:
    """A lot's times moved: the deposits' deadlines go with them."""
    by = getattr(heard.event, "by", "")
    settling.move_deposit_deadlines(lot=_key(heard), by=by, at=heard.event.at)


def _settle(heard: Heard) -> None:
    """A lot is over: names become public, deposits go back, are passed on or kept."""
    lot, event = _key(heard), heard.event
    match event:
        case LotClosed():
            won = frozenset(award.paddle for award in event.awards)
            if event.verdict is Verdict.SOLD:
                with suppress(Refused):  # shown again: they are named
                    hosting.name_winners(lot=lot, at=event.at)
            settling.refund_losers(lot=lot, winners=won, ended=event.ended, at=event.at)
            settling.pass_on_at_end(lot=lot, winners=won, ended=event.ended, at=event.at)
        case LotStopped():
            settling.refund_losers(lot=lot, winners=frozenset(), ended=event.at, at=event.at)
        case ContractRecorded():
            settling.pass_on(lot=lot, paddle=event.paddle, since=event.at, at=event.at)
        case WinnerDefaulted():
            settling.keep(lot=lot, paddle=event.paddle, reason=event.reason, at=event.at)


def _tell_result(heard: Heard) -> None:
    """A lot is over: its project's notices say how."""
    event, outcome = heard.event, LotOutcome.STOPPED
    if isinstance(event, LotClosed):
        outcome = LotOutcome.SOLD if event.verdict is Verdict.SOLD else LotOutcome.FAILED
    projects.tell_result(lot=_key(heard), outcome=outcome, at=event.at)


def _confirm(heard: Heard) -> None:
    """Whoever is admitted, and whoever won, gets it on paper."""
    event = heard.event
    match event:
        case ApplicationAdmitted():
            confirming.confirm_admission(application=_key(heard), cause=heard.index, at=event.at)
        case WinnersNamed():
            confirming.confirm_sale(
                lot=_key(heard), names=event.names, cause=heard.index, at=event.at
            )


def _refund_withdrawn(heard: Heard) -> None:
    settling.refund_withdrawn(application=_key(heard), at=heard.event.at)


def _shift(heard: Heard) -> None:
    """The service was interrupted: every open deadline moves."""
    hosting.shift_deadlines(outage=_key(heard), event=heard.event)


def _key(heard: Heard) -> str:
    return heard.stream.partition("/")[2]


NOTICES = (NoticePublished, NoticeChanged, ProjectSuspended, ProjectResumed, ProjectEnded)
ENDS = (LotClosed, LotStopped, ContractRecorded, WinnerDefaulted)
REACTIONS = (
    Reaction("trading.notices", NOTICES, _follow_notice, sets_aside=True),
    Reaction("trading.deposits", (ApplicationAdmitted,), _open_deposit, sets_aside=True),
    Reaction(
        "trading.deadlines",
        (LotChanged, LotResumed, DeadlinesShifted),
        _move_deadlines,
        sets_aside=True,
    ),
    Reaction("trading.withdrawn", (ApplicationWithdrawn,), _refund_withdrawn, sets_aside=True),
    Reaction("trading.settling", ENDS, _settle, sets_aside=True),
    Reaction("trading.results", (LotClosed, LotStopped), _tell_result, sets_aside=True),
    Reaction("trading.papers", (ApplicationAdmitted, WinnersNamed), _confirm, sets_aside=True),
    Reaction("trading.outages", (OutageRecorded,), _shift, sets_aside=True),
)
