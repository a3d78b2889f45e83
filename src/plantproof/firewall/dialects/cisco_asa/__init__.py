# SPDX-License-Identifier: Apache-2.0
"""Cisco ASA from 8.3 on as ``show running-config`` prints it: access lists, security levels, address translation.

Packets of connections that exist pass. A packet that opens one is first led to the address that it really means; then
come the list of the interface that it arrives on, the global list and an implicit deny, or, without lists, the security
levels; then the list of the interface that it leaves by. Lists speak of real addresses. Interfaces are named by nameif.

Rests on the grammar and documentation that the vendor and others publish; no device has been asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plantproof.firewall.dialects.cisco.homes import as_reached, homes
from plantproof.firewall.dialects.cisco.naming import anycase
from plantproof.firewall.dialects.cisco.text import Line, may_be_cut
from plantproof.firewall.dialects.cisco_asa.compiling import Compiler
from plantproof.firewall.dialects.cisco_asa.document import Document, read_document
from plantproof.firewall.packets import V4, Dim, State
from plantproof.firewall.program import Listing, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["read"]

_REAL: Final = (8, 3)
"""The first release whose lists speak of real addresses."""
_STATES: Final = Ranges.only(State.NEW, State.ESTABLISHED, State.RELATED)


def read(text: str) -> Listing:
    """Read a configuration; names of interfaces may be asked for in capital or small letters.

    Raises:
        ContentError: it is none of an ASA, is cut off by a pager, or groups contain each other.
    """
    document = read_document(text)
    compiler = Compiler(document)
    compiler.compile()
    every = anycase(each.name for each in document.interfaces.values())
    base = {Dim.IN: every, Dim.OUT: every, Dim.STATE: _STATES}
    if not document.six:
        base |= {Dim.SRC: V4, Dim.DST: V4}
    pairs = [
        (each.box.get(Dim.DST, Ranges()), Ranges() if Dim.DPORT in each.box else rewrite.values)
        for each in compiler.translations
        for rewrite in each.rewrites
        if rewrite.dim is Dim.DST
    ]
    behind = as_reached(homes(document.ways()), pairs)
    gaps = [*document.gaps, *compiler.gaps, *_gaps(document, cut=may_be_cut(text))]
    return Listing(
        dialect="cisco-asa",
        rules=tuple(compiler.rules),
        program=compiler.assembly.build(base),
        lines=document.lines,
        interfaces=tuple(sorted(each.name for each in document.interfaces.values())),
        incomplete=tuple(
            Rule(line=line.number, text=line.text, action="", understood=False, why=why) for line, why in gaps
        ),
        homes=behind,
    )


def _gaps(document: Document, *, cut: bool) -> Iterator[tuple[Line, str]]:
    if document.version is not None and document.version < _REAL:
        yield Line(1, ()), "lists of releases before 8.3 speak of translated addresses, which is not read"
    if cut and not document.ends:
        yield document.last, "the text does not stop with ': end', as configurations do: something may be missing"
    for _, name in document.bound:
        if name and name not in document.interfaces:
            line, _ = next(bound for (_, each), bound in document.bound.items() if each == name)
            yield line, f"there is no interface {name!r}"
