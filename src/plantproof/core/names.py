# SPDX-License-Identifier: Apache-2.0
"""Names of controls as people write them: ``SR 1.1 RE(1)``, ``sr-1.1.re-1``, ``Art. 21(2)(e)``, ``21.2.e``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["find_name", "spoken"]

_WORDS = re.compile(r"\d+|[a-z]+")


def spoken(name: str) -> str:
    """A name without its punctuation: letters and numbers in their order, divided by points, in lower case."""
    return ".".join(_WORDS.findall(name.lower()))


def find_name(wanted: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Which ids somebody may mean, best reading only: the id itself, one of its names, or one less its first word.

    Args:
        wanted: As it was typed.
        names: Each id with its other names, such as its label.

    Returns:
        One id if it is clear, several if it is not, none if nothing fits.
    """
    if wanted in names:
        return [wanted]
    said = spoken(wanted)
    if not said:
        return []
    readings = {ident: {spoken(ident), *map(spoken, others)} for ident, others in names.items()}
    whole = [ident for ident, known in readings.items() if said in known]
    if whole:
        return whole
    # "21.2.e" for "art-21.2.e": the first word is what everybody leaves out.
    return [ident for ident, known in readings.items() if any(_tail(name) == said for name in known)]


def _tail(name: str) -> str:
    first, _, rest = name.partition(".")
    return rest if first.isalpha() else ""
