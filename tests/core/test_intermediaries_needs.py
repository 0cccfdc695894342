"""A need from the notice to the rating: each command done, and refused."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.cases.special import SpecialKind
from mingtang.core.intermediaries import needs
from mingtang.core.intermediaries.choosing import choose
from mingtang.core.intermediaries.needs import events
from mingtang.core.intermediaries.needs.terms import Criterion, Mark, Stage
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.wire import Sealed
from mingtang.core.worktime import working_days_between
from tests.core.case_examples import document
from tests.core.need_examples import (
    ACCEPT,
    ANSWER,
    BEGIN,
    CASE,
    CHOOSE,
    COMPLAIN,
    CONTENT,
    CONTRACT,
    COUNTED,
    DEADLINE,
    DELIVER,
    DELIVERED,
    DIRECT,
    END,
    EXCLUDED,
    MINUTE,
    NEED,
    ONE_BODY,
    OPEN,
    QUOTING,
    RATE,
    RESUMED,
    RETURN,
    SCORED,
    SEED,
    SERVICE,
    SERVING,
    candidate,
    day,
    decide,
    entrant,
    publish,
    published,
    score,
    sign_up,
    signed_up,
    state,
    withdraw,
)
from tests.core.work_calendars import KNOWN
from tests.words import refused

SCORES = (score("A", "P-s1"), score("A", "P-s2"), score("B", "P-s1", (20, 20)))
LAST_SCORE = score("B", "P-s2", (60, 40))
SCORING = (publish(SCORED), sign_up("A"), sign_up("B"), OPEN)


def chosen(name, price_fen=0, by="", at=DEADLINE):
    return events.NeedChosen(
        body=name, body_name=f"演示机构{name}", price_fen=price_fen, by=Sealed(by), at=at
    )


# ── Publishing ──────────────────────────────────────────────────────────────


def test_a_need_is_published_with_the_digest_of_its_seed():
    assert decide(publish()) == [published()]
    assert decide(publish(case="", case_own=False)) == [published(case=Sealed(""))]


def test_a_body_is_named_where_the_ceiling_allows_it():
    assert decide(publish(DIRECT, invited=candidate("A"))) == [
        published(DIRECT),
        chosen("A", by="P-wang", at=day(3, 2)),
    ]


@pytest.mark.parametrize(
    ("content", "changed", "code"),
    [
        (CONTENT, {"own": False}, "not-publisher"),
        (CONTENT, {"service": None}, "service-unknown"),
        (replace(CONTENT, title=" "), {}, "title-missing"),
        (replace(CONTENT, title="题" * 101), {}, "title-too-long"),
        (replace(CONTENT, ceiling_fen=0), {}, "ceiling-missing"),
        (replace(CONTENT, days=0), {}, "days-wrong"),
        (replace(CONTENT, days=11), {}, "days-wrong"),
        (CONTENT, {"case_own": False}, "case-not-yours"),
        (CONTENT, {"at": DEADLINE}, "deadline-past"),
        (replace(SCORED, organ=""), {}, "best-departments-only"),
        (replace(SCORED, criteria=()), {}, "criteria-wrong"),
        (replace(SCORED, scorers=0), {}, "criteria-wrong"),
        (replace(SCORED, criteria=(Criterion(key="a", name="甲", most=0),)), {}, "criteria-wrong"),
        (replace(SCORED, criteria=SCORED.criteria[:1] * 2), {}, "criteria-wrong"),
        (replace(CONTENT, scorers=1), {}, "criteria-wrong"),
        (replace(DIRECT, ceiling_fen=500_001), {}, "direct-too-much"),
        (DIRECT, {"service": replace(SERVICE, direct_most_fen=0)}, "direct-not-allowed"),
        (DIRECT, {}, "body-missing"),
        (DIRECT, {"invited": candidate("A", listed=False)}, "not-listed"),
        (DIRECT, {"invited": candidate("A", suspended=True, listed=False)}, "suspended"),
        (DIRECT, {"invited": candidate("A", qualified=False)}, "not-qualified"),
        (DIRECT, {"invited": candidate("A", own_interest=True)}, "own-interest"),
    ],
)
def test_a_need_is_not_published(content, changed, code):
    with refused(f"need.{code}"):
        decide(publish(content, **changed))


def test_a_need_is_published_once():
    with refused("need.known"):
        decide(publish(), publish())


# ── Signing up ──────────────────────────────────────────────────────────────


def test_a_body_signs_up_under_seal():
    assert decide(sign_up("A"), publish()) == [signed_up(1, "A")]
    before = (publish(QUOTING), sign_up("A", 700_000))
    assert decide(sign_up("B", 600_000), *before) == [signed_up(2, "B", 600_000)]


@pytest.mark.parametrize(
    ("content", "changed", "code"),
    [
        (CONTENT, {"at": DEADLINE}, "sign-up-over"),
        (CONTENT, {"represents": False}, "not-its-agent"),
        (CONTENT, {"candidate": candidate("B", listed=False)}, "not-listed"),
        (CONTENT, {"candidate": candidate("B", suspended=True)}, "suspended"),
        (CONTENT, {"candidate": candidate("B", qualified=False)}, "not-qualified"),
        (CONTENT, {"candidate": candidate("B", own_interest=True)}, "own-interest"),
        (CONTENT, {"candidate": candidate("A")}, "signed-up-already"),
        (CONTENT, {"nonce": "short"}, "nonce-wrong"),
        (CONTENT, {"price_fen": 1}, "price-surplus"),
        (QUOTING, {"price_fen": 0}, "price-missing"),
        (QUOTING, {"price_fen": 800_001}, "over-ceiling"),
    ],
)
def test_a_body_does_not_sign_up(content, changed, code):
    first = sign_up("A", 1 if content is QUOTING else 0)
    with refused(f"need.{code}"):
        decide(replace(sign_up("B"), **changed), publish(content), first)


def test_nobody_signs_up_for_what_is_not_there_or_open():
    with refused("need.unknown"):
        decide(sign_up("A"))
    with refused("need.sign-up-over"):
        decide(sign_up("A"), publish(DIRECT, invited=candidate("B")))


# ── Withdrawing ─────────────────────────────────────────────────────────────


def test_a_sign_up_is_withdrawn_and_takes_part_in_nothing():
    three = (publish(), sign_up("A"), sign_up("B"), sign_up("C"))
    assert decide(withdraw("B"), *three) == [
        events.NeedSignUpWithdrawn(no=2, by=Sealed("P-B"), at=day(3, 3, 18))
    ]
    entrants = (entrant(1, "A"), entrant(3, "C"))
    winner = choose(CONTENT.way, NEED, SEED, entrants)
    assert decide(OPEN, *three, withdraw("B")) == [
        events.NeedOpened(seed=SEED, entrants=entrants, at=DEADLINE),
        chosen(winner.body),
    ]


def test_whoever_withdrew_may_sign_up_anew_under_another_number():
    assert decide(sign_up("A"), publish(), sign_up("A"), withdraw("A")) == [signed_up(2, "A")]


def test_when_all_withdrew_the_need_fails():
    assert decide(OPEN, publish(), sign_up("A"), withdraw("A"))[1] == events.NeedFailed(at=DEADLINE)


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ((), {}, "unknown"),
        ((publish(), sign_up("A")), {"at": DEADLINE}, "sign-up-over"),
        ((publish(), sign_up("A"), OPEN), {"at": DEADLINE - MINUTE}, "sign-up-over"),
        ((publish(), sign_up("A")), {"represents": False}, "not-its-agent"),
        ((publish(), sign_up("B")), {}, "not-signed-up"),
        ((publish(), sign_up("A"), withdraw("A")), {}, "not-signed-up"),
    ],
)
def test_a_sign_up_is_not_withdrawn(before, changed, code):
    with refused(f"need.{code}"):
        decide(withdraw("A", **changed), *before)


# ── Opening ─────────────────────────────────────────────────────────────────


def test_at_the_opening_all_is_published_and_the_lot_falls():
    before = (publish(), sign_up("A"), sign_up("B"), sign_up("C"))
    entrants = tuple(entrant(no, name) for no, name in enumerate("ABC", 1))
    winner = choose(CONTENT.way, NEED, SEED, entrants)
    assert decide(OPEN, *before) == [
        events.NeedOpened(seed=SEED, entrants=entrants, at=DEADLINE),
        chosen(winner.body),
    ]


def test_the_lowest_quotation_is_chosen():
    before = (publish(QUOTING), sign_up("A", 700_000), sign_up("B", 600_000))
    assert decide(OPEN, *before)[1] == chosen("B", 600_000)


def test_whoever_was_suspended_meanwhile_is_not_chosen():
    before = (publish(), sign_up("A"), sign_up("B"))
    barring = replace(OPEN, barred=(("A", "suspended"),))
    assert decide(barring, *before) == [
        events.NeedOpened(
            seed=SEED, entrants=(entrant(1, "A", barred="suspended"), entrant(2, "B")), at=DEADLINE
        ),
        chosen("B"),
    ]
    both = replace(OPEN, barred=(("A", "suspended"), ("B", "not-qualified")))
    assert decide(both, *before)[1] == events.NeedFailed(at=DEADLINE)


def test_without_a_sign_up_the_need_fails():
    assert decide(OPEN, publish()) == [
        events.NeedOpened(seed=SEED, entrants=(), at=DEADLINE),
        events.NeedFailed(at=DEADLINE),
    ]


def test_nothing_is_opened_before_its_time_or_twice():
    with refused("need.sign-up-running"):
        decide(replace(OPEN, at=DEADLINE - MINUTE), publish())
    with refused("need.not-open"):
        decide(OPEN, *ONE_BODY)
    with refused("need.unknown"):
        decide(OPEN)


# ── Scoring ─────────────────────────────────────────────────────────────────


def test_bodies_are_scored_and_the_highest_sum_is_chosen():
    command = SCORES[0]
    assert decide(command, *SCORING) == [
        events.NeedScored(body="A", marks=command.marks, scorer=command.scorer, at=day(3, 5))
    ]
    # A: 80 + 80; B: 40 + 100
    assert decide(CHOOSE, *SCORING, *SCORES, LAST_SCORE) == [chosen("A", by="P-rev", at=day(3, 6))]


@pytest.mark.parametrize(
    ("command", "before", "code"),
    [
        (score("A"), ONE_BODY, "not-scoring"),
        (score("A", may=False), SCORING, "not-a-scorer"),
        (score("C"), SCORING, "not-an-entrant"),
        (score("A", "P-s1"), (*SCORING, *SCORES), "scored-already"),
        (replace(score("A"), marks=score("A").marks[:1]), SCORING, "marks-incomplete"),
        (score("A", points=(61, 0)), SCORING, "marks-wrong"),
        (score("A", points=(-1, 0)), SCORING, "marks-wrong"),
        (
            score(
                "A",
                marks=(
                    Mark(criterion="team", points=1, reason=" "),
                    Mark(criterion="plan", points=1, reason="有"),
                ),
            ),
            SCORING,
            "mark-reason-missing",
        ),
    ],
)
def test_a_body_is_not_scored(command, before, code):
    with refused(f"need.{code}"):
        decide(command, *before)


def test_nobody_is_chosen_before_all_are_scored_by_the_same():
    with refused("need.scores-missing"):
        decide(CHOOSE, *SCORING, *SCORES)
    with refused("need.scores-missing"):
        decide(CHOOSE, *SCORING)
    with refused("need.not-publisher"):
        decide(replace(CHOOSE, own=False), *SCORING, *SCORES, LAST_SCORE)
    with refused("need.not-scoring"):
        decide(CHOOSE, *ONE_BODY)


# ── Contract and service ────────────────────────────────────────────────────


def test_a_contract_is_noted():
    assert decide(CONTRACT, *ONE_BODY) == [
        events.NeedContracted(price_fen=700_000, days=5, by=Sealed("P-wang"), at=day(3, 5))
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"own": False}, "not-publisher"),
        ({"price_fen": 0}, "over-ceiling"),
        ({"price_fen": 800_001}, "over-ceiling"),
        ({"days": 0}, "days-wrong"),
        ({"days": 9}, "days-wrong"),
    ],
)
def test_a_contract_is_not_noted(changed, code):
    with refused(f"need.{code}"):
        decide(replace(CONTRACT, **changed), *ONE_BODY)


def test_a_contract_is_of_the_price_that_was_quoted():
    quoted = (publish(QUOTING), sign_up("A", 600_000), OPEN)
    with refused("need.price-not-quoted"):
        decide(CONTRACT, *quoted)
    [event] = decide(replace(CONTRACT, price_fen=600_000), *quoted)
    assert event.price_fen == 600_000
    with refused("need.not-chosen"):
        decide(CONTRACT, publish())


def begun(round=1, days=5, due=date(2026, 3, 13), by="P-A", at=BEGIN.at):
    return events.NeedServiceBegun(
        round=round,
        body="A",
        body_name="演示机构A",
        service="消防设施检验",
        procedure=SpecialKind.INSPECTION,
        items=("DEMO-001",),
        case=Sealed(CASE),
        days=days,
        due=due,
        by=Sealed(by),
        at=at,
    )


def test_the_body_begins_and_its_days_are_counted_from_that_day():
    assert decide(BEGIN, *ONE_BODY, CONTRACT) == [begun()]  # Monday to Friday, both worked


def test_a_service_does_not_begin():
    with refused("need.no-contract"):
        decide(BEGIN, *ONE_BODY)
    with refused("need.not-its-agent"):
        decide(replace(BEGIN, represents=False), *ONE_BODY, CONTRACT)


def delivered(days=5, late_days=0, at=DELIVER.at):
    return events.NeedDelivered(
        round=1,
        documents=(document("report"),),
        note=Sealed("合格"),
        case=Sealed(CASE),
        days=days,
        late_days=late_days,
        by=Sealed("P-A"),
        at=at,
    )


def test_a_result_is_delivered_on_the_due_date_in_time_and_a_day_later_late():
    assert decide(DELIVER, *SERVING) == [delivered()]
    monday = replace(DELIVER, at=day(3, 16))
    assert decide(monday, *SERVING) == [delivered(days=6, late_days=1, at=day(3, 16))]


def test_a_result_is_not_delivered():
    with refused("need.not-serving"):
        decide(DELIVER, *ONE_BODY)
    with refused("need.not-its-agent"):
        decide(replace(DELIVER, represents=False), *SERVING)
    with refused("need.no-document"):
        decide(replace(DELIVER, documents=()), *SERVING)


def test_a_result_is_accepted_and_rated_once():
    assert decide(ACCEPT, *DELIVERED) == [events.NeedAccepted(by=Sealed("P-wang"), at=day(3, 16))]
    assert decide(RATE, *DELIVERED, ACCEPT) == [
        events.NeedRated(
            body="A", stars=4, comment=Sealed("准时"), by=Sealed("P-wang"), at=day(3, 17)
        )
    ]
    with refused("need.rated-already"):
        decide(RATE, *DELIVERED, ACCEPT, RATE)
    with refused("need.not-accepted"):
        decide(RATE, *DELIVERED)
    with refused("need.not-publisher"):
        decide(replace(RATE, own=False), *DELIVERED, ACCEPT)
    for stars in (0, 6):
        with refused("need.stars-wrong"):
            decide(replace(RATE, stars=stars), *DELIVERED, ACCEPT)


def test_a_result_is_not_accepted():
    with refused("need.not-delivered"):
        decide(ACCEPT, *SERVING)
    with refused("need.not-publisher"):
        decide(replace(ACCEPT, own=False), *DELIVERED)


def test_a_result_that_is_returned_begins_another_round():
    assert decide(RETURN, *DELIVERED) == [
        events.NeedReturned(reason=Sealed("缺少附图"), by=Sealed("P-wang"), at=day(3, 16)),
        begun(round=2, days=2, due=date(2026, 3, 17), by="P-wang", at=day(3, 16)),
    ]
    assert state(*DELIVERED, RETURN).stage is Stage.SERVING


@pytest.mark.parametrize(
    ("changed", "before", "code"),
    [
        ({}, SERVING, "not-delivered"),
        ({"own": False}, DELIVERED, "not-publisher"),
        ({"reason": ""}, DELIVERED, "reason-missing"),
        ({"days": 0}, DELIVERED, "days-wrong"),
        ({"days": 6}, DELIVERED, "days-wrong"),
    ],
)
def test_a_result_is_not_returned(changed, before, code):
    with refused(f"need.{code}"):
        decide(replace(RETURN, **changed), *before)


# ── Complaints, and the end ─────────────────────────────────────────────────


def test_a_complaint_is_made_and_answered():
    assert decide(COMPLAIN, *ONE_BODY) == [
        events.NeedComplained(text=Sealed("态度差"), by=Sealed("P-wang"), at=day(3, 17))
    ]
    assert decide(ANSWER, *ONE_BODY, COMPLAIN) == [
        events.NeedComplaintAnswered(
            body="A", upheld=True, reason="查证属实", by="P-centre", at=day(3, 18)
        )
    ]


@pytest.mark.parametrize(
    ("command", "before", "code"),
    [
        (COMPLAIN, (publish(),), "nobody-chosen"),
        (replace(COMPLAIN, own=False), ONE_BODY, "not-publisher"),
        (COMPLAIN, (*ONE_BODY, COMPLAIN), "complaint-open"),
        (replace(COMPLAIN, text=" "), ONE_BODY, "reason-missing"),
        (ANSWER, ONE_BODY, "no-complaint"),
        (replace(ANSWER, manages=False), (*ONE_BODY, COMPLAIN), "not-its-centre"),
        (replace(ANSWER, reason=""), (*ONE_BODY, COMPLAIN), "reason-missing"),
        (END, (*DELIVERED, ACCEPT), "over"),
        (END, (*ONE_BODY, END), "over"),
        (END, (publish(), OPEN), "over"),
        (replace(END, own=False), ONE_BODY, "not-publisher"),
        (replace(END, reason=" "), ONE_BODY, "reason-missing"),
    ],
)
def test_what_is_not_complained_of_answered_or_ended(command, before, code):
    with refused(f"need.{code}"):
        decide(command, *before)


def test_a_need_is_ended_by_its_publisher_or_the_centre():
    ended = events.NeedEnded(
        round=0,
        case=Sealed(CASE),
        reason=Sealed("不再需要"),
        by=Sealed("P-wang"),
        at=day(3, 10),
    )
    assert decide(END, publish()) == [ended]
    centre = replace(END, own=False, manages=True)
    assert decide(centre, *SERVING) == [replace(ended, round=1)]


# ── What the case says ──────────────────────────────────────────────────────


def test_what_the_case_does_about_the_time_is_noted():
    assert decide(EXCLUDED, *SERVING) == [
        events.NeedTimeExcluded(round=1, since=date(2026, 3, 9), at=day(3, 9))
    ]
    assert decide(COUNTED, *SERVING) == [
        events.NeedTimeCounted(round=1, why="not-needed", at=day(3, 9))
    ]
    assert decide(RESUMED, *SERVING, EXCLUDED) == [
        events.NeedTimeResumed(round=1, days=4, at=day(3, 13))
    ]


@pytest.mark.parametrize(
    ("command", "before", "code"),
    [
        (EXCLUDED, ONE_BODY, "round-unknown"),
        (EXCLUDED, (*SERVING, EXCLUDED), "time-known"),
        (COUNTED, (*SERVING, EXCLUDED), "time-known"),
        (COUNTED, (*SERVING, COUNTED), "time-known"),
        (RESUMED, SERVING, "time-known"),
        (RESUMED, (*SERVING, EXCLUDED, RESUMED), "time-known"),
        (replace(RESUMED, round=2), (*SERVING, EXCLUDED), "round-unknown"),
    ],
)
def test_the_same_is_not_noted_twice(command, before, code):
    with refused(f"need.{code}"):
        decide(command, *before)


def test_no_service_is_older_than_its_terms():
    """The notice keeps the service as it was published then."""
    assert isinstance(state(publish()).terms.service, ServiceContent)


@given(st.integers(1, 8), st.integers(0, 40))
def test_days_and_late_days_add_up_whenever_it_is_delivered(days, later):
    due = state(*ONE_BODY, replace(CONTRACT, days=days), BEGIN).rounds[0].due
    at = BEGIN.at + later * 24 * 60 * MINUTE
    before = (*ONE_BODY, replace(CONTRACT, days=days), BEGIN)
    [event] = decide(replace(DELIVER, at=at), *before)
    assert event.days == working_days_between(date(2026, 3, 8), at.date(), calendar=KNOWN)
    assert event.late_days == max(0, event.days - days)
    assert (event.late_days > 0) == (at.date() > due and event.days > days)


def test_what_was_erased_is_still_read():
    erased = replace(signed_up(1, "A"), price_fen=Sealed("█"), body=Sealed("█"))
    found = needs.evolve(state(publish()), erased)
    assert found.entrants[0].price_fen == 0
