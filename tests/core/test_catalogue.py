from datetime import datetime, timedelta, timezone

import pytest

from mingtang.core.catalogue import (
    DECIDER,
    Category,
    DraftItem,
    DraftListedItem,
    ItemDrafted,
    ItemPublished,
    ItemWithdrawn,
    PublishItem,
    State,
    WithdrawItem,
    decide,
    key_of,
)
from mingtang.core.wire import Wire
from tests.core.item_examples import COMPLETE, item
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
WHO = {"by": "p-1", "at": MONDAY}
DRAFTED = ItemDrafted(draft=1, content=COMPLETE, **WHO)
PUBLISHED = ItemPublished(version=1, content=COMPLETE, **WHO)
WITHDRAWN = ItemWithdrawn(version=1, reason="法律已修改", **WHO)


def after(*history) -> State:
    return DECIDER.replay(history)


def test_a_first_draft_is_draft_one():
    assert decide(State(), DraftItem(content=COMPLETE, **WHO)) == [DRAFTED]


def test_a_second_draft_counts_on_and_leaves_the_version_in_force_alone():
    renamed = item(name="食品经营许可（新办）")

    [event] = decide(after(DRAFTED, PUBLISHED), DraftItem(content=renamed, seen=1, **WHO))

    assert event == ItemDrafted(draft=2, content=renamed, **WHO)
    state = after(DRAFTED, PUBLISHED, event)
    assert (state.in_force, state.draft, state.stage) == (COMPLETE, renamed, "in_force")


@pytest.mark.parametrize("history", [(DRAFTED,), (DRAFTED, PUBLISHED)])
def test_a_draft_that_changes_nothing_is_refused(history):
    with refused("item.draft-unchanged"):
        decide(after(*history), DraftItem(content=COMPLETE, **WHO))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "OTHER"}, "item.code-changed"),
        ({"code": " "}, "item.code-missing"),
        ({"name": ""}, "item.name-missing"),
        ({"department": ""}, "item.department-missing"),
        ({"name": "名" * 301}, "item.too-long"),
        ({"item_type": "1" * 11}, "item.too-long"),
        ({"promised_days": 10_000}, "item.out-of-range"),
        ({"visits": -1}, "item.out-of-range"),
    ],
)
def test_a_draft_that_does_not_say_what_it_is_is_refused(change, code):
    with refused(code):
        decide(after(DRAFTED), DraftItem(content=item(**change), **WHO))


def test_a_draft_written_on_an_older_one_does_not_overwrite_it():
    with refused("item.draft-moved-on"):
        decide(after(DRAFTED), DraftItem(content=item(name="别名"), seen=0, **WHO))


def test_publishing_brings_the_draft_into_force_as_the_next_version():
    publish = PublishItem(draft=1, shortcomings=(), **WHO)

    assert decide(after(DRAFTED), publish) == [PUBLISHED]
    assert after(DRAFTED, PUBLISHED) == State(drafts=1, version=1, in_force=COMPLETE)


@pytest.mark.parametrize(
    ("history", "draft", "shortcomings", "code"),
    [
        ((), 0, (), "item.no-draft"),
        ((DRAFTED, PUBLISHED), 1, (), "item.no-draft"),
        ((DRAFTED,), 2, (), "item.draft-moved-on"),
        ((DRAFTED,), 1, ("quality.hours-missing",), "item.incomplete"),
    ],
)
def test_publishing_is_refused(history, draft, shortcomings, code):
    with refused(code):
        decide(after(*history), PublishItem(draft=draft, shortcomings=shortcomings, **WHO))


def test_withdrawing_leaves_nothing_in_force():
    withdraw = WithdrawItem(reason="法律已修改", **WHO)

    assert decide(after(DRAFTED, PUBLISHED), withdraw) == [WITHDRAWN]
    assert after(DRAFTED, PUBLISHED, WITHDRAWN) == State(drafts=1, version=1)
    assert after(DRAFTED, PUBLISHED, WITHDRAWN).stage == "withdrawn"


@pytest.mark.parametrize(
    ("history", "reason", "code"),
    [
        ((DRAFTED,), "重复", "item.not-in-force"),
        ((DRAFTED, PUBLISHED), " ", "item.reason-missing"),
    ],
)
def test_withdrawing_is_refused(history, reason, code):
    with refused(code):
        decide(after(*history), WithdrawItem(reason=reason, **WHO))


def test_a_withdrawn_item_can_be_drafted_and_published_again():
    drafted = ItemDrafted(draft=2, content=COMPLETE, **WHO)
    history = (DRAFTED, PUBLISHED, WITHDRAWN)

    assert decide(after(*history), DraftItem(content=COMPLETE, **WHO)) == [drafted]
    [event] = decide(after(*history, drafted), PublishItem(draft=2, shortcomings=(), **WHO))
    assert event.version == 2


SAID = ("code", "name", "promised_days")


def listed(content, *, elements=SAID):
    return DraftListedItem(content=content, elements=elements, **WHO)


def test_a_list_brings_an_item_in():
    [event] = decide(State(), listed(COMPLETE))

    assert (event.draft, event.content) == (1, COMPLETE)
    assert [one.partition(":")[0] for one in event.listed] == list(SAID)


def test_reading_a_list_again_changes_nothing():
    [event] = decide(State(), listed(COMPLETE))

    with refused("item.draft-unchanged"):
        decide(after(event), listed(COMPLETE))


def test_a_list_changes_only_what_it_speaks_of_and_says_anew():
    history = decide(State(), listed(COMPLETE))
    edited = item(name="改过的名称", address="演示路 2 号 3 号窗口")
    history += decide(after(*history), DraftItem(content=edited, **WHO))

    [event] = decide(after(*history), listed(item(promised_days=3)))

    assert event.content == item(name="改过的名称", address="演示路 2 号 3 号窗口", promised_days=3)
    with refused("item.draft-unchanged"):
        decide(after(*history, event), listed(item(promised_days=3)))


def test_a_list_does_not_bring_back_what_was_withdrawn():
    history = decide(State(), listed(COMPLETE))
    history += decide(after(*history), PublishItem(draft=1, shortcomings=(), **WHO))
    history += decide(after(*history), WithdrawItem(reason="已废止", **WHO))

    with refused("item.draft-unchanged"):
        decide(after(*history), listed(COMPLETE))


def test_a_list_that_does_not_say_what_it_is_about_is_refused():
    with refused("item.name-missing"):
        decide(State(), listed(item(name="")))


@pytest.mark.parametrize("event", [DRAFTED, PUBLISHED, WITHDRAWN])
def test_an_event_survives_being_bytes(event):
    wire = Wire([ItemDrafted, ItemPublished, ItemWithdrawn])

    assert wire.decode(wire.encode(event)[0]) == event


def test_a_key_is_short_and_safe_whatever_the_code():
    code = "511A0138000000-511602000000-000-115113010833722043-1-00 / 号"

    assert key_of(code) == key_of(code)
    assert key_of(code) != key_of(code + " ")
    assert len(key_of(code)) == 20
    assert key_of(code).isascii()
    assert key_of(code).isalnum()


@pytest.mark.parametrize(
    ("category", "legacy", "expected"),
    [
        (Category.LICENCE, False, True),
        (Category.SERVICE, False, True),
        (Category.NON_LICENCE, True, False),
        (Category.NON_LICENCE, False, False),
    ],
)
def test_nobody_applies_for_what_closed_in_2015(category, legacy, expected):
    assert item(category=category, legacy=legacy).open_to_applications is expected
