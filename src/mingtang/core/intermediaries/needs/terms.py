"""What is fixed when a need is published (采购公告), and what is said of it later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.services import ServiceContent

LONGEST_TITLE = 100
MOST_POINTS = 100  # of one criterion


class PublisherKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    DEPARTMENT = "department"


class Stage(StrEnum):
    NONE = "none"
    OPEN = "open"  # 报名中
    SCORING = "scoring"  # 评审中
    CHOSEN = "chosen"  # 已选定，待签合同
    CONTRACTED = "contracted"  # 已签合同，待开始
    SERVING = "serving"  # 服务中
    DELIVERED = "delivered"  # 已交付，待验收
    ACCEPTED = "accepted"  # 已验收
    FAILED = "failed"  # 流标
    ENDED = "ended"  # 已终止


OVER = frozenset({Stage.ACCEPTED, Stage.FAILED, Stage.ENDED})


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """评分标准, stated before anybody signs up."""

    key: str
    name: str
    most: int  # points


@dataclass(frozen=True, kw_only=True)
class NeedContent:
    """The notice. All of it is public."""

    title: str
    service: str
    summary: str
    ceiling_fen: int
    days: int  # working days the service may take
    sign_up_until: datetime
    way: Way
    criteria: tuple[Criterion, ...] = ()  # where the best is chosen
    scorers: int = 0  # how many have to score each body
    organ: str = ""  # the department that publishes it; empty: an applicant


@dataclass(frozen=True, kw_only=True)
class NeedTerms:
    """The notice with the service as it was published then."""

    key: str  # of the need
    content: NeedContent
    service: ServiceContent
    seed_digest: str


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who publishes. All of it is sealed; a department stands in the notice."""

    kind: PublisherKind
    id: str  # person, or organisation code
    name: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A body that would serve, as the register says when its turn comes."""

    body: str
    name: str
    listed: bool
    suspended: bool
    qualified: bool
    own_interest: bool  # it, or who acts for it, is the publisher or the applicant of the case

    @property
    def barred(self) -> str:
        """Why it may not serve; empty: it may."""
        if self.suspended:
            return "suspended"
        if not self.listed:
            return "not-listed"
        if not self.qualified:
            return "not-qualified"
        return "own-interest" if self.own_interest else ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One scorer's points by one criterion, and why."""

    criterion: str
    points: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """A named member of the publishing department's staff (评审人)."""

    person: str
    name: str
    staff_no: str
