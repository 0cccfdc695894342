"""The page of efficiency: every figure leads to the entries it is the sum of."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from mingtang.cases.views import efficiency
from mingtang.catalogue import queries as catalogue
from mingtang.core.cases import Effort
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town
from tests.rooms.case_town import ITEM
from tests.rooms.test_cases_efficiency import decided, heard

BEFORE = Effort(visits=3, steps=6, seals=4)

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(log_home):
    case_town.build()
    decided("MT-AAAA-0001", 7, item=ITEM)  # five working days of five promised
    decided("MT-AAAA-0002", 8, item=ITEM)  # six
    decided("MT-AAAA-0003", 35, item=ITEM, before=BEFORE)  # in April
    decided("MT-AAAA-0004", 0, item="unknown", department="education")
    heard()


def page(name, *args):
    return reverse(f"cases:{name}", args=args)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_decision_it_says_what_to_wait_for(log_home):
    assert "还没有作出决定的办件" in text(Client().get(page("efficiency")))


def test_figures_of_a_month_by_department_and_item(figures):
    answer = Client().get(page("efficiency"), {"month": "2026-03"})
    lines = {line["key"]: line for line in answer.context["lines"]}
    line = lines[ITEM]
    assert {name: line[name] for name in ("cases", "mean", "median", "p90", "late")} == {
        "cases": 2,
        "mean": "5.5",
        "median": 5,
        "p90": 6,
        "late": 1,
    }
    assert (line["used_share"], line["promised_share"], line["in_time"]) == (
        "27.5%",
        "25.0%",
        "50.0%",
    )
    assert (line["visits"], line["steps"]) == (COMPLETE.visits, len(COMPLETE.steps) + 2)
    assert catalogue.item_in_force(ITEM).content.name in text(answer)
    assert (lines["unknown"]["visits"], lines["unknown"]["linked"]) == ("—", False)


def test_every_column_says_how_it_is_worked_out(figures):
    shown = text(Client().get(page("efficiency")))
    told = set(re.findall(r'<a href="#(made-\w+)">', shown))
    assert len(told) == 8
    assert told == set(re.findall(r'<dt id="(made-\w+)">', shown))


def test_what_was_saved_is_said_of_those_whose_item_says_what_it_took_before(figures):
    answer = Client().get(page("efficiency"))
    [line] = answer.context["saved"]
    assert line == {
        "department": line["department"],
        "item": catalogue.item_in_force(ITEM).content.name,
        "key": ITEM,
        "compared": 1,  # of three
        "visits": ("3.0", "0.0"),
        "steps": ("6.0", "2.0"),
        "seals": ("4.0", "1.0"),
        "visits_saved": 3,
    }
    assert "写明改革前情况的 1 件" in text(answer)
    assert "比改革前</h2>" not in text(Client().get(page("efficiency"), {"month": "2026-03"}))


def test_a_count_leads_to_the_entries_behind_it(figures):
    shown = text(Client().get(page("efficiency"), {"month": "2026-03"}))
    assert f'href="2026-03/market/{ITEM}/"' in shown
    answer = Client().get(page("efficiency-behind", "2026-03", "market", ITEM))
    assert [line["event"].used_days for line in answer.context["lines"]] == [5, 6]
    for line in answer.context["lines"]:
        assert reverse("portal:entry", args=[line["index"]]) in text(answer)
    for elsewhere in (("2026-05", "market"), ("2026-03", "education"), ("x", "market")):
        assert Client().get(page("efficiency-behind", *elsewhere, ITEM)).status_code == 404


def test_months_stand_beside_each_other_and_departments_alone(figures):
    answer = Client().get(page("efficiency"))
    assert [name for name, _ in answer.context["by_month"]] == ["2026-03", "2026-04"]
    alone = Client().get(page("efficiency"), {"department": "education"})
    assert [line["key"] for line in alone.context["lines"]] == ["unknown"]


def test_the_sums_can_be_taken_along(figures):
    said = Client().get(page("efficiency-csv")).content.decode("utf-8-sig").splitlines()
    assert said == [
        ",".join(efficiency.COLUMNS),
        "2026-03,education,decision,unknown,0,1,1,0,20,5,0,0,0,0,0,0,0",
        f"2026-03,market,decision,{ITEM},5,1,1,0,20,5,0,0,0,0,0,0,0",
        f"2026-03,market,decision,{ITEM},6,1,0,0,20,5,0,0,0,0,0,0,0",
        f"2026-04,market,decision,{ITEM},24,1,0,0,20,5,1,0,2,1,3,6,4",
    ]


def test_it_is_said_in_english_too(figures):
    client = Client()
    client.cookies["django_language"] = "en"
    assert "How it is worked out" in text(client.get(page("efficiency")))
