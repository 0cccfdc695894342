"""What cases do when something happens elsewhere: they hear events, not rooms."""

from mingtang.cases import actions
from mingtang.core.calendars import CalendarYearPublished
from mingtang.ledger.reactions import Heard, Reaction


def _redate(heard: Heard) -> None:
    """A calendar year was published or changed: every open case is dated anew."""
    actions.redate_all(at=heard.event.at)


REACTIONS = (Reaction("cases.redate", (CalendarYearPublished,), _redate),)
