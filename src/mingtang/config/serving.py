"""Serving: pages through Granian, the work beside them, in the demonstration a witness too."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from mingtang.core import note
from mingtang.ledger import keys, witnesses
from mingtang.witness.server import open_server

WITNESS_ABOVE = 901  # the demonstration's witness listens this far above the pages
WITNESS_NAME = "witness.demo.example/w1"
WITNESS_STATE = Path(settings.HOME) / "witness"
THREADS = 4


def serve(*, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve pages here and run the work (and a demonstration's witness) as child processes."""
    children = [_child("witness", *_witness_arguments())] if WITNESS_STATE.exists() else []
    children.append(_child("work"))
    try:
        print(f"\n  http://{host}:{port}\n", flush=True)
        web(host=host, port=port, workers=1)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=10)


def web(*, host: str, port: int, workers: int) -> None:
    """Serve the pages until interrupted."""
    if settings.SECRET_KEY == settings.NO_SECRET:
        raise SystemExit("还没有初始化，请先运行 / not prepared yet, run first: mingtang init")
    Granian(
        "mingtang.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


def name_witness(port: int) -> None:
    """Put the demonstration's own witness into the policy, once: its key is made first."""
    policy = Path(settings.POLICY_FILE)
    if policy.exists():
        return
    with open_server(
        state=WITNESS_STATE, name=WITNESS_NAME, logs=[keys.public()], new_key=True
    ) as server:
        vkey = server.witness.vkey
    policy.write_text(
        f"log {note.format_vkey(keys.public())}\n"
        f"witness w1 {vkey} http://127.0.0.1:{port + WITNESS_ABOVE}\n"
        "quorum w1\n",
        encoding="utf-8",
    )


def _witness_arguments() -> list[str]:
    """Return how the demonstration's witness is started: where the policy says it listens."""
    party = witnesses.policy_in_force().witnesses["w1"]
    return [
        *("--state", str(WITNESS_STATE)),
        *("--listen", party.url.removeprefix("http://")),
        *("--name", WITNESS_NAME),
        *("--log", note.format_vkey(keys.public())),
    ]


def _child(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mingtang.config.cli", *arguments], env=dict(os.environ)
    )
