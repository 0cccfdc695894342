"""A case (办件) in the middle of its life, for examples: who, what, and when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from mingtang.core import cases
from mingtang.core.cases import Applicant, Document, Officer, Shortfall, Terms
from mingtang.core.catalogue import Join, Step
from mingtang.core.mandates import Authority, Mandate, MandatePower
from mingtang.core.wire import Sealed, canonical
from tests.core.work_calendars import KNOWN

CHINA = timezone(timedelta(hours=8))


def day(month: int, number: int, hour: int = 9) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=CHINA)


MONDAY = day(3, 2)  # five working days later: Monday the 9th; twenty: the 30th
CLERK = Officer(person="P-clerk", staff_no="07", organisation="centre", office="window-7")
REVIEWER = Officer(person="P-rev", staff_no="21", organisation="market")
INSPECTOR = Officer(person="P-site", staff_no="33", organisation="inspection")
CHIEF = Officer(person="P-chief", staff_no="01", organisation="market", office="window-7")

PAPERS = Step(key="papers", name="书面审查", days=2)
SITE = Step(key="site", name="现场核查", days=3, department="inspection")
MERGE = Step(key="merge", name="汇总", after=("papers", "site"), days=1)


def terms(*steps: Step, promised_days: int = 5) -> Terms:
    return Terms(
        item="item-key",
        code="DEMO-001",
        version=3,
        name="食品经营许可",
        name_en="Food business licence",
        department="market",
        statutory_days=20,
        promised_days=promised_days,
        steps=steps,
    )


PARALLEL = terms(PAPERS, SITE, MERGE)
PLAIN = terms()
EITHER = terms(
    PAPERS, SITE, Step(key="merge", name="汇总", after=("papers", "site"), join=Join.ANY)
)

APPLICANT = Applicant(
    kind="person", id="P-wang", name="演示甲", id_number="110101199003071234", phone="13800001234"
)
AGENT = Applicant(
    kind="organisation",
    id="shop",
    name="演示商店",
    id_number="X",
    phone="13800001234",
    agent="P-li",
)


def document(material: str, id: str = "") -> Document:
    return Document(
        id=id or f"d-{material}", material=material, sha256="ab" * 32, sm3="cd" * 32, size=1234
    )


DRAWING, FORM = document("m1"), document("m2")
FILE = cases.FileApplication(
    terms=PARALLEL,
    applicant=APPLICANT,
    form='{"fields":{}}',
    documents=(DRAWING, FORM),
    required=("m1", "m2"),
    channel="online",
    taken_by=None,
    at=MONDAY,
    calendar=KNOWN,
)


def filed(given: Terms = PARALLEL, applicant: Applicant = APPLICANT) -> cases.CaseFiled:
    return cases.CaseFiled(
        terms=given,
        applicant_kind=applicant.kind,
        applicant=Sealed(applicant.id),
        applicant_name=Sealed(applicant.name),
        applicant_id_number=Sealed(applicant.id_number),
        phone=Sealed(applicant.phone),
        agent=Sealed(applicant.agent),
        form=Sealed(FILE.form),
        documents=(DRAWING, FORM),
        channel="online",
        taken_by=None,
        at=MONDAY,
        intake_due=date(2026, 3, 9),
        provisional=False,
    )


SHORT = Shortfall(material="m1", name="平面图", reason="没有标注面积")
NOTIFY = cases.NotifyCorrections(shortfalls=(SHORT,), officer=CLERK, at=day(3, 3))
NOTIFIED = cases.CorrectionsNotified(
    shortfalls=Sealed(canonical((SHORT,))), count=1, officer=CLERK, at=day(3, 3)
)
CORRECT = cases.SubmitCorrections(
    person="P-wang", documents=(document("m1", "d-new"),), form="", at=day(3, 20), calendar=KNOWN
)
CORRECTED = cases.CorrectionsReceived(
    documents=(document("m1", "d-new"),),
    form=Sealed(""),
    at=day(3, 20),
    intake_due=date(2026, 3, 27),
    provisional=False,
)
ACCEPT = cases.AcceptCase(officer=CLERK, at=day(3, 4), calendar=KNOWN)


def accepted(*opened: str, promised_due: date = date(2026, 3, 11)) -> cases.CaseAccepted:
    return cases.CaseAccepted(
        officer=CLERK,
        at=day(3, 4),
        accepted_date=date(2026, 3, 4),
        statutory_due=date(2026, 4, 1),
        promised_due=promised_due,
        provisional=False,
        calendar=KNOWN.version,
        opened=opened,
    )


ACCEPTED = accepted("papers", "site")
REFUSE = cases.RefuseAcceptance(
    ground=cases.Ground.NOT_COMPETENT,
    reason="由县级机关办理",
    competent_organ="演示县市场监督管理局",
    officer=CLERK,
    at=day(3, 4),
)
NOT_ACCEPTED = cases.CaseNotAccepted(
    ground=cases.Ground.NOT_COMPETENT,
    reason=Sealed("由县级机关办理"),
    competent_organ="演示县市场监督管理局",
    officer=CLERK,
    at=day(3, 4),
)
DEEM = cases.DeemAccepted(at=day(3, 10, 0), calendar=KNOWN)


def deemed(*opened: str, at: datetime = DEEM.at) -> cases.CaseDeemedAccepted:
    """Accepted by law from the day the materials were received: Monday the 2nd."""
    return cases.CaseDeemedAccepted(
        at=at,
        accepted_date=date(2026, 3, 2),
        statutory_due=date(2026, 3, 30),
        promised_due=date(2026, 3, 9),
        provisional=False,
        calendar=KNOWN.version,
        opened=opened,
    )


def complete(step: str, officer: Officer = REVIEWER, **changes: object) -> cases.CompleteStep:
    given = {"finding": cases.Finding.MEETS, "opinion": "", "at": day(3, 6)} | changes
    return cases.CompleteStep(step=step, officer=officer, **given)  # type: ignore[arg-type]


def completed(
    step: str, officer: Officer = REVIEWER, *opened: str, finished: bool = False
) -> cases.StepCompleted:
    return cases.StepCompleted(
        step=step,
        finding=cases.Finding.MEETS,
        opinion=Sealed(""),
        officer=officer,
        at=day(3, 6),
        opened=opened,
        review_finished=finished,
    )


REVIEWED = (
    completed("papers"),
    completed("site", INSPECTOR, "merge"),
    completed("merge", finished=True),
)
MANDATE = Mandate(
    letter_no="演市监授〔2026〕1号",
    organ="market",
    organ_name="演示市场监督管理局",
    person=CHIEF.person,
    person_name="演示乙",
    items=("DEMO-001",),
    powers=(MandatePower.DECIDE,),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 3, 31),
    published=True,
)
DECIDE = cases.DecideCase(granted=True, reason="", officer=CHIEF, mandate=MANDATE, at=day(3, 9))
GRANTED = cases.CaseDecided(
    granted=True,
    reason=Sealed(""),
    officer=CHIEF,
    authority=Authority(
        letter_no=MANDATE.letter_no, organ="market", person=CHIEF.person, valid_to=MANDATE.valid_to
    ),
    at=day(3, 9),
)
WITHDRAW = cases.WithdrawCase(person="P-wang", reason="改期开业", at=day(3, 10))
WITHDRAWN = cases.CaseWithdrawn(reason=Sealed("改期开业"), at=day(3, 10))


def after(*history: cases.Event) -> cases.State:
    return cases.DECIDER.replay(history)


def when(*history: cases.Event, command: cases.Command) -> Sequence[cases.Event]:
    """Given `history`, when `command`: return the events."""
    return cases.DECIDER.decide(after(*history), command)
