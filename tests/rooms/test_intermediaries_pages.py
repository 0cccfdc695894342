"""The pages of the market: public lists, a body that joins, a need from notice to rating."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.needs.terms import Criterion
from mingtang.intermediaries import queries
from mingtang.intermediaries.actions import listing, selecting, serving
from mingtang.intermediaries.models import NeedRow, SignUpRow
from tests.rooms import intermediary_words as words
from tests.rooms.case_town import ONCE, signed_in, upload
from tests.rooms.case_town import page as case_page
from tests.rooms.intermediary_words import (
    CODES,
    MARKET,
    MINUTE,
    contracted,
    deliver,
    published,
    react,
    signed_up,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.localtime()


@pytest.fixture
def town(log_home, now):
    """Everything began two hours ago, so that a sign-up is over now, or not, as a test wants."""
    return words.build(now - timedelta(hours=2))


def page(name, *args):
    return reverse(f"intermediaries:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def drawn(town, now, **changed):
    """A need that was opened a while ago; return its key."""
    return contracted(town, at=now - timedelta(minutes=90), **changed)


def at_work(town, now, **changed):
    key = drawn(town, now, **changed)
    serving.begin(need=key, by=town.agents[0], at=now - MINUTE)
    react()
    return key


# ── In public ───────────────────────────────────────────────────────────────


def test_anybody_sees_services_bodies_needs_and_figures(town, now):
    key = at_work(town, now)
    deliver(town, key, now)
    browser = Client()
    shown = text(browser.get(page("services")))
    assert "演示消防条例 第一条" in shown
    assert "依法需要时不计入（行政许可法 第四十五条）" in shown
    shown = text(browser.get(page("register")))
    assert all(code in shown for code in CODES)
    assert CODES[1] not in text(browser.get(page("register"), {"words": CODES[0]}))
    assert "没有符合条件的机构" in text(browser.get(page("register"), {"service": "survey"}))
    shown = text(browser.get(page("body", CODES[0])))
    assert "演示资质" in shown
    assert "演示商店消防设施检验" in shown
    assert browser.get(page("body", "91990000MA0000009X")).status_code == 404
    assert "演示商店消防设施检验" in text(browser.get(page("home")))
    assert "没有符合条件的采购公告" in text(browser.get(page("home"), {"stage": "open"}))
    assert "演示机构1B" in text(browser.get(page("home"), {"stage": "nonsense"}))
    shown = text(browser.get(page("figures")))
    assert 'data-label="平均服务时间（工作日）">' in shown
    assert "演示机构1B" in shown
    assert "mingtang-need-draw-v1" in text(browser.get(page("how")))
    shown = text(browser.get(page("need", key)))
    assert "申请人（不公开）" in shown
    for secret in (town.case, "演示甲", "报告.pdf"):
        assert secret not in shown
    assert browser.get(page("need", "ZJ-0000-0000")).status_code == 404


def test_a_market_without_anything_says_so(log_home):
    browser = Client()
    assert "还没有发布中介服务事项" in text(browser.get(page("services")))
    assert "没有符合条件的机构" in text(browser.get(page("register")))
    assert "还没有交付过成果" in text(browser.get(page("figures")))


def test_before_the_opening_nobody_sees_who_signed_up(town, now):
    key = published(town, Way.QUOTE, at=now - MINUTE)
    signed_up(town, key, 0, 290_000, at=now)
    shown = text(Client().get(page("need", key)))
    assert "1 家" in shown
    for secret in (CODES[0], "演示机构1B", "2,900", words.NONCES[CODES[0]]):
        assert secret not in shown
    own = text(signed_in(town.agents[0]).get(page("need", key)))
    assert words.NONCES[CODES[0]] in own


# ── A body joins ────────────────────────────────────────────────────────────


def test_a_body_asks_and_the_centre_admits_it(town):
    agent = signed_in(town.agents[0])
    assert "更新资质" in text(agent.get(page("mine")))
    assert "提交申请" in text(agent.get(page("join", CODES[0])))
    said = {
        "once_key": ONCE,
        "contact": "演示新联系人",
        "phone": "0990-0110009",
        "service": "fire-inspection",
        "name": "演示新资质",
        "number": "演-900",
        "until": "2099-12-31",
    }
    assert "must" not in text(agent.post(page("join", CODES[0]), said), 422)
    answer = agent.post(page("join", CODES[0]), {**said, "file": upload()})
    assert answer.url == page("mine")
    assert "已有一份申请" in text(agent.get(page("join", CODES[0])))
    again = {**said, "once_key": f"{ONCE}x", "file": upload()}
    assert "已有一份申请在等中心审核" in text(agent.post(page("join", CODES[0]), again), 409)
    assert agent.get(page("join", CODES[1])).status_code == 404

    centre = signed_in(town.centre)
    assert "演示机构1B" in text(centre.get(page("desk")))
    shown = text(centre.get(page("review", CODES[0])))
    assert "演示新资质" in shown
    [new] = re.findall(r'href="([^"]+/files/[^"]+)"', shown)[-1:]
    assert b"".join(centre.get(new).streaming_content).startswith(b"%PDF-")
    assert centre.get(page("qualification-file", CODES[0], "x")).status_code == 404
    answer = centre.post(page("body-act", CODES[0], "admit"), {"once_key": ONCE})
    assert answer.url == page("review", CODES[0])
    assert "演示新联系人" in text(Client().get(page("body", CODES[0])))


def test_the_centre_suspends_reinstates_removes_and_turns_down(town):
    centre = signed_in(town.centre)
    act = page("body-act", CODES[0], "suspend")
    assert "没有办成" not in text(centre.post(act, {"reason": ""}), 422)
    centre.post(act, {"reason": "核查中"})
    assert "核查中" in text(Client().get(page("body", CODES[0])))
    assert "这家机构不在册" in text(centre.post(act, {"reason": "再停"}), 409)
    centre.post(page("body-act", CODES[0], "reinstate"), {"reason": "已整改"})
    assert queries.body(CODES[0]).standing == "listed"
    centre.post(page("body-act", CODES[0], "remove"), {"reason": "吊销"})
    assert queries.body(CODES[0]).standing == "removed"
    assert "演示联系人" not in text(Client().get(page("body", CODES[0])))
    erase = page("body-act", CODES[0], "erase-contacts")
    assert "删除过去的联系人" in text(centre.get(page("review", CODES[0])))
    assert text(centre.post(erase, {"reason": ""}), 422)
    assert centre.post(erase, {"reason": "个人信息保护法第四十七条"}).status_code == 302
    assert "删除过去的联系人" not in text(centre.get(page("review", CODES[0])))
    assert "没有可以删除的联系人" in text(centre.post(erase, {"reason": "再删"}), 409)
    words.ask(CODES[1], town.agents[1], at=timezone.localtime(), phone="0990-0110009")
    centre.post(page("body-act", CODES[1], "turn-down"), {"reason": "看不清"})
    assert "看不清" in text(signed_in(town.agents[1]).get(page("mine")))
    assert centre.post(page("body-act", CODES[0], "nonsense")).status_code == 404
    assert centre.get(page("review", "91990000MA0000009X")).status_code == 404


def test_the_centre_publishes_and_withdraws_services(town):
    centre = signed_in(town.centre)
    assert "发布新的服务" in text(centre.get(page("new-service")))
    said = {
        "code": "survey",
        "name": "演示测绘",
        "basis_title": "演示测绘条例",
        "conditions": "办理前",
        "flow": "委托、测绘",
        "longest_days": "15",
        "fee_rule": "市场调节价",
        "qualification": "测绘资质",
        "items": "",
        "procedure": "",
        "direct_most": "5000",
    }
    assert "须写明金额上限的依据" in text(centre.post(page("new-service"), said), 409)
    answer = centre.post(page("new-service"), {**said, "direct_note": "演示规定"})
    assert answer.url == page("services")
    shown = text(Client().get(page("services")))
    assert "演示测绘条例" in shown
    assert "照常计入" in shown
    assert 'value="5000"' in text(centre.get(page("service", "survey")))
    assert centre.get(page("service", "nothing")).status_code == 404
    gone = page("withdraw-service", "survey")
    assert centre.post(gone, {"reason": ""}).url == page("service", "survey")
    assert centre.post(gone, {"reason": "依据废止"}).url == page("services")
    assert "依据废止" in text(Client().get(page("services")))
    assert centre.post(page("withdraw-service", "nothing")).status_code == 404


# ── A need ──────────────────────────────────────────────────────────────────


def need_form(town, **changed):
    said = {
        "once_key": ONCE,
        "publisher": f"person.{town.citizen}",
        "title": "演示检验",
        "service": "fire-inspection",
        "summary": "200 平方米",
        "case": town.case,
        "ceiling": "4000",
        "days": "8",
        "way": "draw",
        "sign_up_until": "2099-12-31T12:00",
        "invited": "",
        "criteria": "",
        "scorers": "",
    }
    return {**said, **changed}


def test_an_applicant_publishes_a_need_for_a_case(town):
    citizen = signed_in(town.citizen)
    shown = text(citizen.get(case_page("progress", town.case)))
    assert f"{page('publish')}?case={town.case}" in shown
    assert town.case in text(citizen.get(page("publish"), {"case": town.case}))
    answer = citizen.post(page("publish"), need_form(town))
    row = NeedRow.objects.get()
    assert answer.url == page("need", row.key)
    assert citizen.post(page("publish"), need_form(town)).url == answer.url
    assert (row.case, row.publisher, row.ceiling_fen) == (town.case, town.citizen, 400_000)
    shown = text(citizen.get(answer.url))
    assert "这项服务属于检验" in shown
    assert town.case in shown
    assert "演示检验" in text(citizen.get(page("mine")))
    neighbour = signed_in(town.neighbour)
    stolen = need_form(town, publisher=f"person.{town.neighbour}", once_key=f"{ONCE}x")
    assert "不是发布人正在办理的" in text(neighbour.post(page("publish"), stolen), 409)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sign_up_until": ""}, "请填写报名截止时间"),
        ({"criteria": "方案"}, "每行写名称、空格和满分"),
        ({"criteria": "方案 200"}, "一项的满分在 1 和 100 之间"),
        ({"publisher": "person.P-NOBODY"}, "field wrong"),
    ],
)
def test_a_need_that_lacks_something_is_said_so(town, changed, said):
    assert said in text(
        signed_in(town.citizen).post(page("publish"), need_form(town, **changed)), 422
    )


def test_a_body_is_named_directly(town):
    citizen = signed_in(town.citizen)
    said = need_form(town, way="direct", invited=CODES[1], sign_up_until="")
    citizen.post(page("publish"), said)
    assert NeedRow.objects.get().body == CODES[1]
    dear = need_form(town, way="direct", invited=CODES[1], ceiling="5001", once_key=f"{ONCE}x")
    assert "超过直接选取的上限" in text(citizen.post(page("publish"), dear), 409)


def test_a_body_signs_up_on_the_page(town, now):
    key = published(town, Way.QUOTE, at=now - MINUTE)
    agent = signed_in(town.agents[0])
    shown = text(agent.get(page("need", key)))
    assert "以哪家机构报名" in shown
    act = page("need-act", key, "sign-up")
    said = {"once_key": ONCE, "body": CODES[0], "price": "3000", "nonce": "short"}
    assert "随机字符要 16 至 64 个" in text(agent.post(act, said), 422)
    said["nonce"] = "chosen-by-the-body-itself"
    dear = {**said, "price": "4001", "once_key": f"{ONCE}y"}
    assert "不超过预算上限" in text(agent.post(act, dear), 409)
    assert agent.post(act, said).url == page("need", key)
    row = SignUpRow.objects.get()
    assert (row.body, row.price_fen, row.nonce) == (CODES[0], "300000", said["nonce"])
    assert "我的报名" in text(agent.get(page("need", key)))
    # Nothing is left to sign up with; who has no body is not asked.
    assert "现在不能这样办" in text(agent.post(act, said), 409)
    assert "以哪家机构报名" not in text(signed_in(town.neighbour).get(page("need", key)))
    assert agent.post(page("need-act", key, "nonsense")).status_code == 404


def test_a_body_withdraws_its_sign_up_on_the_page(town, now):
    key = published(town, at=now - MINUTE)
    signed_up(town, key, at=now)
    agent, act = signed_in(town.agents[0]), page("need-act", key, "withdraw")
    assert "撤回哪家机构的报名" in text(agent.get(page("need", key)))
    assert text(agent.post(act, {"once_key": ONCE, "body": CODES[1]}), 422)
    said = {"once_key": ONCE, "body": CODES[0]}
    assert agent.post(act, said).url == page("need", key)
    shown = text(agent.get(page("need", key)))
    assert "撤回哪家机构的报名" not in shown
    assert "以哪家机构报名" in shown
    assert "已撤回" in text(agent.get(page("mine")))
    assert "现在不能这样办" in text(agent.post(act, said), 409)


def test_a_need_goes_its_way_on_its_page(town, now):
    """Contracted by its publisher, begun and delivered by the body, accepted and rated."""
    key = published(town, at=now - timedelta(minutes=90))
    signed_up(town, key, at=now - timedelta(minutes=80))
    selecting.open_need(need=key, at=now - timedelta(minutes=20))
    citizen, agent = signed_in(town.citizen), signed_in(town.agents[0])

    def act(browser, name, **said):
        answer = browser.post(page("need-act", key, name), {"once_key": ONCE + name, **said})
        assert answer.status_code == 302, answer.content.decode()
        react()
        return queries.need(key)

    assert act(citizen, "contract", price="3000", days="5").stage == "contracted"
    assert act(agent, "begin").stage == "serving"
    shown = text(citizen.get(page("need", key)))
    assert "办件正在暂停计时，所需时间依法不计入期限" in shown
    assert "演示机构1B承担的检验自" in text(citizen.get(case_page("progress", town.case)))
    head = signed_in(town.reviewer)
    dates = text(head.get(case_page("dates", town.case)))
    assert "中介机构交付成果后自动恢复计时" in dates
    assert "结束，恢复计时" not in dates
    assert act(agent, "deliver", file=upload("报告.pdf"), note="合格").stage == "delivered"
    [file] = [one["id"] for one in queries.need(key).documents]
    for browser in (citizen, agent, head):
        answer = browser.get(page("result-file", key, file))
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    stranger = signed_in(town.neighbour)
    assert stranger.get(page("result-file", key, file)).status_code == 404
    assert citizen.get(page("result-file", key, "x")).status_code == 404
    assert act(citizen, "return", reason="缺附图", days="2").stage == "serving"
    assert act(agent, "deliver", file=upload("报告二.pdf"), note="", once_key=f"{ONCE}2").stage == (
        "delivered"
    )
    assert act(citizen, "accept").stage == "accepted"
    assert act(citizen, "rate", stars="5", comment="很好").stars == 5
    assert "5 星" in text(Client().get(page("need", key)))
    assert "很好" not in text(Client().get(page("need", key)))
    assert act(citizen, "complain", text="发票有误").complaint_open
    centre = signed_in(town.centre)
    assert "演示商店消防设施检验" in text(centre.get(page("desk")))
    assert "发票有误" in text(centre.get(page("need", key)))
    answered = act(centre, "answer", upheld="no", reason="已补开")
    assert (answered.answer, answered.complaint_open) == ("已补开", False)


def test_a_department_scores_on_the_page(town, now):
    scored = {
        "criteria": (Criterion(key="c1", name="方案", most=40),),
        "scorers": 1,
        "organ": "market",
    }
    at = now - timedelta(minutes=90)
    key = published(town, Way.BEST, at=at, case="", publisher=MARKET, by=town.reviewer, **scored)
    signed_up(town, key, at=at + MINUTE)
    selecting.open_need(need=key, at=now - MINUTE)
    reviewer = signed_in(town.reviewer)
    assert "方案（满分 40）" in text(reviewer.get(page("need", key)))
    said = {"body": CODES[0], "points_c1": "41", "reason_c1": "可行"}
    act = page("need-act", key, "score")
    text(reviewer.post(act, said), 422)
    reviewer.post(act, {**said, "points_c1": "35"})
    assert "方案 35：可行" in text(Client().get(page("need", key)))
    reviewer.post(page("need-act", key, "choose"))
    assert queries.need(key).body == CODES[0]
    assert "演示市场监督管理局" in text(Client().get(page("need", key)))


def test_a_need_is_ended_on_its_page_and_what_is_late_is_conspicuous(town, now):
    key = at_work(town, now)
    NeedRow.objects.filter(pk=key).update(due=now.date() - timedelta(days=1))
    assert text(Client().get(page("home"))).count("逾期未交付") >= 2
    assert "逾期未交付" in text(signed_in(town.centre).get(page("desk")))
    citizen = signed_in(town.citizen)
    act = page("need-act", key, "end")
    assert 'id="end_reason"' in text(citizen.post(act, {"reason": ""}), 422)
    citizen.post(act, {"reason": "机构失联"})
    assert queries.need(key).stage == "ended"
    assert "机构失联" in text(citizen.get(page("need", key)))
    assert "机构失联" not in text(Client().get(page("need", key)))


def test_a_service_whose_time_is_counted_says_so(town, now):
    counted = replace(words.SERVICE, procedure=None, items=())
    listing.publish_service(content=counted, by=town.centre, at=now - timedelta(hours=2))
    key = at_work(town, now)
    shown = text(Client().get(page("need", key)))
    assert "服务时间照常计入办件期限" in shown
    assert "这项服务不属于法律规定不计时的程序" in shown


def test_pages_of_the_centre_are_closed_to_others(town):
    for name, args in (("desk", ()), ("new-service", ()), ("review", (CODES[0],))):
        assert signed_in(town.reviewer).get(page(name, *args)).status_code == 403
        assert Client().get(page(name, *args)).status_code == 302
