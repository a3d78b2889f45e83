# SPDX-License-Identifier: Apache-2.0
"""``iptables-save`` and ``ip6tables-save`` into the same chains and rules as nftables'."""

from __future__ import annotations

import re
import shlex

from plantproof.core.facts import LINE
from plantproof.parsers.blocks import Block
from plantproof.parsers.settings import typed

__all__ = ["read_iptables"]

Record = dict[str, object]

_CHAIN = re.compile(r":(\S{1,100}) (ACCEPT|DROP|QUEUE|RETURN|REJECT|-)(?: \[[0-9]{1,20}:[0-9]{1,20}\])?")
_COUNTERS = re.compile(r"\[[0-9]{1,20}:[0-9]{1,20}\] ")
_HOOKS = {
    "INPUT": "input",
    "FORWARD": "forward",
    "OUTPUT": "output",
    "PREROUTING": "prerouting",
    "POSTROUTING": "postrouting",
}
_MATCHES = {
    "--dport": "ports", "--dports": "ports", "--sport": "source_ports", "--sports": "source_ports", "-s": "sources",
    "-d": "destinations", "-i": "in_interfaces", "-o": "out_interfaces", "--ctstate": "states", "--state": "states",
}  # fmt: skip
_TAIL_OPTIONS = {
    "--reject-with",
    "--log-prefix",
    "--log-level",
    "--comment",
    "--to-destination",
    "--to-source",
    "--to-ports",
}


def read_iptables(block: Block, family: str, chains: list[Record], rules: list[Record], unparsed: list[int]) -> str:
    """Add the block's chains and rules under their family (``ip`` or ``ip6``).

    Returns:
        Why the listing is not whole; empty if it is.
    """
    table, opened, broken = "", 0, ""
    for number, line in block.content():
        if line.startswith("*"):
            broken = broken or _uncommitted(opened)
            table, opened = line[1:], number
        elif line == "COMMIT" and opened:
            opened = 0
        elif not (opened and _understood(line, number, (family, table), chains, rules)):
            unparsed.append(number)
            # It may have been the rule that drops, so neither what is permitted nor what is refused is known.
            broken = broken or f"line {number} is no line of a table"
    return broken or _uncommitted(opened)


def _uncommitted(opened: int) -> str:
    return f"the table that begins in line {opened} has no COMMIT" if opened else ""


def _understood(line: str, number: int, place: tuple[str, str], chains: list[Record], rules: list[Record]) -> bool:
    family, table = place
    if chain := _CHAIN.fullmatch(line):
        chains.append(_chain(family, table, chain, number))
        return True
    rule = _rule(_COUNTERS.sub("", line, count=1)) if line.startswith(("-A ", "[")) else None
    if rule is not None:
        rules.append({"family": family, "table": table, **rule, LINE: number})
    return rule is not None


def _chain(family: str, table: str, match: re.Match[str], number: int) -> Record:
    record: Record = {"family": family, "table": table, "name": match[1]}
    if match[1] in _HOOKS and match[2] != "-":
        kind = table if table == "nat" else "filter"
        record.update(
            type=kind if table in {"filter", "nat"} else table, hook=_HOOKS[match[1]], policy=match[2].lower()
        )
    return {**record, LINE: number}


def _rule(line: str) -> Record | None:
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    if len(words) < 2 or words[0] != "-A":  # noqa: PLR2004  # -A CHAIN
        return None
    record: Record = {"chain": words[1], "action": "none", "logged": False, "matches": []}
    conditions: list[str] = []
    index, negated = 2, False
    while index < len(words):
        word = words[index]
        value = words[index + 1] if index + 1 < len(words) else ""
        if word == "!":
            negated = True
            index += 1
            continue
        index += _option(record, conditions, word, value, negated=negated)
        negated = False
    record["matches"] = conditions
    record["unconditional"] = not conditions
    return record


def _option(record: Record, conditions: list[str], word: str, value: str, *, negated: bool) -> int:
    """Take one option; returns how many words it used."""
    if word in {"-j", "-g"}:
        action = value.lower()
        record["logged"] = record["logged"] or value in {"LOG", "NFLOG", "ULOG"}
        if value == value.upper() and value in {
            "ACCEPT",
            "DROP",
            "REJECT",
            "RETURN",
            "LOG",
            "MASQUERADE",
            "SNAT",
            "DNAT",
        }:
            record["action"] = action
        else:
            record.update(action="goto" if word == "-g" else "jump", target=value)
        return 2
    if word == "--comment":
        record["comment"] = value
        return 2
    if word in _TAIL_OPTIONS or (word == "-m" and value == "comment"):
        return 2
    if word == "-p":
        record["protocol"] = value
    key = _MATCHES.get(word)
    if key:
        record[f"not_{key}" if negated else key] = _values(key, value)
    takes_value = bool(value) and not value.startswith("-") and value != "!"
    conditions.append(f"{'! ' if negated else ''}{word}{f' {value}' if takes_value else ''}")
    return 2 if takes_value else 1


def _values(key: str, text: str) -> list[object]:
    """A list as nftables writes it: spans with a hyphen, states in lower case."""
    if key == "states":
        return list(text.lower().split(","))
    return [typed(part.replace(":", "-") if "port" in key else part) for part in text.split(",")]
