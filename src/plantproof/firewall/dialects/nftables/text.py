# SPDX-License-Identifier: Apache-2.0
"""A rule as ``nft`` itself would print it, near enough for a person to find it; what has no short form stays JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

__all__ = ["expression_text", "rule_text"]

_LIMIT = 400


def rule_text(expressions: tuple[dict[str, object], ...], comment: str = "") -> str:
    """The expressions in order."""
    words = [expression_text(part) for part in expressions]
    if comment:
        words.append(f'comment "{comment}"')
    text = " ".join(word for word in words if word)
    return text if len(text) <= _LIMIT else text[: _LIMIT - 3] + "..."


def expression_text(part: object) -> str:
    """One expression or value."""
    try:
        return _text(part)
    except RecursionError:
        return "(nested too deep)"


def _text(part: object) -> str:  # noqa: PLR0911 - one line per form
    if isinstance(part, list):
        return ",".join(_text(item) for item in part)
    if not isinstance(part, Mapping):
        return "" if part is None else str(part)
    if len(part) != 1:
        return _json(part)
    (kind, body), *_ = part.items()
    if body is None:
        return str(kind)
    if kind == "match" and isinstance(body, Mapping):
        op = {"==": "", "in": ""}.get(str(body.get("op")), str(body.get("op")))
        return " ".join(word for word in (_text(body.get("left")), op, _text(body.get("right"))) if word)
    if kind in _SHORT and isinstance(body, Mapping):
        words = " ".join(_text(body[key]) for key in _SHORT[kind] if key in body)
        return words if kind == "payload" or words in _BARE else f"{kind} {words}"
    if kind in {"jump", "goto"} and isinstance(body, Mapping):
        return f"{kind} {body.get('target')}"
    if kind == "prefix" and isinstance(body, Mapping):
        return f"{_text(body.get('addr'))}/{_text(body.get('len'))}"
    return _other(str(kind), body)


_BARE = frozenset({"iif", "iifname", "oif", "oifname"})
_SHORT: Mapping[str, tuple[str, ...]] = {"payload": ("protocol", "field"), "meta": ("key",), "ct": ("key",)}


def _other(kind: str, body: object) -> str:  # noqa: PLR0911 - one line per form
    if kind == "range" and isinstance(body, list):
        return "-".join(_text(item) for item in body)
    if kind == "concat" and isinstance(body, list):
        return " . ".join(_text(item) for item in body)
    if kind in {"&", "|"} and isinstance(body, list):
        return f" {kind} ".join(_text(item) for item in body)
    if kind == "set" and isinstance(body, list):
        return "{ " + ", ".join(_pair(item) for item in body) + " }"
    if kind == "elem" and isinstance(body, Mapping):
        return _text(body.get("val"))
    if kind == "vmap" and isinstance(body, Mapping):
        return f"{_text(body.get('key'))} vmap {_text(body.get('data'))}"
    if kind == "reject" and isinstance(body, Mapping):
        words = " ".join(_text(body[key]) for key in ("type", "expr") if key in body)
        return f"reject with {words}" if words else "reject"
    if kind in {"counter", "log", "limit"}:
        return kind
    if kind in {"dnat", "snat", "redirect", "masquerade"} and isinstance(body, Mapping):
        port = f":{_text(body['port'])}" if "port" in body else ""
        target = f" to {_text(body.get('addr'))}{port}" if "addr" in body or port else ""
        return kind + target
    return _json({kind: body})


def _pair(item: object) -> str:
    if isinstance(item, list) and len(item) == 2:  # noqa: PLR2004 - key and verdict
        return f"{_text(item[0])} : {_text(item[1])}"
    return _text(item)


def _json(part: object) -> str:
    try:
        return json.dumps(part, ensure_ascii=True)
    except (TypeError, ValueError):
        return "(unreadable)"
