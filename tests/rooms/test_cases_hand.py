"""Approving in the hand: the desk's tasks on a phone, decided with a second factor."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.cases.views import shell
from mingtang.core.cases import Stage
from mingtang.core.phrases import PhraseUse
from mingtang.core.totp import ProofMethod, code_of, step_at
from mingtang.ledger.replay import history
from mingtang.people import actions as people
from mingtang.people.models import Account
from mingtang.vault import actions as vault
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, page, row, signed_in

pytestmark = pytest.mark.django_db
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
MEETS = {"once_key": ONCE, "finding": "meets", "opinion": "符合"}
PNG = b"\x89PNG\r\n\x1a\n made up"


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town():
    return case_town.build()


def in_hand(name, *args):
    return reverse(f"hand:{name}", args=args)


def text_of(answer):
    return answer.content.decode()


def with_factor(someone):
    """Sign somebody in whose authenticator holds SECRET."""
    client = signed_in(someone)
    TOTP.activate(Account.objects.get(person=someone), SECRET)
    return client


def code(steps=0):
    return code_of(SECRET, step_at(MONDAY) + steps)


def grant(**changed):
    return {"once_key": ONCE, "granted": "yes", "reason": "", "code": code(), **changed}


def kinds(number):
    return [written.event.kind for written in history(f"case/{number}")]


# ── The list and the case ───────────────────────────────────────────────────


def test_the_list_is_the_desks_own_and_leads_to_pages_for_the_hand(town):
    number = case_town.accepted(town)
    reviewer = signed_in(town.reviewer)
    here, there = reviewer.get(in_hand("tasks")).context, reviewer.get(page("tasks")).context
    assert [line["number"] for line in here["lines"]] == [number]
    assert [(t["key"], t["count"]) for t in here["tabs"]] == [
        (t["key"], t["count"]) for t in there["tabs"]
    ]
    assert here["lines"][0]["url"] == in_hand("task", number, "papers")
    assert reviewer.get(in_hand("count")).json() == {"todo": 1}
    assert signed_in(town.stranger).get(in_hand("count")).json() == {"todo": 0}


def test_one_case_shows_what_it_takes_to_judge_it(town):
    number = case_town.accepted(town)
    shown = text_of(signed_in(town.reviewer).get(in_hand("task", number, "papers")))
    for part in (
        "演示甲",
        "演示路 1 号",
        "材料.pdf",
        "审批记录",
        "办结这一步",
        "材料齐全，符合规定。",
    ):
        assert part in shown
    assert "验证码" not in shown


def test_a_picture_can_be_looked_at_on_the_page(town):
    paper = vault.keep_document(owner=town.citizen, name="照片.png", chunks=[PNG], at=MONDAY)
    number = case_town.filed(town, paper=paper)
    case_town.actions.accept(number=number, officer=case_town.clerk(town), at=MONDAY)
    shown = text_of(signed_in(town.reviewer).get(in_hand("task", number, "papers")))
    address = page("document", number, paper.id)
    assert f'<img src="{address}"' in shown


def test_a_step_is_finished_from_the_phone(town):
    number = case_town.accepted(town)
    reviewer = signed_in(town.reviewer)
    done = reviewer.post(in_hand("complete", number, "papers"), MEETS)
    assert done.url == in_hand("task", number, "papers")
    assert kinds(number)[-1] == "case.step-completed.v1"
    assert "已办结" in text_of(reviewer.get(done.url))


def test_what_is_wrong_with_an_opinion_is_said_and_nothing_is_lost(town):
    number = case_town.accepted(town)
    reviewer = signed_in(town.reviewer)
    fails = {"once_key": ONCE, "finding": "fails", "opinion": ""}
    answer = reviewer.post(in_hand("complete", number, "papers"), fails)
    assert (answer.status_code, "请写明意见" in text_of(answer)) == (409, True)
    empty = reviewer.post(in_hand("complete", number, "papers"), {"opinion": "写了很多"})
    assert (empty.status_code, "写了很多" in text_of(empty)) == (422, True)


@pytest.mark.parametrize("who", ["stranger", "inspector", "clerk"])
def test_nobody_elses_task_is_there(town, who):
    number = case_town.accepted(town)
    answer = signed_in(getattr(town, who)).get(in_hand("task", number, "papers"))
    assert answer.status_code == (403 if who == "clerk" else 404)


def test_intake_is_not_for_the_hand(town):
    number = case_town.filed(town)
    assert signed_in(town.chief).get(in_hand("task", number, "intake")).status_code == 404


# ── Deciding ────────────────────────────────────────────────────────────────


def test_a_decision_is_taken_with_a_code_and_the_log_says_so(town):
    number = case_town.reviewed(town)
    chief = with_factor(town.chief)
    shown = text_of(chief.get(in_hand("task", number, "decision")))
    assert "授权有效" in shown
    assert 'autocomplete="one-time-code"' in shown
    done = chief.post(in_hand("decide", number), grant())
    assert done.url == in_hand("task", number, "decision")
    assert row(number).stage == Stage.GRANTED
    proven, decided = [written.event for written in history(f"case/{number}")][-2:]
    assert (proven.kind, proven.task, proven.method) == (
        "case.act-proven.v1",
        "decision",
        ProofMethod.TOTP,
    )
    assert (decided.kind, decided.granted) == ("case.decided.v1", True)
    told = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "第二重验证通过" in told
    assert "身份验证器的一次性数字" in told


def test_the_button_says_whether_the_letter_seals_too(town):
    number = case_town.reviewed(town)
    chief = with_factor(town.chief)
    address = in_hand("task", number, "decision")
    assert "作出决定</button>" in text_of(chief.get(address))
    both = (case_town.MandatePower.DECIDE, case_town.MandatePower.SEAL)
    people.revoke_mandate(key="演市监授-2026-1号", reason="换发", by=town.manager, at=MONDAY)
    case_town.grant(town, letter_no="演市监授〔2026〕2号", powers=both)
    assert "决定并用印</button>" in text_of(chief.get(address))


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"code": "000000"}, 409, "验证码不对"),
        ({"code": ""}, 422, "请输入验证码"),
        ({"granted": "no"}, 422, "请写明理由和依据"),
        ({"granted": ""}, 422, "请选准予或者不予"),
    ],
)
def test_without_the_right_code_or_reasons_nothing_is_decided(town, typed, status, said):
    number = case_town.reviewed(town)
    answer = with_factor(town.chief).post(in_hand("decide", number), grant(**typed))
    assert (answer.status_code, said in text_of(answer)) == (status, True)
    assert row(number).stage == Stage.DECIDING


def test_a_refusal_without_reasons_does_not_spend_the_code(town):
    number = case_town.reviewed(town)
    chief = with_factor(town.chief)
    chief.post(in_hand("decide", number), grant(granted="no"))
    given = grant(granted="no", reason="场所不符合规定")
    assert chief.post(in_hand("decide", number), given).status_code == 302
    assert row(number).stage == Stage.REFUSED


def test_a_code_decides_one_case_and_not_another(town):
    one, other = case_town.reviewed(town), case_town.reviewed(town)
    chief = with_factor(town.chief)
    assert chief.post(in_hand("decide", one), grant()).status_code == 302
    again = chief.post(in_hand("decide", other), grant())
    assert (again.status_code, "已经用过一次" in text_of(again)) == (409, True)
    assert row(other).stage == Stage.DECIDING
    assert chief.post(in_hand("decide", other), grant(code=code(1))).status_code == 302


def test_the_same_form_sent_again_after_a_lost_answer_is_one_decision(town):
    number = case_town.reviewed(town)
    chief = with_factor(town.chief)
    for _twice in range(2):
        done = chief.post(in_hand("decide", number), grant())
        assert done.url == in_hand("task", number, "decision")
    assert kinds(number)[-2:] == ["case.act-proven.v1", "case.decided.v1"]
    assert kinds(number).count("case.decided.v1") == 1


def test_whoever_has_no_second_factor_is_led_to_one(town):
    number = case_town.reviewed(town)
    chief = signed_in(town.chief)
    shown = text_of(chief.get(in_hand("task", number, "decision")))
    assert reverse("mfa_activate_totp") in shown
    assert '<button class="btn wide big"' not in shown
    answer = chief.post(in_hand("decide", number), grant())
    assert (answer.status_code, row(number).stage) == (409, Stage.DECIDING)
    assert "未启用" in text_of(chief.get(in_hand("me")))


def test_an_old_letter_decides_nothing_here_either(town):
    number = case_town.reviewed(town)
    people.revoke_mandate(key="演市监授-2026-1号", reason="轮岗", by=town.manager, at=MONDAY)
    chief = with_factor(town.chief)
    assert "不能决定" in text_of(chief.get(in_hand("task", number, "decision")))
    assert chief.post(in_hand("decide", number), grant()).status_code == 409
    assert row(number).stage == Stage.DECIDING


# ── A phone that is found ───────────────────────────────────────────────────


def test_a_session_that_has_been_on_a_phone_does_not_decide_at_the_desk(town):
    number = case_town.reviewed(town)
    chief = with_factor(town.chief)
    chief.get(in_hand("tasks"))
    for name in ("task-decide", "desk-settle"):
        answer = chief.post(page(name, number), grant())
        assert (answer.status_code, "factor.needed" in text_of(answer)) == (409, True)
    assert row(number).stage == Stage.DECIDING
    at_the_desk = signed_in(town.chief)
    assert at_the_desk.post(page("task-decide", number), grant()).status_code == 302


def test_a_batch_is_left_to_the_desk(town):
    chief = with_factor(town.chief)
    chief.get(in_hand("tasks"))
    answer = chief.post(page("batch-decide", "B-7K2P-9QXD"), grant())
    assert (answer.status_code, "factor.needed" in text_of(answer)) == (409, True)


# ── The shell ───────────────────────────────────────────────────────────────


def test_the_manifest_installs_it_under_its_own_addresses():
    answer = Client().get(in_hand("manifest"))
    assert answer.headers["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert (said["start_url"], said["scope"], said["display"]) == ("/hand/", "/hand/", "standalone")
    assert [(icon["sizes"], icon.get("purpose")) for icon in said["icons"]] == [
        ("192x192", None),
        ("512x512", None),
        ("512x512", "maskable"),
    ]
    for icon in said["icons"]:
        assert shell.finders.find(icon["src"].removeprefix("/static/"))


def test_the_worker_keeps_style_and_icons_and_no_page_of_a_case():
    answer = Client().get(in_hand("worker"))
    assert answer.headers["Content-Type"] == "text/javascript"
    assert "no-store" in answer.headers["Cache-Control"]
    said = text_of(answer)
    [shell_said] = re.findall(r"SHELL = (\[.*?\]);", said)
    kept = json.loads(shell_said)
    assert kept[0] == in_hand("offline")
    assert all(path.startswith("/static/") for path in kept[1:])
    assert f'VERSION = "{shell.version()}"' in said


def test_without_a_network_there_is_a_page_that_says_so_and_says_nothing_of_anybody(town):
    answer = signed_in(town.chief).get(in_hand("offline"))
    assert "现在没有网络" in text_of(answer)
    stranger = Client().get(in_hand("offline"))
    assert "退出" not in text_of(stranger)
    assert stranger.cookies == {}


# ── Phrases ─────────────────────────────────────────────────────────────────


def test_own_and_department_phrases_come_before_the_usual_ones(town):
    number = case_town.accepted(town)
    for owner, text in ((town.reviewer, "我的话。"), ("market", "本局的话。")):
        people.keep_phrase(owner=owner, use=PhraseUse.OPINION, text=text)
    people.keep_phrase(owner="inspection", use=PhraseUse.OPINION, text="别局的话。")
    for address in (in_hand("task", number, "papers"), page("task", number, "papers")):
        offered = signed_in(town.reviewer).get(address).context["phrases"]
        assert offered[:3] == ["我的话。", "本局的话。", "材料齐全，符合规定。"]
        assert "别局的话。" not in offered


def test_reasons_for_corrections_of_the_department_are_at_the_window(town):
    number = case_town.filed(town)
    people.keep_phrase(owner="market", use=PhraseUse.SHORTFALL, text="缺少法定代表人签字")
    offered = signed_in(town.clerk).get(page("desk-case", number)).context["phrases"]
    assert offered[0] == "缺少法定代表人签字"


def test_phrases_are_kept_and_dropped_on_a_page(town):
    phrases = reverse("people:phrases")
    manager, reviewer = signed_in(town.manager), signed_in(town.reviewer)
    mine = {"text": "我的话。", "use": "opinion", "owner": town.reviewer}
    assert reviewer.post(phrases, mine).status_code == 302
    assert reviewer.post(phrases, {**mine, "owner": "market"}).status_code == 200  # not a head
    shared = {"text": "本局的话。", "use": "shortfall", "owner": "market"}
    assert manager.post(phrases, shared).status_code == 302
    said = text_of(reviewer.get(phrases))
    assert "我的话。" in said
    assert "本局的话。" in said
    assert said.count("/drop/") == 1
    [(_word, [(kept, _mine, _owner)])] = manager.get(phrases).context["kept"]
    drop = reverse("people:drop_phrase", args=[kept.pk])
    reviewer.post(drop)
    assert "本局的话。" in text_of(manager.get(phrases))
    manager.post(drop)
    assert "本局的话。" not in text_of(manager.get(phrases))


def test_an_authenticator_lost_with_the_phone_goes_with_the_account_reset(town):
    with_factor(town.chief)
    account = Account.objects.get(person=town.chief)
    people.reset_account(username=account.username, by=town.administrator, at=MONDAY)
    assert not Authenticator.objects.filter(user_id=account.pk).exists()
