"""The demonstration's ratings (好差评): of every grade, some bad ones called back and settled."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import Random

from mingtang.cases.reactions import REACTIONS as CASE_REACTIONS
from mingtang.core.ballots import ASPECTS, OPEN_DAYS, ServedAt
from mingtang.core.cases import Officer
from mingtang.core.clock import CHINA
from mingtang.core.ratings import BAD
from mingtang.ledger import reactions
from mingtang.ratings import actions, queries
from mingtang.ratings.ports import tokens
from mingtang.ratings.reactions import REACTIONS

SEED = 20260701
RATES = 0.7  # of those who may
WEIGHTS = (46, 27, 12, 9, 6)  # of the grades, from very satisfied on
# Something is said with each grade now and then; the national grades have no words of their own.
SAID: dict[int, Sequence[str]] = {
    1: ("一次就办好了，很快。", "窗口讲得很清楚。", ""),
    2: ("挺方便的。", ""),
    3: ("指南里有一项写得不清楚。", ""),
    4: ("等候时间太长。", "同样的材料交了两次。", ""),
    5: ("打电话没有人接。", "跑了两趟。", ""),
}
DONE = (
    "已核对办事指南，把容易误解的一项改写，并在窗口张贴样表。",
    "已调整窗口排班，忙时增开一个窗口。",
    "已与部门约定：电话三声内接听，无人接听时转到中心总台。",
)
CALLED, PUT_RIGHT, ANSWERED = timedelta(days=2), timedelta(days=6), timedelta(days=8)


def live(*, supervisor: Officer, left: Collection[str], until: datetime) -> None:
    """Let people rate what was finished, and let the centre answer for what was bad.

    `left`: streams of what whoever tries the demonstration may rate themselves.
    """
    for reaction in (*CASE_REACTIONS, *REACTIONS):
        if reaction.reader in ("cases.efficiency", "ratings.ballots"):
            reactions.run(reaction)
    chance = Random(SEED)
    given: list[tuple[datetime, str, str]] = []
    ballots = queries.BallotRow.objects.order_by("last_date", "origin")
    for place, ballot in enumerate(ballots):
        ended = ballot.last_date - timedelta(days=OPEN_DAYS)
        at = datetime(ended.year, ended.month, ended.day, 19, place % 60, tzinfo=CHINA)
        at += timedelta(days=chance.randrange(3))
        if chance.random() < RATES and at < until and ballot.origin not in left:
            given.append((at, ballot.origin, ballot.channel))
    day = min(given)[0].date() if given else until.date()
    bad: list[tuple[datetime, str, str]] = []
    for at, origin, channel in sorted(given):
        while day < at.date():
            day += timedelta(days=1)
            actions.publish(at=datetime(day.year, day.month, day.day, 0, 1, tzinfo=CHINA))
        grade = chance.choices((1, 2, 3, 4, 5), WEIGHTS)[0]
        reply = tokens.new_reply()
        rating = _give(chance, origin, ServedAt(channel), grade, reply, at)
        if grade in BAD:
            bad.append((at, rating, reply))
    actions.publish(at=until)
    for place, (at, rating, reply) in enumerate(bad):
        _answer(place, rating, reply, supervisor, at=at, until=until)


def _give(
    chance: Random, origin: str, channel: ServedAt, grade: int, reply: str, at: datetime
) -> str:
    near = [value for value in (grade - 1, grade, grade + 1) if 1 <= value <= 5]
    return actions.give(
        token=actions.token_of(origin),
        grade=grade,
        reply=reply,
        aspects={name: chance.choice(near) for name in ASPECTS[channel] if chance.random() < 0.5},
        text=chance.choice(SAID[grade]),
        contact="演示电话 19900000000" if grade in BAD and chance.random() < 0.5 else "",
        at=at,
    ).key


def _answer(
    place: int, rating: str, reply: str, supervisor: Officer, *, at: datetime, until: datetime
) -> None:
    """Do what was due about a bad rating by now; every fourth rater is not content."""
    posts, by = frozenset({supervisor.organisation}), supervisor.person
    if at + CALLED < until:
        reached = place % 3 > 0
        note = "已联系，说明了情况。" if reached else "联系三次没有接听。"
        actions.call_back(
            rating=rating, reached=reached, note=note, posts=posts, by=by, at=at + CALLED
        )
    if at + PUT_RIGHT < until:
        result = DONE[place % len(DONE)]
        actions.rectify(rating=rating, result=result, posts=posts, by=by, at=at + PUT_RIGHT)
    if at + ANSWERED < until and place % 3 > 0:
        actions.answer(reply=reply, settled=place % 4 > 0, at=at + ANSWERED)
