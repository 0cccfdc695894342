"""The flow chart of an item as a BPMN 2.0 file that any process tool can open.

Only for reading and exchange: what runs are the rules, and this is drawn from them. Shapes
carry their places (BPMN DI), left to right. Source: OMG BPMN 2.0.2 (ISO/IEC 19510), 12 and 15.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from mingtang.core.flow import Edge, Flow, Kind, Node

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
for prefix, namespace in (("", MODEL), ("bpmndi", DI), ("dc", DC), ("di", LINES), ("xsi", XSI)):
    ET.register_namespace(prefix, namespace)

ELEMENTS = {
    Kind.START: "startEvent",
    Kind.TASK: "userTask",
    Kind.CHOICE: "exclusiveGateway",
    Kind.FORK: "parallelGateway",
    Kind.JOIN_ALL: "parallelGateway",
    Kind.JOIN_ANY: "complexGateway",
    Kind.END: "endEvent",
}
SIZES = {Kind.START: (36, 36), Kind.END: (36, 36), Kind.TASK: (110, 64)}
GATEWAY = (50, 50)
COLUMN, ROW = 170, 60  # between layers; between lanes, which count in halves


def bpmn(graph: Flow, *, process: str, name: str, english: bool = False) -> bytes:
    """Return the file, UTF-8. `process` is the id of the process, an XML name."""
    root = ET.Element(f"{{{MODEL}}}definitions", {"targetNamespace": "urn:mingtang:item"})
    root.append(_process(graph, process, name, english=english))
    root.append(_diagram(graph, process))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{text}\n".encode()


def _process(graph: Flow, process: str, name: str, *, english: bool) -> ET.Element:
    element = ET.Element(
        f"{{{MODEL}}}process", {"id": process, "name": name, "isExecutable": "false"}
    )
    for node in graph.nodes:
        element.append(_node(graph, node, english=english))
    for edge in graph.edges:
        attributes = {"id": edge.id, "sourceRef": edge.source, "targetRef": edge.target}
        if label := (english and edge.label_en) or edge.label:
            attributes["name"] = label
        ET.SubElement(element, f"{{{MODEL}}}sequenceFlow", attributes)
    return element


def _node(graph: Flow, node: Node, *, english: bool) -> ET.Element:
    attributes = {"id": node.id}
    if label := (english and node.label_en) or node.label:
        attributes["name"] = label
    into = [edge.id for edge in graph.edges if edge.target == node.id]
    out = [edge.id for edge in graph.edges if edge.source == node.id]
    if node.kind is Kind.FORK or (node.kind is Kind.CHOICE and len(out) > 1):
        attributes["gatewayDirection"] = "Diverging"
    elif node.kind in (Kind.JOIN_ALL, Kind.JOIN_ANY):
        attributes["gatewayDirection"] = "Converging"
    element = ET.Element(f"{{{MODEL}}}{ELEMENTS[node.kind]}", attributes)
    for tag, names in (("incoming", into), ("outgoing", out)):
        for one in names:
            ET.SubElement(element, f"{{{MODEL}}}{tag}").text = one
    if node.kind is Kind.JOIN_ANY:
        condition = ET.SubElement(
            element,
            f"{{{MODEL}}}activationCondition",
            {f"{{{XSI}}}type": "tFormalExpression"},
        )
        condition.text = "activationCount >= 1"
    return element


def _diagram(graph: Flow, process: str) -> ET.Element:
    diagram = ET.Element(f"{{{DI}}}BPMNDiagram", {"id": f"{process}.diagram"})
    plane = ET.SubElement(
        diagram, f"{{{DI}}}BPMNPlane", {"id": f"{process}.plane", "bpmnElement": process}
    )
    top = min(lane for lane in _lanes(graph))
    for node in graph.nodes:
        attributes = {"id": f"{node.id}.shape", "bpmnElement": node.id}
        if node.kind is Kind.CHOICE:
            attributes["isMarkerVisible"] = "true"
        shape = ET.SubElement(plane, f"{{{DI}}}BPMNShape", attributes)
        (x, y), (width, height) = _centre(node.layer, node.lane - top), _size(node)
        bounds = (x - width // 2, y - height // 2, width, height)
        ET.SubElement(
            shape,
            f"{{{DC}}}Bounds",
            {
                key: str(value)
                for key, value in zip(("x", "y", "width", "height"), bounds, strict=True)
            },
        )
    for edge in graph.edges:
        line = ET.SubElement(
            plane, f"{{{DI}}}BPMNEdge", {"id": f"{edge.id}.edge", "bpmnElement": edge.id}
        )
        for x, y in _waypoints(graph, edge, top):
            ET.SubElement(line, f"{{{LINES}}}waypoint", {"x": str(x), "y": str(y)})
    return diagram


def _lanes(graph: Flow) -> Iterable[int]:
    yield from (node.lane for node in graph.nodes)
    yield from (lane for edge in graph.edges for _, lane in edge.via)


def _size(node: Node) -> tuple[int, int]:
    return SIZES.get(node.kind, GATEWAY)


def _centre(layer: int, lane: int) -> tuple[int, int]:
    return 100 + layer * COLUMN, 100 + lane * ROW


def _waypoints(graph: Flow, edge: Edge, top: int) -> list[tuple[int, int]]:
    """Return the line's corners, from the side of one shape to the side of the other."""
    source, target = graph.node(edge.source), graph.node(edge.target)
    (x, y), (width, _) = _centre(source.layer, source.lane - top), _size(source)
    (to_x, to_y), (to_width, to_height) = _centre(target.layer, target.lane - top), _size(target)
    if edge.back:
        down = 1 if source.lane > target.lane else -1
        return [
            (x - width // 2, y),
            (to_x, y),
            (to_x, to_y + down * to_height // 2),
        ]
    middle = [_centre(layer, lane - top) for layer, lane in edge.via]
    return [(x + width // 2, y), *middle, (to_x - to_width // 2, to_y)]
