"""An electronic seal system on this machine, as docs/formats/seal-service.md has it.

It holds keys of its own, signs once for each request id, and can be told to misbehave.
"""

import json
import threading
from base64 import b64decode, b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

TOKEN = "a-token-only-the-platform-has"


class SealService(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.seals = {}  # number → (key, chain)
        self.signed = {}  # request id → (request, answer)
        self.asked = []  # what was asked, in order
        self.failures = []  # what to answer instead, one after the other: status, bytes or None
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.thread.start()

    @property
    def url(self) -> str:
        host, port = self.server_address
        return f"http://{host}:{port}/seal-system"

    def hold(self, seal_no: str, authority) -> None:
        """Make a key for a seal and have it certified."""
        key = ec.generate_private_key(ec.SECP256R1())
        self.seals[seal_no] = (key, [authority.issue("演示正式印章", key.public_key())])

    def sign(self, request: dict) -> dict:
        known = self.signed.get(request["request_id"])
        if known is None:
            key, chain = self.seals[request["seal_no"]]
            value = key.sign(b64decode(request["signed_attributes"]), ec.ECDSA(SHA256()))
            answer = {"signature": b64encode(value).decode(), "certificates": _texts(chain)}
            known = self.signed[request["request_id"]] = (request, answer)
        return known[1]

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


def _texts(chain) -> list[str]:
    return [b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]


class _Answers(BaseHTTPRequestHandler):
    server: SealService

    def do_GET(self) -> None:
        seal_no = self.path.removeprefix("/seal-system/seals/")
        self._answer(lambda: {"certificates": _texts(self.server.seals[seal_no][1])})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(lambda: self.server.sign(request))

    def _answer(self, found) -> None:
        self.server.asked.append((self.command, self.path))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._send(401, b"{}")
        try:
            status, body = 200, json.dumps(found()).encode()
        except KeyError:
            status, body = 404, b"{}"
        if self.server.failures:
            failure = self.server.failures.pop(0)
            if failure is None:  # done, and the answer is lost on the way
                return self.close_connection_unanswered()
            status, body = failure
        return self._send(status, body)

    def close_connection_unanswered(self) -> None:
        self.close_connection = True

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", body.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
