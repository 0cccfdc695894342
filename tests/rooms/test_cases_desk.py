"""The window's desk, and taking an application for somebody who walked in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions import teamwork
from mingtang.cases.actions.batches import file_batch
from mingtang.cases.models import CaseRow
from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.catalogue import Reach, ReachMode, ReachScope
from mingtang.core.people import Role
from mingtang.ledger.replay import history
from mingtang.people.models import PersonRow
from mingtang.vault.models import DocumentRow, DraftRow
from tests.core.case_examples import MONDAY
from tests.core.item_examples import item
from tests.rooms import case_town
from tests.rooms.case_town import ITEM, ONCE, page, row, signed_in, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town():
    return case_town.build()


@pytest.fixture
def desk(town):
    return signed_in(town.clerk)


def text_of(answer):
    return answer.content.decode()


CHECKED = {"once_key": ONCE, "check-m1": "yes", "check-_form": "yes"}


def test_the_desk_lists_what_waits_soonest_first_with_its_lamp(town, desk, monkeypatch):
    later = MONDAY + timedelta(days=3)
    second, first = case_town.filed(town, at=later), case_town.filed(town)
    case_town.notified(town)
    monkeypatch.setattr(timezone, "now", lambda: later)
    context = signed_in(town.clerk).get(page("desk")).context
    assert [line["number"] for line in context["lines"]] == [first, second]
    assert [line["lamp"] for line in context["lines"]] == ["good", "good"]
    assert [entry["count"] for entry in context["tabs"]] == [2, 1, 0]


def test_accepting_moves_the_case_to_what_is_done(town, desk):
    number = case_town.filed(town)
    assert "受理" in text_of(desk.get(page("desk-case", number)))
    answer = desk.post(page("desk-accept", number), CHECKED)
    assert answer.url == page("desk-case", number)
    assert row(number).stage == Stage.REVIEWING
    event = history(f"case/{number}")[-1].event
    assert (event.officer.staff_no, event.officer.office) == ("N-003", "window-7")
    context = desk.get(page("desk") + "?tab=done").context
    assert [line["number"] for line in context["lines"]] == [number]
    assert desk.post(page("desk-accept", number), CHECKED).status_code == 302
    assert len(history(f"case/{number}")) == 2


def test_a_colleague_who_was_quicker_is_named_by_the_refusal(town, desk):
    number = case_town.accepted(town)
    answer = desk.post(page("desk-accept", number), CHECKED)
    assert answer.status_code == 409
    assert "可能已由他人办理" in text_of(answer)
    assert "case.not-awaiting-acceptance" in text_of(answer)


def test_what_is_marked_as_wrong_cannot_be_accepted_by_the_same_stroke(town, desk):
    number = case_town.filed(town)
    marked = {**CHECKED, "check-m1": "no", "why-m1": "没有签字"}
    answer = desk.post(page("desk-accept", number), marked)
    assert answer.status_code == 422
    assert "没有签字" in text_of(answer)
    assert row(number).stage == Stage.FILED


def test_one_notice_names_everything_marked(town, desk):
    number = case_town.filed(town)
    marked = {
        "once_key": ONCE,
        "check-m1": "no",
        "why-m1": "没有签字",
        "check-_form": "no",
        "why-_form": "地址不详",
    }
    assert desk.post(page("desk-notify", number), marked).status_code == 302
    event = history(f"case/{number}")[-1].event
    assert event.count == 2
    assert "没有签字" in event.shortfalls
    assert '"material":""' in event.shortfalls


def test_a_notice_without_reasons_is_refused_and_what_was_typed_stays(town, desk):
    number = case_town.filed(town)
    marked = {
        "once_key": ONCE,
        "check-m1": "no",
        "why-m1": "没有签字",
        "check-_form": "no",
        "why-_form": "",
    }
    answer = desk.post(page("desk-notify", number), marked)
    assert answer.status_code == 409
    assert "没有签字" in text_of(answer)
    assert desk.post(page("desk-notify", number), CHECKED).status_code == 409
    assert row(number).stage == Stage.FILED


def test_a_refusal_to_accept_names_its_ground_and_the_organ_that_is_competent(town, desk):
    number = case_town.filed(town)
    form = {**CHECKED, "ground": "not_competent", "refusal_reason": "由县级机关办理"}
    answer = desk.post(page("desk-refuse", number), form)
    assert answer.status_code == 409
    assert "由县级机关办理" in text_of(answer)
    form["competent_organ"] = "演示县市场监督管理局"
    assert desk.post(page("desk-refuse", number), form).status_code == 302
    assert row(number).stage == Stage.NOT_ACCEPTED
    shown = text_of(signed_in(town.citizen).get(page("progress", number)))
    assert "演示县市场监督管理局" in shown
    assert desk.post(page("desk-refuse", number), {"once_key": ONCE}).status_code == 422


def test_too_late_to_answer_is_said_and_acceptance_becomes_what_the_law_did(
    town, desk, monkeypatch
):
    number = case_town.filed(town)
    later = MONDAY + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    desk = signed_in(town.clerk)
    marked = {**CHECKED, "check-m1": "no", "why-m1": "没有签字"}
    assert desk.post(page("desk-notify", number), marked).status_code == 409
    assert desk.post(page("desk-accept", number), CHECKED).status_code == 302
    assert row(number).deemed


def test_on_the_spot_acceptance_leads_straight_to_the_decision(town):
    case_town.publish(item(promised_days=0, steps=()), draft=2)
    number = case_town.filed(town)
    chief = signed_in(town.chief)
    answer = chief.post(page("desk-accept", number), CHECKED)
    assert answer.url == page("task", number, "decision")
    assert chief.get(answer.url).status_code == 200
    decided = chief.post(page("task-decide", number), {"once_key": ONCE, "granted": "yes"})
    assert decided.status_code == 302
    assert row(number).stage == Stage.GRANTED


# ── Whose desk ──────────────────────────────────────────────────────────────


def test_a_department_window_takes_its_own_department_only(town):
    number = case_town.filed(town)
    own = signed_in(case_town.official(20, Role.WINDOW_CLERK, "market"))
    other = signed_in(case_town.official(21, Role.WINDOW_CLERK, "education"))
    assert own.get(page("desk-case", number)).status_code == 200
    assert number not in text_of(other.get(page("desk")))
    assert other.get(page("desk-case", number)).status_code == 404
    for act in ("desk-accept", "desk-notify", "desk-refuse"):
        assert other.post(page(act, number), CHECKED).status_code == 404
    assert row(number).stage == Stage.FILED


@pytest.mark.parametrize("who", ["citizen", "reviewer", "manager", "overseer", "administrator"])
def test_the_desk_needs_its_power(town, who):
    number = case_town.filed(town)
    client = signed_in(getattr(town, who))
    assert client.get(page("desk")).status_code == 403
    assert client.get(page("desk-case", number)).status_code == 403
    assert client.post(page("desk-accept", number), CHECKED).status_code == 403
    assert client.get(page("counter")).status_code == 403


def test_a_clerk_sees_the_own_application_but_does_not_handle_it(town, desk):
    number = case_town.filed(town, town.clerk)
    answer = desk.get(page("desk-case", number))
    assert "须由其他窗口办理" in text_of(answer)
    assert answer.context["decisions"] == []
    assert desk.post(page("desk-accept", number), CHECKED).status_code == 409


def test_an_unknown_number_is_not_found(desk):
    assert desk.get(page("desk-case", "MT-0000-0000")).status_code == 404


# ── Taking an application ───────────────────────────────────────────────────

SOMEBODY = {
    "name": "演示丙",
    "id_kind": "passport",
    "id_number": "E7777777",
    "phone": "13900007777",
}


def steps_of(person):
    return lambda name: page("counter-step", ITEM, person, name)


def test_a_clerk_files_for_somebody_who_walked_in(town, desk):
    assert "食品经营许可" in text_of(desk.get(page("counter") + "?q=食品"))
    answer = desk.post(page("counter-person", ITEM), SOMEBODY)
    person = PersonRow.objects.get(id_number="E7777777")
    assert answer.url == page("counter-start", ITEM, person.id)
    step = steps_of(person.id)
    assert desk.get(answer.url).url == step("situation")
    desk.post(step("situation"), {"s1": "no"})
    desk.post(step("materials"), {"do": "add", "material": "m1", "upload": upload("扫描.pdf")})
    desk.post(step("materials"), {"do": "next"})
    desk.post(step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    assert "演示丙" in text_of(desk.get(page("counter")))
    assert "窗口代收" in text_of(desk.get(step("confirm")))
    answer = desk.post(step("confirm"), {"once_key": ONCE})
    case = CaseRow.objects.get()
    assert answer.url == page("desk-case", case.number)
    assert (case.applicant, case.agent, case.channel) == (person.id, "", "window")
    assert DocumentRow.objects.get().owner == person.id
    event = history(f"case/{case.number}")[0].event
    assert event.taken_by.staff_no == "N-003"
    assert desk.post(step("confirm"), {"once_key": ONCE}).url == answer.url
    assert CaseRow.objects.count() == 1
    assert not DraftRow.objects.exists()


def test_somebody_already_registered_is_found_again_and_a_wrong_name_is_not(town, desk):
    desk.post(page("counter-person", ITEM), SOMEBODY)
    known = PersonRow.objects.get(id_number="E7777777")
    again = desk.post(page("counter-person", ITEM), SOMEBODY)
    assert again.url == page("counter-start", ITEM, known.id)
    answer = desk.post(page("counter-person", ITEM), {**SOMEBODY, "name": "演示丁"})
    assert answer.status_code == 422
    assert "另一个姓名" in text_of(answer)
    assert desk.post(page("counter-person", ITEM), {}).status_code == 422


def test_a_clerk_is_not_offered_what_a_person_handed_in_before(town, desk):
    held = case_town.kept(town.citizen, "旧材料.pdf")
    step = steps_of(town.citizen)
    desk.post(step("situation"), {"s1": "no"})
    assert "旧材料.pdf" not in text_of(desk.get(step("materials")))
    answer = desk.post(step("materials"), {"do": "add", "material": "m1", "earlier": held.id})
    assert answer.status_code == 404


def test_a_department_window_does_not_take_another_departments_item(town):
    other = signed_in(case_town.official(21, Role.WINDOW_CLERK, "education"))
    assert "食品经营许可" not in text_of(other.get(page("counter") + "?q=食品")).split("<main")[1]
    assert other.get(page("counter-person", ITEM)).status_code == 404
    assert other.get(page("counter-start", ITEM, town.citizen)).status_code == 404


def test_any_window_takes_in_what_may_be_taken_in_elsewhere_and_the_organ_goes_on(town):
    anywhere = Reach(mode=ReachMode.COLLECTED, scope=ReachScope.PROVINCE)
    case_town.publish(item(reaches=(anywhere,)), draft=2)
    clerk = case_town.official(21, Role.WINDOW_CLERK, "education")
    other = signed_in(clerk)
    assert "食品经营许可" in text_of(other.get(page("counter") + "?q=食品")).split("<main")[1]
    step = steps_of(town.citizen)
    other.post(step("situation"), {"s1": "no"})
    other.post(step("materials"), {"do": "add", "material": "m1", "upload": upload("扫描.pdf")})
    other.post(step("materials"), {"do": "next"})
    other.post(step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    answer = other.post(step("confirm"), {"once_key": ONCE})
    case = CaseRow.objects.get()
    assert answer.url == page("progress", case.number)
    shown = text_of(other.get(answer.url))
    assert "异地窗口收到申请" in shown
    assert "演示education · 工号 N-021" in shown
    assert "代收，转演示市场监督管理局受理" in shown
    assert "演示路 1 号" not in shown  # how it goes, no more
    assert case.department == "market"
    assert other.get(page("desk-case", case.number)).status_code in (404, 409)
    assert case.number in text_of(signed_in(town.chief).get(page("desk")))
    stranger = signed_in(case_town.official(22, Role.WINDOW_CLERK, "education"))
    assert stranger.get(page("progress", case.number)).status_code == 404


def collected(clerk):
    return clerk.get(page("desk"), {"tab": "collected"})


def test_what_a_clerk_took_in_for_elsewhere_is_counted_and_listed_by_one_question(town):
    anywhere = Reach(mode=ReachMode.COLLECTED, scope=ReachScope.PROVINCE)
    case_town.publish(item(reaches=(anywhere,)), draft=2)
    person = case_town.official(21, Role.WINDOW_CLERK, "education")
    other = cases.Officer(person=person, staff_no="N-021", organisation="education")
    number = case_town.filed(town, taken_by=other)
    case_town.filed(town)  # at home
    window = signed_in(person)
    answer = collected(window)
    [tab] = [entry for entry in answer.context["tabs"] if entry["key"] == "collected"]
    assert (tab["word"], tab["count"], tab["current"]) == ("代收", 1, True)
    [line] = answer.context["lines"]
    assert (line["number"], line["stage"], line["holds"]) == (
        number,
        "待受理",
        "演示市场监督管理局",
    )
    assert line["url"] == page("progress", number)
    assert "演示甲" not in text_of(answer)  # how it goes, no more
    actions.accept(number=number, officer=case_town.clerk(town), at=MONDAY)
    reviewer = case_town.officer(town.reviewer, "N-004", "market")
    teamwork.claim(number=number, task="papers", officer=reviewer, at=MONDAY)
    [line] = collected(window).context["lines"]
    assert (line["stage"], line["holds"]) == (
        "审查中",
        "演示市场监督管理局 工号 N-004、演示核查中心",
    )
    actions.withdraw(number=number, person=town.citizen, reason="", at=MONDAY)
    [line] = collected(window).context["lines"]
    assert (line["stage"], line["holds"]) == ("已撤回", "")


def test_a_colleague_s_and_a_centre_s_own_are_not_among_them(town, desk):
    anywhere = Reach(mode=ReachMode.COLLECTED, scope=ReachScope.PROVINCE)
    case_town.publish(item(reaches=(anywhere,)), draft=2)
    case_town.filed(town, taken_by=case_town.clerk(town))
    answer = collected(desk)  # a centre's window: there is no such tab
    assert [entry["key"] for entry in answer.context["tabs"]] == ["todo", "waiting", "done"]
    colleague = signed_in(case_town.official(22, Role.WINDOW_CLERK, "education"))
    assert collected(colleague).context["lines"] == []


def test_a_batch_taken_in_for_elsewhere_is_one_line_and_opens(town):
    differing = item(
        reaches=(Reach(mode=ReachMode.COLLECTED, scope=ReachScope.PROVINCE),),
        batch_fields=("premises",),
    )
    case_town.publish(differing, draft=2)
    person = case_town.official(21, Role.WINDOW_CLERK, "education")
    applicant = cases.Applicant(
        kind="person", id=town.citizen, name="演示甲", id_number="E1", phone="19900000001"
    )
    batch = file_batch(
        item=ITEM,
        applicant=applicant,
        answers={"s1": "no"},
        rows=[{"premises": f"演示路 {n} 号", "kind": "shop"} for n in (1, 2)],
        documents=[case_town.document(case_town.kept(town.citizen), "m1")],
        taken_by=cases.Officer(person=person, staff_no="N-021", organisation="education"),
        at=MONDAY,
    ).key
    window = signed_in(person)
    [line] = collected(window).context["lines"]
    assert (line["number"], line["url"]) == (batch, page("batch", batch))
    shown = text_of(window.get(line["url"]))
    assert "演示路 1 号" not in shown
    stranger = signed_in(case_town.official(22, Role.WINDOW_CLERK, "education"))
    assert stranger.get(line["url"]).status_code == 404


def test_typing_at_the_counter_is_saved_and_can_be_dropped(town, desk):
    saved = desk.post(page("counter-draft", ITEM, town.citizen), {"form-premises": "半句"})
    assert saved.status_code == 204
    assert "半句" in DraftRow.objects.get(owner=town.clerk).content
    desk.post(page("counter-discard", ITEM, town.citizen))
    assert not DraftRow.objects.exists()


def test_what_was_withdrawn_meanwhile_is_no_longer_at_the_desk(town, desk):
    number = case_town.filed(town)
    actions.withdraw(number=number, person=town.citizen, reason="", at=MONDAY)
    for answer in (
        desk.get(page("desk-case", number)),
        desk.post(page("desk-accept", number), CHECKED),
    ):
        assert answer.status_code == 409
        assert "这件已经办结，不能再办理。" in text_of(answer)
        assert "演示甲" not in text_of(answer)


def test_what_another_window_took_meanwhile_says_so(town, desk):
    number = case_town.filed(town)
    colleague = signed_in(case_town.official(20, Role.WINDOW_CLERK, "market"))
    assert colleague.post(page("desk-accept", number), CHECKED).status_code == 302
    answer = desk.post(page("desk-accept", number), CHECKED)
    assert answer.status_code == 409
    assert "可能已由他人办理" in text_of(answer)
