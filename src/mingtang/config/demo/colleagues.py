"""What colleagues do among themselves, so that every list of the workbench shows something."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mingtang.cases import queries
from mingtang.cases.actions import delegating, teamwork
from mingtang.core.cases import DECISION, Need, Officer, Stage, When
from mingtang.core.people import Role

Staff = Mapping[tuple[Role, str], Officer]
DEPARTMENTS = ("market-regulation", "health")
NOTE = "请看消防和卫生两节。"


def live(*, staff: Staff, now: datetime) -> None:
    """Let two departments pass tasks on, sign, return, copy and remind. All of it happens now."""
    for department in DEPARTMENTS:
        team = [
            staff[role, department]
            for role in (Role.REVIEWER, Role.CHIEF_REPRESENTATIVE, Role.DEPARTMENT_MANAGER)
        ]
        _return(team, now)
        _share(team, now)
        reviewer, chief, _manager = team
        delegating.give_delegation(
            giver=reviewer,
            deputy=chief.person,
            from_date=now.date() + timedelta(days=1),
            until_date=now.date() + timedelta(days=5),
            at=now,
        )


def _share(team: Sequence[Officer], now: datetime) -> None:
    """Ask to sign, pass on, take on, as far as there are cases; copy and remind of the first."""
    reviewer, chief, manager = team
    ours = queries.to_do(powers=["case.review"], departments=[reviewer.organisation])
    waiting = ours.filter(batch="", case__stage=Stage.REVIEWING, holder="", round=1)
    tasks = [
        task
        for task in waiting[:20]
        if not {task.case.applicant, task.case.agent} & {one.person for one in team}
    ]
    for place, task in enumerate(tasks[:4]):
        match place:
            case 0:
                teamwork.ask_signers(
                    task=task.key,
                    signers=[chief.person],
                    when=When.BEFORE,
                    need=Need.ALL,
                    note=NOTE,
                    officer=reviewer,
                    number=task.case_id,
                    at=now,
                )
            case 1:
                teamwork.reassign(
                    task=task.key,
                    to=chief.person,
                    reason="由熟悉这类场所的同事办理。",
                    officer=reviewer,
                    number=task.case_id,
                    at=now,
                )
            case _:
                teamwork.claim(task=task.key, officer=reviewer, number=task.case_id, at=now)
    for task in tasks[:2]:
        teamwork.copy(to=chief.person, officer=reviewer, number=task.case_id, at=now)
        teamwork.copy(to=manager.person, officer=chief, number=task.case_id, at=now)
        teamwork.remind(
            task=task.key,
            words="",
            person=manager.person,
            officer=manager,
            number=task.case_id,
            at=now,
        )


def _return(team: Sequence[Officer], now: datetime) -> None:
    """Return one case that was to be decided to its first step."""
    reviewer, chief, _manager = team
    ours = queries.to_do(powers=["case.decide"], departments=[chief.organisation])
    for task in ours.filter(batch="", holder="")[:20]:
        done = [
            one for one in queries.tasks_of(task.case_id) if one.key not in ("intake", DECISION)
        ]
        first = next((one for one in done if one.department == reviewer.organisation), None)
        parties = {task.case.applicant, task.case.agent}
        if first is not None and chief.person not in parties:
            teamwork.return_to_step(
                number=task.case_id,
                task=DECISION,
                step=first.key,
                reason="现场照片与平面图不符，请再核对。",
                officer=chief,
                at=now,
            )
            return
