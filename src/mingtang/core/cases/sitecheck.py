"""An on-site check (现场核查): what the application says, looked at where it is so.

行政许可法 art. 34 para. 3: two officers or more. It is a part of the review and does not stop the
clock: inspection that the law has for that is a special procedure (art. 45).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from mingtang.core.cases.state import UNDER_REVIEW, State, organ_of, require_stranger, terms_of_case
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.wire import Sealed

FEWEST = 2  # art. 34 para. 3


@dataclass(frozen=True, kw_only=True)
class RecordSiteCheck:
    """记录现场核查. `officer` writes it down, and was there with the `others`."""

    officer: Officer
    others: tuple[Officer, ...]
    checked_date: date
    place: str
    finding: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SiteChecked:
    kind: ClassVar[str] = "case.site-checked.v1"
    officer: Officer
    others: tuple[Officer, ...]
    checked_date: date
    place: Sealed
    finding: Sealed
    at: datetime


def record(case: State, command: RecordSiteCheck) -> Sequence[SiteChecked]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.two-officers, case.site-check-date, case.place-missing, case.opinion-missing."""
    terms = terms_of_case(case)
    require(case.stage in UNDER_REVIEW, "case.not-under-review")
    there = (command.officer, *command.others)
    for officer in there:
        require_stranger(case, officer.person)
    departments = {organ_of(case), terms.department, *(step.department for step in terms.steps)}
    require(command.officer.organisation in departments, "case.other-department")
    require(len({officer.person for officer in there}) >= FEWEST, "case.two-officers")
    assert case.accepted_date is not None
    lately = case.accepted_date <= command.checked_date <= civil_day(command.at)
    require(lately, "case.site-check-date")
    require(bool(command.place.strip()), "case.place-missing")
    require(bool(command.finding.strip()), "case.opinion-missing")
    return [
        SiteChecked(
            officer=command.officer,
            others=command.others,
            checked_date=command.checked_date,
            place=Sealed(command.place),
            finding=Sealed(command.finding),
            at=command.at,
        )
    ]


def recorded(case: State, event: SiteChecked) -> State:
    """It is read from the record, and moves nothing; but who was there has reviewed the case."""
    there = (event.officer, *event.others)
    return replace(case, on_site=(*case.on_site, *(officer.person for officer in there)))
