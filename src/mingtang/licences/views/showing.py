"""A licence as the pieces of the interface take it: lines, facts, receipts, who read it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingtang.core import licences
from mingtang.core.catalogue import key_of
from mingtang.core.history import WIRE
from mingtang.core.licences import HearingStage, Stage, shown
from mingtang.core.papers import PaperKind
from mingtang.core.wire import ERASED
from mingtang.ledger import queries as ledger
from mingtang.ledger import receipts
from mingtang.ledger.replay import Written
from mingtang.licences import queries
from mingtang.licences.access import Sight
from mingtang.licences.queries import LicenceRow, VersionRow
from mingtang.licences.templatetags import licence_words as words
from mingtang.licences.views import told
from mingtang.papers import queries as papers
from mingtang.people import queries as people
from mingtang.ui.context import address
from mingtang.ui.formats import civil_date
from mingtang.ui.pages import explain

Values = dict[str, Any]
REVOCATION = {PaperKind.TO_BE_REVOKED, PaperKind.REVOKED}
RENEWABLE = {Stage.VALID, Stage.SUSPENDED}


def line(row: LicenceRow, *, full: bool) -> Values:
    """Return a licence as a line of a list."""
    state, word = words.standing(row, timezone.localdate())
    return {
        "row": row,
        "key": row.key,
        "holder": words.shown_name(row, full=full),
        "number": words.shown_number(row, full=False),
        "organ": people.organisation_name(row.organ, row.organ_name),
        "lamp": state,
        "lamp_word": word,
        "until": term(row.valid_to),
        "in_hand": row.delivered_how in queries.IN_HAND,
    }


def term(last: date | None) -> str:
    return civil_date(last) if last else _("长期")


def facts(row: LicenceRow, *, sight: Sight) -> list[tuple[str, str]]:
    """Return what stands on it: label and value; the printed fields for who may read them."""
    english = (get_language() or "").startswith("en")
    content = queries.type_version(row.type, row.type_version)
    name, number = content.holder_name, content.holder_number
    named = sight is not Sight.OVERSIGHT
    said = [
        ((english and name.label_en) or name.label, words.shown_name(row, full=named)),
        (
            (english and number.label_en) or number.label,
            words.shown_number(row, full=sight.full),
        ),
    ]
    if sight.full:
        printed = queries.values_of(queries.version_of(row))
        said += [((english and one.label_en) or one.label, one.value) for one in printed]
    said.append((_("有效期"), f"{civil_date(row.valid_from)} — {term(row.valid_to)}"))
    return said


def versions(row: LicenceRow) -> list[VersionRow]:
    """Return every version if there was more than one."""
    found = queries.versions_of(row.key)
    return found if len(found) > 1 else []


def readings(row: LicenceRow) -> list[Values]:
    """Return who of the staff looked at it, for which case and why, newest first."""
    found = [
        reading
        for version in queries.versions_of(row.key)
        if version.paper
        for reading in papers.readings_of(version.paper)
    ]
    return [
        {"reading": one, "organ": people.organisation_name(one.organisation)}
        for one in sorted(found, key=lambda one: one.index, reverse=True)
    ]


# ── Renewal ─────────────────────────────────────────────────────────────────


def renewal(row: LicenceRow) -> Values | None:
    """Return how its holder renews it, where that can be done; None: it cannot."""
    if row.valid_to is None or Stage(row.stage) not in RENEWABLE:
        return None
    today = timezone.localdate()
    latest = row.valid_to - timedelta(days=row.renewal_days)
    return {
        "case": row.renewal,
        "in_time": row.renewal_in_time,
        "latest": latest,
        "late": today > latest,
        "over": shown(Stage(row.stage), row.valid_to, today) == "expired",
        "url": _apply(row) if not row.renewal else "",
        "case_url": _named("cases:progress", row.renewal) if row.renewal else "",
    }


# ── Before a revocation ─────────────────────────────────────────────────────


def hearing(row: LicenceRow, history: Sequence[Written], *, full: bool) -> Values | None:
    """Return the hearing before its revocation; None: there is none. `full`: with its texts."""
    if not row.hearing:
        return None
    events: list[Any] = [one.event for one in history]
    begun = max(
        (n + 1 for n, one in enumerate(events) if isinstance(one, licences.RevocationDropped)),
        default=0,
    )
    said: Values = {}
    for event in events[begun:]:
        match event:
            case licences.RevocationOpened():
                said["finding"] = event.finding
            case licences.RevocationTold():
                said |= {"ground": words.REVOCATIONS[event.ground], "reason": event.reason}
            case licences.RevocationAnswered():
                said["answer"] = event.answer
    state, word = words.hearing(row, timezone.localdate())
    return {
        "lamp": state,
        "lamp_word": word,
        "due": row.answer_due,
        "answered": row.hearing == HearingStage.ANSWERED,
        "told": row.hearing != HearingStage.OPENED,
        **({key: _readable(value) for key, value in said.items()} if full else {}),
    }


def notices(row: LicenceRow) -> list[papers.Line]:
    """Return the papers of its revocation."""
    found = papers.papers_about(f"licence/{row.key}")
    return papers.lines([one for one in found if one.paper in REVOCATION])


def _readable(value: str) -> str:
    return _("（已删除）") if value == ERASED else value


def _apply(row: LicenceRow) -> str:
    url = _named("cases:apply", key_of(row.item))
    return f"{url}?renews={row.key}" if url else ""


def _named(name: str, *args: str) -> str:
    """Return the address of a page of another room, empty where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def case_url(key: str) -> str:
    return _named("cases:progress", key)


# ── Receipts ────────────────────────────────────────────────────────────────


def stub(request: HttpRequest, row: LicenceRow, history: Sequence[Written]) -> Values:
    """Return the receipt of the newest act."""
    written = history[-1]
    entry, head = ledger.entry(written.index), ledger.head()
    covered = head is not None and head.size > written.index
    ready = ledger.checkpoint_for(written.index) is not None
    url = reverse("licences:receipt", args=[row.key, written.index])
    return {
        "what": told.what(written.event),
        "at": written.event.at,
        "index": written.index,
        "fingerprint": bytes(entry.leaf).hex() if entry else "",
        "witnesses": len(head.witnesses) if head and covered else None,
        "download_url": url if ready else "",
        "later_url": "" if ready else url,
        "verify_url": address("portal:ledger"),
    }


def receipt(
    request: HttpRequest, row: LicenceRow, written: Written, *, sight: Sight
) -> HttpResponse:
    """Send the receipt of one entry, or say: in a second."""
    opened = WIRE.sealed_fields(written.event.kind) if sight is Sight.OWN else ()
    text = receipts.receipt_file(written.index, disclose=set(opened))
    if text is None:
        response = explain(
            request,
            status=202,
            happened=_("回执正在生成，一两秒后可下载"),
            kept=_("这一步已经记入账本，序号 %(index)s，不会丢失。") % {"index": written.index},
            next_steps=[
                (_("再试一次"), request.path),
                (_("回到证照"), reverse("licences:licence", args=[row.key])),
            ],
        )
        response.headers["Refresh"] = "2"
        return response
    name = f"{row.key}-{written.index}.receipt.json"
    return HttpResponse(
        text,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
