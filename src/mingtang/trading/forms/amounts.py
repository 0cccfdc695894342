"""Amounts as people type them (金额): yuan with two decimals outside, integer fen inside."""

from decimal import Decimal
from typing import Any

from django import forms


def yuan_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_digits=15,
        decimal_places=2,
        required=False,
        help_text=help_text,
    )


def fen(yuan: Decimal | None) -> int:
    return int(yuan * 100) if yuan else 0


def in_yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)
