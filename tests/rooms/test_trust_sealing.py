"""A seal set: what the paper then says, where the picture stands, where the keys lie."""

import stat
import subprocess
from io import BytesIO
from shutil import which

import pytest
import typst
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyhanko.pdf_utils.reader import PdfFileReader

from mingtang.trust.ports import local
from mingtang.trust.ports.checking import Checked, check
from mingtang.trust.ports.loops import finished
from mingtang.trust.ports.sealing import Place, available, sealer
from tests.rooms.trust_words import (
    FIRST,
    LAST,
    MONDAY,
    made,
    paper,
    pdfsig_says,
    pyhanko_says,
    sealed,
)
from tests.words import refused


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def seal(home):
    return made("local")


# ── Set ─────────────────────────────────────────────────────────────────────


def test_a_sealed_paper_is_intact_whole_and_of_a_seal_known_here(seal):
    assert check(sealed(seal)) == Checked(
        signed=True,
        intact=True,
        whole=True,
        trusted=True,
        fingerprint=seal.certificate.fingerprint,
        signer="测试演示明州省教育厅行政审批专用章",
        signed_at=MONDAY,
        test=True,
        problem="",
    )


def test_pyhanko_and_poppler_say_so_too(seal, tmp_path):
    pdf = sealed(seal)
    assert pyhanko_says(pdf) == "INTACT:TRUSTED,UNTOUCHED"
    assert pdfsig_says(pdf, tmp_path / "paper.pdf") == [
        "Total document signed",
        "Signature Validation: Signature is Valid.",
    ]


def test_a_thread_that_is_in_an_event_loop_seals_and_checks_as_well(seal):
    async def in_a_loop():
        return check(sealed(seal)).problem

    assert finished(in_a_loop()) == ""


def test_the_paper_itself_stays_as_it_was_and_the_seal_is_appended(seal):
    assert sealed(seal).startswith(paper())


def test_the_signature_says_whose_seal_why_and_that_it_is_a_test(seal):
    [signature] = PdfFileReader(BytesIO(sealed(seal))).embedded_signatures
    said = signature.sig_object
    assert said["/Name"] == "演示明州省教育厅行政审批专用章"
    assert said["/Reason"] == "测试印章：准予许可决定"
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert said["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.self_reported_timestamp == MONDAY


def test_the_picture_stands_where_it_was_put(seal):
    place = Place(page=1, x=100, y=200, diameter=120)
    reader = PdfFileReader(BytesIO(sealed(seal, place=place)))
    field = reader.root["/AcroForm"]["/Fields"][0].get_object()
    assert list(map(float, field["/Rect"])) == [40, 140, 160, 260]
    pages = [kid.get_object() for kid in reader.root["/Pages"]["/Kids"]]
    assert [len(page.get("/Annots", ())) for page in pages] == [1, 0]
    picture = field["/AP"]["/N"]
    assert sorted(map(float, picture["/BBox"])) == [0, 0, 120, 120]
    assert b"/Picture Do" in picture.data


def test_words_under_the_seal_stay_as_dark_as_they_were(seal):
    """Organ and date stand under it (骑年盖月): its red lies over them as ink does."""
    pdf = typst.compile(b"#place(dx: 50pt, dy: 50pt, square(size: 100pt, fill: black))")
    place = Place(page=1, x=171, y=671, diameter=120)  # all over the square, and beyond
    before, after = (dark_and_red(page) for page in (pdf, sealed(seal, pdf, place=place)))
    assert after[0] == before[0] == 10_000
    assert after[1] > before[1] == 0


def dark_and_red(pdf: bytes) -> tuple[int, int]:
    """Return how many points of the first page, 72 to an inch, are dark and how many are red."""
    if which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    said = ["pdftoppm", "-r", "72", "-aa", "no", "-aaVector", "no", "-l", "1"]
    run = subprocess.run(said, input=pdf, capture_output=True, check=True)
    points = run.stdout.split(b"\n", 3)[3]
    pairs = list(zip(points[::3], points[1::3], strict=True))  # red and green
    return sum(red < 60 for red, _ in pairs), sum(red > 150 > green for red, green in pairs)


def test_a_certificate_says_test_and_counts_for_whole_days(seal):
    certificate = seal.certificate
    assert (certificate.sealer, certificate.test) == ("local", True)
    assert (certificate.valid_from, certificate.valid_to) == (FIRST, LAST)
    assert certificate.issuer == "CN=测试印章签发机构,OU=TEST,O=mingtang.example/log,C=CN"


@pytest.mark.parametrize("name", ["印" * 22 + "a", "印" * 60])
def test_a_long_name_is_cut_in_the_certificate_and_stands_in_full_in_the_paper(home, name):
    pdf = sealed(made("local", organ_name=name))
    assert check(pdf).problem == ""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    assert signature.sig_object["/Name"] == name + "行政审批专用章"


# ── Keys ────────────────────────────────────────────────────────────────────


def test_keys_are_files_only_their_owner_reads_and_only_this_installation_opens(seal, home):
    folder = home / "keys" / "seals"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    names = {"authority.pem", f"{seal.certificate.fingerprint}.pem"}
    assert {path.name for path in folder.iterdir()} == names
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        with pytest.raises(ValueError, match=r"."):
            load_pem_private_key(path.read_bytes(), b"not the passphrase")


def test_with_another_secret_the_keys_do_not_open(seal, settings):
    settings.SECRET_KEY = "another installation's"
    with refused("seal.sealer-unavailable"):
        sealed(seal)


def test_after_the_secret_was_lost_earlier_papers_count_and_new_seals_can_be_made(
    seal, home, settings
):
    pdf = sealed(seal)
    settings.SECRET_KEY = "another secret"
    with refused("seal.sealer-unavailable"):
        made("local")
    authority = home / "keys" / "seals" / "authority.pem"
    (home / "trust").mkdir()
    authority.rename(home / "trust" / "old.test.pem")
    assert check(sealed(made("local"))).problem == ""
    assert (check(pdf).problem, check(pdf).test) == ("", True)


def test_without_its_key_a_seal_is_set_on_nothing(seal, home):
    sealer("local").destroy(seal.certificate)
    assert [path.name for path in (home / "keys" / "seals").iterdir()] == ["authority.pem"]
    with refused("seal.sealer-unavailable"):
        sealed(seal)


def test_every_seal_has_a_key_of_its_own_from_one_authority(home):
    one, other = made("local"), made("local")
    assert one.certificate.fingerprint != other.certificate.fingerprint
    assert one.certificate.issuer == other.certificate.issuer
    assert len(list((home / "keys" / "seals").iterdir())) == 3


def test_two_processes_that_begin_at_once_share_one_authority(home, monkeypatch):
    issue = local._issue

    def overtaken(*args, authority, **kwargs):
        if authority:
            monkeypatch.undo()
            made("local")  # the other process is faster
        return issue(*args, authority=authority, **kwargs)

    monkeypatch.setattr(local, "_issue", overtaken)
    assert check(sealed(made("local"))).problem == ""
    assert len(list((home / "keys" / "seals").iterdir())) == 3


def test_only_what_is_set_up_here_can_seal(home, settings):
    assert available() == ("local",)
    for name in ("service", "device", "stamp"):
        with refused("seal.sealer-unavailable"):
            sealer(name)
