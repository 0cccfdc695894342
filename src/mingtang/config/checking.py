"""`mingtang verify`, `rebuild`, `status`: what an operator or an auditor asks of a log."""

import json
import sys
from collections.abc import Iterator
from hashlib import new, sha256
from itertools import chain

from django.db import connection, transaction
from rich.console import Console
from rich.progress import Progress

from mingtang.cases import queries as cases
from mingtang.config.wiring import SUBJECTS
from mingtang.core import note
from mingtang.core.clock import CHINA
from mingtang.intermediaries import queries as intermediaries
from mingtang.ledger import keys, queries, replay, witnesses
from mingtang.ledger import verify as verifying
from mingtang.ledger.verify import Finding
from mingtang.papers import queries as papers
from mingtang.trading.queries import outages as trading
from mingtang.vault import queries as vault


def verify(*, as_json: bool) -> int:
    """Print a line per finding; return 1 when there is any."""
    console = Console(file=sys.stderr, soft_wrap=True)
    count = 0
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("核验 verifying", total=queries.written() or None)
        for finding in findings(lambda done: progress.update(bar, completed=done)):
            count += 1
            print(_line(finding, as_json=as_json), flush=True)
    if not as_json:
        entries = queries.written()
        print(f"{entries} 条记录，{count} 处不符 / {entries} entries, {count} findings")
    return 1 if count else 0


def findings(progress: verifying.Progress | None = None) -> Iterator[Finding]:
    """Yield everything that is not as it must be: ledger, copies, documents, papers."""
    yield from verifying.verify(SUBJECTS, progress=progress)
    yield from _documents()
    yield from _papers()


def _documents() -> Iterator[Finding]:
    """Compare the files in the vault with the digests the ledger holds of them."""
    for recorded in chain(cases.documents_recorded(), intermediaries.documents_recorded()):
        row = vault.document(recorded.id)
        # No entry records the erasure of a document yet, so an erased one is named as well:
        # otherwise whoever deletes a file need only set a column.
        if row is None or row.erased_at is not None:
            yield Finding("verify.document-missing", f"document {recorded.id}")
        elif (row.sha256, row.sm3) != (recorded.sha256, recorded.sm3) or not vault.is_intact(row):
            yield Finding("verify.document-altered", f"document {recorded.id}")


def _papers() -> Iterator[Finding]:
    """Compare the files of issued papers with the digests the ledger holds of their bytes."""
    for key, recorded in papers.files_recorded():
        row = vault.document(recorded.id)
        pdf = vault.bytes_of(recorded.id)
        if row is None or row.erased_at is not None or pdf is None:
            yield Finding("verify.paper-missing", f"paper {key}", f"document {recorded.id}")
        elif (sha256(pdf).hexdigest(), new("sm3", pdf).hexdigest(), len(pdf)) != (
            recorded.sha256,
            recorded.sm3,
            recorded.size,
        ):
            yield Finding("verify.paper-altered", f"paper {key}", f"document {recorded.id}")


def _line(finding: Finding, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(
            {"code": finding.code, "where": finding.where, "what": finding.what},
            ensure_ascii=False,
        )
    return f"{finding.code}  {finding.where}  {finding.what}".rstrip()


def rebuild() -> None:
    """Write every copied row again, in one transaction."""
    with transaction.atomic():
        written = replay.rebuild(SUBJECTS)
    for table, rows in sorted(written.items()):
        print(f"{rows:>9} {table}")


def _alive() -> str:
    """Say when each service last said that it lives."""
    found = trading.signs().items()
    said = (f"{service} {at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" for service, at in found)
    return ", ".join(said) or "none yet"


def status() -> None:
    """Print what is here."""
    head = queries.head()
    facts = {
        "database": f"{connection.vendor} {connection.settings_dict['NAME']}",
        "log key": note.format_vkey(keys.public()),
        "entries": queries.size(),
        "published": f"{head.size} {head.root}" if head else "nothing yet",
        "witnesses": ", ".join(witnesses.policy_in_force().witnesses) or "none",
        "alive": _alive(),
    }
    for name, value in facts.items():
        print(f"{name:<10} {value}")
