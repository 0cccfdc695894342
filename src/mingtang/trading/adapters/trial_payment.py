"""Paying at a simulated bank (模拟付款): a message that no real bank has.

`mingtang bank-simulator` knows it; a bank answers 97 to it, as to any code it does not have.
The simulator runs without the rooms: nothing here asks their tables.
"""

from secrets import token_hex

from mingtang.core.trading.banking import yuan_text
from mingtang.trading.adapters.bank_line import exchange
from mingtang.trading.adapters.bank_messages import Message, Result
from mingtang.trading.adapters.xml import Malformed
from mingtang.trading.ports.bank import bank

PAY = "PAY"
PATIENCE = 5.0  # seconds a page waits for the simulator


def pay(
    address: tuple[str, int],
    account: str,
    amount: str,
    *,
    name: str,
    from_account: str,
    memo: str,
    patience: float = PATIENCE,
) -> Message:
    """Pay so many yuan into an account at the simulator, as a bidder's bank would.

    Raises OSError or Malformed when it does not answer.
    """
    said = {"AccNo": account, "Amount": amount, "Memo": memo}
    said |= {"InName": name, "InAcct": from_account or "62" + token_hex(7)}
    return exchange(address, Message(PAY, said), patience=patience)


def pay_in(account: str, amount_fen: int, *, name: str, from_account: str, memo: str) -> bool:
    """Pay into a sub-account at the bank `bank.json` names; return whether it took it."""
    host, _, port = bank().address.rpartition(":")
    try:
        answered = pay(
            (host, int(port or 0)),
            account,
            yuan_text(amount_fen),
            name=name,
            from_account=from_account,
            memo=memo,
        )
    except (OSError, Malformed):
        return False
    return answered.result == Result.DONE
