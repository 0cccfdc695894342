from datetime import date

import pytest
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from mingtang.catalogue.forms import application_form
from mingtang.core.catalogue import Choice, FormField
from mingtang.core.formfields import KINDS
from mingtang.core.wire import canonical, plain

OPTIONS = (
    Choice(value="new", label="新办", label_en="New"),
    Choice(value="renewal", label="延续", label_en="Renewal"),
)
TYPED = {
    "text": "甲",
    "textarea": "一\n二",
    "integer": "-3",
    "money": "1,234.5 元",
    "date": "2026-03-16",
    "choice": "new",
    "boolean": "on",
    "idnumber": "11010519491231002x",
    "uscc": "91350100M000100Y43",
    "phone": "0990-1234567",
}
FIELDS = tuple(
    FormField(
        name=kind,
        label=kind,
        label_en=f"the {kind}",
        kind=kind,
        options=OPTIONS if "choice" in kind else (),
    )
    for kind in KINDS
)


def filled(**changes):
    data = MultiValueDict({name: [value] for name, value in {**TYPED, **changes}.items()})
    data.setlist("multichoice", ["new", "renewal"])
    return application_form(FIELDS, data=data)


def test_every_kind_of_field_gives_back_what_can_be_recorded():
    form = filled()

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "text": "甲",
        "textarea": "一\n二",
        "integer": -3,
        "money": 123_450,
        "date": date(2026, 3, 16),
        "choice": "new",
        "multichoice": ["new", "renewal"],
        "boolean": True,
        "idnumber": "11010519491231002X",
        "uscc": "91350100M000100Y43",
        "phone": "0990-1234567",
    }
    assert plain(form.cleaned_data["date"]) == "2026-03-16"
    assert canonical(tuple(form.cleaned_data["multichoice"])) == '["new","renewal"]'


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("integer", "3.5"),
        ("integer", "1" * 17),
        ("money", "1.234"),
        ("money", "-5"),
        ("money", "1e5"),
        ("date", "2026-02-30"),
        ("choice", "old"),
        ("idnumber", "110105194912310021"),
        ("idnumber", "11010519490231002X"),
        ("uscc", "91350100M000100Y44"),
        ("phone", "12"),
        ("text", ""),
        ("text", "字" * 501),
        ("text", "a\x00b"),
        ("textarea", "字" * 5001),
        ("boolean", ""),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(kind, typed):
    form = filled(**{kind: typed})

    assert list(form.errors) == [kind]
    assert len(form.errors[kind]) == 1


@pytest.mark.parametrize("county", ["520115", "520204", "520281", "520581", "522302"])
def test_numbers_of_young_counties_are_not_turned_away(county):
    from stdnum.iso7064 import mod_11_2

    body = f"{county}19900101001"
    form = filled(idnumber=body + mod_11_2.calc_check_digit(body))

    assert form.is_valid(), form.errors


def test_money_recorded_in_fen_is_shown_in_yuan_and_typing_is_shown_as_typed():
    fields = [FormField(name="fee", label="金额", kind="money")]

    assert 'value="1234.05"' in application_form(fields, initial={"fee": 123_405}).as_p()
    assert 'value="12x"' in application_form(fields, data={"fee": "12x"}).as_p()


def test_nothing_need_be_written_where_nothing_is_required():
    fields = [
        FormField(name=f.name, label="x", kind=f.kind, options=f.options, required=False)
        for f in FIELDS
    ]

    form = application_form(fields, data=MultiValueDict())

    assert form.is_valid(), form.errors
    assert form.cleaned_data["money"] is None
    assert form.cleaned_data["multichoice"] == []


def test_labels_come_in_the_readers_language():
    with translation.override("en"):
        form = application_form(FIELDS)

    assert form["choice"].label == "the choice"
    assert form.fields["choice"].choices == [("new", "New"), ("renewal", "Renewal")]
