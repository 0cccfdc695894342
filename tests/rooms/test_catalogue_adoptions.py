"""Adopting shared items (认领): who may, what the public reads, and what a case begins under."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.cases.actions.batches import file_batch
from mingtang.cases.models import BatchRow, CaseRow
from mingtang.catalogue import actions, queries
from mingtang.catalogue.models import AdoptionRow
from mingtang.catalogue.templatetags import place_words
from mingtang.core import cases
from mingtang.core.adoptions import key_of
from mingtang.core.people import Role
from mingtang.ledger.replay import history
from tests.core.case_examples import MONDAY, day
from tests.rooms import case_town, level_town
from tests.rooms.case_town import ONCE, SETUP, document, kept, page, publish, signed_in, upload
from tests.rooms.level_town import ADOPTED, SHARED, filed
from tests.words import refused

pytestmark = pytest.mark.django_db
KEY = key_of(ADOPTED, "city-market")


@pytest.fixture
def town(log_home):
    return level_town.build()


@pytest.fixture
def editor(town):
    return signed_in(town[1]["editor"])


def adopt(organ="city-market", days=4, seen=1, at=MONDAY, office=""):
    return actions.adopt_item(
        item=ADOPTED,
        organ=organ,
        seen=seen,
        promised_days=days,
        offices=[office or f"{organ}-1"],
        phone="0991-0120101",
        by=SETUP,
        at=at,
    )


def at(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


# ── Actions ─────────────────────────────────────────────────────────────────


def test_an_item_is_adopted_changed_and_left(town):
    adopt()
    values = AdoptionRow.objects.values(
        "id", "item", "organ", "in_force", "version", "promised_days", "offices", "phone"
    )
    assert list(values) == [
        {
            "id": KEY,
            "item": ADOPTED,
            "organ": "city-market",
            "in_force": True,
            "version": 1,
            "promised_days": 4,
            "offices": ["city-market-1"],
            "phone": "0991-0120101",
        }
    ]
    adopt(days=3, at=day(3, 3))
    assert AdoptionRow.objects.get().promised_days == 3
    actions.withdraw_adoption(
        item=ADOPTED, organ="city-market", reason="职权上收", by=SETUP, at=day(3, 4)
    )
    row = AdoptionRow.objects.get()
    assert (row.in_force, row.reason) == (False, "职权上收")
    assert queries.promise_of(ADOPTED, "city-market") is None


def test_what_the_register_says_counts(town):
    with refused("adoption.office-unknown"):
        adopt(office="nowhere")
    with refused("adoption.organ-unknown"):
        adopt(organ="centre", office="window-7")
    with refused("adoption.not-shared"):
        actions.adopt_item(
            item=case_town.ITEM,
            organ="city-market",
            seen=1,
            promised_days=4,
            offices=["city-market-1"],
            phone="0991-0120101",
            by=SETUP,
            at=MONDAY,
        )


def test_a_case_begins_with_whoever_the_applicant_turned_to_under_their_promise(town):
    people, _staff = town
    adopt()
    there, home = filed(people, ADOPTED, "city-market"), filed(people, ADOPTED, "")
    rows = CaseRow.objects.values_list("department", "promised_days", "statutory_days")
    assert set(rows) == {("city-market", 4, 20), ("market", 5, 20)}
    terms = history(f"case/{there}")[0].event.terms
    assert (terms.department, terms.published_by, terms.version) == ("city-market", "market", 1)
    adopt(days=9, at=day(3, 3))
    assert CaseRow.objects.get(pk=there).promised_days == 4  # fixed when it was filed
    assert CaseRow.objects.get(pk=home).department == "market"


def test_nobody_turns_to_an_organ_that_left_or_never_came(town):
    people, _staff = town
    with refused("case.organ-not-competent"):
        filed(people, ADOPTED, "city-market")
    adopt()
    actions.withdraw_adoption(item=ADOPTED, organ="city-market", reason="撤", by=SETUP, at=MONDAY)
    with refused("case.organ-not-competent"):
        filed(people, ADOPTED, "city-market")


def test_a_new_version_is_followed_at_once_and_the_promise_keeps_the_law(town):
    people, _staff = town
    adopt(days=15)
    publish(replace(SHARED, statutory_days=10, conditions="新的条件"), draft=2)
    number = filed(people, ADOPTED, "city-market")
    case = CaseRow.objects.get(pk=number)
    assert (case.item_version, case.promised_days, case.statutory_days) == (2, 10, 10)
    [one] = [found for found in queries.adoptable_by("city-market") if found.row.key == ADOPTED]
    assert one.to_confirm
    with refused("adoption.version-moved-on"):
        adopt(days=10, seen=1)
    adopt(days=10, seen=2)
    [one] = [found for found in queries.adoptable_by("city-market") if found.row.key == ADOPTED]
    assert not one.to_confirm


def test_what_is_not_shared_any_more_is_nobody_else_s(town):
    people, staff = town
    adopt()
    publish(replace(SHARED, adoptable=False), draft=2)
    with refused("case.organ-not-competent"):
        filed(people, ADOPTED, "city-market")
    assert [one.organ for one in queries.handlers(ADOPTED, queries.in_force(ADOPTED)[1])] == [
        "market"
    ]
    shown = text(signed_in(staff["editor"]).get(at("adoptions")))
    assert "已取消或者不再开放" in shown  # there to be left
    assert at("adopt", "city-market", ADOPTED) + '"' not in shown


def test_a_batch_goes_to_whom_it_was_sent(town):
    people, _staff = town
    publish(replace(SHARED, batch_fields=("premises",)), draft=2)
    adopt(seen=2)
    applicant = cases.Applicant(
        kind="person", id=people.citizen, name="演示甲", id_number="E1", phone="19900000001"
    )
    file_batch(
        item=ADOPTED,
        organ="city-market",
        applicant=applicant,
        answers={"s1": "no"},
        rows=[{"premises": f"演示路 {n} 号", "kind": "shop"} for n in (1, 2)],
        documents=[document(kept(people.citizen), "m1")],
        at=MONDAY,
    )
    assert BatchRow.objects.get().department == "city-market"
    assert set(CaseRow.objects.values_list("department", "promised_days")) == {("city-market", 4)}


# ── Pages of whoever speaks for an organ ────────────────────────────────────


def test_an_editor_adopts_confirms_and_leaves_on_the_pages(editor):
    shown = text(editor.get(at("adoptions")))
    assert "演示登记" in shown
    assert "没有认领" in shown
    assert text(editor.get(at("adopt", "city-market", ADOPTED))).count("1 号窗口") == 1
    sent = {"promised_days": "21", "offices": ["city-market-1"], "phone": "0991-0120101"}
    wrong = editor.post(at("adopt", "city-market", ADOPTED), {**sent, "seen": "1"})
    assert wrong.status_code == 422
    assert "不能超过法定的 20 个工作日" in wrong.content.decode()
    done = editor.post(
        at("adopt", "city-market", ADOPTED), {**sent, "seen": "1", "promised_days": "3"}
    )
    assert done.url == f"{at('adoptions')}?organ=city-market"
    assert "已认领" in text(editor.get(done.url))
    publish(replace(SHARED, summary="改了"), draft=2)
    assert "有新版本，待确认" in text(editor.get(done.url))
    again = {**sent, "seen": "2", "promised_days": "3"}
    assert "现在是第 2 版" in text(editor.get(at("adopt", "city-market", ADOPTED)))
    editor.post(at("adopt", "city-market", ADOPTED), again)
    assert AdoptionRow.objects.get().version == 2
    leave = at("adoption-withdraw", "city-market", ADOPTED)
    assert "不再办理" in text(editor.get(leave))
    assert editor.post(leave, {"reason": ""}).status_code == 422
    assert editor.post(leave, {"reason": "职权上收"}).status_code == 302
    assert "职权上收" in text(editor.get(done.url))
    assert editor.get(leave).status_code == 404


def test_nobody_speaks_for_another_organ(editor):
    assert editor.get(at("adopt", "county-market", ADOPTED)).status_code == 403
    assert editor.post(at("adopt", "county-market", ADOPTED), {}).status_code == 403
    assert editor.get(at("adoption-withdraw", "county-market", ADOPTED)).status_code == 403
    assert editor.get(at("adopt", "city-market", "unknown")).status_code == 404


def test_the_publisher_sees_who_adopted(town):
    adopt()
    centre = signed_in(case_town.official(51, Role.CENTRE_MANAGER, "centre"))
    shown = text(centre.get(at("item", ADOPTED)))
    assert "哪些机关认领了" in shown
    assert "演示市局" in shown


# ── How much is asked of the database ───────────────────────────────────────


@pytest.mark.parametrize("named", [True, False], ids=["at offices named", "at any of its offices"])
def test_many_organs_are_shown_by_as_few_questions_as_one(town, named):
    places = [
        queries.Handler(organ, "", 4, (f"{organ}-1",) if named else (), "", "")
        for organ in ("city-market", "county-market")
    ]
    for some in (places[:1], places):
        with CaptureQueriesContext(connection) as captured:
            shown = place_words.lines(some)
        assert len(captured) == 2  # offices, organs
        assert [one["code"] for one in shown] == [one.organ for one in some]
        assert all(one["where"] for one in shown)


# ── The public, and whoever applies ─────────────────────────────────────────


def test_the_guide_says_who_does_it_where_and_how_fast(town):
    assert "谁在哪里办" not in text(Client().get(reverse("portal:guide", args=[ADOPTED])))
    adopt()
    shown = text(Client().get(reverse("portal:guide", args=[ADOPTED])))
    assert reverse("account_login") in shown
    for said in (
        "谁在哪里办",
        "演示市局",
        "承诺 4 个工作日",
        "演示市局一楼 1 号窗口",
        "0991-0120101",
    ):
        assert said in shown
    assert f"{page('apply', ADOPTED)}?organ=city-market" in shown


def test_a_citizen_chooses_and_the_case_is_there(town):
    people, staff = town
    adopt()
    mine = signed_in(people.citizen)
    begun = mine.get(f"{page('apply', ADOPTED)}?organ=city-market")
    assert begun.url == page("apply-step", ADOPTED, "situation")
    shown = text(mine.get(page("apply-step", ADOPTED, "where")))
    assert "承诺 4 个工作日" in shown
    finish(mine, lambda name: page("apply-step", ADOPTED, name))
    case = CaseRow.objects.get()
    assert (case.department, case.promised_days) == ("city-market", 4)
    desk = signed_in(staff["city"])
    assert case.number in text(desk.get(page("desk")))
    assert case.number not in text(signed_in(staff["clerk"]).get(page("desk")))


def finish(browser, step):
    browser.post(step("situation"), {"s1": "no"})
    browser.post(step("materials"), {"do": "add", "material": "m1", "upload": upload("图.pdf")})
    browser.post(step("materials"), {"do": "next"})
    browser.post(step("form"), {"form-premises": "演示路 1 号", "form-kind": "shop"})
    browser.get(step("confirm"))
    return browser.post(step("confirm"), {"once_key": ONCE})


def test_if_whoever_was_chosen_leaves_another_has_to_be_chosen(town):
    people, _staff = town
    adopt()
    adopt(organ="county-market")
    mine = signed_in(people.citizen)
    mine.get(f"{page('apply', ADOPTED)}?organ=city-market")
    actions.withdraw_adoption(item=ADOPTED, organ="city-market", reason="撤", by=SETUP, at=MONDAY)
    finish(mine, lambda name: page("apply-step", ADOPTED, name))
    assert not CaseRow.objects.exists()
    assert "还没有选择办理机关" in text(mine.get(page("apply-step", ADOPTED, "confirm")))


def test_the_adopting_organ_s_window_takes_it_in_for_itself_alone(town):
    people, staff = town
    adopt()
    window = signed_in(staff["city"])
    assert "演示登记" in text(window.get(page("counter") + "?q=演示登记"))
    step = lambda name: page("counter-step", ADOPTED, people.citizen, name)  # noqa: E731
    assert window.get(page("counter-start", ADOPTED, people.citizen)).url == step("situation")
    finish(window, step)
    case = CaseRow.objects.get()
    assert (case.department, case.taken_by, case.collected_at) == (
        "city-market",
        staff["city"],
        "",
    )
