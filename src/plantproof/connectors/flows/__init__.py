# SPDX-License-Identifier: Apache-2.0
"""Flow logs of other tools, line by line, as observed flows; and our own file of flows added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from plantproof.connectors.flows.eve import read_eve
from plantproof.connectors.flows.nfdump import read_nfdump
from plantproof.connectors.flows.plain import read_plain
from plantproof.connectors.flows.reading import Reading
from plantproof.connectors.flows.zeek import read_zeek
from plantproof.core.observed.flow import ObservedFlow

__all__ = ["READERS", "Reader", "Reading"]

Reader = Callable[[Iterable[str], Reading, Mapping[str, str]], Iterator[ObservedFlow]]
"""Lines, what is noted about them, and columns by our name -> flows."""

READERS: Final[Mapping[str, Reader]] = {
    "zeek": lambda lines, reading, _: read_zeek(lines, reading),
    "nfdump": lambda lines, reading, _: read_nfdump(lines, reading),
    "eve": lambda lines, reading, _: read_eve(lines, reading),
    "csv": read_plain,
}
"""Readers by the format's name. None of them raises on a line that it cannot read: it is noted in the reading."""
