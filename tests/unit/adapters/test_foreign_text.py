# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.adapters import foreign_text
from plantproof.adapters.foreign_text import read_foreign_text
from plantproof.errors import ContentError, SetupError


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_what_spreadsheets_save(tmp_path: Path, encoding: str, told: str) -> None:
    file = tmp_path / "l.csv"
    file.write_bytes("Gerät;Füller\r\n".encode(encoding))
    text, found = read_foreign_text(file)
    assert (text.removeprefix("\ufeff"), found) == ("Gerät;Füller\r\n", told)


@pytest.mark.parametrize(
    ("data", "line"), [(b"name\nPK\x03\x04\x00\x00\n", 2), (b"a\nb\n\x81\xff\n", 3), (b"\xff\xfea", 1), (b"\xef\xbb\xbfa\n\xff", 2)]
)  # fmt: skip
def test_what_is_no_text_is_said_with_its_line(tmp_path: Path, data: bytes, line: int) -> None:
    file = tmp_path / "l.csv"
    file.write_bytes(data)
    with pytest.raises(ContentError, match="is no text") as caught:
        read_foreign_text(file)
    assert caught.value.where is not None
    assert caught.value.where.line == line


def test_what_is_too_large_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "l.csv"
    with file.open("wb") as sparse:
        sparse.truncate(100_000_000)
    with pytest.raises(ContentError, match="is larger than 32 MiB"):
        read_foreign_text(file)
    monkeypatch.setattr(foreign_text, "LARGEST", 3)
    file.write_bytes(b"abc")
    assert read_foreign_text(file)[0] == "abc"
    with pytest.raises(SetupError, match="cannot be read"):
        read_foreign_text(tmp_path / "none.csv")
    with pytest.raises(SetupError, match="cannot be read"):
        read_foreign_text(tmp_path)
