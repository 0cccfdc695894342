"""Cases of other systems as rows."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, assert_never

from mingtang.cases.models import ForeignCaseRow
from mingtang.core import foreigncases
from mingtang.ledger.orders import Subject
from mingtang.ledger.rows import Fact, Put, Row


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
    words = [case.source, case.number, outline.channel, outline.department]
    words += [outline.group, outline.responsible, *sorted(done)]
    words += sorted({step.resource for step in case.steps})
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
