"""What pages and actions ask about services, bodies and needs."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from mingtang.core import cases
from mingtang.core.clock import civil_day
from mingtang.core.history import WIRE
from mingtang.core.intermediaries.needs.events import NeedDelivered
from mingtang.core.intermediaries.needs.state import Round
from mingtang.core.intermediaries.needs.terms import (
    Candidate,
    NeedTerms,
    Publisher,
    PublisherKind,
    Stage,
)
from mingtang.core.intermediaries.register import (
    BodyContent,
    IntermediaryAsked,
    IntermediaryRequested,
    Standing,
    is_qualified,
    past_requests,
)
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.wire import ERASED, read
from mingtang.intermediaries.models import BodyRow, NeedRow, ServiceRow, SignUpRow
from mingtang.ledger.queries import entries_since
from mingtang.ledger.replay import history
from mingtang.people import queries as people

__all__ = ["BodyRow", "NeedRow"]

# ── Services ────────────────────────────────────────────────────────────────


def services(*, in_force: bool = True) -> list[ServiceRow]:
    rows = ServiceRow.objects.order_by("name", "key")
    return list(rows.filter(in_force=True) if in_force else rows)


def service(code: str) -> ServiceRow | None:
    return ServiceRow.objects.filter(pk=code).first()


def service_content(row: ServiceRow) -> ServiceContent:
    content: ServiceContent = read(ServiceContent, json.loads(row.content))
    return content


def service_in_force(code: str) -> ServiceContent | None:
    row = ServiceRow.objects.filter(pk=code, in_force=True).first()
    return service_content(row) if row else None


def service_names() -> dict[str, str]:
    return dict(ServiceRow.objects.values_list("key", "name"))


# ── The register ────────────────────────────────────────────────────────────

PUBLIC = (Standing.LISTED, Standing.SUSPENDED, Standing.REMOVED)


def body(code: str) -> BodyRow | None:
    return BodyRow.objects.filter(pk=code).first()


def content_of(row: BodyRow) -> BodyContent | None:
    """Return what is published of a body; None before it was admitted."""
    return _body_content(row.content)


def asked_of(row: BodyRow) -> BodyContent | None:
    """Return what waits for review."""
    return _body_content(row.asked)


def _body_content(text: str) -> BodyContent | None:
    content: BodyContent | None = read(BodyContent, json.loads(text)) if text else None
    return content


def registered(*, words: str = "", service: str = "") -> QuerySet[BodyRow]:
    """Return the published register, those in good standing first."""
    rows = BodyRow.objects.filter(standing__in=PUBLIC)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(key__icontains=words))
    if service:
        rows = rows.filter(services__contains=f" {service} ")
    return rows.order_by("standing", "name", "key")


def listed(service: str) -> list[BodyRow]:
    rows = BodyRow.objects.filter(standing=Standing.LISTED, services__contains=f" {service} ")
    return list(rows.order_by("name", "key"))


def contacts_to_erase(code: str) -> list[int]:
    """Return the entries of past requests of a body that still say whom to ask for."""
    written = history(f"intermediary/{code}")
    past = [written[place] for place in past_requests([one.event for one in written])]
    return [
        one.index
        for one in past
        if isinstance(one.event, IntermediaryRequested)
        and ERASED not in (one.event.contact, one.event.phone)
    ]


def to_review() -> list[BodyRow]:
    return list(BodyRow.objects.exclude(asked="").order_by("asked_at"))


def bodies(codes: Iterable[str]) -> list[BodyRow]:
    return list(BodyRow.objects.filter(pk__in=list(codes)).order_by("name"))


# ── Needs ───────────────────────────────────────────────────────────────────


def need(key: str) -> NeedRow | None:
    return NeedRow.objects.filter(pk=key).first()


def terms_of(row: NeedRow) -> NeedTerms:
    terms: NeedTerms = read(NeedTerms, json.loads(row.terms))
    return terms


def rounds_of(row: NeedRow) -> list[Round]:
    found: list[Round] = [read(Round, one) for one in row.rounds]
    return found


def publisher_of(row: NeedRow) -> Publisher:
    kind = PublisherKind(row.publisher_kind)
    return Publisher(kind=kind, id=row.publisher, name=row.publisher_name)


def public_needs(*, stage: str = "", service: str = "", words: str = "") -> QuerySet[NeedRow]:
    rows = NeedRow.objects.order_by("-published_at", "-key")
    if stage:
        rows = rows.filter(stage=stage)
    if service:
        rows = rows.filter(service=service)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(body_name__icontains=words))
    return rows


def published_by(persons: Iterable[str]) -> list[NeedRow]:
    """Return the needs of these persons, organisations and departments, newest first."""
    rows = NeedRow.objects.filter(publisher__in=[one for one in persons if one])
    return list(rows.order_by("-published_at"))


def of_bodies(codes: Iterable[str]) -> list[NeedRow]:
    """Return the needs these bodies were chosen for, newest first."""
    rows = NeedRow.objects.filter(body__in=[code for code in codes if code])
    return list(rows.order_by("-chosen_at"))


def of_case(number: str) -> list[NeedRow]:
    return list(NeedRow.objects.filter(case=number).order_by("published_at")) if number else []


def sign_ups_of(codes: Iterable[str]) -> list[SignUpRow]:
    """Return the sign-ups of these bodies, those that were withdrawn among them, newest first."""
    return list(SignUpRow.objects.filter(body__in=list(codes)).order_by("-signed_up_at"))


def sign_up(need: str, body: str) -> SignUpRow | None:
    """Return the sign-up of a body that stands."""
    return SignUpRow.objects.filter(need=need, body=body, withdrawn_at=None).first()


def entered(need: str) -> list[str]:
    """Return the codes of whoever signed up and did not withdraw, in their order."""
    rows = SignUpRow.objects.filter(need=need, withdrawn_at=None).order_by("no")
    return list(rows.values_list("body", flat=True))


def due_to_open(at: datetime) -> list[str]:
    rows = NeedRow.objects.filter(stage=Stage.OPEN, sign_up_until__lte=at)
    return list(rows.order_by("sign_up_until", "key").values_list("key", flat=True))


def complaints() -> list[NeedRow]:
    return list(NeedRow.objects.filter(complaint_open=True).order_by("last_index"))


def standing_still(case: str) -> list[NeedRow]:
    """Return the needs this case's clock stands still for now."""
    return list(NeedRow.objects.filter(case=case, excluded=True))


# ── What a rule wants to know ───────────────────────────────────────────────


def case_in_hand(number: str) -> cases.State | None:
    """Return a case as its own events tell it; None for an unknown number."""
    written = history(f"case/{number}") if number else []
    return cases.DECIDER.replay(one.event for one in written) if written else None


def is_affair_of(case: cases.State | None, publisher: Publisher) -> bool:
    """Whether a case is under way, and this publisher applies or decides."""
    if case is None or case.terms is None or case.stage in cases.CLOSED:
        return False
    if publisher.kind is PublisherKind.DEPARTMENT:
        return case.terms.department == publisher.id
    return publisher.id in (case.applicant, case.agent)


def candidate(
    code: str, *, service: str, publisher: Publisher, case: str, at: datetime
) -> Candidate:
    """Return a body as one that would serve, as the register says now."""
    row = body(code)
    content = content_of(row) if row else None
    return Candidate(
        body=code,
        name=row.name if row else code,
        listed=row is not None and row.standing == Standing.LISTED,
        suspended=row is not None and row.standing == Standing.SUSPENDED,
        qualified=is_qualified(content, service, civil_day(at)),
        own_interest=_is_own_interest(code, publisher, case_in_hand(case)),
    )


def _is_own_interest(code: str, publisher: Publisher, case: cases.State | None) -> bool:
    """Whether a body, or whoever acts for it, is who publishes, applies, or handles it there."""
    agents = {one.agent for one in people.agents_of(code)}
    concerned = {publisher.id}
    if publisher.kind is PublisherKind.ORGANISATION:
        concerned |= {one.agent for one in people.agents_of(publisher.id)}
    if case is not None:
        concerned |= {case.applicant, case.agent}
    if concerned & {code, *agents}:
        return True
    organs = {publisher.id, case.terms.department if case and case.terms else publisher.id}
    return any(people.actor(agent).organisations & organs for agent in agents)


# ── Figures ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a service, or a body, has done. Days are working days; means have one decimal."""

    service: str
    body: str
    body_name: str
    needs: int  # with a result delivered
    mean_days: float
    late: int  # of them with a day too many
    excluded_days: int  # not counted by clocks of cases, altogether
    mean_excluded: float
    rated: int
    mean_stars: float


def figures(*, by_body: bool) -> list[Figures]:
    """Return the figures of each service, or of each body in each service."""
    groups: dict[tuple[str, str], list[NeedRow]] = defaultdict(list)
    served = NeedRow.objects.filter(delivered_at__isnull=False)
    for row in served.order_by("service_name", "body_name", "key"):
        groups[row.service_name, row.body if by_body else ""].append(row)
    return [_figures(service, code, rows) for (service, code), rows in groups.items()]


def _figures(service: str, code: str, rows: Sequence[NeedRow]) -> Figures:
    stars = [row.stars for row in rows if row.stars]
    excluded = sum(row.excluded_days for row in rows)
    return Figures(
        service=service,
        body=code,
        body_name=rows[0].body_name if code else "",
        needs=len(rows),
        mean_days=round(sum(row.served_days for row in rows) / len(rows), 1),
        late=sum(row.late_days > 0 for row in rows),
        excluded_days=excluded,
        mean_excluded=round(excluded / len(rows), 1),
        rated=len(stars),
        mean_stars=round(sum(stars) / len(stars), 1) if stars else 0.0,
    )


def overdue(today: date) -> list[NeedRow]:
    """Return the needs whose result is late and not there yet, the longest late first."""
    return list(NeedRow.objects.filter(stage=Stage.SERVING, due__lt=today).order_by(F("due")))


# ── Documents ───────────────────────────────────────────────────────────────


def documents_recorded() -> Iterator[cases.Document]:
    """Yield every document whose digests an entry of a body or a need holds, each once."""
    seen: set[str] = set()
    asked = (IntermediaryAsked, IntermediaryRequested)
    for entry in entries_since(0, kinds=(*(one.kind for one in asked), NeedDelivered.kind)):
        event = WIRE.decode(bytes(entry.body))
        found = event.content if isinstance(event, asked) else event
        for document in found.documents:
            if document.id not in seen:
                seen.add(document.id)
                yield document
