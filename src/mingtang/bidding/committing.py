"""Group commit (成组提交): what arrives while one commit is under way shares the next one.

Two steps, each busy with one batch while the other is with the one before: what was signed is
checked, then one writer writes. Order is kept. Each waiting act is answered after its commit, with
its own outcome; whatever happens, everyone who waits is answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from mingtang.bidding.acts import Act
from mingtang.bidding.writing import TIME, NotRecorded, Writer
from mingtang.core.decider import Refused
from mingtang.ledger.orders import Outcome

MOST = 500  # acts in one commit: what comes later waits for the next

Check = Callable[[Sequence[Act | None]], Awaitable[Sequence[Refused | None]]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    act: Act | None  # None: do what time does
    once: str
    outcome: asyncio.Future[Outcome]


class Committer:
    """Takes acts one by one and commits them together, in the order they came.

    `check` says of each act what speaks against it, None where nothing does.
    `committed` is called after each commit, before anyone is answered.
    """

    def __init__(self, *, check: Check, writer: Writer, committed: Callable[[], None]) -> None:
        self.open = True
        self._check, self._writer, self._committed = check, writer, committed
        self._came: list[_Waiting] = []
        self._checked: list[_Waiting] = []
        self._under_way: dict[str, asyncio.Future[Outcome]] = {}
        self._wanted, self._ready = asyncio.Event(), asyncio.Event()

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
            self._came.append(_Waiting(act, once, future))
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
        """Check and commit until closed; what waits by then is committed, too."""
        checking = asyncio.create_task(self._check_all())
        try:
            await self._commit_all(checking)
        finally:
            checking.cancel()
            await self._writer.close()

    async def _check_all(self) -> None:
        while self.open or self._came:
            await self._wanted.wait()
            self._wanted.clear()
            while self._came:
                batch, self._came = self._came[:MOST], self._came[MOST:]
                against = await self._check([waiting.act for waiting in batch])
                for waiting, why_not in zip(batch, against, strict=True):
                    if why_not is None:
                        self._checked.append(waiting)
                    else:
                        self._answer(waiting, why_not)
                self._ready.set()
        self._ready.set()

    async def _commit_all(self, checking: asyncio.Task[None]) -> None:
        while self._checked or not checking.done():
            await self._ready.wait()
            self._ready.clear()
            while self._checked:
                batch, self._checked = self._checked[:MOST], self._checked[MOST:]
                messages = [waiting.act.message if waiting.act else TIME for waiting in batch]
                outcomes = await self._writer.write(messages)
                self._committed()
                for waiting, outcome in zip(batch, outcomes, strict=True):
                    self._answer(waiting, outcome)
            await asyncio.sleep(0)
        checking.result()  # raises what it failed with

    def _answer(self, waiting: _Waiting, outcome: Outcome) -> None:
        del self._under_way[waiting.once]
        if not waiting.outcome.done():  # else whoever asked has gone
            waiting.outcome.set_result(outcome)
