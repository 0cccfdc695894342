import json
import random
from datetime import datetime, timedelta, timezone
from time import perf_counter

import pytest
from django.db import connection

from mingtang.catalogue import actions, queries
from mingtang.catalogue.models import ItemRow
from mingtang.catalogue.queries import Wanted
from mingtang.core.bigrams import bigrams
from mingtang.core.catalogue import Category, key_of
from tests.core.item_examples import item

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
WHO = {"by": "p-1", "at": MONDAY}

pytestmark = pytest.mark.django_db

HALL = [
    item(code="A-1", name="食品经营许可"),
    item(code="A-2", name="食品，经营范围变更", topics=("food", "business")),
    item(code="A-3", name="药品经营许可证（零售）", department="drugs", audience=("1",)),
    item(
        code="A-4",
        name="社保卡申领",
        department="social",
        topics=("social",),
        promised_days=0,
        steps=(),
        category=Category.SERVICE,
        item_type="20",
        audience=("1",),
    ),
    item(code="A-5", name="道路运输 ＩＳＯ 9001 认证登记", department="transport"),
    item(code="511A0138000000-511602000000-00", name="休学审批", department="education"),
]


@pytest.fixture
def hall():
    contents = [content if content.name_en == "" else item_of(content) for content in HALL]
    actions.import_items(contents, **WHO)
    outcomes = actions.publish_items([key_of(content.code) for content in contents], **WHO)
    assert [o for o in outcomes if isinstance(o, Exception)] == []


def item_of(content):
    return item(**{**content.__dict__, "name_en": "", "summary": ""})


def found(**wanted):
    return {row.code[:4] for row in queries.items(Wanted(**wanted))}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("许可", {"A-1", "A-3"}),
        ("社保", {"A-4"}),
        ("食品经营", {"A-1"}),
        ("经营", {"A-1", "A-2", "A-3"}),
        ("食品 经营", {"A-1", "A-2"}),
        ("证", {"A-3", "A-5"}),
        ("领", {"A-4"}),
        ("iso", {"A-5"}),
        ("iso 9", {"A-5"}),
        ("511a0138", {"511A"}),
        ("511A0138000000-511602000000-00", {"511A"}),
        ("许可证零", set()),
        ("证零", set()),
        ("不存在", set()),
        ("？", set()),
        ("", {"A-1", "A-2", "A-3", "A-4", "A-5", "511A"}),
    ],
)
def test_what_is_found_contains_exactly_what_was_asked_for(hall, text, codes):
    assert found(text=text) == codes


@pytest.mark.parametrize("text", ['"', "' OR 1=1", "a* OR b", '食品" NEAR(x)', "(", "\\", "证'"])
def test_no_sign_in_a_search_is_taken_for_an_operator(hall, text):
    assert isinstance(found(text=text), set)


def test_the_name_that_says_it_outright_comes_first(hall):
    rows = queries.items(Wanted(text="经营许可"))

    assert [row.name for row in rows] == ["食品经营许可", "药品经营许可证（零售）"]


def test_choices_narrow_what_is_shown(hall):
    assert found(department="drugs") == {"A-3"}
    assert found(category="service") == {"A-4"}
    assert found(topic="business") == {"A-2"}
    assert found(audience="1") == {"A-3", "A-4"}
    assert found(on_the_spot=True) == {"A-4"}
    assert found(text="经营", audience="2") == {"A-1", "A-2"}


def test_every_choice_says_how_many_it_would_leave(hall):
    facets = queries.facets(Wanted(text="经营", audience="2"))

    assert facets.total == 2
    assert facets.departments == {"market": 2}
    assert facets.audiences == {"1": 1, "2": 2, "6": 2}
    assert facets.topics == {"food": 2, "business": 1}
    assert facets.names["drugs"] == "演示市场监督管理局"
    for code, number in queries.facets(Wanted()).departments.items():
        assert queries.items(Wanted(department=code)).count() == number


def test_counting_the_choices_takes_one_query(hall, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.facets(Wanted(text="经营", department="market"))


def test_drafts_and_withdrawn_items_are_not_shown(hall):
    actions.draft_item(content=item(code="N-1", name="食品经营许可（草稿）"), **WHO)
    actions.withdraw_item(key=key_of("A-1"), reason="并入其他事项", **WHO)

    assert found(text="食品经营") == set()


def test_an_item_is_found_under_its_new_name_only(hall):
    actions.draft_item(content=item(code="A-4", name="医保卡申领"), **WHO)
    actions.publish_item(key=key_of("A-4"), draft=2, **WHO)

    assert (found(text="社保"), found(text="医保")) == (set(), {"A-4"})


WORDS = (
    "食品 经营 许可 登记 备案 林木 采伐 道路 运输 医疗 机构 建设 工程 规划 验收 社会 保险 教育"
    " 审批 证"
)


def test_searching_forty_thousand_items_goes_through_the_index():
    chance = random.Random(7)
    words = WORDS.split()
    names = ["".join(chance.choices(words, k=5)) for _ in range(40_000)]
    ItemRow.objects.bulk_create(
        [_row(number, name) for number, name in enumerate(names)], batch_size=1_000
    )

    for text in ("林木采伐道路", "医疗机构建设", "采伐证食"):
        expected = sum(text in name for name in names)
        rows = queries.items(Wanted(text=text))
        began = perf_counter()
        count = rows.count()
        print(f"{text}: {count} of 40,000 in {(perf_counter() - began) * 1000:.2f} ms")
        assert count == expected
        if connection.vendor == "sqlite":
            assert "(rowno=?)" in rows.explain()


def _row(number, name):
    return ItemRow(
        key=f"k{number}", rowno=number + 1, code=str(number), name=name, name_en="",
        category="licence", item_type="01", department="d", department_name="d", audience="|",
        topics="|", statutory_days=1, promised_days=1, on_the_spot=False, visits=0,
        online_depth=0, taken_in_anywhere=False, legacy=False, state="in_force", version=1,
        drafts=1, draft=0, shortcomings=0, bigrams=bigrams(name), updated_index=0,
        adoptable=False, first_reviewers="|",
    )  # fmt: skip


def test_how_often_one_comes_and_how_long_one_waits_are_choices_too(hall):
    facets = queries.facets(Wanted(visits=0))

    assert found(on_the_spot=False) == {"A-1", "A-2", "A-3", "A-5", "511A"}
    assert found(visits=0, on_the_spot=False) | found(visits=0, on_the_spot=True) == found(visits=0)
    assert facets.total == len(found(visits=0))
    assert facets.visits[0] == facets.total
    assert facets.on_the_spot + facets.promised == facets.total


def test_everything_in_force_is_read_in_one_query(hall, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = list(queries.published())

    assert {row.code for row in rows} == {content.code for content in HALL}
    for row in rows:
        assert json.loads(row.content)["name"] == row.name
