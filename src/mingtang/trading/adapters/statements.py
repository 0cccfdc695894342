"""Statements of account (ISO 20022 camt.053): read, and every entry booked once.

Versions 02 to 13 say what is needed here at the same places. Credits on sub-accounts are
booked; debits and returns that name a refund of ours settle it. Everything else is reported.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.decider import Refused
from mingtang.core.trading.banking import LONGEST, Booking
from mingtang.trading.actions import deposits as actions
from mingtang.trading.actions.deposits import Told
from mingtang.trading.adapters.xml import Element, Malformed, parse
from mingtang.trading.ports.bank import bank
from mingtang.trading.queries import deposits as queries

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(?:0[2-9]|1[0-3])")
INSTITUTION = "camt.053"
_AMOUNT = re.compile(r"\d{1,13}(?:\.\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One payment of a statement (明细)."""

    number: int  # in the file, from 1
    account: str  # the sub-account, or the statement's own
    credit: bool
    reversal: bool
    returned: bool  # a payment of ours that came back
    status: str  # BOOK | PDNG | INFO …
    currency: str
    amount_fen: int
    booked: datetime | None
    dated_only: bool  # the bank gave a day without an hour
    serial: str
    reference: str  # end-to-end: ours, where it is a refund of ours
    memo: str
    payer_account: str
    payer_name: str
    reason: str  # of a return


@dataclass(frozen=True, slots=True)
class Problem:
    number: int
    code: str
    account: str
    amount_fen: int


@dataclass(slots=True)
class Taken:
    """What became of a statement."""

    lines: int = 0
    booked: int = 0
    stray: int = 0  # of those booked: nobody's sub-account
    known: int = 0
    settled: int = 0  # refunds paid, or returned
    problems: list[Problem] = field(default_factory=list)


def take(data: bytes, *, at: datetime) -> Taken:
    """Book what a statement says, once. Raises Malformed, and then nothing is booked."""
    lines = list(read(data))
    taken = Taken(lines=len(lines))
    for line in lines:
        code = _unfit(line) or _taken(line, taken, at)
        if code:
            taken.problems.append(Problem(line.number, code, line.account, line.amount_fen))
    return taken


def _unfit(line: Line) -> str:
    """Return why a line cannot be booked, empty where it can."""
    if line.status != "BOOK":
        return "not-booked-yet"
    if line.currency != "CNY":
        return "other-currency"
    if line.reversal:
        return "reversal"
    if line.booked is None:
        return "no-moment"
    return "" if line.serial else "no-reference"


def _taken(line: Line, taken: Taken, at: datetime) -> str:
    if not line.credit or line.returned:
        settled = _settled(line, at)
        if settled or not line.credit:
            taken.settled += settled is Told.BOOKED
            taken.known += settled is Told.KNOWN
            return "" if settled else "not-ours"
    return _booked(line, taken, at)


def _settled(line: Line, at: datetime) -> Told | None:
    """Settle the refund a line names; None if it names none of ours that was under way."""
    if queries.payment(line.reference) is None:
        return None
    assert line.booked is not None  # _unfit
    if not line.credit:
        return actions.confirm_payment(
            reference=line.reference, booked=line.booked, serial=line.serial, at=at
        )
    reason = line.reason or "returned"
    told = actions.report_payment_failure(reference=line.reference, reason=reason, at=at)
    return told if told is Told.BOOKED else None  # paid, then returned: money that comes anew


def _booked(line: Line, taken: Taken, at: datetime) -> str:
    assert line.booked is not None  # _unfit
    application = queries.application_of(line.account)
    if not application and not line.account.startswith(bank().prefix):
        return "not-ours"
    row = queries.sub_account(application)
    if (
        line.dated_only
        and row
        and row.deadline
        and civil_day(row.deadline) == civil_day(line.booked)
    ):
        return "hour-needed"
    booking = Booking(
        institution=INSTITUTION,
        booked=line.booked,
        amount_fen=line.amount_fen,
        memo=line.memo,
        serial=line.serial,
        sequence=line.reference,
        payer_account=line.payer_account,
        payer_name=line.payer_name,
    )
    day = datetime.combine(civil_day(line.booked), time(), CHINA)
    if queries.told_otherwise(line.account, line.serial, line.amount_fen, day):
        taken.known += 1
        return ""
    try:
        told = actions.book_arrival(account=line.account, booking=booking, at=at)
    except Refused as refused:
        return refused.code
    taken.booked += told is Told.BOOKED
    taken.known += told is Told.KNOWN
    taken.stray += told is Told.BOOKED and not application
    return "" if application or told is Told.KNOWN else "unknown-account"


# ── Reading ─────────────────────────────────────────────────────────────────


def read(data: bytes) -> Iterator[Line]:
    """Yield the payments of a statement in their order. Raises Malformed."""
    root = parse(data)
    if root.name != "Document" or not NAMESPACE.fullmatch(root.namespace):
        raise Malformed("not a camt.053 statement")
    statements = root.all("BkToCstmrStmt/Stmt")
    if not statements:
        raise Malformed("no statement in it")
    number = 0
    for statement in statements:
        for entry in statement.all("Ntry"):
            for line in _lines(statement, entry):
                number += 1
                yield replace(line, number=number)


def _lines(statement: Element, entry: Element) -> Iterator[Line]:
    """Yield the payments one entry sums up: itself, where it has no details or one."""
    details = entry.all("NtryDtls/TxDtls")
    if not details:
        yield _line(statement, entry, Element("TxDtls"), "")
        return
    several = len(details) > 1
    for place, detail in enumerate(details, 1):
        yield _line(statement, entry, detail, f"/{place}" if several else "")


def _line(statement: Element, entry: Element, detail: Element, place: str) -> Line:
    amount = (detail.all("Amt") if place else entry.all("Amt")) or entry.all("Amt")
    if not amount:
        raise Malformed("an entry has no amount")
    direction = detail.at("CdtDbtInd") or entry.at("CdtDbtInd")
    if direction not in ("CRDT", "DBIT"):
        raise Malformed("an entry is neither credit nor debit")
    credit = direction == "CRDT"
    booked, dated_only = _booked_at(entry)
    own, ref = detail.at("Refs/AcctSvcrRef"), entry.at("AcctSvcrRef")
    sub_account = _account(detail, "RltdPties/CdtrAcct" if credit else "RltdPties/DbtrAcct")
    return Line(
        number=0,
        account=sub_account or _account(statement, "Acct"),
        credit=credit,
        reversal=entry.at("RvslInd") in ("true", "1"),
        returned=bool(detail.all("RtrInf")),
        status=entry.at("Sts/Cd") or entry.at("Sts"),
        currency=amount[0].attributes.get("Ccy", ""),
        amount_fen=_fen(amount[0].text.strip()),
        booked=booked,
        dated_only=dated_only,
        serial=(own or (ref and ref + place))[:LONGEST],
        reference=detail.at("Refs/EndToEndId")[:LONGEST].replace("NOTPROVIDED", ""),
        memo=" ".join(e.text.strip() for e in detail.all("RmtInf/Ustrd"))[:LONGEST],
        payer_account=_account(detail, "RltdPties/DbtrAcct")[:LONGEST],
        payer_name=(detail.at("RltdPties/Dbtr/Pty/Nm") or detail.at("RltdPties/Dbtr/Nm"))[:LONGEST],
        reason=(detail.at("RtrInf/AddtlInf") or detail.at("RtrInf/Rsn/Cd"))[:LONGEST],
    )


def _account(element: Element, path: str) -> str:
    return element.at(f"{path}/Id/Othr/Id") or element.at(f"{path}/Id/IBAN")


def _fen(text: str) -> int:
    if not _AMOUNT.fullmatch(text):
        raise Malformed(f"not an amount: {text[:40]!r}")
    yuan, _, rest = text.partition(".")
    if rest[2:].strip("0"):
        raise Malformed(f"less than a fen: {text[:40]!r}")
    return int(yuan) * 100 + int(rest[:2].ljust(2, "0"))


def _booked_at(entry: Element) -> tuple[datetime | None, bool]:
    """Return when the bank booked it, and whether it gave only the day."""
    try:
        if text := entry.at("BookgDt/DtTm"):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=CHINA), False
        if text := entry.at("BookgDt/Dt"):
            day = date.fromisoformat(text[:10])
            return datetime.combine(day, time(), CHINA), True
    except ValueError as error:
        raise Malformed(f"not a moment: {text[:40]!r}") from error
    return None, False
