"""The treasurer's pages, and what an applicant is told of where to pay."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from mingtang.core.people import Role
from mingtang.trading.actions import deposits as actions
from mingtang.trading.adapters.xml import parse
from mingtang.trading.models import StrayRow
from mingtang.trading.ports import bank as port
from mingtang.trading.queries import deposits as queries
from tests.core.deposit_examples import AFTER, DEADLINE, DUE, REFUND_DUE
from tests.rooms.bank_words import entry, statement
from tests.rooms.case_town import official, person, signed_in
from tests.rooms.deposit_words import comes, opened, treasurer

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return treasurer()


@pytest.fixture
def client(by):
    return signed_in(by)


def at(name, *args):
    return reverse(f"trading:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("deposits", []),
        ("deposit", ["A1"]),
        ("strays", []),
        ("stray", ["x"]),
        ("payments", []),
        ("payment-file", ["B1"]),
        ("statement", []),
    ],
)
def test_only_who_manages_deposits_opens_these_pages(by, name, args):
    host = official(2, Role.TRADE_HOST, "centre")
    assert Client().get(at(name, *args)).status_code == 302
    assert [signed_in(p).get(at(name, *args)).status_code for p in (host, person(3))] == [403, 403]
    found = {"deposit": 404, "stray": 404, "payment-file": 404}.get(name, 200)
    assert signed_in(by).get(at(name, *args)).status_code == found


def test_the_list_says_how_each_deposit_stands_and_that_the_books_balance(client):
    comes(opened("A1"), DUE + 7, payer_name="演示另一公司")
    short = opened("A2")
    page = text(client.get(at("deposits")))
    for sentence in ("借贷平衡", "已按时交足", "待交", "户名不一致", "5,000.07 元", "0.07 元"):
        assert sentence in page
    page = text(client.get(at("deposits"), {"status": "awaited"}))
    assert short in page
    assert queries.standing("A1").account not in page
    assert client.get(at("deposits"), {"status": "x"}).status_code == 404


def test_nobody_is_named_but_by_the_bank(client):
    """The bidder an account was opened for is named on no page of the treasurer's."""
    actions.open_sub_account("A1", DUE, DEADLINE, "某竞买人", AFTER)
    comes(queries.standing("A1").account, payer_name="演示付款人", booked=AFTER)
    for page in (text(client.get(at("deposits"))), text(client.get(at("deposit", "A1")))):
        assert "某竞买人" not in page
    assert "演示付款人" in page
    assert "迟到" in page


def test_books_that_do_not_balance_say_so():
    class Wrong:
        balance = {}
        balanced = False

    assert "借贷不平衡" in render_to_string("trading/_books.html", {"books": Wrong})


def test_what_came_late_goes_back_from_the_page(client):
    comes(opened(), booked=AFTER)
    answer = client.post(at("deposit", "A1"), {"reason": "迟到"})
    assert (answer.status_code, answer["Location"]) == (302, at("deposit", "A1"))
    [payment] = queries.payments_waiting()
    assert (payment.amount_fen, payment.reason, payment.due_at is not None) == (DUE, "迟到", True)
    assert "待送银行" in text(client.get(at("deposit", "A1")))


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"reason": "试"}, 409, "竞价还没有结束"),
        ({"reason": "", "to_name": "演示新户", "to_account": "1"}, 422, "演示新户"),
        ({"reason": "试", "to_account": "6222"}, 409, "账号和户名要一起填"),
    ],
)
def test_what_may_not_go_back_is_said_and_nothing_is_lost(client, sent, status, said):
    comes(opened())
    page = text(client.post(at("deposit", "A1"), sent), status)
    assert said in page
    assert queries.payments_waiting() == []


def test_stray_money_is_returned_from_the_page(client):
    assert "没有不明来款" in text(client.get(at("strays")))
    comes("99404")
    key = StrayRow.objects.get().key
    assert at("stray", key) in text(client.get(at("strays")))
    assert "99404" in text(client.get(at("stray", key)))
    answer = client.post(at("stray", key), {"reason": "账号有误"})
    assert (answer.status_code, answer["Location"]) == (302, at("strays"))
    again = text(client.post(at("stray", key), {"reason": "账号有误"}), 409)
    assert "已经在退回" in again
    assert [payment.family for payment in queries.payments_waiting()] == ["stray"]


def test_payments_are_put_into_a_batch_and_downloaded(client):
    comes(opened())
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    page = text(client.get(at("payments")))
    assert "演示（竞买）有限公司" in page
    assert "已超时限" in page
    assert "已编成批次" in text(client.post(at("send-payments"), follow=True))
    [batch] = queries.unanswered_batches()
    assert at("payment-file", batch) in text(client.get(at("payments")))
    file = client.get(at("payment-file", batch))
    assert file["Content-Disposition"] == f'attachment; filename="{batch}.xml"'
    assert parse(file.content).at("CstmrCdtTrfInitn/GrpHdr/CtrlSum") == "5000.00"
    assert "没有待付款的退款" in text(client.post(at("send-payments"), follow=True))


def sent(client, content):
    file = SimpleUploadedFile("statement.xml", content)
    return client.post(at("statement"), {"file": file})


def test_a_statement_is_booked_from_the_page_and_what_was_not_is_said(client):
    account = opened()
    page = text(sent(client, statement(entry(account), entry("110000", serial="2"))))
    assert "新入账 1 笔" in page
    assert "既不是子账号的来款" in page
    assert queries.standing("A1").paid_on_time
    assert "新入账 0 笔" in text(sent(client, statement(entry(account))))


def test_a_file_that_is_no_statement_books_nothing(client, monkeypatch):
    assert "这不是能读的" in text(sent(client, b"<!DOCTYPE x><x/>"), 422)
    monkeypatch.setattr("mingtang.trading.forms.deposits.LARGEST", 3)
    assert "文件太大" in text(sent(client, b"<x/>"), 422)


# ── What an applicant sees ──────────────────────────────────────────────────


def instructions():
    return render_to_string("trading/_deposit.html", {"standing": queries.standing("A1")})


def test_an_applicant_is_told_where_how_much_and_until_when(settings, tmp_path):
    settings.HOME = tmp_path
    account = opened()
    assert "开户行" not in instructions()
    port.path().write_text('{"holder": "演示交易中心", "name": "演示银行"}', encoding="utf-8")
    page = instructions()
    for told in (account, "演示交易中心", "演示银行", "5,000.00 元", "伍仟元整", "2026-03-06"):
        assert told in page
    comes(account, 200_000)
    assert "还差 3,000.00 元" in instructions()
    comes(account, 300_000, serial="2", payer_name="演示另一公司")
    page = instructions()
    assert "已按时交足" in page
    assert "还差" not in page
    assert "与竞买人不一致" in page
