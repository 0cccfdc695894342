"""A bank for demonstrations and trials (银行模拟器): `mingtang bank-simulator`.

It speaks the bank's side of the pushed protocol, keeps its accounts in a JSON file, and tells
of money every five minutes until the centre has answered 00 or 01. Whoever pays does so with
`mingtang pay` or a button of the demonstration's: `trading.adapters.trial_payment`.
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mingtang.core.clock import CHINA
from mingtang.core.trading.banking import yuan_text
from mingtang.trading.adapters import trial_payment
from mingtang.trading.adapters.bank_line import LineServer, exchange
from mingtang.trading.adapters.bank_messages import (
    ROWS,
    Code,
    Message,
    Result,
    fen,
    moment_text,
)
from mingtang.trading.adapters.xml import Malformed

log = logging.getLogger(__name__)
AGAIN = 300.0  # seconds until money is told of again
INSTITUTION = "SIMBANK"
NO_SUCH_ACCOUNT = "0000"  # accounts that end so cannot be paid to
Row = dict[str, Any]


@dataclass
class Accounts:
    """Everything the bank knows, as the file holds it."""

    open: dict[str, Row] = field(default_factory=dict)  # sub-account → expiry, closed
    arrivals: list[Row] = field(default_factory=list)  # as G00001 tells of them, and `told`
    batches: dict[str, list[str]] = field(default_factory=dict)
    refunds: dict[str, Row] = field(default_factory=dict)  # by reference
    serial: int = 0


class Simulator:
    """The bank's books and its answers. `now` is its clock, `centre` whom it tells."""

    def __init__(
        self,
        file: Path | None,
        centre: tuple[str, int],
        now: Callable[[], datetime] = lambda: datetime.now(CHINA),
    ) -> None:
        self.file, self.centre, self.now = file, centre, now
        self.lock = threading.RLock()
        kept = json.loads(file.read_text("utf-8")) if file and file.exists() else {}
        self.accounts = Accounts(**kept)
        self.news = threading.Event()

    def answer(self, message: Message) -> Message:
        with self.lock:
            answered = self._answer(message)
            self._keep()
        return answered

    def _answer(self, message: Message) -> Message:
        said, accounts = message.fields, self.accounts
        match message.code:
            case Code.LINK:
                return message.answer(Result.DONE)
            case Code.OPEN:
                known = said["AccNo"] in accounts.open
                accounts.open.setdefault(said["AccNo"], {"expires": said["ExpDate"]})
                return message.answer(Result.KNOWN if known else Result.DONE)
            case Code.CLOSE:
                account = accounts.open.setdefault(said["AccNo"], {"expires": ""})
                known = account.get("closed", False)
                account["closed"] = True
                return message.answer(Result.KNOWN if known else Result.DONE)
            case Code.ARRIVALS:
                came = [row for row in accounts.arrivals if row["AccNo"] == said["AccNo"]]
                rows = [{k: v for k, v in row.items() if k != "told"} for row in came]
                return message.answer(Result.DONE, rows=rows)
            case Code.REFUNDS:
                return self._refund(message)
            case Code.BATCH:
                if said["BatchNo"] not in accounts.batches:
                    return message.answer(Result.UNKNOWN)
                references = accounts.batches[said["BatchNo"]]
                return message.answer(Result.DONE, rows=[self._refund_row(r) for r in references])
            case Code.BALANCE:
                return message.answer(Result.DONE, Balance=yuan_text(self.balance_fen))
            case trial_payment.PAY:
                return self._pay(message)
            case _:
                return message.answer(Result.UNKNOWN)

    @property
    def balance_fen(self) -> int:
        paid = (r for r in self.accounts.refunds.values() if r["Result"] == Result.DONE)
        came = sum(fen(row["InAmount"]) for row in self.accounts.arrivals)
        return came - sum(fen(refund["Amount"]) for refund in paid)

    def _refund(self, message: Message) -> Message:
        """Pay a batch at once; the same batch again is known, and so is every refund in it."""
        batch, accounts = message.fields["BatchNo"], self.accounts
        if batch in accounts.batches:
            return message.answer(Result.KNOWN)
        if len(message.rows) > ROWS:
            return message.answer(Result.REFUSED, f"more than {ROWS}")
        for row in message.rows:
            if row["Reference"] in accounts.refunds:
                continue
            failed = row["InAcct"].endswith(NO_SUCH_ACCOUNT)
            accounts.refunds[row["Reference"]] = {
                "Amount": row["Amount"],
                "Result": (Result.REFUSED if failed else Result.DONE).value,
                "AddWord": "账户不存在" if failed else "",
                "PaidDate": moment_text(self.now()),
                "BankFLCode": self._serial(),
                "told": False,
            }
        accounts.batches[batch] = [row["Reference"] for row in message.rows]
        self.news.set()
        return message.answer(Result.DONE)

    def _refund_row(self, reference: str) -> dict[str, str]:
        kept = self.accounts.refunds[reference]
        told = {name: str(kept[name]) for name in ("Result", "AddWord", "PaidDate", "BankFLCode")}
        return {"Reference": reference, **told}

    def _pay(self, message: Message) -> Message:
        said = message.fields
        amount = yuan_text(fen(said["Amount"]))
        account = self.accounts.open.get(said["AccNo"], {})
        if account.get("closed"):
            return message.answer(Result.REFUSED, "closed")
        self.accounts.arrivals.append(
            {
                "AccNo": said["AccNo"],
                "InstCode": INSTITUTION,
                "InDate": moment_text(self.now()),
                "InAmount": amount,
                "InMemo": said.get("Memo", ""),
                "InBankFLCode": self._serial(),
                "InstSeq": str(len(self.accounts.arrivals) + 1),
                "InAcct": said.get("InAcct", ""),
                "InName": said.get("InName", ""),
                "told": False,
            }
        )
        self.news.set()
        return message.answer(Result.DONE)

    def _serial(self) -> str:
        self.accounts.serial += 1
        return f"FL{self.accounts.serial:08}"

    def _keep(self) -> None:
        if self.file:
            new = self.file.with_name(self.file.name + ".new")
            text = json.dumps(asdict(self.accounts), ensure_ascii=False, indent=1)
            new.write_text(text, encoding="utf-8")
            new.replace(self.file)

    # ── Telling the centre ──────────────────────────────────────────────────

    def tell(self) -> int:
        """Tell the centre all it has not answered for; return how much it took note of."""
        with self.lock:
            arrivals = [row for row in self.accounts.arrivals if not row["told"]]
            refunds = [r for r, row in self.accounts.refunds.items() if not row["told"]]
        taken = sum(self._tell_arrival(row) for row in arrivals)
        return taken + (self._tell_refunds(refunds) if refunds else 0)

    def _tell_arrival(self, row: Row) -> bool:
        said = {name: value for name, value in row.items() if name != "told"}
        answered = self._told(Message(Code.ARRIVAL, said))
        if answered and answered.result in (Result.DONE, Result.KNOWN):
            self._note(row)
            return True
        return False

    def _tell_refunds(self, references: list[str]) -> int:
        taken = 0
        for start in range(0, len(references), ROWS):
            rows = [self._refund_row(one) for one in references[start : start + ROWS]]
            answered = self._told(Message(Code.REFUNDED, {}, rows))
            for row in answered.rows if answered else ():
                if row["Result"] in (Result.DONE, Result.KNOWN):
                    self._note(self.accounts.refunds[row["Reference"]])
                    taken += 1
        return taken

    def _told(self, message: Message) -> Message | None:
        try:
            return exchange(self.centre, message)
        except (OSError, Malformed) as error:
            log.info("the centre did not answer: %s", error)
            return None

    def _note(self, row: Row) -> None:
        with self.lock:
            row["told"] = True
            self._keep()

    def keep_telling(self, stop: threading.Event) -> None:
        """Tell of what is new at once, and of what is not answered every five minutes."""
        while not stop.is_set():
            self.news.clear()
            self.tell()
            self.news.wait(AGAIN)


def serve(simulator: Simulator, address: tuple[str, int]) -> None:
    """Run until interrupted."""
    stop = threading.Event()
    teller = threading.Thread(target=simulator.keep_telling, args=[stop], daemon=True)
    with LineServer(address, simulator.answer, ["127.0.0.0/8", "::1/128"]) as server:
        teller.start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            log.info("the simulator stops")
        finally:
            stop.set()
            simulator.news.set()
