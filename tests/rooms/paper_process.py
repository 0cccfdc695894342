"""What another process does with papers: python -m tests.rooms.paper_process JOB …

It says "ready", and does its job once told to go; what it prints has happened. A job that somebody
is to kill waits after each line until it may go on: so it is never further than who reads it.
"""

import os
import select
import sys
from functools import wraps

import django

django.setup()

from mingtang.config.wiring import REACTIONS  # noqa: E402
from mingtang.ledger import reactions  # noqa: E402
from mingtang.papers import actions  # noqa: E402
from mingtang.papers.actions import making  # noqa: E402
from tests.rooms.paper_words import draft  # noqa: E402
from tests.rooms.people_words import MONDAY  # noqa: E402

FEW = 3  # papers that share a commit


def order(who, rounds):
    """Order three papers of one's own and one that the other process orders, too."""
    _ready()
    for turn in range(int(rounds)):
        own = [draft(f"MT-{who}-{turn:04}-{n}") for n in range(3)]
        for outcome in actions.order([draft(f"MT-0000-{turn:04}-1"), *own]):
            print(getattr(outcome, "code", "ok"), flush=True)


def make(limit):
    """Make what is due in one round; say how many were issued, and how many made in vain."""
    dropped, drop = [], making._drop
    making._drop = lambda file: (dropped.append(file), drop(file))
    _ready()
    print(making.make_due(at=MONDAY, limit=int(limit)), len(dropped), flush=True)


def make_until_killed():
    """Make what is due, each child until somebody kills it."""
    _tell((making, "typeset"), *STEPS)
    _until_nothing_is_left(lambda: making.make_due(at=MONDAY, limit=FEW))


def work_until_killed():
    """Do everything the worker does: order notices, register licences, make, issue, deliver."""
    _tell(*((reactions, name) for name in ("begin", "_heard")), *STEPS)

    def round_of_work():
        heard = sum(reactions.run(reaction) for reaction in REACTIONS)
        return heard + making.make_due(at=MONDAY, limit=FEW)

    _until_nothing_is_left(round_of_work)


STEPS = (
    (making, "check"),
    (making.vault, "keep_document"),
    (making, "enact"),
    (making, "_settle"),
)


def _until_nothing_is_left(work):
    """Work in one child after the other; the last one is left to find nothing more to do."""
    _ready()
    while True:
        child = os.fork()
        if not child:
            while select.select([0], [], [], 0)[0]:
                os.read(0, 1)  # let go on, and killed before it did
            print("child", os.getpid(), flush=True)
            while work():
                pass
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return


def _tell(*steps):
    """Say it whenever one of these steps begins or is done."""
    for place, name in steps:
        setattr(place, name, _telling(getattr(place, name)))


def _telling(step):
    @wraps(step)
    def told(*args, **said):
        _say("begin", step.__name__)
        outcome = step(*args, **said)
        _say("end", step.__name__)
        return outcome

    return told


def _say(*words):
    print(*words, flush=True)
    os.read(0, 1)


def _ready():
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    jobs = {
        "order": order,
        "make": make,
        "make-until-killed": make_until_killed,
        "work-until-killed": work_until_killed,
    }
    jobs[job](*arguments)
