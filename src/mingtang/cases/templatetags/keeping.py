"""What a window keeps in its browser while there is no network (断网续填), and under which key."""

from base64 import b64encode
from typing import Any

from django import template
from django.utils.crypto import salted_hmac

register = template.Library()
HOURS = 12  # then it is dropped unread: a working day, and no night


@register.inclusion_tag("cases/parts/keeping.html", takes_context=True)
def keep_typing(context: Any) -> dict[str, Any]:
    """`{% keep_typing %}`: keep what is typed on this page, for whoever is signed in.

    What lies in the browser is encrypted; the key comes with the page and only to the same person,
    so that nobody reads it after they signed out.
    """
    account = str(context["request"].user.pk)
    return {
        "key": b64encode(_secret("key", account).digest()).decode(),
        "whose": _secret("whose", account).hexdigest()[:8],
        "hours": HOURS,
        "answer": context["request"].method == "POST",  # this page answers what was sent
    }


def _secret(what: str, account: str) -> Any:
    return salted_hmac(f"mingtang.cases.keeping.{what}", account, algorithm="sha256")
