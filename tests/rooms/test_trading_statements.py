"""Statements of account (camt.053) booked, payment orders (pain.001) written."""

from datetime import timedelta

import pytest

from mingtang.trading.actions import deposits as actions
from mingtang.trading.adapters.payment_orders import NAMESPACE, pain001
from mingtang.trading.adapters.statements import Taken, read, take
from mingtang.trading.adapters.xml import Malformed, parse
from mingtang.trading.models import StrayRow
from mingtang.trading.ports.bank import Bank
from mingtang.trading.queries import deposits as queries
from tests.core.deposit_examples import AFTER, DEADLINE, DUE, MONDAY, REFUND_DUE
from tests.rooms.bank_words import entry, statement
from tests.rooms.deposit_words import comes, opened

pytestmark = pytest.mark.django_db
BANK = Bank(holder="演示公共资源交易中心", name="演示银行", code="102100099996")


def problems(taken):
    return [problem.code for problem in taken.problems]


def taken(*entries, **said):
    return take(statement(*entries, **said), at=AFTER)


# ── Statements ──────────────────────────────────────────────────────────────


def test_a_statement_is_booked_once():
    account = opened()
    file = statement(entry(account, "3000.00"), entry(account, "2000", serial="FL0002"))
    assert take(file, at=AFTER) == Taken(lines=2, booked=2)
    assert take(file, at=AFTER) == Taken(lines=2, known=2)
    assert queries.standing("A1").paid_on_time
    first = queries.bookings("A1")[0]
    assert (first.payer_name, first.payer_account) == ("演示（竞买）有限公司", "6222000011112222")
    assert (first.memo, first.serial, first.amount_fen) == ("保证金", "FL0001", 300_000)
    assert first.booked == DEADLINE - timedelta(seconds=1)


def test_a_statement_of_the_sub_account_itself_names_it_at_its_head():
    account = opened()
    assert taken(entry(), account=account).booked == 1


def test_what_the_bank_pushed_is_not_booked_again_from_its_statement():
    account = opened()
    comes(account, booked=DEADLINE - timedelta(hours=2))
    assert taken(entry(account)) == Taken(lines=1, known=1)
    assert comes("99404", serial="FL0009", booked=DEADLINE) == "00"
    assert taken(entry("99404", serial="FL0009")) == Taken(lines=1, known=1)


def test_money_for_no_account_is_kept_as_stray_and_reported():
    found = taken(entry("99404"))
    assert (found.booked, found.stray, problems(found)) == (1, 1, ["unknown-account"])
    assert StrayRow.objects.get().account == "99404"
    again = taken(entry("99404"))
    assert (again.booked, again.known, problems(again)) == (0, 1, [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"status": "<Cd>PDNG</Cd>"}, "not-booked-yet"),
        ({"currency": "USD"}, "other-currency"),
        ({"more": "<RvslInd>true</RvslInd>"}, "reversal"),
        ({"booked": ""}, "no-moment"),
        ({"serial": ""}, "no-reference"),
        ({"booked": "<Dt>2026-03-06</Dt>"}, "hour-needed"),
        ({"amount": "0"}, "deposit.booking-wrong"),
    ],
)
def test_what_cannot_be_booked_is_reported(changed, code):
    account = opened()
    found = taken(entry(account, **changed))
    assert (found.booked, problems(found)) == (0, [code])
    assert found.problems[0].account == account
    assert queries.bookings("A1") == []


def test_a_day_without_its_hour_is_enough_where_it_decides_nothing():
    account = opened()
    assert taken(entry(account, booked="<Dt>2026-03-05</Dt>")).booked == 1
    assert queries.standing("A1").paid_on_time
    account = opened("A2")
    assert taken(entry(account, serial="FL2", booked="<Dt>2026-03-07</Dt>")).booked == 1
    assert not queries.standing("A2").paid_on_time


def test_money_on_an_account_of_the_centres_own_is_left_alone():
    found = taken(entry("110000"))
    assert (found.booked, problems(found)) == (0, ["not-ours"])
    assert StrayRow.objects.count() == 0


def test_several_payments_in_one_entry_are_several():
    account = opened()
    details = "".join(
        f'<TxDtls><Refs/><Amt Ccy="CNY">{amount}</Amt><RltdPties><CdtrAcct><Id><Othr><Id>{account}'
        "</Id></Othr></Id></CdtrAcct></RltdPties></TxDtls>"
        for amount in ("2000.00", "3000.00")
    )
    whole = (
        '<Ntry><Amt Ccy="CNY">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><DtTm>2026-03-06T12:00:00</DtTm></BookgDt><AcctSvcrRef>F</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )
    assert take(statement(whole, version="02"), at=AFTER) == Taken(lines=2, booked=2)
    assert [row.serial for row in queries.bookings("A1")] == ["F/1", "F/2"]
    assert queries.standing("A1").paid_on_time


def test_an_entry_without_details_is_a_payment_of_its_own():
    account = opened()
    bare = (
        '<Ntry><Amt Ccy="CNY">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><DtTm>2026-03-06T04:00:00Z</DtTm></BookgDt><AcctSvcrRef>F</AcctSvcrRef></Ntry>"
    )
    assert taken(bare, account=account).booked == 1
    assert queries.standing("A1").paid_on_time


def refunding():
    """Return the reference of a refund that has been sent to the bank."""
    comes(opened())
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    [payment] = queries.payments_waiting()
    actions.send_payments(by="system", at=AFTER, most=100)
    return payment.reference


def test_a_debit_that_names_a_refund_confirms_it():
    out = entry("99", direction="DBIT", reference=refunding(), serial="FL9")
    assert taken(out) == Taken(lines=1, settled=1)
    assert taken(out) == Taken(lines=1, known=1)
    assert queries.standing("A1").refunded_fen == DUE
    stranger = entry("99", direction="DBIT", reference="R0", serial="FL10")
    assert problems(taken(stranger)) == ["not-ours"]


def test_a_refund_that_comes_back_is_ordered_anew():
    reason = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    back = entry("99", reference=refunding(), serial="FL9", extra=reason)
    assert taken(back) == Taken(lines=1, settled=1)
    assert [row.failure for row in queries.refunds("A1")] == ["AC04"]
    assert queries.standing("A1").held_fen == DUE


def test_a_refund_that_was_paid_and_comes_back_is_new_money():
    reference = refunding()
    account = queries.standing("A1").account
    taken(entry("99", direction="DBIT", reference=reference, serial="FL9"))
    back = entry(account, reference=reference, serial="FL10", extra="<RtrInf/>")
    assert taken(back) == Taken(lines=1, booked=1)
    assert queries.books().balanced


@pytest.mark.parametrize(
    "data",
    [
        b"<Document/>",
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
        statement("<Ntry/>"),
        statement('<Ntry><Amt Ccy="CNY">1</Amt></Ntry>'),
        statement(entry(amount="1,0")),
        statement(entry(amount="1.001")),
        statement(entry(booked="<DtTm>soon</DtTm>")),
    ],
)
def test_a_file_that_is_no_statement_books_nothing(data):
    with pytest.raises(Malformed):
        take(data, at=AFTER)


def test_one_unreadable_entry_keeps_the_whole_file_out():
    account = opened()
    with pytest.raises(Malformed):
        taken(entry(account), entry(account, amount="x"))
    assert queries.bookings("A1") == []


def test_amounts_with_five_decimals_are_read():
    [line] = read(statement(entry("99", "5000.10000")))
    assert line.amount_fen == 500_010


# ── Payment orders ──────────────────────────────────────────────────────────

# Elements in the order of the schema pain.001.001.09; those we may leave out stand here too.
ORDER = {
    "Document": "CstmrCdtTrfInitn",
    "CstmrCdtTrfInitn": "GrpHdr PmtInf SplmtryData",
    "GrpHdr": "MsgId CreDtTm Authstn NbOfTxs CtrlSum InitgPty FwdgAgt InitnSrc",
    "InitgPty": "Nm PstlAdr Id CtryOfRes CtctDtls",
    "PmtInf": "PmtInfId PmtMtd BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt PoolgAdjstmntDt Dbtr"
    " DbtrAcct DbtrAgt DbtrAgtAcct InstrForDbtrAgt UltmtDbtr ChrgBr ChrgsAcct ChrgsAcctAgt"
    " CdtTrfTxInf",
    "ReqdExctnDt": "Dt DtTm",
    "Dbtr": "Nm PstlAdr Id CtryOfRes CtctDtls",
    "DbtrAcct": "Id Tp Ccy Nm Prxy",
    "DbtrAgt": "FinInstnId BrnchId",
    "FinInstnId": "BICFI ClrSysMmbId LEI Nm PstlAdr Othr",
    "ClrSysMmbId": "ClrSysId MmbId",
    "CdtTrfTxInf": "PmtId PmtTpInf Amt XchgRateInf ChrgBr MndtRltdInf ChqInstr UltmtDbtr"
    " IntrmyAgt1 IntrmyAgt1Acct IntrmyAgt2 IntrmyAgt2Acct IntrmyAgt3 IntrmyAgt3Acct CdtrAgt"
    " CdtrAgtAcct Cdtr CdtrAcct UltmtCdtr InstrForCdtrAgt InstrForDbtrAgt Purp RgltryRptg Tax"
    " RltdRmtInf RmtInf SplmtryData",
    "PmtId": "InstrId EndToEndId UETR",
    "Amt": "InstdAmt EqvtAmt",
    "Cdtr": "Nm PstlAdr Id CtryOfRes CtctDtls",
    "CdtrAcct": "Id Tp Ccy Nm Prxy",
    "RmtInf": "Ustrd Strd",
}
REQUIRED = {
    "GrpHdr": "MsgId CreDtTm NbOfTxs InitgPty",
    "PmtInf": "PmtInfId PmtMtd ReqdExctnDt Dbtr DbtrAcct DbtrAgt CdtTrfTxInf",
    "CdtTrfTxInf": "PmtId Amt",
    "PmtId": "EndToEndId",
}


def require_schema(element):
    names = [child.name for child in element.children]
    order = ORDER.get(element.name, "").split()
    if order:
        assert set(names) <= set(order)
        assert [order.index(name) for name in names] == sorted(order.index(n) for n in names)
    assert set(REQUIRED.get(element.name, "").split()) <= set(names)
    assert element.children or element.text.strip()
    assert element.namespace == NAMESPACE
    for child in element.children:
        require_schema(child)


def ordered():
    first, second = opened("A1"), opened("A2")
    comes(first, 300_000, serial="1", payer_name="甲 <& 乙>")
    comes(first, 200_000, serial="2")
    comes(second, 500_007, serial="3")
    actions.order_refunds(applications=["A1", "A2"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    batch = actions.send_payments(by="system", at=AFTER, most=100)
    return batch, queries.payments_of(batch)


def test_a_payment_order_follows_the_schema_and_adds_up():
    batch, payments = ordered()
    file = pain001(payments, batch=batch, bank=BANK, at=AFTER)
    root = parse(file)
    require_schema(root)
    [order] = root.all("CstmrCdtTrfInitn")
    assert (order.at("GrpHdr/MsgId"), order.at("GrpHdr/NbOfTxs")) == (batch, "3")
    assert (order.at("GrpHdr/CtrlSum"), order.at("GrpHdr/InitgPty/Nm")) == (
        "10000.07",
        "演示公共资源交易中心",
    )
    blocks = order.all("PmtInf")
    assert sorted((one.at("NbOfTxs"), one.at("CtrlSum")) for one in blocks) == [
        ("1", "5000.07"),
        ("2", "5000.00"),
    ]
    assert {one.at("DbtrAcct/Id/Othr/Id") for one in blocks} == {
        queries.standing("A1").account,
        queries.standing("A2").account,
    }
    transfers = order.all("PmtInf/CdtTrfTxInf")
    assert {one.at("PmtId/EndToEndId") for one in transfers} == {p.reference for p in payments}
    assert "甲 <& 乙>" in {one.at("Cdtr/Nm") for one in transfers}
    assert {one.at("RmtInf/Ustrd") for one in transfers} == {"未竞得"}
    assert blocks[0].at("DbtrAgt/FinInstnId/ClrSysMmbId/MmbId") == "102100099996"


def test_the_same_batch_gives_the_same_file():
    batch, payments = ordered()
    one, two = (pain001(payments, batch=batch, bank=BANK, at=AFTER) for _ in range(2))
    assert one == two


def test_a_bank_without_a_code_and_a_payer_without_a_name_still_make_a_file():
    comes(opened(), payer_name="", booked=MONDAY)
    actions.order_refunds(applications=["A1"], reason="未竞得", due_at=REFUND_DUE, at=AFTER)
    root = parse(pain001(queries.payments_waiting(), batch="B1", bank=Bank(), at=AFTER))
    require_schema(root)
    path = "CstmrCdtTrfInitn/PmtInf"
    assert root.at(f"{path}/DbtrAgt/FinInstnId/Othr/Id") == "NOTPROVIDED"
    assert root.at(f"{path}/CdtTrfTxInf/Cdtr/Nm") == "-"


def test_the_bank_answers_our_file_by_its_references():
    """What we write in pain.001 is what camt.053 gives back."""
    batch, payments = ordered()
    root = parse(pain001(payments, batch=batch, bank=BANK, at=AFTER))
    out = [
        entry(
            "99",
            one.at("Amt/InstdAmt"),
            direction="DBIT",
            reference=one.at("PmtId/EndToEndId"),
            serial=f"FL9{place}",
        )
        for place, one in enumerate(root.all("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"))
    ]
    assert taken(*out) == Taken(lines=3, settled=3)
    assert queries.unanswered_batches() == []
