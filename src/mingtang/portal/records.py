"""Findings out of the record (核验): by check code, by a licence's identifier, by the file itself.

A paper that was ordered and not issued is as unknown as one that never was: nobody holds it.
"""

from datetime import date
from hashlib import sha256
from typing import TypeGuard

from mingtang.core import seals
from mingtang.core.clock import civil_day
from mingtang.core.licences import Stage
from mingtang.core.licences.identifier import Identifier
from mingtang.core.papers import PaperKind
from mingtang.licences import queries as licences
from mingtang.papers import queries as papers
from mingtang.papers.queries import PaperRow
from mingtang.portal import checking
from mingtang.portal.asking import Code
from mingtang.portal.checking import Finding, Licence, Original, Paper, Sealed
from mingtang.trust import queries as trust
from mingtang.trust.ports.checking import Checked, check


def by_code(code: Code | None, *, today: date) -> Finding:
    """Return what is on record by a check code; whatever cannot be one is looked up, too."""
    return _of_row(papers.by_code(code.signs if code else "-"), Original.UNSEEN, today)


def by_digest(digest: str, *, today: date) -> Finding:
    """Return what is on record of the file with this SHA-256, hex."""
    return _of_row(papers.by_digest(digest), Original.SAME, today)


def by_identifier(identifier: Identifier, *, today: date) -> Finding:
    """Return what is on record by a licence's identifier, names of persons masked."""
    licence = licences.check_by_identifier(str(identifier), today=today)
    row = papers.paper(licence.paper) if licence else None
    if licence is None or not _issued(row):
        return checking.UNKNOWN
    found = _found(row, Original.UNSEEN, licence, today)
    return checking.by_identifier(found, licence.holder_kind)


def by_file(pdf: bytes, *, today: date) -> Finding:
    """Return what a whole file is worth (完整核验): on record, or what is wrong with it."""
    known = by_digest(sha256(pdf).hexdigest(), today=today)
    return known if known.found else _unrecorded(check(pdf))


def _of_row(row: PaperRow | None, original: Original, today: date) -> Finding:
    if not _issued(row):
        return checking.UNKNOWN
    of_licence = row.paper == PaperKind.LICENCE
    licence = licences.licence_of_paper(row.key, today=today) if of_licence else None
    return _found(row, original, licence, today)


def _issued(row: PaperRow | None) -> TypeGuard[PaperRow]:
    return row is not None and row.issued_at is not None


def _found(
    row: PaperRow, original: Original, licence: licences.Checked | None, today: date
) -> Finding:
    return checking.on_record(
        _printed(row),
        original=original,
        sealed=_sealed(row.certificate, test=bool(row.test)),
        licence=_standing(licence) if licence else None,
        today=today,
    )


def _standing(licence: licences.Checked) -> Licence:
    newer = licence.version < licence.newest
    return Licence(
        state=licence.state,
        since=licence.since,
        newer=newer,
        turned=not newer or licence.stage is not Stage.SUSPENDED,
        holder_kind=licence.holder_kind,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
    )


def _printed(row: PaperRow) -> Paper:
    assert row.issued_at is not None
    assert row.issued_index is not None
    return Paper(
        title=row.title,
        number=row.number,
        addressee=row.addressee,
        issued_at=row.issued_at,
        index=row.issued_index,
        sha256=row.sha256,
        certificate=row.certificate,
        test=bool(row.test),
        letter_no=row.letter_no,
    )


def _unrecorded(checked: Checked) -> Finding:
    if not checked.fingerprint:
        return checking.not_on_record(checked.problem, None)
    sealed = _sealed(checked.fingerprint, test=checked.test, checked=checked)
    # Who sealed what was altered afterwards is no news: anybody may be named there.
    return checking.not_on_record(checked.problem, None if not checked.intact else sealed)


def _sealed(fingerprint: str, *, test: bool, checked: Checked | None = None) -> Sealed:
    seal = trust.seal_with(fingerprint)
    return Sealed(
        seal=seal,
        fingerprint=fingerprint,
        signer=checked.signer if checked else "",
        signed_at=checked.signed_at if checked else None,
        test=test,
        changed=_changed(seal) if seal else None,
    )


def _changed(seal: seals.Seal) -> date | None:
    """Return since when a seal is suspended or destroyed; None while it is in use."""
    if seal.standing is seals.Standing.ACTIVE:
        return None
    rows = trust.seals_of([seal.organ])
    at = next((row.changed_at for row in rows if row.seal_no == seal.seal_no), None)
    return civil_day(at) if at else None
