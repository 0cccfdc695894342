"""Documents and drafts: kept whole or not at all, erased for good, never trusted by their name."""

from datetime import UTC, datetime, timedelta
from hashlib import new, sha256

import pytest

from mingtang.core.decider import Refused
from mingtang.vault import actions, queries
from mingtang.vault.models import DocumentRow
from tests.words import refused

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PDF = b"%PDF-1.4 demonstration"


@pytest.fixture(autouse=True)
def vault(log_home):
    return log_home / "vault"


def keep(*chunks, name="图纸.pdf", owner="P-1"):
    return actions.keep_document(owner=owner, name=name, chunks=chunks or [PDF], at=NOON)


def files(vault):
    return [path for path in vault.rglob("*") if path.is_file()]


# ── Documents ───────────────────────────────────────────────────────────────


def test_a_document_is_kept_with_salted_digests_of_its_bytes():
    row = keep(b"%PDF-1.4 ", b"demonstration")
    assert queries.path_of(row.id).read_bytes() == PDF
    salted = bytes.fromhex(row.salt) + PDF
    assert (row.sha256, row.sm3) == (sha256(salted).hexdigest(), new("sm3", salted).hexdigest())
    assert (row.size, row.media_type, row.name) == (len(PDF), "application/pdf", "图纸.pdf")
    assert queries.is_intact(row)
    assert queries.documents_of("P-1") == [row]


def test_the_same_file_twice_has_two_ids_and_two_digests():
    first, second = keep(), keep()
    assert first.id != second.id
    assert first.sha256 != second.sha256


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"PK\x03\x04....OFD.xml", "application/ofd"),
        (
            b"PK\x03\x04....[Content_Types].xml....word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"PK\x03\x04....xl/workbook.xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_its_kind_is_found_in_its_bytes(start, media_type):
    assert keep(start, name="whatever.exe").media_type == media_type


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90", b"<html>", b"PK\x03\x04....anything.txt", b"PDF-1.4", b"\x00" * 40, b"<svg"],
)
def test_what_is_no_document_is_refused_whatever_its_name(data, vault):
    with refused("upload.kind-not-allowed"):
        keep(data, name="真的.pdf")
    assert (files(vault), DocumentRow.objects.count()) == ([], 0)


def test_an_empty_file_is_refused_and_leaves_nothing(vault):
    with refused("upload.empty"):
        keep(b"")
    assert (files(vault), DocumentRow.objects.count()) == ([], 0)


def test_a_file_over_the_limit_is_refused_as_soon_as_it_is_over_it(settings, vault):
    settings.UPLOAD_LIMIT = 1024 * 1024
    read = []

    def chunks():
        for number in range(100):
            read.append(number)
            yield PDF.ljust(600 * 1024)

    with pytest.raises(Refused) as refusal:
        actions.keep_document(owner="P-1", name="a.pdf", chunks=chunks(), at=NOON)
    assert (refusal.value.code, refusal.value.facts) == ("upload.too-large", {"limit": 1})
    assert read == [0, 1]
    assert files(vault) == []


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(vault):
    def chunks():
        yield PDF
        raise OSError("the other side went away")

    with pytest.raises(OSError, match="went away"):
        actions.keep_document(owner="P-1", name="a.pdf", chunks=chunks(), at=NOON)
    assert (files(vault), DocumentRow.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\temp\\图纸.pdf", "图纸.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n\u202ec.pdf", "abc.pdf"),
        ("\x07", "未命名"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_keeps_no_path_and_no_control_characters(given, kept):
    assert keep(name=given).name == kept


def test_an_altered_or_missing_file_is_noticed():
    row = keep()
    queries.path_of(row.id).write_bytes(PDF + b"!")
    assert not queries.is_intact(row)
    queries.path_of(row.id).unlink()
    assert not queries.is_intact(row)


def test_an_erased_document_is_gone_with_its_name_and_salt(vault):
    row = keep()
    actions.erase_document(id=row.id, at=NOON)
    after = queries.document(row.id)
    assert files(vault) == []
    assert (after.name, after.salt, after.erased_at) == ("", "", NOON)
    assert (after.sha256, after.size) == (row.sha256, row.size)
    assert queries.documents_of("P-1") == []
    actions.erase_document(id=row.id, at=NOON)  # again after a crash in between: no harm


# ── Drafts ──────────────────────────────────────────────────────────────────


def save(at=NOON, owner="P-1", **content):
    actions.save_draft(owner=owner, subject="apply/x", content=content, at=at)


def test_a_draft_is_one_per_person_and_subject_and_the_last_typing_holds():
    save(step=1)
    save(step=2, name="演示")
    save(owner="P-2", step=9)
    [draft] = queries.drafts_of("P-1", at=NOON)
    assert draft.content == '{"step": 2, "name": "演示"}'
    assert queries.draft(owner="P-2", subject="apply/x").content == '{"step": 9}'


def test_a_draft_lives_ninety_days_from_its_last_typing():
    save(step=1)
    last = NOON + timedelta(days=90)
    assert len(queries.drafts_of("P-1", at=last - timedelta(seconds=1))) == 1
    assert queries.drafts_of("P-1", at=last) == []


def test_an_expired_draft_can_be_taken_up_for_thirty_more_days():
    save(step=1)
    end = NOON + timedelta(days=120)
    assert actions.drop_expired_drafts(at=end - timedelta(seconds=1)) == 0
    assert queries.draft(owner="P-1", subject="apply/x").content == '{"step": 1}'
    assert actions.drop_expired_drafts(at=end) == 1
    assert queries.draft(owner="P-1", subject="apply/x") is None


def test_a_draft_that_was_handed_in_is_dropped():
    save(step=1)
    actions.drop_draft(owner="P-1", subject="apply/x")
    assert queries.draft(owner="P-1", subject="apply/x") is None
