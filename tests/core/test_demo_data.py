"""The demonstration catalogue is complete, consistent and cannot be taken for a real one."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "src" / "mingtang" / "config" / "demo" / "data"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIELD_KINDS = {"text", "textarea", "integer", "money", "date", "choice", "multichoice"}
FIELD_KINDS |= {"boolean", "idnumber", "uscc", "phone"}
RESULT_ENDINGS = {
    "certificate": ("证", "证书", "执照", "凭证", "护照", "卡", "标志"),
    "approval": ("批复", "决定书", "裁决书"),
    "document": ("证明", "通知", "回执", "意见书"),
}
NAMED_ITEMS = {
    "食品经营许可",
    "放射工作人员证核发",
    "林木采伐许可证核发",
    "社会保险登记",
    "医疗机构执业登记",
    "公共场所卫生许可",
    "建筑工程施工许可证核发",
    "建设工程规划许可证核发",
    "取水许可",
    "采矿权出让登记",
    "危险化学品经营许可",
    "出版物零售业务经营许可",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(name: str) -> dict:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


DEPARTMENTS = rows("departments.csv")
CENTRES = rows("centres.csv")
WINDOWS = rows("windows.csv")
ITEMS = rows("items.csv")
TOPICS = {row["code"]: row["audience"] for row in rows("topics.csv")}
STEPS = read_json("step_templates.json")
FORMS = read_json("form_templates.json")
SITUATIONS = read_json("situations.json")


def materials(item: dict[str, str]) -> list[list[str]]:
    return [entry.split(";") for entry in item["materials"].split("|")]


def offenders(rule) -> list[str]:
    """Names of the items that break `rule`, so that a failure says which."""
    return [item["name"] for item in ITEMS if not rule(item)]


def uscc_is_valid(code: str) -> bool:
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(code[:17], USCC_WEIGHTS, strict=True))
    return len(code) == 18 and code[17] == USCC_ALPHABET[(31 - total) % 31]


def id_number_is_valid(number: str) -> bool:
    total = sum(int(c) * w for c, w in zip(number[:17], ID_WEIGHTS, strict=True))
    return len(number) == 18 and number[17] == "10X98765432"[total % 11]


def test_the_province_has_the_counts_of_the_centre_it_stands_for():
    assert (len(DEPARTMENTS), len(CENTRES), len(ITEMS)) == (56, 11, 741)
    assert Counter(item["category"] for item in ITEMS) == {
        "licence": 308,
        "non_licence": 26,
        "service": 407,
    }
    assert Counter(centre["level"] for centre in CENTRES) == {"province": 1, "city": 10}
    assert (len(rows("people.csv")), len(rows("enterprises.csv"))) == (40, 20)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("departments.csv", "code"),
        ("departments.csv", "name"),
        ("departments.csv", "uscc"),
        ("centres.csv", "code"),
        ("centres.csv", "uscc"),
        ("windows.csv", "code"),
        ("windows.csv", "address"),
        ("items.csv", "name"),
        ("items.csv", "basic_code"),
        ("topics.csv", "code"),
        ("people.csv", "id_number"),
        ("people.csv", "phone"),
        ("enterprises.csv", "uscc"),
    ],
)
def test_what_names_a_row_names_it_alone(name, column):
    values = [row[column] for row in rows(name)]
    assert [value for value, times in Counter(values).items() if times > 1] == []


def test_codes_pass_their_check_digits_and_belong_to_no_real_division():
    codes = [row["uscc"] for row in DEPARTMENTS + CENTRES + rows("enterprises.csv")]
    assert [code for code in codes if not uscc_is_valid(code) or code[2:8] != "990000"] == []
    numbers = [row["id_number"] for row in rows("people.csv")]
    assert [n for n in numbers if not id_number_is_valid(n) or not n.startswith("99")] == []
    assert all(
        row["name"].startswith("演示") for row in rows("people.csv") + rows("enterprises.csv")
    )


def test_every_reference_leads_somewhere():
    departments = {row["code"] for row in DEPARTMENTS}
    assert {item["department"] for item in ITEMS} == departments
    assert {topic for item in ITEMS for topic in item["topics"].split("|")} == set(TOPICS)
    assert {item["steps"] for item in ITEMS} == set(STEPS)
    assert {item["form"] for item in ITEMS} == set(FORMS)
    assert {window["centre"] for window in WINDOWS} == {row["code"] for row in CENTRES}
    asked = {s["department"] for template in STEPS.values() for s in template["steps"]} - {""}
    assert asked <= departments
    assert min(Counter(item["department"] for item in ITEMS).values()) >= 2


def test_the_items_everybody_asks_for_are_there():
    assert {item["name"] for item in ITEMS} >= NAMED_ITEMS


def test_codes_are_well_formed_and_agree_with_their_row():
    ordinals = {row["code"]: f"{n:02d}" for n, row in enumerate(DEPARTMENTS, 1)}
    assert offenders(lambda i: re.fullmatch(r"\d{12}", i["basic_code"])) == []
    assert (
        offenders(
            lambda i: i["basic_code"].startswith("99" + i["item_type"] + ordinals[i["department"]])
        )
        == []
    )
    types = {
        "licence": {"01"},
        "non_licence": {"11"},
        "service": {"05", "07", "08", "09", "10", "20"},
    }
    assert offenders(lambda i: i["item_type"] in types[i["category"]]) == []
    assert offenders(lambda i: set(i["audience"].split("|")) <= set("123456")) == []


def test_a_topic_for_persons_holds_no_item_closed_to_persons():
    def fits(item: dict[str, str]) -> bool:
        audience = set(item["audience"].split("|"))
        kinds = {TOPICS[topic] for topic in item["topics"].split("|")}
        return not ("person" in kinds and "1" not in audience) and not (
            "corporation" in kinds and audience == {"1"}
        )

    assert offenders(fits) == []


def test_a_promise_is_at_most_half_the_statutory_limit():
    assert offenders(lambda i: 2 * int(i["promised_days"]) <= int(i["statutory_days"])) == []
    assert offenders(lambda i: (i["promised_days"] == "0") == (i["steps"] == "instant")) == []


def test_a_visit_has_a_reason_and_no_visit_has_none():
    assert offenders(lambda i: i["visits"] in ("0", "1")) == []
    assert offenders(lambda i: (i["visits"] == "0") == (i["visit_reason"] == "")) == []
    assert offenders(lambda i: i["online_depth"] != "4" or i["visits"] == "0") == []


def test_every_licence_answers_a_question():
    entries = [entry for item in ITEMS for entry in item["faq"].split("|") if entry]
    assert [entry for entry in entries if not re.fullmatch(r".+？=>.+。", entry)] == []
    assert offenders(lambda i: i["category"] != "licence" or i["faq"]) == []
    assert [entry for entry, times in Counter(entries).items() if times > 1] == []


def test_a_result_is_named_after_its_kind():
    def fits(item: dict[str, str]) -> bool:
        if item["result_kind"] == "none":
            return item["result_name"] == ""
        return item["result_name"].endswith(RESULT_ENDINGS[item["result_kind"]])

    assert offenders(fits) == []


def test_materials_can_be_read_and_are_few():
    allowed = (
        {"original", "copy", "electronic"},
        {"applicant", "government", "intermediary"},
        {"required", "optional", "deferrable"},
    )

    def fits(item: dict[str, str]) -> bool:
        entries = materials(item)
        names = [entry[0] for entry in entries]
        return (
            2 <= len(entries) <= 7
            and len(set(names)) == len(names)
            and all(
                len(entry) in (4, 5)  # with what one may promise in its place
                and entry[0]
                and all(value in values for value, values in zip(entry[1:4], allowed, strict=True))
                for entry in entries
            )
        )

    assert offenders(fits) == []


def test_legal_bases_and_fees_have_their_shape():
    basis = re.compile(r"《[^《》]+》(（[^（）]+号）)?(第[一二三四五六七八九十百千零]+条)?")
    assert offenders(lambda i: all(map(basis.fullmatch, i["legal_basis"].split("|")))) == []
    assert offenders(lambda i: i["fee"] == "" or i["fee"].count(";") == 2) == []
    assert offenders(lambda i: i["conditions"].endswith("。") and i["summary"].endswith("。")) == []
    assert offenders(lambda i: i["summary_en"].endswith(".") and i["name_en"]) == []


def test_a_situation_only_speaks_of_materials_the_item_has():
    names = {item["name"]: {entry[0] for entry in materials(item)} for item in ITEMS}
    unknown = [
        (item, material)
        for item, questions in SITUATIONS.items()
        for question in questions
        for option in question["options"]
        for material in option["materials"]
        if material not in names[item]
    ]
    assert unknown == []
    assert len(SITUATIONS) >= 15


@pytest.mark.parametrize("key", sorted(STEPS))
def test_a_process_runs_forward_and_leaves_a_fifth_for_the_decision(key):
    reached: dict[str, int] = {}
    for step in STEPS[key]["steps"]:
        assert set(step["after"]) <= set(reached), "a step waits only for earlier steps"
        assert step["key"] not in reached
        assert step["join"] in ("all", "any")
        assert type(step["share"]) is int
        reached[step["key"]] = step["share"] + max((reached[k] for k in step["after"]), default=0)
    assert max(reached.values(), default=0) <= 80


@pytest.mark.parametrize("key", sorted(FORMS))
def test_a_form_asks_three_to_eight_known_kinds_of_field(key):
    fields = FORMS[key]["fields"]
    assert 3 <= len(fields) <= 8
    assert len({field["name"] for field in fields}) == len(fields)
    assert {field["kind"] for field in fields} <= FIELD_KINDS
    for field in fields:
        assert bool(field["options"]) == (field["kind"] in ("choice", "multichoice"))
        assert field["label"]
        assert field["label_en"]


def test_files_are_plain_utf8_with_line_feeds():
    for path in sorted(DATA.iterdir()):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
        assert content.decode("utf-8").endswith("\n"), path.name
