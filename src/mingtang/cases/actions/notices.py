"""Ordering the papers of a case (开具办件文书): a notice for every decision point.

The notice is worded from the case as it was right after the act, whenever that is done. Its key
is the act's place in the case, so that a reaction may be shown an act twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, notices
from mingtang.core.catalogue import Category, ItemContent, LegalBasis
from mingtang.core.decider import Refused
from mingtang.core.notices import Facts, Letterhead, Wording
from mingtang.ledger.orders import Receipt
from mingtang.ledger.reactions import Heard
from mingtang.ledger.replay import Written, histories
from mingtang.papers import actions as papers
from mingtang.papers.actions import Draft
from mingtang.people import queries as people


def order_notices(heard: Sequence[Heard]) -> int:
    """Order the papers these acts ask for; return how many were ordered now.

    Raises what kept one of them from being ordered, after the others were.
    """
    wanted = {one.index for one in heard}
    streams = list(dict.fromkeys(one.stream for one in heard))
    drafts, failures = _drafts(histories(streams), wanted)
    outcomes = papers.order(drafts)
    failures += [o for o in outcomes if not isinstance(o, Receipt | Refused)]
    if failures:
        raise failures[0]
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _drafts(
    found: Mapping[str, Sequence[Written]], wanted: set[int]
) -> tuple[list[Draft], list[Exception]]:
    """Return the drafts in the order of their acts; what one case's faults spoil is its own."""
    drafts: list[Draft] = []
    failures: list[Exception] = []
    for stream, written in found.items():
        try:
            drafts += _of_case(stream, written, wanted)
        except Exception as error:
            failures.append(error)
    return sorted(drafts, key=lambda draft: draft.cause), failures


def _of_case(stream: str, written: Sequence[Written], wanted: set[int]) -> Iterator[Draft]:
    number, case = stream.partition("/")[2], cases.State()
    filed: Any = written[0].event
    for seq, one in enumerate(written, 1):
        case = cases.DECIDER.evolve(case, one.event)
        if one.index in wanted:
            yield _draft(number, seq, one, case, filed)


def _draft(
    number: str, seq: int, written: Written, case: cases.State, filed: cases.CaseFiled
) -> Draft:
    event: Any = written.event
    terms, officer = filed.terms, getattr(event, "officer", None)
    content = catalogue.version(terms.item, terms.version)
    wording = Wording(
        number=number,
        case=case,
        addressee=filed.applicant_name,
        organisation=filed.applicant_kind == "organisation",
        letterhead=_letterhead(terms.department, content, officer.office if officer else ""),
        item=_facts(content),
    )
    notice = notices.notice(wording, event)
    return Draft(
        key=f"{number}-{seq}",
        paper=notice.paper,
        about=f"case/{number}",
        cause=written.index,
        batch=filed.batch,
        organ=terms.department,
        word=notice.word,
        item=terms.code,
        user=notice.user,
        owner=filed.agent or filed.applicant,
        sheet=notice.sheet,
        at=event.at,
    )


def _letterhead(department: str, content: ItemContent, office: str) -> Letterhead:
    return Letterhead(
        organ=people.organisation_names().get(department, content.department_name),
        phone=content.enquiry_phone,
        address=content.address,
        office=people.office_name(office) if office else "",
    )


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
