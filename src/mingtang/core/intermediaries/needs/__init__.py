"""A need of an intermediary's service (采购需求): from the notice to the rating.

    open ──opening──▶ chosen ──contract──▶ contracted ──begin──▶ serving ──deliver──▶ delivered
      │ └─▶ scoring ──▶ ▲                                          ▲──────return────────┘ │
      │                 └ direct: named in the notice                               accepted, rated
      └─nobody─▶ failed                        before acceptance, at any time: ended

Whoever needs a service publishes it: an applicant, or a department. Who that is, and for which
case, is sealed. Begin and delivery of the service are what the room of cases hears: it says whether
the clock of the case stands still meanwhile (`core.cases.contracted`), and that is noted here.
Source: 优化营商环境条例 art. 43; 行政许可法 art. 45.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from mingtang.core.decider import Decider
from mingtang.core.intermediaries.needs import commands, selecting, serving
from mingtang.core.intermediaries.needs.commands import Command
from mingtang.core.intermediaries.needs.events import Event
from mingtang.core.intermediaries.needs.state import State, evolve

EVENTS = get_args(Event)

_DECIDE: Mapping[type[Command], Callable[[State, Any], Sequence[Event]]] = {
    commands.PublishNeed: selecting.publish,
    commands.SignUp: selecting.sign_up,
    commands.WithdrawSignUp: selecting.withdraw,
    commands.OpenNeed: selecting.open_need,
    commands.ScoreBody: selecting.score,
    commands.ChooseBest: selecting.choose_best,
    commands.NoteContract: serving.contract,
    commands.BeginService: serving.begin,
    commands.DeliverResult: serving.deliver,
    commands.AcceptResult: serving.accept,
    commands.ReturnResult: serving.return_result,
    commands.RateService: serving.rate,
    commands.ComplainOfService: serving.complain,
    commands.AnswerComplaint: serving.answer,
    commands.EndNeed: serving.end,
    commands.NoteExcluded: serving.note_excluded,
    commands.NoteCounted: serving.note_counted,
    commands.NoteResumed: serving.note_resumed,
}


def decide(need: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to. The refusals stand with each rule."""
    return _DECIDE[type(command)](need, command)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = ["DECIDER", "EVENTS", "Command", "Event", "State", "decide", "evolve"]
