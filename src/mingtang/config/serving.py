"""Serving: pages and the bidding room through Granian, the work beside them, in the demonstration
a witness too.

The room's server runs in this very process: it hears of the end before its sockets do, so that
what is under way is committed and answered, and watchers are let go.
"""

import asyncio
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from starlette.types import ASGIApp

from mingtang.bidding import garbage
from mingtang.bidding.app import Room
from mingtang.bidding.app import application as bidding_room
from mingtang.bidding.writing import Apart
from mingtang.core import note
from mingtang.ledger import keys, witnesses
from mingtang.trading.actions import outages
from mingtang.trading.ports import bank
from mingtang.witness.server import open_server

WITNESS_ABOVE = 901  # the demonstration's witness listens this far above the pages
WITNESS_NAME = "witness.demo.example/w1"
BIDDERS = "demo-bidders.json"  # of a demonstration: they bid by themselves
WITNESS_STATE = Path(settings.HOME) / "witness"
BANK_ABOVE = 902  # so does its bank, and a number higher the centre, for what the bank pushes
BANK_STATE = "bank-simulator.json"
BANK_ROUND = "5"  # seconds between the centre's rounds: nobody waits a minute for a demonstration
THREADS = 4
BACKLOG = 4_096  # connections that wait to be taken: a room opens for all at once
SWITCH = 0.0005  # seconds a thread keeps the interpreter while another waits: answers over bulk
DRAIN = 10.0  # seconds that what is under way has to end


def serve(*, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve pages and the room here, the work (and a demonstration's others) as children."""
    from mingtang.config.asgi import beside  # the room alone does not load the pages

    children = [_child("witness", *_witness_arguments())] if WITNESS_STATE.exists() else []
    children.append(_child("work"))
    if (Path(settings.HOME) / "keys" / BIDDERS).exists():
        children.append(_child("demo-bidders", "--url", f"http://{host}:{port}/bidding"))
        children.extend(_child(*arguments) for arguments in bank_arguments())
    try:
        print(f"\n  http://{host}:{port}\n", flush=True)
        room = bidding_room(Apart())
        _serve(beside(room), room.state.room, host=host, port=port)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=10)


def bidding(*, host: str, port: int) -> None:
    """Serve the bidding room alone until interrupted."""
    app = bidding_room(Apart())
    _serve(app, app.state.room, host=host, port=port)


def web(*, host: str, port: int, workers: int) -> None:
    """Serve the pages until interrupted."""
    _require_prepared()
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


def _require_prepared() -> None:
    if settings.SECRET_KEY == settings.NO_SECRET:
        raise SystemExit("还没有初始化，请先运行 / not prepared yet, run first: mingtang init")


def _serve(app: ASGIApp, room: Room, *, host: str, port: int) -> None:
    _require_prepared()
    _raise_file_limit()
    _come_back()
    sys.setswitchinterval(SWITCH)
    garbage.look_seldom()
    asyncio.run(_until_told_to_stop(app, room, host, port))


async def _until_told_to_stop(app: ASGIApp, room: Room, host: str, port: int) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        log_level=LogLevels.error,
    )
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    serving = asyncio.create_task(server.serve())
    ends = (serving, *(asyncio.create_task(event.wait()) for event in (told, room.failed)))
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    room.close()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(room.ended(), DRAIN)
    server.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(serving, DRAIN)
    if not told.is_set():
        raise SystemExit("竞价大厅意外停止 / the bidding room stopped by itself")


def _come_back() -> None:
    """If the room was away, move every open deadline before anybody is served (系统中断顺延)."""
    found = outages.give_sign(outages.BIDDING, at=timezone.localtime())
    connection.close()
    if found:
        print("竞价大厅曾经中断，截止时间已顺延 / was interrupted, deadlines moved", flush=True)


def leave() -> None:
    """End this process, now that everything is committed and answered.

    Without taking the interpreter apart: threads of the server that still want it would then bring
    the process down with an error.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _raise_file_limit() -> None:
    """A watcher is an open file; most systems give a process 1,024 until it asks for more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


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


def name_bank(port: int) -> None:
    """Say who keeps the demonstration's deposits, once: a bank that is simulated beside it."""
    file = bank.path()
    if file.exists():
        return
    said = {
        "holder": "公共服务中心（演示）",
        "name": "演示银行营业部",
        "code": "999990000018",  # no such bank
        "institution": "MINGTANG-DEMO",
        "account": "99000001",
        "prefix": "99",
        "address": f"127.0.0.1:{port + BANK_ABOVE}",
    }
    file.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def bank_arguments() -> list[list[str]]:
    """Return how the demonstration's bank and the centre's side of its line are started.

    Nothing where `bank.json` names a bank elsewhere: that one is not ours to simulate.
    """
    host, _, number = bank.bank().address.rpartition(":")
    if host != "127.0.0.1":
        return []
    ours, state = int(number) + 1, str(Path(settings.HOME) / BANK_STATE)
    simulator = ["bank-simulator", "--port", number, "--centre", f"{host}:{ours}", "--file", state]
    return [simulator, ["bank-listen", "--port", str(ours), "--every", BANK_ROUND]]


def _child(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mingtang.config.cli", *arguments], env=dict(os.environ)
    )
