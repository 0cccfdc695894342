"""Phrases at hand (常用语): one's own, the department's, and the usual ones, in this order."""

from collections.abc import Iterable

from mingtang.core.phrases import PhraseUse
from mingtang.people import queries as people
from mingtang.people.queries import Actor


def offered(actor: Actor, use: PhraseUse, usual: Iterable[object], department: str) -> list[str]:
    """Return what is offered to write about a case of `department`, nothing twice."""
    kept = people.phrases(actor.person, department, *sorted(actor.organisations), use=use)
    own = [row.text for row in kept if row.owner == actor.person]
    shared = [row.text for row in kept if row.owner != actor.person]
    return list(dict.fromkeys([*own, *shared, *map(str, usual)]))
