"""The tree, as Certificate Transparency, transparency-dev and Go know it."""

import hashlib

import pytest

from mingtang.core import merkle, tiles

from .facts import b64, b64_list, facts, hex_list

RFC = facts("rfc6962_merkle")
GO = facts("tlog_go_reference")
PROBES = facts("merkle_probes")


def reader(leaves):
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append(
            [merkle.node_hash(*below[i : i + 2]) for i in range(0, len(below) // 2 * 2, 2)]
        )
    return lambda nodes: [levels[level][n] for level, n in nodes]


def test_leaves_and_nodes_hash_as_in_the_rfc_tree():
    leaves = [merkle.leaf_hash(leaf) for leaf in hex_list(RFC["leaves_hex"])]
    assert leaves == hex_list(RFC["leaf_hashes"])
    read = reader(leaves)
    for level, expected in enumerate(map(hex_list, RFC["levels"])):
        assert read([(level, n) for n in range(len(expected))]) == expected


def test_roots_of_the_rfc_tree_at_every_size():
    leaves = hex_list(RFC["leaf_hashes"])
    assert bytes.fromhex(RFC["empty_root"]) == merkle.EMPTY_ROOT
    for size, expected in enumerate(hex_list(RFC["roots_by_size"])):
        edge, _ = merkle.grow([], 0, leaves[:size])
        assert merkle.edge_root(edge) == expected
        assert merkle.root(size, reader(leaves)) == expected


@pytest.mark.parametrize("case", RFC["inclusion"], ids=str)
def test_inclusion_in_the_rfc_tree(case):
    leaves, proof = hex_list(RFC["leaf_hashes"]), hex_list(case["proof"])
    index, size = case["index"], case["size"]
    assert merkle.prove_inclusion(index, size, reader(leaves)) == proof
    root = bytes.fromhex(RFC["roots_by_size"][size])
    merkle.check_inclusion(proof, index=index, leaf=leaves[index], size=size, root=root)


@pytest.mark.parametrize("case", RFC["consistency"], ids=str)
def test_consistency_in_the_rfc_tree(case):
    roots, proof = hex_list(RFC["roots_by_size"]), hex_list(case["proof"])
    old, new = case["old"], case["new"]
    assert merkle.prove_consistency(old, new, reader(hex_list(RFC["leaf_hashes"]))) == proof
    merkle.check_consistency(proof, old=old, old_root=roots[old], new=new, new_root=roots[new])


@pytest.mark.parametrize("probe", PROBES["inclusion"], ids=lambda probe: probe["file"])
def test_inclusion_probe(probe):
    def check():
        merkle.check_inclusion(
            b64_list(probe["proof"]),
            index=probe["leafIdx"],
            leaf=b64(probe["leafHash"]),
            size=probe["treeSize"],
            root=b64(probe["root"]),
        )

    agree(check, refused=probe["wantErr"])


@pytest.mark.parametrize("probe", PROBES["consistency"], ids=lambda probe: probe["file"])
def test_consistency_probe(probe):
    def check():
        merkle.check_consistency(
            b64_list(probe["proof"]),
            old=probe["size1"],
            old_root=b64(probe["root1"]),
            new=probe["size2"],
            new_root=b64(probe["root2"]),
        )

    # One probe expects a root that is not 32 bytes long to pass; every hash has 32 here.
    short_root = len(b64(probe["root1"])) != 32
    agree(check, refused=probe["wantErr"] or short_root)


def agree(check, *, refused):
    if refused:
        with pytest.raises(merkle.ProofFailed):
            check()
    else:
        check()


def go_leaves(size):
    return [merkle.leaf_hash(b"leaf %d" % index) for index in range(size)]


def go_root(size):
    return b64(GO["roots_b64"][str(size)])


def test_roots_as_go_computes_them():
    edge, size = [], 0
    leaves = go_leaves(70_000)
    for then in sorted(map(int, GO["roots_b64"])):
        edge, _ = merkle.grow(edge, size, leaves[size:then])
        size = then
        assert merkle.edge_root(edge) == go_root(size)


def test_inclusion_proofs_as_go_makes_them():
    read, leaves = reader(go_leaves(64)), go_leaves(64)
    for case in GO["record_proofs"]:
        index, size, proof = case["N"], case["T"], b64_list(case["Proof"])
        assert merkle.prove_inclusion(index, size, read) == proof
        merkle.check_inclusion(
            proof, index=index, leaf=leaves[index], size=size, root=go_root(size)
        )


def test_consistency_proofs_as_go_makes_them():
    read = reader(go_leaves(64))
    for case in GO["tree_proofs"]:
        old, new, proof = case["N"], case["T"], b64_list(case["Proof"])
        assert merkle.prove_consistency(old, new, read) == proof
        merkle.check_consistency(
            proof, old=old, old_root=go_root(old), new=new, new_root=go_root(new)
        )


def test_tiles_as_go_writes_them():
    read = reader(go_leaves(70_000))
    sizes = {case["Size"] for case in GO["tiles_height8"]}
    ours = {
        (size, tile.path): hashlib.sha256(b"".join(read(tile.nodes))).hexdigest()
        for size in sizes
        for tile in tiles.tiles_of(size)
        if tile.level != tiles.ENTRIES
    }
    theirs = {(case["Size"], case["Path"]): case["Sha256"] for case in GO["tiles_height8"]}
    assert {key: ours.get(key) for key in theirs} == theirs
