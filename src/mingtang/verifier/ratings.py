"""Count all ratings again (复算评价) from the entries of a log that was found good."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mingtang.core.tallies import Recount, recount
from mingtang.verifier.words import Refused, Say, plain


def count_ratings(entries: Iterable[tuple[int, bytes]]) -> Recount:
    """Return the sums over the entries of a log. Raises Refused for an entry that is not one."""
    index = 0

    def faces() -> Iterator[tuple[int, Mapping[str, Any]]]:
        nonlocal index
        for index, body in entries:
            yield index, json.loads(body)

    try:
        return recount(faces())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"entry {index}", "rating-form", detail=error) from error


def findings(found: Recount) -> list[Refused]:
    return [Refused(f"entry {index}", code) for index, code in found.findings]


def describe_ratings(found: Recount, say: Say) -> str:
    """Return the sums as lines; the published numbers as columns a spreadsheet reads."""
    lines = [
        say("ratings-valid"),
        f"{say('ballots')}: {found.ballots}",
        f"{say('ratings-given')}: {found.given}",
        f"{say('ratings-counted')}: {found.counted}",
        f"{say('ratings-waiting')}: {found.waiting}",
        f"{say('tallies')}: {found.tallies}",
        "month,department,item,grade,number",
    ]
    for (month, department, item, grade), number in sorted(found.numbers.items()):
        lines.append(plain(f"{month},{department},{item},{grade},{number}"))
    return "\n".join(lines)
