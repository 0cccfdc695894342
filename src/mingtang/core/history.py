"""Every kind of event there is. Written kinds are never removed: old logs must stay readable."""

from mingtang.core import (
    batches,
    calendars,
    cases,
    catalogue,
    delegations,
    erasure,
    foreigncases,
    halls,
    licences,
    mandates,
    organisations,
    papers,
    people,
    queues,
    seals,
)
from mingtang.core.licences import types as licence_types
from mingtang.core.trading import (
    applications,
    deposits,
    foreign,
    kinds,
    lots,
    outages,
    procedures,
    projects,
    strays,
)
from mingtang.core.wire import Wire

WIRE = Wire(
    [
        *applications.EVENTS,
        *batches.EVENTS,
        *calendars.EVENTS,
        *cases.EVENTS,
        *catalogue.EVENTS,
        *delegations.EVENTS,
        *deposits.EVENTS,
        *erasure.EVENTS,
        *foreign.EVENTS,
        *foreigncases.EVENTS,
        *halls.EVENTS,
        *kinds.EVENTS,
        *licence_types.EVENTS,
        *licences.EVENTS,
        *lots.EVENTS,
        *mandates.EVENTS,
        *organisations.EVENTS,
        *outages.EVENTS,
        *papers.EVENTS,
        *people.EVENTS,
        *procedures.EVENTS,
        *projects.EVENTS,
        *queues.EVENTS,
        *seals.EVENTS,
        *strays.EVENTS,
    ]
)
