"""Projects in the database: what is done to them, who may do it, what the tables say."""

import re
from dataclasses import replace

import pytest

from mingtang.core.trading.projects import LotOutcome
from mingtang.ledger import reactions
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.replay import rebuild
from mingtang.people import actions as staffing
from mingtang.people import queries as people
from mingtang.trading import access, queries
from mingtang.trading.actions import bids
from mingtang.trading.actions import projects as actions
from mingtang.trading.models import NoticeRow, TradeRow
from mingtang.trading.projection import TRADE, TRADE_KINDS, TRADE_PROCEDURE
from mingtang.trading.reactions import REACTIONS
from tests.core.project_examples import CONTENT, FIXED, LATER, PLOT, TIMES, day
from tests.core.trading_examples import MONDAY
from tests.rooms import trading_town
from tests.rooms.trading_town import NUMBER, approved, entered, published, submitted
from tests.words import refused

pytestmark = pytest.mark.django_db
OTHER = replace(CONTENT, title="演示地块出让（二）")


@pytest.fixture
def floor():
    return trading_town.build()


def row(key):
    return TradeRow.objects.get(pk=key)


def test_a_project_is_entered_under_the_next_trade_code_of_the_day(floor):
    first, second = entered(floor), entered(floor)
    tomorrow = entered(floor, at=day(1))
    assert re.fullmatch(r"JY-[0-9A-Z]{4}-[0-9A-Z]{4}", first)
    codes = [row(key).trade_code[:-1] for key in (first, second, tomorrow)]
    assert codes == [
        "B01-12350100M000100Y43-20260316-000001-",
        "B01-12350100M000100Y43-20260316-000002-",
        "B01-12350100M000100Y43-20260317-000001-",
    ]
    found = row(first)
    assert (found.centre, found.category, found.business) == ("centre", "land", "03")
    assert (found.status, found.title, found.lots) == ("entered", "演示地块出让", 1)
    assert (found.sign_up_from, found.closes) == (TIMES.sign_up_from, TIMES.closes)
    assert queries.project_content(found) == CONTENT


def test_what_is_entered_is_nowhere_in_the_public_log_before_the_notice(floor):
    approved(floor)
    faces = "".join(
        bytes(entry.body).decode()
        for entry in LedgerEntry.objects.filter(kind__startswith="trade.")
    )
    assert "演示地块" not in faces


def test_a_centre_without_a_credit_code_enters_no_project(floor):
    with refused("trade.centre-without-code"):
        actions.enter_project(content=CONTENT, by=floor.elsewhere, at=MONDAY)
    with refused("trade.not-an-officer"):
        actions.enter_project(content=CONTENT, by=floor.manager, at=MONDAY)
    with refused("trade.kind-not-traded"):
        actions.enter_project(content=replace(CONTENT, kind="Z99"), by=floor.officer, at=MONDAY)
    assert not TradeRow.objects.exists()


def test_the_same_form_sent_twice_enters_one_project(floor):
    first, second = (
        actions.enter_project(content=CONTENT, by=floor.officer, at=MONDAY, once="o" * 20)
        for _ in range(2)
    )
    assert (first.key, second.repeated) == (second.key, True)
    assert TradeRow.objects.count() == 1


def test_a_project_is_amended_by_the_officers_of_its_centre_only(floor):
    key = entered(floor)
    with refused("trade.not-an-officer"):
        actions.amend_project(key=key, content=OTHER, by=floor.elsewhere, at=MONDAY)
    actions.amend_project(key=key, content=OTHER, by=floor.officer, at=MONDAY)
    assert row(key).title == "演示地块出让（二）"


def test_a_project_is_submitted_returned_and_submitted_again(floor):
    key = submitted(floor)
    assert (row(key).status, row(key).submitted_at) == ("submitted", MONDAY)
    actions.return_project(key=key, reason="面积不对", by=floor.manager, at=MONDAY)
    assert (row(key).status, row(key).returned_reason) == ("returned", "面积不对")
    actions.submit_project(key=key, by=floor.officer, at=MONDAY)
    actions.approve_project(key=key, by=floor.manager, at=MONDAY)
    found = row(key)
    assert (found.status, found.returned_reason, found.reviewed_by) == (
        "approved",
        "",
        floor.manager,
    )


def test_what_breaks_a_rule_of_its_procedure_is_not_submitted(floor):
    key = entered(floor, lots=(replace(PLOT, deposit_fen=1),))
    with refused("trade.lot-deposit-outside"):
        actions.submit_project(key=key, by=floor.officer, at=MONDAY)


def test_an_officer_reviews_nothing_and_publishes_nothing(floor):
    key = submitted(floor)
    for act in (
        lambda: actions.return_project(key=key, reason="x", by=floor.officer, at=MONDAY),
        lambda: actions.approve_project(key=key, by=floor.officer, at=MONDAY),
        lambda: actions.publish_notice(key=key, number="1", by=floor.officer, at=MONDAY),
        lambda: actions.suspend_project(key=key, reason="x", by=floor.officer, at=MONDAY),
        lambda: actions.end_project(key=key, reason="x", by=floor.officer, at=MONDAY),
    ):
        with refused("trade.not-a-reviewer"):
            act()
    with refused("trade.not-a-reviewer"):
        actions.approve_project(key="JY-NONE-NONE", by=floor.manager, at=MONDAY)


def test_a_notice_names_the_version_of_the_procedure_in_use(floor):
    key = published(floor)
    found = row(key)
    assert (found.status, found.number, found.published_at) == ("published", NUMBER, MONDAY)
    [lot] = queries.project_content(found).lots
    assert lot == replace(FIXED, procedure_version=1)
    [notice] = queries.project_notices(key)
    assert (notice.id, notice.sort, notice.published_by) == (f"{key}.1", "offer", floor.manager)
    assert queries.project_content(notice).lots == (lot,)


def test_a_number_of_a_notice_is_used_once(floor):
    published(floor)
    with refused("trade.number-taken"):
        published(floor, number=f" {NUMBER}")


def test_changed_suspended_resumed_and_its_result_are_notices_of_their_own(floor):
    key, manager = published(floor), floor.manager
    later = replace(LATER, procedure_version=1)
    actions.change_notice(key=key, lots=[later], reason="定界图有误", by=manager, at=day(3))
    assert row(key).closes == LATER.times.closes
    actions.suspend_project(key=key, reason="收到异议", by=manager, at=day(4))
    assert (row(key).status, row(key).stopped_reason) == ("suspended", "收到异议")
    actions.resume_project(key=key, resumes=day(10), reason="已答复", by=manager, at=day(5))
    assert (row(key).status, row(key).resumes) == ("published", day(10))
    actions.publish_result(key=key, lot=1, outcome=LotOutcome.SOLD, by="system", at=day(39))
    assert row(key).status == "completed"
    told = [(one.no, one.sort, one.reason) for one in queries.project_notices(key)]
    assert told == [
        (1, "offer", ""),
        (2, "change", "定界图有误"),
        (3, "suspension", "收到异议"),
        (4, "resumption", "已答复"),
        (5, "result", ""),
    ]
    assert [(one.lot, one.outcome) for one in queries.project_notices(key)][-1] == (1, "sold")


def test_a_project_is_ended_by_notice_or_dropped_without_one(floor):
    key, dropped = published(floor), entered(floor)
    for one in (key, dropped):
        actions.end_project(key=one, reason="撤回委托", by=floor.manager, at=day(2))
    assert (row(key).status, row(dropped).status) == ("ended", "ended")
    assert [one.sort for one in queries.project_notices(key)] == ["offer", "end"]
    assert queries.project_notices(dropped) == []


def test_lots_follow_the_notices_and_their_results_come_back(floor):
    """Nobody bids for the first lot; the second one is stopped with its project."""
    key, other = published(floor), published(floor, number="演示交易公告〔2026〕2号")
    react()
    assert [lot.key for lot in queries.lots_of(key)] == [f"{key}-1"]
    actions.end_project(key=other, reason="撤回委托", by=floor.manager, at=day(2))
    react()
    bids.close_due(at=day(32))
    react()
    react()  # shown again, nothing is told twice
    [_offer, result] = queries.project_notices(key)
    assert (result.sort, result.lot, result.outcome) == ("result", 1, "failed")
    assert row(key).status == "completed"
    assert [one.sort for one in queries.project_notices(other)] == ["offer", "end"]


def react():
    for reaction in REACTIONS:
        reactions.run(reaction)


def test_who_works_on_which_project(floor):
    found = row(entered(floor))
    officer, elsewhere, manager = map(people.actor, (floor.officer, floor.elsewhere, floor.manager))
    assert [access.enters(one, found) for one in (officer, elsewhere, manager)] == [
        True,
        False,
        False,
    ]
    assert [access.reviews(one, found) for one in (officer, elsewhere, manager)] == [
        False,
        False,
        True,
    ]
    assert access.centres_worked_at(elsewhere) == {"other"}
    assert access.centre_of(manager) == ""


def test_projects_are_found_by_words_category_and_where_they_stand(floor):
    key = published(floor)
    entered(floor)
    wanted = queries.WantedProjects

    def found(at=TIMES.sign_up_from, **asked):
        return [one.key for one in queries.announced(wanted(**asked), at=at)]

    assert found() == [key]
    assert found(text="地块 自然资源") == [key]
    assert found(text=row(key).trade_code) == [key]
    assert found(text="没有的词") == []
    assert (found(category="land"), found(category="works")) == ([key], [])
    assert (found(when="sign-up"), found(when="coming")) == ([key], [])
    assert found(MONDAY, when="coming") == [key]
    assert found(day(22), when="bidding") == [key]
    assert found(day(22), when="sign-up") == [key]
    assert found(day(32), when="over") == [key]
    assert [queries.whens(row(key), at=at) for at in (MONDAY, day(22), day(32))] == [
        ("coming",),
        ("sign-up", "bidding"),
        ("over",),
    ]
    counts = queries.announced_counts(wanted(), at=day(2))
    assert (counts["category"], counts["when"]["sign-up"]) == ({"land": 1}, 1)
    actions.suspend_project(key=key, reason="异议", by=floor.manager, at=day(3))
    assert (found(when="suspended"), queries.whens(row(key), at=day(3))) == ([key], ("suspended",))


def test_the_tables_are_what_a_replay_makes_of_the_log(floor):
    key = published(floor)
    actions.suspend_project(key=key, reason="异议", by=floor.manager, at=day(3))
    submitted(floor)
    tables = (TradeRow, NoticeRow)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    assert [len(rows) for rows in before] == [2, 2]
    rebuild([TRADE, TRADE_KINDS, TRADE_PROCEDURE, *staffing.SUBJECTS])
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
