"""Cases sent above and cases counsel was asked about (转报和法律意见), each at another point.

One body is late, one is in time, one has yet to take the case, one has agreed; one opinion is
given, one is waited for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mingtang.cases import actions
from mingtang.cases.actions import counsel, referral
from mingtang.catalogue import queries as catalogue
from mingtang.config.demo import living
from mingtang.core import cases
from mingtang.core.cases import Answer, Conclusion, Finding, Officer
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.people import Role

ITEM = "特种设备生产单位许可"
LATE, IN_TIME, ORDERED, AGREED = 34, 12, 9, 20  # days since each was filed
QUESTIONS = {
    AGREED: "上级答复未附理由，可否据以作出决定？（演示问题）",
    IN_TIME: "申请人正在办理更名，决定应当写哪个名称？（演示问题）",
}
WITH = {LATE: 26, IN_TIME: 4, AGREED: 12}  # days since the body took it


def live(
    *,
    staff: Mapping[tuple[Role, str], Officer],
    applicants: Sequence[living.Party],
    clerk: Officer,
    until: datetime,
) -> None:
    """File, review and refer four cases, in the weeks before `until`."""
    row = catalogue.items(catalogue.Wanted()).get(name=ITEM)
    item = catalogue.in_force(row.key)[1]
    bodies = [party for party in applicants if party.kind == "organisation"]
    reviewer = staff[Role.REVIEWER, item.department]
    lawyer = staff[Role.COUNSEL, clerk.organisation]
    numbers = {}
    for since, party in zip((LATE, IN_TIME, ORDERED, AGREED), bodies, strict=False):
        days = timedelta(days=since)
        numbers[since] = _referred(item, party, staff, clerk, until - days)
    for since, taken in WITH.items():
        at = until - timedelta(days=taken)
        referral.hand_over(
            number=numbers[since],
            leg=1,
            receipt_no=f"演示收〔{at.year}〕{since}号",
            received_by="演示接收员",
            received_date=at.date(),
            officer=reviewer,
            at=at,
        )
    _answered(numbers[AGREED], reviewer, until - timedelta(days=3))
    for since, question in QUESTIONS.items():
        at = until - timedelta(days=2)
        _asked(numbers[since], question, reviewer, lawyer.organisation, at)
    counsel.give(
        number=numbers[AGREED],
        request=1,
        conclusion=Conclusion.LAWFUL,
        opinion="申请人的条件和程序均符合规定，可以依上级答复作出决定（演示意见）。",
        officer=lawyer,
        at=until - timedelta(days=1),
    )


def _referred(
    item: ItemContent,
    party: living.Party,
    staff: Mapping[tuple[Role, str], Officer],
    clerk: Officer,
    at: datetime,
) -> str:
    """File a case at the window, accept and review it, and order it to be sent above."""
    answers = {one.key: one.options[0].value for one in item.situations}
    wanted = cases.materials_for(item, answers)
    papers = [living.document(party, m.key, m.name, at) for m in wanted]
    number = actions.file_case(
        item=key_of(item.code),
        applicant=cases.Applicant(
            kind=party.kind,
            id=party.id,
            name=party.name,
            id_number=party.id_number,
            phone=party.phone,
            agent=party.agent,
        ),
        answers=answers,
        form={field.name: living.value(field, party) for field in item.form},
        documents=papers,
        at=at,
        taken_by=clerk,
    ).key
    at += timedelta(hours=1)
    actions.accept(number=number, officer=clerk, at=at)
    for step in living.in_order(item.steps):
        at += timedelta(hours=20)
        actions.complete_step(
            number=number,
            step=step.key,
            finding=Finding.MEETS,
            opinion="经审查符合条件，同意上报（演示）。",
            officer=staff[Role.REVIEWER, step.department or item.department],
            at=at,
        )
    [to] = item.referred_to
    referral.refer(
        number=number,
        body=to.body,
        days=0,
        basis="",
        reason="本机关审查完毕，依法报请审查（演示）。",
        documents=tuple(paper.id for paper in papers),
        officer=staff[Role.REVIEWER, item.department],
        at=at + timedelta(hours=2),
    )
    return number


def _answered(number: str, reviewer: Officer, at: datetime) -> None:
    letter = living.letter("答复", at)
    referral.answer(
        number=number,
        leg=1,
        answer=Answer.GRANTED,
        answer_no=f"演示函〔{at.year}〕9号",
        answer_date=(at - timedelta(days=1)).date(),
        received_date=at.date(),
        document=letter,
        officer=reviewer,
        at=at,
    )


def _asked(number: str, question: str, reviewer: Officer, body: str, at: datetime) -> None:
    counsel.ask(
        number=number,
        body=body,
        question=question,
        due_date=(at + timedelta(days=4)).date(),
        officer=reviewer,
        at=at,
    )
