"""What colleagues do among themselves about tasks: the rows, and who finds what on which list."""

from datetime import date, timedelta

import pytest

from mingtang.cases import access, actions, queries
from mingtang.cases.actions import delegating, teamwork
from mingtang.cases.models import CopyRow, DelegationRow, StartedRow, TaskRow
from mingtang.catalogue import queries as catalogue
from mingtang.config.wiring import SUBJECTS
from mingtang.core.cases import DECISION, Agreement, Finding, Need, Stage, When
from mingtang.core.people import Role
from mingtang.ledger.replay import rebuild
from mingtang.ledger.verify import verify
from mingtang.people import queries as people
from tests.core.case_examples import MONDAY
from tests.rooms import case_town
from tests.rooms.case_town import officer, official, row
from tests.words import refused

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def town(log_home):
    found = case_town.build()
    return found


@pytest.fixture
def second(town):
    """Another reviewer of the same department."""
    return official(11, Role.REVIEWER, "market")


def reviewer(town):
    return officer(town.reviewer, "N-004", "market")


def other(second):
    return officer(second, "N-011", "market")


def chief(town):
    return officer(town.chief, "N-006", "market")


def manager(town):
    return officer(town.manager, "N-007", "market")


def bench(person, at=TUESDAY):
    today = at.date()
    return access.workbench(people.actor(person), today=today, calendar=catalogue.calendar())


def on_list(person, name, at=TUESDAY):
    """Return the lines of a list, after having seen that its count is theirs, page by page."""
    work = bench(person, at)[name]
    lines, page = [], work.page(2)
    while True:
        lines += page.lines
        if not page.after:
            break
        page = work.page(2, after=page.after)
    assert work.count() == len(lines)
    return [f"{line['line']}.{line['task_key']}".rstrip(".") for line in lines]


def finish(number, step, by, at=TUESDAY):
    return actions.complete_step(
        number=number, step=step, finding=Finding.MEETS, opinion="", officer=by, at=at
    )


def ask(number, town, *signers, when=When.BEFORE, need=Need.ALL):
    return teamwork.ask_signers(
        number=number,
        task="papers",
        signers=signers,
        when=when,
        need=need,
        note="请看消防一节",
        officer=reviewer(town),
        at=TUESDAY,
    )


def sign(number, signature, by, finding=Agreement.AGREES):
    return teamwork.sign(
        number=number,
        signature=signature,
        finding=finding,
        opinion="看过",
        officer=by,
        at=TUESDAY,
    )


def remind(number, *, person, by=None, task="", at=TUESDAY):
    return teamwork.remind(number=number, task=task, words="", person=person, officer=by, at=at)


@pytest.fixture
def copies_as_replayed():
    yield
    assert list(verify(SUBJECTS)) == []
    rebuild(SUBJECTS)
    assert list(verify(SUBJECTS)) == []


# ── Whose task it is ────────────────────────────────────────────────────────


def test_a_task_somebody_took_on_is_on_no_other_list(town, second, copies_as_replayed):
    number = case_town.accepted(town)
    assert on_list(second, "todo") == [f"{number}.papers"]
    teamwork.claim(number=number, task="papers", officer=reviewer(town), at=TUESDAY)
    assert on_list(town.reviewer, "todo") == [f"{number}.papers"]
    assert on_list(second, "todo") == []
    with refused("case.task-held"):
        teamwork.claim(number=number, task="papers", officer=other(second), at=TUESDAY)
    with refused("case.task-held"):
        finish(number, "papers", other(second))
    teamwork.give_back(number=number, task="papers", officer=reviewer(town), at=TUESDAY)
    assert on_list(second, "todo") == [f"{number}.papers"]


def test_a_task_is_passed_to_a_colleague_who_holds_the_power(town, second, copies_as_replayed):
    number = case_town.accepted(town)

    def pass_on(to, by=None):
        return teamwork.reassign(
            number=number,
            task="papers",
            to=to,
            reason="熟悉这类场所",
            officer=by or reviewer(town),
            at=TUESDAY,
        )

    for stranger in (town.inspector, town.manager, town.clerk, "nobody"):
        with refused("case.not-a-colleague"):
            pass_on(stranger)
    pass_on(second)
    assert on_list(town.reviewer, "todo") == []
    assert on_list(second, "todo") == [f"{number}.papers"]
    assert on_list(town.reviewer, "started") == [number]
    with refused("case.task-held"):
        pass_on(town.chief)
    pass_on(town.chief, manager(town))
    assert on_list(town.chief, "todo") == [f"{number}.papers"]
    assert StartedRow.objects.get(person=town.manager).what == "reassigned"


# ── Signing ─────────────────────────────────────────────────────────────────


def test_whoever_is_asked_to_sign_finds_it_on_their_list(town, second, copies_as_replayed):
    number = case_town.accepted(town)
    with refused("case.not-a-colleague"):
        ask(number, town, town.inspector)
    ask(number, town, second, town.chief)
    assert on_list(second, "todo") == [f"{number}._1", f"{number}.papers"]
    with refused("case.signers-awaited"):
        finish(number, "papers", reviewer(town))
    sign(number, 1, other(second))
    assert on_list(second, "todo") == [f"{number}.papers"]
    assert on_list(second, "done") == [f"{number}._1"]
    teamwork.drop_signer(
        number=number, signature=2, reason="出差", officer=reviewer(town), at=TUESDAY
    )
    assert on_list(town.chief, "todo") == [f"{number}.papers"]
    finish(number, "papers", reviewer(town))
    assert on_list(town.reviewer, "done") == [f"{number}.papers"]


def test_after_a_finding_the_last_signature_finishes_the_step(town, second, copies_as_replayed):
    number = case_town.accepted(town)
    ask(number, town, second, when=When.AFTER)
    assert on_list(second, "todo") == [f"{number}.papers"]
    finish(number, "papers", reviewer(town))
    assert on_list(second, "todo") == [f"{number}._1"]
    assert on_list(town.reviewer, "todo") == [f"{number}.papers"]
    sign(number, 1, other(second))
    found = TaskRow.objects.get(pk=f"{number}.papers")
    assert (found.finding, found.person) == ("meets", town.reviewer)


# ── Returned ────────────────────────────────────────────────────────────────


def test_a_returned_case_is_done_again_and_nothing_of_it_lost(town, second, copies_as_replayed):
    number = case_town.reviewed(town)
    due = row(number).promised_due
    teamwork.return_to_step(
        number=number,
        task=DECISION,
        step="papers",
        reason="面积没有核对",
        officer=chief(town),
        at=TUESDAY,
    )
    assert (row(number).stage, row(number).promised_due) == (Stage.REVIEWING, due)
    assert on_list(town.reviewer, "todo") == [f"{number}.papers"]
    assert on_list(town.chief, "done") == [f"{number}.decision"]
    finish(number, "papers", other(second))
    finish(number, "merge", other(second))
    assert on_list(town.chief, "todo") == [f"{number}.decision"]
    found = {t.id.partition(".")[2]: t for t in TaskRow.objects.filter(case=number)}
    assert {name: (t.finding, t.returned) for name, t in found.items()} == {
        "intake": ("accepted", False),
        "papers": ("meets", True),
        "site": ("meets", False),
        "merge": ("meets", True),
        "decision": ("returned", True),
        "papers.2": ("meets", False),
        "merge.2": ("meets", False),
        "decision.2": ("", False),
    }


def test_what_was_begun_and_comes_to_nothing_is_on_nobody_s_list(town, copies_as_replayed):
    number = case_town.reviewed(town)
    teamwork.return_to_step(
        number=number,
        task=DECISION,
        step="site",
        reason="x",
        officer=chief(town),
        at=TUESDAY,
    )
    actions.withdraw(number=number, person=town.citizen, reason="", at=TUESDAY)
    assert TaskRow.objects.filter(case=number, done_at=None).count() == 0


# ── Reminded, copied, supervised ────────────────────────────────────────────


def test_the_applicant_and_the_supervisor_remind_once_a_day(town, copies_as_replayed):
    number = case_town.accepted(town)
    remind(number, person=town.citizen)
    with refused("case.reminded-today"):
        remind(number, person=town.manager, by=manager(town), task="papers")
    with refused("case.not-yours"):
        remind(number, person=town.neighbour)
    tomorrow = TUESDAY + timedelta(days=1)
    remind(number, person=town.manager, by=manager(town), task="papers", at=tomorrow)
    task = TaskRow.objects.get(pk=f"{number}.papers")
    assert task.reminded_date == tomorrow.date()
    assert queries.reminded_cases([number]) == {number: tomorrow.date()}
    foreign = officer(town.stranger, "N-008", "education")
    with refused("case.not-overseen"):
        remind(number, person=town.stranger, by=foreign, at=tomorrow)


def test_a_copied_case_may_be_read_while_one_is_staff_there(town, second, copies_as_replayed):
    number = case_town.accepted(town)
    colleague = people.actor(town.manager)
    assert access.sight(colleague, row(number)) is access.Sight.OVERSIGHT
    teamwork.copy(number=number, to=town.manager, officer=reviewer(town), at=TUESDAY)
    assert access.sight(people.actor(town.manager), row(number)) is access.Sight.OFFICE
    assert on_list(town.manager, "copied") == [number]
    assert CopyRow.objects.get().by == town.reviewer
    with refused("case.copied-already"):
        teamwork.copy(number=number, to=town.manager, officer=reviewer(town), at=TUESDAY)
    with refused("case.not-a-colleague"):
        teamwork.copy(number=number, to=town.inspector, officer=reviewer(town), at=TUESDAY)


def test_what_is_near_over_or_reminded_of_is_supervised(town, copies_as_replayed):
    """Accepted on Monday the 2nd, promised for Monday the 9th."""
    number = case_town.accepted(town)
    assert on_list(town.manager, "supervised", at=MONDAY) == []
    remind(number, person=town.citizen, at=MONDAY)
    assert on_list(town.manager, "supervised", at=MONDAY) == [number]
    late = case_town.accepted(town, at=MONDAY + timedelta(hours=1))
    for days in (3, 7, 30):
        assert on_list(town.manager, "supervised", at=MONDAY + timedelta(days=days)) == sorted(
            [number, late]
        )
    assert "supervised" not in bench(town.reviewer)
    actions.withdraw(number=late, person=town.citizen, reason="", at=TUESDAY)
    assert on_list(town.manager, "supervised", at=MONDAY + timedelta(days=30)) == [number]


# ── Delegated ───────────────────────────────────────────────────────────────


def delegate(town, deputy, begin=date(2026, 3, 3), end=date(2026, 3, 4), at=TUESDAY):
    return delegating.give_delegation(
        giver=reviewer(town), deputy=deputy, from_date=begin, until_date=end, at=at
    )


def test_a_deputy_does_what_is_the_other_s_on_those_days(town, second, copies_as_replayed):
    number = case_town.accepted(town)
    teamwork.claim(number=number, task="papers", officer=reviewer(town), at=TUESDAY)
    key = delegate(town, second).key
    assert on_list(second, "todo") == [f"{number}.papers"]
    assert on_list(second, "todo", at=TUESDAY + timedelta(days=2)) == []
    with refused("case.task-held"):
        finish(number, "papers", other(second), at=TUESDAY + timedelta(days=2))
    finish(number, "papers", other(second))
    found = TaskRow.objects.get(pk=f"{number}.papers")
    assert (found.person, found.holder) == (second, second)
    delegating.end_delegation(key=key, by=town.reviewer, at=TUESDAY)
    assert DelegationRow.objects.get().ended_at == TUESDAY
    assert queries.delegations_to(second, TUESDAY.date()) == ()


def test_nobody_is_looked_up_for_what_is_free_or_one_s_own(town, second, monkeypatch):
    asked = []
    monkeypatch.setattr(queries, "stands_for", lambda *about: asked.append(about) or ())
    number = case_town.accepted(town)
    ask(number, town, second)
    sign(number, 1, other(second))
    ask(number, town, town.chief)
    with refused("case.signature-not-open"):
        sign(number, 9, other(second))
    assert asked == []
    with refused("case.signature-of-another"):
        sign(number, 2, other(second))
    assert asked == [(second, "market", TUESDAY.date())]


def test_a_deputy_must_hold_the_power_and_be_the_only_one(town, second):
    for stranger in (town.inspector, town.manager, "nobody"):
        with refused("delegation.not-a-colleague"):
            delegate(town, stranger)
    delegate(town, second)
    with refused("delegation.overlaps"):
        delegate(town, town.chief, begin=date(2026, 3, 4))
    delegate(town, town.chief, begin=date(2026, 3, 5), end=date(2026, 3, 5))
    with refused("delegation.not-yours"):
        delegating.end_delegation(key=DelegationRow.objects.first().key, by=second, at=TUESDAY)


# ── Lists ───────────────────────────────────────────────────────────────────


def test_every_count_is_of_its_list_for_everybody(town, second, copies_as_replayed):
    """What other systems got wrong: a badge that says one, and an empty list."""
    numbers = [case_town.accepted(town, at=MONDAY + timedelta(minutes=n)) for n in range(5)]
    case_town.filed(town)
    case_town.notified(town)
    done = case_town.reviewed(town)
    teamwork.claim(number=numbers[0], task="papers", officer=other(second), at=TUESDAY)
    ask(numbers[1], town, second)
    teamwork.copy(number=numbers[2], to=second, officer=reviewer(town), at=TUESDAY)
    remind(numbers[3], person=town.citizen)
    finish(numbers[4], "papers", reviewer(town))
    teamwork.return_to_step(
        number=done, task=DECISION, step="merge", reason="x", officer=chief(town), at=TUESDAY
    )
    seen = {}
    for person in vars(town).values():
        for name in bench(person):
            seen[person, name] = len(on_list(person, name))
    for name in bench(second):
        seen[second, name] = len(on_list(second, name))
    assert seen[second, "todo"] == 6  # five to review, one of them merge, and a signature
    assert seen[town.reviewer, "todo"] == 4
    assert seen[town.reviewer, "started"] == 2
    assert seen[second, "copied"] == 1
    assert seen[town.clerk, "todo"] == 1
    assert seen[town.chief, "started"] == 1
    assert seen[town.manager, "supervised"] >= 1


def test_pages_go_forward_and_back_by_key(town):
    numbers = sorted(case_town.accepted(town) for _ in range(5))
    work = bench(town.reviewer)["todo"]
    first = work.page(2)
    assert [line["line"] for line in first.lines] == numbers[:2]
    assert (first.before, bool(first.after)) == ("", True)
    second = work.page(2, after=first.after)
    third = work.page(2, after=second.after)
    assert [line["line"] for line in third.lines] == numbers[4:]
    assert third.after == ""
    back = work.page(2, before=third.before)
    assert [line["line"] for line in back.lines] == numbers[2:4]
    assert back.before
    start = work.page(2, before=back.before)
    assert ([line["line"] for line in start.lines], start.before) == (numbers[:2], "")
    assert [line["line"] for line in work.page(2, after="nonsense~x").lines] == numbers[:2]


def test_what_is_due_first_stands_first(town):
    late = case_town.accepted(town, at=MONDAY + timedelta(days=1))
    early = case_town.accepted(town, at=MONDAY)
    assert on_list(town.reviewer, "todo") == [f"{early}.papers", f"{late}.papers"]


def test_a_search_narrows_list_and_count(town):
    one, two = case_town.accepted(town), case_town.accepted(town)
    today, calendar = TUESDAY.date(), catalogue.calendar()

    def found(text, lamp="", by_applicant=True):
        work = queries.searched(
            bench(town.reviewer)["todo"],
            text=text,
            lamp=lamp,
            today=today,
            calendar=calendar,
            by_applicant=by_applicant,
        )
        assert work.count() == len(work.page(50).lines)
        return [line["line"] for line in work.page(50).lines]

    assert found(one) == [one]
    assert found("演示甲") == sorted([one, two])
    assert found("演示甲", by_applicant=False) == []
    assert found("无此事项") == []
    assert found("", "over") == []
