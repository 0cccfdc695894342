"""What is fixed when a case begins: the item's terms, who applies, which documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from mingtang.core.adoptions import promise_under
from mingtang.core.catalogue import FirstReview, ItemContent, Material, Referral, Step
from mingtang.core.decider import Refused

# No law says how long. Where an item says nothing: within half of the statutory twenty days (art.
# 42), so that what comes last is still looked at; and two months, as licensing rules of several
# places have it. Both are a matter of the item.
DEFERRAL_DAYS = 10  # 容缺补交, working days
CHECK_DAYS = 60  # 承诺核查, days


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What a decision takes: times somebody comes in person, steps (环节), seals (印章)."""

    visits: int
    steps: int
    seals: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The item version a case began under; later versions do not touch it."""

    item: str  # stream key of the item
    code: str
    version: int
    name: str
    name_en: str
    department: str  # organisation code
    statutory_days: int  # working days from acceptance
    promised_days: int
    steps: tuple[Step, ...]
    referred_to: tuple[Referral, ...] = ()  # 转报: who has a say above before it is granted
    deferral_days: int = 0  # 容缺补交: working days from acceptance
    check_days: int = 0  # 承诺核查: days after the decision
    hearing_basis: str = ""  # 依法应当听证: the article that says so
    before: Effort | None = None  # 改革前, as the item says; none: nothing to compare with
    first_review: FirstReview | None = None  # 初审: who accepts it and reviews it first
    published_by: str = ""  # 认领: organ that published the item, where another one handles it

    @property
    def on_the_spot(self) -> bool:
        """即办件."""
        return self.promised_days == 0


def terms_of(
    item: str,
    version: int,
    content: ItemContent,
    *,
    organ: str = "",
    promise: int | None = None,
) -> Terms:
    """Return the terms of a published version. It has both limits, or it was not published.

    `organ`: where the applicant turned to; empty: whoever published it. `promise`: what that organ
    promised when it adopted the item (working days), None if it did not; it is fixed here. Raises
    Refused: case.organ-missing, case.organ-not-competent.
    """
    assert content.statutory_days is not None
    assert content.promised_days is not None
    first_review = _first_review(content, organ)
    elsewhere = first_review is None and organ not in ("", content.department)
    promised_days, department = content.promised_days, content.department
    if elsewhere:
        if promise is None or not content.adoptable:
            raise Refused("case.organ-not-competent")
        promised_days, department = promise_under(promise, content.statutory_days), organ
    return Terms(
        item=item,
        code=content.code,
        version=version,
        name=content.name,
        name_en=content.name_en,
        department=department,
        statutory_days=content.statutory_days,
        promised_days=promised_days,
        steps=content.steps,
        referred_to=content.referred_to,
        deferral_days=content.deferral_days or DEFERRAL_DAYS,
        check_days=content.check_days or CHECK_DAYS,
        hearing_basis=content.hearing_basis,
        before=_before(content),
        first_review=first_review,
        published_by=content.department if elsewhere else "",
    )


def _before(content: ItemContent) -> Effort | None:
    visits, steps, seals = content.visits_before, content.steps_before, content.seals_before
    if visits is None or steps is None or seals is None:
        return None
    return Effort(visits=visits, steps=steps, seals=seals)


def _first_review(content: ItemContent, organ: str) -> FirstReview | None:
    """Return who reviews first (初审): whoever the applicant turned to, or the only one."""
    found = [one for one in content.first_reviews if organ in ("", one.organ)]
    if content.first_reviews and not found:
        raise Refused("case.organ-not-competent")
    if len(found) > 1:
        raise Refused("case.organ-missing")
    return found[0] if found else None


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file handed in. The file and its name are in the vault; the log holds digests.

    Both digests are of salt || file, so that a guessed file cannot be confirmed from the log.
    """

    id: str  # of the vault
    material: str  # key of the item's material
    sha256: str  # hex
    sm3: str  # hex
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """告知承诺: a promise made in place of a material. Its text is the published item's own."""

    material: str  # key of the item's material
    sha256: str  # hex, of the text that was shown


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A member of staff as the public record names one."""

    person: str
    staff_no: str
    organisation: str  # department, or centre for a window clerk
    office: str = ""


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who applies. All of it is sealed in the record."""

    kind: str  # person | organisation
    id: str  # person id, or organisation code
    name: str
    id_number: str
    phone: str
    agent: str = ""  # person id of whoever files in the applicant's name


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """补正: one thing that is missing or wrong, and why."""

    material: str  # key of the material, or "" for the form
    name: str
    reason: str


def materials_for(content: ItemContent, answers: Mapping[str, str]) -> tuple[Material, ...]:
    """Return the materials this applicant has to think of, given the situation they are in.

    A material that options of situations name is asked for only when one of those options was
    chosen. `answers`: situation key → value of the chosen option.
    """
    named = {m for s in content.situations for o in s.options for m in o.materials}
    chosen = {
        material
        for situation in content.situations
        for option in situation.options
        if answers.get(situation.key) == option.value
        for material in option.materials
    }
    return tuple(m for m in content.materials if m.key not in named or m.key in chosen)


def required_of(materials: Iterable[Material]) -> tuple[str, ...]:
    """Return the keys of those without which an application is not complete."""
    return tuple(m.key for m in materials if m.needed == "required")


def deferrable_of(materials: Iterable[Material]) -> tuple[str, ...]:
    """Return the keys of those that may follow after acceptance (容缺)."""
    return tuple(m.key for m in materials if m.needed == "deferrable")


def committed(materials: Iterable[Material], keys: Iterable[str]) -> tuple[Commitment, ...]:
    """Return the promises made in place of these materials, each with the digest of its text."""
    chosen = set(keys)
    return tuple(
        Commitment(material=m.key, sha256=sha256(m.commitment.encode()).hexdigest())
        for m in materials
        if m.key in chosen
    )


def replaceable_of(materials: Iterable[Material]) -> tuple[str, ...]:
    """Return the keys of those in whose place one may make a promise (告知承诺)."""
    return tuple(m.key for m in materials if m.commitment)
