"""Who projects and who reacts: the one place where the rooms are named together."""

from mingtang.cases.projection import (
    BATCH,
    CASE,
    DELEGATION,
    EFFICIENCY,
    FOREIGN_CASE,
    HANDOVER,
    JOINT,
)
from mingtang.cases.reactions import REACTIONS as CASE_REACTIONS
from mingtang.catalogue.projection import ADOPTION, BUNDLE, CALENDAR, ITEM, RESOURCE
from mingtang.intermediaries.projection import SUBJECTS as INTERMEDIARY_SUBJECTS
from mingtang.intermediaries.reactions import REACTIONS as INTERMEDIARY_REACTIONS
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
    ADOPTION,
    BALLOT,
    BATCH,
    BUNDLE,
    CALENDAR,
    CALLBACK,
    CASE,
    DELEGATION,
    EFFICIENCY,
    ERASURE,
    FOREIGN_CASE,
    HALL,
    HANDOVER,
    ITEM,
    JOINT,
    LICENCE,
    LICENCE_TYPE,
    MANDATE,
    OFFICE,
    ORGANISATION,
    PAPER,
    PERSON,
    QUEUE,
    RESOURCE,
    RATING,
    SEAL,
    TALLY,
    *TRADING_SUBJECTS,
    *INTERMEDIARY_SUBJECTS,
)
REACTIONS = (
    *CASE_REACTIONS,
    *LICENCE_REACTIONS,
    *PAPER_REACTIONS,
    *TRADING_REACTIONS,
    *INTERMEDIARY_REACTIONS,
    *RATING_REACTIONS,
)
