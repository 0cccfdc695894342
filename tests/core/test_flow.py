from dataclasses import replace

import pytest

from mingtang.core.catalogue import FirstReview, Join, ResultKind, Step
from mingtang.core.flow import (
    Kind,
    flow,
    in_circles,
    longest_days,
    step_node,
    unreachable,
    walked,
    with_returns,
)
from tests.core.item_examples import COMPLETE, item

A, B = Step(key="a", name="甲", days=3), Step(key="b", name="乙", days=2)
C = Step(key="c", name="丙", days=1, after=("a", "b"))


def edges(graph) -> set[str]:
    return {edge.id for edge in graph.edges}


def test_steps_in_parallel_are_forked_and_joined():
    graph = flow(item(steps=(A, B, C)))

    assert {
        "accepted--fork.accepted",
        "fork.accepted--step.a",
        "fork.accepted--step.b",
        "step.a--join.step.c",
        "step.b--join.step.c",
        "join.step.c--step.c",
        "step.c--decided",
    } <= edges(graph)
    assert graph.node("join.step.c").kind is Kind.JOIN_ALL
    a, b = graph.node("step.a"), graph.node("step.b")
    assert (a.layer, a.lane, b.layer, b.lane) == (5, -1, 5, 1)


def test_steps_any_of_which_is_enough_join_at_another_kind_of_gateway():
    graph = flow(item(steps=(A, B, replace(C, join=Join.ANY))))

    assert graph.node("join.step.c").kind is Kind.JOIN_ANY


def test_steps_nobody_waits_for_all_lead_to_the_decision():
    graph = flow(item(steps=(A, B)))

    assert {"step.a--join.decided", "step.b--join.decided", "join.decided--decided"} <= edges(graph)


def test_a_first_review_stands_before_every_step_of_the_organ_that_decides():
    below = (FirstReview(organ="county"), FirstReview(organ="other", days=15))
    graph = flow(item(steps=(A, B), first_reviews=below))

    first = graph.node("step.first-review")
    assert (first.days, first.department) == (20, "")
    assert "accepted--step.first-review" in edges(graph)
    assert "accepted--step.a" not in edges(graph)
    assert flow(item(first_reviews=below[:1])).node(first.id).department == "county"


def test_steps_in_sequence_need_no_gateway():
    graph = flow(item(steps=(A, replace(B, after=("a",)))))

    assert {"accepted--step.a", "step.a--step.b", "step.b--decided"} <= edges(graph)
    assert [n.id for n in graph.nodes if n.kind in (Kind.FORK, Kind.JOIN_ALL)] == []


def test_what_is_done_on_the_spot_goes_from_acceptance_to_decision():
    assert "accepted--decided" in edges(flow(item(steps=(), promised_days=0)))


def test_the_backbone_is_always_there():
    graph = flow(item(steps=()))

    assert [node.id for node in graph.nodes] == [
        "applied",
        "intake",
        "check",
        "not-accepted",
        "accepted",
        "correction",
        "decided",
        "outcome",
        "issued",
        "refused",
        "delivered",
        "closed",
    ]
    assert {"check--not-accepted", "check--correction", "correction--intake"} <= edges(graph)


def test_without_a_result_to_make_what_is_granted_is_delivered_at_once():
    graph = flow(item(result_kind=ResultKind.NONE, result_name=""))

    assert "issued" not in {node.id for node in graph.nodes}
    assert {"outcome--delivered", "outcome--refused", "refused--delivered"} <= edges(graph)


def test_no_two_nodes_share_a_place_and_every_edge_leads_down_but_the_way_back():
    four = tuple(Step(key=f"s{n}", name=f"环节{n}", days=1) for n in range(4))
    late = Step(key="late", name="会商", after=("s0", "s3"), join=Join.ALL)
    graph = flow(item(steps=(*four, late, Step(key="end", name="汇总", after=("late", "s1")))))
    layer = {node.id: node.layer for node in graph.nodes}

    places = [(node.layer, node.lane) for node in graph.nodes]
    places += [place for edge in graph.edges if not edge.back for place in edge.via]
    assert len(places) == len(set(places))
    for edge in graph.edges:
        assert edge.back or layer[edge.source] < layer[edge.target]
        if not edge.back:
            passed = [row for row, _ in edge.via]
            assert passed == list(range(layer[edge.source] + 1, layer[edge.target]))


def test_a_draft_whose_steps_wait_for_one_another_is_still_drawn():
    graph = flow(item(steps=(replace(A, after=("b",)), replace(B, after=("a", "nobody")))))

    assert {"fork.accepted--step.a", "fork.accepted--step.b"} <= edges(graph)


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ({"applied"}, set()),
        ({"applied", "intake"}, {"applied--intake"}),
        (
            {"applied", "intake", "correction"},
            {"applied--intake", "intake--check", "check--correction"},
        ),
        (
            {"applied", "intake", "correction", "accepted", step_node("papers")},
            {
                "applied--intake",
                "intake--check",
                "check--correction",
                "correction--intake",
                "check--accepted",
                "accepted--fork.accepted",
                "fork.accepted--step.papers",
            },
        ),
    ],
)
def test_what_a_case_has_walked(reached, expected):
    assert walked(flow(COMPLETE), reached) == expected


def test_the_longest_way_counts_and_parallel_steps_do_not_add_up():
    assert longest_days((A, B)) == 3
    assert longest_days((A, B, C)) == 4
    assert longest_days((A, B, replace(C, join=Join.ANY))) == 3
    assert longest_days(()) == 0


def test_circles_and_what_hangs_on_them():
    around = (replace(A, after=("b",)), replace(B, after=("a",)), replace(C, after=("b",)))

    assert in_circles(around) == {"a", "b"}
    assert [step.key for step in unreachable(around)] == ["a", "b", "c"]
    assert in_circles((A, B, C)) == frozenset()


def test_what_was_not_left_was_not_walked_through():
    """The branch an any-of join did not wait for is not shown as the way the case came."""
    steps = (
        Step(key="a", name="甲"),
        Step(key="b", name="乙"),
        Step(key="c", name="丙", after=("a", "b"), join=Join.ANY),
    )
    graph = flow(replace(COMPLETE, steps=steps))
    reached = {"applied", "intake", "check", "accepted", "step.a", "step.b", "step.c"}
    gone = walked(graph, reached, waiting={"step.b", "step.c"})
    assert "step.a--join.step.c" in gone
    assert "step.b--join.step.c" not in gone
    assert "step.c--decided" not in gone


def test_the_ways_a_case_was_returned_along_stand_beside_the_item_s_own():
    graph = flow(COMPLETE)
    ways = [("decided", "step.papers"), ("decided", "step.papers")]
    [back] = [edge for edge in with_returns(graph, ways).edges if edge.returned]
    assert (back.id, back.label) == ("decided--step.papers", "退回")
    assert [edge for edge in graph.edges if edge.returned] == []
