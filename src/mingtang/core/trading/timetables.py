"""The times of a lot (交易时间): counted from a procedure, compared, suggested.

Periods of days are counted in civil days, the first not included (民法典 art. 201).
"""

from datetime import date, datetime, timedelta

from mingtang.core.clock import civil_day
from mingtang.core.trading.lots.terms import Timetable
from mingtang.core.trading.parameters import Bidding, Period, Procedure, Unit
from mingtang.core.worktime import WorkCalendar, add_working_days

OPENING, CLOSING = timedelta(hours=9), timedelta(hours=17)  # of a day
SPARE_DAYS = 2  # working days for the review, before the notice is up
DEPOSIT_HOURS = 1  # before sign-up ends, so that the bank's booking is in


def period_end(start: datetime, period: Period | None, *, calendar: WorkCalendar) -> datetime:
    """Return when a period that begins at `start` is over, at the same time of day."""
    if period is None:
        return start
    match period.unit:
        case Unit.HOURS:
            return start + timedelta(hours=period.number)
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=period.number)
        case Unit.WORKING_DAYS:
            day = civil_day(start)
            last = add_working_days(day, period.number, calendar=calendar).date
            return start + (last - day)


def never_earlier(times: Timetable, later: Timetable) -> bool:
    """Whether no time of `later` comes before what it was in `times`."""
    pairs = zip(moments(times), moments(later), strict=True)
    return all(one <= other for one, other in pairs)


def moments(times: Timetable) -> tuple[datetime, ...]:
    """Return the five moments of a timetable."""
    return (
        times.sign_up_from,
        times.sign_up_until,
        times.deposit_until,
        times.opens,
        times.closes,
    )


# ── Suggested ───────────────────────────────────────────────────────────────


def suggested_times(
    procedure: Procedure, *, today: date, midnight: datetime, calendar: WorkCalendar
) -> Timetable:
    """Return times that keep the procedure's periods, on working days and in office hours.

    `midnight`: the beginning of `today`. Notice is taken to go up after SPARE_DAYS.
    """

    def moment(day: date, hour: timedelta) -> datetime:
        return midnight + (day - today) + hour

    noticed = moment(add_working_days(today, SPARE_DAYS, calendar=calendar).date, OPENING)
    sign_up_from = moment(_next_worked(civil_day(noticed), calendar), OPENING)
    soonest = period_end(noticed, procedure.notice, calendar=calendar)
    after_sign_up = add_working_days(civil_day(sign_up_from), 1, calendar=calendar).date
    opens = moment(_worked(max(civil_day(soonest), after_sign_up), calendar), OPENING)
    closes = _suggested_close(procedure, opens, calendar)
    listing = procedure.bidding is Bidding.LISTING
    last = _worked_before(civil_day(closes if listing else opens), calendar)
    sign_up_until = max(moment(last, CLOSING), sign_up_from + timedelta(hours=2))
    deposit_until = sign_up_until - timedelta(hours=DEPOSIT_HOURS)
    return Timetable(
        sign_up_from=sign_up_from,
        sign_up_until=sign_up_until,
        deposit_until=deposit_until,
        opens=opens,
        closes=closes,
    )


def _suggested_close(procedure: Procedure, opens: datetime, calendar: WorkCalendar) -> datetime:
    """The end of the free or open part; what has no length is open for an office day."""
    if procedure.free is None:
        return opens - OPENING + CLOSING
    soonest = period_end(opens, procedure.free, calendar=calendar)
    if procedure.free.unit is Unit.HOURS:
        return soonest
    day = _worked(civil_day(soonest), calendar)
    return opens + (day - civil_day(opens)) + timedelta(hours=1)


def _worked(day: date, calendar: WorkCalendar) -> date:
    """Return this day, or the next that is worked."""
    return day if calendar.is_working(day) else add_working_days(day, 1, calendar=calendar).date


def _next_worked(day: date, calendar: WorkCalendar) -> date:
    return add_working_days(day, 1, calendar=calendar).date


def _worked_before(day: date, calendar: WorkCalendar) -> date:
    """Return the last worked day before `day`."""
    before = day - timedelta(days=1)
    while not calendar.is_working(before):
        before -= timedelta(days=1)
    return before
