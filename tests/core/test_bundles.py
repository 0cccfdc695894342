"""A bundle: what may be published as one, and what its union of materials and forms is."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import bundles
from mingtang.core.bundles import (
    MOST_ITEMS,
    NEED,
    BundleDrafted,
    BundlePublished,
    BundleWithdrawn,
    DraftBundle,
    ItemPart,
    PublishBundle,
    SameMaterial,
    WithdrawBundle,
)
from mingtang.core.cases import materials_for
from mingtang.core.catalogue import FirstReview, Material
from tests.core.bundle_examples import BUNDLE, CONTENTS, DECLARED, FIRE, LICENCE, SIGN
from tests.core.case_examples import day, document
from tests.core.item_examples import item
from tests.words import refused

AT = day(3, 2)
DRAFT = DraftBundle(content=BUNDLE, seen=0, by="u", at=AT)
DRAFTED = BundleDrafted(draft=1, content=BUNDLE, by="u", at=AT)
NAMES = {key: content.name for key, content in CONTENTS.items()}
PUBLISH = PublishBundle(
    draft=1, contents=CONTENTS, names=NAMES, government_known=True, by="c", at=AT
)
PUBLISHED = BundlePublished(version=1, content=BUNDLE, by="c", at=AT)
WITHDRAW = WithdrawBundle(reason="并入新的一件事", by="c", at=AT)


def when(*history, command):
    return bundles.DECIDER.decide(bundles.DECIDER.replay(history), command)


# ── Drafted, published, withdrawn ───────────────────────────────────────────


def test_a_bundle_is_drafted():
    assert when(command=DRAFT) == [DRAFTED]


def test_a_draft_is_published():
    assert when(DRAFTED, command=PUBLISH) == [PUBLISHED]


def test_a_published_bundle_is_drafted_and_published_again():
    again = replace(DRAFT, content=DECLARED, seen=1)
    redrafted = BundleDrafted(draft=2, content=DECLARED, by="u", at=AT)
    assert when(DRAFTED, PUBLISHED, command=again) == [redrafted]
    publish = replace(PUBLISH, draft=2)
    assert when(DRAFTED, PUBLISHED, redrafted, command=publish) == [
        replace(PUBLISHED, version=2, content=DECLARED)
    ]


def test_a_bundle_is_withdrawn():
    withdrawn = BundleWithdrawn(version=1, reason=WITHDRAW.reason, by="c", at=AT)
    assert when(DRAFTED, PUBLISHED, command=WITHDRAW) == [withdrawn]
    state = bundles.DECIDER.replay([DRAFTED, PUBLISHED, withdrawn])
    assert (state.stage, state.last) == ("withdrawn", BUNDLE)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "bundle.name-missing"),
        ({"lead": ""}, "bundle.lead-missing"),
        ({"government": ""}, "bundle.government-missing"),
        ({"name": "长" * 201}, "bundle.too-long"),
        ({"promised_days": 0}, "bundle.promise-unfit"),
        ({"promised_days": 46}, "bundle.promise-unfit"),
        ({"items": (LICENCE,)}, "bundle.too-few-items"),
        ({"items": (LICENCE, SIGN, LICENCE)}, "bundle.item-twice"),
        ({"items": tuple(map(str, range(MOST_ITEMS + 1)))}, "bundle.too-many-items"),
    ],
)
def test_a_draft_says_at_least_what_it_is(changes, code):
    with refused(code):
        when(command=replace(DRAFT, content=replace(BUNDLE, **changes)))


def test_a_draft_does_not_overwrite_a_colleagues_nor_repeat_itself():
    with refused("bundle.draft-moved-on"):
        when(DRAFTED, command=replace(DRAFT, content=DECLARED))
    with refused("bundle.draft-unchanged"):
        when(DRAFTED, command=replace(DRAFT, seen=1))


def test_what_is_published_was_drafted_and_looked_at():
    with refused("bundle.no-draft"):
        when(command=PUBLISH)
    with refused("bundle.draft-moved-on"):
        when(DRAFTED, command=replace(PUBLISH, draft=2))


def test_every_item_of_a_bundle_is_published():
    known = {key: one for key, one in CONTENTS.items() if key != FIRE}
    with refused("bundle.item-not-published") as caught:
        when(DRAFTED, command=replace(PUBLISH, contents=known))
    assert caught.value.facts == {"items": ("消防安全检查",)}


def test_what_a_lower_organ_reviews_first_is_applied_for_by_itself():
    below = (FirstReview(organ="county", basis="演示条例第八条"),)
    first = CONTENTS | {FIRE: replace(CONTENTS[FIRE], first_reviews=below)}
    with refused("bundle.item-first-reviewed") as caught:
        when(DRAFTED, command=replace(PUBLISH, contents=first))
    assert caught.value.facts == {"items": ("消防安全检查",)}


def test_a_bundle_is_of_two_departments_at_least_and_one_of_them_leads():
    alone = {key: replace(one, department="market") for key, one in CONTENTS.items()}
    with refused("bundle.one-department"):
        when(DRAFTED, command=replace(PUBLISH, contents=alone))
    stranger = replace(DRAFTED, content=replace(BUNDLE, lead="health"))
    with refused("bundle.lead-not-among"):
        when(stranger, command=PUBLISH)


def test_the_government_that_may_extend_the_term_is_registered():
    with refused("bundle.government-unknown"):
        when(DRAFTED, command=replace(PUBLISH, government_known=False))


def test_what_is_declared_the_same_is_there():
    wrong = SameMaterial(parts=(ItemPart(item=FIRE, key="m9"),))
    drafted = replace(DRAFTED, content=replace(BUNDLE, same=(wrong,)))
    with refused("bundle.same-unknown"):
        when(drafted, command=PUBLISH)


def test_only_a_bundle_in_force_is_withdrawn_and_with_a_reason():
    with refused("bundle.not-in-force"):
        when(DRAFTED, command=WITHDRAW)
    with refused("bundle.reason-missing"):
        when(DRAFTED, PUBLISHED, command=replace(WITHDRAW, reason=" "))


# ── The union ───────────────────────────────────────────────────────────────


def lines(bundle=BUNDLE, answers=None):
    return [
        (one.material.name, one.material.needed, [(p.item, p.key) for p in one.parts])
        for one in bundles.materials(bundle, CONTENTS, answers)
    ]


def test_a_material_of_one_name_and_source_is_asked_for_once_and_as_the_strictest_wants_it():
    assert lines() == [
        ("申请书", "required", [(LICENCE, "m1")]),
        ("平面图", "required", [(LICENCE, "m2"), (SIGN, "a")]),
        ("效果图", "deferrable", [(SIGN, "b")]),
        ("房屋平面布置图", "required", [(FIRE, "m1")]),
        ("申请书", "required", [(FIRE, "m2")]),  # from another source: another thing
    ]
    drawing = bundles.materials(BUNDLE, CONTENTS)[1].material
    assert (drawing.key, drawing.form, drawing.copies) == ("licence_m2", "original", 2)


def test_a_promise_stands_for_a_material_where_every_item_takes_the_same():
    def promises(*words):
        contents = dict(CONTENTS)
        for name, key, promise in zip((LICENCE, FIRE), ("m2", "m1"), words, strict=True):
            found = tuple(
                replace(one, commitment=promise) if one.key == key else one
                for one in contents[name].materials
            )
            contents[name] = replace(contents[name], materials=found)
        drawings = ItemPart(item=FIRE, key="m1")
        found = bundles.materials(DECLARED, contents)
        return next(one.material.commitment for one in found if drawings in one.parts)

    assert promises("承诺", "承诺") == "承诺"  # the sign's department can do without it
    assert promises("承诺", "") == promises("承诺", "另一种承诺") == ""


def test_what_a_bundle_declares_to_be_the_same_is_asked_for_once():
    assert ("平面图", "required", [(LICENCE, "m2"), (SIGN, "a"), (FIRE, "m1")]) in lines(DECLARED)
    assert len(lines(DECLARED)) == 4


def test_a_situation_is_asked_once_and_decides_for_every_item():
    [(situation, parts)] = bundles.situations(BUNDLE, CONTENTS)
    assert [(part.item, part.key) for part in parts] == [(LICENCE, "s1"), (FIRE, "x")]
    no_food = lines(answers={situation.key: "no"})
    assert [line[0] for line in no_food] == ["申请书", "平面图", "效果图", "申请书"]
    assert no_food[1] == ("平面图", "optional", [(SIGN, "a")])


def test_a_field_is_filled_in_once_and_goes_to_every_item():
    fields = bundles.fields(BUNDLE, CONTENTS)
    assert [(field.label, field.required) for field, _parts in fields] == [
        ("经营场所", True),
        ("业态", True),  # chosen from a list
        ("店招尺寸", True),
        ("业态", True),  # typed: not the same question
    ]
    form = {field.name: f"答{n}" for n, (field, _parts) in enumerate(fields)}
    assert bundles.form_for(BUNDLE, CONTENTS, SIGN, form) == {"place": "答0", "size": "答2"}
    assert bundles.form_for(BUNDLE, CONTENTS, FIRE, form) == {"kind": "答3"}


def test_one_file_is_the_document_of_every_item_that_needs_it():
    asked = bundles.materials(DECLARED, CONTENTS)
    paper = document("licence_m2", "d-1")
    found = {item: bundles.documents_for(item, asked, [paper]) for item in BUNDLE.items}
    assert {(item, one.material, one.id) for item, given in found.items() for one in given} == {
        (LICENCE, "m2", "d-1"),
        (SIGN, "a", "d-1"),
        (FIRE, "m1", "d-1"),
    }


def test_a_bundle_as_one_item_asks_each_thing_once_and_has_the_joint_term():
    content = bundles.joined(DECLARED, CONTENTS)
    assert len(content.materials) == 4
    assert (content.statutory_days, content.department) == (45, "market")
    promising = bundles.joined(replace(DECLARED, promised_days=15), CONTENTS)
    assert (content.promised_days, promising.promised_days) == (45, 15)
    assert len({field.name for field in content.form}) == len(content.form) == 4


# ── For every bundle ────────────────────────────────────────────────────────

CALLED = st.sampled_from(["申请书", "平面图", "证明", "合同", " 合同"])
WORDS = st.tuples(CALLED, st.sampled_from(["applicant", "government"]), st.sampled_from(NEED))
MATERIALS = st.lists(st.tuples(WORDS, st.integers(1, 3)), max_size=5).map(
    lambda found: tuple(
        Material(key=f"m{n}", name=name, source=source, needed=needed, copies=copies)
        for n, ((name, source, needed), copies) in enumerate(found)
    )
)
ITEMS = st.lists(MATERIALS, min_size=2, max_size=5)


@st.composite
def any_bundle(draw):
    contents = {f"i{n}": item(materials=materials) for n, materials in enumerate(draw(ITEMS))}
    parts = [ItemPart(item=key, key=m.key) for key, one in contents.items() for m in one.materials]
    sets = st.lists(st.sampled_from(parts), max_size=3) if parts else st.just([])
    same = draw(st.lists(sets.map(lambda found: SameMaterial(parts=tuple(found))), max_size=2))
    return replace(BUNDLE, items=tuple(contents), same=tuple(same)), contents


@given(any_bundle())
def test_the_union_loses_nothing_and_asks_for_nothing_twice(given_bundle):
    bundle, contents = given_bundle
    union = bundles.materials(bundle, contents)
    parts = Counter(part for one in union for part in one.parts)
    assert parts == Counter(
        ItemPart(item=key, key=material.key)
        for key in bundle.items
        for material in contents[key].materials
    )
    group_of = {part: n for n, one in enumerate(union) for part in one.parts}
    marks = {}
    for part in parts:
        [material] = [m for m in contents[part.item].materials if m.key == part.key]
        mark = (material.name.strip(), material.source)
        assert marks.setdefault(mark, group_of[part]) == group_of[part]
    for declared in bundle.same:
        assert len({group_of[part] for part in declared.parts}) <= 1
    assert len({one.material.key for one in union}) == len(union)


@given(any_bundle())
def test_the_union_wants_each_thing_as_much_as_the_strictest_item_does(given_bundle):
    bundle, contents = given_bundle
    for one in bundles.materials(bundle, contents):
        own = [m for part in one.parts for m in contents[part.item].materials if m.key == part.key]
        assert one.material.needed == max((m.needed for m in own), key=NEED.index)
        assert one.material.copies == max(m.copies for m in own)


@given(any_bundle())
def test_whoever_hands_in_the_union_has_handed_in_what_every_item_requires(given_bundle):
    bundle, contents = given_bundle
    asked = bundles.materials(bundle, contents, {})
    handed_in = [document(one.material.key) for one in asked if one.material.needed == "required"]
    for key in bundle.items:
        given_to_it = {d.material for d in bundles.documents_for(key, asked, handed_in)}
        required = {m.key for m in materials_for(contents[key], {}) if m.needed == "required"}
        assert required <= given_to_it
