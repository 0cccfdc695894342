"""What somebody comes for (来办事项): chosen from the catalogue, shown with what to bring."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import Wanted
from mingtang.catalogue.templatetags.catalogue_words import MATERIAL_FORMS, MATERIAL_NEEDS, either
from mingtang.core.catalogue import ItemContent
from mingtang.core.decider import Refused
from mingtang.core.queues import MOST_ITEMS
from mingtang.windows import queries
from mingtang.windows.queries import TicketRow

FOUND = 12  # items shown to choose from
LONGEST_TEXT = 100


def chosen(request: HttpRequest, kept: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the items named in the address or the form that are in force, after those that were
    `kept` before: key and name."""
    asked = request.POST.getlist("items") if request.method == "POST" else None
    keys = dict.fromkeys([*kept, *request.GET.getlist("item")] if asked is None else asked)
    rows = {row.key: row for row in catalogue.named(list(keys)) if row.state == "in_force"}
    return [(key, either(rows[key], "name")) for key in keys if key in rows]


def choosing(request: HttpRequest, items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what the search for items shows: each one found leads back with it chosen."""
    text = request.GET.get("find", "").strip()[:LONGEST_TEXT]
    keys = [key for key, _name in items]
    kept = [(name, value) for name, value in request.GET.items() if name not in ("find", "item")]
    kept += [("item", key) for key in keys]
    found = catalogue.items(Wanted(text=text)).filter(legacy=False).exclude(key__in=keys)
    return {
        "text": text,
        "kept": kept,
        "full": len(keys) >= MOST_ITEMS,
        "found": [
            (either(row, "name"), f"?{urlencode([*kept, ('item', row.key)])}")
            for row in (found[:FOUND] if text else ())
        ],
    }


def checklists(row: TicketRow | None) -> list[dict[str, Any]]:
    """Return what somebody comes for with the materials each item asks for."""
    found = []
    for purpose in queries.purposes_of(row) if row else ():
        try:
            item = catalogue.item_in_force(purpose.item)
        except Refused:  # withdrawn since the number was given
            continue
        content = item.content
        name = either(content, "name")
        found.append({"key": item.key, "name": name, "materials": _materials(content)})
    return found


def _materials(content: ItemContent) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "name": either(one, "name"),
            "need": MATERIAL_NEEDS.get(one.needed, one.needed),
            "form": MATERIAL_FORMS.get(one.form, one.form),
            "copies": one.copies,
            "guidance": one.guidance,
        }
        for one in content.materials
    ]
