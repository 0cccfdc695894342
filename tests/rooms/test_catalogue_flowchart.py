from xml.etree import ElementTree as ET

import pytest

from mingtang.core.catalogue import Step
from mingtang.core.flow import flow, walked
from mingtang.ui.flowchart import HALF_LANE, WIDTH, flow_chart, in_words
from tests.core.item_examples import COMPLETE, item

SVG = "{http://www.w3.org/2000/svg}"
FOUR = tuple(Step(key=f"s{n}", name=f"第{n}环节", days=1) for n in range(4))


def drawn(content, **options):
    return ET.fromstring(flow_chart(flow(content), title="图", **options))


def boxes(chart):
    return [{k: float(one.get(k)) for k in ("x", "y", "width", "height")}
            for one in chart.iter(f"{SVG}rect")]  # fmt: skip


@pytest.mark.parametrize("content", [COMPLETE, item(steps=FOUR), item(steps=(), promised_days=0)])
def test_every_node_and_edge_is_drawn_inside_the_picture(content):
    graph, chart = flow(content), drawn(content)

    assert {one.get("data-node") for one in chart.iter() if one.get("data-node")} == {
        node.id for node in graph.nodes
    }
    assert {one.get("data-edge") for one in chart.iter() if one.get("data-edge")} == {
        edge.id for edge in graph.edges
    }
    _, _, width, height = map(float, chart.get("viewBox").split())
    for box in boxes(chart):
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= height


def test_no_two_boxes_touch():
    found = boxes(drawn(item(steps=FOUR)))

    for one in found:
        for other in found:
            apart = abs(one["x"] - other["x"]) >= WIDTH or abs(one["y"] - other["y"]) >= 40
            assert one is other or apart
    assert HALF_LANE * 2 > WIDTH


def test_what_a_case_has_walked_stands_out():
    graph = flow(COMPLETE)
    gone = walked(graph, {"applied", "intake", "accepted", "step.papers"})

    chart = drawn(COMPLETE, walked=gone, now={"step.site"})

    marked = {one.get("data-edge") for one in chart.iter() if one.get("class") == "edge walked"}
    assert marked == gone
    states = {one.get("data-node"): one.get("class") for one in chart.iter(f"{SVG}g")}
    assert states["step.papers"] == "node done"
    assert states["step.site"] == "node now"
    assert states["decided"] == "node"


def test_the_drawing_keeps_to_the_content_policy_and_says_what_it_is():
    chart = drawn(item(steps=(Step(key="a", name='<b>"甲"</b>'),)))

    assert [one for one in chart.iter() if one.get("style") or one.tag == f"{SVG}style"] == []
    assert (chart.get("role"), chart.get("aria-label")) == ("img", "图")
    assert "申请 → 接件" in chart.find(f"{SVG}desc").text
    assert '<b>"甲"</b>' in "".join(chart.itertext())


def test_the_same_in_words_looks_through_gateways():
    lines = in_words(flow(COMPLETE), now={"accepted"})

    assert ("接件", "不予受理、受理、一次性告知补正", "") in lines
    assert ("受理", "书面审查、现场核查", "now") in lines
    assert ("书面审查（2 个工作日）", "汇总", "") in lines


def test_labels_come_in_english_where_there_are_any():
    words = "".join(drawn(COMPLETE, english=True).itertext())

    assert "Accept" in words
    assert "书面审查" in words


def test_a_long_label_is_broken_and_cut():
    step = Step(key="a", name="一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十")

    [node] = [one for one in drawn(item(steps=(step,))).iter(f"{SVG}g")
              if one.get("data-node") == "step.a"]  # fmt: skip

    texts = [one.text for one in node.iter(f"{SVG}text")]
    assert texts == ["一二三四五六七", "八九十一二三四", "五六七八九十…"]
