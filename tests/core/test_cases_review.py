"""Review steps in order, in parallel, joined by all or by any; however they interleave."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core import cases
from mingtang.core.cases import DECISION, Finding, Officer, Stage
from mingtang.core.catalogue import Join, Step
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPT,
    ACCEPTED,
    AGENT,
    CHIEF,
    EITHER,
    INSPECTOR,
    PLAIN,
    REVIEWED,
    REVIEWER,
    WITHDRAWN,
    accepted,
    after,
    complete,
    completed,
    day,
    filed,
    terms,
    when,
)
from tests.words import refused


def test_a_parallel_step_waits_for_the_other():
    assert when(filed(), ACCEPTED, command=complete("papers")) == [completed("papers")]


def test_the_last_of_them_opens_what_waits_for_all():
    history = filed(), ACCEPTED, completed("papers")
    assert when(*history, command=complete("site", INSPECTOR)) == [
        completed("site", INSPECTOR, "merge")
    ]


def test_the_last_step_hands_the_case_to_whoever_decides():
    history = filed(), ACCEPTED, *REVIEWED[:2]
    assert when(*history, command=complete("merge")) == [completed("merge", finished=True)]
    case = after(*history, REVIEWED[2])
    assert case.stage is Stage.DECIDING
    assert [t.key for t in case.tasks if t.done_at is None] == [DECISION]


def test_one_of_two_is_enough_where_the_item_says_so():
    history = filed(EITHER), ACCEPTED
    assert when(*history, command=complete("papers")) == [completed("papers", REVIEWER, "merge")]
    first = completed("papers", REVIEWER, "merge")
    assert when(*history, first, command=complete("merge")) == [completed("merge", finished=True)]
    case = after(*history, first, completed("merge", finished=True))
    assert [t.key for t in case.tasks] == ["intake", "papers", "merge", "decision"]


def test_the_second_of_two_does_not_begin_the_join_again():
    history = filed(EITHER), ACCEPTED, completed("papers", REVIEWER, "merge")
    assert when(*history, command=complete("site", INSPECTOR)) == [completed("site", INSPECTOR)]


def test_a_step_is_finished_once_and_only_when_it_is_open():
    for step in ("papers", "merge", "intake", "decision", "nonsense"):
        with refused("case.step-not-open"):
            when(filed(), ACCEPTED, completed("papers"), command=complete(step))
    for history in ([filed()], [filed(), ACCEPTED, WITHDRAWN], [filed(PLAIN), accepted()]):
        with refused("case.step-not-open"):
            when(*history, command=complete("papers"))
    with refused("case.unknown"):
        when(command=complete("papers"))


def test_another_departments_step_is_not_ours():
    with refused("case.other-department"):
        when(filed(), ACCEPTED, command=complete("site", REVIEWER))
    with refused("case.other-department"):
        when(filed(), ACCEPTED, command=complete("papers", INSPECTOR))


def test_nobody_reviews_a_case_of_their_own():
    for applicant, person in ((None, "P-wang"), (AGENT, "P-li")):
        history = (filed(applicant=applicant) if applicant else filed()), ACCEPTED
        with refused("case.own-case"):
            when(*history, command=complete("papers", replace(REVIEWER, person=person)))


@pytest.mark.parametrize("opinion", ["", "  "])
def test_a_negative_finding_says_why(opinion):
    with refused("case.opinion-missing"):
        when(filed(), ACCEPTED, command=complete("papers", finding=Finding.FAILS, opinion=opinion))


def test_a_negative_finding_goes_on_to_whoever_decides():
    command = complete("papers", finding=Finding.FAILS, opinion="面积不足")
    [event] = when(
        filed(terms(Step(key="papers", name="审查"))), accepted("papers"), command=command
    )
    assert (event.finding, event.opinion, event.review_finished) == (
        Finding.FAILS,
        Sealed("面积不足"),
        True,
    )


# ── However people interleave ───────────────────────────────────────────────


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Step, ...]:
    """Up to seven steps, each waiting for some of those before it, for all or for any."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 7))):
        keys = [step.key for step in steps]
        waits = draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
        join = draw(st.sampled_from(Join))
        steps.append(Step(key=f"s{number}", name=f"环节{number}", after=tuple(waits), join=join))
    return tuple(steps)


def open_steps(case: cases.State) -> list[str]:
    return [t.key for t in case.tasks if t.done_at is None and t.key != DECISION]


@settings(deadline=None)  # a busy machine is not a wrong rule
@given(graphs(), st.randoms(use_true_random=False))
def test_every_interleaving_of_steps_finishes_the_review_exactly_once(steps, chance):
    case = after(filed(terms(*steps)))
    [begun] = cases.DECIDER.decide(case, ACCEPT)
    case = cases.DECIDER.evolve(case, begun)
    opened, finishes = list(begun.opened), 0
    while case.stage is Stage.REVIEWING:
        command = complete(chance.choice(open_steps(case)))
        [event] = cases.DECIDER.decide(case, command)
        case = cases.DECIDER.evolve(case, event)
        opened += event.opened
        finishes += event.review_finished
        with refused("case.step-not-open"):  # the colleague who clicked a moment later
            cases.DECIDER.decide(case, command)
    assert finishes == 1
    assert len(opened) == len(set(opened))
    assert [t.key for t in case.tasks if t.done_at is None] == [DECISION]
    followed = {key for step in steps for key in step.after}
    assert {s.key for s in steps if s.key not in followed} <= case.done_steps()


@settings(deadline=None)  # a busy machine is not a wrong rule
@given(graphs(), st.randoms(use_true_random=False))
def test_a_step_begins_only_when_what_it_waits_for_is_done(steps, chance):
    waits = {step.key: step for step in steps}
    case = after(filed(terms(*steps)))
    [event] = cases.DECIDER.decide(case, ACCEPT)
    while True:
        case = cases.DECIDER.evolve(case, event)
        for key in event.opened:
            done = [before in case.done_steps() for before in waits[key].after]
            held = any(done) if waits[key].join is Join.ANY else all(done)
            assert held or not done
        if case.stage is not Stage.REVIEWING:
            return
        [event] = cases.DECIDER.decide(case, complete(chance.choice(open_steps(case))))


def test_who_did_a_step_is_remembered():
    case = after(filed(), ACCEPTED, completed("papers"))
    [task] = [t for t in case.tasks if t.key == "papers"]
    assert (task.person, task.staff_no, task.finding) == ("P-rev", "21", "meets")
    assert (task.opened_at, task.done_at) == (day(3, 4), day(3, 6))


def test_an_officer_of_the_same_department_may_do_it_whatever_their_desk():
    colleague = Officer(person="P-x", staff_no="99", organisation="market", office="elsewhere")
    assert when(filed(), ACCEPTED, command=complete("papers", colleague))
    assert when(filed(), ACCEPTED, command=complete("papers", CHIEF))
