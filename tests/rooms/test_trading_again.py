"""Offered anew (再次交易): from the page of a lot nobody bought to a project with all filled in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.core.trading.lots.terms import lot_key
from mingtang.core.trading.parameters import Again, Period, Unit
from mingtang.trading import queries
from mingtang.trading.actions import bids, hosting, projects
from mingtang.trading.forms.projects import ProjectEditor
from tests.rooms import room_town
from tests.rooms import trading_words as words
from tests.rooms.case_town import signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db
RULE = Again(
    within=Period(number=30, unit=Unit.CALENDAR_DAYS),
    notice=Period(number=7, unit=Unit.CALENDAR_DAYS),
    fall_permille=200,
)
TEN = timedelta(minutes=10)


@pytest.fixture
def town():
    """A lot by a procedure that says something of second sales, and one by another."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(room_town.WAYS, "auction", room_town.WAYS["auction"] | {"again": RULE})
        return room_town.build("auction", "ceiling")


def over(town):
    bids.close_due(at=town.now + TEN)
    words.heard()
    return town.lots["auction"]


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def page(lot, person=None):
    client = signed_in(person) if person else Client()
    return text(client.get(reverse("trading:lot", args=[lot])))


def form_of(lot):
    return reverse("trading:project-again", args=[lot])


def typed(response, **changed):
    """Return what a browser sends of the form a page shows."""
    editor: ProjectEditor = response.context["editor"]
    data = {"once_key": "o" * 20, "lots-INITIAL_FORMS": "0", "lots-TOTAL_FORMS": "1"}
    for form in editor.forms:
        for bound in form:
            value = bound.value()
            if hasattr(value, "strftime"):
                value = value.strftime("%Y-%m-%dT%H:%M")
            if value not in (None, False):
                data[bound.html_name] = value
    return data | changed


def entered(town, lot, **changed):
    officer = signed_in(town.officer)
    sent = officer.post(form_of(lot), typed(officer.get(form_of(lot)), seller_code="", **changed))
    assert sent.status_code == 302
    return sent.url.rstrip("/").rpartition("/")[2]


def test_what_nobody_bought_is_offered_anew_and_each_page_leads_to_the_other(town):
    lot = over(town)
    shown = page(lot, town.officer)
    assert form_of(lot) in shown
    assert "起始价比前次最多降 20%" in shown
    assert form_of(lot) not in page(lot)
    key = entered(town, lot, **{"lots-0-start": "784000"})
    content = queries.project_content(queries.project(key))
    [again] = content.lots
    before = queries.content_of(queries.lot(lot))
    assert (content.title, content.seller) == ("演示项目出让（再次交易）", "演示自然资源局")
    assert (again.again_of, again.no, again.title) == (lot, 1, before.title)
    assert (again.facts, again.step_fen, again.start_fen) == (
        before.facts,
        before.step_fen,
        78_400_000,
    )
    soon = town.now + timedelta(days=30)
    assert town.now + timedelta(days=7) < again.times.opens < soon
    announce(town, key)
    second = lot_key(key, 1)
    assert reverse("trading:lot", args=[second]) in page(lot)
    assert reverse("trading:lot", args=[lot]) in page(second)
    assert form_of(lot) not in page(lot, town.officer)  # it is offered already
    assert signed_in(town.officer).get(form_of(lot)).status_code == 404


def announce(town, key):
    at = timezone.localtime() + TEN
    projects.submit_project(key=key, by=town.officer, at=at)
    projects.approve_project(key=key, by=town.manager, at=at)
    said = {"number": "演示公告〔2026〕2号", "by": town.manager, "at": at}
    projects.publish_notice(key=key, **said)
    words.heard()


def test_too_cheap_it_is_kept_and_the_page_says_so(town):
    key = entered(town, over(town), **{"lots-0-start": "783999"})
    work = text(signed_in(town.officer).get(reverse("trading:project-work", args=[key])))
    assert "再次交易的起始价不能低于 784,000.00 元" in work
    with refused("trade.lot-again-too-cheap"):
        projects.submit_project(key=key, by=town.officer, at=timezone.localtime() + TEN)


def test_what_is_sold_or_going_on_is_not_offered_anew(town):
    lot = town.lots["auction"]
    assert signed_in(town.officer).get(form_of(lot)).status_code == 404
    room_town.bid(town, "auction", 1, 98_000_000, ago=timedelta(minutes=60))
    over(town)
    assert form_of(lot) not in page(lot, town.officer)
    said = {"lot": lot, "paddle": town.bidders["auction", 1].paddle, "by": town.officer}
    hosting.record_default(reason="逾期", at=town.now + 2 * TEN, **said)
    assert form_of(lot) in page(lot, town.officer)
    assert not queries.earlier_lot(queries.lot(lot)).failed


def test_nobody_else_enters_it(town):
    lot = over(town)
    assert Client().get(form_of(lot)).status_code == 302
    assert signed_in(town.host).get(form_of(lot)).status_code == 403
    assert signed_in(town.officer).get(form_of("nothing")).status_code == 404


def test_a_lot_said_to_be_of_one_there_is_not_is_shown_all_the_same(town):
    over(town)
    contents = [
        room_town.replace(
            queries.content_of(queries.lot(town.lots["ceiling"])), no=9, again_of="甲/1"
        )
    ]
    hosting.announce(project=town.project, contents=contents, by=town.manager, at=town.now + TEN)
    assert "甲/1" in page(lot_key(town.project, 9))


# ── Result notices ──────────────────────────────────────────────────────────


def test_a_result_notice_says_who_for_how_much_and_when(town):
    room_town.bid(town, "auction", 1, 98_000_000, ago=timedelta(minutes=60))
    lot = over(town)
    address = reverse("trading:project", args=[town.project])
    told = text(Client().get(address, {"part": "results"}))
    winner = town.bidders["auction", 1]
    for said in (winner.name, winner.paddle, "980,000.00 元", "玖拾捌万元整", "结果公告"):
        assert said in told
    assert (
        queries.lot(lot).ends.astimezone(timezone.get_current_timezone()).strftime("%H:%M") in told
    )


def test_a_project_is_completed_once_each_of_its_lots_has_its_result(town):
    over(town)
    assert queries.project(town.project).status == "published"
    bids.close_due(at=town.now + timedelta(days=1))
    words.heard()
    assert queries.project(town.project).status == "completed"
    told = text(Client().get(reverse("trading:project", args=[town.project]), {"part": "results"}))
    assert told.count("流拍") >= 2
