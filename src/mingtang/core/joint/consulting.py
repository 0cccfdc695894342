"""Consultation (会商): the lead asks the departments that handle the branches; all is recorded.

The joint result waits for no answer: the departments decide what is theirs, and say what they
have to say to the others before that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.cases.terms import Officer
from mingtang.core.decider import require
from mingtang.core.joint.state import Consultation, State, require_lead, require_running
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class AskDepartments:
    """发起会商."""

    question: str
    departments: tuple[str, ...]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerConsultation:
    """答复会商, for one department."""

    number: int
    answer: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DepartmentsAsked:
    kind: ClassVar[str] = "joint.departments-asked.v1"
    number: int  # from 1
    question: Sealed
    departments: tuple[str, ...]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsultationAnswered:
    kind: ClassVar[str] = "joint.consultation-answered.v1"
    number: int
    department: str
    answer: Sealed
    officer: Officer
    at: datetime


def ask(joint: State, command: AskDepartments) -> Sequence[DepartmentsAsked]:
    """Refusals: joint.unknown, joint.not-handling, case.own-case, joint.not-lead,
    joint.question-missing, joint.department-not-among."""
    require_running(joint, command.officer)
    require_lead(joint, command.officer)
    require(bool(command.question.strip()), "joint.question-missing")
    asked = set(command.departments)
    others = joint.departments - {joint.lead}
    require(bool(asked) and asked <= others, "joint.department-not-among")
    return [
        DepartmentsAsked(
            number=len(joint.consultations) + 1,
            question=Sealed(command.question),
            departments=command.departments,
            officer=command.officer,
            at=command.at,
        )
    ]


def answer(joint: State, command: AnswerConsultation) -> Sequence[ConsultationAnswered]:
    """Refusals: joint.unknown, joint.not-handling, case.own-case, joint.nothing-asked,
    joint.answer-missing."""
    require_running(joint, command.officer)
    department = command.officer.organisation
    asked = any(
        one.number == command.number and department in one.waiting for one in joint.consultations
    )
    require(asked, "joint.nothing-asked")
    require(bool(command.answer.strip()), "joint.answer-missing")
    return [
        ConsultationAnswered(
            number=command.number,
            department=department,
            answer=Sealed(command.answer),
            officer=command.officer,
            at=command.at,
        )
    ]


def asked(joint: State, event: DepartmentsAsked) -> State:
    opened = Consultation(event.number, event.at, event.departments)
    return replace(joint, consultations=(*joint.consultations, opened))


def answered(joint: State, event: ConsultationAnswered) -> State:
    def without(one: Consultation) -> Consultation:
        if one.number != event.number:
            return one
        return replace(one, waiting=tuple(d for d in one.waiting if d != event.department))

    return replace(joint, consultations=tuple(map(without, joint.consultations)))
