"""Whether what is announced of a lot keeps to its procedure (公告内容校验).

A procedure bounds what a notice may say: how long it stands before bidding, how large a deposit
is, what a reserve is worth. Each rule below refuses one way of breaking it and names the lot; a
page asks for all of them at once (`shortcomings`), before anything is submitted.

Notice and free period are counted in civil days, the first not included (民法典 art. 201): a notice
of 20 days put up on the 1st allows bidding from the 21st on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.trading.consistency import WHOLE
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.parameters import (
    Again,
    Base,
    Bidding,
    DepositDue,
    Direction,
    Period,
    Procedure,
    Secrecy,
    Unit,
)
from mingtang.core.trading.timetables import period_end
from mingtang.core.worktime import WorkCalendar

MOST_FACTS = 40
LONGEST = {"title": 200, "unit": 20, "priority": 500, "again_of": 40}  # characters
LONGEST_FACT = {"name": 40, "value": 1_000}
MOST_FEN = 10**15
MOST_UNITS = 10**9


@dataclass(frozen=True, slots=True)
class ProcedureInUse:
    """A procedure as its newest version stands; looked up."""

    version: int
    content: Procedure


@dataclass(frozen=True, slots=True)
class Earlier:
    """A lot as far as offering it anew asks of it (再次交易); looked up."""

    start_fen: int
    ended: datetime | None  # when it failed, or was stopped; None: it goes on
    failed: bool  # 流拍: nobody bought it
    free: bool  # to be offered: it failed or was stopped, or a winner let it go
    offered: bool  # by another project, and that is under way or sold


@dataclass(frozen=True, slots=True)
class Announcement:
    """One lot as a notice put up at `noticed` would say it."""

    lot: LotContent
    procedure: Procedure
    noticed: datetime
    calendar: WorkCalendar
    earlier: Earlier | None  # the lot it offers anew; None: there is none

    @property
    def again(self) -> Again | None:
        """What the procedure says of a second sale, where this is one after a failed sale.

        A winner who lets it go is another matter: art. 26 of 法释〔2016〕18号 speaks of 流拍.
        """
        failed = self.earlier is not None and self.earlier.failed
        return self.procedure.again if failed else None


Procedures = Mapping[str, ProcedureInUse]
EarlierLots = Mapping[str, Earlier]  # by key


def require_announceable(
    lots: Sequence[LotContent],
    procedures: Procedures,
    *,
    noticed: datetime,
    calendar: WorkCalendar,
    earlier: EarlierLots,
) -> None:
    """Raises Refused: the first of the `shortcomings`."""
    for lot in lots:
        for refused in shortcomings(
            lot, procedures, noticed=noticed, calendar=calendar, earlier=earlier
        ):
            raise refused


def shortcomings(
    lot: LotContent,
    procedures: Procedures,
    *,
    noticed: datetime,
    calendar: WorkCalendar,
    earlier: EarlierLots,
) -> tuple[Refused, ...]:
    """Return all that stands against announcing a lot: trade.lot-… (facts: lot and others).

    `earlier`: the lots that lots of the same notice offer anew.
    """
    found = procedures.get(lot.procedure)
    if found is None:
        return (Refused("trade.lot-procedure-not-in-use", lot=lot.no),)
    before = earlier.get(lot.again_of)
    announcement = Announcement(lot, found.content, noticed, calendar, before)
    refusals = []
    for rule in RULES:
        try:
            rule(announcement)
        except Refused as refused:
            refusals.append(refused)
    return tuple(refusals)


# ── What is said ────────────────────────────────────────────────────────────


def _titled(a: Announcement) -> None:
    lot = a.lot
    require(bool(lot.title.strip()), "trade.lot-title-missing", lot=lot.no)
    for element, limit in LONGEST.items():
        fits = len(getattr(lot, element)) <= limit
        require(fits, "trade.lot-too-long", lot=lot.no, limit=limit)
    require(len(lot.facts) <= MOST_FACTS, "trade.lot-too-many-facts", lot=lot.no, most=MOST_FACTS)
    for fact in lot.facts:
        told = bool(fact.name.strip() and fact.value.strip())
        require(told, "trade.lot-fact-empty", lot=lot.no)
        for element, limit in LONGEST_FACT.items():
            fits = len(getattr(fact, element)) <= limit
            require(fits, "trade.lot-too-long", lot=lot.no, limit=limit)


def _counted(a: Announcement) -> None:
    """Only where several may win is a lot sold by units."""
    lot, several = a.lot, a.procedure.bidding is Bidding.MULTI_UNIT
    proper = 1 <= lot.quantity <= MOST_UNITS and (several or lot.quantity == 1)
    require(proper, "trade.lot-quantity-wrong", lot=lot.no)
    require(bool(lot.unit.strip()) or not several, "trade.lot-unit-missing", lot=lot.no)


# ── Prices ──────────────────────────────────────────────────────────────────


def _priced(a: Announcement) -> None:
    lot = a.lot
    prices = (lot.step_fen, lot.ceiling_fen, lot.reserve_fen, lot.appraisal_fen, lot.deposit_fen)
    proper = all(0 <= price <= MOST_FEN for price in prices)
    require(proper and lot.start_fen <= MOST_FEN, "trade.lot-price-wrong", lot=lot.no)
    require(lot.start_fen > 0, "trade.lot-start-missing", lot=lot.no)


def _stepped(a: Announcement) -> None:
    """Where the procedure has a table, it says the step; otherwise the notice, within bounds."""
    lot, step = a.lot, a.procedure.step
    if not step or step.table:
        require(not lot.step_fen, "trade.lot-step-unfit", lot=lot.no)
        return
    require(lot.step_fen > 0, "trade.lot-step-missing", lot=lot.no)
    enough = lot.step_fen >= step.least_fen
    require(enough, "trade.lot-step-too-small", lot=lot.no, least_fen=step.least_fen)
    bounded = not step.most_fen or lot.step_fen <= step.most_fen
    require(bounded, "trade.lot-step-too-large", lot=lot.no, most_fen=step.most_fen)


def _ceiled(a: Announcement) -> None:
    """Bids rise by whole steps, so the ceiling has to be one of the prices they reach."""
    lot = a.lot
    if not lot.ceiling_fen:
        return
    require(a.procedure.ceiling is not None, "trade.lot-ceiling-unfit", lot=lot.no)
    above = lot.ceiling_fen > lot.start_fen
    require(above, "trade.lot-ceiling-below-start", lot=lot.no)
    reached = not lot.step_fen or (lot.ceiling_fen - lot.start_fen) % lot.step_fen == 0
    require(reached, "trade.lot-ceiling-off-step", lot=lot.no)


def _reserved(a: Announcement) -> None:
    """A sealed reserve stands in no notice; a public one lies where bids can reach it."""
    lot, reserve = a.lot, a.procedure.reserve
    if not lot.reserve_fen:
        return
    public = reserve is not None and reserve.secrecy is Secrecy.PUBLIC
    require(public, "trade.lot-reserve-unfit", lot=lot.no)
    said = _reserve_of_start(a)
    fixed = said in (0, lot.reserve_fen)
    require(fixed, "trade.lot-reserve-not-as-said", lot=lot.no, reserve_fen=said)
    if a.procedure.direction is Direction.ASCENDING:
        below = not lot.ceiling_fen or lot.reserve_fen <= lot.ceiling_fen
        within = lot.start_fen <= lot.reserve_fen and below
    else:
        within = lot.reserve_fen <= lot.start_fen
    require(within, "trade.lot-reserve-out-of-reach", lot=lot.no)


def _appraised(a: Announcement) -> None:
    """The reserve is worth its share of the appraisal. A sealed one is checked when entered."""
    lot, reserve = a.lot, a.procedure.reserve
    if reserve is None or not reserve.least_of_appraisal_permille:
        return
    require(lot.appraisal_fen > 0, "trade.lot-appraisal-missing", lot=lot.no)
    if a.again:
        return  # the start price of the sale that failed is what counts
    known = lot.reserve_fen or _reserve_of_start(a)
    least = -(-lot.appraisal_fen * reserve.least_of_appraisal_permille // WHOLE)
    enough = not known or known >= least
    require(enough, "trade.lot-reserve-below-appraisal", lot=lot.no, least_fen=least)


def _reserve_of_start(a: Announcement) -> int:
    reserve = a.procedure.reserve
    return a.lot.start_fen * reserve.of_start_permille // WHOLE if reserve else 0


def deposit_bounds(lot: LotContent, procedure: Procedure) -> tuple[int, int]:
    """Return the least and the largest deposit, in fen; (0, 0) where there is none.

    An estimate or a budget is what the lot is appraised at; where nothing is said, its start
    price, the most that may be offered.
    """
    deposit = procedure.deposit
    if deposit is None:
        return 0, 0
    of_start = deposit.base is Base.START_PRICE or not lot.appraisal_fen
    base = lot.start_fen * lot.quantity if of_start else lot.appraisal_fen
    least = -(-base * deposit.least_permille // WHOLE)
    return least, base * deposit.most_permille // WHOLE


def _secured(a: Announcement) -> None:
    lot = a.lot
    if a.procedure.deposit is None:
        require(not lot.deposit_fen, "trade.lot-deposit-unfit", lot=lot.no)
        return
    least, most = deposit_bounds(lot, a.procedure)
    within = least <= lot.deposit_fen <= most
    require(within, "trade.lot-deposit-outside", lot=lot.no, least_fen=least, most_fen=most)


def _prior(a: Announcement) -> None:
    unfit = bool(a.lot.priority.strip()) and a.procedure.priority is None
    require(not unfit, "trade.lot-priority-unfit", lot=a.lot.no)


# ── Offered anew ────────────────────────────────────────────────────────────


def _offered_anew(a: Announcement) -> None:
    """Only what was not sold is offered anew, or whose winner let it go; and only once at a time.

    Source of the bounds: the procedure's `again`, e.g. 法释〔2016〕18号 art. 26.
    """
    lot, earlier, again = a.lot, a.earlier, a.again
    if not lot.again_of:
        return
    if earlier is None:
        raise Refused("trade.lot-again-unknown", lot=lot.no)
    require(earlier.free, "trade.lot-again-not-free", lot=lot.no)
    require(not earlier.offered, "trade.lot-again-offered", lot=lot.no)
    if again:
        least = -(-earlier.start_fen * (WHOLE - again.fall_permille) // WHOLE)
        dear = lot.start_fen >= least
        require(dear, "trade.lot-again-too-cheap", lot=lot.no, least_fen=least)


def _offered_soon(a: Announcement) -> None:
    if a.again and a.earlier and a.earlier.ended:
        latest = period_end(a.earlier.ended, a.again.within, calendar=a.calendar)
        soon = civil_day(a.lot.times.opens) <= civil_day(latest)
        require(soon, "trade.lot-again-late", lot=a.lot.no, latest=civil_day(latest))


# ── Times ───────────────────────────────────────────────────────────────────


def _ordered(a: Announcement) -> None:
    """Signing up begins first; a deposit is due when the procedure says; bidding comes last.

    Where bids are open for days, one may still sign up while others bid.
    """
    times, deposit = a.lot.times, a.procedure.deposit
    during = a.procedure.bidding in (Bidding.LISTING, Bidding.AUCTION)
    signed_up = times.closes if during else times.opens
    ordered = times.sign_up_from < times.sign_up_until <= signed_up
    ordered = ordered and times.sign_up_from < times.deposit_until
    ordered = ordered and times.sign_up_from <= times.opens < times.closes
    require(ordered, "trade.lot-times-disordered", lot=a.lot.no)
    if deposit:
        due = deposit.due is DepositDue.SIGN_UP_END
        latest = times.sign_up_until if due else times.opens
        require(times.deposit_until <= latest, "trade.lot-deposit-late", lot=a.lot.no)


def _noticed_long_enough(a: Announcement) -> None:
    period, opens = a.again.notice if a.again else a.procedure.notice, a.lot.times.opens
    require(a.noticed < a.lot.times.sign_up_until, "trade.lot-time-past", lot=a.lot.no)
    earliest = period_end(a.noticed, period, calendar=a.calendar)
    long = opens >= earliest if _in_hours(period) else civil_day(opens) >= civil_day(earliest)
    day = civil_day(earliest)
    require(long, "trade.lot-notice-too-short", lot=a.lot.no, earliest=day)


def _open_long_enough(a: Announcement) -> None:
    period, times = a.procedure.free, a.lot.times
    earliest = period_end(times.opens, period, calendar=a.calendar)
    hours = _in_hours(period)
    long = times.closes >= earliest
    long = long if hours else civil_day(times.closes) >= civil_day(earliest)
    day = civil_day(earliest)
    require(long, "trade.lot-open-too-short", lot=a.lot.no, earliest=day)
    silent = timedelta(seconds=a.procedure.blackout_seconds)
    require(silent < times.closes - times.opens, "trade.lot-only-silent", lot=a.lot.no)


def _in_hours(period: Period | None) -> bool:
    return period is not None and period.unit is Unit.HOURS


RULES = (
    _titled,
    _counted,
    _priced,
    _stepped,
    _ceiled,
    _reserved,
    _appraised,
    _secured,
    _prior,
    _offered_anew,
    _offered_soon,
    _ordered,
    _noticed_long_enough,
    _open_long_enough,
)
