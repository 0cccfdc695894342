"""A trading project (交易项目): entered, reviewed, announced, and what becomes of its notice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mingtang.core.trading import projects
from mingtang.core.trading.kinds import TradeCategory
from mingtang.core.trading.lots.terms import LotFact
from mingtang.core.trading.projects import Status
from mingtang.core.wire import ERASED, Wire
from tests.core.project_examples import (
    AMEND,
    APPROVE,
    CHANGE,
    CODE,
    COLLEAGUE,
    CONTENT,
    END,
    ENTER,
    FIXED,
    LATER,
    MANAGER,
    OFFICER,
    PLOT,
    PUBLISH,
    RESULT,
    RESUME,
    RETURN,
    SUBMIT,
    SUSPEND,
    TIMES,
    TO_NOTICE,
    day,
)
from tests.core.test_trading_kinds import CARS
from tests.core.trading_examples import MONDAY
from tests.words import refused

PUBLISHED = replace(CONTENT, lots=(FIXED,))


def after(*commands: projects.Command) -> projects.State:
    """Given these commands were carried out."""
    state = projects.State()
    for command in commands:
        for event in projects.decide(state, command):
            state = projects.evolve(state, event)
    return state


def then(state: projects.State, command: projects.Command) -> projects.Event:
    [event] = projects.decide(state, command)
    return event


# ── Written and reviewed ────────────────────────────────────────────────────


def test_a_project_is_entered_and_has_its_trade_code_and_what_it_says_stays_sealed():
    assert then(after(), ENTER) == projects.ProjectEntered(
        centre="centre",
        trade_code=str(CODE),
        trade_kind="B01",
        category=TradeCategory.LAND,
        business="03",
        text=projects.written_as(CONTENT),
        by=OFFICER,
        at=MONDAY,
    )
    assert after(ENTER) == projects.State(
        status=Status.ENTERED, content=CONTENT, authors=frozenset({OFFICER})
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"enters": False}, "trade.not-an-officer"),
        ({"kind": None}, "trade.kind-not-traded"),
        ({"kind": CARS}, "trade.kind-not-traded"),
        ({"code": None}, "trade.centre-without-code"),
        ({"content": replace(CONTENT, title=" ")}, "trade.title-missing"),
        ({"content": replace(CONTENT, title="长" * 201)}, "trade.too-long"),
        ({"content": replace(CONTENT, lots=(PLOT,) * 31)}, "trade.too-many-lots"),
    ],
)
def test_a_project_is_not_entered(changed, code):
    with refused(code):
        then(after(), replace(ENTER, **changed))


def test_a_project_is_entered_once():
    with refused("trade.entered-already"):
        then(after(ENTER), ENTER)


def test_a_project_the_log_could_not_hold_is_not_kept():
    facts = tuple(LotFact(name="说明", value="长" * 1_000) for _ in range(20))
    with refused("trade.too-much"):
        then(after(), replace(ENTER, content=replace(CONTENT, lots=(replace(PLOT, facts=facts),))))


def test_what_is_entered_may_be_unfinished():
    assert after(replace(ENTER, content=replace(CONTENT, lots=(), seller=""))).content.lots == ()


def test_a_project_is_amended_until_it_is_submitted_and_again_once_it_is_returned():
    assert then(after(ENTER), AMEND) == projects.ProjectAmended(
        text=projects.written_as(AMEND.content), by=OFFICER, at=MONDAY
    )
    assert after(ENTER, AMEND).content == AMEND.content
    assert after(ENTER, SUBMIT, RETURN, AMEND).content == AMEND.content


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([ENTER], {"enters": False}, "trade.not-an-officer"),
        ([ENTER], {"content": CONTENT}, "trade.unchanged"),
        ([ENTER], {"content": replace(CONTENT, kind="E11")}, "trade.kind-fixed"),
        ([], {}, "trade.wrong-status"),
        ([ENTER, SUBMIT], {}, "trade.wrong-status"),
        (TO_NOTICE, {}, "trade.wrong-status"),
    ],
)
def test_a_project_is_not_amended(before, changed, code):
    with refused(code):
        then(after(*before), replace(AMEND, **changed))


def test_a_project_is_submitted():
    assert then(after(ENTER), SUBMIT) == projects.ProjectSubmitted(by=OFFICER, at=MONDAY)
    assert after(ENTER, SUBMIT, RETURN, SUBMIT).status is Status.SUBMITTED


@pytest.mark.parametrize(
    ("content", "changed", "code"),
    [
        (CONTENT, {"enters": False}, "trade.not-an-officer"),
        (replace(CONTENT, seller=" "), {}, "trade.seller-missing"),
        (replace(CONTENT, lots=()), {}, "trade.no-lots"),
        (replace(CONTENT, lots=(replace(PLOT, no=2),)), {}, "trade.lots-misnumbered"),
        (replace(CONTENT, lots=(replace(PLOT, start_fen=0),)), {}, "trade.lot-start-missing"),
        (CONTENT, {"procedures": {}}, "trade.lot-procedure-not-in-use"),
        (CONTENT, {"at": day(2)}, "trade.lot-notice-too-short"),
    ],
)
def test_a_project_that_is_not_complete_is_not_submitted(content, changed, code):
    with refused(code):
        then(after(replace(ENTER, content=content)), replace(SUBMIT, **changed))


def test_a_submitted_project_is_returned_with_a_reason_that_is_not_public():
    assert then(after(ENTER, SUBMIT), RETURN) == projects.ProjectReturned(
        reason="面积不对", by=MANAGER, at=MONDAY
    )
    assert after(ENTER, SUBMIT, APPROVE, RETURN).status is Status.RETURNED
    assert Wire(projects.EVENTS).sealed_fields("trade.returned.v1") == ["reason"]


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([ENTER, SUBMIT], {"reviews": False}, "trade.not-a-reviewer"),
        ([ENTER, SUBMIT], {"reason": " "}, "trade.reason-missing"),
        ([ENTER, SUBMIT], {"reason": "长" * 501}, "trade.reason-too-long"),
        ([ENTER, SUBMIT], {"by": OFFICER}, "trade.own-project"),
        ([ENTER], {}, "trade.wrong-status"),
        (TO_NOTICE, {}, "trade.wrong-status"),
    ],
)
def test_a_project_is_not_returned(before, changed, code):
    with refused(code):
        then(after(*before), replace(RETURN, **changed))


def test_a_submitted_project_is_approved_by_somebody_else():
    assert then(after(ENTER, SUBMIT), APPROVE) == projects.ProjectApproved(by=MANAGER, at=MONDAY)


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([ENTER, SUBMIT], {"reviews": False}, "trade.not-a-reviewer"),
        ([ENTER, SUBMIT], {"by": OFFICER}, "trade.own-project"),
        ([ENTER], {}, "trade.wrong-status"),
        ([ENTER, SUBMIT, APPROVE], {}, "trade.wrong-status"),
    ],
)
def test_a_project_is_not_approved(before, changed, code):
    with refused(code):
        then(after(*before), replace(APPROVE, **changed))


@pytest.mark.parametrize("review", [RETURN, APPROVE], ids=["return", "approve"])
def test_whoever_wrote_any_of_it_does_not_review_it(review):
    """Not only who entered it: also who amended it, and who submitted it."""
    amended = after(ENTER, replace(AMEND, by=COLLEAGUE), SUBMIT)
    submitted = after(ENTER, replace(SUBMIT, by=COLLEAGUE))
    for state in (amended, submitted):
        for author in (OFFICER, COLLEAGUE):
            with refused("trade.own-project"):
                then(state, replace(review, by=author))


# ── The notice ──────────────────────────────────────────────────────────────


def test_a_notice_is_public_and_each_lot_keeps_the_version_of_its_procedure():
    assert then(after(ENTER, SUBMIT, APPROVE), PUBLISH) == projects.NoticePublished(
        number="演示交易公告〔2026〕1号", content=PUBLISHED, by=MANAGER, at=MONDAY
    )
    assert after(*TO_NOTICE) == projects.State(
        status=Status.PUBLISHED,
        content=PUBLISHED,
        authors=frozenset({OFFICER}),
        noticed=MONDAY,
        notices=1,
    )
    assert Wire(projects.EVENTS).sealed_fields("trade.notice-published.v1") == []


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        (TO_NOTICE[:3], {"reviews": False}, "trade.not-a-reviewer"),
        (TO_NOTICE[:3], {"by": OFFICER}, "trade.own-project"),
        (TO_NOTICE[:3], {"number": " "}, "trade.number-missing"),
        (TO_NOTICE[:3], {"number": "长" * 61}, "trade.number-missing"),
        (TO_NOTICE[:3], {"number_taken": True}, "trade.number-taken"),
        (TO_NOTICE[:3], {"procedures": {}}, "trade.lot-procedure-not-in-use"),
        (TO_NOTICE[:3], {"at": day(2)}, "trade.lot-notice-too-short"),
        (TO_NOTICE[:2], {}, "trade.wrong-status"),
        (TO_NOTICE, {}, "trade.wrong-status"),
    ],
)
def test_a_notice_is_not_published(before, changed, code):
    with refused(code):
        then(after(*before), replace(PUBLISH, **changed))


def test_a_project_whose_sealed_text_was_erased_goes_nowhere():
    entered = replace(then(after(), ENTER), text=ERASED)
    state = projects.evolve(after(), entered)
    with refused("trade.content-erased"):
        then(state, SUBMIT)
    assert then(state, AMEND).text == projects.written_as(AMEND.content)


def test_a_change_notice_says_the_changed_lots_whole():
    state = after(*TO_NOTICE)
    assert then(state, CHANGE) == projects.NoticeChanged(
        no=2, lots=(LATER,), reason="勘测定界图有误", by=MANAGER, at=day(3)
    )
    assert after(*TO_NOTICE, CHANGE).content.lots == (LATER,)


def changed_to(**values):
    return {"lots": (replace(FIXED, **values),)}


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        (TO_NOTICE, {"reviews": False}, "trade.not-a-reviewer"),
        (TO_NOTICE, {"reason": ""}, "trade.reason-missing"),
        (TO_NOTICE, {"lots": ()}, "trade.unchanged"),
        (TO_NOTICE, {"lots": (FIXED,)}, "trade.unchanged"),
        (TO_NOTICE, {"lots": (LATER, LATER)}, "trade.lots-misnumbered"),
        (TO_NOTICE, changed_to(no=2), "trade.lot-unknown"),
        (TO_NOTICE, changed_to(start_fen=1), "trade.lot-terms-fixed"),
        (TO_NOTICE, changed_to(deposit_fen=1), "trade.lot-terms-fixed"),
        (TO_NOTICE, changed_to(procedure_version=4), "trade.lot-terms-fixed"),
        (
            TO_NOTICE,
            changed_to(times=replace(TIMES, opens=TIMES.opens - timedelta(hours=1))),
            "trade.lot-time-earlier",
        ),
        (TO_NOTICE, {"at": TIMES.opens}, "trade.lot-bidding-open"),
        (TO_NOTICE, changed_to(times=replace(TIMES, opens=day(30))), "trade.lot-open-too-short"),
        (TO_NOTICE[:3], {}, "trade.wrong-status"),
        ([*TO_NOTICE, SUSPEND], {}, "trade.wrong-status"),
    ],
)
def test_a_notice_is_not_changed(before, changed, code):
    with refused(code):
        then(after(*before), replace(CHANGE, **changed))


def test_a_project_is_suspended_and_resumed_some_days_after_the_notice():
    assert then(after(*TO_NOTICE, CHANGE), SUSPEND) == projects.ProjectSuspended(
        no=3, reason="收到异议", by=MANAGER, at=day(4)
    )
    suspended = after(*TO_NOTICE, SUSPEND)
    assert suspended.status is Status.SUSPENDED
    assert then(suspended, RESUME) == projects.ProjectResumed(
        no=3, resumes=day(10), reason="异议已经答复", by=MANAGER, at=day(5)
    )
    assert after(*TO_NOTICE, SUSPEND, RESUME).status is Status.PUBLISHED


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        (TO_NOTICE, {"reviews": False}, "trade.not-a-reviewer"),
        (TO_NOTICE, {"reason": ""}, "trade.reason-missing"),
        (TO_NOTICE[:3], {}, "trade.wrong-status"),
        ([*TO_NOTICE, SUSPEND], {}, "trade.wrong-status"),
        ([*TO_NOTICE, END], {}, "trade.wrong-status"),
    ],
)
def test_a_project_is_not_suspended(before, changed, code):
    with refused(code):
        then(after(*before), replace(SUSPEND, **changed))


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([*TO_NOTICE, SUSPEND], {"reviews": False}, "trade.not-a-reviewer"),
        ([*TO_NOTICE, SUSPEND], {"reason": ""}, "trade.reason-missing"),
        ([*TO_NOTICE, SUSPEND], {"resumes": day(9, 23)}, "trade.resumes-too-soon"),
        (TO_NOTICE, {}, "trade.wrong-status"),
    ],
)
def test_a_project_is_not_resumed(before, changed, code):
    with refused(code):
        then(after(*before), replace(RESUME, **changed, at=day(5, 23)))


def test_a_project_is_ended_by_a_notice_and_before_any_it_is_dropped():
    assert then(after(*TO_NOTICE, SUSPEND), END) == projects.ProjectEnded(
        no=3, reason="出让方撤回委托", by=MANAGER, at=day(6)
    )
    assert then(after(ENTER), END).no == 0
    assert after(ENTER, END) == replace(after(ENTER), status=Status.ENDED)


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        (TO_NOTICE, {"reviews": False}, "trade.not-a-reviewer"),
        (TO_NOTICE, {"reason": ""}, "trade.reason-missing"),
        ([], {}, "trade.wrong-status"),
        ([*TO_NOTICE, END], {}, "trade.wrong-status"),
        ([*TO_NOTICE, RESULT], {}, "trade.wrong-status"),
    ],
)
def test_a_project_is_not_ended(before, changed, code):
    with refused(code):
        then(after(*before), replace(END, **changed))


TWO_LOTS = replace(CONTENT, lots=(PLOT, replace(PLOT, no=2, title="演示地块二号")))
TWO = (replace(ENTER, content=TWO_LOTS), *TO_NOTICE[1:])


def test_results_are_told_lot_by_lot_and_the_last_one_completes_the_project():
    assert then(after(*TO_NOTICE), RESULT) == projects.ResultPublished(
        no=2, lot=1, outcome=projects.LotOutcome.SOLD, by="system", at=day(31, 11)
    )
    assert after(*TO_NOTICE, RESULT).status is Status.COMPLETED
    assert after(*TWO, RESULT).status is Status.PUBLISHED
    failed = replace(RESULT, lot=2, outcome=projects.LotOutcome.FAILED)
    assert after(*TWO, RESULT, failed).outcomes == ((1, "sold"), (2, "failed"))
    assert after(*TWO, RESULT, failed).status is Status.COMPLETED


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        (TWO, {"lot": 3}, "trade.lot-unknown"),
        ((*TWO, RESULT), {}, "trade.lot-has-result"),
        (TWO[:3], {}, "trade.wrong-status"),
    ],
)
def test_a_result_is_not_told(before, changed, code):
    with refused(code):
        then(after(*before), replace(RESULT, **changed))


def test_every_event_survives_the_wire():
    wire = Wire(projects.EVENTS)
    state, seen = projects.State(), []
    steps = (ENTER, AMEND, SUBMIT, RETURN, SUBMIT, APPROVE, PUBLISH, CHANGE, SUSPEND, RESUME)
    for command in (*steps, RESULT):
        [event] = projects.decide(state, command)
        body, opened = wire.encode(event, ["a" * 22])
        values = {one.name: one.value for one in opened}
        assert wire.decode(body, values) == event
        seen.append(type(event))
        state = projects.evolve(state, event)
    assert {*seen, projects.ProjectEnded} == set(projects.EVENTS)
