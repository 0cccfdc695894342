"""What an item (事项) still lacks before it may be published: “要入驻，必公开”.

Every public element is a rule here, each with its source. A rule is a function from an item's
content to what falls short; `shortcomings` runs all of them. Codes never change: statistics
and translations hang on them.

Sources: 许可法 = 行政许可法 (2019); 条例 = 优化营商环境条例; 清单要素 = field list of the national
item upload; 质量规则 = provincial rules by which published items are scored; GB/T 39046-2020.
Not here, because nothing in an item says it: whether a topic is meant for persons or bodies.

The category 非行政许可审批 was closed in May 2015. Its items are kept as history, marked
`legacy`: they may be published for reference, so only what identifies them is asked for, and
nobody can apply for them (`ItemContent.open_to_applications`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mingtang.core import flow
from mingtang.core.catalogue import (
    FIRST_REVIEW_DAYS,
    Category,
    ItemContent,
    ReachMode,
    ReachScope,
    ResultKind,
)
from mingtang.core.formfields import KINDS

ITEM_TYPES = tuple(f"{number:02}" for number in (*range(1, 12), *range(20, 30)))  # A.1; 11, 21+ own
AUDIENCES = ("1", "2", "3", "4", "5", "6")  # A.4
ONLINE = 3  # Ⅲ: applied for online; Ⅰ and Ⅱ only inform and book
WHOLLY_ONLINE = 4

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}").fullmatch
PHONE = re.compile(r"0\d{2,3}[-－—]?(\d{7,8}|1\d{4})([-转]\d{1,6})?").fullmatch
OFFICE_HOURS = re.compile("工作日|24 ?小时|working day|24 hours", re.IGNORECASE).search
PRECISE = re.compile("窗|室|柜台|counter|window|room", re.IGNORECASE).search


@dataclass(frozen=True)
class Shortcoming:
    """One thing that keeps an item from being published."""

    code: str  # stable, e.g. "quality.statutory-days-missing"
    element: str  # the field of ItemContent it concerns, e.g. "materials"
    detail: str = ""  # which one of several: a name, a key, a figure


Rule = Callable[[ItemContent], Iterable[Shortcoming]]


def shortcomings(content: ItemContent) -> tuple[Shortcoming, ...]:
    """Return everything an item falls short of, in the order of its elements; none: publish."""
    rules = REFERENCE_RULES if content.legacy else RULES
    return tuple(found for rule in rules for found in rule(content))


def codes(found: Sequence[Shortcoming]) -> tuple[str, ...]:
    """Return the codes alone, each once, in order."""
    return tuple(dict.fromkeys(shortcoming.code for shortcoming in found))


# ── What it is ──────────────────────────────────────────────────────────────


def category_is_open(item: ItemContent) -> Iterator[Shortcoming]:
    """非行政许可审批 closed in May 2015: only history, marked so; nothing else may be marked so."""
    if item.category is Category.NON_LICENCE and not item.legacy:
        yield Shortcoming("quality.category-closed", "category")
    if item.legacy and item.category is not Category.NON_LICENCE:
        yield Shortcoming("quality.legacy-misused", "legacy")


def type_is_known(item: ItemContent) -> Iterator[Shortcoming]:
    """事项类型: GB/T 39046 table A.1; a licence is 01 and 01 is a licence."""
    if item.item_type not in ITEM_TYPES:
        yield Shortcoming("quality.item-type-unknown", "item_type", item.item_type)
    elif (item.item_type == "01") != (item.category is Category.LICENCE):
        yield Shortcoming("quality.category-type-mismatch", "item_type", item.item_type)


def audience_is_known(item: ItemContent) -> Iterator[Shortcoming]:
    """服务对象: GB/T 39046 table A.4."""
    if not item.audience:
        yield Shortcoming("quality.audience-missing", "audience")
    for one in item.audience:
        if one not in AUDIENCES:
            yield Shortcoming("quality.audience-unknown", "audience", one)


def basis_is_named(item: ItemContent) -> Iterator[Shortcoming]:
    """设定依据: 许可法 art. 30; no item without a law that sets it."""
    if not item.legal_basis:
        yield Shortcoming("quality.basis-missing", "legal_basis")
    for place, basis in enumerate(item.legal_basis, 1):
        if not basis.title.strip():
            yield Shortcoming("quality.basis-untitled", "legal_basis", str(place))


def conditions_are_told(item: ItemContent) -> Iterator[Shortcoming]:
    """受理条件: 许可法 art. 30; 条例 art. 35: none beyond what the guide says."""
    if not item.conditions.strip():
        yield Shortcoming("quality.conditions-missing", "conditions")


# ── What to hand in ─────────────────────────────────────────────────────────


def materials_are_listed(item: ItemContent) -> Iterator[Shortcoming]:
    """申请材料: 许可法 art. 30, the whole list. A consultation may need none; a licence does."""
    if item.category is Category.LICENCE and not item.materials:
        yield Shortcoming("quality.materials-missing", "materials")
    for place, material in enumerate(item.materials, 1):
        if not material.name.strip():
            yield Shortcoming("quality.material-unnamed", "materials", str(place))
        if material.copies < 0:
            yield Shortcoming("quality.material-copies-wrong", "materials", material.name)


def materials_have_a_basis(item: ItemContent) -> Iterator[Shortcoming]:
    """许可法 art. 31 and 条例 art. 44: nothing may be asked for that no rule asks for."""
    for material in item.materials:
        if material.needed != "optional" and not material.basis.strip():
            yield Shortcoming("quality.material-basis-missing", "materials", material.name)


def material_keys_are_unique(item: ItemContent) -> Iterator[Shortcoming]:
    """Cases name a material by its key."""
    yield from _keys("material", "materials", [material.key for material in item.materials])


def situations_hold(item: ItemContent) -> Iterator[Shortcoming]:
    """情形: every question has answers, and every answer asks for materials that exist."""
    yield from _keys("situation", "situations", [situation.key for situation in item.situations])
    known = {material.key for material in item.materials}
    for situation in item.situations:
        if len(situation.options) < 2:
            yield Shortcoming("quality.situation-options-missing", "situations", situation.question)
        for option in situation.options:
            for key in option.materials:
                if key not in known:
                    yield Shortcoming("quality.situation-material-unknown", "situations", key)


def form_can_be_filled(item: ItemContent) -> Iterator[Shortcoming]:
    """申请书格式文本: 许可法 art. 30; fields with a name of their own and a kind there is."""
    yield from _keys("field", "form", [field.name for field in item.form])
    for field in item.form:
        if field.kind not in KINDS:
            yield Shortcoming("quality.field-kind-unknown", "form", f"{field.label}: {field.kind}")
        if field.kind in ("choice", "multichoice") and not field.options:
            yield Shortcoming("quality.field-options-missing", "form", field.label)
        if not field.label.strip():
            yield Shortcoming("quality.field-unlabelled", "form", field.name)


def batches_fit_the_form(item: ItemContent) -> Iterator[Shortcoming]:
    """批量申请: what differs by row stands in the form, and that is published (许可法 art. 30)."""
    known = {field.name for field in item.form}
    for name in item.batch_fields:
        if name not in known:
            yield Shortcoming("quality.batch-field-unknown", "batch_fields", name)


# ── How it runs, and for how long ───────────────────────────────────────────


def limits_are_told(item: ItemContent) -> Iterator[Shortcoming]:
    """办结时限: 许可法 art. 30 and 42; 清单要素 anticipate_day, promise_day.

    Where no law sets a limit, the one its department is held to stands for it: every case has
    both clocks.
    """
    if item.statutory_days is None:
        yield Shortcoming("quality.statutory-days-missing", "statutory_days")
    if item.promised_days is None:
        yield Shortcoming("quality.promised-days-missing", "promised_days")


def promise_keeps_the_law(item: ItemContent) -> Iterator[Shortcoming]:
    """A promise may shorten the statutory limit, never lengthen it (许可法 art. 42)."""
    promised, statutory = item.promised_days, item.statutory_days
    if promised is not None and statutory is not None and promised > statutory:
        detail = f"{promised} > {statutory}"
        yield Shortcoming("quality.promised-over-statutory", "promised_days", detail)


def steps_are_told(item: ItemContent) -> Iterator[Shortcoming]:
    """办理流程: 许可法 art. 30. Only what is done on the spot has no step between."""
    if item.promised_days != 0 and not item.steps:
        yield Shortcoming("quality.steps-missing", "steps")
    yield from _keys("step", "steps", [step.key for step in item.steps])
    for step in item.steps:
        if not step.name.strip():
            yield Shortcoming("quality.step-unnamed", "steps", step.key)
        if step.days < 0:
            yield Shortcoming("quality.step-days-negative", "steps", f"{step.name}: {step.days}")


def steps_lead_to_a_decision(item: ItemContent) -> Iterator[Shortcoming]:
    """Every step waits only for steps that exist, and none in the end for itself."""
    known = {step.key for step in item.steps}
    for step in item.steps:
        for before in step.after:
            if before not in known:
                yield Shortcoming("quality.step-after-unknown", "steps", f"{step.name}: {before}")
    circle = flow.in_circles(item.steps)
    for step in item.steps:
        if step.key in circle:
            yield Shortcoming("quality.step-circular", "steps", step.name)
    for step in flow.unreachable(item.steps):
        if step.key not in circle:
            yield Shortcoming("quality.step-unreachable", "steps", step.name)


def step_limits_fit_the_promise(item: ItemContent) -> Iterator[Shortcoming]:
    """质量规则 13: the limits of the steps, along the longest way, stay within the promise."""
    longest = flow.longest_days(item.steps)
    if item.promised_days is not None and longest > item.promised_days:
        detail = f"{longest} > {item.promised_days}"
        yield Shortcoming("quality.step-limits-over-promise", "steps", detail)


def referrals_are_founded(item: ItemContent) -> Iterator[Shortcoming]:
    """转报: whom it goes to, for how long and by which law (许可法 arts. 30, 43).

    What waits for somebody else is not settled on the spot.
    """
    for place, to in enumerate(item.referred_to, 1):
        detail = to.body or str(place)
        if not to.body.strip() or to.days <= 0 or not to.basis.strip():
            yield Shortcoming("quality.referral-incomplete", "referred_to", detail)
    bodies = Counter(to.body for to in item.referred_to)
    for body, times in bodies.items():
        if times > 1:
            yield Shortcoming("quality.referral-twice", "referred_to", body)
    if item.referred_to and item.on_the_spot:
        yield Shortcoming("quality.referral-on-the-spot", "promised_days")


def first_reviews_are_founded(item: ItemContent) -> Iterator[Shortcoming]:
    """初审: by which lower organ, for how long and by which law (许可法 arts. 30, 43).

    One that waits for another organ is not settled on the spot; each goes up with an opinion of its
    own, and not in batches; what is decided above after a review below is nobody else's to adopt.
    """
    for place, first in enumerate(item.first_reviews, 1):
        detail = first.organ or str(place)
        if not first.organ.strip() or first.days <= 0 or not first.basis.strip():
            yield Shortcoming("quality.first-review-incomplete", "first_reviews", detail)
        if first.days > FIRST_REVIEW_DAYS:
            detail = f"{first.days} > {FIRST_REVIEW_DAYS}"
            yield Shortcoming("quality.first-review-too-long", "first_reviews", detail)
        if first.organ == item.department:
            yield Shortcoming("quality.first-review-own", "first_reviews", first.organ)
    organs = Counter(first.organ for first in item.first_reviews)
    for organ, times in organs.items():
        if times > 1:
            yield Shortcoming("quality.first-review-twice", "first_reviews", organ)
    if item.first_reviews and item.on_the_spot:
        yield Shortcoming("quality.first-review-on-the-spot", "promised_days")
    if item.first_reviews and item.batch_fields:
        yield Shortcoming("quality.first-review-batches", "batch_fields")
    if item.first_reviews and item.adoptable:
        yield Shortcoming("quality.first-review-adoptable", "adoptable")


# ── Where, how often, at what price ─────────────────────────────────────────


def visits_are_explained(item: ItemContent) -> Iterator[Shortcoming]:
    """到现场次数: 质量规则 4; a visit needs a reason, no visit must not have one."""
    if item.visits is None:
        yield Shortcoming("quality.visits-missing", "visits")
    elif item.visits > 0 and not item.visit_reason.strip():
        yield Shortcoming("quality.visit-reason-missing", "visit_reason", str(item.visits))
    elif item.visits == 0 and item.visit_reason.strip():
        yield Shortcoming("quality.visit-reason-idle", "visit_reason")


def before_is_whole(item: ItemContent) -> Iterator[Shortcoming]:
    """改革前: all three numbers and where they are written, or nothing to compare with."""
    numbers = (item.visits_before, item.steps_before, item.seals_before)
    told = [number for number in numbers if number is not None]
    if told and len(told) < len(numbers):
        yield Shortcoming("quality.before-incomplete", "visits_before")
    if bool(told) != bool(item.before_source.strip()):
        yield Shortcoming("quality.before-unfounded", "before_source")


def online_depth_agrees(item: ItemContent) -> Iterator[Shortcoming]:
    """网办深度: 质量规则 5 and 6; no visit without a way online or by post; Ⅳ means no visit."""
    if item.online_depth > WHOLLY_ONLINE:
        yield Shortcoming("quality.online-depth-unknown", "online_depth", str(item.online_depth))
    if item.visits == 0 and item.online_depth < ONLINE and not item.by_post:
        yield Shortcoming("quality.post-needed", "by_post")
    if item.online_depth == WHOLLY_ONLINE and item.visits:
        yield Shortcoming("quality.online-yet-visits", "visits", str(item.visits))


def reaches_agree(item: ItemContent) -> Iterator[Shortcoming]:
    """通办: wholly online is Ⅳ; across provinces says with which; one way is named once."""
    for one in item.reaches:
        if one.mode is ReachMode.ONLINE and item.online_depth != WHOLLY_ONLINE:
            yield Shortcoming("quality.reach-not-online", "reaches")
        if one.scope is ReachScope.NATION and not one.area.strip():
            yield Shortcoming("quality.reach-area-missing", "reaches")
    ways = Counter((one.mode, one.scope) for one in item.reaches)
    if any(times > 1 for times in ways.values()):
        yield Shortcoming("quality.reach-twice", "reaches")


def fees_have_a_basis(item: ItemContent) -> Iterator[Shortcoming]:
    """收费: 许可法 art. 58, 59: free unless a law or administrative regulation says otherwise."""
    for fee in item.fees:
        if not fee.basis.strip():
            yield Shortcoming("quality.fee-basis-missing", "fees", fee.name)
        if not fee.standard.strip():
            yield Shortcoming("quality.fee-standard-missing", "fees", fee.name)


def free_means_no_payment(item: ItemContent) -> Iterator[Shortcoming]:
    """质量规则 15: what is free does not offer online payment."""
    if item.pay_online and not item.fees:
        yield Shortcoming("quality.free-yet-payment", "pay_online")


def address_is_precise(item: ItemContent) -> Iterator[Shortcoming]:
    """办理地点: 质量规则 9; down to the window or room."""
    if not item.address.strip():
        yield Shortcoming("quality.address-missing", "address")
    elif not PRECISE(item.address):
        yield Shortcoming("quality.address-imprecise", "address")


def hours_are_told(item: ItemContent) -> Iterator[Shortcoming]:
    """办理时间: 质量规则 8; says which working days, or round the clock."""
    if not item.hours.strip():
        yield Shortcoming("quality.hours-missing", "hours")
    elif not OFFICE_HOURS(item.hours):
        yield Shortcoming("quality.hours-unclear", "hours")


def phones_are_usable(item: ItemContent) -> Iterator[Shortcoming]:
    """咨询电话, 投诉电话: 质量规则 7; both there, not the same, each with its area code."""
    for element in ("enquiry_phone", "complaint_phone"):
        phone = getattr(item, element).strip()
        if not phone:
            yield Shortcoming(f"quality.{element.replace('_', '-')}-missing", element)
        for number in re.split(r"[、,，;；/\s]+", phone) if phone else ():
            if not PHONE(number):
                yield Shortcoming("quality.phone-without-area-code", element, number)
    if item.enquiry_phone.strip() and item.enquiry_phone == item.complaint_phone:
        yield Shortcoming("quality.phones-alike", "complaint_phone")


# ── What comes out ──────────────────────────────────────────────────────────


def result_is_told(item: ItemContent) -> Iterator[Shortcoming]:
    """审批结果: 许可法 art. 38 and 39; 质量规则 3 and 14: name, kind and sample go together."""
    name, kind = item.result_name.strip(), item.result_kind
    if kind is ResultKind.NONE:
        if name:
            yield Shortcoming("quality.result-kind-missing", "result_kind", name)
        elif item.category is Category.LICENCE:
            yield Shortcoming("quality.result-missing", "result_name")
        return
    if not name:
        yield Shortcoming("quality.result-name-missing", "result_name")
    if not item.result_sample.strip():
        yield Shortcoming("quality.result-sample-missing", "result_sample")


RESULT_WORDS = (
    (("批复", "决定", "决定书"), ResultKind.APPROVAL),
    (("证", "证书", "执照"), ResultKind.CERTIFICATE),
    (("批文", "公文", "函"), ResultKind.DOCUMENT),
)


def result_kind_fits_its_name(item: ItemContent) -> Iterator[Shortcoming]:
    """质量规则 2: …批复 is an approval, …证 a certificate, …文 a document."""
    if item.result_kind is ResultKind.NONE:
        return
    for endings, kind in RESULT_WORDS:
        if item.result_name.strip().endswith(endings) and item.result_kind is not kind:
            yield Shortcoming("quality.result-kind-mismatch", "result_kind", item.result_name)


def licences_answer_questions(item: ItemContent) -> Iterator[Shortcoming]:
    """常见问题: 质量规则 11; a licence has at least one, and no question without its answer."""
    if item.category is Category.LICENCE and not item.questions:
        yield Shortcoming("quality.questions-missing", "questions")
    for one in item.questions:
        if not (one.question.strip() and one.answer.strip()):
            yield Shortcoming("quality.question-unanswered", "questions", one.question)


def _keys(kind: str, element: str, keys: Sequence[str]) -> Iterator[Shortcoming]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Shortcoming(f"quality.{kind}-key-repeated", element, key)
        if not KEY(key):
            yield Shortcoming(f"quality.{kind}-key-malformed", element, key)


REFERENCE_RULES: tuple[Rule, ...] = (category_is_open, basis_is_named)
RULES: tuple[Rule, ...] = (
    category_is_open,
    type_is_known,
    audience_is_known,
    basis_is_named,
    conditions_are_told,
    materials_are_listed,
    materials_have_a_basis,
    material_keys_are_unique,
    situations_hold,
    form_can_be_filled,
    batches_fit_the_form,
    limits_are_told,
    promise_keeps_the_law,
    steps_are_told,
    steps_lead_to_a_decision,
    step_limits_fit_the_promise,
    referrals_are_founded,
    first_reviews_are_founded,
    visits_are_explained,
    before_is_whole,
    online_depth_agrees,
    reaches_agree,
    fees_have_a_basis,
    free_means_no_payment,
    result_is_told,
    result_kind_fits_its_name,
    address_is_precise,
    hours_are_told,
    phones_are_usable,
    licences_answer_questions,
)
