"""The bank from a shell: statements, payment orders, the listener, the simulator."""

import json
import socket
import threading
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from mingtang.config import banking
from mingtang.config.cli import main
from mingtang.config.demo import bank as simulation
from mingtang.trading.actions import deposits as actions
from mingtang.trading.adapters.bank_line import exchange
from mingtang.trading.adapters.bank_messages import Code, Message, booking_values
from mingtang.trading.adapters.xml import Malformed, parse
from mingtang.trading.ports import bank as port
from mingtang.trading.queries import deposits as queries
from tests.core.deposit_examples import AFTER, BOOKING, DUE, REFUND_DUE
from tests.rooms.bank_words import entry, served, simulator, statement
from tests.rooms.deposit_words import comes, opened

database = pytest.mark.django_db  # a test with commits of its own must not ask for both


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@database
def test_a_statement_is_booked_from_a_file(home):
    file = home / "statement.xml"
    file.write_bytes(statement(entry(opened())))
    done = run("import-statement", file)
    assert (done.exit_code, done.output) == (
        0,
        "lines 1, booked 1, stray 0, known 0, settled 0\n",
    )
    file.write_bytes(statement(entry("110000")))
    done = run("import-statement", file, "--json")
    said = json.loads(done.output)
    assert (done.exit_code, said["booked"]) == (1, 0)
    assert said["problems"] == [
        {"line": 1, "code": "not-ours", "account": "110000", "yuan": "5000.00"}
    ]
    assert "code not-ours" in run("import-statement", file).output


@database
def test_a_file_that_is_no_statement_is_said_to_be_none(home):
    file = home / "statement.xml"
    assert run("import-statement", file).exit_code == 2
    file.write_bytes(b"<a/>")
    done = run("import-statement", file, "--json")
    assert (done.exit_code, json.loads(done.output)) == (2, {"error": "not a camt.053 statement"})


@database
def test_refunds_are_written_once_and_again_only_when_asked(home):
    file = home / "refunds.xml"
    assert run("export-refunds", file).exit_code == 1
    comes(opened())
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    assert [run("export-refunds", file).exit_code for _ in range(2)] == [0, 1]
    [amount] = parse(file.read_bytes()).all("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt")
    assert (amount.text, amount.attributes) == ("5000.00", {"Ccy": "CNY"})
    assert queries.payments_waiting() == []


@database
def test_a_batch_is_written_again_as_it_was(home):
    comes(opened())
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    batch = actions.send_payments(by="system", at=AFTER, most=9)
    file = home / "refunds.xml"
    done = run("export-refunds", file, "--batch", batch)
    assert (done.exit_code, done.output) == (0, f"{file}: batch {batch}, 1 payments\n")
    assert parse(file.read_bytes()).at("CstmrCdtTrfInitn/GrpHdr/MsgId") == batch
    assert run("export-refunds", file, "--batch", "B0").exit_code == 1


def test_whoever_pays_at_the_simulator_is_told_whether_it_took_it():
    running = simulator()
    with served(running.answer) as (_host, port_no):
        paid = run("pay", "991", "12.50", "--port", port_no)
        assert (paid.exit_code, paid.output) == (0, "12.50 yuan paid into 991\n")
        assert "not an amount" in run("pay", "991", "1,5", "--port", port_no).output
    assert run("pay", "991", "1", "--port", port_no).exit_code == 1
    assert [row["InAmount"] for row in running.accounts.arrivals] == ["12.50"]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(address):
    try:
        return exchange(address, Message(Code.LINK)).result == "00"
    except (OSError, Malformed):
        return False


@pytest.mark.usefixtures("own_commits")
def test_the_listener_books_what_is_pushed_and_tells_the_bank_of_new_accounts(monkeypatch):
    # Due tomorrow: a sub-account long empty would be closed by the very round that opened it.
    account = opened(deadline=timezone.localtime() + timedelta(days=1))
    running, number, servers = simulator(), free_port(), []
    real = banking.LineServer

    def kept(*args):
        servers.append(real(*args))
        return servers[-1]

    monkeypatch.setattr(banking, "LineServer", kept)
    with served(running.answer) as (host, port_no):
        port.path().write_text(json.dumps({"address": f"{host}:{port_no}"}))
        said = {"host": "127.0.0.1", "port": number, "every": 0.05}
        stop = threading.Event()
        listening = threading.Thread(target=banking.listen, kwargs={**said, "stop": stop})
        listening.start()
        try:
            until(lambda: answers(("127.0.0.1", number)))
            push = Message(Code.ARRIVAL, booking_values(account, BOOKING))
            told = [exchange(("127.0.0.1", number), push).result for _ in range(2)]
            until(lambda: account in running.accounts.open)
            until(lambda: not queries.unregistered())
        finally:
            stop.set()
            servers[0].shutdown()
            listening.join()
    assert told == ["00", "01"]
    assert queries.standing("A1").held_fen == DUE


def test_the_simulator_is_served_from_the_shell(monkeypatch):
    asked = []
    monkeypatch.setattr(simulation, "serve", lambda *args: asked.append(args))
    assert run("bank-simulator", "--port", 1, "--centre", "10.0.0.1:2").exit_code == 0
    [(running, address)] = asked
    assert (running.centre, address) == (("10.0.0.1", 2), ("127.0.0.1", 1))
