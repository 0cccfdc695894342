"""Whose items somebody may write (事项权限): a department its own, the centre everybody's."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mingtang.core.people import Power
from mingtang.people.access import Actor, actor_of


def departments_of(actor: Actor) -> frozenset[str] | None:
    """Return the departments whose items this actor may write; None: of every department."""
    if Power.CATALOGUE_PUBLISH in actor.powers:
        return None
    return actor.organisations_with(Power.CATALOGUE_DRAFT)


def require_department(request: HttpRequest, department: str) -> None:
    """Refuse whoever may not write this department's items."""
    own = departments_of(actor_of(request))
    if own is not None and department not in own:
        raise PermissionDenied(_("这是别的部门的事项，您只能编辑本部门的事项。"))
