"""What a notice may say of a lot (公告内容校验), by the rules of its procedure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.config.demo import reading
from mingtang.core.trading.announcing import (
    Earlier,
    ProcedureInUse,
    deposit_bounds,
    require_announceable,
    shortcomings,
)
from mingtang.core.trading.lots.terms import LotFact
from mingtang.core.trading.parameters import (
    AfterCeiling,
    Again,
    Base,
    BidStep,
    Ceiling,
    Deposit,
    DepositDue,
    Period,
    Reserve,
    Secrecy,
    StepRow,
    Unit,
)
from mingtang.core.trading.timetables import period_end, suggested_times
from mingtang.core.worktime import CalendarYear, WorkCalendar
from tests.core.project_examples import CALENDAR, PLOT, TIMES, day, lot
from tests.core.trading_examples import AUCTION, DUTCH, LISTING, MONDAY, MULTI_UNIT, SEALED, WAYS
from tests.words import refused

PUBLIC = Reserve(secrecy=Secrecy.PUBLIC)
IS_START = Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=1_000, least_of_appraisal_permille=700)
CEILED = {**LISTING, "ceiling": Ceiling(then=AfterCeiling.LOT, least_bidders=2)}
TABLED = {**LISTING, "step": BidStep(table=(StepRow(from_fen=0, step_fen=100),))}


def codes(way, earlier=None, **changed):
    found, procedures = lot(way, **changed)
    refusals = shortcomings(
        found, procedures, noticed=MONDAY, calendar=CALENDAR, earlier=earlier or {}
    )
    return [refusal.code.removeprefix("trade.lot-") for refusal in refusals]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["code"])
def test_a_lot_that_keeps_to_its_procedure_can_be_announced(way):
    assert codes(way) == []


@pytest.mark.parametrize(
    ("way", "changed", "code"),
    [
        (LISTING, {"title": " "}, "title-missing"),
        (LISTING, {"title": "长" * 201}, "too-long"),
        (LISTING, {"again_of": "JY-0"}, "again-unknown"),
        (LISTING, {"facts": (LotFact(name="容积率", value=""),)}, "fact-empty"),
        (LISTING, {"facts": (LotFact(name="长" * 41, value="1"),)}, "too-long"),
        (LISTING, {"facts": (LotFact(name="a", value="b"),) * 41}, "too-many-facts"),
        (LISTING, {"quantity": 2, "deposit_fen": 400_000_000}, "quantity-wrong"),
        (MULTI_UNIT, {"quantity": 0}, "quantity-wrong"),
        (MULTI_UNIT, {"unit": ""}, "unit-missing"),
        (LISTING, {"start_fen": 0, "deposit_fen": 0}, "start-missing"),
        (SEALED, {"start_fen": -1}, "start-missing"),
        (LISTING, {"appraisal_fen": -1}, "price-wrong"),
        (LISTING, {"appraisal_fen": 10**15 + 1}, "price-wrong"),
        (LISTING, {"step_fen": 0}, "step-missing"),
        (LISTING, {"step_fen": 99_999}, "step-too-small"),
        ({**LISTING, "step": BidStep(most_fen=500)}, {}, "step-too-large"),
        (TABLED, {}, "step-unfit"),
        (SEALED, {"step_fen": 1}, "step-unfit"),
        (LISTING, {"ceiling_fen": 2_000_000_000}, "ceiling-unfit"),
        (CEILED, {"ceiling_fen": 1_000_000_000}, "ceiling-below-start"),
        (CEILED, {"ceiling_fen": 1_015_000_000}, "ceiling-off-step"),
        (LISTING, {"reserve_fen": 1_000_000_000}, "reserve-unfit"),
        (AUCTION, {"reserve_fen": 1_000_000_000}, "reserve-unfit"),
        ({**AUCTION, "reserve": PUBLIC}, {"reserve_fen": 999_999_999}, "reserve-out-of-reach"),
        ({**DUTCH, "reserve": PUBLIC}, {"reserve_fen": 1_000_000_001}, "reserve-out-of-reach"),
        (
            {**CEILED, "reserve": PUBLIC},
            {"ceiling_fen": 1_010_000_000, "reserve_fen": 1_020_000_000},
            "reserve-out-of-reach",
        ),
        (LISTING, {"deposit_fen": 199_999_999}, "deposit-outside"),
        (LISTING, {"deposit_fen": 1_000_000_001}, "deposit-outside"),
        (AUCTION, {"deposit_fen": 1}, "deposit-unfit"),
        (LISTING, {"priority": "共有人"}, "priority-unfit"),
        (LISTING, {"times": replace(TIMES, sign_up_until=TIMES.sign_up_from)}, "times-disordered"),
        (LISTING, {"times": replace(TIMES, sign_up_until=day(31, 11))}, "times-disordered"),
        (DUTCH, {"times": replace(TIMES, sign_up_until=day(21, 10))}, "times-disordered"),
        (LISTING, {"times": replace(TIMES, deposit_until=TIMES.sign_up_from)}, "times-disordered"),
        (LISTING, {"times": replace(TIMES, deposit_until=day(29, 18))}, "deposit-late"),
        (LISTING, {"times": replace(TIMES, opens=day(19))}, "notice-too-short"),
        (LISTING, {"times": replace(TIMES, closes=day(30))}, "open-too-short"),
    ],
)
def test_a_lot_that_breaks_a_rule_cannot(way, changed, code):
    assert codes(way, **changed) == [code]


def test_all_that_is_missing_is_said_at_once_and_the_first_is_what_refuses():
    wrong = replace(PLOT, title="", step_fen=0, deposit_fen=0)
    _, procedures = lot(LISTING)
    found = shortcomings(wrong, procedures, noticed=MONDAY, calendar=CALENDAR, earlier={})
    assert [(one.code, one.facts) for one in found] == [
        ("trade.lot-title-missing", {"lot": 1}),
        ("trade.lot-step-missing", {"lot": 1}),
        ("trade.lot-deposit-outside", {"lot": 1, "least_fen": 200_000_000, "most_fen": 10**9}),
    ]
    with refused("trade.lot-title-missing"):
        require_announceable(
            [PLOT, wrong], procedures, noticed=MONDAY, calendar=CALENDAR, earlier={}
        )


# ── Offered anew ────────────────────────────────────────────────────────────

SECOND = {  # within thirty days, a week's notice, a fifth cheaper at most
    **AUCTION,
    "notice": Period(number=15, unit=Unit.CALENDAR_DAYS),
    "reserve": IS_START,
    "again": Again(
        within=Period(number=30, unit=Unit.CALENDAR_DAYS),
        notice=Period(number=7, unit=Unit.CALENDAR_DAYS),
        fall_permille=200,
    ),
}
FAILED = Earlier(start_fen=1_000, ended=day(-10), failed=True, free=True, offered=False)
SOON = replace(
    TIMES,
    sign_up_until=day(6, 17),
    deposit_until=day(6, 16),
    opens=day(7),
    closes=day(8),
)


def again(earlier=FAILED, **changed):
    said = {"again_of": "JY-0-1", "times": SOON, "start_fen": 800, "appraisal_fen": 2_000}
    return codes(SECOND, {"JY-0-1": earlier}, **said | changed)


def test_after_a_failed_sale_there_is_a_shorter_notice_and_a_lower_price():
    assert again() == []
    assert codes(SECOND, times=SOON, start_fen=800, appraisal_fen=2_000) == [
        "reserve-below-appraisal",
        "notice-too-short",
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"start_fen": 799}, "again-too-cheap"),
        ({"earlier": replace(FAILED, ended=day(-24))}, "again-late"),
        ({"earlier": replace(FAILED, free=False, failed=False, ended=None)}, "again-not-free"),
        ({"earlier": replace(FAILED, offered=True)}, "again-offered"),
    ],
)
def test_what_may_not_be_offered_anew(changed, code):
    assert code in again(**changed)


def test_on_the_thirtieth_day_it_is_soon_enough():
    assert again(replace(FAILED, ended=day(-23))) == []
    assert again(replace(FAILED, ended=None)) == []


def test_whose_winner_let_it_go_is_offered_anew_as_if_for_the_first_time():
    defaulted = replace(FAILED, failed=False, ended=day(-60))
    found = again(defaulted, times=TIMES, start_fen=1_400)
    assert found == []
    assert "notice-too-short" in again(defaulted, start_fen=1_400)


def test_where_the_procedure_says_nothing_of_it_nothing_is_bounded():
    earlier = {"JY-0-1": replace(FAILED, ended=day(-300))}
    assert codes(LISTING, earlier, again_of="JY-0-1") == []


def test_a_lot_needs_a_procedure_in_use():
    assert codes(LISTING, procedure="other") == ["procedure-not-in-use"]


def test_a_ceiling_is_a_price_that_whole_steps_reach():
    assert codes(CEILED, ceiling_fen=1_020_000_000) == []


def test_the_reserve_is_worth_its_share_of_the_appraisal():
    way = {**AUCTION, "reserve": IS_START}
    assert codes(way) == ["appraisal-missing"]
    assert codes(way, appraisal_fen=1_428_571_428) == []
    assert codes(way, appraisal_fen=1_428_571_429) == ["reserve-below-appraisal"]
    assert codes(way, appraisal_fen=1_000_000_000, reserve_fen=1_000_000_000) == []
    assert codes(way, appraisal_fen=1_000_000_000, reserve_fen=1_100_000_000) == [
        "reserve-not-as-said"
    ]


def test_a_sealed_reserve_is_compared_with_the_appraisal_when_it_is_entered():
    sealed = Reserve(secrecy=Secrecy.SEALED, least_of_appraisal_permille=700)
    assert codes({**LISTING, "reserve": sealed}, appraisal_fen=10**14) == []


def test_a_deposit_is_a_share_of_the_start_price_of_all_units_or_of_the_estimate():
    share = Deposit(
        least_permille=50, most_permille=200, base=Base.START_PRICE, due=DepositDue.BIDDING_START
    )
    found, procedures = lot({**MULTI_UNIT, "deposit": share}, start_fen=1_001, quantity=10)
    procedure = procedures["multi-unit"].content
    assert deposit_bounds(found, procedure) == (501, 2_002)
    estimated = replace(procedure, deposit=replace(share, base=Base.ESTIMATE))
    assert deposit_bounds(replace(found, appraisal_fen=500), estimated) == (25, 100)
    assert deposit_bounds(found, estimated) == (501, 2_002)
    assert deposit_bounds(found, replace(procedure, deposit=None)) == (0, 0)


def test_where_no_deposit_is_due_with_the_sign_up_it_is_due_before_bidding():
    due = replace(LISTING["deposit"], due=DepositDue.BIDDING_START)
    way = {**LISTING, "deposit": due}
    before = replace(TIMES, deposit_until=TIMES.opens)
    assert codes(way, times=before) == []
    late = replace(TIMES, deposit_until=TIMES.opens + timedelta(minutes=1))
    assert codes(way, times=late) == ["deposit-late"]


def test_a_notice_that_is_up_after_sign_up_ended_is_no_notice():
    found, procedures = lot({**LISTING, "notice": None})
    late = shortcomings(
        found, procedures, noticed=TIMES.sign_up_until, calendar=CALENDAR, earlier={}
    )
    assert [one.code for one in late] == ["trade.lot-time-past"]


def test_notice_and_free_period_are_civil_days_the_first_not_counted():
    late = replace(TIMES, opens=day(20, 0))
    assert codes(LISTING, times=late) == []
    found, procedures = lot(LISTING, times=replace(TIMES, opens=day(19, 23)))
    [short] = shortcomings(found, procedures, noticed=MONDAY, calendar=CALENDAR, earlier={})
    assert (short.code, short.facts["earliest"]) == (
        "trade.lot-notice-too-short",
        date(2026, 4, 5),
    )
    assert codes(LISTING, times=replace(TIMES, closes=day(31, 0))) == []


def test_hours_are_counted_to_the_minute():
    way = {**AUCTION, "notice": Period(number=2, unit=Unit.HOURS)}
    opens = MONDAY + timedelta(hours=2)
    times = replace(
        TIMES,
        sign_up_from=MONDAY,
        sign_up_until=MONDAY + timedelta(hours=1),
        deposit_until=MONDAY + timedelta(hours=1),
        opens=opens,
        closes=opens + timedelta(hours=24),
    )
    assert codes(way, times=times) == []
    soon = replace(times, opens=opens - timedelta(minutes=1))
    assert codes(way, times=soon) == ["notice-too-short"]
    short = replace(times, closes=times.closes - timedelta(minutes=1))
    assert codes(way, times=short) == ["open-too-short"]


def test_bids_are_possible_for_longer_than_they_are_not():
    way = {**LISTING, "free": Period(number=2, unit=Unit.HOURS), "blackout_seconds": 7_200}
    times = replace(TIMES, opens=day(30), closes=day(30, 11))
    assert codes(way, times=times) == ["only-silent"]


HOLIDAY = WorkCalendar(
    (
        CalendarYear(
            year=2026,
            official=True,
            off_days=(date(2026, 3, 18), date(2026, 4, 6)),
            makeup_days=(date(2026, 3, 21),),
            source="演示放假安排",
        ),
    )
)


def test_periods_of_working_days_follow_the_calendar():
    week = Period(number=5, unit=Unit.WORKING_DAYS)
    assert period_end(MONDAY, week, calendar=CALENDAR) == day(7)
    assert period_end(MONDAY, week, calendar=HOLIDAY) == day(7)
    assert period_end(MONDAY, replace(week, number=4), calendar=HOLIDAY) == day(5)
    assert period_end(MONDAY, replace(week, number=4), calendar=CALENDAR) == day(4)
    assert period_end(MONDAY, None, calendar=HOLIDAY) == MONDAY


# ── Suggested times ─────────────────────────────────────────────────────────


def suggested(procedure, calendar=HOLIDAY):
    midnight = MONDAY.replace(hour=0)
    return suggested_times(procedure, today=MONDAY.date(), midnight=midnight, calendar=calendar)


def test_the_times_suggested_for_a_listing_leave_two_days_for_the_review():
    _, procedures = lot(LISTING)
    times = suggested(procedures["listing"].content)
    assert times.sign_up_from == day(4)  # the 18th is a holiday: reviewed by the 19th
    assert times.opens == day(23)  # 20 days after the 19th
    assert times.closes == day(35, 10)  # ten days later is a Saturday
    assert times.sign_up_until == day(32, 17)
    assert times.deposit_until == day(32, 16)


@pytest.mark.parametrize("procedure", reading.procedures(), ids=lambda one: one.code)
@pytest.mark.parametrize("calendar", [CALENDAR, HOLIDAY], ids=["weekends", "holidays"])
def test_suggested_times_keep_the_rules_whether_reviewed_today_or_two_days_later(
    procedure, calendar
):
    _, procedures = lot(LISTING)
    plot = replace(PLOT, procedure=procedure.code, times=suggested(procedure, calendar), step_fen=0)
    procedures = {procedure.code: ProcedureInUse(1, procedure)}
    for noticed in (MONDAY, day(2, 9)):
        found = shortcomings(plot, procedures, noticed=noticed, calendar=calendar, earlier={})
        about = ("times", "notice", "open", "only", "time", "deposit-late")
        wrong = [one.code for one in found if one.code.removeprefix("trade.lot-").startswith(about)]
        assert wrong == []
