"""The report of notices on a terminal, Chinese and English side by side, or as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mingtang.config.importing.notices_report import Cell, Report
from mingtang.config.importing.printing import BAD_SHOWN, print_json


def report(file: Path, done: Report, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": file.name, **asdict(done)})
        return
    console = Console(markup=False, highlight=False)
    console.print(" · ".join(filter(None, (file.name, done.kind, done.encoding, done.format))))
    console.print(_counts(done))
    if done.refused:
        console.print(cells_table("没有导入的行 / rows not taken", done.refused))
    if done.doubts:
        console.print(
            cells_table("存疑的格 / cells in doubt: 行已导入 / the row is kept", done.doubts)
        )


def _counts(done: Report) -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, count in (
        ("读到 / rows read", done.read),
        ("新增 / new", done.new),
        ("更正 / corrected", done.corrected),
        ("未变 / unchanged", done.unchanged),
        ("重复 / repeated", done.repeated),
        ("不能用 / not taken", len(done.refused)),
        ("存疑 / in doubt", len(done.doubts)),
    ):
        table.add_row(label, f"{count:,}")
    table.add_row("用时 / seconds", f"{done.seconds:.2f}")
    return table


def cells_table(title: str, cells: Sequence[Cell]) -> Table:
    if len(cells) > BAD_SHOWN:
        title += f" ({BAD_SHOWN} / {len(cells):,}, --json: 全部 / all)"
    table = Table("行 / line", "列 / column", "原因 / reason", title=title, title_justify="left")
    for cell in cells[:BAD_SHOWN]:
        table.add_row(f"{cell.line:,}", cell.column, f"{cell.reason}\n{cell.reason_en}")
    return table
