"""Receipts (存证回执): what a person keeps to show, without us, that something was recorded.

A document in one spelling (`core.documents`). Files are named *.receipt.json.

    {"disclosures":[{"name":"...","salt":"...","value":"..."}],
     "format":"mingtang.receipt.v1",
     "leaf":"<base64 of the entry's bytes>",
     "proof":"<the text of a C2SP tlog-proof>",
     "sha256":"<hex digest of this document without this member>"}

Disclosures open digests the entry holds under "_sd" (RFC 9901, section 4.2.3). `sha256` is
no proof, it finds damage: a cosignature of a witness the reader does not know is the one
part nothing else covers. It may be missing; a receipt we write has it.
"""

from dataclasses import dataclass

from mingtang.core import tlogproof
from mingtang.core.documents import (
    format_document,
    parse_disclosures,
    parse_document,
    parse_member,
    plain_disclosures,
)
from mingtang.core.strict import format_base64, parse_base64
from mingtang.core.wire import Disclosure

FORMAT = "mingtang.receipt.v1"
_MEMBERS = ("disclosures", "leaf", "proof")


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    leaf: bytes  # the entry
    proof: tlogproof.TlogProof
    disclosures: tuple[Disclosure, ...] = ()


def format_receipt(receipt: Receipt) -> str:
    """Return the document. The same receipt gives the same bytes."""
    return format_document(
        {
            "format": FORMAT,
            "proof": tlogproof.format_proof(receipt.proof),
            "leaf": format_base64(receipt.leaf),
            "disclosures": plain_disclosures(receipt.disclosures),
        }
    )


def parse_receipt(text: str) -> Receipt:
    """Return what the document holds, only its form and its own digest checked.

    Raises Malformed, naming the member or the character.
    """
    document = parse_document(text, FORMAT, _MEMBERS)
    return Receipt(
        leaf=parse_member("leaf", parse_base64, document["leaf"]),
        proof=parse_member("proof", tlogproof.parse_proof, document["proof"]),
        disclosures=parse_disclosures(document["disclosures"]),
    )
