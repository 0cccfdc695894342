"""What is done to papers: ordered, served, read. How they are made: `actions.making`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from mingtang.core import papers
from mingtang.core.clock import CHINA, civil_day
from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind, Reader, ServedHow, number_of
from mingtang.core.sheets import Sheet
from mingtang.ledger.enact import Outcome, enact, enact_one, known_state
from mingtang.ledger.knowing import present_state
from mingtang.ledger.numbers import drawn
from mingtang.ledger.orders import Order, Receipt
from mingtang.papers import queries
from mingtang.papers.projection import PAPER
from mingtang.people import queries as people

CODE_LENGTH = 16  # 80 random bits
CHUNK = 100  # orders that share a commit


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a room wants put on paper (拟开具的文书).

    `key` follows from the act the paper states, so that the same paper ordered twice is refused
    the second time. `sheet` is without number and check code.
    """

    key: str
    paper: PaperKind
    about: str  # stream of what it states
    cause: int  # entry of the act
    batch: str = ""
    organ: str  # organisation code: whose seal
    word: str  # kind in the number: 受, 补, 准 …
    item: str  # item code, for the mandate
    user: str = ""  # who acted and may use the seal; empty: whoever keeps it
    owner: str = ""  # person it is for
    sheet: Sheet
    at: datetime  # of the act: its year in China is the number's

    @property
    def series(self) -> str:
        return f"{self.organ}/{self.word}/{civil_day(self.at).year}"


def order(drafts: Sequence[Draft]) -> list[Outcome]:
    """Order papers (开具文书), each with the next number of its series.

    What was ordered before comes back as Refused paper.already-ordered, and takes no number.
    """
    register = _Register(_short_names({draft.organ for draft in drafts}))
    orders = [Order(PAPER, draft.key, register.command(draft)) for draft in drafts]
    return [
        outcome
        for start in range(0, len(orders), CHUNK)
        for outcome in enact(orders[start : start + CHUNK])
    ]


class _Register:
    """Gives numbers without gaps within one call of `order`.

    Orders of one commit do not see one another's rows, and a commit that was overtaken is
    attempted again: then the database has moved, and all its numbers are given anew.
    """

    def __init__(self, short_names: Mapping[str, str]) -> None:
        self._short_names = short_names
        self._known: dict[str, int] = {}  # series → highest in the database when last asked
        self._given: dict[str, dict[str, int]] = {}  # series → key → serial

    def command(self, draft: Draft) -> Callable[[], papers.OrderPaper]:
        code = drawn(CODE_LENGTH)

        def command() -> papers.OrderPaper:
            if known_state(PAPER, draft.key).state.ordered:
                raise Refused("paper.already-ordered")
            serial = self._serial(draft.series, draft.key)
            number = draft.sheet.number or self._number(draft, serial)
            return papers.OrderPaper(
                paper=draft.paper,
                series=draft.series,
                serial=serial,
                about=draft.about,
                cause=draft.cause,
                batch=draft.batch,
                organ=draft.organ,
                item=draft.item,
                user=draft.user,
                owner=draft.owner,
                sheet=replace(draft.sheet, number=number, code=code),
                at=draft.at,
            )

        return command

    def _serial(self, series: str, key: str) -> int:
        known = queries.highest(series)
        if self._known.get(series) != known:
            self._known[series], self._given[series] = known, {}
        given = self._given[series]
        return given.setdefault(key, known + len(given) + 1)

    def _number(self, draft: Draft, serial: int) -> str:
        organ = self._short_names.get(draft.organ, draft.organ)
        return number_of(organ, draft.word, civil_day(draft.at).year, serial)


def _short_names(organs: set[str]) -> dict[str, str]:
    rows = {organ: people.organisation(organ) for organ in organs}
    return {organ: row.short_name or row.name for organ, row in rows.items() if row}


def serve(
    *,
    key: str,
    how: ServedHow,
    recipient: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record that a paper reached its addressee (送达文书).

    Raises Refused: paper.not-issued, paper.already-served, paper.recipient-missing.
    """
    command = papers.ServePaper(how=how, recipient=recipient, by=by, at=at)
    return enact_one(Order(PAPER, key, command, once))


def read(
    *,
    key: str,
    reader: Reader,
    case: str,
    purpose: str,
    need: Callable[[], papers.Need],
    at: datetime,
) -> Receipt | None:
    """Leave a trace that staff looked at a licence for a case (查阅留痕).

    Once per reader, case and civil day is enough: a page opened again adds nothing the holder
    would want to know. `need` looks up what the case asks for, when the look's turn comes.
    Raises Refused: paper.not-issued, paper.purpose-missing, paper.case-closed,
    paper.case-not-in-hand, paper.not-asked.
    """
    today = datetime.combine(civil_day(at), time.min, CHINA)
    if queries.was_read(key=key, reader=reader.person, case=case, since=today):
        known = present_state("paper", papers.DECIDER, key)
        papers.require_needed(known.state, reader, need())
        return None

    def command() -> papers.ReadPaper:
        return papers.ReadPaper(reader=reader, case=case, purpose=purpose, need=need(), at=at)

    return enact_one(Order(PAPER, key, command))
