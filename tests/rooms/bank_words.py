"""Both sides of the line to the bank, over real sockets, and statements as a bank writes them."""

import socket
import threading
from contextlib import contextmanager
from datetime import datetime

from mingtang.config.demo.bank import Simulator
from mingtang.trading.adapters.bank_line import LineServer, converse, read_frame
from mingtang.trading.adapters.bank_messages import Message, decode, encode, frame

LOCAL = ["127.0.0.0/8"]


@contextmanager
def served(answer, allow=LOCAL):
    """Serve one side of the line on a port of its own; yields its address."""
    with LineServer(("127.0.0.1", 0), answer, allow) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        try:
            yield server.server_address
        finally:
            server.shutdown()
            thread.join()


def said(sent: bytes, answer) -> list[Message]:
    """Return what one side answers to these bytes, over a pair of sockets."""
    here, there = socket.socketpair()
    with here, there:
        here.sendall(sent)
        here.shutdown(socket.SHUT_WR)
        converse(there, answer)
        there.close()
        with here.makefile("rb") as stream:
            found = []
            while data := read_frame(stream):
                found.append(decode(data))
            return found


def told(answer, *messages: Message) -> list[Message]:
    return said(b"".join(frame(encode(message)) for message in messages), answer)


def simulator(file=None, centre=("127.0.0.1", 9), now=None):
    return Simulator(file, centre, *([now] if now else []))


def text_of(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def statement(*entries: str, account: str = "995500", version: str = "08") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        "<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-07T00:00:00+08:00</CreDtTm>"
        f"</GrpHdr><Stmt><Id>S1</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(
    account: str = "",
    amount: str = "5000.00",
    *,
    booked: str = "<DtTm>2026-03-06T16:59:59+08:00</DtTm>",
    serial: str = "FL0001",
    direction: str = "CRDT",
    status: str = "<Cd>BOOK</Cd>",
    currency: str = "CNY",
    more: str = "",
    reference: str = "NOTPROVIDED",
    extra: str = "",
) -> str:
    """An entry in the order of elements of camt.053.001.08."""
    side = "Cdtr" if direction == "CRDT" else "Dbtr"
    owner = f"<{side}Acct><Id><Othr><Id>{account}</Id></Othr></Id></{side}Acct>" if account else ""
    payer = (
        "<Dbtr><Pty><Nm>演示（竞买）有限公司</Nm></Pty></Dbtr>"
        "<DbtrAcct><Id><Othr><Id>6222000011112222</Id></Othr></Id></DbtrAcct>"
    )
    parties = payer + owner if direction == "CRDT" else owner
    return (
        f'<Ntry><NtryRef>1</NtryRef><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{direction}</CdtDbtInd>{more}<Sts>{status}</Sts>"
        f"<BookgDt>{booked}</BookgDt><AcctSvcrRef>{serial}</AcctSvcrRef>"
        "<BkTxCd><Prtry><Cd>TRF</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f"<RltdPties>{parties}</RltdPties><RmtInf><Ustrd>保证金</Ustrd></RmtInf>{extra}"
        "</TxDtls></NtryDtls></Ntry>"
    )
