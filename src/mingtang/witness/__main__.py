"""Run a witness (见证): it cosigns the checkpoints of the logs it is told to watch.

python -m mingtang.witness --state DIR --name NAME --log VKEY [--log VKEY ...]
                           [--policy FILE] [--listen 127.0.0.1:8901] [--new-key]
"""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from mingtang.core import note
from mingtang.core.policy import parse_policy
from mingtang.core.strict import Malformed
from mingtang.witness.secret import NoSecret
from mingtang.witness.server import open_server


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        host, _, port = options.listen.rpartition(":")
        server = open_server(
            state=options.state,
            name=options.name,
            logs=_logs(options),
            host=host.strip("[]"),
            port=int(port),
            new_key=options.new_key,
        )
    except (Malformed, NoSecret, OSError, OverflowError, ValueError) as error:
        parser.error(str(error))
    with server:
        print(f"{server.witness.vkey}\nhttp://{host}:{server.server_port}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def _logs(options: argparse.Namespace) -> list[note.Key]:
    keys = [note.parse_vkey(vkey) for vkey in options.log]
    if options.policy:
        text = options.policy.read_text(encoding="utf-8", errors="surrogateescape")
        keys += [party.key for party in parse_policy(text).logs]
    if not keys:
        raise Malformed("no log to watch: give --log or a --policy with log lines")
    return keys


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mingtang.witness", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--state", type=Path, required=True, help="folder of key and memory")
    parser.add_argument("--name", required=True, help="of this witness, e.g. witness.example/w1")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="log to watch")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="take its log lines, too")
    parser.add_argument("--listen", default="127.0.0.1:8901", metavar="HOST:PORT")
    parser.add_argument("--new-key", action="store_true", help="make the key if there is none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
