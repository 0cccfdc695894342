"""The graph of shared data in public: page, picture, file, and the guides that tell of it."""

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from mingtang.catalogue import actions as catalogue
from mingtang.core.catalogue import key_of
from mingtang.ui.layers import Label, layer_chart
from tests.core.case_examples import MONDAY
from tests.core.item_examples import COMPLETE
from tests.rooms import case_town, sharing_words
from tests.rooms import licence_words as words
from tests.rooms.sharing_words import CANTEEN, ENTRY, PERMIT, TAKER

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(log_home):
    office = words.build()
    sharing_words.share(office)
    return office


def get(client, name, *args, **asked):
    return client.get(reverse(f"portal:{name}", args=args), asked)


def text(answer):
    return answer.content.decode()


def test_nothing_shared_says_so(client, log_home):
    case_town.build()
    assert "还没有共享的材料" in text(get(client, "sharing"))


def test_the_page_lists_what_need_not_be_brought_and_what_it_is_good_for(client, office):
    answer = get(client, "sharing")
    canteen, food = answer.context["lines"]
    assert canteen.item.url == reverse("portal:guide", args=[TAKER])
    [spared] = canteen.spared
    assert (spared.material, spared.supplier) == ("食品经营许可证", "演示市场监督管理局")
    assert [one.name for one in spared.givers] == ["食品经营许可"]
    assert [use.item.name for use in food.uses] == ["校园供餐备案"]
    assert 'class="layer-chart"' in text(answer)
    assert "还没有这样的办件" in text(answer)


def test_it_can_be_searched(client, office):
    found = get(client, "sharing", q="校园")
    assert [line.item.name for line in found.context["lines"]] == ["校园供餐备案"]
    assert found.context["picture"] is not None
    assert "没有找到" in text(get(client, "sharing", q="没有这样的"))


def test_figures_name_departments_and_nobody(client, office):
    scan = case_town.document(case_town.kept(office.citizen), "m3")
    number = sharing_words.filed(office, documents=[scan])
    answer = get(client, "sharing")
    assert [one["department"] for one in answer.context["spared"]] == ["演示education"]
    assert number not in text(answer)


def test_a_circle_of_two_is_pointed_out(client, office):
    other = replace(ENTRY, code="canteen", name="供餐备案表", items=(CANTEEN.code,))
    sharing_words.supply(office, other)
    back = replace(PERMIT, supplied_by="canteen", key="m8")
    case_town.publish(replace(COMPLETE, materials=(*COMPLETE.materials, back)), draft=2)
    answer = get(client, "sharing")
    assert "循环：这些事项互为前提" in text(answer)
    assert [[one.name for one in circle] for circle in answer.context["circles"]] == [
        ["食品经营许可", "校园供餐备案"]
    ]


def test_the_file_says_the_same(client, office):
    found = json.loads(get(client, "sharing_json").content)
    assert found == {
        "format": "mingtang.sharing.v1",
        "resources": [
            {
                "code": "food-licence",
                "name": "食品经营许可证",
                "name_en": "Food business licence",
                "supplier": "market",
                "supplier_name": "演示市场监督管理局",
                "items": [COMPLETE.code],
                "types": [],
                "recipients": [],
                "basis": "食品安全法 第三十五条",
            }
        ],
        "items": [
            {"code": COMPLETE.code, "key": key_of(COMPLETE.code), "name": "食品经营许可"},
            {"code": CANTEEN.code, "key": TAKER, "name": "校园供餐备案"},
        ],
        "edges": [
            {
                "giver": COMPLETE.code,
                "resource": "food-licence",
                "taker": CANTEEN.code,
                "material": "m3",
                "needed": "required",
            }
        ],
        "circles": [],
    }


def test_guides_say_what_need_not_be_brought_and_what_the_result_is_good_for(client, office):
    taker = text(get(client, "guide", TAKER))
    assert "不用您带的" in taker
    assert "共享获取，不用交" in taker
    giver = text(get(client, "guide", key_of(COMPLETE.code)))
    assert "办成以后能用在" in giver
    assert "校园供餐备案" in giver


def test_what_is_withdrawn_is_gone_from_the_page_at_once(client, office):
    assert get(client, "sharing").context["lines"]
    catalogue.withdraw_resource(code=ENTRY.code, reason="停用", by=office.head, at=MONDAY)
    assert get(client, "sharing").context["lines"] == []


# ── The drawing ─────────────────────────────────────────────────────────────


def test_a_drawing_puts_what_follows_to_the_right():
    labels = {"a": Label("企业设立登记"), "r": Label("营业执照", between=True), "b": Label("x <y>")}
    drawn = layer_chart(
        labels, {("a", "r"), ("r", "b")}, {"a": 0, "r": 1, "b": 2}, title="图", marked={"b"}
    )
    assert 'aria-label="图"' in drawn
    assert "x &lt;y&gt;" in drawn
    assert drawn.count("<rect") == 3
    assert "style=" not in drawn


def test_what_leads_back_is_dashed():
    labels = {"a": Label("甲"), "b": Label("乙")}
    drawn = layer_chart(labels, {("a", "b"), ("b", "a")}, {"a": 0, "b": 0}, title="图")
    assert drawn.count("stroke-dasharray") == 2
