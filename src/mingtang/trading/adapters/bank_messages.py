"""Messages of the pushed bank protocol (银行接口): six digits of length, then XML.

    000213<?xml version="1.0" encoding="UTF-8"?><Root><Head><TransCode>G00001</TransCode>…

docs/formats/bank.md says what each code carries.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mingtang.core.clock import CHINA
from mingtang.core.trading.banking import Booking, yuan_text
from mingtang.trading.adapters.xml import Malformed, parse, written

LONGEST = 999_999  # bytes, what six digits can say
ROWS = 100  # refunds in a batch
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,13}(?:\.\d{1,2})?", re.ASCII)


class Code(StrEnum):
    ARRIVAL = "G00001"  # bank → centre: money came
    OPEN = "G00003"  # centre → bank: a new sub-account
    CLOSE = "G00004"
    ARRIVALS = "G00005"  # what came on a sub-account
    LINK = "G00009"  # either way: are you there
    REFUNDS = "G000010"  # a batch of at most 100
    BATCH = "G000011"  # what became of a batch
    REFUNDED = "G000012"  # bank → centre: refunds paid, or not
    BALANCE = "G000013"


class Result(StrEnum):
    DONE = "00"
    KNOWN = "01"  # done before
    UNDER_WAY = "02"
    REFUSED = "90"  # the rules say no, and will again
    UNKNOWN = "97"  # no such code
    MALFORMED = "98"
    FAILED = "99"  # try again later


@dataclass(frozen=True, slots=True)
class Message:
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[Mapping[str, str]] = ()

    @property
    def result(self) -> str:
        return self.fields.get("Result", "")

    def answer(
        self,
        result: Result,
        message: str = "",
        *,
        rows: Sequence[Mapping[str, str]] = (),
        **more: str,
    ) -> "Message":
        said = {"Result": result.value, "AddWord": message, **more}
        return Message(self.code, said, rows)


def encode(message: Message) -> bytes:
    """Return the XML of a message."""
    body = _texts(message.fields) + "".join(f"<Row>{_texts(row)}</Row>" for row in message.rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Root><Head><TransCode>{message.code}</TransCode></Head><Body>{body}</Body></Root>"
    ).encode()


def _texts(values: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{written(text)}</{name}>" for name, text in values.items())


def decode(data: bytes) -> Message:
    """Return the message. Raises Malformed."""
    root = parse(data)
    code = root.at("Head/TransCode")
    if root.name != "Root" or not _NAME.fullmatch(code):
        raise Malformed("no TransCode")
    bodies = root.all("Body")
    if len(bodies) != 1:
        raise Malformed("a message has one Body")
    [body] = bodies
    fields = {c.name: c.text.strip() for c in body.children if c.name != "Row"}
    rows = [{c.name: c.text.strip() for c in row.children} for row in body.all("Row")]
    return Message(code, fields, rows)


def frame(data: bytes) -> bytes:
    if len(data) > LONGEST:
        raise Malformed(f"more than {LONGEST} bytes")
    return b"%06d" % len(data) + data


# ── Values ──────────────────────────────────────────────────────────────────


def fen(text: str) -> int:
    """Return an amount written in yuan. Raises Malformed."""
    if not _AMOUNT.fullmatch(text):
        raise Malformed(f"not an amount: {text[:40]!r}")
    yuan, _, cents = text.partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0"))


def moment(text: str) -> datetime:
    """Return a moment written yyyyMMddHHmmss, in China. Raises Malformed."""
    try:
        if len(text) != 14 or not text.isdigit():
            raise ValueError
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError as error:
        raise Malformed(f"not a moment: {text[:40]!r}") from error


def moment_text(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y%m%d%H%M%S")


def booking_of(values: Mapping[str, str]) -> tuple[str, Booking]:
    """Return the account and the booking G00001 tells of. Raises Malformed."""
    missing = [name for name in ("AccNo", "InstCode", "InBankFLCode") if not values.get(name)]
    if missing:
        raise Malformed(f"missing: {', '.join(missing)}")
    return values["AccNo"], Booking(
        institution=values["InstCode"],
        booked=moment(values.get("InDate", "")),
        amount_fen=fen(values.get("InAmount", "")),
        memo=values.get("InMemo", ""),
        serial=values["InBankFLCode"],
        sequence=values.get("InstSeq", ""),
        payer_account=values.get("InAcct", ""),
        payer_name=values.get("InName", ""),
    )


def booking_values(account: str, booking: Booking) -> dict[str, str]:
    """Return what G00001 tells of a booking."""
    return {
        "AccNo": account,
        "InstCode": booking.institution,
        "InDate": moment_text(booking.booked),
        "InAmount": yuan_text(booking.amount_fen),
        "InMemo": booking.memo,
        "InBankFLCode": booking.serial,
        "InstSeq": booking.sequence,
        "InAcct": booking.payer_account,
        "InName": booking.payer_name,
    }
