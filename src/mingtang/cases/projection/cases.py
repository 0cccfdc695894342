"""Events of a case as rows."""

import json
from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.cases.models import (
    CaseRow,
    CopyRow,
    FirstReviewRow,
    HearingPartyRow,
    HearingRow,
    LegRow,
    OpinionRow,
    SharedRow,
    StartedRow,
    TaskRow,
)
from mingtang.cases.projection.beside import asides
from mingtang.cases.projection.firstreview import first_review
from mingtang.cases.projection.hearings import hearings
from mingtang.cases.projection.tasks import copied, signatures, started, tasks
from mingtang.core import cases
from mingtang.core.wire import ERASED, plain
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row


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
            | cases.HearingAnnounced()
            | cases.HearingPartyNamed()
            | cases.HearingRightTold()
            | cases.HearingRightReached()
            | cases.HearingAsked()
            | cases.HearingForgone()
            | cases.HearingWithdrawn()
            | cases.HearingScheduled()
            | cases.HearingNotified()
            | cases.ChairChallenged()
            | cases.ChallengeRuled()
            | cases.ChairChanged()
            | cases.HearingHeld()
        ):
            yield _change(fact)
        case cases.CaseHandedUp():
            handed = {"department": event.to, "handed_up_date": event.handed_date}
            yield _change(fact, **handed, **_dates(fact.state), **_moved(fact.state))
        case cases.StepCompleted():
            if event.review_finished:
                yield _change(fact)
        case cases.MaterialsShared():
            yield from _shared(fact, event)
            return
        case cases.ActProven():
            return  # the act it proves follows
        case cases.CaseCopied():
            yield Put(CopyRow, f"{fact.key}.{event.to.person}", copied(fact, event))
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
    yield from tasks(fact, event)
    yield from asides(fact, event)
    yield from hearings(fact, event)
    yield from first_review(fact, event)
    yield from signatures(fact)
    yield from started(fact, event)


def _new_case(fact: Fact, event: cases.CaseFiled) -> dict[str, Any]:
    terms, by = event.terms, event.taken_by
    organ = cases.organ_of(fact.state)
    return {
        "stage": fact.state.stage,
        "item": terms.item,
        "item_code": terms.code,
        "item_version": terms.version,
        "item_name": terms.name,
        "item_name_en": terms.name_en,
        "department": organ,
        "applicant_kind": event.applicant_kind,
        "applicant": event.applicant,
        "applicant_name": event.applicant_name,
        "agent": event.agent,
        "phone_tail": event.phone[-4:],
        "channel": event.channel,
        "office": by.office if by else "",
        "taken_by": by.person if by else "",
        "collected_at": by.organisation if by and by.organisation != organ else "",
        "statutory_days": terms.statutory_days,
        "promised_days": terms.promised_days,
        "filed_at": event.at,
        "first_review_days": terms.first_review.days if terms.first_review else 0,
        "handed_up_date": None,
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


CASE_TABLES = (
    CaseRow,
    TaskRow,
    CopyRow,
    StartedRow,
    SharedRow,
    FirstReviewRow,
    LegRow,
    OpinionRow,
    HearingRow,
    HearingPartyRow,
)


CASE = Subject("case", cases.DECIDER, project, CASE_TABLES)
