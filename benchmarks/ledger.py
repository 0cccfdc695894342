"""The ledger by itself: bulk append, full re-check, replay.

Aims, per core: 100,000 leaves/s appended, 500,000/s re-checked, 100,000 events/s replayed.
"""

import subprocess
import sys
from datetime import UTC, datetime

from installation import installation, plain_commits, rate, show

LEAVES = 200_000
CHUNK = 2_000


def main() -> None:
    with installation():
        measure()


def measure() -> None:
    from django.conf import settings

    from mingtang.config.wiring import SUBJECTS
    from mingtang.core import erasure, merkle, note
    from mingtang.ledger import keys, replay, sequencer
    from mingtang.ledger.actions import ERASURE
    from mingtang.ledger.enact import enact
    from mingtang.ledger.memory import memory
    from mingtang.ledger.orders import Order
    from mingtang.ledger.verify import verify

    commits = plain_commits()
    show("plain one-row commits", commits, "commits/s", "the same database")

    hashes = [merkle.leaf_hash(b"%d" % n) for n in range(LEAVES)]
    show("tree alone", rate(LEAVES, lambda: merkle.grow([], 0, hashes)), "leaves/s", "in memory")

    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    orders = [
        Order(
            ERASURE,
            str(n),
            erasure.Erase(
                index=n, names=("a",), sealed=("a",), basis="benchmark", by="benchmark", at=at
            ),
        )
        for n in range(LEAVES)
    ]

    def append() -> None:
        for start in range(0, LEAVES, CHUNK):
            enact(orders[start : start + CHUNK])

    appended = rate(LEAVES, append)
    show("append: decided, hashed, durable", appended, "leaves/s", f"{CHUNK} to a commit,")
    show("", appended / commits, "times", "the plain commit rate")

    memory.forget()
    replayed = rate(LEAVES, lambda: sum(1 for _ in replay.facts(SUBJECTS)))
    show("replay: read, decode, evolve", replayed, "events/s", "from the database")

    checked = rate(LEAVES, lambda: list(verify(SUBJECTS)))
    show("mingtang verify: tree, sealed, copies", checked, "entries/s", "three passes")

    sequencer.advance(at=datetime.now(UTC))
    vkey = note.format_vkey(keys.public())
    command = [sys.executable, "-m", "mingtang.verifier", "log", str(settings.LOG_DIRECTORY)]
    done = rate(
        LEAVES,
        lambda: subprocess.run([*command, "--vkey", vkey], check=True, capture_output=True),
    )
    show("verifier log: files alone, its own process", done, "entries/s", "start-up included")


if __name__ == "__main__":
    main()
