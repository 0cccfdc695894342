"""What every test with a database shares."""

import pytest

from mingtang.ledger.memory import memory


@pytest.fixture(autouse=True)
def forgetful():
    """Each test has its own ledger, so the process must not remember the last one."""
    memory.forget()
