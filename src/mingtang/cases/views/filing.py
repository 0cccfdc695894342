"""An application being written (填写申请): its draft, its steps, and the moment it is filed.

The same steps serve a person at home and a clerk at the window; only whose draft it is, and
who is recorded as having taken it in, differ.

Draft: {"version", "once", "renews", "many", "who", "organ", "answers": {situation: option},
"fields": {name: [text, …]}, "documents": {material: [document]}, "promised": [material, …],
"seen": [step, …]}; of a batch (批量申请) also what `roster` keeps in it.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mingtang.cases import access, actions, queries
from mingtang.cases.actions.batches import file_batch
from mingtang.cases.forms import SituationForm
from mingtang.cases.views import showing, words
from mingtang.cases.views.roster import Roster
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.forms import application_form
from mingtang.catalogue.queries import Handler
from mingtang.core import batches, cases
from mingtang.core.catalogue import FormField, ItemContent, Material
from mingtang.core.clock import civil_day
from mingtang.ledger.orders import Receipt
from mingtang.people import queries as people
from mingtang.people.queries import Actor
from mingtang.vault import actions as vault_actions
from mingtang.vault import queries as vault

Draft = dict[str, Any]
NAMES = {
    "many": gettext_lazy("申请方式"),
    "who": gettext_lazy("申请人"),
    "where": gettext_lazy("办理机关"),
    "situation": gettext_lazy("情形"),
    "materials": gettext_lazy("材料"),
    "form": gettext_lazy("表单"),
    "rows": gettext_lazy("名单"),
    "confirm": gettext_lazy("确认提交"),
}
BESIDE = ("draft", "renew", "discard")  # addresses beside the steps: keep, go on, drop
PREFIX = "form"  # of the application form's fields: an item may call a field what it likes
LONGEST = 200_000  # characters of typing kept in a draft


@dataclass(kw_only=True)
class Filing:
    """One application in the making."""

    filer: Actor  # who applies, or files for somebody
    owner: str  # whose draft it is: the filer's, or the clerk's at the window
    subject: str
    item: str
    version: int
    content: ItemContent
    draft: Draft
    saved_at: datetime | None  # None: nothing kept yet
    url: Callable[[str], str]  # address of a step
    at: datetime
    takes_in: Callable[[str], bool] = lambda organ: True  # whether it may be taken in for an organ

    # ── Steps ───────────────────────────────────────────────────────────────

    @property
    def steps(self) -> list[str]:
        """The steps this item and this person need."""
        needed = {
            "many": self.may_be_many,
            "who": len(self.applicants) > 1,
            "where": len(self.places) > 1,
            "situation": bool(self.content.situations),
            "materials": bool(self.content.materials),
            "form": bool(self.fields),
            "rows": self.many,
            "confirm": True,
        }
        return [step for step, wanted in needed.items() if wanted]

    def after(self, step: str) -> str:
        return self.steps[self.steps.index(step) + 1]

    def before(self, step: str) -> str | None:
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None

    @property
    def next_open(self) -> str:
        """The first step not gone through yet."""
        return next((s for s in self.steps if s not in self.seen), "confirm")

    @property
    def seen(self) -> list[str]:
        found: list[str] = self.draft.get("seen", [])
        return found

    def line(self, current: str) -> list[dict[str, str]]:
        """Return the step line above the page."""

        def state(step: str) -> str:
            return "now" if step == current else "done" if step in self.seen else "next"

        return [{"name": str(NAMES[step]), "state": state(step)} for step in self.steps]

    # ── What is in it ───────────────────────────────────────────────────────

    @property
    def may_be_many(self) -> bool:
        """Whether it could be a batch: a renewal is of one licence."""
        return bool(batches.differing(self.content)) and not self.renews

    @property
    def many(self) -> bool:
        """Whether it is a batch (批量申请)."""
        return self.draft.get("many") == "yes" and self.may_be_many

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields of the application form: in a batch those that all rows have in common."""
        return batches.common(self.content) if self.many else self.content.form

    @cached_property
    def roster(self) -> Roster:
        """The rows of a batch."""
        return Roster(self.draft, batches.differing(self.content))

    @property
    def template_url(self) -> str:
        return reverse("cases:batch-template", args=[self.item])

    @property
    def applicants(self) -> list[tuple[str, str]]:
        """Return in whose name the filer may apply: key and label."""
        choices = [("self", _("%(name)s（本人）") % {"name": self.filer.name})]
        organisations = people.organisation_names()
        for code in sorted(self.filer.represents):
            choices.append((f"o:{code}", organisations.get(code, code)))
        entrusting = people.names(sorted(self.filer.principals))
        return choices + [(f"p:{id}", name) for id, name in entrusting.items()]

    @property
    def who(self) -> str:
        chosen: str = self.draft.get("who", "self")
        return chosen if chosen in dict(self.applicants) else "self"

    def applicant(self) -> cases.Applicant:
        """Return who applies. Raises Http404 when the account belongs to no registered person."""
        filer = people.person(self.filer.person)
        if filer is None:
            raise Http404
        kind, _colon, key = self.who.partition(":")
        if kind == "o":
            body = people.organisation(key)
            assert body is not None, "an agent is of a registered organisation"
            return cases.Applicant(
                kind="organisation",
                id=key,
                name=body.name,
                id_number=body.uscc,
                phone=filer.phone,
                agent=filer.id,
            )
        person = (people.person(key) if kind == "p" else filer) or filer
        return cases.Applicant(
            kind="person",
            id=person.id,
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            agent="" if person is filer else filer.id,
        )

    @cached_property
    def places(self) -> list[Handler]:
        """Who handles it where, as far as it may be taken in for them here."""
        found = catalogue.handlers(self.item, self.content)
        return [one for one in found if self.takes_in(one.organ)]

    @property
    def place(self) -> Handler | None:
        """Whom the applicant turned to; None: not chosen yet, or nobody is left."""
        if len(self.places) == 1:
            return self.places[0]
        chosen = self.draft.get("organ", "")
        return next((one for one in self.places if one.organ == chosen), None)

    def turn_to(self, organ: str) -> None:
        """Choose who is to handle it, if they do; what was written stays."""
        if organ in {one.organ for one in self.places}:
            self.draft["organ"] = organ

    @property
    def answers(self) -> dict[str, str]:
        """The chosen options, those that exist in this version."""
        given = self.draft.get("answers", {})
        options = {s.key: {o.value for o in s.options} for s in self.content.situations}
        return {key: value for key, value in given.items() if value in options.get(key, ())}

    @property
    def asked(self) -> tuple[Material, ...]:
        return cases.materials_for(self.content, self.answers)

    @property
    def sharing(self) -> cases.Sharing:
        """What of it need not be handed in, as of now: filing looks it up once more."""
        return queries.sharing_for(
            content=self.content, materials=self.asked, applicant=self.applicant()
        )

    def documents(self) -> list[tuple[str, vault.DocumentRow]]:
        """Return what is attached: material and document, none erased, none of a stranger's, none
        that nobody has to hand in."""
        found = self.sharing.found
        attached: Mapping[str, list[str]] = self.draft.get("documents", {})
        held = vault.documents([id for ids in attached.values() for id in ids])
        return [
            (material.key, held[id])
            for material in self.asked
            if material.key not in found
            for id in attached.get(material.key, [])
            if id in held and held[id].erased_at is None and held[id].owner == self.filer.person
        ]

    @property
    def promised(self) -> tuple[str, ...]:
        """The materials in whose place a commitment was made (告知承诺), in a batch by row"""
        chosen = set() if self.barred_until else set(self.draft.get("promised", ()))
        there = {material for material, _row in self.documents()}
        return tuple(m.key for m in self.asked if m.commitment and m.key in chosen - there)

    @cached_property
    def barred_until(self) -> date | None:
        """The last day on which this applicant's word does not do, unless it is over."""
        if not any(material.commitment for material in self.asked):
            return None
        applicant = self.applicant()
        last = queries.barred_until(applicant.kind, applicant.id)
        return last if last and civil_day(self.at) <= last else None

    @property
    def renews(self) -> str:
        """The licence this application asks to renew (申请延续), or empty."""
        key: str = self.draft.get("renews", "")
        return key

    def renew_licence(self, granted_by: queries.CaseRow) -> None:
        """Make it an application to renew what a case gave, in the name of who then applied."""
        self.draft["renews"] = granted_by.number
        kind = "o" if granted_by.applicant_kind == "organisation" else "p"
        self.draft["who"] = f"{kind}:{granted_by.applicant}"
        self.turn_to(granted_by.department)
        self.keep()

    @property
    def once(self) -> str:
        """The key this draft is filed under, the same in every tab; empty before it is kept."""
        key: str = self.draft.get("once", "")
        return key

    @property
    def typed(self) -> MultiValueDict[str, str] | None:
        fields = self.draft.get("fields")
        return MultiValueDict(fields) if fields else None

    def form(self, *, check: bool) -> Form:
        """Return the application form with what was typed, or what the account knows."""
        data = self.typed
        if check and data is None:
            data = MultiValueDict()
        known = None if data is not None else {**self._known(), **self._answered_before()}
        return application_form(self.fields, data=data, initial=known, prefix=PREFIX)

    def _known(self) -> dict[str, str]:
        """Return what need not be typed again: it stands in the account."""
        applicant = self.applicant()
        contact = people.person(self.filer.person)
        known = {"phone": applicant.phone}
        if applicant.kind == "organisation":
            known["uscc"] = applicant.id_number
        else:
            known["idnumber"] = applicant.id_number
        named = {
            "申请人": applicant.name,
            "申请人姓名": applicant.name,
            "申请人名称": applicant.name,
            "姓名": applicant.name,
            "单位名称": applicant.name if applicant.kind == "organisation" else "",
            "联系人": contact.name if contact else "",
        }
        found = {}
        for field in self.fields:
            value = known.get(field.kind) or named.get(field.label)
            if value:
                found[field.name] = value
        return found

    def _answered_before(self) -> Draft:
        """Return the answers of the case whose licence is renewed, to those it belongs to."""
        row = queries.by_number(self.renews) if self.renews else None
        if row is None or not access.is_own(self.filer, row):
            return {}
        return showing.filled(queries.case_file(row)) or {}

    # ── Keeping it ──────────────────────────────────────────────────────────

    def keep(self, *, seen: str = "") -> None:
        """Save the draft, its step gone through if one is named."""
        self.draft["version"] = self.draft.get("version") or self.version
        self.draft.setdefault("once", secrets.token_urlsafe(16))
        if seen and seen not in self.seen:
            self.draft["seen"] = [*self.seen, seen]
        vault_actions.save_draft(
            owner=self.owner, subject=self.subject, content=self.draft, at=self.at
        )

    def keep_typing(self, data: MultiValueDict[str, str]) -> None:
        """Put what stands in the form's fields into the draft, or in the list's, right or wrong."""
        typed = typing(data)
        if self.many and data.get("do") == "cells":
            self.roster.keep_cells(data)
        elif sum(len(one) for values in typed.values() for one in values) <= LONGEST:
            self.draft["fields"] = typed

    def accept_changes(self) -> None:
        """Go on under the item as it is now; every step is looked at once more."""
        self.draft |= {"version": self.version, "seen": []}
        self.keep()

    def attach(self, material: str, document: str) -> None:
        attached = self.draft.setdefault("documents", {}).setdefault(material, [])
        if document not in attached:
            attached.append(document)

    def promise(self, material: str, made: bool) -> None:
        """Make a commitment in place of a material, or take it back."""
        others = [key for key in self.draft.get("promised", ()) if key != material]
        self.draft["promised"] = [*others, material] if made else others

    def detach(self, material: str, document: str) -> None:
        attached = self.draft.get("documents", {}).get(material, [])
        if document in attached:
            attached.remove(document)

    # ── Filing it ───────────────────────────────────────────────────────────

    def problems(self) -> list[tuple[str, str]]:
        """Return what still stands in the way: the step to go to, and why."""
        found = []
        if self.place is None:
            found.append((self.steps[0], _("还没有选择办理机关")))
        situations = SituationForm(self.content.situations, self.answers)
        if self.content.situations and not situations.is_valid():
            found.append(("situation", _("还有情形没有选择")))
        given = {material for material, _row in self.documents()}
        given |= self.sharing.found | set(self.promised)
        for material in self.asked:
            if material.needed == "required" and material.key not in given:
                name = words.either(material.name, material.name_en)
                found.append(("materials", _("缺少材料：%(name)s") % {"name": name}))
        if self.fields and not self.form(check=True).is_valid():
            found.append(("form", _("申请表有需要填写或改正的地方")))
        if self.many and (problem := self._roster_problem()):
            found.append(("rows", problem))
        return found

    def _roster_problem(self) -> str:
        rows = self.roster.rows
        if not len(rows):
            return _("名单里还没有一行")
        said = ngettext("名单有 %(n)s 行需要改正", "名单有 %(n)s 行需要改正", rows.wrong)
        return said % {"n": rows.wrong} if rows.wrong else ""

    def file(self, *, once: str, taken_by: cases.Officer | None = None) -> Receipt:
        """File what has no problems. Raises Refused; the draft is then still there."""
        form = self.form(check=True)
        assert form.is_valid(), "whoever files looks at the problems first"
        assert self.place is not None, "as above"
        documents = [recorded(key, row) for key, row in self.documents()]
        if self.many:
            receipt = file_batch(
                item=self.item,
                organ=self.place.organ,
                applicant=self.applicant(),
                answers=self.answers,
                rows=[{**form.cleaned_data, **row} for row in self.roster.rows.answers],
                documents=documents,
                at=self.at,
                taken_by=taken_by,
                promised=self.promised,
                once=once,
            )
        else:
            receipt = actions.file_case(
                item=self.item,
                organ=self.place.organ,
                applicant=self.applicant(),
                answers=self.answers,
                form=form.cleaned_data,
                documents=documents,
                at=self.at,
                taken_by=taken_by,
                renews=self.renews,
                promised=self.promised,
                once=once,
            )
        vault_actions.drop_draft(owner=self.owner, subject=self.subject)
        return receipt


def typing(data: MultiValueDict[str, str]) -> dict[str, list[str]]:
    """Return what was typed into the application form, right or wrong."""
    return {name: data.getlist(name) for name in data if name.startswith(f"{PREFIX}-")}


def recorded(material: str, row: vault.DocumentRow) -> cases.Document:
    """Return a kept file as the ledger names it."""
    return cases.Document(
        id=row.id, material=material, sha256=row.sha256, sm3=row.sm3, size=row.size
    )


def begin(
    *,
    item: str,
    filer: Actor,
    owner: str,
    subject: str,
    url: Callable[[str], str],
    at: datetime,
    takes_in: Callable[[str], bool] = lambda organ: True,
) -> Filing:
    """Return the application as far as it has been written.

    Raises Refused: item.not-in-force, item.legacy.
    """
    version, content = catalogue.in_force(item)
    row = vault.draft(owner=owner, subject=subject)
    return Filing(
        filer=filer,
        owner=owner,
        subject=subject,
        item=item,
        version=version,
        content=content,
        draft=json.loads(row.content) if row else {},
        saved_at=row.saved_at if row else None,
        url=url,
        at=at,
        takes_in=takes_in,
    )


def keep_upload(upload: "UploadedFile[Any]", *, owner: str, at: datetime) -> vault.DocumentRow:
    """Keep an uploaded file for its owner. Raises Refused: upload.*"""
    return vault_actions.keep_document(
        owner=owner, name=upload.name or "", chunks=upload.chunks(), at=at
    )


# ── When the item changed under a draft ─────────────────────────────────────


def changes(filing: Filing) -> list[str]:
    """Return what is different since the version the draft was begun under."""
    begun = filing.draft.get("version") or filing.version
    if begun == filing.version:
        return []
    old, new = catalogue.version(filing.item, begun), filing.content
    lines = _differences(
        showing.material_names(old),
        showing.material_names(new),
        more=_("增加材料：%(name)s"),
        less=_("不再需要材料：%(name)s"),
    )
    lines += _differences(
        {f.name: words.either(f.label, f.label_en) for f in old.form},
        {f.name: words.either(f.label, f.label_en) for f in new.form},
        more=_("申请表增加：%(name)s"),
        less=_("申请表去掉：%(name)s"),
    )
    if batches.differing(old) != batches.differing(new):
        lines.append(_("批量申请的名单有改动，请按新的模板核对"))
    if old.situations != new.situations:
        lines.append(_("情形有改动，请重新选择"))
    if old.promised_days != new.promised_days:
        days = {"old": old.promised_days, "new": new.promised_days}
        lines.append(_("承诺时限由 %(old)s 改为 %(new)s 个工作日") % days)
    return lines or [_("办事指南的文字有改动，要填写和提交的没有变")]


def _differences(
    old: Mapping[str, str], new: Mapping[str, str], *, more: str, less: str
) -> list[str]:
    added = [more % {"name": name} for key, name in new.items() if key not in old]
    return added + [less % {"name": name} for key, name in old.items() if key not in new]
