"""The pages of ratings: any grade by the same presses, no way from a rating to who gave it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.config.wiring import REACTIONS
from mingtang.core.ballots import ServedAt
from mingtang.core.people import Role
from mingtang.ledger import queries as log
from mingtang.ledger import reactions
from mingtang.people import actions as people
from mingtang.people.actions import Post
from mingtang.ratings import actions, queries
from mingtang.ratings.models import BallotRow, CallbackRow, RatingRow
from tests.core.case_examples import MONDAY, day
from tests.rooms import case_town, window_words
from tests.rooms.case_town import ITEM, ONCE, signed_in
from tests.rooms.rating_words import GIVEN_AT, NEXT_DAY, REPLY, finished, rate, rated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, log_home):
    """It is Wednesday, 11 March 2026, nine in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: GIVEN_AT)


@pytest.fixture
def town():
    return case_town.build()


def page(name, *args):
    return reverse(f"ratings:{name}", args=args)


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def heard():
    for reaction in REACTIONS:
        reactions.run(reaction)


def closed_case(town, by=""):
    """Let the citizen withdraw a case: it is closed, and can be rated."""
    number = case_town.filed(town)
    cases.withdraw(number=number, person=town.citizen, reason="", at=MONDAY)
    heard()
    return number


# ── Rating ──────────────────────────────────────────────────────────────────


def test_five_faces_and_a_button_and_nothing_is_asked_of_whoever_is_dissatisfied(town):
    [token] = finished("MT-1", item=ITEM)
    shown = text(Client().get(page("give", token)))
    faces = re.findall(r'<label><input type="radio" name="grade" value="(\d)"([^>]*)>', shown)
    assert [grade for grade, _ in faces] == ["1", "2", "3", "4", "5"]
    assert {rest for _, rest in faces} == {" required"}  # of all alike, and none chosen for you
    assert len(re.findall(r"<(?:input|textarea|select)[^>]*\brequired\b", shown)) == 5
    assert "演示市场监督管理局" in shown


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_one_choice_and_one_press_give_any_grade(town, grade):
    [token] = finished("MT-1", item=ITEM)
    client = Client()
    shown = text(client.get(page("give", token)))
    reply = re.search(r'name="reply" value="([0-9a-f]{32})"', shown)[1]
    sent = {"grade": grade, "reply": reply, "once_key": ONCE}
    answer = client.post(page("give", token), sent)
    assert (answer.status_code, answer["Location"]) == (302, page("given", reply))
    assert RatingRow.objects.get().grade == str(grade)
    again = client.post(page("give", token), sent)  # pressed twice
    assert again["Location"] == page("given", reply)
    assert RatingRow.objects.count() == 1


def test_a_grade_must_be_chosen_and_what_was_typed_is_still_there(town):
    [token] = finished("MT-1", item=ITEM)
    answer = Client().post(page("give", token), {"text": "很好", "reply": REPLY})
    shown = text(answer, 422)
    assert "请选一个等级。" in shown
    assert "很好" in shown
    assert not RatingRow.objects.exists()


def test_a_window_is_asked_about_otherwise(town):
    [online] = finished("MT-1", item=ITEM)
    [window] = finished("MT-2", item=ITEM, channel=ServedAt.WINDOW)
    assert "网站好用" in text(Client().get(page("give", online)))
    shown = text(Client().get(page("give", window)))
    assert "服务态度" in shown
    assert "网站好用" not in shown


def test_a_foreign_a_used_and_an_old_token_say_so(town, monkeypatch):
    used, old = finished("MT-1", "MT-2", item=ITEM)
    rate(used)
    assert "rating.unknown-token" in text(Client().get(page("give", "x" * 26)), 404)
    assert "rating.already-given" in text(Client().get(page("give", used)), 409)
    answer = Client().post(page("give", used), {"grade": 1, "reply": REPLY})
    assert "rating.already-given" in text(answer, 409)
    monkeypatch.setattr(timezone, "now", lambda: day(5, 10))
    assert "rating.expired" in text(Client().get(page("give", old)), 410)
    answer = Client().post(page("give", old), {"grade": 1, "reply": REPLY})
    assert "rating.expired" in text(answer, 410)


def test_whoever_holds_the_used_token_learns_nothing_of_what_was_said(town):
    """A clerk who kept the code of the window: the way back is another secret."""
    [token] = finished("MT-1", item=ITEM)
    rate(token, 5, text="等了两小时", contact="19900000009")
    shown = text(Client().get(page("give", token)), 409)
    for secret in ("等了两小时", "19900000009", "不满意"):
        assert secret not in shown


def test_the_way_back_shows_what_i_said_and_where_it_stands(town):
    [token] = finished("MT-1", item=ITEM)
    rate(token, 2, text="很快", aspects={"ease": 1}, reply=REPLY)
    shown = text(Client().get(page("given", REPLY)))
    assert "很快" in shown
    assert "办事方便" in shown
    assert reverse("portal:entry", args=[RatingRow.objects.get().index]) in shown
    assert "整改" not in shown.split("<main")[1].split("</main>")[0]
    assert Client().get(page("given", "0" * 32)).status_code == 404


# ── Where the link is ───────────────────────────────────────────────────────


def test_the_applicant_finds_the_link_on_the_page_of_the_case(town):
    number = closed_case(town)
    client = signed_in(town.citizen)
    assert page("of-case", number) in text(client.get(reverse("cases:progress", args=[number])))
    token = actions.token_of(f"case/{number}")
    shown = text(client.get(page("of-case", number)))
    assert page("give", token) in shown
    assert "<svg" in shown
    rate(token)
    assert "已经评价过" in text(client.get(page("of-case", number)))


def test_nobody_else_is_shown_it(town):
    number = closed_case(town)
    for someone in (town.neighbour, town.manager, town.overseer, town.clerk):
        assert signed_in(someone).get(page("of-case", number)).status_code == 404
    assert Client().get(page("of-case", number)).status_code == 404
    assert signed_in(town.citizen).get(page("at-window", number)).status_code == 403


def test_an_open_case_cannot_be_rated_yet(town):
    number = case_town.filed(town)
    client = signed_in(town.citizen)
    assert client.get(page("of-case", number)).status_code == 404
    assert page("of-case", number) not in text(client.get(reverse("cases:progress", args=[number])))


def test_a_case_that_was_closed_this_second_says_that_the_link_is_being_made(town):
    number = case_town.filed(town)
    cases.withdraw(number=number, person=town.citizen, reason="", at=MONDAY)
    assert "正在生成" in text(signed_in(town.citizen).get(page("of-case", number)))


def test_the_window_shows_the_code_to_whoever_it_served(town):
    number = case_town.accepted(town)
    cases.withdraw(number=number, person=town.citizen, reason="", at=MONDAY)
    heard()
    shown = text(signed_in(town.clerk).get(page("at-window", number)))
    assert "<svg" in shown
    assert signed_in(town.reviewer).get(page("at-window", number)).status_code == 403


# ── Numbers served at a window ──────────────────────────────────────────────


@pytest.fixture
def hall(town):
    heard()  # what a hall's numbers were before this reader began is not rated any more
    window_words.arrange(town)
    return town


def served(hall):
    """Let somebody take a number and be served; return its row."""
    row = window_words.taken(hall)
    window_words.called(hall)
    window_words.finished(hall)
    heard()
    return row


def test_who_was_served_rates_the_window_once_and_no_item_is_named(hall):
    row = served(hall)
    [ballot] = BallotRow.objects.all()
    assert (ballot.origin, ballot.item, ballot.department, ballot.channel) == (
        "queue/centre.20260302.A001",
        "",
        window_words.ONE,
        "window",
    )
    ticket = reverse("windows:ticket", args=[row.page_key])
    assert page("of-number", row.page_key) in text(Client().get(ticket))
    token = actions.token_of(ballot.origin)
    assert page("give", token) in text(Client().get(page("of-number", row.page_key)))
    asked = text(Client().get(page("give", token)))
    assert "7 号综合窗口" in asked
    assert 'name="aspect-attitude"' in asked
    rate(token)
    assert "已经评价过" in text(Client().get(page("of-number", row.page_key)))


def test_a_number_that_was_not_served_is_not_rated(hall):
    row = window_words.taken(hall)
    assert Client().get(page("of-number", row.page_key)).status_code == 404
    ticket = reverse("windows:ticket", args=[row.page_key])
    assert page("of-number", row.page_key) not in text(Client().get(ticket))
    assert Client().get(page("of-number", "unknown")).status_code == 404
    heard()
    assert BallotRow.objects.count() == 0


def test_the_window_shows_the_code_until_the_next_is_called(hall, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: MONDAY.date())
    clerk, place = signed_in(hall.clerk), page("number-at-window", window_words.ONE)
    assert "办完离窗以后" in text(clerk.get(place))
    served(hall)
    token = actions.token_of("queue/centre.20260302.A001")
    assert page("give", token) in text(clerk.get(place))
    window_words.taken(hall, 2)
    window_words.called(hall, 3)
    assert "办完离窗以后" in text(clerk.get(place))
    assert place in text(clerk.get(reverse("windows:at-window", args=[window_words.ONE])))
    assert clerk.get(page("number-at-window", "window-8")).status_code == 404
    assert signed_in(hall.citizen).get(place).status_code == 403


def test_a_bad_rating_of_a_window_is_answered_by_nobody_who_sits_there(hall):
    served(hall)
    key = rate(actions.token_of("queue/centre.20260302.A001"), 5)
    supervisor = signed_in(case_town.official(70, Role.CENTRE_MANAGER, "centre"))
    shown = text(supervisor.get(page("callback", key)))
    assert "窗口服务" in shown
    assert "7 号综合窗口" in shown
    sent = {"reached": "no", "note": "没有留联系方式"}
    post = Post(
        person=hall.clerk, role=Role.CENTRE_MANAGER, organisation="centre", staff_no="N-071"
    )
    people.appoint(post=post, by=case_town.SETUP, at=MONDAY)
    own = signed_in(hall.clerk).post(page("call-back", key), sent)
    assert "本部门" in text(own, 409)
    assert supervisor.post(page("call-back", key), sent).status_code == 302


# ── Published ───────────────────────────────────────────────────────────────


def test_counts_are_published_with_what_they_come_from(town):
    rated(1, 1, 2, 4, 5, item=ITEM)
    rated(5, item="rare")
    assert "还没有公布的评价" in text(Client().get(page("figures")))
    actions.publish(at=NEXT_DAY)
    shown = text(Client().get(page("figures")))
    assert "60.0" in shown
    assert (
        'aria-label="非常满意 2 份，满意 1 份，基本满意 0 份，不满意 1 份，非常不满意 1 份"'
        in shown
    )
    [tally] = queries.tallies()
    assert reverse("portal:entry", args=[tally.index]) in shown
    assert log.entry(tally.index).kind == "tally.published.v1"
    assert Client().get(page("csv")).content.decode("utf-8-sig").splitlines() == [
        "month,department,item,grade,number",
        f"2026-03,market,{ITEM},1,2",
        f"2026-03,market,{ITEM},2,1",
        f"2026-03,market,{ITEM},4,1",
        f"2026-03,market,{ITEM},5,1",
    ]


def test_one_month_and_one_department_can_be_asked_for(town):
    rated(1, 1, 1, 1, 1, item=ITEM)
    actions.publish(at=NEXT_DAY)
    rated(5, 5, 5, 5, 5, department="education", item="x", at=day(4, 1))
    actions.publish(at=day(4, 2))
    asked = Client().get(page("figures"), {"month": "2026-04"})
    assert asked.context["all"]["grades"] == [0, 0, 0, 0, 5]
    asked = Client().get(page("figures"), {"department": "market"})
    assert asked.context["all"]["grades"] == [5, 0, 0, 0, 0]
    asked = Client().get(page("figures"), {"department": "nowhere", "month": "x"})
    assert asked.context["all"]["total"] == 10


def test_a_department_reads_what_was_said_of_it_but_not_by_whom(town):
    rated(1, 2, 3, 4, 5, item=ITEM, text="意见")
    rated(5, item="rare", text="独一份")
    actions.publish(at=NEXT_DAY)
    shown = text(signed_in(town.manager).get(page("department")))
    assert "意见3" in shown
    assert "独一份" not in shown
    for row in RatingRow.objects.all():
        assert row.key not in shown
    other = case_town.official(77, Role.DEPARTMENT_MANAGER, "education")
    assert "意见3" not in text(signed_in(other).get(page("department")))
    assert signed_in(town.clerk).get(page("department")).status_code == 403


# ── Call-backs ──────────────────────────────────────────────────────────────


@pytest.fixture
def supervisor(town):
    return signed_in(case_town.official(70, Role.CENTRE_MANAGER, "centre"))


def bad():
    [token] = finished("MT-1", item=ITEM)
    return rate(token, 5, text="等了两小时", contact="19900000009", reply=REPLY)


def test_a_bad_rating_is_called_back_put_right_and_settled(supervisor):
    key = bad()
    shown = text(supervisor.get(page("callbacks")))
    assert page("callback", key) in shown
    assert "2026-04-01" in shown  # fifteen working days
    shown = text(supervisor.get(page("callback", key)))
    assert "等了两小时" in shown
    assert "19900000009" in shown
    assert "MT-1" not in shown
    sent = {"reached": "yes", "note": "排队太久", "once_key": ONCE}
    assert supervisor.post(page("call-back", key), sent).status_code == 302
    assert "解决了吗" not in text(Client().get(page("given", REPLY)))
    sent = {"result": "增开两个窗口", "once_key": ONCE}
    assert supervisor.post(page("rectify", key), sent).status_code == 302
    shown = text(Client().get(page("given", REPLY)))
    assert "增开两个窗口" in shown
    assert "排队太久" not in shown
    answer = Client().post(page("answer", REPLY), {"settled": "yes", "once_key": ONCE})
    assert answer["Location"] == page("given", REPLY)
    assert CallbackRow.objects.get().stage == "settled"
    assert "评价人确认已解决" in text(supervisor.get(page("callbacks") + "?tab=done"))
    again = Client().post(page("answer", REPLY), {"settled": "no"})
    assert "没有需要您确认" in text(again, 409)


def test_what_is_not_settled_comes_back(supervisor):
    key = bad()
    supervisor.post(page("call-back", key), {"reached": "no", "note": "没有接听"})
    supervisor.post(page("rectify", key), {"result": "增开两个窗口"})
    Client().post(page("answer", REPLY), {"settled": "no"})
    shown = text(supervisor.get(page("callbacks")))
    assert "评价人认为没有解决" in shown
    assert "记下回访" in text(supervisor.get(page("callback", key)))


@pytest.mark.parametrize(("moment", "late"), [(day(4, 1, 23), False), (day(4, 2, 0), True)])
def test_what_is_late_is_said_to_be(town, monkeypatch, moment, late):
    key = bad()
    someone = case_town.official(70, Role.CENTRE_MANAGER, "centre")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert ("已超期" in text(signed_in(someone).get(page("callback", key)))) is late


def test_a_call_says_what_was_said(supervisor):
    key = bad()
    assert "必填" in text(supervisor.post(page("call-back", key), {"reached": "yes"}), 422)
    answer = supervisor.post(page("rectify", key), {"result": "增开两个窗口"})
    assert "请先回访" in text(answer, 409)


def test_only_the_centre_sees_who_may_be_called(town, supervisor):
    key = bad()
    for someone in (town.manager, town.chief, town.clerk, town.overseer):
        assert signed_in(someone).get(page("callback", key)).status_code == 403
    [token] = finished("MT-2", item=ITEM)
    good = rate(token, 1)
    assert supervisor.get(page("callback", good)).status_code == 404


def test_whoever_also_has_a_post_in_the_department_has_no_hand_in_it(town):
    key = bad()
    someone = case_town.official(71, Role.CENTRE_MANAGER, "centre")
    case_town.people.appoint(
        post=case_town.Post(
            person=someone, role=Role.REVIEWER, organisation="market", staff_no="N-171"
        ),
        by="setup",
        at=MONDAY,
    )
    answer = signed_in(someone).post(page("call-back", key), {"reached": "yes", "note": "问了"})
    assert "不能回访和整改本部门" in text(answer, 409)


def test_a_list_is_read_in_as_many_statements_however_many_were_dissatisfied(supervisor):
    def asked():
        supervisor.get(page("callbacks"))
        with CaptureQueriesContext(connection) as statements:
            supervisor.get(page("callbacks"))
        return len(statements)

    bad()
    few = asked()
    rated(*[5] * 12, item=ITEM)
    looks = 12  # at the head of the log, for the name of each line's department
    assert asked() <= few + looks
