"""What is handed in to a case that was filed, in the making: files already taken in, and the form.

Corrections (补正), what was accepted without (容缺补交), a change (变更): each until it is sent.
Draft "correct/<number>": {"documents": {material: [document]}, "fields": {name: [text, …]}}
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from mingtang.cases.queries import CaseFile
from mingtang.cases.views import showing, words
from mingtang.cases.views.filing import PREFIX, keep_upload, recorded, typing
from mingtang.catalogue.forms import application_form
from mingtang.core import cases
from mingtang.core.catalogue import ItemContent
from mingtang.core.decider import Refused
from mingtang.people.queries import Actor
from mingtang.ui import refusals
from mingtang.vault import actions as vault_actions
from mingtang.vault import queries as vault

FORM = ""  # the material key under which a notice names the form itself


class Correction:
    """What one applicant has put together so far in answer to a notice."""

    act = "correct"

    def __init__(self, case: CaseFile, content: ItemContent, actor: Actor, owner: str = "") -> None:
        """`owner`: whose the files become; nobody named: the actor's, who hands in their own."""
        self.case, self.content, self.actor = case, content, actor
        self.owner = owner or actor.person
        self.subject = f"{self.act}/{case.row.number}"
        self.wrong: dict[str, str] = {}  # material → what is wrong with the file
        row = vault.draft(owner=actor.person, subject=self.subject)
        self.draft: dict[str, Any] = json.loads(row.content) if row else {}
        self.asked = self.asks()
        self._form: Form | None = None

    def asks(self) -> list[dict[str, Any]]:
        """Return what may be handed in: material, name, and why. "" stands for the form."""
        return showing.shortfalls(self.case)

    limit = settings.UPLOAD_LIMIT

    @property
    def asks_for_form(self) -> bool:
        return any(one["material"] == FORM for one in self.asked)

    @property
    def form(self) -> Form | None:
        """The application form, as it was filed or as it has been changed since."""
        if not self.asks_for_form or not self.content.form:
            return None
        if self._form is None:
            typed = self.draft.get("fields")
            self._form = application_form(
                self.content.form,
                data=MultiValueDict(typed) if typed else None,
                initial=showing.filled(self.case),
                prefix=PREFIX,
            )
        return self._form

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What is asked for, material by material, with the files taken in."""
        attached = self._attached()
        return [
            {
                "key": one["material"],
                "name": one["name"],
                "reason": one["reason"],
                "files": attached.get(one["material"], []),
                "wrong": self.wrong.get(one["material"], ""),
            }
            for one in self.asked
        ]

    def _attached(self) -> Mapping[str, list[vault.DocumentRow]]:
        chosen: Mapping[str, list[str]] = self.draft.get("documents", {})
        held = vault.documents([id for ids in chosen.values() for id in ids])
        return {
            key: [
                held[id]
                for id in ids
                if id in held and held[id].owner == self.owner and held[id].erased_at is None
            ]
            for key, ids in chosen.items()
        }

    def take(self, request: HttpRequest, *, at: datetime) -> None:
        """Keep every file and word that was sent; note what was wrong with a file."""
        materials = {one["material"] for one in self.asked} - {FORM}
        for name in request.FILES:
            key, upload = name.removeprefix("file-"), request.FILES.get(name)
            if key not in materials or upload is None:
                continue
            try:
                kept = keep_upload(upload, owner=self.owner, at=at)
            except Refused as refused:
                self.wrong[key] = f"{upload.name}：{refusals.sentence(refused)}"
            else:
                self.draft.setdefault("documents", {}).setdefault(key, []).append(kept.id)
        for one in request.POST.getlist("remove"):
            key, _colon, id = one.partition(":")
            ids = self.draft.get("documents", {}).get(key, [])
            self.draft.setdefault("documents", {})[key] = [other for other in ids if other != id]
        if self.asks_for_form:
            self.draft["fields"] = typing(request.POST)
            self._form = None
            form = self.form
            if form is not None and request.POST.get("do") != "keep" and not form.is_valid():
                self.wrong[FORM] = _("申请表还有需要改正的地方。")
        vault_actions.save_draft(
            owner=self.actor.person, subject=self.subject, content=self.draft, at=at
        )

    def documents(self) -> list[cases.Document]:
        return [
            recorded(key, row)
            for key, rows in self._attached().items()
            for row in rows
            if key != FORM
        ]

    def fields(self) -> Mapping[str, object] | None:
        """Return the answers of the form, where the notice asks for it."""
        form = self.form
        return form.cleaned_data if form is not None and form.is_valid() else None

    def forget(self) -> None:
        vault_actions.drop_draft(owner=self.actor.person, subject=self.subject)


class Following(Correction):
    """容缺补交: what a case was accepted without. At a window the files are the applicant's."""

    act = "follow"

    def asks(self) -> list[dict[str, Any]]:
        names = showing.material_names(self.content)
        return [
            {"material": key, "name": names.get(key, key), "reason": ""}
            for key in self.case.state.deferred
        ]


class Changing(Correction):
    """变更申请: the form as it stands, and any material anew."""

    act = "change"

    def asks(self) -> list[dict[str, Any]]:
        given = showing.situation_answers(self.case)
        asked = cases.materials_for(self.content, given)
        lines = [
            {"material": one.key, "name": words.either(one.name, one.name_en), "reason": ""}
            for one in asked
        ]
        form = {"material": FORM, "name": _("申请表"), "reason": ""}
        return [*lines, form] if self.content.form else lines

    def changed_fields(self) -> Mapping[str, object] | None:
        """Return the answers when one of them is another than before, or else nothing."""
        fields = self.fields()
        return fields if fields and dict(fields) != showing.filled(self.case) else None
