"""What the rules make of an act, beside what the log says of it (逐条复算)."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from mingtang.core import wire
from mingtang.core.decider import Decider
from mingtang.core.decider import Refused as RuleRefused
from mingtang.core.history import WIRE
from mingtang.core.trading.lots.events import LotAward, LotClosed
from mingtang.verifier.auction.entries import Entry, Findings
from mingtang.verifier.words import Refused

Act = Sequence[Entry]  # what one order led to, in order

# What is said where a closing is not what the rules give, by its field.
OF_CLOSING = {
    "verdict": "other-verdict",
    "reserve_fen": "other-reserve",
    "draw": "other-draw",
    "offers": "other-offers",
    "bidders": "other-count",
    "bids": "other-count",
    "extensions": "other-extensions",
    "ended": "other-end",
}


def ruled(
    decider: Decider[Any, Any, Any],
    state: Any,
    order: Callable[[], Any],
    act: Act,
    findings: Findings,
) -> Any:
    """Decide anew and compare; return the state after what the log says.

    `order` makes the order, or raises the Refused that says why it cannot. The log may hold
    anything at all, so whatever the rules trip over is a finding too.
    """
    where = act[-1].where
    try:
        due = decider.decide(state, order())
    except Refused as refused:
        findings.found.append(refused)
    except RuleRefused as refused:
        findings.add(where, "rule-broken", rule=refused.code)
    except Exception as error:
        findings.add(where, "rule-broken", rule=type(error).__name__)
    else:
        _compare(due, act, findings)
    for entry in act:
        try:
            state = decider.evolve(state, entry.event)
        except Exception as error:
            findings.add(entry.where, "rule-broken", rule=type(error).__name__)
    return state


def _compare(due: Sequence[Any], act: Act, findings: Findings) -> None:
    kinds, found = [event.kind for event in due], [entry.event.kind for entry in act]
    if kinds != found:
        findings.add(act[-1].where, "other-events", due=", ".join(kinds), found=", ".join(found))
        return
    for event, entry in zip(due, act, strict=True):
        hidden = {*WIRE.sealed_fields(event.kind)} - entry.opened
        for name in (field.name for field in fields(event) if field.name not in hidden):
            ours, theirs = getattr(event, name), getattr(entry.event, name)
            if ours != theirs:
                _tell(entry, name, ours, theirs, findings)


def _tell(entry: Entry, name: str, due: Any, found: Any, findings: Findings) -> None:
    if not isinstance(entry.event, LotClosed) or name == "at":
        shown = {"due": wire.canonical(due), "found": wire.canonical(found)}
        findings.add(entry.where, "not-as-ruled", name=name, **shown)
    elif name == "awards":
        _tell_awards(entry, due, found, findings)
    else:
        shown = {"due": wire.canonical(due), "found": wire.canonical(found)}
        findings.add(entry.where, OF_CLOSING[name], name=name, **shown)


def _tell_awards(
    entry: Entry, due: Sequence[LotAward], found: Sequence[LotAward], findings: Findings
) -> None:
    ours, theirs = [award.paddle for award in due], [award.paddle for award in found]
    if ours != theirs:
        shown = {"due": ", ".join(ours) or "-", "found": ", ".join(theirs) or "-"}
        findings.add(entry.where, "other-winner", **shown)
        return
    for one, other in zip(due, found, strict=True):
        for name, code in (("price_fen", "other-price"), ("quantity", "other-quantity")):
            ours_is, theirs_is = getattr(one, name), getattr(other, name)
            if ours_is != theirs_is:
                shown = {"paddle": one.paddle, "due": ours_is, "found": theirs_is}
                findings.add(entry.where, code, **shown)
