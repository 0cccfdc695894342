from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.catalogue import actions, queries
from mingtang.catalogue.models import CalendarYearRow, DraftRow, ItemRow, ItemVersionRow
from mingtang.core.catalogue import Category, key_of
from mingtang.core.decider import Refused
from mingtang.core.worktime import CalendarYear
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import rebuild, shadow
from tests.core.item_examples import COMPLETE, item
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
WHO = {"by": "p-1", "at": MONDAY}
KEY = key_of(COMPLETE.code)

pytestmark = pytest.mark.django_db


def publish(content=COMPLETE):
    actions.draft_item(content=content, **WHO)
    drafts = queries.item_file(key_of(content.code)).drafts
    return actions.publish_item(key=key_of(content.code), draft=drafts, **WHO)


def test_a_draft_is_kept_with_what_it_lacks_and_nothing_is_in_force():
    receipt = actions.draft_item(content=item(hours="", address=""), **WHO)

    assert receipt.key == KEY
    row, draft = ItemRow.objects.get(), DraftRow.objects.get()
    assert (row.state, row.draft, row.shortcomings) == ("draft", 1, 2)
    assert draft.shortcomings == "|quality.address-missing|quality.hours-missing|"
    with refused("item.not-in-force"):
        queries.item_in_force(KEY)


def test_an_incomplete_draft_is_not_published_and_the_refusal_says_what_is_missing():
    actions.draft_item(content=item(hours=""), **WHO)

    with pytest.raises(Refused) as refusal:
        actions.publish_item(key=KEY, draft=1, **WHO)

    assert refusal.value.code == "item.incomplete"
    assert refusal.value.facts == {"shortcomings": ("quality.hours-missing",)}
    assert ItemRow.objects.get().state == "draft"
    assert not ItemVersionRow.objects.exists()


def test_a_complete_draft_comes_into_force():
    publish()

    assert queries.item_in_force(KEY) == queries.Published(KEY, 1, COMPLETE)
    assert queries.item_in_force(COMPLETE.code).key == KEY
    assert queries.in_force(KEY) == (1, COMPLETE)
    assert not DraftRow.objects.exists()
    row = ItemRow.objects.get()
    assert (row.state, row.version, row.draft, row.shortcomings) == ("in_force", 1, 0, 0)


def test_cases_keep_the_version_they_began_under():
    publish()
    publish(item(promised_days=10))

    assert queries.version(KEY, 1).promised_days == 5
    assert queries.version(KEY, 2).promised_days == 10
    assert queries.in_force(KEY)[0] == 2
    assert [row.version for row in queries.versions(KEY)] == [2, 1]


def test_a_new_draft_leaves_what_is_in_force_alone():
    publish()
    actions.draft_item(content=item(name="别的名称", hours=""), seen=1, **WHO)

    row, file = ItemRow.objects.get(), queries.item_file(KEY)
    assert (row.name, row.state, row.draft, row.shortcomings) == (COMPLETE.name, "in_force", 2, 1)
    assert (file.in_force, file.draft.name, file.drafts) == (COMPLETE, "别的名称", 2)
    assert queries.item_in_force(KEY).content == COMPLETE


def test_two_people_writing_at_once_do_not_overwrite_one_another():
    actions.draft_item(content=COMPLETE, **WHO)
    actions.draft_item(content=item(name="甲的写法"), seen=1, **WHO)

    with refused("item.draft-moved-on"):
        actions.draft_item(content=item(name="乙的写法"), seen=1, **WHO)

    assert queries.item_file(KEY).draft.name == "甲的写法"


def test_what_was_published_is_what_was_looked_at():
    actions.draft_item(content=COMPLETE, **WHO)
    actions.draft_item(content=item(summary="另写"), **WHO)

    with refused("item.draft-moved-on"):
        actions.publish_item(key=KEY, draft=1, **WHO)


def test_a_withdrawn_item_is_no_longer_in_force_but_its_versions_stay():
    publish()
    actions.withdraw_item(key=KEY, reason="设定依据已废止", **WHO)

    with refused("item.not-in-force"):
        queries.in_force(KEY)
    assert ItemRow.objects.get().state == "withdrawn"
    assert queries.version(KEY, 1) == COMPLETE
    assert queries.item_file(KEY).last == COMPLETE


def test_withdrawing_needs_a_reason():
    publish()

    with refused("item.reason-missing"):
        actions.withdraw_item(key=KEY, reason="", **WHO)

    assert queries.in_force(KEY)[0] == 1


def test_what_closed_in_2015_is_shown_but_not_applied_for():
    publish(item(category=Category.NON_LICENCE, item_type="10", legacy=True))

    assert queries.item_in_force(KEY).content.legacy
    with refused("item.legacy"):
        queries.in_force(KEY)


def test_the_same_submission_sent_twice_acts_once():
    first = actions.draft_item(content=COMPLETE, once="k1", **WHO)
    second = actions.draft_item(content=COMPLETE, once="k1", **WHO)

    assert (second.index, second.repeated) == (first.index, True)


def test_many_items_share_commits_and_each_has_its_own_outcome():
    contents = [item(code=f"D-{number}") for number in range(450)]
    contents[3] = item(code="D-3", name="")
    steps = []

    outcomes = actions.import_items(contents, progress=steps.append, **WHO)

    assert steps == [200, 200, 50]
    assert outcomes[3].code == "item.name-missing"
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 449
    again = actions.import_items(contents, **WHO)
    assert {outcome.code for outcome in again} == {"item.draft-unchanged", "item.name-missing"}


def test_many_drafts_are_published_each_as_it_stands():
    contents = [item(code="D-1"), item(code="D-2", hours=""), item(code="D-3")]
    actions.import_items(contents, **WHO)

    outcomes = actions.publish_items([key_of(content.code) for content in contents], **WHO)

    assert [getattr(outcome, "code", "published") for outcome in outcomes] == [
        "published",
        "item.incomplete",
        "published",
    ]


def test_a_calendar_year_is_entered_and_made_official():
    year = CalendarYear(
        year=2027, official=False, off_days=(date(2027, 1, 1),), makeup_days=(), source="预测"
    )
    enter = {"year": 2027, "off_days": year.off_days, "makeup_days": (), **WHO}

    actions.publish_calendar_year(official=False, source="预测", **enter)
    assert queries.calendar().years == (year,)
    actions.publish_calendar_year(official=True, source="通知", **enter)

    assert queries.calendar().years == (replace(year, official=True, source="通知"),)
    assert CalendarYearRow.objects.get().official


def test_an_official_year_never_becomes_provisional_again():
    enter = {"year": 2026, "off_days": (date(2026, 1, 1),), "makeup_days": (), **WHO}
    actions.publish_calendar_year(official=True, source="通知", **enter)

    with refused("calendar.already-official"):
        actions.publish_calendar_year(official=False, source="预测", **enter)

    assert queries.calendar().is_official(date(2026, 5, 6))


def test_the_tables_are_what_the_ledger_says_they_are():
    publish()
    actions.draft_item(content=item(name="别的名称"), **WHO)
    publish(item(code="D-2"))
    actions.withdraw_item(key=key_of("D-2"), reason="并入其他事项", **WHO)
    actions.publish_calendar_year(
        year=2026, official=True, off_days=(), makeup_days=(), source="通知", **WHO
    )
    tables = (ItemRow, ItemVersionRow, DraftRow, CalendarYearRow)
    before = {table: list(table.objects.order_by("pk").values()) for table in tables}

    copy = shadow(actions.SUBJECTS)
    for table in tables:
        key = table._meta.pk.name
        assert before[table] == [
            {key: pk, **values} for pk, values in sorted(copy.tables[table].items())
        ]
    rebuild(actions.SUBJECTS)

    assert {table: list(table.objects.order_by("pk").values()) for table in tables} == before
    assert [row.key for row in queries.items(queries.Wanted(text="食品经营"))] == [KEY]
