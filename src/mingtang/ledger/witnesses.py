"""Asking witnesses (见证机构) to cosign: the log's side of C2SP tlog-witness.

Who they are stands in the policy file of the installation, in the tlog-policy format.
"""

import logging
from pathlib import Path
from urllib import error, request

from django.conf import settings
from django.utils import timezone

from mingtang.core import cosignature, merkle, note, policy, witnessing
from mingtang.core.strict import Malformed
from mingtang.ledger import keys
from mingtang.ledger.models import Checkpoint, Cosignature
from mingtang.ledger.nodes import read_nodes

log = logging.getLogger(__name__)
TIMEOUT = 5  # seconds
NOBODY = policy.Policy(logs=(), witnesses={}, groups={}, quorum=policy.NONE)


def policy_in_force() -> policy.Policy:
    """Return the installation's witness policy. Raises Malformed, naming the line."""
    path = Path(settings.POLICY_FILE)
    return policy.parse_policy(path.read_text(encoding="utf-8")) if path.exists() else NOBODY


def cosign(checkpoint: Checkpoint) -> None:
    """Ask every witness that has not cosigned this checkpoint, and keep what checks out.

    A witness that is silent or refuses is logged and asked again with the next checkpoint.
    """
    for party in policy_in_force().witnesses.values():
        if party.url and not _has_cosigned(checkpoint.size, party.key.name):
            try:
                _ask(checkpoint, party)
            except (OSError, Malformed, note.NoteRefused, merkle.ProofFailed) as problem:
                log.warning("witness %s: %s", party.key.name, problem)


def cosigned_note(checkpoint: Checkpoint) -> str:
    """Return the checkpoint note with the lines of the witnesses who cosigned it."""
    lines = Cosignature.objects.filter(size=checkpoint.size).order_by("witness")
    return checkpoint.note + "".join(lines.values_list("line", flat=True))


def quorum_reached(checkpoint: Checkpoint) -> bool:
    """Return whether enough witnesses have cosigned for this checkpoint to be published."""
    rules = policy_in_force()
    opened = note.open_note(
        cosigned_note(checkpoint),
        [
            note.ed25519_verifier(keys.public(), keys.verify),
            *cosignature.verifiers((w.key for w in rules.witnesses.values()), keys.verify),
        ],
    )
    return rules.satisfied([key for key, _ in opened.verified])


def _has_cosigned(size: int, witness: str) -> bool:
    return Cosignature.objects.filter(size=size, witness=witness).exists()


def _ask(checkpoint: Checkpoint, party: policy.Party) -> None:
    last = Cosignature.objects.filter(witness=party.key.name).order_by("-size").first()
    answer = _post(checkpoint, party, last.size if last else 0)
    if isinstance(answer, int):  # it holds another checkpoint than we thought
        if answer > checkpoint.size:
            raise Malformed(f"it has seen {answer} entries, we are at {checkpoint.size}")
        answer = _post(checkpoint, party, answer)
    if isinstance(answer, int):
        raise Malformed("it changed its mind about the last checkpoint it saw")
    text = note.parse_note(checkpoint.note).text
    verifiers = cosignature.verifiers([party.key], keys.verify)
    for key, signature in witnessing.parse_response(answer, text=text, witnesses=verifiers):
        Cosignature.objects.create(
            size=checkpoint.size,
            witness=key.name,
            line=note.format_signatures([signature]),
            cosigned_at=timezone.now(),
        )


def _post(checkpoint: Checkpoint, party: policy.Party, old: int) -> bytes | int:
    """Return the witness's signature lines, or the size it holds when it is not `old`."""
    size = checkpoint.size
    proof = merkle.prove_consistency(old, size, read_nodes) if 0 < old < size else []
    body = witnessing.format_request(old, proof, checkpoint.note)
    url = party.url.rstrip("/") + "/add-checkpoint"
    try:
        with request.urlopen(request.Request(url, data=body), timeout=TIMEOUT) as response:
            return bytes(response.read(witnessing.MAX_RESPONSE + 1))
    except error.HTTPError as refusal:
        with refusal:
            if refusal.code == 409 and refusal.headers.get_content_type() == witnessing.SIZE_TYPE:
                return witnessing.parse_size(refusal.read(64))
            raise
