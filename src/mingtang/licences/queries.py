"""What pages, other rooms and the public check ask about licences and their types."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from mingtang.core import licences, mandates
from mingtang.core.licences import Stage, Value, shown
from mingtang.core.licences.identifier import NotAnIdentifier, format_identifier, parse_identifier
from mingtang.core.licences.types import TypeContent
from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.wire import ERASED, read
from mingtang.ledger.memory import until_changed
from mingtang.ledger.replay import Written, history
from mingtang.licences.models import (
    LicenceRow,
    LicenceTypeRow,
    StuckRow,
    TypeVersionRow,
    VersionRow,
)
from mingtang.people import queries as people
from mingtang.ui.formats import masked

__all__ = ["LicenceRow", "LicenceTypeRow", "StuckRow", "TypeVersionRow", "VersionRow"]

# ── One licence ─────────────────────────────────────────────────────────────


def licence(key: str) -> LicenceRow | None:
    return LicenceRow.objects.filter(pk=key).first()


def licences_with(keys: Collection[str]) -> Mapping[str, LicenceRow]:
    """Return those of these licences that exist, by key."""
    return LicenceRow.objects.in_bulk(list(keys))


def papers_of(rows: QuerySet[LicenceRow]) -> dict[str, LicenceRow]:
    """Return the papers of these licences, of all their versions: key of the paper → licence."""
    found = {row.key: row for row in rows}
    versions = VersionRow.objects.filter(licence__in=list(found)).exclude(paper="")
    return {paper: found[key] for key, paper in versions.values_list("licence", "paper")}


def versions_of(key: str) -> list[VersionRow]:
    """Return every version there was (历次版本), newest first."""
    return list(VersionRow.objects.filter(licence=key).order_by("-version"))


def version_of(row: LicenceRow) -> VersionRow:
    """Return the newest version of a licence."""
    return VersionRow.objects.get(pk=f"{row.key}.{row.version}")


def newest_versions(rows: Sequence[LicenceRow]) -> dict[str, VersionRow]:
    """Return the newest version of each of these licences, by key."""
    found = VersionRow.objects.in_bulk([f"{row.key}.{row.version}" for row in rows])
    return {version.licence: version for version in found.values()}


def values_of(version: VersionRow) -> tuple[Value, ...]:
    """Return what is printed on a version; nothing once it has been erased."""
    if version.values == ERASED:
        return ()
    printed: tuple[Value, ...] = read(tuple[Value, ...], json.loads(version.values))
    return printed


def history_of(key: str) -> list[Written]:
    """Return everything that happened to a licence, in order."""
    return history(f"licence/{key}")


def mandate_for(*, person: str, organ: str, item: str, day: date) -> Mandate | None:
    """Return the letter that carries an act on a licence, or else the nearest, to say why not."""
    held, power = people.mandates_of(person), MandatePower.DECIDE
    deciding = [letter for letter in held if power in letter.powers and letter.organ == organ]

    def carries(letter: Mandate) -> bool:
        return mandates.covers(letter, organ=organ, item=item, power=power, day=day)

    return next(filter(carries, deciding), next(iter([*deciding, *held]), None))


# ── Whose ───────────────────────────────────────────────────────────────────


def of_person(
    person: str, organisations: Iterable[str] = (), principals: Iterable[str] = ()
) -> QuerySet[LicenceRow]:
    """Return the licences somebody holds, or applied for (我的证照), newest first: in person, for
    the organisations they act for today, and for persons who entrust them today."""
    if not person:
        return LicenceRow.objects.none()
    mine = [person, *organisations]
    entrusted = Q(agent=person, applicant__in=list(principals))
    found = LicenceRow.objects.filter(Q(holder__in=mine) | Q(applicant__in=mine) | entrusted)
    return found.order_by("-registered_at", "place", "key")


def of_organs(organs: Collection[str] | None) -> QuerySet[LicenceRow]:
    """Return the licences these organs issued, newest first; None: all there are."""
    found = LicenceRow.objects.all()
    if organs is not None:
        found = found.filter(organ__in=list(organs))
    return found.order_by("-registered_at", "place", "key")


NEAR_END = timedelta(days=60)


def narrowed(
    rows: QuerySet[LicenceRow], *, standing: str = "", type: str = "", words: str = "", today: date
) -> QuerySet[LicenceRow]:
    """Return those of `rows` that fit every filter given; an empty one asks for nothing.

    `standing`: what `shown` says, or "near" its end, "renewing" or "hearing"; `words`: of a name,
    or a whole number, identifier or case number.
    """
    if type:
        rows = rows.filter(type=type)
    if words:
        rows = rows.filter(_about(words))
    issued = Q(stage__in=(Stage.VALID, Stage.SUSPENDED))
    over = Q(valid_to__lt=today)
    match standing:
        case "":
            return rows
        case licences.EXPIRED:
            return rows.filter(issued & over)
        case "near":
            soon = Q(valid_to__gte=today, valid_to__lte=today + NEAR_END)
            return rows.filter(issued & soon)
        case "renewing":
            return rows.exclude(renewal="")
        case "hearing":
            return rows.exclude(hearing="")
        case Stage.VALID | Stage.SUSPENDED:
            return rows.filter(stage=standing).exclude(over)
        case _:
            return rows.filter(stage=standing)


def _about(words: str) -> Q:
    found = Q(key=words.upper()) | Q(holder_number=words.upper()) | Q(number=words)
    if (identifier := _identifier(words)) is not None:
        versions = VersionRow.objects.filter(identifier=identifier).values("licence")
        return Q(pk__in=versions)
    return found | Q(holder_name__contains=words)


def _identifier(text: str) -> str | None:
    try:
        return format_identifier(parse_identifier(text))
    except NotAnIdentifier:
        return None


IN_HAND = (licences.DeliveredHow.WINDOW.value, licences.DeliveredHow.POST.value)


def waits_at_a_window(row: LicenceRow) -> bool:
    """Whether it was made and nobody has taken it into their hands (待领取)."""
    return row.stage == Stage.VALID and row.delivered_how not in IN_HAND


def to_hand_over(rows: QuerySet[LicenceRow], *, by: str) -> QuerySet[LicenceRow]:
    """Return those of `rows` that wait to be handed over, or were by this person."""
    waiting = Q(stage=Stage.VALID) & ~Q(delivered_how__in=IN_HAND)
    return rows.filter(waiting | Q(delivered_by=by))


def of_batch(batch: str) -> QuerySet[LicenceRow]:
    """Return the licences of a batch in the order of its rows."""
    found = LicenceRow.objects.filter(batch=batch) if batch else LicenceRow.objects.none()
    return found.order_by("place", "key")


def batches_among(rows: QuerySet[LicenceRow]) -> QuerySet[LicenceRow, Mapping[str, Any]]:
    """Return the batches some of these licences belong to, the newest first: batch, organ, name,
    name_en, count, made, in_hand, begun."""
    in_batches = rows.exclude(batch="").order_by()
    grouped = in_batches.values("batch", "organ", "name", "name_en")
    return grouped.annotate(
        count=Count("key"),
        made=Count("key", filter=~Q(paper="")),
        in_hand=Count("key", filter=Q(delivered_how__in=IN_HAND)),
        begun=Min("registered_at"),
    ).order_by("-begun", "batch")


# ── Renewal ─────────────────────────────────────────────────────────────────


def ended_between(first: date, today: date) -> list[LicenceRow]:
    """Return valid licences whose last day lies in [first, today): they have expired since."""
    ended = LicenceRow.objects.filter(stage=Stage.VALID, valid_to__gte=first, valid_to__lt=today)
    return list(ended.order_by("key"))


def to_deem_renewed(today: date) -> list[str]:
    """Return the keys of what was applied for in time and is over (视为准予延续)."""
    late = LicenceRow.objects.filter(renewal_in_time=True, valid_to__lt=today)
    return list(late.order_by("valid_to").values_list("key", flat=True))


def renewed_by(cases: Collection[str]) -> dict[str, str]:
    """Return which licence each of these cases applies to renew: case → key."""
    rows = LicenceRow.objects.filter(renewal__in=list(cases)).exclude(renewal="")
    return dict(rows.values_list("renewal", "key"))


# ── Before a revocation ─────────────────────────────────────────────────────


def hearings(organs: Collection[str] | None = None) -> list[LicenceRow]:
    """Return what is in a hearing before its revocation, what waits for the organ first."""
    rows = LicenceRow.objects.exclude(hearing="")
    if organs is not None:
        rows = rows.filter(organ__in=list(organs))
    return list(rows.order_by(F("answer_due").asc(nulls_first=True), "key"))


# ── The public check ────────────────────────────────────────────────────────

REPLACED = Stage.REPLACED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What anybody may learn of a version of a licence (公开核验): what is printed, and how it
    stands. `state`: making, valid, suspended, expired, revoked, cancelled or replaced."""

    key: str
    name: str
    name_en: str
    organ_name: str
    stage: Stage
    state: str
    since: datetime  # of its last turn
    version: int  # of what was asked
    newest: int
    identifier: str
    holder_kind: str
    holder_name: str  # of a person: masked
    valid_from: date
    valid_to: date | None
    successor: str  # identifier of what took its place, or empty
    paper: str  # key; empty until it is made
    issued_index: int | None


def check_by_identifier(text: str, *, today: date) -> Checked | None:
    """Return what is known of an identifier somebody typed; None: nothing."""
    identifier = _identifier(text)
    version = VersionRow.objects.filter(identifier=identifier).first() if identifier else None
    return _checked(version, today) if version else None


def licence_of_paper(key: str, *, today: date) -> Checked | None:
    """Return the licence a paper is a version of; None: it is another kind of paper."""
    case, _, number = key.rpartition("-L")
    version = VersionRow.objects.filter(pk=f"{case}.{number}").first() if case else None
    return _checked(version, today) if version else None


def _checked(version: VersionRow, today: date) -> Checked:
    row = LicenceRow.objects.get(pk=version.licence)
    person = row.holder_kind == "person"
    name = version.holder_name
    return Checked(
        key=row.key,
        name=row.name,
        name_en=row.name_en,
        organ_name=row.organ_name,
        stage=Stage(row.stage),
        state=_state(row, version, today),
        since=row.stage_since,
        version=version.version,
        newest=row.version,
        identifier=version.identifier,
        holder_kind=row.holder_kind,
        holder_name=masked(name, "name") if person and name != ERASED else name,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        successor=_successor(row, version),
        paper=version.paper,
        issued_index=version.issued_index,
    )


def _state(row: LicenceRow, version: VersionRow, today: date) -> str:
    """An end of the whole licence counts before a newer version of it."""
    stage = Stage(row.stage)
    if version.version < row.version and stage not in licences.ENDED:
        return REPLACED
    return shown(stage, row.valid_to, today)


def _successor(row: LicenceRow, version: VersionRow) -> str:
    if row.successor:
        followed = LicenceRow.objects.filter(pk=row.successor)
        return followed.values_list("identifier", flat=True).first() or ""
    return row.identifier if version.version < row.version else ""


# ── Types ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class TypeInUse:
    key: str
    version: int
    content: TypeContent


@until_changed("licence-type")
def types_in_use() -> Mapping[str, TypeInUse]:
    """Return the type that serves each item (在用证照类型): item code → type."""
    rows = LicenceTypeRow.objects.filter(in_use=True).order_by("key")
    found = [TypeInUse(row.key, row.version, type_version(row.key, row.version)) for row in rows]
    return {code: one for one in found for code in one.content.items}


@until_changed("licence-type")
def type_version(key: str, number: int) -> TypeContent:
    """Return a version as it was published. Raises TypeVersionRow.DoesNotExist."""
    text = TypeVersionRow.objects.values_list("content", flat=True).get(pk=f"{key}.{number}")
    content: TypeContent = read(TypeContent, json.loads(text))
    return content


def licence_type(key: str) -> LicenceTypeRow | None:
    return LicenceTypeRow.objects.filter(pk=key).first()


def licence_types(organs: Collection[str] | None = None) -> list[LicenceTypeRow]:
    """Return the types of these organs, those in use first; None: of all."""
    rows = LicenceTypeRow.objects.order_by("-in_use", "organ_name", "name", "key")
    return list(rows if organs is None else rows.filter(organ__in=list(organs)))


def type_versions(key: str) -> list[TypeVersionRow]:
    """Return every version there was, newest first, without their contents."""
    return list(TypeVersionRow.objects.filter(key=key).order_by("-version").defer("content"))


@until_changed("organisation")
def uscc_of(organ: str) -> str:
    """Return an organ's unified social credit code (统一社会信用代码), empty where unknown."""
    row = people.organisation(organ)
    return row.uscc if row else ""


# ── What is stuck ───────────────────────────────────────────────────────────


def stuck(*, organs: Collection[str] | None = None, batch: str = "") -> list[StuckRow]:
    """Return what keeps granted licences from being made, the oldest first."""
    rows: QuerySet[Any] = StuckRow.objects.order_by("tried_at", "key")
    if organs is not None:
        rows = rows.filter(organ__in=list(organs))
    return list(rows.filter(batch=batch) if batch else rows)


def stuck_one(key: str) -> StuckRow | None:
    return StuckRow.objects.filter(pk=key).first()


def stuck_keys(*, tried_before: datetime) -> list[str]:
    rows = StuckRow.objects.filter(tried_at__lt=tried_before).order_by("tried_at", "key")
    return list(rows.values_list("key", flat=True))
