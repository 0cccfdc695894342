"""Which seal a department has, where it stands, and under which letter somebody may use it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from mingtang.core import mandates
from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.seals import Certificate, Seal, Standing
from mingtang.ledger.memory import until_changed
from mingtang.ledger.replay import Written, history
from mingtang.people import queries as people
from mingtang.trust.models import SealRow

__all__ = ["SealRow"]

# ── Seals ───────────────────────────────────────────────────────────────────


@until_changed("seal")
def seal_of(organ: str) -> Seal | None:
    """Return the organ's seal that is not destroyed (本机关印章), suspended or not."""
    row = SealRow.objects.filter(organ=organ).exclude(standing=Standing.DESTROYED).first()
    return as_seal(row) if row else None


@until_changed("seal")
def seal_with(fingerprint: str) -> Seal | None:
    """Return the seal that has, or had, the certificate of this fingerprint."""
    row = SealRow.objects.filter(fingerprint=fingerprint).first()
    return as_seal(row) if row else None


def seal(key: str) -> SealRow | None:
    return SealRow.objects.filter(pk=key).first()


def seals(*, words: str = "") -> list[SealRow]:
    """Return every seal there ever was, by organ, the newest first.

    `words`: part of the organ's name, of the seal's number, or the beginning of the fingerprint,
    with or without signs between its digits.
    """
    rows = SealRow.objects.order_by("organ_name", "organ", "-made_index")
    if words:
        digits = "".join(sign for sign in words.lower() if sign.isalnum())
        named = Q(organ_name__contains=words) | Q(seal_no__contains=words)
        rows = rows.filter(named | Q(fingerprint__startswith=digits) if digits else named)
    return list(rows)


def seals_of(organs: Sequence[str]) -> list[SealRow]:
    """Return every seal these organs ever had, the newest first."""
    return list(SealRow.objects.filter(organ__in=organs).order_by("organ", "-made_index"))


def kept_by(person: str) -> list[SealRow]:
    """Return the seals this person keeps today."""
    rows = SealRow.objects.filter(custodian=person).exclude(standing=Standing.DESTROYED)
    return list(rows.order_by("organ_name"))


def seals_made(organ: str) -> int:
    """Return how many seals the organ ever had."""
    return SealRow.objects.filter(organ=organ).count()


def as_seal(row: SealRow) -> Seal:
    """Return a seal's row as what the rules know."""
    return Seal(
        seal_no=row.seal_no,
        organ=row.organ,
        organ_name=row.organ_name,
        name=row.name,
        certificate=Certificate(
            fingerprint=row.fingerprint,
            issuer=row.issuer,
            sealer=row.sealer,
            test=row.test,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        ),
        custodian=row.custodian,
        standing=Standing(row.standing),
    )


def history_of(key: str) -> list[Written]:
    """Return everything that happened to a seal, in order."""
    return history(f"seal/{key}")


# ── Who may use it ──────────────────────────────────────────────────────────


def mandate_to_seal(*, user: str, seal: Seal | None, item: str, day: date) -> Mandate | None:
    """Return the letter under which the organ's seal may be set for this item on `day`.

    Whoever was ever given the power to seal for the organ uses it in their own name; for
    anybody else, and for nobody in particular, it is whoever keeps the seal. Where no letter
    carries it, the nearest is returned, to say why not.
    """
    if seal is None:
        return None
    organ = seal.organ
    own = _letters_to_seal(user, organ) if user else ()
    letters = own or _letters_to_seal(seal.custodian, organ) or people.mandates_of(seal.custodian)

    def carries(letter: Mandate) -> bool:
        power = MandatePower.SEAL
        return mandates.covers(letter, organ=organ, item=item, power=power, day=day)

    return next(filter(carries, letters), letters[0] if letters else None)


def _letters_to_seal(person: str, organ: str) -> tuple[Mandate, ...]:
    return tuple(
        letter
        for letter in people.mandates_of(person)
        if letter.organ == organ and MandatePower.SEAL in letter.powers
    )


def letters_to_seal(organ: str, day: date) -> list[Mandate]:
    """Return the organ's letters in force that carry the power to seal."""
    in_force = people.mandates_in_force(organ, day)
    return [letter for letter in in_force if MandatePower.SEAL in letter.powers]
