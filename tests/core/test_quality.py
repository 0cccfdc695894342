"""Every quality rule, with an item that keeps it and one that does not."""

from dataclasses import replace

import pytest

from mingtang.core.catalogue import (
    Category,
    Choice,
    Fee,
    FirstReview,
    FormField,
    Join,
    LegalBasis,
    Material,
    Question,
    Reach,
    ReachMode,
    ReachScope,
    Referral,
    ResultKind,
    Situation,
    Step,
)
from mingtang.core.quality import RULES, Shortcoming, codes, shortcomings
from tests.core.item_examples import COMPLETE, item

FEE = Fee(name="考试费", standard="60 元", basis="某行政法规 第三条")
BEFORE = {"visits_before": 3, "steps_before": 6, "seals_before": 0, "before_source": "旧指南"}
ABOVE = Referral(body="演示部", days=5, basis="演示法 第十条")
BELOW = FirstReview(organ="county", basis="演示条例 第八条")
ONLINE = Reach(mode=ReachMode.ONLINE, scope=ReachScope.PROVINCE)
WAITS_FOR_ITSELF = (Step(key="a", name="甲", after=("b",)), Step(key="b", name="乙", after=("a",)))


def test_a_complete_item_falls_short_of_nothing():
    assert shortcomings(COMPLETE) == ()


SHORT = [
    ({"category": Category.NON_LICENCE, "item_type": "10"}, "category-closed"),
    ({"item_type": "99"}, "item-type-unknown"),
    ({"item_type": "1"}, "item-type-unknown"),
    ({"item_type": "20"}, "category-type-mismatch"),
    ({"category": Category.SERVICE}, "category-type-mismatch"),
    ({"audience": ()}, "audience-missing"),
    ({"audience": ("7",)}, "audience-unknown"),
    ({"legal_basis": ()}, "basis-missing"),
    ({"legal_basis": (LegalBasis(title=" "),)}, "basis-untitled"),
    ({"conditions": " "}, "conditions-missing"),
    ({"materials": (), "situations": ()}, "materials-missing"),
    ({"batch_fields": ("premises", "name")}, "batch-field-unknown"),
    ({"statutory_days": None}, "statutory-days-missing"),
    ({"promised_days": None}, "promised-days-missing"),
    ({"statutory_days": 4}, "promised-over-statutory"),
    ({"steps": ()}, "steps-missing"),
    ({"steps": (Step(key="a", name=" "),)}, "step-unnamed"),
    ({"steps": (Step(key="a", name="甲", days=-1),)}, "step-days-negative"),
    ({"steps": (Step(key="a", name="甲"), Step(key="a", name="乙"))}, "step-key-repeated"),
    ({"steps": (Step(key="a b", name="甲"),)}, "step-key-malformed"),
    ({"steps": (Step(key="a", name="甲", after=("z",)),)}, "step-after-unknown"),
    ({"steps": WAITS_FOR_ITSELF}, "step-circular"),
    (
        {"steps": (*WAITS_FOR_ITSELF, Step(key="c", name="丙", after=("a",)))},
        "step-unreachable",
    ),
    ({"promised_days": 3}, "step-limits-over-promise"),
    ({"visits": None}, "visits-missing"),
    ({"visits": 1, "online_depth": 3}, "visit-reason-missing"),
    ({"visit_reason": "核验原件"}, "visit-reason-idle"),
    ({"visits_before": 2, "before_source": "旧指南"}, "before-incomplete"),
    ({**BEFORE, "before_source": " "}, "before-unfounded"),
    ({"before_source": "旧指南"}, "before-unfounded"),
    ({"online_depth": 5}, "online-depth-unknown"),
    ({"online_depth": 2}, "post-needed"),
    ({"visits": 1, "visit_reason": "核验原件"}, "online-yet-visits"),
    ({"referred_to": (Referral(body="演示部", days=0, basis="演示法"),)}, "referral-incomplete"),
    ({"referred_to": (Referral(body="演示部", days=5, basis=" "),)}, "referral-incomplete"),
    ({"referred_to": (ABOVE, replace(ABOVE, days=9))}, "referral-twice"),
    ({"referred_to": (ABOVE,), "promised_days": 0}, "referral-on-the-spot"),
    ({"first_reviews": (replace(BELOW, organ=""),)}, "first-review-incomplete"),
    ({"first_reviews": (replace(BELOW, basis=" "),)}, "first-review-incomplete"),
    ({"first_reviews": (replace(BELOW, days=21),)}, "first-review-too-long"),
    ({"first_reviews": (replace(BELOW, organ="market"),)}, "first-review-own"),
    ({"first_reviews": (BELOW, replace(BELOW, days=9))}, "first-review-twice"),
    ({"first_reviews": (BELOW,), "promised_days": 0}, "first-review-on-the-spot"),
    ({"first_reviews": (BELOW,), "batch_fields": ("premises",)}, "first-review-batches"),
    ({"first_reviews": (BELOW,), "adoptable": True}, "first-review-adoptable"),
    ({"reaches": (ONLINE,), "online_depth": 3}, "reach-not-online"),
    ({"reaches": (replace(ONLINE, scope=ReachScope.NATION),)}, "reach-area-missing"),
    ({"reaches": (ONLINE, ONLINE)}, "reach-twice"),
    ({"fees": (replace(FEE, basis=""),)}, "fee-basis-missing"),
    ({"fees": (replace(FEE, standard=""),)}, "fee-standard-missing"),
    ({"pay_online": True}, "free-yet-payment"),
    ({"result_kind": ResultKind.NONE}, "result-kind-missing"),
    ({"result_kind": ResultKind.NONE, "result_name": ""}, "result-missing"),
    ({"result_name": ""}, "result-name-missing"),
    ({"result_sample": ""}, "result-sample-missing"),
    ({"result_name": "批复"}, "result-kind-mismatch"),
    ({"result_kind": ResultKind.APPROVAL}, "result-kind-mismatch"),
    ({"address": ""}, "address-missing"),
    ({"address": "演示市大道 1 号"}, "address-imprecise"),
    ({"hours": ""}, "hours-missing"),
    ({"hours": "上午九点起"}, "hours-unclear"),
    ({"enquiry_phone": ""}, "enquiry-phone-missing"),
    ({"complaint_phone": ""}, "complaint-phone-missing"),
    ({"enquiry_phone": "0120101"}, "phone-without-area-code"),
    ({"complaint_phone": "0990-0120101"}, "phones-alike"),
    ({"questions": ()}, "questions-missing"),
    ({"questions": (Question(question="多久？", answer=""),)}, "question-unanswered"),
]


@pytest.mark.parametrize(("change", "code"), SHORT)
def test_an_item_falls_short(change, code):
    assert f"quality.{code}" in codes(shortcomings(item(**change)))


MATERIAL = Material(key="m1", name="申请书", basis="某办法 第二条")
FIELD = FormField(name="a", label="甲")
ASKED = Situation(
    key="s",
    question="哪种？",
    options=(Choice(value="1", label="一"), Choice(value="2", label="二")),
)


@pytest.mark.parametrize(
    ("materials", "code"),
    [
        ([replace(MATERIAL, basis="")], "material-basis-missing"),
        ([replace(MATERIAL, basis="", needed="deferrable")], "material-basis-missing"),
        ([replace(MATERIAL, name="")], "material-unnamed"),
        ([replace(MATERIAL, copies=-1)], "material-copies-wrong"),
        ([MATERIAL, MATERIAL], "material-key-repeated"),
        ([replace(MATERIAL, key="一")], "material-key-malformed"),
    ],
)
def test_materials_fall_short(materials, code):
    found = codes(shortcomings(item(materials=tuple(materials), situations=())))

    assert found == (f"quality.{code}",)


@pytest.mark.parametrize(
    ("situations", "code"),
    [
        ([replace(ASKED, options=ASKED.options[:1])], "situation-options-missing"),
        ([ASKED, ASKED], "situation-key-repeated"),
        ([replace(ASKED, key="")], "situation-key-malformed"),
        (
            [replace(ASKED, options=(Choice(value="1", label="一", materials=("m9",)),) * 2)],
            "situation-material-unknown",
        ),
    ],
)
def test_situations_fall_short(situations, code):
    assert codes(shortcomings(item(situations=tuple(situations)))) == (f"quality.{code}",)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ([FIELD, FIELD], "field-key-repeated"),
        ([replace(FIELD, name="1")], "field-key-malformed"),
        ([replace(FIELD, kind="colour")], "field-kind-unknown"),
        ([replace(FIELD, kind="choice")], "field-options-missing"),
        ([replace(FIELD, label="")], "field-unlabelled"),
    ],
)
def test_forms_fall_short(form, code):
    assert codes(shortcomings(item(form=tuple(form)))) == (f"quality.{code}",)


@pytest.mark.parametrize(
    "change",
    [
        {"materials": (replace(MATERIAL, basis="", needed="optional"),), "situations": ()},
        {"promised_days": 0, "steps": ()},
        {"fees": (FEE,), "pay_online": True},
        {"visits": 1, "visit_reason": "现场拍照", "online_depth": 3},
        {"online_depth": 1, "by_post": True},
        BEFORE,
        {"hours": "24小时自助"},
        {"hours": "Working days 9:00-17:00"},
        {"enquiry_phone": "0851-12345"},
        {"enquiry_phone": "0990-0120101、0990-0120103-802"},
        {"result_kind": ResultKind.APPROVAL, "result_name": "项目核准批复"},
        {"result_kind": ResultKind.DOCUMENT, "result_name": "同意函"},
    ],
)
def test_an_item_may_also_look_like_this(change):
    assert shortcomings(item(**change)) == ()


def test_a_public_service_may_have_no_materials_no_steps_and_no_result():
    advice = item(
        category=Category.SERVICE,
        item_type="20",
        materials=(),
        situations=(),
        promised_days=0,
        steps=(),
        result_kind=ResultKind.NONE,
        result_name="",
        result_sample="",
        questions=(),
    )

    assert shortcomings(advice) == ()


def test_an_item_of_the_closed_category_is_published_only_as_history():
    old = item(category=Category.NON_LICENCE, item_type="10", legacy=True, steps=(), hours="")

    assert shortcomings(old) == ()
    assert shortcomings(replace(old, legal_basis=())) == (
        Shortcoming("quality.basis-missing", "legal_basis"),
    )
    assert codes(shortcomings(item(legacy=True))) == ("quality.legacy-misused",)


def test_of_steps_any_of_which_is_enough_only_the_quickest_counts():
    steps = (
        Step(key="a", name="甲", days=4),
        Step(key="b", name="乙", days=1),
        Step(key="c", name="丙", days=2, after=("a", "b"), join=Join.ANY),
    )

    assert shortcomings(item(steps=steps, promised_days=4)) == ()
    assert shortcomings(item(steps=steps, promised_days=3)) == (
        Shortcoming("quality.step-limits-over-promise", "steps", "4 > 3"),
    )


def test_what_differs_in_a_batch_is_any_field_of_the_form():
    assert shortcomings(item(batch_fields=("kind", "premises"))) == ()


def test_a_finding_names_its_element_and_which_one_of_several():
    materials = (MATERIAL, replace(MATERIAL, key="m2", name="平面图", basis=""))

    assert shortcomings(item(materials=materials)) == (
        Shortcoming("quality.material-basis-missing", "materials", "平面图"),
    )


def test_every_rule_says_where_it_comes_from():
    assert [rule.__name__ for rule in RULES if not rule.__doc__] == []
