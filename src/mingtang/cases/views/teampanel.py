"""What stands on a task's page about colleagues (同事协作): whose it is, who signs, what to do."""

from datetime import date
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from mingtang.cases import access
from mingtang.cases.forms.teamwork import (
    AGREEMENT,
    NEED,
    WHEN,
    CopyForm,
    DropForm,
    ReassignForm,
    ReturnForm,
    SignersForm,
    SignForm,
)
from mingtang.cases.queries import CaseFile, TaskRow, delegations_to
from mingtang.cases.views import words
from mingtang.core import cases
from mingtang.core.cases import DECISION, INTAKE, Agreement
from mingtang.core.people import Power
from mingtang.people import queries as people
from mingtang.people.access import Actor

Values = dict[str, Any]


def signature_of(case: CaseFile, task: TaskRow) -> cases.Signature | None:
    """Return the signature a row asks for, where it asks for one."""
    found = (one for one in case.state.signatures if one.key == task.key)
    return next(found, None)


def is_among_signers(case: CaseFile, task: TaskRow) -> bool:
    """Whether colleagues sign it first, or the row itself asks for a signature."""
    waits = cases.awaited(case.state.signatures, task.key, task.round)
    before = [one for one in waits if one.when is cases.When.BEFORE]
    open_task = case.state.task(task.key)
    held = open_task is not None and open_task.found_by is not None
    return bool(before) or held or signature_of(case, task) is not None


def panel(
    actor: Actor, case: CaseFile, task: TaskRow, *, can_act: bool, typed: dict[str, Form]
) -> Values:
    """Return whose task it is and what its officer, or their manager, may do about it."""
    state = case.state
    open_task = state.task(task.key)
    signature = signature_of(case, task)
    on = signature.task if signature else task.key
    turn = signature.round if signature else task.round
    waits = cases.awaited(state.signatures, on, turn)
    held = open_task is not None and open_task.found_by is not None
    before = [one for one in waits if one.when is cases.When.BEFORE]
    mine = task.holder == actor.person
    heads = access.heads(actor, task.department) and not access.is_own(actor, case.row)
    free = open_task is not None and not held and task.key != INTAKE
    acts = free and can_act
    return {
        "holder": person_name(task.holder, task.holder_no),
        "holder_is_me": mine,
        "claimable": acts and not task.holder,
        "returnable": acts and mine,
        "signatures": [
            _signature(one, waits)
            for one in state.signatures
            if (one.task, one.round) == (on, turn)
        ],
        "waits_for_signers": bool(held or before) and not signature,
        "held": held,
        "may_drop": can_act or heads,
        "signing": typed.get("sign") or (SignForm() if signature and can_act else None),
        "signing_for": person_name(task.holder, task.holder_no)
        if signature and can_act and not mine
        else "",
        "deputy_for": person_name(task.holder, task.holder_no)
        if acts and task.holder and not mine
        else "",
        "team": {
            "return": _return(case, task, typed) if acts or (can_act and open_task) else None,
            "signers": _signers(actor, task, typed) if acts else None,
            "reassign": _reassign(actor, task, typed)
            if free and (heads or (acts and (mine or not task.holder)))
            else None,
            "copy": _copy(actor, case, task, typed),
        },
        "drop_form": typed.get("drop") or DropForm(),
    }


def person_name(person: str, staff_no: str) -> str:
    if not person:
        return ""
    return f"{people.names([person]).get(person, '')} {staff_no}".strip()


def _signature(one: cases.Signature, waits: tuple[cases.Signature, ...]) -> Values:
    state = ""
    if one.done_at is not None:
        state = str(AGREEMENT[Agreement(one.finding)])
    elif one.dropped:
        state = _("不再需要")
    elif one in waits:
        state = _("等待签署")
    else:
        state = _("不必再签")
    deputy = person_name(one.signed_by, one.signed_no) if one.signed_by != one.person else ""
    return {
        "number": one.number,
        "who": person_name(one.person, one.staff_no),
        "deputy": deputy,
        "when": WHEN[one.when],
        "need": NEED[one.need],
        "state": state,
        "open": one in waits,
    }


def _return(case: CaseFile, task: TaskRow, typed: dict[str, Form]) -> Form | None:
    steps = [(key, words.step_name(case, key)) for key in cases.earlier_steps(case.state, task.key)]
    return (typed.get("return") or ReturnForm(steps=steps)) if steps else None


def _signers(actor: Actor, task: TaskRow, typed: dict[str, Form]) -> Form | None:
    found = access.colleagues(actor, task.department, access.SIGNING)
    form = SignersForm(colleagues=found, deciding=task.key == DECISION)
    return (typed.get("signers") or form) if found else None


def _reassign(actor: Actor, task: TaskRow, typed: dict[str, Form]) -> Form | None:
    found = access.colleagues(actor, task.department, {Power(task.power)})
    found = [(person, name) for person, name in found if person != task.holder]
    return (typed.get("reassign") or ReassignForm(colleagues=found)) if found else None


def _copy(actor: Actor, case: CaseFile, task: TaskRow, typed: dict[str, Form]) -> Form | None:
    own = access.is_own(actor, case.row)
    if own or access.officer_for(actor, Power(task.power), task.department) is None:
        return None
    found = [
        (person, name)
        for person, name in access.colleagues(actor, task.department, access.READING)
        if person not in case.state.copies
    ]
    return (typed.get("copy") or CopyForm(colleagues=found)) if found else None


def standing_in(actor: Actor, today: date) -> list[Values]:
    """Return for whom somebody acts today (代办)."""
    return [
        {
            "who": person_name(row.giver, row.giver_no),
            "department": words.body_name(row.department),
            "until": row.until_date,
        }
        for row in delegations_to(actor.person, today)
    ]
