# SPDX-License-Identifier: Apache-2.0
"""``linux.firewall``: the packet filter's rules, from nftables' JSON or iptables-save, in one shape."""

from __future__ import annotations

from dataclasses import dataclass, field

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.linux.iptables_rules import read_iptables
from plantproof.parsers.linux.nft_rules import read_nft
from plantproof.parsers.linux.shapes import facts, installed
from plantproof.parsers.settings import Table, assignments, snake

__all__ = ["parse"]

Record = dict[str, object]

_MAX_JUMPS = 16
"""The kernel's own limit of nested jumps."""
_HOOKS = ("input", "forward", "output")
_FAMILIES = {"ip": ("ip", "inet"), "ip6": ("ip6", "inet")}


@dataclass(slots=True)
class _Rules:
    chains: list[Record] = field(default_factory=list)
    rules: list[Record] = field(default_factory=list)
    unparsed: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``engines``, ``kernel_has_nftables``, ``active``, ``chains`` (family, table, name, hook, policy, rules,
    default), ``rules``, ``input``, ``forward``, ``output`` (each with ``ip`` and ``ip6``, as far as their rules were
    listed: ``drop`` or ``accept``),
    ``ufw_enabled``, ``firewalld``.
    """
    blocks = Blocks.read(text)
    data = Table()
    found = _Rules()
    engines: list[str] = []
    families: set[str] = set()
    for block in blocks.commands("nft -j *"):
        engines.append("nftables")
        families.update(_FAMILIES)
        found.broken.append(read_nft(block, found.chains, found.rules, found.unparsed))
    for block in blocks.commands("iptables*-save", "ip6tables*-save"):
        family = "ip6" if block.name.startswith("ip6") else "ip"
        engines.append("iptables")
        families.add(family)
        found.broken.append(read_iptables(block, family, found.chains, found.rules, found.unparsed))
    _defaults(found)
    data["engines"] = sorted(set(engines))
    data["installed"] = sorted(name for name, there in installed(blocks).items() if there)
    found.broken.append(_kernel(blocks, data, engines))
    data["chains"] = found.chains
    data["rules"] = found.rules
    filters = [chain for chain in found.chains if chain.get("hook") in _HOOKS and chain.get("type") == "filter"]
    data["active"] = any(chain["default"] == "drop" or chain["rules"] for chain in filters)
    for hook in _HOOKS:
        # A family whose rules were not listed has no fate that is known; without any rules at all, both are open.
        data[hook] = {
            family: _verdict(filters, hook, names)
            for family, names in _FAMILIES.items()
            if family in families or not engines
        }
    _front_ends(blocks, data)
    return facts("linux.firewall/3", blocks, data, found.unparsed, next(filter(None, found.broken), ""))


def _kernel(blocks: Blocks, data: Table, engines: list[str]) -> str:
    """Which filters the kernel holds; returns why rules that it holds are missing, empty if none are."""
    said, missing = False, ""
    for block in blocks.commands("grep nft_do_chain*"):
        for number, line in block.content():
            name, _, value = line.partition(" ")
            said = said or name in {"nf_tables", "ip_tables"}
            if name == "nf_tables":
                data.put("kernel_has_nftables", value == "yes", number)
            if value == "yes" and not engines:
                missing = f"line {number} says that the kernel holds {name}, whose rules are not listed"
    return missing or ("" if said or engines else "neither rules are listed nor said that the kernel holds none")


class _Fate:
    """What becomes of a packet that no rule with conditions speaks of, chain by chain."""

    def __init__(self, rules: list[Record]) -> None:
        self.rules: dict[tuple[object, ...], list[Record]] = {}
        self.known: dict[tuple[object, ...], Record | None] = {}
        for rule in rules:
            self.rules.setdefault((rule["family"], rule["table"], rule["chain"]), []).append(rule)

    def of(self, chain: tuple[object, ...], depth: int = 0) -> Record | None:
        """The first unconditional rule that decides, followed through unconditional jumps; None if there is none."""
        if chain not in self.known and depth < _MAX_JUMPS:
            self.known[chain] = None  # a circle of jumps, which the kernel refuses, decides nothing
            self.known[chain] = self._decide(chain, depth)
        return self.known.get(chain)

    def _decide(self, chain: tuple[object, ...], depth: int) -> Record | None:
        for rule in self.rules.get(chain, []):
            if not rule["unconditional"]:
                continue
            action = rule["action"]
            if action in {"accept", "drop", "reject"}:
                return rule
            if action in {"jump", "goto"}:
                final = self.of((*chain[:2], rule.get("target")), depth + 1)
                if final is not None or action == "goto":
                    return final
            elif action == "return":
                return None
        return None


def _defaults(found: _Rules) -> None:
    """Give each base chain its default: its policy, or its first rule without conditions, behind which none counts."""
    fate = _Fate(found.rules)
    for chain in found.chains:
        key = (chain["family"], chain["table"], chain["name"])
        chain["rules"] = len(fate.rules.get(key, []))
        if "hook" not in chain:
            continue
        default = chain.get("policy", "accept")
        final = fate.of(key)
        if final is not None:
            default = final["action"]
            chain["default_line"] = final[LINE]
        chain["default"] = "accept" if default == "accept" else "drop"


def _verdict(filters: list[Record], hook: str, families: tuple[str, ...]) -> str:
    """``drop`` if some filter chain at this hook drops what it does not know: a packet must pass all."""
    chains = [chain for chain in filters if chain["hook"] == hook and chain["family"] in families]
    return "drop" if any(chain["default"] == "drop" for chain in chains) else "accept"


def _front_ends(blocks: Blocks, data: Table) -> None:
    for block in blocks.commands("grep -E ^ENABLED=*"):
        for number, _, value in assignments(block.content()):
            data.put("ufw_enabled", value.lower() == "yes", number)
    for block in blocks.files("/etc/firewalld/firewalld.conf"):
        settings = Table()
        for number, name, value in assignments(block.content()):
            settings.put(snake(name), value, number)
        data["firewalld"] = settings
