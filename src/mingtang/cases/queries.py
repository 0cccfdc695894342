"""What pages ask about cases. Nobody is shown a case they have no business with."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from statistics import median
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, When

from mingtang.cases.models import BatchRow, CaseRow, ForeignCaseRow, TaskRow
from mingtang.core import batches, cases, clock, foreigncases, mandates
from mingtang.core.history import WIRE
from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.notices import HEARD
from mingtang.core.papers import PaperKind
from mingtang.core.wire import ERASED, read
from mingtang.core.worktime import WorkCalendar, add_working_days
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry, Opened
from mingtang.ledger.orders import Receipt
from mingtang.ledger.queries import entries_since
from mingtang.ledger.replay import Written, history
from mingtang.papers import queries as papers
from mingtang.people import queries as people
from mingtang.vault import queries as vault

LICENCES = 200  # of an organisation, the newest, are looked through
PAPERS_READER = "cases.papers"  # who orders the papers of cases
EXTENSION_BASIS = "行政许可法 第四十二条"
# A procedure begun after the promised day came too late to stop its clock.
_COUNTED = Q(special="") | Q(promised_due__lt=F("paused_since"))
WITH_FORM = (cases.CaseFiled, cases.CorrectionsReceived, cases.ChangeRequested)
HANDED_IN = (*WITH_FORM, cases.DeferredReceived)  # the events that carry documents
OPEN_TO_TIME = (cases.Stage.FILED,)
UNDER_WAY = (
    cases.Stage.FILED,
    cases.Stage.CORRECTING,
    cases.Stage.REVIEWING,
    cases.Stage.DECIDING,
)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that happened to it."""

    row: CaseRow
    state: cases.State
    history: list[Written]

    def event(self, kind: type) -> object | None:
        """Return the last event of this kind, if there is one."""
        found = [w.event for w in self.history if isinstance(w.event, kind)]
        return found[-1] if found else None


def case_file(row: CaseRow) -> CaseFile:
    written = history(f"case/{row.number}")
    return CaseFile(row, cases.DECIDER.replay(w.event for w in written), written)


def of_applicant(person: str, organisations: Iterable[str] = ()) -> QuerySet[CaseRow]:
    """Return the cases a person filed, for themselves or as agent, newest first."""
    if not person:  # nobody in particular: their empty name is not the empty agent's
        return CaseRow.objects.none()
    mine = Q(applicant_kind="person", applicant=person) | Q(agent=person)
    theirs = Q(applicant_kind="organisation", applicant__in=list(organisations))
    return CaseRow.objects.filter(mine | theirs).order_by("-filed_at")


def of_departments(departments: Iterable[str]) -> QuerySet[CaseRow]:
    """Return the cases a department handles or takes a step in, newest first."""
    departments = list(departments)
    steps = TaskRow.objects.filter(department__in=departments).values("case")
    return CaseRow.objects.filter(Q(department__in=departments) | Q(number__in=steps)).order_by(
        "-filed_at"
    )


def everywhere() -> QuerySet[CaseRow]:
    """Return all cases, for those who oversee the whole centre."""
    return CaseRow.objects.order_by("-filed_at")


def handled_by(departments: Iterable[str]) -> QuerySet[CaseRow]:
    """Return the cases these departments are responsible for, newest first."""
    return CaseRow.objects.filter(department__in=list(departments)).order_by("-filed_at")


def departments_with_cases() -> list[str]:
    return list(
        CaseRow.objects.order_by("department").values_list("department", flat=True).distinct()
    )


def narrowed(
    rows: QuerySet[CaseRow],
    *,
    stage: str,
    lamp: str,
    department: str,
    number: str,
    today: date,
    calendar: WorkCalendar,
) -> QuerySet[CaseRow]:
    """Return those of `rows` that fit every filter given; an empty one asks for nothing.

    `lamp`: "over" (promise exceeded), "near" (due within three working days), "answer" (to be
    told about acceptance today or on the next working day).
    """
    if stage:
        rows = rows.filter(stage=stage)
    if department:
        rows = rows.filter(department=department)
    if number:
        rows = rows.filter(Q(number__startswith=number) | Q(batch=number))
    handling = rows.filter(stage__in=(cases.Stage.REVIEWING, cases.Stage.DECIDING)).filter(_COUNTED)
    soon = add_working_days(today, 1 if lamp == "answer" else 3, calendar=calendar).date
    match lamp:
        case "over":
            return handling.filter(promised_due__lt=today)
        case "near":
            return handling.filter(promised_due__gte=today, promised_due__lte=soon)
        case "answer":
            return rows.filter(stage=cases.Stage.FILED, intake_due__lte=soon)
        case _:
            return rows


def by_number(number: str) -> CaseRow | None:
    return CaseRow.objects.filter(pk=number).first()


def tracked(*, number: str, phone_tail: str) -> CaseRow | None:
    """Return the case for whoever knows its number and the phone's last four digits."""
    if len(phone_tail) != 4:
        return None
    return CaseRow.objects.filter(pk=number, phone_tail=phone_tail).first()


def to_do(*, powers: Iterable[str], departments: Iterable[str] | None) -> QuerySet[TaskRow]:
    """Return open tasks (待办) of these powers, oldest first; None means any department."""
    tasks = TaskRow.objects.filter(power__in=list(powers), done_at=None)
    if departments is not None:
        tasks = tasks.filter(department__in=list(departments))
    return tasks.select_related("case").order_by("opened_at", "id")


def soonest_answer(tasks: QuerySet[TaskRow]) -> QuerySet[TaskRow]:
    """Return those whose applicants wait to be told, whoever has waited longest first."""
    waiting = tasks.filter(case__stage=cases.Stage.FILED)
    return waiting.order_by("case__intake_due", "case__filed_at", "id")


def to_do_by(served: Mapping[str, Iterable[str] | None]) -> QuerySet[TaskRow]:
    """Return open tasks (待办), soonest due first: power → the departments it is served in."""
    found = Q(pk__in=())
    for power, departments in served.items():
        ours = Q(power=power)
        if departments is not None:
            ours &= Q(department__in=list(departments))
        found |= ours
    tasks = TaskRow.objects.filter(found, done_at=None).select_related("case")
    return tasks.order_by("case__promised_due", "opened_at", "id")


def done_by(person: str) -> QuerySet[TaskRow]:
    """Return tasks this person finished (已办), newest first."""
    done = TaskRow.objects.filter(person=person).exclude(done_at=None)
    return done.select_related("case").order_by("-done_at")


def tasks_of(number: str) -> list[TaskRow]:
    """Return every task of a case, open or done, in the order they began."""
    return list(TaskRow.objects.filter(case=number).order_by("opened_at", "id"))


def tasks_of_cases(numbers: Collection[str]) -> dict[str, list[TaskRow]]:
    """Return every task of many cases: number → tasks."""
    found: dict[str, list[TaskRow]] = {}
    for task in TaskRow.objects.filter(case__in=numbers):
        found.setdefault(task.case_id, []).append(task)
    return found


def filed_once(once: str) -> str | None:
    """Return the number of the case that was filed with this idempotency key, if one was."""
    stream = LedgerEntry.objects.filter(once=sha256(once.encode()).hexdigest())
    found = stream.values_list("stream", flat=True).first()
    return found.partition("/")[2] if found else None


def mandate_for(*, person: str, organ: str, item: str, day: date) -> Mandate | None:
    """Return the letter that carries a decision, or else the nearest one, to say why not."""
    held = people.mandates_of(person)
    power = MandatePower.DECIDE

    def carries(letter: Mandate) -> bool:
        return mandates.covers(letter, organ=organ, item=item, power=power, day=day)

    return next(filter(carries, held), held[0] if held else None)


def past_intake(today: date) -> list[str]:
    """Return numbers of cases nobody accepted or corrected in time (视为受理)."""
    late = CaseRow.objects.filter(stage=cases.Stage.FILED, intake_due__lt=today)
    return list(late.order_by("intake_due").values_list("number", flat=True))


def under_way() -> list[str]:
    """Return the numbers of every case whose dates still matter."""
    rows = CaseRow.objects.filter(stage__in=UNDER_WAY).order_by("number")
    return list(rows.values_list("number", flat=True))


def counts() -> dict[str, int]:
    """Return the public figures: cases filed, accepted, decided, on the spot."""
    closed = CaseRow.objects.filter(stage__in=(cases.Stage.GRANTED, cases.Stage.REFUSED))
    return {
        "filed": CaseRow.objects.count(),
        "accepted": CaseRow.objects.exclude(accepted_date=None).count(),
        "decided": closed.count(),
        "on_the_spot": closed.filter(promised_days=0).count(),
    }


def term(row: CaseRow, *, promised: bool) -> clock.Term | None:
    """Return the running term of a case: statutory or promised; None before acceptance."""
    if row.accepted_date is None:
        return None
    extension = clock.Extension(row.extended_days, EXTENSION_BASIS)
    return clock.Term(
        budget_days=row.promised_days if promised else row.statutory_days,
        started=row.accepted_date,
        extensions=(extension,) if row.extended_days and not promised else (),
        pauses=tuple(
            clock.Pause(pause.kind, pause.from_date, pause.until_date, pause.kind)
            for pause in pauses_of(row)
        ),
        interruptions=tuple(cases.restarted_on(date.fromisoformat(day)) for day in row.restarts),
    )


def pauses_of(row: CaseRow) -> list[cases.Pausing]:
    """Return the special procedures (特别程序) of a case, the one under way last."""
    found: list[cases.Pausing] = [read(cases.Pausing, pause) for pause in row.pauses]
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


def documents_of(number: str) -> set[str]:
    """Return the ids of every document ever handed in for a case, replaced ones too."""
    events = [written.event for written in history(f"case/{number}")]
    return {document.id for event in events for document in getattr(event, "documents", ())}


def documents_recorded() -> Iterator[cases.Document]:
    """Yield every document any case's record holds the digests of; what a batch shares, once."""
    kinds = (batches.BatchFiled.kind, *(event.kind for event in HANDED_IN))
    shared: set[cases.Document] = set()
    for entry in entries_since(0, kinds=kinds):
        event = WIRE.decode(bytes(entry.body))
        if isinstance(event, batches.BatchFiled):
            shared.update(event.documents)
        elif getattr(event, "batch", ""):
            yield from set(event.documents) - shared
            continue
        yield from event.documents


def licences_of(row: CaseRow) -> list[papers.PaperRow]:
    """Return the e-licences of an applicant's own that are good today (申请人的电子证照).

    The vault keeps a licence under somebody's name while it is good. Whoever filed for others
    keeps theirs, too, so the name on it must be the applicant's.
    """
    if row.applicant_kind == "person":
        files = [held.id for held in vault.documents_of(row.applicant)]
    else:
        files = _licence_files(row.applicant)
    found = papers.held_documents(files).values()
    own = [one for one in found if _is_own(one, row)]
    return sorted(own, key=lambda one: (one.title, one.key))


def _is_own(paper: papers.PaperRow, row: CaseRow) -> bool:
    return paper.paper == PaperKind.LICENCE and paper.addressee == row.applicant_name


def _licence_files(organisation: str) -> list[str]:
    """Return the files of what this organisation was granted, those that are good today."""
    granted = CaseRow.objects.filter(
        applicant_kind="organisation", applicant=organisation, batch="", stage=cases.Stage.GRANTED
    )
    numbers = granted.order_by("-filed_at").values_list("number", flat=True)[:LICENCES]
    issued = papers.licences_about([f"licence/{number}" for number in numbers])
    held = vault.documents([one.file for one in issued]).values()
    return [one.id for one in held if one.owner and one.erased_at is None]


# ── Papers that are not there yet ───────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A decision point whose paper has not been ordered yet, and whether that failed."""

    written: Written
    failed: bool


def unwritten(case: CaseFile, ordered: Collection[str]) -> list[Unwritten]:
    """Return the decision points of a case without a paper; `ordered`: keys of those there are.

    What was done before there were papers asks for none.
    """
    points = {
        one.index: one
        for seq, one in enumerate(case.history, 1)
        if isinstance(one.event, HEARD) and f"{case.row.number}-{seq}" not in ordered
    }
    undone = reactions.undone(PAPERS_READER, points) if points else {}
    return [Unwritten(points[index], failed) for index, failed in undone.items()]


def without_papers(numbers: Collection[str]) -> set[str]:
    """Return those of these cases and batches that have a paper which is not made yet."""
    abouts = [f"{family}/{number}" for number in numbers for family in ("case", "licence")]
    unmade = papers.waiting().filter(Q(about__in=abouts) | Q(batch__in=list(numbers)))
    found = {name for pair in unmade.values_list("about", "batch") for name in pair}
    points = _decision_points(numbers)
    found |= {points[index] for index in reactions.undone(PAPERS_READER, points)}
    return {name.rpartition("/")[2] for name in found} & set(numbers)


def _decision_points(numbers: Collection[str]) -> dict[int, str]:
    """Return the entries of these cases that ask for a paper: index → stream."""
    streams, kinds = [f"case/{number}" for number in numbers], [event.kind for event in HEARD]
    found = LedgerEntry.objects.filter(stream__in=streams, kind__in=kinds)
    return dict(found.values_list("index", "stream"))


# ── Batches ─────────────────────────────────────────────────────────────────


def batch(number: str) -> BatchRow | None:
    return BatchRow.objects.filter(pk=number).first()


def batch_event(number: str) -> batches.BatchFiled | None:
    """Return how a batch was filed, its rows opened unless they have been erased."""
    written = history(f"batch/{number}")
    return written[0].event if written else None


def of_batch(number: str) -> QuerySet[CaseRow]:
    """Return the cases of a batch in the order of its rows."""
    return CaseRow.objects.filter(batch=number).order_by("place")


def batches_with(numbers: Iterable[str]) -> dict[str, BatchRow]:
    return BatchRow.objects.in_bulk(list(numbers))


def cases_with(numbers: Iterable[str]) -> dict[str, CaseRow]:
    return CaseRow.objects.in_bulk(list(numbers))


def most_urgent(numbers: Iterable[str], stages: Iterable[str]) -> dict[str, CaseRow]:
    """Return of each batch the case in one of these stages whose time runs out first."""
    rows = CaseRow.objects.filter(batch__in=list(numbers), stage__in=list(stages))
    found: dict[str, CaseRow] = {}
    for row in sorted(rows, key=lambda row: (row.promised_due or row.intake_due, row.place)):
        found.setdefault(row.batch, row)
    return found


def stages_of(numbers: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how many cases of each batch stand where: batch → stage → cases."""
    rows = CaseRow.objects.filter(batch__in=list(numbers)).values_list("batch", "stage")
    found: dict[str, dict[str, int]] = {}
    for number, stage, count in rows.annotate(Count("pk")).order_by("batch", "stage"):
        found.setdefault(number, {})[stage] = count
    return found


def forms_of(numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the latest answers of many cases by field; those whose values were erased are not."""
    kinds = tuple(event.kind for event in WITH_FORM)
    streams = [f"case/{number}" for number in numbers]
    entries = LedgerEntry.objects.filter(stream__in=streams, kind__in=kinds).order_by("index")
    stream_of = dict(entries.values_list("index", "stream"))
    opened = Opened.objects.filter(index__in=list(stream_of), name="form").order_by("index")
    return {
        stream_of[index].partition("/")[2]: json.loads(form)["fields"]
        for index, form in opened.values_list("index", "value")
        if form and form != ERASED
    }


def tasks_of_batch(number: str, key: str) -> list[TaskRow]:
    """Return the tasks of one kind in a batch, open or done, in the order of its rows."""
    tasks = TaskRow.objects.filter(batch=number, key=key).select_related("case")
    return list(tasks.order_by("case__place")) if number else []


def all_tasks_of_batch(number: str) -> Iterator[TaskRow]:
    return TaskRow.objects.filter(batch=number).order_by("id").iterator() if number else iter(())


def folded(tasks: QuerySet[TaskRow], *order: str) -> QuerySet[TaskRow, dict[str, Any]]:
    """Return tasks as the lines of a list: what is alike in a batch is one line.

    Each line: `line` (number of the case, or of the batch), `key`, `task`, `task_en`, `count`.
    `order`: columns; a batch stands where the first of its tasks would, going down the list.
    """
    lines = tasks.order_by().annotate(
        line=Case(When(batch="", then=F("case_id")), default=F("batch")),
    )
    keys = {
        f"by_{place}": Max(name[1:]) if name.startswith("-") else Min(name)
        for place, name in enumerate(order)
    }
    signs = ["-" if name.startswith("-") else "" for name in order]
    return (
        lines.values("line", "key")
        .annotate(count=Count("id"), task=Min("name"), task_en=Min("name_en"), **keys)
        .order_by(*(f"{sign}by_{place}" for place, sign in enumerate(signs)), "line", "key")
    )


def count_folded(tasks: QuerySet[TaskRow]) -> int:
    """Return how many lines `folded` gives, without sorting them."""
    alone, together = tasks.order_by().filter(batch=""), tasks.order_by().exclude(batch="")
    return alone.count() + together.values("batch", "key").distinct().count()


def folded_cases(rows: QuerySet[CaseRow]) -> QuerySet[CaseRow, dict[str, Any]]:
    """Return cases as the lines of a list, newest first: those of a batch are one `line`."""
    lines = rows.order_by().annotate(
        line=Case(When(batch="", then=F("number")), default=F("batch"))
    )
    counted = lines.values("line").annotate(count=Count("number"), newest=Max("filed_at"))
    return counted.order_by("-newest", "line")


def places_of(number: str) -> set[int]:
    """Return the rows of a batch that have become cases."""
    return set(of_batch(number).values_list("place", flat=True))


def recorded(receipts: Iterable[Receipt]) -> set[Receipt]:
    """Return those of the receipts whose entry stands in the ledger: read back, not believed."""
    wanted = list(receipts)
    entries = LedgerEntry.objects.filter(index__in=[receipt.index for receipt in wanted])
    found = {
        index: (stream, bytes(leaf))
        for index, stream, leaf in entries.values_list("index", "stream", "leaf")
    }
    return {one for one in wanted if found.get(one.index) == (one.stream, one.leaf)}


# ── Cases of other systems ──────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A case of another system with its history."""

    row: ForeignCaseRow
    state: foreigncases.State
    history: list[Written]


def foreign_file(key: str) -> ForeignFile | None:
    row = ForeignCaseRow.objects.filter(pk=key).first()
    if row is None:
        return None
    written = history(f"foreign-case/{key}")
    return ForeignFile(row, foreigncases.DECIDER.replay(w.event for w in written), written)


def foreign_cases(
    *, text: str = "", source: str = "", standing: str = ""
) -> QuerySet[ForeignCaseRow]:
    """Return the cases that hold every word of `text` somewhere, the newest first."""
    found = ForeignCaseRow.objects.all()
    for word in text.lower().split():
        found = found.filter(searched__contains=word)
    if source:
        found = found.filter(source=source)
    if standing:
        found = found.filter(standing=standing)
    return found.order_by("-began_at", "key")


def foreign_keys() -> set[str]:
    """Return the keys of all of them."""
    return set(ForeignCaseRow.objects.values_list("key", flat=True))


def foreign_steps() -> int:
    """Return how many steps all of them have."""
    return ForeignCaseRow.objects.aggregate(total=Sum("steps"))["total"] or 0


def foreign_sources() -> list[str]:
    return list(
        ForeignCaseRow.objects.order_by("source").values_list("source", flat=True).distinct()
    )


@dataclass(frozen=True, slots=True)
class ForeignFigures:
    """What the cases of one log add up to."""

    source: str
    cases: int
    steps: int
    activities: tuple[tuple[str, int], ...]  # how often each, the most frequent first
    standings: Mapping[str, int]  # cases by core.foreigncases.ForeignStanding
    median_seconds: int | None  # of those with an end that is not before their beginning
    first: date  # beginnings, days of the place
    last: date

    @property
    def judged(self) -> int:
        """Cases that have both an end and a deadline."""
        return self.late + self.standings.get(foreigncases.ForeignStanding.IN_TIME, 0)

    @property
    def late(self) -> int:
        return self.standings.get(foreigncases.ForeignStanding.LATE, 0)


def foreign_figures() -> list[ForeignFigures]:
    """Return the figures of every log there is, by its name."""
    return [_figures(source) for source in foreign_sources()]


def _figures(source: str) -> ForeignFigures:
    done: Counter[str] = Counter()
    standings: Counter[str] = Counter()
    seconds: list[int] = []
    began: list[date] = []
    rows = ForeignCaseRow.objects.filter(source=source)
    columns = rows.values_list("activities", "standing", "seconds", "began_date")
    for activities, standing, lasted, begun in columns.iterator():
        done.update(dict(activities))
        standings[standing] += 1
        began.append(begun)
        if lasted is not None and lasted >= 0:
            seconds.append(lasted)
    return ForeignFigures(
        source=source,
        cases=len(began),
        steps=done.total(),
        activities=tuple(sorted(done.items(), key=lambda pair: (-pair[1], pair[0]))),
        standings=standings,
        median_seconds=int(median(seconds)) if seconds else None,
        first=min(began),
        last=max(began),
    )
