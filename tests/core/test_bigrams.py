import pytest

from mingtang.core.bigrams import bigrams, query


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("食品经营许可", "食品 品经 经营 营许 许可 可"),
        ("许可", "许可 可"),
        ("证", "证"),
        ("", ""),
        ("！，。", ""),
        ("食品，经营", "食品 品 经营 营"),
        ("Ａ级ABC-12", "a 级 abc 12"),
        ("511A0138 ②", "511a0138 2"),
        ("𬭎德", "𬭎德 德"),
    ],
)
def test_text_becomes_pairs_of_neighbours(text, tokens):
    assert bigrams(text) == tokens


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("许可", [(["许可"], False)]),
        ("食品经营", [(["食品", "品经", "经营"], False)]),
        ("证", [(["证"], True)]),
        ("食品 a1", [(["食品"], False), (["a1"], True)]),
        ("？", []),
    ],
)
def test_a_search_becomes_phrases(text, phrases):
    assert query(text) == phrases


def test_a_phrase_of_a_search_is_found_only_where_its_characters_neighbour():
    tokens = f" {bigrams('食品，经营许可')} "

    [(phrase, _)] = query("食品经营")

    assert f" {' '.join(phrase)} " not in tokens
    assert " 经营 营许 许可 " in tokens
