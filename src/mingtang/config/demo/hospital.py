"""A hospital's certificates (演示医院): one application for several people, decided together.

A second one waits to be accepted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from stdnum.iso7064 import mod_11_2

from mingtang.cases import queries
from mingtang.cases.actions import batches
from mingtang.catalogue import queries as catalogue
from mingtang.config.demo import living
from mingtang.core import cases
from mingtang.core.cases import Finding, Officer
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.people import Role
from mingtang.ledger.orders import Outcome, Receipt

ITEM, HOSPITAL = "放射工作人员证核发", "演示云岭医院管理有限公司"
DECIDED, WAITING = range(1, 9), range(9, 12)


def live(
    *,
    staff: Mapping[tuple[Role, str], Officer],
    applicants: Sequence[living.Party],
    clerk: Officer,
    until: datetime,
) -> None:
    """File, accept, review and decide a batch, in the hours before `until`; file another."""
    row = catalogue.items(catalogue.Wanted()).get(name=ITEM)
    item = catalogue.in_force(row.key)[1]
    party = next(one for one in applicants if one.name == HOSPITAL)
    at = until - timedelta(hours=3)
    batch = file(item, party, clerk, DECIDED, at)
    once = {case.number: f"demo/{case.number}" for case in queries.of_batch(batch)}
    reviewer = staff[Role.REVIEWER, item.department]
    chief = staff[Role.CHIEF_REPRESENTATIVE, item.department]
    _sure(batches.accept_each(once=_keys(once, "accept"), officer=clerk, at=at + _minutes(20)))
    for step in item.steps:
        outcomes = batches.complete_each(
            once=_keys(once, step.key),
            step=step.key,
            finding=Finding.MEETS,
            opinion="培训和健康检查均合格（演示）。",
            officer=reviewer,
            at=at + _minutes(70),
        )
        _sure(outcomes)
    decided = batches.decide_each(
        once=_keys(once, "decide"), granted=True, reason="", officer=chief, at=at + _minutes(110)
    )
    _sure(decided)
    file(item, party, clerk, WAITING, until - timedelta(hours=1))


def file(
    item: ItemContent, party: living.Party, clerk: Officer, workers: range, at: datetime
) -> str:
    """File the hospital's application for these people at the window; return its number."""
    receipt = batches.file_batch(
        item=key_of(item.code),
        applicant=cases.Applicant(
            kind=party.kind,
            id=party.id,
            name=party.name,
            id_number=party.id_number,
            phone=party.phone,
            agent=party.agent,
        ),
        answers={one.key: one.options[0].value for one in item.situations},
        rows=[worker(number, party.name) for number in workers],
        documents=[living.document(party, m.key, m.name, at) for m in item.materials],
        at=at,
        taken_by=clerk,
    )
    return receipt.key


def worker(number: int, employer: str) -> dict[str, object]:
    """Return a row of the application: somebody invented, with a number that checks."""
    body = f"99010119900101{number:03}"
    return {
        "holder_name": f"演示放射员{number:03}",
        "holder_id": body + str(mod_11_2.calc_check_digit(body)),
        "holder_phone": f"1990000{number:04}",
        "employer": employer,
        "post": "diagnosis",
        "training_date": "2026-05-20",
        "check_date": "2026-06-01",
    }


def _keys(once: Mapping[str, str], act: str) -> dict[str, str]:
    return {number: f"{key}/{act}" for number, key in once.items()}


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _sure(outcomes: Mapping[str, Outcome]) -> None:
    for outcome in outcomes.values():
        if not isinstance(outcome, Receipt):
            raise outcome
