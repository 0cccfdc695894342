"""Who calls at which window, and who arranges a hall: nobody, unless a line here says so.

The number itself is held by whoever knows the random address of its page.
"""

from mingtang.core.people import POWERS, Power
from mingtang.people.queries import Actor


def is_at(actor: Actor, window: str) -> bool:
    """Whether the actor takes in cases at this very window."""
    return window in windows_of(actor)


def windows_of(actor: Actor) -> tuple[str, ...]:
    """Return the windows where the actor is stationed to take in cases."""
    return tuple(
        post.office
        for post in actor.appointments
        if post.office and Power.CASE_INTAKE in POWERS[post.role]
    )


def halls_of(actor: Actor) -> frozenset[str]:
    """Return the centres whose halls the actor arranges."""
    return actor.organisations_with(Power.ORGANISATION_MANAGE)
