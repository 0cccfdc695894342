"""Ordering, serving and reading papers: numbers without gaps, refusals that leave nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mingtang.config.wiring import SUBJECTS
from mingtang.core.decider import Refused
from mingtang.core.organisations import Particulars
from mingtang.core.papers import Need, PaperKind, ServedHow
from mingtang.core.wire import ERASED
from mingtang.ledger.actions import erase
from mingtang.ledger.enact import enact_one
from mingtang.ledger.memory import memory
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.numbers import SIGNS
from mingtang.ledger.orders import Order, Receipt
from mingtang.ledger.replay import rebuild
from mingtang.ledger.verify import verify
from mingtang.papers import actions, queries
from mingtang.papers.models import PaperRow, ReadingRow
from mingtang.papers.projection import PAPER
from mingtang.people import actions as people
from tests.core.test_papers import FILE, ISSUE, READER
from tests.rooms.paper_words import SHEET, draft, drafts, licence, order, row, serials, serve
from tests.rooms.people_words import MONDAY, SETUP, town
from tests.rooms.test_ledger_concurrency import people as people_at_once
from tests.words import refused

KEY = "MT-7K2P-9QXD-2"
DAY = timedelta(days=1)


@pytest.fixture
def department(db):
    town()


def issued(key=KEY, **changed):
    """Order a paper and issue it with a made-up file; return its key."""
    order(draft(key, organ="market", item="M-1", **changed))
    enact_one(Order(PAPER, key, ISSUE))
    return key


def read(key=KEY, at=MONDAY, **changed):
    need = Need(handed_in=False, closed=False, in_hand=True, asked=True)
    said = {"reader": READER, "case": "MT-0000-0009", "purpose": "核对资质", "need": lambda: need}
    return actions.read(key=key, at=at, **{**said, **changed})


def size():
    return LedgerEntry.objects.count()


# ── Ordered ─────────────────────────────────────────────────────────────────


def test_an_ordered_paper_has_its_number_its_code_and_nothing_of_a_file(department):
    [receipt] = actions.order([draft(owner="P9", user="P1", batch="B-7K2P-9QXD")])
    paper = row()
    assert (receipt.key, receipt.index) == (KEY, paper.ordered_index)
    assert (paper.series, paper.serial, paper.number) == (
        "education/受/2026",
        1,
        "演示education受〔2026〕1号",
    )
    assert re.fullmatch(f"[{SIGNS}]{{16}}", paper.code)
    assert (paper.title, paper.addressee, paper.owner) == ("受理通知书", "演示甲", "P9")
    assert (paper.about, paper.cause, paper.batch) == ("case/MT-7K2P-9QXD", 1, "B-7K2P-9QXD")
    assert (paper.issued_at, paper.file, paper.size, paper.test) == (None, "", None, None)
    assert (paper.served_at, paper.served_how) == (None, "")


def test_what_stands_on_it_is_read_back_from_the_record(department):
    order()
    paper = row()
    assert queries.sheet_of(paper) == replace(SHEET, number=paper.number, code=paper.code)


def test_a_number_bears_the_short_name_of_an_organ_that_has_one(department):
    said = Particulars(name="演示education", short_name="演示教育厅")
    people.amend_organisation(
        code="education", particulars=said, by=SETUP, by_staff=True, at=MONDAY
    )
    order()
    assert row().number == "演示教育厅受〔2026〕1号"


def test_a_licence_keeps_its_own_number_and_takes_a_place_in_the_register(department):
    [key] = order(licence())
    assert (row(key).number, row(key).series, row(key).serial) == (
        "演示证〔2026〕第1号",
        "education/证/2026",
        1,
    )


def test_organs_words_and_years_count_apart(department):
    new_year = MONDAY.replace(year=2027, month=1, day=1, hour=0)
    order(
        draft("A-1"),
        draft("A-2", word="准"),
        draft("A-3", organ="health"),
        draft("A-4", at=new_year),
        draft("A-5"),
        draft("A-6", at=new_year - timedelta(seconds=1)),
    )
    numbers = {key: row(key).number for key in ("A-1", "A-2", "A-3", "A-4", "A-5", "A-6")}
    assert numbers == {
        "A-1": "演示education受〔2026〕1号",
        "A-2": "演示education准〔2026〕1号",
        "A-3": "演示health受〔2026〕1号",
        "A-4": "演示education受〔2027〕1号",
        "A-5": "演示education受〔2026〕2号",
        "A-6": "演示education受〔2026〕3号",
    }


def test_fifty_of_one_call_are_numbered_in_their_order(department):
    order(*drafts(50))
    rows = list(PaperRow.objects.order_by("ordered_index"))
    assert [paper.serial for paper in rows] == list(range(1, 51))
    assert len({paper.code for paper in rows}) == 50
    order(*[draft(f"MT-0000-{n:04}-3") for n in range(50)])
    assert serials(PaperRow.objects.all()) == list(range(1, 101))


def test_what_is_ordered_again_comes_back_refused_and_takes_no_number(department):
    order(*drafts(3))
    before = size()
    again = actions.order([*drafts(3), draft("MT-1111-1111-2")])
    assert [getattr(outcome, "code", "") for outcome in again] == ["paper.already-ordered"] * 3 + [
        ""
    ]
    assert size() == before + 1
    assert row("MT-1111-1111-2").serial == 4


def test_the_same_paper_twice_in_one_call_is_one_paper_and_one_number(department):
    outcomes = actions.order([draft(), draft(), draft("MT-1111-1111-2")])
    assert [type(outcome) for outcome in outcomes] == [Receipt, Refused, Receipt]
    assert (row().serial, row("MT-1111-1111-2").serial) == (1, 2)


def test_ordering_fifty_takes_as_many_statements_as_ordering_five(department):
    order(draft("MT-0000-0000-9"))  # so that all is warm that can be

    def statements(wanted):
        with CaptureQueriesContext(connection) as captured:
            order(*wanted)
        aside = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return [q["sql"] for q in captured if not q["sql"].upper().startswith(aside)]

    five = statements([draft(f"MT-0000-{n:04}-3") for n in range(5)])
    fifty = statements([draft(f"MT-0000-{n:04}-4") for n in range(50)])
    # the organ's name, entries of these streams, the highest serial; then entries, their values,
    # rows and head written; with PostgreSQL the head is looked at first
    expected = 7 if connection.vendor == "sqlite" else 8
    assert (len(five), len(fifty)) == (expected, expected), fifty


# ── Served ──────────────────────────────────────────────────────────────────


def test_a_served_paper_says_when_how_and_to_whom(department):
    receipt = serve(issued(), at=MONDAY + DAY, how=ServedHow.POST)
    paper = row()
    assert (paper.served_at, paper.served_index) == (MONDAY + DAY, receipt.index)
    assert (paper.served_how, paper.recipient, paper.served_by) == ("post", "演示甲", "P-CLERK")
    assert paper.last_index == receipt.index


@pytest.mark.parametrize(
    ("ready", "changed", "code"),
    [
        (lambda: None, {}, "paper.unknown"),
        (order, {}, "paper.not-issued"),
        (issued, {"recipient": "  "}, "paper.recipient-missing"),
        (lambda: serve(issued()), {}, "paper.already-served"),
    ],
)
def test_what_cannot_be_served_is_left_as_it_is(department, ready, changed, code):
    ready()
    before = (size(), list(PaperRow.objects.values()))
    with refused(code):
        serve(KEY, at=MONDAY + DAY, **changed)
    assert (size(), list(PaperRow.objects.values())) == before


# ── Read ────────────────────────────────────────────────────────────────────


def test_a_look_leaves_a_trace_the_holder_can_find(department):
    receipt = read(issued(owner="P9"))
    [trace] = queries.readings_of(KEY)
    assert (trace.id, trace.reader, trace.staff_no) == (f"{KEY}.3", "P3", "N-003")
    assert (trace.organisation, trace.case, trace.purpose) == ("market", "MT-0000-0009", "核对资质")
    assert (trace.read_at, trace.index) == (MONDAY, receipt.index)


def test_a_page_opened_again_the_same_day_for_the_same_case_leaves_no_second_trace(department):
    issued()
    assert read() is not None
    assert read(at=MONDAY.replace(hour=23, minute=59)) is None
    assert read(at=MONDAY + DAY) is not None
    assert read(at=MONDAY + DAY, case="MT-0000-0008") is not None
    assert read(at=MONDAY + DAY, reader=replace(READER, person="P4")) is not None
    assert ReadingRow.objects.count() == 4


@pytest.mark.parametrize(
    ("ready", "changed", "code"),
    [
        (lambda: None, {}, "paper.unknown"),
        (order, {}, "paper.not-issued"),
        (issued, {"purpose": " "}, "paper.purpose-missing"),
        (issued, {"case": ""}, "paper.purpose-missing"),
    ],
)
def test_a_look_without_paper_case_or_purpose_leaves_no_trace(department, ready, changed, code):
    ready()
    before = size()
    with refused(code):
        read(**changed)
    assert (size(), ReadingRow.objects.count()) == (before, 0)


# ── Found again ─────────────────────────────────────────────────────────────


def test_a_paper_is_found_by_what_is_in_hand(department):
    paper = row(issued(batch="B-7K2P-9QXD"))
    assert queries.by_code(paper.code) == paper
    assert queries.by_digest(FILE.sha256) == paper
    assert queries.held_document(FILE.id) == paper
    assert queries.papers_about("case/MT-7K2P-9QXD") == [paper]
    assert queries.papers_of_batch("B-7K2P-9QXD") == [paper]
    assert queries.papers_of_batch("B-7K2P-9QXD", PaperKind.GRANTED) == []
    assert list(queries.uses_of("9900000000017")) == [paper]
    assert list(queries.files_recorded()) == [(KEY, FILE)]


def test_nothing_in_hand_finds_nothing(department):
    order()
    assert queries.by_code("") is queries.by_digest("") is queries.held_document("") is None
    assert queries.papers_of_batch("") == []
    assert queries.first_of_batch("") is None
    assert queries.progress_of("").ordered == 0


# ── The rows are what the ledger says ───────────────────────────────────────


def everything():
    return [list(table.objects.order_by("pk").values()) for table in PAPER.tables]


def test_rows_made_again_from_the_ledger_are_equal(department, log_home):
    order(*drafts(3))
    order(licence())
    serve(issued())
    read()
    before = everything()
    assert [len(rows) for rows in before] == [5, 1]
    with transaction.atomic():
        rebuild(SUBJECTS)
    assert everything() == before
    assert list(verify(SUBJECTS)) == []


def test_an_erased_paper_keeps_its_number_and_is_not_found_by_its_code(department, log_home):
    keys = order(*drafts(2))
    codes = [row(key).code for key in keys]
    for key in keys:  # two of them: neither stands in the other's way
        erase(
            index=row(key).ordered_index,
            names=("addressee", "code", "owner", "sheet"),
            basis="演示",
            by="P-officer",
            at=MONDAY,
            subjects=SUBJECTS,
        )
    assert [queries.by_code(code) for code in (*codes, ERASED)] == [None] * 3
    paper = row(keys[0])
    assert (paper.addressee, paper.code, paper.number) == (
        ERASED,
        ERASED,
        "演示education受〔2026〕1号",
    )
    assert queries.sheet_of(paper) is None
    assert list(verify(SUBJECTS)) == []


# ── Several at once ─────────────────────────────────────────────────────────


def test_two_people_ordering_at_once_leave_no_gap_and_no_number_twice(own_commits, log_home):
    town()
    rounds = 30
    with people_at_once(2) as two:
        for turn in range(rounds):
            shared = draft(f"MT-0000-{turn:04}-1")
            batches = [
                [shared, *[draft(f"MT-{who}-{turn:04}-{n}") for n in range(3)]] for who in "12"
            ]
            outcomes = two.at_once(*[partial(actions.order, batch) for batch in batches])
            said = [getattr(outcome, "code", "ok") for both in outcomes for outcome in both]
            assert sorted(said) == ["ok"] * 7 + ["paper.already-ordered"]
    assert serials(PaperRow.objects.all()) == list(range(1, 7 * rounds + 1))
    assert list(verify(SUBJECTS)) == []


def test_two_processes_ordering_at_once_leave_no_gap_and_no_number_twice(
    own_commits, log_home, another_process
):
    town()
    both = [another_process("paper_process", "order", who, 40) for who in "12"]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [line for process in both for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in both] == [0, 0]
    # each asks for three of its own and one that the other asks for, too
    assert sorted(said) == ["ok"] * (40 * 7) + ["paper.already-ordered"] * 40
    assert serials(PaperRow.objects.all()) == list(range(1, 40 * 7 + 1))
    assert list(verify(SUBJECTS)) == []


def test_an_attempt_that_was_overtaken_counts_on_from_where_the_other_ended(own_commits, log_home):
    """Our memory is set back: what it says is refused by the head, and all is asked again."""
    town()
    order(*drafts(2))
    before = (memory.seen, list(memory.edge))
    order(*[draft(f"MT-0000-{n:04}-3") for n in range(2)])
    memory.seen, memory.edge = before
    for stream in [name for name in memory.streams if name.endswith("-3")]:
        del memory.streams[stream]
    outcomes = actions.order([draft(f"MT-0000-{n:04}-4") for n in range(3)])
    assert [type(outcome) for outcome in outcomes] == [Receipt] * 3
    assert serials(PaperRow.objects.all()) == list(range(1, 8))
    assert list(verify(SUBJECTS)) == []
