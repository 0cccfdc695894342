"""Ordering the papers of a case or a joint case (开具办件文书): a notice for every decision point.

The notice is worded from the case as it was right after the act, whenever that is done. Its key
is the act's place in the case, so that a reaction may be shown an act twice.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from mingtang.cases import queries
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, joint, notices
from mingtang.core.batches import differing
from mingtang.core.catalogue import Category, ItemContent, LegalBasis
from mingtang.core.decider import Refused
from mingtang.core.mandates import Authority
from mingtang.core.notices import Facts, JointWording, Letterhead, Wording, remedies_at
from mingtang.core.notices.wording import unsealed
from mingtang.ledger.orders import Receipt
from mingtang.ledger.reactions import Heard
from mingtang.ledger.replay import Written, histories
from mingtang.papers import actions as papers
from mingtang.papers.actions import Draft
from mingtang.people import queries as people

TO_A_PARTY = (cases.HearingRightTold, cases.HearingNotified)


def order_notices(heard: Sequence[Heard]) -> int:
    """Order the papers these acts ask for; return how many were ordered now.

    Raises what kept one of them from being ordered, after the others were.
    """
    wanted = {one.index for one in heard}
    streams = list(dict.fromkeys(one.stream for one in heard))
    drafts, failures = _drafts(histories(streams), wanted)
    outcomes = papers.order(drafts)
    failures += [one for one in outcomes if not isinstance(one, Receipt) and not _known(one)]
    if failures:
        raise failures[0]
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _known(outcome: Exception) -> bool:
    """Whether the act was shown before, and its paper has been ordered."""
    return isinstance(outcome, Refused) and outcome.code == "paper.already-ordered"


def _drafts(
    found: Mapping[str, Sequence[Written]], wanted: set[int]
) -> tuple[list[Draft], list[Exception]]:
    """Return the drafts in the order of their acts; what one case's faults spoil is its own."""
    drafts: list[Draft] = []
    failures: list[Exception] = []
    register = _Register()
    for stream, written in found.items():
        of = _of_joint if stream.startswith("joint/") else _of_case
        try:
            drafts += of(stream, written, wanted, register)
        except Exception as error:
            failures.append(error)
    return sorted(drafts, key=lambda draft: draft.cause), failures


class _Register:
    """What the notices of one call look up elsewhere, each thing once."""

    def __init__(self) -> None:
        self.organs = people.organisation_names()
        self.version = cache(catalogue.version)
        self.office = cache(people.office_name)
        self.letters = cache(people.mandates_of)

    def contact(self, item: str, organ: str) -> tuple[str, str]:
        """Return phone and address of an organ that did not publish the item: as it said when it
        adopted it, or else as it is registered."""
        said, body = catalogue.adoption(item, organ), people.organisation(organ)
        office = people.office(said.offices[0]) if said else None
        if said and office:
            return said.phone, office.address or office.name
        return (body.phone, body.address) if body else ("", "")

    def holder(self, authority: Authority) -> str:
        """Return the name on a letter: it hangs at the window, and stands on what rests on it."""
        letters = self.letters(authority.person)
        found = [one for one in letters if one.letter_no == authority.letter_no]
        return found[0].person_name if found else ""

    def chair(self, hearing: cases.Hearing) -> str:
        """Return the name of whoever chairs a hearing: a party may ask for another."""
        person = hearing.chair.person if hearing.chair else ""
        return people.names([person]).get(person, "")


@dataclass(frozen=True, slots=True)
class _Case:
    """A case right after an act: its number, state, how it was filed, the answers it then had."""

    number: str
    state: cases.State
    filed: cases.CaseFiled
    form: str


def _of_case(
    stream: str, written: Sequence[Written], wanted: set[int], register: _Register
) -> Iterator[Draft]:
    number, case, form = stream.partition("/")[2], cases.State(), ""
    filed: Any = written[0].event
    for seq, one in enumerate(written, 1):
        case = cases.DECIDER.evolve(case, one.event)
        form = getattr(one.event, "form", "") or form
        if one.index in wanted:
            yield _draft(seq, one, _Case(number, case, filed, form), register)


def _draft(seq: int, written: Written, case: _Case, register: _Register) -> Draft:
    event: Any = written.event
    filed, terms, organ = case.filed, case.filed.terms, cases.organ_of(case.state)
    notice = notices.notice(_wording(case, event, register), event)
    party = _party(case.state, event)
    owner = party.person if party else unsealed(filed.agent) or unsealed(filed.applicant)
    return Draft(
        key=f"{case.number}-{seq}",
        paper=notice.paper,
        about=f"case/{case.number}",
        cause=written.index,
        batch=filed.batch,
        organ=organ,
        word=notice.word,
        item=terms.code,
        user=notice.user,
        owner=owner,
        sheet=notice.sheet,
        at=event.at,
    )


def _of_joint(
    stream: str, written: Sequence[Written], wanted: set[int], register: _Register
) -> Iterator[Draft]:
    number, state = stream.partition("/")[2], joint.State()
    filed: Any = written[0].event
    asked: Any = None
    for seq, one in enumerate(written, 1):
        state = joint.DECIDER.evolve(state, one.event)
        if isinstance(one.event, joint.ExtensionAsked):
            asked = one.event
        if one.index in wanted:
            terms = _leads_branch(state)
            wording = JointWording(
                number=number,
                addressee=unsealed(filed.applicant_name),
                organisation=filed.applicant_kind == "organisation",
                letterhead=_leads(state.lead, terms, one.event, register),
                name=filed.name,
                joint=state,
            )
            notice = notices.notice(wording, one.event)
            yield Draft(
                key=f"{number}-{seq}",
                paper=notice.paper,
                about=stream,
                cause=one.index,
                organ=state.lead,
                word=notice.word,
                item=terms.code,
                user=asked.officer.person,  # who asked for it, for the lead
                owner=unsealed(filed.agent) or unsealed(filed.applicant),
                sheet=notice.sheet,
                at=one.event.at,
            )


def _leads_branch(state: joint.State) -> cases.Terms:
    """Return the terms of the lead's own branch: a lead always handles one."""
    branch = next(one for one in state.branches if one.department == state.lead)
    row = queries.by_number(branch.case)
    assert row is not None
    filed: Any = queries.case_file(row).history[0].event
    terms: cases.Terms = filed.terms
    return terms


def _leads(lead: str, terms: cases.Terms, event: Any, register: _Register) -> Letterhead:
    content = register.version(terms.item, terms.version)
    return _letterhead(lead, terms.item, content, event, register)


def _wording(case: _Case, event: Any, register: _Register) -> Wording:
    filed, terms = case.filed, case.filed.terms
    content = register.version(terms.item, terms.version)
    party, applicant = _party(case.state, event), unsealed(filed.applicant_name)
    return Wording(
        number=case.number,
        case=case.state,
        addressee=party.name if party else applicant,
        organisation=filed.applicant_kind == "organisation" and party is None,
        letterhead=_case_letterhead(case, content, event, register),
        decider=register.organs.get(terms.department, terms.department),
        item=_facts(content),
        particulars=(("申请人", applicant),) if party else _particulars(case, content),
    )


def _party(case: cases.State, event: Any) -> cases.Party | None:
    """Return whom a paper about a hearing is for, where that is not the applicant."""
    if not isinstance(event, TO_A_PARTY) or event.party == cases.APPLICANT:
        return None
    return case.hearing(event.hearing).party(event.party)


def _case_letterhead(
    case: _Case, content: ItemContent, event: Any, register: _Register
) -> Letterhead:
    """Return who writes about a case: the organ that has it after the act."""
    organ, item = cases.organ_of(case.state), case.filed.terms.item
    head = _letterhead(organ, item, content, event, register)
    if isinstance(event, cases.HearingNotified):
        return replace(head, officer_name=register.chair(case.state.hearing(event.hearing)))
    return head


def _letterhead(
    organ: str, item: str, content: ItemContent, event: Any, register: _Register
) -> Letterhead:
    """Return who writes, and where it is found."""
    officer, authority = notices.officer_of(event), getattr(event, "authority", None)
    phone, address = content.enquiry_phone, content.address
    if organ != content.department:
        phone, address = register.contact(item, organ)
    return Letterhead(
        organ=register.organs.get(organ, content.department_name),
        phone=phone,
        address=address,
        office=register.office(officer.office) if officer and officer.office else "",
        officer_name=register.holder(authority) if authority else "",
        remedies=remedies_at(content.authority_level),
    )


def _particulars(case: _Case, content: ItemContent) -> tuple[tuple[str, str], ...]:
    """Return which row of a batch this is, and whom or what it is about: the first of its cells."""
    filed = case.filed
    if not filed.batch:
        return ()
    field = differing(content)[0]
    given = json.loads(unsealed(case.form) or "{}").get("fields", {})
    labels = {option.value: option.label for option in field.options}
    value = str(given.get(field.name, ""))
    row = f"{filed.batch} 第 {filed.place} 行"
    return (("批量申请", f"{row}，{field.label}：{labels.get(value, value)}"),)


def _facts(content: ItemContent) -> Facts:
    """Return what notices repeat of an item's version."""
    return Facts(
        licence=content.category is Category.LICENCE,
        basis=tuple(map(_article, content.legal_basis)),
        materials=tuple((material.key, material.name) for material in content.materials),
        result=content.result_name,
    )


def _article(basis: LegalBasis) -> str:
    title = basis.title if basis.title.startswith("《") else f"《{basis.title}》"
    return f"{title}{basis.article}"
