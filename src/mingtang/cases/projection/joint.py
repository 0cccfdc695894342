"""Joint cases and consultations as rows."""

from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.cases.models import ConsultationRow, JointRow
from mingtang.core import joint
from mingtang.core.wire import plain
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Change, Fact, Put, Row


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
            | joint.JointWithdrawn()
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
        "promised_days": state.promised_days,
        "promised_due": state.promised_due,
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
