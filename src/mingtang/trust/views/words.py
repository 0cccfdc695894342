"""What happened to a seal, in plain words (印章经过)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.core import seals
from mingtang.ledger.replay import Written
from mingtang.people import queries as people

Values = Mapping[str, Any]


def timeline(history: Sequence[Written]) -> list[Values]:
    """Return every event, newest first, each with its place in the ledger."""
    names = people.names([person for written in history for person in _persons(written.event)])
    return [
        {
            "at": written.event.at,
            "what": _what(written.event, names),
            "who": names.get(written.event.by, ""),
            "note": getattr(written.event, "reason", ""),
            "index": written.index,
            "receipt_url": reverse("portal:entry", args=[written.index]),
        }
        for written in reversed(history)
    ]


def _persons(event: seals.Event) -> Iterator[str]:
    yield event.by
    for part in ("custodian", "giver", "receiver"):
        if hasattr(event, part):
            yield getattr(event, part)


def _what(event: seals.Event, names: Mapping[str, str]) -> str:
    match event:
        case seals.SealMade():
            return _("制作印章，由%(name)s保管") % {"name": names.get(event.custodian, "")}
        case seals.SealHandedOver():
            parties = {
                "giver": names.get(event.giver, ""),
                "receiver": names.get(event.receiver, ""),
            }
            return _("由%(giver)s移交给%(receiver)s保管") % parties
        case seals.SealSuspended():
            return _("停用印章")
        case seals.SealResumed():
            return _("恢复使用")
        case seals.SealDestroyed():
            return _("销毁印章")
        case _:
            assert_never(event)
