"""A window handed over: the list, both words, who answers for what, and what the pages show."""

from dataclasses import replace

import pytest
from django.utils import timezone

from mingtang.cases import actions as case_actions
from mingtang.cases import queries
from mingtang.cases.actions import handovers as actions
from mingtang.cases.models import HandoverRow, HeldRow
from mingtang.config.wiring import SUBJECTS
from mingtang.core.people import Role
from mingtang.ledger.replay import history
from mingtang.ledger.verify import verify
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import ONCE, page, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    """It is Monday, 2 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town():
    return case_town.build()


@pytest.fixture
def colleague(town):
    return case_town.official(30, Role.WINDOW_CLERK, "centre", office="window-7")


def colleagues_officer(colleague):
    return case_town.officer(colleague, "N-030", "centre")


def offered(town, colleague, *numbers, **changed):
    values = {
        "numbers": numbers,
        "receiver": colleague,
        "note": "原件在抽屉里",
        "giver": case_town.clerk(town),
        "at": MONDAY,
    }
    return actions.offer(**{**values, **changed}).key


def confirmed(colleague, key, *numbers):
    return actions.confirm(key=key, seen=numbers, officer=colleagues_officer(colleague), at=MONDAY)


def text_of(answer):
    return answer.content.decode()


# ── What is done ────────────────────────────────────────────────────────────


def test_both_words_are_in_the_log_and_the_receiver_answers_for_the_cases(town, colleague):
    one, other = case_town.filed(town), case_town.notified(town)
    key = offered(town, colleague, one, other)
    assert queries.handovers_to_confirm(colleague) == 1
    assert queries.held(one) is None
    confirmed(colleague, key, one, other)
    kinds = [written.event.kind for written in history(f"handover/{key}")]
    assert kinds == ["handover.offered.v1", "handover.confirmed.v1"]
    assert queries.held_by(colleague) == {one, other}
    assert queries.handovers_to_confirm(colleague) == 0
    row = HandoverRow.objects.get()
    assert (row.stage, row.giver, row.cases) == ("confirmed", town.clerk, [one, other])


def test_the_same_offer_twice_is_one_list(town, colleague):
    one = case_town.filed(town)
    keys = {offered(town, colleague, one, once="the same press") for _twice in range(2)}
    assert len(keys) == 1
    assert HandoverRow.objects.count() == 1


def test_what_was_accepted_meanwhile_is_not_taken_over(town, colleague):
    one, other = case_town.filed(town), case_town.filed(town)
    key = offered(town, colleague, one, other)
    case_actions.accept(number=one, officer=case_town.clerk(town), at=MONDAY)
    confirmed(colleague, key, one, other)
    event = history(f"handover/{key}")[-1].event
    assert (event.cases, event.finished) == ((other,), (one,))
    assert queries.held_by(colleague) == {other}


def test_what_somebody_took_over_is_theirs_to_hand_on(town, colleague):
    one = case_town.filed(town)
    confirmed(colleague, offered(town, colleague, one), one)
    third = case_town.official(31, Role.WINDOW_CLERK, "centre")
    with refused("handover.held-by-another"):
        offered(town, third, one)
    giver = colleagues_officer(colleague)
    back = offered(town, third, one, giver=giver)
    actions.confirm(
        key=back, seen=(one,), officer=case_town.officer(third, "N-031", "centre"), at=MONDAY
    )
    assert queries.held(one).person == third
    assert queries.held_by(colleague) == set()


def test_nothing_goes_to_somebody_who_does_not_serve_that_window(town):
    one = case_town.filed(town)
    with refused("handover.receiver-not-at-window"):
        offered(town, town.reviewer, one)
    elsewhere = case_town.official(32, Role.WINDOW_CLERK, "education")
    with refused("handover.not-waiting"):
        offered(town, elsewhere, one)
    done = case_town.accepted(town)
    with refused("handover.not-waiting"):
        offered(town, case_town.official(33, Role.WINDOW_CLERK, "centre"), done)


def test_nobody_takes_over_their_own_application(town, colleague):
    own = case_town.filed(town, colleague)
    key = offered(town, colleague, own)
    with refused("handover.own-case"):
        confirmed(colleague, key, own)


def test_a_list_is_declined_with_a_reason_or_taken_back(town, colleague):
    one = case_town.filed(town)
    key = offered(town, colleague, one)
    actions.decline(key=key, reason="少一件原件", by=colleague, at=MONDAY)
    assert HandoverRow.objects.get(pk=key).reason == "少一件原件"
    again = offered(town, colleague, one)
    with refused("handover.not-giver"):
        actions.withdraw(key=again, by=colleague, at=MONDAY)
    actions.withdraw(key=again, by=town.clerk, at=MONDAY)
    assert HandoverRow.objects.get(pk=again).stage == "withdrawn"
    assert not HeldRow.objects.exists()


def test_the_tables_are_what_the_log_says(town, colleague):
    one, other = case_town.filed(town), case_town.filed(town)
    confirmed(colleague, offered(town, colleague, one, other), one, other)
    giver = colleagues_officer(colleague)
    key = offered(town, town.clerk, one, giver=giver)
    actions.confirm(key=key, seen=(one,), officer=case_town.clerk(town), at=MONDAY)
    assert [one.code for one in verify(SUBJECTS)] == []


# ── What the pages show ─────────────────────────────────────────────────────


def test_the_way_over_the_pages(town, colleague):
    one, other = case_town.filed(town), case_town.filed(town)
    clerk, receiver = signed_in(town.clerk), signed_in(colleague)
    form = clerk.get(page("handover-new"))
    assert {line["number"] for line in form.context["lines"]} == {one, other}
    assert "演示30 N-030 7 号综合窗口" in text_of(form)
    sent = {"once_key": ONCE, "case": [one, other], "receiver": colleague, "note": "请先办第一件"}
    done = clerk.post(page("handover-new"), sent)
    assert done.status_code == 302
    assert '<span class="count">1</span>' in text_of(receiver.get(page("desk")))
    shown = text_of(receiver.get(done.url))
    for part in ("请先办第一件", one, other, "逐件核对无误，确认接手"):
        assert part in shown
    assert "收回交接" in text_of(clerk.get(done.url))
    key = HandoverRow.objects.get().pk
    confirm = page("handover-settle", key, "confirm")
    wrong = receiver.post(confirm, {"once_key": ONCE, "case": [one]})
    assert (wrong.status_code, "handover.list-differs" in text_of(wrong)) == (409, True)
    assert receiver.post(confirm, {"once_key": ONCE, "case": [one, other]}).status_code == 302
    assert "已交接" in text_of(clerk.get(page("handovers")))
    assert "接手" in text_of(clerk.get(page("desk-case", one)))
    assert clerk.get(page("handover-new")).context["lines"] == []


def test_a_list_that_is_not_in_order_stays_on_the_page(town, colleague):
    clerk = signed_in(town.clerk)
    one = case_town.filed(town)
    empty = clerk.post(
        page("handover-new"), {"once_key": ONCE, "receiver": colleague, "note": "写了很多"}
    )
    assert (empty.status_code, "请至少选一件" in text_of(empty)) == (409, True)
    assert "写了很多" in text_of(empty)
    nobody = clerk.post(page("handover-new"), {"once_key": ONCE, "case": [one], "receiver": "x"})
    assert nobody.status_code == 422
    assert nobody.context["lines"][0]["chosen"]


def test_declining_without_a_reason_is_said_and_then_works(town, colleague):
    one = case_town.filed(town)
    key = offered(town, colleague, one)
    receiver, decline = signed_in(colleague), page("handover-settle", key, "decline")
    bare = receiver.post(decline, {"once_key": ONCE, "reason": ""})
    assert (bare.status_code, "请写明原因" in text_of(bare)) == (409, True)
    given = receiver.post(decline, {"once_key": f"{ONCE}b", "reason": "少一件"})
    assert given.status_code == 302
    assert "少一件" in text_of(signed_in(town.clerk).get(page("handover", key)))


def test_a_list_is_for_the_two_it_concerns(town, colleague):
    key = offered(town, colleague, case_town.filed(town))
    third = signed_in(case_town.official(31, Role.WINDOW_CLERK, "centre"))
    assert third.get(page("handover", key)).status_code == 404
    assert third.post(page("handover-settle", key, "confirm")).status_code == 404
    assert signed_in(colleague).post(page("handover-settle", key, "steal")).status_code == 404
    assert signed_in(town.reviewer).get(page("handovers")).status_code == 403


def test_what_has_left_the_window_shows_no_name(town, colleague):
    one, other = case_town.filed(town), case_town.filed(town)
    key = offered(town, colleague, one, other)
    officer = replace(case_town.clerk(town))
    case_actions.accept(number=one, officer=officer, at=MONDAY)
    lines = signed_in(colleague).get(page("handover", key)).context["lines"]
    assert [(line["waits"], line["applicant"] == "演示甲") for line in lines] == [
        (False, False),
        (True, True),
    ]
