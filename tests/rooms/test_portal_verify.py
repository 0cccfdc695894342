"""The verifier in the browser, in a real one: what holds passes, one altered byte is named."""

import json
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from mingtang.core import note, tlogproof
from mingtang.core.receipt import parse_receipt
from mingtang.core.strict import Malformed
from mingtang.ledger import keys, receipts
from mingtang.verifier.receipt import check_receipt
from mingtang.verifier.words import Refused
from tests.journeys.browser import browser, page  # noqa: F401
from tests.rooms import portal_words

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
SITE = "http://localhost:8000"  # a secure context; nothing listens: pages are handed over below
FILED = 6  # index of the entry with six sealed values


@pytest.fixture
def kept(log_home, settings, monkeypatch):
    """A receipt that opens all its values, cosigned by the witness the page knows."""
    portal_words.small_hall()
    portal_words.published(settings, monkeypatch)
    return receipts.receipt_file(FILED).encode()


@pytest.fixture
def verifier(kept, client, page, request):  # noqa: F811
    """The ledger page as the site sends it, its scripts included, in the browser."""
    return opened(page, client)


def opened(page, client, address="/ledger/"):  # noqa: F811
    answer = client.get(address)

    def hand_over(route):
        path = route.request.url.removeprefix(SITE)
        if path == address:
            headers = dict(answer.items())
            return route.fulfill(status=200, headers=headers, body=answer.content)
        found = finders.find(path.removeprefix("/static/"))
        return route.fulfill(path=found) if found else route.fulfill(status=404, body="")

    page.route("**/*", hand_over)
    page.goto(SITE + address)
    return page


def check(page, data, name="mine.receipt.json"):  # noqa: F811
    """Give the page a file; return the verdict and the lines [(lamp, check, meaning)]."""
    page.evaluate("document.querySelector('form[data-verify]').removeAttribute('data-verdict')")
    page.set_input_files(
        "#verify-file", {"name": name, "mimeType": "application/json", "buffer": data}
    )
    page.wait_for_selector("form[data-verdict]")
    lines = page.evaluate(
        """() => [...document.querySelectorAll("#verify-results li")].map((line) =>
            [line.className, ...["b", "p"].map((tag) => line.querySelector(tag).textContent)])"""
    )
    return page.get_attribute("form[data-verify]", "data-verdict"), list(map(tuple, lines))


def states(lines):
    return [(state, what) for state, what, _ in lines]


def bad(lines):
    return {what for state, what, _ in lines if state == "bad"}


ALL_GOOD = [
    ("good", "文件格式"),
    ("good", "记录的散列"),
    ("good", "记录在账本里"),
    ("good", "账本的签名"),
    ("good", "见证机构会签"),
    *[("good", "出示的封存内容")] * 6,
]


def test_every_check_of_a_good_receipt_passes_on_a_line_of_its_own(verifier, kept):
    verdict, lines = check(verifier, kept)
    assert verdict == "good"
    assert states(lines) == ALL_GOOD
    assert lines[2][2].startswith("第 6 号记录确在这本有 9 条的账里")
    assert "audit.example/witness 于 2026-03-09 10:00:00 会签" in lines[4][2]
    assert verifier.inner_text("#verify-verdict").endswith(
        "有效：mine.receipt.json 的每一项都相符。"
    )
    shown = verifier.inner_text("#verify-results")
    assert "110101199003079999" in shown


def test_a_receipt_that_opens_nothing_says_how_much_it_withholds(verifier, kept):
    verdict, lines = check(verifier, receipts.receipt_file(FILED, disclose=()).encode())
    assert verdict == "good"
    assert lines[-1] == (
        "idle",
        "出示的封存内容",
        "还有 6 项封存内容没有出示，记录里只有它们的摘要。",
    )


def test_a_bare_log_proof_that_carries_its_entry_passes(verifier, kept):
    receipt = parse_receipt(kept.decode())
    proof = tlogproof.TlogProof(
        index=receipt.proof.index,
        hashes=receipt.proof.hashes,
        checkpoint=receipt.proof.checkpoint,
        extra=receipt.leaf,
    )
    verdict, lines = check(verifier, tlogproof.format_proof(proof).encode(), "x.tlog-proof")
    assert verdict == "good"
    assert states(lines)[:5] == ALL_GOOD[:5]


def altered(kept, **changes):
    """Return the receipt with members changed, spelled as receipts are, without its digest."""
    document = json.loads(kept) | changes
    document.pop("sha256", None)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def other_letter(text, place):
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def test_an_altered_entry_is_not_in_the_log(verifier, kept):
    leaf = b64decode(json.loads(kept)["leaf"]).replace(b"DEMO-001", b"DEMO-002")
    verdict, lines = check(verifier, altered(kept, leaf=b64encode(leaf).decode()))
    assert (verdict, bad(lines)) == ("bad", {"记录在账本里"})


def test_another_index_or_path_does_not_lead_to_the_root(verifier, kept):
    proof = json.loads(kept)["proof"]
    for wrong in (proof.replace("index 6", "index 5"), other_letter(proof, 40)):
        verdict, lines = check(verifier, altered(kept, proof=wrong))
        assert (verdict, bad(lines)) == ("bad", {"记录在账本里"})


def test_an_altered_size_breaks_every_signature(verifier, kept):
    proof = json.loads(kept)["proof"].replace("\n9\n", "\n8\n")
    verdict, lines = check(verifier, altered(kept, proof=proof))
    assert verdict == "bad"
    assert bad(lines) >= {"账本的签名", "见证机构会签"}


def test_an_altered_signature_is_named_by_who_signed(verifier, kept):
    proof = json.loads(kept)["proof"]
    log, witness = (proof.index(f"— {name}") for name in ("mingtang", "audit"))
    _, lines = check(verifier, altered(kept, proof=other_letter(proof, log + 60)))
    assert bad(lines) == {"账本的签名"}
    _, lines = check(verifier, altered(kept, proof=other_letter(proof, witness + 70)))
    assert bad(lines) == {"见证机构会签"}


@pytest.mark.parametrize("part", ["name", "salt", "value"])
def test_an_altered_disclosure_is_named(verifier, kept, part):
    disclosures = json.loads(kept)["disclosures"]
    disclosures[3][part] = other_letter(disclosures[3][part], 2)
    verdict, lines = check(verifier, altered(kept, disclosures=disclosures))
    assert verdict == "bad"
    wrong = [meaning for state, _, meaning in lines if state == "bad"]
    assert wrong == [f"“{disclosures[3]['name']}”的摘要不在记录里：它的名称、盐或内容被改动过。"]


def test_the_same_disclosure_twice_is_refused(verifier, kept):
    disclosures = json.loads(kept)["disclosures"]
    verdict, lines = check(verifier, altered(kept, disclosures=[*disclosures, disclosures[0]]))
    assert (verdict, bad(lines)) == ("bad", {"出示的封存内容"})


@pytest.mark.parametrize("digest", [True, False], ids=["with its digest", "without"])
def test_no_flipped_byte_anywhere_passes(verifier, kept, digest):
    """Nor does the page let through what the program refuses."""
    whole = kept if digest else altered(kept) + b"\n"
    passed = []
    for place in range(0, len(whole), 11):
        data = bytearray(whole)
        data[place] ^= 1 << (place % 7)
        verdict, _lines = check(verifier, bytes(data))
        if verdict == "good":
            passed.append(bytes(data[max(0, place - 20) : place + 20]))
        if verdict != "bad":
            check_receipt(bytes(data), log=keys.public(), policy=None)
    assert passed == []


@pytest.mark.parametrize(
    ("data", "meaning"),
    [
        (b"\xff\xfe", "文件不是 UTF-8 文本，可能在传送中损坏。"),
        (b"not json", "不是 JSON：回执文件"),
        (b"{}", "这不是一份存证回执。请选以 .receipt.json 或 .tlog-proof 结尾的文件。"),
        (b"[]", "这不是一份存证回执。请选以 .receipt.json 或 .tlog-proof 结尾的文件。"),
        (b"null", "这不是一份存证回执。请选以 .receipt.json 或 .tlog-proof 结尾的文件。"),
        (
            b"c2sp.org/tlog-proof@v1\nindex 0\n\nx",
            "这份日志证明没有带上记录（extra 行），不知道证明的是什么。",
        ),
        (b"", "不是 JSON：回执文件"),
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_told_apart(verifier, data, meaning):
    verdict, lines = check(verifier, data)
    assert (verdict, lines) == ("bad", [("bad", "文件格式", meaning)])


def test_a_file_an_editor_respelled_is_refused(verifier, kept):
    verdict, lines = check(verifier, json.dumps(json.loads(kept), indent=1).encode())
    assert verdict == "bad"
    assert "可能被编辑器改动过" in lines[0][2]


def test_the_key_can_be_another_one(verifier, kept):
    secret = portal_words.Ed25519PrivateKey.generate()
    origin = keys.public().name
    other = note.ed25519_key(origin, secret.public_key().public_bytes_raw())
    verifier.click("summary:has-text('用哪些公钥核验')")
    verifier.fill("#verify-vkey", note.format_vkey(other))
    verdict, lines = check(verifier, kept)
    assert (verdict, bad(lines)) == ("bad", {"账本的签名"})
    verifier.fill("#verify-vkey", "no key")
    verdict, lines = check(verifier, kept)
    assert lines == [("bad", "文件格式", "不是一把公钥：no key")]


def test_a_witness_nobody_named_is_not_taken_for_checked(verifier, kept):
    verifier.click("summary:has-text('用哪些公钥核验')")
    verifier.fill("#verify-witnesses", "")
    verdict, lines = check(verifier, kept)
    assert verdict == "warn"
    assert "没有它的公钥，没有核对" in lines[4][2]


def test_a_browser_without_ed25519_says_what_it_did_not_check(kept, client, page):  # noqa: F811
    page.add_init_script(
        """const original = SubtleCrypto.prototype.importKey;
        SubtleCrypto.prototype.importKey = () =>
            Promise.reject(new DOMException("no", "NotSupportedError"));"""
    )
    verdict, lines = check(opened(page, client), kept)
    assert verdict == "warn"
    assert states(lines)[2:5] == [
        ("good", "记录在账本里"), ("warn", "账本的签名"), ("warn", "见证机构会签"),
    ]  # fmt: skip
    assert "命令行核验程序" in lines[3][2]


def test_without_a_secure_page_nothing_is_claimed(kept, client, page):  # noqa: F811
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    verdict, lines = check(opened(page, client), kept)
    assert (verdict, len(lines)) == ("bad", 1)
    assert "没有核验" in lines[0][2]


def test_the_file_never_leaves_the_browser(verifier, kept):
    sent = []
    verifier.on("request", lambda asked: sent.append((asked.method, asked.post_data, asked.url)))
    check(verifier, kept)
    assert [one for one in sent if one != ("GET", None, f"{SITE}/static/ui/mark.svg")] == []


def test_a_file_can_be_dropped_on_the_page(verifier, kept):
    verifier.evaluate(
        """(text) => {
            const given = new DataTransfer();
            given.items.add(new File([text], "dropped.receipt.json"));
            document.querySelector("form[data-verify]").dispatchEvent(
                new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true }));
        }""",
        kept.decode(),
    )
    verifier.wait_for_selector("form[data-verdict=good]")
    assert "dropped.receipt.json" in verifier.inner_text("#verify-verdict")


def test_without_scripts_the_command_is_there(kept, client, browser):  # noqa: F811
    context = browser.new_context(java_script_enabled=False)
    page = opened(context.new_page(), client)  # noqa: F811
    assert page.is_hidden("form[data-verify]")
    assert page.is_visible("text=python -m mingtang.verifier receipt")
    context.close()


def test_the_verifier_is_short_enough_to_read():
    path = finders.find("portal/verify.js")
    assert len(Path(path).read_text(encoding="utf-8").splitlines()) < 300


def test_the_command_line_agrees_on_what_is_altered(kept):
    """What the pages above refuse, the program refuses."""
    for change in ({"disclosures": [{"name": "a", "salt": "b", "value": "c"}]}, {"leaf": "AAAA"}):
        with pytest.raises((Refused, Malformed)):
            check_receipt(altered(kept, **change) + b"\n", log=keys.public(), policy=None)
