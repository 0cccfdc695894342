"""A seal as a picture and in words (印章图样). `{% load trust_seal %}`."""

from collections.abc import Mapping
from datetime import date
from math import cos, pi, sin
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID
from django import template
from django.utils.translation import gettext_lazy as _

from mingtang.core import mandates
from mingtang.core.mandates import Mandate
from mingtang.core.seals import Standing
from mingtang.trust.forms import WAYS
from mingtang.trust.queries import SealRow

register = template.Library()

RED = "#C8102E"
ARC = 224  # degrees the organ's name may take, of a circle around the star
STEP = 26  # degrees from one sign to the next, where there is room
LAMPS = {
    Standing.ACTIVE: ("good", _("在用")),
    Standing.SUSPENDED: ("paused", _("已停用")),
    Standing.DESTROYED: ("idle", _("已销毁")),
}
EXPIRED = ("bad", _("证书已过期"))
NOT_YET = ("paused", _("证书未生效"))


@register.filter
def grouped(fingerprint: str) -> str:
    """`{{ row.fingerprint|grouped }}`: all of it, in fours, as one compares it by eye."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))


@register.filter
def authority(issuer: str) -> str:
    """`{{ row.issuer|authority }}`: who issued the certificate: its name, and whose it is."""
    name = x509.Name.from_rfc4514_string(issuer)
    said = [
        str(part.value)
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for part in name.get_attributes_for_oid(oid)
    ]
    return " · ".join(said) or issuer


@register.filter
def way(sealer: str) -> str:
    """`{{ row.sealer|way }}`: where the key lies, in words."""
    return str(WAYS.get(sealer, sealer))


@register.filter
def letter_key(letter: Mandate) -> str:
    """`{{ letter|letter_key }}`: what a letter's page is found by."""
    return mandates.key(letter.letter_no)


@register.inclusion_tag("trust/picture.html")
def seal_picture(row: SealRow, size: int = 160) -> Mapping[str, Any]:
    """`{% seal_picture row %}` `{% seal_picture row 96 %}`: the seal as SVG, 42 by 42 mm in scale.

    Ring, star, the organ's name around, the seal's name below; a test seal says 测试.
    """
    signs = list(row.organ_name)
    step = min(STEP, ARC / max(1, len(signs) - 1))
    first = -step * (len(signs) - 1) / 2
    return {
        "row": row,
        "size": size,
        "red": RED,
        "star": _star(5.6),
        "signs": [(sign, round(first + step * place, 2)) for place, sign in enumerate(signs)],
        "sign_size": round(min(4.6, 0.27 * step), 2),
        "name_size": round(min(3.6, 22 / max(1, len(row.name))), 2),
    }


def _star(radius: float) -> str:
    """Return the corners of a five-pointed star around the origin, one point up."""
    inner = radius * sin(pi / 10) / sin(7 * pi / 10)
    corners = [(inner if place % 2 else radius, place * pi / 5) for place in range(10)]
    return " ".join(f"{r * sin(turn):.3f},{-r * cos(turn):.3f}" for r, turn in corners)


def standing(row: SealRow, today: date) -> tuple[str, str]:
    """Return lamp and word for what a seal is worth today."""
    lamp, word = LAMPS[Standing(row.standing)]
    if row.standing == Standing.ACTIVE and today > row.valid_to:
        lamp, word = EXPIRED
    elif row.standing == Standing.ACTIVE and today < row.valid_from:
        lamp, word = NOT_YET
    return lamp, str(word)
