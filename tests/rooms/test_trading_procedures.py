"""Procedures and kinds of trades: published, withdrawn, shown with every source, drawn."""

import json
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from mingtang.config.demo import reading
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.core.trading.kinds import TradeCategory
from mingtang.core.trading.parameters import PARAMETERS, Bidding, Procedure, said
from mingtang.core.wire import plain
from mingtang.core.wire import read as read_back
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import rebuild
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.trading import queries
from mingtang.trading.actions import procedures as actions
from mingtang.trading.forms.procedures import ProcedureEditor
from mingtang.trading.models import KindRow, ProcedureRow, ProcedureVersionRow
from mingtang.trading.projection import TRADE_KINDS, TRADE_PROCEDURE
from mingtang.trading.templatetags import procedure_words as words
from mingtang.trading.templatetags.procedure_picture import phases
from tests.core.test_trading_kinds import CARS, LAND
from tests.core.trading_examples import AUCTION, LISTING, MONDAY, WAYS, sourced
from tests.rooms.case_town import SETUP, official, person, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db

LISTED = sourced(**LISTING)
CHANGED = sourced(**{**LISTING, "countdown_seconds": 300})
DEMONSTRATION = reading.procedures()
EACH = pytest.mark.parametrize("procedure", DEMONSTRATION, ids=lambda one: one.code)


@pytest.fixture
def manager():
    centre = Body(
        code="centre", kind=OrganisationKind.CENTRE, particulars=Particulars(name="演示中心")
    )
    people.register_organisations(bodies=[centre], by=SETUP, at=MONDAY)
    return official(1, Role.CENTRE_MANAGER, "centre")


@pytest.fixture
def published(manager):
    actions.publish_procedure(procedure=LISTED, by=manager, at=MONDAY)
    actions.publish_kinds(all_of=[LAND, CARS], by=manager, at=MONDAY)
    return manager


def at(name, *args):
    return reverse(f"trading:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def entries(kind):
    return LedgerEntry.objects.filter(kind=kind).count()


# ── What is done ────────────────────────────────────────────────────────────


def test_a_procedure_is_published_and_published_anew(manager):
    actions.publish_procedure(procedure=LISTED, by=manager, at=MONDAY)
    actions.publish_procedure(procedure=CHANGED, by=manager, at=MONDAY)
    row = queries.procedure("listing")
    assert (row.version, row.in_use, row.name, row.published_by) == (2, True, "演示挂牌", manager)
    assert queries.procedure_version("listing", 1) == LISTED
    assert queries.procedure_version("listing", 2) == CHANGED
    assert [one.version for one in queries.procedure_versions("listing")] == [2, 1]


def test_whoever_does_not_manage_the_centre_publishes_and_withdraws_nothing(published):
    clerk = official(2, Role.WINDOW_CLERK, "centre")
    with refused("trade-procedure.publisher-not-manager"):
        actions.publish_procedure(procedure=CHANGED, by=clerk, at=MONDAY)
    with refused("trade-procedure.publisher-not-manager"):
        actions.withdraw_procedure(code="listing", reason="x", by=clerk, at=MONDAY)
    with refused("trade-kinds.publisher-not-manager"):
        actions.publish_kinds(all_of=[LAND], by=clerk, at=MONDAY)
    assert queries.procedure("listing").version == 1
    assert entries("trade-kinds.published.v1") == 1


def test_a_procedure_that_kinds_usually_use_is_not_withdrawn_before_the_list_is_changed(published):
    with refused("trade-procedure.still-usual") as caught:
        actions.withdraw_procedure(code="listing", reason="改用", by=published, at=MONDAY)
    assert caught.value.facts == {"kinds": ("演示住宅用地",)}
    actions.publish_kinds(all_of=[replace(LAND, procedure="")], by=published, at=MONDAY)
    actions.withdraw_procedure(code="listing", reason="改用", by=published, at=MONDAY)
    row = queries.procedure("listing")
    assert (row.in_use, row.withdrawn_at, row.withdrawn_reason) == (False, MONDAY, "改用")


def test_a_list_names_only_procedures_in_use(published):
    other = replace(CARS, procedure="auction")
    with refused("trade-kinds.procedure-not-in-use"):
        actions.publish_kinds(all_of=[LAND, other], by=published, at=MONDAY)
    actions.publish_procedure(procedure=sourced(**AUCTION), by=published, at=MONDAY)
    actions.publish_kinds(all_of=[LAND, other], by=published, at=MONDAY)
    assert queries.kind("E11").procedure == "auction"


def test_what_a_list_drops_stays_known_and_is_traded_no_more(published):
    actions.publish_kinds(all_of=[LAND], by=published, at=MONDAY)
    assert [kind.code for kind in queries.kinds()] == ["B01"]
    dropped = queries.kind("E11")
    assert (dropped.in_use, dropped.version, dropped.name) == (False, 1, "演示公务车辆")


def test_the_same_form_sent_twice_publishes_once(manager):
    first, second = (
        actions.publish_procedure(procedure=LISTED, by=manager, at=MONDAY, once="o" * 20)
        for _ in range(2)
    )
    assert (first.index, first.repeated, second.repeated) == (second.index, False, True)
    assert entries("trade-procedure.published.v1") == 1


def test_the_tables_are_what_a_replay_makes_of_the_log(published):
    actions.publish_procedure(procedure=CHANGED, by=published, at=MONDAY)
    actions.publish_kinds(all_of=[CARS], by=published, at=MONDAY)
    actions.withdraw_procedure(code="listing", reason="改用", by=published, at=MONDAY)
    tables = (KindRow, ProcedureRow, ProcedureVersionRow)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    assert [len(rows) for rows in before] == [2, 1, 2]
    rebuild([TRADE_KINDS, TRADE_PROCEDURE, *people.SUBJECTS])
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


# ── The demonstration's ─────────────────────────────────────────────────────


def test_the_demonstration_has_139_kinds_in_six_categories_and_17_procedures(manager):
    outcomes = actions.publish_procedures(DEMONSTRATION, by=manager, at=MONDAY)
    assert [one for one in outcomes if not isinstance(one, Receipt)] == []
    actions.publish_kinds(all_of=reading.trading_kinds(), by=manager, at=MONDAY)
    kinds = queries.kinds()
    assert (len(kinds), {kind.category for kind in kinds}) == (139, set(TradeCategory))
    assert len(queries.procedures()) == len(DEMONSTRATION) == 17
    assert all(queries.kinds_by(row.code) for row in queries.procedures())
    assert {row.bidding for row in queries.procedures()} == set(Bidding)
    assert all(kind.illustrative for kind in kinds)


@EACH
def test_a_procedure_is_told_completely_and_drawn(procedure):
    lines = words.parameters(procedure)
    assert [line.name for line in lines] == list(said(procedure))
    assert all(line.words and line.sources for line in lines)
    drawing = phases(procedure)
    assert drawing.count("<rect") == len(re.findall("<circle", drawing))
    assert drawing.count("M ") == (2 if procedure.extension else 0)


@EACH
def test_the_form_writes_what_it_was_shown(procedure):
    editor = ProcedureEditor(procedure)
    again = ProcedureEditor(procedure, data=as_sent(typed(editor)))
    assert again.is_valid(), [form.errors for form in again.forms]
    assert again.written() == procedure


def typed(editor, **changed):
    """Return what a browser would send of the form as it stands."""
    sent = {}
    for form in editor.forms:
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                sent[bound.html_name] = list(value) if isinstance(value, tuple) else value
    for form in editor.forms:  # a choice that shows nothing chosen sends its first
        for bound in form:
            if bound.html_name not in sent and getattr(bound.field, "choices", None):
                sent[bound.html_name] = bound.field.choices[0][0]
    management = editor.rows.management_form
    sent |= {f"sources-{name}": management[name].value() for name in management.fields}
    return {**sent, **changed}


def as_sent(values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def test_every_parameter_has_a_name_for_pages():
    assert set(words.NAMES) == set(PARAMETERS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["code"])
def test_what_is_kept_reads_back_as_what_was_published(way):
    assert read_back(Procedure, json.loads(json.dumps(plain(sourced(**way))))) == sourced(**way)


# ── Pages ───────────────────────────────────────────────────────────────────


def test_everybody_sees_what_is_traded_and_by_which_rules(published):
    home = text(Client().get(at("home")))
    assert "2 个品类" in home
    assert at("procedure", "listing") in home
    land = text(Client().get(at("category", "land")))
    assert "演示住宅用地" in land
    assert "03 土地使用权" in land
    assert "公务车辆" not in land
    page = text(Client().get(at("procedure", "listing")))
    for sentence in ("不少于 20 日（自然日）", "静默期", "5 分钟", "演示规则第一条", "已核对原文"):
        assert sentence in page


def test_an_older_version_can_still_be_read(published):
    actions.publish_procedure(procedure=CHANGED, by=published, at=MONDAY)
    older = text(Client().get(at("version", "listing", 1)))
    assert "这是以前的一版" in older
    assert "4 分钟" in older
    newest = text(Client().get(at("version", "listing", 2)))
    assert "这是以前的一版" not in newest


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("procedure", ["nothing"]),
        ("version", ["listing", 2]),
        ("category", ["nothing"]),
    ],
)
def test_what_there_is_not_is_not_found(published, name, args):
    assert Client().get(at(name, *args)).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("desk", []),
        ("new", []),
        ("edit", ["listing"]),
        ("withdraw", ["listing"]),
        ("kinds", []),
        ("kinds-file", []),
    ],
)
def test_only_the_centres_manager_opens_the_pages_of_work(published, name, args):
    assert Client().get(at(name, *args)).status_code == 302
    assert signed_in(person(3)).get(at(name, *args)).status_code == 403
    assert (
        signed_in(official(4, Role.WINDOW_CLERK, "centre")).get(at(name, *args)).status_code == 403
    )
    assert signed_in(published).get(at(name, *args)).status_code == 200


def test_a_new_version_is_published_from_the_page(published):
    sent = typed(ProcedureEditor(LISTED), countdown_seconds="300")
    response = signed_in(published).post(at("edit", "listing"), sent)
    assert (response.status_code, response["Location"]) == (302, at("procedure", "listing"))
    assert queries.procedure_version("listing", 2) == CHANGED


def test_what_cannot_be_run_is_said_on_the_page_and_nothing_is_lost(published):
    sent = typed(ProcedureEditor(LISTED), extension_window="", extension_by="", name="演示改名")
    page = text(signed_in(published).post(at("edit", "listing"), sent), 409)
    assert "依据里的“延时”在规程里没有" in page or "有倒计时的必须写明怎样延时" in page
    assert "演示改名" in page
    assert queries.procedure("listing").version == 1


def test_a_parameter_without_a_source_is_named_as_the_page_names_it(published):
    sent = typed(ProcedureEditor(LISTED), most_bids="3")
    page = text(signed_in(published).post(at("edit", "listing"), sent), 409)
    assert "“每家报价次数”没有写明依据" in page


def test_a_table_that_is_none_is_said_beside_it(published):
    sent = typed(ProcedureEditor(LISTED), step_table="0 一百")
    page = text(signed_in(published).post(at("edit", "listing"), sent), 422)
    assert "这一行不是两个数：0 一百" in page
    assert queries.procedure("listing").version == 1


def test_a_source_can_be_added_without_publishing(published):
    sent = typed(ProcedureEditor(LISTED), add="1")
    page = text(signed_in(published).post(at("edit", "listing"), sent))
    assert "依据 2" in page
    assert queries.procedure("listing").version == 1


def test_a_new_procedure_begins_with_its_code(published):
    client = signed_in(published)
    answer = client.post(at("new"), {"code": "land-new"})
    assert (answer.status_code, answer["Location"]) == (302, at("edit", "land-new"))
    assert "这个代码已有规程" in text(client.post(at("new"), {"code": "listing"}), 422)
    assert "首尾不能是短横" in text(client.post(at("new"), {"code": "-land"}), 422)
    assert client.get(at("edit", "LAND")).status_code == 404


def test_a_procedure_is_withdrawn_from_the_page(published):
    client = signed_in(published)
    refused_page = text(client.post(at("withdraw", "listing"), {"reason": "改用"}), 409)
    assert "演示住宅用地" in refused_page
    actions.publish_kinds(all_of=[CARS], by=published, at=MONDAY)
    answer = client.post(at("withdraw", "listing"), {"reason": "改用"})
    assert (answer.status_code, answer["Location"]) == (302, at("procedure", "listing"))
    assert "停用理由：改用" in text(Client().get(at("procedure", "listing")))


# ── The list of kinds as a file ─────────────────────────────────────────────

LISTED_FILE = (
    "code,name,name_en,category,business,procedure,illustrative\n"
    "B01,演示住宅用地,Housing land,land,03,listing,yes\n"
    "E11,演示公务车辆,Official cars,property,05,,yes\n"
)


def send(manager, content):
    file = SimpleUploadedFile(
        "kinds.csv", content if isinstance(content, bytes) else content.encode()
    )
    return signed_in(manager).post(at("kinds"), {"file": file})


def test_the_list_is_downloaded_changed_and_sent_back(published):
    file = signed_in(published).get(at("kinds-file"))
    assert text(file) == LISTED_FILE
    answer = send(published, "\ufeff" + LISTED_FILE.replace("listing,yes", "listing,no"))
    assert (answer.status_code, answer["Location"]) == (302, at("home"))
    assert (queries.kind("B01").illustrative, queries.kind("B01").version) == (False, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LISTED_FILE, "与在用的目录相同"),
        (LISTED_FILE.replace("03,", "99,"), "品类 B01 的业务类型不在全国目录里"),
        (LISTED_FILE.replace("code,", ""), "列名应当是"),
        (LISTED_FILE.replace("land,03", "sea,03"), "第 2 行读不懂"),
        (LISTED_FILE.replace(",,yes", ",,perhaps"), "第 3 行读不懂"),
        (LISTED_FILE + "B02,\n", "第 4 行读不懂"),
        (LISTED_FILE + "B02,a,b,land,03,,yes,more\n", "第 4 行读不懂"),
        (LISTED_FILE.encode("gb18030"), "文件不是 UTF-8 编码"),
        (b"x" * 200_001, "文件太大"),
        (LISTED_FILE + "x" * 140_000, "这不是 CSV 表格"),
    ],
)
def test_a_file_that_is_no_list_is_said_to_be_none(published, content, said):
    assert said in text(send(published, content), 422)
    assert queries.kind("B01").version == 1
    assert entries("trade-kinds.published.v1") == 1
