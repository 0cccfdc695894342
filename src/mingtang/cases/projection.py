"""Case events as rows. Only copies: a rule that ends up here is in the wrong room."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, assert_never

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
from mingtang.core import batches, cases, delegations, efficiency, foreigncases, handovers, joint
from mingtang.core.wire import ERASED, plain
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Add, Change, Drop, Fact, Put, Row

BACKBONE = {
    cases.INTAKE: ("受理", "Intake", "case.intake"),
    cases.DECISION: ("决定", "Decision", "case.decide"),
}


def project(fact: Fact) -> Iterable[Row]:
    event: cases.Event = fact.event
    match event:
        case cases.CaseFiled():
            yield Put(CaseRow, fact.key, _new_case(fact, event))
        case cases.CaseAccepted() | cases.CaseDeemedAccepted():
            dates = _dates(fact.state)
            yield _change(fact, **dates, **_beside(fact.state), deemed=fact.state.deemed)
        case cases.CorrectionsReceived() | cases.CaseRedated():
            yield _change(fact, **_dates(fact.state))
        case (
            cases.CaseExtended()
            | cases.SpecialBegun()
            | cases.SpecialEnded()
            | cases.ContractedBegun()
            | cases.ContractedCounted()
            | cases.ContractedEnded()
        ):
            yield _change(fact, **_dates(fact.state), **_moved(fact.state))
        case cases.TermRestarted():
            yield _change(fact, **_dates(fact.state), **_moved(fact.state), **_beside(fact.state))
        case cases.DeferredReceived() | cases.ChangeRequested() | cases.ChangeNoted():
            yield _change(fact, **_beside(fact.state))
        case cases.CommitmentsChecked():
            yield _change(fact, **_beside(fact.state), barred_until=event.barred_until)
        case cases.CaseNotAccepted():
            yield _change(fact, closed_at=event.at)
        case cases.CaseDecided():
            yield _change(fact, closed_at=event.at, **_beside(fact.state))
        case cases.CaseWithdrawn():
            beside = _beside(fact.state)
            yield _change(fact, closed_at=event.at, **_moved(fact.state), **beside)
        case cases.LegHandedOver() | cases.LegAnswered() | cases.LegRecalled():
            yield _change(fact, **_dates(fact.state), **_moved(fact.state))
        case (
            cases.CorrectionsNotified()
            | cases.SiteChecked()
            | cases.CaseReturned()
            | cases.CaseReferred()
            | cases.LegReminded()
            | cases.LegUrged()
            | cases.OpinionAsked()
            | cases.OpinionGiven()
            | cases.OpinionDeclined()
            | cases.OpinionForgone()
        ):
            yield _change(fact)
        case cases.StepCompleted():
            if event.review_finished:
                yield _change(fact)
        case cases.MaterialsShared():
            yield from _shared(fact, event)
            return
        case cases.ActProven():
            return  # the act it proves follows
        case cases.CaseCopied():
            yield Put(CopyRow, f"{fact.key}.{event.to.person}", _copy(fact, event))
        case (
            cases.TaskClaimed()
            | cases.TaskGivenBack()
            | cases.TaskReassigned()
            | cases.TaskTakenOver()
            | cases.StepHeld()
            | cases.SignersAsked()
            | cases.TaskSigned()
            | cases.SignerDropped()
            | cases.TasksReminded()
        ):
            pass  # of the tasks alone
        case _:
            assert_never(event)
    yield from _tasks(fact, event)
    yield from _asides(fact, event)
    yield from _signatures(fact)
    yield from _started(fact, event)


def _new_case(fact: Fact, event: cases.CaseFiled) -> dict[str, Any]:
    terms = event.terms
    return {
        "stage": fact.state.stage,
        "item": terms.item,
        "item_code": terms.code,
        "item_version": terms.version,
        "item_name": terms.name,
        "item_name_en": terms.name_en,
        "department": terms.department,
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "phone_tail": event.phone[-4:],
        "channel": event.channel,
        "office": event.taken_by.office if event.taken_by else "",
        "statutory_days": terms.statutory_days,
        "promised_days": terms.promised_days,
        "filed_at": event.at,
        **_dates(fact.state),
        **_moved(fact.state),
        **_beside(fact.state),
        "barred_until": None,
        "deemed": False,
        "closed_at": None,
        "batch": event.batch,
        "place": event.place,
        "joint": event.joint,
        "last_index": fact.index,
    }


def _dates(case: cases.State) -> dict[str, Any]:
    return {
        "received_date": case.received_date,
        "intake_due": case.intake_due,
        "accepted_date": case.accepted_date,
        "statutory_due": case.statutory_due,
        "promised_due": case.promised_due,
        "provisional": case.provisional,
    }


def _moved(case: cases.State) -> dict[str, Any]:
    """Return what moved the dates, so that a list can say why they are what they are."""
    return {
        "extended_days": case.extended_days,
        "special": case.special,
        "paused_since": case.pauses[-1].from_date if case.special else None,
        "pauses": plain(case.pauses),
        "contracted": plain(case.contracted),
        "restarts": plain(case.restarts),
    }


def _beside(case: cases.State) -> dict[str, Any]:
    """Return the dates beside the main clock, as long as something hangs on them."""
    closed = case.stage in cases.CLOSED
    return {
        "change_date": None if closed else case.change_date,
        "deferred": list(case.deferred),
        "deferred_due": None if closed else case.deferred_due,
        "commitments": [commitment.material for commitment in case.commitments],
        "check_due": cases.check_due(case),
    }


def _change(fact: Fact, **columns: Any) -> Row:
    values = {"stage": fact.state.stage, "last_index": fact.index, **columns}
    return Change(CaseRow, fact.key, values)


def _shared(fact: Fact, event: cases.MaterialsShared) -> Iterable[Row]:
    """Write what was read from the directory, a row for each material."""
    erased = event.papers == ERASED
    papers = {} if erased else json.loads(event.papers)
    for one in event.shared:
        values = {
            "case": fact.key,
            "item": fact.state.terms.item,
            "department": fact.state.terms.department,
            "material": one.material,
            "resource": one.resource,
            "supplier": one.supplier,
            "outcome": one.outcome.value,
            "paper": ERASED if erased else papers.get(one.material, ""),
            "looked_up_at": event.at,
            "index": fact.index,
        }
        yield Put(SharedRow, f"{fact.key}.{one.material}", values)


def _tasks(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the tasks this event opened, closed or named; nobody is left with what is void."""
    named = {getattr(event, "task", ""), getattr(event, "step", "")}
    named |= {*getattr(event, "tasks", ()), *getattr(event, "again", ())}
    for task in fact.state.tasks:
        changed = task.key in named and (task.done_at is None or task.returned)
        if changed or event.at in (task.opened_at, task.done_at):
            yield Put(TaskRow, _task_id(fact, task.key, task.round), _task(fact, task))
    finished = isinstance(event, cases.StepCompleted) and event.review_finished
    if finished or isinstance(event, cases.CaseWithdrawn | cases.CaseReturned):
        names = {step.key for step in fact.state.terms.steps} | set(BACKBONE)
        there = {(task.key, task.round) for task in fact.state.tasks}
        rounds = range(1, fact.state.returns + 2)
        for key, round in sorted({(key, n) for key in names for n in rounds} - there):
            yield Drop(TaskRow, _task_id(fact, key, round))


def _task_id(fact: Fact, key: str, round: int) -> str:
    return f"{fact.key}.{key}" if round == 1 else f"{fact.key}.{key}.{round}"


def _signatures(fact: Fact) -> Iterable[Row]:
    """Write what colleagues are asked to sign now, and what they signed."""
    case: cases.State = fact.state
    asked = {
        one.number
        for task in case.tasks
        if task.done_at is None
        for one in cases.awaited(case.signatures, task.key, task.round)
        if one.when is cases.When.BEFORE or task.found_by is not None
    }
    for one in case.signatures:
        if one.number in asked or one.done_at is not None:
            yield Put(TaskRow, f"{fact.key}.{one.key}", _signature(fact, one))
        else:
            yield Drop(TaskRow, f"{fact.key}.{one.key}")


def _signature(fact: Fact, one: cases.Signature) -> dict[str, Any]:
    task = cases.Task(
        key=one.task,
        department=one.department,
        opened_at=one.asked_at,
        done_at=one.done_at,
        person=one.signed_by,
        staff_no=one.signed_no,
        finding=one.finding,
        holder=one.person,
        holder_no=one.staff_no,
        round=one.round,
    )
    # Each for itself, also in a batch.
    return {**_task(fact, task), "key": one.key, "batch": "", "power": "case.review"}


def _started(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write who set something going."""
    by, what = None, ""
    match event:
        case cases.CaseFiled():
            by, what = event.taken_by, "filed"
        case cases.SignersAsked():
            by, what = event.officer, "signers"
        case cases.TaskReassigned():
            by, what = event.officer, "reassigned"
        case cases.CaseReturned():
            by, what = event.officer, "returned"
        case cases.TasksReminded():
            by, what = event.officer, "reminded"
        case cases.CaseCopied():
            by, what = event.officer, "copied"
        case _:
            pass
    if by is not None:
        values = {"case": fact.key, "person": by.person, "what": what, "at": event.at}
        yield Put(StartedRow, f"{fact.key}.{by.person}", values)


def _copy(fact: Fact, event: cases.CaseCopied) -> dict[str, Any]:
    return {
        "case": fact.key,
        "person": event.to.person,
        "organisation": event.to.organisation,
        "by": event.officer.person,
        "at": event.at,
    }


def _task(fact: Fact, task: cases.Task) -> dict[str, Any]:
    if task.key in BACKBONE:
        name, name_en, power = BACKBONE[task.key]
    else:
        step = next(step for step in fact.state.terms.steps if step.key == task.key)
        name, name_en, power = step.name, step.name_en, "case.review"
    return {
        "case": fact.key,
        "key": task.key,
        "name": name,
        "name_en": name_en,
        "batch": fact.state.batch,
        "department": task.department,
        "power": power,
        "opened_at": task.opened_at,
        "done_at": task.done_at,
        "person": task.person,
        "staff_no": task.staff_no,
        "finding": task.finding if task.done_at else "",
        "holder": task.holder,
        "holder_no": task.holder_no,
        "round": task.round,
        "returned": task.returned,
        "reminded_date": task.reminded_date,
    }


# ── Delegations ─────────────────────────────────────────────────────────────


def project_delegation(fact: Fact) -> Iterable[Row]:
    event: delegations.Event = fact.event
    match event:
        case delegations.DelegationGiven():
            yield Put(DelegationRow, fact.key, _delegation(event))
        case delegations.DelegationEnded():
            yield Change(DelegationRow, fact.key, {"ended_at": event.at})
        case _:
            assert_never(event)


def _delegation(event: delegations.DelegationGiven) -> dict[str, Any]:
    return {
        "giver": event.giver.person,
        "giver_no": event.giver.staff_no,
        "deputy": event.deputy.person,
        "deputy_no": event.deputy.staff_no,
        "department": event.giver.organisation,
        "from_date": event.from_date,
        "until_date": event.until_date,
        "given_at": event.at,
        "ended_at": None,
    }


def _asides(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the leg or the request this event is about; all of them when the case is withdrawn."""
    number, state = fact.key, fact.state
    whole = isinstance(event, cases.CaseWithdrawn)
    leg, request = getattr(event, "leg", None), getattr(event, "request", None)
    for one in state.legs if whole else ():
        yield Put(LegRow, f"{number}.{one.number}", _leg(fact, one))
    for asked in state.requests if whole else ():
        yield Put(OpinionRow, f"{number}.{asked.number}", _request(fact, asked))
    if leg is not None:
        yield Put(LegRow, f"{number}.{leg}", _leg(fact, state.leg(leg)))
    if request is not None:
        yield Put(OpinionRow, f"{number}.{request}", _request(fact, state.request(request)))


def _leg(fact: Fact, leg: cases.Leg) -> dict[str, Any]:
    return {
        "case": fact.key,
        "leg": leg.number,
        "department": fact.state.terms.department,
        "body": leg.body,
        "days": leg.days,
        "basis": leg.basis,
        "standstill": leg.standstill,
        "ordered_date": leg.ordered_date,
        "handed_date": leg.handed_date,
        "reminded": leg.reminded,
        "urged": leg.urged,
        "answer": leg.answer,
        "answer_no": leg.answer_no,
        "answer_date": leg.answer_date,
        "closed_date": leg.closed_date,
    }


def _request(fact: Fact, request: cases.Request) -> dict[str, Any]:
    return {
        "case": fact.key,
        "request": request.number,
        "body": request.body,
        "due_date": request.due_date,
        "declined_by": list(request.declined_by),
        "person": request.person,
        "conclusion": request.conclusion,
        "closed_date": request.closed_date,
    }


CASE_TABLES = (CaseRow, TaskRow, CopyRow, StartedRow, SharedRow, LegRow, OpinionRow)
CASE = Subject("case", cases.DECIDER, project, CASE_TABLES)
DELEGATION = Subject("delegation", delegations.DECIDER, project_delegation, (DelegationRow,))


# ── Batches ─────────────────────────────────────────────────────────────────


def project_batch(fact: Fact) -> Iterable[Row]:
    event: batches.Event = fact.event
    terms = event.terms
    values = {
        "item": terms.item,
        "item_code": terms.code,
        "item_version": terms.version,
        "item_name": terms.name,
        "item_name_en": terms.name_en,
        "department": terms.department,
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "phone_tail": event.phone[-4:],
        "count": event.count,
        "channel": event.channel,
        "office": event.taken_by.office if event.taken_by else "",
        "filed_at": event.at,
        "last_index": fact.index,
    }
    yield Put(BatchRow, fact.key, values)


BATCH = Subject("batch", batches.DECIDER, project_batch, (BatchRow,))


# ── Cases of other systems ──────────────────────────────────────────────────


def project_foreign(fact: Fact) -> Iterable[Row]:
    event: foreigncases.Event = fact.event
    match event:
        case foreigncases.ForeignCaseRecorded() | foreigncases.ForeignCaseContinued():
            yield Put(ForeignCaseRow, fact.key, _foreign_case(fact, event))
        case _:
            assert_never(event)


def _foreign_case(fact: Fact, event: foreigncases.Event) -> dict[str, Any]:
    case: foreigncases.State = fact.state
    outline = case.outline
    began, closed = foreigncases.began(outline, case.steps), outline.closed
    done = Counter(step.activity for step in case.steps)
    words = (case.source, case.number, outline.channel, outline.department)
    words += (outline.group, outline.responsible, *sorted(done))
    words += tuple(sorted({step.resource for step in case.steps}))
    return {
        "source": case.source,
        "number": case.number,
        "channel": outline.channel,
        "department": outline.department,
        "responsible": outline.responsible,
        "began_at": began,
        "closed_at": closed,
        "began_date": began.date(),
        "due_date": outline.deadline.date() if outline.deadline else None,
        "closed_date": closed.date() if closed else None,
        "standing": foreigncases.standing(outline),
        "seconds": int((closed - began).total_seconds()) if closed else None,
        "steps": len(case.steps),
        "activities": [[name, done[name]] for name in sorted(done)],
        "searched": "\n".join(words).lower(),
        "recorded_at": event.at,
        "last_index": fact.index,
    }


FOREIGN_CASE = Subject("foreign-case", foreigncases.DECIDER, project_foreign, (ForeignCaseRow,))


# ── Hand-overs between clerks ───────────────────────────────────────────────


def project_handover(fact: Fact) -> Iterable[Row]:
    event: handovers.Event = fact.event
    ended = {"stage": fact.state.stage, "settled_at": event.at, "last_index": fact.index}
    match event:
        case handovers.HandoverOffered():
            values = {
                **ended,
                "settled_at": None,
                "giver": event.giver.person,
                "office": event.giver.office,
                "receiver": event.receiver,
                "cases": list(event.cases),
                "note": event.note,
                "offered_at": event.at,
                "reason": "",
            }
            yield Put(HandoverRow, fact.key, values)
        case handovers.HandoverConfirmed():
            yield Change(HandoverRow, fact.key, {**ended, "cases": list(event.cases)})
            for number in event.cases:
                yield Put(
                    HeldRow,
                    number,
                    {
                        "person": event.officer.person,
                        "handover": fact.key,
                        "since": event.at,
                        "last_index": fact.index,
                    },
                )
        case handovers.HandoverDeclined():
            yield Change(HandoverRow, fact.key, {**ended, "reason": event.reason})
        case handovers.HandoverWithdrawn():
            yield Change(HandoverRow, fact.key, ended)
        case _:
            assert_never(event)


HANDOVER = Subject("handover", handovers.DECIDER, project_handover, (HandoverRow, HeldRow))


# ── Joint cases ─────────────────────────────────────────────────────────────


def project_joint(fact: Fact) -> Iterable[Row]:
    event: joint.Event = fact.event
    match event:
        case joint.JointFiled():
            yield Put(JointRow, fact.key, _new_joint(fact, event))
        case joint.DepartmentsAsked():
            for department in event.departments:
                key = f"{fact.key}.{event.number}.{department}"
                yield Put(ConsultationRow, key, _asked(fact, event, department))
            yield _change_joint(fact)
        case joint.ConsultationAnswered():
            key = f"{fact.key}.{event.number}.{event.department}"
            yield Change(ConsultationRow, key, {"answered_at": event.at})
            yield _change_joint(fact)
        case joint.BranchesJoined():
            yield _change_joint(fact, joined_at=event.at)
        case joint.JointConcluded() | joint.JointLapsed():
            yield _change_joint(fact, closed_at=event.at)
        case (
            joint.JointAccepted()
            | joint.BranchClosed()
            | joint.JointPauseNoted()
            | joint.JointRedated()
            | joint.ExtensionAsked()
            | joint.JointExtended()
            | joint.ExtensionDenied()
        ):
            yield _change_joint(fact)
        case _:
            assert_never(event)


def _new_joint(fact: Fact, event: joint.JointFiled) -> dict[str, Any]:
    return {
        "bundle": event.bundle,
        "version": event.version,
        "name": event.name,
        "name_en": event.name_en,
        "lead": event.lead,
        "government": event.government,
        "branches": len(event.branches),
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "channel": event.channel,
        "filed_at": event.at,
        "joined_at": None,
        "closed_at": None,
        **_joint(fact),
    }


def _joint(fact: Fact) -> dict[str, Any]:
    state: joint.State = fact.state
    return {
        "stage": state.stage,
        "closed": len(state.closed),
        "accepted_date": state.accepted_date,
        "due": state.due,
        "provisional": state.provisional,
        "extended_days": state.extended_days,
        "asked_days": state.asked_days,
        "pauses": plain(state.pauses),
        "last_index": fact.index,
    }


def _change_joint(fact: Fact, **columns: Any) -> Row:
    return Change(JointRow, fact.key, {**_joint(fact), **columns})


def _asked(fact: Fact, event: joint.DepartmentsAsked, department: str) -> dict[str, Any]:
    return {
        "joint": fact.key,
        "number": event.number,
        "department": department,
        "asked_at": event.at,
        "answered_at": None,
    }


JOINT = Subject("joint", joint.DECIDER, project_joint, (JointRow, ConsultationRow))


# ── Efficiency ──────────────────────────────────────────────────────────────


def project_measurement(fact: Fact) -> Iterable[Row]:
    event: efficiency.Event = fact.event
    group = {
        "department": event.department,
        "item": event.item,
        "month": event.month,
        "used_days": event.used_days,
    }
    amounts = {
        "cases": 1,
        "in_time": int(event.in_time),
        "on_the_spot": int(event.on_the_spot),
        "statutory_days": event.statutory_days,
        "promised_days": event.promised_days,
    }
    yield Add(EfficiencyRow, ".".join(map(str, group.values())), group, amounts)


EFFICIENCY = Subject("efficiency", efficiency.DECIDER, project_measurement, (EfficiencyRow,))
