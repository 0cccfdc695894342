"""A batch (批量申请): many applications in one, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.core import batches
from mingtang.core.batches import BatchFiled, FileBatch
from mingtang.core.cases import Commitment
from mingtang.core.catalogue import FormField
from mingtang.core.wire import Sealed, canonical
from tests.core.case_examples import AGENT, CLERK, DRAWING, FORM, MONDAY, PARALLEL
from tests.core.item_examples import item
from tests.words import refused

NAME, NUMBER = (
    FormField(name="name", label="姓名"),
    FormField(name="id", label="证号", kind="idnumber"),
)
UNIT = FormField(name="unit", label="工作单位")
ITEM = item(form=(UNIT, NAME, NUMBER), batch_fields=("id", "name"))


PROMISED = Commitment(material="m1", sha256="0" * 64)


def row(name, number, unit="演示医院"):
    return {"unit": unit, "name": name, "id": number}


ROWS = (row("演示甲", "1"), row("演示乙", "2"), row("演示甲", "3"))
FILE = FileBatch(
    terms=PARALLEL,
    applicant=AGENT,
    telling=("id",),
    answers='{"s1":"no"}',
    rows=ROWS,
    documents=(DRAWING, FORM),
    required=("m1", "m2"),
    channel="window",
    taken_by=CLERK,
    at=MONDAY,
)
FILED = BatchFiled(
    terms=PARALLEL,
    applicant_kind="organisation",
    applicant=Sealed("shop"),
    applicant_name=Sealed("演示商店"),
    applicant_id_number=Sealed("X"),
    phone=Sealed("13800001234"),
    agent=Sealed("P-li"),
    answers=Sealed('{"s1":"no"}'),
    rows=Sealed(canonical(ROWS)),
    count=3,
    documents=(DRAWING, FORM),
    required=("m1", "m2"),
    channel="window",
    taken_by=CLERK,
    at=MONDAY,
)


def when(*given, command):
    return list(batches.DECIDER.decide(batches.DECIDER.replay(given), command))


# ── Filing ──────────────────────────────────────────────────────────────────


def test_many_are_filed_in_one():
    assert when(command=FILE) == [FILED]
    assert batches.DECIDER.replay([FILED]) == batches.State(filed=True)


def test_a_batch_is_filed_once():
    with refused("batch.already-filed"):
        when(FILED, command=FILE)


def test_an_item_without_fields_that_differ_takes_no_batches():
    with refused("batch.not-allowed"):
        when(command=replace(FILE, telling=()))


def test_a_batch_of_nothing_is_refused():
    with refused("batch.empty"):
        when(command=replace(FILE, rows=()))


def test_a_batch_is_no_longer_than_one_can_look_through():
    full = tuple(row("演示", str(n)) for n in range(batches.MOST))
    [event] = when(command=replace(FILE, rows=full))
    assert event.count == 500
    with refused("batch.too-many") as caught:
        when(command=replace(FILE, rows=(*full, row("演示", "x"))))
    assert caught.value.facts == {"limit": 500}


def test_the_same_person_twice_is_refused_by_their_places():
    with refused("batch.rows-alike") as caught:
        when(command=replace(FILE, rows=(*ROWS, row("演示丁", "2"))))
    assert caught.value.facts == {"first": 2, "second": 4}


def test_what_all_rows_need_is_handed_in_once_or_nothing_is_filed():
    with refused("case.material-missing") as caught:
        when(command=replace(FILE, documents=(DRAWING,)))
    assert caught.value.facts == {"materials": ["m2"]}


# ── What differs ────────────────────────────────────────────────────────────


def test_what_is_promised_is_promised_for_every_row():
    """告知承诺: in place of a material all rows would need."""
    command = replace(
        FILE, documents=(FORM,), commitments=(PROMISED,), replaceable=("m1",), barred_until=None
    )
    filed = replace(FILED, documents=(FORM,), commitments=(PROMISED,))
    assert when(command=command) == [filed]
    with refused("case.commitment-not-allowed"):
        when(command=replace(command, replaceable=()))
    with refused("case.commitment-barred"):
        when(command=replace(command, barred_until=MONDAY.date()))
    assert when(command=replace(command, barred_until=MONDAY.date() - timedelta(days=1)))


def test_fields_stand_in_the_rows_or_are_filled_in_once_in_the_forms_order():
    assert batches.differing(ITEM) == (NAME, NUMBER)
    assert batches.common(ITEM) == (UNIT,)


@pytest.mark.parametrize(
    ("fields", "telling"), [((NAME, NUMBER), ("id",)), ((NAME, UNIT), ("name", "unit")), ((), ())]
)
def test_an_identity_number_tells_rows_apart_or_else_everything(fields, telling):
    assert batches.telling(fields) == telling


def test_rows_are_alike_when_they_say_the_same_there():
    rows = [row("演示甲", "1"), row("演示乙", "1"), row("演示甲", "1"), row("演示甲", "")]
    assert batches.repeated(rows, ["id"]) == {2: 1, 3: 1}
    assert batches.repeated(rows, ["name", "id"]) == {3: 1}


def test_rows_that_say_nothing_are_not_alike():
    assert batches.repeated([row("", ""), row("", "")], ["id"]) == {}
