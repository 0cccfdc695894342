"""The demonstration province 明州省: institutions, people, catalogue, living cases, sign-ins.

Everything is made by the same actions a person would use; only their `at` is simulated.
"""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from mingtang.cases import queries as cases
from mingtang.catalogue import actions as catalogue
from mingtang.catalogue import queries as catalogue_queries
from mingtang.config import installing, serving, working
from mingtang.config.demo import (
    beside,
    colleagues,
    hearings,
    hospital,
    intermediaries,
    levels,
    living,
    queueing,
    rating,
    reading,
    referrals,
    shifts,
    together,
)
from mingtang.config.demo import trading as floor
from mingtang.config.demo.inhabitants import (
    CENTRE,
    GOVERNMENT,
    GOVERNMENT_NAME,
    PASSWORD,
    SHOWN_DEPARTMENT,
    appoint_staff,
    everybody,
    make_seals,
    register_applicants,
    register_institutions,
    sure,
)
from mingtang.config.demo.signins import keep_sign_ins, print_sign_ins
from mingtang.config.wiring import REACTIONS
from mingtang.core.cases import Officer
from mingtang.core.catalogue import key_of
from mingtang.core.people import Role
from mingtang.ledger import queries as ledger
from mingtang.ledger import reactions
from mingtang.licences import actions as licences
from mingtang.people import actions as people
from mingtang.people import queries as people_queries
from mingtang.trading.actions import procedures as trading

STEPS = 10
PAPER_DAYS = 3  # of the newest past that has its papers


def make(*, port: int = 8000, quiet: bool = False) -> dict[str, int]:
    """Make the province in an empty installation; return what there is, by kind.

    An installation that has cases already is left as it is.
    """
    for _ in installing.prepare():
        pass
    serving.name_witness(port)
    serving.name_bank(port)
    if not cases.everywhere().exists():
        console = Console(file=sys.stderr, quiet=quiet)
        with Progress(console=console) as progress:
            bar = progress.add_task("明州省（演示）", total=STEPS)
            for _ in _build():
                progress.advance(bar)
    counts = _counts()
    if not quiet:
        print_sign_ins(counts)
    return counts


def _build() -> Iterator[None]:
    now = timezone.localtime()
    opening = now - timedelta(days=90)
    register_institutions(opening)
    yield
    staff = appoint_staff(opening)
    keep_sign_ins([one for one in everybody() if one.shown])
    make_seals(staff, opening)
    team = levels.settle(password=PASSWORD, by=installing.SYSTEM, at=opening)
    yield
    applicants = register_applicants(opening)
    yield
    _directory(staff[Role.CENTRE_MANAGER, CENTRE].person, opening)
    _publish(opening)
    levels.adopt(team=team, at=opening)
    lead = next(row for row in reading.rows("departments") if row["code"] == together.LEAD)
    together.publish(
        lead=(lead["code"], lead["name"]),
        government=(GOVERNMENT, GOVERNMENT_NAME),
        by=staff[Role.CENTRE_MANAGER, CENTRE].person,
        at=opening,
    )
    _licence_types(staff[Role.CENTRE_MANAGER, CENTRE].person, opening)
    _trading_rules(staff[Role.CENTRE_MANAGER, CENTRE].person, opening)
    yield
    living.live(
        staff=staff,
        applicants=applicants,
        until=now,
        papers_from=now - timedelta(days=PAPER_DAYS),
        open_papers=_open_papers,
    )
    yield
    clerk = staff[Role.WINDOW_CLERK, f"{CENTRE}-general-1"]
    hospital.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    referrals.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    levels.live(team=team, staff=staff, applicants=applicants, until=now)
    together.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    colleagues.live(staff=staff, now=now)
    beside.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    hearings.live(staff=staff, applicants=applicants, clerk=clerk, until=now)
    working.pulse(at=now)
    second = staff[Role.WINDOW_CLERK, f"{CENTRE}-general-2"]
    shifts.live(giver=clerk, receiver=second, department=SHOWN_DEPARTMENT, until=now)
    yield
    _ratings(staff[Role.CENTRE_MANAGER, CENTRE], now)
    yield
    _trades(staff, opening, now)
    yield
    visitors = (applicants[1].id, applicants[2].id)
    queueing.live(staff=staff, hall=CENTRE, visitors=visitors, opening=opening, now=now)
    yield
    agent = intermediaries.live(staff=staff, centre=CENTRE, now=now)
    accounts = {intermediaries.AGENT: agent}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=installing.SYSTEM, at=opening)
    yield


def _trades(staff: dict[tuple[Role, str], Officer], opening: datetime, now: datetime) -> None:
    """The trades of the last weeks; who bids in the auction that goes on, and who may join it."""
    who, team = floor.crew(staff), floor.hands(opening)
    accounts = {"bidder": team[-1].person}
    people.open_accounts(accounts=accounts, password=PASSWORD, by=installing.SYSTEM, at=opening)
    floor.live(who, team, now=now)
    floor.keep(who, team)


def _ratings(supervisor: Officer, now: datetime) -> None:
    """What was finished is rated, but for the cases of those who can be tried."""
    accounts = filter(None, map(people_queries.account, ("citizen", "agent")))
    own = [cases.of_applicant(account.person) for account in accounts]
    left = {f"case/{row.number}" for rows in own for row in rows}
    rating.live(supervisor=supervisor, left=left, until=now)


def _open_papers() -> None:
    """From here on every decision point has its paper: what came before is an older time.

    The papers of two months would keep a new demonstration busy for minutes.
    """
    for reaction in REACTIONS:
        reactions.pass_over(reaction)


def _publish(at: datetime) -> None:
    contents = reading.items()
    by = installing.SYSTEM
    sure(catalogue.import_items(contents, by=by, at=at))
    sure(catalogue.publish_items([key_of(one.code) for one in contents], by=by, at=at))


def _directory(manager: str, at: datetime) -> None:
    """What is shared is in the directory before the items that read it are published."""
    for content in reading.resources():
        catalogue.publish_resource(content=content, by=manager, at=at)


def _licence_types(manager: str, at: datetime) -> None:
    for content in reading.licence_types():
        licences.publish_type(content=content, by=manager, at=at)


def _trading_rules(manager: str, at: datetime) -> None:
    """The centre publishes by which procedures it trades, and what."""
    sure(trading.publish_procedures(reading.procedures(), by=manager, at=at))
    trading.publish_kinds(all_of=reading.trading_kinds(), by=manager, at=at)


def _counts() -> dict[str, int]:
    wanted = catalogue_queries.Wanted()
    by_category = catalogue_queries.facets(wanted).categories
    return {
        "departments": len(reading.rows("departments")),
        "centres": len(reading.rows("centres")),
        "licence": by_category.get("licence", 0),
        "non_licence": by_category.get("non_licence", 0),
        "service": by_category.get("service", 0),
        "cases": cases.everywhere().count(),
        "entries": ledger.size(),
    }
