"""On the spot (当场办结): accepted and decided in one act, where the item allows it.

即办件: the application is complete and in due form, and nothing is left to be reviewed, so the
written decision is made at once (行政许可法 art. 34). Both events stand in the record as if they
had been two acts of one officer; either both happen or neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.core.cases import decision, intake
from mingtang.core.cases.assigning import TaskTakenOver
from mingtang.core.cases.counsel import OpinionForgone
from mingtang.core.cases.decision import CaseDecided, DecideCase
from mingtang.core.cases.intake import AcceptCase, CaseAccepted, CaseDeemedAccepted
from mingtang.core.cases.proving import ActProven
from mingtang.core.cases.state import State, terms_of_case
from mingtang.core.cases.terms import Officer
from mingtang.core.decider import require
from mingtang.core.mandates import Mandate
from mingtang.core.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class SettleOnTheSpot:
    """当场办结, by a chief representative who may both accept and decide."""

    granted: bool
    reason: str
    officer: Officer
    mandate: Mandate | None
    at: datetime
    calendar: WorkCalendar


def settle(
    case: State, command: SettleOnTheSpot
) -> Sequence[
    CaseAccepted | CaseDeemedAccepted | TaskTakenOver | OpinionForgone | ActProven | CaseDecided
]:
    """Refusals: case.unknown, case.not-on-the-spot, and those of `intake.accept` and
    `decision.decide_case`."""
    terms = terms_of_case(case)
    at_once = terms.on_the_spot and not terms.steps and terms.first_review is None
    require(at_once, "case.not-on-the-spot")
    accept = AcceptCase(officer=command.officer, at=command.at, calendar=command.calendar)
    [accepted] = intake.accept(case, accept)
    decide = DecideCase(
        granted=command.granted,
        reason=command.reason,
        officer=command.officer,
        mandate=command.mandate,
        at=command.at,
    )
    return [accepted, *decision.decide_case(intake.accepted(case, accepted), decide)]
