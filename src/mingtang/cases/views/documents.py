"""Files handed in (材料), for those who may read them; never run, whatever they hold."""

from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.core.cases import Officer
from mingtang.core.decider import Refused
from mingtang.core.papers import Need, PaperKind, Reader
from mingtang.core.people import Power
from mingtang.papers import actions as papers_actions
from mingtang.papers import queries as papers
from mingtang.people.access import actor_of, needs, signed_in
from mingtang.vault import queries as vault

HANDLING = (Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE)
SHOWN = ("application/pdf", "image/png", "image/jpeg")  # safe to look at in the browser


@signed_in
@require_GET
def document(request: HttpRequest, number: str, id: str) -> FileResponse:
    """Send one file of a case: to its applicant, or to an officer who handles it.

    Where the file is somebody's e-licence, its holder sees that an officer looked at it.
    """
    row = queries.by_number(number)
    sight = access.sight(actor_of(request), row) if row else None
    if row is None or sight not in (Sight.OWN, Sight.OFFICE):
        raise Http404
    if id not in queries.documents_of(row.number):
        raise Http404
    if sight is Sight.OFFICE:
        look_at(request, row, id)
    return _sent(id)


@needs(*HANDLING)
@require_GET
def licence(request: HttpRequest, number: str, key: str) -> FileResponse:
    """Send an officer who has the case in hand an e-licence it asks for (查阅证照).

    It need not have been handed in: whoever holds it sees who looked, for which case and when.
    What the case does not ask for, and what it asked for once it is closed, is not there.
    """
    row, actor = queries.by_number(number), actor_of(request)
    officer = access.has_in_hand(actor, row) if row else None
    if row is None or officer is None:
        raise Http404
    paper = next((one for one in queries.licences_of(row) if one.key == key), None)
    if paper is None:
        raise Http404

    def need() -> Need:
        now = queries.by_number(row.number) or row
        in_hand = access.has_in_hand(actor, now) is not None
        asked = queries.is_asked(now, paper)
        closed = now.closed_at is not None
        return Need(handed_in=False, closed=closed, in_hand=in_hand, asked=asked)

    _leave_trace(row, paper, officer, need)
    return _sent(paper.file)


def look_at(request: HttpRequest, row: queries.CaseRow, file: str) -> None:
    """Record an officer's look at a file that is somebody's e-licence.

    Raises Http404 where they have nothing to do with the case any more.
    """
    paper = papers.held_document(file)
    if paper is None or paper.paper != PaperKind.LICENCE:
        return
    actor = actor_of(request)
    officer = access.officer_in(actor, queries.tasks_of(row.number))
    officer = officer or access.counsel_in(actor, row.number)
    if officer is None:  # transferred since they had a task in it
        raise Http404
    _leave_trace(row, paper, officer, lambda: HANDED_IN)


HANDED_IN = Need(handed_in=True, closed=False, in_hand=False, asked=False)


def _leave_trace(
    row: queries.CaseRow, paper: papers.PaperRow, officer: Officer, need: Callable[[], Need]
) -> None:
    """Record the look before the bytes are sent (查阅留痕): what is not recorded is not shown.

    Raises Http404 where the case does not need it.
    """
    reader = Reader(
        person=officer.person, staff_no=officer.staff_no, organisation=officer.organisation
    )
    try:
        papers_actions.read(
            key=paper.key,
            reader=reader,
            case=row.number,
            purpose=row.item_name,
            need=need,
            at=timezone.localtime(),
        )
    except Refused as refused:
        raise Http404 from refused


@signed_in
@require_GET
def letter(request: HttpRequest, number: str, leg: int) -> FileResponse:
    """Send the answer of a body outside the system (答复文件) to whoever handles the case."""
    row = queries.by_number(number)
    if row is None or access.sight(actor_of(request), row) is not Sight.OFFICE:
        raise Http404
    found = queries.letter_of(number, leg)
    if found is None:
        raise Http404
    return _sent(found.id)


@signed_in
@require_GET
def record(request: HttpRequest, number: str, hearing: int) -> FileResponse:
    """Send the signed record of a hearing (听证笔录) to the case's officers, its applicant, and
    whoever was heard in it."""
    row, actor = queries.by_number(number), actor_of(request)
    found = queries.record_of(number, hearing) if row else None
    if row is None or found is None:
        raise Http404
    heard = {one.hearing for one in queries.parties_of(number, actor.person)}
    sight = access.sight(actor, row)
    if hearing not in heard and (sight is None or not sight.full):
        raise Http404
    return _sent(found.document.id)


@signed_in
@require_GET
def own(request: HttpRequest, id: str) -> FileResponse:
    """Send a person one of their own files, handed in or not yet."""
    held = vault.document(id)
    person = actor_of(request).person
    if held is None or not person or held.owner != person:
        raise Http404
    return _sent(id)


def _sent(id: str) -> FileResponse:
    held = vault.document(id)
    if held is None or held.erased_at is not None:
        raise Http404
    try:
        file = vault.path_of(held.id).open("rb")
    except OSError as error:
        raise Http404 from error
    shown = held.media_type in SHOWN
    response = FileResponse(
        file,
        as_attachment=not shown,
        filename=held.name,
        content_type=held.media_type,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
