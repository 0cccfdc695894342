"""The working-day calendar (工作日历): which years are official, and entering one."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.catalogue import actions, queries
from mingtang.catalogue.forms.calendar import CalendarYearForm
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.worktime import CalendarYear
from mingtang.people.access import actor_of, needs
from mingtang.ui.refusals import sentence

FIRST, LAST = 2000, 2100


@needs(Power.CALENDAR_PUBLISH)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Every year entered, newest first, and the first year nobody has entered."""
    rows = queries.calendar_years()
    years = [(row, queries.calendar_year(row)) for row in rows]
    next_year = rows[0].year + 1 if rows else timezone.localdate().year
    return render(request, "catalogue/calendar.html", {"years": years, "next_year": next_year})


@needs(Power.CALENDAR_PUBLISH)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year: its days, and the form to correct it or make it official."""
    if not FIRST <= year <= LAST:
        raise Http404
    known = {row.year: queries.calendar_year(row) for row in queries.calendar_years()}.get(year)
    if request.method != "POST":
        form = CalendarYearForm(initial=_initial(known), year=year)
        return render(request, "catalogue/year.html", {"year": year, "known": known, "form": form})
    form = CalendarYearForm(request.POST, year=year)
    if form.is_valid():
        try:
            actions.publish_calendar_year(
                year=year,
                **form.cleaned_data,
                by=actor_of(request).person,
                at=timezone.localtime(),
                once=request.POST.get("once_key", "")[:64] or None,
            )
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("已记入账本。未办结办件的到期日会重新计算。"))
            return redirect("catalogue:calendar")
    context = {"year": year, "known": known, "form": form}
    return render(request, "catalogue/year.html", context, status=422)


def _initial(known: CalendarYear | None) -> dict[str, object]:
    if known is None:
        return {}
    return {
        "off_days": _lines(known.off_days),
        "makeup_days": _lines(known.makeup_days),
        "official": known.official,
        "source": known.source if known.official else "",  # a forecast is nobody's notice
    }


def _lines(days: tuple[date, ...]) -> str:
    """Return days as lines, those in a row as one: 2027-02-05 至 2027-02-11."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "\n".join(f"{run[0]} 至 {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
