"""Receipts (存证回执): what a person keeps, and can check without us.

A file named *.receipt.json in the one spelling of `core.receipt`, read by
`python -m mingtang.verifier receipt`.
"""

from collections.abc import Collection

from mingtang.core.receipt import Receipt, format_receipt
from mingtang.core.tlogproof import TlogProof
from mingtang.ledger import queries, replay, witnesses


def receipt_file(index: int, *, disclose: Collection[str] | None = None) -> str | None:
    """Return the receipt of an entry, or None while no checkpoint covers it.

    `disclose` names the sealed fields to open; None opens all that are not erased. Only
    people who may see the values may be given them.
    """
    entry, checkpoint = queries.entry(index), queries.checkpoint_for(index)
    if entry is None or checkpoint is None:
        return None
    proof = TlogProof(
        index=index,
        hashes=tuple(queries.inclusion_proof(index, checkpoint.size)),
        checkpoint=witnesses.cosigned_note(checkpoint),
    )
    opened = [d for d in replay.disclosures(index) if disclose is None or d.name in disclose]
    return format_receipt(Receipt(leaf=bytes(entry.body), proof=proof, disclosures=tuple(opened)))
