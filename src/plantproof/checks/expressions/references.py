# SPDX-License-Identifier: Apache-2.0
"""Which names an expression reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from plantproof.checks.expressions.nodes import Node, Ref

__all__ = ["named"]


def named(node: Node) -> frozenset[str]:
    """Names anywhere in the expression."""
    return frozenset(each.name for each in _walk(node) if isinstance(each, Ref))


def _walk(value: object) -> Iterator[object]:
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, tuple):
            stack.extend(each)
        elif is_dataclass(each) and not isinstance(each, type):
            yield each
            stack.extend(getattr(each, slot.name) for slot in fields(each))
