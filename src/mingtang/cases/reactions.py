"""What cases do when something happens elsewhere: they hear events, not rooms."""

from collections.abc import Sequence

from mingtang.cases import actions, queries
from mingtang.cases.actions import batches, joint, notices
from mingtang.core import cases
from mingtang.core.batches import BatchFiled
from mingtang.core.calendars import CalendarYearPublished
from mingtang.core.notices import HEARD
from mingtang.ledger.reactions import Heard, Reaction


def _redate(heard: Heard) -> None:
    """A calendar year was published or changed: every open case is dated anew."""
    actions.redate_all(at=heard.event.at)
    joint.redate_all(at=heard.event.at)


def _file_rows(heard: Heard) -> None:
    """A batch was filed: whatever of its rows is not a case yet becomes one."""
    batches.file_rows(heard.stream.partition("/")[2])


def _order_notices(heard: Sequence[Heard]) -> None:
    """A case came to a decision point: its paper is ordered."""
    notices.order_notices(heard)


# What of a branch its joint case takes note of.
BRANCH_EVENTS = (
    cases.CaseAccepted,
    cases.CaseDeemedAccepted,
    cases.CaseNotAccepted,
    cases.CaseWithdrawn,
    cases.CaseDecided,
    cases.SpecialBegun,
    cases.SpecialEnded,
)


def _take_stock(heard: Sequence[Heard]) -> None:
    """Something happened to branches of joint cases: the joint cases take note."""
    joint.take_stock({one.stream.partition("/")[2]: one.event.at for one in heard})


REACTIONS = (
    Reaction("cases.redate", (CalendarYearPublished,), _redate),
    Reaction("cases.batch", (BatchFiled,), _file_rows),
    Reaction("cases.joint", BRANCH_EVENTS, together=_take_stock),
    Reaction(queries.PAPERS_READER, HEARD, together=_order_notices, from_now=True, sets_aside=True),
)
