"""`mingtang import-notices`: the dirt of real lists, made up and small; and the real lists."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest

from mingtang.config.importing import notices_cells, notices_columns
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.notices import Said, import_notices
from mingtang.config.importing.notices_regions import Divisions, read_divisions
from mingtang.config.importing.reading import Unusable
from mingtang.core.trading.foreign import (
    Amount,
    Detail,
    ForeignNotice,
    Moment,
    NoticeKind,
    Outcome,
    Region,
    Result,
    key_of,
)
from mingtang.core.wire import read as read_back
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import shadow
from mingtang.trading import queries
from mingtang.trading.models import ForeignNoticeRow
from mingtang.trading.projection import FOREIGN
from mingtang.trading.queries import WantedNotices

SHARED = Path(__file__).parents[3] / "shared/data"
REAL = SHARED / "trading"
CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
PLANS = (
    "source_notice_id,title,published_at,project_location,buyer,agency,fixed_asset_code,budget,"
    "planned_bid_time,url"
)
PLAN = (
    "7,演示路灯工程,2026-07-24 17:39:55,演示省-演示市-演示区,演示公司 详细,/,"
    "2604-990101-60-01-332521,9060.30万元,2026-08-24 17:36:00,http://plans.example.test/?id=7"
)
DIVISIONS = (
    "code,name,level,parent_code,status,successor\n"
    "990000,演示省,province,,current,\n"
    "990100,演示市,prefecture,990000,current,\n"
    "990102,演示区,county,990100,current,\n"
    "990101,演示县,county,990100,retired,990102\n"
    "990200,黔演苗族侗族自治州,prefecture,990000,current,\n"
    "990199,演示新区,zone,990100,not in GB/T 2260,\n"
)
LISTINGS = ",地块编号,宗地位置,地块面积（平方米）,用途,限高,容积率,起始价格（万元）"
RESULTS = "Column1,地块编号,宗地位置,地块面积（平方米）,用途,成交价格（万元）,受让单位"


@pytest.fixture
def run(tmp_path, capsys):
    """Import text as a file; return exit code and report."""

    def run(*lines, name="notices.csv", source="演示交易中心", divisions=None, **said):
        file = tmp_path / name
        file.write_text("\n".join(lines), encoding="utf-8")
        return run_file(file, source=source, divisions=divisions, **said)

    def run_file(file, *, divisions=None, **said):
        code = import_notices([file], Said(**said), divisions, as_json=True)
        return code, json.loads(capsys.readouterr().out)

    run.file = run_file
    return run


@pytest.fixture
def divisions(tmp_path):
    file = tmp_path / "divisions.csv"
    file.write_text(DIVISIONS, encoding="utf-8")
    return file


def counts(report):
    names = ("read", "new", "corrected", "unchanged", "repeated")
    return (*(report[name] for name in names), len(report["refused"]), len(report["doubts"]))


def places(cells):
    return [(cell["line"], cell["column"], cell["code"]) for cell in cells]


def recorded():
    rows = ForeignNoticeRow.objects.order_by("title", "kind")
    return [read_back(ForeignNotice, json.loads(row.content)) for row in rows]


# ── Cells ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "fen", "upper"),
    [
        ("9060.30万元", 9_060_300_000, None),
        ("122.969583 万元", 122_969_583, None),
        ("0元 人民币", 0, None),
        ("0.9元", 90, None),
        ("451600.00 元", 45_160_000, None),
        ("425,728.44 元", 42_572_844, None),
        ("¥ 2,650,000", 265_000_000, None),
        ("￥ 780000.00 元", 78_000_000, None),
        ("¥ 220.00 万元", 220_000_000, None),
        ("１８万元", 18_000_000, None),
        ("1.5亿元", 15_000_000_000, None),
        ("人民币12元整", 1_200, None),
        ("100-120万元", 100_000_000, 120_000_000),
        ("80万元至1亿元", 80_000_000, 10_000_000_000),
    ],
)
def test_an_amount_is_exact_fen_beside_its_words(written, fen, upper):
    found = notices_cells.amount(written)
    assert found == Amount(written=written, fen=fen, upper_fen=upper)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("212800", "notice.amount-unit"),
        ("440,0", "notice.amount-shape"),
        ("440,0元", "notice.amount-shape"),
        ("1.", "notice.amount-shape"),
        ("约4000万元", "notice.amount-shape"),
        ("总投资1.48亿，本次估算额2300万", "notice.amount-shape"),
        ("2095.48（建安费2061.29）", "notice.amount-shape"),
        ("以造价备案金额为准", "notice.amount-shape"),
        ("0.001元", "notice.amount-shape"),
        ("120-100万元", "notice.amount-shape"),
        ("-5万元", "notice.amount-shape"),
        ("99999999999999999999亿元", "notice.amount-shape"),
    ],
)
def test_words_that_give_no_certain_amount_are_not_guessed_at(written, code):
    with pytest.raises(Unreadable, match=f"^{code}$"):
        notices_cells.amount(written)


@pytest.mark.parametrize("written", ["公告未载明", "/", "", "待定"])
def test_words_that_say_there_is_none_give_none(written):
    assert notices_cells.amount(written) is None
    assert notices_cells.moment(written) is None
    assert notices_cells.name(written) == ""


def test_the_unit_may_stand_in_the_heading():
    assert notices_cells.wan("89703.0").fen == 89_703_000_000
    assert notices_cells.yuan("89703.5").fen == 8_970_350
    assert notices_cells.wan("5元").fen == 500  # what the cell says goes first


def test_a_term_in_years_is_no_price_of_land():
    with pytest.raises(Unreadable, match=r"^notice\.amount-term$"):
        notices_cells.land_price("50")
    assert notices_cells.land_price("51").fen == 51_000_000


@pytest.mark.parametrize(
    ("written", "day", "at"),
    [
        ("2026-07-24", (2026, 7, 24), None),
        ("2026/7/4", (2026, 7, 4), None),
        ("2026年7月4日", (2026, 7, 4), None),
        ("20260704", (2026, 7, 4), None),
        ("2026-07-24 00:00:00", (2026, 7, 24), None),
        ("２０２６-07-24", (2026, 7, 24), None),
        ("2026-07-31 14:00", (2026, 7, 31), datetime(2026, 7, 31, 14, tzinfo=CHINA)),
        ("2026年7月31日 9时30分", (2026, 7, 31), datetime(2026, 7, 31, 9, 30, tzinfo=CHINA)),
        ("2026-07-31T17:00:00Z", (2026, 8, 1), datetime(2026, 7, 31, 17, tzinfo=UTC)),
        (
            "2026-07-31T20:00:00.5+0900",
            (2026, 7, 31),
            datetime(2026, 7, 31, 20, tzinfo=timezone(timedelta(hours=9))),
        ),
        (
            "2026-07-31T20:00-05:30",
            (2026, 8, 1),
            datetime(2026, 7, 31, 20, tzinfo=timezone(-timedelta(hours=5, minutes=30))),
        ),
    ],
)
def test_a_moment_keeps_its_offset_and_is_a_day_in_china(written, day, at):
    found = notices_cells.moment(written)
    assert found == Moment(written=written, day=date(*day), at=at)
    assert found.at is None or found.at.utcoffset() == at.utcoffset()


@pytest.mark.parametrize("written", ["2026-02-30", "24.7.2026", "明天", "2026-07-24 25:00"])
def test_what_is_no_day_is_not_taken_for_one(written):
    with pytest.raises(Unreadable, match=r"^notice\.not-a-date$"):
        notices_cells.moment(written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("演示公司 详细", "演示公司"),
        ("演示公司详细", "演示公司"),
        ("\u200c演示 公司 ", "演示 公司"),
        ("<b>演示公司</b>&nbsp;", "演示公司"),
        ("? 演示公司 ? ?", "演示公司"),
        (
            "演示公司（项目业主） 演示二公司（代建单位）",
            "演示公司（项目业主） 演示二公司（代建单位）",
        ),
    ],
)
def test_what_is_stuck_to_a_name_comes_off(written, name):
    assert notices_cells.name(written) == name


@pytest.mark.parametrize(
    "written", ["统一社会信用代码", "演示公司 招标代理： 乙", "业主:甲，代建:乙"]
)
def test_more_than_a_name_is_not_cut_by_guess(written):
    with pytest.raises(Unreadable, match=r"^notice\.not-a-name$"):
        notices_cells.name(written)


def test_names_of_winners_run_together_are_told_apart():
    assert (
        notices_columns.winner("甲乙丙丁有限公司戊己庚辛有限公司")
        == "甲乙丙丁有限公司、戊己庚辛有限公司"
    )
    assert notices_columns.winner("甲乙有限公司,丙丁有限公司,") == "甲乙有限公司、丙丁有限公司"
    assert notices_columns.winner("甲乙有限公司演示市分公司") == "甲乙有限公司演示市分公司"


def test_the_number_of_a_lot_is_written_one_way():
    assert notices_cells.lot("演示出[2019] 017号（网）") == "演示出〔2019〕017号（网）"
    assert notices_cells.lot("演示出〔2019〕\xa0017号（网）") == "演示出〔2019〕017号（网）"


# ── Regions ─────────────────────────────────────────────────────────────────


def region(known, *, path="", code="", hint="", within=""):
    return known.region(path=path, code=code, hint=hint, within=within)


def test_a_region_is_found_by_name_by_code_and_by_what_a_place_mentions(divisions):
    known = read_divisions(divisions)
    county = Region(path=("演示省", "演示市", "演示区"), code="990102")
    assert region(known, path="演示省-演示市-演示区") == county
    assert region(known, path="演示区") == county
    assert region(known, code="990102000000") == county
    assert region(known, within="演示市演示区公共资源交易中心") == county
    assert region(known, path="演示省", within="黔演州公共资源交易中心") == Region(
        path=("演示省", "黔演苗族侗族自治州"), code="990200"
    )
    assert region(known, path="演示省-演示市-演示区", within="黔演州") == county


def test_a_retired_code_gives_way_to_its_successor_and_is_kept_beside(divisions):
    known = read_divisions(divisions)
    now = Region(path=("演示省", "演示市", "演示区"), code="990102", written_code="990101")
    assert region(known, code="990101") == now
    assert region(known, hint="990101") == now


def test_zones_and_codes_no_list_knows_stay_as_they_are(divisions):
    known = read_divisions(divisions)
    assert region(known, path="演示省-演示市-演示新区").code == "990199"
    assert region(known, path="别处-某区") == Region(path=("别处", "某区"))
    assert region(known, code="511602001") == Region(code="511602001")
    assert region(Divisions(), path="甲省-乙市", hint="110000") == Region(
        path=("甲省", "乙市"), code="110000"
    )
    with pytest.raises(Unreadable, match=r"^notice\.code-shape$"):
        region(known, code="5116")


def test_a_list_of_divisions_needs_its_columns(tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("code,name\n1,甲\n", encoding="utf-8")
    with pytest.raises(Unusable, match=r"^import\.unknown-columns$"):
        read_divisions(file)


# ── Files ───────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_plan_becomes_a_notice_with_its_source(run, divisions):
    code, report = run(PLANS, PLAN, divisions=divisions)
    assert (code, counts(report)) == (0, (1, 1, 0, 0, 0, 0, 0))
    assert recorded() == [
        ForeignNotice(
            source="演示交易中心",
            source_id="7",
            kind=NoticeKind.TENDER_PLAN,
            category="01",
            title="演示路灯工程",
            project="演示路灯工程",
            region=Region(path=("演示省", "演示市", "演示区"), code="990102"),
            buyer="演示公司",
            amount=Amount(written="9060.30万元", fen=9_060_300_000),
            published=Moment(
                written="2026-07-24 17:39:55",
                day=date(2026, 7, 24),
                at=datetime(2026, 7, 24, 17, 39, 55, tzinfo=CHINA),
            ),
            details=(
                Detail(name="fixed_asset_code", text="2604-990101-60-01-332521"),
                Detail(name="planned_bid_time", text="2026-08-24 17:36:00"),
            ),
            url="http://plans.example.test/?id=7",
        )
    ]


@pytest.mark.django_db
def test_without_a_name_the_platform_is_the_host_of_the_address(run):
    run(PLANS, PLAN, source="")
    assert [one.source for one in recorded()] == ["plans.example.test"]
    assert recorded()[0].region == Region(path=("演示省", "演示市", "演示区"), code="990101")


@pytest.mark.django_db
def test_a_notice_has_its_category_from_where_it_stands(run):
    heading = "published_at,title,budget,location,buyer,agency,bid_deadline,source_name"
    code, report = run(
        heading,
        "2026-07-01,甲公告,5万元,国有产权,演示甲,,2026-07-09 14:00,演示云-其他交易",
        "2026-07-01,乙公告,,演示路1号,演示乙,公告未载明,2026-07-09,演示云-政府采购",
        "2026-07-01,丙公告,,演示省,演示丙,丙代理,,演示云-别的",
    )
    assert (code, counts(report)) == (0, (3, 3, 0, 0, 0, 0, 0))
    found = {one.title: (one.category, one.place, one.agency) for one in recorded()}
    assert found == {
        "甲公告": ("05", "", ""),
        "乙公告": ("02", "演示路1号", ""),
        "丙公告": ("90", "演示省", "丙代理"),
    }


@pytest.mark.django_db
def test_lots_and_their_results_belong_together(run):
    said = {"region": "演示省-演示市", "region_code": "990100"}
    lot = "演示出[2026]1号"
    _, listed = run(LISTINGS, f"0,{lot}（网）,路南,地上：2.5地下：3,住宅,＜24,＜1.7,27700", **said)
    _, sold = run(
        RESULTS,
        f"9,{lot} ,路南,2.5,住宅,30000.0,甲乙有限公司",
        "8,演示出〔2026〕2号,路北,49602.95㎡,工业,,流拍",
        **said,
    )
    assert counts(listed) == (1, 1, 0, 0, 0, 0, 0)
    assert counts(sold) == (2, 2, 0, 0, 0, 0, 0)
    first, second, third = recorded()
    assert (first.source_id, second.source_id) == ("演示出〔2026〕1号", "演示出〔2026〕1号（网）")
    assert first.result == Result(
        outcome=Outcome.SOLD,
        winner="甲乙有限公司",
        price=Amount(written="30000.0", fen=30_000_000_000),
    )
    assert second.amount == Amount(written="27700", fen=27_700_000_000)
    assert (second.area, second.region.code) == ("地上：2.5地下：3", "990100")
    assert (third.result, third.area) == (Result(outcome=Outcome.FAILED), "49602.95㎡")
    file = queries.notice(key_of("演示交易中心", NoticeKind.LAND_RESULT, "演示出〔2026〕1号"))
    assert [row.kind for row in file.same_project] == ["land-listing"]
    assert file.row.year == 2026


@pytest.mark.django_db
def test_bad_rows_are_told_with_line_and_column_and_the_good_ones_kept(run):
    code, report = run(
        RESULTS,
        "1,演示1号,路南,2.5,住宅,30000.0,甲公司",
        "2,演示2号,路南,2.5,住宅,30000.0",
        "3,演示3号,路南,2.5,住宅,,甲公司",
        "4,演示1号,路南,2.5,住宅,40000.0,甲公司",
        "5,演示1号,路南,2.5,住宅,30000.0,甲公司",
        "6,,路南,2.5,住宅,30000.0,甲公司",
        "7,演示7号,路南,2.5,住宅,约30000,甲公司",
    )
    assert (code, counts(report)) == (1, (7, 2, 0, 0, 1, 4, 1))
    assert places(report["refused"]) == [
        (3, "", "import.wrong-number-of-cells"),
        (4, "price", "notice.price-missing"),
        (5, "", "notice.same-number"),
        (7, "title", "notice.element-missing"),
    ]
    assert places(report["doubts"]) == [(8, "成交价格（万元）", "notice.amount-shape")]
    assert report["refused"][2]["reason"] == "编号与第 2 行相同，内容不同"
    assert [one.result.price.written for one in recorded()] == ["30000.0", "约30000"]
    assert [one.result.price.fen for one in recorded()] == [30_000_000_000, None]


@pytest.mark.django_db
def test_a_cell_in_doubt_keeps_its_words(run):
    code, report = run(PLANS, PLAN.replace("演示公司 详细", "演示公司 日期： 2026年7月"))
    assert (code, places(report["doubts"])) == (0, [(2, "buyer", "notice.not-a-name")])
    [found] = recorded()
    assert found.buyer == ""
    assert Detail(name="buyer", text="演示公司 日期： 2026年7月") in found.details


@pytest.mark.django_db
def test_a_row_without_any_source_is_refused(run):
    code, report = run(LISTINGS, "0,演示1号,路南,2,住宅,,,270", source="")
    assert (code, places(report["refused"])) == (1, [(2, "source", "notice.source-missing")])
    assert ForeignNoticeRow.objects.count() == LedgerEntry.objects.count() == 0


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_other_content_is_a_correction(run):
    run(PLANS, PLAN)
    before = LedgerEntry.objects.count()
    assert counts(run(PLANS, PLAN)[1]) == (1, 0, 0, 1, 0, 0, 0)
    assert LedgerEntry.objects.count() == before
    assert counts(run(PLANS, PLAN.replace("9060.30", "9061"))[1]) == (1, 0, 1, 0, 0, 0, 0)
    [row] = ForeignNoticeRow.objects.all()
    assert (row.amount_fen, row.corrections) == (9_061_000_000, 1)


@pytest.mark.django_db
def test_without_a_number_a_notice_is_known_by_what_it_says(run):
    heading, row = "published_at,title,buyer,source_name", "2026-07-01,甲公告,演示甲,演示云"
    run(heading, row)
    assert counts(run(heading, row)[1]) == (1, 0, 0, 1, 0, 0, 0)


@pytest.mark.django_db
def test_xlsx_and_json_are_read_alike(run, tmp_path):
    names, cells = PLANS.split(","), PLAN.split(",")
    book = openpyxl.Workbook()
    book.active.append(names)
    book.active.append([int(cells[0]), *cells[1:]])
    book.save(tmp_path / "plans.xlsx")
    _, report = run.file(tmp_path / "plans.xlsx", source="演示交易中心")
    assert (report["kind"], report["new"]) == ("XLSX", 1)
    text = json.dumps([dict(zip(names, cells, strict=True))], ensure_ascii=False)
    assert counts(run(text, name="plans.json")[1]) == (1, 0, 0, 1, 0, 0, 0)


@pytest.mark.django_db
def test_a_list_of_something_else_is_said_not_to_be_usable(run):
    code, report = run("甲,乙", "1,2")
    assert (code, report["unusable"]["code"]) == (2, "import.unknown-columns")


@pytest.mark.django_db
def test_the_report_on_a_terminal_names_line_column_and_reason(tmp_path, capsys):
    file = tmp_path / "x.csv"
    file.write_text(f"{RESULTS}\n3,演示3号,路南,2.5,住宅,,甲公司\n", encoding="utf-8")
    assert import_notices([file], Said(source="演示"), None) == 1
    said = capsys.readouterr().out
    assert "没有导入的行 / rows not taken" in said
    assert "成交而没有价格" in said


# ── The real lists ──────────────────────────────────────────────────────────

real = pytest.mark.skipif(not REAL.exists(), reason="the real lists are not beside this copy")
ZHENGZHOU = {
    "source": "郑州市公共资源交易中心",
    "region": "河南省-郑州市",
    "region_code": "410100",
}


@real
@pytest.mark.django_db
def test_the_real_plans_and_notices_come_in_whole(run):
    known = SHARED / "catalogue/guizhou_divisions.csv"
    plans = REAL / "guizhou_tender_plans.csv"
    code, report = run.file(plans, divisions=known)
    assert (code, counts(report)) == (0, (1260, 1260, 0, 0, 0, 0, 138))
    code, report = run.file(REAL / "guizhou_notices.csv", divisions=known)
    assert (code, counts(report)) == (0, (1477, 1477, 0, 0, 0, 0, 65))
    assert counts(run.file(plans, divisions=known)[1]) == (1260, 0, 0, 1260, 0, 0, 138)
    facets = queries.notice_facets(WantedNotices())
    assert facets.total == 2737
    assert facets.counts["category"] == {"01": 2063, "02": 302, "05": 56, "90": 316}
    assert facets.counts["area"]["贵州省 遵义市"] == 269
    wanted = WantedNotices(text="光伏", category="01", area="贵州省 毕节市", since=date(2026, 6, 1))
    assert queries.notices(wanted).count() == queries.notice_facets(wanted).total
    rows = {row.pop("key"): row for row in ForeignNoticeRow.objects.values()}
    assert shadow([FOREIGN]).tables[ForeignNoticeRow] == rows


@real
@pytest.mark.django_db
def test_the_real_lots_come_in_and_their_prices_add_up(run):
    code, report = run.file(REAL / "zhengzhou_land_listings.csv", **ZHENGZHOU)
    assert (code, counts(report)) == (0, (377, 373, 0, 0, 4, 0, 16))
    code, report = run.file(REAL / "zhengzhou_land_results.csv", **ZHENGZHOU)
    assert (code, counts(report)) == (0, (310, 306, 0, 0, 4, 0, 2))
    results = ForeignNoticeRow.objects.filter(kind="land-result")
    prices = [price for price in results.values_list("price_fen", flat=True) if price is not None]
    assert (len(prices), sum(prices)) == (301, 13_763_595_000_000)
    assert results.filter(outcome="failed").count() == 5
    years = queries.notice_facets(WantedNotices(year=2019)).counts["year"]
    assert years == {2017: 2, 2018: 343, 2019: 305, 2020: 29}
