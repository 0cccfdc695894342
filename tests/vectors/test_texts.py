"""The texts of the log, as C2SP, Go and transparency-dev write them."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingtang.core import checkpoint, cosignature, note, tiles, tlogproof
from mingtang.core.strict import Malformed

from .facts import b64, facts

PATHS = facts("tile_paths")
NOTES = facts("signed_note")
COSIGNED = facts("cosignature")
PROOFS = facts("tlog_proof")
GO = facts("tlog_go_reference")
DISCLOSURE = facts("rfc9901_disclosure")


def keys(*vkeys):
    return cosignature.verifiers(map(note.parse_vkey, vkeys))


@pytest.mark.parametrize("case", PATHS["valid"], ids=lambda case: case["path"])
def test_tile_paths(case):
    level = tiles.ENTRIES if case["level"] == "entries" else case["level"]
    assert tiles.format_tile_path(level, case["index"], case["width"]) == case["path"]
    assert tiles.parse_tile_path(case["path"]) == (level, case["index"], case["width"])


@pytest.mark.parametrize("path", PATHS["invalid"])
def test_spellings_that_are_no_tile_path(path):
    with pytest.raises(Malformed):
        tiles.parse_tile_path(path)


@pytest.mark.parametrize("size", PATHS["size_to_tiles"])
def test_which_tiles_a_tree_has(size):
    counted = {}
    for tile in tiles.tiles_of(int(size)):
        if tile.level == tiles.ENTRIES:
            continue
        if tile.width == tiles.WIDTH:
            name = f"level{tile.level}_full"
            counted[name] = counted.get(name, 0) + 1
        else:
            counted[f"level{tile.level}_partial"] = tile.width
    assert counted == PATHS["size_to_tiles"][size]


def test_the_note_of_the_go_tests_opens_and_signs_the_same():
    [verifier] = keys(NOTES["vkey"])
    assert note.open_note(NOTES["signed"], [verifier]).text == NOTES["text"]

    seed = b64(NOTES["skey"].split("+", 4)[4])[1:]
    signature = note.sign(
        NOTES["text"], key=verifier.key, signer=Ed25519PrivateKey.from_private_bytes(seed).sign
    )
    ours = note.Note(text=NOTES["text"], signatures=(signature,))
    assert note.format_note(ours) == NOTES["signed"]
    assert note.format_vkey(verifier.key) == NOTES["vkey"]


@pytest.mark.parametrize("case", NOTES["accept"])
def test_notes_that_open(case):
    opened = note.open_note(case["note"], keys(*case["vkeys"]))
    names = [key.name for key, _ in opened.verified]
    assert names == case.get("verified", ["example.com/foo"])
    assert [s.name for s in opened.ignored] == case.get("unverified", [])


@pytest.mark.parametrize("case", NOTES["refuse"], ids=lambda case: case["why"])
def test_notes_that_are_refused(case):
    with pytest.raises(Malformed):
        note.open_note(case["note"], keys(NOTES["vkey"]))


def test_a_cosigned_checkpoint_that_go_opened():
    log, witness = keys(COSIGNED["log_vkey"], COSIGNED["witness_vkey"])
    head, opened = checkpoint.open_checkpoint(COSIGNED["note"], log, [witness])
    assert (head.origin, head.size) == ("log.example.cn/test", 1)
    signature = dict(opened.verified)[witness.key]
    assert cosignature.timestamp_of(signature) == COSIGNED["timestamp"]

    seed = bytes.fromhex(COSIGNED["witness_seed_hex"])
    ours = cosignature.cosign(
        opened.text,
        key=witness.key,
        timestamp=COSIGNED["timestamp"],
        signer=Ed25519PrivateKey.from_private_bytes(seed).sign,
    )
    assert note.format_signatures([ours]) in COSIGNED["note"]


def test_the_time_of_a_cosignature():
    case = COSIGNED["timestamp_only"]
    data = b64(case["sig_b64"])
    signature = note.Signature(name="w", key_id=data[:4], data=data[4:])
    assert cosignature.timestamp_of(signature) == case["timestamp"]


@pytest.mark.parametrize("case", GO["signed_checkpoints"], ids=lambda case: str(case["size"]))
def test_checkpoints_that_go_signed(case):
    [log] = keys(GO["note_vkey"])
    head, opened = checkpoint.open_checkpoint(case["note"], log)
    assert head.size == case["size"]
    assert checkpoint.format_checkpoint(head) == opened.text


@pytest.mark.parametrize("text", PROOFS["accept"])
def test_log_proofs_read_and_written(text):
    assert tlogproof.format_proof(tlogproof.parse_proof(text)) == text


@pytest.mark.parametrize("text", PROOFS["refuse"])
def test_log_proofs_refused(text):
    with pytest.raises(Malformed):
        tlogproof.parse_proof(text)


def test_the_digest_of_a_disclosure_is_over_its_encoded_text():
    encoded = DISCLOSURE["disclosure_b64url"]
    padded = encoded + "=" * (-len(encoded) % 4)
    assert json.loads(urlsafe_b64decode(padded)) == DISCLOSURE["decoded"]
    digest = urlsafe_b64encode(hashlib.sha256(encoded.encode()).digest()).rstrip(b"=")
    assert digest.decode() == DISCLOSURE["sha256_b64url"]
