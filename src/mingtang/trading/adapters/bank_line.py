"""The line to the bank (专线): framed messages over TCP, either side of it.

Who may speak is settled by address: the line between a bank and a centre is private, and the
protocol itself signs nothing.
"""

import logging
import socket
import socketserver
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import BinaryIO

from mingtang.trading.adapters.bank_messages import Code, Message, Result, decode, encode, frame
from mingtang.trading.adapters.xml import Malformed

log = logging.getLogger(__name__)
PATIENCE = 30.0  # seconds for a message to come whole
Answer = Callable[[Message], Message]


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next message's XML; None at the end of the line. Raises Malformed."""
    length = stream.read(6)
    if not length:
        return None
    if len(length) != 6 or not (length.isascii() and length.isdigit()):
        raise Malformed("no length in six digits")
    data = stream.read(int(length))
    if len(data) != int(length):
        raise Malformed("the message was cut off")
    return data


def exchange(address: tuple[str, int], message: Message, *, patience: float = PATIENCE) -> Message:
    """Send a message and return its answer. Raises OSError or Malformed."""
    with socket.create_connection(address, timeout=patience) as line, line.makefile("rb") as stream:
        line.sendall(frame(encode(message)))
        data = read_frame(stream)
    if data is None:
        raise Malformed("no answer")
    answer = decode(data)
    if answer.code != message.code:
        raise Malformed(f"an answer to {answer.code}, not to {message.code}")
    return answer


def converse(line: socket.socket, answer: Answer) -> None:
    """Answer what comes on a line until it ends. One bad message ends it, with an answer."""
    line.settimeout(PATIENCE)
    with line.makefile("rb") as stream:
        while True:
            try:
                data = read_frame(stream)
            except Malformed as bad:
                line.sendall(frame(encode(_complaint(bad))))
                return
            if data is None:
                return
            line.sendall(frame(encode(_answered(data, answer))))


def _answered(data: bytes, answer: Answer) -> Message:
    try:
        message = decode(data)
    except Malformed as bad:
        return _complaint(bad)
    try:
        return answer(message)
    except Malformed as bad:
        return message.answer(Result.MALFORMED, str(bad))
    except Exception:
        log.exception("%s could not be answered", message.code)
        return message.answer(Result.FAILED, "try again")


def _complaint(bad: Malformed) -> Message:
    return Message(Code.LINK, {"Result": Result.MALFORMED.value, "AddWord": str(bad)})


class LineServer(socketserver.ThreadingTCPServer):
    """Listens for the other side; each line has a thread of its own."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], answer: Answer, allow: Sequence[str]) -> None:
        self.answer = answer
        self.networks = [ip_network(network) for network in allow]
        super().__init__(address, _Line)

    def verify_request(self, request: object, client_address: object) -> bool:
        host = ip_address(client_address[0])  # type: ignore[index]  # an address of TCP
        known = any(host in network for network in self.networks)
        if not known:
            log.warning("a line from %s was not taken", host)
        return known


class _Line(socketserver.BaseRequestHandler):
    server: LineServer

    def handle(self) -> None:
        try:
            converse(self.request, self.server.answer)
        except OSError as error:
            log.info("a line ended: %s", error)
