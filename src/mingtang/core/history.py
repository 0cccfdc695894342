"""Every kind of event there is. Written kinds are never removed: old logs must stay readable."""

from mingtang.core import mandates, organisations, people
from mingtang.core.wire import Wire

WIRE = Wire(
    [
        *mandates.EVENTS,
        *organisations.EVENTS,
        *people.EVENTS,
    ]
)
