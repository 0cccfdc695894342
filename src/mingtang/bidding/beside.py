"""A process beside the room (旁进程): answers one question at a time, ends when the room does.

Questions and answers are pickled, each after its length in four bytes, on the process's own pipes:
nobody else writes there. It ignores signals meant for the room and leaves when its input ends, so
that a room which is told to stop can still ask, and one that is killed leaves nothing behind.
"""

import asyncio
import logging
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)
HEAD = 4  # bytes of a length


class Gone(Exception):
    """The process ended before it answered. What it did by then is not known."""


class Beside:
    """Starts `python -m <module>` when it is first asked, and anew after it has gone."""

    def __init__(self, module: str) -> None:
        self.module = module
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def ask(self, question: Any) -> Any:
        """Return the answer. Raises Gone."""
        async with self._turn:
            try:
                process = self._process or await self._start()
                return await _asked(process, question)
            except (OSError, asyncio.IncompleteReadError) as error:
                await self._end()
                raise Gone(self.module) from error

    async def close(self) -> None:
        async with self._turn:
            await self._end()

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.module), stdin=PIPE, stdout=PIPE
        )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


async def _asked(process: Process, question: Any) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    data = pickle.dumps(question, pickle.HIGHEST_PROTOCOL)
    process.stdin.write(len(data).to_bytes(HEAD) + data)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(HEAD))
    return pickle.loads(await process.stdout.readexactly(length))


def answer(respond: Callable[[Any], Any]) -> None:
    """Be such a process: answer until the room goes."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    asked, answered = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed goes to the room's errors, not between the answers
    while head := asked.read(HEAD):
        data = asked.read(int.from_bytes(head))
        if len(head) < HEAD or len(data) < int.from_bytes(head):
            return  # the room went in the middle of a question
        said = pickle.dumps(respond(pickle.loads(data)), pickle.HIGHEST_PROTOCOL)
        answered.write(len(said).to_bytes(HEAD) + said)
        answered.flush()
