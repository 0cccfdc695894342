"""The list of kinds of trades (交易品类): published whole, published anew."""

from dataclasses import replace

import pytest

from mingtang.core.trading import kinds
from mingtang.core.trading.kinds import Kind, TradeCategory
from mingtang.core.wire import Wire
from tests.core.trading_examples import MONDAY
from tests.words import refused

LAND = Kind(
    code="B01",
    name="演示住宅用地",
    name_en="Housing land",
    category=TradeCategory.LAND,
    business="03",
    procedure="listing",
)
CARS = Kind(
    code="E11",
    name="演示公务车辆",
    name_en="Official cars",
    category=TradeCategory.PROPERTY,
    business="05",
)
PUBLISH = kinds.PublishKinds(
    kinds=(LAND, CARS),
    publisher_manages=True,
    procedures=frozenset({"listing"}),
    by="P-centre",
    at=MONDAY,
)
WITHOUT_CARS = replace(PUBLISH, kinds=(LAND,))


def after(*commands: kinds.Command) -> kinds.State:
    """Given these commands were carried out."""
    state = kinds.State()
    for command in commands:
        for event in kinds.decide(state, command):
            state = kinds.evolve(state, event)
    return state


def then(state: kinds.State, command: kinds.Command) -> kinds.Event:
    [event] = kinds.decide(state, command)
    return event


def publish(**changed: object) -> kinds.PublishKinds:
    return replace(PUBLISH, kinds=(replace(LAND, **changed),))


def test_the_list_is_published_whole():
    assert then(after(), PUBLISH) == kinds.KindsPublished(
        version=1, kinds=(LAND, CARS), dropped=(), by="P-centre", at=MONDAY
    )
    assert after(PUBLISH) == kinds.State(version=1, kinds=(LAND, CARS))


def test_what_the_next_list_leaves_out_is_named():
    assert then(after(PUBLISH), WITHOUT_CARS) == kinds.KindsPublished(
        version=2, kinds=(LAND,), dropped=("E11",), by="P-centre", at=MONDAY
    )


def test_what_was_left_out_can_come_back():
    event = then(after(PUBLISH, WITHOUT_CARS), PUBLISH)
    assert (event.version, event.kinds, event.dropped) == (3, (LAND, CARS), ())


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PUBLISH, publisher_manages=False), "trade-kinds.publisher-not-manager"),
        (replace(PUBLISH, kinds=()), "trade-kinds.none"),
        (replace(PUBLISH, kinds=(LAND, replace(CARS, code="B01"))), "trade-kinds.code-twice"),
        (publish(code="B1"), "trade-kinds.code-wrong"),
        (publish(code="b01"), "trade-kinds.code-wrong"),
        (publish(code="B０1"), "trade-kinds.code-wrong"),
        (publish(code="001"), "trade-kinds.code-wrong"),
        (publish(code="BB1"), "trade-kinds.code-wrong"),
        (publish(name=" "), "trade-kinds.name-missing"),
        (publish(name_en=""), "trade-kinds.name-missing"),
        (publish(name="地" * 61), "trade-kinds.too-long"),
        (publish(name_en="l" * 121), "trade-kinds.too-long"),
        (publish(business="06"), "trade-kinds.business-unknown"),
        (publish(procedure="another"), "trade-kinds.procedure-not-in-use"),
    ],
)
def test_a_list_is_not_published_when_something_is_wrong(command, code):
    with refused(code):
        then(after(), command)


def test_the_kind_at_fault_is_named():
    with refused("trade-kinds.business-unknown") as caught:
        then(after(), replace(PUBLISH, kinds=(LAND, replace(CARS, business="99"))))
    assert caught.value.facts == {"kind": "E11"}


def test_a_list_has_to_fit_one_entry_of_the_log():
    many = tuple(
        replace(CARS, code=f"{letter}{n:02}", name="名" * 60)
        for letter in "ABCD"
        for n in range(60)
    )
    with refused("trade-kinds.too-many"):
        then(after(), replace(PUBLISH, kinds=many))
    assert then(after(), replace(PUBLISH, kinds=many[:139])).version == 1


def test_the_same_list_is_not_published_twice():
    with refused("trade-kinds.unchanged"):
        then(after(PUBLISH), PUBLISH)


def test_the_event_survives_the_wire():
    wire, event = Wire(kinds.EVENTS), then(after(), PUBLISH)
    assert wire.decode(wire.encode(event)[0]) == event
