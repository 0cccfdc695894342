"""Readers of the ledger: everything once at least, in order, each at its own place."""

import logging

import pytest

from mingtang.core.calendars import CalendarYearPublished
from mingtang.core.people import PersonRegistered
from mingtang.core.wire import ERASED
from mingtang.ledger import actions
from mingtang.ledger.enact import enact, enact_one
from mingtang.ledger.models import Place
from mingtang.ledger.reactions import Reaction, run
from mingtang.people.actions import SUBJECTS
from tests.rooms.ledger_subjects import publish
from tests.rooms.people_words import MONDAY, person

pytestmark = pytest.mark.django_db


class Listener:
    """Remembers what it was shown; fails on the entries it is told to."""

    def __init__(self, *hears, name="test.listener"):
        self.heard, self.fails = [], set()
        self.reaction = Reaction(name, hears or (CalendarYearPublished,), self._act)

    def _act(self, heard):
        if heard.index in self.fails:
            raise ValueError("not today")
        self.heard.append(heard)

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
