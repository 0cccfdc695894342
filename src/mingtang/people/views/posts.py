"""Posts (任职): who holds which, given and ended by the security administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mingtang.core.people import Power
from mingtang.people import actions, queries
from mingtang.people.access import actor_of, needs
from mingtang.people.forms import ROLES, PostForm, ReasonForm, public_bodies, role_names
from mingtang.people.views.filling import carried_out, filled, once


@needs(Power.PERSON_APPOINT)
def index(request: HttpRequest) -> HttpResponse:
    """Who holds a post today (在岗人员)."""
    asked = {name: request.GET.get(name, "").strip() for name in ("organisation", "role", "q")}
    rows = queries.staff(organisation=asked["organisation"], role=asked["role"], words=asked["q"])
    page, roles = Paginator(rows, 50).get_page(request.GET.get("page")), role_names()
    context = {
        "page": page,
        "posts": [
            {
                "row": row,
                "role": roles[row.role],
                "body": queries.organisation_name(row.organisation),
            }
            for row in page
        ],
        "asked": asked,
        "roles": ROLES,
        "bodies": public_bodies(),
    }
    return render(request, "people/posts.html", context)


@needs(Power.PERSON_APPOINT)
def appoint(request: HttpRequest) -> HttpResponse:
    """Give a post (任命)."""
    form = filled(PostForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.appoint(
            post=form.post(),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("任命已记入账本。"))
        return redirect("people:staff")
    return render(request, "people/appoint.html", {"form": form})


@needs(Power.PERSON_APPOINT)
def end(request: HttpRequest, person: str, number: int) -> HttpResponse:
    """End a post for a reason (免职)."""
    row = next((row for row in queries.appointments_of(person) if row.number == number), None)
    if row is None or row.ended_at is not None:
        raise Http404
    form = filled(ReasonForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.end_appointment(
            person=person,
            number=number,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
        ),
    ):
        messages.success(request, _("免职已记入账本。"))
        return redirect("people:staff")
    facts = {"name": queries.names([person]).get(person, ""), "role": role_names()[row.role]}
    context = {"form": form, "title": _("免去 %(name)s 的%(role)s") % facts, "button": _("免职")}
    return render(request, "people/reason.html", context)
