"""What the room, its pages and readers ask about applications."""

from collections.abc import Sequence

from django.db.models import QuerySet

from mingtang.core.trading.applications import DECIDER, State
from mingtang.ledger.knowing import present_state
from mingtang.trading.models import ApplicationRow

LIVING = ("filed", "admitted")


def application(key: str) -> ApplicationRow | None:
    return ApplicationRow.objects.filter(pk=key).first()


def applications_of(person: str) -> QuerySet[ApplicationRow]:
    """Return a person's own applications, the newest first."""
    return ApplicationRow.objects.filter(person=person).order_by("-filed_at", "key")


def own_application(person: str, lot: str) -> ApplicationRow | None:
    """Return the application of this person to this lot that counts, if there is one."""
    own = ApplicationRow.objects.filter(person=person, lot=lot, status__in=LIVING)
    return own.first()


def applied_before(lot: str, id_number: str) -> bool:
    """Whether this bidder has an application to the lot that counts."""
    same = ApplicationRow.objects.filter(lot=lot, id_number=id_number, status__in=LIVING)
    return same.exists()


def waiting() -> QuerySet[ApplicationRow]:
    """Return the applications nobody has decided on, the oldest first."""
    return ApplicationRow.objects.filter(status="filed").order_by("filed_at", "key")


def admitted_to(lot: str) -> list[ApplicationRow]:
    """Return the applications admitted to a lot. Not for pages before the end."""
    return list(ApplicationRow.objects.filter(lot=lot, status="admitted").order_by("paddle"))


def all_to(lot: str) -> list[ApplicationRow]:
    """Return every application to a lot. Not for pages before the end."""
    return list(ApplicationRow.objects.filter(lot=lot).order_by("filed_at", "key"))


def paddles_taken(lot: str) -> set[str]:
    rows = ApplicationRow.objects.filter(lot=lot).exclude(paddle="")
    return set(rows.values_list("paddle", flat=True))


def of_paddles(lot: str, paddles: Sequence[str]) -> list[ApplicationRow]:
    """Return the applications these paddles were given for. Shown to nobody before the end."""
    return list(ApplicationRow.objects.filter(lot=lot, paddle__in=list(paddles)))


def state_of_application(key: str) -> State:
    state: State = present_state("application", DECIDER, key).state
    return state
