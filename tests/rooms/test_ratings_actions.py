"""Ratings in the database: given once, counted in groups, answered for, linked to nobody."""

import json
from datetime import date

import pytest
from django.apps import apps

from mingtang.cases import actions as cases
from mingtang.config import working
from mingtang.config.wiring import REACTIONS, SUBJECTS
from mingtang.core.ballots import OPEN_DAYS, ServedAt
from mingtang.core.tallies import recount
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry, Opened
from mingtang.ledger.replay import rebuild
from mingtang.ledger.verify import verify
from mingtang.ratings import actions, queries
from mingtang.ratings.models import (
    BallotRow,
    CallbackRow,
    CountedRow,
    RatingFigureRow,
    RatingRow,
    TallyRow,
)
from mingtang.ratings.ports import tokens
from tests.core.case_examples import day
from tests.rooms import case_words
from tests.rooms.rating_words import ENDED, GIVEN_AT, NEXT_DAY, REPLY, finished, rate, rated
from tests.words import refused

pytestmark = pytest.mark.django_db
CENTRE = {"posts": frozenset({"centre"}), "by": "P-manager"}


def public_faces():

    rows = LedgerEntry.objects.order_by("index").values_list("index", "body")
    return [(index, json.loads(bytes(body))) for index, body in rows]


# ── Ballots ─────────────────────────────────────────────────────────────────


def heard():
    for reaction in REACTIONS:
        reactions.run(reaction)


def test_a_case_that_is_closed_has_a_ballot_and_only_its_digest_is_kept(log_home):
    case_words.calendar_of_the_year()
    heard()
    case_words.file("MT-AAAA-0001", "MT-AAAA-0002")
    cases.withdraw(number="MT-AAAA-0001", person="P-wang", reason="不办了", at=day(3, 3))
    heard()
    [row] = BallotRow.objects.all()
    token = actions.token_of("case/MT-AAAA-0001")
    assert row.digest == tokens.digest_of(token)
    assert (row.origin, row.item, row.department, row.channel, row.last_date) == (
        "case/MT-AAAA-0001",
        "item-key",
        "market",
        "online",
        date(2026, 5, 2),
    )
    bodies = b"".join(bytes(body) for body in LedgerEntry.objects.values_list("body", flat=True))
    assert token.encode() not in bodies
    assert not Opened.objects.filter(value__contains=token).exists()


def test_hearing_of_an_end_twice_issues_one_ballot():
    finished("MT-1")
    assert (
        actions.issue([actions.Finished("case/MT-1", "item-a", "market", ServedAt.ONLINE, ENDED)])
        == 0
    )
    assert BallotRow.objects.count() == 1


# ── Giving ──────────────────────────────────────────────────────────────────


def test_a_token_gives_one_rating():
    [token] = finished("MT-1")
    key = rate(token, 5, text="太慢", contact="19900000001", aspects={"ease": 4}, reply=REPLY)
    row = RatingRow.objects.get()
    assert (row.key, row.grade, row.text, row.contact, row.aspects) == (
        key,
        "5",
        "太慢",
        "19900000001",
        '{"ease":4}',
    )
    assert queries.rating_with_reply(tokens.reply_digest(REPLY)) == row
    with refused("rating.already-given"):
        rate(token, 1)


def test_the_same_press_sent_twice_is_one_rating():
    [token] = finished("MT-1")
    first = actions.give(token=token, grade=5, reply=REPLY, at=GIVEN_AT, once="k")
    again = actions.give(token=token, grade=5, reply=REPLY, at=GIVEN_AT, once="k")
    assert (again.index, again.repeated) == (first.index, True)


@pytest.mark.parametrize("token", ["", "x" * 26, "MT-1"])
def test_a_foreign_token_is_refused(token):
    finished("MT-1")
    with refused("rating.unknown-token"):
        rate(token)


def test_a_token_expires():
    [token] = finished("MT-1")
    with refused("rating.expired"):
        rate(token, at=day(5, 10))
    assert (date(2026, 5, 9) - ENDED.date()).days == OPEN_DAYS


def test_another_installation_makes_other_tokens(settings):
    [token] = finished("MT-1")
    settings.SECRET_KEY = "somebody-else"
    assert actions.token_of("case/MT-1") != token


def test_nothing_that_is_stored_leads_from_a_ballot_to_its_rating():
    """What they have in common is the item, the department and the channel: public facts."""
    [token, _] = finished("MT-1", "MT-2")
    rate(token, 5, reply=REPLY)
    ballot = BallotRow.objects.get(origin="case/MT-1")
    entries = LedgerEntry.objects.filter(stream__startswith="rating/")
    [index] = entries.values_list("index", flat=True)
    stored = [bytes(entries.get().body).decode(), entries.get().stream]
    stored += Opened.objects.filter(index=index).values_list("value", flat=True)
    for secret in (ballot.digest, ballot.origin, "MT-1", token):
        assert not [value for value in stored if secret in value]
    rating = RatingRow.objects.get()
    columns = {str(v) for v in vars(rating).values()} & {str(v) for v in vars(ballot).values()}
    assert columns == {"item-a", "market", "online"}


# ── Counting ────────────────────────────────────────────────────────────────


def test_ratings_are_published_in_groups_on_a_later_day():
    keys = rated(1, 1, 2, 5, 5)
    assert actions.publish(at=GIVEN_AT) == 0
    assert actions.publish(at=NEXT_DAY) == 1
    assert queries.grades_by_item() == {("market", "item-a"): [2, 1, 0, 0, 2]}
    tally = TallyRow.objects.get()
    assert (tally.key, tally.month, tally.ratings, tally.waiting) == (
        "2026-03-12-1",
        "2026-03",
        5,
        0,
    )
    assert {row.rating for row in CountedRow.objects.all()} == set(keys)
    assert actions.publish(at=NEXT_DAY) == 0


def test_what_was_counted_is_not_counted_again_and_sums_grow():
    rated(1, 1, 1, 1, 1)
    working.daily(at=NEXT_DAY)
    rated(5, 5, 5, 5, 5, at=day(3, 13))
    rated(3, item="rare", at=day(3, 13))
    working.daily(at=day(3, 14))
    assert RatingFigureRow.objects.count() == 2
    assert queries.grades_by_item() == {("market", "item-a"): [5, 0, 0, 0, 5]}
    found = recount(public_faces())
    assert (found.ballots, found.given, found.counted, found.waiting) == (11, 11, 10, 1)
    assert found.findings == []
    published = {
        (row.month, row.department, row.item, row.grade): row.number for row in queries.figures()
    }
    assert found.numbers == published


def test_a_department_is_told_no_text_of_fewer_than_five():
    rated(1, 2, 3, 4, 5, text="说")
    rated(5, item="rare", text="独")
    actions.publish(at=NEXT_DAY)
    [told] = queries.told({"market"})
    assert (told.item, told.grades, told.texts) == (
        "item-a",
        [1, 1, 1, 1, 1],
        ["说0", "说1", "说2", "说3", "说4"],
    )
    assert list(queries.told({"education"})) == []
    assert len(list(queries.told(None))) == 1


# ── Call-backs ──────────────────────────────────────────────────────────────


def bad(grade=5):
    [token] = finished("MT-1")
    return rate(token, grade, reply=REPLY)


def test_a_bad_rating_is_called_back_put_right_and_settled_by_its_giver():
    rating = bad()
    [row] = queries.bad_ratings(done=False)
    assert row.key == rating
    actions.call_back(rating=rating, reached=True, note="等得太久", at=day(3, 12), **CENTRE)
    actions.rectify(rating=rating, result="增开窗口", at=day(3, 13), **CENTRE)
    assert not queries.bad_ratings(done=False)
    actions.answer(reply=REPLY, settled=True, at=day(3, 14))
    row = CallbackRow.objects.get()
    assert (row.rating, row.stage, row.reached, row.note, row.result) == (
        rating,
        "settled",
        "yes",
        "等得太久",
        "增开窗口",
    )
    assert (row.called_at, row.rectified_at, row.answered_at) == (
        day(3, 12),
        day(3, 13),
        day(3, 14),
    )


def test_what_is_not_settled_is_open_again():
    rating = bad(4)
    actions.call_back(rating=rating, reached=False, note="没有接听", at=day(3, 12), **CENTRE)
    actions.rectify(rating=rating, result="增开窗口", at=day(3, 13), **CENTRE)
    actions.answer(reply=REPLY, settled=False, at=day(3, 16))
    [one] = queries.with_callbacks(queries.bad_ratings(done=False))
    assert (one.stage, one.since) == ("unsettled", date(2026, 3, 16))
    actions.call_back(rating=rating, reached=True, note="窗口仍然少", at=day(3, 17), **CENTRE)
    assert queries.bad_rating(rating).callback.note == "窗口仍然少"


def test_only_the_secret_of_whoever_rated_answers():
    rating = bad()
    with refused("callback.nothing-to-answer"):
        actions.answer(reply=REPLY, settled=True, at=day(3, 12))
    with refused("rating.unknown-token"):
        actions.answer(reply="f0" * 16, settled=True, at=day(3, 12))
    with refused("callback.not-bad"):
        actions.rectify(rating="unknown", result="x", at=day(3, 12), **CENTRE)
    with refused("callback.own-department"):
        actions.call_back(
            rating=rating,
            reached=True,
            note="x",
            posts=frozenset({"market"}),
            by="P-chief",
            at=day(3, 12),
        )


def test_the_public_log_does_not_say_which_rating_was_called_back():
    rating = bad()
    actions.call_back(rating=rating, reached=True, note="等得太久", at=day(3, 12), **CENTRE)
    entry = LedgerEntry.objects.get(stream__startswith="callback/")
    assert rating not in bytes(entry.body).decode() + entry.stream
    assert tokens.reply_digest(REPLY) not in bytes(entry.body).decode()


# ── Tables ──────────────────────────────────────────────────────────────────


def test_rebuilt_tables_are_the_same_and_nothing_is_found_altered(log_home):
    rated(1, 1, 2, 5, 5)
    rating = rated(5, item="rare")[0]
    actions.publish(at=NEXT_DAY)
    actions.call_back(rating=rating, reached=True, note="等得太久", at=day(3, 12), **CENTRE)
    models = [m for m in apps.get_models() if m._meta.app_label == "ratings"]
    before = {m: list(m.objects.order_by("pk").values()) for m in models}
    assert all(before.values())
    rebuild(SUBJECTS)
    assert {m: list(m.objects.order_by("pk").values()) for m in models} == before


def test_a_figure_altered_by_hand_is_found(log_home):
    rated(1, 1, 2, 5, 5)
    actions.publish(at=NEXT_DAY)
    RatingFigureRow.objects.filter(grade=5).update(number=0)
    found = [finding for finding in verify(SUBJECTS) if finding.code == "verify.row-altered"]
    assert len(found) == 1
