"""A bundle (一件事一次办): items of several departments that are applied for at once.

    ──draft──▶ draft ──publish──▶ in force ──draft──▶ in force, new draft ──publish──▶ …
                                     └──withdraw──▶ withdrawn

It says which items belong together and who leads; what has to be handed in and filled in is
worked out from the items as they are published, each thing once. Sources: 行政许可法 art. 26
para. 2 (the government may name one department that receives, tells the others and lets all handle
it together), art. 42 para. 2 (their common term); 优化营商环境条例 art. 41, 42.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import ClassVar, TypeVar, assert_never

from mingtang.core.cases.terms import Document, materials_for
from mingtang.core.catalogue import Category, FormField, ItemContent, Material, Situation
from mingtang.core.decider import Decider, require

JOINT_DAYS = 45  # working days: 行政许可法 art. 42 para. 2, art. 82
LEAST_ITEMS = 2
MOST_ITEMS = 20  # a parameter: what one application form can still hold [C]
LONGEST = {"name": 200, "name_en": 200, "lead": 60, "government": 60}
# Of one material asked for by several items: how much the strictest of them wants it.
NEED = ("optional", "deferrable", "required")
FORMS = ("electronic", "copy", "original")

Made = TypeVar("Made")
Contents = Mapping[str, ItemContent]  # of the items by key, each as it is published


# ── What a bundle is made of ────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, order=True)
class ItemPart:
    """A material, situation or form field of one item of a bundle."""

    item: str  # stream key of the item
    key: str  # of the material or situation, or name of the field


@dataclass(frozen=True, kw_only=True)
class SameMaterial:
    """同一材料: what items call by different names, and is one thing all the same."""

    parts: tuple[ItemPart, ...]


@dataclass(frozen=True, kw_only=True)
class BundleContent:
    name: str
    name_en: str = ""
    summary: str = ""
    summary_en: str = ""
    lead: str  # organisation code of the department that receives and leads (牵头部门)
    lead_name: str
    government: str  # code of the government that named it; its head may extend the term
    government_name: str
    items: tuple[str, ...]  # stream keys, in the order they are shown
    same: tuple[SameMaterial, ...] = ()
    # 承诺的联办期限, working days from the last branch's acceptance: the term of the law, or less
    promised_days: int = JOINT_DAYS


@dataclass(frozen=True)
class JointMaterial:
    """One material of a bundle and the items that need it."""

    material: Material  # its key is the bundle's, its need the strictest
    parts: tuple[ItemPart, ...]


# ── The union ───────────────────────────────────────────────────────────────


def materials(
    bundle: BundleContent, contents: Contents, answers: Mapping[str, str] | None = None
) -> tuple[JointMaterial, ...]:
    """Return what is to be handed in, every material once, in the order of the items.

    Materials of the same name and issuing source are one, and so are those the bundle declares
    to be. `answers`: joint situation → option; None: whatever any situation may ask for.
    """
    found = [
        (ItemPart(item=item, key=material.key), material)
        for item in bundle.items
        for material in _asked(bundle, contents, item, answers)
    ]
    groups = _together(
        [((part, material), _marks(bundle, part, material)) for part, material in found]
    )
    return tuple(_joined_material(group) for group in groups)


def _marks(bundle: BundleContent, part: ItemPart, material: Material) -> list[Hashable]:
    """Return what makes two materials one: name and source, or a declaration that names both."""
    declared = [place for place, one in enumerate(bundle.same) if part in one.parts]
    return [(material.name.strip(), material.source), *declared]


def _asked(
    bundle: BundleContent, contents: Contents, item: str, answers: Mapping[str, str] | None
) -> tuple[Material, ...]:
    content = contents[item]
    if answers is None:
        return content.materials
    return materials_for(content, answers_for(bundle, contents, item, answers))


def _joined_material(group: Sequence[tuple[ItemPart, Material]]) -> JointMaterial:
    first, material = group[0]
    all_of = [one for _part, one in group]
    return JointMaterial(
        material=replace(
            material,
            key=joint_key(first),
            name_en=_said(one.name_en for one in all_of),
            form=max((one.form for one in all_of), key=_place_in(FORMS)),
            copies=max(one.copies for one in all_of),
            needed=max((one.needed for one in all_of), key=_place_in(NEED)),
            basis="；".join(dict.fromkeys(one.basis for one in all_of if one.basis)),
            guidance="；".join(dict.fromkeys(one.guidance for one in all_of if one.guidance)),
            commitment=_promise(all_of),
        ),
        parts=tuple(part for part, _one in group),
    )


def fields(
    bundle: BundleContent, contents: Contents
) -> tuple[tuple[FormField, tuple[ItemPart, ...]], ...]:
    """Return the fields of the one form (一张表单) and where each answer goes.

    Fields that ask for the same in the same way (label, kind, options) are filled in once.
    """
    found = [
        ((ItemPart(item=item, key=field.name), field), [(field.label.strip(), field.kind, options)])
        for item in bundle.items
        for field in contents[item].form
        for options in [tuple((one.value, one.label) for one in field.options)]
    ]
    return tuple(
        (
            replace(
                group[0][1],
                name=joint_key(group[0][0]),
                label_en=_said(one.label_en for _part, one in group),
                required=any(one.required for _part, one in group),
            ),
            tuple(part for part, _one in group),
        )
        for group in _together(found)
    )


def situations(
    bundle: BundleContent, contents: Contents
) -> tuple[tuple[Situation, tuple[ItemPart, ...]], ...]:
    """Return the questions about the applicant's situation, the same question once."""
    found = [
        ((ItemPart(item=item, key=one.key), one), [(one.question.strip(), options)])
        for item in bundle.items
        for one in contents[item].situations
        for options in [tuple((option.value, option.label) for option in one.options)]
    ]
    return tuple(
        (
            replace(
                group[0][1],
                key=joint_key(group[0][0]),
                question_en=_said(one.question_en for _part, one in group),
                options=tuple(replace(option, materials=()) for option in group[0][1].options),
            ),
            tuple(part for part, _one in group),
        )
        for group in _together(found)
    )


def joint_key(part: ItemPart) -> str:
    """Return what the bundle calls a thing that first stands in this item."""
    return f"{part.item}_{part.key}"


def joined(bundle: BundleContent, contents: Contents) -> ItemContent:
    """Return the bundle as one item: what whoever applies sees, fills in and hands in.

    Which materials a situation asks for stands with the items: ask `materials`.
    """
    return ItemContent(
        code="",
        code_scheme="bundle",
        name=bundle.name,
        name_en=bundle.name_en,
        summary=bundle.summary,
        summary_en=bundle.summary_en,
        category=Category.SERVICE,
        item_type="20",
        department=bundle.lead,
        department_name=bundle.lead_name,
        materials=tuple(one.material for one in materials(bundle, contents)),
        situations=tuple(one for one, _parts in situations(bundle, contents)),
        form=tuple(field for field, _parts in fields(bundle, contents)),
        statutory_days=JOINT_DAYS,
        promised_days=bundle.promised_days,
    )


# ── And back to each item ───────────────────────────────────────────────────


def answers_for(
    bundle: BundleContent, contents: Contents, item: str, answers: Mapping[str, str]
) -> dict[str, str]:
    """Return an item's own answers about the situation, from the joint ones."""
    return {
        part.key: answers[situation.key]
        for situation, parts in situations(bundle, contents)
        for part in parts
        if part.item == item and situation.key in answers
    }


def form_for(
    bundle: BundleContent, contents: Contents, item: str, form: Mapping[str, object]
) -> dict[str, object]:
    """Return an item's own form, from the one form that was filled in."""
    return {
        part.key: form[field.name]
        for field, parts in fields(bundle, contents)
        for part in parts
        if part.item == item and field.name in form
    }


def documents_for(
    item: str, asked: Iterable[JointMaterial], documents: Iterable[Document]
) -> tuple[Document, ...]:
    """Return an item's own documents: the very files of the joint application, by reference."""
    parts = {one.material.key: one.parts for one in asked}
    return tuple(
        replace(document, material=part.key)
        for document in documents
        for part in parts.get(document.material, ())
        if part.item == item
    )


def first_reviewed(bundle: BundleContent, contents: Contents) -> tuple[str, ...]:
    """Return the names of the items a lower organ reviews first (初审): they begin at another time
    and place than the rest, and are applied for by themselves."""
    items = (contents[item] for item in bundle.items if item in contents)
    return tuple(content.name for content in items if content.first_reviews)


def departments(bundle: BundleContent, contents: Contents) -> tuple[str, ...]:
    """Return the departments that handle it, in the order of the items."""
    return tuple(dict.fromkeys(contents[item].department for item in bundle.items))


def _together(found: Sequence[tuple[Made, Sequence[Hashable]]]) -> list[list[Made]]:
    """Return what is given in groups: what has one of its marks in common is together."""
    groups: dict[int, list[Made]] = {}
    group_of: dict[Hashable, int] = {}
    fresh = count()
    for thing, marks in found:
        met = sorted({group_of[mark] for mark in marks if mark in group_of})
        into = met[0] if met else next(fresh)
        groups.setdefault(into, []).append(thing)
        for other in met[1:]:  # this thing shows that two groups are one
            groups[into] += groups.pop(other)
            group_of = {mark: into if n == other else n for mark, n in group_of.items()}
        group_of |= dict.fromkeys(marks, into)
    return list(groups.values())


def _promise(all_of: Sequence[Material]) -> str:
    """Return what may be promised in place of it (告知承诺): what all that require it let be.

    One promise is read and made once; an item that can do without the material needs none.
    """
    said = {one.commitment for one in all_of if one.needed == "required"}
    return said.pop() if len(said) == 1 else ""


def _said(words: Iterable[str]) -> str:
    return next((word for word in words if word), "")


def _place_in(order: Sequence[str]) -> Callable[[str], int]:
    """Return a measure: how far in `order` a word stands; one it does not have comes first."""
    return lambda word: order.index(word) if word in order else -1


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class DraftBundle:
    """起草一件事. `seen` counts the drafts there were when its writer began."""

    content: BundleContent
    seen: int
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PublishBundle:
    """发布一件事: the draft comes into force.

    `contents`: those of its items that may be applied for at this moment; `names`: what the items
    are called, in whatever state; `government_known`: such a government is registered.
    """

    draft: int
    contents: Contents
    names: Mapping[str, str]
    government_known: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawBundle:
    """取消一件事: no new applications; joint cases under way go on."""

    reason: str
    by: str
    at: datetime


Command = DraftBundle | PublishBundle | WithdrawBundle

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class BundleDrafted:
    kind: ClassVar[str] = "bundle.drafted.v1"
    draft: int  # counts every draft of this bundle, from 1
    content: BundleContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BundlePublished:
    kind: ClassVar[str] = "bundle.published.v1"
    version: int  # from 1
    content: BundleContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BundleWithdrawn:
    kind: ClassVar[str] = "bundle.withdrawn.v1"
    version: int
    reason: str
    by: str
    at: datetime


Event = BundleDrafted | BundlePublished | BundleWithdrawn
EVENTS = (BundleDrafted, BundlePublished, BundleWithdrawn)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    drafts: int = 0
    draft: BundleContent | None = None
    version: int = 0
    in_force: BundleContent | None = None
    last: BundleContent | None = None  # in force now, or last in force

    @property
    def stage(self) -> str:
        """Return "draft" (never in force), "in_force" or "withdrawn"."""
        if self.in_force is not None:
            return "in_force"
        return "withdrawn" if self.version else "draft"


# ── The rules ───────────────────────────────────────────────────────────────


def decide(bundle: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: bundle.name-missing, bundle.lead-missing, bundle.government-missing,
    bundle.too-long (facts: element, limit), bundle.promise-unfit (facts: limit),
    bundle.too-few-items, bundle.too-many-items (facts: limit), bundle.item-twice,
    bundle.draft-moved-on, bundle.draft-unchanged; bundle.no-draft, bundle.item-not-published
    (facts: items), bundle.one-department, bundle.lead-not-among, bundle.government-unknown,
    bundle.same-unknown, bundle.item-first-reviewed (facts: items); bundle.not-in-force,
    bundle.reason-missing.
    """
    match command:
        case DraftBundle(content=content):
            _require_whole(content)
            require(command.seen == bundle.drafts, "bundle.draft-moved-on")
            require(content != (bundle.draft or bundle.in_force), "bundle.draft-unchanged")
            return [
                BundleDrafted(
                    draft=bundle.drafts + 1, content=content, by=command.by, at=command.at
                )
            ]
        case PublishBundle():
            require(bundle.draft is not None, "bundle.no-draft")
            assert bundle.draft is not None
            require(command.draft == bundle.drafts, "bundle.draft-moved-on")
            _require_fit(bundle.draft, command)
            return [
                BundlePublished(
                    version=bundle.version + 1,
                    content=bundle.draft,
                    by=command.by,
                    at=command.at,
                )
            ]
        case WithdrawBundle():
            require(bundle.in_force is not None, "bundle.not-in-force")
            require(bool(command.reason.strip()), "bundle.reason-missing")
            return [
                BundleWithdrawn(
                    version=bundle.version, reason=command.reason, by=command.by, at=command.at
                )
            ]
        case _:
            assert_never(command)


def _require_whole(content: BundleContent) -> None:
    for element in ("name", "lead", "government"):
        require(bool(getattr(content, element).strip()), f"bundle.{element}-missing")
    for element, limit in LONGEST.items():
        fits = len(getattr(content, element)) <= limit
        require(fits, "bundle.too-long", element=element, limit=limit)
    kept = 0 < content.promised_days <= JOINT_DAYS
    require(kept, "bundle.promise-unfit", limit=JOINT_DAYS)
    require(len(set(content.items)) == len(content.items), "bundle.item-twice")
    require(len(content.items) >= LEAST_ITEMS, "bundle.too-few-items")
    require(len(content.items) <= MOST_ITEMS, "bundle.too-many-items", limit=MOST_ITEMS)


def _require_fit(content: BundleContent, command: PublishBundle) -> None:
    """What is applied for at once must be there, and be two departments' at least (art. 26)."""
    contents = command.contents
    names = command.names
    absent = tuple(names.get(item, item) for item in content.items if item not in contents)
    require(not absent, "bundle.item-not-published", items=absent)
    below = first_reviewed(content, contents)
    require(not below, "bundle.item-first-reviewed", items=below)
    handling = departments(content, contents)
    require(len(handling) > 1, "bundle.one-department")
    require(content.lead in handling, "bundle.lead-not-among")
    require(command.government_known, "bundle.government-unknown")
    known = {
        ItemPart(item=item, key=material.key)
        for item in content.items
        for material in contents[item].materials
    }
    declared = {part for one in content.same for part in one.parts}
    require(declared <= known, "bundle.same-unknown")


def evolve(bundle: State, event: Event) -> State:
    match event:
        case BundleDrafted():
            return replace(bundle, drafts=event.draft, draft=event.content)
        case BundlePublished():
            content = event.content
            return replace(
                bundle, draft=None, version=event.version, in_force=content, last=content
            )
        case BundleWithdrawn():
            return replace(bundle, in_force=None)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
