# SPDX-License-Identifier: Apache-2.0
"""The tree of a permitted expression: what is left once :mod:`.parse` has refused everything else.

Nothing in such a tree can name a Python object, call one, or loop: it only says what to look up and compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "Arith",
    "Bool",
    "Choice",
    "Compare",
    "Const",
    "Filter",
    "Item",
    "Negate",
    "Node",
    "Not",
    "Pattern",
    "Ref",
    "Sequence",
    "Table",
    "Test",
]


@dataclass(frozen=True, slots=True)
class Const:
    """A literal."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Ref:
    """A name and the keys after it: ``sshd.permit_root_login`` is ``("sshd", ("permit_root_login",))``."""

    name: str
    keys: tuple[str | int, ...]

    @property
    def path(self) -> str:
        """As people write it."""
        return self.name + "".join(_written(key) for key in self.keys)


@dataclass(frozen=True, slots=True)
class Item:
    """``base[key]`` where base is no plain path or key is no literal."""

    base: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negate:
    """``-x``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Bool:
    """``a and b and c``; or with ``or``."""

    conjunction: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """``a < b <= c``: one operator fewer than operands."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arith:
    """``a + b``, ``a - b``, ``a * b``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """``yes if condition else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list or tuple display."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A dict display."""

    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that :mod:`.patterns` found safe on texts of at most ``limit`` characters."""

    compiled: re.Pattern[str]
    limit: int


@dataclass(frozen=True, slots=True)
class Test:
    """``x is name(args)``; as the test inside ``selectattr`` the operand is the element's attribute."""

    operand: Node
    name: str
    args: tuple[Node | Pattern, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """``x | name(args)``.

    ``attribute`` is the path of ``selectattr``, ``rejectattr``, ``map(attribute=)``, ``sum(attribute=)`` and so on;
    ``inner`` is what is done with each element: a test of select and reject (its operand is ignored), a filter of map.
    """

    operand: Node
    name: str
    args: tuple[Node | Pattern, ...] = ()
    options: tuple[tuple[str, Node], ...] = ()
    attribute: tuple[str | int, ...] = ()
    inner: Test | Filter | None = None


Node = Const | Ref | Item | Not | Negate | Bool | Compare | Arith | Choice | Sequence | Table | Test | Filter

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def _written(key: str | int) -> str:
    return f".{key}" if isinstance(key, str) and _IDENTIFIER.match(key) else f"[{key!r}]"
