"""A type of e-licence (证照类型) as data: published, published anew, withdrawn; its term."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.licences import types
from mingtang.core.licences.types import LicenceField, TypeContent, last_day, value_of
from mingtang.core.wire import Wire
from tests.core.licence_examples import CODE, CONTENT, MONDAY
from tests.words import refused

PUBLISH = types.PublishType(
    content=CONTENT,
    publisher_manages=True,
    taken="",
    form_fields=frozenset({"premises", "kind"}),
    by="P-centre",
    at=MONDAY,
)
WITHDRAW = types.WithdrawType(reason="改用新证", publisher_manages=True, by="P-centre", at=MONDAY)
OTHER = replace(CONTENT, validity_months=36)


def after(*commands: types.Command) -> types.State:
    """Given these commands were carried out."""
    state = types.State()
    for command in commands:
        for event in types.decide(state, command):
            state = types.evolve(state, event)
    return state


def then(state: types.State, command: types.Command) -> types.Event:
    [event] = types.decide(state, command)
    return event


def publish(**changed: object) -> types.PublishType:
    return replace(PUBLISH, content=replace(CONTENT, **changed))


def field(**changed: object) -> LicenceField:
    return replace(CONTENT.fields[0], **changed)


# ── Its life ────────────────────────────────────────────────────────────────


def test_a_type_is_published_and_in_use():
    assert then(after(), PUBLISH) == types.TypePublished(
        version=1, content=CONTENT, by="P-centre", at=MONDAY
    )
    assert after(PUBLISH) == types.State(version=1, content=CONTENT)


def test_published_anew_it_is_the_next_version():
    again = replace(PUBLISH, content=OTHER)
    assert then(after(PUBLISH), again) == types.TypePublished(
        version=2, content=OTHER, by="P-centre", at=MONDAY
    )
    assert after(PUBLISH, again) == types.State(version=2, content=OTHER)


def test_withdrawn_it_is_in_use_no_more_and_can_come_back_as_the_next_version():
    assert then(after(PUBLISH), WITHDRAW) == types.TypeWithdrawn(
        reason="改用新证", by="P-centre", at=MONDAY
    )
    assert after(PUBLISH, WITHDRAW) == types.State(version=1)
    assert after(PUBLISH, WITHDRAW, PUBLISH) == types.State(version=2, content=CONTENT)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PUBLISH, publisher_manages=False), "licence-type.publisher-not-manager"),
        (replace(PUBLISH, taken="another"), "licence-type.item-taken"),
        (publish(code=CODE[:-1]), "licence-type.code-wrong"),
        (publish(code=CODE.lower()), "licence-type.code-wrong"),
        (publish(code="９" + CODE[1:]), "licence-type.code-wrong"),
        (publish(name="  "), "licence-type.name-missing"),
        (publish(items=()), "licence-type.items-missing"),
        (publish(validity_months=-1), "licence-type.validity-out-of-range"),
        (publish(validity_months=1_201), "licence-type.validity-out-of-range"),
        (publish(renewal_days=-1), "licence-type.validity-out-of-range"),
        (publish(renewal_days=3_651), "licence-type.validity-out-of-range"),
        (publish(name="证" * 101), "licence-type.too-long"),
        (publish(remarks="注" * 501), "licence-type.too-long"),
        (publish(fields=(field(label="栏" * 61),)), "licence-type.too-long"),
        (publish(fields=(field(label=" "),)), "licence-type.field-missing"),
        (publish(fields=(field(name=""),)), "licence-type.field-missing"),
        (publish(fields=(field(source=""),)), "licence-type.source-unknown"),
        (publish(fields=(field(source="applicant.phone"),)), "licence-type.source-unknown"),
        (publish(fields=(field(source="form:nothing"),)), "licence-type.source-unknown"),
        (publish(holder_name=field(source="form:")), "licence-type.source-unknown"),
        (publish(fields=(field(), field())), "licence-type.field-twice"),
        (publish(fields=(field(name="operator"),)), "licence-type.field-twice"),
    ],
)
def test_a_type_is_not_published_when_something_is_wrong(command, code):
    with refused(code):
        then(after(), command)


def test_the_field_at_fault_is_named():
    with refused("licence-type.source-unknown") as caught:
        then(after(), publish(fields=(field(source="form:nothing"),)))
    assert caught.value.facts == {"field": "经营场所"}


@pytest.mark.parametrize(
    "fields",
    [
        (field(source="form:nothing", required=False),),
        (field(source="text:演示"),),
        (field(source="applicant.number"),),
        (),
    ],
)
def test_what_need_not_be_filled_and_what_is_the_same_on_all_may_stand_there(fields):
    assert then(after(), publish(fields=fields)).content.fields == fields


def test_where_no_item_is_in_force_nobody_knows_yet_what_its_form_asks():
    unknown = replace(publish(fields=(field(source="form:nothing"),)), form_fields=None)
    assert then(after(), unknown).version == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (PUBLISH, "licence-type.unchanged"),
        (publish(code="91350100M000100Y43W02"), "licence-type.code-changed"),
    ],
)
def test_a_type_is_not_published_anew(command, code):
    with refused(code):
        then(after(PUBLISH), command)


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([PUBLISH], {"publisher_manages": False}, "licence-type.publisher-not-manager"),
        ([PUBLISH], {"reason": " "}, "licence-type.reason-missing"),
        ([], {}, "licence-type.not-in-use"),
        ([PUBLISH, WITHDRAW], {}, "licence-type.not-in-use"),
    ],
)
def test_a_type_is_not_withdrawn(before, changed, code):
    with refused(code):
        then(after(*before), replace(WITHDRAW, **changed))


def test_every_event_survives_the_wire():
    wire = Wire(types.EVENTS)
    for event in (then(after(), PUBLISH), then(after(PUBLISH), WITHDRAW)):
        assert wire.decode(wire.encode(event)[0]) == event


# ── What stands in a field ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("applicant.name", "演示甲"),
        ("applicant.number", "E1"),
        ("form:premises", "演示路 1 号"),
        ("form:nothing", ""),
        ("text:长期：演示", "长期：演示"),
    ],
)
def test_a_value_comes_from_where_its_field_says(source, words):
    applicant, form = {"name": "演示甲", "number": "E1"}, {"premises": "演示路 1 号"}
    assert value_of(field(source=source), applicant=applicant, form=form) == words


def test_all_that_is_printed_begins_with_the_holder():
    names = [printed.name for printed in types.all_fields(CONTENT)]
    assert names == ["operator", "number", "premises", "kind"]


def test_a_content_says_what_it_must_and_leaves_the_rest():
    least = TypeContent(
        code=CODE,
        name="证",
        organ="market",
        organ_name="演示局",
        items=("DEMO-001",),
        holder_name=field(name="a"),
        holder_number=field(name="b"),
    )
    assert (least.validity_months, least.renewal_days, least.layout) == (0, 30, "certificate")


# ── How long it is good for ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 3, 16), 60, date(2031, 3, 15)),
        (date(2026, 3, 16), 1, date(2026, 4, 15)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),  # no such day: the last of the month
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2025, 3, 1), 36, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 29), 1, date(2026, 2, 28)),
        (date(2028, 1, 29), 1, date(2028, 2, 28)),
    ],
)
def test_the_last_day_is_the_one_before_the_same_day_of_the_month(first, months, last):
    assert last_day(first, months) == last


def test_without_a_term_there_is_no_last_day():
    assert last_day(date(2026, 3, 16), 0) is None


firsts = st.dates(date(1949, 10, 1), date(2900, 1, 1))


@given(firsts, st.integers(1, 1_200))
def test_the_first_day_after_a_term_is_in_the_month_it_ends_in_or_begins_the_next(first, months):
    following = last_day(first, months) + timedelta(days=1)
    distance = (following.year - first.year) * 12 + following.month - first.month
    if following.day == first.day:
        assert distance == months
    else:  # the month had no such day
        assert (distance, following.day) == (months + 1, 1)


@given(firsts, st.integers(1, 600))
def test_a_longer_term_never_ends_sooner(first, months):
    assert last_day(first, months) < last_day(first, months + 1)
