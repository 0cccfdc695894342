"""The second factor of an act (第二重验证): that it was given, never what it was.

A phone is lost more easily than a window. Whoever decides on one proves at that very moment that
they are there: what is signed with is under the signer's control alone (电子签名法 art. 13). The
record names the method, so that an auditor can tell which decisions were proven, and how.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mingtang.core.cases.state import State
from mingtang.core.cases.terms import Officer
from mingtang.core.totp import ProofMethod


@dataclass(frozen=True, kw_only=True)
class ActProven:
    kind: ClassVar[str] = "case.act-proven.v1"
    task: str  # key of the task: DECISION
    method: ProofMethod
    officer: Officer
    at: datetime


def proven(case: State, event: ActProven) -> State:
    """A proof changes nothing by itself: the act it stands before does."""
    return case
