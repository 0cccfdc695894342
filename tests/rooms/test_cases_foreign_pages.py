"""The pages of cases of other systems: who may open them, what is found, clocks, figures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.cases.actions import foreign
from mingtang.cases.models import ForeignCaseRow
from mingtang.cases.projection import FOREIGN_CASE
from mingtang.core.decider import Refused
from mingtang.core.foreigncases import Counting, key_of
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import rebuild
from tests.core.test_foreigncases import CLOSED, GROWN, MONDAY, READ, RECEIVED, REVIEWED
from tests.rooms.case_town import build, signed_in

pytestmark = pytest.mark.django_db
LATE = replace(
    GROWN,
    number="A-2",
    outline=replace(CLOSED, closed=MONDAY + timedelta(days=14), department="规划科"),
)
ELSEWHERE = replace(READ, source="别的系统", number="B-1")
OLD = replace(
    LATE,
    number="A-3",
    outline=replace(
        LATE.outline,
        started=MONDAY - timedelta(days=9_000),
        deadline=MONDAY - timedelta(days=8_990),
        closed=MONDAY - timedelta(days=8_990) + timedelta(hours=2),
        counting=Counting.MOMENT,
    ),
)


@pytest.fixture
def town():
    return build()


@pytest.fixture
def brought():
    outcomes = foreign.import_cases([GROWN, LATE, ELSEWHERE])
    assert all(isinstance(one, Receipt) for one in outcomes)


def page(client, address="", status=200):
    answer = client.get(f"/cases/foreign/{address}")
    assert answer.status_code == status
    return answer


def numbers(client, query=""):
    return [line["row"].number for line in page(client, query).context["lines"]]


def of(case):
    return f"{key_of(case.source, case.number)}/"


# ── The action ──────────────────────────────────────────────────────────────


def test_cases_are_recorded_once_and_what_is_new_is_added():
    told = []
    [first] = foreign.import_cases([READ], progress=told.append)
    assert (first.version, told) == (1, [1])
    again, grown = foreign.import_cases([READ, GROWN])
    assert (type(again), again.code) == (Refused, "foreign-case.unchanged")
    assert grown.version == 2
    kinds = LedgerEntry.objects.order_by("index").values_list("kind", flat=True)
    assert list(kinds) == ["foreign-case.recorded.v1", "foreign-case.continued.v1"]


def test_rows_are_written_again_from_the_log(brought):
    before = list(ForeignCaseRow.objects.order_by("key").values())
    rebuild([FOREIGN_CASE])
    assert list(ForeignCaseRow.objects.order_by("key").values()) == before


# ── Who may ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["citizen", "clerk", "reviewer", "chief", "administrator"])
@pytest.mark.parametrize("address", ["", "figures/", of(GROWN)])
def test_whoever_does_not_oversee_sees_nothing(town, brought, who, address):
    page(signed_in(getattr(town, who)), address, status=403)


@pytest.mark.parametrize("who", ["overseer", "manager"])
def test_whoever_oversees_finds_them_among_the_work_lists(town, brought, who):
    client = signed_in(getattr(town, who))
    assert 'href="/cases/foreign/" aria-current="page">外部办件' in page(client).content.decode()
    page(client, of(GROWN))
    page(client, "figures/")


# ── What is found ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"A-1", "A-2", "B-1"}),
        ("?q=a-2", {"A-2"}),
        ("?q=规划科", {"A-2"}),
        ("?q=审查+乙", {"A-1", "A-2"}),
        ("?q=没有的", set()),
        ("?source=别的系统", {"B-1"}),
        ("?standing=late", {"A-2"}),
        ("?standing=open", {"B-1"}),
        ("?standing=nonsense", {"A-1", "A-2", "B-1"}),
        ("?q=%25", set()),
    ],
)
def test_cases_are_found_by_words_system_and_standing(town, brought, query, found):
    assert set(numbers(signed_in(town.overseer), query)) == found


def test_where_there_are_none_the_pages_say_how_they_come(town):
    for address in ("", "figures/"):
        assert "还没有导入外部办件" in page(signed_in(town.overseer), address).content.decode()
    page(signed_in(town.overseer), "nothing/", status=404)


# ── One case ────────────────────────────────────────────────────────────────


def test_a_case_shows_its_steps_and_its_days_by_our_calendar(town, brought):
    answer = page(signed_in(town.overseer), of(LATE))
    text = answer.content.decode()
    assert [one["step"].activity for one in answer.context["steps"]] == ["收件", "审查"]
    shown = [(one["label"], one["value"], one["unit"]) for one in answer.context["days"]]
    assert shown == [("时限", 9, "个工作日"), ("已用", 10, "个工作日"), ("超期", 1, "个工作日")]
    assert "按本平台的工作日历数工作日" in text
    assert "期限算到当天，当天办结不算超期" in text
    assert "2026-03-13 09:00:00 (UTC+08:00)" in text
    assert "距上一环节" in text
    assert "1.0 天" in text


def test_days_our_calendar_does_not_cover_are_calendar_days_and_said_to_be(town):
    foreign.import_cases([OLD])
    answer = page(signed_in(town.overseer), of(OLD))
    text = answer.content.decode()
    shown = [(one["label"], one["value"], one["unit"]) for one in answer.context["days"]]
    assert shown == [("时限", 10, "个自然日"), ("已用", 10, "个自然日"), ("超期", 0, "个自然日")]
    assert "所以数自然日" in text
    assert "期限算到时刻" in text


def test_a_case_without_an_end_says_so_and_every_entry_is_named(town):
    foreign.import_cases([READ])
    foreign.import_cases([replace(GROWN, outline=READ.outline)])
    answer = page(signed_in(town.overseer), of(READ))
    assert "没有办结记录，数到最后一个环节为止" in answer.content.decode()
    indexes = LedgerEntry.objects.filter(stream__startswith="foreign-case/").order_by("index")
    assert answer.context["entries"] == [(one.index, 1) for one in indexes]


# ── Figures ─────────────────────────────────────────────────────────────────


def test_figures_are_of_each_log_and_add_up(town, brought):
    foreign.import_cases([replace(LATE, number="A-4", outline=replace(CLOSED, deadline=None))])
    answer = page(signed_in(town.overseer), "figures/")
    other, ours = answer.context["logs"]
    assert (other["source"], ours["source"]) == ("别的系统", "演示系统")
    assert [one["value"] for one in ours["figures"]] == ["3", "6", "2", "2.0 天", "50.0%"]
    assert [one["value"] for one in other["figures"]] == ["1", "1", "1", "—", "—"]
    assert [count for *_, count, _url in ours["standings"]] == [1, 1, 0, 1]
    assert ours["activities"] == (("审查", 3), ("收件", 3))
    text = answer.content.decode()
    assert "有期限又有办结记录的 2 件中 1 件" in text
    assert "收到时间从2026-03-02（周一）到2026-03-02（周一）" in text


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        ({"seconds": 59}, "不到 1 分钟"),
        ({"minutes": 59, "seconds": 59}, "59 分钟"),
        ({"hours": 1}, "1.0 小时"),
        ({"hours": 23, "minutes": 59}, "23.9 小时"),
        ({"days": 1}, "1.0 天"),
    ],
)
def test_the_time_between_steps_is_told_as_exactly_as_it_matters(town, after, shown):
    later = replace(REVIEWED, at=MONDAY + timedelta(**after))
    foreign.import_cases([replace(READ, steps=(RECEIVED, later))])
    steps = page(signed_in(town.overseer), of(READ)).context["steps"]
    assert [one["waited"] for one in steps] == ["", shown]
