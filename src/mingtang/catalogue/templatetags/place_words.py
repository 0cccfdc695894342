"""Who handles an item where (谁在哪里办), in words: to be chosen by whoever applies."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingtang.catalogue.queries import Handler
from mingtang.people import queries as people


def choices(places: Iterable[Handler]) -> list[tuple[str, str]]:
    """Return the organs to choose from: code, and in words how fast and where."""
    return [(one.organ, _("：").join(_said(line(one)))) for one in places]


def _said(shown: dict[str, Any]) -> tuple[str, str]:
    told = [shown["term"], shown["where"], shown["phone"]]
    return shown["organ"], _("，").join(filter(None, told))


def line(place: Handler) -> dict[str, Any]:
    """Return one organ: who it is, how fast, where, and its phone."""
    return {
        "code": place.organ,
        "organ": people.organisation_name(place.organ, place.name),
        "term": _term(place),
        "where": _("；").join(_offices(place)) or place.address,
        "phone": place.phone or _registered_phone(place),
    }


def _term(place: Handler) -> str:
    if place.days is None:
        return ""
    if place.first_review:
        said = ngettext("初审 %(n)s 个工作日", "初审 %(n)s 个工作日", place.days)
    elif place.days == 0:
        return _("当场办结")
    else:
        said = ngettext("承诺 %(n)s 个工作日", "承诺 %(n)s 个工作日", place.days)
    return said % {"n": place.days}


def _offices(place: Handler) -> list[str]:
    """Return where it is found: each office by its name and address."""
    found = [people.office(code) for code in place.offices]
    named = [" ".join(filter(None, (row.address, row.name))) for row in found if row]
    if named or place.address:
        return named
    return [" ".join(filter(None, (row.address, row.name))) for row in people.offices(place.organ)]


def _registered_phone(place: Handler) -> str:
    row = people.organisation(place.organ)
    return row.phone if row else ""
