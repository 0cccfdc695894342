"""Events of cases as rows, a module per subject. Only copies: a rule here is in the wrong room."""

from mingtang.cases.projection.batches import BATCH
from mingtang.cases.projection.cases import CASE, CASE_TABLES
from mingtang.cases.projection.delegations import DELEGATION
from mingtang.cases.projection.efficiency import EFFICIENCY
from mingtang.cases.projection.foreign import FOREIGN_CASE
from mingtang.cases.projection.handovers import HANDOVER
from mingtang.cases.projection.joint import JOINT

__all__ = [
    "BATCH",
    "CASE",
    "CASE_TABLES",
    "DELEGATION",
    "EFFICIENCY",
    "FOREIGN_CASE",
    "HANDOVER",
    "JOINT",
]
