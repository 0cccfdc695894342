"""How long cases may take, and which wait for an act that has a day of its own."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, QuerySet

from mingtang.cases.models import CaseRow, FirstReviewRow
from mingtang.core import cases, clock
from mingtang.core.wire import read
from mingtang.core.worktime import WorkCalendar
from mingtang.papers import queries as papers

EXTENSION_BASIS = "行政许可法 第四十二条"
UNDER_WAY = (
    cases.Stage.FILED,
    cases.Stage.CORRECTING,
    *cases.UNDER_REVIEW,
)


def past_intake(today: date) -> list[str]:
    """Return numbers of cases nobody accepted or corrected in time (视为受理)."""
    late = CaseRow.objects.filter(stage=cases.Stage.FILED, intake_due__lt=today)
    return list(late.order_by("intake_due").values_list("number", flat=True))


def under_way() -> list[str]:
    """Return the numbers of every case whose dates still matter."""
    rows = CaseRow.objects.filter(stage__in=UNDER_WAY).order_by("number")
    return list(rows.values_list("number", flat=True))


def term(row: CaseRow, *, promised: bool) -> clock.Term | None:
    """Return the running term of a case: statutory or promised; None before acceptance.

    While a lower organ reviews first, it is that organ's.
    """
    if row.accepted_date is None:
        return None
    if row.first_review_days and row.handed_up_date is None:
        restarts = map(date.fromisoformat, row.restarts)
        return cases.term_with(row.first_review_days, row.accepted_date, pauses_of(row), restarts)
    extension = clock.Extension(row.extended_days, EXTENSION_BASIS)
    return clock.Term(
        budget_days=row.promised_days if promised else row.statutory_days,
        started=row.handed_up_date or row.accepted_date,
        extensions=(extension,) if row.extended_days and not promised else (),
        pauses=tuple(
            clock.Pause(pause.kind, pause.from_date, pause.until_date, pause.kind)
            for pause in pauses_of(row)
        ),
        interruptions=tuple(cases.restarted_on(date.fromisoformat(day)) for day in row.restarts),
    )


def first_review(number: str) -> FirstReviewRow | None:
    """Return the first review (初审) of a case, under way or over, if it has one."""
    return FirstReviewRow.objects.filter(pk=number).first()


def first_review_term(row: FirstReviewRow) -> clock.Term:
    """Return the term of a first review, with everything that moved it."""
    restarts = map(date.fromisoformat, row.restarts)
    return cases.term_with(row.days, row.begun_date, pauses_of(row), restarts)


def pauses_of(row: CaseRow | FirstReviewRow) -> list[cases.Pausing]:
    """Return the special procedures (特别程序) of a case, the one under way last."""
    found: list[cases.Pausing] = [read(cases.Pausing, pause) for pause in row.pauses]
    return found


def contracted_of(row: CaseRow) -> list[cases.Contracted]:
    """Return the contracted services (中介服务) a case was told of, the newest last."""
    found: list[cases.Contracted] = [read(cases.Contracted, one) for one in row.contracted]
    return found


def barred_until(kind: str, applicant: str) -> date | None:
    """Return the last day on which this applicant's word does not do (不适用告知承诺)."""
    false = CaseRow.objects.filter(applicant_kind=kind, applicant=applicant)
    found = false.exclude(barred_until=None).aggregate(last=Max("barred_until"))
    last: date | None = found["last"]
    return last


def awaited(departments: Iterable[str] | None) -> QuerySet[CaseRow]:
    """Return the cases accepted without a material that is to follow (容缺待补), soonest first."""
    return _in(departments, CaseRow.objects.exclude(deferred_due=None)).order_by(
        "deferred_due", "number"
    )


def to_check(departments: Iterable[str] | None) -> QuerySet[CaseRow]:
    """Return the grants that rest on a promise nobody looked into yet (承诺待核查)."""
    return _in(departments, CaseRow.objects.exclude(check_due=None)).order_by("check_due", "number")


def to_rule_on(departments: Iterable[str] | None) -> QuerySet[CaseRow]:
    """Return the cases whose applicants changed them, and nobody has ruled on it (变更待认定)."""
    return _in(departments, CaseRow.objects.exclude(change_date=None)).order_by(
        "change_date", "number"
    )


def to_deliver(departments: Iterable[str] | None) -> QuerySet[CaseRow]:
    """Return the decided cases of which a paper has not reached its addressee (待送达), the
    longest decided first."""
    waiting = _in(departments, CaseRow.objects.filter(number__in=papers.undelivered()))
    return waiting.exclude(closed_at=None).order_by("closed_at", "number")


def delivery_due(row: CaseRow, calendar: WorkCalendar) -> date:
    """Return the last day to deliver what was decided (送达期限)."""
    assert row.closed_at is not None
    return cases.delivery_due(clock.civil_day(row.closed_at), calendar=calendar).date


def _in(departments: Iterable[str] | None, rows: QuerySet[CaseRow]) -> QuerySet[CaseRow]:
    return rows if departments is None else rows.filter(department__in=list(departments))


def standing(row: CaseRow, *, today: date, calendar: WorkCalendar) -> clock.Standing | None:
    """Return how the case stands against its promise; None before acceptance."""
    running = term(row, promised=True)
    if running is None:
        return None
    closed = clock.civil_day(row.closed_at) if row.closed_at else None
    return clock.standing(running, today=today, calendar=calendar, closed=closed)
