"""The public check: every state in words, one altered byte, and nothing more than is printed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingtang.config.wiring import SUBJECTS
from mingtang.core.wire import ERASED
from mingtang.ledger import sequencer
from mingtang.ledger.actions import erase
from mingtang.papers.actions.making import make_due
from mingtang.portal.views import check as views
from mingtang.trust import actions as trust
from mingtang.trust import queries as seals
from mingtang.vault import queries as vault
from tests.core.case_examples import day
from tests.rooms import paper_words, trust_words
from tests.rooms.people_words import MONDAY

pytestmark = pytest.mark.django_db
UNKNOWN = "7K2P9QXD0123VWXY"


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()


@pytest.fixture
def office(log_home):
    return paper_words.build()


@pytest.fixture
def notice(office):
    """An acceptance notice, made, sealed with a test seal, issued."""
    paper_words.order()
    assert make_due(at=MONDAY) == 1
    return paper_words.row()


def pdf_of(row):
    return vault.path_of(row.file).read_bytes()


def sent(pdf, name="文书.pdf", client=None):
    """Send a file for the full check; return the answer."""
    return (client or Client()).post("/check/", {"file": SimpleUploadedFile(name, pdf)})


def erased(index, name):
    erase(index=index, names=[name], basis="演示", by="P-1", at=MONDAY, subjects=SUBJECTS)


def words(answer):
    """Return the main part of a page as a reader has it: no tags, no spaces."""
    [main] = re.findall(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    return unescape(re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", main)))


def heading(answer):
    [top] = re.findall(r"<h1.*?</h1>", answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", "", top)


def lamp(answer):
    return re.search(r'class="finding (\w+)"', answer.content.decode())[1]


# ── By the code of a QR ─────────────────────────────────────────────────────


def test_the_code_leads_to_what_is_printed_and_to_the_answers_in_their_order(notice, client):
    answer = client.get(f"/check/{notice.code}/")
    assert (answer.status_code, heading(answer), lamp(answer)) == (
        200,
        "确有记录，已经签发",
        "warn",
    )
    said = words(answer)
    order = [
        "测试印章，无法律效力",
        "名称受理通知书", "文号演示education受〔2026〕1号", "受送达人演示甲",
        "原件没有核对文件", "印章演示education", "行政审批专用章印章编码9900000000017",
        "印章现在照常使用。", "今天的效力已经签发", f"账本№{notice.issued_index}",
        "签发2026-03-0209:00:00", "依据授权书演示授权〔2026〕1号",
    ]  # fmt: skip
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    assert f'title="{notice.certificate}"' in answer.content.decode()


def test_the_maker_prints_the_address_of_this_page(notice, client, settings):
    from mingtang.papers.actions.making import address_of

    address = address_of(notice.code)
    assert address.startswith(settings.URL)
    assert client.get(address.removeprefix(settings.URL)).status_code == 200


@pytest.mark.parametrize("spelled", [str.lower, lambda code: "-".join(re.findall("....", code))])
def test_the_code_may_be_typed_otherwise(notice, client, spelled):
    for address in (f"/check/{spelled(notice.code)}/", f"/check/?q={spelled(notice.code)}"):
        assert heading(client.get(address)) == "确有记录，已经签发"


def test_an_unknown_code_says_what_is_unknown_and_what_to_do(log_home, client):
    answer = client.get(f"/check/{UNKNOWN}/")
    assert (answer.status_code, heading(answer), lamp(answer)) == (200, "没有查到", "warn")
    said = words(answer)
    assert "没有核验码为7K2P-9QXD-0123-VWXY的文书或证照。" in said
    assert "请对照纸面再输一遍" in said
    assert "不要凭它办事" in said


def same_but_for(answer, code):
    text = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return text.replace(code, "").replace("-".join(re.findall("....", code)), "")


def test_every_unknown_code_gets_the_same_answer_for_the_same_work(office, client):
    """One never given, one of a paper that is not issued, one that was erased, one that is none."""
    paper_words.order()
    waiting = paper_words.row().code
    paper_words.order(paper_words.draft("MT-7K2P-9QXD-3"))
    gone = paper_words.row("MT-7K2P-9QXD-3")
    assert make_due(at=MONDAY, limit=0) == 0
    erased(gone.ordered_index, "code")
    assert paper_words.row(gone.key).code == ERASED
    client.get(f"/check/{UNKNOWN}/")
    answers, counts = [], []
    for code in (UNKNOWN, waiting, gone.code, "ABCDEFGHJKMNPQRS"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(same_but_for(client.get(f"/check/{code}/"), code))
        counts.append(len(queries))
    assert len(set(answers)) == 1
    assert set(counts) == {1}


def test_what_can_be_no_code_is_unknown_too_and_is_not_repeated(log_home, client):
    for typed in ("x", "MT-7K2P-9QXD", ERASED, "%00%0A<b>", "请汇款到下列账户", "x" * 3000):
        answer = client.get(f"/check/{typed}/")
        assert (answer.status_code, heading(answer)) == (200, "没有查到")
        assert "不是核验码：核验码一共16位" in words(answer)
        assert typed == "x" or typed not in words(answer)


def test_a_name_erased_by_law_is_not_shown(notice, client):
    erased(notice.ordered_index, "addressee")
    said = words(client.get(f"/check/{notice.code}/"))
    assert "受送达人（已依法删除）" in said
    assert "演示甲" not in said


# ── What is typed ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "请输入纸面上的核验码，或者证照标识。"),
        ("MT-7K2P-9QXD", "不是核验码：核验码一共16位"),
        ("演示受〔2026〕7号", "不是核验码，也不是证照标识。"),
        ("1.2.156.3005.2.11990000MB0000001X001", "证照标识不完整"),
        (
            "1.2.156.3005.2.11990000MB0000001X001.11990000MB0000001X.2026000000000012.001.0",
            "证照标识的校验码不对",
        ),
    ],
)
def test_what_was_typed_wrong_is_explained_and_kept_in_the_box(log_home, client, typed, why):
    answer = client.get("/check/", {"q": typed})
    assert answer.status_code == 422
    assert why in words(answer)
    assert f'value="{typed}"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


# ── The file itself ─────────────────────────────────────────────────────────


def test_the_file_that_was_issued_is_whole(notice, client):
    for answer in (sent(pdf_of(notice)), client.get(f"/check/digest/{notice.sha256}/")):
        assert (heading(answer), lamp(answer)) == ("原件完整，已经签发", "warn")
        assert "原件原件完整与签发的那份文件一字不差。" in words(answer)
        assert "受送达人演示甲" in words(answer)


@pytest.mark.parametrize("place", [20, 9_000, 0.5, -1])
def test_one_altered_byte_is_refused(notice, place):
    pdf = bytearray(pdf_of(notice))
    pdf[int(place * len(pdf)) if place == 0.5 else place] ^= 1
    answer = sent(bytes(pdf))
    assert (answer.status_code, lamp(answer)) == (200, "bad")
    assert heading(answer) == "已被改动"
    assert "它不是当初盖章的那份文件。" in words(answer)
    assert "演示甲" not in words(answer)


def test_appended_bytes_are_told_from_altered_ones(notice):
    answer = sent(pdf_of(notice) + b"\n% more")
    assert (heading(answer), lamp(answer)) == ("盖章后被添加了内容", "bad")
    assert "印章演示education" in words(answer)


def test_another_pdf_has_no_seal(log_home):
    answer = sent(trust_words.paper())
    assert (heading(answer), lamp(answer)) == ("没有电子印章", "bad")


@pytest.mark.parametrize("data", [b"\xff\xd8\xff a photograph", b"", b"%PD"])
def test_what_is_no_pdf_is_told(log_home, data):
    if not data:
        assert "请先选一份PDF文件。" in words(Client().post("/check/", {}))
        return
    answer = sent(data)
    assert (heading(answer), lamp(answer)) == ("不是PDF文件", "bad")


def test_a_strangers_seal_counts_for_nothing(notice, settings, tmp_path):
    settings.HOME = tmp_path / "elsewhere"
    settings.HOME.mkdir()
    forged = trust_words.sealed(trust_words.made("local"))
    settings.HOME = tmp_path
    answer = sent(forged)
    assert (heading(answer), lamp(answer)) == ("印章来历不明", "bad")
    assert "印章不是本平台的印章" in words(answer)


def test_what_our_seal_is_on_but_was_never_issued_is_not_taken_for_issued(notice):
    answer = sent(trust_words.sealed(seals.seal_of("education")))
    assert (heading(answer), lamp(answer)) == ("盖过章，但从未签发", "bad")
    assert "印章演示education" in words(answer)
    assert "文件上写的盖章时间：2026-03-0209:00:00" in words(answer)


def test_a_seal_of_a_recognised_authority_elsewhere_is_said_to_be_one(notice):
    answer = sent(trust_words.sealed(trust_words.made("local", seal_no="9900000000099")))
    assert (heading(answer), lamp(answer)) == ("不是本平台签发", "bad")


def test_a_digest_nobody_knows_is_unknown(log_home, client):
    answer = client.get(f"/check/digest/{'0' * 64}/")
    assert (answer.status_code, heading(answer)) == (200, "没有查到")
    assert "请在下面选这份文件" in words(answer)
    for wrong in ("x", "A" * 64, "0" * 63):
        assert client.get(f"/check/digest/{wrong}/").status_code == 404


def test_a_file_too_large_is_refused_unread(log_home, settings, client):
    settings.UPLOAD_LIMIT = 1000
    assert sent(b"%PDF-" + b" " * 1000).status_code == 413


def test_a_file_that_was_sent_is_kept_nowhere(notice, log_home):
    before = sorted(path for path in log_home.rglob("*") if path.is_file())
    sent(b"%PDF- something of mine")
    assert sorted(path for path in log_home.rglob("*") if path.is_file()) == before


# ── The seal since ──────────────────────────────────────────────────────────


def test_a_seal_suspended_or_destroyed_since_is_said_to_be(notice, office, client):
    key = "education-1"
    trust.suspend_seal(key=key, reason="演示", by=office.manager, at=MONDAY + timedelta(days=1))
    said = words(client.get(f"/check/{notice.code}/"))
    assert "印章已经停用；停用以前盖的章仍然算数。自2026-03-03（周二）起如此。" in said
    trust.destroy_seal(key=key, reason="演示", by=office.manager, at=MONDAY + timedelta(days=2))
    answer = client.get(f"/check/{notice.code}/")
    assert "印章已经销毁；销毁以前盖的章仍然算数。自2026-03-04（周三）起如此。" in words(answer)
    assert heading(answer) == "确有记录，已经签发"


# ── The log ─────────────────────────────────────────────────────────────────


def test_the_receipt_is_offered_once_a_checkpoint_covers_the_issue(notice, client):
    assert "几秒之内进入下一个存证点" in words(client.get(f"/check/{notice.code}/"))
    sequencer.advance(at=day(3, 9))
    page = client.get(f"/check/{notice.code}/").content.decode()
    receipt = f"/ledger/{notice.issued_index}/receipt"
    assert f'href="{receipt}" download' in page
    assert client.get(receipt).status_code == 200


# ── What pages keep and count ───────────────────────────────────────────────


def test_no_answer_is_kept_by_anybody(notice, client):
    for address in ("/check/", f"/check/{notice.code}/", f"/check/digest/{notice.sha256}/"):
        answer = client.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "ETag" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_no_check_costs_more_than_a_few_queries(notice, client, django_assert_num_queries):
    client.get(f"/check/{notice.code}/")
    with django_assert_num_queries(2):  # the paper, and whether seals changed
        client.get(f"/check/{notice.code}/")
    with django_assert_num_queries(2):
        client.get(f"/check/digest/{notice.sha256}/")


def test_asking_too_often_for_what_is_unknown_is_slowed_down(notice, client, monkeypatch):
    monkeypatch.setattr(views, "MOST_UNKNOWN", 2)
    addresses = (f"/check/{UNKNOWN}/", f"/check/digest/{'0' * 64}/", f"/check/?q={UNKNOWN}")
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert client.get(f"/check/{UNKNOWN}/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_what_is_on_record_is_answered_all_day(notice, client, monkeypatch):
    monkeypatch.setattr(views, "MOST_UNKNOWN", 0)
    assert client.get(f"/check/{UNKNOWN}/").status_code == 429
    assert {client.get(f"/check/{notice.code}/").status_code for _ in range(4)} == {200}


def test_sending_files_too_often_is_slowed_down(log_home, monkeypatch):
    monkeypatch.setattr(views, "MOST_FILES", 2)
    codes = [sent(b"%PDF- x").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_in_english_only_what_is_printed_stays_chinese(notice, client):
    client.cookies["django_language"] = "en"
    pdf = pdf_of(notice)
    answers = [client.get(f"/check/{notice.code}/"), client.get(f"/check/{UNKNOWN}/"),
               client.get("/check/", {"q": "x"}), client.get("/check/")]  # fmt: skip
    answers += [sent(data, client=client) for data in (pdf, pdf + b"x", pdf[:-1], b"x")]
    printed = [
        notice.title, notice.number, notice.addressee, "演示education", "行政审批专用章",
        notice.letter_no, "文书.pdf",
    ]  # fmt: skip
    for answer in answers:
        said = words(answer)
        for value in printed:
            said = said.replace(value.replace(" ", ""), "")
        assert re.findall("[\u4e00-\u9fff]+", said) == []
    assert heading(answers[0]) == "Onrecord;issued"
    assert heading(answers[4]) == "Theoriginal,intact;issued"


def test_the_site_leads_here(log_home, client):
    for address in ("/", "/sitemap/", "/ledger/"):
        assert 'href="/check/"' in client.get(address).content.decode()
