"""Efficiency in the database: measured once, counted by month, the same as from the beginning."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.cases import actions, queries
from mingtang.cases.actions import efficiency
from mingtang.cases.models import CaseRow, EfficiencyRow
from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.config.wiring import REACTIONS, SUBJECTS
from mingtang.core import cases
from mingtang.core.clock import civil_day
from mingtang.core.worktime import working_days_between
from mingtang.ledger import reactions
from mingtang.ledger.enact import enact
from mingtang.ledger.orders import Order, Receipt
from mingtang.ledger.replay import rebuild
from tests.core.case_examples import CHIEF, CLERK, DECIDE, FILE, MONDAY, PLAIN, day, terms
from tests.rooms.case_words import calendar_of_the_year

pytestmark = pytest.mark.django_db


def decided(number, days, *, item="item-key", department="market", promised=5, before=None):
    """Let a case be filed, accepted the next day and decided so many days later."""
    kind = replace(terms(promised_days=promised), item=item, department=department, before=before)
    chief = replace(CHIEF, organisation=department)
    mandate = replace(DECIDE.mandate, organ=department, valid_to=date(2026, 12, 31))
    at = MONDAY + timedelta(days=1)
    commands = [
        replace(FILE, terms=kind, documents=(), required=()),
        cases.AcceptCase(officer=CLERK, at=at, calendar=catalogue.calendar()),
        replace(DECIDE, officer=chief, mandate=mandate, at=at + timedelta(days=days)),
    ]
    for command in commands:
        outcomes = enact([Order(CASE, number, command)])
        assert {type(outcome) for outcome in outcomes} == {Receipt}, outcomes


def heard():
    for reaction in REACTIONS:
        if reaction.reader in ("cases.efficiency", "cases.first-reviews"):
            reactions.run(reaction)


def rows():
    return list(EfficiencyRow.objects.order_by("pk").values())


def test_a_decision_is_measured_once():
    calendar_of_the_year()
    decided("MT-AAAA-0001", 7)  # Tuesday to Tuesday
    heard()
    assert efficiency.measure({"MT-AAAA-0001": day(3, 10)}) == 0
    assert rows() == [
        {
            "id": "market.item-key.2026-03.5",
            "department": "market",
            "act": "decision",
            "item": "item-key",
            "month": "2026-03",
            "used_days": 5,
            "cases": 1,
            "in_time": 1,
            "on_the_spot": 0,
            "statutory_days": 20,
            "promised_days": 5,
            "compared": 0,
            "visits": 0,
            "steps": 0,
            "seals": 0,
            "visits_before": 0,
            "steps_before": 0,
            "seals_before": 0,
        }
    ]


def test_the_table_is_what_all_cases_counted_from_the_beginning_give():
    calendar_of_the_year()
    chance = random.Random(20260302)
    for number in range(40):
        decided(
            f"MT-AAAA-{number:04}",
            chance.choice((0, 1, 3, 8, 10, 45)),
            item=chance.choice("ab"),
            department=chance.choice(("market", "education")),
            promised=chance.choice((1, 5)),
        )
        if number % 7 == 0:
            heard()
    heard()
    counts, late = Counter(), Counter()
    for row in CaseRow.objects.all():
        closed = civil_day(row.closed_at)
        used = working_days_between(row.accepted_date, closed, calendar=catalogue.calendar())
        cell = (row.department, row.item, f"{closed:%Y-%m}", used)
        counts[cell] += 1
        late[cell] += closed > row.promised_due
    found = rows()
    assert {
        (r["department"], r["item"], r["month"], r["used_days"]): (r["cases"], r["in_time"])
        for r in found
    } == {cell: (number, number - late[cell]) for cell, number in counts.items()}
    rebuild(SUBJECTS)
    assert rows() == found


def test_figures_are_read_from_as_many_rows_however_many_cases_there_were():
    calendar_of_the_year()
    decided("MT-AAAA-0001", 7)
    heard()
    with CaptureQueriesContext(connection) as few:
        queries.efficiency_by_item()
    for number in range(2, 12):
        decided(f"MT-AAAA-{number:04}", 7)
    heard()
    with CaptureQueriesContext(connection) as more:
        found = queries.efficiency_by_item()
    assert len(few) == len(more) == 1
    assert EfficiencyRow.objects.count() == 1
    assert found["market", "item-key"].sums.cases == 11


def test_a_withdrawn_case_is_not_measured():
    calendar_of_the_year()
    enact([Order(CASE, "MT-AAAA-0001", replace(FILE, terms=PLAIN))])
    actions.withdraw(number="MT-AAAA-0001", person="P-wang", reason="不办了", at=day(3, 3))
    heard()
    assert efficiency.measure({"MT-AAAA-0001": day(3, 3)}) == 0
    assert rows() == []
