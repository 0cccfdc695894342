"""Who may do what on the trading floor (交易权限). A project belongs to the centre it came to."""

from mingtang.core.people import Power
from mingtang.people.queries import Actor
from mingtang.trading.queries import TradeRow


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
