"""Notice and commitment (告知承诺): a promise in place of a material, and the check afterwards.

The item publishes in which materials' place one may promise, and the words. Whoever applies is
shown them and promises; the record holds the digest of what was shown. After a grant the
department looks into it within the days the item says. What turns out false is a ground to revoke
what was granted (行政许可法 art. 69), and this applicant's word does not do for a year: as long as
art. 78 bars whoever applied with false materials. Both follow by other hands: here it is recorded.

Source of the procedure: 国办发〔2020〕42号, which leaves the times to the rules of each place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from mingtang.core.cases.state import Stage, State, require_stranger, terms_of_case
from mingtang.core.cases.terms import Commitment, Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.wire import Sealed

BARRED_YEARS = 1  # by analogy to 行政许可法 art. 78


@dataclass(frozen=True, kw_only=True)
class RecordCheck:
    """记录承诺核查结果. `held`: what was promised is true."""

    held: bool
    finding: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CommitmentsChecked:
    kind: ClassVar[str] = "case.commitments-checked.v1"
    held: bool
    finding: Sealed
    officer: Officer
    due_date: date  # until when it was to be done
    barred_until: date | None  # last day on which the applicant's word does not do
    at: datetime


def require_promisable(
    commitments: Sequence[Commitment],
    *,
    replaceable: Sequence[str],
    barred_until: date | None,
    at: datetime,
) -> None:
    """Refuse a promise nothing allows, or of one whose word does not do.

    Refusals: case.commitment-not-allowed, case.commitment-barred (facts: until).
    """
    promised = {commitment.material for commitment in commitments}
    require(promised <= set(replaceable), "case.commitment-not-allowed")
    barred = barred_until is not None and civil_day(at) <= barred_until
    require(not promised or not barred, "case.commitment-barred", until=barred_until)


def check_due(case: State) -> date | None:
    """Return the last day to look into what was promised; None: there is nothing to do."""
    if case.stage is not Stage.GRANTED or not case.commitments or case.checked:
        return None
    assert case.closed_date is not None
    return case.closed_date + timedelta(days=terms_of_case(case).check_days)


def record_check(case: State, command: RecordCheck) -> Sequence[CommitmentsChecked]:
    """Late is better than never: the date does not keep anybody from it.

    Refusals: case.unknown, case.no-commitments, case.not-granted, case.checked-already,
    case.own-case, case.other-department, case.opinion-missing.
    """
    terms = terms_of_case(case)
    require(bool(case.commitments), "case.no-commitments")
    require(case.stage is Stage.GRANTED, "case.not-granted")
    require(not case.checked, "case.checked-already")
    require_stranger(case, command.officer.person)
    require(command.officer.organisation == terms.department, "case.other-department")
    require(bool(command.finding.strip()), "case.opinion-missing")
    last = check_due(case)
    assert last is not None
    return [
        CommitmentsChecked(
            held=command.held,
            finding=Sealed(command.finding),
            officer=command.officer,
            due_date=last,
            barred_until=None if command.held else _a_year_on(civil_day(command.at)),
            at=command.at,
        )
    ]


def _a_year_on(day: date) -> date:
    """Return the last day barred: the same day, or the month's last (民法典 art. 202)."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + BARRED_YEARS, day=28 if leap else day.day)


def checked(case: State, event: CommitmentsChecked) -> State:
    return replace(case, checked=True)
