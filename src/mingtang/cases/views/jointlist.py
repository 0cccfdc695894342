"""The list of joint cases (并联审批), for those who work on them."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.queries import JointRow
from mingtang.cases.views import jointwords, showing, words
from mingtang.cases.views.jointshowing import HANDLING, Values, handled_departments
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import clock
from mingtang.core.joint import JointStage
from mingtang.core.people import Power
from mingtang.core.worktime import WorkCalendar
from mingtang.people.access import Actor, actor_of, needs


@needs(Power.CASE_INTAKE, *HANDLING, Power.CASE_OVERSEE, Power.JOINT_EXTEND)
@require_GET
def joint_list(request: HttpRequest) -> HttpResponse:
    """The joint cases this officer has to do with, and what waits for them."""
    actor = actor_of(request)
    found = queries.joint_cases_for(
        departments=_departments(actor),
        governments=actor.organisations_with(Power.JOINT_EXTEND),
        window=_at_window(actor),
    )
    tab = "closed" if request.GET.get("tab") == "closed" else "open"
    tabs = [
        {"key": key, "word": word, "current": key == tab, "count": rows.count()}
        for key, word, rows in (
            ("open", _("办理中"), found.filter(closed_at=None)),
            ("closed", _("已办结"), found.exclude(closed_at=None)),
        )
    ]
    page = Paginator(found.filter(closed_at__isnull=tab == "open"), 30).get_page(
        request.GET.get("page")
    )
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    asked = list(queries.consultations_waiting(handled_departments(actor)))
    waiting = {one.joint_id for one in asked}
    context = {
        "work_nav": work_nav(request),
        "tabs": tabs,
        "page": page,
        "lines": [_line(row, actor, waiting, today=today, calendar=calendar) for row in page],
        "asked": [{"row": one, "name": jointwords.name_of(one.joint)} for one in asked],
    }
    return render(request, "cases/joint_list.html", context)


def _departments(actor: Actor) -> frozenset[str] | None:
    """Return the departments whose joint cases the actor sees; None: all of them."""
    if Power.CASE_OVERSEE not in actor.powers:
        return handled_departments(actor)
    overseen = access.departments_overseen(actor)
    return None if overseen is None else overseen | handled_departments(actor)


def _at_window(actor: Actor) -> bool:
    """Whether the actor is of the centre's own window, which takes everybody's applications."""
    served = Power.CASE_INTAKE in actor.powers
    return served and access.departments_served(actor, Power.CASE_INTAKE) is None


def _line(
    row: JointRow, actor: Actor, waiting: set[str], *, today: date, calendar: WorkCalendar
) -> Values:
    state, word = jointwords.lamp(row, today=today, calendar=calendar)
    return {
        "row": row,
        "name": jointwords.name_of(row),
        "lead": words.body_name(row.lead),
        "applicant": showing.applicant_name(row, sight=Sight.OVERSIGHT),
        "stage": jointwords.STAGES[JointStage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "todo": _to_do(row, actor, waiting),
    }


def _to_do(row: JointRow, actor: Actor, waiting: set[str]) -> str:
    """Return what waits for this officer in it, in a word."""
    if access.is_own(actor, row):
        return ""
    if row.stage == JointStage.FILED:
        may = access.officer_for(actor, Power.CASE_INTAKE, row.lead)
        return _("待受理") if may else ""
    if row.stage == JointStage.CONCLUDING and access.leads(actor, row):
        return _("待出具结果")
    if row.asked_days and access.officer_for(actor, Power.JOINT_EXTEND, row.government):
        return _("待批准延期")
    return _("待答复会商") if row.number in waiting else ""
