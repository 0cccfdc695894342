"""Signing up, one's own applications, and the officer who decides on them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.ledger.models import LedgerEntry
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.trading import queries
from mingtang.trading.actions import paddles
from mingtang.trading.views.files import files_of
from mingtang.vault.models import DocumentRow
from tests.rooms import room_town, trading_words
from tests.rooms.case_town import PDF, signed_in
from tests.rooms.people_words import SETUP, official, person
from tests.rooms.trading_words import Party

pytestmark = pytest.mark.django_db
KEY = Party("x", "x", "x").key
USCC = "91990000MA00000R37"


@pytest.fixture
def town(log_home):
    town = room_town.build("auction", bidders=0)
    room_town.open_for_sign_up(town)
    return town


@pytest.fixture
def lot(town):
    return town.lots["演示标的"]


@pytest.fixture
def someone():
    return person(50, phone="19900000050")


@pytest.fixture
def client(someone):
    return signed_in(someone)


def sent(**changed):
    return {"bidder": "person", "priority": "", "promised": "on", "key": KEY, **changed}


def sign_up(client, lot, **changed):
    return client.post(reverse("trading:sign-up", args=[lot]), sent(**changed))


def page(client, name, *args, status=200):
    response = client.get(reverse(f"trading:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def own(someone, lot):
    return queries.own_application(someone, lot)


# ── Signing up ──────────────────────────────────────────────────────────────


def test_the_form_asks_nothing_we_know_and_leaves_the_key_to_the_browser(lot, client, someone):
    html = page(client, "sign-up", lot)
    assert "本人：演示50" in html
    assert f'data-key-lot="{lot}" data-key-person="{someone}"' in html
    assert re.search(r'<input type="hidden" name="key"[^>]*>', html)
    for known in ("E00000050", "19900000050"):
        assert known not in html


def test_a_person_signs_up_and_everything_of_it_is_sealed(lot, client, someone):
    answer = sign_up(client, lot)
    assert answer.url == reverse("trading:mine")
    row = own(someone, lot)
    assert (row.name, row.id_number, row.phone) == ("演示50", "E00000050", "19900000050")
    assert (row.signing_key, row.status) == (KEY, "filed")
    entry = LedgerEntry.objects.get(kind="application.filed.v1")
    for secret in ("演示50", "E00000050", lot, KEY):
        assert secret.encode() not in bytes(entry.body)


def test_a_right_of_priority_is_asked_for_only_where_there_can_be_one(lot, client, log_home):
    assert 'name="priority"' in page(client, "sign-up", lot)


def test_where_there_is_none_a_claim_is_not_read(log_home, client, someone):
    town = room_town.build("timed", bidders=0)
    lot = room_town.open_for_sign_up(town)
    assert 'name="priority"' not in page(client, "sign-up", lot)
    assert sign_up(client, lot, priority="承租人").status_code == 302
    assert own(someone, lot).priority == ""


def test_an_organisation_is_signed_up_by_who_represents_it(lot, client, someone):
    body = Body(
        code="firm",
        kind=OrganisationKind.ENTERPRISE,
        particulars=Particulars(name="演示企业", uscc=USCC),
    )
    people.register_organisations(bodies=[body], by=SETUP, at=timezone.localtime())
    assert sign_up(client, lot, bidder="firm").status_code == 422
    people.name_agents(agents=[("firm", someone)], by=SETUP, at=timezone.localtime())
    assert "演示企业" in page(client, "sign-up", lot)
    assert sign_up(client, lot, bidder="firm").status_code == 302
    row = own(someone, lot)
    assert (row.name, row.id_number, row.person) == ("演示企业", USCC, someone)


def test_files_go_to_the_vault_and_their_digests_with_the_application(lot, client, someone):
    files = [SimpleUploadedFile(f"证明{n}.pdf", PDF) for n in (1, 2)]
    assert sign_up(client, lot, documents=files).status_code == 302
    named = files_of(own(someone, lot))
    kept = {row.id: row for row in DocumentRow.objects.all()}
    assert [one["name"] for one in named] == ["证明1.pdf", "证明2.pdf"]
    assert all(kept[one["id"]].sha256 == one["sha256"] for one in named)
    key, file = own(someone, lot).key, named[0]["id"]
    got = client.get(reverse("trading:own-file", args=[key, file]))
    assert b"".join(got.streaming_content) == PDF
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_a_file_that_is_none_of_the_allowed_is_refused_and_nobody_is_signed_up(
    lot, client, someone
):
    answer = sign_up(client, lot, documents=[SimpleUploadedFile("x.pdf", b"MZ not a pdf")])
    assert answer.status_code == 409
    assert "文件内容不是允许的格式" in answer.content.decode()
    assert own(someone, lot) is None


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"key": ""}, 422, "浏览器没有生成会话密钥"),
        ({"key": "B" + "x" * 30}, 409, "签名密钥不能使用"),
        ({"promised": ""}, 422, "必填"),
        ({"bidder": "nobody"}, 422, "nobody"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_signed_up(
    lot, client, someone, changed, status, said
):
    answer = sign_up(client, lot, **changed)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert own(someone, lot) is None


def test_after_the_deadline_nobody_signs_up(town, client, someone):
    late = town.lots["auction"]
    assert "现在不能报名" in page(client, "sign-up", late)
    answer = sign_up(client, late)
    assert answer.status_code == 409
    assert "报名已经截止" in answer.content.decode()
    assert own(someone, late) is None


def test_who_signed_up_is_not_asked_again(lot, client):
    sign_up(client, lot)
    assert client.get(reverse("trading:sign-up", args=[lot])).url == reverse("trading:mine")
    assert sign_up(client, lot).url == reverse("trading:mine")
    assert LedgerEntry.objects.filter(kind="application.filed.v1").count() == 1


def test_a_stranger_signs_in_first_and_a_lot_there_is_not_is_not_found(lot, client):
    answer = Client().get(reverse("trading:sign-up", args=[lot]))
    assert "/account/login/" in answer.url
    assert page(client, "sign-up", "JY-0000-0000-1", status=404)


# ── One's own ───────────────────────────────────────────────────────────────


def admit(town, someone, lot, rank=0):
    now = timezone.localtime()
    paddles.admit(application=own(someone, lot).key, rank=rank, by=town.officer, at=now)
    trading_words.heard()
    return own(someone, lot)


def test_ones_applications_are_shown_with_paddle_deposit_and_the_way_in(town, lot, client, someone):
    assert "您还没有报名参加竞价" in page(client, "mine")
    sign_up(client, lot)
    html = page(client, "mine")
    assert "等待资格审查" in html
    assert "进入竞价大厅" not in html
    row = admit(town, someone, lot, rank=2)
    html = page(client, "mine")
    assert row.paddle in html
    assert "优先购买权，第 2 顺位" in html
    assert "98,000.00 元" in html
    assert "进入竞价大厅" not in html
    party = Party(someone, lot, row.name, application=row.key)
    trading_words.pay(party, fen=9_800_000, booked=timezone.localtime())
    html = page(client, "mine")
    assert reverse("trading:room", args=[lot]) in html


def test_a_refused_application_says_why(town, lot, client, someone):
    sign_up(client, lot)
    paddles.refuse(
        application=own(someone, lot).key,
        reason="不是本地企业",
        by=town.officer,
        at=timezone.localtime(),
    )
    html = page(client, "mine")
    assert "不予参加竞买" in html
    assert "不是本地企业" in html


def test_a_sign_up_is_withdrawn_while_others_may_still_come(town, lot, client, someone):
    sign_up(client, lot)
    key = own(someone, lot).key
    assert "撤回报名" in page(client, "mine")
    answer = client.post(reverse("trading:withdraw-application", args=[key]))
    assert answer.url == reverse("trading:mine")
    assert queries.application(key).status == "withdrawn"
    assert sign_up(client, lot).status_code == 302


def test_after_the_deadline_it_is_withdrawn_no_more(town):
    late = room_town.ready(town, "auction", 1)
    client = signed_in(late.person)
    assert "撤回报名" not in page(client, "mine")
    post = reverse("trading:withdraw-application", args=[late.application])
    answer = client.post(post, follow=True)
    assert "报名已经截止" in answer.content.decode()
    assert queries.application(late.application).status == "admitted"


def test_a_key_is_replaced_and_the_page_goes_back_to_the_room(lot, client, someone):
    sign_up(client, lot)
    row = own(someone, lot)
    other = Party("x", "x", "x").key
    post = reverse("trading:replace-key", args=[row.key])
    assert client.post(post, {"key": other, "then": "room"}).url == reverse(
        "trading:room", args=[lot]
    )
    row = own(someone, lot)
    assert (row.signing_key, row.signing_key_no) == (other, 2)
    again = client.post(post, {"key": other}, follow=True)
    assert "签名密钥不能使用" in again.content.decode()
    none = client.post(post, {"key": ""}, follow=True)
    assert "没有更换" in none.content.decode()
    assert own(someone, lot).signing_key_no == 2


def test_nobody_touches_anybody_elses_application(town, lot, client, someone):
    sign_up(client, lot, documents=[SimpleUploadedFile("证明.pdf", PDF)])
    row = own(someone, lot)
    file = files_of(row)[0]["id"]
    for other in (person(51), town.officer, town.host, town.manager):
        stranger = signed_in(other)
        for name in ("withdraw-application", "replace-key"):
            post = reverse(f"trading:{name}", args=[row.key])
            assert stranger.post(post, {"key": Party("x", "x", "x").key}).status_code == 404
        assert stranger.get(reverse("trading:own-file", args=[row.key, file])).status_code == 404
        assert row.key not in page(stranger, "mine")
    assert own(someone, lot).signing_key == KEY


# ── The desk ────────────────────────────────────────────────────────────────


@pytest.fixture
def filed(lot, client, someone):
    files = [SimpleUploadedFile("证明.pdf", PDF)]
    sign_up(client, lot, priority="承租人", documents=files)
    return own(someone, lot)


@pytest.fixture
def officer(town):
    return signed_in(town.officer)


def test_an_officer_sees_who_waits_and_what_they_handed_in(filed, officer):
    assert "演示50" in page(officer, "applications")
    html = page(officer, "application", filed.key)
    for shown in ("E00000050", "19900000050", "承租人", "演示承租人", "证明.pdf"):
        assert shown in html
    file = files_of(filed)[0]["id"]
    got = officer.get(reverse("trading:application-file", args=[filed.key, file]))
    assert b"".join(got.streaming_content) == PDF
    other = reverse("trading:application-file", args=[filed.key, "0" * 26])
    assert officer.get(other).status_code == 404


def test_an_officer_admits_with_a_rank(filed, officer):
    post = reverse("trading:admit", args=[filed.key])
    assert officer.post(post, {"rank": "-1"}).status_code == 422
    assert officer.post(post, {"rank": "1"}).url == reverse("trading:applications")
    row = queries.application(filed.key)
    assert (row.status, row.rank, len(row.paddle)) == ("admitted", 1, 4)
    assert "没有等待审查的报名" in page(officer, "applications")
    again = officer.post(post, {"rank": "1"})
    assert again.status_code == 409


def test_an_officer_refuses_with_the_reason(filed, officer):
    post = reverse("trading:refuse", args=[filed.key])
    assert officer.post(post, {"reason": ""}).status_code == 422
    assert officer.post(post, {"reason": "资格不符"}).status_code == 302
    row = queries.application(filed.key)
    assert (row.status, row.reason) == ("refused", "资格不符")


def test_nobody_decides_on_their_own_application(town, lot):
    mine = signed_in(town.officer)
    sign_up(mine, lot)
    key = own(town.officer, lot).key
    assert "须由另一位经办人员审查" in page(mine, "application", key)
    answer = mine.post(reverse("trading:admit", args=[key]), {"rank": "0"})
    assert answer.status_code == 409
    assert "须由他人审核" in answer.content.decode()
    assert queries.application(key).status == "filed"


def test_nobody_but_officers_of_the_lots_centre_see_or_decide(town, filed):
    file = files_of(filed)[0]["id"]
    elsewhere = official(60, Role.TRADE_OFFICER, "elsewhere")
    stranger = signed_in(elsewhere)
    assert "演示50" not in page(stranger, "applications")
    for clients, status in (
        ([stranger], 404),
        ([signed_in(one) for one in (town.host, town.treasurer, town.manager)], 403),
    ):
        for client in clients:
            assert page(client, "application", filed.key, status=status)
            got = client.get(reverse("trading:application-file", args=[filed.key, file]))
            assert got.status_code == status
            for name in ("admit", "refuse"):
                post = reverse(f"trading:{name}", args=[filed.key])
                assert client.post(post, {"rank": "0", "reason": "x"}).status_code == status
    assert queries.application(filed.key).status == "filed"


def test_times_on_the_desk_are_those_of_china(filed, officer):
    day = timezone.localtime(filed.filed_at).strftime("%Y-%m-%d %H:%M")
    assert day in page(officer, "applications")
    assert filed.filed_at < timezone.now() + timedelta(seconds=5)
