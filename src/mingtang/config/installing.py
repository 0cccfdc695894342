"""Preparing an installation: database, secret, log key, calendar, the first accounts."""

import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.config.calendar_seed import seed_years
from mingtang.config.wiring import REACTIONS, SUBJECTS
from mingtang.core import note
from mingtang.core.people import IdKind, Role
from mingtang.ledger import actions as ledger
from mingtang.ledger import keys, reactions
from mingtang.ledger.orders import Receipt
from mingtang.people import actions as people
from mingtang.people.actions import Identity, Post

FIRST_YEAR = 2004  # the first whose notices are known as data
YEARS_AHEAD = 2  # provisional years, so that no date is ever missing
SYSTEM = "system"  # who acts when the installation itself does


def prepare() -> Iterator[str]:
    """Make what is missing, leave what is there; yield a line for each thing made."""
    home = Path(settings.HOME)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if _make_secret(home / "keys" / "secret"):
        yield f"secret       {home / 'keys' / 'secret'}"
    call_command("migrate", verbosity=0)
    yield f"database     {settings.DATABASES['default']['NAME']}"
    if not keys.path().exists():
        try:
            key = keys.make(settings.ORIGIN).key
        except FileExistsError as error:
            raise SystemExit(f"日志密钥丢失 / the log key is lost: {error}") from error
        yield f"log key      {note.format_vkey(key)}"
    for reaction in REACTIONS:
        reactions.begin(reaction)  # a reader that begins later would not see what came before
    seeded = _seed_calendar()
    if seeded:
        yield f"calendar     {seeded[0]} to {seeded[-1]}, provisional after the last official year"


def _make_secret(path: Path) -> bool:
    """Write this installation's secret once, readable by its owner alone."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    settings.SECRET_KEY = path.read_text(encoding="ascii")
    return True


def _seed_calendar() -> list[int]:
    known = {row.year for row in catalogue_queries.calendar_years()}
    last = timezone.localdate().year + YEARS_AHEAD
    missing = [y for y in seed_years(FIRST_YEAR, last) if y.year not in known]
    for year in missing:
        catalogue.publish_calendar_year(
            year=year.year,
            official=year.official,
            off_days=year.off_days,
            makeup_days=year.makeup_days,
            source=year.source,
            by=SYSTEM,
            at=timezone.localtime(),
        )
    return [year.year for year in missing]


def make_year_official(year: int, lines: str, source: str) -> int:
    """Publish a year as the State Council's notice has it, and date open cases anew.

    `lines`: `off YYYY-MM-DD` and `work YYYY-MM-DD`, one a line. Returns how many cases moved.
    """
    days: dict[str, list[date]] = {"off": [], "work": []}
    for number, line in enumerate(lines.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or words[0] not in days:
            raise SystemExit(f"line {number}: expected `off DATE` or `work DATE`, got {line!r}")
        days[words[0]].append(date.fromisoformat(words[1]))
    now = timezone.localtime()
    catalogue.publish_calendar_year(
        year=year,
        official=True,
        off_days=days["off"],
        makeup_days=days["work"],
        source=source,
        by=SYSTEM,
        at=now,
    )
    return cases.redate_all(at=now)


def erase(index: int, fields: Sequence[str], *, basis: str, by: str) -> Receipt:
    """Erase sealed fields of an entry and what any room copied of them (依法删除)."""
    return ledger.erase(
        index=index, names=fields, basis=basis, by=by, at=timezone.localtime(), subjects=SUBJECTS
    )


ADMINISTRATORS = (
    ("system-admin", Role.SYSTEM_ADMIN, "系统管理员"),
    ("security-admin", Role.SECURITY_ADMIN, "安全管理员"),
    ("audit-admin", Role.AUDIT_ADMIN, "审计管理员"),
)


def open_administrators() -> Iterator[tuple[str, str, str]]:
    """Open the three administrators' accounts; yield user name, role, one-time password.

    They belong to the platform itself: everybody else is appointed by them, on the record.
    """
    now = timezone.localtime()
    for username, role, title in ADMINISTRATORS:
        identity = Identity(name=title, id_kind=IdKind.OTHER, id_number=username)
        person = people.register_person(identity=identity, by=SYSTEM, at=now).key
        post = Post(person=person, role=role, organisation="", staff_no=username, title=title)
        people.appoint(post=post, by=SYSTEM, at=now)
        yield (
            username,
            title,
            people.open_account(person=person, username=username, by=SYSTEM, at=now),
        )
