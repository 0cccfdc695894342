"""A paper (文书) as examples: ordered, issued under a seal that may be used today, served, read."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core import papers
from mingtang.core.decider import Refused
from mingtang.core.mandates import Authority, Mandate, MandatePower
from mingtang.core.papers import File, PaperKind, Reader, ServedHow, number_of
from mingtang.core.seals import Certificate, Seal, SealUse, Standing
from mingtang.core.sheets import Layout, Sheet, facts, text
from mingtang.core.wire import ERASED, Wire, canonical
from tests.words import refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
DAY = timedelta(days=1)
SHEET = Sheet(
    layout=Layout.NOTICE,
    title="受理通知书",
    organ="演示明州省市场监督管理局",
    number="市场监管局受〔2026〕7号",
    addressee="演示甲",
    blocks=(text("您提交的申请已经受理。"), facts(("办件编号", "MT-7K2P-9QXD"))),
    date=date(2026, 3, 2),
    code="7K2P9QXD7K2P9QXD",
)
ORDER = papers.OrderPaper(
    paper=PaperKind.ACCEPTED,
    series="market/受/2026",
    serial=7,
    about="case/MT-7K2P-9QXD",
    cause=41,
    batch="B-7K2P-9QXD",
    organ="market",
    item="M-1",
    user="P1",
    owner="P9",
    sheet=SHEET,
    at=MONDAY,
)
CERTIFICATE = Certificate(
    fingerprint="ab" * 32,
    issuer="CN=演示根",
    sealer="local",
    test=True,
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)
SEAL = Seal(
    seal_no="9900000000017",
    organ="market",
    organ_name="演示明州省市场监督管理局",
    name="行政审批专用章",
    certificate=CERTIFICATE,
    custodian="P2",
)
LETTER = Mandate(
    letter_no="演市监授〔2026〕1号",
    organ="market",
    organ_name="演示明州省市场监督管理局",
    person="P1",
    person_name="演示乙",
    items=("M-1",),
    powers=(MandatePower.DECIDE, MandatePower.SEAL),
    valid_from=date(2026, 3, 1),
    valid_to=date(2026, 3, 9),
    published=True,
)
FILE = File(id="a" * 26, sha256="b" * 64, sm3="c" * 64, size=48_000)
ISSUE = papers.IssuePaper(
    file=FILE, content="d" * 64, seal=SEAL, mandate=LETTER, at=MONDAY + timedelta(seconds=2)
)
SERVE = papers.ServePaper(how=ServedHow.ONLINE, recipient="演示甲", by="P9", at=MONDAY + DAY)
READER = Reader(person="P3", staff_no="N-003", organisation="market")
NEED = papers.Need(handed_in=False, closed=False, in_hand=True, asked=True)
READ = papers.ReadPaper(
    reader=READER, case="MT-0000-0001", purpose="核对资质", need=NEED, at=MONDAY + DAY
)


def after(*commands: papers.Command) -> papers.State:
    """Given these commands were carried out."""
    state = papers.State()
    for command in commands:
        for event in papers.decide(state, command):
            state = papers.evolve(state, event)
    return state


def then(state: papers.State, command: papers.Command) -> papers.Event:
    [event] = papers.decide(state, command)
    return event


# ── Ordered ─────────────────────────────────────────────────────────────────


def test_a_number_says_whose_what_kind_which_year_and_which_place():
    assert number_of("市场监管局", "受", 2026, 7) == "市场监管局受〔2026〕7号"


def test_an_ordered_paper_settles_all_that_will_stand_on_it():
    event = then(after(), ORDER)
    assert event == papers.PaperOrdered(
        paper=PaperKind.ACCEPTED,
        series="market/受/2026",
        serial=7,
        number="市场监管局受〔2026〕7号",
        about="case/MT-7K2P-9QXD",
        cause=41,
        batch="B-7K2P-9QXD",
        organ="market",
        item="M-1",
        user="P1",
        owner="P9",
        title="受理通知书",
        addressee="演示甲",
        sheet=canonical(SHEET),
        code="7K2P9QXD7K2P9QXD",
        at=MONDAY,
    )


def test_the_public_face_of_a_paper_names_nobody_and_opens_nothing():
    wire = Wire(papers.EVENTS)
    face, opened = wire.encode(then(after(), ORDER), ["salt"] * 4)
    said = json.loads(face)
    assert not {"owner", "addressee", "sheet", "code"} & set(said)
    assert "演示甲" not in face.decode()
    assert len(said["_sd"]) == 4
    assert [one.name for one in opened] == ["owner", "addressee", "sheet", "code"]
    read_back = wire.decode(face)
    assert (read_back.owner, read_back.addressee, read_back.sheet, read_back.code) == (ERASED,) * 4
    assert read_back.number == SHEET.number


def test_a_paper_is_ordered_once():
    with refused("paper.already-ordered"):
        then(after(ORDER), ORDER)


def test_a_paper_nobody_could_check_is_not_ordered():
    with refused("paper.code-missing"):
        then(after(), replace(ORDER, sheet=replace(SHEET, code="")))


# ── Issued ──────────────────────────────────────────────────────────────────


def test_an_issued_paper_binds_the_use_of_the_seal_to_file_and_case():
    assert then(after(ORDER), ISSUE) == papers.PaperIssued(
        about="case/MT-7K2P-9QXD",
        file=FILE,
        content="d" * 64,
        use=SealUse(
            seal_no="9900000000017",
            certificate="ab" * 32,
            test=True,
            authority=Authority(
                letter_no="演市监授〔2026〕1号",
                organ="market",
                person="P1",
                valid_to=date(2026, 3, 9),
            ),
            custodian="P2",
        ),
        at=ISSUE.at,
    )


def test_a_paper_nobody_ordered_is_not_issued():
    with refused("paper.unknown"):
        then(after(), ISSUE)


def test_a_paper_is_issued_once_whatever_file_is_shown():
    with refused("paper.already-issued"):
        then(after(ORDER, ISSUE), replace(ISSUE, file=replace(FILE, id="e" * 26)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"seal": None}, "seal.none"),
        ({"seal": replace(SEAL, standing=Standing.SUSPENDED)}, "seal.suspended"),
        ({"seal": replace(SEAL, standing=Standing.DESTROYED)}, "seal.destroyed"),
        ({"seal": replace(SEAL, organ="education")}, "seal.other-organ"),
        ({"mandate": None}, "seal.no-mandate"),
        ({"mandate": replace(LETTER, published=False)}, "mandate.not-published"),
        ({"mandate": replace(LETTER, revoked=True)}, "mandate.revoked"),
        ({"mandate": replace(LETTER, organ="education")}, "mandate.other-organ"),
        ({"mandate": replace(LETTER, items=("M-2",))}, "mandate.item-not-covered"),
        ({"mandate": replace(LETTER, powers=(MandatePower.DECIDE,))}, "mandate.power-not-given"),
    ],
)
def test_what_may_not_be_sealed_is_not_issued(changed, code):
    with refused(code):
        then(after(ORDER), replace(ISSUE, **changed))


@pytest.mark.parametrize("day", [LETTER.valid_from, LETTER.valid_to])
def test_the_first_and_the_last_day_of_the_letter_count_in_full(day):
    late = datetime(day.year, day.month, day.day, 23, 59, tzinfo=MONDAY.tzinfo)
    assert then(after(ORDER), replace(ISSUE, at=late)).at == late


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 3, 10, 0, 0, tzinfo=MONDAY.tzinfo), "mandate.expired"),
        (datetime(2026, 2, 28, 23, 59, tzinfo=MONDAY.tzinfo), "mandate.not-yet-valid"),
    ],
)
def test_outside_the_period_of_the_letter_nothing_is_issued_and_the_letter_is_named(at, code):
    with refused(code) as refusal:
        then(after(ORDER), replace(ISSUE, at=at))
    assert refusal.value.facts == {"letter_no": "演市监授〔2026〕1号"}


def test_the_maker_asks_before_it_makes_what_the_rules_ask_when_it_is_issued():
    papers.require_sealable(after(ORDER), SEAL, LETTER, at=MONDAY)
    with refused("mandate.expired"):
        papers.require_sealable(after(ORDER), SEAL, LETTER, at=MONDAY + 8 * DAY)


# ── Served ──────────────────────────────────────────────────────────────────


def test_a_served_paper_says_how_it_reached_whom():
    assert then(after(ORDER, ISSUE), SERVE) == papers.PaperServed(
        about="case/MT-7K2P-9QXD", how=ServedHow.ONLINE, recipient="演示甲", by="P9", at=SERVE.at
    )


def test_what_is_not_there_cannot_be_served():
    with refused("paper.unknown"):
        then(after(), SERVE)
    with refused("paper.not-issued"):
        then(after(ORDER), SERVE)


def test_a_paper_is_served_once():
    with refused("paper.already-served"):
        then(after(ORDER, ISSUE, SERVE), replace(SERVE, how=ServedHow.POST))


def test_somebody_must_have_taken_it():
    with refused("paper.recipient-missing"):
        then(after(ORDER, ISSUE), replace(SERVE, recipient=" "))


# ── Read ────────────────────────────────────────────────────────────────────


def test_a_look_at_a_paper_says_who_for_which_case_and_why():
    assert then(after(ORDER, ISSUE), READ) == papers.PaperRead(
        reader=READER, case="MT-0000-0001", purpose="核对资质", at=READ.at
    )


def test_it_may_be_read_again_and_again():
    state = after(ORDER, ISSUE, READ)
    assert then(state, READ) == then(after(ORDER, ISSUE), READ)
    assert state == after(ORDER, ISSUE)


def test_what_is_not_there_is_not_read():
    with refused("paper.unknown"):
        then(after(), READ)
    with refused("paper.not-issued"):
        then(after(ORDER), READ)


@pytest.mark.parametrize("changed", [{"case": " "}, {"purpose": ""}])
def test_a_look_without_case_or_purpose_is_refused(changed):
    with refused("paper.purpose-missing"):
        then(after(ORDER, ISSUE), replace(READ, **changed))


# ── What is known afterwards ────────────────────────────────────────────────


def test_what_a_paper_is_about_stays_known_to_its_end():
    assert after(ORDER, ISSUE, SERVE) == papers.State(
        ordered=True,
        issued=True,
        served=True,
        about="case/MT-7K2P-9QXD",
        organ="market",
        item="M-1",
        user="P1",
        ordered_at=MONDAY,
    )


ABROAD = replace(READ, reader=replace(READER, organisation="health"))


def needing(**changes):
    return replace(ABROAD, need=replace(NEED, **changes))


def test_another_organ_reads_what_a_case_in_hand_asks_for():
    assert then(after(ORDER, ISSUE), ABROAD) == papers.PaperRead(
        reader=ABROAD.reader, case="MT-0000-0001", purpose="核对资质", at=READ.at
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asked": False}, "paper.not-asked"),
        ({"in_hand": False}, "paper.case-not-in-hand"),
        ({"closed": True}, "paper.case-closed"),
        ({"closed": True, "in_hand": False, "asked": False}, "paper.case-closed"),
    ],
)
def test_for_any_other_end_it_is_not_read(changes, code):
    with refused(code):
        then(after(ORDER, ISSUE), needing(**changes))


def test_an_organ_reads_its_own_paper_for_its_case_in_hand_unasked():
    own = replace(READ, need=replace(NEED, asked=False))
    assert then(after(ORDER, ISSUE), own).case == "MT-0000-0001"
    with refused("paper.case-not-in-hand"):
        then(after(ORDER, ISSUE), replace(READ, need=replace(NEED, in_hand=False)))


def test_what_the_applicant_handed_in_belongs_to_the_file():
    handed = needing(handed_in=True, closed=True, in_hand=False, asked=False)
    assert then(after(ORDER, ISSUE), handed).reader == ABROAD.reader


@given(
    st.builds(
        papers.Need,
        handed_in=st.booleans(),
        closed=st.booleans(),
        in_hand=st.booleans(),
        asked=st.booleans(),
    ),
    st.sampled_from(["market", "health"]),
)
def test_nothing_is_read_without_a_case_that_needs_it(need, organisation):
    """For every need: a look is recorded only for what is in the file, or for a case in hand that
    asks for it, or for the organ's own."""
    command = replace(READ, need=need, reader=replace(READER, organisation=organisation))
    try:
        then(after(ORDER, ISSUE), command)
    except Refused:
        assert not need.handed_in
        assert need.closed or not need.in_hand or not (need.asked or organisation == "market")
    else:
        open_ = need.in_hand and not need.closed
        assert need.handed_in or (open_ and (need.asked or organisation == "market"))
