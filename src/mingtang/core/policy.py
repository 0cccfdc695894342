"""Whose signatures make a checkpoint count (见证规则): C2SP tlog-policy.

A text file, one statement a line; empty lines and lines that begin with # are ignored:

    log <vkey> [url]
    witness <name> <vkey> [url]
    group <name> <k | any | all> <name> ...     at least k of these witnesses or groups
    quorum <name>                               exactly once; `none` asks for no witness

A name is defined before it is used, once, and is a member of at most one group. Two lines
of one kind never hold the same public key, whatever they call it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mingtang.core import note
from mingtang.core.strict import Malformed, parse_decimal

NONE = "none"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ML_DSA_44 = 0x06
_COSIGNERS = (note.COSIGNATURE, _ML_DSA_44)


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """A log or a witness."""

    key: note.Key
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party]
    groups: Mapping[str, Group]
    quorum: str

    def satisfied(self, cosigners: Collection[note.Key]) -> bool:
        """Say whether good cosignatures of these keys are enough."""
        return self.quorum == NONE or self._witnessed(self.quorum, cosigners)

    def _witnessed(self, name: str, cosigners: Collection[note.Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in cosigners
        group = self.groups[name]
        return sum(self._witnessed(m, cosigners) for m in group.members) >= group.threshold


def parse_policy(text: str) -> Policy:
    """Return the policy of a text. Raises Malformed, naming the line."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            reader.read(line)
        except Malformed as error:
            raise Malformed(f"policy line {number}: {error}") from error
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self.logs: list[Party] = []
        self.witnesses: dict[str, Party] = {}
        self.groups: dict[str, Group] = {}
        self.grouped: set[str] = set()
        self.quorum: str | None = None

    def read(self, line: str) -> None:
        if _FORBIDDEN.search(line):
            raise Malformed("control character")
        words = re.findall(r"[^ \t]+", line)
        if not words or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey, *url] if len(url) < 2:
                self._log(vkey, *url)
            case ["witness", name, vkey, *url] if len(url) < 2:
                self._witness(name, vkey, *url)
            case ["group", name, threshold, *members]:
                self._group(name, threshold, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise Malformed(f"not a statement: {line[:60]!r}")

    def finish(self) -> Policy:
        if self.quorum is None:
            raise Malformed("policy without a quorum line")
        return Policy(
            logs=tuple(self.logs),
            witnesses=self.witnesses,
            groups=self.groups,
            quorum=self.quorum,
        )

    def _log(self, vkey: str, url: str = "") -> None:
        key = note.parse_vkey(vkey)
        if key.type in _COSIGNERS:
            raise Malformed("this is the key of a witness")
        self._refuse_duplicate(key, [log.key for log in self.logs])
        self.logs.append(Party(key=key, url=url))

    def _witness(self, name: str, vkey: str, url: str = "") -> None:
        self._refuse_defined(name)
        key = note.parse_vkey(vkey)
        if key.type not in _COSIGNERS:
            raise Malformed(f"type 0x{key.type:02x} is not the key of a witness")
        self._refuse_duplicate(key, [witness.key for witness in self.witnesses.values()])
        self.witnesses[name] = Party(key=key, url=url)

    def _group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        self._refuse_defined(name)
        for member in members:
            self._require_defined(member)
            if member in self.grouped:
                raise Malformed(f"{member} is already a member of a group")
            self.grouped.add(member)
        words = {"any": 1, "all": len(members)}
        k = words[threshold] if threshold in words else parse_decimal(threshold)
        if not 1 <= k <= len(members):
            raise Malformed(f"{threshold} of {len(members)} members")
        self.groups[name] = Group(threshold=k, members=tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise Malformed("a second quorum line")
        if name != NONE:
            self._require_defined(name)
        self.quorum = name

    def _refuse_defined(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Malformed(f"{name} is already defined")

    def _require_defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise Malformed(f"{name} is not defined above")

    @staticmethod
    def _refuse_duplicate(key: note.Key, others: Collection[note.Key]) -> None:
        if any(key.public == other.public for other in others):
            raise Malformed(f"the key of {key.name} is already listed")
