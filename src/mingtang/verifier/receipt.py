"""Check a receipt (核验回执): signature, cosignatures, inclusion, disclosures.

The file is a *.receipt.json (core.receipt) or a bare *.tlog-proof whose extra line holds
the entry. Whatever is shown to the reader is either signed for or said not to be checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mingtang.core import checkpoint, cosignature, merkle, note, receipt, tlogproof
from mingtang.core.documents import parse_object
from mingtang.core.policy import Policy
from mingtang.core.strict import Malformed
from mingtang.verifier.words import Refused, Say, plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A receipt found valid."""

    receipt: receipt.Receipt
    checkpoint: checkpoint.Checkpoint
    opened: note.Opened
    withheld: tuple[str, ...]


def check_receipt(data: bytes, *, log: note.Key, policy: Policy | None) -> Checked:
    """Return what the file proves. Raises Refused."""
    try:
        kept = _read(data)
    except Malformed as error:
        raise Refused("receipt", "form", detail=error) from error
    head, opened = open_head(
        kept.proof.checkpoint, where="proof: checkpoint", log=log, policy=policy
    )
    try:
        merkle.check_inclusion(
            kept.proof.hashes,
            index=kept.proof.index,
            leaf=merkle.leaf_hash(kept.leaf),
            size=head.size,
            root=head.root,
        )
    except merkle.ProofFailed as error:
        raise Refused("proof", "inclusion") from error
    withheld = _withheld(kept)
    return Checked(receipt=kept, checkpoint=head, opened=opened, withheld=withheld)


def open_head(
    text: str, *, where: str, log: note.Key, policy: Policy | None
) -> tuple[checkpoint.Checkpoint, note.Opened]:
    """Return a checkpoint the log signed and enough witnesses of the policy saw."""
    witnesses = [party.key for party in policy.witnesses.values()] if policy else []
    try:
        head, opened = checkpoint.open_checkpoint(
            text, note.ed25519_verifier(log), cosignature.verifiers(witnesses)
        )
    except Malformed as error:
        raise Refused(where, "form", detail=error) from error
    except note.NoteRefused as error:
        raise Refused(where, "signature", detail=error) from error
    if policy and not policy.satisfied({key for key, _ in opened.verified}):
        raise Refused(where, "quorum")
    return head, opened


def describe(checked: Checked, say: Say) -> str:
    """Return in words what is proved, and what is not."""
    kept, head = checked.receipt, checked.checkpoint
    lines = [
        say("receipt-valid"),
        f"{say('log')}: {plain(head.origin)}",
        f"{say('index')}: {kept.proof.index}",
        f"{say('size')}: {head.size}",
    ]
    entry = entry_of(kept.leaf)
    if entry is None:
        digest = sha256(kept.leaf).hexdigest()
        lines.append(f"{say('entry-bytes')}: {len(kept.leaf)} bytes, SHA-256 {digest}")
    else:
        lines.append(f"{say('kind')}: {plain(entry.pop('kind', '—'))}")
        entry.pop("_sd", None)
        lines += _list(say, "fields", [f"{name} = {v}" for name, v in entry.items()])
    lines += _list(say, "opened", [f"{d.name} = {d.value}" for d in kept.disclosures])
    lines += _list(say, "withheld", checked.withheld)
    return "\n".join([*lines, *describe_signers(checked.opened, say)])


def describe_signers(opened: note.Opened, say: Say) -> list[str]:
    seen = [
        f"{key.name}  {_moment(cosignature.timestamp_of(signature))}"
        for key, signature in opened.verified
        if key.type == note.COSIGNATURE
    ]
    lines = _list(say, "witnesses", seen or [say("no-witness")])
    unchecked = [signature.name for signature in opened.ignored]
    return lines + (_list(say, "unchecked", unchecked) if unchecked else [])


def _read(data: bytes) -> receipt.Receipt:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 at byte {error.start}") from error
    if not text.startswith(tlogproof.HEADER):
        return receipt.parse_receipt(text)
    proof = tlogproof.parse_proof(text)
    if proof.extra is None:
        raise Refused("proof", "no-entry")
    return receipt.Receipt(leaf=proof.extra, proof=proof)


def _withheld(kept: receipt.Receipt) -> tuple[str, ...]:
    """Return the digests nothing was shown for, having found those of what was."""
    entry = entry_of(kept.leaf) or {}
    listed = entry.get("_sd", [])
    digests = [digest for digest in listed if isinstance(digest, str)]
    names = set()
    for place, disclosure in enumerate(kept.disclosures):
        if disclosure.digest not in digests:
            raise Refused(f"disclosures[{place}]", "disclosure", name=disclosure.name)
        if disclosure.name in names:
            raise Refused(f"disclosures[{place}]", "disclosure-twice", name=disclosure.name)
        names.add(disclosure.name)
        digests.remove(disclosure.digest)
    return tuple(digests)


def entry_of(leaf: bytes) -> dict[str, Any] | None:
    """Return the members of an entry that is a JSON object read in one way only."""
    try:
        return parse_object(leaf.decode())
    except (UnicodeDecodeError, Malformed):
        return None


def _list(say: Say, code: str, items: Sequence[str]) -> list[str]:
    return [f"{say(code)}:", *(f"  {plain(item)}" for item in items or [say("nothing")])]


def _moment(timestamp: int) -> str:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp)).isoformat()
    except OverflowError:
        return str(timestamp)
