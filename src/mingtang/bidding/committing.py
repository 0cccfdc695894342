"""Group commit (成组提交): what arrives while one commit is under way shares the next one.

One thread writes. Each waiting act is answered after its commit, with its own outcome; whatever
happens, everyone who waits is answered.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from mingtang.ledger.orders import Outcome

log = logging.getLogger(__name__)
MOST = 500  # acts in one commit: what comes later waits for the next

Enact = Callable[[Sequence[Any]], Sequence[Outcome]]


class NotRecorded(Exception):
    """Nothing is known to be recorded. Asked again with the same reference, it is done once."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    enact: Enact
    act: Any
    once: str
    outcome: asyncio.Future[Outcome]


class Committer:
    """Takes acts one by one and commits them together, in the order they came."""

    def __init__(self, *, committed: Callable[[], None] = lambda: None) -> None:
        self.committed = committed  # called after each commit, before anyone is answered
        self.open = True
        self._waiting: list[_Waiting] = []
        self._under_way: dict[str, asyncio.Future[Outcome]] = {}
        self._wanted = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")

    async def enact(self, enact: Enact, act: Any, *, once: str) -> Outcome:
        """Return the outcome of one act, once it is on disk. Raises NotRecorded.

        `once` is the key it is recorded under. Sent again while the first one waits, it gets the
        first one's outcome: within one commit the ledger could not know it by its key yet.
        """
        outcome = self._under_way.get(once)
        if outcome is None:
            if not self.open:
                raise NotRecorded
            outcome = asyncio.get_running_loop().create_future()
            self._under_way[once] = outcome
            self._waiting.append(_Waiting(enact, act, once, outcome))
            self._wanted.set()
        done = await asyncio.shield(outcome)  # whoever leaves does not take it from the others
        if isinstance(done, NotRecorded):
            raise done
        return done

    async def run(self) -> None:
        """Commit until closed; what waits by then is committed, too."""
        loop = asyncio.get_running_loop()
        while self.open or self._waiting:
            await self._wanted.wait()
            self._wanted.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                outcomes = await loop.run_in_executor(self._thread, _commit, batch)
                self.committed()
                for waiting, outcome in zip(batch, outcomes, strict=True):
                    del self._under_way[waiting.once]
                    waiting.outcome.set_result(outcome)
        await loop.run_in_executor(self._thread, _hang_up)
        self._thread.shutdown()

    def close(self) -> None:
        """Take nothing more."""
        self.open = False
        self._wanted.set()


def _commit(batch: Sequence[_Waiting]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for enact, group in groupby(batch, key=lambda waiting: waiting.enact):
        acts = [waiting.act for waiting in group]
        outcomes += _enacted(enact, acts)
    return outcomes


def _enacted(enact: Enact, acts: Sequence[Any]) -> Sequence[Outcome]:
    for last_try in (False, True):
        close_old_connections()
        try:
            return enact(acts)
        except (InterfaceError, OperationalError):
            # The connection broke, perhaps after the commit. Each act has a key of its own, so
            # what had been written is found and not written again.
            connection.close()
            log.warning("a commit failed%s", "" if last_try else "; trying again", exc_info=True)
        except Exception:
            log.exception("a commit failed")
            break
    return [NotRecorded()] * len(acts)


def _hang_up() -> None:
    """Close this thread's own connection."""
    connection.close()
