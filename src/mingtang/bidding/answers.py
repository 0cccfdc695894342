"""What the room says back: JSON, a sentence in both languages with every refusal."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import override
from starlette.responses import Response

from mingtang.core.decider import Refused
from mingtang.core.wire import plain
from mingtang.ledger.orders import Receipt
from mingtang.ui.refusals import sentence

STATUS = {
    "room.full": 503,
    "room.malformed": 400,
    "room.not-recorded": 503,
    "room.other-lot": 403,
    "room.signature-wrong": 403,
    "room.token-missing": 401,
    "room.token-unusable": 401,
    "room.too-large": 413,
    "room.too-many": 429,
    "room.unknown-lot": 404,
}
HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "1"},
    503: {"Retry-After": "1"},
}
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def said(content: Mapping[str, Any], *, status: int = 200, **headers: str) -> Response:
    return Response(_dumps(content), status, headers, "application/json")


def recorded(receipt: Receipt, *, received: datetime) -> Response:
    """Answer with the receipt: it proves, against a later checkpoint, that this is in the log."""
    return said(
        {
            "receipt": {
                "stream": receipt.stream,
                "index": receipt.index,
                "version": receipt.version,
                "leaf": receipt.leaf.hex(),
                "repeated": receipt.repeated,
            },
            "received": received.isoformat(),
        }
    )


def refused(refusal: Refused) -> Response:
    """Say why not: what the rules refuse is a 409. Nothing was recorded."""
    status = STATUS.get(refusal.code, 409)
    return said(
        {
            "refused": {
                "code": refusal.code,
                "facts": {name: plain(fact) for name, fact in refusal.facts.items()},
                "zh": _sentence(refusal, "zh-hans"),
                "en": _sentence(refusal, "en"),
            }
        },
        status=status,
        **HEADERS.get(status, {}),
    )


def _sentence(refusal: Refused, language: str) -> str:
    with override(language):
        return sentence(refusal)
