"""What pages and other rooms ask about trading, a module per subject."""

from mingtang.trading.models import ForeignNoticeRow, KindRow, ProcedureRow, ProcedureVersionRow
from mingtang.trading.queries.notices import (
    CHOICES,
    NoticeFacets,
    NoticeFile,
    WantedNotices,
    known_notices,
    notice,
    notice_facets,
    notices,
)
from mingtang.trading.queries.rules import (
    kind,
    kinds,
    kinds_by,
    procedure,
    procedure_version,
    procedure_versions,
    procedures,
)

__all__ = [
    "CHOICES",
    "ForeignNoticeRow",
    "KindRow",
    "NoticeFacets",
    "NoticeFile",
    "ProcedureRow",
    "ProcedureVersionRow",
    "WantedNotices",
    "kind",
    "kinds",
    "kinds_by",
    "known_notices",
    "notice",
    "notice_facets",
    "notices",
    "procedure",
    "procedure_version",
    "procedure_versions",
    "procedures",
]
