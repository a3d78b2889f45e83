# SPDX-License-Identifier: Apache-2.0
"""The expression language of checks: what Ansible users write in ``that:``, whitelisted and compiled.

Nothing here reads a file or knows a check; an expression sees the names that it is given and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from plantproof.checks.expressions.generate import value_function, verdict_function
from plantproof.checks.expressions.nodes import Node
from plantproof.checks.expressions.parse import parse
from plantproof.checks.expressions.references import named
from plantproof.checks.expressions.source import Source, nearest
from plantproof.checks.expressions.trace import Traced, trace_node
from plantproof.checks.expressions.values import UNDECIDED, UNDEFINED, truth
from plantproof.errors import Location

__all__ = [
    "UNDECIDED",
    "UNDEFINED",
    "Expression",
    "Traced",
    "compile_expression",
    "compile_verdict",
    "nearest",
    "trace",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A permitted expression, ready to run."""

    text: str
    node: Node = field(repr=False)
    names: frozenset[str]
    """Names that it reads."""
    run: Callable[[Mapping[str, object]], object] = field(repr=False)
    """From names to the value; raises one of :data:`UNDECIDED` if the evidence does not say. Every name is bound to
    a dict, but ``now`` and ``now_days``."""

    def holds(self, names: Mapping[str, object]) -> bool | None:
        """Whether it is true; None if that cannot be decided."""
        try:
            return truth(self.run(names))
        except UNDECIDED:
            return None


def compile_expression(text: str, *, names: Collection[str], where: Location | None = None) -> Expression:
    """Check and compile one expression.

    Args:
        text: the expression.
        names: the names that it may use.
        where: its place in a file, for messages.

    Raises:
        ContentError: code ``content.expression``: it is outside the language; says where, and what to write.
    """
    source = Source(text=text, where=where)
    node = parse(source, names)
    try:
        run = value_function(node)
    except (
        SyntaxError,
        RecursionError,
        MemoryError,
    ):  # pragma: no cover - a net: no expression within the limits gets here
        raise source.refuse("the expression is too complicated", "Split it into several assertions.") from None
    return Expression(text=text, node=node, names=named(node), run=run)


def compile_verdict(when: Expression | None, that: Sequence[Expression]) -> Callable[[Mapping[str, object]], int]:
    """One function for a whole check: a ``Verdict`` as a number; raises :data:`UNDECIDED` like the expressions."""
    return verdict_function(when.node if when else None, [each.node for each in that])


def trace(expression: Expression, names: Mapping[str, object], first: str = "") -> Traced:
    """Evaluate slowly, with reasons; ``first`` is the name whose lines count (empty: all)."""
    return trace_node(expression.node, names, first)
