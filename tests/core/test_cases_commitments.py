"""Notice and commitment (告知承诺): a promise in place of a material, looked into afterwards."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from mingtang.core import cases
from mingtang.core.cases import Commitment, check_due, committed, replaceable_of
from mingtang.core.catalogue import Material
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    CHIEF,
    DRAWING,
    FILE,
    GRANTED,
    INSPECTOR,
    PLAIN,
    REVIEWER,
    accepted,
    after,
    day,
    filed,
    when,
)
from tests.words import refused

PROMISE = Commitment(material="m2", sha256="ab" * 32)
TERMS = replace(PLAIN, check_days=60)
FILE_IT = replace(
    FILE, terms=TERMS, documents=(DRAWING,), commitments=(PROMISE,), replaceable=("m2",)
)
FILED = replace(filed(TERMS), documents=(DRAWING,), commitments=(PROMISE,))
HISTORY = (FILED, accepted(), GRANTED)  # granted on 9 March
CHECK = cases.RecordCheck(held=True, finding="实地看过，属实", officer=REVIEWER, at=day(4, 20))
CHECKED = cases.CommitmentsChecked(
    held=True,
    finding=Sealed("实地看过，属实"),
    officer=REVIEWER,
    due_date=date(2026, 5, 8),
    barred_until=None,
    at=day(4, 20),
)
FALSE = replace(CHECKED, held=False, barred_until=date(2027, 4, 20))


def test_a_promise_stands_for_a_material_that_must_be_there():
    assert when(command=FILE_IT) == [FILED]


def test_where_the_item_takes_no_promise_the_material_must_be_there():
    with refused("case.commitment-not-allowed"):
        when(command=replace(FILE_IT, replaceable=()))


def test_whose_word_was_false_hands_the_material_in_until_the_bar_ends():
    barred = replace(FILE_IT, barred_until=date(2026, 3, 2))
    with refused("case.commitment-barred") as refusal:
        when(command=barred)  # filed on the 2nd, the last day of it
    assert refusal.value.facts == {"until": date(2026, 3, 2)}
    assert when(command=replace(barred, barred_until=date(2026, 3, 1))) == [FILED]


def test_whoever_promises_nothing_is_not_asked_about_earlier_promises():
    assert when(command=replace(FILE, barred_until=date(2027, 1, 1))) == [filed()]


def test_the_record_holds_the_digest_of_what_was_shown():
    asked = (
        Material(key="a", name="甲", commitment="本人承诺甲属实"),
        Material(key="b", name="乙"),
        Material(key="c", name="丙", commitment="本人承诺丙属实"),
    )
    assert replaceable_of(asked) == ("a", "c")
    digest = sha256("本人承诺丙属实".encode()).hexdigest()
    assert committed(asked, ["c", "unknown"]) == (Commitment(material="c", sha256=digest),)


def test_it_is_looked_into_within_the_days_after_the_grant():
    assert check_due(after(*HISTORY)) == date(2026, 5, 8)  # 9 March and sixty days
    assert when(*HISTORY, command=CHECK) == [CHECKED]
    assert check_due(after(*HISTORY, CHECKED)) is None


def test_there_is_nothing_to_look_into_before_a_grant_or_without_a_promise():
    assert check_due(after(FILED, accepted())) is None
    assert check_due(after(filed(TERMS), accepted(), GRANTED)) is None
    assert check_due(after(FILED, accepted(), replace(GRANTED, granted=False))) is None


@pytest.mark.parametrize(
    ("found", "last"),
    [(day(4, 20), date(2027, 4, 20)), (day(4, 20).replace(year=2028, month=2, day=29), None)],
)
def test_a_false_promise_bars_for_a_year(found, last):
    [event] = when(*HISTORY, command=replace(CHECK, held=False, at=found))
    assert event.held is False
    assert event.barred_until == (last or date(2029, 2, 28))


def test_late_it_is_still_recorded_and_says_until_when_it_was_due():
    [event] = when(*HISTORY, command=replace(CHECK, at=day(6, 1)))
    assert (event.due_date, event.at) == (date(2026, 5, 8), day(6, 1))


def test_who_may_look_into_what():
    with refused("case.unknown"):
        when(command=CHECK)
    with refused("case.no-commitments"):
        when(filed(TERMS), accepted(), GRANTED, command=CHECK)
    with refused("case.not-granted"):
        when(FILED, accepted(), command=CHECK)
    with refused("case.checked-already"):
        when(*HISTORY, FALSE, command=CHECK)
    with refused("case.own-case"):
        when(*HISTORY, command=replace(CHECK, officer=replace(CHIEF, person="P-wang")))
    with refused("case.other-department"):
        when(*HISTORY, command=replace(CHECK, officer=INSPECTOR))
    with refused("case.opinion-missing"):
        when(*HISTORY, command=replace(CHECK, finding=" "))
