"""The hospital's story: 50 certificates from one application, and where the machine's time goes.

A window takes in 50 rows, a reviewer and a chief representative act once on all of them; every
row has a receipt, an acceptance, a decision and a certificate, each a sealed PDF of its own. Aim:
the machine's part under 10 s on two cores.

    benchmarks/hospital.py [--rows N] [--short] [--json]
"""

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from installation import installation, plain_commits, show

ROWS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--short", action="store_true", help="ten rows")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with installation():
        figures = measure(10 if given.short else given.rows)
    if given.json:
        print(json.dumps(figures))


def measure(rows: int) -> dict[str, float]:
    from django.utils import timezone

    hall = _Hall(timezone.localtime())
    commits = plain_commits(500)
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("file", lambda: hall.file(rows)),
        ("accept", hall.accept),
        ("review", hall.review),
        ("decide", hall.decide),
        ("order notices, register, order licences", hall.react),
        ("make: typeset, seal, check, keep, issue", hall.make),
        ("issue and deliver licences", hall.react),
    ]
    figures: dict[str, float] = {"rows": rows}
    for name, step in steps:
        start = time.perf_counter()
        step()
        figures[f"{name}, s"] = time.perf_counter() - start
    figures["machine's part, s"] = sum(figures[f"{name}, s"] for name, _step in steps)
    licences, made = hall.counts()
    assert licences == rows, f"{licences} licences are valid, not {rows}"
    figures["papers"] = made
    figures["ms a paper made"] = 1000 * figures[f"{steps[5][0]}, s"] / made
    for name, figure in figures.items():
        print(f"{name:<46} {figure:>12,.3f}", flush=True)
    show("plain one-row commits", commits, "commits/s", "")
    return figures


class _Hall:
    """A province with one item that matters, and one hospital's application."""

    def __init__(self, at: Any) -> None:
        from mingtang.catalogue import actions as catalogue
        from mingtang.config.demo import hospital, inhabitants, reading
        from mingtang.core.catalogue import key_of
        from mingtang.core.people import Role
        from mingtang.licences import actions as licences

        self.at = at
        inhabitants.register_institutions(at)
        staff = inhabitants.appoint_staff(at)
        inhabitants.make_seals(staff, at)
        parties = inhabitants.register_applicants(at)
        self.party = next(p for p in parties if p.name == hospital.HOSPITAL)
        self.item = next(i for i in reading.items() if i.name == hospital.ITEM)
        catalogue.import_items([self.item], by="benchmark", at=at)
        catalogue.publish_items([key_of(self.item.code)], by="benchmark", at=at)
        [kind] = [t for t in reading.licence_types() if self.item.code in t.items]
        manager = staff[Role.CENTRE_MANAGER, inhabitants.CENTRE].person
        licences.publish_type(content=kind, by=manager, at=at)
        self.clerk = staff[Role.WINDOW_CLERK, f"{inhabitants.CENTRE}-general-1"]
        self.reviewer = staff[Role.REVIEWER, self.item.department]
        self.chief = staff[Role.CHIEF_REPRESENTATIVE, self.item.department]

    def file(self, rows: int) -> None:
        from mingtang.config.demo import hospital

        self.batch = hospital.file(self.item, self.party, self.clerk, range(1, rows + 1), self.at)

    def _once(self, act: str) -> dict[str, str]:
        from mingtang.cases.models import CaseRow

        found = CaseRow.objects.filter(batch=self.batch).order_by("place")
        return {number: f"{act}/{number}" for number in found.values_list("number", flat=True)}

    def accept(self) -> None:
        from mingtang.cases.actions import batches

        _sure(batches.accept_each(once=self._once("a"), officer=self.clerk, at=self.at))

    def review(self) -> None:
        from mingtang.cases.actions import batches
        from mingtang.core.cases import Finding

        for step in self.item.steps:
            _sure(
                batches.complete_each(
                    once=self._once(step.key),
                    step=step.key,
                    finding=Finding.MEETS,
                    opinion="材料齐全，符合规定。",
                    officer=self.reviewer,
                    at=self.at,
                )
            )

    def decide(self) -> None:
        from mingtang.cases.actions import batches

        _sure(
            batches.decide_each(
                once=self._once("d"), granted=True, reason="", officer=self.chief, at=self.at
            )
        )

    def react(self) -> None:
        from mingtang.config.wiring import REACTIONS
        from mingtang.ledger import reactions
        from mingtang.ledger.models import Place

        for reaction in REACTIONS:
            Place.objects.get_or_create(reader=reaction.reader)
            reactions.run(reaction)

    def make(self) -> None:
        from mingtang.papers.actions import making

        while making.make_due(at=self.at):
            pass

    def counts(self) -> tuple[int, int]:
        from mingtang.licences.models import LicenceRow
        from mingtang.papers.models import PaperRow

        valid = LicenceRow.objects.filter(batch=self.batch, stage="valid").count()
        return valid, PaperRow.objects.exclude(issued_at=None).count()


def _sure(outcomes: dict[str, Any]) -> None:
    for outcome in outcomes.values():
        if isinstance(outcome, Exception):
            raise outcome


if __name__ == "__main__":
    main()
