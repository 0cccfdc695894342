"""The same rules give the same bytes in any process, whatever order sets have there."""

import subprocess
import sys

from tests.architecture.sources import ENVIRONMENT, ROOT

SAY_EVERYTHING = """
from dataclasses import replace
from itertools import count
from mingtang.core.catalogue import Step
from mingtang.core import cases, flow, bpmn, quality
from mingtang.core.history import WIRE
from mingtang.core.wire import canonical
from tests.core import case_examples as given
from tests.core.event_examples import one
from tests.core.item_examples import COMPLETE, item

def say(event):
    print(WIRE.encode(event, (f"salt{n}" for n in count()))[0].decode())

for kind in sorted(WIRE.events):
    say(one(WIRE.events[kind]))
steps = [Step(key=f"step{n}", name=f"{n}", days=n) for n in range(9)]
merge = Step(key="merge", name="m", after=tuple(step.key for step in steps))
many = replace(given.FILE, terms=given.terms(*steps, merge))
case, commands = cases.State(), [
    many, given.ACCEPT, *(given.complete(step.key) for step in (*steps, merge)), given.DECIDE
]
for command in commands:
    for event in cases.DECIDER.decide(case, command):
        case = cases.DECIDER.evolve(case, event)
        say(event)
print(case)
print(quality.shortcomings(item(conditions="", materials=(), audience=("9",), topics=())))
print(canonical(COMPLETE))
print(bpmn.bpmn(flow.flow(COMPLETE), process="p", name="n").decode())
"""


def test_rules_and_bytes_do_not_depend_on_the_process():
    said = {
        subprocess.run(
            [sys.executable, "-c", SAY_EVERYTHING],
            env={**ENVIRONMENT, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        ).stdout
        for seed in ("0", "1", "4711")
    }
    [only] = said
    assert len(only.splitlines()) > 35
