"""A joint case (并联审批件) in the middle of its life: opening a restaurant, three departments."""

from datetime import date

from mingtang.core import joint
from mingtang.core.cases import Officer, Stage
from mingtang.core.joint import Branch, Standing
from mingtang.core.wire import Sealed
from tests.core.bundle_examples import BUNDLE, FIRE, LICENCE, SIGN
from tests.core.case_examples import APPLICANT, CLERK, day, document
from tests.core.work_calendars import KNOWN

BRANCHES = (
    Branch(case="MT-1", item=LICENCE, name="食品经营许可", name_en="", department="market"),
    Branch(case="MT-2", item=SIGN, name="店招设置", name_en="", department="city"),
    Branch(case="MT-3", item=FIRE, name="消防安全检查", name_en="", department="fire"),
)
LEADER = Officer(person="P-lead", staff_no="11", organisation="market")
FIREMAN = Officer(person="P-fire", staff_no="31", organisation="fire")
GOVERNOR = Officer(person="P-gov", staff_no="G1", organisation="province")
FILE = joint.FileJoint(
    bundle="restaurant",
    version=1,
    content=BUNDLE,
    branches=BRANCHES,
    applicant=APPLICANT,
    form='{"answers":{},"fields":{}}',
    documents=(document("licence_m1"), document("licence_m2")),
    required=("licence_m1",),
    channel="online",
    taken_by=None,
    at=day(3, 2),
)
FILED = joint.JointFiled(
    bundle="restaurant",
    version=1,
    name="开办餐馆",
    name_en="Opening a restaurant",
    lead="market",
    government="province",
    branches=BRANCHES,
    applicant_kind="person",
    applicant=Sealed(APPLICANT.id),
    applicant_name=Sealed(APPLICANT.name),
    applicant_id_number=Sealed(APPLICANT.id_number),
    phone=Sealed(APPLICANT.phone),
    agent=Sealed(""),
    form=Sealed(FILE.form),
    documents=FILE.documents,
    channel="online",
    taken_by=None,
    at=day(3, 2),
)


def standing(case: str, stage: Stage = Stage.REVIEWING, **changes: object) -> Standing:
    """A branch: accepted on 4 March unless something else is said, ended on 20 March."""
    ended = stage in (Stage.GRANTED, Stage.REFUSED, Stage.WITHDRAWN, Stage.NOT_ACCEPTED)
    accepted = stage not in (Stage.FILED, Stage.CORRECTING, Stage.NOT_ACCEPTED)
    given = {
        "accepted_date": date(2026, 3, 4) if accepted else None,
        "closed_date": date(2026, 3, 20) if ended else None,
    }
    return Standing(case=case, stage=stage, **(given | changes))  # type: ignore[arg-type]


def standings(*stages: Stage) -> tuple[Standing, ...]:
    """The three branches, in these stages."""
    return tuple(standing(b.case, stage) for b, stage in zip(BRANCHES, stages, strict=True))


REVIEWED = standings(Stage.REVIEWING, Stage.REVIEWING, Stage.REVIEWING)
ACCEPT = joint.AcceptJoint(branches=REVIEWED, officer=CLERK, at=day(3, 4), calendar=KNOWN)
ACCEPTED = joint.JointAccepted(
    officer=CLERK,
    accepted_date=date(2026, 3, 4),
    due=date(2026, 5, 11),  # 45 working days: past Qingming and Labour Day, 9 May is worked
    provisional=False,
    calendar=KNOWN.version,
    at=day(3, 4),
)
UNDER_WAY = (FILED, ACCEPTED)
EXTEND = joint.AskExtension(days=15, reason="需要多部门联合勘验", officer=LEADER, at=day(4, 1))
EXTENSION_ASKED = joint.ExtensionAsked(
    days=15, reason=Sealed(EXTEND.reason), officer=LEADER, at=day(4, 1)
)
EXTENDED = joint.JointExtended(
    days=15,
    reason=Sealed(EXTEND.reason),
    approver=GOVERNOR,
    due_before=ACCEPTED.due,
    due=date(2026, 6, 1),
    provisional=False,
    calendar=KNOWN.version,
    at=day(4, 2),
)
ASKED_FOR = (*UNDER_WAY, EXTENSION_ASKED)
STOCK = joint.TakeStock(branches=REVIEWED, at=day(3, 20), calendar=KNOWN)


def closed(case: str, outcome: Stage = Stage.GRANTED) -> joint.BranchClosed:
    return joint.BranchClosed(
        case=case, outcome=outcome, closed_date=date(2026, 3, 20), at=day(3, 20)
    )


JOINED = joint.BranchesJoined(at=day(3, 20))
ALL_GRANTED = (*UNDER_WAY, closed("MT-1"), closed("MT-2"), closed("MT-3"), JOINED)


def after(*history: joint.Event) -> joint.State:
    return joint.DECIDER.replay(history)


def when(*history: joint.Event, command: joint.Command) -> list[joint.Event]:
    return list(joint.DECIDER.decide(after(*history), command))
