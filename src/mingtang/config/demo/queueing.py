"""The demonstration's hall (办事大厅): some were served, some are at a window, some wait.

It gives numbers on every day at every hour but one day that is announced, so that whoever tries it
finds it open.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from mingtang.catalogue import queries as catalogue
from mingtang.core.cases import Officer
from mingtang.core.clock import CHINA, civil_day
from mingtang.core.halls import QUARTER, WHOLE_DAY, ClosedDay, HallRules, WindowServes
from mingtang.core.people import Role
from mingtang.core.queues import Channel
from mingtang.windows import actions

WINDOWS = 3  # general windows of the centre that call
BEFORE = timedelta(minutes=40)  # the first number was taken so long ago
NUMBERS = 14
SERVED = 5
ITEM = "仅销售预包装食品备案"  # what every third of them comes for
TOPICS = ("food", "business")  # what the last window serves; the others serve everything
CLOSED = timedelta(days=5)  # from now to the day the hall is closed
_Act = Callable[[datetime], object]


def live(
    *,
    staff: Mapping[tuple[Role, str], Officer],
    hall: str,
    visitors: tuple[str, str],
    opening: datetime,
    now: datetime,
) -> None:
    """Arrange the hall and let its day begin. `visitors` book the next quarter-hours."""
    windows = tuple(f"{hall}-general-{number}" for number in range(1, WINDOWS + 1))
    rules = HallRules(
        name="综合服务大厅",
        windows=windows,
        opens=0,
        closes=WHOLE_DAY,
        every_day=True,
        seats=2,
        days_ahead=7,
        per_person=1,
        closed=(ClosedDay(day=civil_day(now + CLOSED), reason="设备检修"),),
        serving=(WindowServes(window=windows[-1], topics=TOPICS),),
    )
    manager = staff[Role.CENTRE_MANAGER, hall].person
    actions.arrange(hall=hall, rules=rules, by=manager, at=opening)
    clerks = {window: staff[Role.WINDOW_CLERK, window].person for window in windows}
    acts = _day(hall, clerks)
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = max(now - BEFORE, midnight)
    for place, act in enumerate(acts):
        act(begun + (now - begun) * place / len(acts))
    quarter = timedelta(minutes=QUARTER)
    for place, visitor in enumerate(visitors, 1):
        slot = midnight + quarter * ((now - midnight) // quarter + place)
        actions.book(hall=hall, slot=slot, visitor=visitor, at=now)


def _day(hall: str, clerks: Mapping[str, str]) -> list[_Act]:
    """Return what happened in the hall, in its order."""
    one, two, three = clerks

    item = catalogue.items(catalogue.Wanted()).get(name=ITEM).key

    def taken(*items: str) -> _Act:
        return lambda at: actions.take(
            hall=hall, channel=Channel.COUNTER, items=items, by=clerks[one], at=at
        )

    takes = [taken(*([] if number % 3 else [item])) for number in range(NUMBERS)]

    def at_window(act: Callable[..., object], window: str) -> _Act:
        return lambda at: act(hall=hall, window=window, by=clerks[window], at=at)

    served = [
        act
        for number in range(SERVED)
        for window in [(one, two, three)[number % WINDOWS]]
        for act in (at_window(actions.call, window), at_window(actions.finish, window))
    ]
    return [
        *takes[: NUMBERS // 2],
        *served,
        *takes[NUMBERS // 2 :],
        at_window(actions.call, three),
        at_window(actions.skip, three),
        at_window(actions.call, one),
        at_window(actions.call, two),
    ]
