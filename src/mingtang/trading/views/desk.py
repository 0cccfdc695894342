"""The centre's procedures (交易规程管理): written and published, published anew, withdrawn."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.trading.parameters import Procedure
from mingtang.people.access import actor_of, needs
from mingtang.people.forms import ReasonForm
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading import queries
from mingtang.trading.actions import procedures as actions
from mingtang.trading.forms.kinds import KindsForm, as_csv
from mingtang.trading.forms.procedures import NewProcedureForm, ProcedureEditor, empty
from mingtang.trading.templatetags.procedure_words import NAMES

GROUPS = (
    (
        gettext_lazy("规程"),
        "name name_en bidding direction award least_bidders most_bids",
    ),
    (
        gettext_lazy("公告和自由报价"),
        "notice notice_unit free free_unit blackout_seconds asking_seconds",
    ),
    (
        gettext_lazy("限时竞价和降价"),
        "entry timed_start countdown_seconds extension_window extension_by extension_most"
        " clock_every clock_fall",
    ),
    (
        gettext_lazy("幅度和底价"),
        "step step_least step_most step_most_at_once step_table reserve reserve_of_start"
        " reserve_of_appraisal reserve_within",
    ),
    (
        gettext_lazy("限价、优先购买权、配售"),
        "ceiling ceiling_asking ceiling_quoting ceiling_least priority allocation_table"
        " allocation_partly",
    ),
    (
        gettext_lazy("保证金和结束以后"),
        "deposit_least deposit_most deposit_base deposit_due signing signing_unit"
        " publication publication_unit refund refund_unit payout payout_unit payout_to"
        " payout_at_end again again_unit again_notice again_notice_unit again_fall",
    ),
)


@needs(Power.CATALOGUE_PUBLISH)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Every procedure there is, those in use first."""
    rows = [(row, queries.kinds_by(row.code)) for row in queries.procedures()]
    return render(request, "trading/desk.html", {"rows": rows})


@needs(Power.CATALOGUE_PUBLISH)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a procedure with its code."""
    form = filled(NewProcedureForm, request)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if queries.procedure(code) is None:
            return redirect("trading:edit", code)
        form.add_error("code", _("这个代码已有规程。"))
    status = 422 if form.is_bound else 200
    return render(request, "trading/procedure_new.html", {"form": form}, status=status)


@needs(Power.CATALOGUE_PUBLISH)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write a version and publish it. What cannot be run is said, and nothing typed is lost."""
    procedure = _latest(code)
    if request.method != "POST":
        return _editor(request, ProcedureEditor(procedure))
    adding = "add" in request.POST
    editor = ProcedureEditor(procedure, data=request.POST, add=adding)
    if adding:
        return _editor(request, editor)
    if not editor.is_valid():
        return _editor(request, editor, status=422)
    if not carried_out(editor.form, _publishing(request, editor.written())):
        return _editor(request, editor, status=409)
    messages.success(request, _("交易规程已发布，此后的公告可以采用这一版。"))
    return redirect("trading:procedure", code)


def _latest(code: str) -> Procedure:
    row = queries.procedure(code)
    if row:
        return queries.procedure_version(code, row.version)
    form = NewProcedureForm({"code": code})
    if not form.is_valid():
        raise Http404
    return empty(code)


def _publishing(request: HttpRequest, procedure: Procedure) -> Callable[[], None]:
    def publish() -> None:
        try:
            actions.publish_procedure(
                procedure=procedure,
                by=actor_of(request).person,
                at=timezone.localtime(),
                once=once(request),
            )
        except Refused as refused:
            raise _named(refused) from refused

    return publish


def _named(refused: Refused) -> Refused:
    """Return the refusal with its parameter named as the page names it."""
    facts = dict(refused.facts)
    if name := str(facts.get("parameter", "")):
        facts["parameter"] = str(NAMES.get(name, name))
    return Refused(refused.code, **facts)


def _editor(request: HttpRequest, editor: ProcedureEditor, *, status: int = 200) -> HttpResponse:
    context = {
        "editor": editor,
        "code": editor.procedure.code,
        "row": queries.procedure(editor.procedure.code),
        "groups": _groups(editor.form),
    }
    return render(request, "trading/procedure_edit.html", context, status=status)


def _groups(form: forms.Form) -> list[tuple[str, list[forms.BoundField]]]:
    """Return the fields in groups, each under its heading."""
    return [(str(heading), [form[name] for name in names.split()]) for heading, names in GROUPS]


@needs(Power.CATALOGUE_PUBLISH)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraw a procedure (停用): no further lot can name it."""
    row = queries.procedure(code)
    if row is None:
        raise Http404
    form = filled(ReasonForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.withdraw_procedure(
            code=code,
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("交易规程已停用。"))
        return redirect("trading:procedure", code)
    context = {"form": form, "row": row, "kinds": queries.kinds_by(code)}
    status = 409 if form.is_bound and form.non_field_errors() else 200
    return render(request, "trading/procedure_withdraw.html", context, status=status)


# ── The list of kinds ───────────────────────────────────────────────────────


@needs(Power.CATALOGUE_PUBLISH)
def kinds(request: HttpRequest) -> HttpResponse:
    """Publish the list of kinds (发布交易品类) from a file."""
    form = filled(KindsForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.publish_kinds(
            all_of=form.cleaned_data["file"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("品类目录已发布。"))
        return redirect("trading:home")
    context = {"form": form, "total": len(queries.kinds())}
    status = 422 if form.is_bound else 200
    return render(request, "trading/kinds.html", context, status=status)


@needs(Power.CATALOGUE_PUBLISH)
@require_GET
def kinds_file(request: HttpRequest) -> HttpResponse:
    """The list in use as a file."""
    response = HttpResponse(as_csv(queries.kinds()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="trading-kinds.csv"'
    return response
