"""The pages of projects: written, reviewed and announced on the desk, read by everybody."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mingtang.core.trading.projects import LotOutcome
from mingtang.core.trading.timetables import suggested_times
from mingtang.trading import queries
from mingtang.trading.actions import projects as actions
from mingtang.trading.actions.outages import BIDDING, give_sign
from mingtang.trading.forms.projects import ChangeEditor, ProjectEditor
from mingtang.trading.models import TradeRow
from mingtang.trading.templatetags import project_words
from mingtang.trading.views.projectdesk import ACTS, lots_in_words
from tests.core.project_examples import CALENDAR, CONTENT, LATER, PLOT, day
from tests.core.trading_examples import LISTING, sourced
from tests.rooms import trading_town, trading_words
from tests.rooms.case_town import person, signed_in
from tests.rooms.trading_town import approved, entered, published, submitted

pytestmark = pytest.mark.django_db
NOW = timezone.localtime().replace(microsecond=0)
TODAY = NOW.replace(hour=0, minute=0, second=0)
SOON = suggested_times(sourced(**LISTING), today=TODAY.date(), midnight=TODAY, calendar=CALENDAR)
NOW_LOT = replace(PLOT, times=SOON)


@pytest.fixture
def floor():
    return trading_town.build()


@pytest.fixture
def officer(floor):
    return signed_in(floor.officer)


@pytest.fixture
def manager(floor):
    return signed_in(floor.manager)


def at(name, *args):
    return reverse(f"trading:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def typed(content=CONTENT, **changed):
    """Return what a browser sends of the form of a project."""
    editor = ProjectEditor(content, suggest=lambda code: SOON)
    data = {"once_key": "o" * 20, "lots-INITIAL_FORMS": "0"}
    data["lots-TOTAL_FORMS"] = str(len(content.lots))
    for form in editor.forms:
        for bound in form:
            value = bound.value()
            if hasattr(value, "strftime"):
                value = value.strftime("%Y-%m-%dT%H:%M")
            if value not in (None, False):
                data[bound.html_name] = value
    return data | changed


# ── Who opens which ─────────────────────────────────────────────────────────


def test_those_who_enter_and_those_who_review_open_the_desk_of_their_own_centre(floor, officer):
    key = entered(floor)
    for client in (officer, signed_in(floor.manager)):
        assert key in text(client.get(at("project-desk")))
        assert client.get(at("project-work", key)).status_code == 200
    elsewhere = signed_in(floor.elsewhere)
    assert key not in text(elsewhere.get(at("project-desk")))
    for name in ("project-work", "project-edit"):
        assert elsewhere.get(at(name, key)).status_code == 404
    assert elsewhere.post(at("project-act", key, "submit")).status_code == 404
    for someone in (floor.host, floor.treasurer, person(9)):
        assert signed_in(someone).get(at("project-desk")).status_code == 403


def test_what_is_not_announced_is_not_public(floor, client):
    keys = [entered(floor), submitted(floor), approved(floor)]
    assert [client.get(at("project", key)).status_code for key in keys] == [404] * 3
    assert "演示地块" not in text(client.get(at("projects")))


def test_each_act_is_open_to_whom_it_belongs_in_its_status(floor, officer, manager):
    key = entered(floor)
    assert officer.get(at("project-act", key, "submit")).status_code == 200
    assert manager.get(at("project-act", key, "submit")).status_code == 404
    assert manager.get(at("project-act", key, "approve")).status_code == 404
    actions.submit_project(key=key, by=floor.officer, at=day(0))
    assert officer.get(at("project-act", key, "approve")).status_code == 404
    assert manager.get(at("project-act", key, "approve")).status_code == 200
    assert officer.get(at("project-edit", key)).status_code == 404
    assert manager.get(at("project-change", key)).status_code == 404
    assert officer.get(at("project-act", key, "nothing")).status_code == 404


# ── Written ─────────────────────────────────────────────────────────────────


def test_a_kind_leads_to_a_form_with_its_usual_procedure_and_times(floor, officer):
    chosen = officer.post(at("project-begin"), {"kind": "B01"})
    assert chosen.url == at("project-new", "B01")
    page = text(officer.get(chosen.url))
    assert re.search(r'<option value="listing" selected>', page)
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    times = suggested_times(
        sourced(**LISTING), today=now.date(), midnight=midnight, calendar=CALENDAR
    )
    assert f'value="{times.opens:%Y-%m-%dT%H:%M}"' in page
    assert officer.post(at("project-begin"), {"kind": "Z99"}).status_code == 422
    assert officer.get(at("project-new", "Z99")).status_code == 404


def test_what_is_typed_is_kept_as_it_was_typed(floor, officer):
    data = typed()
    sent = officer.post(at("project-new", "B01"), data)
    row = TradeRow.objects.get()
    assert sent.url == at("project-work", row.key)
    assert queries.project_content(row) == CONTENT
    again = officer.post(at("project-new", "B01"), data)
    assert again.url == sent.url
    assert TradeRow.objects.count() == 1


def test_half_a_project_can_be_kept_and_the_page_says_what_is_missing(floor, officer):
    half = typed(replace(CONTENT, seller="", lots=(NOW_LOT,)), **{"lots-0-start": ""})
    sent = officer.post(at("project-new", "B01"), half)
    page = text(officer.get(sent.url))
    assert "还没有填写转让方、出让人或者采购人。" in page
    assert "标的 1：请填写起始价，必须大于零。" in page
    refused = officer.post(at("project-act", TradeRow.objects.get().key, "submit"))
    assert "请填写转让方、出让人或者采购人。" in text(refused, 409)


def test_an_empty_time_is_the_one_the_procedure_suggests(floor, officer):
    empty = {f"lots-0-{name}": "" for name in ("opens", "closes")}
    officer.post(at("project-new", "B01"), typed(**empty))
    [lot] = queries.project_content(TradeRow.objects.get()).lots
    assert lot.times.sign_up_until == PLOT.times.sign_up_until
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    times = suggested_times(
        sourced(**LISTING), today=now.date(), midnight=midnight, calendar=CALENDAR
    )
    assert (lot.times.opens, lot.times.closes) == (times.opens, times.closes)


def test_another_lot_is_added_without_losing_what_was_typed(floor, officer):
    data = typed(title="还没有写完", **{"lots-0-start": "不是数", "add": "1"})
    page = text(officer.post(at("project-new", "B01"), data))
    assert 'value="还没有写完"' in page
    assert 'value="不是数"' in page
    assert 'name="lots-1-lot_title"' in page
    assert page.count(f'value="{PLOT.times.opens:%Y-%m-%dT%H:%M}"') == 2
    assert TradeRow.objects.count() == 0


def test_times_are_suggested_again_and_nothing_else_changes(floor, officer):
    page = text(officer.post(at("project-new", "B01"), typed(suggest="1")))
    assert f'value="{PLOT.times.opens:%Y-%m-%dT%H:%M}"' not in page
    assert 'value="演示地块一号"' in page


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(floor, officer):
    wrong = {"title": "", "lots-0-facts": "没有冒号的一行", "lots-0-start": "12.345"}
    page = text(officer.post(at("project-new", "B01"), typed(**wrong)), 422)
    assert "这一行没有写成“名称：内容”：没有冒号的一行" in page
    assert 'value="12.345"' in page
    assert not TradeRow.objects.exists()


def test_a_deleted_lot_is_gone_and_the_others_close_up(floor, officer):
    two = replace(CONTENT, lots=(PLOT, replace(PLOT, no=2, title="演示地块二号")))
    officer.post(at("project-new", "B01"), typed(two, **{"lots-0-DELETE": "on"}))
    [lot] = queries.project_content(TradeRow.objects.get()).lots
    assert (lot.no, lot.title) == (1, "演示地块二号")


def test_a_project_is_written_anew_and_saving_it_as_it_was_changes_nothing(floor, officer):
    key = entered(floor)
    page = text(officer.get(at("project-edit", key)))
    assert "出让面积：23,456 平方米" in page
    data = typed(**{"lots-INITIAL_FORMS": "1"})
    assert officer.post(at("project-edit", key), data).url == at("project-work", key)
    index = TradeRow.objects.get().last_index
    officer.post(at("project-edit", key), data | {"title": "改过的项目", "once_key": "p" * 20})
    row = TradeRow.objects.get()
    assert (row.title, row.last_index) == ("改过的项目", index + 1)


def test_a_form_the_rules_refuse_is_shown_again_as_it_was(floor, officer):
    lots = {"lots-0-facts": "\n".join(f"情况{n}：{'长' * 900}" for n in range(22))}
    page = text(officer.post(at("project-new", "B01"), typed(**lots)), 409)
    assert "项目内容太多，一条记录记不下。请写短些，或者分成几个项目。" in page
    assert 'value="演示地块一号"' in page


# ── From the desk to the public ─────────────────────────────────────────────


def test_a_project_goes_from_one_desk_to_the_other_and_out(floor, officer, manager, client):
    officer.post(at("project-new", "B01"), typed(replace(CONTENT, lots=(NOW_LOT,))))
    key = TradeRow.objects.get().key
    assert "规程要求的都有了" in text(officer.get(at("project-work", key)))
    assert officer.post(at("project-act", key, "submit")).status_code == 302
    back = manager.post(at("project-act", key, "return"), {"reason": "面积不对"})
    assert back.url == at("project-work", key)
    assert "面积不对" in text(officer.get(at("project-work", key)))
    officer.post(at("project-act", key, "submit"))
    manager.post(at("project-act", key, "approve"))
    asked = text(manager.get(at("project-act", key, "publish")))
    assert f'value="交易公告〔{NOW.year}〕1号"' in asked
    number = f"交易公告〔{NOW.year}〕1号"
    manager.post(at("project-act", key, "publish"), {"number": number})
    page = text(client.get(at("project", key)))
    assert number in page
    assert "10,000,000.00 元（壹仟万元整）" in page
    assert "23,456 平方米" in page
    assert "还有" in page
    assert "演示地块出让" in text(client.get(at("projects")))


def test_a_page_says_why_the_rules_refuse(floor, manager):
    key = submitted(floor)
    assert "请" in text(manager.post(at("project-act", key, "return"), {"reason": ""}), 422)
    actions.approve_project(key=key, by=floor.manager, at=day(0))
    late = text(manager.post(at("project-act", key, "publish"), {"number": "一号"}), 409)
    assert "标的 1：" in late
    assert 'value="一号"' in late


def change_typed(key, **changed):
    content = queries.project_content(TradeRow.objects.get(pk=key))
    data = {}
    for form in ChangeEditor(content).forms:
        for bound in form:
            value = bound.value()
            if hasattr(value, "strftime"):
                value = value.strftime("%Y-%m-%dT%H:%M")
            data[bound.html_name] = "" if value is None else value
    return data | changed


def test_a_change_notice_says_what_was_and_what_is(floor, manager, client):
    key = published(floor, at=NOW, lots=(NOW_LOT,))
    later = {"lot1-facts": "出让面积：23,000 平方米", "reason": "勘测定界图有误"}
    nothing = manager.post(at("project-change", key), change_typed(key, reason="没有变"))
    assert "内容没有变化。" in text(nothing, 409)
    early = SOON.opens - timedelta(hours=1)
    refused = manager.post(
        at("project-change", key),
        change_typed(key, reason="改早", **{"lot1-opens": f"{early:%Y-%m-%dT%H:%M}"}),
    )
    assert "变更公告只能把时间改晚，不能改早。" in text(refused, 409)
    assert 'value="演示地块一号"' in text(manager.get(at("project-change", key)))
    assert manager.post(at("project-change", key), change_typed(key, **later)).status_code == 302
    page = text(client.get(at("project", key), {"part": "changes"}))
    assert "勘测定界图有误" in page
    assert ("23,456 平方米" in page, "23,000 平方米" in page) == (True, True)
    assert "23,456 平方米" in text(client.get(at("project", key)))


def test_suspended_resumed_and_ended_by_notices_everybody_reads(floor, manager, client):
    key = published(floor, at=NOW, lots=(NOW_LOT,))
    manager.post(at("project-act", key, "suspend"), {"reason": "收到异议"})
    assert "收到异议" in text(client.get(at("project", key)))
    soon = timezone.localtime() + timedelta(days=1)
    typed_soon = {"reason": "已答复", "resumes": f"{soon:%Y-%m-%dT%H:%M}"}
    refused = manager.post(at("project-act", key, "resume"), typed_soon)
    assert "恢复时间至少要在公告后 5 日。" in text(refused, 409)
    later = soon + timedelta(days=6)
    manager.post(
        at("project-act", key, "resume"), typed_soon | {"resumes": f"{later:%Y-%m-%dT%H:%M}"}
    )
    manager.post(at("project-act", key, "end"), {"reason": "撤回委托"})
    page = text(client.get(at("project", key), {"part": "changes"}))
    for sort in ("中止公告", "恢复公告", "终止公告"):
        assert sort in page
    assert f"{trading_town.NUMBER}-4" in page
    assert "已终止" in text(client.get(at("projects"), {"when": "ended"}))


def test_every_part_of_the_time_line_reads_without_and_with_something_in_it(floor, client):
    key = published(floor)
    for part in ("offer", "changes", "bidding", "results", "contracts", "nonsense"):
        assert client.get(at("project", key), {"part": part}).status_code == 200
    actions.publish_result(key=key, lot=1, outcome=LotOutcome.FAILED, by="system", at=day(32))
    assert "流拍" in text(client.get(at("project", key), {"part": "results"}))


def test_the_list_is_narrowed_by_words_category_and_status(floor, client):
    published(floor, at=NOW, lots=(NOW_LOT,))
    page = text(client.get(at("projects"), {"q": "地块", "category": "land", "when": "coming"}))
    assert "1 个项目" in page
    assert "没有找到这样的项目" in text(client.get(at("projects"), {"q": "没有的词"}))
    assert "1 个项目" in text(client.get(at("projects"), {"category": "x", "when": "x"}))


def test_the_pages_speak_english(floor, client, manager):
    key = published(floor, at=NOW, lots=(NOW_LOT,))
    for browser in (client, manager):
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text(client.get(at("project", key)))
    assert "time line" in page
    assert "项目时间线" not in page
    asked = text(manager.get(at("project-act", key, "suspend")))
    assert "every lot stands still" in asked


# ── Words ───────────────────────────────────────────────────────────────────


def test_a_reverse_auction_has_a_highest_price_and_units_have_a_price_each(floor):
    reverse_one = replace(PLOT, procedure="sealed", step_fen=0)
    units = replace(PLOT, procedure="multi-unit", quantity=100, unit="吨")
    content = replace(CONTENT, lots=(reverse_one, units))
    said = [{one.label: one.text for one in lines} for _l, _p, lines in lots_in_words(content)]
    assert "最高限价" in said[0]
    assert said[1]["数量"] == "100 吨"
    assert said[1]["起始价"] == "10,000,000.00 元/吨"


def test_what_a_change_changed_in_words():
    [opens, closes, until] = [
        (one.label, one.before, one.after)
        for one in project_words.differences(PLOT, replace(LATER))
    ]
    assert {opens[0], closes[0], until[0]} == {"竞价开始", "竞价截止", "报名截止"}
    assert ("竞价开始", "2026-04-06 09:00", "2026-04-13 09:00") in (opens, closes, until)


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        (timedelta(days=3, hours=4, minutes=1), "还有 3 天 4 小时"),
        (timedelta(hours=5, minutes=6, seconds=30), "还有 5 小时 6 分钟"),
        (timedelta(minutes=2, seconds=30), "还有 2 分钟"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_how_long_it_is_until_then(lasts, words):
    assert project_words.left(timezone.now() + lasts) == words


def test_every_act_has_a_page_with_its_words():
    assert [name for name in ACTS if not (str(ACTS[name].label) and str(ACTS[name].about))] == []
    assert Client().get(at("project-act", "JY-X", "end")).status_code == 302


def test_what_an_interruption_moved_stands_among_the_changes(floor):
    key = published(floor)
    trading_words.heard()
    nothing = text(Client().get(at("project", key) + "?part=changes"))
    assert "没有变更" in nothing
    closes = PLOT.times.closes
    for moment in (closes - timedelta(minutes=1), closes + timedelta(minutes=1)):
        give_sign(BIDDING, at=moment)
    with CaptureQueriesContext(connection) as asked:
        page = text(Client().get(at("project", key) + "?part=changes"))
    moves = [one["sql"] for one in asked if 'FROM "trading_shiftrow"' in one["sql"]]
    assert len(moves) == 2  # which lots were moved, and the one that was
    assert "没有变更" not in page
    assert "<h2>1. 演示地块一号</h2>" in page
    assert f'<s class="muted">{closes:%Y-%m-%d %H:%M:%S}</s>' in page
