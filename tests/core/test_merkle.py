"""What the tree promises, for every size: each proof made checks, and each bent proof fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import merkle


def naive_root(leaves):
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def leaves_of(size):
    return [merkle.leaf_hash(b"leaf %d" % index) for index in range(size)]


def reader(leaves):
    """Answer for any complete node, and count how often we were asked."""
    reads = []

    def read(nodes):
        reads.append(list(nodes))
        return [naive_root(leaves[n << level : (n + 1) << level]) for level, n in nodes]

    return read, reads


@given(st.integers(0, 300), st.integers(0, 300))
def test_growing_gives_the_root_the_rfc_defines(first, then):
    leaves = leaves_of(first + then)
    edge, _ = merkle.grow([], 0, leaves[:first])
    edge, _ = merkle.grow(edge, first, leaves[first:])
    assert merkle.edge_root(edge) == naive_root(leaves)
    assert merkle.root(len(leaves), reader(leaves)[0]) == naive_root(leaves)


def test_growing_names_the_tiles_that_became_full():
    leaves = leaves_of(600)
    _, tiles = merkle.grow([], 0, leaves)
    assert tiles == [((8, 0), naive_root(leaves[:256])), ((8, 1), naive_root(leaves[256:512]))]


@given(st.data(), st.integers(1, 120))
def test_every_inclusion_proof_checks_and_no_bent_one_does(data, size):
    leaves = leaves_of(size)
    read, _ = reader(leaves)
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(size, read)
    proof = merkle.prove_inclusion(index, size, read)
    merkle.check_inclusion(proof, index=index, leaf=leaves[index], size=size, root=root)

    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda b: b != leaves[index]))
    with pytest.raises(merkle.ProofFailed):
        merkle.check_inclusion(proof, index=index, leaf=other, size=size, root=root)
    for bent in (proof[1:], [*proof, other]) if proof else ([other],):
        with pytest.raises(merkle.ProofFailed):
            merkle.check_inclusion(bent, index=index, leaf=leaves[index], size=size, root=root)


@given(st.integers(1, 120))
def test_each_question_costs_one_read(size):
    read, reads = reader(leaves_of(size))
    merkle.root(size, read)
    merkle.prove_inclusion(size - 1, size, read)
    assert len(reads) == 2


@given(st.data(), st.integers(1, 120))
def test_every_consistency_proof_checks_and_no_bent_one_does(data, new):
    leaves = leaves_of(new)
    read, reads = reader(leaves)
    old = data.draw(st.integers(1, new))
    sizes = {"old": old, "new": new}
    roots = {"old_root": naive_root(leaves[:old]), "new_root": naive_root(leaves)}
    proof = merkle.prove_consistency(old, new, read)
    assert len(reads) == 1
    merkle.check_consistency(proof, **sizes, **roots)

    other = data.draw(st.binary(min_size=32, max_size=32))
    for bent in (proof[1:] if proof else [other], [*proof, other]):
        with pytest.raises(merkle.ProofFailed):
            merkle.check_consistency(bent, **sizes, **roots)
    for name in roots:
        with pytest.raises(merkle.ProofFailed):
            merkle.check_consistency(proof, **sizes, **{**roots, name: merkle.leaf_hash(other)})
    for place in range(len(proof)):
        bent = [*proof[:place], merkle.leaf_hash(other), *proof[place + 1 :]]
        with pytest.raises(merkle.ProofFailed):
            merkle.check_consistency(bent, **sizes, **roots)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_no_consistency_is_proved_or_checked_from_nothing_or_backwards(old, new):
    with pytest.raises(ValueError, match="no proof"):
        merkle.prove_consistency(old, new, reader([])[0])
    with pytest.raises(merkle.ProofFailed):
        merkle.check_consistency(
            [], old=old, old_root=merkle.EMPTY_ROOT, new=new, new_root=merkle.EMPTY_ROOT
        )


def test_a_hash_that_is_not_32_bytes_long_proves_nothing():
    with pytest.raises(merkle.ProofFailed):
        merkle.check_inclusion([], index=0, leaf=b"", size=1, root=b"")
    with pytest.raises(merkle.ProofFailed):
        merkle.check_consistency([], old=1, old_root=b"", new=1, new_root=b"")
