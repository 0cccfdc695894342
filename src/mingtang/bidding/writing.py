"""What writes for the room (落库): one batch, one commit, an outcome for each.

It does so in a thread, or in a process beside the room, whose interpreter then is free to take the
next bids while the rules decide about these. See ADR 22.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from mingtang.bidding import acts, garbage
from mingtang.bidding.beside import Beside, Gone, answer
from mingtang.core.decider import Refused
from mingtang.ledger.orders import Outcome, Receipt
from mingtang.trading.actions import bids
from mingtang.trading.actions.outages import BIDDING, SignOfLife

log = logging.getLogger(__name__)
TIME = None  # instead of an act: do what time does
MODULE = "mingtang.bidding"  # its `__main__`

Acts = Sequence[acts.Act | None]


class NotRecorded(Exception):
    """Nothing is known to be recorded. Asked again with the same reference, it is done once."""


class Writer(Protocol):
    async def write(self, batch: Acts) -> Sequence[Outcome]: ...

    async def close(self) -> None: ...


class InThread:
    """Writes in a thread of this process."""

    def __init__(self) -> None:
        self._pen = _Pen()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")

    async def write(self, batch: Acts) -> Sequence[Outcome]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._pen.write, batch)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, _hang_up)
        self._thread.shutdown()


class Apart:
    """Writes in a process beside this one."""

    def __init__(self) -> None:
        self._process = Beside(MODULE)

    async def write(self, batch: Acts) -> Sequence[Outcome]:
        for last_try in (False, True):
            try:
                outcomes: Sequence[Outcome] = await self._process.ask(batch)
                return outcomes
            except Gone:
                # Perhaps it had committed: each act has a key of its own, so what had been
                # written is found and not written again.
                log.warning("the writer went%s", "" if last_try else "; another is asked")
        return [NotRecorded()] * len(batch)

    async def close(self) -> None:
        await self._process.close()


class _Pen:
    def __init__(self) -> None:
        self._sign = SignOfLife(BIDDING)

    def write(self, batch: Acts) -> list[Outcome]:
        outcomes: list[Outcome] = []
        several: list[acts.Act] = []
        for act in batch:
            if act is not TIME:
                several.append(act)
                continue
            outcomes += [*_enacted(several), self._do_what_time_does()]
            several = []
        return [*outcomes, *_enacted(several)]

    def _do_what_time_does(self) -> Outcome:
        close_old_connections()
        now = timezone.localtime()
        try:
            self._sign.give(at=now)
            bids.close_due(at=now)
        except Exception:
            log.exception("lots that are over could not be closed; it is tried again")
        return NotRecorded()


def _enacted(batch: Sequence[acts.Act]) -> list[Outcome]:
    for last_try in (False, True) if batch else ():
        close_old_connections()
        try:
            return [_sayable(outcome) for outcome in acts.enact(batch)]
        except (InterfaceError, OperationalError):
            # The connection broke, perhaps after the commit: see `Apart.write`.
            connection.close()
            log.warning("a commit failed%s", "" if last_try else "; trying again", exc_info=True)
        except Exception:
            log.exception("a commit failed")
            break
    return [NotRecorded()] * len(batch)


def _sayable(outcome: Outcome) -> Outcome:
    """A receipt or a refusal; what went wrong with one act alone is for the journal."""
    if isinstance(outcome, Receipt | Refused):
        return outcome
    log.error("an act failed by itself", exc_info=outcome)
    return NotRecorded()


def _hang_up() -> None:
    """Close this thread's own connection."""
    connection.close()


def write_until_the_room_goes() -> None:
    pen = _Pen()
    garbage.look_seldom()
    answer(pen.write)
    connection.close()
