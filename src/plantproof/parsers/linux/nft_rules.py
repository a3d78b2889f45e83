# SPDX-License-Identifier: Apache-2.0
"""``nft -j list ruleset`` into chains and rules. The collector prints one object a line, so a rule knows its line."""

from __future__ import annotations

import json

from plantproof.core.facts import LINE
from plantproof.parsers.blocks import Block

__all__ = ["read_nft"]

Record = dict[str, object]

_VERDICTS = (
    "accept",
    "drop",
    "reject",
    "queue",
    "continue",
    "return",
    "jump",
    "goto",
    "masquerade",
    "snat",
    "dnat",
    "redirect",
)
_NEUTRAL = {"counter", "log", "comment", "meta set", "notrack"}


def read_nft(block: Block, chains: list[Record], rules: list[Record], unparsed: list[int]) -> str:
    """Add the block's chains and rules; a line that is an object of no known form is noted.

    Returns:
        Why the document is not whole; empty if it is.
    """
    content = list(block.content())
    if not content:
        return f"the answer to line {block.line} is empty"
    broken = ""
    if not (content[0][1].startswith(_OPENED) and content[-1][1].endswith(_CLOSED)):
        broken = f"the JSON of line {content[0][0]} does not begin and end as a rule set does"
    for index, (number, line) in enumerate(content):
        item = _object(line, first=index == 0, last=index == len(content) - 1)
        if item is None:
            broken = broken or f"line {number} is not the JSON that it should be"
            unparsed.append(number)
            continue
        chain, rule = item.get("chain"), item.get("rule")
        if isinstance(chain, dict):
            chains.append(_chain(chain, number))
        elif isinstance(rule, dict):
            rules.append(_rule(rule, number))
        elif item and not item.keys() & _OTHERS:
            unparsed.append(number)
    return broken


_OPENED = '{"nftables": ['
_CLOSED = "]}"
_OTHERS = frozenset(
    {"metainfo", "table", "set", "map", "element", "flowtable", "counter", "quota", "limit", "ct helper", "ct timeout",
     "ct expectation", "synproxy", "secmark"}
)  # fmt: skip


def _object(line: str, *, first: bool, last: bool) -> Record | None:
    """One list item of the document, freed of what stands around it; empty if there is none, None if it is broken."""
    text = line
    if first:
        text = text.removeprefix(_OPENED)
    if last:
        text = text.removesuffix(_CLOSED)
    text = text.removesuffix(",")
    if not text:
        return {}
    try:
        item = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return item if isinstance(item, dict) else None


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else json.dumps(value, sort_keys=True)
    except (ValueError, RecursionError):
        return "(nested too deep)"


def _chain(chain: Record, number: int) -> Record:
    record: Record = {key: _text(chain.get(key)) for key in ("family", "table", "name")}
    for key in ("type", "hook", "policy"):
        if key in chain:
            record[key] = _text(chain[key])
    if isinstance(chain.get("prio"), int):
        record["priority"] = chain["prio"]
    return {**record, LINE: number}


def _rule(rule: Record, number: int) -> Record:
    expressions = rule.get("expr")
    parts = [part for part in expressions if isinstance(part, dict)] if isinstance(expressions, list) else []
    action, target = _action(parts)
    matches = [part["match"] for part in parts if isinstance(part.get("match"), dict)]
    conditions = [part for part in parts if not part.keys() & set(_VERDICTS) and not part.keys() & _NEUTRAL]
    record: Record = {
        "family": _text(rule.get("family")),
        "table": _text(rule.get("table")),
        "chain": _text(rule.get("chain")),
        "action": action,
        "unconditional": not conditions,
        "logged": any("log" in part for part in parts),
        **_summary(matches),
        LINE: number,
    }
    if target:
        record["target"] = target
    if "comment" in rule:
        record["comment"] = _text(rule["comment"])
    return record


def _action(parts: list[Record]) -> tuple[str, str]:
    for part in parts:
        for verdict in _VERDICTS:
            if verdict in part:
                target = part[verdict]
                return verdict, _text(target.get("target")) if isinstance(target, dict) else ""
        if "vmap" in part:
            return "vmap", ""
    return "none", ""


def _summary(matches: list[object]) -> Record:
    """The conditions that checks ask for most, in words; all of them as text."""
    record: Record = {"matches": [_text(match) for match in matches]}
    names = {"dport": "ports", "sport": "source_ports", "saddr": "sources", "daddr": "destinations"}
    for match in matches:
        if not isinstance(match, dict) or not isinstance(match.get("left"), dict):
            continue
        left, right, negated = match["left"], match.get("right"), match.get("op") == "!="
        payload, meta, ct = left.get("payload"), left.get("meta"), left.get("ct")
        key = ""
        if isinstance(payload, dict) and payload.get("field") in names:
            key = names[str(payload["field"])]
            if key == "ports":
                record["protocol"] = _text(payload.get("protocol"))
        elif isinstance(meta, dict) and meta.get("key") in {"iifname", "iif", "oifname", "oif"}:
            key = "in_interfaces" if str(meta["key"]).startswith("i") else "out_interfaces"
        elif isinstance(ct, dict) and ct.get("key") == "state":
            key = "states"
        if key:
            record[f"not_{key}" if negated else key] = [_value(value) for value in _values(right)]
    return record


def _values(right: object) -> list[object]:
    if isinstance(right, dict) and isinstance(right.get("set"), list):
        return list(right["set"])
    return right if isinstance(right, list) else [right]


def _value(value: object) -> object:
    """A port, a name, ``10.0.0.0/8``, ``1000-2000``; anything else as JSON text."""
    if isinstance(value, int | str):
        return value
    if isinstance(value, dict):
        prefix, span = value.get("prefix"), value.get("range")
        if isinstance(prefix, dict):
            return f"{_text(prefix.get('addr'))}/{_text(prefix.get('len'))}"
        if isinstance(span, list) and len(span) == 2:  # noqa: PLR2004  # from and to
            return f"{_text(span[0])}-{_text(span[1])}"
    return _text(value)
