"""One application for all (一表申请): the joint case is filed with a case for every item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from mingtang.core.bundles import JOINT_DAYS, BundleContent
from mingtang.core.cases.terms import Applicant, Document, Officer
from mingtang.core.decider import require
from mingtang.core.joint.state import Branch, JointStage, State
from mingtang.core.wire import Sealed


@dataclass(frozen=True, kw_only=True)
class FileJoint:
    """提交一件事申请, at home or at a window. The branches are filed in the same commit."""

    bundle: str  # stream key
    version: int
    content: BundleContent
    branches: tuple[Branch, ...]
    applicant: Applicant
    form: str  # canonical JSON of the one form: {"answers", "fields"}
    documents: tuple[Document, ...]  # each once, whatever number of items needs it
    required: tuple[str, ...]  # keys of joint materials this situation cannot do without
    channel: str  # online | window
    taken_by: Officer | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JointFiled:
    kind: ClassVar[str] = "joint.filed.v1"
    bundle: str
    version: int
    name: str
    name_en: str
    lead: str
    government: str
    branches: tuple[Branch, ...]
    applicant_kind: str
    applicant: Sealed
    applicant_name: Sealed
    applicant_id_number: Sealed
    phone: Sealed
    agent: Sealed
    form: Sealed
    documents: tuple[Document, ...]
    channel: str
    taken_by: Officer | None
    promised_days: int = JOINT_DAYS
    at: datetime


def file(joint: State, command: FileJoint) -> Sequence[JointFiled]:
    """Refusals: joint.already-filed, joint.document-twice (facts: materials),
    case.material-missing (facts: materials)."""
    require(joint.stage is JointStage.NONE, "joint.already-filed")
    handed_in = [(document.material, document.id) for document in command.documents]
    twice = sorted({one[0] for one in handed_in if handed_in.count(one) > 1})
    require(not twice, "joint.document-twice", materials=twice)
    given = {document.material for document in command.documents}
    missing = [key for key in command.required if key not in given]
    require(not missing, "case.material-missing", materials=missing)
    applicant, content = command.applicant, command.content
    return [
        JointFiled(
            bundle=command.bundle,
            version=command.version,
            name=content.name,
            name_en=content.name_en,
            lead=content.lead,
            government=content.government,
            branches=command.branches,
            applicant_kind=applicant.kind,
            applicant=Sealed(applicant.id),
            applicant_name=Sealed(applicant.name),
            applicant_id_number=Sealed(applicant.id_number),
            phone=Sealed(applicant.phone),
            agent=Sealed(applicant.agent),
            form=Sealed(command.form),
            documents=command.documents,
            channel=command.channel,
            taken_by=command.taken_by,
            promised_days=content.promised_days,
            at=command.at,
        )
    ]


def filed(joint: State, event: JointFiled) -> State:
    return replace(
        joint,
        stage=JointStage.FILED,
        lead=event.lead,
        government=event.government,
        applicant=event.applicant,
        agent=event.agent,
        branches=event.branches,
        promised_days=event.promised_days,
    )
