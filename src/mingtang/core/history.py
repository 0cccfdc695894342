"""Every kind of event there is. Written kinds are never removed: old logs must stay readable."""

from mingtang.core import (
    batches,
    bundles,
    calendars,
    cases,
    catalogue,
    delegations,
    erasure,
    foreigncases,
    halls,
    handovers,
    joint,
    licences,
    mandates,
    organisations,
    papers,
    people,
    queues,
    resources,
    seals,
)
from mingtang.core.intermediaries import needs, register, services
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
        *bundles.EVENTS,
        *calendars.EVENTS,
        *cases.EVENTS,
        *catalogue.EVENTS,
        *delegations.EVENTS,
        *deposits.EVENTS,
        *erasure.EVENTS,
        *foreign.EVENTS,
        *foreigncases.EVENTS,
        *halls.EVENTS,
        *handovers.EVENTS,
        *joint.EVENTS,
        *kinds.EVENTS,
        *licence_types.EVENTS,
        *licences.EVENTS,
        *lots.EVENTS,
        *mandates.EVENTS,
        *needs.EVENTS,
        *organisations.EVENTS,
        *outages.EVENTS,
        *papers.EVENTS,
        *people.EVENTS,
        *procedures.EVENTS,
        *projects.EVENTS,
        *queues.EVENTS,
        *register.EVENTS,
        *resources.EVENTS,
        *seals.EVENTS,
        *services.EVENTS,
        *strays.EVENTS,
    ]
)
