# SPDX-License-Identifier: Apache-2.0
"""nftables as ``nft -j list ruleset`` prints it: the hooks that a forwarded packet passes, in the kernel's order.

A packet that is forwarded passes ingress, prerouting, forward and postrouting; in each the base chains of its family
and of ``inet`` by priority. An accept ends one base chain, a drop ends everything (nft(8), "Verdict statement").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.nftables.document import Chain, Ruleset, read_ruleset
from plantproof.firewall.dialects.nftables.rules import Compiler
from plantproof.firewall.packets import V4, V6, Box, Dim, State, interface, whole
from plantproof.firewall.program import Act, Listing, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["read"]

_HOOKS: Final = ("ingress", "prerouting", "forward", "postrouting", "egress")
_FAMILIES: Final = {"ip": V4, "ip6": V6, "inet": V4 | V6, "netdev": V4 | V6, "bridge": V4 | V6}
_ROUTED: Final = frozenset({"ip", "ip6", "inet", "netdev"})
_UNTRANSLATED: Final = Ranges.only(State.INVALID, State.UNTRACKED)


def read(text: str) -> Listing:
    """Read a rule set.

    Raises:
        ContentError: it is not what ``nft -j`` prints.
    """
    ruleset = read_ruleset(text)
    assembly = Assembly()
    rules: list[Rule] = []
    compiler = Compiler(ruleset, assembly, rules)
    entries = _entries(ruleset)
    for number, chain in enumerate(entries):
        _enter(assembly, chain, number)
        compiler.base(chain, f"policy {number}", f"hook {number + 1}")
    assembly.label(f"hook {len(entries)}")
    assembly.add(Act.FORWARD)
    compiler.called()
    compiler.unused(entries)
    incomplete = tuple(
        Rule(line=line, text=text, action="", understood=False, why="no known part of a rule set")
        for line, text in ruleset.unknown
    )
    return Listing(
        dialect="nftables-json",
        rules=tuple(rules),
        program=assembly.build(),
        lines=ruleset.objects,
        interfaces=tuple(sorted(compiler.interfaces)),
        incomplete=incomplete,
    )


def _entries(ruleset: Ruleset) -> list[Chain]:
    """The base chains that a forwarded packet passes, in order. A bridge's chains only where nothing routes."""
    based = [
        chain
        for chain in ruleset.chains.values()
        if chain.hook in _HOOKS and "dormant" not in ruleset.flags.get(chain.key[:2], [])
    ]
    routed = [chain for chain in based if chain.key[0] in _ROUTED]
    bridged = [chain for chain in based if chain.key[0] == "bridge"]
    chosen = routed if any(chain.hook == "forward" for chain in routed) or not bridged else bridged
    return sorted(chosen, key=lambda chain: (_HOOKS.index(chain.hook), chain.priority))


def _enter(assembly: Assembly, chain: Chain, number: int) -> None:
    """Who does not pass this base chain goes on to the next; who does has nothing to return to but the policy."""
    assembly.label(f"hook {number}")
    following = f"hook {number + 1}"
    for box in _strangers(chain):
        assembly.add(Act.GO, (box,), to=following)
    assembly.add(Act.GO, to=f"start {number}", returns=f"policy {number}")
    assembly.label(f"start {number}")


def _strangers(chain: Chain) -> Iterator[Box]:
    family = _FAMILIES.get(chain.key[0], V4 | V6)
    others = (V4 | V6) - family
    if others:
        yield {Dim.SRC: others}
    if chain.kind == "nat":
        yield {Dim.STATE: _UNTRANSLATED}
    if chain.devices:
        dim = Dim.OUT if chain.hook == "egress" else Dim.IN
        named = Ranges()
        for device in chain.devices:
            named |= interface(device)
        yield {dim: whole(dim) - named}
