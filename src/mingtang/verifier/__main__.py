"""Check receipts, papers, auctions and logs at your own desk (核验): no server, no trust.

    python -m mingtang.verifier receipt FILE --vkey K [--policy FILE]
    python -m mingtang.verifier paper RECEIPT PDF --vkey K [--policy FILE]
    python -m mingtang.verifier auction FILE --vkey K [--policy FILE]
    python -m mingtang.verifier need DIR_OR_URL --need NUMBER --vkey K [--policy FILE]
    python -m mingtang.verifier log DIR_OR_URL --vkey K [--policy FILE]
    python -m mingtang.verifier ratings DIR_OR_URL --vkey K [--policy FILE]

Needs Python and nothing else. Exit code 0: valid. 1: refused, the places named. 2: usage.
"""

import argparse
import io
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from mingtang.core import checkpoint, note, tiles
from mingtang.core.policy import Policy, parse_policy
from mingtang.core.strict import Malformed, format_base64
from mingtang.verifier.auction import check_auction, describe_auction
from mingtang.verifier.choosing import check_need, describe_choice, entries_of
from mingtang.verifier.log import check_log, read_entries, width_at
from mingtang.verifier.paper import check_paper, describe_paper
from mingtang.verifier.ratings import count_ratings, describe_ratings, findings
from mingtang.verifier.receipt import check_receipt, describe, describe_signers, open_head
from mingtang.verifier.sources import Folder, Source, Unreadable, Web
from mingtang.verifier.words import Refused, Say, plain, speaker

VALID, REFUSED = 0, 1
SHOWN = 20  # places named one by one
Head = tuple[checkpoint.Checkpoint, note.Opened]
Options = argparse.Namespace


class Usage(Exception):
    """What was asked cannot be done: exit code 2."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    say = speaker(options.lang)
    try:
        key, policy = _key(options.vkey), _policy(options.policy)
        if policy and policy.logs and key not in [party.key for party in policy.logs]:
            raise Usage(f"{options.policy}: no log line with the key given")
        return COMMANDS[options.command](options, key, policy, say)
    except Usage as error:
        parser.error(str(error))
    except Refused as refused:
        print(say("refused") + refused.word(say))
        return REFUSED


def _receipt(options: Options, key: note.Key, policy: Policy | None, say: Say) -> int:
    print(describe(check_receipt(_bytes(options.what), log=key, policy=policy), say))
    return VALID


def _paper(options: Options, key: note.Key, policy: Policy | None, say: Say) -> int:
    kept, pdf = _bytes(options.what), _bytes(options.pdf)
    print(describe_paper(check_paper(kept, pdf, log=key, policy=policy), say))
    return VALID


def _auction(options: Options, key: note.Key, policy: Policy | None, say: Say) -> int:
    checked = check_auction(_bytes(options.what), log=key, policy=policy)
    if checked.found:
        return _refuse(checked.found, say)
    print(describe_auction(checked, say))
    return VALID


def _need(options: Options, key: note.Key, policy: Policy | None, say: Say) -> int:
    """The whole log is checked first: what it does not hold was not bound."""
    source = _source(options.what)
    head, _, found = _check(source, key, policy, say)
    if found:
        return _refuse(found, say)
    entries = list(entries_of(source, head.size, f"need/{options.need}"))
    choice = check_need(options.need, entries)
    if choice.found:
        return _refuse(choice.found, say)
    print(describe_choice(choice, say))
    return VALID


def _ratings(options: Options, key: note.Key, policy: Policy | None, say: Say) -> int:
    source = _source(options.what)
    head, _, found = _check(source, key, policy, say)
    if found:
        return _refuse(found, say)
    counted = count_ratings(read_entries(source, size=head.size))
    if counted.findings:
        return _refuse(findings(counted), say)
    print(describe_ratings(counted, say))
    return VALID


def _check(
    source: Source, key: note.Key, policy: Policy | None, say: Say
) -> tuple[checkpoint.Checkpoint, note.Opened, list[Refused]]:
    head, opened = _head(source, key, policy)
    progress = _Progress(head.size, say)
    found = list(check_log(source, size=head.size, root=head.root, progress=progress))
    progress.end()
    if any(refused.code == "surplus" for refused in found):
        later, _ = _head(source, key, policy)  # the log may have grown while we read
        found = [refused for refused in found if not _belongs_to(refused, later.size)]
    return head, opened, found


def _log(options: Options, key: note.Key, policy: Policy | None, say: Say) -> int:
    source = _source(options.what)
    head, opened, found = _check(source, key, policy, say)
    if found:
        return _refuse(found, say)
    print(say("log-valid"))
    print(f"{say('log')}: {plain(head.origin)}\n{say('size')}: {head.size}")
    print(f"{say('root')}: {format_base64(head.root)}")
    print("\n".join(describe_signers(opened, say)))
    if others := list(_others(source)):
        print("\n".join([f"{say('remarks')}:", *(f"  {plain(path)}" for path in others[:SHOWN])]))
    return VALID


def _refuse(found: Sequence[Refused], say: Say) -> int:
    for refused in found[:SHOWN]:
        print(say("refused") + refused.word(say))
    print(say("findings", count=len(found)))
    return REFUSED


def _head(source: Source, key: note.Key, policy: Policy | None) -> Head:
    try:
        data = source.read(tiles.CHECKPOINT)
    except Unreadable as error:
        raise Usage(f"the checkpoint cannot be read: {error}") from error
    if data is None:
        raise Refused(tiles.CHECKPOINT, "missing")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused(tiles.CHECKPOINT, "form", detail=error) from error
    return open_head(text, where=tiles.CHECKPOINT, log=key, policy=policy)


def _belongs_to(refused: Refused, size: int) -> bool:
    """Say whether a surplus file is a tile of the log at a later size."""
    try:
        tile = tiles.parse_tile_path(refused.where)
    except Malformed:
        return False
    return refused.code == "surplus" and tile.width <= width_at(tile, size)


def _others(source: Source) -> Iterator[str]:
    for path in source.paths():
        if path != tiles.CHECKPOINT and not path.startswith("tile/"):
            yield path


COMMANDS = {
    "receipt": _receipt,
    "paper": _paper,
    "auction": _auction,
    "need": _need,
    "log": _log,
    "ratings": _ratings,
}


class _Progress:
    """A line on stderr, from the second second on."""

    def __init__(self, total: int, say: Say) -> None:
        self._total, self._say = total, say
        self._next, self._shown = time.monotonic() + 2, False

    def __call__(self, done: int) -> None:
        if time.monotonic() >= self._next:
            line = self._say("progress", done=f"{done:,}", total=f"{self._total:,}")
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
            self._next, self._shown = time.monotonic() + 0.5, True

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mingtang.verifier", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what, help_text in (
        ("receipt", "FILE", "check a .receipt.json or .tlog-proof (核验回执)"),
        ("paper", "RECEIPT", "check a sealed PDF by the receipt of its issue (核验文书)"),
        ("auction", "FILE", "run an auction again from its record (核验竞价)"),
        ("need", "DIR_OR_URL", "work out anew whom a need's draw chose (核验中介选取)"),
        ("log", "DIR_OR_URL", "check every byte of a log (核验日志)"),
        ("ratings", "DIR_OR_URL", "check a log, then count all ratings again (复算评价)"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("what", metavar=what)
        if name == "paper":
            command.add_argument("pdf", metavar="PDF")
        if name == "need":
            command.add_argument("--need", required=True, metavar="NUMBER")
        command.add_argument("--vkey", required=True, help="public key of the log: name+id+key")
        command.add_argument("--policy", metavar="FILE", help="whose cosignatures are needed")
        command.add_argument("--lang", choices=("zh", "en"), default="zh")
    return parser


def _key(vkey: str) -> note.Key:
    try:
        key = note.parse_vkey(vkey)
        note.ed25519_verifier(key)
    except Malformed as error:
        raise Usage(f"--vkey: {error}") from error
    return key


def _policy(path: str | None) -> Policy | None:
    if path is None:
        return None
    try:
        return parse_policy(_bytes(path).decode("utf-8", "surrogateescape"))
    except Malformed as error:
        raise Usage(f"{path}: {error}") from error


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Usage(f"{path}: {error.strerror}") from error


def _source(place: str) -> Source:
    if place.startswith(("http://", "https://")):
        return Web(place)
    if not Path(place).is_dir():
        raise Usage(f"{place}: neither a folder nor a web address")
    return Folder(Path(place))


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console that lacks Chinese must not stop us
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
