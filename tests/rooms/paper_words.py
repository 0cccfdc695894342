"""A department with a seal and a letter to use it: what the tests of papers begin with."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from mingtang.core.mandates import MandatePower
from mingtang.core.mandates import key as key_of
from mingtang.core.papers import PaperKind, ServedHow
from mingtang.core.people import Role
from mingtang.core.sheets import Layout, Sheet, facts, text
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.papers import actions, queries
from mingtang.papers.actions import Draft
from mingtang.papers.models import KeptFileRow, MakingRow
from mingtang.papers.queries import PaperRow
from mingtang.people import actions as people
from mingtang.trust import actions as trust
from mingtang.trust.actions import SealOrder
from mingtang.vault.models import DocumentRow
from tests.rooms.people_words import MONDAY, letter, official, person, town

LETTER = "演示授权〔2026〕1号"
FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)  # of the letter
SHEET = Sheet(
    layout=Layout.NOTICE,
    title="受理通知书",
    organ="演示education",
    addressee="演示甲",
    blocks=(text("您提交的申请已经受理。"), facts(("申请事项", "演示事项许可"))),
    date=date(2026, 3, 2),
)


@dataclass(frozen=True)
class Office:
    """Person ids by what they do, in the department "education"."""

    manager: str
    chief: str  # keeps the seal, holds the letter
    reviewer: str
    stranger: str  # manages another department
    overseer: str  # manages the centre
    inspector: str
    citizen: str
    neighbour: str


def build(**seal: Any) -> Office:
    """Enter the people, their department's seal and the letter to use it."""
    office = staffed()
    make_seal(office, **seal)
    grant(office)
    return office


def staffed() -> Office:
    town()
    return Office(
        manager=official(1, Role.DEPARTMENT_MANAGER),
        chief=official(2, Role.CHIEF_REPRESENTATIVE),
        reviewer=official(3, Role.REVIEWER),
        stranger=official(4, Role.DEPARTMENT_MANAGER, "health"),
        overseer=official(5, Role.CENTRE_MANAGER, "mingzhou"),
        inspector=official(6, Role.INSPECTOR, "mingzhou"),
        citizen=person(7, name="演示甲"),
        neighbour=person(8, name="演示乙"),
    )


def make_seal(office: Office, **changed: Any) -> str:
    said = {
        "seal_no": "9900000000017",
        "organ": "education",
        "name": "行政审批专用章",
        "custodian": office.chief,
        "sealer": "local",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2099, 12, 31),
    }
    order = SealOrder(**{**said, **changed})
    return trust.make_seal(order=order, by=office.manager, at=MONDAY).key


def grant(office: Office, **changed: Any) -> None:
    said = {
        "letter_no": LETTER,
        "powers": (MandatePower.DECIDE, MandatePower.SEAL),
        "valid_from": FIRST,
        "valid_to": LAST,
    }
    given = letter(office.chief, **{**said, **changed})
    people.grant_mandate(letter=given, by=office.manager, at=MONDAY)
    people.publish_mandate(
        key=key_of(given.letter_no), office="window-1", by=office.manager, at=MONDAY
    )


def words_of(pdf: bytes) -> str:
    """Return every word of a PDF as it is written, without spaces. Skips where poppler is not."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("poppler (pdftotext) is not there")
    run = subprocess.run([tool, "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(run.stdout.decode().split())


# ── Papers ──────────────────────────────────────────────────────────────────


def draft(key: str = "MT-7K2P-9QXD-2", **changed: Any) -> Draft:
    said = {
        "key": key,
        "paper": PaperKind.ACCEPTED,
        "about": f"case/{key[:12]}",
        "cause": 1,
        "organ": "education",
        "word": "受",
        "item": "E-1",
        "sheet": SHEET,
        "at": MONDAY,
    }
    return Draft(**{**said, **changed})


def drafts(count: int, **changed: Any) -> list[Draft]:
    return [draft(f"MT-0000-{number:04}-2", **changed) for number in range(1, count + 1)]


def order(*wanted: Draft) -> list[str]:
    """Order papers; return their keys."""
    outcomes = actions.order(wanted or [draft()])
    assert {type(outcome) for outcome in outcomes} == {Receipt}
    return [outcome.key for outcome in outcomes]


def row(key: str = "MT-7K2P-9QXD-2") -> PaperRow:
    found = queries.paper(key)
    assert found is not None
    return found


def serve(key: str, at: datetime = MONDAY, **changed: Any) -> Receipt:
    said = {"how": ServedHow.WINDOW, "recipient": "演示甲", "by": "P-CLERK"}
    return actions.serve(key=key, at=at, **{**said, **changed})


def licence(sheet: Sheet = SHEET, **changed: Any) -> Draft:
    """A licence's paper: it brings a number of its own."""
    plate = replace(sheet, layout=Layout.PLATE, title="演示许可证", number="演示证〔2026〕第1号")
    said = {"paper": PaperKind.LICENCE, "word": "证", "sheet": plate, "owner": "P-HOLDER"}
    return draft("MT-7K2P-9QXD-L1", **{**said, "about": "licence/MT-7K2P-9QXD", **changed})


def serials(rows: Sequence[PaperRow]) -> list[int]:
    return sorted(row.serial for row in rows)


# ── What was made of them ───────────────────────────────────────────────────


def vault_files() -> list[Path]:
    return [path for path in Path(settings.VAULT_DIRECTORY).rglob("*") if path.is_file()]


def trouble(key: str = "MT-7K2P-9QXD-2") -> MakingRow | None:
    return MakingRow.objects.filter(pk=key).first()


def assert_nothing_was_made(key: str = "MT-7K2P-9QXD-2") -> None:
    """No file anywhere, no entry, and the paper still waits."""
    assert row(key).issued_at is None
    assert vault_files() == []
    assert not DocumentRow.objects.exists()
    assert not KeptFileRow.objects.exists()
    assert not LedgerEntry.objects.filter(kind="paper.issued.v1").exists()
