"""When the paper is made, the licence is valid (签发), delivered, and takes the old one's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.core import licences, papers
from mingtang.core.decider import Refused, require
from mingtang.core.licences import DeliveredHow, Stage
from mingtang.ledger.enact import enact, known_state
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.ledger.replay import histories
from mingtang.licences import queries
from mingtang.licences.actions import CHUNK, Command, not_before
from mingtang.licences.projection import LICENCE
from mingtang.licences.queries import LicenceRow
from mingtang.people import queries as people


@dataclass(frozen=True, slots=True)
class Made:
    """A paper of a licence that was issued. `paper`: its key, <licence>-L<version>."""

    paper: str
    at: datetime

    @property
    def licence(self) -> str:
        return self.paper.rpartition("-L")[0]

    @property
    def version(self) -> int:
        return int(self.paper.rpartition("-L")[2])


def issue(made: Sequence[Made]) -> int:
    """Issue the licences these papers were made for; return how many.

    Each becomes valid and is delivered into its holder's box in one commit; then it takes the
    place of the one it renews. Asked for twice, it is refused the second time.
    """
    return sum(_issue(made[start : start + CHUNK]) for start in range(0, len(made), CHUNK))


def _issue(made: Sequence[Made]) -> int:
    rows = queries.licences_with([one.licence for one in made])
    ours = [one for one in made if one.licence in rows]
    numbers, boxes = _numbers(ours), _boxes(list(rows.values()))
    issuing = [Order(LICENCE, one.licence, _issuing(one, numbers[one.paper])) for one in ours]
    sending = [Order(LICENCE, one.licence, _delivering(one, boxes[one.licence])) for one in ours]
    outcomes = _enacted([*issuing, *sending])
    _enacted(
        [
            Order(LICENCE, row.related, _replacing(one, row))
            for one in ours
            if (row := rows[one.licence]).related
        ]
    )
    return sum(isinstance(outcome, Receipt) for outcome in outcomes[: len(issuing)])


def _enacted(orders: Sequence[Order]) -> list[Outcome]:
    """Carry out the orders in one commit; whatever is not a refusal is tried again as a whole."""
    outcomes = enact(orders) if orders else []
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return outcomes


def _numbers(made: Sequence[Made]) -> Mapping[str, str]:
    """Return the numbers (证照编号) that stand on these papers, by paper."""
    found = histories([f"paper/{one.paper}" for one in made])
    return {
        stream.partition("/")[2]: written.event.number
        for stream, history in found.items()
        for written in history
        if isinstance(written.event, papers.PaperOrdered)
    }


def _boxes(rows: Sequence[LicenceRow]) -> Mapping[str, str]:
    """Return into whose box each goes, by name: the holder's, or the applicant's."""
    bodies = people.organisation_names()
    persons = people.names([row.applicant for row in rows])
    return {
        row.key: row.holder_name
        if row.holder
        else bodies.get(row.applicant) or persons.get(row.applicant) or row.holder_name
        for row in rows
    }


def _issuing(made: Made, number: str) -> Command:
    def command() -> licences.IssueLicence:
        at = not_before(made.licence, made.at)
        return licences.IssueLicence(version=made.version, paper=made.paper, number=number, at=at)

    return command


def _delivering(made: Made, box: str) -> Command:
    def command() -> licences.DeliverLicence:
        at = not_before(made.licence, made.at)
        return licences.DeliverLicence(how=DeliveredHow.ELECTRONIC, recipient=box, by="", at=at)

    return command


def _replacing(made: Made, row: LicenceRow) -> Command:
    def command() -> licences.ReplaceLicence:
        stage = known_state(LICENCE, row.key).state.stage
        require(stage in (Stage.VALID, Stage.SUSPENDED), "licence.not-issued")
        at = not_before(row.related, made.at)
        return licences.ReplaceLicence(successor=row.key, at=at)

    return command
