"""A hospital applies for its radiation workers in one: what the tests of batches begin with."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from stdnum.iso7064 import mod_11_2

from mingtang.cases.actions import batches
from mingtang.cases.models import CaseRow
from mingtang.core import cases
from mingtang.core.catalogue import Choice, FormField, Material, key_of
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.people import actions as people
from mingtang.people.actions import Body
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms.case_town import SETUP, Town, document, grant, kept, publish

HOSPITAL = "hospital"
WORKERS = replace(
    COMPLETE,
    code="DEMO-050",
    name="演示放射工作人员证",
    name_en="Radiation worker certificate",
    situations=(),
    materials=(Material(key="m1", name="体检汇总表", basis="演示办法 第六条"),),
    form=(
        FormField(name="unit", label="工作单位", label_en="Employer"),
        FormField(name="name", label="姓名", label_en="Name"),
        FormField(name="number", label="身份证号码", label_en="ID number", kind="idnumber"),
        FormField(
            name="job",
            label="岗位",
            label_en="Post",
            kind="choice",
            options=(
                Choice(value="x", label="放射诊断", label_en="Diagnosis"),
                Choice(value="n", label="核医学", label_en="Nuclear medicine"),
            ),
        ),
        FormField(name="since", label="从事日期", label_en="Since", kind="date", required=False),
    ),
    batch_fields=("name", "number", "job", "since"),
)
MANY = key_of(WORKERS.code)
LETTER_MANY = "演市监授〔2026〕9号"


def resident(number: int) -> str:
    """Return an identity number (公民身份号码) of nobody, with its check character."""
    digits = f"110101199001{1 + number % 28:02}{number % 1000:03}"
    return digits + mod_11_2.calc_check_digit(digits)


def worker(number: int) -> dict[str, Any]:
    """Return one row of the batch, complete."""
    return {
        "unit": "演示医院",
        "name": f"演示员{number}",
        "number": resident(number),
        "job": "x",
        "since": date(2020, 1, 31),
    }


def found(town: Town) -> None:
    """Register the hospital, with the citizen as its agent, and the item it applies for."""
    body = Body(
        code=HOSPITAL,
        kind=OrganisationKind.ENTERPRISE,
        particulars=Particulars(name="演示医院", uscc="91350100M000100Y43"),
    )
    people.register_organisations(bodies=[body], by=SETUP, at=MONDAY)
    people.name_agents(agents=[(HOSPITAL, town.citizen)], by=SETUP, at=MONDAY)
    publish(WORKERS)
    grant(town, letter_no=LETTER_MANY, items=(WORKERS.code,))


def batch(
    town: Town,
    count: int = 3,
    at: datetime = MONDAY,
    once: str | None = None,
    taken_by: cases.Officer | None = None,
    promised: tuple[str, ...] = (),
) -> str:
    """File so many certificates for the hospital in one; return the number of the batch."""
    applicant = cases.Applicant(
        kind="organisation",
        id=HOSPITAL,
        name="演示医院",
        id_number="91350100M000100Y43",
        phone="19900000001",
        agent=town.citizen,
    )
    return batches.file_batch(
        item=MANY,
        applicant=applicant,
        answers={},
        rows=[worker(number) for number in range(1, count + 1)],
        documents=[] if promised else [document(kept(town.citizen), "m1")],
        at=at,
        taken_by=taken_by,
        promised=promised,
        once=once,
    ).key


def numbers(batch: str) -> list[str]:
    """Return the case numbers of a batch in the order of its rows."""
    return list(CaseRow.objects.filter(batch=batch).order_by("place").values_list("pk", flat=True))
