"""Opening a restaurant (开办餐馆): a bundle of three departments' items, and some who open one.

One waits to be accepted, one is in hand with a consultation and an extension asked for, one waits
for its result, one has it in part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mingtang.cases import actions, queries
from mingtang.cases.actions import joint
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.catalogue.queries import PublishedBundle
from mingtang.config.demo import living
from mingtang.core import bundles, cases
from mingtang.core.bundles import BundleContent
from mingtang.core.cases import Finding, Officer
from mingtang.core.people import Role

KEY = "restaurant"
ITEMS = (
    "食品经营许可",
    "公众聚集场所投入使用、营业前消防安全检查",
    "城镇污水排入排水管网许可",
)
SMALL = ("小餐饮登记", "城镇污水排入排水管网许可")  # of a bundle that is still being written
LEAD = "market-regulation"
PROMISED = 25  # working days, of the 45 the law allows
Staff = Mapping[tuple[Role, str], Officer]


@dataclass(frozen=True, slots=True)
class _Hall:
    staff: Staff
    clerk: Officer
    bundle: PublishedBundle


def publish(*, lead: tuple[str, str], government: tuple[str, str], by: str, at: datetime) -> None:
    """Publish the bundle, and begin another. `lead`, `government`: code and name."""
    rows = {row.name: row.key for row in catalogue_queries.items(catalogue_queries.Wanted())}
    content = BundleContent(
        name="开办餐馆",
        name_en="Opening a restaurant",
        summary="开一家餐馆要办的许可，一张表一次申请：食品经营、消防安全检查、排水。",
        summary_en="What it takes to open a restaurant, applied for with one form.",
        lead=lead[0],
        lead_name=lead[1],
        government=government[0],
        government_name=government[1],
        items=tuple(rows[name] for name in ITEMS),
        promised_days=PROMISED,
    )
    catalogue.draft_bundle(key=KEY, content=content, seen=0, by=by, at=at)
    catalogue.publish_bundle(key=KEY, draft=1, by=by, at=at)
    small = replace(
        content,
        name="开办小餐饮店",
        name_en="Opening a snack bar",
        summary="",
        summary_en="",
        items=tuple(rows[name] for name in SMALL),
    )
    catalogue.draft_bundle(key="snack-bar", content=small, seen=0, by=by, at=at)


def live(
    *, staff: Staff, applicants: Sequence[living.Party], clerk: Officer, until: datetime
) -> None:
    """Let four of the enterprises open a restaurant, in the days before `until`."""
    hall = _Hall(staff, clerk, catalogue_queries.bundle_in_force(KEY))
    parties = [one for one in applicants if one.kind == "organisation"][:4]
    first, second, third, fourth = parties
    _file(hall, first, until - timedelta(hours=2))
    _in_hand(hall, second, until - timedelta(days=2))
    _decided(hall, third, until - timedelta(days=3), refused="")
    number = _decided(hall, fourth, until - timedelta(days=6), refused=ITEMS[2])
    joint.conclude(
        number=number,
        statement="排水许可未准予：隔油设施不符合要求。整改后可单独申请，其余两项可先领证（演示）。",
        officer=staff[Role.CHIEF_REPRESENTATIVE, LEAD],
        at=until - timedelta(days=1),
    )


def _file(hall: _Hall, party: living.Party, at: datetime) -> str:
    content, contents = hall.bundle.content, hall.bundle.contents
    answers = {
        one.key: one.options[0].value for one, _parts in bundles.situations(content, contents)
    }
    wanted = bundles.materials(content, contents, answers)
    form = bundles.joined(content, contents).form
    receipt = joint.file_joint(
        bundle=KEY,
        applicant=cases.Applicant(
            kind=party.kind,
            id=party.id,
            name=party.name,
            id_number=party.id_number,
            phone=party.phone,
            agent=party.agent,
        ),
        answers=answers,
        form=living.answers(form, party),
        documents=[
            living.document(party, one.material.key, one.material.name, at) for one in wanted
        ],
        at=at,
    )
    return receipt.key


def _in_hand(hall: _Hall, party: living.Party, at: datetime) -> None:
    """The food licence is granted; the lead has asked the others, and for more time."""
    number = _file(hall, party, at)
    joint.accept_joint(number=number, officer=hall.clerk, at=at + _hours(1))
    lead = hall.staff[Role.CHIEF_REPRESENTATIVE, LEAD]
    _decide(hall, number, ITEMS[0], at + _hours(3), granted=True)
    others = sorted({one.content.department for one in hall.bundle.items.values()} - {LEAD})
    joint.ask_departments(
        number=number,
        question="厨房排烟井与疏散通道、隔油池的位置是否相互影响？（演示）",
        departments=others,
        officer=lead,
        at=at + _hours(5),
    )
    joint.answer_consultation(
        number=number,
        consultation=1,
        answer="疏散通道净宽符合要求，不受影响（演示）。",
        officer=hall.staff[Role.REVIEWER, others[0]],
        at=at + _hours(20),
    )
    joint.ask_extension(
        number=number,
        days=10,
        reason="三部门须联合到现场勘验（演示）",
        officer=lead,
        at=at + _hours(24),
    )


def _decided(hall: _Hall, party: living.Party, at: datetime, *, refused: str) -> str:
    """Every department has decided; the lead has still to give the result."""
    number = _file(hall, party, at)
    joint.accept_joint(number=number, officer=hall.clerk, at=at + _hours(2))
    for place, name in enumerate(ITEMS):
        _decide(hall, number, name, at + _hours(6 + 18 * place), granted=name != refused)
    return number


def _decide(hall: _Hall, number: str, name: str, at: datetime, *, granted: bool) -> None:
    """Review and decide one branch, and let the joint case take note of it."""
    [item] = [one.content for one in hall.bundle.items.values() if one.content.name == name]
    [case] = [row.number for row in queries.branches_of(number) if row.item_name == name]
    for step in living.in_order(item.steps):
        actions.complete_step(
            number=case,
            step=step.key,
            finding=Finding.MEETS if granted else Finding.FAILS,
            opinion="现场与申报一致（演示）。" if granted else "隔油设施不符合要求（演示）。",
            officer=hall.staff[Role.REVIEWER, step.department or item.department],
            at=at,
        )
    actions.decide(
        number=case,
        granted=granted,
        reason="" if granted else "隔油设施不符合排水许可条件（演示理由）。",
        officer=hall.staff[Role.CHIEF_REPRESENTATIVE, item.department],
        at=at + _hours(2),
    )
    joint.take_stock({case: at + _hours(2)})


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)
