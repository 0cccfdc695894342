"""Applying from home (网上申请): from the guide page to a case number."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.cases import access, queries
from mingtang.cases.forms import once_key
from mingtang.cases.views import filing as filings
from mingtang.cases.views import showing
from mingtang.cases.views.filing import Filing
from mingtang.cases.views.wizard import Wizard, address_of_guide, kept
from mingtang.catalogue import queries as catalogue
from mingtang.core.decider import Refused
from mingtang.ledger.orders import Receipt
from mingtang.papers import access as papers_access
from mingtang.papers import queries as papers
from mingtang.people.access import Actor, actor_of, signed_in
from mingtang.ui import refusals
from mingtang.ui.context import address
from mingtang.ui.pages import explain
from mingtang.vault import actions as vault_actions
from mingtang.vault import queries as vault


def subject_of(item: str) -> str:
    """Return the name an application's draft is kept under."""
    return f"apply/{item}"


@signed_in
@require_GET
def start(request: HttpRequest, item: str) -> HttpResponse:
    """Begin, or go on where it was left."""
    try:
        filing = _filing(request, item)
    except Refused as refused:
        return _closed(request, item, refused)
    if _is_expired(request, item):
        return _expired(request, filing)
    _ask_to_renew(request, filing, request.GET.get("renews", ""))
    if organ := request.GET.get("organ", ""):
        filing.turn_to(organ)
        filing.keep(seen="where" if filing.place else "")
    return redirect(filing.url(filing.next_open))


def _ask_to_renew(request: HttpRequest, filing: Filing, key: str) -> None:
    """Make it an application to renew a licence (申请延续), if it is the person's, of this item.

    `key`: the licence's, which is the number of the case it was granted by.
    """
    case, found = queries.by_number(key), papers.licences_about([f"licence/{key}"])
    if case is None or case.item != filing.item or not found:
        return
    if papers_access.is_addressee(actor_of(request), found[-1]):
        filing.renew_licence(case)


@signed_in
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, item: str, step: str) -> HttpResponse:
    """Show one step, or take what was sent from it."""
    filed = _filed_before(request, step)
    if filed:
        return _done(filed)
    try:
        filing = _filing(request, item)
    except Refused as refused:
        return _closed(request, item, refused)
    if _is_expired(request, item):
        return _expired(request, filing)
    if filing.saved_at is None and step != filing.steps[0]:
        return _nothing_kept(request, filing)

    def file(once: str) -> Receipt:
        return filing.file(once=_once(filing.filer, once))

    return Wizard(request, filing, done=_done).answer(step, file)


def _done(number: str) -> HttpResponse:
    """Go to what was filed: one application, or a batch of them."""
    return redirect("cases:batch" if number.startswith("B-") else "cases:filed", number)


@require_POST
def save(request: HttpRequest, item: str) -> HttpResponse:
    """Keep what is being typed (自动保存)."""
    return kept(request, lambda: _filing(request, item))


save.access = ("signed-in",)  # type: ignore[attr-defined]  # asks itself: a script cannot sign in


@signed_in
@require_POST
def renew(request: HttpRequest, item: str) -> HttpResponse:
    """Go on with a draft that had expired, or under the item as it has become since."""
    filing = _filing(request, item)
    filing.accept_changes()
    _ask_to_renew(request, filing, request.POST.get("renews", ""))
    return redirect(filing.url(filing.next_open))


@signed_in
@require_POST
def discard(request: HttpRequest, item: str) -> HttpResponse:
    """Drop the draft. The files handed in stay among the person's own."""
    vault_actions.drop_draft(owner=_applicant(request).person, subject=subject_of(item))
    if request.POST.get("then") == "mine":
        return redirect(f"{reverse('cases:mine')}?tab=drafts")
    renews = request.POST.get("renews", "")
    query = f"?{urlencode({'renews': renews})}" if renews else ""
    return redirect(f"{reverse('cases:apply', args=[item])}{query}")


@signed_in
@require_GET
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The application is in (提交成功): its number, its receipt, and when to expect an answer."""
    row = queries.by_number(number)
    if row is None or not access.is_own(actor_of(request), row):
        raise Http404
    case = queries.case_file(row)
    context = {
        "row": row,
        "stub": showing.stub(request, case, place=0),
        "phone_tail": row.phone_tail,
    }
    return render(request, "cases/filed.html", context)


# ── What the steps need ─────────────────────────────────────────────────────


def _applicant(request: HttpRequest) -> Actor:
    """Return who applies. Raises Http404 for an account of no registered person."""
    actor = actor_of(request)
    if not actor.person:
        raise Http404
    return actor


def _filing(request: HttpRequest, item: str) -> Filing:
    actor = _applicant(request)

    def url(step: str) -> str:
        if step in filings.BESIDE:
            return reverse(f"cases:apply-{step}", args=[item])
        return reverse("cases:apply-step", args=[item, step])

    return filings.begin(
        item=item,
        filer=actor,
        owner=actor.person,
        subject=subject_of(item),
        url=url,
        at=timezone.localtime(),
    )


def _once(actor: Actor, key: str) -> str:
    """Return the idempotency key of this person's filing: nobody can name another's."""
    return f"{actor.person}/file/{key}"


def _filed_before(request: HttpRequest, step: str) -> str | None:
    """Return the number of the case this very submission was filed as, if it was sent twice."""
    key = once_key(request.POST) if request.method == "POST" and step == "confirm" else None
    return queries.filed_once(_once(_applicant(request), key)) if key else None


def _is_expired(request: HttpRequest, item: str) -> bool:
    row = vault.draft(owner=_applicant(request).person, subject=subject_of(item))
    return row is not None and row.expires_at <= timezone.now()


# ── When it cannot go on ────────────────────────────────────────────────────


def _closed(request: HttpRequest, item: str, refused: Refused) -> HttpResponse:
    """The item is not in force, or nobody may apply for it any more."""
    kept = vault.draft(owner=_applicant(request).person, subject=subject_of(item))
    return explain(
        request,
        status=404 if kept is None else 409,
        happened=refusals.sentence(refused),
        kept=_("您填写的草稿和上传的文件都还在，没有删除。") if kept else "",
        next_steps=[
            (_("查找其他事项"), address("portal:items") or "/"),
            (_("我的办件"), reverse("cases:mine")),
        ],
        code=refused.code,
    )


def _expired(request: HttpRequest, filing: Filing) -> HttpResponse:
    """A draft past its day: say what is still there, and let the person choose."""
    files: list[Any] = [row for _key, row in filing.documents()]
    context = {
        "filing": filing,
        "item_name": filing.content.name,
        "files": files,
        "days": vault_actions.DRAFT_DAYS,
        "guide": address_of_guide(filing.item),
        "renews": request.GET.get("renews", ""),
    }
    return render(request, "cases/apply/expired.html", context, status=410)


def _nothing_kept(request: HttpRequest, filing: Filing) -> HttpResponse:
    days = {"days": vault_actions.DRAFT_DAYS}
    return explain(
        request,
        status=410,
        happened=_("没有找到这份申请的草稿"),
        kept=_(
            "草稿最后一次保存后留 %(days)s 天，提交后或者过期即删除；传过的文件还在您的材料里，"
            "可以直接选用。"
        )
        % days,
        next_steps=[
            (_("重新开始申请"), reverse("cases:apply", args=[filing.item])),
            (_("看看我的办件"), reverse("cases:mine")),
        ],
    )


def drafts(actor: Actor, *, at: datetime) -> list[dict[str, Any]]:
    """Return the person's unfinished applications, newest first."""
    shown = []
    for row in vault.drafts_of(actor.person, at=at):
        kind, _slash, item = row.subject.partition("/")
        if kind not in ("apply", "together"):
            continue
        view = "cases:apply" if kind == "apply" else "cases:joint-apply"
        shown.append(
            {
                "name": _name_of_draft(kind, item) or _("已停止办理的事项"),
                "row": row,
                "url": reverse(view, args=[item]),
                "discard_url": reverse(f"{view}-discard", args=[item]),
            }
        )
    return shown


def _name_of_draft(kind: str, key: str) -> str:
    """Return what an unfinished application is for; empty when nobody can apply for it now."""
    if kind == "together":
        bundle = catalogue.bundle(key)
        return bundle.content.name if bundle else ""
    try:
        return catalogue.item_in_force(key).content.name
    except Refused:
        return ""
