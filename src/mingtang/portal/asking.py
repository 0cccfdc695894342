"""What somebody typed off a paper (核验码、证照标识), however they typed it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from mingtang.core.licences.identifier import (
    ROOT,
    SIGNS,
    Identifier,
    NotAnIdentifier,
    check_sign,
    parse_identifier,
)
from mingtang.ledger import numbers

CODE_LENGTH = 16
CODE_SIGNS = frozenset(numbers.SIGNS)
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PLACE = "/CHECK/"  # in the address of a QR code
_DOTS = str.maketrans(dict.fromkeys("。．・·•‧", "."))
_BARE_ROOT = ROOT.replace(".", "")
TYPE, ISSUER, VERSION = 21, 18, 3  # signs, as platforms of this kind write them
LONGEST_SERIAL = 20


class Wrong(StrEnum):
    """Why what was typed is neither a check code nor an identifier."""

    NOTHING = "nothing"
    CHECK_SIGN = "check-sign"  # an identifier, but for its check character
    IDENTIFIER = "identifier"  # it begins like one
    LENGTH = "length"  # like a check code, but not of 16 signs
    SIGNS = "signs"


@dataclass(frozen=True, slots=True)
class Code:
    """A check code (核验码): 16 signs, capital, O, I and L read as what they stand for."""

    signs: str

    def __str__(self) -> str:
        return "-".join(self.signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def understood(typed: str) -> Code | Identifier | Wrong:
    """Return what was meant. Dots, spaces, hyphens, full-width signs and small letters are
    forgiven; so is the whole address out of a QR code."""
    text = _plain(typed)
    bare = text.replace(".", "")
    if not bare:
        return Wrong.NOTHING
    if bare.startswith(_BARE_ROOT) and len(bare) > CODE_LENGTH:
        return _identifier(text, bare)
    return code_of(typed) or _not_a_code(bare)


def code_of(typed: str) -> Code | None:
    """Return the check code that was typed, or None where it can be none."""
    signs = _plain(typed).replace(".", "").translate(_READ_AS)
    return Code(signs) if len(signs) == CODE_LENGTH and CODE_SIGNS.issuperset(signs) else None


def _plain(typed: str) -> str:
    """Return letters, digits and dots of what was typed, and whatever else is no separator."""
    text = unicodedata.normalize("NFKC", typed).upper().translate(_DOTS)
    text = text.rpartition(_PLACE)[2].rstrip("/")
    return "".join(sign for sign in text if not _separates(sign))


def _separates(sign: str) -> bool:
    """Spaces, hyphens and dashes, and what cannot be seen."""
    return unicodedata.category(sign) in ("Zs", "Cc", "Cf", "Pd")


def _identifier(text: str, bare: str) -> Identifier | Wrong:
    try:
        return parse_identifier(text)
    except NotAnIdentifier:
        return _without_dots(bare.removeprefix(_BARE_ROOT))


def _without_dots(body: str) -> Identifier | Wrong:
    """Return the identifier whose parts were run together; its issuer is a USCC of 18 signs."""
    serial = len(body) - TYPE - ISSUER - VERSION - 1
    version = body[-VERSION - 1 : -1]
    proper = 0 < serial <= LONGEST_SERIAL and version.isdigit() and not set(body) - set(SIGNS)
    if not proper:
        return Wrong.IDENTIFIER
    if check_sign(body[:-1]) != body[-1]:
        return Wrong.CHECK_SIGN
    return Identifier(
        type=body[:TYPE],
        issuer=body[TYPE : TYPE + ISSUER],
        serial=body[TYPE + ISSUER : -VERSION - 1],
        version=int(version),
    )


def _not_a_code(bare: str) -> Wrong:
    return Wrong.SIGNS if set(bare) - set(SIGNS) or len(bare) == CODE_LENGTH else Wrong.LENGTH
