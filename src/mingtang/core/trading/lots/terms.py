"""What is announced of a lot (标的): what is for sale, at which prices, and when.

Amounts are integer fen: of the whole lot, or of one unit where a lot is sold by units to several.
"""

from dataclasses import dataclass
from datetime import datetime

MOST_FEN = 10**15  # of any price: more is a slip of the finger, and no table holds it


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """交易时间. In order; the timed part follows `closes`, as the procedure says."""

    sign_up_from: datetime
    sign_up_until: datetime
    deposit_until: datetime  # by the bank's booking
    opens: datetime  # the free, open, sealed or falling part
    closes: datetime  # its end, as announced


@dataclass(frozen=True, kw_only=True)
class LotFact:
    """One thing to know of a lot, e.g. 出让面积: 23,456 平方米."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class LotContent:
    """标的: everything the notice says of it."""

    no: int  # within its project, from 1
    title: str
    facts: tuple[LotFact, ...] = ()
    quantity: int = 1  # units for sale; more than one only where several may win
    unit: str = ""  # e.g. 吨; empty: the lot is sold as a whole
    procedure: str  # code
    procedure_version: int
    times: Timetable
    start_fen: int  # 起始价; of a reverse auction the highest price there is
    step_fen: int = 0  # 竞价幅度; 0: by the table of the procedure, or none
    ceiling_fen: int = 0  # 最高限价; 0: none
    reserve_fen: int = 0  # 底价 where it is public; 0: none, or sealed
    appraisal_fen: int = 0  # 评估价; 0: none
    deposit_fen: int = 0  # 保证金
    priority: str = ""  # 优先购买权人: who they are, as far as the law has it published
    again_of: str = ""  # key of the lot this one offers anew (再次交易)


def lot_key(project: str, no: int) -> str:
    """Return the key of a project's lot: "JY-7K2P-9QXD-1"."""
    return f"{project}-{no}"
