"""First review (初审) through the rooms: whose task, whose clock, whose paper, whose figure."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.actions import notices, special
from mingtang.cases.models import CaseRow, EfficiencyRow, FirstReviewRow, TaskRow
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.forms.rows import FirstReviewForm
from mingtang.core import cases
from mingtang.core.clock import Standing
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.sheets import texts
from mingtang.ledger.reactions import Heard
from mingtang.ledger.replay import history
from mingtang.papers import queries as papers
from mingtang.papers.models import PaperRow
from mingtang.people import actions as people
from mingtang.people.actions import Body
from tests.core.case_examples import MONDAY, day
from tests.rooms import level_town
from tests.rooms.case_town import ONCE, SETUP, page, signed_in, upload
from tests.rooms.level_town import FIRST, below, filed, handed_up, in_first_review
from tests.rooms.test_cases_actions import statements
from tests.rooms.test_cases_efficiency import heard
from tests.words import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(log_home):
    return level_town.build()


def row(number):
    return CaseRow.objects.get(pk=number)


def tasks(number):
    return list(
        TaskRow.objects.filter(case=number, done_at=None).values_list("key", "department", "power")
    )


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_case_is_the_lower_organ_s_until_it_is_handed_up(town):
    town, staff = town
    number = filed(town, FIRST, "county-market")
    assert (row(number).department, tasks(number)) == (
        "county-market",
        [("intake", "county-market", "case.intake")],
    )
    number = in_first_review(town, staff)
    found = row(number)
    assert (found.stage, found.first_review_days, found.promised_due) == (
        "first_review",
        20,
        date(2026, 3, 30),
    )
    assert tasks(number) == [("first-review", "county-market", "case.review")]
    first = FirstReviewRow.objects.get()
    assert (first.organ, first.decider, first.begun_date, first.due, first.handed_date) == (
        "county-market",
        "market",
        date(2026, 3, 2),
        date(2026, 3, 30),
        None,
    )
    handed_up(number, staff, day(3, 16))
    found, first = row(number), FirstReviewRow.objects.get()
    assert (found.stage, found.department, found.handed_up_date) == (
        "reviewing",
        "market",
        date(2026, 3, 16),
    )
    assert (found.promised_due, found.statutory_due) == (date(2026, 3, 30), date(2026, 4, 14))
    assert tasks(number) == [
        ("papers", "market", "case.review"),
        ("site", "inspection", "case.review"),
    ]
    assert (first.finding, first.handed_date, first.closed_date) == (
        "meets",
        date(2026, 3, 16),
        date(2026, 3, 16),
    )


def test_both_clocks_are_worked_out_from_the_rows(town, calendar):
    town, staff = town
    number = in_first_review(town, staff)
    running = queries.term(row(number), promised=True)
    assert (running.started, running.budget_days) == (date(2026, 3, 2), 20)
    late = queries.standing(row(number), today=date(2026, 3, 31), calendar=calendar)
    assert late is Standing.OVER
    handed_up(number, staff, day(3, 31))
    running = queries.term(row(number), promised=False)
    assert (running.started, running.budget_days) == (date(2026, 3, 31), 20)
    first = queries.first_review_term(queries.first_review(number))
    assert (first.started, first.budget_days) == (date(2026, 3, 2), 20)


def test_passing_it_up_takes_few_statements(town):
    town, staff = town
    handed_up(in_first_review(town, staff), staff, day(3, 16))  # warm
    number = in_first_review(town, staff, day(3, 16))
    sent = statements(lambda: handed_up(number, staff, day(3, 17)))
    assert len(sent) <= 7, sent


def test_withdrawn_meanwhile_it_is_over(town):
    town, staff = town
    number = in_first_review(town, staff)
    actions.withdraw(number=number, person=town.citizen, reason="", at=day(3, 5))
    assert FirstReviewRow.objects.get().closed_date == date(2026, 3, 5)
    assert tasks(number) == []


def test_who_is_turned_to_has_to_review_it_first(town):
    town, _staff = town
    with refused("case.organ-missing"):
        filed(town, FIRST, "")
    with refused("case.organ-not-competent"):
        filed(town, FIRST, "education")


# ── Papers ──────────────────────────────────────────────────────────────────


def test_the_lower_organ_s_papers_are_its_own_and_the_decision_is_the_other_s(town):
    town, staff = town
    number = in_first_review(town, staff)
    handed_up(number, staff, day(3, 16))
    stream = f"case/{number}"
    written = history(stream)
    notices.order_notices(
        [Heard(one.index, stream, one.event) for one in written if isinstance(one.event, POINTS)]
    )
    organs = dict(PaperRow.objects.values_list("paper", "organ"))
    assert organs == {"received": "county-market", "accepted": "county-market"}
    assert "演示市场监督管理局" in said_in("accepted")
    assert "自报送之日起 20 个工作日" in said_in("accepted")
    assert "演示县局大院" in said_in("accepted")


POINTS = (cases.CaseFiled, cases.CaseAccepted)


def said_in(kind):
    sheet = papers.sheet_of(PaperRow.objects.get(paper=kind))
    return " ".join([*texts(sheet), *sheet.notes])


# ── Pages ───────────────────────────────────────────────────────────────────


def test_the_lower_organ_s_reviewer_passes_it_up_on_its_page(town, monkeypatch):
    town, staff = town
    number = in_first_review(town, staff)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=7))
    desk = signed_in(staff["reviewer"])
    shown = text(desk.get(page("task", number, "first-review")))
    assert "报送演示市场监督管理局" in shown
    assert "初审期限（演示县局）" in shown
    assert number in text(desk.get(page("tasks")))
    send = page("task-complete", number, "first-review")
    assert desk.post(send, {"finding": "meets", "once_key": ONCE}).status_code == 422
    sent = {"finding": "meets", "opinion": "拟同意", "once_key": ONCE}
    assert desk.post(send, sent).status_code == 302
    assert row(number).stage == "reviewing"
    assert "拟同意" in text(desk.get(page("task", number, "first-review")))
    above = text(signed_in(town.reviewer).get(page("task", number, "papers")))
    for said in ("拟同意", "办理时限", "初审期限（演示县局）", "按期报送"):
        assert said in above


def test_no_other_lower_organ_sees_it(town):
    town, staff = town
    number = in_first_review(town, staff)
    assert signed_in(staff["other"]).get(page("task", number, "first-review")).status_code == 404
    assert signed_in(town.reviewer).get(page("task", number, "first-review")).status_code == 404


def test_a_phone_passes_it_up_as_well(town):
    town, staff = town
    number = in_first_review(town, staff)
    phone = signed_in(staff["reviewer"])
    address = reverse("hand:task", args=[number, "first-review"])
    assert "报送演示市场监督管理局" in text(phone.get(address))
    sent = {"finding": "fails", "opinion": "缺图", "once_key": ONCE}
    done = phone.post(reverse("hand:complete", args=[number, "first-review"]), sent)
    assert done.status_code == 302
    assert FirstReviewRow.objects.get().finding == "fails"


def test_while_a_sample_is_tested_nobody_passes_it_up(town):
    town, staff = town
    number = in_first_review(town, staff)
    special.begin_special(
        number=number,
        procedure=cases.SpecialKind.TESTING,
        reason="样品须检测",
        expected_days=5,
        officer=below(staff),
        at=day(3, 4),
    )
    shown = text(signed_in(staff["reviewer"]).get(page("task", number, "first-review")))
    assert "结束以后才能报送" in shown
    assert "检测" in shown
    dates = text(signed_in(staff["reviewer"]).get(page("dates", number)))
    assert "初审期限（演示县局）" in dates
    assert "不能收回" not in dates


def test_the_applicant_sees_both_clocks_day_by_day(town):
    town, staff = town
    number = in_first_review(town, staff)
    mine = signed_in(town.citizen)
    answer = mine.get(page("progress", number))
    assert answer.context["clock"]["limit_days"] == 20
    assert answer.context["first_clock"] is None
    assert "先行初审，最迟 2026-03-30 报送演示市场监督管理局决定" in text(answer)
    handed_up(number, staff, day(3, 16))
    answer = mine.get(page("progress", number))
    first, above = answer.context["first_clock"], answer.context["clock"]
    assert (first["used_days"], first["lamp"], len(first["days"])) == (10, "good", 29)
    assert first["days"][0]["date"] == date(2026, 3, 2)
    assert above["days"][0]["date"] == date(2026, 3, 16)
    assert (above["limit_days"], above["statutory_days"]) == (10, 20)
    shown = text(answer)
    for said in ("收到初审意见和全部材料", "决定机关的期限自次日起算", "下级初审"):
        assert said in shown
    assert "材料齐全，拟同意" not in shown  # among organs, until it is decided


def test_it_is_chosen_where_to_apply(town):
    town, _staff = town
    guide = text(Client().get(reverse("portal:guide", args=[FIRST])))
    for said in ("演示县局", "演示邻县局", "初审 15 个工作日", "?organ=other-market"):
        assert said in guide
    mine = signed_in(town.citizen)
    step = lambda name: page("apply-step", FIRST, name)  # noqa: E731
    assert mine.get(page("apply", FIRST)).url == step("where")
    assert mine.post(step("where"), {}).status_code == 422
    assert mine.post(step("where"), {"organ": "other-market"}).url == step("situation")
    mine.post(step("situation"), {"s1": "no"})
    mine.post(step("materials"), {"do": "add", "material": "m1", "upload": upload("图.pdf")})
    mine.post(step("materials"), {"do": "next"})
    mine.post(step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    assert "演示邻县局" in text(mine.get(step("confirm")))
    mine.post(step("confirm"), {"once_key": ONCE})
    case = CaseRow.objects.get()
    assert (case.department, case.first_review_days) == ("other-market", 15)


def test_the_guide_s_link_chooses_at_once(town):
    town, _staff = town
    mine = signed_in(town.citizen)
    begun = mine.get(f"{page('apply', FIRST)}?organ=county-market")
    assert begun.url == page("apply-step", FIRST, "situation")
    again = mine.get(f"{page('apply', FIRST)}?organ=nowhere")
    assert again.url == page("apply-step", FIRST, "situation")  # what was chosen stays


# ── Figures ─────────────────────────────────────────────────────────────────


def test_what_it_took_stands_with_the_organ_that_did_it(town):
    town, staff = town
    number = in_first_review(town, staff)
    handed_up(number, staff, day(3, 16))
    heard()
    heard()  # shown again, it is not measured twice
    values = EfficiencyRow.objects.values_list("department", "act", "used_days", "cases", "in_time")
    assert list(values) == [("county-market", "first_review", 10, 1, 1)]
    assert queries.efficiency_in_all() is None  # nothing was decided yet
    shown = text(Client().get(page("efficiency")))
    assert "下级机关初审" in shown
    behind = page("efficiency-first-reviews", "2026-03", "county-market", FIRST)
    assert "2026-03-16" in text(Client().get(behind))
    for elsewhere in (("2026-05", "county-market"), ("2026-03", "market")):
        gone = Client().get(page("efficiency-first-reviews", *elsewhere, FIRST))
        assert gone.status_code == 404


@pytest.fixture
def calendar():
    return catalogue.calendar()


def test_a_unit_that_is_no_department_reviews_nothing_first(town):
    body = Body(
        code="shop", kind=OrganisationKind.ENTERPRISE, particulars=Particulars(name="演示店")
    )
    people.register_organisations(bodies=[body], by=SETUP, at=MONDAY)
    codes = [code for code, _name in FirstReviewForm().fields["organ"].choices]
    assert "county-market" in codes
    assert "shop" not in codes
