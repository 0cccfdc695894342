"""Who is who, who may what, and under which letter: what pages and other rooms ask."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from mingtang.core.mandates import Mandate, MandatePower
from mingtang.core.organisations import OrganisationKind
from mingtang.core.people import POWERS, Power, Role
from mingtang.core.phrases import PhraseUse
from mingtang.ledger.memory import until_changed
from mingtang.people.models import (
    Account,
    AccountAct,
    AgencyRow,
    AppointmentRow,
    EntrustmentRow,
    MandateRow,
    OfficeRow,
    OrganisationRow,
    PersonRow,
    PhoneRow,
    PhraseRow,
)
from mingtang.people.ports import webpush

__all__ = ["MandateRow", "OfficeRow", "PersonRow"]

# ── Who acts ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A post somebody holds today."""

    number: int
    role: Role
    organisation: str
    office: str
    staff_no: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who is asking (操作人), and what follows from their appointments."""

    person: str = ""  # empty: nobody known
    name: str = ""
    roles: frozenset[Role] = frozenset()
    powers: frozenset[Power] = frozenset()
    organisations: frozenset[str] = frozenset()  # where they hold a post
    offices: frozenset[str] = frozenset()
    appointments: tuple[Appointment, ...] = ()
    represents: frozenset[str] = frozenset()  # organisations they may file for
    principals: frozenset[str] = frozenset()  # persons they may file for

    def organisations_with(self, power: Power) -> frozenset[str]:
        """The organisations in which one of their posts carries `power`."""
        return frozenset(
            post.organisation for post in self.appointments if power in POWERS[post.role]
        )


@until_changed("person", "organisation")
def actor(person: str) -> Actor:
    """Return who this is today. Somebody unknown is an Actor without a name or a power."""
    row = PersonRow.objects.filter(pk=person).first()
    if row is None:
        return Actor()
    standing = AppointmentRow.objects.filter(person=person, ended_at=None).order_by("number")
    posts = tuple(map(_appointment, standing))
    roles = frozenset(post.role for post in posts)
    return Actor(
        person=row.id,
        name=row.name,
        roles=roles,
        powers=frozenset().union(*(POWERS[role] for role in roles)),
        organisations=frozenset(post.organisation for post in posts),
        offices=frozenset(post.office for post in posts if post.office),
        appointments=posts,
        represents=_column(AgencyRow.objects.filter(agent=person), "organisation"),
        principals=_column(EntrustmentRow.objects.filter(agent=person), "person"),
    )


def _appointment(row: AppointmentRow) -> Appointment:
    return Appointment(
        number=row.number,
        role=Role(row.role),
        organisation=row.organisation,
        office=row.office,
        staff_no=row.staff_no,
        title=row.title,
    )


def _column(rows: QuerySet[Any], name: str) -> frozenset[str]:
    return frozenset(rows.values_list(name, flat=True))


def is_staff(person: str) -> bool:
    """Whether this person holds any post."""
    return bool(actor(person).roles)


# ── Persons ─────────────────────────────────────────────────────────────────


def person(id: str) -> PersonRow | None:
    return PersonRow.objects.filter(pk=id).first()


def person_with(*, id_kind: str, id_number: str) -> str:
    """Return the id of the person with this identity number, or empty."""
    rows = PersonRow.objects.filter(id_kind=id_kind, id_number=id_number)
    return rows.values_list("id", flat=True).first() or ""


def names(persons: Sequence[str]) -> Mapping[str, str]:
    """Return the names of these persons, by id."""
    return dict(PersonRow.objects.filter(pk__in=persons).values_list("id", "name"))


def is_holder(*, person: str, roles: Collection[Role], organisation: str) -> bool:
    """Whether this person holds one of these roles in this organisation today."""
    return any(
        post.role in roles and post.organisation == organisation
        for post in actor(person).appointments
    )


def organisations_with_role(role: Role) -> list[str]:
    """Return the organisations in which somebody holds this role today, by code."""
    rows = AppointmentRow.objects.filter(role=role, ended_at=None)
    return sorted(set(rows.values_list("organisation", flat=True)))


def staff(*, organisation: str = "", role: str = "", words: str = "") -> list[AppointmentRow]:
    """Return the posts held today, each with `name` and `organisation_name`."""
    rows = AppointmentRow.objects.filter(ended_at=None)
    if organisation:
        rows = rows.filter(organisation=organisation)
    if role:
        rows = rows.filter(role=role)
    if words:
        named = PersonRow.objects.filter(name__contains=words).values("id")
        rows = rows.filter(Q(staff_no__icontains=words) | Q(person__in=named))
    found = list(rows.order_by("organisation", "role", "staff_no"))
    people, bodies = names([row.person for row in found]), organisation_names()
    for row in found:
        row.name = people.get(row.person, "")
        row.organisation_name = bodies.get(row.organisation, row.organisation)
    return found


def appointments_of(person: str) -> list[AppointmentRow]:
    """Return every post this person holds or held, newest first."""
    return list(AppointmentRow.objects.filter(person=person).order_by("-number"))


# ── Organisations and offices ───────────────────────────────────────────────


@until_changed("organisation")
def organisation_kinds() -> Mapping[str, OrganisationKind]:
    rows = OrganisationRow.objects.values_list("code", "kind")
    return {code: OrganisationKind(kind) for code, kind in rows}


@until_changed("organisation")
def organisation_names() -> Mapping[str, str]:
    return dict(OrganisationRow.objects.values_list("code", "name"))


@until_changed("organisation")
def organisation_names_en() -> Mapping[str, str]:
    """Return the English names of those organisations that have one, by code."""
    return dict(OrganisationRow.objects.exclude(name_en="").values_list("code", "name_en"))


def organisation_name(code: str, written: str = "") -> str:
    """Return what an organisation is called in the reader's language.

    `written`: its name in the document shown, which Chinese readers see as it stands there.
    """
    english = (get_language() or "").startswith("en") and organisation_names_en().get(code)
    return english or written or organisation_names().get(code, code)


def called(row: OrganisationRow, written: str = "") -> str:
    """Return the same of an organisation that was read already."""
    english = row.name_en if (get_language() or "").startswith("en") else ""
    return english or written or row.name


def organisation(code: str) -> OrganisationRow | None:
    return OrganisationRow.objects.filter(pk=code).first()


def organisations_named(codes: Collection[str]) -> dict[str, OrganisationRow]:
    """Return organisations by their codes; what is unknown is left out."""
    rows = OrganisationRow.objects.filter(pk__in=codes) if codes else ()
    return {row.code: row for row in rows}


def organisations(*kinds: OrganisationKind) -> list[OrganisationRow]:
    """Return the organisations of these kinds (all of them without any), by name."""
    rows = OrganisationRow.objects.order_by("name")
    return list(rows.filter(kind__in=kinds) if kinds else rows)


def organisations_of(person: str) -> list[OrganisationRow]:
    """Return the organisations this person may file for."""
    codes = AgencyRow.objects.filter(agent=person).values("organisation")
    return list(OrganisationRow.objects.filter(pk__in=codes).order_by("name"))


def agents_of(organisation: str) -> list[AgencyRow]:
    """Return who may file for the organisation, each with `name`."""
    rows = list(AgencyRow.objects.filter(organisation=organisation).order_by("named_at"))
    people = names([row.agent for row in rows])
    for row in rows:
        row.name = people.get(row.agent, "")
    return rows


def entrusted_by(person: str) -> list[EntrustmentRow]:
    """Return whom this person has entrusted, each with `name`."""
    rows = list(EntrustmentRow.objects.filter(person=person).order_by("entrusted_at"))
    people = names([row.agent for row in rows])
    for row in rows:
        row.name = people.get(row.agent, "")
    return rows


@until_changed("office")
def open_offices() -> Mapping[str, str]:
    """Return the names of the offices that are open, by code."""
    return dict(OfficeRow.objects.filter(closed_at=None).values_list("code", "name"))


def office(code: str) -> OfficeRow | None:
    return OfficeRow.objects.filter(pk=code).first()


def offices_named(codes: Collection[str]) -> dict[str, OfficeRow]:
    """Return offices by their codes; what is unknown is left out."""
    return {row.code: row for row in OfficeRow.objects.filter(pk__in=codes)} if codes else {}


@until_changed("office")
def office_name(code: str) -> str:
    """Return what a window is called; empty for none."""
    return OfficeRow.objects.filter(pk=code).values_list("name", flat=True).first() or ""


def offices_of(organisations: Collection[str]) -> dict[str, list[OfficeRow]]:
    """Return the open offices of many organisations, by organisation."""
    found: dict[str, list[OfficeRow]] = {}
    if organisations:
        rows = OfficeRow.objects.filter(closed_at=None, organisation__in=organisations)
        for row in rows.order_by("organisation", "code"):
            found.setdefault(row.organisation, []).append(row)
    return found


def offices(organisation: str = "") -> list[OfficeRow]:
    """Return the open offices of an organisation, or all of them."""
    rows = OfficeRow.objects.filter(closed_at=None).order_by("organisation", "code")
    return list(rows.filter(organisation=organisation) if organisation else rows)


# ── Letters ─────────────────────────────────────────────────────────────────


@until_changed("mandate")
def mandates_of(person: str) -> tuple[Mandate, ...]:
    """Return every letter this person was ever given, the ones that stand first."""
    rows = MandateRow.objects.filter(person=person).order_by("-granted_index")
    letters = [mandate(row) for row in rows]
    return tuple(sorted(letters, key=lambda letter: (letter.revoked, not letter.published)))


@until_changed("mandate")
def mandates_in_force(organ: str, day: date) -> tuple[Mandate, ...]:
    """Return the published letters of an organ that are good on `day`."""
    rows = MandateRow.objects.filter(
        organ=organ,
        published_at__isnull=False,
        revoked_at=None,
        valid_from__lte=day,
        valid_to__gte=day,
    )
    return tuple(mandate(row) for row in rows.order_by("letter_no"))


def mandate(row: MandateRow) -> Mandate:
    """Return a letter's row as what the rules know."""
    return Mandate(
        letter_no=row.letter_no,
        organ=row.organ,
        organ_name=row.organ_name,
        person=row.person,
        person_name=row.person_name,
        items=tuple(row.items),
        powers=tuple(map(MandatePower, row.powers)),
        limits=row.limits,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        document=row.document,
        published=row.published_at is not None,
        revoked=row.revoked_at is not None,
    )


def published_letters(*, organ: str = "", words: str = "") -> list[MandateRow]:
    """Return what hangs at the windows: every letter ever published, the newest first."""
    rows = MandateRow.objects.filter(published_at__isnull=False)
    if organ:
        rows = rows.filter(organ=organ)
    if words:
        rows = rows.filter(Q(letter_no__contains=words) | Q(person_name__contains=words))
    return list(rows.order_by("-published_index"))


def organs_with_letters() -> list[tuple[str, str]]:
    """Return (code, name) of every organ that ever published a letter, by name."""
    rows = MandateRow.objects.filter(published_at__isnull=False).order_by("organ_name")
    return list(rows.values_list("organ", "organ_name").distinct())


def letters_of(organs: Sequence[str]) -> list[MandateRow]:
    """Return every letter these organs granted, published or not, the newest first."""
    return list(MandateRow.objects.filter(organ__in=organs).order_by("-granted_index"))


def letter(key: str) -> MandateRow | None:
    return MandateRow.objects.filter(pk=key).first()


# ── Accounts and the audit ──────────────────────────────────────────────────


def account(username: str) -> Account | None:
    return Account.objects.filter(username=username).first()


def accounts(*, words: str = "") -> list[Account]:
    rows = Account.objects.order_by("username")
    return list(rows.filter(username__icontains=words) if words else rows)


def nobody_yet(username: str) -> Account:
    """Return an account that is not kept: what a new password may not resemble."""
    return Account(username=username)


def find_person(words: str) -> str:
    """Return the id of the person with this number or user name, or empty."""
    if PersonRow.objects.filter(pk=words.upper()).exists():
        return words.upper()
    found = account(words)
    return found.person if found else ""


def account_of(person: str) -> Account | None:
    return Account.objects.filter(person=person).first()


def has_second_factor(account: int) -> bool:
    totp = Authenticator.Type.TOTP
    found: bool = Authenticator.objects.filter(user_id=account, type=totp).exists()
    return found


def phones_of(account: int) -> list[PhoneRow]:
    """Return the browsers an account is called at (来活提醒), the newest first."""
    return list(PhoneRow.objects.filter(account=account).order_by("-kept_at", "digest"))


def phones_are_called() -> bool:
    """Whether the administrator allows a push service to be asked at all."""
    return bool(settings.PUSH_SERVICES)


def push_key() -> str:
    """Return what a browser subscribes for: the house's public key, in base64url. Empty where no
    phone is called."""
    return webpush.house_key() if phones_are_called() else ""


def called_in(organisations: Collection[str]) -> list[str]:
    """Return the persons with a post in one of these organisations who have a phone called."""
    accounts = Account.objects.filter(pk__in=PhoneRow.objects.values("account"), is_active=True)
    posts = AppointmentRow.objects.filter(
        organisation__in=list(organisations), ended_at=None, person__in=accounts.values("person")
    )
    return sorted(set(posts.values_list("person", flat=True)))


def phrases(*owners: str, use: PhraseUse) -> list[PhraseRow]:
    """Return the phrases these owners keep for this use, in the order they were kept."""
    return list(PhraseRow.objects.filter(owner__in=owners, use=use).order_by("id"))


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One thing the audit administrator reads (审计记录)."""

    at: datetime
    what: str  # a stable word, e.g. "sign-in.failed"; pages translate it
    who: str
    about: str
    role: str = ""
    index: int | None = None  # where the ledger holds it


def sign_ins(limit: int) -> list[AuditLine]:
    """Return the newest attempts to sign in, successful or not."""
    failed = AccessFailureLog.objects.order_by("-attempt_time")[:limit]
    succeeded = AccessLog.objects.order_by("-attempt_time")[:limit]
    lines = [
        AuditLine(
            at=row.attempt_time,
            what="sign-in.locked" if row.locked_out else "sign-in.failed",
            who=row.username or "",
            about=row.ip_address or "",
        )
        for row in failed
    ]
    lines += [
        AuditLine(
            at=row.attempt_time,
            what="sign-in.succeeded",
            who=row.username or "",
            about=row.ip_address or "",
        )
        for row in succeeded
    ]
    return _newest(lines, limit)


def account_acts(limit: int) -> list[AuditLine]:
    """Return the newest acts on accounts."""
    rows = AccountAct.objects.order_by("-at")[:limit]
    return [
        AuditLine(at=row.at, what=f"account.{row.act}", who=row.by, about=row.username)
        for row in rows
    ]


def grants(limit: int) -> list[AuditLine]:
    """Return the newest changes of who may do what: appointments and letters."""
    lines: list[AuditLine] = []
    for row in AppointmentRow.objects.order_by("-appointed_index")[:limit]:
        about = f"{row.staff_no} {row.organisation}"
        lines += _lines(row, ("appointed", "ended"), about, row.role)
    for letter in MandateRow.objects.order_by("-granted_index")[:limit]:
        lines += _lines(letter, ("granted", "published", "revoked"), letter.letter_no)
    return _newest(lines, limit)


def _lines(
    row: AppointmentRow | MandateRow, acts: Sequence[str], about: str, role: str = ""
) -> Iterator[AuditLine]:
    for act in acts:
        at = getattr(row, f"{act}_at")
        if at is not None:
            by, index = getattr(row, f"{act}_by"), getattr(row, f"{act}_index")
            yield AuditLine(at=at, what=act, who=by, about=about, role=role, index=index)


def _newest(lines: Sequence[AuditLine], limit: int) -> list[AuditLine]:
    return sorted(lines, key=lambda line: (line.at, line.index or 0), reverse=True)[:limit]
