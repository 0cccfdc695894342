"""Payment orders (ISO 20022 pain.001.001.09): a batch of refunds as a file for the bank."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from mingtang.core.clock import CHINA, civil_day
from mingtang.core.trading.banking import yuan_text
from mingtang.trading.adapters.xml import written
from mingtang.trading.ports.bank import Bank
from mingtang.trading.queries.deposits import Payment

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME = LONGEST_TEXT = 140
LONGEST_ACCOUNT = 34
CLEARING = "CNAPS"  # 联行号, ISO external code of the clearing system


def pain001(payments: Sequence[Payment], *, batch: str, bank: Bank, at: datetime) -> bytes:
    """Return the file. Each sub-account is debited by a payment block of its own.

    `batch` becomes the message's identification, a payment's reference its end-to-end one: both
    are the same whenever the file is made, so that the bank can tell a second copy.
    """
    by_account = groupby(sorted(payments, key=_from), _from)
    blocks = "".join(
        _block(f"{batch}-{place}", account, list(group), bank, at)
        for place, (account, group) in enumerate(by_account, 1)
    )
    created = at.astimezone(CHINA).isoformat(timespec="seconds")
    header = (
        f"<GrpHdr><MsgId>{batch}</MsgId><CreDtTm>{created}</CreDtTm>{_sums(payments)}"
        f"<InitgPty><Nm>{_text(bank.holder or bank.institution, LONGEST_NAME)}</Nm></InitgPty>"
        "</GrpHdr>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>{header}{blocks}'
        "</CstmrCdtTrfInitn></Document>\n"
    ).encode()


def _from(payment: Payment) -> str:
    return payment.from_account


def _block(
    identification: str, account: str, payments: Sequence[Payment], bank: Bank, at: datetime
) -> str:
    return (
        f"<PmtInf><PmtInfId>{identification}</PmtInfId><PmtMtd>TRF</PmtMtd>{_sums(payments)}"
        f"<ReqdExctnDt><Dt>{civil_day(at).isoformat()}</Dt></ReqdExctnDt>"
        f"<Dbtr><Nm>{_text(bank.holder or bank.institution, LONGEST_NAME)}</Nm></Dbtr>"
        f"<DbtrAcct>{_account(account)}<Ccy>CNY</Ccy></DbtrAcct>"
        f"<DbtrAgt><FinInstnId>{_agent(bank)}</FinInstnId></DbtrAgt>"
        f"{''.join(map(_transfer, payments))}</PmtInf>"
    )


def _transfer(payment: Payment) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{payment.reference}</InstrId>"
        f"<EndToEndId>{payment.reference}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="CNY">{yuan_text(payment.amount_fen)}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{_text(payment.to_name, LONGEST_NAME)}</Nm></Cdtr>"
        f"<CdtrAcct>{_account(payment.to_account)}</CdtrAcct>"
        f"<RmtInf><Ustrd>{_text(payment.reason, LONGEST_TEXT)}</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def _sums(payments: Iterable[Payment]) -> str:
    amounts = [payment.amount_fen for payment in payments]
    return f"<NbOfTxs>{len(amounts)}</NbOfTxs><CtrlSum>{yuan_text(sum(amounts))}</CtrlSum>"


def _account(number: str) -> str:
    return f"<Id><Othr><Id>{_text(number, LONGEST_ACCOUNT)}</Id></Othr></Id>"


def _agent(bank: Bank) -> str:
    if bank.code:
        return (
            f"<ClrSysMmbId><ClrSysId><Cd>{CLEARING}</Cd></ClrSysId>"
            f"<MmbId>{_text(bank.code, 35)}</MmbId></ClrSysMmbId>"
        )
    return "<Othr><Id>NOTPROVIDED</Id></Othr>"


def _text(text: str, longest: int) -> str:
    """Return text that fits; an element of ISO 20022 may not be empty."""
    return written(text.strip()[:longest]) or "-"
