# SPDX-License-Identifier: Apache-2.0
"""One file in resolution_cases/, one rule of NIST's profile resolution specification, one test.

A file holds ``rule`` (one sentence), ``profile`` (known as ``case``), ``catalogs`` and ``profiles`` (by the href under
which they are imported) and ``expected``: what the result has under ``params``, ``controls``, ``groups``, ``metadata`` and
``resources`` (null: it has none), or ``error`` with parts of the error. ``notes`` counts the notes, if it is there.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from fakes.oscal_library import Library
from plantproof.errors import ContentError
from plantproof.oscal.resolve import Note, resolve

FOLDER = Path(__file__).parent / "resolution_cases"
INSTANT = "2030-01-01T00:00:00Z"


def cases() -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("*.json"))]


def test_there_are_cases() -> None:
    assert len(cases()) > 100


@pytest.mark.parametrize("path", cases())
def test_rule(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    before = copy.deepcopy(case)
    library = Library({"case": {"profile": case["profile"]}})
    library.documents |= {name: {"catalog": body} for name, body in case["catalogs"].items()}
    library.documents |= {name: {"profile": body} for name, body in case.get("profiles", {}).items()}
    expected = case["expected"]
    notes: list[Note] = []

    def run() -> dict[str, Any]:
        result: Any = resolve(library.documents["case"], uri="case", fetch=library, instant=INSTANT, note=notes.append)[
            "catalog"
        ]
        assert isinstance(result, dict)
        return result

    if "error" in expected:
        with pytest.raises(ContentError) as caught:
            run()
        assert_error(caught.value, expected)
    else:
        found = run()
        found["resources"] = found.get("back-matter", {}).get("resources")
        for key, value in expected.items():
            assert found.get(key) == value, case["rule"]
            assert_order(found.get(key), value)
    if "notes" in case:
        assert len(notes) == case["notes"], notes
    assert all(note.message and note.where.pointer for note in notes)
    assert case == before, "the inputs were changed"


def assert_error(error: ContentError, expected: dict[str, str]) -> None:
    assert error.code == expected["error"]
    assert error.hint
    assert expected.get("says", "") in error.message
    assert expected.get("hint", "") in error.hint
    if "pointer" in expected:
        assert error.where is not None
        assert error.where.pointer == expected["pointer"]


def assert_order(found: object, expected: object) -> None:
    """Dictionaries compare equal in any order; OSCAL has a canonical one."""
    assert json.dumps(found) == json.dumps(expected)
