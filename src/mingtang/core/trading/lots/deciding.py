"""The rules of a lot: what each order leads to, and what each event makes of what we know."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.trading.lots import bidding, stopping
from mingtang.core.trading.lots.closing import outcome, reserve_fen
from mingtang.core.trading.lots.commands import (
    AnnounceLot,
    BarPaddle,
    ChangeLot,
    CloseLot,
    Command,
    ConfirmStop,
    DeclareEntry,
    EnterReserve,
    HaltLot,
    NameWinners,
    PlaceBid,
    ProposeStop,
    RecordContract,
    RecordDefault,
    ResumeLot,
    ShiftDeadlines,
)
from mingtang.core.trading.lots.course import SETTLE, ends_at
from mingtang.core.trading.lots.events import (
    BidPlaced,
    CeilingReached,
    ContractRecorded,
    DeadlinesShifted,
    EntryDeclared,
    Event,
    LotAnnounced,
    LotChanged,
    LotClosed,
    LotResumed,
    LotStopped,
    LotSuspended,
    PaddleAppeared,
    PaddleBarred,
    Part,
    ReserveEntered,
    StopDeclined,
    StopProposed,
    Verdict,
    WinnerDefaulted,
    WinnersNamed,
)
from mingtang.core.trading.lots.state import (
    Best,
    Ceiling,
    Closing,
    Paddle,
    Proposal,
    State,
    Status,
)
from mingtang.core.trading.parameters import Award, Bidding, Direction, Secrecy
from mingtang.core.wire import ERASED, Sealed

LONGEST_NUMBER = 60


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: what the functions of `bidding` and `stopping` say, and those below.
    """
    match command:
        case PlaceBid():
            return bidding.place_bid(state, command)
        case DeclareEntry():
            return bidding.declare_entry(state, command)
        case AnnounceLot():
            return _announce(state, command)
        case ChangeLot():
            return _change(state, command)
        case EnterReserve():
            return _enter_reserve(state, command)
        case CloseLot():
            return _close(state, command)
        case ProposeStop():
            return stopping.propose(state, command)
        case ConfirmStop():
            return stopping.confirm(state, command)
        case HaltLot():
            return stopping.halt(state, command)
        case ResumeLot():
            return stopping.resume(state, command)
        case ShiftDeadlines():
            return stopping.shift(state, command)
        case BarPaddle():
            return _bar(state, command)
        case NameWinners():
            return _name_winners(state, command)
        case RecordContract():
            return _record_contract(state, command)
        case RecordDefault():
            return _record_default(state, command)
        case _:
            assert_never(command)


def _announce(state: State, command: AnnounceLot) -> Sequence[Event]:
    """Raises Refused: lot.announced-already, lot.evaluated-elsewhere, lot.terms-differ."""
    require(state.status is Status.NONE, "lot.announced-already")
    content, procedure = command.content, command.procedure
    require(procedure.award is Award.BEST_PRICE, "lot.evaluated-elsewhere")
    fits = procedure.code == content.procedure
    fits = fits and (procedure.ceiling is not None or not content.ceiling_fen)
    require(fits, "lot.terms-differ")
    return [
        LotAnnounced(
            project=command.project,
            content=content,
            procedure=procedure,
            seed=Sealed(command.seed),
            by=command.by,
            at=command.at,
        )
    ]


def _change(state: State, command: ChangeLot) -> Sequence[Event]:
    """Raises Refused: lot.not-running, lot.bidding-open, lot.terms-differ, lot.reason-…"""
    open_to_it = state.status in (Status.ANNOUNCED, Status.SUSPENDED)
    require(open_to_it, "lot.not-running")
    require(command.at < state.hours[0], "lot.bidding-open")
    content, procedure = state.terms
    same = (content.no, content.procedure, content.procedure_version)
    changed = command.content
    fits = same == (changed.no, changed.procedure, changed.procedure_version)
    fits = fits and (procedure.ceiling is not None or not changed.ceiling_fen)
    require(fits, "lot.terms-differ")
    stopping.require_reason(command.reason)
    return [LotChanged(content=changed, reason=command.reason, by=command.by, at=command.at)]


def _enter_reserve(state: State, command: EnterReserve) -> Sequence[Event]:
    """Whoever entered it first may enter it anew: a slip must not keep it from being agreed.

    Raises Refused: lot.not-host, lot.not-running, lot.reserve-not-secret, lot.reserve-set,
    lot.reserve-too-early (facts: since), lot.reserve-too-late, lot.reserve-out-of-bounds,
    lot.reserve-differs.
    """
    require(command.hosts, "lot.not-host")
    require(state.status is Status.ANNOUNCED, "lot.not-running")
    content, procedure = state.terms
    reserve = procedure.reserve
    secret = reserve is not None and reserve.secrecy is Secrecy.SEALED
    require(secret, "lot.reserve-not-secret")
    assert reserve is not None
    require(not state.reserve_fen, "lot.reserve-set")
    opens, closes = state.hours
    if reserve.entered_within_seconds:
        since = closes - timedelta(seconds=reserve.entered_within_seconds)
        require(command.at >= since, "lot.reserve-too-early", since=since)
    # Entered while a price falls, it would end the lot on the spot.
    latest = opens if procedure.bidding is Bidding.DUTCH else min(closes, ends_at(state))
    require(command.at < latest, "lot.reserve-too-late")
    amount = command.amount_fen
    if procedure.direction is Direction.ASCENDING:
        within = amount >= content.start_fen
    else:
        within = 0 < amount <= content.start_fen
    within = within and (not content.ceiling_fen or amount <= content.ceiling_fen)
    share = reserve.least_of_appraisal_permille
    within = within and amount * 1_000 >= content.appraisal_fen * share
    require(within, "lot.reserve-out-of-bounds")
    first = state.first_reserve
    agreed = False
    if first is not None and command.by != first[1]:
        require(amount == first[0], "lot.reserve-differs")
        agreed = True
    amount_said = Sealed(str(amount))
    return [ReserveEntered(amount=amount_said, agreed=agreed, by=command.by, at=command.at)]


def _close(state: State, command: CloseLot) -> Sequence[Event]:
    """Raises Refused: lot.not-running, lot.not-over (facts: until)."""
    require(state.status is Status.ANNOUNCED, "lot.not-running")
    end = ends_at(state)
    require(command.at >= end + SETTLE, "lot.not-over", until=end)
    result = outcome(state, command.offers)
    return [
        LotClosed(
            verdict=result.verdict,
            awards=result.awards,
            reserve_fen=reserve_fen(state),
            draw=result.draw,
            offers=tuple(sorted(offer.application for offer in command.offers)),
            bidders=result.bidders,
            bids=state.bids + len(command.offers),
            extensions=state.extensions,
            ended=end,
            at=command.at,
        )
    ]


def _bar(state: State, command: BarPaddle) -> Sequence[Event]:
    """Raises Refused: lot.not-host, lot.not-running, lot.paddle-barred, lot.reason-…"""
    require(command.hosts, "lot.not-host")
    running = state.status in (Status.ANNOUNCED, Status.SUSPENDED)
    require(running, "lot.not-running")
    known = state.paddles.get(command.paddle)
    require(known is None or not known.barred, "lot.paddle-barred")
    stopping.require_reason(command.reason)
    return [
        PaddleBarred(paddle=command.paddle, reason=command.reason, by=command.by, at=command.at)
    ]


# ── After the end ───────────────────────────────────────────────────────────


def _name_winners(state: State, command: NameWinners) -> Sequence[Event]:
    """Raises Refused: lot.not-sold, lot.named-already, lot.other-winners."""
    closing = _require_sold(state)
    require(not closing.named, "lot.named-already")
    won = sorted(award.paddle for award in closing.awards)
    require(sorted(name.paddle for name in command.names) == won, "lot.other-winners")
    return [WinnersNamed(names=command.names, at=command.at)]


def _record_contract(state: State, command: RecordContract) -> Sequence[Event]:
    """Raises Refused: lot.not-officer, lot.not-sold, lot.other-winners, lot.settled-already,
    lot.contract-number-missing, lot.contract-amount-wrong."""
    require(command.manages, "lot.not-officer")
    _require_unsettled(state, command.paddle)
    number = command.number.strip()
    require(0 < len(number) <= LONGEST_NUMBER, "lot.contract-number-missing")
    require(command.amount_fen > 0, "lot.contract-amount-wrong")
    return [
        ContractRecorded(
            paddle=command.paddle,
            number=number,
            amount_fen=command.amount_fen,
            by=command.by,
            at=command.at,
        )
    ]


def _record_default(state: State, command: RecordDefault) -> Sequence[Event]:
    """Raises Refused: lot.not-officer, lot.not-sold, lot.other-winners, lot.settled-already,
    lot.reason-missing, lot.reason-too-long."""
    require(command.manages, "lot.not-officer")
    _require_unsettled(state, command.paddle)
    stopping.require_reason(command.reason)
    return [
        WinnerDefaulted(paddle=command.paddle, reason=command.reason, by=command.by, at=command.at)
    ]


def _require_sold(state: State) -> Closing:
    closing = state.closing
    require(closing is not None and closing.verdict is Verdict.SOLD, "lot.not-sold")
    assert closing is not None
    return closing


def _require_unsettled(state: State, paddle: str) -> None:
    closing = _require_sold(state)
    require(paddle in {award.paddle for award in closing.awards}, "lot.other-winners")
    require(paddle not in closing.contracts | closing.defaults, "lot.settled-already")


# ── What we then know ───────────────────────────────────────────────────────


def evolve(state: State, event: Event) -> State:
    match event:
        case BidPlaced():
            return _with_bid(state, event)
        case PaddleAppeared():
            known = state.paddles.get(event.paddle, Paddle("", 0, 0))
            paddle = replace(known, key=event.key, key_no=event.key_no, rank=event.rank)
            return _with_paddle(state, event.paddle, paddle)
        case EntryDeclared():
            return _with_declared(state, event)
        case CeilingReached():
            return replace(state, ceiling=_ceiling(state, event), end=None)
        case LotAnnounced():
            times = event.content.times
            return State(
                status=Status.ANNOUNCED,
                project=event.project,
                content=event.content,
                procedure=event.procedure,
                seed=event.seed,
                sign_up_until=times.sign_up_until,
                deposit_until=times.deposit_until,
                opens=times.opens,
                closes=times.closes,
            )
        case LotChanged():
            return _with_changed(state, event)
        case ReserveEntered():
            amount = 0 if event.amount == ERASED else int(event.amount)
            if event.agreed:
                return replace(state, reserve_fen=amount)
            return replace(state, first_reserve=(amount, event.by))
        case StopProposed():
            proposal = Proposal(event.stopping, event.reason, event.by)
            return replace(state, proposal=proposal)
        case StopDeclined():
            return replace(state, proposal=None)
        case LotSuspended():
            return replace(state, status=Status.SUSPENDED, suspended_at=event.at, proposal=None)
        case LotResumed():
            return stopping.resumed(state, event)
        case LotStopped():
            return replace(state, status=Status.STOPPED, proposal=None)
        case DeadlinesShifted():
            return stopping.shifted(state, event)
        case PaddleBarred():
            paddle = state.paddles.get(event.paddle, Paddle("", 0, 0))
            return _with_paddle(state, event.paddle, replace(paddle, barred=True))
        case LotClosed():
            closing = Closing(
                event.verdict, event.awards, event.reserve_fen, event.draw, event.ended
            )
            return replace(state, status=Status.CLOSED, proposal=None, closing=closing)
        case WinnersNamed():
            return _with_closing(state, named=True)
        case ContractRecorded():
            assert state.closing is not None
            return _with_closing(state, contracts=state.closing.contracts | {event.paddle})
        case WinnerDefaulted():
            assert state.closing is not None
            return _with_closing(state, defaults=state.closing.defaults | {event.paddle})
        case _:
            assert_never(event)


def _with_bid(state: State, event: BidPlaced) -> State:
    paddle = state.paddles[event.paddle]
    end = bidding.end_after(state, event)
    bids = paddle.bids + 1 if state.terms[1].most_bids else 0
    bidder = replace(paddle, quoted=True, bids=bids)
    extended = end != state.end and event.part is not Part.FALLING
    best = Best(
        event.no,
        event.paddle,
        event.price_fen,
        paddle.rank,
        event.received,
        event.part is Part.TIMED or (state.best is not None and state.best.timed),
    )
    return replace(
        state,
        best=best,
        bids=event.no,
        end=end,
        extensions=state.extensions + extended,
        paddles=_joined(state.paddles, event.paddle, bidder) if bidder != paddle else state.paddles,
    )


def _with_changed(state: State, event: LotChanged) -> State:
    """A time the notice leaves alone keeps what an interruption made of it."""
    before, after = state.terms[0].times, event.content.times

    def changed(name: str) -> datetime:
        announced, moved = getattr(before, name), getattr(state, name)
        said: datetime = getattr(after, name)
        return said if moved == announced else max(said, moved)

    return replace(
        state,
        content=event.content,
        sign_up_until=changed("sign_up_until"),
        deposit_until=changed("deposit_until"),
        opens=changed("opens"),
        closes=changed("closes"),
    )


def _with_declared(state: State, event: EntryDeclared) -> State:
    if state.ceiling:
        nonces = (*state.ceiling.nonces, (event.paddle, str(event.nonce)))
        return replace(state, ceiling=replace(state.ceiling, nonces=nonces))
    paddle = replace(state.paddles[event.paddle], declared=True)
    return _with_paddle(state, event.paddle, paddle)


def _ceiling(state: State, event: CeilingReached) -> Ceiling:
    """Whoever reached it takes part in what follows; their share of a draw is their bid.

    Reached while quotation is free, what follows begins when that would have ended: others were
    told they had until then to come.
    """
    assert state.best is not None
    _, procedure = state.terms
    assert procedure.ceiling is not None
    _, closes = state.hours
    free = procedure.bidding is Bidding.LISTING and not state.best.timed
    begins = max(event.at, closes) if free else event.at
    asked = begins + timedelta(seconds=procedure.ceiling.asking_seconds)
    return Ceiling(begins, asked, event.paddle, ((event.paddle, f"bid {state.best.no}"),))


def _with_paddle(state: State, name: str, paddle: Paddle) -> State:
    return replace(state, paddles=_joined(state.paddles, name, paddle))


def _joined(paddles: Mapping[str, Paddle], name: str, paddle: Paddle) -> Mapping[str, Paddle]:
    return MappingProxyType({**paddles, name: paddle})


def _with_closing(state: State, **changed: object) -> State:
    assert state.closing is not None
    return replace(state, closing=replace(state.closing, **changed))  # type: ignore[arg-type]


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
