"""Who must have seen a checkpoint: k of n, groups of groups, and no way around."""

from itertools import combinations

import pytest

from mingtang.core import note, policy
from mingtang.core.strict import Malformed

from .logwords import LOG, Signer

X1, X2, X3, Y1, Y2 = (
    Signer(f"{name}.example", note.COSIGNATURE) for name in ("x1", "x2", "x3", "y1", "y2")
)
TWO_LEVELS = f"""
# the audit office and its neighbours; 演示
log {LOG.vkey} https://log.example/
witness X1 {X1.vkey}
\twitness X2 {X2.vkey}  https://x2.example/
witness X3 {X3.vkey}
group X 2 X1 X2 X3
witness Y1 {Y1.vkey}
witness Y2 {Y2.vkey}
group Y any Y1 Y2
group both all X Y
quorum both
"""


def satisfied(text, *signers):
    return policy.parse_policy(text).satisfied({signer.key for signer in signers})


def test_two_of_three_and_one_of_two():
    assert satisfied(TWO_LEVELS, X1, X3, Y2)
    assert satisfied(TWO_LEVELS, X1, X2, X3, Y1, Y2)
    assert not satisfied(TWO_LEVELS, X1, Y1, Y2)
    assert not satisfied(TWO_LEVELS, X1, X2, X3)
    assert not satisfied(TWO_LEVELS)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_one_witness_fewer_than_asked_is_not_enough(k):
    text = TWO_LEVELS.replace("X 2 X1", f"X {k} X1").replace("quorum both", "quorum X")
    for count in range(4):
        for some in combinations([X1, X2, X3], count):
            assert satisfied(text, *some) == (count >= k)


def test_the_parties_of_a_policy():
    read = policy.parse_policy(TWO_LEVELS)
    assert read.logs == (policy.Party(key=LOG.key, url="https://log.example/"),)
    assert read.witnesses["X2"] == policy.Party(key=X2.key, url="https://x2.example/")


def test_no_quorum_asks_for_nobody_and_one_name_for_one():
    assert satisfied("quorum none\n")
    assert satisfied(f"witness w {X1.vkey}\nquorum w\n", X1)
    assert not satisfied(f"witness w {X1.vkey}\nquorum w\n", X2)


def test_the_key_counts_and_not_the_name():
    namesake = note.ed25519_key(X1.name, Y1.key.public, type=note.COSIGNATURE)
    text = f"witness w {X1.vkey}\nquorum w\n"
    assert not policy.parse_policy(text).satisfied({namesake})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "without a quorum"),
        ("quorum none\nquorum none", "line 2: a second quorum"),
        ("quorum w", "w is not defined above"),
        (f"quorum w\nwitness w {X1.vkey}", "w is not defined above"),
        (f"witness none {X1.vkey}\nquorum none", "none is already defined"),
        (f"witness w {X1.vkey}\nwitness w {X2.vkey}\nquorum w", "line 2: w is already"),
        (f"witness w {X1.vkey}\nwitness v {X1.vkey}\nquorum w", "already listed"),
        (f"log {LOG.vkey}\nlog {LOG.vkey}\nquorum none", "already listed"),
        (f"log {X1.vkey}\nquorum none", "key of a witness"),
        (f"witness w {LOG.vkey}\nquorum w", "not the key of a witness"),
        (f"witness w {X1.vkey}\ngroup g 2 w\nquorum g", "2 of 1 members"),
        (f"witness w {X1.vkey}\ngroup g 0 w\nquorum g", "0 of 1 members"),
        (f"witness w {X1.vkey}\ngroup g 01 w\nquorum g", "not a plain decimal"),
        ("group g all\nquorum g", "all of 0 members"),
        ("group g any none\nquorum g", "none is not defined"),
        ("group g any g\nquorum g", "g is not defined"),
        (f"witness w {X1.vkey}\ngroup g all w w\nquorum g", "already a member"),
        (
            f"witness w {X1.vkey}\ngroup g any w\ngroup h any w\nquorum g",
            "line 3: w is already a member",
        ),
        ("quorum none # comment", "not a statement"),
        ("quorum none\r", "control character"),
        ("witness w\nquorum none", "not a statement"),
        ("witness w nonsense\nquorum none", "a vkey is"),
        ("qourum none", "not a statement"),
    ],
)
def test_what_is_refused_names_its_line(text, says):
    with pytest.raises(Malformed, match=says):
        policy.parse_policy(text)
