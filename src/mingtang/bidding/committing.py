"""Group commit (成组提交): what arrives while one commit is under way shares the next one.

Order is kept. Each waiting act is answered after its commit, with its own outcome; whatever
happens, everyone who waits is answered.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from mingtang.bidding.acts import Act
from mingtang.bidding.writing import NotRecorded, Writer
from mingtang.ledger.orders import Outcome

MOST = 500  # acts in one commit: what comes later waits for the next


@dataclass(frozen=True, slots=True)
class _Waiting:
    act: Act | None  # None: do what time does
    once: str
    outcome: asyncio.Future[Outcome]


class Committer:
    """Takes acts one by one and commits them together, in the order they came.

    `committed` is called after each commit, before anyone is answered.
    """

    def __init__(self, *, writer: Writer, committed: Callable[[], None]) -> None:
        self.open = True
        self._writer, self._committed = writer, committed
        self._waiting: list[_Waiting] = []
        self._under_way: dict[str, asyncio.Future[Outcome]] = {}
        self._wanted = asyncio.Event()

    async def enact(self, act: Act | None, *, once: str) -> Outcome:
        """Return the outcome of one act, once it is on disk. Raises NotRecorded.

        `once` is the key it is recorded under. Sent again while the first one waits, it gets the
        first one's outcome: within one commit the ledger could not know it by its key yet.
        """
        first = self._under_way.get(once)
        if first is not None:
            outcome = await asyncio.shield(first)  # leaving, it takes nothing from the first
        elif not self.open:
            raise NotRecorded
        else:
            future = asyncio.get_running_loop().create_future()
            self._under_way[once] = future
            self._waiting.append(_Waiting(act, once, future))
            self._wanted.set()
            outcome = await future
        if isinstance(outcome, NotRecorded):
            raise outcome
        return outcome

    def close(self) -> None:
        """Take nothing more."""
        self.open = False
        self._wanted.set()

    async def run(self) -> None:
        """Commit until closed; what waits by then is committed, too."""
        try:
            while self.open or self._waiting:
                await self._wanted.wait()
                self._wanted.clear()
                while self._waiting:
                    batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                    outcomes = await self._writer.write([waiting.act for waiting in batch])
                    self._committed()
                    for waiting, outcome in zip(batch, outcomes, strict=True):
                        self._answer(waiting, outcome)
        finally:
            await self._writer.close()

    def _answer(self, waiting: _Waiting, outcome: Outcome) -> None:
        del self._under_way[waiting.once]
        if not waiting.outcome.done():  # else whoever asked has gone
            waiting.outcome.set_result(outcome)
