"""Making papers (制作文书): typeset, sealed, checked, kept, issued.

A worker may die between any two lines. What it leaves is a file nobody recorded, and a row that
names it; the next try makes another, and `tidy` removes the first. A paper is issued once
whatever happens: the second file of the same paper is refused by the rules.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import new, sha256

from django.conf import settings

from mingtang.core import papers
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.mandates import Mandate
from mingtang.core.papers import File, PaperKind
from mingtang.core.seals import Seal
from mingtang.ledger.enact import enact, known_state
from mingtang.ledger.orders import Order, Receipt
from mingtang.papers import queries
from mingtang.papers.ports.typesetting import SEAL_MM, typeset
from mingtang.papers.projection import PAPER
from mingtang.papers.queries import KeptFileRow, MakingRow, PaperRow
from mingtang.trust import queries as trust
from mingtang.trust.ports.checking import check
from mingtang.trust.ports.sealing import Place, sealer
from mingtang.vault import actions as vault

log = logging.getLogger(__name__)
AT_ONCE = 25  # papers that share a commit
POINTS = 72 / 25.4  # in a millimetre
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
LEFT_BEHIND = timedelta(minutes=30)  # a try is over by then, one way or the other


@dataclass(frozen=True, slots=True)
class _Made:
    """A file that is ready to be recorded."""

    row: PaperRow
    file: File
    content: str


def make_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Make what is ordered and due (制作到期的文书); return how many were issued.

    Each paper stands alone: one that cannot be made now says why, and holds up nobody.
    """
    made = [one for row in queries.to_make(at=at, limit=limit) if (one := _try(row, at))]
    outcomes = enact([Order(PAPER, one.row.key, _issue(one, at)) for one in made])
    for one, outcome in zip(made, outcomes, strict=True):
        if isinstance(outcome, Receipt):
            _finish(one.row.key, one.file.id)
        else:
            _drop(one.file.id)
            _note(one.row.key, outcome, at)
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)


def _try(row: PaperRow, at: datetime) -> _Made | None:
    try:
        return _make(row, at)
    except Exception as error:  # whatever it is, the others go on
        _note(row.key, error, at)
        return None


def _make(row: PaperRow, at: datetime) -> _Made:
    """Make the file of one paper. Raises Refused where it may not be sealed now."""
    seal, mandate = authority_over(row, at)
    state = known_state(PAPER, row.key).state
    papers.require_sealable(state, seal, mandate, at=at)
    sheet = queries.sheet_of(row)
    if seal is None or sheet is None:
        raise Refused("paper.erased")
    page = typeset(sheet, address=address_of(sheet.code), test=seal.certificate.test)
    spot = page.spot
    place = Place(spot.page, spot.x, spot.y, SEAL_MM[sheet.layout] * POINTS)
    reason = f"{sheet.title} {sheet.number}"
    way = sealer(seal.certificate.sealer)
    pdf = way.seal(page.pdf, seal=seal, place=place, at=at, reason=reason)
    _require_good(pdf, seal)
    return _Made(row, _kept(row, pdf, at), sha256(page.pdf).hexdigest())


def authority_over(row: PaperRow, at: datetime) -> tuple[Seal | None, Mandate | None]:
    """Return the seal of a paper's organ and the letter it would be used under at this moment."""
    seal = trust.seal_of(row.organ)
    day = civil_day(at)
    return seal, trust.mandate_to_seal(user=row.user, seal=seal, item=row.item, day=day)


def address_of(code: str) -> str:
    """Return what the QR says: where anybody checks this paper."""
    return f"{settings.URL}/check/{code}/"


def _require_good(pdf: bytes, seal: Seal) -> None:
    """Nothing says success before it was verified: check our own work as a stranger would."""
    found = check(pdf)
    sound = found.intact and found.whole and found.trusted and not found.problem
    if not sound or found.fingerprint != seal.certificate.fingerprint:
        raise Refused("paper.not-sound", problem=found.problem or "paper.stranger")


def _kept(row: PaperRow, pdf: bytes, at: datetime) -> File:
    id = vault.new_document()
    KeptFileRow.objects.create(file=id, key=row.key, kept_at=at)
    name = f"{row.title} {row.number}.pdf"
    vault.keep_document(owner="", name=name, chunks=[pdf], at=at, id=id)
    return File(
        id=id,
        sha256=sha256(pdf).hexdigest(),
        sm3=new("sm3", pdf).hexdigest(),
        size=len(pdf),
    )


def _issue(made: _Made, at: datetime) -> Callable[[], papers.IssuePaper]:
    """Return what asks the rules to issue it, with seal and letter as of its place in the log."""

    def command() -> papers.IssuePaper:
        seal, mandate = authority_over(made.row, at)
        return papers.IssuePaper(
            file=made.file, content=made.content, seal=seal, mandate=mandate, at=at
        )

    return command


def _finish(key: str, file: str) -> None:
    """Put a licence among its holder's own documents; nothing is left to be made."""
    row = queries.paper(key)
    if row and row.paper == PaperKind.LICENCE and row.owner:
        vault.give_document(id=file, owner=row.owner)
    KeptFileRow.objects.filter(pk=file).delete()
    MakingRow.objects.filter(key=key).delete()


def _drop(file: str) -> None:
    vault.drop_document(file)
    KeptFileRow.objects.filter(pk=file).delete()


def _note(key: str, error: Exception, at: datetime) -> None:
    """Say what stands in the way, and when it is tried again."""
    if isinstance(error, Refused) and error.code == "paper.already-issued":
        MakingRow.objects.filter(key=key).delete()
        return
    if not isinstance(error, Refused):
        log.error("paper %s cannot be made", key, exc_info=error)
    trouble, _ = MakingRow.objects.get_or_create(key=key)
    trouble.attempts += 1
    trouble.code = error.code if isinstance(error, Refused) else "paper.failed"
    facts = error.facts if isinstance(error, Refused) else {}
    trouble.facts = {name: str(fact) for name, fact in facts.items()}
    trouble.tried_at = at
    trouble.next_try_at = at + min(FIRST_WAIT * 2 ** min(trouble.attempts - 1, 8), LONGEST_WAIT)
    trouble.save()


def try_again(organs: Sequence[str]) -> None:
    """Try the papers of these organs at once: a seal or a letter has changed."""
    keys = [row.key for row, trouble in queries.waiting(organs) if trouble]
    MakingRow.objects.filter(key__in=keys).update(next_try_at=None)


def tidy(*, at: datetime) -> int:
    """Remove what killed workers left behind; return how many files went."""
    removed = 0
    for kept in queries.files_kept(before=at - LEFT_BEHIND):
        row = queries.paper(kept.key)
        if row and row.file == kept.file:
            _finish(kept.key, kept.file)
        else:
            _drop(kept.file)
            removed += 1
    return removed
