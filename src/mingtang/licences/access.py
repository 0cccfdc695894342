"""Who may see a licence and who may act on it (证照可见范围): nobody, unless a line says so."""

from collections.abc import Callable
from enum import StrEnum

from mingtang.core.cases.terms import Officer
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import POWERS, Power, Role
from mingtang.licences import queries
from mingtang.licences.queries import LicenceRow
from mingtang.papers.queries import PaperRow
from mingtang.people import queries as people
from mingtang.people.queries import Actor

ABOUT = "licence/"
OF_THE_ORGAN = {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_OVERSEE}


class Sight(StrEnum):
    """As whom somebody looks at a licence."""

    OWN = "own"  # its holder, or whoever applied for it, today's agents included
    OFFICE = "office"  # of the organ that issued it: sees all
    WINDOW = "window"  # hands it over: name, masked number
    OVERSIGHT = "oversight"  # names masked

    @property
    def full(self) -> bool:
        return self in (Sight.OWN, Sight.OFFICE)


def sight(actor: Actor, row: LicenceRow) -> Sight | None:
    """Return as whom `actor` sees this licence; None: they do not see it."""
    return Sight.OWN if is_own(actor, row) else staff_sight(actor, row)


def staff_sight(actor: Actor, row: LicenceRow) -> Sight | None:
    """Return as whom a member of staff sees it at work."""
    return staff_sights(actor)(row)


def staff_sights(actor: Actor) -> Callable[[LicenceRow], Sight | None]:
    """Return what says as whom a member of staff sees a licence: asked once for a whole list."""
    organs, oversees, at_window = _organs(actor), _oversees_all(actor), _at_a_window(actor)

    def seen(row: LicenceRow) -> Sight | None:
        if row.organ in organs:
            return Sight.OFFICE
        if oversees:
            return Sight.OVERSIGHT
        hands_over = queries.waits_at_a_window(row) or row.delivered_by == actor.person
        return Sight.WINDOW if at_window and hands_over else None

    return seen


def is_own(actor: Actor, row: LicenceRow) -> bool:
    """Whether it is the actor's own: they hold it, applied for it, or act for who does.

    Whoever filed for a person goes on seeing it while that person entrusts them.
    """
    if not actor.person:
        return False
    mine = {actor.person, *actor.represents}
    entrusted = row.agent == actor.person and row.applicant in actor.principals
    return entrusted or row.holder in mine or row.applicant in mine


# ── Staff ───────────────────────────────────────────────────────────────────


def organs_seen(actor: Actor) -> frozenset[str] | None:
    """Return the organs whose licences the actor finds in a list; None: all of them."""
    if _oversees_all(actor) or _at_a_window(actor):
        return None
    return _organs(actor)


def organs_overseen(actor: Actor) -> frozenset[str] | None:
    """Return the organs whose licences in the making the actor looks after; None: all of them."""
    return None if _oversees_all(actor) else _organs(actor)


def _organs(actor: Actor) -> frozenset[str]:
    return frozenset(
        post.organisation
        for post in actor.appointments
        if OF_THE_ORGAN & POWERS[post.role]
        and people.organisation_kinds().get(post.organisation) is OrganisationKind.DEPARTMENT
    )


def _oversees_all(actor: Actor) -> bool:
    return bool(actor.roles & {Role.CENTRE_MANAGER, Role.INSPECTOR})


def only_windows(actor: Actor) -> bool:
    """Whether the actor sees licences only to hand them over."""
    return _at_a_window(actor) and not _organs(actor) and not _oversees_all(actor)


def _at_a_window(actor: Actor) -> bool:
    """A clerk of the centre's own window hands out every department's licences (综合窗口出证)."""
    return any(
        Power.CASE_INTAKE in POWERS[post.role]
        and people.organisation_kinds().get(post.organisation) is OrganisationKind.CENTRE
        for post in actor.appointments
    )


def officer_for(actor: Actor, row: LicenceRow) -> Officer | None:
    """Return the actor as the record names them for an act on this licence, if they may decide."""
    for post in actor.appointments:
        if Power.CASE_DECIDE in POWERS[post.role] and post.organisation == row.organ:
            return Officer(
                person=actor.person,
                staff_no=post.staff_no,
                organisation=post.organisation,
                office=post.office,
            )
    return None


def may_hand_over(actor: Actor, row: LicenceRow) -> bool:
    """Whether the actor records who took it: a window, or the organ itself; never one's own."""
    return handing_over(actor)(row)


def handing_over(actor: Actor) -> Callable[[LicenceRow], bool]:
    """Return what says whether the actor hands a licence over: asked once for a whole list."""
    anywhere, organs = _at_a_window(actor), _organs(actor)

    def may(row: LicenceRow) -> bool:
        if is_own(actor, row):
            return False
        return anywhere or (row.organ in organs and _hands_out(actor, row.organ))

    return may


def _hands_out(actor: Actor, organ: str) -> bool:
    needed = {Power.CASE_INTAKE, Power.CASE_DECIDE}
    return any(
        post.organisation == organ and needed & POWERS[post.role] for post in actor.appointments
    )


# ── Papers ──────────────────────────────────────────────────────────────────


def may_open_paper(actor: Actor, paper: PaperRow) -> bool:
    """Whether the actor may open the paper of a licence: as who sees all of the licence."""
    row = _licence_of(paper)
    found = sight(actor, row) if row else None
    return found is not None and found.full


def is_for(actor: Actor, paper: PaperRow) -> bool:
    """Whether a licence's paper is the actor's own."""
    row = _licence_of(paper)
    return row is not None and is_own(actor, row)


def _licence_of(paper: PaperRow) -> LicenceRow | None:
    if not paper.about.startswith(ABOUT):
        return None
    return queries.licence(paper.about.removeprefix(ABOUT))
