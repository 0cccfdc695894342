"""Taking an application at the window (窗口收件) for somebody who walked in.

For a whole bundle (一件事): `counterjoint`.
"""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.cases import access, queries
from mingtang.cases.forms import once_key
from mingtang.cases.views import filing as filings
from mingtang.cases.views import words
from mingtang.cases.views.filing import Filing
from mingtang.cases.views.wizard import Wizard, kept
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import Wanted
from mingtang.core.catalogue import ItemContent
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.people import actions as people_actions
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.forms import IdentityForm
from mingtang.ui import refusals
from mingtang.vault import actions as vault_actions
from mingtang.vault import queries as vault

FOUND = 30  # items shown to choose from
BEGUN = {  # kind of draft → where it goes on
    "counter": "cases:counter-start",
    "counter-together": "cases:counter-joint-start",
}


@needs(Power.CASE_INTAKE)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Look for the item somebody came for."""
    text = request.GET.get("q", "").strip()
    departments = access.departments_served(actor_of(request), Power.CASE_INTAKE)
    found = catalogue.items(Wanted(text=text)) if text else None
    if found is not None and departments is not None:
        found = catalogue.taken_in_at(found, departments)
    lines = [
        {
            "title": words.either(row.name, row.name_en),
            "url": reverse("cases:counter-person", args=[row.key]),
            "code": row.code,
            "department": words.body_name(row.department, row.department_name),
        }
        for row in (found[:FOUND] if found is not None else [])
    ]
    context = {
        "work_nav": work_nav(request),
        "text": text,
        "together": _bundles(request, text) if text else [],
        "lines": lines,
        "most": FOUND,
        "unfinished": _unfinished(request),
    }
    return render(request, "cases/counter_item.html", context)


def _bundles(request: HttpRequest, text: str) -> list[dict[str, str]]:
    """Return the bundles (一件事) of this name that this window takes in."""
    actor, wanted = actor_of(request), text.casefold()
    return [
        {
            "title": words.either(row.name, row.name_en),
            "url": reverse("cases:counter-joint-person", args=[row.key]),
            "code": "",
            "department": words.body_name(row.lead, row.lead_name),
        }
        for row in catalogue.bundles_in_force()
        if wanted in f"{row.name} {row.name_en}".casefold()
        and access.officer_for(actor, Power.CASE_INTAKE, row.lead)
    ]


@needs(Power.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def identify(request: HttpRequest, item: str) -> HttpResponse:
    """Enter who came: a person already registered with this number, or a new one."""
    content = _open_to_window(request, item)
    name = words.either(content.name, content.name_en)
    return identified(request, name, lambda known: redirect("cases:counter-start", item, known))


def identified(
    request: HttpRequest, name: str, go_on: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Ask who came for what is called `name`; `go_on` with that person's id."""
    form = IdentityForm(request.POST if request.method == "POST" else None, label_suffix="")
    context = {"work_nav": work_nav(request), "item_name": name, "form": form}
    if request.method == "GET":
        return render(request, "cases/counter_person.html", context)
    if not form.is_valid():
        return render(request, "cases/counter_person.html", context, status=422)
    identity = form.identity()
    known = people.person_with(id_kind=identity.id_kind, id_number=identity.id_number)
    row = people.person(known) if known else None
    if row is not None and row.name != identity.name:
        form.add_error("name", _("这个证件号码登记的是另一个姓名，请与证件原件核对。"))
        return render(request, "cases/counter_person.html", context, status=422)
    if row is None:
        try:
            known = people_actions.register_person(
                identity=identity, by=actor_of(request).person, at=timezone.localtime()
            ).key
        except Refused as refused:
            form.add_error(None, refusals.sentence(refused))
            return render(request, "cases/counter_person.html", context, status=409)
    assert known is not None
    return go_on(known)


@needs(Power.CASE_INTAKE)
@require_GET
def start(request: HttpRequest, item: str, person: str) -> HttpResponse:
    """Begin, or go on where this clerk left it."""
    filing = _filing(request, item, person)
    return redirect(filing.url(filing.next_open))


@needs(Power.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, item: str, person: str, step: str) -> HttpResponse:
    """Show one step, or take what was entered into it."""
    clerk = actor_of(request)
    key = once_key(request.POST) if request.method == "POST" and step == "confirm" else None
    filed = queries.filed_once(f"{clerk.person}/file/{key}") if key else None
    if filed:
        return _done(request, filed)
    filing = _filing(request, item, person)

    def file(once: str) -> Receipt:
        assert filing.place is not None, "a problem otherwise"
        officer = access.officer_taking_in(clerk, filing.content, filing.place.organ)
        return filing.file(once=f"{clerk.person}/file/{once}", taken_by=officer)

    nav = work_nav(request)
    wizard = Wizard(request, filing, done=partial(_done, request), at_window=True, work_nav=nav)
    return wizard.answer(step, file)


def _done(request: HttpRequest, number: str) -> HttpResponse:
    """Go on with what was filed at the desk: one application, or a batch of them.

    What was taken in for an organ elsewhere goes on there: this clerk hands over the receipt.
    """
    many = number.startswith("B-")
    row = queries.batch(number) if many else queries.by_number(number)
    assert row is not None
    if access.officer_for(actor_of(request), Power.CASE_INTAKE, row.department):
        return redirect("cases:batch-desk" if many else "cases:desk-case", number)
    if not many:
        return redirect("cases:progress", number)
    organ = words.body_name(row.department)
    said = _("批量申请 %(number)s 已经收件，转%(organ)s受理。") % {"number": number, "organ": organ}
    messages.success(request, said)
    return redirect("cases:counter")


@needs(Power.CASE_INTAKE)
@require_POST
def save(request: HttpRequest, item: str, person: str) -> HttpResponse:
    """Keep what is being typed (自动保存)."""
    return kept(request, lambda: _filing(request, item, person))


@needs(Power.CASE_INTAKE)
@require_POST
def discard(request: HttpRequest, item: str, person: str) -> HttpResponse:
    """Drop what was entered: the person left."""
    subject = _subject(item, person)
    vault_actions.drop_draft(owner=actor_of(request).person, subject=subject)
    return redirect("cases:counter")


@needs(Power.CASE_INTAKE)
@require_POST
def renew(request: HttpRequest, item: str, person: str) -> HttpResponse:
    """Go on under the item as it has become since."""
    filing = _filing(request, item, person)
    filing.accept_changes()
    return redirect(filing.url(filing.next_open))


def _unfinished(request: HttpRequest) -> list[dict[str, str]]:
    """Return what this clerk has begun to take in and not filed yet."""
    lines = []
    for row in vault.drafts_of(actor_of(request).person, at=timezone.now()):
        kind, *about = row.subject.split("/")
        if kind not in BEGUN:
            continue
        key, person = about
        try:
            name, name_en = _names(kind, key)
        except Refused:
            continue
        lines.append(
            {
                "title": words.either(name, name_en),
                "url": reverse(BEGUN[kind], args=[key, person]),
                "note": people.actor(person).name,
            }
        )
    return lines


def _names(kind: str, key: str) -> tuple[str, str]:
    """Return what is applied for, in both languages. Raises Refused when nobody can any more."""
    if kind == "counter":
        content = catalogue.item_in_force(key).content
        return content.name, content.name_en
    bundle = catalogue.bundle_in_force(key).content
    return bundle.name, bundle.name_en


def _subject(item: str, person: str) -> str:
    return f"counter/{item}/{person}"


def _open_to_window(request: HttpRequest, item: str) -> ItemContent:
    """Return the item. Raises Http404 when it is not this window's, Refused when closed."""
    _version, content = catalogue.in_force(item)
    organs = (one.organ for one in catalogue.handlers(item, content))
    if not any(access.officer_taking_in(actor_of(request), content, one) for one in organs):
        raise Http404
    return content


def _filing(request: HttpRequest, item: str, person: str) -> Filing:
    content = _open_to_window(request, item)
    filer, clerk = people.actor(person), actor_of(request)
    if not filer.person:
        raise Http404

    def url(step: str) -> str:
        if step in filings.BESIDE:
            return reverse(f"cases:counter-{step}", args=[item, person])
        return reverse("cases:counter-step", args=[item, person, step])

    return filings.begin(
        item=item,
        filer=filer,
        owner=clerk.person,
        subject=_subject(item, person),
        url=url,
        at=timezone.localtime(),
        takes_in=lambda organ: access.officer_taking_in(clerk, content, organ) is not None,
    )
