"""Ordering the papers of licences (开具证照): of what was registered, reissued or renewed.

And the papers of a revocation: that one is to be revoked, that it was.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, licences
from mingtang.core.clock import civil_day
from mingtang.core.licences import Holder, ReissueReason, Stage
from mingtang.core.licences.notice import DECISION_WORD, Affected, revoked, to_be_revoked
from mingtang.core.licences.notice import WORD as NOTICE_WORD
from mingtang.core.licences.types import TypeContent
from mingtang.core.licences.wording import Face, compose, deemed, granted, reissued
from mingtang.core.notices import Remedies, remedies_at
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Sheet
from mingtang.core.wire import ERASED
from mingtang.ledger.orders import Receipt
from mingtang.ledger.reactions import Heard
from mingtang.ledger.replay import histories, history
from mingtang.licences import queries
from mingtang.licences.actions.registering import free, is_settled, stick
from mingtang.licences.queries import LicenceRow, VersionRow
from mingtang.papers import actions as papers
from mingtang.papers.actions import Draft

WORD = "证"
ORDERED = ("paper.already-ordered",)


def paper_key(key: str, version: int) -> str:
    return f"{key}-L{version}"


def is_of_a_version(paper: str) -> bool:
    """Whether a paper, by its key, is a licence and not a paper about one.

    No number drawn at random holds an L.
    """
    return "-L" in paper


def order_papers(keys: Sequence[str], *, at: datetime | None = None) -> int:
    """Order the paper of the newest version of each licence that waits for one.

    Asked for twice, it is refused the second time. `at`: when it is tried again. Returns how
    many were ordered.
    """
    rows = queries.licences_with(keys)
    waiting = [rows[key] for key in keys if key in rows and rows[key].stage == Stage.MAKING]
    drafts = [(row, draft) for row, draft in _drafts(waiting) if draft]
    outcomes = papers.order([draft for _, draft in drafts])
    results = list(zip(drafts, outcomes, strict=True))
    free([row.key for (row, _), outcome in results if is_settled(outcome, ORDERED)])
    for (row, draft), outcome in results:
        if isinstance(outcome, Exception) and not is_settled(outcome, ORDERED):
            where = {"organ": row.organ, "item": row.item, "batch": row.batch}
            stick(row.key, outcome, at=at or draft.at, **where)
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _drafts(rows: Sequence[LicenceRow]) -> list[tuple[LicenceRow, Draft | None]]:
    versions = queries.newest_versions(rows)
    acts = _acts(rows, versions)
    made_by = {(row.type, row.type_version) for row in rows}
    contents = {which: queries.type_version(*which) for which in made_by}
    return [
        (row, _draft(row, versions[row.key], contents[row.type, row.type_version], acts[row.key]))
        for row in rows
    ]


def _acts(rows: Sequence[LicenceRow], versions: dict[str, VersionRow]) -> dict[str, Any]:
    """Return the act that gave each licence its newest version: a decision, or one on itself."""
    decided = [row.key for row in rows if versions[row.key].why == "granted"]
    later = [row.key for row in rows if versions[row.key].why != "granted"]
    of_cases = histories([f"case/{key}" for key in decided])
    of_licences = histories([f"licence/{key}" for key in later])
    acts: dict[str, Any] = {}
    for key in decided:
        events = [one.event for one in of_cases.get(f"case/{key}", [])]
        acts[key] = next((e for e in reversed(events) if isinstance(e, cases.CaseDecided)), None)
    for key in later:
        index = versions[key].index
        acts[key] = next(one.event for one in of_licences[f"licence/{key}"] if one.index == index)
    return acts


def _draft(row: LicenceRow, version: VersionRow, content: TypeContent, act: Any) -> Draft | None:
    """Return what is to be printed; None where it has been erased."""
    if ERASED in (version.identifier, version.holder_name, version.values) or act is None:
        return None
    grounds, user = _grounds(row, version, act)
    face = Face(
        content=content,
        identifier=version.identifier,
        number=row.number,
        holder=Holder(
            kind=row.holder_kind, id=row.holder, name=row.holder_name, number=row.holder_number
        ),
        values=queries.values_of(version),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        dated=civil_day(version.registered_at),
        grounds=grounds,
    )
    return Draft(
        key=paper_key(row.key, row.version),
        paper=PaperKind.LICENCE,
        about=f"licence/{row.key}",
        cause=version.index,
        batch=row.batch,
        organ=row.organ,
        word=WORD,
        item=row.item,
        user=user,
        owner=_owner(row),
        sheet=compose(face),
        at=version.registered_at,
    )


def _grounds(row: LicenceRow, version: VersionRow, act: Any) -> tuple[str, str]:
    """Return the small print, and who uses the seal; empty: whoever keeps it."""
    day = civil_day(act.at)
    if isinstance(act, licences.LicenceDeemedRenewed):
        return deemed(case=act.case), ""
    if isinstance(act, licences.LicenceReissued):
        letter = act.by.authority.letter_no
        why = ReissueReason(version.why)
        words = reissued(why=why, day=day, version=row.version, letter_no=letter)
        return words, act.by.person
    letter = act.authority.letter_no
    return granted(case=row.key, day=day, letter_no=letter), act.officer.person


def order_notices(heard: Sequence[Heard]) -> int:
    """Order the papers of revocations: 拟撤销告知, 撤销决定. Return how many.

    Asked for twice, it is refused the second time.
    """
    rows = queries.licences_with([_key(one) for one in heard])
    named = [(one, rows[_key(one)]) for one in heard if _key(one) in rows]
    outcomes = papers.order([_notice(one, row) for one, row in named if row.holder_name != ERASED])
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not is_settled(outcome, ORDERED):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _key(heard: Heard) -> str:
    return heard.stream.partition("/")[2]


def _notice(heard: Heard, row: LicenceRow) -> Draft:
    event: licences.RevocationTold | licences.LicenceRevoked = heard.event
    affected = Affected(
        name=row.name,
        number=row.number,
        case=row.key,
        organ_name=row.organ_name,
        holder_name=row.holder_name,
        organisation=row.holder_kind == "organisation",
    )
    paper, word, sheet = _worded(affected, event, heard.index)
    return Draft(
        key=f"{row.key}-R{heard.index}",
        paper=paper,
        about=f"licence/{row.key}",
        cause=heard.index,
        organ=row.organ,
        word=word,
        item=row.item,
        user=event.by.person,
        owner=_owner(row),
        sheet=sheet,
        at=event.at,
    )


def _worded(
    licence: Affected, event: licences.RevocationTold | licences.LicenceRevoked, index: int
) -> tuple[PaperKind, str, Sheet]:
    """Return what paper it is, its word in the register, and what it says."""
    if isinstance(event, licences.RevocationTold):
        return PaperKind.TO_BE_REVOKED, NOTICE_WORD, to_be_revoked(licence, event)
    answered, where = _answered(licence.case, index), _remedies(licence.case)
    sheet = revoked(licence, event, answered=answered, where=where)
    return PaperKind.REVOKED, DECISION_WORD, sheet


def _answered(key: str, index: int) -> bool:
    """Whether the holder had answered when, at this entry, it was revoked."""
    before = [one.event for one in history(f"licence/{key}") if one.index < index]
    told = max(n for n, event in enumerate(before) if isinstance(event, licences.RevocationTold))
    return any(isinstance(event, licences.RevocationAnswered) for event in before[told:])


def _remedies(key: str) -> Remedies:
    """Return whom its holder turns to, by the item's version the grant rests on."""
    [filed] = [e.event for e in history(f"case/{key}") if isinstance(e.event, cases.CaseFiled)]
    content = catalogue.version(filed.terms.item, filed.terms.version)
    return remedies_at(content.authority_level)


def _owner(row: LicenceRow) -> str:
    """Return in whose vault the file lies: the holder's, or whoever's who filed."""
    if row.holder_kind == "person" and row.holder:
        return row.holder
    return row.agent or row.applicant
