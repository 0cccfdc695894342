"""What a project says, as its notice will, and what notices there are."""

import json
from dataclasses import dataclass
from enum import StrEnum

from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.wire import ERASED, Sealed, canonical, read

MOST_LOTS = 30
MOST_BYTES = 56_000  # of a project in the log, whose entries end at 65,535
LONGEST = {  # characters
    "title": 200,
    "seller": 120,
    "seller_code": 18,
    "region": 120,
    "summary": 4_000,
    "contact": 300,
}
LONGEST_REASON, LONGEST_NUMBER = 500, 60
RESUMPTION_DAYS = 5  # from the notice of resumption to the resumption itself, at least


class NoticeSort(StrEnum):
    """What a project's own notices are."""

    OFFER = "offer"  # 交易公告
    CHANGE = "change"  # 变更公告
    SUSPENSION = "suspension"  # 中止公告
    RESUMPTION = "resumption"  # 恢复公告
    END = "end"  # 终止公告
    RESULT = "result"  # 结果公告


class LotOutcome(StrEnum):
    """How a lot ended, as far as a project asks. The rest stands in the lot's own stream."""

    SOLD = "sold"  # 成交
    FAILED = "failed"  # 流拍
    STOPPED = "stopped"  # 终止


@dataclass(frozen=True, kw_only=True)
class ProjectContent:
    """交易项目: everything its notice says."""

    kind: str  # code of a kind of trades
    title: str
    seller: str  # 转让方、出让人、采购人: who sells, or buys in a reverse auction
    seller_code: str = ""  # unified social credit code
    region: str = ""
    summary: str = ""  # conditions, what bidders need, where to look at it
    contact: str = ""
    lots: tuple[LotContent, ...]


def written_as(content: ProjectContent) -> Sealed:
    """Return the sealed text of a project."""
    return Sealed(canonical(content))


def read_content(text: Sealed) -> ProjectContent | None:
    """Return what a sealed text says; None once it is erased."""
    return None if text == ERASED else read(ProjectContent, json.loads(text))
