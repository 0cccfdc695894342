"""Making papers: sealed under what is in force now, verified, kept, issued once, or not at all."""

from datetime import date, datetime, timedelta
from functools import partial
from hashlib import new, sha256

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mingtang.config.checking import findings
from mingtang.config.wiring import SUBJECTS
from mingtang.core.mandates import MandatePower
from mingtang.core.mandates import key as letter_key
from mingtang.ledger.replay import history, rebuild
from mingtang.ledger.verify import Finding, verify
from mingtang.papers import queries
from mingtang.papers.actions import making
from mingtang.papers.models import KeptFileRow, MakingRow
from mingtang.papers.projection import PAPER
from mingtang.people import actions as people
from mingtang.trust import actions as trust
from mingtang.trust import queries as seals
from mingtang.trust.ports.checking import check
from mingtang.trust.ports.roots import test_authority as authority_file
from mingtang.vault import queries as vault
from mingtang.vault.models import DocumentRow
from tests.rooms import paper_words
from tests.rooms.paper_words import (
    LAST,
    LETTER,
    assert_nothing_was_made,
    draft,
    drafts,
    licence,
    order,
    row,
    trouble,
    vault_files,
    words_of,
)
from tests.rooms.people_words import MONDAY
from tests.rooms.trust_words import pdfsig_says, pyhanko_says

pytestmark = pytest.mark.django_db
KEY = "MT-7K2P-9QXD-2"
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
UNDRAWN = "\U00030000"  # an ideograph no font of ours has


@pytest.fixture(autouse=True)
def home(log_home):
    return log_home


@pytest.fixture
def office():
    return paper_words.build()


def pdf_of(key=KEY) -> bytes:
    return vault.path_of(row(key).file).read_bytes()


# ── Made ────────────────────────────────────────────────────────────────────


def test_a_paper_is_made_sealed_verified_kept_and_issued(office):
    order()
    at = MONDAY + MINUTE
    assert making.make_due(at=at) == 1
    paper, pdf = row(), pdf_of()
    seal = seals.seal_of("education")
    assert (paper.issued_at, paper.size) == (at, len(pdf))
    assert (paper.sha256, paper.sm3) == (sha256(pdf).hexdigest(), new("sm3", pdf).hexdigest())
    assert (paper.seal_no, paper.certificate, paper.test) == (
        seal.seal_no,
        seal.certificate.fingerprint,
        True,
    )
    assert (paper.letter_no, paper.sealed_by) == (LETTER, office.chief)
    verdict = check(pdf)
    assert (verdict.problem, verdict.fingerprint) == ("", paper.certificate)
    assert verdict.signed_at == at
    assert "UNTOUCHED" in pyhanko_says(pdf)
    assert not MakingRow.objects.exists()
    assert not KeptFileRow.objects.exists()


def test_poppler_has_the_same_opinion_of_it(office, home):
    order()
    making.make_due(at=MONDAY)
    assert pdfsig_says(pdf_of(), home / "paper.pdf") == [
        "Total document signed",
        "Signature Validation: Signature is Valid.",
    ]


def test_what_was_sealed_is_named_by_its_digest_before_and_after(office):
    order()
    making.make_due(at=MONDAY)
    [_, issued] = history(f"paper/{KEY}")
    pdf = pdf_of()
    end_of_page = pdf.index(b"%%EOF") + len(b"%%EOF")
    pages = [pdf[:end_of_page], pdf[: end_of_page + 1]]  # with or without a last line break
    assert issued.event.content in [sha256(page).hexdigest() for page in pages]
    assert issued.event.about == "case/MT-7K2P-9QXD"


def test_the_paper_names_its_seal_and_the_letter_it_was_set_under(office):
    order()
    making.make_due(at=MONDAY)
    seal = seals.seal_of("education")
    said = f"用印：{seal.organ_name}行政审批专用章（编号9900000000017），依据授权书{LETTER}。"
    assert said in words_of(pdf_of())


def test_the_file_bears_title_and_number_as_its_name(office):
    order()
    making.make_due(at=MONDAY)
    kept = vault.document(row().file)
    assert kept.name == "受理通知书 演示education受〔2026〕1号.pdf"
    assert (kept.media_type, vault.is_intact(kept)) == ("application/pdf", True)


def test_a_licence_lies_among_its_holders_documents_and_a_notice_does_not(office):
    order(licence(owner=office.citizen), draft(owner=office.citizen))
    assert making.make_due(at=MONDAY) == 2
    [held] = vault.documents_of(office.citizen)
    assert queries.held_document(held.id).key == licence().key


def test_nothing_is_made_twice(office):
    order()
    assert [making.make_due(at=MONDAY) for _ in range(3)] == [1, 0, 0]
    assert len(vault_files()) == 1


def test_fifty_are_made_in_two_rounds_and_each_can_be_checked(office):
    order(*drafts(30, batch="B-7K2P-9QXD"))
    assert [making.make_due(at=MONDAY) for _ in range(3)] == [25, 5, 0]
    rows = queries.papers_of_batch("B-7K2P-9QXD")
    assert {check(pdf_of(paper.key)).problem for paper in rows} == {""}
    assert len({paper.sha256 for paper in rows}) == 30
    assert queries.progress_of("B-7K2P-9QXD") == queries.Progress(ordered=30, made=30, stuck=())


def test_a_round_larger_than_a_commit_makes_all_it_was_asked_for(office):
    order(*drafts(30))
    assert making.make_due(at=MONDAY, limit=100) == 30


def test_the_seal_is_used_by_whoever_acted_where_they_have_a_letter_of_their_own(office):
    people.appoint(post=_post(office.reviewer), by="setup", at=MONDAY)
    paper_words.grant(office, person=office.reviewer, letter_no="演示授权〔2026〕2号")
    order(draft("A-1", user=office.reviewer), draft("A-2", user=office.citizen))
    making.make_due(at=MONDAY)
    assert (row("A-1").sealed_by, row("A-1").letter_no) == (office.reviewer, "演示授权〔2026〕2号")
    assert (row("A-2").sealed_by, row("A-2").letter_no) == (office.chief, LETTER)


def _post(person):
    from mingtang.core.people import Role
    from mingtang.people.actions import Post

    return Post(
        person=person, role=Role.CHIEF_REPRESENTATIVE, organisation="education", staff_no="N-9"
    )


def test_rows_of_issued_papers_made_again_from_the_ledger_are_equal(office):
    order(draft(), licence())
    making.make_due(at=MONDAY)
    paper_words.serve(KEY)
    before = [list(table.objects.order_by("pk").values()) for table in PAPER.tables]
    with transaction.atomic():
        rebuild(SUBJECTS)
    assert [list(table.objects.order_by("pk").values()) for table in PAPER.tables] == before
    assert list(verify(SUBJECTS)) == []


def test_verify_names_a_paper_whose_file_was_altered_or_is_gone(office):
    order(draft("A-1"), draft("A-2"), draft("A-3"), draft("A-4"))
    making.make_due(at=MONDAY)
    assert list(findings()) == []
    paths = {key: vault.path_of(row(key).file) for key in ("A-1", "A-2", "A-3", "A-4")}
    pdf = bytearray(paths["A-1"].read_bytes())
    pdf[1000] ^= 1
    paths["A-1"].write_bytes(pdf)
    paths["A-2"].unlink()
    DocumentRow.objects.filter(pk=row("A-3").file).delete()
    assert list(findings()) == [
        Finding("verify.paper-altered", "paper A-1", f"document {row('A-1').file}"),
        Finding("verify.paper-missing", "paper A-2", f"document {row('A-2').file}"),
        Finding("verify.paper-missing", "paper A-3", f"document {row('A-3').file}"),
    ]


# ── Only what may be sealed today ───────────────────────────────────────────


def moment(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MONDAY.tzinfo)


def test_on_the_last_day_of_the_letter_a_paper_is_made(office):
    order()
    assert making.make_due(at=moment(LAST, 23, 59)) == 1
    assert check(pdf_of()).problem == ""


def test_the_day_after_its_last_nothing_can_be_sealed_and_there_is_no_file_anywhere(office):
    order()
    assert making.make_due(at=moment(LAST + DAY, 0, 0)) == 0
    assert_nothing_was_made()
    assert (trouble().code, trouble().facts) == ("mandate.expired", {"letter_no": LETTER})


def test_before_the_first_day_of_the_letter_nothing_can_be_sealed(office):
    order()
    paper_words.row()
    assert making.make_due(at=moment(paper_words.FIRST - DAY, 23, 59)) == 0
    assert_nothing_was_made()
    assert trouble().code == "mandate.not-yet-valid"


def _suspend(office):
    trust.suspend_seal(key="education-1", reason="疑似盗用", by=office.chief, at=MONDAY)


def _destroy(office):
    trust.destroy_seal(key="education-1", reason="换章", by=office.manager, at=MONDAY)


def _revoke(office):
    people.revoke_mandate(key=letter_key(LETTER), reason="离岗", by=office.manager, at=MONDAY)


def _hand_over(office):
    trust.hand_over_seal(
        key="education-1", to=office.manager, reason="轮岗", by=office.chief, at=MONDAY
    )


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        (_suspend, {}, "seal.suspended"),
        (_destroy, {}, "seal.none"),
        (_revoke, {}, "mandate.revoked"),
        (_hand_over, {}, "seal.no-mandate"),
        (None, {"item": "E-2"}, "mandate.item-not-covered"),
        (None, {"organ": "health"}, "seal.none"),
    ],
)
def test_what_may_not_be_sealed_now_is_not_made_and_says_why(office, before, changed, code):
    order(draft(**changed))
    if before:
        before(office)
    assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    assert (trouble().code, trouble().attempts) == (code, 1)


def test_a_letter_without_the_power_to_seal_does_not_seal(office):
    _revoke(office)
    paper_words.grant(office, letter_no="演示授权〔2026〕2号", powers=(MandatePower.DECIDE,))
    order()
    assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    # the letter that once carried it is nearest, and says why it does not today
    assert trouble().code == "mandate.revoked"


def test_what_is_suspended_while_the_file_is_being_kept_is_not_issued(office, monkeypatch):
    """The rules are asked again at the moment of issue; the file goes."""
    keep = making.vault.keep_document

    def keep_while_the_seal_is_stopped(**said):
        kept = keep(**said)
        _suspend(office)
        return kept

    monkeypatch.setattr(making.vault, "keep_document", keep_while_the_seal_is_stopped)
    order()
    assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    assert trouble().code == "seal.suspended"


def test_a_letter_that_another_follows_meanwhile_is_named_on_no_paper(office, monkeypatch):
    """What is printed is what is recorded: the file goes, the next one names the new letter."""
    keep = making.vault.keep_document

    def keep_while_the_letter_changes(**said):
        kept = keep(**said)
        _revoke(office)
        paper_words.grant(office, letter_no="演示授权〔2026〕2号")
        return kept

    order()
    with monkeypatch.context() as patch:
        patch.setattr(making.vault, "keep_document", keep_while_the_letter_changes)
        assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    assert trouble().code == "paper.authority-changed"
    assert making.make_due(at=MONDAY + MINUTE) == 1
    assert row().letter_no == "演示授权〔2026〕2号"
    assert "依据授权书演示授权〔2026〕2号。" in words_of(pdf_of())


# ── Verified before it counts ───────────────────────────────────────────────


def test_what_does_not_verify_is_not_kept(office):
    """The authority is no longer recognised: sealing works, checking does not."""
    authority_file().rename(authority_file().with_suffix(".gone"))
    order()
    assert making.make_due(at=MONDAY) == 0
    assert_nothing_was_made()
    assert (trouble().code, trouble().facts) == ("paper.not-sound", {"problem": "paper.stranger"})


# ── What it asks of the database ────────────────────────────────────────────


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    aside = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in captured if not q["sql"].upper().startswith(aside)]


def test_each_paper_more_takes_four_statements_more(office):
    """Two looks at the head, for seal and letter as of now; its file's row in the vault, and
    whether the file is still there when its turn comes. Their own rows are written together."""
    order(draft("A-1"))
    making.make_due(at=MONDAY)
    counts = {}
    for many in (1, 5, 20):
        order(*[draft(f"B-{many}-{n}") for n in range(many)])
        counts[many] = len(statements(partial(making.make_due, at=MONDAY)))
    assert counts[5] - counts[1] == 4 * 4
    assert counts[20] - counts[5] == 4 * 15
