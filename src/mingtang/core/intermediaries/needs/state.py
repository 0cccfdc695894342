"""What the rules remember of a need, and what each event changes in it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.intermediaries.choosing import Entrant
from mingtang.core.intermediaries.needs import events
from mingtang.core.intermediaries.needs.terms import NeedTerms, Stage


@dataclass(frozen=True, kw_only=True)
class Round:
    """One time the body is at work, from begin to delivery."""

    number: int
    since: date
    due: date
    days: int
    excluded_since: date | None = None  # the clock of the case stands still
    excluded_days: int | None = None  # working days, once it goes on
    counted: str = ""  # why its time is counted; empty: it is not, or nothing was said yet
    served_days: int = 0  # working days it took, once delivered
    late_days: int = 0

    @property
    def noted(self) -> bool:
        """Whether the case has said what it does about this round."""
        return self.excluded_since is not None or self.counted != ""

    @property
    def stands_still(self) -> bool:
        """Whether the clock of the case stands still for it now."""
        return self.excluded_since is not None and self.excluded_days is None


@dataclass(frozen=True, kw_only=True)
class State:
    stage: Stage = Stage.NONE
    terms: NeedTerms | None = None
    publisher: str = ""
    case: str = ""
    seed: str = ""
    entrants: tuple[Entrant, ...] = ()  # without those who withdrew
    signed_up: int = 0  # how many sign-ups there were
    scores: tuple[events.NeedScored, ...] = ()
    body: str = ""  # who was chosen
    body_name: str = ""
    price_fen: int = 0  # quoted, then contracted
    days: int = 0  # contracted
    rounds: tuple[Round, ...] = ()
    stars: int = 0
    complaint: bool = False  # one waits for an answer


def terms_of(need: State) -> NeedTerms:
    """Return the terms; refuse when nothing was published under this key."""
    if need.terms is None:
        raise Refused("need.unknown")
    return need.terms


def evolve(need: State, event: events.Event) -> State:
    match event:
        case events.NeedPublished():
            return State(
                stage=Stage.OPEN,
                terms=event.terms,
                publisher=event.publisher,
                case=event.case,
                seed=event.seed,
            )
        case events.NeedSignedUp():
            entrants = (*need.entrants, _entrant(event))
            return replace(need, entrants=entrants, signed_up=event.no)
        case events.NeedSignUpWithdrawn(no=no):
            left = tuple(one for one in need.entrants if one.no != no)
            return replace(need, entrants=left)
        case events.NeedOpened():
            return replace(need, stage=Stage.SCORING, entrants=event.entrants)
        case events.NeedScored():
            return replace(need, scores=(*need.scores, event))
        case events.NeedChosen():
            return replace(
                need,
                stage=Stage.CHOSEN,
                body=event.body,
                body_name=event.body_name,
                price_fen=event.price_fen,
            )
        case events.NeedFailed():
            return replace(need, stage=Stage.FAILED)
        case events.NeedContracted():
            return replace(need, stage=Stage.CONTRACTED, price_fen=event.price_fen, days=event.days)
        case events.NeedServiceBegun():
            begun = Round(
                number=event.round, since=civil_day(event.at), due=event.due, days=event.days
            )
            return replace(need, stage=Stage.SERVING, rounds=(*need.rounds, begun))
        case events.NeedDelivered():
            took = {"served_days": event.days, "late_days": event.late_days}
            return replace(_in_round(need, event.round, **took), stage=Stage.DELIVERED)
        case events.NeedReturned():
            return need
        case events.NeedAccepted():
            return replace(need, stage=Stage.ACCEPTED)
        case events.NeedRated():
            return replace(need, stars=event.stars)
        case events.NeedComplained():
            return replace(need, complaint=True)
        case events.NeedComplaintAnswered():
            return replace(need, complaint=False)
        case events.NeedEnded():
            return replace(need, stage=Stage.ENDED)
        case events.NeedTimeExcluded():
            return _in_round(need, event.round, excluded_since=event.since)
        case events.NeedTimeCounted():
            return _in_round(need, event.round, counted=event.why)
        case events.NeedTimeResumed():
            return _in_round(need, event.round, excluded_days=event.days)
        case _:
            assert_never(event)


def _entrant(event: events.NeedSignedUp) -> Entrant:
    """Return whoever signed up. Once erased, they are read from the opening."""
    price = event.price_fen
    return Entrant(
        no=event.no,
        body=event.body,
        name=event.body_name,
        price_fen=int(price) if price.isdigit() else 0,
        nonce=event.nonce,
    )


def _in_round(need: State, number: int, **noted: object) -> State:
    rounds = tuple(
        replace(one, **noted) if one.number == number else one  # type: ignore[arg-type]
        for one in need.rounds
    )
    return replace(need, rounds=rounds)
