"""The report on a terminal, Chinese and English side by side, or as JSON for programs."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mingtang.catalogue.actions import Progress as Advance
from mingtang.catalogue.queries import QualityReport
from mingtang.catalogue.templatetags.catalogue_words import shortcoming_sentence
from mingtang.config.importing.report import Report
from mingtang.config.importing.words import sentences

BAD_SHOWN = 50


@contextmanager
def progress(total: int) -> Iterator[Advance]:
    columns = (
        TextColumn("导入 / importing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("import", total=total)
        yield lambda done: bar.advance(task, done)
        bar.update(task, completed=total)  # bad rows never reached the ledger


def unusable(file: Path, code: str, facts: Mapping[str, object], *, as_json: bool) -> None:
    chinese, english = sentences(code, facts)
    if as_json:
        reason = {"code": code, "reason": chinese, "reason_en": english}
        print_json({"file": file.name, "unusable": reason})
        return
    print(f"{file.name}: {chinese}。\n{file.name}: {english}.", file=sys.stderr)


def report(file: Path, done: Report, quality: QualityReport, *, as_json: bool) -> None:
    missing = [
        {"code": code, "items": items, "reason": chinese, "reason_en": english}
        for code, items in quality.by_code.items()
        for chinese, english in [_both(code)]
    ]
    if as_json:
        complete = {"drafts": quality.drafts, "complete": quality.complete, "missing": missing}
        print_json({"file": file.name, **asdict(done), "quality": complete})
        return
    console = Console(markup=False, highlight=False)
    console.print(" · ".join(filter(None, (file.name, done.kind, done.encoding, done.format))))
    console.print(_counts(done))
    if done.bad:
        console.print(_bad(done))
    if quality.drafts:
        console.print(_missing(quality, missing))
        console.print(_verdict(quality))


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _both(code: str) -> tuple[str, str]:
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(str(shortcoming_sentence(code)))
    return found[0], found[1]


def _counts(done: Report) -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, count in (
        ("读到 / rows read", done.read),
        ("新增 / new", done.new),
        ("更新 / changed", done.changed),
        ("未变 / unchanged", done.unchanged),
        ("不能用 / bad", len(done.bad)),
        ("部门 / departments", done.departments),
        ("新登记的部门 / newly registered", done.registered),
    ):
        table.add_row(label, f"{count:,}")
    table.add_row("用时 / seconds", f"{done.seconds:.2f}")
    return table


def _bad(done: Report) -> Table:
    title = "没有导入的行 / rows not taken"
    if len(done.bad) > BAD_SHOWN:
        title += f" ({BAD_SHOWN} / {len(done.bad):,}, --json: 全部 / all)"
    table = Table("行 / line", "原因 / reason", title=title, title_justify="left")
    for row in done.bad[:BAD_SHOWN]:
        table.add_row(f"{row.line:,}", f"{row.reason}\n{row.reason_en}")
    return table


def _missing(quality: QualityReport, missing: list[dict[str, Any]]) -> Table:
    title = f"公开要素 / public elements: {quality.drafts:,} 份草稿 / drafts"
    table = Table("缺什么 / what is missing", "事项 / items", title=title, title_justify="left")
    table.columns[1].justify = "right"
    for one in missing:
        words = dict.fromkeys((one["reason"], one["reason_en"]))
        table.add_row("\n".join(words), f"{one['items']:,}")
    return table


def _verdict(quality: QualityReport) -> str:
    if not quality.complete:
        return (
            "公开要素不齐，一个也还不能发布；请在事项编辑页补齐。\n"
            "None may be published yet: every one lacks public elements. Complete them on the"
            " item pages."
        )
    return (
        f"{quality.complete:,} 份草稿要素齐全，可以发布。\n"
        f"{quality.complete:,} drafts lack nothing and may be published."
    )
