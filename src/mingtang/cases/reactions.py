"""What cases do when something happens elsewhere: they hear events, not rooms."""

from collections.abc import Sequence
from contextlib import suppress

from mingtang.cases import actions, queries
from mingtang.cases.actions import batches, notices, special
from mingtang.core.batches import BatchFiled
from mingtang.core.calendars import CalendarYearPublished
from mingtang.core.decider import Refused
from mingtang.core.intermediaries.needs.events import NeedDelivered, NeedEnded, NeedServiceBegun
from mingtang.core.notices import HEARD
from mingtang.ledger.reactions import Heard, Reaction


def _redate(heard: Heard) -> None:
    """A calendar year was published or changed: every open case is dated anew."""
    actions.redate_all(at=heard.event.at)


def _file_rows(heard: Heard) -> None:
    """A batch was filed: whatever of its rows is not a case yet becomes one."""
    batches.file_rows(heard.stream.partition("/")[2])


def _order_notices(heard: Sequence[Heard]) -> None:
    """A case came to a decision point: its paper is ordered."""
    notices.order_notices(heard)


def _stop_or_go_on(heard: Heard) -> None:
    """A contracted body began or delivered: the clock of the case stands still, or goes on.

    Shown again, or about a case that is closed, the case refuses: there is nothing left to do.
    """
    event = heard.event
    if not event.case or not event.round:
        return
    service = f"{heard.stream.partition('/')[2]}.{event.round}"
    with suppress(Refused):
        if isinstance(event, NeedServiceBegun):
            special.begin_contracted(
                number=event.case,
                service=service,
                body_name=event.body_name,
                procedure=event.procedure,
                items=event.items,
                expected_days=event.days,
                at=event.at,
            )
        else:
            special.end_contracted(number=event.case, service=service, at=event.at)


REACTIONS = (
    Reaction("cases.redate", (CalendarYearPublished,), _redate),
    Reaction("cases.batch", (BatchFiled,), _file_rows),
    Reaction("cases.contracted", (NeedServiceBegun, NeedDelivered, NeedEnded), _stop_or_go_on),
    Reaction(queries.PAPERS_READER, HEARD, together=_order_notices, from_now=True, sets_aside=True),
)
