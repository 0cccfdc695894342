"""Legal opinions in the rows and on pages: asked, given, stepped back from, read by the decider."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions import counsel
from mingtang.cases.models import OpinionRow
from mingtang.config.wiring import SUBJECTS
from mingtang.core.cases import Conclusion
from mingtang.core.people import Role
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, officer, page, row, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
FRIDAY = MONDAY + timedelta(days=4)
QUESTION = "可否附条件准予？"
OPINION = "须先补办环评，再行准予。"
ASK = {"once_key": ONCE, "body": "centre", "question": QUESTION, "due_date": "2026-03-05"}
GIVE = {"once_key": ONCE, "conclusion": "if_changed", "opinion": OPINION}
DECLINE = {"once_key": ONCE, "interest": "申请人是我代理过的企业"}
DECIDE = {"once_key": ONCE, "granted": "yes"}


@pytest.fixture
def now(monkeypatch, log_home):
    """Return how to say what time it is; at first it is Monday, 2 March 2026, nine o'clock."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def town(now):
    return case_town.build()


@pytest.fixture
def lawyer(town):
    return case_town.official(21, Role.COUNSEL, "centre")


@pytest.fixture
def other_lawyer(town):
    return case_town.official(22, Role.COUNSEL, "centre")


def text_of(answer):
    return answer.content.decode()


def ask(town, number, *, at=MONDAY, body="centre"):
    return counsel.ask(
        number=number,
        body=body,
        question=QUESTION,
        due_date=date(2026, 3, 5),
        officer=officer(town.reviewer, "N-004", "market"),
        at=at,
    )


def give(lawyer, number, *, at=TUESDAY):
    return counsel.give(
        number=number,
        request=1,
        conclusion=Conclusion.IF_CHANGED,
        opinion=OPINION,
        officer=officer(lawyer, "N-021", "centre"),
        at=at,
    )


def decline(lawyer, number, *, at=TUESDAY):
    return counsel.decline(
        number=number,
        request=1,
        interest="申请人是我代理过的企业",
        officer=officer(lawyer, "N-021", "centre"),
        at=at,
    )


def opinion_row(number):
    return OpinionRow.objects.get(case=number)


# ── What is done, and the rows ──────────────────────────────────────────────


def test_an_opinion_is_asked_for_and_given(town, lawyer):
    number = case_town.accepted(town)
    ask(town, number)
    found = opinion_row(number)
    assert (found.body, found.due_date, found.closed_date) == ("centre", date(2026, 3, 5), None)
    give(lawyer, number)
    found = opinion_row(number)
    assert (found.person, found.conclusion, found.closed_date) == (
        lawyer,
        "if_changed",
        date(2026, 3, 3),
    )


def test_only_a_body_that_has_counsel_is_asked(town, lawyer):
    number = case_town.accepted(town)
    with refused("case.no-counsel"):
        ask(town, number, body="education")


def test_who_steps_back_leaves_it_to_another(town, lawyer, other_lawyer):
    number = case_town.accepted(town)
    ask(town, number)
    decline(lawyer, number)
    assert opinion_row(number).declined_by == [lawyer]
    with refused("case.counsel-stepped-back"):
        give(lawyer, number)
    give(other_lawyer, number)
    assert opinion_row(number).person == other_lawyer


def test_it_is_decided_without_waiting_only_with_a_reason(town, lawyer):
    number = case_town.reviewed(town)
    ask(town, number)
    chief = officer(town.chief, "N-006", "market")
    decide = {"number": number, "granted": True, "reason": "", "officer": chief, "at": TUESDAY}
    with refused("case.opinion-open"):
        actions.decide(**decide)
    actions.decide(**decide, without_opinion="问题已经澄清")
    assert (opinion_row(number).closed_date, opinion_row(number).conclusion) == (
        date(2026, 3, 3),
        "",
    )
    kinds = [written.event.kind for written in history(f"case/{number}")][-2:]
    assert kinds == ["case.opinion-forgone.v1", "case.decided.v1"]


def test_the_rows_come_from_the_log_alone(town, lawyer):
    given, asked, withdrawn = (case_town.accepted(town) for _ in range(3))
    for number in (given, asked, withdrawn):
        ask(town, number)
    give(lawyer, given)
    decline(lawyer, asked)
    actions.withdraw(number=withdrawn, person=town.citizen, reason="", at=TUESDAY)
    assert opinion_row(withdrawn).closed_date == date(2026, 3, 3)
    before = list(OpinionRow.objects.order_by("pk").values())
    rebuild(SUBJECTS)
    assert list(OpinionRow.objects.order_by("pk").values()) == before
    assert [found for found in verify(SUBJECTS) if found.code.startswith("verify.row")] == []


# ── Pages ───────────────────────────────────────────────────────────────────


def test_a_question_goes_from_the_reviewer_to_counsel_and_back(town, lawyer):
    number = case_town.accepted(town)
    reviewer = signed_in(town.reviewer)
    assert QUESTION not in text_of(reviewer.get(page("case-opinions", number)))
    assert reviewer.post(page("opinion-ask", number), ASK).status_code == 302
    browser = signed_in(lawyer)
    assert number in text_of(browser.get(page("opinions")))
    shown = text_of(browser.get(page("opinion", number, 1)))
    for said in (QUESTION, "演示甲", "申请书", "演示路 1 号"):
        assert said in shown
    assert browser.post(page("opinion-give", number, 1), GIVE).status_code == 302
    assert OPINION in text_of(browser.get(page("opinion", number, 1)))
    assert number in text_of(browser.get(page("opinions") + "?tab=done"))
    shown = text_of(reviewer.get(page("task", number, "papers")))
    assert OPINION in shown
    assert "修改后合法" in shown


def test_counsel_reads_the_files_of_the_case_while_asked(town, lawyer):
    number = case_town.accepted(town)
    browser = signed_in(lawyer)
    [document] = [one.id for one in history(f"case/{number}")[0].event.documents]
    assert browser.get(page("progress", number)).status_code == 404
    assert browser.get(page("document", number, document)).status_code == 404
    ask(town, number)
    assert browser.get(page("progress", number)).status_code == 200
    opened = browser.get(page("document", number, document))
    assert b"".join(opened.streaming_content) == case_town.PDF


def test_who_steps_back_sees_it_no_more(town, lawyer, other_lawyer):
    number = case_town.accepted(town)
    ask(town, number)
    browser = signed_in(lawyer)
    answer = browser.post(page("opinion-decline", number, 1), DECLINE)
    assert (answer.status_code, answer.url) == (302, page("opinions"))
    assert number not in text_of(browser.get(page("opinions")))
    assert browser.get(page("opinion", number, 1)).status_code == 404
    assert browser.get(page("progress", number)).status_code == 404
    assert number in text_of(signed_in(other_lawyer).get(page("opinions")))
    shown = text_of(signed_in(town.reviewer).get(page("case-opinions", number)))
    assert "已回避" in shown
    assert "代理过" not in shown


def test_it_is_nobody_else_s(town, lawyer):
    number = case_town.accepted(town)
    ask(town, number)
    elsewhere = case_town.official(23, Role.COUNSEL, "education")
    assert signed_in(elsewhere).get(page("opinion", number, 1)).status_code == 404
    for someone in (town.reviewer, town.citizen, town.clerk):
        assert signed_in(someone).get(page("opinions")).status_code == 403
    assert signed_in(town.stranger).get(page("case-opinions", number)).status_code == 404
    assert signed_in(town.stranger).post(page("opinion-ask", number), ASK).status_code == 404


def test_the_applicant_sees_that_counsel_was_heard_and_not_what_was_said(town, lawyer):
    number = case_town.accepted(town)
    ask(town, number)
    give(lawyer, number)
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "法律意见：修改后合法" in shown
    assert QUESTION not in shown
    assert OPINION not in shown


def test_counsel_s_own_application_is_not_theirs_to_judge(town, lawyer):
    number = case_town.accepted(town, someone=lawyer)
    ask(town, number)
    browser = signed_in(lawyer)
    assert "这是您本人的申请，请回避。" in text_of(browser.get(page("opinion", number, 1)))
    answer = browser.post(page("opinion-give", number, 1), GIVE)
    assert answer.status_code == 409
    assert "这是您本人的申请" in text_of(answer)
    assert OPINION in text_of(answer)


def test_whoever_decides_is_warned_and_says_why_not_to_wait(town, lawyer):
    number = case_town.reviewed(town)
    ask(town, number)
    browser = signed_in(town.chief)
    task = page("task", number, "decision")
    assert "征求的法律意见还没有出具。可以等意见" in text_of(browser.get(task))
    answer = browser.post(page("task-decide", number), DECIDE)
    assert answer.status_code == 409
    assert "不等意见就作出决定的，请写明理由" in text_of(answer)
    decided = {**DECIDE, "without_opinion": "问题已经澄清"}
    assert browser.post(page("task-decide", number), decided).status_code == 302
    assert row(number).stage == "granted"
    assert "问题已经澄清" in text_of(browser.get(task))


def test_what_is_not_complete_comes_back(town, lawyer):
    number = case_town.accepted(town)
    reviewer = signed_in(town.reviewer)
    answer = reviewer.post(page("opinion-ask", number), {**ASK, "due_date": ""})
    assert answer.status_code == 422
    assert QUESTION in text_of(answer)
    answer = reviewer.post(page("opinion-ask", number), {**ASK, "due_date": "2026-03-01"})
    assert answer.status_code == 409
    ask(town, number)
    browser = signed_in(lawyer)
    answer = browser.post(page("opinion-give", number, 1), {**GIVE, "conclusion": ""})
    assert answer.status_code == 422
    assert OPINION in text_of(answer)
    answer = browser.post(page("opinion-decline", number, 1), {"once_key": ONCE})
    assert answer.status_code == 422
