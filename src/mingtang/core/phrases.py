"""Phrases (常用语): what people who write all day need not type again. Preferences, not facts."""

from enum import StrEnum

from mingtang.core.decider import Refused

LONGEST = 200  # characters
MOST_PHRASES = 30  # of one owner for one use: more is not found faster than typed


class PhraseUse(StrEnum):
    OPINION = "opinion"  # 审查、决定意见
    SHORTFALL = "shortfall"  # 补正理由


def why_no_phrase(text: str, others: int) -> Refused | None:
    """Return why this text is not kept beside `others` of its owner; None: it may be."""
    if not text.strip():
        return Refused("phrase.empty")
    if len(text) > LONGEST:
        return Refused("phrase.too-long", limit=LONGEST)
    if others >= MOST_PHRASES:
        return Refused("phrase.too-many", limit=MOST_PHRASES)
    return None
