"""Everything that can be done to items and to the calendar. Nothing else writes them.

`by` names who does it, `at` is the moment, given by the face; `once` is the form's idempotency
key. Items are named by their key (`core.catalogue.key_of` of the code).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import islice

from mingtang.catalogue import queries
from mingtang.catalogue.projection import ADOPTION, BUNDLE, CALENDAR, ITEM, RESOURCE
from mingtang.core import adoptions, bundles, calendars, quality
from mingtang.core.catalogue import (
    DraftItem,
    DraftListedItem,
    ItemContent,
    PublishItem,
    State,
    WithdrawItem,
    key_of,
)
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import Power
from mingtang.core.resources import PublishResource, ResourceContent, WithdrawResource
from mingtang.ledger.enact import Outcome, enact, enact_one, known_state
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people

CHUNK = 200  # orders that share a commit
Progress = Callable[[int], None]  # told how many more are done


def draft_item(
    *,
    content: ItemContent,
    by: str,
    at: datetime,
    seen: int | None = None,
    once: str | None = None,
) -> Receipt:
    """Write the draft of an item's next version (起草事项).

    `seen` counts the drafts there were when the writer began. Raises Refused, among others
    item.draft-unchanged and item.draft-moved-on.
    """
    return enact_one(_drafting(content, by=by, at=at, seen=seen, once=once))


def publish_item(
    *, key: str, draft: int, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Bring a draft into force (发布事项), if every public element is there.

    `draft` is the number of the draft that was looked at. Raises Refused: item.incomplete,
    item.draft-moved-on, item.no-draft.
    """
    return enact_one(_publishing(key, by=by, at=at, draft=draft, once=once))


def withdraw_item(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Take an item out of force (取消事项). Cases under way go on under their version."""
    return enact_one(Order(ITEM, key, WithdrawItem(reason=reason, by=by, at=at), once))


def adopt_item(
    *,
    item: str,
    organ: str,
    seen: int,
    promised_days: int,
    offices: Sequence[str],
    phone: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Handle a shared item at one's own place (认领), or change or confirm what was said of it.

    `item`: its key; `seen`: the version that was looked at. Raises Refused: see
    `core.adoptions.decide`.
    """

    def command() -> adoptions.AdoptItem:
        state: State = known_state(ITEM, item).state
        return adoptions.AdoptItem(
            item=item,
            organ=organ,
            seen=seen,
            promised_days=promised_days,
            offices=tuple(offices),
            phone=phone,
            content=state.in_force,
            version=state.version,
            organ_known=people.organisation_kinds().get(organ) is OrganisationKind.DEPARTMENT,
            open_offices=frozenset(row.code for row in people.offices()),
            by=by,
            at=at,
        )

    return enact_one(Order(ADOPTION, adoptions.key_of(item, organ), command, once))


def withdraw_adoption(
    *, item: str, organ: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Stop handling a shared item (退出认领). Cases under way go on where they are.

    Raises Refused: adoption.not-in-force, adoption.reason-missing.
    """
    command = adoptions.WithdrawAdoption(reason=reason, by=by, at=at)
    return enact_one(Order(ADOPTION, adoptions.key_of(item, organ), command, once))


def draft_bundle(
    *,
    key: str,
    content: bundles.BundleContent,
    seen: int,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Write the draft of a bundle's next version (起草一件事).

    `seen` counts the drafts there were when the writer began: 0 for a new bundle.
    """
    command = bundles.DraftBundle(content=content, seen=seen, by=by, at=at)
    return enact_one(Order(BUNDLE, key, command, once))


def publish_bundle(
    *, key: str, draft: int, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Bring a bundle's draft into force (发布一件事), if every item of it may be applied for.

    Raises Refused: bundle.item-not-published, bundle.draft-moved-on and what else
    `core.bundles` says.
    """

    def command() -> bundles.PublishBundle:
        content: bundles.BundleContent | None = known_state(BUNDLE, key).state.draft
        kind = people.organisation_kinds().get(content.government) if content else None
        return bundles.PublishBundle(
            draft=draft,
            contents=queries.open_contents(content.items if content else ()),
            names=queries.item_names(content.items if content else ()),
            government_known=kind is OrganisationKind.GOVERNMENT,
            by=by,
            at=at,
        )

    return enact_one(Order(BUNDLE, key, command, once))


def withdraw_bundle(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Take a bundle out of force (取消一件事). Joint cases under way go on."""
    command = bundles.WithdrawBundle(reason=reason, by=by, at=at)
    return enact_one(Order(BUNDLE, key, command, once))


def publish_calendar_year(
    *,
    year: int,
    official: bool,
    off_days: Iterable[date],
    makeup_days: Iterable[date],
    source: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Enter or correct a year of the working-day calendar (发布年度工作日历)."""
    command = calendars.PublishCalendarYear(
        year=year,
        official=official,
        off_days=tuple(off_days),
        makeup_days=tuple(makeup_days),
        source=source,
        by=by,
        at=at,
    )
    return enact_one(Order(CALENDAR, str(year), command, once))


def publish_resource(
    *, content: ResourceContent, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Enter a resource into the directory, or bring its entry up to date (编入资源目录).

    Raises Refused: see `core.resources.decide`.
    """

    def command() -> PublishResource:
        return PublishResource(content=content, publisher_manages=_manages(by), by=by, at=at)

    return enact_one(Order(RESOURCE, content.code, command, once))


def withdraw_resource(
    *, code: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Take a resource out of the directory (移出资源目录). Items in force that name it ask for an
    upload from now on, and each such filing says why."""

    def command() -> WithdrawResource:
        return WithdrawResource(reason=reason, publisher_manages=_manages(by), by=by, at=at)

    return enact_one(Order(RESOURCE, code, command, once))


def _manages(person: str) -> bool:
    return Power.CATALOGUE_PUBLISH in people.actor(person).powers


def import_items(
    contents: Sequence[ItemContent], *, by: str, at: datetime, progress: Progress | None = None
) -> list[Outcome]:
    """Draft many items, many to a commit; each has its own outcome."""
    return _in_chunks([_drafting(content, by=by, at=at) for content in contents], progress)


Listed = tuple[ItemContent, tuple[str, ...]]  # an item, and the elements its list speaks of


def import_list(
    items: Sequence[Listed], *, by: str, at: datetime, progress: Progress | None = None
) -> list[Outcome]:
    """Bring items up to date with a list kept elsewhere (导入事项).

    One about which the list says nothing new is Refused item.draft-unchanged and writes
    nothing, so that a list can be read as often as one likes.
    """
    orders = [
        Order(
            ITEM,
            key_of(content.code),
            DraftListedItem(content=content, elements=elements, by=by, at=at),
        )
        for content, elements in items
    ]
    return _in_chunks(orders, progress)


def publish_items(
    keys: Sequence[str], *, by: str, at: datetime, progress: Progress | None = None
) -> list[Outcome]:
    """Bring the open drafts of many items into force, each as it then stands."""
    return _in_chunks([_publishing(key, by=by, at=at) for key in keys], progress)


def _drafting(
    content: ItemContent,
    *,
    by: str,
    at: datetime,
    seen: int | None = None,
    once: str | None = None,
) -> Order:
    command = DraftItem(content=content, seen=seen, by=by, at=at)
    return Order(ITEM, key_of(content.code), command, once)


def _publishing(
    key: str, *, by: str, at: datetime, draft: int | None = None, once: str | None = None
) -> Order:
    def command() -> PublishItem:
        item: State = known_state(ITEM, key).state
        found = queries.shortcomings(item.draft) if item.draft else ()
        return PublishItem(
            draft=item.drafts if draft is None else draft,
            shortcomings=quality.codes(found),
            by=by,
            at=at,
        )

    return Order(ITEM, key, command, once)


def _in_chunks(orders: Sequence[Order], progress: Progress | None) -> list[Outcome]:
    outcomes: list[Outcome] = []
    waiting = iter(orders)
    while chunk := list(islice(waiting, CHUNK)):
        outcomes += enact(chunk)
        if progress:
            progress(len(chunk))
    return outcomes


SUBJECTS = (ITEM, ADOPTION, BUNDLE, CALENDAR, RESOURCE)
