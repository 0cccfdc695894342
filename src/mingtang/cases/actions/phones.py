"""Telling phones of work (来活提醒): whose task something became is called where they allow it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from mingtang.cases import access, queries
from mingtang.cases.queries import TaskRow
from mingtang.core import cases
from mingtang.core.clock import civil_day
from mingtang.ledger.reactions import Heard
from mingtang.people import queries as people
from mingtang.people.actions import phones

# What makes something somebody's task, or reminds them that it is.
NEW_WORK = (
    cases.CaseAccepted,
    cases.CaseDeemedAccepted,
    cases.CaseHandedUp,
    cases.CaseReturned,
    cases.SignersAsked,
    cases.StepCompleted,
    cases.TaskReassigned,
    cases.TasksReminded,
)


def have_called(heard: Sequence[Heard], *, at: datetime) -> None:
    """Let whoever has new work by these events be called; not for what they did themselves."""
    if not people.phones_are_called():
        return
    opened = list(_opened(heard))
    candidates = people.called_in({task.department for task, _by in opened})
    day, persons = civil_day(at), set[str]()
    for person in candidates:
        actor = people.actor(person)
        others = (task for task, by in opened if by != person)
        if any(access.may_do(actor, task, today=day) for task in others):
            persons.add(person)
    phones.have_called(persons=persons, at=at)


def _opened(heard: Sequence[Heard]) -> Iterator[tuple[TaskRow, str]]:
    """Yield the open tasks of reviewers and deciders that these events opened or named, each with
    the person who did that."""
    by_case = queries.tasks_of_cases({one.stream.partition("/")[2] for one in heard})
    for one in heard:
        event = one.event
        officer = getattr(event, "officer", None)
        for task in by_case.get(one.stream.partition("/")[2], ()):
            opened = task.opened_at == event.at or task.key in _named(event)
            if opened and task.done_at is None and task.power in access.JUDGING:
                yield task, officer.person if officer else ""


def _named(event: object) -> tuple[str, ...]:
    """Return the keys of the tasks an event hands to somebody, or reminds of."""
    match event:
        case cases.TaskReassigned():
            return (event.task,)
        case cases.TasksReminded():
            return event.tasks
        case _:
            return ()


def call_due(*, at: datetime) -> int:
    """Call the phones that are due: how many tasks wait, and nothing else of them."""

    def say(person: str) -> dict[str, int] | None:
        to_do = access.to_do(people.actor(person), access.JUDGING, today=civil_day(at))
        count = queries.count_folded(to_do)
        return {"todo": count} if count else None

    return phones.call_due(at=at, say=say)
