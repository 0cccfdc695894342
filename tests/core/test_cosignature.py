"""A witness signs the time and the whole checkpoint, and each bit of both counts."""

import pytest

from mingtang.core import cosignature, note, witnessing
from mingtang.core.strict import Malformed

from .logwords import LOG, OTHER_WITNESS, WITNESS, head_of, signed

TEXT = note.parse_note(signed(head_of([b"a"]))).text


def holds(signature, text=TEXT):
    return WITNESS.verifier.check(text.encode(), signature.data)


def test_the_message_is_a_header_the_time_and_the_note_text():
    assert cosignature.message("a\n1\nb\n", timestamp=12) == b"cosignature/v1\ntime 12\na\n1\nb\n"


def test_the_line_holds_eight_bytes_of_time_and_the_signature():
    signature = WITNESS.cosign(TEXT, timestamp=1_679_315_147)
    assert holds(signature)
    assert len(signature.data) == 72
    assert cosignature.timestamp_of(signature) == 1_679_315_147


def test_every_changed_bit_is_found():
    data = WITNESS.cosign(TEXT).data
    for place in range(0, 576, 7):
        bent = bytearray(data)
        bent[place // 8] ^= 1 << place % 8
        assert not WITNESS.verifier.check(TEXT.encode(), bytes(bent))
    assert not holds(WITNESS.cosign(TEXT), TEXT.replace("\n1\n", "\n2\n"))


@pytest.mark.parametrize("data", [b"", bytes(71), bytes(73), b"\xff" * 72])
def test_other_lengths_and_times_are_refused(data):
    assert not WITNESS.verifier.check(TEXT.encode(), data)


def test_no_time_before_1970_or_beyond_63_bits():
    for timestamp in (-1, 2**63):
        with pytest.raises(ValueError, match="not a timestamp"):
            cosignature.message(TEXT, timestamp=timestamp)
    with pytest.raises(Malformed):
        cosignature.timestamp_of(LOG.sign(TEXT))


def test_a_plain_signature_key_is_no_witness_key():
    with pytest.raises(Malformed):
        cosignature.verifier(LOG.key)


def test_a_request_reads_back():
    note_text = signed(head_of([b"a", b"b"]))
    body = witnessing.format_request(1, [bytes(32)], note_text)
    assert body.startswith(b"old 1\n" + b"A" * 43 + b"=\n\n" + LOG.name.encode())
    request = witnessing.parse_request(body)
    assert (request.old, request.proof, request.checkpoint) == (1, (bytes(32),), note_text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1\n",
        b"old 01\n\nx",
        b"old -1\n\nx",
        b"new 1\n\nx",
        b"old  1\n\nx",
        b"\n\nx",
        b"old 1\nAAAA\n\nx",
        b"old 1\n" + (b"A" * 43 + b"=\n") * 64 + b"\nx",
        b"old 1\r\n\r\nx",
        b"old 1\n\n\xff",
        bytes(witnessing.MAX_REQUEST + 1),
    ],
)
def test_what_is_not_a_request(body):
    with pytest.raises(Malformed):
        witnessing.parse_request(body)


def test_only_the_good_lines_of_known_witnesses_are_taken_from_an_answer():
    body = note.format_signatures([OTHER_WITNESS.cosign(TEXT), WITNESS.cosign(TEXT)]).encode()
    taken = witnessing.parse_response(body, text=TEXT, witnesses=[WITNESS.verifier])
    assert taken == [(WITNESS.key, WITNESS.cosign(TEXT))]


def test_a_forged_line_of_a_witness_is_not_taken():
    forged = note.Signature(name=WITNESS.name, key_id=WITNESS.key.id, data=bytes(72))
    body = note.format_signatures([forged]).encode()
    with pytest.raises(note.NoteRefused):
        witnessing.parse_response(body, text=TEXT, witnesses=[WITNESS.verifier])


@pytest.mark.parametrize("body", [b"", b"\xff\n", b"\n", b"x\n", "— a\n".encode(), bytes(70_000)])
def test_an_answer_that_is_no_signature_is_malformed(body):
    with pytest.raises(Malformed):
        witnessing.parse_response(body, text=TEXT, witnesses=[WITNESS.verifier])


def test_an_answer_cannot_put_another_text_before_its_signature():
    evil = "evil\n\n" + note.format_signatures([WITNESS.cosign(TEXT)])
    with pytest.raises(Malformed):
        witnessing.parse_response(evil.encode(), text=TEXT, witnesses=[WITNESS.verifier])


def test_the_size_of_a_conflict():
    assert witnessing.parse_size(b"12\n") == 12
    for body in (b"12", b"012\n", b"12\n\n", b"-1\n", b"\xff\n", b""):
        with pytest.raises(Malformed):
            witnessing.parse_size(body)
