"""pyHanko is written for event loops; the house is not. One call, done when it returns."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine` to its end and return what it gives.

    Where this thread is in an event loop already (a browser that drives a test), it runs in a
    thread beside it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(asyncio.run, coroutine).result()
