"""Facts agreed with others, as files next to this one: each names its source."""

import json
from base64 import b64decode
from functools import cache
from pathlib import Path


@cache
def facts(name):
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))


def b64(text):
    return b64decode(text or "", validate=True)


def b64_list(texts):
    return [b64(text) for text in texts or []]


def hex_list(texts):
    return [bytes.fromhex(text) for text in texts]
