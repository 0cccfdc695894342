"""A bundle (一件事) of three departments, for examples: opening a restaurant."""

from dataclasses import replace

from mingtang.core.bundles import BundleContent, ItemPart, SameMaterial
from mingtang.core.catalogue import Choice, FormField, Material, Situation, Step
from tests.core.item_examples import item

LICENCE, SIGN, FIRE = "licence", "sign", "fire"
LOOK = Step(key="look", name="审查", days=2)
CONTENTS = {
    LICENCE: item(),
    SIGN: item(
        code="DEMO-002",
        name="店招设置",
        department="city",
        materials=(
            Material(
                key="a",
                name="平面图",
                basis="演示办法 第五条",
                needed="optional",
                form="copy",
                copies=2,
            ),
            Material(key="b", name="效果图", basis="演示办法 第五条", needed="deferrable"),
        ),
        situations=(),
        form=(
            FormField(name="place", label="经营场所", required=False),
            FormField(name="size", label="店招尺寸"),
        ),
        steps=(LOOK,),
    ),
    FIRE: item(
        code="DEMO-003",
        name="消防安全检查",
        department="fire",
        materials=(
            Material(
                key="m1", name="房屋平面布置图", basis="演示办法 第五条", guidance="标出疏散门"
            ),
            Material(key="m2", name="申请书", basis="演示办法 第五条", source="government"),
        ),
        situations=(
            Situation(
                key="x",
                question="是否从事餐饮服务？",
                options=(
                    Choice(value="yes", label="是", materials=("m1",)),
                    Choice(value="no", label="否"),
                ),
            ),
        ),
        form=(FormField(name="kind", label="业态"),),
        steps=(LOOK,),
    ),
}
BUNDLE = BundleContent(
    name="开办餐馆",
    name_en="Opening a restaurant",
    lead="market",
    lead_name="演示市场监督管理局",
    government="province",
    government_name="演示省人民政府",
    items=(LICENCE, SIGN, FIRE),
)
DRAWINGS = SameMaterial(parts=(ItemPart(item=LICENCE, key="m2"), ItemPart(item=FIRE, key="m1")))
DECLARED = replace(BUNDLE, same=(DRAWINGS,))
