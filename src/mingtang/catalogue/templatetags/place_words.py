"""Who handles an item where (谁在哪里办), in words: to be chosen by whoever applies."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingtang.catalogue.queries import Handler
from mingtang.people import queries as people
from mingtang.people.queries import OfficeRow


def choices(places: Sequence[Handler]) -> list[tuple[str, str]]:
    """Return the organs to choose from: code, and in words how fast and where."""
    return [(shown["code"], _("：").join(_said(shown))) for shown in lines(places)]


def _said(shown: dict[str, Any]) -> tuple[str, str]:
    told = [shown["term"], shown["where"], shown["phone"]]
    return shown["organ"], _("，").join(filter(None, told))


def line(place: Handler) -> dict[str, Any]:
    """Return one organ: who it is, how fast, where, and its phone."""
    return lines([place])[0]


def lines(places: Sequence[Handler]) -> list[dict[str, Any]]:
    """Return organs as `line` does; as many questions for many as for one."""
    offices = people.offices_named({code for place in places for code in place.offices})
    found = {one.organ for one in places if one.address or set(one.offices) & set(offices)}
    elsewhere = {one.organ for one in places} - found
    registered = people.offices_of(elsewhere)
    bodies = people.organisations_named({one.organ for one in places})

    def where(place: Handler) -> list[OfficeRow]:
        named = [offices[code] for code in place.offices if code in offices]
        return named or registered.get(place.organ, [])

    def body(place: Handler) -> tuple[str, str]:
        row = bodies.get(place.organ)
        return (people.called(row, place.name), row.phone) if row else (place.name, "")

    return [
        {
            "code": place.organ,
            "organ": name or place.organ,
            "term": _term(place),
            "where": _("；").join(map(_found_at, where(place))) or place.address,
            "phone": place.phone or phone,
        }
        for place in places
        for name, phone in [body(place)]
    ]


def _found_at(office: OfficeRow) -> str:
    return " ".join(filter(None, (office.address, office.name)))


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
