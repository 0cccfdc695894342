"""Until when a deposit goes back (保证金退还期限): a period of the procedure, counted.

Hours run from the very moment. Days are counted from the day after, the last one belongs to the
period until it is over (民法典 arts. 201, 203).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import assert_never

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.trading.parameters import Period, Unit
from mingtang.core.worktime import WorkCalendar, add_working_days


@dataclass(frozen=True)
class RefundDue:
    at: datetime  # the last second in time
    provisional: bool  # counted through a year whose calendar is not official yet


def refund_due(period: Period, *, ended: datetime, calendar: WorkCalendar) -> RefundDue:
    """Return by when what is to be refunded has to be, the auction having ended then."""
    match period.unit:
        case Unit.HOURS:
            return RefundDue(ended + timedelta(hours=period.number), provisional=False)
        case Unit.CALENDAR_DAYS:
            last = civil_day(ended) + timedelta(days=period.number)
            return RefundDue(_end_of(last), provisional=False)
        case Unit.WORKING_DAYS:
            due = add_working_days(civil_day(ended), period.number, calendar=calendar)
            return RefundDue(_end_of(due.date), due.provisional)
        case _:
            assert_never(period.unit)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), CHINA)
