"""Materials that are not asked of the applicant (免提交): read from the resource directory.

国务院关于在线政务服务的若干规定 art. 7: what data sharing can supply is not asked for. An upload
takes its place only where nothing was found, and the record says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.state import State
from mingtang.core.wire import Sealed


class SharedOutcome(StrEnum):
    """共享获取的结果."""

    FOUND = "found"  # 已查到: nothing is asked
    NOT_HELD = "not_held"  # 未查到: the applicant holds none that was issued here
    LAPSED = "lapsed"  # 已失效: held once, not good today
    NOT_SUPPLIED = "not_supplied"  # 停止共享: its entry has been withdrawn since


@dataclass(frozen=True, kw_only=True)
class SharedMaterial:
    """What became of one material that is read from the directory."""

    material: str  # key of the item's material
    resource: str  # code of the entry
    supplier: str  # organ that issued what was found, or else answers for the entry; or empty
    outcome: SharedOutcome


@dataclass(frozen=True, kw_only=True)
class MaterialsShared:
    """免提交: recorded with the filing, and never without it."""

    kind: ClassVar[str] = "case.materials-shared.v1"
    shared: tuple[SharedMaterial, ...]
    papers: Sealed  # canonical JSON: key of the material → key of the paper that was found
    at: datetime


@dataclass(frozen=True)
class Sharing:
    """What was looked up for an application: the outcomes, and the papers that were found."""

    shared: tuple[SharedMaterial, ...] = ()
    papers: Mapping[str, str] | None = None  # material → paper

    @property
    def found(self) -> frozenset[str]:
        """Keys of the materials nobody has to hand in."""
        return frozenset(o.material for o in self.shared if o.outcome is SharedOutcome.FOUND)


NOTHING_SHARED = Sharing()


def materials_shared(case: State, _event: MaterialsShared) -> State:
    return case
