"""Phrases (常用语): a convenience of whoever writes."""

from collections.abc import Iterable

from mingtang.core.phrases import PhraseUse, why_no_phrase
from mingtang.people.models import PhraseRow


def keep_phrase(*, owner: str, use: PhraseUse, text: str) -> None:
    """Keep a phrase (常用语) of a person or of an organisation; kept already, it stays.

    Raises Refused: phrase.empty, phrase.too-long (facts: limit), phrase.too-many (facts: limit).
    """
    text = " ".join(text.split())
    others = PhraseRow.objects.filter(owner=owner, use=use).exclude(text=text).count()
    refusal = why_no_phrase(text, others)
    if refusal is not None:
        raise refusal
    PhraseRow.objects.get_or_create(owner=owner, use=use, text=text)


def drop_phrase(*, id: int, owners: Iterable[str]) -> None:
    """Drop a phrase of one of these owners (删除常用语); of anybody else's nothing happens."""
    PhraseRow.objects.filter(pk=id, owner__in=list(owners)).delete()
