"""Fifty papers made by the worker: set in type, sealed, checked, kept, issued; the cost of each.

Aim: 50 licences under 10 s on two cores, the whole of a ceremony's waiting.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any

from installation import installation, plain_commits

COUNT = 50


def main() -> None:
    with installation():
        measure()


def measure() -> None:
    from django.db import connection
    from django.utils import timezone

    from mingtang.config.demo import inhabitants
    from mingtang.core.papers import PaperKind
    from mingtang.core.sheets import Layout
    from mingtang.papers import actions, queries
    from mingtang.papers.actions import making

    at = timezone.localtime()
    inhabitants.register_institutions(at)
    inhabitants.make_seals(inhabitants.appoint_staff(at), at)
    commits = plain_commits()
    print(f"plain one-row commits: {commits:,.0f}/s on {connection.vendor}")
    spent = _steps(making)
    for layout, kind in ((Layout.NOTICE, PaperKind.GRANTED), (Layout.CARD, PaperKind.LICENCE)):
        drafts = [_draft(n, layout, kind, at) for n in range(COUNT + 1)]
        actions.order(drafts[:1])
        first = _seconds(lambda: making.make_due(at=at))
        ordering = _seconds(lambda drafts=drafts: actions.order(drafts[1:]))
        spent.clear()
        whole = _seconds(lambda: _all(lambda: making.make_due(at=at)))
        assert not queries.waiting().exists()
        print(f"\n{layout}: {COUNT} in {whole:.2f} s, {1000 * whole / COUNT:.1f} ms each")
        print(f"  {'order, for each':<28} {1000 * ordering / COUNT:>7.2f} ms")
        for step, seconds in spent.items():
            print(f"  {step:<28} {1000 * seconds / COUNT:>7.2f} ms  {seconds / whole:>4.0%}")
        rest = whole - sum(spent.values())
        print(f"  {'all else':<28} {1000 * rest / COUNT:>7.2f} ms  {rest / whole:>4.0%}")
        print(f"  the first of a process took {first:.2f} s")


def _draft(number: int, layout: Any, kind: Any, at: Any) -> Any:
    from mingtang.config.demo import reading
    from mingtang.core.sheets import Sheet, facts, text
    from mingtang.papers.actions import Draft

    department = reading.rows("departments")[0]
    sheet = Sheet(
        layout=layout,
        title="放射工作人员证（演示）",
        organ=department["name"],
        addressee="演示甲",
        blocks=(
            text("经审查，符合法定条件、标准，准予从事下列工作。"),
            facts(("姓名", "演示甲"), ("证件号码", f"E{number:08}"), ("工作单位", "演示医院")),
        ),
        date=date(2026, 3, 2),
    )
    draft = Draft(
        key=f"{layout}-{number}",
        paper=kind,
        about=f"case/{layout}-{number}",
        cause=0,
        organ=department["code"],
        word="准",
        item="X",
        owner="P",
        sheet=sheet,
        at=at,
    )
    return replace(draft, word="证") if kind == "licence" else draft


def _steps(making: Any) -> Counter[str]:
    """Time the steps of making where the worker calls them."""
    spent: Counter[str] = Counter()
    sealer = making.sealer

    def timed(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def run(*args: Any, **said: Any) -> Any:
            begun = time.perf_counter()
            try:
                return step(*args, **said)
            finally:
                spent[name] += time.perf_counter() - begun

        return run

    class Timed:
        def __init__(self, name: str) -> None:
            self.seal = timed("seal", sealer(name).seal)

    making.typeset = timed("set in type", making.typeset)
    making.sealer = Timed
    making.check = timed("check our own work", making.check)
    making._is_kept = timed("keep, written through", making._is_kept)
    making.enact = timed("issue, 25 to a commit", making.enact)
    return spent


def _all(work: Callable[[], int]) -> None:
    while work():
        pass


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
