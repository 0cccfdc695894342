"""What stands beside the main clock (其他时限): a material that follows, one that should have come,
a promise to look into and one that was false, a change to rule on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions import beside
from mingtang.catalogue import queries as catalogue
from mingtang.config.demo import living
from mingtang.core import cases
from mingtang.core.cases import Finding, Officer
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.people import Role

ITEM = "公共场所卫生许可"  # one of its materials may follow, a promise stands for another
OVERDUE, LATELY = timedelta(days=24), timedelta(days=2)  # ten working days are over, and are not


def live(
    *,
    staff: Mapping[tuple[Role, str], Officer],
    applicants: Sequence[living.Party],
    clerk: Officer,
    until: datetime,
) -> None:
    """File four applications of one enterprise, each with a date of its own that runs.

    And one of another, whose promise did not hold: the licence it gave is to be revoked.
    """
    item = catalogue.in_force(catalogue.items(catalogue.Wanted()).get(name=ITEM).key)[1]
    party, other = [one for one in applicants if one.kind == "organisation"][:3:2]
    reviewer = staff[Role.REVIEWER, item.department]
    chief = staff[Role.CHIEF_REPRESENTATIVE, item.department]
    late = _accepted(item, party, clerk, until - OVERDUE)
    beside.record_site_check(
        number=late,
        officer=reviewer,
        others=[chief],
        checked_date=timezone.localtime(until - OVERDUE).date(),
        place="演示路 1 号",
        finding="设施布局与平面图一致（演示）。",
        at=until - OVERDUE + timedelta(hours=1),
    )
    _accepted(item, party, clerk, until - LATELY)
    changed = _accepted(item, party, clerk, until - LATELY)
    beside.request_change(
        number=changed,
        person=party.agent,
        what="营业场所增加二层，面积由 80 平方米改为 150 平方米（演示）。",
        documents=[],
        form=None,
        at=until - timedelta(hours=2),
    )
    _granted(item, _promised(item, party, clerk, until - LATELY), reviewer, chief, until)
    false = _promised(item, other, clerk, until - LATELY)
    _granted(item, false, reviewer, chief, until)
    beside.record_check(
        number=false,
        held=False,
        finding="集中空调通风系统没有检测过，报告是后补的空白表（演示）。",
        officer=reviewer,
        at=until - timedelta(hours=1),
    )


def _accepted(item: ItemContent, party: living.Party, clerk: Officer, at: datetime) -> str:
    """Return a case accepted without what may follow."""
    number = _filed(item, party, at, [m.key for m in item.materials if m.needed == "required"])
    actions.accept(number=number, officer=clerk, at=at + timedelta(minutes=20))
    return number


def _promised(item: ItemContent, party: living.Party, clerk: Officer, at: datetime) -> str:
    """Return a case accepted on a promise in place of one material."""
    given = [material.key for material in item.materials if not material.commitment]
    promised = [material.key for material in item.materials if material.commitment]
    number = _filed(item, party, at, given, promised)
    actions.accept(number=number, officer=clerk, at=at + timedelta(minutes=20))
    return number


def _filed(
    item: ItemContent,
    party: living.Party,
    at: datetime,
    given: Sequence[str],
    promised: Sequence[str] = (),
) -> str:
    answers = {one.key: one.options[0].value for one in item.situations}
    asked = cases.materials_for(item, answers)
    receipt = actions.file_case(
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
        documents=[living.document(party, m.key, m.name, at) for m in asked if m.key in given],
        promised=promised,
        at=at,
    )
    return receipt.key


def _granted(
    item: ItemContent, number: str, reviewer: Officer, chief: Officer, until: datetime
) -> None:
    at = until - timedelta(hours=5)
    for step in living.in_order(item.steps):
        actions.complete_step(
            number=number,
            step=step.key,
            finding=Finding.MEETS,
            opinion="材料齐全，其中检测报告以承诺代替（演示）。",
            officer=reviewer,
            at=at,
        )
    actions.decide(
        number=number, granted=True, reason="", officer=chief, at=at + timedelta(hours=1)
    )
