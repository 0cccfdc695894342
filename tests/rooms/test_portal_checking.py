"""What was typed off a paper, and what a check finds: the pure part, without a page."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone

import pytest

from mingtang.core.licences.identifier import ROOT, Identifier, format_identifier
from mingtang.core.seals import Certificate, Seal
from mingtang.core.wire import ERASED
from mingtang.portal import checking
from mingtang.portal.asking import Code, Wrong, code_of, understood
from mingtang.portal.checking import Licence, Original, Paper, Sealed, Standing

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
TODAY = date(2026, 3, 2)
IDENTIFIER = Identifier("11990000MB0000001X001", "11990000MB0000001X", "2026000000000012", 1)
PRINTED = format_identifier(IDENTIFIER)

# ── What was typed ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        "7K2P9QXD0123VWXY",
        "7k2p-9qxd-0123-vwxy",
        " 7K2P 9QXD 0123 VWXY\n",
        "７Ｋ２Ｐ－９ＱＸＤ－０１２３－ＶＷＸＹ",
        "7K2P—9QXD–0123·VWXY",
        "7K2P9QXDOI23VWXY",
        "7k2p9qxdol23vwxy",
        "https://hall.example/check/7K2P9QXD0123VWXY/",
        "\u200b7K2P9QXD0123VWXY",
    ],
)
def test_a_check_code_is_read_however_it_was_typed(typed):
    assert understood(typed) == Code("7K2P9QXD0123VWXY")


def test_a_check_code_is_shown_in_fours():
    assert str(Code("7K2P9QXD0123VWXY")) == "7K2P-9QXD-0123-VWXY"


@pytest.mark.parametrize(
    "typed",
    [
        PRINTED,
        PRINTED.lower(),
        PRINTED.replace(".", ""),
        PRINTED.replace(".", " . "),
        PRINTED.replace(".", "。"),
        PRINTED.replace(".", "．"),
        PRINTED.translate({ord(sign): ord(sign) + 0xFEE0 for sign in PRINTED}),
        f"\u3000{PRINTED}\u3000",
        ROOT + "." + PRINTED.removeprefix(ROOT).replace(".", ""),
    ],
)
def test_an_identifier_is_read_with_or_without_its_dots(typed):
    assert understood(typed) == IDENTIFIER


def test_an_identifier_of_an_issuer_with_a_short_code_needs_its_dots():
    short = replace(IDENTIFIER, issuer="990000")
    assert understood(format_identifier(short)) == short


@pytest.mark.parametrize("place", range(len(ROOT) + 1, len(PRINTED)))
def test_one_wrong_sign_of_an_identifier_is_found_by_its_check_character(place):
    if PRINTED[place] == ".":
        return
    other = "7" if PRINTED[place] != "7" else "8"
    wrong = PRINTED[:place] + other + PRINTED[place + 1 :]
    assert understood(wrong) is Wrong.CHECK_SIGN
    assert understood(wrong.replace(".", "")) is Wrong.CHECK_SIGN


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", Wrong.NOTHING),
        (" . - ", Wrong.NOTHING),
        ("7K2P-9QXD", Wrong.LENGTH),
        ("7K2P9QXD0123VWXYZ", Wrong.LENGTH),
        ("7K2P9QXD0123VWXU", Wrong.SIGNS),  # U is no sign of a code
        ("市场监管局受〔2026〕7号", Wrong.SIGNS),
        (ROOT + ".11990000MB0000001X001", Wrong.IDENTIFIER),
        (PRINTED + "00000", Wrong.IDENTIFIER),
        (PRINTED[:-1] + "*", Wrong.IDENTIFIER),
    ],
)
def test_what_is_neither_is_told_apart(typed, why):
    assert understood(typed) is why


def test_what_begins_like_an_identifier_may_still_be_a_code():
    assert understood("12156-30052-ABCDEF") == Code("1215630052ABCDEF")


@pytest.mark.parametrize("typed", ["", "x", "../../etc/passwd", "7K2P9QXD0123VWX?"])
def test_an_address_that_holds_no_code_gives_none(typed):
    assert code_of(typed) is None


# ── What is found ───────────────────────────────────────────────────────────

PAPER = Paper(
    title="食品经营许可证",
    number="演示许〔2026〕7号",
    addressee="演示某甲",
    issued_at=MONDAY,
    index=41,
    sha256="0" * 64,
    certificate="ab" * 32,
    test=False,
    letter_no="演示授〔2026〕1号",
)
SEAL = Seal(
    seal_no="9900000000017",
    organ="market",
    organ_name="演示市场监督管理局",
    name="行政审批专用章",
    certificate=Certificate(
        fingerprint="ab" * 32,
        issuer="演示",
        sealer="local",
        test=False,
        valid_from=date(2026, 1, 1),
        valid_to=date(2030, 12, 31),
    ),
    custodian="P1",
)
SEALED = Sealed(seal=SEAL, fingerprint="ab" * 32)
LICENCE = Licence(
    state="valid",
    since=MONDAY,
    newer=False,
    turned=True,
    holder_kind="person",
    valid_from=date(2026, 3, 1),
    valid_to=date(2031, 2, 28),
)


def found(licence=LICENCE, *, original=Original.SAME, sealed=SEALED, today=TODAY):
    return checking.on_record(PAPER, original=original, sealed=sealed, licence=licence, today=today)


def test_a_valid_licence_under_a_good_seal_is_good():
    finding = found()
    assert (finding.found, finding.lamp) == (True, "good")
    assert (finding.today.standing, finding.today.since) == (Standing.VALID, None)
    assert finding.today.valid_to == date(2031, 2, 28)


def test_a_notice_has_no_term():
    finding = found(None)
    assert (finding.lamp, finding.today.standing) == ("good", Standing.ISSUED)


def test_a_test_seal_is_never_green():
    assert found(sealed=replace(SEALED, test=True)).lamp == "warn"


@pytest.mark.parametrize(
    ("changes", "standing", "since"),
    [
        ({"state": "suspended"}, Standing.SUSPENDED, TODAY),
        ({"state": "revoked"}, Standing.REVOKED, TODAY),
        ({"state": "cancelled"}, Standing.CANCELLED, TODAY),
        ({"state": "replaced"}, Standing.REPLACED, TODAY),
        ({"state": "replaced", "newer": True}, Standing.REPLACED, TODAY),
        ({"state": "replaced", "newer": True, "turned": False}, Standing.REPLACED, None),
        ({"state": "expired", "valid_to": date(2026, 3, 1)}, Standing.EXPIRED, date(2026, 3, 1)),
        ({"state": "making", "valid_to": date(2026, 3, 1)}, Standing.EXPIRED, date(2026, 3, 1)),
    ],
)
def test_whatever_does_not_count_today_is_red_and_since_when(changes, standing, since):
    finding = found(replace(LICENCE, **changes))
    assert (finding.lamp, finding.today.standing, finding.today.since) == ("bad", standing, since)
    assert finding.today.newer == changes.get("newer", False)


def test_a_paper_issued_a_moment_before_its_licence_hears_of_it_is_valid():
    licence = replace(LICENCE, state="making", valid_to=TODAY)
    assert found(licence).today.standing is Standing.VALID


def test_by_identifier_a_persons_name_is_masked_and_an_organisations_is_not():
    masked = checking.by_identifier(found(original=Original.UNSEEN), "person").paper
    assert (masked.addressee, masked.masked) == ("演***", True)
    body = checking.by_identifier(found(original=Original.UNSEEN), "organisation").paper
    assert (body.addressee, body.masked) == ("演示某甲", False)


def test_an_erased_name_is_not_masked_again():
    finding = replace(found(), paper=replace(PAPER, addressee=ERASED))
    assert checking.by_identifier(finding, "person").paper.addressee == ERASED


@pytest.mark.parametrize(
    ("problem", "original"),
    [
        ("paper.not-a-pdf", Original.NOT_A_PDF),
        ("paper.not-sealed", Original.NOT_SEALED),
        ("paper.altered", Original.ALTERED),
        ("paper.appended", Original.APPENDED),
        ("paper.stranger", Original.STRANGER),
    ],
)
def test_what_is_wrong_with_a_file_is_named(problem, original):
    finding = checking.not_on_record(problem, None)
    assert (finding.original, finding.lamp, finding.found) == (original, "bad", False)


def test_a_good_seal_on_what_was_never_issued_is_not_good():
    assert checking.not_on_record("", SEALED).original is Original.NOT_ISSUED
    other = Sealed(seal=None, fingerprint="cd" * 32, signer="演示别处")
    assert checking.not_on_record("", other).original is Original.OTHER_SEAL
    assert checking.not_on_record("", None).original is Original.OTHER_SEAL


def test_nothing_on_record_is_no_verdict_on_anybody():
    assert (checking.UNKNOWN.lamp, checking.UNKNOWN.found) == ("warn", False)


def test_a_finding_has_no_place_for_what_is_not_printed():
    shown = {field.name for field in fields(Paper)}
    assert shown == {
        "title", "number", "addressee", "issued_at", "index", "sha256", "certificate", "test",
        "letter_no", "masked",
    }  # fmt: skip
