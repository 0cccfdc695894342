"""Fifty people at the same twenty joint cases: no join is lost, nothing is done twice."""

import random
from collections import Counter
from functools import partial

import pytest

from mingtang.cases import queries
from mingtang.cases.actions import joint
from mingtang.cases.models import JointRow, TaskRow
from mingtang.config.wiring import SUBJECTS
from mingtang.core import cases
from mingtang.core.cases import DECISION, CaseDecided
from mingtang.core.decider import Refused
from mingtang.core.joint import (
    BranchClosed,
    BranchesJoined,
    JointConcluded,
    JointFiled,
)
from mingtang.ledger.verify import verify
from tests.core.bundle_examples import CONTENTS
from tests.core.case_examples import MONDAY
from tests.rooms import joint_town
from tests.rooms.test_ledger_concurrency import events_by_stream, people

WORKERS, JOINTS, TIMES = 50, 20, 4


@pytest.fixture
def there(own_commits, log_home):
    return joint_town.build(parallel=False)


def acts_on(there, number):
    """Everything that is to be done to one joint case once it has been accepted."""
    yield from (partial(joint_town.review, there, number, item) for item in CONTENTS)
    yield from (partial(joint_town.decide, there, number, item) for item in CONTENTS)
    yield partial(conclude, there, number)
    cases_of = {row.number: MONDAY for row in queries.branches_of(number)}
    yield partial(joint.take_stock, cases_of)


def conclude(there, number):
    return joint.conclude(number=number, statement="", officer=there.lead, at=MONDAY)


def in_turn(acts):
    """One person's work: whatever is refused has been done by another, or cannot be done yet."""

    def work():
        outcomes = Counter()
        for act in acts:
            try:
                act()
            except Refused as refused:
                outcomes[refused.code] += 1
        return outcomes

    return work


def test_fifty_workers_at_the_same_twenty_joint_cases_lose_and_double_nothing(there):
    numbers = [joint_town.file(there).key for _ in range(JOINTS)]
    for number in numbers:
        joint_town.accept(there, number)
    acts = [act for number in numbers for act in acts_on(there, number)] * TIMES
    random.Random(20260302).shuffle(acts)
    with people(WORKERS) as all_of_them:
        shares = [in_turn(acts[place::WORKERS]) for place in range(WORKERS)]
        refusals = sum(all_of_them.at_once(*shares), Counter())
    assert set(refusals) <= {
        "case.not-awaiting-decision",
        "case.step-not-open",
        "joint.branches-open",
        "joint.closed",
    }

    for number in numbers:  # what came before its time is done at the end, by one
        in_turn(acts_on(there, number))()
        in_turn([partial(conclude, there, number)])()
    joint_town.heard()

    events = events_by_stream()
    for number in numbers:
        [filed, *later] = events[f"joint/{number}"]
        assert isinstance(filed, JointFiled)
        kinds = Counter(type(event) for event in later)
        assert kinds[BranchClosed] == len(CONTENTS)
        assert kinds[BranchesJoined] == kinds[JointConcluded] == 1
        branches = {event.case for event in later if isinstance(event, BranchClosed)}
        assert branches == {branch.case for branch in filed.branches}
        for case in branches:
            of_case = events[f"case/{case}"]
            assert sum(isinstance(event, CaseDecided) for event in of_case) == 1
            state = cases.DECIDER.replay(of_case)
            assert [task.key for task in state.tasks].count(DECISION) == 1
    assert set(JointRow.objects.values_list("stage", flat=True)) == {"granted"}
    assert TaskRow.objects.filter(done_at=None).count() == 0
    assert TaskRow.objects.count() == JOINTS * len(CONTENTS) * 3
    assert list(verify(SUBJECTS)) == []
