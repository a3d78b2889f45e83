# SPDX-License-Identifier: Apache-2.0
"""Full-text search over catalogs: every word must occur, a title weighs more than prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plantproof.core.crosswalk.rows import ControlRef
from plantproof.oscal.catalogs import CatalogIndex

__all__ = ["Hit", "search_catalogs"]

_WORD = re.compile(r"\w+")
_AROUND = 40
_PLACES = ("id", "title", "statement", "guidance")
"""Where a word may be found, the weightiest first; any other part comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A control that speaks of what was asked for."""

    ref: ControlRef
    title: str
    where: str
    """The weightiest place that holds a word: ``id``, ``title``, or the name of a part."""
    excerpt: str
    """Some words around the first one found; empty if it stands in the title."""


def search_catalogs(catalogs: Iterable[CatalogIndex], words: str) -> list[Hit]:
    """Find the controls that hold every word or its beginning, best first, otherwise in document order.

    Args:
        catalogs: Where to look.
        words: Any text; punctuation does not count.
    """
    wanted = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in _WORD.findall(words)]
    if not wanted:
        return []
    hits = []
    for catalog in catalogs:
        for ident in catalog.controls:
            places = list(_texts(catalog, ident))
            whole = "\n".join(text for _, text in places)
            if all(pattern.search(whole) for pattern in wanted):
                hits.append(_hit(catalog, ident, places, wanted))
    hits.sort(key=lambda hit: _weight(hit.where))
    return hits


def _weight(where: str) -> int:
    return _PLACES.index(where) if where in _PLACES else len(_PLACES)


def _hit(catalog: CatalogIndex, ident: str, places: list[tuple[str, str]], wanted: list[re.Pattern[str]]) -> Hit:
    found = [
        (sum(bool(pattern.search(text)) for pattern in wanted), -_weight(where), -number)
        for number, (where, text) in enumerate(places)
    ]
    where, text = places[-max(found)[2]]
    first = next(match for pattern in wanted if (match := pattern.search(text)))
    excerpt = "" if where in {"id", "title"} else _around(text, first.start(), first.end())
    title = str(catalog.controls[ident]["title"])
    return Hit(ref=ControlRef(catalog.key, ident), title=title, where=where, excerpt=excerpt)


def _around(text: str, start: int, end: int) -> str:
    left = text.rfind(" ", 0, max(0, start - _AROUND)) + 1 if start > _AROUND else 0
    right = text.find(" ", min(len(text), end + _AROUND))
    cut = text[left : right if right >= 0 else len(text)]
    return f"{'... ' if left else ''}{' '.join(cut.split())}{' ...' if right >= 0 else ''}"


def _texts(catalog: CatalogIndex, ident: str) -> Iterator[tuple[str, str]]:
    control = catalog.controls[ident]
    yield "id", f"{ident} {catalog.label(ident)}"
    yield "title", str(control["title"])
    for part in _parts(control):
        yield str(part["name"]), "\n".join(_prose(part))


def _prose(part: Mapping[str, object]) -> Iterator[str]:
    if part.get("prose"):
        yield str(part["prose"])
    for child in _parts(part):
        yield from _prose(child)


def _parts(holder: Mapping[str, object]) -> list[Mapping[str, object]]:
    value = holder.get("parts")
    return value if isinstance(value, list) else []
