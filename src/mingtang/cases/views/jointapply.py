"""Applying for a whole bundle (一件事申请): one form, each material once, a case for every item."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.cases import queries
from mingtang.cases.actions.joint import file_joint
from mingtang.cases.forms import once_key
from mingtang.cases.views import filing as filings
from mingtang.cases.views import words
from mingtang.cases.views.filing import Filing, recorded
from mingtang.cases.views.wizard import Wizard, kept
from mingtang.catalogue import queries as catalogue
from mingtang.core import bundles, cases
from mingtang.core.catalogue import Material
from mingtang.core.decider import Refused
from mingtang.ledger.orders import Receipt
from mingtang.people.access import Actor, actor_of, signed_in
from mingtang.ui import refusals
from mingtang.ui.context import address
from mingtang.ui.pages import explain
from mingtang.vault import actions as vault_actions
from mingtang.vault import queries as vault


@dataclass(kw_only=True)
class JointFiling(Filing):
    """One application for a bundle in the making: an application as any other, asked for once."""

    bundle: catalogue.PublishedBundle

    @property
    def asked(self) -> tuple[Material, ...]:
        """Every material once, with the items it serves."""
        content, contents = self.bundle.content, self.bundle.contents
        return tuple(
            replace(one.material, guidance=self._serving(one))
            for one in bundles.materials(content, contents, self.answers)
        )

    @property
    def sharing(self) -> cases.Sharing:
        """What of it need not be handed in for any of the items, as of now."""
        _by_item, joint = queries.sharing_for_bundle(self.bundle, self.answers, self.applicant())
        return joint

    def _serving(self, one: bundles.JointMaterial) -> str:
        served = dict.fromkeys(self.bundle.items[part.item].content for part in one.parts)
        names = _("、").join(words.either(item.name, item.name_en) for item in served)
        said = [_("用于：%(names)s") % {"names": names}, one.material.guidance]
        return _("；").join(filter(None, said))

    def file(self, *, once: str, taken_by: cases.Officer | None = None) -> Receipt:
        """File what has no problems. Raises Refused; the draft is then still there."""
        form = self.form(check=True)
        assert form.is_valid(), "whoever files looks at the problems first"
        receipt = file_joint(
            bundle=self.bundle.key,
            applicant=self.applicant(),
            answers=self.answers,
            form=form.cleaned_data,
            documents=[recorded(key, row) for key, row in self.documents()],
            at=self.at,
            taken_by=taken_by,
            promised=self.promised,
            once=once,
        )
        vault_actions.drop_draft(owner=self.owner, subject=self.subject)
        return receipt


def subject_of(bundle: str) -> str:
    """Return the name the draft is kept under."""
    return f"together/{bundle}"


@signed_in
@require_GET
def start(request: HttpRequest, bundle: str) -> HttpResponse:
    """Begin, or go on where it was left."""
    try:
        filing = _filing(request, bundle)
    except Refused as refused:
        return _closed(request, refused)
    return redirect(filing.url(filing.next_open))


@signed_in
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, bundle: str, step: str) -> HttpResponse:
    """Show one step, or take what was sent from it."""
    filed = _filed_before(request, step)
    if filed:
        return redirect("cases:joint", filed)
    try:
        filing = _filing(request, bundle)
    except Refused as refused:
        return _closed(request, refused)
    if filing.saved_at is None and step != filing.steps[0]:
        return redirect(filing.url(filing.steps[0]))

    def file(once: str) -> Receipt:
        return filing.file(once=_once(request, once))

    def done(number: str) -> HttpResponse:
        return redirect("cases:joint", number)

    return Wizard(request, filing, done=done, guide=guide(bundle), joint=True).answer(step, file)


@require_POST
def save(request: HttpRequest, bundle: str) -> HttpResponse:
    """Keep what is being typed (自动保存)."""
    return kept(request, lambda: _filing(request, bundle))


save.access = ("signed-in",)  # type: ignore[attr-defined]  # asks itself: a script cannot sign in


@signed_in
@require_POST
def renew(request: HttpRequest, bundle: str) -> HttpResponse:
    """Go on under the bundle as it is now; every step is looked at once more."""
    filing = _filing(request, bundle)
    filing.accept_changes()
    return redirect(filing.url(filing.next_open))


@signed_in
@require_POST
def discard(request: HttpRequest, bundle: str) -> HttpResponse:
    """Drop the draft. The files handed in stay among the person's own."""
    vault_actions.drop_draft(owner=_person(request), subject=subject_of(bundle))
    if request.POST.get("then") == "mine":
        return redirect(f"{reverse('cases:mine')}?tab=drafts")
    return redirect("cases:joint-apply", bundle)


# ── What the steps need ─────────────────────────────────────────────────────


def _filing(request: HttpRequest, key: str) -> JointFiling:
    """Raises Refused: bundle.not-in-force, bundle.item-not-published."""
    person = _person(request)

    def url(step: str) -> str:
        if step in filings.BESIDE:
            return reverse(f"cases:joint-apply-{step}", args=[key])
        return reverse("cases:joint-apply-step", args=[key, step])

    subject = subject_of(key)
    return begin(key, filer=actor_of(request), owner=person, subject=subject, url=url)


def begin(
    key: str, *, filer: Actor, owner: str, subject: str, url: Callable[[str], str]
) -> JointFiling:
    """Return the application for a bundle as far as it has been written.

    Raises Refused: bundle.not-in-force, bundle.item-not-published.
    """
    found, row = catalogue.bundle_in_force(key), vault.draft(owner=owner, subject=subject)
    draft: dict[str, Any] = json.loads(row.content) if row else {}
    return JointFiling(
        filer=filer,
        owner=owner,
        subject=subject,
        item=key,
        # What is asked for is worked out anew at each step, from the items as they then are.
        version=draft.get("version") or found.version,
        content=bundles.joined(found.content, found.contents),
        draft=draft,
        saved_at=row.saved_at if row else None,
        url=url,
        at=timezone.localtime(),
        bundle=found,
    )


def _person(request: HttpRequest) -> str:
    """Return who applies. Raises Http404 for an account of no registered person."""
    person = actor_of(request).person
    if not person:
        raise Http404
    return person


def _once(request: HttpRequest, key: str) -> str:
    return f"{actor_of(request).person}/together/{key}"


def _filed_before(request: HttpRequest, step: str) -> str | None:
    key = once_key(request.POST) if request.method == "POST" and step == "confirm" else None
    return queries.filed_once(_once(request, key)) if key else None


def guide(bundle: str) -> str:
    """Return the address of a bundle's guide page, if this installation has one."""
    try:
        return reverse("portal:bundle", args=[bundle])
    except NoReverseMatch:
        return ""


def _closed(request: HttpRequest, refused: Refused) -> HttpResponse:
    return explain(
        request,
        status=404 if refused.code == "bundle.not-in-force" else 409,
        happened=refusals.sentence(refused),
        kept=_("填写过的草稿和上传的文件都还在。"),
        next_steps=[
            (_("看别的一件事"), address("portal:bundles") or "/"),
            (_("我的办件"), reverse("cases:mine")),
        ],
        code=refused.code,
    )
