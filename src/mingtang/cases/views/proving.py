"""Sessions that have been on a phone (掌上审批): what is decided in them needs a second factor."""

from django.http import HttpRequest

from mingtang.core.decider import Refused

HANDHELD = "cases.handheld"  # session key


def note_handheld(request: HttpRequest) -> None:
    """Remember that this session has opened the pages for the hand."""
    if not request.session.get(HANDHELD):
        request.session[HANDHELD] = True


def require_desk(request: HttpRequest) -> None:
    """Refuse a decision without a second factor in a session that has been on a phone.

    Otherwise whoever finds the phone would decide on the desk's page instead.
    Raises Refused: factor.needed.
    """
    if request.session.get(HANDHELD):
        raise Refused("factor.needed")
