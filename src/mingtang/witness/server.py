"""The witness over HTTP (见证服务).

POST /add-checkpoint, GET /<hex SHA-256 of an origin>/checkpoint, GET /vkey.
"""

import logging
import re
import sqlite3
from collections.abc import Iterable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mingtang.core import note, witnessing
from mingtang.witness.heads import Heads
from mingtang.witness.secret import open_secret
from mingtang.witness.witness import Answer, Witness

_log = logging.getLogger(__name__)
_HEAD_PATH = re.compile(r"/([0-9a-f]{64})/checkpoint")


class Server(ThreadingHTTPServer):
    """Listens once made; `serve_forever` answers. `witness` is whom it speaks for."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        self.witness = witness
        super().__init__(address, _Handler)


def open_server(
    *,
    state: Path,
    name: str,
    logs: Iterable[note.Key],
    host: str = "127.0.0.1",
    port: int = 0,
    new_key: bool = False,
) -> Server:
    """Return a server for the witness whose key and memory are in the folder `state`.

    With `new_key` a missing key is made. Raises secret.NoSecret.
    """
    secret = open_secret(state, new=new_key)
    open_heads = partial(Heads, state / "heads.sqlite3")
    witness = Witness(name=name, secret=secret, logs=logs, open_heads=open_heads)
    return Server((host, port), witness)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "mingtang-witness", ""
    timeout = 30  # seconds a silent client is kept
    wbufsize = -1  # head and body in one packet: kept connections wait 40 ms otherwise

    @property
    def _witness(self) -> Witness:
        assert isinstance(self.server, Server)
        return self.server.witness

    def do_POST(self) -> None:
        body = self._body()
        if isinstance(body, Answer):
            self.close_connection = True  # what was not read must not be taken for a request
            return self._answer(body)
        if self.path != "/add-checkpoint":
            return self._answer(Answer(status=404, body="not found\n"))
        try:
            answer = self._witness.add_checkpoint(body)
        except sqlite3.Error:
            _log.exception("the memory of the witness failed; nothing was signed")
            answer = Answer(status=503, body="out of order\n")
        self._answer(answer)

    def do_GET(self) -> None:
        found = None
        try:
            if match := _HEAD_PATH.fullmatch(self.path):
                found = self._witness.heads.note_at(match[1])
            elif self.path == "/vkey":
                found = f"{self._witness.vkey}\n"
        except sqlite3.Error:
            _log.exception("the memory of the witness failed")
            return self._answer(Answer(status=503, body="out of order\n"))
        if found is None:
            return self._answer(Answer(status=404, body="not found\n"))
        self._answer(Answer(status=200, body=found))

    def _body(self) -> bytes | Answer:
        """Return the request's body, or the answer to a length we cannot take."""
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,12}", length) or "Transfer-Encoding" in self.headers:
            return Answer(status=411, body="a Content-Length is needed\n")
        if int(length) > witnessing.MAX_REQUEST:
            return Answer(status=413, body=f"at most {witnessing.MAX_REQUEST} bytes\n")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return Answer(status=400, body="the body is cut off\n")
        return body

    def _answer(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *values: object) -> None:
        _log.info("%s %s", self.address_string(), format % values)
