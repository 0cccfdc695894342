"""What a public check finds (核验结论), put together from what is known. No request, no table.

A finding holds what is printed on the paper and nothing else: no phone, no documents, nothing of
the case. Whoever typed an identifier has not shown that they hold the paper, so a natural
person's name is masked for them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from mingtang.core.clock import civil_day
from mingtang.core.licences import Stage, shown
from mingtang.core.seals import Seal
from mingtang.core.wire import ERASED
from mingtang.ui.formats import masked

PERSON = "person"


class Original(StrEnum):
    """原件: what was found out about the file in hand."""

    SAME = "same"  # byte for byte the file that was issued
    UNSEEN = "unseen"  # only the record was asked
    UNKNOWN = "unknown"  # nothing on record by this code, identifier or digest
    NOT_A_PDF = "not-a-pdf"
    NOT_SEALED = "not-sealed"
    ALTERED = "altered"  # the seal does not hold
    APPENDED = "appended"  # the seal holds, and does not cover the end of the file
    STRANGER = "stranger"  # sealed by an authority nobody here recognises
    OTHER_SEAL = "other-seal"  # by a recognised one, but no seal of this platform
    NOT_ISSUED = "not-issued"  # by a seal of this platform, and never issued


# What `trust.ports.checking` calls it.
PROBLEMS = {
    "paper.not-a-pdf": Original.NOT_A_PDF,
    "paper.not-sealed": Original.NOT_SEALED,
    "paper.altered": Original.ALTERED,
    "paper.appended": Original.APPENDED,
    "paper.stranger": Original.STRANGER,
}


class Standing(StrEnum):
    """今天的效力."""

    ISSUED = "issued"  # a notice: it states an act, and has no term
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REPLACED = "replaced"  # by a newer version, or by another licence


GOOD = (Standing.ISSUED, Standing.VALID)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is printed on it, and what the record says of its issue."""

    title: str
    number: str
    addressee: str
    issued_at: datetime
    index: int  # of the entry
    sha256: str
    certificate: str  # fingerprint, at the time
    test: bool
    letter_no: str
    masked: bool = False  # the addressee's name is not shown in full


@dataclass(frozen=True, kw_only=True)
class Licence:
    """How the licence stands on whose paper somebody looks, of the version in hand."""

    state: str  # as `core.licences.shown` says, or replaced where there is a newer version
    since: datetime  # of the licence's last turn
    newer: bool  # there is a newer version of it
    turned: bool  # the last turn is what made it stand so
    holder_kind: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Today:
    """今天的效力. `since`: the civil day it came to stand so, where that is known."""

    standing: Standing
    since: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    newer: bool = False  # there is a newer version of the same licence


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """By whom. `seal` is None for a stranger's: then there is only what its certificate says."""

    seal: Seal | None
    fingerprint: str
    signer: str = ""
    signed_at: datetime | None = None
    test: bool = False
    changed: date | None = None  # since when it is suspended or destroyed


@dataclass(frozen=True, kw_only=True)
class Finding:
    original: Original
    paper: Paper | None = None
    sealed: Sealed | None = None
    today: Today | None = None

    @property
    def found(self) -> bool:
        return self.paper is not None

    @property
    def lamp(self) -> str:
        """Return "good", "warn" or "bad": the worst of what was found."""
        if self.original is Original.UNKNOWN:
            return "warn"
        if self.today is None or self.today.standing not in GOOD:
            return "bad"
        return "warn" if self.sealed is None or self.sealed.test else "good"


def on_record(
    paper: Paper,
    *,
    original: Original,
    sealed: Sealed,
    licence: Licence | None,
    today: date,
) -> Finding:
    """Return what is found where the paper is on record."""
    return Finding(original=original, paper=paper, sealed=sealed, today=standing_of(licence, today))


def by_identifier(finding: Finding, holder_kind: str) -> Finding:
    """Return what may be shown to somebody who typed a licence's identifier."""
    paper = finding.paper
    if paper is None or holder_kind != PERSON or paper.addressee == ERASED:
        return finding
    name = masked(paper.addressee, "name")
    return replace(finding, paper=replace(paper, addressee=name, masked=True))


def not_on_record(problem: str, sealed: Sealed | None) -> Finding:
    """Return what is found of a file that was never issued. `problem`: of `trust`, or empty."""
    original = PROBLEMS.get(problem)
    if original is None:
        known = sealed is not None and sealed.seal is not None
        original = Original.NOT_ISSUED if known else Original.OTHER_SEAL
    return Finding(original=original, sealed=sealed)


UNKNOWN = Finding(original=Original.UNKNOWN)


# ── How a licence stands ────────────────────────────────────────────────────


def standing_of(licence: Licence | None, today: date) -> Today:
    """Return how a paper stands today; without a licence it is a notice."""
    if licence is None:
        return Today(standing=Standing.ISSUED)
    standing = _standing(licence, today)
    return Today(
        standing=standing,
        since=_since(licence, standing),
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
        newer=licence.newer,
    )


def _standing(licence: Licence, today: date) -> Standing:
    if licence.state == Stage.MAKING:  # its paper is issued a moment before it hears of it
        return Standing(shown(Stage.VALID, licence.valid_to, today))
    return Standing(licence.state)


def _since(licence: Licence, standing: Standing) -> date | None:
    if standing is Standing.EXPIRED:
        return licence.valid_to
    if standing in GOOD or not licence.turned:
        return None
    return civil_day(licence.since)
