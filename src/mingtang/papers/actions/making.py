"""Making papers (制作文书): typeset, sealed, checked, kept, issued.

A worker may die between any two lines. What it leaves is a file no paper names and a row that
names the file: the next try makes another, `tidy` removes the first. A paper is issued once
whatever happens, for the rules refuse the second file; whoever made it removes it again.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import new, sha256
from typing import TypeVar

from django.conf import settings
from django.db.models import Q

from mingtang.core import papers
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.mandates import Mandate
from mingtang.core.papers import File, PaperKind
from mingtang.core.seals import Seal, use_in_words
from mingtang.core.sheets import Sheet
from mingtang.ledger.enact import enact
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.papers import queries
from mingtang.papers.ports.typesetting import SEAL_MM, Typeset, typeset
from mingtang.papers.projection import PAPER
from mingtang.papers.queries import Commission, KeptFileRow, MakingRow, PaperRow
from mingtang.trust import queries as trust
from mingtang.trust.ports.checking import check
from mingtang.trust.ports.sealing import Place, sealer
from mingtang.vault import actions as vault

T = TypeVar("T")
log = logging.getLogger(__name__)
AT_ONCE = 25  # papers that share a commit
POINTS = 72 / 25.4  # in a millimetre
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
NOT_ALLOWED_WAIT = timedelta(minutes=5)  # a changed seal or letter does not wait for it
LEFT_BEHIND = timedelta(minutes=30)  # a try is over by then, one way or the other
FOR_GOOD = ("paper.erased", "paper.glyph-missing")  # trying again alone changes nothing


def make_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Make what is ordered and due (制作到期的文书); return how many were issued.

    Each paper stands alone: one that cannot be made now says why, and holds up nobody.
    """
    due = queries.to_make(at=at, limit=limit)
    return sum(
        _make_together(due[start : start + AT_ONCE], at) for start in range(0, len(due), AT_ONCE)
    )


def _make_together(commissions: Sequence[Commission], at: datetime) -> int:
    """Make these papers and issue them in one commit; return how many were issued.

    While one is sealed and checked, the next is set: the typesetter lets go of the interpreter.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="typesetter") as typesetter:
        begun = [_try(_begin, one.row.key, at, one, typesetter) for one in commissions]
        made = [_try(_finish, one.row.key, at, one) for one in begun if one]
    kept = _keep([one for one in made if one], at)
    outcomes = enact([Order(PAPER, one.row.key, _command(one, at)) for one in kept])
    issued = [
        one for one, outcome in zip(kept, outcomes, strict=True) if _succeeded(one, outcome, at)
    ]
    _settle([one.row for one in issued], [one.file.id for one in issued])
    return len(issued)


# ── One file ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Made:
    """A sealed file that was checked."""

    row: PaperRow
    pdf: bytes
    file: File
    content: str  # SHA-256 of the page before the seal was set, hex
    use: str  # what it says about seal and letter


@dataclass(frozen=True, slots=True)
class _Begun:
    """A paper that is being set, under the seal and the letter it will name."""

    row: PaperRow
    sheet: Sheet
    seal: Seal
    use: str
    page: Future[Typeset]


def _try(step: Callable[..., T], key: str, at: datetime, *what: object) -> T | None:
    """Take one step of making a paper, or say what stands in its way."""
    try:
        return step(*what, at)
    except Exception as error:  # whatever it is, the others go on
        _note(key, error, at)
        return None


def _begin(commission: Commission, typesetter: Executor, at: datetime) -> _Begun:
    """Begin a paper. Raises Refused where it may not be sealed now."""
    row, sheet = commission.row, commission.sheet
    seal, mandate = _authority(row, at)
    papers.require_sealable(commission.state, seal, mandate, at=at)
    if sheet is None:
        raise Refused("paper.erased")
    assert seal is not None
    assert mandate is not None
    use = use_in_words(seal, mandate)
    page = typesetter.submit(
        typeset,
        replace(sheet, notes=(*sheet.notes, use)),
        address=address_of(sheet.code),
        test=seal.certificate.test,
        tracking=tracking_of(row),
    )
    return _Begun(row, sheet, seal, use, page)


def _finish(begun: _Begun, at: datetime) -> _Made:
    """Seal a paper and check it."""
    row, sheet, seal, page = begun.row, begun.sheet, begun.seal, begun.page.result()
    spot, diameter = page.spot, SEAL_MM[sheet.layout] * POINTS
    pdf = sealer(seal.certificate.sealer).seal(
        page.pdf,
        seal=seal,
        place=Place(page=spot.page, x=spot.x, y=spot.y, diameter=diameter),
        at=at,
        reason=f"{sheet.title} {sheet.number}",
    )
    _require_sound(pdf, seal)
    return _Made(row, pdf, _file(pdf), sha256(page.pdf).hexdigest(), begun.use)


def _authority(row: PaperRow, at: datetime) -> tuple[Seal | None, Mandate | None]:
    """Return the seal of the paper's organ and the letter it would be used under at `at`."""
    seal, day = trust.seal_of(row.organ), civil_day(at)
    return seal, trust.mandate_to_seal(user=row.user, seal=seal, item=row.item, day=day)


def address_of(code: str) -> str:
    """Return what the QR says: where anybody checks this paper."""
    return f"{settings.URL}/check/{code}/"


def tracking_of(row: PaperRow) -> str:
    """Return where a receipt leads whoever follows the case; other papers lead nowhere.

    The address of the rating stands on no paper: officers of the case can read its papers, and
    the token is for whoever was served alone (docs/adr/0025).
    """
    family, _slash, number = row.about.partition("/")
    if row.paper != PaperKind.RECEIVED or family != "case":
        return ""
    return f"{settings.URL}/cases/track/?number={number}"


def _require_sound(pdf: bytes, seal: Seal) -> None:
    """Check our own work as a stranger would: nothing says success before it was verified."""
    found = check(pdf)
    sound = found.intact and found.whole and found.trusted and not found.problem
    same = found.fingerprint == seal.certificate.fingerprint
    require(sound and same, "paper.not-sound", problem=found.problem or "paper.stranger")


def _file(pdf: bytes) -> File:
    return File(
        id=vault.new_document(),
        sha256=sha256(pdf).hexdigest(),
        sm3=new("sm3", pdf).hexdigest(),
        size=len(pdf),
    )


# ── Kept and issued ─────────────────────────────────────────────────────────


def _keep(made: Sequence[_Made], at: datetime) -> list[_Made]:
    """Keep these files in the vault, each named in a row before it is there; return them."""
    KeptFileRow.objects.bulk_create(
        KeptFileRow(file=one.file.id, key=one.row.key, kept_at=at) for one in made
    )
    return [one for one in made if _is_kept(one, at)]


def _is_kept(made: _Made, at: datetime) -> bool:
    name = f"{made.row.title} {made.row.number}.pdf"
    try:
        vault.keep_document(owner="", name=name, chunks=[made.pdf], at=at, id=made.file.id)
    except Exception as error:  # a full disk is no reason to forget the others; `tidy` goes after
        _note(made.row.key, error, at)
        return False
    return True


def _command(made: _Made, at: datetime) -> Callable[[], papers.IssuePaper]:
    """Return what asks the rules to issue it, with seal and letter as of its place in the log."""

    def command() -> papers.IssuePaper:
        require(queries.is_kept(made.file.id), "paper.given-up")
        seal, mandate = _authority(made.row, at)
        _require_as_printed(made, seal, mandate)
        return papers.IssuePaper(
            file=made.file, content=made.content, seal=seal, mandate=mandate, at=at
        )

    return command


def _require_as_printed(made: _Made, seal: Seal | None, mandate: Mandate | None) -> None:
    """Refuse where the paper names another seal or letter than would now be recorded."""
    if seal is not None and mandate is not None:
        require(use_in_words(seal, mandate) == made.use, "paper.authority-changed")


def _succeeded(made: _Made, outcome: Outcome, at: datetime) -> bool:
    """Whether the paper was issued with this file; otherwise the file goes again."""
    if isinstance(outcome, Receipt):
        return True
    _drop(made.file.id)
    _note(made.row.key, outcome, at)
    return False


def _settle(rows: Sequence[PaperRow], files: Sequence[str]) -> None:
    """Put licences among their holders' own documents; nothing is left to be made."""
    for row, file in zip(rows, files, strict=True):
        if row.paper == PaperKind.LICENCE and row.owner:
            vault.give_document(id=file, owner=row.owner)
    KeptFileRow.objects.filter(pk__in=files).delete()
    MakingRow.objects.filter(pk__in=[row.key for row in rows]).delete()


def _drop(file: str) -> None:
    vault.drop_document(file)
    KeptFileRow.objects.filter(pk=file).delete()


# ── What stands in the way ──────────────────────────────────────────────────


def _note(key: str, error: Exception, at: datetime) -> None:
    """Say what stands in a paper's way, and when it is tried again."""
    if isinstance(error, Refused) and error.code == "paper.already-issued":
        return  # another worker was faster
    refusal = error if isinstance(error, Refused) else _unexpected(key, error)
    tried = MakingRow.objects.filter(pk=key).first()
    attempts = tried.attempts + 1 if tried else 1
    said = {
        "attempts": attempts,
        "code": refusal.code,
        "facts": {name: _plain(fact) for name, fact in refusal.facts.items()},
        "tried_at": at,
        "next_try_at": _next_try(refusal.code, attempts, at),
    }
    MakingRow.objects.update_or_create(key=key, defaults=said)


def _plain(fact: object) -> object:
    """Return a fact as JSON holds it: several in a row, or text."""
    return list(map(str, fact)) if isinstance(fact, list | tuple) else str(fact)


def _unexpected(key: str, error: Exception) -> Refused:
    log.error("paper %s cannot be made", key, exc_info=error)
    return Refused("paper.not-made")


def _next_try(code: str, attempts: int, at: datetime) -> datetime | None:
    if code in FOR_GOOD:
        return None
    if code.startswith(("seal.", "mandate.")) and code != "seal.sealer-unavailable":
        return at + NOT_ALLOWED_WAIT
    wait: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 10)
    return at + min(wait, LONGEST_WAIT)


def try_again(*, at: datetime, organs: Sequence[str] | None = None) -> int:
    """Try at once what stands still (重新制作), of these organs or of all; return how many."""
    keys = queries.waiting(organs).values("key")
    return MakingRow.objects.filter(pk__in=keys).update(next_try_at=at)


def try_what_was_not_allowed(*, at: datetime) -> int:
    """Try at once what a seal or a letter did not carry; return how many papers that are."""
    not_allowed = Q(code__startswith="seal.") | Q(code__startswith="mandate.")
    return MakingRow.objects.filter(not_allowed).update(next_try_at=at)


# ── What killed workers left ────────────────────────────────────────────────


def tidy(*, at: datetime) -> int:
    """Remove files killed workers left behind (清理残留); return how many went."""
    removed = 0
    for kept in queries.files_kept():
        row = queries.held_document(kept.file)
        if row is not None:
            _settle([row], [kept.file])
        elif kept.kept_at < at - LEFT_BEHIND:
            removed += _given_up(kept)
    return removed


def _given_up(kept: KeptFileRow) -> bool:
    """Whether a file went for good: whoever was just issuing a paper with it goes first."""
    KeptFileRow.objects.filter(pk=kept.file).update(given_up=True)
    if queries.held_document(kept.file) is not None:
        return False
    _drop(kept.file)
    return True
