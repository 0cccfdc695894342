"""What pages ask about notices of other platforms."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from mingtang.catalogue.queries import matching
from mingtang.core.trading.foreign import ForeignNotice
from mingtang.core.wire import read
from mingtang.trading.models import ForeignNoticeRow


@dataclass(frozen=True, slots=True)
class WantedNotices:
    """What somebody looks for among notices. An empty field asks for nothing."""

    text: str = ""
    category: str = ""
    kind: str = ""
    area: str = ""  # province and prefecture, as rows have it
    year: int | None = None
    since: date | None = None  # published on this day or later
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeFacets:
    """How many notices each further choice would leave, given all the other choices."""

    total: int = 0
    counts: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)  # by CHOICES


CHOICES = ("category", "kind", "area", "year")


def notices(wanted: WantedNotices) -> QuerySet[ForeignNoticeRow]:
    """Return the notices that fit, newest first; those without a day last."""
    found = _in_time(wanted)
    for choice in CHOICES:
        if value := getattr(wanted, choice):
            found = found.filter(**{choice: value})
    newest = F("published_date").desc(nulls_last=True)
    return found.order_by(newest, F("year").desc(nulls_last=True), "title", "key")


def notice_facets(wanted: WantedNotices) -> NoticeFacets:
    """Return the counts beside every choice, from one query."""
    counts: dict[str, Counter[Any]] = {choice: Counter() for choice in CHOICES}
    total = 0
    for *has, number in _in_time(wanted).order_by().values_list(*CHOICES).annotate(Count("key")):
        asked = zip(CHOICES, has, strict=True)
        missed = [c for c, value in asked if getattr(wanted, c) not in ("", None, value)]
        total += 0 if missed else number
        for choice, value in zip(CHOICES, has, strict=True):
            if missed in ([], [choice]) and value not in ("", None):
                counts[choice][value] += number
    return NoticeFacets(total, counts)


def _in_time(wanted: WantedNotices) -> QuerySet[ForeignNoticeRow]:
    """Return the notices of that time that contain the text."""
    found = ForeignNoticeRow.objects.all()
    if wanted.text.strip():
        found = matching(found, wanted.text, index="trading_notice_search")
    if wanted.since:
        found = found.filter(published_date__gte=wanted.since)
    if wanted.until:
        found = found.filter(published_date__lte=wanted.until)
    return found


def known_notices() -> set[str]:
    """Return the keys of all notices there are."""
    return set(ForeignNoticeRow.objects.values_list("key", flat=True))


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A notice with what belongs to it."""

    row: ForeignNoticeRow
    notice: ForeignNotice
    same_project: list[ForeignNoticeRow]  # its other notices, by the same platform


MOST_OF_A_PROJECT = 20


def notice(key: str) -> NoticeFile | None:
    row = ForeignNoticeRow.objects.filter(pk=key).first()
    if row is None:
        return None
    others = ForeignNoticeRow.objects.filter(project_key=row.project_key).exclude(pk=key)
    found = others.order_by("published_date", "kind", "key")[:MOST_OF_A_PROJECT]
    content: ForeignNotice = read(ForeignNotice, json.loads(row.content))
    return NoticeFile(row, content, list(found))
