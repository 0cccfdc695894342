"""The demonstration's bank: named, started, and paid at from a page, over real sockets."""

import json
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.config import serving
from mingtang.trading.actions import deposits as actions
from mingtang.trading.actions import paddles
from mingtang.trading.adapters import bank_desk
from mingtang.trading.ports import bank as port
from mingtang.trading.queries.deposits import standing as deposit_of
from tests.architecture.sources import ENVIRONMENT, ROOT
from tests.core.deposit_examples import REFUND_DUE
from tests.rooms import room_town
from tests.rooms import trading_words as words
from tests.rooms.bank_words import served, simulator
from tests.rooms.case_town import signed_in

BUTTON = "模拟付款（演示）"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.DEMO = tmp_path, True
    return tmp_path


# ── Named and started ───────────────────────────────────────────────────────


def test_the_bank_is_named_once_and_runs_beside_the_pages(home):
    serving.name_bank(8000)
    serving.name_bank(9000)
    assert (port.bank().address, port.bank().prefix) == ("127.0.0.1:8902", "99")
    state = str(home / "bank-simulator.json")
    assert serving.bank_arguments() == [
        ["bank-simulator", "--port", "8902", "--centre", "127.0.0.1:8903", "--file", state],
        ["bank-listen", "--port", "8903", "--every", "5"],
    ]


def test_two_demonstrations_do_not_meet(home):
    serving.name_bank(8000)
    first = serving.bank_arguments()
    port.path().unlink()
    serving.name_bank(8010)
    ports = [one[2] for arguments in (first, serving.bank_arguments()) for one in arguments]
    assert ports == ["8902", "8903", "8912", "8913"]


@pytest.mark.parametrize("address", ["", "10.0.0.1:9501"])
def test_a_bank_elsewhere_is_not_simulated(address):
    port.path().write_text(json.dumps({"address": address}))
    assert serving.bank_arguments() == []


def test_only_a_demonstration_starts_them(home, monkeypatch):
    started = []
    child = SimpleNamespace(terminate=lambda: None, wait=lambda timeout: None)
    monkeypatch.setattr(serving, "_child", lambda *said: started.append(said[0]) or child)
    monkeypatch.setattr(serving, "_serve", lambda *said, **more: None)
    monkeypatch.setattr(serving, "WITNESS_STATE", home / "witness")
    serving.name_bank(8000)
    serving.serve()
    assert started == ["work"]
    (home / "keys").mkdir()
    (home / "keys" / serving.BIDDERS).touch()
    serving.serve()
    assert started[1:] == ["work", "demo-bidders", "bank-simulator", "bank-listen"]


def test_the_simulator_runs_without_the_rooms():
    bare = (
        "import sys, mingtang.config.demo.bank; assert 'mingtang.trading.models' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", bare], env=ENVIRONMENT, cwd=ROOT, check=True)


# ── Paid ────────────────────────────────────────────────────────────────────


def waiting(town):
    """Let somebody be admitted to a lot that is still to come; they have paid nothing."""
    room_town.open_for_sign_up(town, "演示商铺")
    party = room_town.signed_up(town, "演示商铺", 9)
    paddles.admit(application=party.application, by=town.officer, at=town.now)
    words.heard()
    return party


def page(party):
    return signed_in(party.person).get(reverse("trading:mine")).content.decode()


def press(party, person=None):
    address = reverse("trading:pay-on-trial", args=[party.application])
    return signed_in(person or party.person).post(address, follow=True)


@pytest.mark.usefixtures("own_commits")
def test_whoever_signs_up_pays_by_a_button_and_is_paid_back():
    town = room_town.build("timed")
    party = waiting(town)
    account = deposit_of(party.application).account
    with served(bank_desk.answer_and_let_go) as centre:
        running = simulator(centre=centre)
        with served(running.answer) as (host, number):
            port.path().write_text(json.dumps({"address": f"{host}:{number}"}))
            now = timezone.localtime()
            assert bank_desk.deal(at=now).opened >= 1
            assert account in running.accounts.open
            assert account in page(party)
            assert BUTTON in page(party)
            assert "模拟银行已付款" in press(party).content.decode()
            assert running.tell() == 1
            standing = deposit_of(party.application)
            assert (standing.paid_on_time, standing.payer_differs) == (True, False)
            assert BUTTON not in page(party)
            assert "没有要交的保证金" in press(party).content.decode()
            actions.order_refunds(
                applications=[party.application], reason="未竞得", due_at=REFUND_DUE, at=now
            )
            assert bank_desk.deal(at=now + timedelta(seconds=5)).sent == 1
            assert running.tell() == 1
    standing = deposit_of(party.application)
    assert (standing.refunded_fen, standing.payable_fen) == (standing.due_fen, 0)
    assert running.balance_fen == 0


@pytest.mark.django_db
def test_nobody_pays_for_another_nor_where_it_is_no_demonstration(settings):
    town = room_town.build("timed")
    party = waiting(town)
    address = reverse("trading:pay-on-trial", args=[party.application])
    assert press(party, town.officer).status_code == 404
    assert Client().post(address).status_code == 302
    assert "没有答复" in press(party).content.decode()  # no bank is named
    settings.DEMO = False
    assert press(party).status_code == 404
    assert BUTTON not in page(party)
