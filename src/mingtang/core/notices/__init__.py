"""Notices (文书): what each decision point of a case says to the applicant, as a sheet.

A paper is a Chinese document with legal effect, so its words stand here, with the rules, and are
not translated. `notice` says which paper an event asks for; an event that asks for none gives
None. What is personal comes from the case's own events and goes into the sealed sheet.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mingtang.core import cases
from mingtang.core.notices import ending, filing, intake, moving
from mingtang.core.notices.wording import Facts, Letterhead, Notice, Wording

_COMPOSE: Mapping[type[Any], Callable[[Wording, Any], Notice]] = {
    cases.CaseFiled: filing.received,
    cases.CorrectionsReceived: filing.corrections_received,
    cases.CorrectionsNotified: intake.corrections,
    cases.CaseAccepted: intake.accepted,
    cases.CaseDeemedAccepted: intake.deemed,
    cases.CaseNotAccepted: intake.not_accepted,
    cases.CaseExtended: moving.extended,
    cases.SpecialBegun: moving.special_begun,
    cases.CaseDecided: ending.decided,
}
HEARD = tuple(_COMPOSE)  # the events that ask for a paper: the decision points


def notice(wording: Wording, event: Any) -> Notice:
    """Return the paper a decision point asks for. Raises KeyError for any other event."""
    return _COMPOSE[type(event)](wording, event)


__all__ = ["HEARD", "Facts", "Letterhead", "Notice", "Wording", "notice"]
