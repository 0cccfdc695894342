"""The window's part of a case, and what the law does when the window says nothing (art. 32)."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core import cases
from mingtang.core.cases import INTAKE, Stage, Task
from tests.core.case_examples import (
    ACCEPT,
    ACCEPTED,
    AGENT,
    CLERK,
    CORRECTED,
    DEEM,
    MONDAY,
    NOT_ACCEPTED,
    NOTIFIED,
    NOTIFY,
    PLAIN,
    REFUSE,
    SHORT,
    WITHDRAWN,
    accepted,
    after,
    day,
    deemed,
    filed,
    when,
)
from tests.words import refused

# ── Acceptance ──────────────────────────────────────────────────────────────


def test_accepting_starts_both_clocks_and_the_steps_that_wait_for_nothing():
    assert when(filed(), command=ACCEPT) == [ACCEPTED]
    case = after(filed(), ACCEPTED)
    assert case.stage is Stage.REVIEWING
    assert case.tasks == (
        Task(INTAKE, "market", MONDAY, day(3, 4), "P-clerk", "07", "accepted"),
        Task("papers", "market", day(3, 4)),
        Task("site", "inspection", day(3, 4)),
    )


def test_an_item_without_steps_goes_straight_to_its_decision():
    assert when(filed(PLAIN), command=ACCEPT) == [accepted()]
    case = after(filed(PLAIN), accepted())
    assert (case.stage, case.tasks[-1].key) == (Stage.DECIDING, "decision")


def test_the_fifth_working_day_is_still_in_time():
    [event] = when(filed(), command=replace(ACCEPT, at=day(3, 9, 23)))
    assert (type(event), event.accepted_date) == (cases.CaseAccepted, date(2026, 3, 9))


def test_accepting_a_day_late_only_records_what_the_law_did_from_the_first_day():
    late = replace(ACCEPT, at=day(3, 10, 8))
    assert when(filed(), command=late) == [deemed("papers", "site", at=day(3, 10, 8))]


def test_corrections_move_the_day_from_which_the_law_counts():
    late = replace(ACCEPT, at=day(3, 30))
    [event] = when(filed(), NOTIFIED, CORRECTED, command=late)
    assert (type(event), event.accepted_date) == (cases.CaseDeemedAccepted, date(2026, 3, 20))


@pytest.mark.parametrize("command", [ACCEPT, NOTIFY, REFUSE])
def test_nobody_handles_a_case_of_their_own(command):
    for applicant, person in ((None, "P-wang"), (AGENT, "P-li")):
        history = filed(applicant=applicant) if applicant else filed()
        insider = replace(CLERK, person=person)
        with refused("case.own-case"):
            when(history, command=replace(command, officer=insider))


def test_a_case_is_accepted_once():
    for history in ([filed(), ACCEPTED], [filed(), NOT_ACCEPTED], [filed(), WITHDRAWN]):
        with refused("case.not-awaiting-acceptance"):
            when(*history, command=ACCEPT)
    with refused("case.awaiting-corrections"):
        when(filed(), NOTIFIED, command=ACCEPT)
    with refused("case.unknown"):
        when(command=ACCEPT)


# ── One notice, and everything in it ────────────────────────────────────────


def test_a_correction_notice_stops_the_five_days():
    assert when(filed(), command=NOTIFY) == [NOTIFIED]
    assert after(filed(), NOTIFIED).stage is Stage.CORRECTING
    with refused("case.not-awaiting-acceptance"):
        when(filed(), NOTIFIED, command=replace(DEEM, at=day(6, 1)))


def test_there_is_one_notice_and_no_second():
    with refused("case.corrections-already-notified"):
        when(filed(), NOTIFIED, CORRECTED, command=replace(NOTIFY, at=day(3, 23)))
    with refused("case.not-awaiting-acceptance"):
        when(filed(), NOTIFIED, command=NOTIFY)
    with refused("case.unknown"):
        when(command=NOTIFY)


def test_a_notice_says_what_and_why():
    with refused("case.nothing-to-correct"):
        when(filed(), command=replace(NOTIFY, shortfalls=()))
    with refused("case.reason-missing"):
        when(filed(), command=replace(NOTIFY, shortfalls=(SHORT, replace(SHORT, reason=" "))))


def test_a_notice_after_the_fifth_day_comes_too_late():
    with refused("case.deemed-accepted-by-law"):
        when(filed(), command=replace(NOTIFY, at=day(3, 10)))
    assert when(filed(), command=replace(NOTIFY, at=day(3, 9)))


# ── Refusal to accept ───────────────────────────────────────────────────────


def test_a_refusal_to_accept_ends_the_case():
    assert when(filed(), command=REFUSE) == [NOT_ACCEPTED]
    case = after(filed(), NOT_ACCEPTED)
    assert (case.stage, case.closed_date) == (Stage.NOT_ACCEPTED, date(2026, 3, 4))
    assert case.task(INTAKE) is None


def test_what_was_never_corrected_may_be_refused_long_after():
    late = replace(REFUSE, ground=cases.Ground.NOT_CORRECTED, competent_organ="", at=day(6, 1))
    [event] = when(filed(), NOTIFIED, command=late)
    assert event.ground is cases.Ground.NOT_CORRECTED


def test_a_refusal_to_accept_gives_its_reason_and_names_the_organ_that_is_competent():
    with refused("case.reason-missing"):
        when(filed(), command=replace(REFUSE, reason=" "))
    with refused("case.competent-organ-missing"):
        when(filed(), command=replace(REFUSE, competent_organ=" "))


def test_it_is_too_late_to_refuse_what_the_law_accepted():
    with refused("case.deemed-accepted-by-law"):
        when(filed(), command=replace(REFUSE, at=day(3, 10)))
    with refused("case.not-awaiting-acceptance"):
        when(filed(), ACCEPTED, command=REFUSE)
    with refused("case.unknown"):
        when(command=REFUSE)


# ── Silence ─────────────────────────────────────────────────────────────────


def test_silence_for_five_working_days_is_acceptance_from_the_day_of_receipt():
    assert when(filed(), command=DEEM) == [deemed("papers", "site")]
    case = after(filed(), deemed("papers", "site"))
    assert (case.deemed, case.accepted_date) == (True, date(2026, 3, 2))
    assert case.tasks[0] == Task(INTAKE, "market", MONDAY, DEEM.at, "", "", "deemed")


def test_silence_is_not_acceptance_before_the_days_are_over():
    with refused("case.intake-not-over"):
        when(filed(), command=replace(DEEM, at=day(3, 9, 23)))


def test_silence_changes_nothing_once_somebody_spoke():
    for history in ([filed(), ACCEPTED], [filed(), NOT_ACCEPTED], [filed(), deemed()]):
        with refused("case.not-awaiting-acceptance"):
            when(*history, command=DEEM)
    with refused("case.unknown"):
        when(command=DEEM)
