"""Several at once: threads, processes, and a process that dies in the middle."""

import os
import random
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import groupby

import pytest
from django.db import connections, transaction

from mingtang.cases import actions
from mingtang.cases.actions import teamwork
from mingtang.cases.projection import CASE
from mingtang.catalogue.projection import CALENDAR
from mingtang.core import cases
from mingtang.core.catalogue import Step
from mingtang.core.decider import Refused
from mingtang.core.history import WIRE
from mingtang.ledger import replay, sequencer
from mingtang.ledger.enact import enact_one
from mingtang.ledger.memory import memory, until_changed
from mingtang.ledger.models import LedgerEntry, LedgerHead, Place
from mingtang.ledger.orders import Receipt
from mingtang.ledger.verify import verify
from tests.core.case_examples import FILE, PAPERS, REVIEWER, day, terms
from tests.rooms import case_words
from tests.rooms.case_words import BRANCHES
from tests.rooms.ledger_subjects import YEAR, publish

SUBJECTS = (CALENDAR, CASE)
PATIENCE = 60  # seconds
ONE_AFTER_ANOTHER = replace(
    FILE, terms=terms(PAPERS, Step(key="merge", name="汇总", after=("papers",)))
)


class People:
    """As many as asked for, each with a connection of their own; they act at the same moment."""

    def __init__(self, many):
        self.barrier = threading.Barrier(many)
        self.pool = ThreadPoolExecutor(many)

    def at_once(self, *acts):
        futures = [self.pool.submit(self._act, act) for act in acts]
        return [future.result(PATIENCE) for future in futures]

    def _act(self, act):
        self.barrier.wait(PATIENCE)
        try:
            return act()
        except Refused as refused:
            return refused.code

    def leave(self):
        self.at_once(*[connections.close_all] * self.barrier.parties)
        self.pool.shutdown()


@contextmanager
def people(many):
    group = People(many)
    yield group
    group.leave()


def events_by_stream():
    """Return every stream's events, having seen that nothing is lost and nothing doubled."""
    rows = list(LedgerEntry.objects.order_by("index").values_list("index", "stream", "version"))
    assert [index for index, _, _ in rows] == list(range(LedgerHead.objects.get().size))
    by_stream = {
        stream: [version for _, _, version in entries]
        for stream, entries in groupby(sorted(rows, key=lambda row: row[1]), lambda row: row[1])
    }
    for stream, versions in by_stream.items():
        assert versions == list(range(1, len(versions) + 1)), stream
    events = {stream: [] for stream in by_stream}
    for stream, body in LedgerEntry.objects.order_by("index").values_list("stream", "body"):
        events[stream].append(WIRE.decode(bytes(body)))
    return events


def assert_joined_once(events):
    ends = [e for e in events if isinstance(e, cases.StepCompleted) and e.review_finished]
    assert len(ends) == 1
    open_tasks = [t.key for t in cases.DECIDER.replay(events).tasks if t.done_at is None]
    assert open_tasks == [cases.DECISION]


def numbers(count):
    return [f"MT-{number:04}" for number in range(count)]


@pytest.fixture
def town(own_commits, log_home):
    case_words.calendar_of_the_year()


def test_of_two_people_accepting_one_case_one_gets_a_receipt_and_one_a_refusal(town):
    names = numbers(100)
    case_words.file(*names)
    with people(2) as two:
        for number in names:
            outcomes = two.at_once(*[partial(case_words.accept, number)] * 2)
            kinds = Counter(o if isinstance(o, str) else type(o) for o in outcomes)
            assert kinds == {Receipt: 1, "case.not-awaiting-acceptance": 1}
    events = events_by_stream()
    for number in names:
        assert len(events[f"case/{number}"]) == 2
    assert list(verify(SUBJECTS)) == []


def test_two_people_finishing_parallel_steps_join_exactly_once_a_thousand_times(town):
    names = numbers(1000)
    case_words.file(*names)
    case_words.accept_all(*names)
    with people(2) as two:
        for number in names:
            acts = [
                lambda number=number, s=step: case_words.complete(number, s) for step in BRANCHES
            ]
            assert [type(outcome) for outcome in two.at_once(*acts)] == [Receipt, Receipt]
    events = events_by_stream()
    for number in names:
        assert_joined_once(events[f"case/{number}"])
    assert list(verify(SUBJECTS)) == []


def test_two_people_finishing_the_same_step_finish_it_once(town):
    names = numbers(100)
    case_words.file(*names)
    case_words.accept_all(*names)
    with people(2) as two:
        for number in names:
            outcomes = two.at_once(*[partial(case_words.complete, number, "papers")] * 2)
            kinds = Counter(o if isinstance(o, str) else type(o) for o in outcomes)
            assert kinds == {Receipt: 1, "case.step-not-open": 1}
    assert list(verify(SUBJECTS)) == []


def test_of_two_people_who_take_on_one_task_one_has_it_and_the_other_is_told(town):
    with people(2) as both:
        for number in numbers(30):
            case_words.file(number)
            case_words.accept(number)
            second = replace(REVIEWER, person="P-second", staff_no="99")
            outcomes = both.at_once(
                *[
                    partial(teamwork.claim, number=number, task="papers", officer=one, at=day(3, 4))
                    for one in (REVIEWER, second)
                ]
            )
            assert sorted(type(one).__name__ for one in outcomes) == ["Receipt", "str"]
            assert "case.task-held" in outcomes
    for events in events_by_stream().values():
        assert sum(isinstance(event, cases.TaskClaimed) for event in events) <= 1


def test_of_two_people_who_finish_and_return_at_once_one_is_told(town):
    """The step a colleague just returned from is not finished behind their back."""
    with people(2) as both:
        for number in numbers(30):
            case_words.file(number, command=ONE_AFTER_ANOTHER)
            case_words.accept(number)
            case_words.complete(number, "papers")
            finish = partial(
                actions.complete_step,
                number=number,
                step="merge",
                finding=cases.Finding.MEETS,
                opinion="",
                officer=REVIEWER,
                at=day(3, 5),
            )
            back = partial(
                teamwork.return_to_step,
                number=number,
                task="merge",
                step="papers",
                reason="x",
                officer=REVIEWER,
                at=day(3, 5),
            )
            outcomes = both.at_once(finish, back)
            assert sorted(type(one).__name__ for one in outcomes) == ["Receipt", "str"]
            assert "case.step-not-open" in outcomes


def test_two_processes_lose_nothing_double_nothing_and_join_once(town, another_process):
    names = numbers(200)
    case_words.file(*names)
    both = [another_process("other_process", "complete", step, *names) for step in BRANCHES]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    # Checked while both are at work: what they have written by then hangs together.
    assert list(verify(SUBJECTS)) == []
    said = [line.split() for process in both for line in process.communicate()[0].splitlines()]

    assert [process.returncode for process in both] == [0, 0]
    accepted = Counter(code for _, code in said if not code.isdigit())
    assert accepted == {"case.not-awaiting-acceptance": 200}
    receipts = [int(index) for _, index in said if index.isdigit()]
    assert sorted(receipts) == list(range(201, 201 + 600))
    events = events_by_stream()
    for number in names:
        assert_joined_once(events[f"case/{number}"])
    assert list(verify(SUBJECTS)) == []


def test_a_writing_process_killed_at_any_moment_leaves_a_sound_ledger(
    own_commits, log_home, another_process
):
    chance, rounds = random.Random(20260302), 20
    process = another_process("other_process", "write-until-killed", rounds)
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()
    acknowledged = {}
    child, left = 0, 0
    for line in process.stdout:
        word, *rest = line.split()
        if word == "child":
            child, left = int(rest[0]), chance.randrange(1, 25)
        elif word == "wrote":
            acknowledged[int(rest[0])] = rest[1]
        left -= 1
        if left == 0:
            os.kill(child, signal.SIGKILL)
    assert process.wait() == 0

    sequencer.check_start()
    leaves = dict(LedgerEntry.objects.values_list("index", "leaf"))
    assert len(leaves) >= rounds
    lost = [index for index, leaf in acknowledged.items() if bytes(leaves[index]).hex() != leaf]
    assert lost == []
    events_by_stream()
    assert list(verify([YEAR])) == []
    enact_one(publish(1999))
    assert list(verify([YEAR])) == []


# ── Those who only read ─────────────────────────────────────────────────────


@until_changed("calendar")
def _known_years():
    return sorted(Place.objects.values_list("reader", flat=True))


def test_a_reader_who_holds_a_lock_of_the_database_does_not_wait_for_a_writer(own_commits):
    """The writer waits for the lock, and holds what remembered answers wait for."""

    def write():
        return enact_one(publish(2026))

    def read():
        with transaction.atomic():
            LedgerHead.objects.select_for_update().get(pk=1)
            held.set()
            while not memory.writing:
                pass
            return _known_years()

    held = threading.Event()
    with people(2) as two:
        outcomes = two.at_once(read, lambda: held.wait(PATIENCE) and write())
    assert outcomes[0] == []
    assert isinstance(outcomes[1], Receipt)
    assert _known_years() == ["2026"]


def test_readers_see_what_was_written_before_they_asked(own_commits):
    """Whoever has a receipt in hand finds its row, however many ask at once."""
    years = range(1000, 1100)

    def write():
        return [(year, enact_one(publish(year))) for year in years]

    def read():
        seen = []
        while str(years[-1]) not in (known := _known_years()):
            size = LedgerHead.objects.get(pk=1).size
            assert len(_known_years()) >= size
            seen.append(len(known))
        return seen

    with people(3) as three:
        written, *seen = three.at_once(write, read, read)
    assert len(written) == 100
    for sizes in seen:
        assert sizes == sorted(sizes)


def test_what_is_written_while_rows_are_rebuilt_has_its_row(own_commits, log_home, monkeypatch):
    enact_one(publish(2025))
    replayed, written = threading.Event(), threading.Event()
    replay_all = replay.shadow

    def replay_and_dawdle(subjects):
        copy = replay_all(subjects)
        replayed.set()
        written.wait(0.3)  # a writer who is let in here would lose its row
        return copy

    def rebuild_all():
        with transaction.atomic():
            replay.rebuild([YEAR])

    def write():
        replayed.wait(PATIENCE)
        enact_one(publish(2026))
        written.set()

    monkeypatch.setattr(replay, "shadow", replay_and_dawdle)
    with people(2) as two:
        two.at_once(rebuild_all, write)
    assert sorted(Place.objects.values_list("reader", flat=True)) == ["2025", "2026"]
    assert list(verify([YEAR])) == []


def test_what_others_write_to_a_stream_we_know_is_learnt_without_its_history(
    db, django_assert_num_queries
):
    enact_one(publish(source="first"))
    seen, edge, known = memory.seen, list(memory.edge), memory.streams["calendar/2026"]
    enact_one(publish(source="second"))
    # as a process that has not looked since
    memory.seen, memory.edge = seen, edge
    memory.streams["calendar/2026"] = known

    with django_assert_num_queries(4):  # the head, the places, what was written, what it opens
        memory.catch_up()
    learnt = memory.streams["calendar/2026"]
    events = [written.event for written in replay.history("calendar/2026")]
    assert (learnt.version, learnt.state) == (2, YEAR.decider.replay(events))


def test_what_was_read_ahead_of_the_memory_is_not_learnt_twice(db):
    enact_one(publish(source="first"))
    seen, edge = memory.seen, list(memory.edge)
    enact_one(publish(source="second"))
    ahead = memory.streams["calendar/2026"]
    # as a process that has not looked since, and has just replayed the stream for an order
    memory.seen, memory.edge = seen, edge
    memory.streams["calendar/2026"] = ahead

    memory.catch_up()
    assert memory.streams["calendar/2026"].version == 2
    enact_one(publish(source="third"))
    versions = LedgerEntry.objects.filter(stream="calendar/2026").order_by("index")
    assert list(versions.values_list("version", flat=True)) == [1, 2, 3]
