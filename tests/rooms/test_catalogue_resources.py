"""The resource directory (资源目录): kept by the centre, and what no item may ask for any more."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.urls import reverse

from mingtang.catalogue import actions, queries
from mingtang.catalogue.models import ResourceRow
from mingtang.core.catalogue import key_of
from mingtang.core.people import Role
from mingtang.core.sharing import Edge
from mingtang.ledger.replay import history
from tests.core.item_examples import COMPLETE
from tests.core.test_resources import ENTRY, TYPE
from tests.rooms.people_words import MONDAY, official, town
from tests.rooms.test_catalogue_pages import as_sent, signed_in
from tests.words import refused

pytestmark = pytest.mark.django_db
GIVER = replace(COMPLETE, code="M-1", name="企业设立登记", department="health")
BROUGHT = replace(COMPLETE.materials[0], key="m9", name="营业执照复印件")
SHARED = replace(BROUGHT, supplied_by=ENTRY.code, shared=True)
ITEM = replace(COMPLETE, materials=(*COMPLETE.materials, BROUGHT), department="education")
KEY = key_of(ITEM.code)


@pytest.fixture(autouse=True)
def hall():
    cache.clear()
    town()


@pytest.fixture
def keeper():
    return official(2, Role.CENTRE_MANAGER, "mingzhou")


@pytest.fixture
def centre(client, keeper):
    return signed_in(client, keeper)


def supply(keeper, entry=ENTRY):
    return actions.publish_resource(content=entry, by=keeper, at=MONDAY)


def asking(**changes):
    """Return the item as it asks for the licence, told where it comes from or not."""
    return replace(ITEM, materials=(*COMPLETE.materials, replace(BROUGHT, **changes)))


def publish(content, draft=1):
    actions.draft_item(content=content, by="setup", at=MONDAY)
    return actions.publish_item(key=key_of(content.code), draft=draft, by="setup", at=MONDAY)


def page(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def text(answer):
    return answer.content.decode()


# ── Acts ────────────────────────────────────────────────────────────────────


def test_an_entry_is_kept_as_a_row_and_supplied(keeper, django_assert_num_queries):
    supply(keeper)
    row = ResourceRow.objects.get()
    assert (row.code, row.version, row.supplied) == ("business-licence", 1, True)
    assert queries.directory() == {"business-licence": ENTRY}
    with django_assert_num_queries(1):  # the head; the directory itself is remembered
        queries.directory()


def test_an_entry_that_was_withdrawn_is_supplied_no_more(keeper):
    supply(keeper)
    actions.withdraw_resource(code=ENTRY.code, reason="系统停用", by=keeper, at=MONDAY)
    assert queries.directory() == {}
    [(row, content)] = queries.resources()
    assert (row.supplied, row.reason, content) == (False, "系统停用", ENTRY)


def test_nobody_else_keeps_the_directory(keeper):
    someone = official(1, Role.DEPARTMENT_MANAGER)
    with refused("resource.publisher-not-manager"):
        supply(someone)
    supply(keeper)
    with refused("resource.publisher-not-manager"):
        actions.withdraw_resource(code=ENTRY.code, reason="x", by=someone, at=MONDAY)


def test_an_item_that_asks_for_what_is_supplied_is_not_published(keeper):
    supply(keeper)
    with refused("item.incomplete"):
        publish(asking(supplied_by=ENTRY.code))
    actions.draft_item(content=asking(supplied_by=ENTRY.code, shared=True), by="s", at=MONDAY)
    actions.publish_item(key=KEY, draft=2, by="s", at=MONDAY)
    assert queries.item_in_force(KEY).content.materials[-1] == SHARED


def test_what_nobody_supplies_is_not_named(keeper):
    with refused("item.incomplete"):
        publish(asking(supplied_by=ENTRY.code, shared=True))


def test_the_graph_follows_from_what_is_in_force(keeper):
    supply(keeper, replace(ENTRY, items=(), types=(TYPE,)))
    publish(asking(supplied_by=ENTRY.code, shared=True))
    publish(GIVER)
    edge = Edge("M-1", ENTRY.code, ITEM.code, "m9", "required")
    assert queries.sharing_graph({TYPE: ["M-1"]}).edges == (edge,)
    assert queries.users_of(ENTRY.code) == [ITEM.name]
    actions.withdraw_item(key=key_of("M-1"), reason="取消", by="s", at=MONDAY)
    assert queries.sharing_graph({TYPE: ["M-1"]}).edges == ()


# ── Pages ───────────────────────────────────────────────────────────────────

SENT = {
    "code": "business-licence",
    "name": "营业执照",
    "name_en": "Business licence",
    "supplier": "health",
    "items": "M-1、M-2\nM-1",
    "types": "",
    "basis": "市场主体登记管理条例 第二十二条",
}


def test_the_centre_enters_a_resource(centre):
    assert "目录里还没有资源" in text(centre.get(page("resources")))
    assert centre.post(page("resource-new"), SENT).url == page("resources")
    entry = queries.directory()["business-licence"]
    assert (entry.items, entry.recipients) == (("M-1", "M-2"), ())
    assert entry.supplier_name == "演示health"
    shown = text(centre.get(page("resources")))
    for said in ("营业执照", "business-licence", "M-2", "所有部门", "还没有", "提供中"):
        assert said in shown


def test_a_code_is_taken_once_and_changed_never(centre):
    centre.post(page("resource-new"), SENT)
    again = centre.post(page("resource-new"), {**SENT, "name": "别的"})
    assert (again.status_code, "目录里已经有这个代码" in text(again)) == (422, True)
    changed = {**SENT, "code": "other", "recipients": ["education"]}
    assert centre.post(page("resource-edit", "business-licence"), changed).status_code == 302
    assert queries.directory()["business-licence"].recipients == ("education",)


def test_what_falls_short_is_said_on_the_page(centre):
    answer = centre.post(page("resource-new"), {**SENT, "items": ""})
    assert answer.status_code == 422
    assert "请写明是哪个事项的结果，或者哪种证照。" in text(answer)
    assert centre.get(page("resource-edit", "nothing")).status_code == 404
    assert centre.get(page("resource-withdraw", "nothing")).status_code == 404


def test_it_is_withdrawn_with_a_reason_after_a_look_at_who_reads_it(centre, keeper):
    supply(keeper)
    publish(asking(supplied_by=ENTRY.code, shared=True))
    assert ITEM.name in text(centre.get(page("resource-withdraw", ENTRY.code)))
    assert centre.post(page("resource-withdraw", ENTRY.code), {}).status_code == 422
    sent = {"reason": "系统停用"}
    assert centre.post(page("resource-withdraw", ENTRY.code), sent).status_code == 302
    shown = text(centre.get(page("resources")))
    assert "已移出" in shown
    assert "系统停用" in shown
    again = centre.post(page("resource-withdraw", ENTRY.code), sent)
    assert "目录里现在没有这一条" in text(again)


def test_a_department_reads_the_directory_and_does_not_keep_it(client):
    signed_in(client, official(1, Role.DEPARTMENT_MANAGER))
    assert client.get(page("resources")).status_code == 200
    assert page("resource-new") not in text(client.get(page("resources")))
    for name, args in (
        ("resource-new", ()),
        ("resource-edit", ("x",)),
        ("resource-withdraw", ("x",)),
    ):
        assert client.get(page(name, *args)).status_code == 403


def test_the_editor_says_what_is_supplied_and_lets_it_be_chosen(centre, keeper):
    supply(keeper)
    actions.draft_item(content=ITEM, by="setup", at=MONDAY)
    shown = text(centre.get(page("edit", KEY)))
    assert "“营业执照复印件”和资源目录里的“营业执照”（演示市场监督管理局）同名" in shown
    chosen = {"materials-2-supplied_by": ENTRY.code}
    centre.post(page("edit", KEY), as_sent(centre, KEY, **chosen))
    shown = text(centre.get(page("edit", KEY)))
    assert "数据共享能提供，不得再向申请人要" in shown
    assert "（演示市场监督管理局：M-1）" in shown
    assert "同名" not in shown
    centre.post(page("publish", KEY), {"draft": "2"})
    assert queries.item_file(KEY).row.state == "draft"
    centre.post(page("edit", KEY), as_sent(centre, KEY, **{"materials-2-shared": "on"}))
    assert queries.item_file(KEY).draft.materials[-1] == SHARED
    centre.post(page("publish", KEY), {"draft": "3"})
    assert queries.item_file(KEY).row.state == "in_force"
    assert len(history(f"item/{KEY}")) == 4
