"""Everything that can be done to a case. One function per command; nothing else writes.

`at` is the moment it happens, given by the face. `once` is the form's idempotency key.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mingtang.cases import queries
from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.totp import ProofMethod
from mingtang.core.wire import canonical
from mingtang.ledger.enact import Outcome, enact, enact_one, known_state
from mingtang.ledger.numbers import drawn_number
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people

CHUNK = 200  # orders that share a commit


def new_number() -> str:
    """Return a case number (办件编号) nobody can guess: 40 random bits."""
    return drawn_number("MT")


def file_case(
    *,
    item: str,
    applicant: cases.Applicant,
    answers: Mapping[str, str],
    form: Mapping[str, object],
    documents: Sequence[cases.Document],
    at: datetime,
    taken_by: cases.Officer | None = None,
    renews: str = "",
    promised: Sequence[str] = (),
    organ: str = "",
    once: str | None = None,
) -> Receipt:
    """File an application (提交申请) under the item version in force.

    `renews`: key of the licence it asks to renew; `promised`: keys of the materials in whose
    place the applicant made a commitment (告知承诺); `organ`: whom the applicant turned to, where
    several handle it.

    Raises Refused: item.not-in-force, item.legacy, and what `core.cases.filing` and `terms` say.
    """
    order = filing_order(
        item=item,
        applicant=applicant,
        answers=answers,
        form=form,
        documents=documents,
        at=at,
        taken_by=taken_by,
        renews=renews,
        promised=promised,
        organ=organ,
        once=once,
    )
    return enact_one(order)


def filing_order(
    *,
    item: str,
    applicant: cases.Applicant,
    answers: Mapping[str, str],
    form: Mapping[str, object],
    documents: Sequence[cases.Document],
    at: datetime,
    taken_by: cases.Officer | None = None,
    renews: str = "",
    promised: Sequence[str] = (),
    organ: str = "",
    once: str | None = None,
) -> Order:
    """Return the order to file an application, for callers that file many at once."""

    def command() -> cases.FileApplication:
        version, content = catalogue.in_force(item)
        asked = cases.materials_for(content, answers)
        barred = queries.barred_until(applicant.kind, applicant.id) if promised else None
        return cases.FileApplication(
            terms=cases.terms_of(
                item, version, content, organ=organ, promise=catalogue.promise_of(item, organ)
            ),
            applicant=applicant,
            form=canonical({"answers": dict(answers), "fields": dict(form)}),
            documents=tuple(documents),
            required=cases.required_of(asked),
            deferrable=cases.deferrable_of(asked),
            commitments=cases.committed(asked, promised),
            replaceable=cases.replaceable_of(asked),
            barred_until=barred,
            channel="window" if taken_by else "online",
            taken_by=taken_by,
            renews=renews,
            sharing=queries.sharing_for(content=content, materials=asked, applicant=applicant),
            at=at,
            calendar=catalogue.calendar(),
        )

    return Order(CASE, new_number(), command, once)


def notify_corrections(
    *,
    number: str,
    shortfalls: Sequence[cases.Shortfall],
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Tell the applicant once, and everything, that must be corrected (一次性告知补正)."""
    command = cases.NotifyCorrections(shortfalls=tuple(shortfalls), officer=officer, at=at)
    return enact_one(Order(CASE, number, command, once))


def submit_corrections(
    *,
    number: str,
    person: str,
    documents: Sequence[cases.Document],
    form: Mapping[str, object] | None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Hand in what was missing (提交补正材料)."""

    def command() -> cases.SubmitCorrections:
        return cases.SubmitCorrections(
            person=person,
            represents=people.actor(person).represents,
            documents=tuple(documents),
            form=canonical({"fields": dict(form)}) if form else "",
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def accept(
    *, number: str, officer: cases.Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Accept a filed case (受理) and start its clocks."""
    return enact_one(acceptance_order(number=number, officer=officer, at=at, once=once))


def acceptance_order(
    *, number: str, officer: cases.Officer, at: datetime, once: str | None = None
) -> Order:
    def command() -> cases.AcceptCase:
        return cases.AcceptCase(officer=officer, at=at, calendar=catalogue.calendar())

    return Order(CASE, number, command, once)


def refuse_acceptance(
    *,
    number: str,
    ground: cases.Ground,
    reason: str,
    competent_organ: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Refuse to accept (不予受理): a formal decision with its ground."""
    command = cases.RefuseAcceptance(
        ground=ground, reason=reason, competent_organ=competent_organ, officer=officer, at=at
    )
    return enact_one(Order(CASE, number, command, once))


def complete_step(
    *,
    number: str,
    step: str,
    finding: cases.Finding,
    opinion: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Finish one review step (审查)."""
    order = step_order(
        number=number,
        step=step,
        finding=finding,
        opinion=opinion,
        officer=officer,
        at=at,
        once=once,
    )
    return enact_one(order)


def step_order(
    *,
    number: str,
    step: str,
    finding: cases.Finding,
    opinion: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Order:
    def command() -> cases.CompleteStep:
        return cases.CompleteStep(
            step=step,
            finding=finding,
            opinion=opinion,
            officer=officer,
            at=at,
            stands_for=stands_for(number, step, officer, at),
        )

    return Order(CASE, number, command, once)


def pass_up(
    *,
    number: str,
    finding: cases.Finding,
    opinion: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Finish the first review (初审) and hand the case over to be decided above (报送上级).

    Raises Refused: see `core.cases.firstreview.pass_up`.
    """

    def command() -> cases.PassUp:
        return cases.PassUp(
            finding=finding,
            opinion=opinion,
            officer=officer,
            at=at,
            calendar=catalogue.calendar(),
            stands_for=stands_for(number, cases.FIRST_REVIEW, officer, at),
        )

    return enact_one(Order(CASE, number, command, once))


def decide(
    *,
    number: str,
    granted: bool,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
    proof: ProofMethod | None = None,
    cites: Sequence[int] = (),
    hearings: Sequence[int] = (),
    without_opinion: str = "",
) -> Receipt:
    """Grant or refuse (作出决定) under a mandate in force at this moment.

    `proof`: how the officer has just shown to be there (people.actions.prove), from a phone;
    `cites`: legs whose answers it rests on; `hearings`: those on whose records it is taken;
    `without_opinion`: why counsel is not waited for.
    """
    order = decision_order(
        number=number,
        granted=granted,
        reason=reason,
        officer=officer,
        at=at,
        once=once,
        proof=proof,
        cites=cites,
        hearings=hearings,
        without_opinion=without_opinion,
    )
    return enact_one(order)


def decision_order(
    *,
    number: str,
    granted: bool,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
    item_code: str = "",
    proof: ProofMethod | None = None,
    cites: Sequence[int] = (),
    hearings: Sequence[int] = (),
    without_opinion: str = "",
) -> Order:
    """`item_code` is for callers that file the case in the same breath."""

    def command() -> cases.DecideCase:
        terms = known_state(CASE, number).state.terms
        item = item_code or (terms.code if terms else "")
        return cases.DecideCase(
            granted=granted,
            reason=reason,
            officer=officer,
            mandate=queries.mandate_for(
                person=officer.person, organ=officer.organisation, item=item, day=civil_day(at)
            ),
            cites=tuple(cites),
            hearings=tuple(hearings),
            without_opinion=without_opinion,
            at=at,
            proof=proof,
            stands_for=stands_for(number, cases.DECISION, officer, at),
        )

    return Order(CASE, number, command, once)


def withdraw(
    *, number: str, person: str, reason: str, at: datetime, once: str | None = None
) -> Receipt:
    """Withdraw an application (撤回)."""

    def command() -> cases.WithdrawCase:
        represents = people.actor(person).represents
        return cases.WithdrawCase(person=person, represents=represents, reason=reason, at=at)

    return enact_one(Order(CASE, number, command, once))


def enact_many(orders: Sequence[Order]) -> list[Outcome]:
    """Carry out many orders on cases, sharing commits; each has its own outcome."""
    return [
        outcome
        for start in range(0, len(orders), CHUNK)
        for outcome in enact(orders[start : start + CHUNK])
    ]


def deem_accepted(*, at: datetime) -> int:
    """Do what time does (视为受理): accept what nobody answered within five working days.

    Returns how many cases it accepted. May die anywhere and start again.
    """

    def command() -> cases.DeemAccepted:
        return cases.DeemAccepted(at=at, calendar=catalogue.calendar())

    late = queries.past_intake(civil_day(at))
    return done(enact_many([Order(CASE, number, command) for number in late]))


def redate_all(*, at: datetime) -> int:
    """Date every open case anew (重算期限) after the calendar changed; return how many moved."""

    def command() -> cases.RedateCase:
        return cases.RedateCase(at=at, calendar=catalogue.calendar())

    return done(enact_many([Order(CASE, number, command) for number in queries.under_way()]))


def done(outcomes: Sequence[Outcome]) -> int:
    """Return how many were carried out. Raises what kept one from it that is no refusal."""
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def stands_for(
    number: str, key: str, officer: cases.Officer, at: datetime
) -> tuple[cases.StandsFor, ...]:
    """Return for whom the officer may do a task or give a signature, by its key.

    Nobody is looked up for what is free or the officer's own.
    """
    if known_state(CASE, number).state.holder(key) in ("", officer.person):
        return ()
    return queries.stands_for(officer.person, officer.organisation, civil_day(at))
