"""Check a paper (核验文书): the file in hand is the one whose issue is in the log.

A receipt of the entry `paper.issued.v1` and the PDF are enough. What this does not tell: that
the PDF's own seal holds (`pdfsig` tells), and how the licence stands today (ask its organ).
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from mingtang.core import note
from mingtang.core.policy import Policy
from mingtang.verifier.receipt import Checked, check_receipt, describe_signers, entry_of
from mingtang.verifier.sm3 import sm3
from mingtang.verifier.words import Refused, Say, plain

ISSUED = "paper.issued.v1"
DIGESTS = {"sha256": lambda data: sha256(data).hexdigest(), "sm3": sm3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A file found to be the one that was issued."""

    proof: Checked
    entry: dict[str, Any]


def check_paper(data: bytes, pdf: bytes, *, log: note.Key, policy: Policy | None) -> Paper:
    """Return what receipt and file prove together. Raises Refused."""
    proof = check_receipt(data, log=log, policy=policy)
    entry = entry_of(proof.receipt.leaf) or {}
    if entry.get("kind") != ISSUED:
        raise Refused("receipt", "not-issued", kind=entry.get("kind", "—"))
    file = entry.get("file")
    recorded = file if isinstance(file, dict) else {}
    if recorded.get("size") != len(pdf):
        raise Refused("pdf", "other-size", due=recorded.get("size", "—"), found=len(pdf))
    for name, digest in DIGESTS.items():
        found = digest(pdf)
        if recorded.get(name) != found:
            raise Refused("pdf", "other-file", name=name, found=found)
    return Paper(proof=proof, entry=entry)


def describe_paper(paper: Paper, say: Say) -> str:
    """Return in words what is proved, and what is not."""
    proof, entry = paper.proof, paper.entry
    use = entry.get("use")
    used: dict[str, Any] = use if isinstance(use, dict) else {}
    authority = used.get("authority")
    letter = authority.get("letter_no", "—") if isinstance(authority, dict) else "—"
    facts = {
        "log": proof.checkpoint.origin,
        "index": proof.receipt.proof.index,
        "size": proof.checkpoint.size,
        "paper": entry.get("_stream", "—"),
        "issued": entry.get("at", "—"),
        "seal": used.get("seal_no", "—"),
        "certificate": used.get("certificate", "—"),
        "letter": letter,
    }
    lines = [say("paper-valid"), *(f"{say(name)}: {plain(fact)}" for name, fact in facts.items())]
    if used.get("test") is True:
        lines.append(say("test-seal"))
    return "\n".join([*lines, *describe_signers(proof.opened, say), say("paper-unchecked")])
