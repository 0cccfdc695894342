"""A note opens for those who know a signer, and only as it was signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import cosignature, note
from mingtang.core.strict import Malformed

from .logwords import LOG, WITNESS, Signer

TEXT = "one\n\ntwo 演示\n"
STRANGER = Signer("stranger.example")


def signed(*signatures, text=TEXT):
    return note.format_note(note.Note(text=text, signatures=signatures))


def test_the_text_may_hold_empty_lines_the_last_one_parts_the_signatures():
    opened = note.open_note(signed(LOG.sign(TEXT)), [LOG.verifier])
    assert opened.text == TEXT
    assert [key for key, _ in opened.verified] == [LOG.key]


def test_lines_of_unknown_keys_are_ignored_and_reported():
    text = signed(STRANGER.sign(TEXT), LOG.sign(TEXT))
    assert note.open_note(text, [LOG.verifier]).ignored == (STRANGER.sign(TEXT),)


def test_the_same_name_with_another_key_is_unknown():
    namesake = note.Signature(name=LOG.name, key_id=b"1234", data=bytes(64))
    assert note.open_note(signed(namesake, LOG.sign(TEXT)), [LOG.verifier]).ignored == (namesake,)


def test_one_bad_signature_of_a_known_key_refuses_the_whole_note():
    bad = note.Signature(name=WITNESS.name, key_id=WITNESS.key.id, data=bytes(72))
    with pytest.raises(note.NoteRefused, match=r"witness\.example/w1 is not valid"):
        note.open_note(signed(LOG.sign(TEXT), bad), [LOG.verifier, WITNESS.verifier])


def test_a_second_bad_line_of_a_key_is_not_hidden_by_its_first_good_one():
    bad = note.Signature(name=LOG.name, key_id=LOG.key.id, data=bytes(64))
    with pytest.raises(note.NoteRefused):
        note.open_note(signed(LOG.sign(TEXT), bad), [LOG.verifier])


def test_without_a_known_signer_the_note_is_refused():
    with pytest.raises(note.NoteRefused, match="no signature of a known key"):
        note.open_note(signed(STRANGER.sign(TEXT)), [LOG.verifier])
    with pytest.raises(note.NoteRefused):
        note.open_note(signed(LOG.sign(TEXT)), [])


def test_another_implementation_of_ed25519_can_be_plugged_in():
    asked = []

    def verify(public, message, signature):
        asked.append((public, message, signature))
        return True

    verifier = note.ed25519_verifier(LOG.key, verify)
    note.open_note(signed(LOG.sign(TEXT)), [verifier])
    assert asked == [(LOG.key.public, TEXT.encode(), LOG.sign(TEXT).data)]


def test_a_hundred_signatures_open_and_no_more():
    many = [STRANGER.sign(TEXT)] * 99
    note.open_note(signed(*many, LOG.sign(TEXT)), [LOG.verifier])
    with pytest.raises(Malformed, match="more than 100"):
        note.open_note(signed(*many, LOG.sign(TEXT), LOG.sign(TEXT)), [LOG.verifier])


@pytest.mark.parametrize(
    "bend",
    [
        lambda text: text.replace("one", "one\r"),
        lambda text: text.replace("one", "one\t"),
        lambda text: text.replace("one", "one\0"),
        lambda text: text.replace("one", "\udcff"),
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text.replace("— ", "- "),
        lambda text: text.replace("— ", "—  "),
        lambda text: text.replace("=\n", "\n"),
        lambda text: text.replace(LOG.name, ""),
        lambda text: text.replace(LOG.name, "a+b"),
        lambda text: text.replace(LOG.name, "a\u3000b"),
        lambda text: text + "— short AAAA\n",
        lambda text: text + "— short AAAAAA==\n",
        lambda text: text.replace("one", "x" * note.MAX_BYTES),
        lambda text: "",
    ],
)
def test_what_is_not_a_note(bend):
    with pytest.raises(Malformed):
        note.open_note(bend(signed(LOG.sign(TEXT))), [LOG.verifier])


@given(st.text())
def test_any_text_at_all_is_opened_or_refused_and_nothing_else(text):
    for candidate in (text, TEXT + "\n" + text, signed(LOG.sign(TEXT)) + text):
        try:
            note.open_note(candidate, [LOG.verifier])
        except (Malformed, note.NoteRefused):
            continue


@pytest.mark.parametrize("signer", [LOG, WITNESS])
def test_a_vkey_reads_back(signer):
    assert note.parse_vkey(signer.vkey) == signer.key


def test_a_vkey_with_a_plus_sign_in_its_base64_reads_back():
    name = next(f"n{n}" for n in range(1000) if Signer(f"n{n}").vkey.count("+") > 2)
    assert note.parse_vkey(Signer(name).vkey) == Signer(name).key


def test_a_private_type_has_a_key_id_and_no_verifier():
    key = note.Key(name="log.example", material=b"\xffsm2-sm3/v1" + bytes(64))
    assert note.parse_vkey(note.format_vkey(key)) == key
    assert cosignature.verifiers([key]) == []
    with pytest.raises(Malformed):
        note.ed25519_verifier(key)


@pytest.mark.parametrize(
    "bend",
    [
        lambda vkey: vkey[:-1],
        lambda vkey: vkey + "\n",
        lambda vkey: " " + vkey,
        lambda vkey: vkey.replace("log.", "lag."),
        lambda vkey: vkey.upper(),
        lambda vkey: "PRIVATE+KEY+" + vkey,
        lambda vkey: vkey.split("+")[0],
        lambda vkey: "a+00000000+",
        lambda vkey: "a+00000000+AQ==",
        lambda vkey: "+" + vkey,
    ],
)
def test_what_is_not_a_vkey(bend):
    with pytest.raises(Malformed):
        note.parse_vkey(bend(LOG.vkey))


def test_a_key_must_be_32_bytes():
    with pytest.raises(Malformed):
        note.ed25519_key("a", bytes(31))
