"""The figures of the front page (首页数字), worked out from rows, kept until they change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from mingtang.cases import queries as cases
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import Facets, Wanted
from mingtang.core.bundles import JOINT_DAYS
from mingtang.core.cases import Stage
from mingtang.core.worktime import working_days_between
from mingtang.ledger.memory import until_changed
from mingtang.people import queries as people
from mingtang.ui.formats import CHINA

DECIDED = (Stage.GRANTED, Stage.REFUSED)


@dataclass(frozen=True, slots=True)
class CaseFigures:
    filed: int
    accepted: int
    decided: int
    on_the_spot: int  # of the decided
    used_days: int  # working days from acceptance to decision, all decided applications together
    statutory_days: int  # that the law allowed them

    @property
    def spot_share(self) -> str:
        return percent(self.on_the_spot, self.decided)

    @property
    def speed(self) -> str:
        """实际用时 / 法定时限."""
        return percent(self.used_days, self.statutory_days)


def percent(part: int, whole: int) -> str:
    """Return `91.4` for 914 of 1,000, rounded half up; a dash of nothing."""
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


@until_changed("case", "joint", "calendar")
def of_cases() -> CaseFigures:
    used, statutory = _days()
    return CaseFigures(**cases.counts(), used_days=used, statutory_days=statutory)


def _days() -> tuple[int, int]:
    """Return the working days used by all decided applications, and those they might have used.

    A joint case is one application under its own term, whatever its branches took. The database
    counts alike ones together: there are far fewer spans than cases.
    """
    alone = cases.everywhere().filter(joint="", stage__in=DECIDED, accepted_date__isnull=False)
    together = _spans(cases.joint_cases_decided()).annotate(Count("number"))
    spans = list(_spans(alone).annotate(Count("number"), Sum("statutory_days")))
    spans += [(begun, ended, n, n * JOINT_DAYS) for begun, ended, n in together]
    calendar = catalogue.calendar()
    used = allowed = 0
    for accepted, ended, number, days in spans:
        used += number * working_days_between(accepted, ended, calendar=calendar)
        allowed += days
    return used, allowed


def _spans(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    ended = TruncDate("closed_at", tzinfo=CHINA)
    both: QuerySet[Any, Any]
    both = rows.order_by().annotate(ended=ended).values_list("accepted_date", "ended")
    return both


@dataclass(frozen=True, slots=True)
class Quick:
    """A link to an item people often want."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Hall:
    """What the front page shows of the catalogue and the letters."""

    facets: Facets
    quick: Sequence[Quick]
    letters: int


@until_changed("case", "item", "mandate")
def of_hall() -> Hall:
    facets = catalogue.facets(Wanted())
    return Hall(facets, _quick(facets), len(people.published_letters()))


MOST_QUICK = 5


def _quick(facets: Facets) -> list[Quick]:
    """Return the items most cases were about, filled up with one of each large topic."""
    open_items = catalogue.items(Wanted()).filter(legacy=False)
    filed = cases.everywhere().order_by().values_list("item").annotate(n=Count("number"))
    keys = [key for key, _ in filed.order_by("-n", "item")[:MOST_QUICK]]
    rows = {row.key: row for row in open_items.filter(key__in=keys)}
    found = [rows[key] for key in keys if key in rows]
    for topic in list(facets.topics)[: MOST_QUICK - len(found)]:
        row = open_items.filter(topics__contains=f"|{topic}|").exclude(key__in=keys).first()
        if row and row not in found:
            found.append(row)
    return [Quick(row.key, row.name, row.name_en) for row in found]
