"""Who projects and who reacts: the one place where the rooms are named together."""

from mingtang.cases.projection import BATCH, CASE, EFFICIENCY, FOREIGN_CASE
from mingtang.cases.reactions import REACTIONS as CASE_REACTIONS
from mingtang.catalogue.projection import CALENDAR, ITEM
from mingtang.ledger.actions import ERASURE
from mingtang.licences.projection import LICENCE, LICENCE_TYPE
from mingtang.licences.reactions import REACTIONS as LICENCE_REACTIONS
from mingtang.papers.projection import PAPER
from mingtang.papers.reactions import REACTIONS as PAPER_REACTIONS
from mingtang.people.projection import MANDATE, OFFICE, ORGANISATION, PERSON
from mingtang.ratings.projection import BALLOT, CALLBACK, RATING, TALLY
from mingtang.ratings.reactions import REACTIONS as RATING_REACTIONS
from mingtang.trading.projection import SUBJECTS as TRADING_SUBJECTS
from mingtang.trading.reactions import REACTIONS as TRADING_REACTIONS
from mingtang.trust.projection import SEAL
from mingtang.windows.projection import HALL, QUEUE

SUBJECTS = (
    BALLOT,
    BATCH,
    CALENDAR,
    CALLBACK,
    CASE,
    EFFICIENCY,
    ERASURE,
    FOREIGN_CASE,
    HALL,
    ITEM,
    LICENCE,
    LICENCE_TYPE,
    MANDATE,
    OFFICE,
    ORGANISATION,
    PAPER,
    PERSON,
    QUEUE,
    RATING,
    SEAL,
    TALLY,
    *TRADING_SUBJECTS,
)
REACTIONS = (
    *CASE_REACTIONS,
    *LICENCE_REACTIONS,
    *PAPER_REACTIONS,
    *TRADING_REACTIONS,
    *RATING_REACTIONS,
)
