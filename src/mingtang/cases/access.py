"""Who may see a case, and who may act in it (办件可见范围): nobody, unless a line here says so."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from mingtang.cases import queries
from mingtang.core import cases
from mingtang.core.catalogue import ItemContent
from mingtang.core.organisations import OrganisationKind
from mingtang.core.papers import PaperKind
from mingtang.core.people import POWERS, Power, Role
from mingtang.core.worktime import WorkCalendar
from mingtang.papers import queries as papers
from mingtang.people import queries as people
from mingtang.people.queries import Actor, Appointment


class Sight(StrEnum):
    """As whom somebody looks at a case. The first two see what was typed and handed in."""

    OWN = "own"  # applicant, agent, or another agent of the organisation that applies
    OFFICE = "office"  # whoever has, or had, a task in it, got a copy of it, or chairs its hearing
    OVERSIGHT = "oversight"  # progress only, names masked
    # Knows number and phone tail, or is heard because of an interest: progress only, names masked.
    TRACKING = "tracking"

    @property
    def full(self) -> bool:
        return self in (Sight.OWN, Sight.OFFICE)


def sight(actor: Actor, case: queries.CaseRow, *, tracked: bool = False) -> Sight | None:
    """Return as whom `actor` sees this case; None: they do not see it."""
    if is_own(actor, case):
        return Sight.OWN
    if actor.powers and handles(actor, queries.tasks_of(case.number)):
        return Sight.OFFICE
    if Power.CASE_COUNSEL in actor.powers and counsels(actor, case.number):
        return Sight.OFFICE
    if queries.copied_to(actor.person, actor.organisations).filter(case=case.number).exists():
        return Sight.OFFICE
    if Power.CASE_OVERSEE in actor.powers and oversees(actor, case):
        return Sight.OVERSIGHT
    if queries.chairs(actor.person, case.number):
        return Sight.OFFICE
    if queries.parties_of(case.number, actor.person):
        return Sight.TRACKING
    took_it_in = Power.CASE_INTAKE in actor.powers and queries.taken_in_by(case, actor.person)
    return Sight.TRACKING if tracked or took_it_in else None


def batch_sight(actor: Actor, batch: queries.BatchRow) -> Sight | None:
    """Return as whom `actor` sees a batch; None: they do not see it."""
    if is_own(actor, batch):
        return Sight.OWN
    if actor.powers and handles(actor, queries.all_tasks_of_batch(batch.number)):
        return Sight.OFFICE
    if Power.CASE_OVERSEE in actor.powers and oversees(actor, batch):
        return Sight.OVERSIGHT
    took_it_in = queries.collected_by(actor.person, ()).filter(batch=batch.number).exists()
    return Sight.TRACKING if Power.CASE_INTAKE in actor.powers and took_it_in else None


def joint_sight(actor: Actor, row: queries.JointRow, *, tracked: bool = False) -> Sight | None:
    """Return as whom `actor` sees a joint case; None: they do not see it.

    Whoever has or had a task in one branch sees the whole, with the texts of consultations: that
    is what handling it together means. What was handed in for another branch they see there.
    """
    if is_own(actor, row):
        return Sight.OWN
    if leads(actor, row) or officer_for(actor, Power.JOINT_EXTEND, row.government):
        return Sight.OFFICE
    if actor.powers and handles(actor, queries.tasks_of_joint(row.number)):
        return Sight.OFFICE
    departments = departments_overseen(actor)
    overseen = departments is None or row.lead in departments
    if Power.CASE_OVERSEE in actor.powers and overseen:
        return Sight.OVERSIGHT
    took_it_in = Power.CASE_INTAKE in actor.powers and queries.taken_in_by(row, actor.person)
    return Sight.TRACKING if tracked or took_it_in else None


def leads(actor: Actor, row: queries.JointRow) -> cases.Officer | None:
    """Return the actor as an officer who reviews or decides for the lead, if they are one."""
    return handler_for(actor, row.lead)


def handler_for(actor: Actor, department: str) -> cases.Officer | None:
    """Return the actor as an officer who reviews or decides for a department."""
    found = (
        officer_for(actor, power, department) for power in (Power.CASE_DECIDE, Power.CASE_REVIEW)
    )
    return next(filter(None, found), None)


def is_own(actor: Actor, case: queries.CaseRow | queries.BatchRow | queries.JointRow) -> bool:
    """Whether the case is the actor's own affair: seen whole, corrected, withdrawn.

    The applicant in person, whoever filed it for them, or any agent the organisation has today.
    """
    if not actor.person:
        return False
    if case.applicant_kind == "organisation" and case.applicant in actor.represents:
        return True
    applies = case.applicant_kind == "person" and case.applicant == actor.person
    return applies or case.agent == actor.person


def handles(actor: Actor, tasks: Iterable[queries.TaskRow]) -> bool:
    """Whether one of the tasks is, or was, this person's work.

    An intake window sees a case while it waits there, and what it took in itself; not all that
    ever passed.
    """
    return any(
        task.person == actor.person
        or (_still_shown(task) and officer_for(actor, Power(task.power), task.department))
        for task in tasks
        if actor.person
    )


def counsels(actor: Actor, number: str) -> bool:
    """Whether this person was asked for a legal opinion on the case."""
    return any(is_asked(actor, asked) for asked in queries.opinions_of(number))


def counsel_in(actor: Actor, number: str) -> cases.Officer | None:
    """Return the actor as the record names them for an opinion asked of them on this case."""
    asked = [one for one in queries.opinions_of(number) if is_asked(actor, one)]
    found = (officer_for(actor, Power.CASE_COUNSEL, one.body) for one in asked)
    return next(filter(None, found), None)


def is_asked(actor: Actor, asked: queries.OpinionRow) -> bool:
    """Whether a question is this counsel's to answer, or was answered by them.

    Whoever stepped back sees the case no more.
    """
    if not actor.person or actor.person in asked.declined_by:
        return False
    if asked.closed_date is not None:
        return asked.person == actor.person
    return asked.body in actor.organisations_with(Power.CASE_COUNSEL)


def _still_shown(task: queries.TaskRow) -> bool:
    return task.done_at is None or task.key != cases.INTAKE


def oversees(actor: Actor, case: queries.CaseRow | queries.BatchRow) -> bool:
    departments = departments_overseen(actor)
    return departments is None or case.department in departments


def departments_overseen(actor: Actor) -> frozenset[str] | None:
    """Return the departments whose cases the actor oversees; None: all of them."""
    if actor.roles & {Role.CENTRE_MANAGER, Role.INSPECTOR}:
        return None
    return actor.organisations_with(Power.CASE_OVERSEE)


def departments_served(actor: Actor, power: Power) -> frozenset[str] | None:
    """Return the departments whose tasks of this power are the actor's; None: any department's.

    A clerk of the centre's own window takes every department's applications (综合窗口);
    reviews and decisions are always a department's.
    """
    posts = [post for post in actor.appointments if power in POWERS[post.role]]
    if power is Power.CASE_INTAKE and any(_at_a_centre(post) for post in posts):
        return None
    return frozenset(post.organisation for post in posts)


def officer_for(actor: Actor, power: Power, department: str) -> cases.Officer | None:
    """Return the actor as the record names them for a task of this department, if it is theirs."""
    for post in actor.appointments:
        if power not in POWERS[post.role]:
            continue
        anywhere = power is Power.CASE_INTAKE and _at_a_centre(post)
        if anywhere or post.organisation == department:
            return cases.Officer(
                person=actor.person,
                staff_no=post.staff_no,
                organisation=post.organisation,
                office=post.office,
            )
    return None


def officer_taking_in(actor: Actor, item: ItemContent, organ: str) -> cases.Officer | None:
    """Return as whom the actor takes in an application for this item to this organ, if they may.

    Their own department's, any where a centre's window is theirs, and at any office what the item
    lets be taken in elsewhere (异地代收代办). The organ turned to accepts.
    """
    own = officer_for(actor, Power.CASE_INTAKE, organ)
    if own is not None or not item.taken_in_anywhere:
        return own
    posts = [post for post in actor.appointments if Power.CASE_INTAKE in POWERS[post.role]]
    return officer_for(actor, Power.CASE_INTAKE, posts[0].organisation) if posts else None


def officer_in(actor: Actor, tasks: Iterable[queries.TaskRow]) -> cases.Officer | None:
    """Return the actor as the record names them for one of these tasks, if one is theirs."""
    found = (officer_for(actor, Power(task.power), task.department) for task in tasks)
    return next(filter(None, found), None)


def has_in_hand(actor: Actor, case: queries.CaseRow) -> cases.Officer | None:
    """Return the officer who has something to do in the case now (办理中); never the applicant."""
    if is_own(actor, case):
        return None
    return officer_in(actor, (t for t in queries.tasks_of(case.number) if t.done_at is None))


# ── Among colleagues ────────────────────────────────────────────────────────

JUDGING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
WORKING = (Power.CASE_INTAKE, *JUDGING)
SIGNING = JUDGING
READING = (*SIGNING, Power.CASE_OVERSEE)  # whom a case may be copied to


def may_do(actor: Actor, task: queries.TaskRow, *, today: date) -> bool:
    """Whether an open task is the actor's to do: nobody's, their own, or whose they stand for."""
    if task.done_at is not None or officer_for(actor, Power(task.power), task.department) is None:
        return False
    givers = {one.person for one in queries.stands_for(actor.person, task.department, today)}
    return task.holder in {"", actor.person} | givers


def heads(actor: Actor, department: str) -> bool:
    """Whether the actor is the department's manager."""
    return people.is_holder(
        person=actor.person, roles={Role.DEPARTMENT_MANAGER}, organisation=department
    )


def overseer_of(actor: Actor, case: queries.CaseRow) -> cases.Officer | None:
    """Return the actor as the record names whoever oversees a case, if they do."""
    if not oversees(actor, case):
        return None
    for post in actor.appointments:
        if Power.CASE_OVERSEE in POWERS[post.role]:
            return cases.Officer(
                person=actor.person, staff_no=post.staff_no, organisation=post.organisation
            )
    return None


def colleague(person: str, department: str, powers: Iterable[Power]) -> cases.Officer | None:
    """Return somebody as they hold one of these powers in a department today, if they do."""
    someone = people.actor(person)
    posts = (post for post in someone.appointments if post.organisation == department)
    wanted = set(powers)
    for post in posts:
        if POWERS[post.role] & wanted:
            return cases.Officer(
                person=person,
                staff_no=post.staff_no,
                organisation=department,
                office=post.office,
            )
    return None


def colleagues(actor: Actor, department: str, powers: Iterable[Power]) -> list[tuple[str, str]]:
    """Return whom the actor may name in a department: (person, name and staff number)."""
    wanted, found = set(powers), dict[str, str]()
    for post in people.staff(organisation=department):
        if POWERS[Role(post.role)] & wanted and post.person != actor.person:
            found.setdefault(post.person, f"{post.name} {post.staff_no}")
    return list(found.items())


def departments_handled(actor: Actor) -> tuple[str, ...]:
    """Return the departments for which the actor reviews or decides, as they were appointed."""
    posts = (post for post in actor.appointments if POWERS[post.role] & set(SIGNING))
    return tuple(dict.fromkeys(post.organisation for post in posts))


def may_stand_in(deputy: Actor, giver: Actor, department: str) -> bool:
    """Whether somebody may do all of the giver's tasks in a department (委托代办)."""
    held = _signing_in(giver, department)
    return bool(held) and held <= _signing_in(deputy, department)


def deputies(giver: Actor, department: str) -> list[tuple[str, str]]:
    """Return who may stand in for the giver in a department: (person, name and staff number)."""
    return [
        (person, name)
        for person, name in colleagues(giver, department, SIGNING)
        if may_stand_in(people.actor(person), giver, department)
    ]


def _signing_in(actor: Actor, department: str) -> frozenset[Power]:
    return frozenset(
        power
        for post in actor.appointments
        if post.organisation == department
        for power in POWERS[post.role] & set(SIGNING)
    )


def to_do(actor: Actor, powers: Iterable[Power], *, today: date) -> QuerySet[queries.TaskRow]:
    """Return what the actor has to do (待办) with these powers, soonest due first."""
    held = [power for power in powers if power in actor.powers]
    standing = queries.delegations_to(actor.person, today)
    return queries.to_do_by(
        {power: departments_served(actor, power) for power in held},
        person=actor.person,
        stands_for=[(one.giver, one.department) for one in standing],
    )


def workbench(actor: Actor, *, today: date, calendar: WorkCalendar) -> dict[str, queries.WorkList]:
    """Return the lists of a member of staff: todo, done, started, copied, and supervised for
    whoever oversees."""
    lists = {
        "todo": queries.WorkList(to_do(actor, WORKING, today=today)),
        "done": queries.WorkList(queries.done_by(actor.person), newest="done_at"),
        "started": queries.WorkList(queries.started_by(actor.person)),
        "copied": queries.WorkList(queries.copied_to(actor.person, actor.organisations)),
    }
    if Power.CASE_OVERSEE in actor.powers:
        found = queries.supervised(departments_overseen(actor), today=today, calendar=calendar)
        lists["supervised"] = queries.WorkList(found)
    return lists


def may_collect(actor: Actor) -> bool:
    """Whether the actor takes in anything for organs elsewhere: not so a centre's own window,
    which takes in for every organ as its own affair (综合窗口)."""
    posts = [post for post in actor.appointments if Power.CASE_INTAKE in POWERS[post.role]]
    return any(not _at_a_centre(post) for post in posts)


def collected(actor: Actor) -> QuerySet[queries.CaseRow, Mapping[str, Any]]:
    """Return as lines what the actor took in for organs elsewhere (代收), the newest first."""
    kinds = people.organisation_kinds()
    centres = [code for code, kind in kinds.items() if kind is OrganisationKind.CENTRE]
    return queries.folded_cases(queries.collected_by(actor.person, centres))


def _at_a_centre(post: Appointment) -> bool:
    return people.organisation_kinds().get(post.organisation) is OrganisationKind.CENTRE


# ── Papers of a case ────────────────────────────────────────────────────────


def may_open_paper(actor: Actor, paper: papers.PaperRow) -> bool:
    """Whether a paper is of a case this person sees in full: applicant, or who handles it."""
    case, together = _case_of(paper), _joint_of(paper)
    found = sight(actor, case) if case else joint_sight(actor, together) if together else None
    if case is not None and found is Sight.OWN:
        return not is_of_another(paper, case)
    return found is not None and found.full


def is_for(actor: Actor, paper: papers.PaperRow) -> bool:
    """Whether the paper's addressee is this person, or somebody they stand for today."""
    case, together = _case_of(paper), _joint_of(paper)
    if case is not None:
        return is_own(actor, case) and not is_of_another(paper, case)
    return together is not None and is_own(actor, together)


def is_of_another(paper: papers.PaperRow, case: queries.CaseRow | queries.JointRow) -> bool:
    """Whether a paper of a hearing is for another of its parties than the applicant."""
    about_it = paper.paper in (PaperKind.HEARING_RIGHT, PaperKind.HEARING_NOTICE)
    return about_it and paper.owner not in {case.applicant, case.agent} - {""}


def _case_of(paper: papers.PaperRow) -> queries.CaseRow | None:
    """Return the case a paper is about; the certificate it ended in is its applicant's, too."""
    family, _slash, number = paper.about.partition("/")
    return queries.by_number(number) if family in ("case", "licence") else None


def _joint_of(paper: papers.PaperRow) -> queries.JointRow | None:
    family, _slash, number = paper.about.partition("/")
    return queries.joint_case(number) if family == "joint" else None
