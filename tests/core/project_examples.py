"""A project that tests start from: a listing of one lot, and all it takes to its notice."""

from dataclasses import replace
from datetime import datetime, timedelta

from mingtang.core.trading import projects
from mingtang.core.trading.announcing import ProcedureInUse
from mingtang.core.trading.codes import TradeCode
from mingtang.core.trading.lots.terms import LotContent, LotFact, Timetable
from mingtang.core.trading.parameters import Procedure
from mingtang.core.worktime import WorkCalendar
from tests.core.test_trading_kinds import LAND
from tests.core.trading_examples import LISTING, MONDAY, WAYS, sourced

CALENDAR = WorkCalendar(())
OFFICER, COLLEAGUE, MANAGER = "P-officer", "P-colleague", "P-manager"
USCC = "12350100M000100Y43"
CODE = TradeCode("B01", USCC, MONDAY.date(), 1)
PROCEDURES = {
    procedure.code: ProcedureInUse(3, procedure) for procedure in (sourced(**way) for way in WAYS)
}


def day(number: int, hour: int = 9) -> datetime:
    """That many days after MONDAY."""
    return MONDAY.replace(hour=hour) + timedelta(days=number)


# Notice on Monday the 16th of March; 20 days later the listing opens, for 10 days.
TIMES = Timetable(
    sign_up_from=day(1),
    sign_up_until=day(29, 17),
    deposit_until=day(29, 16),
    opens=day(21),
    closes=day(31, 10),
)
PLOT = LotContent(
    no=1,
    title="演示地块一号",
    facts=(LotFact(name="出让面积", value="23,456 平方米"),),
    procedure="listing",
    procedure_version=0,
    times=TIMES,
    start_fen=1_000_000_000,
    step_fen=10_000_000,
    deposit_fen=200_000_000,
)
CONTENT = projects.ProjectContent(
    kind="B01",
    title="演示地块出让",
    seller="演示自然资源局",
    seller_code="11990000MB0000019F",
    region="演示市",
    summary="竞买人须缴纳保证金。",
    contact="演示交易中心 0990-0110000",
    lots=(PLOT,),
)
ENTER = projects.EnterProject(
    content=CONTENT, centre="centre", kind=LAND, code=CODE, enters=True, by=OFFICER, at=MONDAY
)
AMEND = projects.AmendProject(
    content=replace(CONTENT, title="演示地块出让（二）"), enters=True, by=OFFICER, at=MONDAY
)
SUBMIT = projects.SubmitProject(
    procedures=PROCEDURES, earlier={}, calendar=CALENDAR, enters=True, by=OFFICER, at=MONDAY
)
RETURN = projects.ReturnProject(reason="面积不对", reviews=True, by=MANAGER, at=MONDAY)
APPROVE = projects.ApproveProject(reviews=True, by=MANAGER, at=MONDAY)
PUBLISH = projects.PublishNotice(
    number="演示交易公告〔2026〕1号",
    number_taken=False,
    procedures=PROCEDURES,
    earlier={},
    calendar=CALENDAR,
    reviews=True,
    by=MANAGER,
    at=MONDAY,
)
FIXED = replace(PLOT, procedure_version=3)
LATER = replace(
    FIXED,
    times=replace(TIMES, opens=day(28), closes=day(38), sign_up_until=day(36)),
)
CHANGE = projects.ChangeNotice(
    lots=(LATER,),
    reason="勘测定界图有误",
    procedures=PROCEDURES,
    earlier={},
    calendar=CALENDAR,
    reviews=True,
    by=MANAGER,
    at=day(3),
)
SUSPEND = projects.SuspendProject(reason="收到异议", reviews=True, by=MANAGER, at=day(4))
RESUME = projects.ResumeProject(
    resumes=day(10),
    reason="异议已经答复",
    least_days=5,
    reviews=True,
    by=MANAGER,
    at=day(5),
)
END = projects.EndProject(reason="出让方撤回委托", reviews=True, by=MANAGER, at=day(6))
RESULT = projects.PublishResult(
    lot=1, outcome=projects.LotOutcome.SOLD, by="system", at=day(31, 11)
)
TO_NOTICE = (ENTER, SUBMIT, APPROVE, PUBLISH)


def lot(way: dict[str, object], **changed: object) -> tuple[LotContent, dict[str, ProcedureInUse]]:
    """Return a lot that keeps to a way of bidding, altered, and the procedure."""
    procedure: Procedure = sourced(**way)
    values: dict[str, object] = {"procedure": procedure.code}
    if procedure.deposit is None:
        values["deposit_fen"] = 0
    if procedure.step is None:
        values["step_fen"] = 0
    values["times"] = replace(TIMES, sign_up_until=day(20, 17), deposit_until=day(20, 16))
    if way == LISTING:
        values["times"] = TIMES
    if procedure.allocation:
        values |= {"quantity": 100, "unit": "吨"}
    return replace(PLOT, **{**values, **changed}), {procedure.code: ProcedureInUse(1, procedure)}
