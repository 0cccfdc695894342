"""What another process does while a test looks: python -m tests.rooms.other_process JOB …

It says "ready", and does its job once told to go; what it prints has been committed.
"""

import os
import sys
from functools import partial
from itertools import count

import django

django.setup()

from django.utils import timezone  # noqa: E402

from mingtang.core.decider import Refused  # noqa: E402
from mingtang.ledger import sequencer  # noqa: E402
from mingtang.ledger.enact import enact_one  # noqa: E402
from tests.rooms import case_words, ledger_subjects  # noqa: E402


def complete(step, *numbers):
    """Complete this step of each case, trying to accept it first, as the other one does."""
    _ready()
    for number in numbers:
        for act in (partial(case_words.accept, number), partial(case_words.complete, number, step)):
            try:
                receipt = act()
            except Refused as refused:
                print(number, refused.code)
            else:
                print(number, receipt.index)


def write_until_killed(rounds):
    """Write in one child after the other, each until somebody kills it."""
    _ready()
    for number in range(int(rounds)):
        child = os.fork()
        if not child:
            _write(number)
        os.waitpid(child, 0)


def _write(number):
    print("child", os.getpid(), flush=True)
    for written in count():
        order = ledger_subjects.publish(2000 + number, source=f"{number}.{written}")
        receipt = enact_one(order)
        print("wrote", receipt.index, receipt.leaf.hex(), flush=True)
        if written % 5 == 4:
            sequencer.advance(at=timezone.now())
            print("signed", flush=True)


def _ready():
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    {"complete": complete, "write-until-killed": write_until_killed}[job](*arguments)
