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

_HOOKS = ("input", "forward", "output")
_FAMILIES = {"ip": ("ip", "inet"), "ip6": ("ip6", "inet")}


@dataclass(slots=True)
class _Rules:
    chains: list[Record] = field(default_factory=list)
    rules: list[Record] = field(default_factory=list)
    unparsed: list[int] = field(default_factory=list)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``engines``, ``kernel_has_nftables``, ``active``, ``chains`` (family, table, name, hook, policy, rules,
    default), ``rules``, ``input``, ``forward``, ``output`` (each with ``ip`` and ``ip6``: ``drop`` or ``accept``),
    ``ufw_enabled``, ``firewalld``.
    """
    blocks = Blocks.read(text)
    data = Table()
    found = _Rules()
    engines: list[str] = []
    for block in blocks.commands("nft -j *"):
        engines.append("nftables")
        read_nft(block, found.chains, found.rules, found.unparsed)
    for block in blocks.commands("iptables*-save", "ip6tables*-save"):
        family = "ip6" if block.name.startswith("ip6") else "ip"
        engines.append("iptables")
        read_iptables(block, family, found.chains, found.rules, found.unparsed)
    _defaults(found)
    data["engines"] = sorted(set(engines))
    data["installed"] = sorted(name for name, there in installed(blocks).items() if there)
    for block in blocks.commands("grep nft_do_chain*"):
        for number, line in block.content():
            name, _, value = line.partition(" ")
            if name == "nf_tables":
                data.put("kernel_has_nftables", value == "yes", number)
    data["chains"] = found.chains
    data["rules"] = found.rules
    filters = [chain for chain in found.chains if chain.get("hook") in _HOOKS and chain.get("type") == "filter"]
    data["active"] = any(chain["default"] == "drop" or chain["rules"] for chain in filters)
    for hook in _HOOKS:
        data[hook] = {family: _verdict(filters, hook, names) for family, names in _FAMILIES.items()}
    _front_ends(blocks, data)
    return facts("linux.firewall/1", blocks, data, found.unparsed)


def _defaults(found: _Rules) -> None:
    """What becomes of a packet that no rule speaks of: the chain's policy, or its first rule without conditions."""
    by_chain: dict[tuple[object, ...], list[Record]] = {}
    for rule in found.rules:
        by_chain.setdefault((rule["family"], rule["table"], rule["chain"]), []).append(rule)
    for chain in found.chains:
        rules = by_chain.get((chain["family"], chain["table"], chain["name"]), [])
        chain["rules"] = len(rules)
        if "hook" not in chain:
            continue
        default = chain.get("policy", "accept")
        # The first unconditional verdict decides: nothing behind it is ever reached.
        final = next(
            (rule for rule in rules if rule["unconditional"] and rule["action"] in {"accept", "drop", "reject"}), None
        )
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
