"""Numbers nobody can guess, and that can be read out."""

import re

from mingtang.ledger import numbers


def test_a_number_has_a_prefix_and_forty_random_bits_in_two_groups():
    drawn = [numbers.drawn_number("MT") for _ in range(50)]
    assert all(re.fullmatch(f"MT-[{numbers.SIGNS}]{{4}}-[{numbers.SIGNS}]{{4}}", n) for n in drawn)
    assert len(set(drawn)) == 50


def test_no_sign_reads_like_another():
    assert len(set(numbers.SIGNS)) == 32
    assert not set(numbers.SIGNS) & set("ILOU")


def test_what_is_read_out_stands_in_fours():
    assert [len(group) for group in numbers.in_groups(16).split("-")] == [4, 4, 4, 4]
    assert len(numbers.drawn(12)) == 12
