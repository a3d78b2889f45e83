# SPDX-License-Identifier: Apache-2.0
"""``nft -j list ruleset`` as tables, chains, sets and rules, each with its line (libnftables-json(5))."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from plantproof.errors import ContentError, Location

__all__ = ["Chain", "Key", "Ruleset", "SetOf", "Statement", "read_ruleset"]

Key: TypeAlias = tuple[str, str, str]
"""Family, table and name."""

_OPEN: Final = re.compile(r'\s*\{\s*"nftables"\s*:\s*\[\s*')
_BETWEEN: Final = re.compile(r"\s*,\s*")
_CLOSE: Final = re.compile(r"\s*\]\s*\}\s*\Z")
_DECODER: Final = json.JSONDecoder()
_KNOWN: Final = frozenset(
    {"metainfo", "table", "flowtable", "counter", "quota", "limit", "ct helper", "ct timeout", "ct expectation"}
    | {"synproxy", "secmark", "tunnel"}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One rule: its expressions in order."""

    line: int
    expressions: tuple[dict[str, object], ...]
    comment: str = ""


@dataclass(slots=True)
class Chain:
    """A chain; one with a hook is where packets enter."""

    key: Key
    line: int
    kind: str = ""
    hook: str = ""
    priority: int = 0
    policy: str = "accept"
    devices: tuple[str, ...] = ()
    rules: list[Statement] = field(default_factory=list)


@dataclass(slots=True)
class SetOf:
    """A named set or map as it was when the rules were listed."""

    key: Key
    line: int
    elements: list[object]
    type: object = ""
    fleeting: bool = False
    """Packets may add elements, so what is in it now says nothing about later."""


@dataclass(slots=True)
class Ruleset:
    """Everything that speaks of filtering, and the lines that have no known form."""

    chains: dict[Key, Chain] = field(default_factory=dict)
    sets: dict[Key, SetOf] = field(default_factory=dict)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    flags: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Flags of tables; a dormant table filters nothing."""
    objects: int = 0


def read_ruleset(text: str) -> Ruleset:
    """Read the document.

    Raises:
        ContentError: it is not JSON of this form; says the line.
    """
    ruleset = Ruleset()
    for line, item in _items(text):
        ruleset.objects += 1
        (kind, body), *more = item.items() if item else [("", None)]
        if more or not isinstance(body, dict):
            ruleset.unknown.append((line, _short(item)))
        elif kind == "chain":
            _chain(ruleset, line, body)
        elif kind == "rule":
            _rule(ruleset, line, body)
        elif kind in {"set", "map"}:
            key = _key(body, "name")
            ruleset.sets[key] = SetOf(key, line, _elements(body.get("elem")), body.get("type"), _fleeting(body))
        elif kind == "element":
            _add_elements(ruleset, line, body)
        elif kind == "table":
            ruleset.flags[str(body.get("family")), str(body.get("name"))] = _texts(body.get("flags"))
        elif kind not in _KNOWN:
            ruleset.unknown.append((line, _short(item)))
    return ruleset


def _items(text: str) -> Iterator[tuple[int, dict[str, object]]]:
    opened = _OPEN.match(text)
    if not opened:
        raise _bad('does not begin with {"nftables": [', 1)
    at, line, counted = opened.end(), 1, 0
    while not _CLOSE.match(text, at):
        line += text.count("\n", counted, at)
        counted = at
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            broken = line + text.count("\n", at, getattr(error, "pos", at))
            raise _bad("is no JSON here, or ends too early", broken) from None
        if not isinstance(item, dict):
            raise _bad("has something else than an object here", line)
        yield line, item
        comma = _BETWEEN.match(text, at)
        if comma:
            at = comma.end()
        elif not _CLOSE.match(text, at):
            raise _bad("is no JSON here, or ends too early", line + text.count("\n", counted, at))


def _bad(what: str, line: int) -> ContentError:
    hint = "Write it with `nft -j list ruleset > FILE` and give the whole file."
    return ContentError(f"the rule set {what}", code="content.firewall", hint=hint, where=Location(line=line))


def _key(body: dict[str, object], name: str) -> Key:
    return str(body.get("family")), str(body.get("table")), str(body.get(name))


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [] if value is None else [str(value)]


def _elements(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _fleeting(body: dict[str, object]) -> bool:
    return "dynamic" in _texts(body.get("flags"))


def _add_elements(ruleset: Ruleset, line: int, body: dict[str, object]) -> None:
    found = ruleset.sets.get(_key(body, "name"))
    if found:
        found.elements += _elements(body.get("elem"))
    else:
        ruleset.unknown.append((line, _short(body)))


def _chain(ruleset: Ruleset, line: int, body: dict[str, object]) -> None:
    key = _key(body, "name")
    chain = ruleset.chains.setdefault(key, Chain(key, line))
    chain.line = line
    chain.kind, chain.hook = str(body.get("type", "")), str(body.get("hook", ""))
    priority = body.get("prio", 0)
    chain.priority = priority if isinstance(priority, int) else 0
    chain.policy = str(body.get("policy", "accept"))
    chain.devices = tuple(_texts(body.get("dev")) + _texts(body.get("devs")))
    if chain.hook and not isinstance(priority, int):
        ruleset.unknown.append((line, _short(body)))


def _rule(ruleset: Ruleset, line: int, body: dict[str, object]) -> None:
    key = _key(body, "chain")
    expressions = body.get("expr")
    listed = expressions if isinstance(expressions, list) else [{"(no expression)": expressions}]
    parts = tuple(part if isinstance(part, dict) else {"(unknown)": part} for part in listed)
    chain = ruleset.chains.setdefault(key, Chain(key, line))
    chain.rules.append(Statement(line, parts, str(body.get("comment", ""))))


def _short(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=True)
    except (ValueError, RecursionError):
        text = "(nested too deep)"
    return text if len(text) <= 200 else text[:197] + "..."  # noqa: PLR2004 - a line or two of a terminal
