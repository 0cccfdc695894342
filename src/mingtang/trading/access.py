"""Who may do what on the trading floor (交易权限). A project belongs to the centre it came to."""

from mingtang.core.papers import PaperKind
from mingtang.core.people import Power
from mingtang.core.trading.lots.state import Status
from mingtang.papers.queries import PaperRow
from mingtang.people.queries import Actor
from mingtang.trading import queries
from mingtang.trading.queries import ApplicationRow, LotRow, TradeRow


def centre_of(actor: Actor) -> str:
    """Return the centre somebody enters projects at; empty if at none."""
    return min(actor.organisations_with(Power.TRADE_ENTER), default="")


def centres_worked_at(actor: Actor) -> frozenset[str]:
    """Return the centres whose projects somebody enters or reviews."""
    entered = actor.organisations_with(Power.TRADE_ENTER)
    return entered | actor.organisations_with(Power.TRADE_REVIEW)


def enters(actor: Actor, project: TradeRow) -> bool:
    """Whether somebody writes this project: its centre's trade officers do."""
    return project.centre in actor.organisations_with(Power.TRADE_ENTER)


def reviews(actor: Actor, project: TradeRow) -> bool:
    """Whether somebody reviews it and publishes its notices: its centre's managers do.

    That it is not the one who wrote it is a rule of core.trading.projects.
    """
    return project.centre in actor.organisations_with(Power.TRADE_REVIEW)


# ── Lots and applications ───────────────────────────────────────────────────


def hosts(actor: Actor, lot: LotRow) -> bool:
    """Whether somebody hosts this lot: a host of its centre who does not bid for it."""
    if not _at_centre_of(actor, lot, Power.TRADE_HOST):
        return False
    return queries.own_application(actor.person, lot.key) is None


def qualifies(actor: Actor, lot: LotRow) -> bool:
    """Whether somebody looks at who signs up for this lot."""
    return _at_centre_of(actor, lot, Power.TRADE_QUALIFY)


def settles(actor: Actor, lot: LotRow) -> bool:
    """Whether somebody records what became of its winners."""
    return _at_centre_of(actor, lot, Power.TRADE_ENTER)


def looks_into(actor: Actor, lot: LotRow) -> bool:
    """Whether somebody looks into who paid for whom, once the lot is over."""
    over = lot.status in (Status.CLOSED, Status.STOPPED)
    return over and (settles(actor, lot) or Power.INSPECTION_READ in actor.powers)


def _at_centre_of(actor: Actor, lot: LotRow, power: Power) -> bool:
    row = queries.project(lot.project)
    return row is not None and row.centre in actor.organisations_with(power)


def may_open_paper(actor: Actor, row: PaperRow) -> bool:
    """Whether somebody reads a paper of the floor which is not theirs.

    An admission tells who signed up: only those who admit read it. A confirmation is public.
    """
    powers = {
        PaperKind.ADMISSION: (Power.TRADE_QUALIFY,),
        PaperKind.SALE: (Power.TRADE_ENTER, Power.TRADE_REVIEW, Power.TRADE_HOST),
    }.get(PaperKind(row.paper), ())
    if row.paper == PaperKind.SALE and Power.INSPECTION_READ in actor.powers:
        return True
    return any(row.organ in actor.organisations_with(power) for power in powers)


def is_own(actor: Actor, application: ApplicationRow) -> bool:
    """Whether an application is this person's: nobody else sees it before the end but officers."""
    return bool(actor.person) and application.person == actor.person
