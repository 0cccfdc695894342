"""Every kind of event there is. Written kinds are never removed: old logs must stay readable."""

from mingtang.core import calendars, cases, catalogue, erasure, mandates, organisations, people
from mingtang.core.wire import Wire

WIRE = Wire(
    [
        *calendars.EVENTS,
        *cases.EVENTS,
        *catalogue.EVENTS,
        *erasure.EVENTS,
        *mandates.EVENTS,
        *organisations.EVENTS,
        *people.EVENTS,
    ]
)
