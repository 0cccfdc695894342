"""Where a log is read from (日志来源): a folder, or a web address in the same layout."""

import os
import zlib
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

LARGEST = 256 * (2 + 65_535)  # bytes of the largest bundle
TIMEOUT = 30  # seconds


class Unreadable(Exception):
    """The file may exist, but we could not read it."""


class Source(Protocol):
    def read(self, path: str) -> bytes | None:
        """Return the file, or None if there is none. Raises Unreadable."""

    def paths(self) -> Iterator[str]:
        """Yield every file there is, where that can be known."""


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = str(root)

    def read(self, path: str) -> bytes | None:
        try:
            with open(f"{self._root}/{path}", "rb", buffering=0) as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(error.strerror) from error

    def paths(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self._root):
            folders.sort()
            inside = folder[len(self._root) :].replace(os.sep, "/").lstrip("/")
            for name in sorted(files):
                yield f"{inside}/{name}" if inside else name


class Web:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix.rstrip("/")

    def read(self, path: str) -> bytes | None:
        try:
            url, accepted = f"{self._prefix}/{path}", {"Accept-Encoding": "gzip, identity"}
            with urlopen(Request(url, headers=accepted), timeout=TIMEOUT) as response:
                data: bytes = response.read(LARGEST + 1)
                if response.headers.get("Content-Encoding", "").lower() == "gzip":
                    data = zlib.decompressobj(wbits=31).decompress(data, LARGEST + 1)
                return data
        except HTTPError as error:
            error.close()
            if error.code in (404, 410):
                return None
            raise Unreadable(f"HTTP {error.code}") from error
        except (OSError, HTTPException, zlib.error, ValueError) as error:
            raise Unreadable(str(error)) from error

    def paths(self) -> Iterator[str]:
        return iter(())  # a web site does not say what else it holds
