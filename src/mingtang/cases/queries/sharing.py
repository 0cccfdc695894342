"""What need not be handed in (免提交): licences an applicant holds, data another department has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from mingtang.cases.models import CaseRow, SharedRow
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import PublishedBundle
from mingtang.core import bundles, cases, sharing
from mingtang.core.catalogue import ItemContent, Material
from mingtang.core.licences.identifier import NotAnIdentifier, parse_identifier
from mingtang.core.resources import ResourceContent
from mingtang.papers import queries as papers
from mingtang.vault import queries as vault

LICENCES = 200  # of an organisation, the newest, are looked through


def licences_of(row: CaseRow) -> list[papers.PaperRow]:
    """Return the e-licences of a case's applicant that are good today (申请人的电子证照)."""
    return good_licences(row.applicant_kind, row.applicant, row.applicant_name)


def good_licences(kind: str, applicant: str, name: str) -> list[papers.PaperRow]:
    """Return the e-licences of somebody's own that are good today, by title.

    The vault keeps a licence under somebody's name while it is good. Whoever filed for others
    keeps theirs, too, so the name on it must be the applicant's.
    """
    issued = _licences_issued(kind, applicant, name)
    held = vault.documents([one.file for one in issued])
    good = {id for id, one in held.items() if one.owner and one.erased_at is None}
    return sorted((p for p in issued if p.file in good), key=lambda p: (p.title, p.key))


def _licences_issued(kind: str, applicant: str, name: str) -> list[papers.PaperRow]:
    """Return every licence that was ever issued in this applicant's name, older versions too."""
    if kind == "person":
        found = papers.licences_kept_for(applicant)
    else:
        granted = CaseRow.objects.filter(
            applicant_kind="organisation", applicant=applicant, batch="", stage=cases.Stage.GRANTED
        )
        numbers = granted.order_by("-filed_at").values_list("number", flat=True)[:LICENCES]
        found = papers.licences_about([f"licence/{number}" for number in numbers])
    return [one for one in found if one.addressee == name]


def sharing_for(
    *, content: ItemContent, materials: Iterable[Material], applicant: cases.Applicant
) -> cases.Sharing:
    """Look up the materials an application need not hand in (免提交).

    A licence counts by its type or by the item that gave it, whichever organ issued it; it need
    only be in the applicant's own name and good today. Of several, the newest.
    """
    wanted = [one for one in materials if one.shared]
    if not wanted:
        return cases.Sharing()
    named = (applicant.kind, applicant.id, applicant.name)
    issued, good = _licences_issued(*named), {one.key for one in good_licences(*named)}
    directory = catalogue.directory()
    shared, found = [], {}
    for material in wanted:
        entry = sharing.supply_of(material, content, directory)
        ours = [one for one in issued if entry and is_supplied(one, entry)]
        newest = next((one for one in reversed(ours) if one.key in good), None)
        outcome = (
            cases.SharedOutcome.NOT_SUPPLIED
            if entry is None
            else cases.SharedOutcome.FOUND
            if newest
            else cases.SharedOutcome.LAPSED
            if ours
            else cases.SharedOutcome.NOT_HELD
        )
        if newest:
            found[material.key] = newest.key
        shared.append(
            cases.SharedMaterial(
                material=material.key,
                resource=material.supplied_by,
                supplier=newest.organ if newest else entry.supplier if entry else "",
                outcome=outcome,
            )
        )
    return cases.Sharing(tuple(shared), found)


def sharing_for_bundle(
    bundle: PublishedBundle, answers: Mapping[str, str], applicant: cases.Applicant
) -> tuple[dict[str, cases.Sharing], cases.Sharing]:
    """Look up the same for a whole bundle: by item, and by the joint keys of its materials.

    One material of several items need not be handed in when none of them needs it.
    """
    content, contents = bundle.content, bundle.contents
    found: dict[str, cases.Sharing] = {}
    for item, one in contents.items():
        own = bundles.answers_for(content, contents, item, answers)
        asked = cases.materials_for(one, own)
        found[item] = sharing_for(content=one, materials=asked, applicant=applicant)
    shared, papers_found = [], {}
    for joined in bundles.materials(content, contents, answers):
        key, parts = joined.material.key, joined.parts
        looked = [
            outcome
            for part in parts
            for outcome in found[part.item].shared
            if outcome.material == part.key
        ]
        spared = len([o for o in looked if o.outcome is cases.SharedOutcome.FOUND]) == len(parts)
        missing = [o for o in looked if o.outcome is not cases.SharedOutcome.FOUND]
        if spared or missing:
            shared.append(replace(looked[0] if spared else missing[0], material=key))
        if spared:
            papers_found[key] = (found[parts[0].item].papers or {})[parts[0].key]
    return found, cases.Sharing(tuple(shared), papers_found)


def is_supplied(paper: papers.PaperRow, entry: ResourceContent) -> bool:
    """Whether a licence is what an entry of the directory means."""
    if paper.item in entry.items:
        return True
    sheet = papers.sheet_of(paper) if entry.types else None
    try:
        type = parse_identifier(sheet.identifier).type if sheet else ""
    except NotAnIdentifier:
        return False
    return type in entry.types


def shared_of(number: str) -> dict[str, SharedRow]:
    """Return what was looked up for a case when it was filed, by material."""
    return {one.material: one for one in SharedRow.objects.filter(case=number)}


def asked_of(row: CaseRow) -> list[ResourceContent]:
    """Return the entries of the directory that a case's item asks for, supplied to its department
    today: what officers who have the case in hand may read of its applicant."""
    content = catalogue.version(row.item, row.item_version)
    codes = {one.resource for one in SharedRow.objects.filter(case=row.number)}
    directory = catalogue.directory()
    return [
        entry
        for material in content.materials
        if material.supplied_by in codes
        and (entry := sharing.supply_of(material, content, directory))
    ]


def is_asked(row: CaseRow, paper: papers.PaperRow) -> bool:
    """Whether a case asks for this very licence."""
    return any(is_supplied(paper, entry) for entry in asked_of(row))


@dataclass(frozen=True, slots=True)
class Spared:
    """What one department did not ask for, and what it had to ask for after all."""

    department: str
    cases: int  # that looked anything up
    found: int  # materials that nobody had to hand in
    fallback: int  # materials looked up in vain


def materials_spared(
    *, department: str = "", item: str = "", since: datetime | None = None
) -> list[Spared]:
    """Return how many materials were not asked for (免提交材料), by department.

    `item`: stream key; `since`: from this moment on.
    """
    rows: QuerySet[Any] = SharedRow.objects.order_by("department")
    if department:
        rows = rows.filter(department=department)
    if item:
        rows = rows.filter(item=item)
    if since is not None:
        rows = rows.filter(looked_up_at__gte=since)
    found = Q(outcome=cases.SharedOutcome.FOUND)
    counted = rows.values_list("department").annotate(
        cases=Count("case", distinct=True),
        found=Count("pk", filter=found),
        fallback=Count("pk", filter=~found),
    )
    return [Spared(*line) for line in counted]
