"""The line to the bank: messages over sockets, told twice, lost, and from strangers."""

import threading
from datetime import timedelta
from functools import partial

import pytest

from mingtang.config.demo import bank as simulation
from mingtang.core.trading.banking import Account
from mingtang.trading.actions import deposits as actions
from mingtang.trading.adapters import bank_desk, trial_payment
from mingtang.trading.adapters.bank_line import exchange
from mingtang.trading.adapters.bank_messages import (
    Code,
    Message,
    Result,
    booking_of,
    booking_values,
    decode,
    encode,
    fen,
    frame,
    moment,
)
from mingtang.trading.adapters.xml import DEEPEST, Malformed, parse
from mingtang.trading.models import StrayRow
from mingtang.trading.ports import bank as port
from mingtang.trading.queries import deposits as queries
from tests.core.deposit_examples import AFTER, BOOKING, DEADLINE, DUE, MONDAY, REFUND_DUE, booking
from tests.rooms.bank_words import said, served, simulator, told
from tests.rooms.deposit_words import opened

pytestmark = pytest.mark.django_db


def arrival(account, **changed):
    return Message(Code.ARRIVAL, booking_values(account, booking(**changed)))


def answers_at(at):
    return partial(bank_desk.answer, at=at)


def results(answers):
    return [answer.result for answer in answers]


# ── XML ─────────────────────────────────────────────────────────────────────

BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>"""


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
        b"<r>",
        b"",
        b"<r>&undefined;</r>",
        b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1),
        b'<?xml version="1.0" encoding="utf-7"?><r/>',
        b'<?xml version="1.0" encoding="UTF-8"?><r>\xff</r>',
    ],
    ids=["bomb", "external", "cut off", "empty", "entity", "deep", "encoding", "bytes"],
)
def test_xml_that_could_do_harm_or_is_none_is_refused(data):
    with pytest.raises(Malformed):
        parse(data)


def test_chinese_encodings_are_read():
    data = '<?xml version="1.0" encoding="GBK"?><r a="1">保证金</r>'.encode("gbk")
    root = parse(data)
    assert (root.text, root.attributes) == ("保证金", {"a": "1"})
    assert parse(b"\xef\xbb\xbf<r/>").name == "r"


# ── Messages ────────────────────────────────────────────────────────────────


def test_a_message_is_six_digits_of_length_and_xml():
    message = Message(Code.ARRIVAL, {"InMemo": "A&B <保证金>\x00"}, [{"a": "1"}, {"a": "2"}])
    data = frame(encode(message))
    assert data[:6] == b"%06d" % (len(data) - 6)
    again = decode(data[6:])
    assert (again.code, again.fields["InMemo"], again.rows) == (
        "G00001",
        "A&B <保证金>",
        [{"a": "1"}, {"a": "2"}],
    )


def test_a_booking_reads_back_as_it_was_told():
    assert booking_of(booking_values("99123", BOOKING)) == ("99123", BOOKING)


@pytest.mark.parametrize(
    "changed",
    [
        {"InDate": "2026-03-02"},
        {"InDate": "20260230090000"},
        {"InAmount": "5,000"},
        {"InAmount": "-1"},
        {"InAmount": "1.234"},
        {"AccNo": ""},
        {"InBankFLCode": ""},
        {"InstCode": ""},
    ],
)
def test_what_is_no_booking_is_said_to_be_none(changed):
    with pytest.raises(Malformed):
        booking_of({**booking_values("99123", BOOKING), **changed})


def test_amounts_and_moments_are_read_exactly():
    assert [fen(text) for text in ("5000", "5000.1", "0.07")] == [500_000, 500_010, 7]
    assert moment("20260302090000") == MONDAY


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        (b"12", "no length"),
        (b"abcdef", "no length"),
        (b"000100<Root/>", "cut off"),
        (frame(BOMB), "document type"),
        (frame(b"<Root/>"), "TransCode"),
        (frame(b"<Root><Head><TransCode>G00009</TransCode></Head></Root>"), "Body"),
    ],
)
def test_bytes_that_are_no_message_are_answered_98(sent, word):
    [answer] = said(sent, bank_desk.answer)
    assert answer.result == Result.MALFORMED
    assert word in answer.fields["AddWord"]


# ── What the bank tells ─────────────────────────────────────────────────────


def test_money_is_told_until_it_is_answered_and_booked_once():
    account = opened()
    push = arrival(account)
    assert results(told(answers_at(AFTER), push, push, push)) == ["00", "01", "01"]
    assert queries.standing("A1").held_fen == DUE


def test_late_short_and_too_much_money_is_booked_as_what_it_is():
    account = opened()
    pushes = [
        arrival(account, amount_fen=300_000, serial="1", booked=DEADLINE),
        arrival(account, amount_fen=DUE, serial="2", booked=DEADLINE + timedelta(seconds=1)),
        arrival(account, amount_fen=300_000, serial="3", booked=MONDAY),
    ]
    assert results(told(answers_at(AFTER), *pushes)) == ["00", "00", "00"]
    found = queries.standing("A1")
    assert (found.held_fen, found.surplus_fen, found.paid_on_time) == (DUE, 600_000, True)


def test_money_for_nobody_is_answered_00_and_kept_as_stray():
    assert results(told(answers_at(AFTER), arrival("99404"), arrival("99404"))) == ["00", "01"]
    assert StrayRow.objects.get().account == "99404"


def test_what_cannot_be_booked_is_answered_with_its_reason():
    account = opened()
    wrong = Message(Code.ARRIVAL, {**arrival(account).fields, "InAmount": "0"})
    bad = Message(Code.ARRIVAL, {**arrival(account).fields, "InDate": "soon"})
    answers = told(answers_at(AFTER), wrong, bad, Message("G00099"), Message(Code.LINK))
    assert results(answers) == ["90", "98", "97", "00"]
    assert answers[0].fields["AddWord"] == "deposit.booking-wrong"


def test_a_fault_of_ours_is_answered_99_so_that_the_bank_tells_again(monkeypatch, caplog):
    def fail(**_said):
        raise RuntimeError("no disk")

    account = opened()
    monkeypatch.setattr(actions, "book_arrival", fail)
    assert results(told(answers_at(AFTER), arrival(account))) == ["99"]
    assert "G00001 could not be answered" in caplog.text
    monkeypatch.undo()
    assert results(told(answers_at(AFTER), arrival(account))) == ["00"]


def test_refunds_the_bank_paid_or_could_not_are_noted_once():
    for name in ("A1", "A2"):
        actions.book_arrival(account=opened(name), booking=booking(serial=name), at=MONDAY)
    actions.order_refunds(applications=["A1", "A2"], reason="x", due_at=REFUND_DUE, at=AFTER)
    one, two = (payment.reference for payment in queries.payments_waiting())
    rows = [
        {"Reference": one, "Result": "00", "PaidDate": "20260306180000", "BankFLCode": "FL9"},
        {"Reference": two, "Result": "90", "AddWord": "账户不存在"},
        {"Reference": "R0", "Result": "00", "PaidDate": "20260306180000"},
    ]
    push = Message(Code.REFUNDED, {}, rows)
    first, second = told(answers_at(AFTER), push, push)
    assert [row["Result"] for row in first.rows] == ["00", "00", "90"]
    assert [row["Result"] for row in second.rows] == ["01", "01", "90"]
    assert queries.books().balance[Account.BANK] == DUE


def test_only_the_bank_may_speak():
    with (
        served(bank_desk.answer, ["10.0.0.0/8"]) as address,
        pytest.raises((OSError, Malformed)),
    ):
        exchange(address, Message(Code.LINK))
    with served(lambda message: message.answer(Result.DONE)) as address:
        assert exchange(address, Message(Code.LINK)).result == "00"


# ── What we ask of the bank ─────────────────────────────────────────────────


@pytest.fixture
def dealing(settings, tmp_path):
    """A simulated bank on a port of its own, named in our bank.json."""
    settings.HOME = tmp_path
    running = simulator(tmp_path / "simulator.json", now=lambda: AFTER)
    with served(running.answer) as (host, port_no):
        port.path().write_text(f'{{"address": "{host}:{port_no}", "prefix": "9955"}}')
        yield running


def telling(running):
    """Let the simulated bank tell us what is new, on a line that this thread answers."""

    def exchanged(_address, message):
        [answer] = told(answers_at(AFTER), message)
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(simulation, "exchange", exchanged)
        return running.tell()


def paid(running, account, amount="5000.00", name="演示(竞买)有限公司", acct="6222"):
    said = {"AccNo": account, "Amount": amount, "InName": name, "InAcct": acct}
    return running.answer(Message(trial_payment.PAY, said))


def test_a_deposit_goes_to_the_bank_and_back(dealing):
    account = opened(deadline=AFTER)
    assert account.startswith("9955")
    assert bank_desk.deal(at=MONDAY) == bank_desk.Round(opened=1)
    assert bank_desk.deal(at=MONDAY) == bank_desk.Round()
    paid(dealing, account)
    assert (telling(dealing), telling(dealing)) == (1, 0)
    assert queries.standing("A1").paid_on_time
    assert bank_desk.compare_balance() == bank_desk.Compared(DUE, DUE)
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    assert bank_desk.deal(at=AFTER) == bank_desk.Round(sent=1)
    assert telling(dealing) == 1
    assert queries.standing("A1").refunded_fen == DUE
    assert bank_desk.compare_balance() == bank_desk.Compared(0, 0)
    later = AFTER + timedelta(days=31)
    assert bank_desk.deal(at=later) == bank_desk.Round(closed=1)
    assert paid(dealing, account).result == Result.REFUSED


def test_refunds_the_bank_does_not_tell_of_are_asked_after(dealing):
    account = opened()
    bank_desk.deal(at=MONDAY)
    paid(dealing, account, acct="62220000")
    telling(dealing)
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    bank_desk.deal(at=AFTER)
    assert bank_desk.deal(at=AFTER) == bank_desk.Round(settled=1)
    assert [row.failure for row in queries.refunds("A1")] == ["账户不存在"]
    assert bank_desk.deal(at=AFTER) == bank_desk.Round()


def test_a_batch_the_bank_never_got_is_sent_again_and_paid_once(dealing):
    account = opened()
    bank_desk.deal(at=MONDAY)
    paid(dealing, account)
    telling(dealing)
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    batch = actions.send_payments(by="system", at=AFTER, most=100)  # and then we were killed
    bank_desk.deal(at=AFTER)
    assert list(dealing.accounts.batches) == [batch]
    assert [bank_desk.send_batch(batch) for _ in range(2)] == [1, 1]
    assert dealing.balance_fen == 0
    assert bank_desk.deal(at=AFTER).settled == 1


def test_money_we_were_never_told_of_is_found_by_asking(dealing):
    account = opened()
    bank_desk.deal(at=MONDAY)
    paid(dealing, account, "3000")
    paid(dealing, account, "2000")
    assert [bank_desk.ask_arrivals(account, at=AFTER) for _ in range(2)] == [2, 0]
    assert queries.standing("A1").surplus_fen == DUE  # booked after the deadline


def test_what_the_simulator_knows_outlives_it(dealing):
    account = opened()
    bank_desk.deal(at=MONDAY)
    paid(dealing, account)
    again = simulator(dealing.file, now=lambda: AFTER)
    assert again.accounts == dealing.accounts
    assert telling(again) == 1


def test_a_bank_that_is_not_there_is_said_not_to_be(settings, tmp_path):
    settings.HOME = tmp_path
    assert not bank_desk.is_there()
    with pytest.raises(OSError, match="no address"):
        bank_desk.compare_balance()
    with served(simulator().answer) as (host, port_no):
        port.path().write_text(f'{{"address": "{host}:{port_no}"}}')
        assert bank_desk.is_there()
    assert not bank_desk.is_there()


def test_the_simulator_tells_again_until_it_is_answered(tmp_path):
    """Over a real line: first nobody is there, then a centre that fails, then one that knows."""
    running = simulator(tmp_path / "bank.json")
    running.answer(Message(Code.OPEN, {"AccNo": "991", "ExpDate": ""}))
    paid(running, "991")
    assert running.tell() == 0
    answers = iter([Result.FAILED, Result.KNOWN])
    with served(lambda message: message.answer(next(answers))) as address:
        running.centre = address
        assert [running.tell() for _ in range(3)] == [0, 1, 0]


def test_the_simulator_runs_as_a_program_and_is_paid_into(tmp_path):
    running, stop = simulator(tmp_path / "bank.json"), threading.Event()
    heard = threading.Event()

    def centre(message):
        heard.set()
        return message.answer(Result.DONE)

    with served(centre) as centre_address, served(running.answer) as address:
        running.centre = centre_address
        teller = threading.Thread(target=running.keep_telling, args=[stop], daemon=True)
        teller.start()
        said = {"name": "演示甲", "from_account": "", "memo": ""}
        assert trial_payment.pay(address, "991", "12.5", **said).result == "00"
        assert heard.wait(10)
        stop.set()
        running.news.set()
        teller.join()
    assert running.accounts.arrivals[0]["InAmount"] == "12.50"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"unknown": "1"}',
        '{"prefix": "12a"}',
        '{"holder": 1}',
        '{"allow": ["anywhere"]}',
    ],
)
def test_a_bank_file_that_cannot_be_used_is_said_not_to_be(settings, tmp_path, text):
    settings.HOME = tmp_path
    port.path().write_text(text)
    with pytest.raises(port.Unusable):
        port.bank()
