# SPDX-License-Identifier: Apache-2.0
"""iptables as ``iptables-save`` prints it: the tables that a forwarded packet passes, in the kernel's order.

PREROUTING (raw, mangle, nat), FORWARD (mangle, filter, security), POSTROUTING (mangle, nat). ACCEPT ends one table's
chain, DROP ends everything (iptables(8), "TARGETS"). A listing speaks of the families whose tables it holds.
"""

from __future__ import annotations

from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.iptables.document import Chain, Document, Table, read_document
from plantproof.firewall.dialects.iptables.rules import Compiler
from plantproof.firewall.packets import V4, V6, Dim, State
from plantproof.firewall.program import Act, Listing, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["read"]

_ROAD: Final = (
    ("PREROUTING", "raw"),
    ("PREROUTING", "mangle"),
    ("PREROUTING", "nat"),
    ("FORWARD", "mangle"),
    ("FORWARD", "filter"),
    ("FORWARD", "security"),
    ("POSTROUTING", "mangle"),
    ("POSTROUTING", "nat"),
)
_UNTRANSLATED: Final = Ranges.only(State.INVALID, State.UNTRACKED)


def read(text: str) -> Listing:
    """Read a listing.

    Raises:
        ContentError: there is no table in it.
    """
    document = read_document(text)
    assembly, rules = Assembly(), list[Rule]()
    compiler = Compiler(assembly, rules)
    entries = list(_entries(document))
    for number, (table, chain) in enumerate(entries):
        _enter(assembly, table, number)
        compiler.base(table, chain, f"policy {number}", f"hook {number + 1}")
    assembly.label(f"hook {len(entries)}")
    assembly.add(Act.FORWARD)
    compiler.called()
    compiler.unused(document.tables)
    families = Ranges()
    for table in document.tables:
        families |= V6 if table.six else V4
    return Listing(
        dialect="iptables-save",
        rules=tuple(rules),
        program=assembly.build({Dim.SRC: families, Dim.DST: families}),
        lines=document.lines,
        interfaces=tuple(sorted(compiler.interfaces)),
        incomplete=tuple(_open_questions(document)),
    )


def _entries(document: Document) -> list[tuple[Table, Chain]]:
    return [
        (table, table.chains[hook])
        for hook, name in _ROAD
        for table in document.tables
        if table.name == name and hook in table.chains
    ]


def _enter(assembly: Assembly, table: Table, number: int) -> None:
    """Who does not pass this table goes on to the next; who does has nothing to return to but the policy."""
    assembly.label(f"hook {number}")
    following = f"hook {number + 1}"
    assembly.add(Act.GO, ({Dim.SRC: V4 if table.six else V6},), to=following)
    if table.name == "nat":
        assembly.add(Act.GO, ({Dim.STATE: _UNTRANSLATED},), to=following)
    assembly.add(Act.GO, to=f"start {number}", returns=f"policy {number}")
    assembly.label(f"start {number}")


def _open_questions(document: Document) -> list[Rule]:
    found = [
        Rule(line=line, text=text[:200], action="", understood=False, why="no line of a table")
        for line, text in document.unknown
    ]
    found += [
        Rule(line=table.line, text=f"*{table.name}", action="", understood=False, why="the table has no COMMIT")
        for table in document.tables
        if not table.closed
    ]
    return found
