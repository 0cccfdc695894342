"""What the rules remember of a hearing (听证): whom it concerns, and how far it has come.

told ──reached──▶ window of five days ──asked──▶ scheduled ──▶ held
                        └── let pass, forgone, taken back: no hearing
announced by the organ itself ────────────────▶ scheduled ──▶ held
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from mingtang.core.cases.terms import Officer

APPLICANT = 0  # number of the party that is always one; those with an interest follow from 1


class HearingGround(StrEnum):
    """Why the organ holds one of its own accord: 行政许可法 art. 46."""

    LAW = "law"  # 法律、法规、规章规定应当听证
    PUBLIC_INTEREST = "public_interest"  # 涉及公共利益的重大行政许可事项


class Stand(StrEnum):
    """What a party made of its right: art. 47."""

    OPEN = ""
    ASKED = "asked"  # 申请听证
    FORGONE = "forgone"  # 放弃听证
    WITHDRAWN = "withdrawn"  # 撤回听证申请


class Ending(StrEnum):
    """How a hearing came to its end."""

    HELD = "held"  # 已举行
    OFF = "off"  # 不再举行: nobody asks for it any more
    CLOSED = "closed"  # the case ended before


@dataclass(frozen=True)
class Party:
    """申请人、利害关系人."""

    number: int  # APPLICANT, or from 1
    name: str = ""  # empty: the applicant, who is named in the case
    person: str = ""  # person id of whom an interested party acts through; empty: none known
    told_date: date | None = None
    reached_date: date | None = None  # the notice of the right was served
    ask_due: date | None = None  # last day to ask, once served
    stand: Stand = Stand.OPEN
    challenged: tuple[str, ...] = ()  # persons whose chairing it challenged

    def may_still_ask(self, day: date) -> bool:
        """Whether this party's window is open; before the notice was served it has not begun."""
        told = self.told_date is not None and self.stand is Stand.OPEN
        return told and (self.ask_due is None or day <= self.ask_due)


@dataclass(frozen=True)
class Hearing:
    number: int
    parties: tuple[Party, ...]
    ground: str = ""  # of the organ's own accord; empty: it may be asked for
    hold_due: date | None = None  # last day to hold it: twenty days from when it was asked for
    starts_at: datetime | None = None
    place: str = ""
    put_off: str = ""  # why it is not held when it was to be
    public: bool = True
    private_reason: str = ""
    notified_date: date | None = None  # on which the parties were last told of time and place
    chair: Officer | None = None
    challenge: int | None = None  # party whose challenge waits for a ruling
    stepped_down: tuple[str, ...] = ()  # persons who may not chair it: a challenge was upheld
    ended: str = ""  # an Ending
    ended_date: date | None = None

    @property
    def needed(self) -> bool:
        """Whether it has to be held: by law, or because somebody asked for it."""
        return bool(self.ground) or any(one.stand is Stand.ASKED for one in self.parties)

    def waits(self, day: date) -> bool:
        """Whether a party may still ask for it, and nobody did."""
        return not self.ended and not self.needed and self.may_be_asked_for(day)

    def may_be_asked_for(self, day: date) -> bool:
        return any(one.may_still_ask(day) for one in self.parties)

    def is_live(self, day: date) -> bool:
        """Whether it is to be held, or may come to that."""
        return not self.ended and (self.needed or self.may_be_asked_for(day))

    def unserved(self) -> bool:
        """Whether a notice of the right has not reached its party, who may be waiting for it."""
        return any(one.may_still_ask(date.max) and one.ask_due is None for one in self.parties)

    def last_ask_day(self) -> date | None:
        """Return the last day on which some party may ask; None before every notice is served."""
        open_ones = [one.ask_due for one in self.parties if one.stand is Stand.OPEN]
        return None if self.unserved() else max(filter(None, open_ones), default=None)

    def party(self, number: int) -> Party | None:
        return next((one for one in self.parties if one.number == number), None)

    def with_party(self, changed: Party) -> "Hearing":
        parties = tuple(changed if one.number == changed.number else one for one in self.parties)
        return replace(self, parties=parties)


def closed(hearings: tuple[Hearing, ...], day: date) -> tuple[Hearing, ...]:
    """Return the hearings of a case that ends on `day`: none is waited for any more."""
    return tuple(
        one if one.ended else replace(one, ended=Ending.CLOSED, ended_date=day, challenge=None)
        for one in hearings
    )
