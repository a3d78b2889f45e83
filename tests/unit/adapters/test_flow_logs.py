# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from pathlib import Path

import pytest

from plantproof.adapters.flow_logs import LONGEST_LINE, open_log
from plantproof.errors import ContentError, SetupError


def lines_of(path: Path) -> tuple[list[str], str, int]:
    counted: list[int] = []
    with open_log(path, counted.append) as log:
        return list(log.lines()), log.sha256(), sum(counted)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_log_is_read_and_digested(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("src,dst\r\nä,b\nlast".encode(encoding))
    lines, digest, size = lines_of(path)
    assert [line.strip("\ufeff\r\n") for line in lines] == ["src,dst", "ä,b", "last"]
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert size == path.stat().st_size


def test_the_digest_is_of_the_whole_file_even_if_nobody_read_it(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"one\n") * 50_000)
    with open_log(path) as log:
        assert log.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_compressed_log_is_digested_as_it_lies_there(tmp_path: Path) -> None:
    path = tmp_path / "a.log.GZ"
    path.write_bytes(gzip.compress(b"one\ntwo\n") + gzip.compress(b"three\n"))
    lines, digest, _ = lines_of(path)
    assert lines == ["one\n", "two\n", "three\n"]
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "content", [gzip.compress(b"x" * 100000)[:-20], b"no gzip at all", b"\x1f\x8b\x08\x00" + b"\xff" * 40]
)
def test_broken_compression_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    with pytest.raises(ContentError, match="compression is broken"):
        lines_of(path)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(SetupError):
            lines_of(path)


def test_undecodable_bytes_and_endless_lines_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"\xff\xfa\n" + b"x" * (3 * LONGEST_LINE) + b"\nlast\n" + b"y" * (LONGEST_LINE + 1))
    assert lines_of(path)[0] == ["\ufffd\ufffd\n", "\0", "last\n", "\0"]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(300):
            file.write(b"192.0.2.1,192.0.2.2,502,tcp\n" * 4000)
    tracemalloc.start()
    try:
        with open_log(path) as log:
            assert sum(1 for _ in log.lines()) == 1_200_000
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
