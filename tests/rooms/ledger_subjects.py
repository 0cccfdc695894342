"""A small subject for tests of the ledger itself: calendar years, copied to a table of ours."""

from datetime import UTC, date, datetime

from mingtang.core import calendars
from mingtang.ledger.models import Place
from mingtang.ledger.orders import Order, Subject
from mingtang.ledger.rows import Put

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
YEAR = Subject(
    "calendar",
    calendars.DECIDER,
    lambda fact: [Put(Place, fact.key, {"index": fact.version})],
    (Place,),
)


def publish(year=2026, *, source="notice", once=None, off_days=(), subject=YEAR):
    """Return the order to publish a year: each different `source` is a new event."""
    command = calendars.PublishCalendarYear(
        year=year,
        official=True,
        off_days=tuple(off_days) or (date(year, 1, 1),),
        makeup_days=(),
        source=source,
        by="t",
        at=NOON,
    )
    return Order(subject, str(year), command, once)
