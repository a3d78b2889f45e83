# SPDX-License-Identifier: Apache-2.0
"""Cisco IOS and IOS-XE as ``show running-config`` prints them: access lists, zone firewall, address translation.

A packet passes the list of the interface that it arrives on, translation from outside, the zone firewall, translation
from inside, and the list of the interface that it leaves by. Lists keep no state: packets of connections that exist
meet them too. So a list on an outside interface sees global addresses, one on an inside interface local ones.

Rests on the grammar and documentation that the vendor and others publish; no device has been asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.firewall.dialects.cisco.homes import as_reached, homes
from plantproof.firewall.dialects.cisco.naming import anycase
from plantproof.firewall.dialects.cisco.text import Line, may_be_cut
from plantproof.firewall.dialects.cisco_ios.compiling import Compiler
from plantproof.firewall.dialects.cisco_ios.document import Document, read_document
from plantproof.firewall.packets import V4, Dim
from plantproof.firewall.program import Listing, Rule

__all__ = ["read"]


def read(text: str) -> Listing:
    """Read a configuration; names of interfaces may be asked for in capital or small letters.

    Raises:
        ContentError: it is none of IOS, is cut off by a pager, or groups contain each other.
    """
    document = read_document(text)
    compiler = Compiler(document)
    compiler.compile()
    every = anycase(each.name for each in document.interfaces.values())
    behind = as_reached(homes(document.ways()), document.translations.pairs())
    base = {Dim.IN: every, Dim.OUT: every}
    if not document.forwards_six:  # no line says 'ipv6 unicast-routing'
        base |= {Dim.SRC: V4, Dim.DST: V4}
    lines = document.lines + sum(each.lines for each in document.interfaces.values())
    return Listing(
        dialect="cisco-ios",
        rules=tuple(compiler.rules),
        program=compiler.assembly.build(base),
        lines=lines,
        interfaces=tuple(sorted(each.name for each in document.interfaces.values())),
        incomplete=tuple(_incomplete(document, cut=may_be_cut(text))),
        homes=behind,
    )


def _incomplete(document: Document, *, cut: bool) -> Iterator[Rule]:
    gaps = [*document.gaps, *document.zones.gaps, *document.translations.gaps]
    for each in document.interfaces.values():
        gaps += each.gaps
    if cut and not document.ends:
        why = "the text does not stop with 'end', as running configurations do: something may be missing"
        gaps.append((document.last, why))
    gaps += _default_zone(document)
    for line, why in gaps:
        yield Rule(line=line.number, text=line.text, action="", understood=False, why=why)


def _default_zone(document: Document) -> Iterator[tuple[Line, str]]:
    zones = document.zones
    for (source, target), pair in zones.pairs.items():
        if "default" in {source, target}:
            yield pair.line, "the default zone, which is not read"
    if "default" in zones.names:
        yield zones.names["default"], "the default zone, which is not read"
