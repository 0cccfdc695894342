"""The public pages of other platforms' notices: found, told, their source named."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.core.trading.foreign import Amount, Moment, NoticeKind, Region, key_of
from mingtang.ledger.replay import rebuild
from mingtang.trading.actions import foreign
from mingtang.trading.models import ForeignNoticeRow
from mingtang.trading.projection import FOREIGN
from tests.core.test_trading_foreign import LOT

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
PLAN = replace(
    LOT,
    source_id="7",
    kind=NoticeKind.TENDER_PLAN,
    category="01",
    title="演示光伏工程",
    project="演示光伏工程",
    region=Region(path=("演示省", "别市"), code="990200"),
    amount=Amount(written="以备案为准"),
    published=Moment(written="2026-07-24", day=date(2026, 7, 24)),
    result=None,
    url="http://plans.example.test/?id=7",
)
LISTING = replace(LOT, kind=NoticeKind.LAND_LISTING, result=None, published=None)
KEY = key_of(LOT.source, LOT.kind, LOT.source_id)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def recorded():
    outcomes = foreign.import_notices([LOT, PLAN, LISTING], by="import", at=MONDAY)
    assert not [one for one in outcomes if isinstance(one, Exception)]


def titles(client, query=""):
    page = client.get(f"/trading/notices/{query}")
    assert page.status_code == 200
    return [(one["title"], str(one["chips"][0][0])) for one in page.context["notices"]]


RESULT = ("演示出〔2026〕1号 演示路南", "土地成交结果")
OFFER = ("演示出〔2026〕1号 演示路南", "土地出让公告")
WORKS = ("演示光伏工程", "招标计划")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [WORKS, RESULT, OFFER]),
        ("?q=光伏", [WORKS]),
        ("?q=演示公司", [RESULT]),
        ("?category=03", [RESULT, OFFER]),
        ("?kind=land-listing", [OFFER]),
        ("?area=演示省+别市", [WORKS]),
        ("?year=2026&category=03", [RESULT, OFFER]),
        ("?year=2025", []),
        ("?since=2026-03-02", [WORKS]),
        ("?until=2026-03-01", [RESULT]),
        ("?category=99&kind=x&year=x&since=x", [WORKS, RESULT, OFFER]),
    ],
)
def test_notices_are_found_by_text_category_kind_region_and_time(client, query, found):
    assert titles(client, query) == found


def test_choices_say_how_many_they_would_leave(client):
    rows = client.get("/trading/notices/?category=03").context["filters"]
    found = {row.label: [(chip.label, chip.count) for chip in row.chips[1:]] for row in rows}
    assert found == {
        "类别": [("工程建设", 1), ("土地使用权", 2)],
        "公告": [("土地出让公告", 1), ("土地成交结果", 1)],
        "地区": [("演示省 演示市", 2)],
        "年份": [("2026", 2)],
    }


def test_one_notice_names_its_source_and_tells_amounts_in_figures_and_words(client):
    page = client.get(f"/trading/notices/{KEY}/").content.decode()
    assert "来源平台" in page
    assert "演示市交易中心" in page
    assert "这个项目不在本平台交易" in page
    assert "110.00 万元" in page
    assert "壹佰壹拾万元整" in page
    assert "壹佰万元整 — 壹佰贰拾万元整" in page
    assert "地上：19252.56地下空间：19166.93" in page
    assert "土地出让公告" in page  # the other notice of this lot


def test_an_address_elsewhere_is_shown_and_leads_nowhere(client):
    key = key_of(PLAN.source, PLAN.kind, PLAN.source_id)
    page = client.get(f"/trading/notices/{key}/").content.decode()
    assert "http://plans.example.test/?id=7" in page
    assert 'href="http://plans' not in page
    assert "原文没有写明一个确定的金额" in page


def test_a_notice_there_is_not_is_not_found(client):
    assert client.get("/trading/notices/nothing/").status_code == 404


def test_rows_are_written_again_from_the_log_and_still_found(client):
    before = list(ForeignNoticeRow.objects.order_by("key").values())
    rebuild([FOREIGN])
    assert list(ForeignNoticeRow.objects.order_by("key").values()) == before
    assert titles(client, "?q=光伏") == [WORKS]
