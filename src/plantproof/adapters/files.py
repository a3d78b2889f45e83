# SPDX-License-Identifier: Apache-2.0
"""Writing files so that a reader sees the old content or the new, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from plantproof.errors import Location, SetupError

__all__ = ["replacing", "write_atomically"]


@contextlib.contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Open a temporary neighbour for writing; it takes the path's place when the block ends well.

    Raises:
        SetupError: the folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise SetupError(message, code="environment.file", where=Location(file=str(path))) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace a file's content in one step; see :func:`replacing`."""
    with replacing(path, mode=mode) as file:
        file.write(content)
