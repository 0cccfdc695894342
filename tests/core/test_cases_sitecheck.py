"""A check on site (现场核查): by two officers or more, written down; the clock runs on."""

from dataclasses import replace
from datetime import date

from mingtang.core import cases
from mingtang.core.wire import Sealed
from tests.core.case_examples import (
    ACCEPTED,
    CHIEF,
    INSPECTOR,
    REVIEWER,
    WITHDRAWN,
    after,
    day,
    filed,
    when,
)
from tests.words import refused

UNDER_REVIEW = (filed(), ACCEPTED)
COLLEAGUE = replace(INSPECTOR, person="P-other", staff_no="34")
RECORD = cases.RecordSiteCheck(
    officer=INSPECTOR,
    others=(COLLEAGUE,),
    checked_date=date(2026, 3, 5),
    place="演示路 1 号",
    finding="与平面图一致",
    at=day(3, 6),
)
CHECKED = cases.SiteChecked(
    officer=INSPECTOR,
    others=(COLLEAGUE,),
    checked_date=date(2026, 3, 5),
    place=Sealed("演示路 1 号"),
    finding=Sealed("与平面图一致"),
    at=day(3, 6),
)


def test_two_officers_look_and_write_it_down():
    assert when(*UNDER_REVIEW, command=RECORD) == [CHECKED]


def test_the_department_itself_may_look_too():
    ours = replace(RECORD, officer=REVIEWER, others=(CHIEF,))
    assert when(*UNDER_REVIEW, command=ours) == [
        replace(CHECKED, officer=REVIEWER, others=(CHIEF,))
    ]


def test_it_moves_no_date_and_stops_no_clock():
    before, then = after(*UNDER_REVIEW), after(*UNDER_REVIEW, CHECKED)
    assert replace(then, on_site=()) == before
    assert then.on_site == ("P-site", "P-other")  # they chair no hearing of the case


def test_what_is_asked_of_it():
    with refused("case.unknown"):
        when(command=RECORD)
    with refused("case.not-under-review"):
        when(filed(), command=RECORD)
    with refused("case.not-under-review"):
        when(*UNDER_REVIEW, WITHDRAWN, command=RECORD)
    with refused("case.own-case"):
        own = replace(COLLEAGUE, person="P-wang")
        when(*UNDER_REVIEW, command=replace(RECORD, others=(own,)))
    with refused("case.other-department"):
        strangers = replace(INSPECTOR, organisation="education")
        when(*UNDER_REVIEW, command=replace(RECORD, officer=strangers))
    for others in ((), (INSPECTOR,)):
        with refused("case.two-officers"):
            when(*UNDER_REVIEW, command=replace(RECORD, others=others))
    for wrong in (date(2026, 3, 3), date(2026, 3, 7)):
        with refused("case.site-check-date"):
            when(*UNDER_REVIEW, command=replace(RECORD, checked_date=wrong))
    for right in (date(2026, 3, 4), date(2026, 3, 6)):
        assert when(*UNDER_REVIEW, command=replace(RECORD, checked_date=right))
    with refused("case.place-missing"):
        when(*UNDER_REVIEW, command=replace(RECORD, place=" "))
    with refused("case.opinion-missing"):
        when(*UNDER_REVIEW, command=replace(RECORD, finding=""))
