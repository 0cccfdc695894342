"""Receipts (存证回执): what a person keeps, and can check without us.

A file named *.receipt.json, canonical JSON, read by `python -m mingtang.verifier receipt`:

    {"disclosures": [{"name", "salt", "value"}, …],
     "format": "mingtang.receipt.v1",
     "leaf": <base64 of the entry, exactly the bytes hashed>,
     "proof": <a tlog-proof: index, audit path, cosigned checkpoint>}
"""

from base64 import b64encode
from collections.abc import Collection

from mingtang.core.tlogproof import TlogProof, format_proof
from mingtang.core.wire import canonical
from mingtang.ledger import queries, replay, witnesses

FORMAT = "mingtang.receipt.v1"


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
    return canonical(
        {
            "format": FORMAT,
            "proof": format_proof(proof),
            "leaf": b64encode(bytes(entry.body)).decode(),
            "disclosures": [{"name": d.name, "salt": d.salt, "value": d.value} for d in opened],
        }
    )
