"""The bank from a shell (银行收付): listening to it, statements, payment orders."""

import json
import logging
import threading
from pathlib import Path

import click
from django.db import close_old_connections, connection
from django.utils import timezone

from mingtang.config.installing import SYSTEM
from mingtang.core.trading.banking import yuan_text
from mingtang.trading.actions import deposits as actions
from mingtang.trading.adapters import bank_desk
from mingtang.trading.adapters.bank_line import LineServer
from mingtang.trading.adapters.payment_orders import pain001
from mingtang.trading.adapters.statements import take
from mingtang.trading.adapters.xml import Malformed
from mingtang.trading.ports.bank import bank
from mingtang.trading.queries import deposits as queries

log = logging.getLogger(__name__)
MOST_IN_FILE = 1_000  # payments


def listen(*, host: str, port: int, every: float, stop: threading.Event | None = None) -> None:
    """Answer the bank until interrupted; deal with it every so many seconds, where it is named."""
    stop = stop or threading.Event()
    known = bank()
    with LineServer((host, port), bank_desk.answer_and_let_go, known.allow) as server:
        dealing = threading.Thread(target=_keep_dealing, args=[every, stop], daemon=True)
        if known.address:
            dealing.start()
        click.echo(f"listening on {host}:{server.server_address[1]}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("stopped")
        finally:
            stop.set()
            if dealing.is_alive():
                dealing.join()


def _keep_dealing(every: float, stop: threading.Event) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            done = bank_desk.deal(at=timezone.localtime())
            if done != bank_desk.Round():
                log.info("with the bank: %s", done)
        except (OSError, Malformed) as problem:
            log.warning("the bank: %s", problem)
        except Exception:
            log.exception("a round with the bank failed; the next one tries again")
        stop.wait(every)
    connection.close()  # this thread's own


def import_statement(file: Path, *, as_json: bool = False) -> int:
    """Book a statement. Returns 0: all booked, 1: some lines reported, 2: no statement."""
    try:
        taken = take(file.read_bytes(), at=timezone.localtime())
    except (OSError, Malformed) as problem:
        click.echo(json.dumps({"error": str(problem)}) if as_json else f"{file}: {problem}")
        return 2
    counts = {
        name: getattr(taken, name) for name in ("lines", "booked", "stray", "known", "settled")
    }
    problems = [
        {"line": p.number, "code": p.code, "account": p.account, "yuan": yuan_text(p.amount_fen)}
        for p in taken.problems
    ]
    if as_json:
        click.echo(json.dumps({**counts, "problems": problems}, ensure_ascii=False))
    else:
        click.echo(", ".join(f"{name} {number}" for name, number in counts.items()))
        for one in problems:
            click.echo("  ".join(f"{name} {value}" for name, value in one.items()))
    return 1 if problems else 0


def export_refunds(file: Path, *, batch: str = "") -> int:
    """Write what is ordered, or a batch written before, as pain.001; return how many payments."""
    now = timezone.localtime()
    batch = batch or actions.send_payments(by=SYSTEM, at=now, most=MOST_IN_FILE)
    payments = queries.payments_of(batch)
    if not payments:
        return 0
    new = file.with_name(file.name + ".new")
    new.write_bytes(pain001(payments, batch=batch, bank=bank(), at=now))
    new.replace(file)
    click.echo(f"{file}: batch {batch}, {len(payments)} payments")
    return len(payments)
