"""Whose result is whose material (数据资源共享), worked out from what is published."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import sharing
from mingtang.core.catalogue import Category, Material
from mingtang.core.quality import Shortcoming
from mingtang.core.sharing import Edge, Likeness
from tests.core.item_examples import COMPLETE
from tests.core.test_resources import ENTRY, TYPE

BROUGHT = Material(key="m3", name="营业执照复印件", basis="食品安全法 第三十五条")
SHARED = replace(BROUGHT, supplied_by="business-licence", shared=True)
DIRECTORY = {"business-licence": ENTRY}
GIVER = replace(COMPLETE, code="M-1", name="企业设立登记", materials=())


def taker(*materials, code="DEMO-001", **changes):
    return replace(COMPLETE, code=code, materials=materials, situations=(), **changes)


def codes(item, directory=DIRECTORY):
    return [one.code for one in sharing.shortcomings(item, directory)]


# ── The graph ───────────────────────────────────────────────────────────────


def test_the_result_of_one_item_is_the_material_of_another():
    graph = sharing.graph_of([taker(SHARED), GIVER], DIRECTORY, {})
    edge = Edge("M-1", "business-licence", "DEMO-001", "m3", "required")
    assert graph.edges == (edge,)
    assert graph.names == {"DEMO-001": "食品经营许可", "M-1": "企业设立登记"}
    assert graph.into("DEMO-001") == graph.out_of("M-1") == (edge,)
    assert graph.into("M-1") == graph.out_of("DEMO-001") == graph.circles == ()


def test_a_type_of_licence_leads_to_every_item_that_gives_it():
    """Mutual recognition: whichever level gives it, it is the same material (证照互认)."""
    city = replace(GIVER, code="CITY-1", name="设立登记（市）")
    entry = replace(ENTRY, items=(), types=(TYPE,))
    gives = {TYPE: ("M-1", "CITY-1", "not-in-force")}
    graph = sharing.graph_of([taker(SHARED), GIVER, city], {"business-licence": entry}, gives)
    assert [edge.giver for edge in graph.edges] == ["CITY-1", "M-1"]


def test_what_is_not_supplied_to_a_department_gives_it_no_edge():
    closed = {"business-licence": replace(ENTRY, recipients=("health",))}
    assert sharing.graph_of([taker(SHARED), GIVER], closed, {}).edges == ()
    assert sharing.graph_of([taker(SHARED), GIVER], {}, {}).edges == ()
    assert sharing.graph_of([taker(BROUGHT), GIVER], DIRECTORY, {}).edges == ()


def test_what_is_kept_as_history_has_no_edges():
    old = replace(GIVER, category=Category.NON_LICENCE, legacy=True)
    assert sharing.graph_of([taker(SHARED), old], DIRECTORY, {}).edges == ()


def test_circles_are_reported_that_of_a_renewal_too():
    own = replace(SHARED, key="m1")
    one = taker(own, code="M-1")
    assert sharing.graph_of([one], DIRECTORY, {}).circles == (("M-1",),)
    other = {"permit": replace(ENTRY, code="permit", items=("DEMO-001",))}
    first = taker(replace(SHARED, supplied_by="permit"), code="M-1")
    graph = sharing.graph_of([first, taker(SHARED)], {**DIRECTORY, **other}, {})
    assert graph.circles == (("DEMO-001", "M-1"),)


PAIRS = st.sets(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=20)


def walk(pairs, start):
    """Return all nodes some way of one step or more leads to."""
    seen, edge = set(), {b for a, b in pairs if a == start}
    while edge - seen:
        seen |= edge
        edge = {b for a, b in pairs if a in seen}
    return seen


@given(PAIRS)
def test_a_circle_holds_exactly_those_that_reach_each_other(pairs):
    circles = sharing.circles(pairs)
    held = [node for circle in circles for node in circle]
    assert len(held) == len(set(held))
    assert set(held) == {a for a, _b in pairs if a in walk(pairs, a)}
    for circle in circles:
        for node in circle:
            assert {n for n in walk(pairs, node) if node in walk(pairs, n)} == set(circle)


@given(PAIRS)
def test_without_its_circles_a_picture_goes_one_way_only(pairs):
    columns = sharing.layers(pairs)
    assert set(columns) == {end for pair in pairs for end in pair}
    for a, b in pairs:
        together = any({a, b} <= {*circle} for circle in sharing.circles(pairs))
        assert columns[a] == columns[b] if together or a == b else columns[a] < columns[b]


@given(PAIRS)
def test_a_picture_holds_every_node_once_column_by_column(pairs):
    columns = sharing.layers(pairs)
    nodes = sharing.arranged(columns, pairs)
    assert sorted(nodes) == sorted(columns)
    assert [columns[node] for node in nodes] == sorted(columns.values())


def test_what_is_tied_together_stands_side_by_side():
    pairs = {("a", "y"), ("b", "x")}
    assert sharing.arranged(sharing.layers(pairs), pairs) == ("b", "a", "x", "y")


@given(st.permutations([taker(SHARED), GIVER, taker(replace(SHARED, key="m9"), code="X")]))
def test_the_same_items_in_any_order_give_the_same_graph(items):
    graph = sharing.graph_of(items, DIRECTORY, {})
    assert graph == sharing.graph_of(
        [taker(replace(SHARED, key="m9"), code="X"), taker(SHARED), GIVER], DIRECTORY, {}
    )
    assert [edge.taker for edge in graph.edges] == ["DEMO-001", "X"]


# ── What keeps an item from being published ─────────────────────────────────


def test_an_item_may_not_ask_for_what_the_graph_supplies():
    asking = replace(BROUGHT, supplied_by="business-licence")
    [found] = sharing.shortcomings(taker(asking), DIRECTORY)
    assert found == Shortcoming(
        "quality.material-supplied-yet-asked",
        "materials",
        "营业执照复印件 ← 营业执照（演示市场监督管理局：M-1）",
    )
    assert codes(taker(SHARED)) == []


def test_an_item_names_only_what_is_supplied_to_it():
    assert codes(taker(SHARED), {}) == ["quality.material-supply-unknown"]
    closed = {"business-licence": replace(ENTRY, recipients=("health",))}
    assert codes(taker(SHARED), closed) == ["quality.material-supply-closed"]
    assert codes(taker(replace(SHARED, shared=False)), closed) == []
    assert codes(taker(replace(BROUGHT, shared=True))) == ["quality.material-supply-missing"]


def test_what_is_kept_as_history_asks_for_nothing():
    asking = replace(BROUGHT, supplied_by="business-licence")
    old = taker(asking, category=Category.NON_LICENCE, legacy=True)
    assert codes(old) == []
    assert sharing.likenesses(replace(old, materials=(BROUGHT,)), DIRECTORY) == ()


@given(
    st.lists(
        st.builds(
            Material,
            key=st.just("m"),
            name=st.sampled_from(["营业执照", "申请书"]),
            supplied_by=st.sampled_from(["", "business-licence", "unknown"]),
            shared=st.booleans(),
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_whatever_is_published_asks_for_nothing_the_directory_supplies(materials, closed):
    """For every item: without shortcomings, each named entry that is for it is read, not asked."""
    entry = replace(ENTRY, recipients=("health",) if closed else ())
    directory = {"business-licence": entry}
    item = taker(*materials)
    if not sharing.shortcomings(item, directory):
        for material in item.materials:
            assert bool(sharing.supply_of(material, item, directory)) == material.shared


def test_a_material_of_the_same_name_is_to_be_looked_at():
    assert sharing.likenesses(taker(BROUGHT), DIRECTORY) == (Likeness(BROUGHT, ENTRY),)
    assert sharing.likenesses(taker(SHARED), DIRECTORY) == ()
    assert codes(taker(BROUGHT)) == []


def test_a_name_says_the_same_in_whatever_form():
    names = ("《营业执照》（副本）复印件", "营业执照 原件", "“营业执照”")
    assert {sharing.bare(name) for name in names} == {"营业执照"}
    assert sharing.bare("复印件") == "复印件"
