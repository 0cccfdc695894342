"""Pictures of ratings (评价图示): a face for each grade, a bar of how many there are of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
# The mouth of each grade, from glad to angry: a curve in a box of 48.
MOUTHS = {
    1: "M14 28 Q24 42 34 28 Z",
    2: "M15 30 Q24 38 33 30",
    3: "M16 32 L32 32",
    4: "M15 35 Q24 28 33 35",
    5: "M14 37 Q24 26 34 37 M13 17 L19 20 M35 17 L29 20",
}


@register.simple_tag
def face(grade: int) -> SafeString:
    """`{% face 1 %}`: a drawing beside words that say the same; nothing for a reader aloud."""
    return format_html(
        '<svg class="face g{}" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24"'
        ' r="21"/><circle class="eye" cx="17" cy="21" r="2"/><circle class="eye" cx="31" cy="21"'
        ' r="2"/><path d="{}"/></svg>',
        grade,
        MOUTHS[grade],
    )


@register.simple_tag
def share_bar(parts: Sequence[Mapping[str, Any]], label: str) -> SafeString:
    """`{% share_bar line.parts line.label %}`: one bar, a part for each grade, said in words."""
    drawn = format_html_join(
        "",
        '<rect class="g{}" x="{}" y="0" width="{}" height="10"/>',
        ((part["grade"], part["x"], part["width"]) for part in parts if part["width"]),
    )
    return format_html(
        '<svg class="share-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        label,
        drawn,
    )
