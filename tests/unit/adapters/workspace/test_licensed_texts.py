# SPDX-License-Identifier: Apache-2.0
"""Texts that the owner has licensed: found by id, shown inside, in nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.portal_views import HOSTILE, make_view
from plantproof.adapters.workspace.licensed import read_licensed
from plantproof.errors import ContentError, SetupError
from plantproof.render.site import site_pages

KNOWN = ("sr-1.1", "sr-1.1.re-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "licensed" / "iec62443-3-3"
    made.mkdir(parents=True)
    return made


def test_texts_are_found_by_the_id_of_their_control(folder: Path, tmp_path: Path) -> None:
    (folder / "sr-1.1.txt").write_text("one\n", encoding="utf-8")
    (folder / "sr-1.1.re-1.md").write_text("two", encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"PK")
    assert read_licensed(tmp_path, "iec62443-3-3", KNOWN) == {"sr-1.1": "one", "sr-1.1.re-1": "two"}
    assert read_licensed(tmp_path, "iec62443-4-2", KNOWN) == {}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"sr-1.2.txt": b"x"}, "no control 'sr-1.2'"),
        ({"zzz.txt": b"x"}, "plantproof catalog show iec62443-3-3"),
        ({"sr-1.1.txt": b"x", "sr-1.1.md": b"y"}, "a second file for sr-1.1"),
        ({"sr-1.1.txt": b"x" * 100_001}, "longer than 100000 bytes"),
    ],
)
def test_a_file_that_cannot_be_one_control_s_text_is_refused(
    folder: Path, tmp_path: Path, files: dict[str, bytes], said: str
) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with pytest.raises(ContentError) as caught:
        read_licensed(tmp_path, "iec62443-3-3", KNOWN)
    assert said in f"{caught.value} {caught.value.hint}"
    assert caught.value.code == "content.licensed"


def test_a_file_that_is_no_text_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "sr-1.1.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises((ContentError, SetupError)):
        read_licensed(tmp_path, "iec62443-3-3", KNOWN)


def test_the_pages_show_them_where_they_belong_and_say_that_they_stay_inside() -> None:
    view = make_view()
    ident = next(iter(view.assessment.controls))
    plain = dict(site_pages(view))
    inside = dict(site_pages(replace(view, licensed={ident: HOSTILE[0]})))
    assert {path for path in plain if plain[path] != inside[path]} == {"index.md", f"controls/{ident}.md"}
    assert "stays inside the plant" in inside["index.md"]
    assert "licensed to this plant" in inside[f"controls/{ident}.md"]
    assert HOSTILE[0] not in inside[f"controls/{ident}.md"]
