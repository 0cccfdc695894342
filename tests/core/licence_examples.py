"""An e-licence (电子证照) in the middle of its life, for examples: what it says, who acts, when."""

from datetime import date, datetime, timedelta, timezone

from mingtang.core import licences
from mingtang.core.cases.terms import Officer
from mingtang.core.licences import Holder, Value
from mingtang.core.licences.types import LicenceField, TypeContent
from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.sheets import Layout
from tests.core.work_calendars import KNOWN

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 3, 16, 9, tzinfo=CHINA)
CODE = "91350100M000100Y43W01"
CONTENT = TypeContent(
    code=CODE,
    name="演示食品经营许可证",
    name_en="Food Business Licence",
    organ="market",
    organ_name="演示市场监督管理局",
    items=("DEMO-001",),
    layout=Layout.PLATE,
    holder_name=LicenceField(
        name="operator", label="经营者名称", label_en="Operator", source="applicant.name"
    ),
    holder_number=LicenceField(
        name="number", label="证件号码", label_en="Number", source="applicant.number"
    ),
    fields=(
        LicenceField(
            name="premises", label="经营场所", label_en="Premises", source="form:premises"
        ),
        LicenceField(name="kind", label="业态", source="form:kind", required=False),
    ),
    validity_months=60,
    remarks="悬挂于显著位置（演示）。",
)
HOLDER = Holder(kind="person", id="P-wang", name="演示甲", number="110101199003071234")
PREMISES = Value(name="premises", label="经营场所", label_en="Premises", value="演示路 1 号")
KIND = Value(name="kind", label="业态", value="食品店")
CHIEF = Officer(person="P-chief", staff_no="N-006", organisation="market")
LETTER = Mandate(
    letter_no="演市监授〔2026〕1号",
    organ="market",
    organ_name="演示市场监督管理局",
    person="P-chief",
    person_name="演示6",
    items=("DEMO-001",),
    powers=(MandatePower.DECIDE,),
    valid_from=date(2026, 1, 1),
    valid_to=date(2046, 12, 31),
    published=True,
)
LAST = date(2031, 3, 15)  # five years from the day of the decision


def day(year: int, month: int, number: int, hour: int = 9) -> datetime:
    return datetime(year, month, number, hour, tzinfo=CHINA)


REGISTER = licences.RegisterLicence(
    type=CODE,
    type_version=1,
    content=CONTENT,
    issuer="91350100M000100Y43",
    serial="2026Q7K2P9QXDA3B4C5D",
    item="DEMO-001",
    case="MT-7K2P-9QXD",
    batch="",
    place=0,
    applicant="P-li",
    agent="",
    holder=HOLDER,
    values=(PREMISES, KIND),
    decided_date=MONDAY.date(),
    at=MONDAY,
)
ISSUE = licences.IssueLicence(
    version=1, paper="MT-7K2P-9QXD-L1", number="演市监证〔2026〕1号", at=MONDAY
)
ISSUE_2 = licences.IssueLicence(
    version=2, paper="MT-7K2P-9QXD-L2", number="演市监证〔2026〕1号", at=MONDAY
)
DELIVER = licences.DeliverLicence(
    how=licences.DeliveredHow.WINDOW, recipient="演示甲", by="P-clerk", at=MONDAY
)
SUSPEND = licences.SuspendLicence(reason="停业整改", officer=CHIEF, mandate=LETTER, at=MONDAY)
RESUME = licences.ResumeLicence(reason="整改合格", officer=CHIEF, mandate=LETTER, at=MONDAY)
TELL = licences.TellHolder(
    ground=licences.RevocationGround.FRAUD,
    reason="以不实承诺取得",
    officer=CHIEF,
    mandate=LETTER,
    at=MONDAY,
    calendar=KNOWN,
)
ANSWER = licences.AnswerRevocation(person="P-wang", answer="检查做过，附报告", at=day(2026, 3, 18))
HEARD = (TELL, ANSWER)
REVOKE = licences.RevokeLicence(
    reason="提交虚假材料", officer=CHIEF, mandate=LETTER, at=day(2026, 3, 19)
)
CANCEL = licences.CancelLicence(
    ground=licences.CancellationGround.REQUESTED,
    reason="持有人申请",
    officer=CHIEF,
    mandate=LETTER,
    at=MONDAY,
)
REISSUE = licences.ReissueLicence(
    why=licences.ReissueReason.LOST,
    reason="原证遗失",
    content=CONTENT,
    holder=HOLDER,
    values=(PREMISES, KIND),
    officer=CHIEF,
    mandate=LETTER,
    at=MONDAY,
)
RENEWAL = "MT-0000-0002"
APPLY = licences.ApplyForRenewal(
    case=RENEWAL,
    item="DEMO-001",
    applicant="P-wang",
    filed_date=date(2031, 1, 10),
    at=day(2031, 1, 10),
)
END = licences.EndRenewal(case=RENEWAL, at=day(2031, 2, 1))
REPLACE = licences.ReplaceLicence(successor=RENEWAL, at=day(2031, 2, 1))
DEEM = licences.DeemRenewed(decided=False, at=day(2031, 3, 16))


def after(*commands: licences.Command) -> licences.State:
    """Given these commands were carried out."""
    state = licences.State()
    for command in commands:
        for event in licences.decide(state, command):
            state = licences.evolve(state, event)
    return state


def then(state: licences.State, command: licences.Command) -> licences.Event:
    [event] = licences.decide(state, command)
    return event
