"""A trading project (交易项目): from entering it to its notice, and what becomes of the notice.

    entered ──submit──▶ submitted ──approve──▶ approved ──publish notice──▶ published
       ▲                   └──────return──────────┘ │                        │  ▲ │
       └──amend──── returned ◀──────────────────────┘                 suspend▼  │ └─▶ completed
                                                                    suspended ──┘ resume

Whoever entered a project does not review it. What is entered stays sealed until the notice is
out, so that everybody learns of a lot at the same moment. A notice that is out is never altered:
what changes is said in a notice of its own. Prices, deposit and procedure never change: that
would be another offer, for which this one is ended.
Sources: 拍卖法 arts. 45-47; 39号令 arts. 8-12; the rule to resume after a notice is that of a
deployed land trading system (field notes, mark A for the system, no article seen).
"""

from typing import get_args

from mingtang.core.trading.projects.commands import (
    AmendProject,
    ApproveProject,
    ChangeNotice,
    Command,
    EndProject,
    EnterProject,
    PublishNotice,
    PublishResult,
    ResumeProject,
    ReturnProject,
    SubmitProject,
    SuspendProject,
)
from mingtang.core.trading.projects.content import (
    LONGEST,
    LONGEST_NUMBER,
    LONGEST_REASON,
    MOST_LOTS,
    RESUMPTION_DAYS,
    LotOutcome,
    NoticeSort,
    ProjectContent,
    written_as,
)
from mingtang.core.trading.projects.deciding import DECIDER, decide
from mingtang.core.trading.projects.events import (
    Event,
    NoticeChanged,
    NoticePublished,
    ProjectAmended,
    ProjectApproved,
    ProjectEnded,
    ProjectEntered,
    ProjectResumed,
    ProjectReturned,
    ProjectSubmitted,
    ProjectSuspended,
    ResultPublished,
)
from mingtang.core.trading.projects.state import OUT, WRITTEN, State, Status, evolve

EVENTS = get_args(Event)

__all__ = [
    "DECIDER",
    "EVENTS",
    "LONGEST",
    "LONGEST_NUMBER",
    "LONGEST_REASON",
    "MOST_LOTS",
    "OUT",
    "RESUMPTION_DAYS",
    "WRITTEN",
    "AmendProject",
    "ApproveProject",
    "ChangeNotice",
    "Command",
    "EndProject",
    "EnterProject",
    "Event",
    "LotOutcome",
    "NoticeChanged",
    "NoticePublished",
    "NoticeSort",
    "ProjectAmended",
    "ProjectApproved",
    "ProjectContent",
    "ProjectEnded",
    "ProjectEntered",
    "ProjectResumed",
    "ProjectReturned",
    "ProjectSubmitted",
    "ProjectSuspended",
    "PublishNotice",
    "PublishResult",
    "ResultPublished",
    "ResumeProject",
    "ReturnProject",
    "State",
    "Status",
    "SubmitProject",
    "SuspendProject",
    "decide",
    "evolve",
    "written_as",
]
