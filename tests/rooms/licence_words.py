"""A town whose market office gives licences: what the tests of e-licences begin with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from mingtang.cases import actions as cases
from mingtang.cases.actions import batches
from mingtang.config.wiring import REACTIONS
from mingtang.core.cases.terms import Applicant, Officer
from mingtang.core.licences import RevocationGround
from mingtang.core.licences.types import LicenceField, TypeContent
from mingtang.core.mandates import MandatePower
from mingtang.core.organisations import Particulars
from mingtang.core.people import IdKind, Role
from mingtang.core.sheets import Layout
from mingtang.ledger import reactions
from mingtang.licences import actions
from mingtang.licences.actions import hearing
from mingtang.licences.models import LicenceRow
from mingtang.papers.actions.making import make_due
from mingtang.people import actions as people
from mingtang.people.actions import Identity
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder
from tests.core.case_examples import MONDAY
from tests.core.licence_examples import CONTENT
from tests.rooms import batch_town, case_town
from tests.rooms.batch_town import WORKERS, resident
from tests.rooms.case_town import SETUP, Town

USCC = "91350100M000100Y43"
WORKER_CODE = "91350100M000100Y43W02"
WORKER = TypeContent(
    code=WORKER_CODE,
    name="演示放射工作人员证",
    name_en="Radiation Worker Certificate",
    organ="market",
    organ_name="演示市场监督管理局",
    items=(WORKERS.code,),
    layout=Layout.CARD,
    holder_name=LicenceField(name="holder", label="姓名", source="form:name"),
    holder_number=LicenceField(name="number", label="身份证号码", source="form:number"),
    fields=(
        LicenceField(name="unit", label="工作单位", source="form:unit"),
        LicenceField(name="job", label="岗位类别", source="form:job"),
        LicenceField(name="since", label="从事日期", source="form:since", required=False),
    ),
    validity_months=24,
)
SHORT = replace(CONTENT, validity_months=2)  # from MONDAY to 1 May; to be renewed by 1 April
SEAL_LETTER = "演市监授〔2026〕2号"
END = date(2031, 3, 1)  # five years from MONDAY


@dataclass(frozen=True)
class Office(Town):
    """The town, and who manages its centre."""

    head: str


def build(*, sealed: bool = True, typed: bool = True) -> Office:
    """Enter the people, the market office's code, its seal and the type of its licences."""
    town = case_town.build()
    head = case_town.official(11, Role.CENTRE_MANAGER, "centre")
    said = Particulars(name="演示市场监督管理局", short_name="演市监", uscc=USCC)
    people.amend_organisation(code="market", particulars=said, by=SETUP, by_staff=True, at=MONDAY)
    office = Office(**{f.name: getattr(town, f.name) for f in fields(town)}, head=head)
    if sealed:
        seal(office)
    if typed:
        publish(office)
    return office


def seal(office: Office) -> None:
    """Make the office's seal; its chief keeps it and may use it for everything."""
    order = SealOrder(
        seal_no="9900000000024",
        organ="market",
        name="行政审批专用章",
        custodian=office.chief,
        sealer="local",
        valid_from=date(2026, 1, 1),
        valid_to=date(2099, 12, 31),
    )
    trust.make_seal(order=order, by=office.manager, at=MONDAY)
    case_town.grant(
        office,
        letter_no=SEAL_LETTER,
        items=("*",),
        powers=(MandatePower.SEAL,),
        valid_to=date(2099, 12, 31),
    )


def publish(office: Office, content: TypeContent = CONTENT, at: datetime = MONDAY) -> str:
    return actions.publish_type(content=content, by=office.head, at=at).key


def chief(office: Office) -> Officer:
    return case_town.officer(office.chief, "N-006", "market")


def tell(
    office: Office,
    key: str,
    ground: RevocationGround = RevocationGround.FRAUD,
    *,
    reason: str = "依法",
    at: datetime = MONDAY,
) -> None:
    """Tell the holder that a licence is to be revoked."""
    hearing.tell(key=key, ground=ground, reason=reason, officer=chief(office), at=at)


def heard(
    office: Office,
    key: str,
    ground: RevocationGround = RevocationGround.FRAUD,
    *,
    at: datetime = MONDAY,
) -> None:
    """Tell them, and let whoever applied answer at once."""
    tell(office, key, ground, at=at)
    applicant = LicenceRow.objects.get(pk=key).applicant
    hearing.answer(key=key, person=applicant, answer="没有意见", at=at)


def revoked(
    office: Office,
    key: str,
    ground: RevocationGround = RevocationGround.FRAUD,
    *,
    reason: str = "演示",
    at: datetime = MONDAY,
) -> None:
    """Revoke a licence whose holder was heard."""
    heard(office, key, ground, at=at)
    actions.revoke(key=key, reason=reason, officer=chief(office), at=at)


# ── Cases that give a licence ───────────────────────────────────────────────


def granted(office: Office, at: datetime = MONDAY, number: str = "") -> str:
    """Take a case through to its grant, or this one that is filed; return its number."""
    number = number or case_town.filed(office, at=at)
    cases.accept(number=number, officer=case_town.clerk(office), at=at)
    for step, person, staff_no, body in (
        ("papers", office.reviewer, "N-004", "market"),
        ("site", office.inspector, "N-005", "inspection"),
        ("merge", office.reviewer, "N-004", "market"),
    ):
        officer = case_town.officer(person, staff_no, body)
        review(number, step, officer, at)
    cases.decide(number=number, granted=True, reason="", officer=chief(office), at=at)
    return number


def review(number: str, step: str, officer: Officer, at: datetime) -> None:
    cases.complete_step(
        number=number,
        step=step,
        finding="meets",  # type: ignore[arg-type]  # StrEnum
        opinion="符合",
        officer=officer,
        at=at,
    )


def renewal(office: Office, key: str, *, at: datetime, applicant: str = "") -> str:
    """File a case that asks to renew a licence; return its number."""
    return filed_for(applicant or office.citizen, at=at, renews=key)


def filed_for(applicant: str, *, by: str = "", at: datetime = MONDAY, renews: str = "") -> str:
    """File a case for somebody, by an agent or in person; return its number."""
    asking = Applicant(
        kind="person",
        id=applicant,
        name="演示甲",
        id_number="E00000001",
        phone="19900000001",
        agent=by,
    )
    paper = case_town.document(case_town.kept(by or applicant, at=at), "m1")
    return cases.file_case(
        item=case_town.ITEM,
        applicant=asking,
        answers={"s1": "no"},
        form={"premises": "演示路 1 号", "kind": "shop"},
        documents=[paper],
        renews=renews,
        at=at,
    ).key


def batch_lacking(office: Office, name: str, *, place: int, count: int = 3) -> Sequence[str]:
    """File a batch whose row at `place` says nothing of one thing; return its cases, granted."""
    rows = [batch_town.worker(number) for number in range(1, count + 1)]
    del rows[place - 1][name]
    hospital = Applicant(
        kind="organisation",
        id=batch_town.HOSPITAL,
        name="演示医院",
        id_number=USCC,
        phone="19900000001",
        agent=office.citizen,
    )
    paper = case_town.document(case_town.kept(office.citizen), "m1")
    batch = batches.file_batch(
        item=batch_town.MANY,
        applicant=hospital,
        answers={},
        rows=rows,
        documents=[paper],
        at=MONDAY,
    ).key
    return [granted(office, number=number) for number in batch_town.numbers(batch)]


def registered(number: int, name: str) -> str:
    """Register a person with a resident identity number; return their id."""
    identity = Identity(
        name=name, id_kind=IdKind.RESIDENT, id_number=resident(number), phone="19900000001"
    )
    return people.register_person(identity=identity, at=MONDAY).key


# ── The worker ──────────────────────────────────────────────────────────────

READERS = ("licences.renewals", "licences.register", "licences.papers", "licences.issue")
OURS = {one.reader: one for one in REACTIONS if one.reader in READERS}


def begin() -> None:
    """Give the readers their places, as an installation does when it is made."""
    for reaction in OURS.values():
        reactions.begin(reaction)


def hear(*readers: str) -> int:
    """Let these readers, or all of ours, hear what there is; return how much it was."""
    return sum(reactions.run(OURS[reader]) for reader in readers or READERS)


def work(at: datetime = MONDAY) -> None:
    """Do what the worker does until there is nothing left to do."""
    while hear() + make_due(at=at):
        pass


def licensed(office: Office, at: datetime = MONDAY) -> str:
    """Return the key of a licence that was granted, made and issued."""
    begin()
    number = granted(office, at)
    work(at)
    return number


def row(key: str) -> LicenceRow:
    return LicenceRow.objects.get(pk=key)


def in_one(office: Office, count: int) -> tuple[str, Sequence[str]]:
    """Let the hospital apply for so many workers; return the batch and its cases, granted."""
    batch = batch_town.batch(office, count)
    numbers = batch_town.numbers(batch)
    for number in numbers:
        granted(office, number=number)
    return batch, numbers
