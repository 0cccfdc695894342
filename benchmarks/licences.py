"""Checks of licences (公开核验) as their number grows, by check code and by identifier.

Aim: 100 checks a second held, and as quick among a million licences as among a thousand.

    --short    stop at 10,000 licences
    --json     one line of JSON for each figure

Licences, versions and papers are rows made up for this, all valid, sealed with one seal; the pages
are the real ones. `ms`, `per second`: what a page costs one processor, in this process; `against
form`: beside the empty form of the same page, asked for by turns, which is also what the ratio at
the end compares. `p50`, `p99`: how long `mingtang web` took to answer, asked 100 times a second
whether it was ready or not, and `answered` how many a second it did; held means 99 or more.
"""

import argparse
import http.client
import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from queue import Queue

from installation import asker, installation

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SHORT = SIZES[:2]
PAGES = 50  # in one round, in this process
ASKED = 100  # a second, of the server
SECONDS, READERS = 10, 8
HELD = 99  # a second
ROUNDS = 8
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CERTIFICATE = "ab" * 32
ISSUER = "11990000MB0000001X"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with installation():
        measure(SHORT if options.short else SIZES, _as_json if options.json else _as_line)


def measure(sizes: Sequence[int], tell: Callable[..., None]) -> None:
    seal()
    ask, costs = asker(), {}
    for smaller, size in zip((0, *sizes), sizes, strict=False):
        start = time.perf_counter()
        build(smaller, size)
        tell(what="built", licences=size, seconds=round(time.perf_counter() - start, 1))
        for how, address in (("code", by_code), ("identifier", by_identifier)):
            cost, form = processor(ask, size, address)
            costs[how, size] = cost / form
            with served() as port:
                waits, answered = asked_steadily(port, size, address)
            tell(
                what=how,
                licences=size,
                per_second=round(1000 / cost),
                ms=round(cost, 2),
                against_form=round(cost / form, 2),
                p50_ms=_at(waits, 0.50),
                p99_ms=_at(waits, 0.99),
                answered=round(answered, 1),
                held=answered >= HELD,
            )
    for how in ("code", "identifier"):
        ratio = costs[how, sizes[-1]] / costs[how, sizes[0]]
        tell(what=f"{how}: {sizes[-1]:,} against {sizes[0]:,}", ratio=round(ratio, 2))


# ── What is asked for ───────────────────────────────────────────────────────


def code(number: int) -> str:
    digest = int.from_bytes(sha256(b"code %d" % number).digest()[:10], "big")
    return "".join(SIGNS[digest >> 5 * place & 31] for place in range(16))


def identifier(number: int) -> str:
    from mingtang.core.licences.identifier import Identifier, format_identifier

    return format_identifier(Identifier(f"{ISSUER}001", ISSUER, f"2026{number:016}", 1))


def by_code(number: int) -> str:
    return f"/check/{code(number)}/"


def by_identifier(number: int) -> str:
    return f"/check/?q={identifier(number)}"


# ── Rows ────────────────────────────────────────────────────────────────────


def seal() -> None:
    from mingtang.trust.models import SealRow

    given = {"key": "health-1", "organ": "health", "organ_name": "演示卫生健康委员会",
             "fingerprint": CERTIFICATE, "standing": "active"}  # fmt: skip
    SealRow.objects.create(**_filled(SealRow, given))


def build(after: int, upto: int) -> None:
    """Add the licences of these numbers, each with its version and its paper, in plain SQL."""
    from django.db import connection, transaction

    from mingtang.licences.models import LicenceRow, VersionRow
    from mingtang.papers.models import PaperRow

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -1000000")
        cursor.execute("CREATE TEMP TABLE made (n integer, k text, i text, c text, d text)")
        insert = "INSERT INTO made VALUES (%s, %s, %s, %s, %s)"
        for start in range(after, upto, 10_000):
            numbers = range(start + 1, min(start + 10_000, upto) + 1)
            cursor.executemany(insert, [_made(number) for number in numbers])
        for model, given in ((LicenceRow, LICENCE), (VersionRow, VERSION), (PaperRow, PAPER)):
            _insert(cursor, model, given)
        cursor.execute("DROP TABLE made")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _made(number: int) -> tuple[int, str, str, str, str]:
    key = f"MT-{number // 10_000:04}-{number % 10_000:04}"
    digest = sha256(b"file %d" % number).hexdigest()
    return number, key, identifier(number), code(number), digest


LICENCE = {
    "key": "k", "stage": "'valid'", "version": "1", "identifier": "i", "paper": "k || '-L1'",
    "holder_kind": "'person'", "holder_name": "'演示持证人' || n", "name": "'演示工作人员证'",
    "organ": "'health'", "organ_name": "'演示卫生健康委员会'", "holder": "'P' || n",
    "number": "'演示证〔2026〕' || n || '号'", "valid_to": "'2099-12-31'", "last_index": "n",
}  # fmt: skip
VERSION = {
    "id": "k || '.1'", "licence": "k", "version": "1", "identifier": "i", "paper": "k || '-L1'",
    "holder_name": "'演示持证人' || n", "valid_to": "'2099-12-31'", "index": "n",
    "issued_index": "n", "values": "'[]'",
}  # fmt: skip
PAPER = {
    "key": "k || '-L1'", "paper": "'licence'", "series": "'health/证/2026'", "serial": "n",
    "number": "'演示证〔2026〕' || n || '号'", "title": "'演示工作人员证'",
    "addressee": "'演示持证人' || n", "about": "'licence/' || k", "code": "c", "sha256": "d",
    "sm3": "d", "size": "40000", "file": "substr(d, 1, 26)", "organ": "'health'",
    "owner": "'P' || n", "certificate": f"'{CERTIFICATE}'", "seal_no": "'9900000000017'",
    "letter_no": "'演示授〔2026〕1号'", "cause": "n", "ordered_index": "n", "issued_index": "n",
    "last_index": "n",
}  # fmt: skip


def _insert(cursor: object, model: object, given: dict[str, str]) -> None:
    fields = model._meta.local_concrete_fields  # type: ignore[attr-defined]
    values = [given.get(field.name) or _literal(_default(field)) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table  # type: ignore[attr-defined]
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM made ORDER BY n"
    )


def _filled(model: object, given: dict[str, object]) -> dict[str, object]:
    fields = model._meta.local_concrete_fields  # type: ignore[attr-defined]
    return {field.name: given.get(field.name, _default(field)) for field in fields}


def _default(field: object) -> object:
    """Return something harmless that a column takes: empty, zero, false, this morning."""
    kind = field.get_internal_type()  # type: ignore[attr-defined]
    plain = {"BooleanField": False, "DateTimeField": AT, "DateField": date(2026, 3, 2)}
    return plain.get(kind, 0 if "Integer" in kind else "")


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return f"'{value:%Y-%m-%d %H:%M:%S}+00:00'"
    return f"'{value}'"


# ── In this process ─────────────────────────────────────────────────────────


def processor(
    ask: Callable[..., object], size: int, address: Callable[[int], str]
) -> tuple[float, float]:
    """Return what a check and what the empty form cost one processor, in milliseconds: the
    best of `ROUNDS` rounds by turns."""
    chance, checks, forms = random.Random(size), [], []
    for _ in range(ROUNDS):
        numbers = [chance.randint(1, size) for _ in range(PAGES)]
        checks.append(_cost(ask, [address(number) for number in numbers]))
        forms.append(_cost(ask, ["/check/"] * PAGES))
    return min(checks), min(forms)


def _cost(ask: Callable[..., object], addresses: Sequence[str]) -> float:
    start = time.process_time()
    for address in addresses:
        status, _headers = ask(address)
        assert status == 200, (address, status)
    return (time.process_time() - start) / len(addresses) * 1000


# ── Over the wire ───────────────────────────────────────────────────────────


@contextmanager
def served() -> Iterator[int]:
    """Run `mingtang web` on a free port until it is not needed any more."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mingtang.config.cli", "web", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert server.poll() is None, "the server did not start"
            time.sleep(0.1)
    raise AssertionError("the server did not listen")


def asked_steadily(
    port: int, size: int, address: Callable[[int], str]
) -> tuple[list[float], float]:
    """Ask 100 times a second for `SECONDS`. Return how long each answer took, in milliseconds
    from the moment it was due, the quickest first; and how many there were a second."""
    chance, due, waits = random.Random(size + 1), Queue(), []
    for reader in range(READERS):  # a first page each: templates read, connections made
        _get(http.client.HTTPConnection("127.0.0.1", port), address(reader + 1))
    readers = [threading.Thread(target=_read, args=(port, due, waits)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    begin = time.perf_counter()
    for number in range(ASKED * SECONDS):
        moment = begin + number / ASKED
        time.sleep(max(0, moment - time.perf_counter()))
        due.put((moment, address(chance.randint(1, size))))
    for _ in readers:
        due.put(None)
    for reader in readers:
        reader.join()
    return sorted(waits), len(waits) / (time.perf_counter() - begin)


def _read(port: int, due: Queue, waits: list[float]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while (one := due.get()) is not None:
        moment, address = one
        _get(line, address)
        waits.append((time.perf_counter() - moment) * 1000)


def _get(line: http.client.HTTPConnection, address: str) -> None:
    line.request("GET", address)
    answer = line.getresponse()
    body = answer.read()
    assert answer.status == 200, (address, answer.status)
    assert "今天有效" in body.decode(), address


# ── What is told ────────────────────────────────────────────────────────────


def _at(waits: Sequence[float], share: float) -> float:
    return round(waits[min(len(waits) - 1, int(len(waits) * share))], 1)


def _as_json(**figures: object) -> None:
    print(json.dumps(figures), flush=True)


def _as_line(**figures: object) -> None:
    what = figures.pop("what")
    size = figures.pop("licences", None)
    label = f"{what}, {size:,} licences" if size else str(what)
    rest = "   ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
    print(f"{label:<38} {rest}", flush=True)


if __name__ == "__main__":
    main()
