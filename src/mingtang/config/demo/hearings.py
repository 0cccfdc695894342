"""Hearings (听证), each at another point: one whose hour has come, one that may be asked for, one
announced and ahead, one held and decided upon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mingtang.cases import actions
from mingtang.cases.actions import hearings
from mingtang.catalogue import queries as catalogue
from mingtang.config.demo import living
from mingtang.core import cases
from mingtang.core.cases import Attendance, Finding, HearingGround, Officer
from mingtang.core.catalogue import ItemContent, key_of
from mingtang.core.clock import CHINA, civil_day
from mingtang.core.people import Role
from mingtang.core.worktime import WorkCalendar

ITEM = "公共场所卫生许可"
CHAIRS = ("hearing1", "hearing2")  # of the department, had no part in any review
STAKE = "营业场所的排风口正对相邻住户，直接关系其重大利益（演示）。"
PLACE = "云岭市观澜区政务大道 1 号 3 楼听证室（演示）"
BEFORE = 10  # working days between the notice of a hearing and the hearing


@dataclass(frozen=True)
class Cast:
    """Who plays in it."""

    item: ItemContent
    party: living.Party
    neighbour: living.Party
    clerk: Officer
    reviewer: Officer
    chief: Officer
    chair: Officer


def live(
    *,
    staff: Mapping[tuple[Role, str], Officer],
    applicants: Sequence[living.Party],
    clerk: Officer,
    until: datetime,
) -> None:
    """File four applications of one enterprise; a neighbour has an interest in each."""
    item = catalogue.in_force(catalogue.items(catalogue.Wanted()).get(name=ITEM).key)[1]
    cast = Cast(
        item=item,
        party=next(one for one in applicants if one.kind == "organisation"),
        neighbour=applicants[5],  # whoever signs in as citizen
        clerk=clerk,
        reviewer=staff[Role.REVIEWER, item.department],
        chief=staff[Role.CHIEF_REPRESENTATIVE, item.department],
        chair=staff[Role.REVIEWER, CHAIRS[0]],
    )
    calendar = catalogue.calendar()
    _ripe(cast, until, calendar)
    _may_be_asked_for(cast, until, calendar)
    _ahead(cast, until, calendar)
    _decided(cast, until, calendar)


def _ripe(cast: Cast, until: datetime, calendar: WorkCalendar) -> None:
    """It has just begun: whoever chairs it can write the record."""
    _asked_and_scheduled(cast, until - timedelta(hours=1), calendar)


def _may_be_asked_for(cast: Cast, until: datetime, calendar: WorkCalendar) -> None:
    at = until - timedelta(hours=3)
    _told(cast, _reviewed(cast, at - timedelta(days=2)), at)


def _ahead(cast: Cast, until: datetime, calendar: WorkCalendar) -> None:
    """The organ holds it of its own accord, in public."""
    number = _reviewed(cast, until - timedelta(days=2))
    hearings.announce(
        number=number,
        ground=HearingGround.PUBLIC_INTEREST,
        matter="观澜区老街公共浴室布点（演示）",
        basis="涉及周边居民生活环境的重大公共利益",
        interested=[hearings.interested("演示老街社区居民委员会")],
        officer=cast.reviewer,
        at=until - timedelta(hours=4),
    )
    day = _working_days_from(civil_day(until), BEFORE, calendar)
    hearings.schedule(
        number=number,
        hearing=1,
        starts_at=datetime.combine(day, time(9, 30), CHINA),
        place=PLACE,
        chair=cast.chair,
        officer=cast.reviewer,
        at=until - timedelta(hours=2),
    )


def _decided(cast: Cast, until: datetime, calendar: WorkCalendar) -> None:
    held = _at(_working_days_from(civil_day(until), -3, calendar), 9)
    number = _asked_and_scheduled(cast, held, calendar)
    at = held + timedelta(hours=3)
    hearings.record(
        number=number,
        hearing=1,
        presenters=[cast.reviewer],
        evidence="出示现场核查记录和噪声检测报告，排风口与住户窗口相距 6 米（演示）。",
        statements="申请人同意把排风口移到背街一侧；利害关系人没有异议（演示）。",
        attendance=[
            Attendance(party=0, came=True, signed=True),
            Attendance(party=1, came=True, signed=True),
        ],
        document=living.letter("听证笔录", at),
        officer=cast.chair,
        at=at,
    )
    actions.decide(
        number=number,
        granted=True,
        reason="按听证笔录，排风口移至背街一侧（演示）。",
        hearings=[1],
        officer=cast.chief,
        at=at + timedelta(days=1),
    )


def _asked_and_scheduled(cast: Cast, starts_at: datetime, calendar: WorkCalendar) -> str:
    """Return a case whose neighbour asked, and whose hearing begins then."""
    day = _working_days_from(civil_day(starts_at), -BEFORE, calendar)
    number = _reviewed(cast, _at(_working_days_from(day, -5, calendar), 9))
    _told(cast, number, _at(_working_days_from(day, -2, calendar), 10))
    hearings.ask(
        number=number,
        hearing=1,
        party=1,
        person=cast.neighbour.id,
        reason="排风口的噪声和气味影响居住（演示）。",
        at=_at(_working_days_from(day, -1, calendar), 15),
    )
    hearings.schedule(
        number=number,
        hearing=1,
        starts_at=starts_at,
        place=PLACE,
        chair=cast.chair,
        officer=cast.reviewer,
        at=_at(day, 11),
    )
    return number


def _told(cast: Cast, number: str, at: datetime) -> None:
    """Tell applicant and neighbour; both notices reach them at once."""
    neighbour = hearings.interested(cast.neighbour.name, cast.neighbour.id_number)
    hearings.tell(
        number=number, interest=STAKE, interested=[neighbour], officer=cast.reviewer, at=at
    )
    for party in (0, 1):
        hearings.note_reached(
            number=number,
            hearing=1,
            party=party,
            reached_date=civil_day(at),
            at=at + timedelta(minutes=5),
        )


def _reviewed(cast: Cast, at: datetime) -> str:
    """Return a case of the enterprise that waits for its decision."""
    item, party = cast.item, cast.party
    answers = {one.key: one.options[0].value for one in item.situations}
    number = actions.file_case(
        item=key_of(item.code),
        applicant=cases.Applicant(
            kind=party.kind,
            id=party.id,
            name=party.name,
            id_number=party.id_number,
            phone=party.phone,
            agent=party.agent,
        ),
        answers=answers,
        form={field.name: living.value(field, party) for field in item.form},
        documents=[
            living.document(party, m.key, m.name, at) for m in cases.materials_for(item, answers)
        ],
        at=at,
    ).key
    actions.accept(number=number, officer=cast.clerk, at=at + timedelta(minutes=20))
    for step in living.in_order(item.steps):
        actions.complete_step(
            number=number,
            step=step.key,
            finding=Finding.MEETS,
            opinion="符合规定，拟在听证后决定（演示）。",
            officer=cast.reviewer,
            at=at + timedelta(hours=1),
        )
    return number


def _working_days_from(day: date, count: int, calendar: WorkCalendar) -> date:
    """Return the day so many working days after, or before, `day`."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not calendar.is_working(day):
            day += step
    return day


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), CHINA)
