"""Registering licences from decisions (登记证照): who holds them, what will stand on them."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, licences
from mingtang.core.catalogue import ItemContent
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.licences import Holder
from mingtang.core.licences.types import APPLICANT, FORM, TypeContent, value_of
from mingtang.core.licences.wording import form_words, values_of
from mingtang.core.wire import ERASED
from mingtang.ledger.enact import known_state
from mingtang.ledger.numbers import drawn
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.ledger.replay import Written, histories
from mingtang.licences import queries
from mingtang.licences.actions import Command, enact_many, person_known_as, renewing
from mingtang.licences.projection import LICENCE
from mingtang.licences.queries import StuckRow, TypeInUse
from mingtang.people import queries as people

log = logging.getLogger(__name__)
RANDOM_SIGNS = 16  # after the year: 80 random bits
DONE = ("licence.already-registered", "licence.already-renewed")


@dataclass(frozen=True, slots=True)
class Grant:
    """A case as far as a licence needs it."""

    number: str
    filed: cases.CaseFiled
    decided: cases.CaseDecided
    form: str  # canonical JSON, after corrections

    @property
    def answers(self) -> Mapping[str, Any]:
        if self.form == ERASED:
            return {}
        fields: Mapping[str, Any] = json.loads(self.form).get("fields", {})
        return fields


def grants(numbers: Sequence[str]) -> list[Grant]:
    """Return those of these cases that were granted, read from the ledger."""
    found = histories([f"case/{number}" for number in numbers])
    read = [_grant(number, found.get(f"case/{number}", [])) for number in numbers]
    return [grant for grant in read if grant]


def _grant(number: str, written: Sequence[Written]) -> Grant | None:
    events = [one.event for one in written]
    filed = _last(events, cases.CaseFiled)
    decided = _last(events, cases.CaseDecided)
    if filed is None or decided is None or not decided.granted:
        return None
    forms = [filed.form] + [e.form for e in events if isinstance(e, cases.CorrectionsReceived)]
    return Grant(number, filed, decided, [form for form in forms if form][-1])


def _last(events: Sequence[Any], kind: type[Any]) -> Any:
    return next((event for event in reversed(events) if isinstance(event, kind)), None)


# ── Registering ─────────────────────────────────────────────────────────────


def register(numbers: Sequence[str], *, at: datetime | None = None) -> list[Outcome]:
    """Register the licences these cases were granted, where their items give one.

    Asked for twice, it is refused the second time. What cannot be registered now is kept, with
    the reason (`StuckRow`), and tried again; `at`: when it is. Returns an outcome for each that
    gives a licence.
    """
    served = queries.types_in_use()
    granted = [one for one in grants(numbers) if one.filed.terms.code in served]
    renewals = {one.number: one.filed for one in granted if one.filed.renews}
    renewing.apply(renewals)  # a decision on the spot is heard before the application is
    orders = [Order(LICENCE, one.number, _command(one)) for one in granted]
    outcomes = enact_many(orders)
    _note(list(zip(granted, outcomes, strict=True)), at)
    return outcomes


def _command(grant: Grant) -> Command:
    serial = new_serial(grant.decided.at)

    def command() -> licences.RegisterLicence:
        filed = grant.filed
        serving = queries.types_in_use().get(filed.terms.code)
        if serving is None:
            raise Refused("licence-type.not-in-use")
        item = catalogue.version(filed.terms.item, filed.terms.version)
        return _registration(grant, serving, item, serial)

    return command


def _as_issued_by(grant: Grant, content: TypeContent) -> TypeContent:
    """Return the type as the organ that decided issues it: where an item was adopted (认领), that
    is not the one that published it."""
    terms = grant.filed.terms
    if not terms.published_by:
        return content
    names = people.organisation_names()
    name = names.get(terms.department, terms.department)
    return replace(content, organ=terms.department, organ_name=name)


def _registration(
    grant: Grant, serving: TypeInUse, item: ItemContent, serial: str
) -> licences.RegisterLicence:
    filed, content = grant.filed, _as_issued_by(grant, serving.content)
    form = form_words(item.form, grant.answers)
    said = {"name": filed.applicant_name, "number": filed.applicant_id_number}
    return licences.RegisterLicence(
        type=serving.key,
        type_version=serving.version,
        content=content,
        issuer=queries.uscc_of(content.organ),
        serial=serial,
        item=filed.terms.code,
        case=grant.number,
        batch=filed.batch,
        place=filed.place,
        applicant=filed.applicant,
        agent=filed.agent,
        holder=_holder(content, item, filed, said, form),
        values=values_of(content, applicant=said, form=form),
        renews=filed.renews,
        renewed=known_state(LICENCE, filed.renews).state if filed.renews else None,
        decided_date=civil_day(grant.decided.at),
        at=grant.decided.at,
    )


def _holder(
    content: TypeContent,
    item: ItemContent,
    filed: cases.CaseFiled,
    said: Mapping[str, str],
    form: Mapping[str, str],
) -> Holder:
    """Return whose licence it is: the applicant's, or whoever's the form names."""
    name = value_of(content.holder_name, applicant=said, form=form).strip()
    number = value_of(content.holder_number, applicant=said, form=form).strip()
    source = content.holder_number.source
    if source in APPLICANT or number == filed.applicant_id_number:
        return Holder(kind=filed.applicant_kind, id=filed.applicant, name=name, number=number)
    kinds = {f"{FORM}{field.name}": field.kind for field in item.form}
    if kinds.get(source) == "uscc":
        return Holder(kind="organisation", id="", name=name, number=number)
    return Holder(kind="person", id=person_known_as(name, number), name=name, number=number)


def new_serial(at: datetime) -> str:
    """Return a serial (流水号) nobody can guess: the year and 80 random bits, in 20 signs."""
    return f"{civil_day(at).year}{drawn(RANDOM_SIGNS)}"


# ── What is stuck ───────────────────────────────────────────────────────────


def _note(results: Sequence[tuple[Grant, Outcome]], at: datetime | None) -> None:
    free([one.number for one, outcome in results if is_settled(outcome, DONE)])
    for one, outcome in results:
        if isinstance(outcome, Exception) and not is_settled(outcome, DONE):
            terms, moment, batch = one.filed.terms, at or one.decided.at, one.filed.batch
            where = {"organ": terms.department, "item": terms.code, "batch": batch}
            stick(one.number, outcome, at=moment, **where)


def is_settled(outcome: Outcome, codes: Iterable[str]) -> bool:
    """Whether nothing is left to do: it was done now, or before."""
    before = isinstance(outcome, Refused) and outcome.code in codes
    return before or isinstance(outcome, Receipt)


def stick(key: str, error: Exception, *, at: datetime, organ: str, item: str, batch: str) -> None:
    """Keep what stands in the way of a licence, for the pages and for another try."""
    refused = error if isinstance(error, Refused) else Refused("licence.failed")
    if refused is not error:
        log.error("licence %s cannot be made", key, exc_info=error)
    row, _ = StuckRow.objects.get_or_create(
        key=key, defaults={"organ": organ, "item": item, "batch": batch, "tried_at": at}
    )
    row.attempts += 1
    row.code, row.facts, row.tried_at = refused.code, refused.facts, max(at, row.tried_at)
    row.save()


def free(keys: Sequence[str]) -> None:
    StuckRow.objects.filter(key__in=keys).delete()
