# SPDX-License-Identifier: Apache-2.0
"""Flow logs from disk, line by line, compressed or not, digested on the way: memory does not grow with the file."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plantproof.errors import ContentError, Location, SetupError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["LONGEST_LINE", "FlowLog", "open_log"]

LONGEST_LINE: Final = 1_000_000
"""Characters. What is longer is no record of a flow; it is handed on as one line that no reader takes for one."""
_TOO_LONG: Final = "\0"
_BUFFER: Final = 1 << 18


class _Watched(io.RawIOBase):
    """The raw bytes of a file, digested and counted as they are read."""

    def __init__(self, raw: io.RawIOBase, moved: Callable[[int], None]) -> None:
        self._raw = raw
        self._moved = moved
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        number = self._raw.readinto(view) or 0
        self.digest.update(view[:number])
        self._moved(number)
        return number


class FlowLog:
    """An open flow log."""

    def __init__(self, name: str, watched: _Watched, text: io.TextIOWrapper) -> None:
        self._name = name
        self._watched = watched
        self._text = text

    def lines(self) -> Iterator[str]:
        """The lines, undecodable bytes replaced.

        Raises:
            ContentError: the compression breaks off or is broken.
            SetupError: the file cannot be read on.
        """
        try:
            while line := self._text.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE and not line.endswith("\n"):
                    while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                        pass
                    line = _TOO_LONG
                yield line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            hint = "Copy the file again; `gzip -t` tells whether it is whole."
            raise ContentError(
                "its compression is broken or breaks off", code="content.flows", hint=hint,
                where=Location(file=self._name),
            ) from error  # fmt: skip
        except OSError as error:
            raise _unreadable(self._name, error) from error

    def sha256(self) -> str:
        """The digest of the whole file as it lies there; reads what is left of it."""
        while self._watched.read(_BUFFER):
            pass
        return self._watched.digest.hexdigest()


@contextmanager
def open_log(path: Path, moved: Callable[[int], None] = lambda _: None) -> Iterator[FlowLog]:
    """Open a flow log; ``.gz`` is decompressed, UTF-8 and UTF-16 (by its mark) are decoded.

    Args:
        path: The file.
        moved: Called with the number of bytes each time some were read.

    Raises:
        SetupError: it is missing or cannot be read.
    """
    try:
        raw = path.open("rb", buffering=0)
    except OSError as error:
        raise _unreadable(str(path), error) from error
    with closing(raw):
        watched = _Watched(raw, moved)
        buffered: io.BufferedReader = io.BufferedReader(watched, _BUFFER)
        if path.suffix.lower() == ".gz":
            buffered = io.BufferedReader(gzip.GzipFile(fileobj=buffered), _BUFFER)
        yield FlowLog(
            str(path), watched, io.TextIOWrapper(buffered, _encoding(buffered, path), "replace", newline="\n")
        )


def _encoding(buffered: io.BufferedReader, path: Path) -> str:
    try:
        start = buffered.peek(2)[:2]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "utf-8"  # said where the lines are read
    except OSError as error:
        raise _unreadable(str(path), error) from error
    return "utf-16" if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "utf-8"


def _unreadable(name: str, error: OSError) -> SetupError:
    message = f"cannot be read: {error.strerror or error}"
    hint = "Check the path and permissions."
    return SetupError(message, code="environment.file", hint=hint, where=Location(file=name))
