"""The resource directory (资源目录): which organ supplies what to whom."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from mingtang.core import resources
from mingtang.core.resources import (
    PublishResource,
    ResourceContent,
    ResourcePublished,
    ResourceWithdrawn,
    WithdrawResource,
)
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
TYPE = "11100000000013338W009"
ENTRY = ResourceContent(
    code="business-licence",
    name="营业执照",
    name_en="Business licence",
    supplier="market",
    supplier_name="演示市场监督管理局",
    items=("M-1",),
    basis="市场主体登记管理条例 第二十二条",
)
PUBLISH = PublishResource(content=ENTRY, publisher_manages=True, by="P-MANAGER", at=MONDAY)
WITHDRAW = WithdrawResource(
    reason="系统停用", publisher_manages=True, by="P-MANAGER", at=MONDAY + timedelta(days=1)
)


def after(*commands):
    state = resources.State()
    for command in commands:
        for event in resources.decide(state, command):
            state = resources.evolve(state, event)
    return state


def with_(**changes):
    return replace(PUBLISH, content=replace(ENTRY, **changes))


def test_a_resource_is_entered_and_brought_up_to_date():
    assert resources.decide(after(), PUBLISH) == [
        ResourcePublished(version=1, content=ENTRY, by="P-MANAGER", at=MONDAY)
    ]
    wider = with_(types=(TYPE,))
    assert resources.decide(after(PUBLISH), wider) == [
        ResourcePublished(version=2, content=wider.content, by="P-MANAGER", at=MONDAY)
    ]


def test_a_resource_is_withdrawn_and_may_come_back():
    assert resources.decide(after(PUBLISH), WITHDRAW) == [
        ResourceWithdrawn(reason="系统停用", by="P-MANAGER", at=WITHDRAW.at)
    ]
    assert after(PUBLISH, WITHDRAW).content is None
    assert resources.decide(after(PUBLISH, WITHDRAW), PUBLISH) == [
        ResourcePublished(version=2, content=ENTRY, by="P-MANAGER", at=MONDAY)
    ]


def test_only_who_publishes_items_keeps_the_directory():
    with refused("resource.publisher-not-manager"):
        resources.decide(after(), replace(PUBLISH, publisher_manages=False))
    with refused("resource.publisher-not-manager"):
        resources.decide(after(PUBLISH), replace(WITHDRAW, publisher_manages=False))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "Business"}, "resource.code-malformed"),
        ({"code": "x"}, "resource.code-malformed"),
        ({"code": "a" * 41}, "resource.code-malformed"),
        ({"name": " "}, "resource.name-missing"),
        ({"supplier": ""}, "resource.supplier-missing"),
        ({"basis": ""}, "resource.basis-missing"),
        ({"items": ()}, "resource.result-missing"),
        ({"types": (TYPE[:20],)}, "resource.type-malformed"),
        ({"types": (TYPE[:20] + "i",)}, "resource.type-malformed"),  # no sign of the standard
        ({"name": "名" * 201}, "resource.too-long"),
        ({"items": tuple(f"M-{n}" for n in range(101))}, "resource.too-many"),
    ],
)
def test_an_entry_says_everything_in_a_size_lists_can_show(changes, code):
    with refused(code):
        resources.decide(after(), with_(**changes))


def test_an_entry_keeps_its_code_and_is_not_published_for_nothing():
    with refused("resource.code-changed"):
        resources.decide(after(PUBLISH), with_(code="other"))
    with refused("resource.unchanged"):
        resources.decide(after(PUBLISH), PUBLISH)


def test_what_is_not_supplied_is_not_withdrawn_and_a_reason_is_given():
    with refused("resource.not-supplied"):
        resources.decide(after(), WITHDRAW)
    with refused("resource.not-supplied"):
        resources.decide(after(PUBLISH, WITHDRAW), WITHDRAW)
    with refused("resource.reason-missing"):
        resources.decide(after(PUBLISH), replace(WITHDRAW, reason=" "))


def test_an_entry_is_found_by_item_or_by_type_whoever_issued_it():
    either = replace(ENTRY, types=(TYPE,))
    assert either.is_given_by(item="M-1", type="")
    assert either.is_given_by(item="of-another-city", type=TYPE)
    assert not either.is_given_by(item="M-2", type="")


def test_an_entry_without_recipients_is_for_everybody():
    assert ENTRY.is_for("anybody")
    assert replace(ENTRY, recipients=("health",)).is_for("health")
    assert not replace(ENTRY, recipients=("health",)).is_for("transport")
