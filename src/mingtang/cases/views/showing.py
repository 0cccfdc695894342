"""A case as the pieces of the interface take it: steps, clock, timeline, materials, receipt."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.queries import BatchRow, CaseFile, CaseRow, JointFile, JointRow
from mingtang.cases.views import telling, words
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.templatetags.catalogue_words import (
    MATERIAL_FORMS,
    MATERIAL_NEEDS,
    MATERIAL_SOURCES,
)
from mingtang.core import cases, clock, notices
from mingtang.core.cases import DECISION, FIRST_REVIEW, INTAKE, SharedOutcome, Stage, Task
from mingtang.core.catalogue import FormField, ItemContent, Material
from mingtang.core.wire import ERASED
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger import queries as ledger
from mingtang.ledger.replay import Written
from mingtang.papers import queries as papers
from mingtang.papers.templatetags.paper_pieces import KINDS
from mingtang.people import queries as people
from mingtang.ui.context import address
from mingtang.ui.formats import civil_date, file_size, masked, yuan
from mingtang.vault import queries as vault

Values = dict[str, Any]
PICTURES = ("image/png", "image/jpeg")  # what a page can show by itself


def content_of(row: CaseRow) -> ItemContent:
    """Return the item version this case began under."""
    return catalogue.version(row.item, row.item_version)


# ── Steps ───────────────────────────────────────────────────────────────────


def steps(case: CaseFile) -> list[Values]:
    """Return the step line: the backbone with the item's own steps in its middle."""
    state, row = case.state, case.row
    assert state.terms is not None
    stage = Stage(row.stage)
    ended = stage in words.ENDINGS
    line = [_step(_("申请"), "done", _short(row.filed_at))]
    if state.corrected:
        waiting = stage is Stage.CORRECTING
        note = _("等申请人补正，不计入时限") if waiting else ""
        given_up = ended and not _happened(case, cases.CorrectionsReceived)
        line.append(
            _step(_("补正"), "paused" if waiting else "skipped" if given_up else "done", note)
        )
    line.append(_backbone(case, _("受理"), INTAKE, ended))
    if state.terms.first_review is not None:
        line.append(_backbone(case, _("下级初审"), FIRST_REVIEW, ended))
    for step in state.terms.steps:
        name = words.either(step.name, step.name_en)
        line.append(_task_step(name, _task(state, step.key), ended or _decidable(stage)))
    line.append(_backbone(case, _("决定"), DECISION, ended))
    last = words.STAGES[stage] if ended else _("办结")
    closed = _short(row.closed_at) if row.closed_at else ""
    line.append(_step(str(last), "done" if ended else "next", closed))
    return line


def _happened(case: CaseFile, kind: type) -> bool:
    return case.event(kind) is not None


def _decidable(stage: Stage) -> bool:
    return stage is Stage.DECIDING


def _task(state: cases.State, key: str) -> Task | None:
    """Return a task as it stands: what a return asks to be done again does not count."""
    return next((t for t in state.tasks if t.key == key and not t.returned), None)


def _backbone(case: CaseFile, name: str, key: str, ended: bool) -> Values:
    if key == INTAKE and case.row.stage == Stage.CORRECTING:
        return _step(name, "next")
    return _task_step(name, _task(case.state, key), ended)


def _task_step(name: str, task: Task | None, passed_by: bool) -> Values:
    if task is not None and task.done_at is not None:
        said = "" if task.finding == "accepted" else f"{words.FINDINGS[task.finding]} "
        return _step(name, "done", f"{said}{_short(task.done_at)}")
    if task is not None:
        return _step(name, "now")
    return _step(name, "skipped" if passed_by else "next")


def _step(name: str, state: str, note: str = "") -> Values:
    return {"name": name, "state": state, "note": note}


def _short(at: Any) -> str:
    return date_format(at.astimezone(clock.CHINA), "n-j H:i")


# ── What happened ───────────────────────────────────────────────────────────


def timeline(case: CaseFile, *, sight: Sight) -> list[Values]:
    """Return every event in plain words, newest first, each with its place in the ledger."""
    lines = []
    for written in reversed(case.history):
        told = telling.told(written.event, case, full=sight.full)
        lines.append(
            {
                "at": written.event.at,
                "what": told.what,
                "who": told.who,
                "note": told.note,
                "index": written.index,
                "receipt_url": receipt_url(case.row.number, written.index),
            }
        )
    return lines


def paper_lines(row: CaseRow | JointRow) -> list[papers.Line]:
    """Return the papers of a case and of the licence it ended in, in the order of their acts."""
    families = ("joint",) if isinstance(row, JointRow) else ("case", "licence")
    found = [paper for one in families for paper in papers.papers_about(f"{one}/{row.number}")]
    return papers.lines(sorted(found, key=lambda paper: paper.ordered_index))


def case_papers(case: CaseFile | JointFile, *, officer: bool) -> Values:
    """Return the papers of a case for its pages, those that are still to be written last.

    `officer`: whoever can do something about it is told when one could not be written.
    """
    lines = paper_lines(case.row)
    missing = queries.unwritten(case, {line.row.key for line in lines})
    if not officer:  # each party of a hearing has its own
        lines = [line for line in lines if not access.is_of_another(line.row, case.row)]
        missing = [one for one in missing if not getattr(one.written.event, "party", 0)]
    return {
        "papers": lines,
        "unwritten": [
            {
                "title": str(KINDS[notices.kind_of(one.written.event)]),
                "at": one.written.event.at,
                "index": one.written.index,
                "failed": one.failed and officer,
            }
            for one in missing
        ],
    }


def receipt_url(number: str, index: int) -> str:
    return reverse("cases:receipt", args=[number, index])


def stub(request: HttpRequest, case: CaseFile, *, place: int = -1) -> Values:
    """Return the receipt of the latest act, or of the one at `place` in the case's history."""
    written, number = case.history[place], case.row.number
    return receipt_stub(
        written,
        what=telling.told(written.event, case, full=False).what,
        qr=request.build_absolute_uri(reverse("cases:progress", args=[number])),
        url=receipt_url(number, written.index),
    )


def receipt_stub(written: Written, *, what: str, qr: str, url: str) -> Values:
    """Return the receipt of one entry. `url` is where it is downloaded, `qr` what it leads to."""
    entry, head = ledger.entry(written.index), ledger.head()
    covered = head is not None and head.size > written.index
    ready = ledger.checkpoint_for(written.index) is not None
    return {
        "what": what,
        "at": written.event.at,
        "index": written.index,
        "fingerprint": bytes(entry.leaf).hex() if entry else "",
        "witnesses": len(head.witnesses) if head and covered else None,
        "qr": qr,
        "download_url": url if ready else "",
        "later_url": "" if ready else url,
        "verify_url": address("portal:ledger"),
    }


def shortfalls(case: CaseFile) -> list[Values]:
    """Return what the correction notice asks for; its values, if they have been erased: none."""
    notice: Any = case.event(cases.CorrectionsNotified)
    if notice is None or notice.shortfalls == ERASED:
        return []
    return list(json.loads(notice.shortfalls))


# ── Who and what ────────────────────────────────────────────────────────────


def applicant(case: CaseFile, *, sight: Sight) -> list[tuple[str, str]]:
    """Return the applicant as facts; everything but the form of it masked without full sight."""
    return applicant_facts(case.event(cases.CaseFiled), sight=sight)


def applicant_facts(filed: Any, *, sight: Sight) -> list[tuple[str, str]]:
    """Return the applicant of what was filed, a case or a batch."""
    agents = people.names([filed.agent]) if filed.agent else {}
    organisation = filed.applicant_kind == "organisation"
    facts = [
        (_("申请人"), _shown(filed.applicant_name, "" if organisation else "name", sight)),
        (
            _("统一社会信用代码") if organisation else _("证件号码"),
            _shown(filed.applicant_id_number, "" if organisation else "id", sight),
        ),
        (_("联系电话"), _shown(filed.phone, "phone", sight)),
    ]
    if filed.agent:
        facts.append((_("代理人"), _shown(agents.get(filed.agent, ""), "name", sight)))
    return facts


def applicant_name(row: CaseRow | BatchRow | JointRow, *, sight: Sight) -> str:
    return _shown(row.applicant_name, "" if row.applicant_kind == "organisation" else "name", sight)


def _shown(value: str, mask: str, sight: Sight) -> str:
    if value == ERASED:
        return _("已删除")
    return value if sight.full or not mask else masked(value, mask)


def renewal(case: CaseFile) -> Values | None:
    """Return the licence a case asks to renew (申请延续)."""
    filed: Any = case.event(cases.CaseFiled)
    return renewed(filed.renews)


def renewed(renews: str) -> Values | None:
    """Return the licence an application asks to renew (申请延续); None: it asks for a new one."""
    found = papers.licences_about([f"licence/{renews}"]) if renews else []
    return {"key": renews, "name": found[-1].title} if found else None


def answers(case: CaseFile, content: ItemContent) -> list[tuple[str, str]]:
    """Return the filled-in form as it stands after corrections: label and value."""
    given = filled(case)
    if given is None:
        return [(_("申请表"), _("已删除"))]
    return form_lines(content, given)


def form_lines(content: ItemContent, given: Values) -> list[tuple[str, str]]:
    return field_lines(content.form, given)


def field_lines(fields: Sequence[FormField], given: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (words.either(field.label, field.label_en), answer_words(field, given.get(field.name)))
        for field in fields
    ]


def filled(case: CaseFile) -> Values | None:
    """Return the latest answers by field name, or None when they have been erased."""
    written = [
        event.form
        for w in case.history
        if isinstance(event := w.event, queries.WITH_FORM) and event.form
    ]
    if written[-1] == ERASED:
        return None
    fields: Values = json.loads(written[-1]).get("fields", {})
    return fields


def situation_answers(case: CaseFile) -> dict[str, str]:
    filed: Any = case.event(cases.CaseFiled)
    return {} if filed.form == ERASED else json.loads(filed.form).get("answers", {})


def answer_words(field: FormField, answer: Any) -> str:
    """Return an answer as a person reads it."""
    if answer is None or answer == "" or answer == []:
        return "—"
    labels = {o.value: words.either(o.label, o.label_en) for o in field.options}
    match field.kind:
        case "choice":
            label: str = labels.get(answer, answer)
            return label
        case "multichoice":
            return _("、").join(labels.get(one, one) for one in answer)
        case "boolean":
            return _("是") if answer else _("否")
        case "money":
            return yuan(answer)
        case "date":
            return civil_date(answer)
        case _:
            return str(answer)


def materials(case: CaseFile, content: ItemContent) -> list[Values]:
    """Return the materials asked of this applicant, each with the files handed in for it, or what
    was read in their place."""
    asked = cases.materials_for(content, situation_answers(case))
    lines = material_lines(asked, case.state.documents, case.row.number)
    looked = queries.shared_of(case.row.number)
    texts = {material.key: material.commitment for material in content.materials}
    promised = {one.material for one in case.state.commitments}
    state = case.state
    running = case.row.stage in (Stage.FILED, *cases.UNDER_REVIEW)
    for line in lines:
        key = line["key"]
        if one := looked.get(key):
            line["shared"] = shared_words(one.outcome, one.paper)
        line["commitment"] = texts[key] if key in promised else ""
        missing = key in (state.deferrable if state.accepted_date is None else state.deferred)
        line["follows"] = running and missing and not line["documents"] and key not in promised
    return lines


def shared_words(outcome: str, paper: str) -> Values:
    """Return what became of a material that is read from the directory: `found`, `said`, and the
    title of what was found with who issued it."""
    held = papers.paper(paper) if paper else None
    return {
        "found": outcome == SharedOutcome.FOUND,
        "said": words.SHARED[SharedOutcome(outcome)],
        "paper": paper,
        "title": held.title if held else "",
        "organ": words.body_name(held.organ) if held else "",
    }


def material_lines(
    asked: Sequence[Material], documents: Sequence[cases.Document], number: str
) -> list[Values]:
    """Return these materials with their files, which are read as those of case `number`."""
    held = vault.documents([document.id for document in documents])
    by_material: dict[str, list[Values]] = {}
    for document in documents:
        row = held.get(document.id)
        by_material.setdefault(document.material, []).append(
            {
                "name": row.name if row and row.name else _("文件（已删除）"),
                "size": file_size(document.size),
                "url": reverse("cases:document", args=[number, document.id]) if number else "",
                "erased": row is None or row.erased_at is not None or not number,
                "picture": row is not None and row.media_type in PICTURES,
            }
        )
    return [
        {**material_words(material), "documents": by_material.get(material.key, [])}
        for material in asked
    ]


def material_words(material: Material) -> Values:
    form = str(MATERIAL_FORMS.get(material.form, material.form))
    if material.copies > 1:
        form = _("%(form)s %(n)s 份") % {"form": form, "n": material.copies}
    return {
        "key": material.key,
        "name": words.either(material.name, material.name_en),
        "need": str(MATERIAL_NEEDS.get(material.needed, material.needed)),
        "required": material.needed == "required",
        "form": form,
        "source": str(MATERIAL_SOURCES.get(material.source, material.source)),
        "note": material.guidance,
    }


def material_names(content: ItemContent) -> dict[str, str]:
    return {m.key: words.either(m.name, m.name_en) for m in content.materials}


def rows(
    found: Sequence[CaseRow], *, today: date, calendar: WorkCalendar, sight: Sight
) -> list[Values]:
    """Return cases as lines of a list."""
    return [row_line(row, today=today, calendar=calendar, sight=sight) for row in found]


def row_line(row: CaseRow, *, today: date, calendar: WorkCalendar, sight: Sight) -> Values:
    state, word = words.lamp(row, today=today, calendar=calendar)
    return {
        "row": row,
        "number": row.number,
        "name": words.item_name(row),
        "applicant": applicant_name(row, sight=sight),
        "department": words.body_name(row.department),
        "stage": str(words.STAGES[Stage(row.stage)]),
        "lamp": state,
        "lamp_word": word,
    }
