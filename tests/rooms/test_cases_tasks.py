"""Reviewing and deciding, each by the department whose task it is."""

import pytest
from django.utils import timezone

from mingtang.core.cases import Stage
from mingtang.core.people import Role
from mingtang.ledger.replay import history
from mingtang.people import actions as people
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import LETTER, ONCE, page, row, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town():
    return case_town.build()


def text_of(answer):
    return answer.content.decode()


MEETS = {"once_key": ONCE, "finding": "meets", "opinion": "符合"}
GRANT = {"once_key": ONCE, "granted": "yes", "reason": ""}


def test_each_department_finds_its_own_step(town):
    number = case_town.accepted(town)
    ours = signed_in(town.reviewer).get(page("tasks")).context
    theirs = signed_in(town.inspector).get(page("tasks")).context
    nobodys = signed_in(town.stranger).get(page("tasks")).context
    assert [(line["number"], line["task"]) for line in ours["lines"]] == [(number, "书面审查")]
    assert [(line["number"], line["task"]) for line in theirs["lines"]] == [(number, "现场核查")]
    assert nobodys["lines"] == []
    assert [entry["count"] for entry in ours["tabs"]] == [1, 0]


def test_a_step_is_finished_with_an_opinion_and_the_last_leads_to_the_decision(town):
    number = case_town.accepted(town)
    reviewer, inspector = signed_in(town.reviewer), signed_in(town.inspector)
    assert reviewer.post(page("task-complete", number, "papers"), MEETS).status_code == 302
    assert inspector.post(page("task-complete", number, "site"), MEETS).status_code == 302
    assert reviewer.get(page("task", number, "merge")).status_code == 200
    reviewer.post(page("task-complete", number, "merge"), MEETS)
    assert row(number).stage == Stage.DECIDING
    assert len(reviewer.get(page("tasks") + "?tab=done").context["lines"]) == 2
    chief = signed_in(town.chief)
    shown = text_of(chief.get(page("task", number, "decision")))
    for part in ("依据的授权书", LETTER, "授权有效", "2026-12-31", "审批记录", "flow-chart"):
        assert part in shown
    assert chief.post(page("task-decide", number), GRANT).status_code == 302
    assert row(number).stage == Stage.GRANTED
    assert history(f"case/{number}")[-1].event.authority.letter_no == LETTER


def test_the_same_click_twice_is_one_act(town):
    number = case_town.reviewed(town)
    chief = signed_in(town.chief)
    for _twice in range(2):
        assert chief.post(page("task-decide", number), GRANT).status_code == 302
    assert len(history(f"case/{number}")) == 6


def test_a_negative_finding_without_an_opinion_stays_on_the_page(town):
    number = case_town.accepted(town)
    reviewer = signed_in(town.reviewer)
    answer = reviewer.post(
        page("task-complete", number, "papers"), {"once_key": ONCE, "finding": "fails"}
    )
    assert answer.status_code == 409
    assert "请写明意见" in text_of(answer)
    assert answer.context["form"]["finding"].value() == "fails"
    empty = reviewer.post(page("task-complete", number, "papers"), {"opinion": "写了很多"})
    assert empty.status_code == 422
    assert "写了很多" in text_of(empty)


def test_a_refusal_needs_its_reasons_and_shows_them_to_the_applicant(town):
    number = case_town.reviewed(town)
    chief = signed_in(town.chief)
    no = {"once_key": ONCE, "granted": "no", "reason": ""}
    assert chief.post(page("task-decide", number), no).status_code == 409
    assert chief.post(page("task-decide", number), {"once_key": ONCE}).status_code == 422
    no["reason"] = "场所不符合规定"
    assert chief.post(page("task-decide", number), no).status_code == 302
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "场所不符合规定" in shown


def test_without_a_letter_in_force_the_page_says_why_and_nothing_is_decided(town):
    number = case_town.reviewed(town)
    people.revoke_mandate(key="演市监授-2026-1号", reason="轮岗", by=town.manager, at=MONDAY)
    chief = signed_in(town.chief)
    shown = text_of(chief.get(page("task", number, "decision")))
    assert "不能决定" in shown
    assert "已经撤销" in shown
    assert "作出决定</button>" not in shown
    answer = chief.post(page("task-decide", number), GRANT)
    assert answer.status_code == 409
    assert row(number).stage == Stage.DECIDING


def test_a_chief_who_never_had_a_letter_is_told_so(town):
    number = case_town.reviewed(town)
    newcomer = signed_in(case_town.official(22, Role.CHIEF_REPRESENTATIVE, "market"))
    assert "没有查到对本事项有效的授权书" in text_of(newcomer.get(page("task", number, "decision")))


def test_other_departments_and_other_powers_do_not_reach_a_task(town):
    number = case_town.accepted(town)
    for who in ("stranger", "inspector"):
        client = signed_in(getattr(town, who))
        assert client.get(page("task", number, "papers")).status_code == 404
        assert client.post(page("task-complete", number, "papers"), MEETS).status_code == 404
    for who in ("citizen", "clerk", "manager", "overseer", "administrator"):
        client = signed_in(getattr(town, who))
        assert client.get(page("tasks")).status_code == 403
        assert client.get(page("task", number, "papers")).status_code == 403
        assert client.post(page("task-complete", number, "papers"), MEETS).status_code == 403
    reviewer = signed_in(town.reviewer)
    assert reviewer.post(page("task-decide", number), GRANT).status_code == 403
    assert reviewer.get(page("task", number, "intake")).status_code == 404
    assert reviewer.get(page("task", number, "nonsense")).status_code == 404
    assert row(number).stage == Stage.REVIEWING


def test_a_reviewer_sees_the_own_application_but_does_not_judge_it(town):
    number = case_town.accepted(town, someone=town.reviewer)
    client = signed_in(town.reviewer)
    answer = client.get(page("task", number, "papers"))
    assert "须由他人办理" in text_of(answer)
    assert answer.context["form"] is None
    assert client.post(page("task-complete", number, "papers"), MEETS).status_code == 409


def test_a_step_somebody_else_finished_says_so(town):
    number = case_town.accepted(town)
    colleague = signed_in(case_town.official(23, Role.REVIEWER, "market"))
    signed_in(town.reviewer).post(page("task-complete", number, "papers"), MEETS)
    other = {**MEETS, "once_key": "another-key-another"}
    answer = colleague.post(page("task-complete", number, "papers"), other)
    assert answer.status_code == 409
    assert "已由他人完成" in text_of(answer)
