"""A few hundred living cases: filed, corrected, accepted, reviewed, decided, late and withdrawn.

Who does what and when is drawn from a fixed seed; what happens then is up to the rules. The
acts are carried out in the order of their moments, many to a commit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random

from django.db import transaction
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.config.demo.paper import page
from mingtang.core import cases
from mingtang.core.cases import Applicant, Document, Finding, Ground, Officer, Shortfall
from mingtang.core.catalogue import FormField, ItemContent, Step, key_of
from mingtang.core.decider import Refused
from mingtang.core.people import Role
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.orders import Order, Receipt
from mingtang.vault import actions as vault

COUNT = 420
SPAN_DAYS = 62  # calendar days of the past that are lived through
SEED = 20260101
WELL_KNOWN = ("食品经营许可", "放射工作人员证核发", "林木采伐许可证核发", "社会保险登记")
OPINIONS = ("材料齐全，符合法定形式，拟同意。", "经审查，符合规定条件。", "情况属实，同意上报。")
CORRECTIONS = (
    "未加盖公章，请盖章后重新提交。",
    "扫描件不清晰，请重新上传。",
    "填写内容与证件不一致。",
)
FIRST = ("本材料共 1 页。", "情况说明：使用面积 120 平方米，共两层，设一个出入口。", "仅供演示。")
CORRECTED = (
    "本材料共 1 页。",
    "情况说明：使用面积 118.5 平方米，共两层，设两个出入口，平面图附后。",
    "申请人已签字并盖章。",
    "仅供演示。",
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who applies."""

    kind: str
    id: str
    name: str
    id_number: str
    phone: str
    agent: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens at one moment; `place` keeps a case's own acts in order."""

    at: datetime
    case: int
    place: int
    order: Order


def live(
    *,
    staff: Mapping[tuple[Role, str], Officer],
    applicants: Sequence[Party],
    until: datetime,
    papers_from: datetime,
    open_papers: Callable[[], None],
) -> None:
    """Carry out every act that lies before `until`.

    `open_papers` is called once, before the first act from `papers_from` on.
    """
    script = _Script(staff, applicants, until)
    with transaction.atomic():  # documents are kept one by one; a demonstration may share a commit
        acts = [act for number in range(COUNT) for act in script.case(number)]
    acts.sort(key=lambda act: (act.at, act.case, act.place))
    opened = False
    for _, today in groupby(acts, key=lambda act: timezone.localtime(act.at).date()):
        day = list(today)
        if not opened and day[-1].at >= papers_from:
            open_papers()
            opened = True
        midnight = timezone.localtime(day[0].at).replace(hour=0, minute=1, second=0)
        actions.deem_accepted(at=midnight)
        for outcome in actions.enact_many([act.order for act in day]):
            # A later act may find its case closed by what time did meanwhile: that is life.
            if not isinstance(outcome, Receipt | Refused):
                raise outcome


class _Script:
    def __init__(
        self,
        staff: Mapping[tuple[Role, str], Officer],
        applicants: Sequence[Party],
        until: datetime,
    ) -> None:
        self.staff, self.until = staff, until
        self.persons = [party for party in applicants if party.kind == "person"]
        self.bodies = [party for party in applicants if party.kind == "organisation"]
        self.calendar: WorkCalendar = catalogue.calendar()
        self.chance = Random(SEED)
        self.clerks = [officer for (role, _), officer in staff.items() if role is Role.WINDOW_CLERK]
        rows = catalogue.items(catalogue.Wanted()).filter(legacy=False)
        found = [catalogue.in_force(row.key)[1] for row in rows]
        self.items = [item for item in found if not item.referred_to]  # those are `referrals`
        self.known = [item for item in self.items if item.name in WELL_KNOWN]

    def case(self, number: int) -> Iterator[Act]:
        """Yield the acts of one case that have happened by now, in order."""
        story = self._story(number)
        for place, (at, order) in enumerate(story):
            if at > self.until:
                return
            yield Act(at, number, place, order)

    def _story(self, number: int) -> Iterator[tuple[datetime, Order]]:
        chance = self.chance
        item = chance.choice(self.known if chance.random() < 0.3 else self.items)
        if item.first_reviews:  # those are `levels`
            item = self.known[0]
        corporate = "1" not in item.audience or chance.random() < 0.4
        party = chance.choice(self.bodies if corporate else self.persons)
        clerk = chance.choice(self.clerks)
        at = self._somewhen()
        filed = self._filing(item, party, clerk if chance.random() < 0.3 else None, at)
        yield at, filed
        case, fate = filed.key, chance.random()
        if fate < 0.04:
            return  # nobody answers: after five working days the law does
        if fate < 0.08:
            at = self._later(at, 0, 2)
            yield at, _refusal(case, clerk, at)
            return
        if fate < 0.22:
            at = self._later(at, 1, 3)
            yield at, _correction(case, item, clerk, chance.choice(CORRECTIONS), at)
            if fate < 0.11:
                return  # still waiting for the applicant
            at = self._later(at, 1, 6)
            yield at, self._corrected(case, item, party, at)
        if fate > 0.96:
            at = self._later(at, 0, 1)
            yield at, _withdrawal(case, party, at)
            return
        at = self._later(at, 0, 3)
        yield at, actions.acceptance_order(number=case, officer=clerk, at=at)
        yield from self._review(case, item, at, hurried=fate < 0.9)

    def _review(
        self, case: str, item: ItemContent, at: datetime, *, hurried: bool
    ) -> Iterator[tuple[datetime, Order]]:
        chance = self.chance
        for step in in_order(item.steps):
            at = self._later(at, 0, max(1, step.days if hurried else step.days + 3))
            reviewer = self.staff[Role.REVIEWER, step.department or item.department]
            yield (
                at,
                actions.step_order(
                    number=case,
                    step=step.key,
                    finding=Finding.MEETS,
                    opinion=chance.choice(OPINIONS),
                    officer=reviewer,
                    at=at,
                ),
            )
        at = self._later(at, 0, 1) if item.steps else at + timedelta(minutes=12)
        granted = chance.random() < 0.94
        yield (
            at,
            actions.decision_order(
                number=case,
                granted=granted,
                reason="" if granted else "不符合受理条件第二项的要求（演示理由）。",
                officer=self.staff[Role.CHIEF_REPRESENTATIVE, item.department],
                at=at,
                item_code=item.code,
            ),
        )

    def _filing(
        self, item: ItemContent, party: Party, clerk: Officer | None, at: datetime
    ) -> Order:
        answers = {one.key: self.chance.choice(one.options).value for one in item.situations}
        wanted = cases.materials_for(item, answers)
        return actions.filing_order(
            item=key_of(item.code),
            applicant=Applicant(
                kind=party.kind,
                id=party.id,
                name=party.name,
                id_number=party.id_number,
                phone=party.phone,
                agent=party.agent,
            ),
            answers=answers,
            form={field.name: value(field, party) for field in item.form},
            documents=[document(party, m.key, m.name, at) for m in wanted],
            at=at,
            taken_by=clerk,
        )

    def _corrected(self, case: str, item: ItemContent, party: Party, at: datetime) -> Order:
        material = item.materials[0]

        def command() -> cases.SubmitCorrections:
            return cases.SubmitCorrections(
                person=party.agent or party.id,
                documents=(paper,),
                form="",
                at=at,
                calendar=self.calendar,
            )

        paper = document(party, material.key, material.name, at, CORRECTED)
        return Order(CASE, case, command)

    def _somewhen(self) -> datetime:
        """Return a moment of the past: citizens file on weekends and in the evening, too."""
        back = timedelta(minutes=self.chance.randrange(20, SPAN_DAYS * 24 * 60))
        at = self.until - back
        return at.replace(hour=self.chance.randrange(8, 22)) if back.days else at

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """Return a moment in office hours, this many working days on, never before `at`."""
        day: date = timezone.localtime(at).date()
        for _ in range(self.chance.randint(least, most)):
            day += timedelta(days=1)
        while not self.calendar.is_working(day):
            day += timedelta(days=1)
        minutes = self.chance.randrange(9 * 60, 17 * 60)
        moment = timezone.make_aware(datetime.combine(day, time(minutes // 60, minutes % 60)))
        return max(moment, at + timedelta(minutes=7))


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Return the steps so that each comes after those it waits for."""
    done: list[Step] = []
    while len(done) < len(steps):
        keys = {step.key for step in done}
        done += [s for s in steps if s.key not in keys and keys.issuperset(s.after)]
    return done


def _refusal(case: str, clerk: Officer, at: datetime) -> Order:
    command = cases.RefuseAcceptance(
        ground=Ground.NOT_COMPETENT,
        reason="所申请事项属市级权限（演示理由）。",
        competent_organ="云岭市相应主管部门",
        officer=clerk,
        at=at,
    )
    return Order(CASE, case, command)


def _correction(case: str, item: ItemContent, clerk: Officer, why: str, at: datetime) -> Order:
    material = item.materials[0]
    shortfall = Shortfall(material=material.key, name=material.name, reason=why)
    command = cases.NotifyCorrections(shortfalls=(shortfall,), officer=clerk, at=at)
    return Order(CASE, case, command)


def _withdrawal(case: str, party: Party, at: datetime) -> Order:
    command = cases.WithdrawCase(person=party.agent or party.id, reason="计划有变（演示）", at=at)
    return Order(CASE, case, command)


def letter(name: str, at: datetime) -> Document:
    """Keep a paper that belongs to nobody who applies."""
    data = page((name, "仅供演示。"))
    kept = vault.keep_document(owner="", name=f"{name}（演示）.pdf", chunks=[data], at=at)
    return Document(id=kept.id, material="", sha256=kept.sha256, sm3=kept.sm3, size=kept.size)


def document(
    party: Party, material: str, name: str, at: datetime, lines: Sequence[str] = FIRST
) -> Document:
    owner = party.agent or party.id
    data = page((name, f"申请人：{party.name}", *lines))
    kept = vault.keep_document(owner=owner, name=f"{name}（演示）.pdf", chunks=[data], at=at)
    return Document(id=kept.id, material=material, sha256=kept.sha256, sm3=kept.sm3, size=kept.size)


def answers(form: Sequence[FormField], party: Party) -> dict[str, object]:
    """Return a form as somebody would plausibly fill it in."""
    return {field.name: value(field, party) for field in form}


def value(field: FormField, party: Party) -> object:
    """Return something that field would plausibly hold."""
    samples: dict[str, object] = {
        "integer": 3,
        "money": 5_000_000,
        "date": "2026-06-01",
        "boolean": True,
        "idnumber": party.id_number if party.kind == "person" else "990101199001010019",
        "uscc": party.id_number if party.kind == "organisation" else "",
        "phone": party.phone,
        "textarea": "演示内容：按规定办理。",
    }
    if field.kind == "choice":
        return field.options[0].value
    if field.kind == "multichoice":
        return [field.options[0].value]
    return samples.get(field.kind, f"{field.label}（演示）")
