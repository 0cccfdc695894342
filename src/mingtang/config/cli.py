"""The `mingtang` command: a map of what can be done from a shell."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

ROOMS = (
    ("Start", ("init", "administrators", "demo", "serve")),
    ("Run in parts", ("web", "bidding", "work", "witness")),
    ("Fill", ("import-items", "import-notices", "cases", "calendar")),
    (
        "Bank",
        ("bank-listen", "import-statement", "export-refunds", "bank-simulator", "pay"),
    ),
    ("Check", ("verify", "rebuild", "status")),
    ("Erase", ("erase",)),
)


class Map(click.Group):
    """Help that reads like a map: commands under what one wants to do."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in ROOMS:
            with formatter.section(title):
                formatter.write_dl(
                    [(name, self.commands[name].get_short_help_str(90)) for name in names]
                )


@click.group(cls=Map, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Mingtang (明堂): a public service centre on one tamper-evident ledger.

    Data lie in MINGTANG_HOME (default ./var); the database is DATABASE_URL (default SQLite
    there). Begin with `mingtang demo` to look around, or `mingtang init` for real use.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.config.settings")


def _with_django(function: Callable[..., Any]) -> Callable[..., Any]:
    """Load the rooms only for commands that need them: `--help` stays quick."""

    def run(**options: Any) -> Any:
        import django

        django.setup()
        from mingtang.core.decider import Refused
        from mingtang.ui.refusals import sentence

        try:
            return function(**options)
        except Refused as refusal:
            raise click.ClickException(f"{sentence(refusal)} ({refusal.code})") from refusal

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    return run


# ── Start ───────────────────────────────────────────────────────────────────


@main.command()
@_with_django
def init() -> None:
    """Prepare an empty installation: database, log key, working-day calendar.

    Run again, it brings the database up to date and leaves everything else alone.
    """
    from mingtang.config import installing

    for line in installing.prepare():
        click.echo(line)


@main.command()
@_with_django
def administrators() -> None:
    """Open the three administrators' accounts; prints one-time passwords.

    系统管理员, 安全管理员, 审计管理员: three people, none of whom sees business data.
    """
    from mingtang.config import installing

    for username, role, password in installing.open_administrators():
        click.echo(f"{role:<16} {username:<16} {password}")


@main.command()
@click.option("--serve/--no-serve", default=True, help="Serve it afterwards (default), or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option("--port", default=8000, show_default=True, help="Port on 127.0.0.1.")
def demo(serve: bool, as_json: bool, port: int) -> None:
    """Make a demonstration province and serve it."""
    os.environ["MINGTANG_DEMO"] = "1"
    os.environ.setdefault("MINGTANG_URL", f"http://127.0.0.1:{port}")
    import django

    django.setup()
    from mingtang.config.demo import province

    counts = province.make(port=port, quiet=as_json)
    if as_json:
        click.echo(json.dumps(counts, ensure_ascii=False))
    if serve:
        from mingtang.config import serving

        serving.serve(port=port)
        serving.leave()


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@_with_django
def serve(port: int, host: str) -> None:
    """Serve everything from one command: pages, bidding room, checkpoints, clocks, reactions."""
    from mingtang.config import serving

    serving.serve(host=host, port=port)
    serving.leave()


# ── Run in parts ────────────────────────────────────────────────────────────


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=1, show_default=True)
@_with_django
def web(port: int, host: str, workers: int) -> None:
    """Serve the pages only."""
    from mingtang.config import serving

    serving.web(host=host, port=port, workers=workers)


@main.command()
@click.option("--port", default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@_with_django
def bidding(port: int, host: str) -> None:
    """Serve the bidding room only: bids, and what watchers see of them."""
    from mingtang.config import serving

    serving.bidding(host=host, port=port)
    serving.leave()


@main.command()
@_with_django
def work() -> None:
    """Sign checkpoints, do what time does, react to what happens. One process of these."""
    from mingtang.config import working

    sys.exit(working.work())


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def witness(arguments: tuple[str, ...]) -> None:
    """Run a witness for logs: its own program and key, for an outside body."""
    from mingtang.witness.__main__ import main as run

    sys.exit(run(list(arguments)))


# ── Fill ────────────────────────────────────────────────────────────────────


@main.command("import-items")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_with_django
def import_items(file: Path, as_json: bool) -> None:
    """Bring service items in from CSV, XLSX or JSON.

    Good rows are kept, bad ones listed with line and reason; running it again is harmless.
    Exit 0 when every row was good, 1 when some were not, 2 when the file cannot be used.
    """
    from mingtang.config import importing

    sys.exit(importing.import_items(file, as_json=as_json))


@main.command("import-notices")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--source", default="", help="The platform, where the rows do not name it.")
@click.option("--region", default="", help="Names of divisions, largest first: 演示省-演示市.")
@click.option("--region-code", default="", help="Code of that division.")
@click.option(
    "--divisions",
    type=click.Path(path_type=Path),
    help="CSV of divisions: code, name, parent_code, status, successor.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_with_django
def import_notices(
    files: tuple[Path, ...],
    source: str,
    region: str,
    region_code: str,
    divisions: Path | None,
    as_json: bool,
) -> None:
    """Bring in notices of other platforms: tender plans, notices, land listings and results.

    From CSV, XLSX or JSON. Good rows are kept, bad ones listed with line, column and reason;
    running it again is harmless. Exit 0 when every row was good, 1 when some were not, 2 when
    a file cannot be used.
    """
    from mingtang.config.importing import notices
    from mingtang.config.importing.notices_reading import Said

    said = Said(source=source, region=region, region_code=region_code)
    sys.exit(notices.import_notices(files, said, divisions, as_json=as_json))


@main.group(cls=click.Group)
def cases() -> None:
    """Cases of other systems, as read-only history: `mingtang cases import-log FILE --map MAP`."""


@cases.command("import-log")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    required=True,
    help="TOML: which column is what (docs/formats/import-log.md).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_with_django
def import_log(file: Path, map_file: Path, as_json: bool) -> None:
    """Bring in an event log of another system: CSV or XES, also in .gz.

    Good rows are kept, bad ones listed with line, column and reason; running it again adds only
    what is new. Exit 0 when every row was good, 1 when some were not, 2 when a file cannot be
    used.
    """
    from mingtang.config.importing import logs

    sys.exit(logs.import_log(file, map_file, as_json=as_json))


@main.command()
@click.argument("year", type=int)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--source", required=True, help="Title or number of the State Council's notice.")
@_with_django
def calendar(year: int, file: Path, source: str) -> None:
    """Make a year official: FILE lists `off 2027-01-01` and `work 2027-02-06`, a line each."""
    from mingtang.config import installing

    moved = installing.make_year_official(year, file.read_text(encoding="utf-8"), source)
    click.echo(f"{year}: official, {moved} open cases dated anew")


# ── Bank ────────────────────────────────────────────────────────────────────


@main.command("bank-listen")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=9500, show_default=True)
@click.option("--every", default=60.0, show_default=True, help="Seconds between our own rounds.")
@_with_django
def bank_listen(host: str, port: int, every: float) -> None:
    """Take what the bank pushes: arrivals of deposits, refunds it paid.

    Where bank.json names the bank's address, it is also told of new sub-accounts and refunds.
    """
    from mingtang.config import banking

    banking.listen(host=host, port=port, every=every)


@main.command("import-statement")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_with_django
def import_statement(file: Path, as_json: bool) -> None:
    """Book a statement of account (ISO 20022 camt.053), every entry once.

    Exit 0 when all was booked, 1 when lines are reported, 2 when the file is no statement.
    """
    from mingtang.config import banking

    sys.exit(banking.import_statement(file, as_json=as_json))


@main.command("export-refunds")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--batch", default="", help="Write this batch once more, and no new one.")
@_with_django
def export_refunds(file: Path, batch: str) -> None:
    """Write the refunds that are ordered as payment orders (ISO 20022 pain.001).

    They count as sent from then on. Exit 1 when there is nothing to write.
    """
    from mingtang.config import banking

    sys.exit(0 if banking.export_refunds(file, batch=batch) else 1)


@main.command("bank-simulator")
@click.option("--port", default=9501, show_default=True)
@click.option("--centre", default="127.0.0.1:9500", show_default=True, help="Whom it tells.")
@click.option("--file", type=click.Path(path_type=Path), help="Where it keeps its accounts.")
def bank_simulator(port: int, centre: str, file: Path | None) -> None:
    """Run a bank for demonstrations and trials. It keeps no money."""
    from mingtang.config.demo import bank

    host, _, number = centre.rpartition(":")
    click.echo(f"simulating a bank on 127.0.0.1:{port}")
    bank.serve(bank.Simulator(file, (host, int(number))), ("127.0.0.1", port))


@main.command("demo-bidders", hidden=True)
@click.option("--url", required=True, help="Where the bidding room is.")
@_with_django
def demo_bidders(url: str) -> None:
    """Bid in the demonstration's auctions as browsers would."""
    from mingtang.config.demo import bidders

    bidders.run(url)


@main.command()
@click.argument("account")
@click.argument("amount")
@click.option("--name", default="演示付款人", show_default=True, help="Who pays.")
@click.option("--from-account", default="", help="From which account (default: a random one).")
@click.option("--memo", default="", help="附言.")
@click.option("--port", type=int, help="Port of the simulator (default: as bank.json says).")
@_with_django
def pay(
    account: str, amount: str, name: str, from_account: str, memo: str, port: int | None
) -> None:
    """Pay AMOUNT yuan into a sub-ACCOUNT at the simulated bank."""
    from mingtang.trading.adapters import trial_payment
    from mingtang.trading.ports.bank import bank

    port = port or int(bank().address.rpartition(":")[2] or 9501)
    try:
        answer = trial_payment.pay(
            ("127.0.0.1", port), account, amount, name=name, from_account=from_account, memo=memo
        )
    except (OSError, ValueError) as problem:
        raise click.ClickException(str(problem)) from problem
    if answer.result != "00":
        raise click.ClickException(f"{answer.result} {answer.fields.get('AddWord', '')}")
    click.echo(f"{amount} yuan paid into {account}")


# ── Check ───────────────────────────────────────────────────────────────────


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One finding a line, as JSON.")
@_with_django
def verify(as_json: bool) -> None:
    """Check everything against everything; name what was altered.

    Exit 0 when all is as it must be, 1 when anything is not.
    """
    from mingtang.config import checking

    sys.exit(checking.verify(as_json=as_json))


@main.command()
@_with_django
def rebuild() -> None:
    """Throw every copied row away and write it again from the ledger."""
    from mingtang.config import checking

    checking.rebuild()


@main.command()
@_with_django
def status() -> None:
    """Say what is here: entries, checkpoint, witnesses, key, database."""
    from mingtang.config import checking

    checking.status()


# ── Erase ───────────────────────────────────────────────────────────────────


@main.command()
@click.argument("index", type=int)
@click.argument("fields", nargs=-1, required=True)
@click.option("--basis", required=True, help="The article or request that demands it.")
@click.option("--by", required=True, help="Who answers for it.")
@_with_django
def erase(index: int, fields: tuple[str, ...], basis: str, by: str) -> None:
    """Erase sealed FIELDS of entry INDEX: value and salt go, every proof stands.

    The erasure itself is an entry of the log, with its basis. It cannot be undone.
    """
    from mingtang.config import installing

    receipt = installing.erase(index, fields, basis=basis, by=by)
    click.echo(f"{index}: {', '.join(fields)} erased, entry {receipt.index}")


if __name__ == "__main__":
    main()
