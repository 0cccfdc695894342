"""Which phrases are kept."""

import pytest

from mingtang.core.phrases import LONGEST, MOST_PHRASES, why_no_phrase


@pytest.mark.parametrize(
    ("text", "others", "code"),
    [
        ("材料齐全，符合规定。", 0, None),
        ("字" * LONGEST, MOST_PHRASES - 1, None),
        (" 　", 0, "phrase.empty"),
        ("字" * (LONGEST + 1), 0, "phrase.too-long"),
        ("同意。", MOST_PHRASES, "phrase.too-many"),
    ],
)
def test_a_phrase_says_something_in_short_and_is_one_of_few(text, others, code):
    refusal = why_no_phrase(text, others)
    assert (refusal and refusal.code) == code
