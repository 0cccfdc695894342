"""Who handles an item where: its organ, and those that adopted it."""

from dataclasses import dataclass

from django.db.models import Q

from mingtang.catalogue.models import AdoptionRow, ItemRow
from mingtang.core import adoptions
from mingtang.core.adoptions import promise_under
from mingtang.core.catalogue import ItemContent


@dataclass(frozen=True, slots=True)
class Handler:
    """An organ that takes an item at its place (谁在哪里办), as the applicant is to know it."""

    organ: str
    name: str  # as the item writes it; empty: as it is registered
    days: int | None  # it promises; a first review: has by law
    offices: tuple[str, ...]  # codes; none: as the guide says
    phone: str
    address: str  # as the guide writes it
    first_review: bool = False  # reviews first and passes up


def handlers(key: str, content: ItemContent) -> list[Handler]:
    """Return who handles an item in force: whoever published it first, then those who adopted
    it; or, where a lower organ reviews first, those organs. One is chosen when it is applied for.
    """
    if content.first_reviews:
        return [
            Handler(one.organ, "", one.days, (), "", "", first_review=True)
            for one in content.first_reviews
        ]
    own = Handler(
        organ=content.department,
        name=content.department_name,
        days=content.promised_days,
        offices=(),
        phone=content.enquiry_phone,
        address=content.address,
    )
    return [own, *(_adopter(one, content) for one in _adopted_by(key, content))]


def _adopter(row: AdoptionRow, content: ItemContent) -> Handler:
    assert content.statutory_days is not None
    days = promise_under(row.promised_days, content.statutory_days)
    return Handler(row.organ, "", days, tuple(row.offices), row.phone, "")


def _adopted_by(key: str, content: ItemContent) -> list[AdoptionRow]:
    """Return the adoptions of an item that count: none once it is not shared any more."""
    if not content.adoptable:
        return []
    return list(AdoptionRow.objects.filter(item=key, in_force=True).order_by("organ"))


def promise_of(item: str, organ: str) -> int | None:
    """Return the working days an organ promised when it adopted an item, if that stands."""
    row = adoption(item, organ) if organ else None
    return row.promised_days if row and row.in_force else None


def adoption(item: str, organ: str) -> AdoptionRow | None:
    """Return an adoption, whether it stands or was withdrawn."""
    return AdoptionRow.objects.filter(pk=adoptions.key_of(item, organ)).first()


def adoptions_of(item: str) -> list[AdoptionRow]:
    """Return every adoption of an item, those that stand first."""
    return list(AdoptionRow.objects.filter(item=item).order_by("-in_force", "organ"))


@dataclass(frozen=True, slots=True)
class Adoptable:
    """A shared item beside what one organ said of it."""

    row: ItemRow
    adoption: AdoptionRow | None

    @property
    def to_confirm(self) -> bool:
        """Whether the item has a newer version than the one that was looked at."""
        said = self.adoption
        return said is not None and said.in_force and said.version != self.row.version


def adoptable_by(organ: str) -> list[Adoptable]:
    """Return the items an organ may adopt, or did: what it has to confirm first, then its own."""
    said = {row.item: row for row in AdoptionRow.objects.filter(organ=organ)}
    kept = [key for key, one in said.items() if one.in_force]
    offered = Q(adoptable=True, state="in_force") | Q(pk__in=kept)
    rows = ItemRow.objects.filter(offered).exclude(department=organ)
    found = [Adoptable(row, said.get(row.key)) for row in rows.order_by("name", "key")]
    return sorted(found, key=lambda one: (not one.to_confirm, not _stands(one)))


def _stands(one: Adoptable) -> bool:
    return one.adoption is not None and one.adoption.in_force
