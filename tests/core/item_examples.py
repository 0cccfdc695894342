"""A complete item (事项), for tests to take something away from."""

from dataclasses import replace
from typing import Any

from mingtang.core.catalogue import (
    Category,
    Choice,
    FormField,
    ItemContent,
    LegalBasis,
    Material,
    Question,
    ResultKind,
    Situation,
    Step,
)

COMPLETE = ItemContent(
    code="DEMO-001",
    code_scheme="demo",
    name="食品经营许可",
    name_en="Food business licence",
    summary="开办餐馆、食堂、食品店",
    category=Category.LICENCE,
    item_type="01",
    department="market",
    department_name="演示市场监督管理局",
    audience=("2", "6"),
    topics=("food",),
    legal_basis=(LegalBasis(title="中华人民共和国食品安全法", article="第三十五条"),),
    conditions="有与经营品种、数量相适应的场所",
    materials=(
        Material(key="m1", name="申请书", basis="食品经营许可和备案管理办法 第十五条"),
        Material(key="m2", name="平面图", basis="食品经营许可和备案管理办法 第十五条"),
    ),
    situations=(
        Situation(
            key="s1",
            question="是否从事餐饮服务？",
            options=(
                Choice(value="yes", label="是", materials=("m2",)),
                Choice(value="no", label="否"),
            ),
        ),
    ),
    form=(
        FormField(name="premises", label="经营场所"),
        FormField(
            name="kind",
            label="业态",
            kind="choice",
            options=(Choice(value="shop", label="食品店"), Choice(value="diner", label="餐馆")),
        ),
    ),
    steps=(
        Step(key="papers", name="书面审查", days=2),
        Step(key="site", name="现场核查", days=3, department="inspection"),
        Step(key="merge", name="汇总", after=("papers", "site"), days=1),
    ),
    statutory_days=20,
    promised_days=5,
    visits=0,
    online_depth=4,
    result_kind=ResultKind.CERTIFICATE,
    result_name="食品经营许可证",
    result_sample="样本见窗口公示栏",
    address="演示市大道 1 号政务大厅 2 楼 7 号窗口",
    hours="工作日 9:00-17:00",
    enquiry_phone="0990-0120101",
    complaint_phone="0990-0120102",
    questions=(Question(question="多久能拿到？", answer="受理后 5 个工作日内。"),),
)


def item(**changes: Any) -> ItemContent:
    """Return the complete item with something changed."""
    return replace(COMPLETE, **changes)
