"""What every test with a database shares."""

import pytest

from mingtang.ledger import keys
from mingtang.ledger.memory import memory


@pytest.fixture(autouse=True)
def forgetful():
    """Each test has its own ledger, so the process must not remember the last one."""
    memory.forget()


@pytest.fixture
def log_home(tmp_path, settings):
    """A data directory of its own, with a log key made for it."""
    settings.HOME = tmp_path
    settings.LOG_DIRECTORY = tmp_path / "log"
    settings.VAULT_DIRECTORY = tmp_path / "vault"
    settings.POLICY_FILE = tmp_path / "policy"
    keys.make(settings.ORIGIN)
    return tmp_path
