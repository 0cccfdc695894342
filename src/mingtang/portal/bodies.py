"""Departments by name (部门名称), in the reader's language."""

from collections.abc import Mapping

from mingtang.core.organisations import OrganisationKind
from mingtang.ledger.memory import until_changed
from mingtang.people import queries as people
from mingtang.portal import words


def name(code: str, chinese: str) -> str:
    """Return the department's name; the one its items carry where it is not registered."""
    return english_names().get(code, chinese) if words.in_english() else chinese


@until_changed("organisation")
def english_names() -> Mapping[str, str]:
    found = people.organisations(OrganisationKind.DEPARTMENT)
    return {body.code: body.name_en for body in found if body.name_en}
