from xml.etree import ElementTree as ET

import pytest

from mingtang.core.bpmn import DI, LINES, MODEL, bpmn
from mingtang.core.catalogue import Join, ResultKind, Step
from mingtang.core.flow import flow
from tests.core.item_examples import COMPLETE, item

EITHER = (
    Step(key="a", name="甲", days=1),
    Step(key="b", name="乙", days=1),
    Step(key="c", name="丙", after=("a", "b"), join=Join.ANY),
)
ITEMS = [
    COMPLETE,
    item(steps=EITHER),
    item(steps=(), promised_days=0),
    item(result_kind=ResultKind.NONE, result_name=""),
]


@pytest.mark.parametrize("content", ITEMS)
def test_the_file_holds_the_graph_and_a_place_for_everything_in_it(content):
    graph = flow(content)

    root = ET.fromstring(bpmn(graph, process="item.x", name=content.name))

    [process] = root.findall(f"{{{MODEL}}}process")
    flows = {
        (one.get("id"), one.get("sourceRef"), one.get("targetRef"))
        for one in process.findall(f"{{{MODEL}}}sequenceFlow")
    }
    nodes = {one.get("id") for one in process if not one.tag.endswith("sequenceFlow")}
    assert flows == {(edge.id, edge.source, edge.target) for edge in graph.edges}
    assert nodes == {node.id for node in graph.nodes}
    shapes = {one.get("bpmnElement") for one in root.iter(f"{{{DI}}}BPMNShape")}
    lines = {one.get("bpmnElement") for one in root.iter(f"{{{DI}}}BPMNEdge")}
    assert (shapes, lines) == (nodes, {edge.id for edge in graph.edges})
    for line in root.iter(f"{{{DI}}}BPMNEdge"):
        assert len(line.findall(f"{{{LINES}}}waypoint")) >= 2


@pytest.mark.parametrize("content", ITEMS)
def test_every_id_is_there_once_and_every_reference_leads_somewhere(content):
    root = ET.fromstring(bpmn(flow(content), process="item.x", name=content.name))

    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    references = {
        one.get(name)
        for one in root.iter()
        for name in ("sourceRef", "targetRef", "bpmnElement")
        if one.get(name)
    }
    references |= {
        one.text for tag in ("incoming", "outgoing") for one in root.iter(f"{{{MODEL}}}{tag}")
    }
    assert references <= set(ids)


def test_any_of_several_is_a_complex_gateway_that_says_so():
    root = ET.fromstring(bpmn(flow(item(steps=EITHER)), process="p", name="x"))

    [gateway] = root.iter(f"{{{MODEL}}}complexGateway")
    assert gateway.get("id") == "join.step.c"
    [condition] = gateway.findall(f"{{{MODEL}}}activationCondition")
    assert condition.text == "activationCount >= 1"


def test_labels_come_in_the_language_asked_for_and_names_are_escaped():
    file = bpmn(flow(COMPLETE), process="p", name='<食品> & "饮料"', english=True)

    root = ET.fromstring(file)
    assert root.find(f"{{{MODEL}}}process").get("name") == '<食品> & "饮料"'
    names = {one.get("id"): one.get("name") for one in root.iter() if one.get("name")}
    assert names["accepted"] == "Accept"
    assert names["step.papers"] == "书面审查"  # no English name was given


def test_the_same_item_gives_the_same_bytes():
    assert bpmn(flow(COMPLETE), process="p", name="x") == bpmn(
        flow(COMPLETE), process="p", name="x"
    )
