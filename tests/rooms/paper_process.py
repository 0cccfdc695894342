"""What another process does with papers: python -m tests.rooms.paper_process JOB …

It says "ready", and does its job once told to go; what it prints has been committed.
"""

import sys

import django

django.setup()

from mingtang.papers import actions  # noqa: E402
from tests.rooms.paper_words import draft  # noqa: E402


def order(who, rounds):
    """Order three papers of one's own and one that the other process orders, too."""
    _ready()
    for turn in range(int(rounds)):
        own = [draft(f"MT-{who}-{turn:04}-{n}") for n in range(3)]
        for outcome in actions.order([draft(f"MT-0000-{turn:04}-1"), *own]):
            print(getattr(outcome, "code", "ok"), flush=True)


def _ready():
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    {"order": order}[job](*arguments)
