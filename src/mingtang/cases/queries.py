"""What pages ask about cases. Nobody is shown a case they have no business with."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from hashlib import sha256
from statistics import median
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from mingtang.cases.models import (
    BatchRow,
    CaseRow,
    ConsultationRow,
    CopyRow,
    DelegationRow,
    EfficiencyRow,
    ForeignCaseRow,
    HandoverRow,
    HeldRow,
    JointRow,
    LegRow,
    OpinionRow,
    SharedRow,
    StartedRow,
    TaskRow,
)
from mingtang.catalogue import queries as catalogue
from mingtang.core import batches, cases, clock, efficiency, foreigncases, joint, mandates, sharing
from mingtang.core.catalogue import ItemContent, Material
from mingtang.core.history import WIRE
from mingtang.core.licences.identifier import NotAnIdentifier, parse_identifier
from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.notices import HEARD
from mingtang.core.resources import ResourceContent
from mingtang.core.wire import ERASED, read
from mingtang.core.worktime import WorkCalendar, add_working_days
from mingtang.ledger import reactions
from mingtang.ledger.memory import until_changed
from mingtang.ledger.models import LedgerEntry, Opened
from mingtang.ledger.orders import Receipt
from mingtang.ledger.queries import entries_since
from mingtang.ledger.replay import Written, history
from mingtang.papers import queries as papers
from mingtang.people import queries as people
from mingtang.vault import queries as vault

HANDED_OVER = 200  # cases of a list, and lists of a clerk, that are shown
LICENCES = 200  # of an organisation, the newest, are looked through
PAPERS_READER = "cases.papers"  # who orders the papers of cases
EXTENSION_BASIS = "行政许可法 第四十二条"
# A procedure begun after the promised day came too late to stop its clock.
_COUNTED = Q(special="") | Q(promised_due__lt=F("paused_since"))
WITH_FORM = (cases.CaseFiled, cases.CorrectionsReceived, cases.ChangeRequested)
HANDED_IN = (*WITH_FORM, cases.DeferredReceived)  # the events that carry documents
JOINT_DECIDED = (
    joint.JointStage.GRANTED,
    joint.JointStage.PARTLY,
    joint.JointStage.REFUSED,
)
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


def to_do_by(
    served: Mapping[str, Iterable[str] | None],
    *,
    person: str,
    stands_for: Iterable[tuple[str, str]] = (),
) -> QuerySet[TaskRow]:
    """Return what somebody has to do (待办), soonest due first.

    `served`: power → the departments it is served in, None: any. What nobody holds is everybody's
    there; what somebody holds is theirs, and whoever's they stand for: (person, department).
    """
    found = Q(holder=person)
    for giver, department in stands_for:
        found |= Q(holder=giver, department=department)
    for power, departments in served.items():
        ours = Q(power=power, holder="")
        if departments is not None:
            ours &= Q(department__in=list(departments))
        found |= ours
    waiting = Q(done_at=None) & ~Q(case__stage=cases.Stage.CORRECTING)
    tasks = TaskRow.objects.filter(found, waiting).select_related("case")
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
    """Return the public figures: applications filed, accepted, decided, on the spot.

    A joint case is one application, whatever number of branches it has.
    """
    alone = CaseRow.objects.filter(joint="")
    closed = alone.filter(stage__in=(cases.Stage.GRANTED, cases.Stage.REFUSED))
    together = JointRow.objects.aggregate(
        filed=Count("pk"),
        accepted=Count("accepted_date"),
        decided=Count("pk", filter=Q(stage__in=JOINT_DECIDED)),
    )
    return {
        "filed": alone.count() + together["filed"],
        "accepted": alone.exclude(accepted_date=None).count() + together["accepted"],
        "decided": closed.count() + together["decided"],
        # as core.efficiency counts it: decided on the civil day of acceptance
        "on_the_spot": closed.filter(promised_days=0, closed_at__date=F("accepted_date")).count(),
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


def taken_in_by(row: CaseRow, person: str) -> bool:
    """Return whether this clerk took the case in, at whatever office."""
    if row.channel != "window":
        return False
    filed = history(f"case/{row.number}")[0].event
    return filed.taken_by is not None and filed.taken_by.person == person


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
    for entry in entries_since(0, kinds=(cases.LegAnswered.kind,)):
        answer = WIRE.decode(bytes(entry.body))
        if answer.document is not None:
            yield answer.document


def licences_of(row: CaseRow) -> list[papers.PaperRow]:
    """Return the e-licences of a case's applicant that are good today (申请人的电子证照)."""
    return good_licences(row.applicant_kind, row.applicant, row.applicant_name)


def good_licences(kind: str, applicant: str, name: str) -> list[papers.PaperRow]:
    """Return the e-licences of somebody's own that are good today, by title.

    The vault keeps a licence under somebody's name while it is good. Whoever filed for others
    keeps theirs, too, so the name on it must be the applicant's.
    """
    issued = _licences_issued(kind, applicant, name)
    held = vault.documents([one.file for one in issued])
    good = {id for id, one in held.items() if one.owner and one.erased_at is None}
    return sorted((p for p in issued if p.file in good), key=lambda p: (p.title, p.key))


def _licences_issued(kind: str, applicant: str, name: str) -> list[papers.PaperRow]:
    """Return every licence that was ever issued in this applicant's name, older versions too."""
    if kind == "person":
        found = papers.licences_kept_for(applicant)
    else:
        granted = CaseRow.objects.filter(
            applicant_kind="organisation", applicant=applicant, batch="", stage=cases.Stage.GRANTED
        )
        numbers = granted.order_by("-filed_at").values_list("number", flat=True)[:LICENCES]
        found = papers.licences_about([f"licence/{number}" for number in numbers])
    return [one for one in found if one.addressee == name]


# ── What need not be handed in ──────────────────────────────────────────────


def sharing_for(
    *, content: ItemContent, materials: Iterable[Material], applicant: cases.Applicant
) -> cases.Sharing:
    """Look up the materials an application need not hand in (免提交).

    A licence counts by its type or by the item that gave it, whichever organ issued it; it need
    only be in the applicant's own name and good today. Of several, the newest.
    """
    wanted = [one for one in materials if one.shared]
    if not wanted:
        return cases.Sharing()
    named = (applicant.kind, applicant.id, applicant.name)
    issued, good = _licences_issued(*named), {one.key for one in good_licences(*named)}
    directory = catalogue.directory()
    shared, found = [], {}
    for material in wanted:
        entry = sharing.supply_of(material, content, directory)
        ours = [one for one in issued if entry and is_supplied(one, entry)]
        newest = next((one for one in reversed(ours) if one.key in good), None)
        outcome = (
            cases.SharedOutcome.NOT_SUPPLIED
            if entry is None
            else cases.SharedOutcome.FOUND
            if newest
            else cases.SharedOutcome.LAPSED
            if ours
            else cases.SharedOutcome.NOT_HELD
        )
        if newest:
            found[material.key] = newest.key
        shared.append(
            cases.SharedMaterial(
                material=material.key,
                resource=material.supplied_by,
                supplier=newest.organ if newest else entry.supplier if entry else "",
                outcome=outcome,
            )
        )
    return cases.Sharing(tuple(shared), found)


def is_supplied(paper: papers.PaperRow, entry: ResourceContent) -> bool:
    """Whether a licence is what an entry of the directory means."""
    if paper.item in entry.items:
        return True
    sheet = papers.sheet_of(paper) if entry.types else None
    try:
        type = parse_identifier(sheet.identifier).type if sheet else ""
    except NotAnIdentifier:
        return False
    return type in entry.types


def shared_of(number: str) -> dict[str, SharedRow]:
    """Return what was looked up for a case when it was filed, by material."""
    return {one.material: one for one in SharedRow.objects.filter(case=number)}


def asked_of(row: CaseRow) -> list[ResourceContent]:
    """Return the entries of the directory that a case's item asks for, supplied to its department
    today: what officers who have the case in hand may read of its applicant."""
    content = catalogue.version(row.item, row.item_version)
    codes = {one.resource for one in SharedRow.objects.filter(case=row.number)}
    directory = catalogue.directory()
    return [
        entry
        for material in content.materials
        if material.supplied_by in codes
        and (entry := sharing.supply_of(material, content, directory))
    ]


def is_asked(row: CaseRow, paper: papers.PaperRow) -> bool:
    """Whether a case asks for this very licence."""
    return any(is_supplied(paper, entry) for entry in asked_of(row))


@dataclass(frozen=True, slots=True)
class Spared:
    """What one department did not ask for, and what it had to ask for after all."""

    department: str
    cases: int  # that looked anything up
    found: int  # materials that nobody had to hand in
    fallback: int  # materials looked up in vain


def materials_spared(
    *, department: str = "", item: str = "", since: datetime | None = None
) -> list[Spared]:
    """Return how many materials were not asked for (免提交材料), by department.

    `item`: stream key; `since`: from this moment on.
    """
    rows: QuerySet[Any] = SharedRow.objects.order_by("department")
    if department:
        rows = rows.filter(department=department)
    if item:
        rows = rows.filter(item=item)
    if since is not None:
        rows = rows.filter(looked_up_at__gte=since)
    found = Q(outcome=cases.SharedOutcome.FOUND)
    counted = rows.values_list("department").annotate(
        cases=Count("case", distinct=True),
        found=Count("pk", filter=found),
        fallback=Count("pk", filter=~found),
    )
    return [Spared(*line) for line in counted]


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


# ── Legs and opinions ───────────────────────────────────────────────────────


def legs(departments: Iterable[str] | None) -> QuerySet[LegRow]:
    """Return the legs of these departments' cases; None means any department."""
    rows = LegRow.objects.select_related("case")
    return rows if departments is None else rows.filter(department__in=list(departments))


def open_legs(departments: Iterable[str] | None) -> QuerySet[LegRow]:
    """Return those that are under way, whoever has waited longest first."""
    return legs(departments).filter(closed_date=None).order_by("ordered_date", "id")


def closed_legs(departments: Iterable[str] | None) -> QuerySet[LegRow]:
    """Return those that are over, newest first."""
    return legs(departments).exclude(closed_date=None).order_by("-closed_date", "id")


def letter_of(number: str, leg: int) -> cases.Document | None:
    """Return the file of the answer to a leg, if there is one."""
    for written in history(f"case/{number}"):
        event = written.event
        if isinstance(event, cases.LegAnswered) and event.leg == leg:
            return event.document
    return None


def leg_of(row: LegRow) -> cases.Leg:
    """Return a leg as the rules know it."""
    return cases.Leg(
        number=row.leg,
        body=row.body,
        days=row.days,
        basis=row.basis,
        standstill=row.standstill,
        ordered_date=row.ordered_date,
        handed_date=row.handed_date,
        reminded=row.reminded,
        urged=row.urged,
        answer=row.answer,
        answer_no=row.answer_no,
        answer_date=row.answer_date,
        closed_date=row.closed_date,
    )


def legs_to_remind_of(at: datetime, calendar: WorkCalendar) -> list[LegRow]:
    """Return the open legs that came near their term, or over it, and nobody was told."""
    today = clock.civil_day(at)
    found = open_legs(None).exclude(handed_date=None).exclude(reminded=cases.Nearness.OVER)
    nearness = {
        row.pk: cases.nearness_of(leg_of(row), today=today, calendar=calendar) for row in found
    }
    return [row for row in found if nearness[row.pk] not in (None, row.reminded)]


def with_open_legs(numbers: Iterable[str]) -> set[str]:
    """Return those of these cases that wait for a body outside the system."""
    rows = LegRow.objects.filter(case__in=list(numbers), closed_date=None)
    return set(rows.values_list("case", flat=True))


def opinions_of(number: str) -> list[OpinionRow]:
    """Return what counsel was asked in a case, in that order."""
    return list(OpinionRow.objects.filter(case=number).order_by("request"))


def opinion(number: str, request: int) -> OpinionRow | None:
    found = OpinionRow.objects.filter(pk=f"{number}.{request}").select_related("case")
    return found.first()


def opinions_to_give(bodies: Iterable[str], person: str) -> list[OpinionRow]:
    """Return what counsel of these bodies is asked and this person has not stepped back from,
    soonest due first."""
    rows = OpinionRow.objects.filter(body__in=list(bodies), closed_date=None)
    rows = rows.select_related("case").order_by("due_date", "id")
    return [row for row in rows if person not in row.declined_by]


def opinions_given(person: str) -> QuerySet[OpinionRow]:
    """Return the opinions this person gave, newest first."""
    given = OpinionRow.objects.filter(person=person).exclude(closed_date=None)
    return given.select_related("case").order_by("-closed_date", "id")


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
    tasks = TaskRow.objects.filter(batch=number, key=key, returned=False).select_related("case")
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


# ── Hand-overs between clerks ───────────────────────────────────────────────


def waiting_at_window(
    numbers: Collection[str], departments: Iterable[str] | None
) -> frozenset[str]:
    """Return those of the cases whose intake is open in one of these departments; None: any."""
    tasks = to_do(powers=["case.intake"], departments=departments)
    found = tasks.filter(case__in=list(numbers)).order_by()
    return frozenset(found.values_list("case_id", flat=True))


def to_hand_over(person: str, departments: Iterable[str] | None) -> list[CaseRow]:
    """Return what a clerk may hand over, the nearest answer first; a batch stays at its window."""
    tasks = to_do(powers=["case.intake"], departments=departments).filter(batch="")
    others = HeldRow.objects.exclude(person=person).values("number")
    rows = CaseRow.objects.filter(pk__in=tasks.order_by().values("case_id"))
    return list(rows.exclude(pk__in=others).order_by("intake_due", "filed_at")[:HANDED_OVER])


def held_by(person: str) -> frozenset[str]:
    """Return the cases this clerk took over and nobody after them."""
    return frozenset(HeldRow.objects.filter(person=person).values_list("number", flat=True))


def held_by_others(numbers: Collection[str], *, person: str) -> frozenset[str]:
    """Return those of the cases that somebody else took over last."""
    rows = HeldRow.objects.filter(pk__in=list(numbers)).exclude(person=person)
    return frozenset(rows.values_list("number", flat=True))


def held(number: str) -> HeldRow | None:
    """Return who took a case over last, if anybody did."""
    return HeldRow.objects.filter(pk=number).first()


def handover(key: str) -> HandoverRow | None:
    return HandoverRow.objects.filter(pk=key).first()


def handovers_of(person: str) -> list[HandoverRow]:
    """Return the newest lists this clerk gave or was to take."""
    mine = HandoverRow.objects.filter(Q(giver=person) | Q(receiver=person))
    return list(mine.order_by("-offered_at", "key")[:HANDED_OVER])


def handovers_to_confirm(person: str) -> int:
    """Return how many lists wait for this clerk's word."""
    return HandoverRow.objects.filter(receiver=person, stage="offered").count()


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


# ── Joint cases ─────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class JointFile:
    """A joint case with everything that happened to it, its branches apart."""

    row: JointRow
    state: joint.State
    history: list[Written]


def joint_file(row: JointRow) -> JointFile:
    written = history(f"joint/{row.number}")
    return JointFile(row, joint.DECIDER.replay(one.event for one in written), written)


def joint_case(number: str) -> JointRow | None:
    return JointRow.objects.filter(pk=number).first()


def branches_of(number: str) -> list[CaseRow]:
    """Return the branches of a joint case; none of no number in particular."""
    return list(CaseRow.objects.filter(joint=number).order_by("number")) if number else []


def joint_numbers_of(numbers: Iterable[str]) -> dict[str, str]:
    """Return of those of these cases that are branches the joint case: case → joint number."""
    rows = CaseRow.objects.filter(pk__in=list(numbers)).exclude(joint="")
    return dict(rows.values_list("number", "joint"))


def joint_cases_of(person: str, organisations: Iterable[str] = ()) -> QuerySet[JointRow]:
    """Return the joint cases a person filed, for themselves or as agent, newest first."""
    if not person:
        return JointRow.objects.none()
    mine = Q(applicant_kind="person", applicant=person) | Q(agent=person)
    theirs = Q(applicant_kind="organisation", applicant__in=list(organisations))
    return JointRow.objects.filter(mine | theirs).order_by("-filed_at")


def joint_cases_for(
    *, departments: Iterable[str] | None, governments: Iterable[str], window: bool
) -> QuerySet[JointRow]:
    """Return the joint cases these departments lead or handle branches of (None: all), or these
    governments may extend; for a `window` of the centre, also those that wait for acceptance.

    What is open comes first, and of that what is due first.
    """
    rows = JointRow.objects.all()
    if departments is not None:
        codes = list(departments)
        branches = CaseRow.objects.filter(department__in=codes).exclude(joint="")
        theirs = Q(lead__in=codes) | Q(pk__in=branches.values("joint"))
        theirs |= Q(government__in=list(governments))
        if window:
            theirs |= Q(stage=joint.JointStage.FILED)
        rows = rows.filter(theirs)
    return rows.order_by(F("closed_at").desc(nulls_first=True), F("due").asc(nulls_first=True))


def tasks_of_joint(number: str) -> list[TaskRow]:
    """Return every task of every branch, open or done, in the order they began."""
    tasks = TaskRow.objects.filter(case__joint=number).select_related("case")
    return list(tasks.order_by("opened_at", "id")) if number else []


def consultations_of(number: str) -> list[ConsultationRow]:
    return list(ConsultationRow.objects.filter(joint=number).order_by("number", "department"))


def consultations_waiting(departments: Iterable[str]) -> QuerySet[ConsultationRow]:
    """Return what these departments were asked and have not answered, oldest first."""
    rows = ConsultationRow.objects.filter(department__in=list(departments), answered_at=None)
    open_now = rows.filter(joint__closed_at=None).select_related("joint")
    return open_now.order_by("asked_at", "id")


def joint_cases_under_way() -> list[str]:
    """Return the numbers of the joint cases whose term still matters."""
    rows = JointRow.objects.filter(closed_at=None).exclude(accepted_date=None)
    return list(rows.order_by("number").values_list("number", flat=True))


def joint_term(row: JointRow) -> clock.Term | None:
    """Return the running joint term; None before acceptance."""
    if row.accepted_date is None:
        return None
    pauses = tuple(read(cases.Pausing, pause) for pause in row.pauses)
    return joint.term_of(row.accepted_date, extended_days=row.extended_days, pauses=pauses)


def joint_standing(row: JointRow, *, today: date, calendar: WorkCalendar) -> clock.Standing | None:
    """Return how the joint case stands against its term; None before acceptance."""
    running = joint_term(row)
    if running is None:
        return None
    closed = clock.civil_day(row.closed_at) if row.closed_at else None
    return clock.standing(running, today=today, calendar=calendar, closed=closed)


# ── The workbench ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list of a workbench: what stands on it. Its count and its pages are of these rows.

    `rows` are of TaskRow, CopyRow, StartedRow or CaseRow; what is alike in a batch is one line.
    """

    rows: QuerySet[Any]
    newest: str = ""  # the column whose newest stand first; else what is due first does

    @property
    def of_cases(self) -> bool:
        return self.rows.model is CaseRow

    @property
    def of_tasks(self) -> bool:
        return self.rows.model is TaskRow

    def count(self) -> int:
        return self._lines().count()

    def page(self, size: int, *, after: str = "", before: str = "") -> "WorkPage":
        """Return a page of lines, paged by key: those behind `after` or those ahead of `before`.

        A line: `line` (number of the case or the batch), `key`, `task`, `task_en`, `count`. A key
        that is none is taken for none.
        """
        lines, order = self._lines(), self._order()
        back = _read_key(before, order)
        place = back or _read_key(after, order)
        if place is not None:
            lines = lines.filter(_beyond(order, place, back=back is not None))
        found = list(lines.order_by(*_signs(order, back=back is not None))[: size + 1])
        more, found = len(found) > size, found[:size]
        if back is not None:
            found.reverse()
        ends = [_written_key(line, order) for line in (found[:1] + found[-1:])]
        earlier = more if back is not None else place is not None
        later = more if back is None else True
        return WorkPage(
            found,
            before=ends[0] if ends and earlier else "",
            after=ends[-1] if ends and later else "",
        )

    def _order(self) -> tuple[tuple[str, bool], ...]:
        """Return the columns lines stand in the order of, each with whether it goes down."""
        first = (("at", True),) if self.newest else (("closed", False), ("due", False))
        return (*first, ("line", False), ("task_key", False))

    def _lines(self) -> QuerySet[Any]:
        case = "" if self.of_cases else "case__"
        alone = When(**{f"{case}batch": "", "then": F("number" if self.of_cases else "case_id")})
        if self.of_tasks:  # a signature in a batch stands for itself
            alone = When(batch="", then=F("case_id"))
        columns = {
            "count": Count("pk"),
            "closed": Min(Case(When(**{f"{case}closed_at": None, "then": 0}), default=1)),
            "due": Min(Coalesce(f"{case}promised_due", f"{case}intake_due")),
        }
        if self.newest:
            columns["at"] = Max(self.newest)
        if self.of_tasks:
            columns |= {"task": Min("name"), "task_en": Min("name_en")}
        lines = self.rows.order_by().annotate(
            line=Case(alone, default=F("batch" if self.of_tasks else f"{case}batch")),
            task_key=F("key") if self.of_tasks else Value(""),
        )
        return lines.values("line", "task_key").annotate(**columns)


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of lines, with the keys of those ahead of it and behind it."""

    lines: list[dict[str, Any]]
    before: str
    after: str


def _signs(order: Iterable[tuple[str, bool]], *, back: bool) -> list[str]:
    return [f"-{name}" if down != back else name for name, down in order]


def _beyond(order: Iterable[tuple[str, bool]], place: Mapping[str, Any], *, back: bool) -> Q:
    """Return what stands behind a place in this order, or ahead of it."""
    beyond, alike = Q(pk__in=()), Q()
    for name, down in order:
        sign = "lt" if down != back else "gt"
        beyond |= alike & Q(**{f"{name}__{sign}": place[name]})
        alike &= Q(**{name: place[name]})
    return beyond


def _written_key(line: Mapping[str, Any], order: Iterable[tuple[str, bool]]) -> str:
    values = [line[name] for name, _down in order]
    return "~".join(v.isoformat() if isinstance(v, date) else str(v) for v in values)


def _read_key(text: str, order: Sequence[tuple[str, bool]]) -> dict[str, Any] | None:
    readers = {"at": datetime.fromisoformat, "due": date.fromisoformat, "closed": int}
    parts = text.split("~")
    if len(parts) != len(order):
        return None
    try:
        return {
            name: readers.get(name, str)(part)
            for (name, _down), part in zip(order, parts, strict=True)
        }
    except ValueError:
        return None


def started_by(person: str) -> QuerySet[StartedRow]:
    """Return the cases somebody took in, or asked something of colleagues in (我发起的)."""
    return StartedRow.objects.filter(person=person)


def copied_to(person: str, organisations: Iterable[str]) -> QuerySet[CopyRow]:
    """Return what colleagues wish somebody to read (抄送), as staff of these organisations."""
    return CopyRow.objects.filter(person=person, organisation__in=list(organisations))


def supervised(
    departments: Iterable[str] | None, *, today: date, calendar: WorkCalendar
) -> QuerySet[CaseRow]:
    """Return the cases under way that call for a look (督办): over, near, or reminded of.

    None means any department's.
    """
    rows = CaseRow.objects.filter(stage__in=UNDER_WAY)
    if departments is not None:
        rows = rows.filter(department__in=list(departments))
    late = [_lamped(rows, lamp, today=today, calendar=calendar) for lamp in ("over", "near")]
    reminded = TaskRow.objects.filter(done_at=None).exclude(reminded_date=None)
    found = Q(pk__in=reminded.values("case"))
    for one in late:
        found |= Q(pk__in=one.values("pk"))
    return rows.filter(found)


def reminded_cases(numbers: Iterable[str]) -> dict[str, date]:
    """Return when these cases, or cases of these batches, were last reminded of."""
    numbers = list(numbers)
    tasks = TaskRow.objects.filter(Q(case__in=numbers) | Q(case__batch__in=numbers), done_at=None)
    found: dict[str, date] = {}
    columns = tasks.exclude(reminded_date=None).values_list("case", "case__batch", "reminded_date")
    for case, batch_number, day in columns:
        for number in filter(None, (case, batch_number)):
            found[number] = max(day, found.get(number, day))
    return found


def searched(
    work: WorkList,
    *,
    text: str,
    lamp: str,
    today: date,
    calendar: WorkCalendar,
    by_applicant: bool,
) -> WorkList:
    """Return those of a list that fit. `by_applicant`: for who reads their names in full."""
    found = CaseRow.objects.all()
    for word in text.split():
        fits = Q(number__startswith=word.upper()) | Q(batch=word.upper())
        fits |= Q(item_name__contains=word) | Q(item_name_en__icontains=word)
        if by_applicant:
            fits |= Q(applicant_name__contains=word)
        found = found.filter(fits)
    if lamp:
        found = _lamped(found, lamp, today=today, calendar=calendar)
    if not text.split() and not lamp:
        return work
    column = "pk__in" if work.of_cases else "case__in"
    return replace(work, rows=work.rows.filter(**{column: found.values("pk")}))


def _lamped(
    rows: QuerySet[CaseRow], lamp: str, *, today: date, calendar: WorkCalendar
) -> QuerySet[CaseRow]:
    return narrowed(
        rows, stage="", lamp=lamp, department="", number="", today=today, calendar=calendar
    )


# ── Delegations ─────────────────────────────────────────────────────────────


@until_changed("delegation")
def delegations_to(person: str, day: date) -> tuple[DelegationRow, ...]:
    """Return the delegations in force on `day` that make somebody a deputy (代办)."""
    rows = DelegationRow.objects.filter(
        deputy=person, from_date__lte=day, until_date__gte=day, ended_at=None
    )
    return tuple(rows.order_by("key"))


def stands_for(person: str, department: str, day: date) -> tuple[cases.StandsFor, ...]:
    """Return for whom somebody may act in a department on `day`."""
    return tuple(
        cases.StandsFor(person=row.giver, delegation=row.key)
        for row in delegations_to(person, day)
        if row.department == department
    )


def delegations_by(person: str) -> list[DelegationRow]:
    """Return the delegations somebody gave, the newest first."""
    return list(DelegationRow.objects.filter(giver=person).order_by("-from_date", "key"))


def delegation_overlaps(person: str, department: str, begin: date, end: date) -> bool:
    """Whether somebody gave another delegation that touches these days."""
    rows = DelegationRow.objects.filter(giver=person, department=department, ended_at=None)
    return rows.filter(from_date__lte=end, until_date__gte=begin).exists()


# ── Efficiency ──────────────────────────────────────────────────────────────


def efficiency_months() -> list[str]:
    """Return the months in which cases were decided, newest first."""
    found = EfficiencyRow.objects.order_by("-month").values_list("month", flat=True)
    return list(found.distinct())


def efficiency_rows(*, month: str = "", department: str = "") -> QuerySet[EfficiencyRow]:
    """Return the sums by working days taken, those of one month or department where named."""
    rows = EfficiencyRow.objects.order_by("department", "item", "month", "used_days")
    if month:
        rows = rows.filter(month=month)
    return rows.filter(department=department) if department else rows


def efficiency_by_item(
    *, month: str = "", department: str = ""
) -> dict[tuple[str, str], efficiency.Figures]:
    """Return the figures of each department and item. Reads sums, never cases."""
    sums: dict[tuple[str, str], dict[int, efficiency.Sums]] = {}
    grouped = (
        efficiency_rows(month=month, department=department)
        .order_by()
        .values_list("department", "item", "used_days")
        .annotate(*(Sum(f.name) for f in fields(efficiency.Sums)))
    )
    for code, item, days, *numbers in grouped:
        sums.setdefault((code, item), {})[days] = efficiency.Sums(*numbers)
    return {place: efficiency.figures(by_days) for place, by_days in sorted(sums.items())}


def efficiency_in_all(*, month: str = "", department: str = "") -> efficiency.Figures | None:
    """Return the figures of everything together; None while nothing was decided."""
    grouped = (
        efficiency_rows(month=month, department=department)
        .order_by()
        .values_list("used_days")
        .annotate(*(Sum(f.name) for f in fields(efficiency.Sums)))
    )
    by_days = {days: efficiency.Sums(*numbers) for days, *numbers in grouped}
    return efficiency.figures(by_days) if by_days else None


def efficiency_by_month(*, department: str = "") -> dict[str, efficiency.Figures]:
    """Return the figures of each month, oldest first."""
    sums: dict[str, dict[int, efficiency.Sums]] = {}
    grouped = (
        efficiency_rows(department=department)
        .order_by()
        .values_list("month", "used_days")
        .annotate(*(Sum(f.name) for f in fields(efficiency.Sums)))
    )
    for month, days, *numbers in grouped:
        sums.setdefault(month, {})[days] = efficiency.Sums(*numbers)
    return {month: efficiency.figures(by_days) for month, by_days in sorted(sums.items())}


def decided_in(month: str, department: str, item: str) -> QuerySet[CaseRow]:
    """Return the cases behind a figure of one month: those decided in it, in their order."""
    year, number = map(int, month.split("-"))
    first = datetime(year, number, 1, tzinfo=clock.CHINA)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=clock.CHINA)
    rows = CaseRow.objects.filter(
        department=department,
        item=item,
        stage__in=efficiency.DECIDED,
        closed_at__gte=first,
        closed_at__lt=after,
    )
    return rows.order_by("closed_at", "number")


def efficiency_departments() -> list[str]:
    """Return the departments that have figures."""
    found = EfficiencyRow.objects.order_by("department").values_list("department", flat=True)
    return list(found.distinct())


def measurements(indexes: Collection[int]) -> dict[int, efficiency.CaseMeasured]:
    """Return the measurements that stand in these entries."""
    entries = LedgerEntry.objects.filter(index__in=list(indexes), kind=efficiency.CaseMeasured.kind)
    return {index: WIRE.decode(bytes(body)) for index, body in entries.values_list("index", "body")}
