"""One need (采购公告): what anybody sees, and what its parties may do now."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.decider import Refused
from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.needs.terms import OVER, Criterion, Stage
from mingtang.intermediaries import access, queries
from mingtang.intermediaries.actions import selecting, serving
from mingtang.intermediaries.forms import (
    AnswerForm,
    ComplaintForm,
    ContractForm,
    DeliverForm,
    RateForm,
    ReasonForm,
    ReturnForm,
    ScoreForm,
    SignUpForm,
    WithdrawForm,
    fen,
    in_yuan,
)
from mingtang.intermediaries.queries import NeedRow
from mingtang.intermediaries.views import showing
from mingtang.intermediaries.views.mine import kept, once_of
from mingtang.ledger.queries import entries_of
from mingtang.people import queries as people
from mingtang.people.access import Actor, actor_of, public, signed_in
from mingtang.ui import refusals
from mingtang.vault import actions as vault

Make = Callable[[HttpRequest, NeedRow], forms.Form]


@public("one need: what is sought, who signed up, who was chosen and how, where it stands")
@require_GET
def need(request: HttpRequest, key: str) -> HttpResponse:
    return _shown(request, _known(key))


@signed_in
@require_GET
def file(request: HttpRequest, key: str, id: str) -> FileResponse:
    """A delivered file, to its two parties and the organ of the case."""
    row = _known(key)
    recorded = {document["id"] for document in row.documents}
    if id not in recorded or not access.sees_result(actor_of(request), row):
        raise Http404
    return showing.sent(id)


@signed_in
@require_POST
def act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Do one of the things that stand open on the page. Raises Http404 for any other."""
    row = _known(key)
    if act not in ACTS or act not in _open_now(actor_of(request), row):
        # It may have been open when the page was made: the page now says where it stands.
        if act in ACTS:
            return _shown(request, row, refused=_("现在不能这样办。"), status=409)
        raise Http404
    _label, make, do, said = ACTS[act]
    form = make(request, row)
    if not form.is_valid():
        return _shown(request, row, status=422, typed={act: form})
    try:
        do(request, row, form)
    except Refused as refused:
        sentence = refusals.sentence(refused)
        return _shown(request, row, status=409, refused=sentence, typed={act: form})
    messages.success(request, str(said))
    return redirect("intermediaries:need", key)


# ── What may be done, and by whom ───────────────────────────────────────────


def _open_now(actor: Actor, row: NeedRow) -> list[str]:
    """Return the acts this person may ask for now, in the order of the page."""
    if not actor.person:
        return []
    stage, own = Stage(row.stage), access.is_publisher(actor, row)
    serves, manages = access.represents(actor, row.body), access.manages(actor)
    in_time = timezone.now() < row.sign_up_until
    scores = stage is Stage.SCORING and access.scorer(actor, row) is not None
    wanted = {
        "sign-up": stage is Stage.OPEN and in_time and bool(_free_bodies(actor, row)),
        "withdraw": stage is Stage.OPEN and in_time and bool(_entered_bodies(actor, row)),
        "score": scores,
        "choose": stage is Stage.SCORING and own,
        "contract": stage is Stage.CHOSEN and own,
        "begin": stage is Stage.CONTRACTED and serves,
        "deliver": stage is Stage.SERVING and serves,
        "accept": stage is Stage.DELIVERED and own,
        "return": stage is Stage.DELIVERED and own,
        "rate": stage is Stage.ACCEPTED and own and not row.stars,
        "answer": row.complaint_open and manages,
        "complain": own and bool(row.body) and not row.complaint_open,
        "end": stage not in OVER and (own or manages),
    }
    return [act for act, may in wanted.items() if may]


def _free_bodies(actor: Actor, row: NeedRow) -> list[tuple[str, str]]:
    """Return the bodies this person acts for that may still sign up."""
    entered = {*queries.entered(row.key)}
    free = [body for body in queries.bodies(actor.represents) if body.key not in entered]
    return [(body.key, body.name) for body in free]


def _entered_bodies(actor: Actor, row: NeedRow) -> list[tuple[str, str]]:
    """Return the bodies this person acts for that signed up and did not withdraw."""
    entered = {*queries.entered(row.key)} & {*actor.represents}
    return [(body.key, body.name) for body in queries.bodies(entered)]


# ── The acts ────────────────────────────────────────────────────────────────


def _form(kind: type[forms.Form]) -> Make:
    def make(request: HttpRequest, row: NeedRow) -> forms.Form:
        sent = request.method == "POST"
        data, files = (request.POST, request.FILES) if sent else (None, None)
        return kind(data, files, label_suffix="")

    return make


def _sign_up_form(request: HttpRequest, row: NeedRow) -> forms.Form:
    return SignUpForm(
        request.POST if request.method == "POST" else None,
        label_suffix="",
        bodies=_free_bodies(actor_of(request), row),
        quoting=row.way == Way.QUOTE,
    )


def _withdraw_form(request: HttpRequest, row: NeedRow) -> forms.Form:
    return WithdrawForm(
        request.POST if request.method == "POST" else None,
        label_suffix="",
        bodies=_entered_bodies(actor_of(request), row),
    )


def _score_form(request: HttpRequest, row: NeedRow) -> forms.Form:
    person = actor_of(request).person
    done = {one["body"] for one in row.scores if one["scorer"]["person"] == person}
    left = [one for one in row.entrants if not one["barred"] and one["body"] not in done]
    return ScoreForm(
        request.POST if request.method == "POST" else None,
        label_suffix="",
        bodies=[(one["body"], one["name"]) for one in left],
        criteria=queries.terms_of(row).content.criteria,
    )


def _contract_form(request: HttpRequest, row: NeedRow) -> forms.Form:
    terms = queries.terms_of(row).content
    quoted = next((one["price_fen"] for one in row.entrants if one["body"] == row.body), 0)
    initial = {"price": in_yuan(quoted) if quoted else "", "days": terms.days}
    sent = request.POST if request.method == "POST" else None
    return ContractForm(sent, label_suffix="", initial=initial)


def _common(request: HttpRequest, row: NeedRow, act: str) -> dict[str, Any]:
    return {
        "need": row.key,
        "by": actor_of(request).person,
        "at": timezone.localtime(),
        "once": once_of(request, f"{act}/{row.key}"),
    }


def _sign_up(request: HttpRequest, row: NeedRow, form: forms.Form) -> None:
    said = form.cleaned_data
    selecting.sign_up(
        body=said["body"],
        nonce=said["nonce"],
        price_fen=fen(said.get("price")),
        **_common(request, row, "sign-up"),
    )


def _score(request: HttpRequest, row: NeedRow, form: forms.Form) -> None:
    assert isinstance(form, ScoreForm)
    body = form.cleaned_data["body"]
    selecting.score(body=body, marks=form.marks(), **_common(request, row, f"score/{body}"))


def _deliver(request: HttpRequest, row: NeedRow, form: forms.Form) -> None:
    document = kept(request, "file", "result")
    try:
        serving.deliver(
            documents=(document,),
            note=form.cleaned_data["note"],
            **_common(request, row, "deliver"),
        )
    except Exception:  # nothing records it: it goes
        vault.drop_document(document.id)
        raise


def _answer(request: HttpRequest, row: NeedRow, form: forms.Form) -> None:
    said = form.cleaned_data
    upheld = said["upheld"] == "yes"
    serving.answer(upheld=upheld, reason=said["reason"], **_common(request, row, "answer"))


def _plain(act: str, do: Callable[..., Any]) -> Callable[[HttpRequest, NeedRow, forms.Form], None]:
    def done(request: HttpRequest, row: NeedRow, form: forms.Form) -> None:
        do(**form.cleaned_data, **_common(request, row, act))

    return done


def _contract(request: HttpRequest, row: NeedRow, form: forms.Form) -> None:
    said = form.cleaned_data
    price = fen(said["price"])
    serving.contract(price_fen=price, days=said["days"], **_common(request, row, "contract"))


# What the button says, the form, what it does, what is said when it is done.
ACTS: dict[str, tuple[Any, Make, Callable[[HttpRequest, NeedRow, Any], None], Any]] = {
    "sign-up": (
        gettext_lazy("报名"),
        _sign_up_form,
        _sign_up,
        gettext_lazy("已报名，开启前密封。"),
    ),
    "withdraw": (
        gettext_lazy("撤回报名"),
        _withdraw_form,
        _plain("withdraw", selecting.withdraw),
        gettext_lazy("报名已撤回，不公开是谁报过名。截止以前可以再报。"),
    ),
    "score": (gettext_lazy("评分"), _score_form, _score, gettext_lazy("评分已记录，公开。")),
    "choose": (
        gettext_lazy("按评分选定"),
        _form(forms.Form),
        _plain("choose", selecting.choose_best),
        gettext_lazy("已选定。"),
    ),
    "contract": (
        gettext_lazy("登记合同"),
        _contract_form,
        _contract,
        gettext_lazy("合同已登记，等机构开始服务。"),
    ),
    "begin": (
        gettext_lazy("确认合同，开始服务"),
        _form(forms.Form),
        _plain("begin", serving.begin),
        gettext_lazy("服务已开始。"),
    ),
    "deliver": (
        gettext_lazy("交付成果"),
        _form(DeliverForm),
        _deliver,
        gettext_lazy("成果已交付，等验收。"),
    ),
    "accept": (
        gettext_lazy("验收"),
        _form(forms.Form),
        _plain("accept", serving.accept),
        gettext_lazy("已验收，请评价这次服务。"),
    ),
    "return": (
        gettext_lazy("退回重做"),
        _form(ReturnForm),
        _plain("return", serving.return_result),
        gettext_lazy("已退回。"),
    ),
    "rate": (
        gettext_lazy("评价"),
        _form(RateForm),
        _plain("rate", serving.rate),
        gettext_lazy("谢谢您的评价。"),
    ),
    "complain": (
        gettext_lazy("投诉"),
        _form(ComplaintForm),
        _plain("complain", serving.complain),
        gettext_lazy("投诉已提交，由中心处理。"),
    ),
    "answer": (
        gettext_lazy("处理投诉"),
        _form(AnswerForm),
        _answer,
        gettext_lazy("投诉已处理。"),
    ),
    "end": (
        gettext_lazy("终止"),
        _form(ReasonForm),
        _plain("end", serving.end),
        gettext_lazy("已终止。"),
    ),
}
FOLDED = ("withdraw", "return", "complain", "end")  # rarely wanted: behind a word that opens them


def _shown(
    request: HttpRequest,
    row: NeedRow,
    *,
    status: int = 200,
    refused: str = "",
    typed: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    actor, terms = actor_of(request), queries.terms_of(row)
    typed = typed or {}
    # Forms are shown empty unless one was just sent: then it comes back as it was typed.
    asked = request.method
    request.method = "GET"
    acts = [
        {
            "name": name,
            "label": ACTS[name][0],
            "form": typed.get(name) or ACTS[name][1](request, row),
            "folded": name in FOLDED,
            "open": name in typed,
            "file": name == "deliver",
        }
        for name in _open_now(actor, row)
    ]
    request.method = asked
    for act in acts:
        act["form"].auto_id = f"{act['name']}_%s"  # several forms ask for a reason
    own = access.is_publisher(actor, row)
    parties = own or access.represents(actor, row.body)
    signed = [
        one
        for one in queries.sign_ups_of(actor.represents)
        if one.need == row.key and one.withdrawn_at is None
    ]
    names = {one["body"]: one["name"] for one in row.entrants}
    context = {
        **showing.need_line(row, today=timezone.localdate()),
        "terms": terms,
        "content": terms.content,
        "service": showing.service_card(terms.service),
        "clock_note": showing.terms_note(terms.service),
        "organ": people.organisation_name(row.organ) if row.organ else "",
        "entrants": showing.entrants(row),
        "scores": [_score_line(one, names, terms.content.criteria) for one in row.scores],
        "rounds": showing.rounds(row),
        "opened": bool(row.seed),
        "own": own,
        "parties": parties,
        "manages": access.manages(actor),
        "sees": access.sees_result(actor, row) if actor.person else False,
        "signed": signed,
        "acts": acts,
        "refused": refused,
        "entries": entries_of(f"need/{row.key}"),
        "work_nav": showing.work_nav(request),
    }
    return render(request, "intermediaries/need.html", context, status=status)


def _score_line(
    score: dict[str, Any], names: dict[str, str], criteria: Sequence[Criterion]
) -> dict[str, Any]:
    named = {one.key: one.name for one in criteria}
    return {
        "name": names.get(score["body"], score["body"]),
        "scorer": score["scorer"],
        "marks": [
            (named[mark["criterion"]], mark["points"], mark["reason"]) for mark in score["marks"]
        ],
        "total": sum(mark["points"] for mark in score["marks"]),
    }


def _known(key: str) -> NeedRow:
    row = queries.need(key)
    if row is None:
        raise Http404
    return row
