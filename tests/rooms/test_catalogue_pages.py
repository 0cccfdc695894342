"""The desk, the editor, the calendar, and what anybody may fetch."""

import json
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.urls import reverse

from mingtang.catalogue import actions, queries
from mingtang.core.catalogue import FirstReview, Reach, ReachMode, ReachScope, Referral, key_of
from mingtang.core.people import Role
from mingtang.people.models import Account
from tests.core.item_examples import COMPLETE, item
from tests.rooms.people_words import MONDAY, PASSWORD, official, person, town

pytestmark = pytest.mark.django_db
ITEM = item(department="education", department_name="演示education", steps=COMPLETE.steps[:1])
KEY = key_of(ITEM.code)


@pytest.fixture(autouse=True)
def hall():
    cache.clear()
    town()
    actions.draft_item(content=ITEM, by="setup", at=MONDAY)


def signed_in(client, someone):
    client.force_login(
        Account.objects.create_user(f"user-{someone}", PASSWORD, someone),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


@pytest.fixture
def manager(client):
    """Somebody who writes the items of one department."""
    return signed_in(client, official(1, Role.DEPARTMENT_MANAGER))


@pytest.fixture
def centre(client):
    """Somebody who checks and publishes everybody's items."""
    return signed_in(client, official(2, Role.CENTRE_MANAGER, "mingzhou"))


def text(response) -> str:
    return response.content.decode()


def page(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def as_sent(client, key=KEY, **changes):
    """Return what the browser would send back from the editor, with some fields changed."""
    answer = client.get(page("edit", key))
    editor = answer.context["editor"]
    data = {"seen": str(answer.context["seen"])}
    for form in [editor.form, *(row for one in editor.rows.values() for row in one.forms)]:
        data |= {bound.html_name: value for bound in form if (value := _value(bound)) is not None}
    for one in editor.rows.values():
        data |= {bound.html_name: bound.value() for bound in one.management_form}
    return {**data, **changes}


def _value(bound):
    value = bound.value()
    return None if value is None or value is False else value


# ── Who may ─────────────────────────────────────────────────────────────────


def test_a_visitor_is_sent_to_sign_in_and_a_citizen_is_turned_away(client):
    assert client.get(page("desk")).status_code == 302

    signed_in(client, person(9))

    for name, args in (("desk", ()), ("new", ()), ("item", (KEY,)), ("edit", (KEY,))):
        assert client.get(page(name, *args)).status_code == 403
    for name, args in (("calendar", ()), ("year", (2027,))):
        assert client.get(page(name, *args)).status_code == 403
    for name in ("publish", "withdraw"):
        assert client.post(page(name, KEY)).status_code == 403


def test_a_manager_writes_only_the_items_of_their_own_department(client):
    signed_in(client, official(3, Role.DEPARTMENT_MANAGER, "health"))

    assert ITEM.name not in text(client.get(page("desk")))
    for name in ("item", "edit", "preview", "compare"):
        assert client.get(page(name, KEY)).status_code == 403
    assert client.post(page("edit", KEY), {}).status_code == 403
    assert queries.item_file(KEY).drafts == 1


def test_a_manager_does_not_publish(manager):
    assert manager.post(page("publish", KEY), {"draft": "1"}).status_code == 403
    assert queries.item_file(KEY).row.state == "draft"


# ── The desk ────────────────────────────────────────────────────────────────


def test_the_desk_shows_items_with_what_their_drafts_lack(centre):
    actions.draft_item(content=item(code="X", name="另一事项", hours=""), by="setup", at=MONDAY)

    shown = text(centre.get(page("desk")))

    assert ITEM.name in shown
    assert "草稿要素齐全，可以发布" in shown
    assert "草稿，缺 1 项" in shown
    assert "没有办理时间" in shown
    assert "另一事项" not in text(centre.get(page("desk"), {"department": "education"}))
    assert "另一事项" in text(centre.get(page("desk"), {"q": "另一事"}))
    assert "没有符合条件的事项" in text(centre.get(page("desk"), {"state": "withdrawn"}))


# ── Writing ─────────────────────────────────────────────────────────────────


def test_the_editor_gives_back_exactly_the_item_it_was_given(manager):
    answer = manager.post(page("edit", KEY), as_sent(manager), follow=True)

    assert queries.item_file(KEY).draft == ITEM
    assert "草稿没有变化" in text(answer)


def test_a_change_becomes_the_next_draft(manager):
    sent = as_sent(manager, **{"name": "改过的名称", "materials-0-copies": "3"})

    answer = manager.post(page("edit", KEY), sent, follow=True)

    assert answer.redirect_chain == [(page("item", KEY), 302)]
    file = queries.item_file(KEY)
    assert (file.drafts, file.draft.name) == (2, "改过的名称")
    assert file.draft.materials[0].copies == 3
    assert file.draft.materials[1:] == ITEM.materials[1:]


def test_a_row_more_is_given_without_saving_and_without_complaints(manager):
    answer = manager.post(page("edit", KEY), as_sent(manager, name="写到一半", add="materials"))

    assert answer.status_code == 200
    assert 'name="materials-2-name"' in text(answer)
    assert "写到一半" in text(answer)
    assert "error-summary" not in text(answer)
    assert queries.item_file(KEY).drafts == 1


def test_new_rows_get_the_next_free_key_and_empty_ones_are_no_rows(manager):
    sent = as_sent(manager)
    sent |= {
        "materials-TOTAL_FORMS": "4",
        "materials-2-name": "营业执照",
        "materials-2-needed": "optional",
        "materials-2-form": "copy",
        "materials-2-source": "government",
        "materials-3-needed": "required",
        "form-1-options": "shop | 食品店\ndiner | 餐馆 | Diner",
        "situations-0-options": "yes | 是 | Yes | m2、m3\nno | 否",
    }

    manager.post(page("edit", KEY), sent)

    draft = queries.item_file(KEY).draft
    assert [(one.key, one.name) for one in draft.materials] == [
        ("m1", "申请书"),
        ("m2", "平面图"),
        ("m3", "营业执照"),
    ]
    assert draft.situations[0].options[0].materials == ("m2", "m3")
    assert draft.form[1].options[1].label_en == "Diner"


def test_what_differs_in_a_batch_is_chosen_at_the_fields_of_the_form(manager):
    manager.post(page("edit", KEY), as_sent(manager, **{"form-1-differs": "on"}))
    assert queries.item_file(KEY).draft == replace(ITEM, batch_fields=("kind",))
    assert "form-1-differs" in as_sent(manager)
    sent = as_sent(manager, **{"form-0-differs": "on"})
    del sent["form-1-differs"]
    manager.post(page("edit", KEY), sent)
    assert queries.item_file(KEY).draft == replace(ITEM, batch_fields=("premises",))


def test_a_field_that_is_new_may_differ_at_once_and_one_that_is_gone_does_not(manager):
    sent = as_sent(manager, **{"form-1-differs": "on", "form-1-DELETE": "on"})
    sent |= {"form-TOTAL_FORMS": "3", "form-2-label": "姓名", "form-2-differs": "on"}
    manager.post(page("edit", KEY), sent)
    draft = queries.item_file(KEY).draft
    assert ([one.name for one in draft.form], draft.batch_fields) == (["premises", "f1"], ("f1",))


def test_a_batch_field_that_is_not_in_the_form_is_said_there(manager):
    unfit = replace(ITEM, batch_fields=("nothing",))
    actions.draft_item(content=unfit, by="other", at=MONDAY)
    shown = text(manager.get(page("edit", KEY)))
    rows = shown[shown.index('id="rows-form"') : shown.index('name="form-0-name"')]
    assert "批量申请各行不同的栏里，有一栏不在申请表里" in rows


def test_a_row_is_deleted_and_steps_refer_to_one_another(manager):
    sent = as_sent(manager)
    sent |= {
        "questions-0-DELETE": "on",
        "steps-TOTAL_FORMS": "2",
        "steps-1-name": "复核",
        "steps-1-after": "papers",
        "steps-1-join": "any",
        "steps-1-days": "1",
    }

    manager.post(page("edit", KEY), sent)

    draft = queries.item_file(KEY).draft
    assert draft.questions == ()
    assert (draft.steps[1].key, draft.steps[1].after, draft.steps[1].join) == (
        "step1",
        ("papers",),
        "any",
    )


def test_who_reviews_it_first_and_whether_others_adopt_it_is_written_on_its_page(manager):
    sent = as_sent(manager) | {
        "first_reviews-TOTAL_FORMS": "2",
        "first_reviews-0-organ": "health",
        "first_reviews-0-basis": "演示条例第八条",
        "first_reviews-1-organ": "",  # none: no row
    }
    manager.post(page("edit", KEY), sent)
    draft = queries.item_file(KEY).draft
    assert draft.first_reviews == (FirstReview(organ="health", basis="演示条例第八条"),)
    shown = text(manager.get(page("preview", KEY)))
    assert "演示条例第八条" in shown
    manager.post(page("edit", KEY), as_sent(manager, adoptable="on"))
    assert queries.item_file(KEY).draft.adoptable
    assert "quality.first-review-adoptable" in {
        one.code for one in queries.item_file(KEY).shortcomings
    }
    longer = as_sent(manager) | {"first_reviews-0-days": "21"}
    assert manager.post(page("edit", KEY), longer).status_code == 422


def test_to_whom_it_is_referred_and_who_takes_it_in_are_rows_of_the_page(manager):
    sent = as_sent(manager)
    sent |= {
        "referred_to-TOTAL_FORMS": "1",
        "referred_to-0-body": "演示部",
        "referred_to-0-days": "5",
        "referred_to-0-basis": "演示法 第十条",
        "reaches-TOTAL_FORMS": "2",
        "reaches-0-mode": "collected",
        "reaches-0-scope": "province",
        "reaches-1-scope": "province",  # nothing chosen: no row
    }
    manager.post(page("edit", KEY), sent)
    draft = queries.item_file(KEY).draft
    assert draft.referred_to == (Referral(body="演示部", days=5, basis="演示法 第十条"),)
    assert draft.reaches == (Reach(mode=ReachMode.COLLECTED, scope=ReachScope.PROVINCE),)
    shown = text(manager.get(page("preview", KEY)))
    for said in ("演示部", "全省通办 · 异地代收代办", "任何窗口都可以收件"):
        assert said in shown
    wrong = manager.post(
        page("edit", KEY), {**as_sent(manager), "reaches-0-mode": ""} | {"reaches-0-area": "与邻省"}
    )
    assert wrong.status_code == 422
    assert "请选通办的形式。" in text(wrong)


def test_what_is_typed_wrongly_is_told_and_nothing_is_lost(manager):
    sent = as_sent(manager, name="", promised_days="五", summary="写了很多")

    answer = manager.post(page("edit", KEY), sent)

    assert answer.status_code == 422
    assert "写了很多" in text(answer)
    assert set(answer.context["editor"].form.errors) == {"name", "promised_days"}
    assert queries.item_file(KEY).drafts == 1


def test_two_people_editing_one_item_are_told_of_one_another(manager):
    sent = as_sent(manager, name="我的写法")
    actions.draft_item(content=item(name="同事的写法"), by="other", at=MONDAY)
    file = queries.item_file(KEY)
    actions.draft_item(
        content=ITEM.__class__(**{**ITEM.__dict__, "name": "同事的写法"}), by="other", at=MONDAY
    )
    assert file.drafts == 2

    answer = manager.post(page("edit", KEY), sent)

    assert answer.status_code == 422
    assert "这份草稿已被他人改过" in text(answer)
    assert "我的写法" in text(answer)
    assert queries.item_file(KEY).draft.name == "同事的写法"


def test_a_manager_cannot_hand_an_item_to_another_department(manager):
    answer = manager.post(page("edit", KEY), as_sent(manager, department="health"))

    assert answer.status_code == 422
    assert list(answer.context["editor"].form.errors) == ["department"]


def test_findings_stand_beside_their_element_with_the_rule(manager):
    actions.draft_item(
        content=ITEM.__class__(**{**ITEM.__dict__, "hours": ""}), by="setup", at=MONDAY
    )

    shown = text(manager.get(page("edit", KEY)))

    place = shown.index('id="element-hours"')
    assert "没有办理时间" in shown[place : place + 900]
    assert "国家事项实施清单要素" in shown[place : place + 900]


def test_a_new_item_is_begun_once(manager):
    fields = {
        "code": "N-1",
        "code_scheme": "local",
        "name": "新事项",
        "department": "education",
        "category": "service",
    }

    answer = manager.post(page("new"), fields)
    again = manager.post(page("new"), fields)

    assert answer.url == page("edit", key_of("N-1"))
    assert queries.item_file(key_of("N-1")).draft.item_type == "20"
    assert (again.status_code, "已有这个编码的事项" in text(again)) == (422, True)


# ── Publishing ──────────────────────────────────────────────────────────────


def test_a_complete_draft_is_published_and_becomes_public(centre, client):
    assert client.get(page("svg", KEY)).status_code == 404

    answer = centre.post(page("publish", KEY), {"draft": "1"}, follow=True)

    assert "已发布" in text(answer)
    assert queries.in_force(KEY) == (1, ITEM)
    client.logout()
    svg = client.get(page("svg", KEY))
    assert (svg.status_code, svg["Content-Type"]) == (200, "image/svg+xml")
    assert ET.fromstring(svg.content).tag == "{http://www.w3.org/2000/svg}svg"
    bpmn = client.get(page("bpmn", KEY))
    assert "step.papers" in {one.get("id") for one in ET.fromstring(bpmn.content).iter()}
    schema = json.loads(client.get(page("schema", KEY)).content)
    assert schema["required"] == ["premises", "kind"]
    assert schema["$id"].endswith(page("schema", KEY))


def test_an_incomplete_draft_is_refused_in_words(centre):
    actions.draft_item(
        content=ITEM.__class__(**{**ITEM.__dict__, "hours": ""}), by="setup", at=MONDAY
    )

    answer = centre.post(page("publish", KEY), {"draft": "2"}, follow=True)

    assert "公开要素不完整" in text(answer)
    assert queries.item_file(KEY).row.state == "draft"


def test_publishing_a_draft_that_has_moved_on_is_refused(centre):
    actions.draft_item(
        content=ITEM.__class__(**{**ITEM.__dict__, "summary": "新"}), by="setup", at=MONDAY
    )

    answer = centre.post(page("publish", KEY), {"draft": "1"}, follow=True)

    assert "已被他人改过" in text(answer)
    assert queries.item_file(KEY).row.version == 0


def test_withdrawing_asks_for_a_reason(centre):
    actions.publish_item(key=KEY, draft=1, by="setup", at=MONDAY)

    assert centre.post(page("withdraw", KEY), {"reason": ""}).status_code == 422
    answer = centre.post(page("withdraw", KEY), {"reason": "依据已废止"}, follow=True)

    assert "已取消" in text(answer)
    assert queries.item_file(KEY).row.state == "withdrawn"


def test_preview_and_comparison_show_draft_and_version_in_force(centre):
    actions.publish_item(key=KEY, draft=1, by="setup", at=MONDAY)
    changed = ITEM.__class__(**{**ITEM.__dict__, "promised_days": 4, "fees": ()})
    actions.draft_item(content=changed, by="setup", at=MONDAY)

    shown = text(centre.get(page("compare", KEY)))
    assert "<del>5</del>" in shown
    assert "<ins>4</ins>" in shown
    guide = text(centre.get(page("preview", KEY)))
    assert "书面审查" in guide
    assert 'data-node="step.papers"' in guide
    assert "style=" not in guide


# ── The calendar ────────────────────────────────────────────────────────────


def test_a_year_is_entered_as_its_notice_writes_it(centre):
    fields = {
        "off_days": "1月1日\n2027-02-05 至 2027-02-11",
        "makeup_days": "2027年2月13日、2027/2/20",
        "official": "on",
        "source": "演示通知〔2026〕1号",
    }

    answer = centre.post(page("year", 2027), fields, follow=True)

    assert "演示通知〔2026〕1号" in text(answer)
    [known] = queries.calendar().years
    assert known.off_days == (date(2027, 1, 1), *(date(2027, 2, day) for day in range(5, 12)))
    assert known.makeup_days == (date(2027, 2, 13), date(2027, 2, 20))
    assert "2027-02-05 至 2027-02-11" in text(centre.get(page("year", 2027)))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"off_days": "2027-02-30"}, "“2027-02-30”不是一个日期"),
        ({"off_days": "2027-02-11 至 2027-02-05"}, "不是一段假期"),
        ({"off_days": "2026-12-31"}, "这些日期不在这一年里：2026-12-31"),
        ({"makeup_days": "2027-02-15"}, "这些不是：2027-02-15"),
        ({"official": "on"}, "国务院通知的文号"),
    ],
)
def test_a_year_entered_wrongly_says_why_and_keeps_what_was_typed(centre, fields, said):
    answer = centre.post(page("year", 2027), {"source": "", **fields})

    assert answer.status_code == 422
    assert said in text(answer)
    assert queries.calendar_years() == []


def test_years_far_away_have_no_page(centre):
    assert centre.get(page("year", 1900)).status_code == 404
