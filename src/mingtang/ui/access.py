"""Who may open a page (访问权限): the mark every public view carries.

`view.access` is a pair `(kind, detail)`. A test walks every address and refuses a view without it,
so a page is never open by forgetting.
"""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(why: str) -> Callable[[View], View]:
    """Mark a view as open to everyone (公开页面). `why` is one plain sentence for the reviewer."""

    def mark(view: View) -> View:
        view.access = ("public", why)  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark
