"""The steps of an application as pages (申请步骤), the same at home and at the window.

Every answer is kept in the draft before it is judged: nothing typed or uploaded is lost when
the answer is no.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mingtang.cases.forms import SituationForm, WhereForm, WhoForm, once_key
from mingtang.cases.views import filing as filings
from mingtang.cases.views import showing, words
from mingtang.cases.views.filing import Filing
from mingtang.cases.views.rows import RowsSteps
from mingtang.catalogue.templatetags import place_words as places
from mingtang.core import cases
from mingtang.core.catalogue import Material
from mingtang.core.decider import Refused
from mingtang.core.licences.wording import printed_term
from mingtang.ledger.orders import Receipt
from mingtang.papers import queries as papers
from mingtang.ui import refusals
from mingtang.vault import queries as vault

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.ofd,.docx,.xlsx"
EARLIER = 100  # files handed in before, the newest, that are offered
Context = dict[str, Any]


def kept(request: HttpRequest, begin: Callable[[], Filing]) -> HttpResponse:
    """Keep what is being typed (自动保存). Answers 204; 401 once signed out, 409 when closed.

    A script asks, which cannot sign in: so the page asks itself who it is.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    try:
        filing = begin()
    except Refused:
        return HttpResponse(status=409)
    filing.keep_typing(request.POST)
    filing.keep()
    return HttpResponse(status=204)


class Wizard(RowsSteps):
    """One request to one step."""

    def __init__(
        self,
        request: HttpRequest,
        filing: Filing,
        *,
        done: Callable[[str], HttpResponse],
        **context: Any,
    ) -> None:
        """`done` leads to the page of what was filed, by its number: a case's or a batch's."""
        self.request, self.filing, self.done, self.context = request, filing, done, context

    def answer(self, step: str, file: Callable[[str], Receipt]) -> HttpResponse:
        """Show a step, or take what was sent from it. `file` files it under a once key."""
        if step not in self.filing.steps:
            raise Http404
        if step == "confirm":
            return self.confirm(file)
        shown: Callable[[], HttpResponse] = getattr(self, step)
        return shown()

    # ── The steps ───────────────────────────────────────────────────────────

    def who(self) -> HttpResponse:
        filing = self.filing
        data = self.request.POST if self.request.method == "POST" else None
        form = WhoForm(filing.applicants, data, initial={"who": filing.who})
        if data is not None and form.is_valid():
            filing.draft["who"] = form.cleaned_data["who"]
            return self._on("who")
        return self._page("who", {"form": form}, form)

    def where(self) -> HttpResponse:
        filing = self.filing
        data = self.request.POST if self.request.method == "POST" else None
        chosen = filing.place.organ if filing.place else ""
        form = WhereForm(places.choices(filing.places), data, initial={"organ": chosen})
        if data is not None and form.is_valid():
            filing.turn_to(form.cleaned_data["organ"])
            return self._on("where")
        content = filing.content
        decider = words.body_name(content.department, content.department_name)
        return self._page("where", {"form": form, "decider": decider}, form)

    def situation(self) -> HttpResponse:
        filing = self.filing
        data = self.request.POST if self.request.method == "POST" else None
        form = SituationForm(filing.content.situations, data, initial=filing.answers)
        if data is None:
            return self._page("situation", {"form": form})
        filing.draft["answers"] = {
            situation.key: data.get(situation.key, "") for situation in filing.content.situations
        }
        filing.keep()
        return (
            self._on("situation")
            if form.is_valid()
            else self._page("situation", {"form": form}, form)
        )

    def materials(self) -> HttpResponse:
        if self.request.method == "GET":
            return self._materials()
        match self.request.POST.get("do"):
            case "add":
                return self._add()
            case "remove":
                material, _colon, document = self.request.POST.get("file", "").partition(":")
                self.filing.detach(material, document)
                self.filing.keep()
                return redirect(self.filing.url("materials"))
            case "promise" | "retract" as act:
                return self._promise(act == "promise")
            case _:
                return self._all_there()

    def _promise(self, made: bool) -> HttpResponse:
        """Make a commitment in place of a material (告知承诺), or take it back."""
        filing, key = self.filing, self.request.POST.get("material", "")
        if key not in {material.key for material in filing.asked if material.commitment}:
            raise Http404
        filing.promise(key, made)
        filing.keep()
        return redirect(f"{filing.url('materials')}#m-{key}")

    def _add(self) -> HttpResponse:
        """Take one file for one material: uploaded now, or one the person handed in before."""
        filing, material = self.filing, self.request.POST.get("material", "")
        if material not in {m.key for m in filing.asked} - filing.sharing.found:
            raise Http404
        upload, earlier = self.request.FILES.get("upload"), self.request.POST.get("earlier", "")
        if upload is None and not earlier:
            return self._materials({material: _("请先选一个文件。")}, status=422)
        if upload is not None:
            try:
                owner = filing.filer.person
                earlier = filings.keep_upload(upload, owner=owner, at=filing.at).id
            except Refused as refused:
                said = f"{upload.name}：{refusals.sentence(refused)}"
                return self._materials({material: said}, status=422)
        elif earlier not in {row.id for row in self._own()}:
            raise Http404
        filing.attach(material, earlier)
        filing.keep()
        return redirect(f"{filing.url('materials')}#m-{material}")

    def _all_there(self) -> HttpResponse:
        given = {material for material, _row in self.filing.documents()}
        given |= self.filing.sharing.found
        given |= set(self.filing.promised)
        missing = {
            m.key: _("这份材料是必要的，请上传或选用。")
            for m in self.filing.asked
            if m.needed == "required" and m.key not in given
        }
        return self._materials(missing, status=422) if missing else self._on("materials")

    def _materials(self, wrong: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
        filing, wrong = self.filing, wrong or {}
        attached: dict[str, list[vault.DocumentRow]] = {}
        for key, row in filing.documents():
            attached.setdefault(key, []).append(row)
        lines = [
            {
                **line,
                "files": attached.get(line["key"], []),
                "wrong": wrong.get(line["key"], ""),
            }
            for line in self._asked()
        ]
        context = {
            "lines": lines,
            "wrong": [line for line in lines if line["wrong"]],
            **self._offered(),
            "accepted": ACCEPTED,
            "limit": settings.UPLOAD_LIMIT,
            "barred_until": filing.barred_until,
        }
        return self._page("materials", context, status=status)

    def _asked(self) -> list[Context]:
        """Return the materials in words, those read from the directory with what was found."""
        sharing = self.filing.sharing
        outcomes = {one.material: one.outcome for one in sharing.shared}
        lines: list[Context] = []
        for material in self.filing.asked:
            line = showing.material_words(material)
            if material.key in outcomes:
                paper = (sharing.papers or {}).get(material.key, "")
                line["shared"] = showing.shared_words(outcomes[material.key], paper)
            lines.append({**line, **self._beside(material)})
        return lines

    def _beside(self, material: Material) -> dict[str, Any]:
        """Return what may stand for a material, or how long it may follow."""
        filing = self.filing
        deferrable = material.needed == "deferrable"
        days = filing.content.deferral_days or cases.DEFERRAL_DAYS
        return {
            "follows": days if deferrable else 0,
            "commitment": material.commitment,
            "promised": material.key in filing.promised,
        }

    def _offered(self) -> dict[str, Any]:
        """Return what need not be handed in again: one's e-licences first, then other files.

        A licence that is not good today is not among its holder's documents.
        """
        own = self._own()
        known = papers.held_documents([row.id for row in own])
        return {
            "licences": [
                (row, known[row.id], _until(known[row.id])) for row in own if row.id in known
            ],
            "earlier": [row for row in own if row.id not in known][:EARLIER],
        }

    def _own(self) -> list[vault.DocumentRow]:
        """What the person handed in before. At a window only the person's own new scans count."""
        if self.filing.owner != self.filing.filer.person:
            return []
        return vault.documents_of(self.filing.filer.person)

    def form(self) -> HttpResponse:
        filing = self.filing
        if self.request.method == "GET":
            return self._page("form", {"form": filing.form(check=False)})
        filing.keep_typing(self.request.POST)
        filing.keep()
        form = filing.form(check=True)
        return self._on("form") if form.is_valid() else self._page("form", {"form": form}, form)

    def confirm(self, file: Callable[[str], Receipt]) -> HttpResponse:
        if self.request.method == "GET":
            return self._confirm()
        once = once_key(self.request.POST)
        if once is None:
            return self._confirm(
                _("这一页不完整，没有提交。内容都在，请再按一次提交。"), status=422
            )
        if self.filing.problems():
            return self._confirm(status=422)
        try:
            receipt = file(once)
        except Refused as refused:
            return self._confirm(refusals.sentence(refused), refused.code, status=409)
        return self.done(receipt.key)

    def _confirm(self, refused: str = "", code: str = "", status: int = 200) -> HttpResponse:
        filing = self.filing
        applicant = filing.applicant()
        form = filing.form(check=True)
        given = form.cleaned_data if form.is_valid() else {}
        situations = [
            (
                words.either(situation.question, situation.question_en),
                next(
                    words.either(option.label, option.label_en)
                    for option in situation.options
                    if option.value == filing.answers[situation.key]
                ),
            )
            for situation in filing.content.situations
            if situation.key in filing.answers
        ]
        attached: dict[str, list[vault.DocumentRow]] = {}
        for key, row in filing.documents():
            attached.setdefault(key, []).append(row)
        context = {
            "applicant": applicant,
            "place": places.line(filing.place) if filing.place else None,
            "situations": situations,
            "lines": [{**line, "files": attached.get(line["key"], [])} for line in self._asked()],
            "answers": showing.field_lines(filing.fields, given),
            "rows": filing.roster.rows if filing.many else None,
            "problems": [(filing.url(step), why) for step, why in filing.problems()],
            "refused": refused,
            "code": code,
        }
        return self._page("confirm", context, status=status)

    # ── Page and way on ─────────────────────────────────────────────────────

    def _on(self, step: str) -> HttpResponse:
        """Keep the step as gone through, and go to the next; back to the summary from a change."""
        self.filing.keep(seen=step)
        if self.request.POST.get("then") == "confirm":
            return redirect(self.filing.url("confirm"))
        return redirect(self.filing.url(self.filing.after(step)))

    def _page(
        self, step: str, context: Context, wrong: Form | None = None, *, status: int = 200
    ) -> HttpResponse:
        filing = self.filing
        before = filing.before(step)
        content, place = filing.content, filing.place
        base = {
            "filing": filing,
            "item_name": words.either(content.name, content.name_en),
            "department": words.body_name(place.organ, place.name)
            if place
            else words.body_name(content.department, content.department_name),
            "renewed": showing.renewed(filing.renews),
            "promise": place.days if place and not place.first_review else content.promised_days,
            "on_the_spot": place.days == 0 if place else content.on_the_spot,
            "guide": address_of_guide(filing.item),
            "step": step,
            "step_name": filings.NAMES[step],
            "line": filing.line(step),
            "back": filing.url(before) if before else "",
            "changes": filings.changes(filing),
            "draft_url": filing.url("draft"),
            "renew_url": filing.url("renew"),
            "discard_url": filing.url("discard"),
            "urls": {name: filing.url(name) for name in filing.steps},
            "then": self.request.GET.get("then", self.request.POST.get("then", "")),
        }
        invalid = wrong is not None and wrong.is_bound and not wrong.is_valid()
        return render(
            self.request,
            f"cases/apply/{step}.html",
            {**base, **self.context, **context},
            status=422 if invalid else status,
        )


def _until(paper: papers.PaperRow) -> str:
    """Return the validity printed on a licence, nothing once it has been erased."""
    sheet = papers.sheet_of(paper)
    return printed_term(sheet) if sheet else ""


def address_of_guide(item: str) -> str:
    """Return the address of an item's guide page (办事指南), if this installation has one."""
    try:
        return reverse("portal:guide", args=[item])
    except NoReverseMatch:
        return ""
