"""A push service and the browsers that subscribed at it, for tests: RFC 8030, 8291, 8292."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Phone:
    """A browser that subscribed: it alone can open what is sealed for it."""

    def __init__(self, service: str, name: str = "one") -> None:
        self._private = ec.generate_private_key(CURVE)
        self.endpoint = f"{service}/push/{name}"
        self.key = self._private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.secret = b"0123456789abcdef"

    @property
    def given(self) -> dict[str, str]:
        """What the browser gives to the page."""
        return {
            "endpoint": self.endpoint,
            "key": text(self.key),
            "secret": text(self.secret),
        }

    def open(self, body: bytes) -> dict:
        """Open a message, from the receiving side of RFC 8291."""
        salt, length = body[:16], body[20]
        sender, rest = body[21 : 21 + length], body[21 + length :]
        shared = self._private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        )
        info = b"WebPush: info\x00" + self.key + sender
        material = HKDF(SHA256(), 32, salt=self.secret, info=info).derive(shared)
        key, nonce = (
            HKDF(SHA256(), size, salt=salt, info=f"Content-Encoding: {name}\0".encode())
            for size, name in ((16, "aes128gcm"), (12, "nonce"))
        )
        plain = AESGCM(key.derive(material)).decrypt(nonce.derive(material), rest, None)
        return json.loads(plain.rstrip(b"\0").removesuffix(b"\x02"))


@dataclass
class Asked:
    """One request to the service."""

    path: str
    headers: Message
    body: bytes

    def claims(self) -> dict:
        """Return what the house says of itself, its signature checked (ES256)."""
        scheme, _, parts = self.headers["Authorization"].partition(" ")
        assert scheme == "vapid"
        said = dict(part.strip().split("=", 1) for part in parts.split(","))
        signed, _, signature = said["t"].rpartition(".")
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, octets(said["k"]))
        r, s = (int.from_bytes(half, "big") for half in _halves(octets(signature)))
        key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
        head, claims = (json.loads(octets(part)) for part in signed.split("."))
        assert head == {"typ": "JWT", "alg": "ES256"}
        return {**claims, "key": said["k"]}


def _halves(signature: bytes) -> tuple[bytes, bytes]:
    assert len(signature) == 64
    return signature[:32], signature[32:]


@dataclass
class PushService:
    """Takes what it is asked to push, and answers as it is told."""

    status: int = 201
    retry_after: str = ""
    asked: list[Asked] = field(default_factory=list)
    _came: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> "PushService":
        service = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with service._came:
                    service.asked.append(Asked(self.path, self.headers, body))
                    service._came.notify_all()
                self.send_response(service.status)
                if service.retry_after:
                    self.send_header("Retry-After", service.retry_after)
                if 300 <= service.status < 400:
                    self.send_header("Location", f"{service.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def first(self, seconds: float) -> Asked:
        """Return the first request, once there is one."""
        with self._came:
            assert self._came.wait_for(lambda: self.asked, seconds), "nobody was called"
            return self.asked[0]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"
