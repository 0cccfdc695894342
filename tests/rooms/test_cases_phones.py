"""Whose phone is called when something becomes their task, and what the page offers."""

import json
import re
import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import access, actions
from mingtang.cases.actions import phones, teamwork
from mingtang.cases.reactions import REACTIONS
from mingtang.config import calling
from mingtang.core import cases
from mingtang.ledger import reactions
from mingtang.people import queries as people
from mingtang.people.models import PhoneRow
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import officer, signed_in
from tests.rooms.push_service import Phone

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
[PHONES] = [one for one in REACTIONS if one.reader == "cases.phones"]
WHO = {  # what a test calls them by → staff number and department
    "reviewer": ("N-004", "market"),
    "inspector": ("N-005", "inspection"),
    "chief": ("N-006", "market"),
    "manager": ("N-007", "market"),
    "stranger": ("N-008", "education"),
}


@pytest.fixture(autouse=True)
def monday(monkeypatch, log_home):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def town(push_service):
    """Everybody who reviews or decides has a phone that is called from now on."""
    town = case_town.build()
    for who in WHO.keys() - {"manager"}:
        subscribe(getattr(town, who), Phone(push_service.url, who))
    reactions.begin(PHONES)
    return town


def subscribe(someone: str, phone: Phone) -> Client:
    client = signed_in(someone)
    answer = client.post(reverse("hand:phone-keep"), phone.given)
    assert answer["Location"] == reverse("hand:me")
    return client


def by(town, who):
    return officer(getattr(town, who), *WHO[who])


def called(push_service):
    """Let what happened be heard and due phones be called; return whose were, sorted."""
    push_service.asked.clear()
    reactions.run(PHONES)
    phones.call_due(at=MONDAY)
    return sorted(one.path.removeprefix("/push/") for one in push_service.asked)


def after(minutes):
    return MONDAY + timedelta(minutes=minutes)


def complete(town, number, step, who, at):
    actions.complete_step(
        number=number,
        step=step,
        finding=cases.Finding.MEETS,
        opinion="符合",
        officer=by(town, who),
        at=at,
    )


# ── Who is called ───────────────────────────────────────────────────────────


def test_along_a_case_whoever_it_waits_for_is_called_and_nobody_else(town, push_service):
    number = case_town.filed(town)
    assert called(push_service) == []
    actions.accept(number=number, officer=case_town.clerk(town), at=after(1))
    assert called(push_service) == ["chief", "inspector", "reviewer"]
    complete(town, number, "papers", "reviewer", after(2))
    assert called(push_service) == []
    complete(town, number, "site", "inspector", after(3))
    assert called(push_service) == ["chief", "reviewer"]
    complete(town, number, "merge", "reviewer", after(4))
    assert called(push_service) == ["chief"]


def test_what_is_said_is_how_many_tasks_wait_and_nothing_else(town, push_service):
    phone = Phone(push_service.url, "mine")
    subscribe(town.inspector, phone)
    case_town.accepted(town, after(1))
    case_town.accepted(town, after(2))
    called(push_service)
    [asked] = [one for one in push_service.asked if one.path == "/push/mine"]
    assert phone.open(asked.body) == {"todo": 2, "language": "zh-hans"}


def test_many_pieces_of_work_are_one_call(town, push_service):
    for minute in range(3):
        case_town.accepted(town, after(minute))
    assert called(push_service) == ["chief", "inspector", "reviewer"]


def test_nobody_is_called_for_what_they_opened_themselves(town, push_service):
    """The reviewer finishes a step whose next one is theirs too: they are there."""
    number = case_town.accepted(town, after(1))
    complete(town, number, "site", "inspector", after(2))
    called(push_service)
    complete(town, number, "papers", "reviewer", after(3))
    assert called(push_service) == ["chief"]
    assert access.to_do(people.actor(town.reviewer), access.JUDGING, today=TODAY).count() == 1


def test_whoever_a_task_is_handed_to_is_called(town, push_service):
    other = case_town.official(40, case_town.Role.REVIEWER, "market")
    subscribe(other, Phone(push_service.url, "other"))
    number = case_town.accepted(town, after(1))
    assert called(push_service) == ["chief", "inspector", "other", "reviewer"]
    teamwork.reassign(
        number=number,
        task="papers",
        to=other,
        reason="休假",
        officer=by(town, "manager"),
        at=after(2),
    )
    assert called(push_service) == ["other"]


def test_whoever_is_reminded_is_called(town, push_service):
    number = case_town.accepted(town, after(1))
    called(push_service)
    complete(town, number, "papers", "reviewer", after(2))
    called(push_service)
    teamwork.remind(
        number=number,
        task="site",
        words="请抓紧",
        person=town.citizen,
        officer=None,
        at=after(3),
    )
    assert called(push_service) == ["inspector"]


def test_whoever_is_asked_to_sign_is_called(town, push_service):
    other = case_town.official(40, case_town.Role.REVIEWER, "market")
    subscribe(other, Phone(push_service.url, "other"))
    number = case_town.accepted(town, after(1))
    called(push_service)
    teamwork.ask_signers(
        number=number,
        task="papers",
        signers=[other],
        when=cases.When.BEFORE,
        need=cases.Need.ALL,
        note="请看第二页",
        officer=by(town, "reviewer"),
        at=after(2),
    )
    assert called(push_service) == ["other"]


def test_work_done_before_the_phone_could_be_called_calls_nobody(town, push_service):
    number = case_town.accepted(town, after(1))
    reactions.run(PHONES)
    complete(town, number, "site", "inspector", after(2))
    phones.call_due(at=MONDAY)
    assert sorted(one.path for one in push_service.asked) == ["/push/chief", "/push/reviewer"]


def test_where_no_service_is_allowed_nothing_is_looked_up(
    town, settings, django_assert_num_queries
):
    case_town.accepted(town, after(1))
    heard = []
    reactions.run(replace(PHONES, reader="what was heard", from_now=False, together=heard.extend))
    assert [one.event.kind for one in heard] == ["case.accepted.v1"]
    settings.PUSH_SERVICES = ()
    with django_assert_num_queries(0):
        phones.have_called(heard, at=MONDAY)
    assert set(PhoneRow.objects.values_list("due_at", flat=True)) == {None}


def test_what_is_asked_grows_with_whose_work_it_is_and_not_with_the_phones(town, push_service):
    def asked():
        case_town.accepted(town, after(1))
        with CaptureQueriesContext(connection) as queries:
            reactions.run(PHONES)
        return len(queries)

    asked()  # who is who is remembered until somebody is appointed
    before = asked()
    for number in range(20, 40):
        someone = case_town.official(number, case_town.Role.REVIEWER, "education")
        subscribe(someone, Phone(push_service.url, str(number)))
    asked()
    assert asked() == before
    due = PhoneRow.objects.exclude(due_at=None)
    assert {row.endpoint.rpartition("/")[2] for row in due} == {"chief", "inspector", "reviewer"}


# ── The page ────────────────────────────────────────────────────────────────


def test_the_page_offers_the_key_of_the_house_and_lists_ones_own_phones(town, push_service):
    shown = signed_in(town.reviewer).get(reverse("hand:me"))
    text = shown.content.decode()
    assert f'data-calls="{shown.context["calls"]}"' in text
    assert len(shown.context["calls"]) == 87
    [row] = shown.context["phones"]
    assert row.endpoint == f"{push_service.url}/push/reviewer"
    assert "不向任何其他网站发送通知" not in text


def test_where_no_service_is_allowed_the_page_says_so_and_offers_nothing(town, settings):
    settings.PUSH_SERVICES = ()
    text = signed_in(town.reviewer).get(reverse("hand:me")).content.decode()
    assert "data-calls" not in text
    assert "来活提醒" not in text
    assert "不向任何其他网站发送通知。" in text


def test_a_service_that_is_not_allowed_is_refused_in_words(town):
    client = signed_in(town.reviewer)
    given = Phone("https://push.example").given
    text = client.post(reverse("hand:phone-keep"), given, follow=True).content.decode()
    assert "不允许使用这个推送服务（https://push.example）" in text
    assert len(people.phones_of(client.session["_auth_user_id"])) == 1


@pytest.mark.parametrize("given", [{}, {"endpoint": "x" * 3000, "key": "a", "secret": "b"}])
def test_nonsense_is_refused(town, given):
    client = signed_in(town.reviewer)
    text = client.post(reverse("hand:phone-keep"), given, follow=True).content.decode()
    assert "不允许使用这个推送服务" in text


def test_ones_own_phone_is_dropped_and_nobody_elses(town):
    digest = PhoneRow.objects.get(endpoint__endswith="/reviewer").digest
    address = reverse("hand:phone-drop", args=[digest])
    assert signed_in(town.inspector).post(address).status_code == 302
    assert PhoneRow.objects.filter(digest=digest).exists()
    signed_in(town.reviewer).post(address)
    assert not PhoneRow.objects.filter(digest=digest).exists()


def test_nobody_without_such_tasks_subscribes(town, push_service):
    before = PhoneRow.objects.count()
    given = Phone(push_service.url, "citizen").given
    assert signed_in(town.citizen).post(reverse("hand:phone-keep"), given).status_code == 403
    assert Client().post(reverse("hand:phone-keep"), given).status_code == 302
    assert PhoneRow.objects.count() == before


def test_the_worker_has_its_words_in_both_languages(town):
    script = Client().get(reverse("hand:worker")).content.decode()
    words = json.loads(re.search(r"WORDS = (\{.*\});\n", script)[1])
    assert words == {
        "zh-hans": {"title": "掌上审批", "text": "有新的待办，共 {n} 件"},
        "en": {"title": "Approving in the hand", "text": "New work; tasks waiting: {n}"},
    }


# ── Beside the rest of the work ─────────────────────────────────────────────


def test_nothing_runs_where_no_service_is_allowed(settings, monkeypatch):
    settings.PUSH_SERVICES = ()
    monkeypatch.setattr(calling.threading, "Thread", None)
    with calling.beside():
        pass


def test_a_round_that_fails_is_told_of_and_the_next_one_goes_on(monkeypatch, caplog):
    over, rounds = threading.Event(), []

    def call_due(*, at):
        rounds.append(at)
        if len(rounds) == 1:
            raise OSError("no such network")
        over.set()
        return 1

    monkeypatch.setattr(calling, "BEAT", 0.0)
    monkeypatch.setattr(calling, "close_old_connections", lambda: None)
    monkeypatch.setattr(calling, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(calling.phones, "call_due", call_due)
    caplog.set_level("INFO", logger=calling.log.name)
    calling._call(over)
    assert rounds == [MONDAY, MONDAY]
    assert [line.message for line in caplog.records] == [
        "calling phones failed; the next round tries again",
        "phones called: 1",
    ]
