"""The product's settings, in a data directory that is thrown away."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "MINGTANG_TESTS" not in os.environ:  # processes a test starts are given theirs
    _home = Path(tempfile.mkdtemp(prefix="mingtang-tests-"))
    (_home / "static").mkdir()
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
    os.environ |= {"MINGTANG_HOME": str(_home), "MINGTANG_TESTS": "1"}

from mingtang.config.settings import *  # noqa: F403

# Hashing passwords slowly is tested where it matters, not in every sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
