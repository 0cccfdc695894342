import json

import pytest

from mingtang.core.catalogue import Choice, FormField
from mingtang.core.formfields import KINDS, Unfit, json_schema, unfit

OPTIONS = (Choice(value="new", label="新办"), Choice(value="renewal", label="延续"))
FIELDS = tuple(
    FormField(
        name=kind,
        label=kind,
        kind=kind,
        options=OPTIONS if "choice" in kind else (),
        required=False,
    )
    for kind in KINDS
)
RIGHT = {
    "text": "甲",
    "textarea": "一\n二",
    "integer": -3,
    "money": 1_234_50,
    "date": "2026-03-16",
    "choice": "new",
    "multichoice": ["new", "renewal"],
    "boolean": True,
    "idnumber": "11010519491231002X",
    "uscc": "91350100M000100Y43",
    "phone": "0990-0120101",
}


def test_right_answers_fit():
    assert set(RIGHT) == set(KINDS)
    assert unfit(FIELDS, RIGHT) == ()


def test_nothing_need_be_answered_that_is_not_required():
    assert unfit(FIELDS, {}) == ()
    assert unfit(FIELDS, {"text": "", "multichoice": [], "boolean": False, "date": None}) == ()


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("text", 5, "form.wrong-type"),
        ("text", "字" * 501, "form.too-long"),
        ("textarea", "字" * 5001, "form.too-long"),
        ("integer", "3", "form.wrong-type"),
        ("integer", True, "form.wrong-type"),
        ("integer", 10**15 + 1, "form.out-of-range"),
        ("money", -1, "form.out-of-range"),
        ("money", 1.5, "form.wrong-type"),
        ("date", "2026-02-30", "form.not-a-date"),
        ("date", "20260316", "form.not-a-date"),
        ("date", 20260316, "form.not-a-date"),
        ("choice", "old", "form.not-an-option"),
        ("multichoice", ["old"], "form.not-an-option"),
        ("multichoice", "new", "form.wrong-type"),
        ("boolean", "yes", "form.wrong-type"),
        ("idnumber", "11010519491231002x", "form.bad-id-number"),
        ("uscc", "91350100M000100I43", "form.bad-uscc"),
        ("phone", "12", "form.bad-phone"),
    ],
)
def test_wrong_answers_do_not_fit(kind, answer, code):
    assert unfit(FIELDS, {kind: answer}) == (Unfit(kind, code),)


@pytest.mark.parametrize("answer", [None, "", False])
def test_what_is_required_must_be_answered(answer):
    promise = FormField(name="promise", label="承诺", kind="boolean")

    assert unfit([promise], {"promise": answer}) == (Unfit("promise", "form.missing"),)


def test_an_answer_nobody_asked_for_is_named():
    assert unfit([], {"extra": "x"}) == (Unfit("extra", "form.unknown-field"),)


def test_a_form_as_json_schema():
    fields = [
        FormField(name="kind", label="类别", label_en="Kind", kind="choice", options=OPTIONS),
        FormField(name="fee", label="金额", kind="money", required=False, help="不含税"),
        FormField(name="uses", label="用途", kind="multichoice", options=OPTIONS),
        FormField(name="promise", label="承诺", kind="boolean"),
        FormField(name="name", label="名称"),
    ]

    assert json_schema(fields, title="申请书", address="urn:x", english=True) == {
        "$id": "urn:x",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "申请书",
        "type": "object",
        "properties": {
            "kind": {"type": "string", "title": "Kind", "enum": ["new", "renewal"]},
            "fee": {
                "type": "integer",
                "minimum": 0,
                "maximum": 10**15,
                "title": "金额",
                "description": "不含税；fen",
            },
            "uses": {
                "type": "array",
                "uniqueItems": True,
                "title": "用途",
                "items": {"type": "string", "enum": ["new", "renewal"]},
                "minItems": 1,
            },
            "promise": {"type": "boolean", "title": "承诺", "const": True},
            "name": {"type": "string", "maxLength": 500, "title": "名称", "minLength": 1},
        },
        "required": ["kind", "uses", "promise", "name"],
        "additionalProperties": False,
    }


def test_every_kind_has_a_schema_that_is_json():
    assert (
        json.loads(json.dumps(json_schema(FIELDS, title="x")))["properties"].keys() == RIGHT.keys()
    )
