"""Readers of the ledger: everything once at least, in order, each at its own place."""

import logging
from dataclasses import replace

import pytest
from django.db import OperationalError

from mingtang.core.calendars import CalendarYearPublished
from mingtang.core.people import PersonRegistered
from mingtang.core.wire import ERASED
from mingtang.ledger import actions
from mingtang.ledger.enact import enact, enact_one
from mingtang.ledger.models import Place, SetAside
from mingtang.ledger.reactions import Reaction, pass_over, run, try_again, undone
from mingtang.people.actions import SUBJECTS
from tests.rooms.ledger_subjects import publish
from tests.rooms.people_words import MONDAY, person

pytestmark = pytest.mark.django_db


class Listener:
    """Remembers what it was shown; fails on the entries it is told to."""

    def __init__(self, *hears, name="test.listener", together=False, **said):
        self.heard, self.fails, self.shown = [], set(), []
        act = {"together": self._together} if together else {"act": self._act}
        self.reaction = Reaction(name, hears or (CalendarYearPublished,), **act, **said)
        self.error = ValueError("not today")

    def _act(self, heard):
        if heard.index in self.fails:
            raise self.error
        self.heard.append(heard)

    def _together(self, heard):
        """Do what can be done, then say what could not: entries may be shown to it twice."""
        self.shown.append([one.index for one in heard])
        good = [one for one in heard if one.index not in self.fails]
        self.heard += [one for one in good if one.index not in self.indexes]
        if len(good) < len(heard):
            raise self.error

    @property
    def indexes(self):
        return [heard.index for heard in self.heard]


def place(listener):
    return Place.objects.get(reader=listener.reaction.reader).index


def test_a_reader_is_shown_everything_in_order_and_then_nothing_again():
    listener = Listener()
    enact([publish(2025), publish(2026)])
    assert run(listener.reaction) == 2
    assert [(h.index, h.stream, h.event.year) for h in listener.heard] == [
        (0, "calendar/2025", 2025),
        (1, "calendar/2026", 2026),
    ]
    assert run(listener.reaction) == 0
    enact_one(publish(2024))
    assert run(listener.reaction) == 1
    assert listener.indexes == [0, 1, 2]


def test_it_hears_only_what_it_listens_for_and_still_moves_on():
    listener = Listener(PersonRegistered)
    enact([publish(2025), publish(2026)])
    assert run(listener.reaction) == 0
    assert place(listener) == 2


def test_each_reader_has_its_own_place():
    first, second = Listener(), Listener(name="test.other")
    enact_one(publish(2025))
    run(first.reaction)
    enact_one(publish(2026))
    run(second.reaction)
    assert (first.indexes, second.indexes) == ([0], [0, 1])
    assert (place(first), place(second)) == (1, 2)


def test_an_entry_it_fails_on_is_shown_again_before_any_later_one(caplog):
    listener = Listener()
    enact([publish(2024), publish(2025), publish(2026)])
    listener.fails = {1}
    with caplog.at_level(logging.ERROR):
        assert run(listener.reaction) == 1
        assert run(listener.reaction) == 0
    assert "test.listener failed on entry 1; it will be shown again" in caplog.text
    assert place(listener) == 1
    listener.fails = set()
    assert run(listener.reaction) == 2
    assert listener.indexes == [0, 1, 2]


def test_what_a_reader_writes_itself_is_shown_to_it_in_the_next_round():
    listener = Listener()
    act = listener.reaction.act

    def answer(heard):
        act(heard)
        if heard.event.year == 2026:
            enact_one(publish(2027))

    reaction = Reaction("test.answering", (CalendarYearPublished,), answer)
    enact_one(publish(2026))
    assert run(reaction) == 1
    assert run(reaction) == 1
    assert listener.indexes == [0, 1]


def test_a_reader_sees_sealed_values_until_they_are_erased():
    listener, late = Listener(PersonRegistered), Listener(PersonRegistered, name="test.late")
    person(1)
    run(listener.reaction)
    subjects = (*SUBJECTS, actions.ERASURE)
    actions.erase(index=0, names=["name"], basis="演示", by="p", at=MONDAY, subjects=subjects)
    run(late.reaction)
    assert [heard.event.name for heard in listener.heard + late.heard] == ["演示1", ERASED]


# ── Many at once ────────────────────────────────────────────────────────────


def test_entries_may_be_shown_many_at_once(monkeypatch):
    monkeypatch.setattr("mingtang.ledger.reactions.PAGE", 2)
    listener = Listener(together=True)
    enact([publish(2024), publish(2025), publish(2026)])
    assert run(listener.reaction) == 3
    assert listener.shown == [[0, 1], [2]]
    assert place(listener) == 3


def test_what_failed_together_is_shown_again_together(caplog):
    listener = Listener(together=True)
    enact([publish(2024), publish(2025)])
    listener.fails = {1}
    with caplog.at_level(logging.ERROR):
        assert run(listener.reaction) == 0
    assert (place(listener), SetAside.objects.count()) == (0, 0)
    listener.fails = set()
    assert run(listener.reaction) == 2
    assert (listener.indexes, listener.shown) == ([0, 1], [[0, 1], [0, 1]])


# ── From now on ─────────────────────────────────────────────────────────────


def test_a_new_reader_may_begin_where_the_log_stands():
    enact([publish(2024), publish(2025)])
    late = Listener(name="test.late", from_now=True)
    assert run(late.reaction) == 0
    assert place(late) == 2
    enact_one(publish(2026))
    assert run(late.reaction) == 1
    assert late.indexes == [2]


def test_one_that_has_a_place_goes_on_from_there_whatever_it_says():
    enact_one(publish(2024))
    run(Listener().reaction)
    enact_one(publish(2025))
    again = Listener(from_now=True)
    assert run(again.reaction) == 1
    assert again.indexes == [1]


# ── Set aside ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("together", [False, True])
def test_what_is_set_aside_holds_up_nobody_and_is_done_later(together, caplog):
    listener = Listener(together=together, sets_aside=True)
    enact([publish(2024), publish(2025), publish(2026)])
    listener.fails = {1}
    with caplog.at_level(logging.ERROR):
        assert run(listener.reaction) == 3
        assert run(listener.reaction) == 0
        assert try_again(listener.reaction) == 0
    assert "test.listener failed on entry 1; it will be shown again" in caplog.text
    assert (listener.indexes, place(listener)) == ([0, 2], 3)
    assert [(one.reader, one.index) for one in SetAside.objects.all()] == [("test.listener", 1)]
    listener.fails = set()
    assert try_again(listener.reaction) == 1
    assert try_again(listener.reaction) == 0
    assert listener.indexes == [0, 2, 1]


def test_each_reader_tries_only_what_it_set_aside_itself(caplog):
    listener = Listener(sets_aside=True)
    other = Listener(name="test.other", sets_aside=True)
    enact_one(publish(2024))
    listener.fails = {0}
    with caplog.at_level(logging.ERROR):
        run(listener.reaction)
    assert try_again(other.reaction) == 0
    assert SetAside.objects.count() == 1


@pytest.mark.parametrize("together", [False, True])
def test_nothing_is_set_aside_because_the_database_does_not_answer(together, caplog):
    listener = Listener(together=together, sets_aside=True)
    enact([publish(2024), publish(2025)])
    listener.fails, listener.error = {0}, OperationalError("gone")
    with caplog.at_level(logging.ERROR):
        assert run(listener.reaction) == 0
    assert (place(listener), SetAside.objects.count()) == (0, 0)


def test_what_a_reader_has_yet_to_do_is_known(caplog):
    listener = Listener(sets_aside=True)
    enact([publish(2024), publish(2025)])
    assert undone("test.listener", [0, 1]) == {}  # it has no place yet
    listener.fails = {0}
    with caplog.at_level(logging.ERROR):
        run(listener.reaction)
    enact_one(publish(2026))
    assert undone("test.listener", [0, 1, 2]) == {0: True, 2: False}
    assert undone("test.listener", []) == {}


def test_who_begins_from_now_may_pass_over_what_came_before_and_nobody_else():
    from_now, always = Listener(name="test.now"), Listener(name="test.always")
    enact([publish(2025), publish(2026)])
    for listener, begins in ((from_now, True), (always, False)):
        listener.reaction = replace(listener.reaction, from_now=begins)
        Place.objects.create(reader=listener.reaction.reader)
        pass_over(listener.reaction)
        run(listener.reaction)
    assert (from_now.indexes, always.indexes) == ([], [0, 1])
