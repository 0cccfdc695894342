"""What a bank tells of money (银行入账), and the books it is kept in (复式记账).

A booking is known by six fields: told again, it is the same money and not more of it. It
counts at the moment the bank booked it, however late the bank tells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from mingtang.core.clock import CHINA
from mingtang.core.wire import ERASED, Sealed, canonical

LONGEST = 200  # characters of a name, a memo, a reason
MOST_FEN = 10**15  # of one booking


@dataclass(frozen=True, kw_only=True)
class Booking:
    """银行入账: one payment that came in. The names in remarks are those of the bank protocol."""

    institution: str  # InstCode
    booked: datetime  # InDate 入账时间
    amount_fen: int  # InAmount
    memo: str  # InMemo
    serial: str  # InBankFLCode 银行流水号
    sequence: str  # InstSeq
    payer_account: str
    payer_name: str

    @property
    def key(self) -> str:
        """The six fields as 64 hexadecimal digits: two bookings with the same key are one."""
        six = (
            self.institution,
            self.booked.astimezone(CHINA).isoformat(timespec="seconds"),
            self.amount_fen,
            self.memo,
            self.serial,
            self.sequence,
        )
        return sha256(canonical(six).encode()).hexdigest()

    @property
    def fits(self) -> bool:
        """Whether it is of an amount and a length that can be booked."""
        told = (self.institution, self.memo, self.serial, self.sequence)
        payer = (self.payer_account, self.payer_name)
        short = all(len(text) <= LONGEST for text in (*told, *payer))
        return 0 < self.amount_fen <= MOST_FEN and short


# ── Values under seal ───────────────────────────────────────────────────────


def sealed_fen(fen: int) -> Sealed:
    return Sealed(str(fen))


def fen_of(sealed: Sealed) -> int:
    """Return the amount; 0 where it was erased."""
    return 0 if sealed == ERASED else int(sealed)


def sealed_moment(moment: datetime) -> Sealed:
    return Sealed(moment.isoformat())


def moment_of(sealed: Sealed) -> datetime | None:
    """Return the moment; None where it was erased."""
    return None if sealed == ERASED else datetime.fromisoformat(sealed)


def yuan_text(fen: int) -> str:
    """Return an amount as banks write it: `1234567` as `12345.67`."""
    return f"{fen // 100}.{fen % 100:02}"


# ── Books ───────────────────────────────────────────────────────────────────


class Account(StrEnum):
    """会计科目. What the bank holds for us is an asset, everything else we owe to somebody."""

    BANK = "bank"  # 银行存款
    HELD = "held"  # 保证金: counted, in time
    SURPLUS = "surplus"  # 待退: late or more than was due
    PAYABLE = "payable"  # 应付: back or on; ordered, the bank has not paid it yet
    FORFEITED = "forfeited"  # 不予退还, not paid on yet
    TRANSFERRED = "transferred"  # 转出: into the price, to the seller or the court; not paid on yet
    STRAY = "stray"  # 不明来款


@dataclass(frozen=True)
class Posting:
    """分录. Debit is positive, credit negative: those of one event sum to zero."""

    account: Account
    fen: int


def move(fen: int, *, debit: Account, credit: Account) -> tuple[Posting, Posting]:
    return Posting(debit, fen), Posting(credit, -fen)


def trial_balance(postings: Iterable[Posting]) -> Mapping[Account, int]:
    """Return what each account holds (试算平衡), as its own side counts: none may be negative.

    `balanced` says whether the two sides agree.
    """
    sums = dict.fromkeys(Account, 0)
    for posting in postings:
        sums[posting.account] += posting.fen
    return {a: fen if a is Account.BANK else -fen for a, fen in sums.items()}


def balanced(balance: Mapping[Account, int]) -> bool:
    """Whether what the bank holds is what we owe (平衡)."""
    owed = sum(fen for account, fen in balance.items() if account is not Account.BANK)
    return balance[Account.BANK] == owed


def reference(stream: str, number: int, letter: str = "R") -> str:
    """Return what a refund is called at the bank: 25 letters and digits, the same every time.

    ISO 20022 allows 35 characters. It tells nobody whose it is. `letter`: "P" for a payout.
    """
    return letter + sha256(f"{stream}.{number}".encode()).hexdigest()[:24].upper()


def same_name(one: str, other: str) -> bool:
    """Whether two names of an account's owner are the same but for blanks and brackets."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return "".join(name.split()).translate({0xFF08: "(", 0xFF09: ")"}).casefold()
