"""Extension and special procedures: what moves in the rows, and who finds which form on a page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions, queries
from mingtang.cases.actions import special
from mingtang.cases.models import CaseRow
from mingtang.cases.views.clocks import clock_card
from mingtang.catalogue import queries as catalogue
from mingtang.config.wiring import SUBJECTS
from mingtang.core.cases import SpecialKind, Stage
from mingtang.core.clock import LineKind, Standing, explain
from mingtang.core.people import Role
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import verify
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, officer, page, row, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
NEXT_TUESDAY = MONDAY + timedelta(days=8)
DATES = "延长期限、特别程序"  # the link to the page
EXTEND = {"once_key": ONCE, "days": "10", "extension_reason": "需要核实"}
BEGIN = {
    "once_key": ONCE,
    "procedure": "testing",
    "expected_days": "5",
    "special_reason": "需要抽样检测",
}
END = {"once_key": ONCE, "result": "检测合格"}


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


def text_of(answer):
    return answer.content.decode()


def extend(town, number, *, at=TUESDAY, by="manager"):
    return special.extend(
        number=number,
        days=10,
        reason="需要核实",
        approver=officer(getattr(town, by), "N-007", "market"),
        at=at,
    )


def begin(town, number, *, at=TUESDAY):
    return special.begin_special(
        number=number,
        procedure=SpecialKind.TESTING,
        reason="需要抽样检测",
        expected_days=5,
        officer=officer(town.reviewer, "N-004", "market"),
        at=at,
    )


def end(town, number, *, at=NEXT_TUESDAY):
    return special.end_special(
        number=number,
        result="检测合格",
        officer=officer(town.reviewer, "N-004", "market"),
        at=at,
    )


# ── What is done, and the rows ──────────────────────────────────────────────


def test_an_extension_moves_the_statutory_date_of_the_row(town):
    number = case_town.accepted(town)
    extend(town, number)
    found = row(number)
    assert (found.extended_days, found.statutory_due, found.promised_due) == (
        10,
        date(2026, 4, 14),
        date(2026, 3, 9),
    )


def test_only_whoever_heads_the_organ_on_that_day_extends(town):
    number = case_town.accepted(town)
    with refused("case.not-organ-head"):
        extend(town, number, by="chief")
    assert row(number).statutory_due == date(2026, 3, 30)
    assert len(history(f"case/{number}")) == 2


def test_a_procedure_stops_the_clocks_and_its_end_moves_both(town):
    number = case_town.accepted(town)
    begin(town, number)
    assert (row(number).special, row(number).statutory_due) == ("testing", date(2026, 3, 30))
    end(town, number)
    found = row(number)
    assert (found.special, found.statutory_due, found.promised_due) == (
        "",
        date(2026, 4, 7),
        date(2026, 3, 16),
    )
    assert found.paused_since is None
    assert found.pauses == [
        {
            "kind": "testing",
            "from_date": "2026-03-03",
            "until_date": "2026-03-10",
            "expected_days": 5,
        }
    ]


def test_every_day_is_explained_and_the_last_is_the_fifth(town):
    number = case_town.accepted(town)
    begin(town, number)
    end(town, number)
    running = queries.term(row(number), promised=True)
    lines = explain(running, until=row(number).promised_due, calendar=catalogue.calendar())
    paused = [line.day.day for line in lines if line.kind is LineKind.PAUSED]
    assert paused == [3, 4, 5, 6, 7, 8, 9]
    assert (lines[-1].day, lines[-1].number) == (date(2026, 3, 16), 5)


def late(today):
    """Return the numbers of the cases a list of what is past its promise shows."""
    found = queries.narrowed(
        queries.everywhere(),
        stage="",
        lamp="over",
        department="",
        number="",
        today=today,
        calendar=catalogue.calendar(),
    )
    return [one.number for one in found]


def test_the_lamp_stands_still_and_late_lists_leave_it_out(town):
    number = case_town.accepted(town)
    begin(town, number)
    assert row(number).paused_since == date(2026, 3, 3)
    long_after = date(2026, 6, 1)
    stands = queries.standing(row(number), today=long_after, calendar=catalogue.calendar())
    assert stands is Standing.PAUSED
    assert late(long_after) == []


def test_withdrawn_it_stands_still_no_longer(town):
    number = case_town.accepted(town)
    begin(town, number)
    actions.withdraw(number=number, person=town.citizen, reason="", at=NEXT_TUESDAY)
    found = row(number)
    assert (found.stage, found.special) == (Stage.WITHDRAWN, "")
    assert found.pauses[0]["until_date"] == "2026-03-10"
    stands = queries.standing(found, today=date(2026, 6, 1), calendar=catalogue.calendar())
    assert stands is Standing.DONE_IN_TIME


def test_the_copies_agree_with_the_record(town):
    extended, paused, resumed, withdrawn = (case_town.accepted(town) for _ in range(4))
    extend(town, extended)
    for number in (paused, resumed, withdrawn):
        begin(town, number)
    end(town, resumed)
    extend(town, resumed, at=NEXT_TUESDAY)
    actions.withdraw(number=withdrawn, person=town.citizen, reason="", at=NEXT_TUESDAY)
    assert [found for found in verify(SUBJECTS) if found.code.startswith("verify.row")] == []
    before = list(CaseRow.objects.order_by("pk").values())
    rebuild(SUBJECTS)
    assert list(CaseRow.objects.order_by("pk").values()) == before


def test_each_act_has_its_receipt(town):
    number = case_town.accepted(town)
    receipts = [extend(town, number), begin(town, number), end(town, number)]
    written = history(f"case/{number}")[2:]
    assert [(one.key, one.index) for one in receipts] == [(number, one.index) for one in written]


# ── Pages of officers ───────────────────────────────────────────────────────


def test_reviewers_and_the_head_come_to_the_page_from_where_they_see_the_case(town):
    number = case_town.accepted(town)
    task = text_of(signed_in(town.reviewer).get(page("task", number, "papers")))
    progress = text_of(signed_in(town.manager).get(page("progress", number)))
    for shown in (task, progress):
        assert DATES in shown
        assert page("dates", number) in shown


def test_nobody_is_sent_to_a_page_that_is_closed_to_them_or_of_no_more_use(town):
    number = case_town.reviewed(town)
    site = text_of(signed_in(town.inspector).get(page("task", number, "site")))
    assert page("dates", number) not in site  # another department's
    decision = page("task", number, "decision")
    assert page("dates", number) in text_of(signed_in(town.chief).get(decision))
    actions.decide(
        number=number,
        granted=True,
        reason="",
        officer=officer(town.chief, "N-006", "market"),
        at=MONDAY,
    )
    for address in (decision, page("progress", number)):
        assert page("dates", number) not in text_of(signed_in(town.chief).get(address))


def opened(someone, number):
    """Return which forms this person finds."""
    shown = signed_in(someone).get(page("dates", number)).context
    return [name for name in ("extend", "begin", "end") if shown[name] is not None]


def test_each_finds_the_forms_that_are_theirs(town):
    number = case_town.accepted(town)
    found = {who: opened(getattr(town, who), number) for who in ("reviewer", "chief", "manager")}
    assert found == {"reviewer": ["begin"], "chief": ["begin"], "manager": ["extend"]}
    begin(town, number)
    assert (opened(town.reviewer, number), opened(town.manager, number)) == (["end"], [])


def test_the_head_extends_and_is_asked_to_confirm(town):
    number, manager = case_town.accepted(town), signed_in(town.manager)
    assert "data-confirm" in text_of(manager.get(page("dates", number)))
    for _twice in range(2):
        answer = manager.post(page("extend", number), EXTEND)
        assert (answer.status_code, answer.url) == (302, page("dates", number))
    event = history(f"case/{number}")[-1].event
    assert (event.days, event.reason, event.approver.staff_no) == (10, "需要核实", "N-007")
    assert len(history(f"case/{number}")) == 3
    assert "已经延长 10 个工作日" in text_of(manager.get(page("dates", number)))


def test_a_procedure_is_begun_and_ended_on_the_page(town, now):
    number = case_town.accepted(town)
    now(TUESDAY)
    reviewer = signed_in(town.reviewer)
    for _twice in range(2):
        answer = reviewer.post(page("begin-special", number), BEGIN)
        assert (answer.status_code, answer.url) == (302, page("dates", number))
    assert len(history(f"case/{number}")) == 3
    now(NEXT_TUESDAY)
    reviewer = signed_in(town.reviewer)
    shown = text_of(reviewer.get(page("dates", number)))
    assert "至 2026-03-09（周一），已经超过" in shown
    for _twice in range(2):
        answer = reviewer.post(page("end-special", number), END)
        assert (answer.status_code, answer.url) == (302, page("dates", number))
    assert len(history(f"case/{number}")) == 4
    shown = text_of(reviewer.get(page("dates", number)))
    assert "2026-03-03（周二） 至 2026-03-10（周二）" in shown
    assert "已经超过" not in shown
    assert row(number).promised_due == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("name", "who", "typed", "missing"),
    [
        ("extend", "manager", EXTEND, "days"),
        ("begin-special", "reviewer", BEGIN, "expected_days"),
    ],
)
def test_what_is_not_complete_comes_back_as_it_was_typed(town, name, who, typed, missing):
    number = case_town.accepted(town)
    answer = signed_in(getattr(town, who)).post(page(name, number), {**typed, missing: ""})
    assert answer.status_code == 422
    assert next(value for key, value in typed.items() if "reason" in key) in text_of(answer)
    assert len(history(f"case/{number}")) == 2


def test_eleven_days_are_not_taken(town):
    number = case_town.accepted(town)
    answer = signed_in(town.manager).post(page("extend", number), {**EXTEND, "days": "11"})
    assert answer.status_code == 422
    assert "最多延长 10 个工作日。" in text_of(answer)
    assert row(number).extended_days == 0


def test_a_refusal_says_why_and_keeps_what_was_typed(town):
    number = case_town.accepted(town)
    extend(town, number)
    answer = signed_in(town.manager).post(page("extend", number), EXTEND)
    assert answer.status_code == 409
    assert "法律只允许延长一次" in text_of(answer)
    assert "需要核实" in text_of(answer)
    begin(town, number)
    again = signed_in(town.chief).post(page("begin-special", number), BEGIN)
    assert again.status_code == 409
    assert "正在进行特别程序" in text_of(again)
    assert "需要抽样检测" in text_of(again)
    end(town, number)
    nothing = signed_in(town.chief).post(page("end-special", number), END)
    assert nothing.status_code == 409
    assert "没有正在进行的特别程序" in text_of(nothing)
    assert "检测合格" in text_of(nothing)
    assert len(history(f"case/{number}")) == 5


def test_after_the_term_there_is_nothing_left_to_move(town, now):
    number = case_town.accepted(town)
    now(MONDAY + timedelta(days=28))
    assert opened(town.reviewer, number) == ["begin"]  # its last day
    now(MONDAY + timedelta(days=29))
    assert opened(town.reviewer, number) == opened(town.manager, number) == []
    shown = text_of(signed_in(town.manager).get(page("dates", number)))
    assert "法定期限已经届满，不能再延长，也不能启动特别程序。" in shown
    answer = signed_in(town.manager).post(page("extend", number), EXTEND)
    assert answer.status_code == 409
    assert "法定期限已经届满" in text_of(answer)
    assert "需要核实" in text_of(answer)
    assert row(number).extended_days == 0


def test_nobody_moves_the_dates_of_their_own_case(town):
    number = case_town.accepted(town, someone=town.reviewer)
    client = signed_in(town.reviewer)
    assert client.get(page("dates", number)).context["begin"] is None
    assert client.post(page("begin-special", number), BEGIN).status_code == 409
    assert row(number).special == ""


ACTS = {"extend": EXTEND, "begin-special": BEGIN, "end-special": END}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 404),
        ("inspector", 404),
        ("citizen", 403),
        ("neighbour", 403),
        ("clerk", 403),
        ("overseer", 403),
        ("administrator", 403),
    ],
)
def test_everybody_else_is_kept_out(town, who, status):
    number, client = case_town.accepted(town), signed_in(getattr(town, who))
    assert client.get(page("dates", number)).status_code == status
    for name, typed in ACTS.items():
        assert client.post(page(name, number), typed).status_code in (403, 404)
    assert len(history(f"case/{number}")) == 2


def test_each_act_is_closed_to_whom_the_others_belong(town):
    number = case_town.accepted(town)
    assert signed_in(town.reviewer).post(page("extend", number), EXTEND).status_code == 403
    manager = signed_in(town.manager)
    assert manager.post(page("begin-special", number), BEGIN).status_code == 403
    elsewhere = signed_in(case_town.official(30, Role.DEPARTMENT_MANAGER, "education"))
    assert elsewhere.post(page("extend", number), EXTEND).status_code == 404
    assert len(history(f"case/{number}")) == 2


# ── A decision waits ────────────────────────────────────────────────────────


def test_the_decision_waits_for_what_the_procedure_shows(town):
    number = case_town.reviewed(town)
    begin(town, number)
    chief = signed_in(town.chief)
    answer = chief.get(page("task", number, "decision"))
    assert "结束以后才能作出决定" in text_of(answer)
    assert answer.context["form"] is None
    sent = chief.post(page("task-decide", number), {"once_key": ONCE, "granted": "yes"})
    assert sent.status_code == 409
    assert row(number).stage == Stage.DECIDING
    end(town, number)
    answer = chief.get(page("task", number, "decision"))
    assert "结束以后才能作出决定" not in text_of(answer)
    assert answer.context["form"] is not None


# ── What the applicant sees ─────────────────────────────────────────────────


def test_the_applicant_sees_why_the_clock_stands_still_and_until_when(town, now):
    number = case_town.accepted(town)
    begin(town, number)
    now(TUESDAY)
    citizen = signed_in(town.citizen)
    answer = citizen.get(page("progress", number))
    shown = text_of(answer)
    assert answer.context["lamp_word"] == "暂停计时"
    assert (
        "检测自2026-03-03（周二）起进行，预计 5 个工作日，至 2026-03-09（周一），不计入期限"
        in shown
    )
    assert "启动特别程序：检测" in shown
    assert "需要抽样检测" in shown
    assert DATES not in shown


def test_afterwards_the_card_says_what_was_not_counted(town):
    number = case_town.accepted(town)
    begin(town, number)
    end(town, number)
    extend(town, number, at=NEXT_TUESDAY)
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    for part in (
        "特别程序的时间没有计入",
        "法定期限经批准延长 10 个工作日",
        "检测，不计",
        "特别程序结束：检测",
        "恢复计时，承诺期限至 2026-03-16（周一）；检测合格",
        "延长期限 10 个工作日",
        "法定期限至 2026-04-21（周二）；需要核实",
    ):
        assert part in shown


def test_who_sees_no_more_than_progress_reads_no_reason(town):
    number = case_town.accepted(town)
    begin(town, number)
    end(town, number)
    extend(town, number, at=NEXT_TUESDAY)
    shown = text_of(signed_in(town.overseer).get(page("progress", number)))
    assert "启动特别程序：检测" in shown
    for sealed in ("需要抽样检测", "检测合格", "需要核实"):
        assert sealed not in shown


def test_while_it_stands_still_the_card_has_no_date(town):
    number = case_town.accepted(town)
    begin(town, number)
    card = clock_card(row(number), today=date(2026, 3, 4), calendar=catalogue.calendar())
    assert (card["lamp"], card["used_days"], "due_date" in card) == ("paused", 0, False)


def test_begun_after_the_promised_day_it_stops_the_statutory_term_alone(town):
    """The promise was missed before; no procedure hides that."""
    number = case_town.accepted(town)
    begin(town, number, at=NEXT_TUESDAY)
    today, calendar = date(2026, 3, 11), catalogue.calendar()
    card = clock_card(row(number), today=today, calendar=calendar)
    assert (card["lamp"], card["due_date"]) == ("bad", date(2026, 3, 9))
    assert queries.standing(row(number), today=today, calendar=calendar) is Standing.OVER
    assert late(today) == [number]
    assert card["why"] == (
        "2026-03-02（周一）受理；次日起算，只数工作日；检测自2026-03-10（周二）起进行，"
        "预计 5 个工作日，至 2026-03-16（周一），法定期限暂停计算。"
    )
    end(town, number, at=MONDAY + timedelta(days=15))
    found = row(number)
    assert (found.promised_due, found.statutory_due) == (date(2026, 3, 9), date(2026, 4, 7))
