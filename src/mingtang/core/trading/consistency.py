"""Whether the parameters of a procedure fit together (规程参数校验).

Each rule refuses what an auction could not be run by: a countdown nothing restarts, a price that
falls to a reserve above its start, a parameter nobody says the source of.
"""

from itertools import pairwise

from mingtang.core.decider import require
from mingtang.core.trading.parameters import (
    PARAMETERS,
    AfterCeiling,
    Allocation,
    Award,
    Bidding,
    BidStep,
    Direction,
    Entry,
    Period,
    Procedure,
    Secrecy,
    Source,
    Sureness,
    Unit,
    said,
)

WHOLE = 1_000  # per mille
MOST_DAYS = 400
MOST_SECONDS = 24 * 3_600  # of anything counted in seconds
LONGEST = {"code": 40, "name": 60, "name_en": 120}  # characters
LONGEST_RULE, LONGEST_NOTE = 200, 300
MOST_ROWS = 30  # of a table, of the sources
SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
OPEN = (Bidding.LISTING, Bidding.AUCTION)  # bidders see the best bid and go beyond it


def require_consistent(procedure: Procedure) -> None:
    """Raises Refused: trade-procedure.… as each rule below says."""
    _require_named(procedure)
    _require_within(procedure)
    _require_way(procedure)
    _require_free_part(procedure)
    _require_timed_part(procedure)
    _require_extension(procedure)
    _require_step(procedure)
    _require_clock(procedure)
    _require_reserve(procedure)
    _require_ceiling(procedure)
    _require_priority(procedure)
    _require_allocation(procedure)
    _require_deposit(procedure)
    _require_again(procedure)
    _require_sources(procedure)


def _require_named(procedure: Procedure) -> None:
    code = procedure.code
    proper = bool(code) and not {*code} - SLUG and code[0] != "-" and code[-1] != "-"
    require(proper, "trade-procedure.code-wrong")
    named = bool(procedure.name.strip() and procedure.name_en.strip())
    require(named, "trade-procedure.name-missing")
    for element, limit in LONGEST.items():
        fits = len(getattr(procedure, element)) <= limit
        require(fits, "trade-procedure.too-long", limit=limit)


def _require_within(procedure: Procedure) -> None:
    """Days and seconds are neither negative nor without end."""
    for period in (
        procedure.notice,
        procedure.free,
        procedure.signing,
        procedure.publication,
        procedure.refund,
        procedure.payout and procedure.payout.within,
        procedure.again and procedure.again.within,
        procedure.again and procedure.again.notice,
    ):
        if period:
            require(0 < period.number <= MOST_DAYS, "trade-procedure.days-wrong", most=MOST_DAYS)
    proper = all(0 <= seconds <= MOST_SECONDS for seconds in _seconds(procedure))
    require(proper, "trade-procedure.seconds-wrong", most=MOST_SECONDS)
    counts = procedure.least_bidders >= 1 and procedure.most_bids >= 0
    require(counts, "trade-procedure.bidders-wrong")


def _seconds(procedure: Procedure) -> tuple[int, ...]:
    extension, reserve = procedure.extension, procedure.reserve
    ceiling, clock = procedure.ceiling, procedure.clock
    return (
        procedure.blackout_seconds,
        procedure.asking_seconds,
        procedure.countdown_seconds,
        *((extension.window_seconds, extension.by_seconds) if extension else ()),
        *((reserve.entered_within_seconds,) if reserve else ()),
        *((ceiling.asking_seconds, ceiling.quoting_seconds) if ceiling else ()),
        *((clock.every_seconds,) if clock else ()),
    )


def _require_way(procedure: Procedure) -> None:
    """What falls is Dutch and what is Dutch falls; only sealed offers are evaluated."""
    falls = procedure.direction is Direction.DESCENDING
    dutch = procedure.bidding is Bidding.DUTCH
    require(falls == dutch, "trade-procedure.direction-unfit")
    evaluated = procedure.award is Award.EVALUATION
    sealed = procedure.bidding is Bidding.SEALED
    require(sealed or not evaluated, "trade-procedure.evaluation-not-sealed")


def _require_free_part(procedure: Procedure) -> None:
    is_open = procedure.bidding in OPEN
    require(bool(procedure.free) or not is_open, "trade-procedure.free-missing")
    silent = procedure.blackout_seconds
    length = span_seconds(procedure.free) if procedure.free else 0
    require(not silent or silent < length, "trade-procedure.blackout-too-long")


def span_seconds(period: Period) -> int:
    """Return how long a period lasts at least, in seconds; a day has 24 hours."""
    return period.number * (3_600 if period.unit is Unit.HOURS else 24 * 3_600)


def _require_timed_part(procedure: Procedure) -> None:
    """A listing has a countdown, and says who enters it and from which price; others have none."""
    listing = procedure.bidding is Bidding.LISTING
    timed = bool(procedure.countdown_seconds)
    require(timed or not listing, "trade-procedure.countdown-missing")
    require(listing or not timed, "trade-procedure.countdown-unfit")
    has_entry = procedure.entry is not None and procedure.timed_start is not None
    require(has_entry or not timed, "trade-procedure.entry-missing")
    has_none = procedure.entry is None and procedure.timed_start is None
    require(timed or has_none, "trade-procedure.entry-unfit")
    asked = procedure.entry in (Entry.ASKED, Entry.QUOTED_AND_ASKED)
    require(asked == bool(procedure.asking_seconds), "trade-procedure.asking-unfit")


def _require_extension(procedure: Procedure) -> None:
    extension, countdown = procedure.extension, procedure.countdown_seconds
    require(bool(extension) or not countdown, "trade-procedure.extension-missing")
    if not extension:
        return
    require(procedure.bidding in OPEN, "trade-procedure.extension-unfit")
    proper = extension.window_seconds > 0 and extension.by_seconds > 0 and extension.most >= 0
    require(proper, "trade-procedure.extension-wrong")
    outside = bool(countdown) and extension.window_seconds > countdown
    require(not outside, "trade-procedure.extension-outside-countdown")


def _require_step(procedure: Procedure) -> None:
    stepped = procedure.bidding in (*OPEN, Bidding.MULTI_UNIT)
    require(bool(procedure.step) or not stepped, "trade-procedure.step-missing")
    require(stepped or not procedure.step, "trade-procedure.step-unfit")
    if procedure.step:
        _require_step_amounts(procedure.step)


def _require_step_amounts(step: BidStep) -> None:
    bounds = step.least_fen >= 0 and step.most_at_once >= 0
    bounds = bounds and (step.most_fen == 0 or step.most_fen >= max(step.least_fen, 1))
    require(bounds, "trade-procedure.step-wrong")
    if not step.table:
        return
    starts = step.table[0].from_fen == 0 and len(step.table) <= MOST_ROWS
    rises = all(one.from_fen < other.from_fen for one, other in pairwise(step.table))
    positive = all(row.step_fen > 0 for row in step.table)
    require(starts and rises and positive, "trade-procedure.step-table-wrong")
    require(not step.least_fen and not step.most_fen, "trade-procedure.step-said-twice")


def _require_clock(procedure: Procedure) -> None:
    clock, dutch = procedure.clock, procedure.bidding is Bidding.DUTCH
    require(bool(clock) == dutch, "trade-procedure.clock-unfit")
    if clock:
        proper = clock.every_seconds > 0 and 0 < clock.fall_permille < WHOLE
        require(proper, "trade-procedure.clock-wrong")


def _require_reserve(procedure: Procedure) -> None:
    reserve = procedure.reserve
    if not reserve:
        return
    of_start, of_appraisal = reserve.of_start_permille, reserve.least_of_appraisal_permille
    proper = of_start >= 0 and 0 <= of_appraisal <= WHOLE
    require(proper, "trade-procedure.reserve-wrong")
    if procedure.direction is Direction.ASCENDING:
        require(not of_start or of_start >= WHOLE, "trade-procedure.reserve-below-start")
    else:
        require(of_start <= WHOLE, "trade-procedure.reserve-above-start")
    late = reserve.secrecy is Secrecy.PUBLIC and bool(reserve.entered_within_seconds)
    require(not late, "trade-procedure.reserve-public-late")


def _require_ceiling(procedure: Procedure) -> None:
    ceiling = procedure.ceiling
    if not ceiling:
        return
    rises = procedure.direction is Direction.ASCENDING and procedure.bidding in OPEN
    require(rises, "trade-procedure.ceiling-unfit")
    one_shot = ceiling.then is AfterCeiling.ONE_SHOT
    require(one_shot == bool(ceiling.quoting_seconds), "trade-procedure.ceiling-quotation-unfit")
    enough = ceiling.least_bidders >= (1 if one_shot else 2)
    require(enough, "trade-procedure.ceiling-too-few")


def _require_priority(procedure: Procedure) -> None:
    rises = procedure.direction is Direction.ASCENDING and procedure.bidding in OPEN
    require(rises or not procedure.priority, "trade-procedure.priority-unfit")


def _require_allocation(procedure: Procedure) -> None:
    allocation = procedure.allocation
    several = procedure.bidding is Bidding.MULTI_UNIT
    require(bool(allocation) == several, "trade-procedure.allocation-unfit")
    if allocation:
        require(_is_table(allocation), "trade-procedure.allocation-table-wrong")


def _is_table(allocation: Allocation) -> bool:
    rows = allocation.table
    if not rows or len(rows) > MOST_ROWS or rows[0].from_bidders != 1:
        return False
    rises = all(one.from_bidders < other.from_bidders for one, other in pairwise(rows))
    return rises and all(0 < row.winners_permille <= WHOLE for row in rows)


def _require_deposit(procedure: Procedure) -> None:
    deposit = procedure.deposit
    if deposit:
        proper = 0 <= deposit.least_permille <= deposit.most_permille <= WHOLE
        require(proper and deposit.most_permille > 0, "trade-procedure.deposit-wrong")
    gone = procedure.refund or procedure.payout
    require(bool(deposit) or not gone, "trade-procedure.refund-without-deposit")


def _require_again(procedure: Procedure) -> None:
    """Only of a price that rises is it known which way is cheaper."""
    again = procedure.again
    if again:
        proper = 0 <= again.fall_permille < WHOLE
        require(proper, "trade-procedure.again-wrong")
        rises = procedure.direction is Direction.ASCENDING
        require(rises, "trade-procedure.again-not-rising")


# ── Sources ─────────────────────────────────────────────────────────────────


def _require_sources(procedure: Procedure) -> None:
    """Everything it says has a source, and every source speaks of something it says."""
    stated = said(procedure)
    require(len(procedure.sources) <= MOST_ROWS, "trade-procedure.too-many-sources", most=MOST_ROWS)
    for source in procedure.sources:
        _require_source(source, stated)
    cited = {name for source in procedure.sources for name in source.parameters}
    for name in stated:
        require(name in cited, "trade-procedure.source-missing", parameter=name)


def _require_source(source: Source, stated: tuple[str, ...]) -> None:
    require(bool(source.rule.strip() and source.parameters), "trade-procedure.rule-missing")
    fits = max(len(source.rule), len(source.rule_en)) <= LONGEST_RULE
    require(fits, "trade-procedure.too-long", limit=LONGEST_RULE)
    noted = max(len(source.note), len(source.note_en)) <= LONGEST_NOTE
    require(noted, "trade-procedure.too-long", limit=LONGEST_NOTE)
    for name in source.parameters:
        known = name in PARAMETERS and name in stated
        require(known, "trade-procedure.source-of-nothing", parameter=name)
    warned = source.sure is not Sureness.C or bool(source.note.strip())
    require(warned, "trade-procedure.note-missing", rule=source.rule)
