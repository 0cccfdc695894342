"""Registering, signing in, being locked out, a second factor, and the pages of the room."""

import re
from datetime import timedelta
from time import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
)
from axes.models import AccessAttempt, AccessFailureLog
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mingtang.core.people import Role
from mingtang.people import actions, queries
from mingtang.people.models import Account, AccountAct, MandateRow
from tests.rooms.people_words import (
    MONDAY,
    PASSWORD,
    SETUP,
    letter,
    official,
    person,
    town,
)

pytestmark = pytest.mark.django_db
CITIZEN = {
    "name": "演示甲一",
    "id_kind": "resident",
    "id_number": "990101195103120114",
    "phone": "19900000001",
    "username": "demo-citizen",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


@pytest.fixture(autouse=True)
def calm():
    """Rate limits are counted in the cache: each test begins at nought."""
    cache.clear()


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEMO = True


def text(response) -> str:
    return response.content.decode()


def account(someone: str, username: str = "somebody") -> Account:
    return Account.objects.create_user(username, PASSWORD, someone)


def sign_in(client, username="somebody", password=PASSWORD, **kwargs):
    fields = {"login": username, "password": password}
    return client.post(reverse("account_login"), fields, **kwargs)


# ── Registering ─────────────────────────────────────────────────────────────


def test_a_citizen_registers_and_is_at_home_at_once(client):
    answer = client.post(reverse("people:register"), CITIZEN, follow=True)

    assert answer.redirect_chain == [(reverse("people:home"), 302)]
    assert "演示甲一，您好" in text(answer)
    actor = queries.actor(Account.objects.get().person)
    assert (actor.name, actor.roles) == ("演示甲一", frozenset())
    assert AccountAct.objects.get().act == "signed-up"


def test_a_citizen_goes_back_to_what_they_were_about_to_do_but_to_no_other_site(client):
    back = client.post(reverse("people:register"), {**CITIZEN, "next": "/letters/"})
    assert back.url == "/letters/"
    client.logout()
    other = {**CITIZEN, "id_kind": "passport", "id_number": "E1", "username": "another"}
    away = client.post(reverse("people:register"), {**other, "next": "https://elsewhere.example/"})
    assert away.url == reverse("people:home")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id_number": "990101195103120115"}, "末位校验不符"),
        ({"phone": "12"}, "11 位手机号"),
        ({"username": "a b"}, "用户名用 4 至 40 个"),
        ({"password_again": "something-else"}, "两次输入的密码不同"),
        ({"password": "short", "password_again": "short"}, "密码太短，至少 10 个字符"),
        ({"password": "password123", "password_again": "password123"}, "太常见"),
        ({"password": "demo-citizen1", "password_again": "demo-citizen1"}, "太相近"),
        ({"name": ""}, "有 1 处需要修改"),
    ],
)
def test_a_form_filled_in_wrongly_says_where_and_registers_nobody(client, changed, said):
    answer = client.post(reverse("people:register"), {**CITIZEN, **changed})
    assert said in text(answer)
    assert Account.objects.count() == 0
    assert queries.find_person("demo-citizen") == ""


def test_an_identity_number_registers_once_and_leaves_no_second_account(client):
    client.post(reverse("people:register"), CITIZEN)
    client.logout()
    answer = client.post(reverse("people:register"), {**CITIZEN, "username": "second-try"})
    assert "这个号码已被使用" in text(answer)
    assert [a.username for a in Account.objects.all()] == ["demo-citizen"]


def test_a_user_name_is_taken_once(client):
    client.post(reverse("people:register"), CITIZEN)
    client.logout()
    answer = client.post(
        reverse("people:register"), {**CITIZEN, "id_kind": "passport", "id_number": "E1"}
    )
    assert "这个用户名已有人使用" in text(answer)


# ── Signing in ──────────────────────────────────────────────────────────────


def test_signing_in_and_out(client):
    account(person(1))
    answer = sign_in(client, follow=True)
    assert answer.redirect_chain[0] == (reverse("people:home"), 302)
    assert "演示1，您好" in text(answer)
    client.post(reverse("account_logout"))
    assert client.get(reverse("people:home")).status_code == 302


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(client):
    account(person(1))
    said = "用户名或密码不对"
    assert said in text(sign_in(client, password="wrong"))
    assert said in text(sign_in(client, username="nobody"))


def test_five_wrong_passwords_lock_even_the_right_one_out_until_a_time_that_is_told(client):
    account(person(1))
    answers = [sign_in(client, password=f"wrong-{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]

    locked = sign_in(client)

    last = AccessAttempt.objects.latest("attempt_time").attempt_time
    until = timezone.localtime(last + timedelta(minutes=15))
    assert locked.status_code == 429
    assert "密码连续输错 5 次" in text(locked)
    assert f"到 {until:%Y-%m-%d %H:%M:%S} 可以再试" in text(locked)
    assert client.get(reverse("people:home")).status_code == 302


def test_a_lockout_ends_by_itself(client):
    account(person(1))
    for number in range(5):
        sign_in(client, password=f"wrong-{number}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).url == reverse("people:home")


def test_somebody_elses_lockout_is_not_mine(client):
    account(person(1))
    account(person(2), "another")
    for number in range(5):
        sign_in(client, password=f"wrong-{number}")
    assert sign_in(client, username="another").url == reverse("people:home")


def test_every_failure_stays_in_the_audit(client):
    account(person(1))
    for number in range(5):
        sign_in(client, password=f"wrong-{number}")
    sign_in(client)
    assert [log.locked_out for log in AccessFailureLog.objects.order_by("id")] == [
        *[False] * 4,
        *[True] * 2,
    ]


def test_a_stopped_account_neither_signs_in_nor_goes_on(client):
    account(person(1))
    sign_in(client)
    actions.disable_account(username="somebody", by=SETUP, at=MONDAY)
    assert client.get(reverse("people:home")).status_code == 302
    answer = sign_in(client, follow=True)
    assert "账号已停用" in text(answer)


def test_signing_up_at_the_library_page_leads_to_ours(client):
    assert client.get(reverse("account_signup")).url == reverse("people:register")


def test_the_sign_in_page_carries_the_name_of_the_centre(client):
    page = text(client.get(reverse("account_login")))
    assert "<b>明堂</b>" in page
    assert "testserver" not in page


@pytest.mark.parametrize("name", ["account_email", "account_reset_password"])
def test_nothing_is_done_by_letter(client, name):
    account(person(1))
    sign_in(client)
    assert "本平台不使用电子邮件" in text(client.get(reverse(name)))
    assert "本平台不使用电子邮件" in text(client.post(reverse(name), {"email": "a@example.org"}))


# ── A second factor ─────────────────────────────────────────────────────────


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time()) // 30))


def begin_second_factor(client) -> str:
    """Confirm the password once more, open the page and return its secret."""
    activate = reverse("mfa_activate_totp")
    asked = client.get(activate)
    assert "再次确认是您本人" in text(client.get(asked.url))
    client.post(asked.url, {"password": PASSWORD, "next": activate})
    return re.search(r'<code class="mono">([A-Z2-7]+)</code>', text(client.get(activate)))[1]


def test_a_second_factor_is_set_up_and_then_asked_for(client):
    mine = account(person(1))
    sign_in(client)
    secret = begin_second_factor(client)

    done = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)

    assert done.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<li>([0-9a-f]{8})</li>", text(done))
    assert len(codes) == 10
    assert queries.has_second_factor(mine.pk)

    client.post(reverse("account_logout"))
    halfway = sign_in(client)
    assert halfway.url == reverse("mfa_authenticate")
    assert client.get(reverse("people:home")).status_code == 302
    assert "验证码或恢复码" in text(client.get(halfway.url))
    assert client.post(halfway.url, {"code": "000000"}).status_code == 200
    assert client.get(reverse("people:home")).status_code == 302
    client.post(halfway.url, {"code": codes[0]})
    assert client.get(reverse("people:home")).status_code == 200


def test_staff_without_a_second_factor_set_one_up_first_where_it_is_asked_for(client, settings):
    settings.STAFF_SECOND_FACTOR = True
    town()
    account(official(1, Role.REVIEWER))
    sign_in(client)
    assert client.get(reverse("people:home")).url == reverse("mfa_activate_totp")
    assert begin_second_factor(client)


def test_the_pages_around_a_second_factor_are_in_our_words(client):
    mine = account(person(1))
    sign_in(client)
    assert "未启用" in text(client.get(reverse("mfa_index")))
    secret = begin_second_factor(client)
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    for name, said in (
        ("mfa_index", "已启用"),
        ("mfa_view_recovery_codes", "恢复码"),
        ("mfa_generate_recovery_codes", "原来的恢复码会全部作废"),
        ("mfa_deactivate_totp", "停用第二重验证？"),
    ):
        assert said in text(client.get(reverse(name))), name
    client.post(reverse("mfa_deactivate_totp"))
    assert not queries.has_second_factor(mine.pk)


# ── Oneself ─────────────────────────────────────────────────────────────────


def test_my_data_is_masked_until_i_ask(client):
    client.post(reverse("people:register"), CITIZEN)
    masked = text(client.get(reverse("people:profile")))
    assert "990101195103120114" not in masked
    assert "990***********0114" in masked
    assert "990101195103120114" in text(client.post(reverse("people:profile"), {"show": "1"}))


def test_my_phone_is_mine_to_change(client):
    client.post(reverse("people:register"), CITIZEN)
    client.post(reverse("people:profile"), {"phone": "19900000009"})
    row = queries.person(Account.objects.get().person)
    assert (row.phone, row.name) == ("19900000009", "演示甲一")


def test_i_enter_my_unit_name_an_agent_and_remove_them(client):
    other = person(2)
    client.post(reverse("people:register"), CITIZEN)
    unit = {"kind": "enterprise", "name": "演示云岭餐饮有限公司", "uscc": "91990000MA9D01016C"}
    page = client.post(reverse("people:organisations"), unit, follow=True)
    assert "演示云岭餐饮有限公司" in text(page)

    one = reverse("people:organisation", args=["91990000MA9D01016C"])
    client.post(one, {"person": other.lower(), "scope": "年报"})
    assert queries.actor(other).represents == {"91990000MA9D01016C"}
    assert "没有找到这个人员编号或用户名" in text(client.post(one, {"person": "ZZZ"}))
    assert "已经是本单位的经办人" in text(client.post(one, {"person": other}))

    remove = reverse("people:remove_agent", args=["91990000MA9D01016C", other])
    assert client.get(remove).status_code == 200
    client.post(remove, {"reason": "离职"})
    assert queries.actor(other).represents == frozenset()


def test_i_entrust_somebody_and_end_it(client):
    other = person(2)
    client.post(reverse("people:register"), CITIZEN)
    client.post(reverse("people:agents"), {"person": other, "scope": "全部"})
    assert other in text(client.get(reverse("people:agents")))
    client.post(reverse("people:end_entrustment", args=[other]))
    assert queries.actor(other).principals == frozenset()


def test_a_member_of_staff_sees_their_post_and_only_their_work(client):
    town()
    account(official(1, Role.SECURITY_ADMIN))
    sign_in(client)
    page = text(client.get(reverse("people:home")))
    assert "安全管理员" in page
    assert "人员任命" in page
    assert "账号管理" not in page
    assert "授权书管理" not in page


# ── The administrators ──────────────────────────────────────────────────────


def test_the_security_administrator_appoints_and_ends_posts(client):
    town()
    account(official(1, Role.SECURITY_ADMIN))
    someone = person(2)
    sign_in(client)
    post = {
        "person": someone,
        "role": "reviewer",
        "organisation": "education",
        "office": "window-1",
        "staff_no": "E-007",
    }
    client.post(reverse("people:appoint"), post)
    assert queries.actor(someone).roles == {Role.REVIEWER}
    page = text(client.get(reverse("people:staff"), {"q": "E-007"}))
    assert "演示2" in page
    assert "N-001" not in page
    assert "不能兼任" in text(
        client.post(reverse("people:appoint"), {**post, "role": "audit_admin"})
    )

    end = reverse("people:end_post", args=[someone, 1])
    assert "免去 演示2 的审查人员" in text(client.get(end))
    assert "有 1 处需要修改" in text(client.post(end, {"reason": ""}))
    client.post(end, {"reason": "轮岗"})
    assert queries.actor(someone).roles == frozenset()
    assert client.get(end).status_code == 404


def test_the_system_administrator_opens_stops_and_resets_accounts_and_sees_no_name(client):
    town()
    account(official(1, Role.SYSTEM_ADMIN), "admin")
    someone = person(2)
    sign_in(client, "admin")
    opened = client.post(
        reverse("people:open_account"), {"person": someone, "username": "newcomer"}
    )
    password = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", text(opened))[0]
    assert opened["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert Account.objects.get(username="newcomer").check_password(password)
    listed = text(client.get(reverse("people:accounts")))
    assert "newcomer" in listed
    assert "演示2" not in listed

    for act, active in (("disable", False), ("enable", True)):
        client.post(reverse("people:account_act", args=["newcomer", act]))
        assert Account.objects.get(username="newcomer").is_active is active
    again = client.post(reverse("people:account_act", args=["newcomer", "reset"]))
    assert password not in text(again)
    assert not Account.objects.get(username="newcomer").check_password(password)
    assert [a.act for a in AccountAct.objects.order_by("id")] == [
        "opened",
        "disabled",
        "enabled",
        "reset",
    ]


def test_a_reset_frees_who_is_locked_out_and_forgets_the_lost_phone(client):
    mine = account(person(1))
    Authenticator.objects.create(user=mine, type=Authenticator.Type.TOTP, data={"secret": "x"})
    for number in range(5):
        sign_in(client, password=f"wrong-{number}")

    password = actions.reset_account(username="somebody", by=SETUP, at=MONDAY)

    assert sign_in(client, password=password).url == reverse("people:home")
    change = client.get(reverse("people:home"))
    assert change.url == reverse("account_change_password")
    new = {"oldpassword": password, "password1": "a-new-hall-2026", "password2": "a-new-hall-2026"}
    client.post(change.url, new)
    assert client.get(reverse("people:home")).status_code == 200


def test_nobody_does_anything_to_their_own_account(client):
    town()
    account(official(1, Role.SYSTEM_ADMIN), "admin")
    sign_in(client, "admin")
    answer = client.post(reverse("people:account_act", args=["admin", "disable"]))
    assert answer.status_code == 409
    assert Account.objects.get().is_active


def test_the_first_centre_is_entered_and_its_window_opened_through_the_pages(client):
    someone = person(1)
    post = actions.Post(person=someone, role=Role.SYSTEM_ADMIN, organisation="", staff_no="a")
    actions.appoint(post=post, by=SETUP, at=MONDAY)
    account(someone)
    sign_in(client)
    body = {"kind": "centre", "code": "mingzhou", "name": "演示中心"}
    client.post(reverse("people:register_body"), body)
    place = {"organisation": "mingzhou", "kind": "window", "code": "w-1", "name": "1号窗口"}
    client.post(reverse("people:open_office"), place)
    page = text(client.get(reverse("people:bodies")))
    assert "演示中心" in page
    assert "1号窗口" in page
    client.post(reverse("people:close_office", args=["w-1"]), {"reason": "搬迁"})
    assert queries.open_offices() == {}


def test_the_audit_administrator_reads_what_happened_with_its_place_in_the_ledger(client):
    town()
    account(official(1, Role.AUDIT_ADMIN), "auditor")
    manager, chief = official(2, Role.DEPARTMENT_MANAGER), official(3, Role.CHIEF_REPRESENTATIVE)
    key = actions.grant_mandate(letter=letter(chief), by=manager, at=MONDAY).key
    actions.publish_mandate(key=key, office="window-1", by=manager, at=MONDAY)
    sign_in(client, "auditor", "wrong")
    sign_in(client, "auditor")

    page = text(client.get(reverse("people:audit")))

    for said in ("登录失败", "任命", "公示授权书", "演示授权〔2026〕1号", "审计管理员"):
        assert said in page
    assert str(MandateRow.objects.get().published_index) in page


# ── Letters ─────────────────────────────────────────────────────────────────


def test_a_manager_grants_publishes_and_revokes_and_everybody_can_read_it(client):
    town()
    account(official(1, Role.DEPARTMENT_MANAGER))
    chief = official(2, Role.CHIEF_REPRESENTATIVE)
    sign_in(client)
    today = timezone.localdate()
    form = {
        "holder": f"education {chief}",
        "letter_no": "演示授权〔2026〕7号",
        "items": "E-1\nE-2\n",
        "powers": ["accept", "decide"],
        "valid_from": today.isoformat(),
        "valid_to": today.isoformat(),
        "paper": SimpleUploadedFile("letter.pdf", b"%PDF-1.4 demo"),
    }
    short = {**form, "items": "", "valid_to": (today - timedelta(days=1)).isoformat()}
    del short["paper"]
    assert "有 2 处需要修改" in text(client.post(reverse("people:grant"), short))
    granted = client.post(reverse("people:grant"), form, follow=True)
    assert "公示以后才有效" in text(granted)
    row = MandateRow.objects.get()
    assert (row.items, row.person_name) == (["E-1", "E-2"], "演示2")
    assert (
        row.document == ("sha256:c9c0dd7bb3dd3fb9ed6a2efcfb2f6d3c2e6c4e4f0c8ea3b6e4e7f0b9a6a1d1a0")
        or len(row.document) == len("sha256:") + 64
    )
    public = reverse("people:letter", args=[row.key])
    assert client.get(public).status_code == 404

    client.post(reverse("people:publish", args=[row.key]), {"office": "window-1"})
    client.logout()
    page = text(client.get(public))
    for said in ("有效", "演示2", "E-1", "综合窗口1号", "不得转委托"):
        assert said in page
    assert row.letter_no in text(client.get(reverse("people:letters"), {"q": "7号"}))
    assert "没有符合条件的授权书" in text(client.get(reverse("people:letters"), {"q": "8号"}))

    sign_in(client)
    revoke = reverse("people:revoke", args=[row.key])
    assert client.get(revoke).status_code == 200
    client.post(revoke, {"reason": "轮岗"})
    client.logout()
    page = text(client.get(public))
    assert "已撤销" in page
    assert "轮岗" in page
