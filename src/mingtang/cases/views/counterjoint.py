"""Taking an application for a whole bundle at the window (窗口收一件事), as `counter` takes one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.cases import access, queries
from mingtang.cases.forms import once_key
from mingtang.cases.views import counter, jointapply, words
from mingtang.cases.views import filing as filings
from mingtang.cases.views.jointapply import JointFiling
from mingtang.cases.views.wizard import Wizard, kept
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.core.bundles import BundleContent
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.vault import actions as vault_actions


@needs(Power.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def identify(request: HttpRequest, bundle: str) -> HttpResponse:
    """Enter who came."""
    content, _officer = _open_to_window(request, bundle)
    name = words.either(content.name, content.name_en)
    return counter.identified(
        request, name, lambda known: redirect("cases:counter-joint-start", bundle, known)
    )


@needs(Power.CASE_INTAKE)
@require_GET
def start(request: HttpRequest, bundle: str, person: str) -> HttpResponse:
    """Begin, or go on where this clerk left it."""
    filing = _filing(request, bundle, person)
    return redirect(filing.url(filing.next_open))


@needs(Power.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, bundle: str, person: str, step: str) -> HttpResponse:
    """Show one step, or take what was entered into it."""
    clerk = actor_of(request)
    key = once_key(request.POST) if request.method == "POST" and step == "confirm" else None
    filed = queries.filed_once(f"{clerk.person}/together/{key}") if key else None
    if filed:
        return _done(filed)
    filing = _filing(request, bundle, person)
    _content, officer = _open_to_window(request, bundle)

    def file(once: str) -> Receipt:
        return filing.file(once=f"{clerk.person}/together/{once}", taken_by=officer)

    context = {"guide": jointapply.guide(bundle), "joint": True, "at_window": True}
    wizard = Wizard(request, filing, done=_done, work_nav=work_nav(request), **context)
    return wizard.answer(step, file)


def _done(number: str) -> HttpResponse:
    """Go to the joint case: its window accepts it there."""
    return redirect("cases:joint", number)


@needs(Power.CASE_INTAKE)
@require_POST
def save(request: HttpRequest, bundle: str, person: str) -> HttpResponse:
    """Keep what is being typed (自动保存)."""
    return kept(request, lambda: _filing(request, bundle, person))


@needs(Power.CASE_INTAKE)
@require_POST
def discard(request: HttpRequest, bundle: str, person: str) -> HttpResponse:
    """Drop what was entered: the person left."""
    vault_actions.drop_draft(owner=actor_of(request).person, subject=_subject(bundle, person))
    return redirect("cases:counter")


@needs(Power.CASE_INTAKE)
@require_POST
def renew(request: HttpRequest, bundle: str, person: str) -> HttpResponse:
    """Go on under the bundle as it has become since."""
    filing = _filing(request, bundle, person)
    filing.accept_changes()
    return redirect(filing.url(filing.next_open))


def _subject(bundle: str, person: str) -> str:
    return f"counter-together/{bundle}/{person}"


def _open_to_window(request: HttpRequest, bundle: str) -> tuple[BundleContent, cases.Officer]:
    """Return the bundle and as whom the clerk takes it in. Raises Http404 when it is not theirs.

    The lead's window receives for all (行政许可法 art. 26 para. 2), or the centre's.
    """
    try:
        content = catalogue.bundle_in_force(bundle).content
    except Refused:
        raise Http404 from None
    officer = access.officer_for(actor_of(request), Power.CASE_INTAKE, content.lead)
    if officer is None:
        raise Http404
    return content, officer


def _filing(request: HttpRequest, bundle: str, person: str) -> JointFiling:
    _open_to_window(request, bundle)
    filer = people.actor(person)
    if not filer.person:
        raise Http404

    def url(step: str) -> str:
        if step in filings.BESIDE:
            return reverse(f"cases:counter-joint-{step}", args=[bundle, person])
        return reverse("cases:counter-joint-step", args=[bundle, person, step])

    return jointapply.begin(
        bundle,
        filer=filer,
        owner=actor_of(request).person,
        subject=_subject(bundle, person),
        url=url,
    )
