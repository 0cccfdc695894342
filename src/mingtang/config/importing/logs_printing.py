"""The report of an event log on a terminal, Chinese and English side by side, or as JSON."""

from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mingtang.config.importing.logs_report import Report
from mingtang.config.importing.notices_printing import cells_table
from mingtang.config.importing.printing import print_json


def report(file: Path, done: Report, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": file.name, **asdict(done)})
        return
    console = Console(markup=False, highlight=False)
    console.print(" · ".join(filter(None, (file.name, done.kind, done.encoding, done.source))))
    console.print(_counts(done))
    if done.unmapped:
        console.print(
            f"对照表没有用到的列 / columns the map leaves out: {'、'.join(done.unmapped)}"
        )
    if done.nested:
        console.print(f"没有导入的嵌套值 / nested values left out: {done.nested:,}")
    if done.refused:
        console.print(cells_table("没有导入的行和办件 / rows and cases not taken", done.refused))
    if done.doubts:
        title = "存疑的格 / cells in doubt: 行已导入 / the row is kept"
        console.print(cells_table(title, done.doubts))


def _counts(done: Report) -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, count in (
        ("读到 / events read", done.read),
        ("重复 / repeated", done.repeated),
        ("办件 / cases", done.cases),
        ("新增 / new", done.new),
        ("有新记录 / continued", done.continued),
        ("未变 / unchanged", done.unchanged),
        ("记入的环节 / events recorded", done.steps_recorded),
        ("不能用 / not taken", len(done.refused)),
        ("存疑 / in doubt", len(done.doubts)),
    ):
        table.add_row(label, f"{count:,}")
    table.add_row("用时 / seconds", f"{done.seconds:.2f}")
    return table
