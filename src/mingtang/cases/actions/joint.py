"""Everything that can be done to a joint case (并联审批件).

It is filed with its branches in one commit. What becomes of them is read from their own streams
when an order's turn comes, so that the last of them to end is never missed: the reaction
"cases.joint" takes note of each, and whoever concludes takes note first, in the same commit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mingtang.cases import queries
from mingtang.cases.actions import enact_many, new_number
from mingtang.cases.projection import CASE, JOINT
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import PublishedBundle
from mingtang.core import bundles, cases, joint
from mingtang.core.cases import Officer
from mingtang.core.catalogue import Material
from mingtang.core.decider import Refused, require
from mingtang.core.people import Role
from mingtang.core.wire import canonical
from mingtang.ledger.enact import Outcome, enact, enact_one, known_state
from mingtang.ledger.numbers import drawn_number
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people

EXPECTED = ("joint.nothing-new", "joint.closed")  # nothing to note is nothing wrong


def new_joint_number() -> str:
    """Return the number of a joint case (联办编号) nobody can guess: 40 random bits."""
    return drawn_number("J")


# ── Filing ──────────────────────────────────────────────────────────────────


def file_joint(
    *,
    bundle: str,
    applicant: cases.Applicant,
    answers: Mapping[str, str],
    form: Mapping[str, object],
    documents: Sequence[cases.Document],
    at: datetime,
    taken_by: Officer | None = None,
    promised: Sequence[str] = (),
    once: str | None = None,
) -> Receipt:
    """File one application for a whole bundle (一件事申请), and a case for every item of it.

    `answers`, `form`, `documents` and `promised`, the materials in whose place a commitment was
    made (告知承诺), go by the joint keys of `core.bundles`. Returns the receipt of
    the joint case. Raises Refused, with nothing filed: bundle.not-in-force,
    bundle.item-not-published, joint.bundle-moved-on, and what the filing rules say.
    """
    number, begun = new_joint_number(), catalogue.bundle_in_force(bundle)
    branches = {item: new_number() for item in begun.content.items}
    filings: dict[str, cases.FileApplication] = {}

    def root() -> joint.FileJoint:
        now = catalogue.bundle_in_force(bundle)
        require(now.version == begun.version, "joint.bundle-moved-on")
        asked = bundles.materials(now.content, now.contents, answers)
        sharing, spared = queries.sharing_for_bundle(now, answers, applicant)
        barred = queries.barred_until(applicant.kind, applicant.id) if promised else None
        for item, case in branches.items():
            own = _asked_of(now, item, answers)
            filings[case] = cases.FileApplication(
                terms=cases.terms_of(item, now.items[item].version, now.items[item].content),
                applicant=applicant,
                form=_form_of(now, item, answers, form),
                documents=bundles.documents_for(item, asked, documents),
                required=cases.required_of(own),
                deferrable=cases.deferrable_of(own),
                commitments=cases.committed(
                    [one for one in own if one.commitment], _promised_of(item, asked, promised)
                ),
                replaceable=cases.replaceable_of(own),
                barred_until=barred,
                sharing=sharing[item],
                channel="window" if taken_by else "online",
                taken_by=taken_by,
                joint=number,
                at=at,
                calendar=catalogue.calendar(),
            )
            cases.DECIDER.decide(cases.State(), filings[case])  # refused: so is the whole
        return joint.FileJoint(
            bundle=bundle,
            version=now.version,
            content=now.content,
            branches=tuple(_branch(now, item, case) for item, case in branches.items()),
            applicant=applicant,
            form=canonical({"answers": dict(answers), "fields": dict(form)}),
            documents=tuple(documents),
            required=tuple(
                key
                for key in cases.required_of(one.material for one in asked)
                if key not in spared.found | set(promised)
            ),
            channel="window" if taken_by else "online",
            taken_by=taken_by,
            at=at,
        )

    orders = [Order(JOINT, number, root, once)]
    orders += [_branch_order(number, case, filings) for case in branches.values()]
    first, *others = enact(orders)
    receipt = _must(first)
    if not receipt.repeated:
        for outcome in others:
            _must(outcome)
    return receipt


def _branch_order(number: str, case: str, filings: Mapping[str, cases.FileApplication]) -> Order:
    """A branch is filed with its joint case, or not at all."""

    def command() -> cases.FileApplication:
        filed: joint.State = known_state(JOINT, number).state
        require(filed.stage is not joint.JointStage.NONE, "joint.unknown")
        return filings[case]

    return Order(CASE, case, command)


def _form_of(
    now: PublishedBundle, item: str, answers: Mapping[str, str], form: Mapping[str, object]
) -> str:
    own = bundles.answers_for(now.content, now.contents, item, answers)
    fields = bundles.form_for(now.content, now.contents, item, form)
    return canonical({"answers": own, "fields": fields})


def _asked_of(now: PublishedBundle, item: str, answers: Mapping[str, str]) -> tuple[Material, ...]:
    own = bundles.answers_for(now.content, now.contents, item, answers)
    return cases.materials_for(now.items[item].content, own)


def _promised_of(
    item: str, asked: Sequence[bundles.JointMaterial], promised: Sequence[str]
) -> list[str]:
    """Return an item's own keys of what was promised for all that need it."""
    made = [one for one in asked if one.material.key in promised]
    return [part.key for one in made for part in one.parts if part.item == item]


def _branch(now: PublishedBundle, item: str, case: str) -> joint.Branch:
    content = now.items[item].content
    return joint.Branch(
        case=case,
        item=item,
        name=content.name,
        name_en=content.name_en,
        department=content.department,
    )


# ── Acceptance ──────────────────────────────────────────────────────────────


def accept_joint(
    *, number: str, officer: Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Accept a joint case and all its branches that still wait for it (统一受理).

    Raises Refused, with nothing accepted, while a branch waits for corrections:
    joint.branches-not-accepted.
    """

    def command() -> joint.AcceptJoint:
        return joint.AcceptJoint(
            branches=standings(number), officer=officer, at=at, calendar=catalogue.calendar()
        )

    numbers = [branch.case for branch in _state(number).branches]
    orders = [_accepting(number, case, officer, at) for case in numbers]
    return _must(enact([*orders, Order(JOINT, number, command, once)])[-1])


def _accepting(number: str, case: str, officer: Officer, at: datetime) -> Order:
    def command() -> cases.AcceptCase:
        unfit = [one.case for one in standings(number) if one.stage is cases.Stage.CORRECTING]
        require(not unfit, "joint.branches-not-accepted", cases=unfit)
        return cases.AcceptCase(officer=officer, at=at, calendar=catalogue.calendar())

    return Order(CASE, case, command)


# ── Taking note of branches ─────────────────────────────────────────────────


def standings(number: str) -> tuple[joint.Standing, ...]:
    """Return where every branch stands, at this place in the log."""
    found = []
    for branch in _state(number).branches:
        case: cases.State = known_state(CASE, branch.case).state
        found.append(
            joint.Standing(
                case=branch.case,
                stage=case.stage,
                accepted_date=case.accepted_date,
                closed_date=case.closed_date,
                pauses=case.pauses,
            )
        )
    return tuple(found)


def take_stock(happened: Mapping[str, datetime]) -> int:
    """Let the joint cases of these branches take note of them; return how many had news.

    `happened`: case number → when something happened to it. Bears being done twice, at once.
    """
    last: dict[str, datetime] = {}
    for case, number in queries.joint_numbers_of(happened).items():
        last[number] = max(happened[case], last.get(number, happened[case]))
    return _noted([_stock_order(number, at) for number, at in sorted(last.items())])


def redate_all(*, at: datetime) -> int:
    """Date every open joint case anew (重算联办期限) after the calendar changed."""
    return _noted([_stock_order(number, at) for number in queries.joint_cases_under_way()])


def withdraw_all(
    *, number: str, person: str, reason: str, at: datetime, once: str | None = None
) -> Receipt:
    """Take back whatever of a joint case is still open (整体撤回), in one commit.

    Raises Refused: see `core.joint.withdrawing.withdraw`. What could not be withdrawn stands in
    the event.
    """
    represents = people.actor(person).represents

    def command() -> joint.WithdrawJoint:
        return joint.WithdrawJoint(
            person=person, represents=represents, branches=standings(number), reason=reason, at=at
        )

    orders = [Order(JOINT, number, command, once)]
    for branch in _state(number).branches:
        orders.append(_withdrawing(number, branch.case, person, represents, reason, at))
    first, *others = enact([*orders, _stock_order(number, at)])
    receipt = _must(first)
    for outcome in others:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return receipt


def _withdrawing(
    number: str, case: str, person: str, represents: frozenset[str], reason: str, at: datetime
) -> Order:
    def command() -> cases.WithdrawCase:
        require(case in _state(number).withdrawn, "joint.nothing-to-withdraw")
        return cases.WithdrawCase(person=person, represents=represents, reason=reason, at=at)

    return Order(CASE, case, command)


def _stock_order(number: str, at: datetime) -> Order:
    def command() -> joint.TakeStock:
        known = known_state(JOINT, number)
        moment = max(at, known.at) if known.at else at
        return joint.TakeStock(branches=standings(number), at=moment, calendar=catalogue.calendar())

    return Order(JOINT, number, command)


def _noted(orders: Sequence[Order]) -> int:
    outcomes = enact_many(orders)
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not _is_expected(outcome):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _is_expected(outcome: Exception) -> bool:
    return isinstance(outcome, Refused) and outcome.code in EXPECTED


# ── What the lead does ──────────────────────────────────────────────────────


def conclude(
    *, number: str, statement: str, officer: Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Give the joint result (出具联办结果), once every branch has ended.

    Raises Refused: see `core.joint.joining.conclude`.
    """
    command = joint.ConcludeJoint(statement=statement, officer=officer, at=at)
    return _must(enact([_stock_order(number, at), Order(JOINT, number, command, once)])[-1])


def ask_departments(
    *,
    number: str,
    question: str,
    departments: Sequence[str],
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask departments that handle branches (发起会商)."""
    command = joint.AskDepartments(
        question=question, departments=tuple(departments), officer=officer, at=at
    )
    return enact_one(Order(JOINT, number, command, once))


def answer_consultation(
    *,
    number: str,
    consultation: int,
    answer: str,
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Answer for one's department (答复会商)."""
    command = joint.AnswerConsultation(number=consultation, answer=answer, officer=officer, at=at)
    return enact_one(Order(JOINT, number, command, once))


def ask_extension(
    *,
    number: str,
    days: int,
    reason: str,
    officer: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask the head of the government for an extension (申请延长联办期限)."""
    command = joint.AskExtension(days=days, reason=reason, officer=officer, at=at)
    return enact_one(Order(JOINT, number, command, once))


def answer_extension(
    *,
    number: str,
    granted: bool,
    opinion: str,
    approver: Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Approve an extension (批准延长), or not, as the head of that government of this very day.

    Raises Refused: see `core.joint.extending.answer`.
    """

    def command() -> joint.AnswerExtension:
        return joint.AnswerExtension(
            granted=granted,
            opinion=opinion,
            approver=approver,
            heads=people.is_holder(
                person=approver.person,
                roles={Role.GOVERNMENT_HEAD},
                organisation=approver.organisation,
            ),
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(JOINT, number, command, once))


def _state(number: str) -> joint.State:
    state: joint.State = known_state(JOINT, number).state
    return state


def _must(outcome: Outcome) -> Receipt:
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome
