# SPDX-License-Identifier: Apache-2.0
"""A second, slower evaluation that also says why: which lines decided, what was read, what was missing.

It walks the tree and carries each value's lines along. Only what a person is about to read is traced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from plantproof.checks.expressions import nodes as tree
from plantproof.checks.expressions.filters import FILTERS, SELECTORS
from plantproof.checks.expressions.nodes import Node, Pattern
from plantproof.checks.expressions.predicates import ORDER, TESTS
from plantproof.checks.expressions.provenance import Seen, elements_of, line_of, recorded, related
from plantproof.checks.expressions.values import (
    UNDECIDED,
    UNDEFINED,
    Missing,
    Undecided,
    arithmetic,
    contains,
    equal,
    lookup,
    truth,
)

__all__ = ["Traced", "trace_node"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """What one evaluation found."""

    value: object
    """None if nothing was decided."""
    lines: tuple[int, ...]
    """1-based lines, ascending, that decided the value; only those of the asked-for name."""
    reads: tuple[str, ...]
    """Paths read, in the order of reading."""
    missing: str = ""
    """The path whose absence left it undecided."""
    problem: str = ""
    """Why it is undecided, for people; empty if it is decided."""
    tolerated: tuple[str, ...] = ()
    """Paths found undefined where the expression allowed for it (``is defined``, ``default``)."""

    @property
    def decided(self) -> bool:
        """Whether there is a value."""
        return not self.problem


def trace_node(node: Node, names: Mapping[str, object], first: str = "") -> Traced:
    """Evaluate with reasons.

    Args:
        node: a permitted expression.
        names: what each name is bound to.
        first: the name whose lines count; empty: every name's.
    """
    tracer = _Tracer(names, first)
    value: object = None
    lines: tuple[int, ...] = ()
    missing = problem = ""
    try:
        seen = tracer.value(node)
        value, lines = seen.value, seen.lines
    except Missing as absent:
        missing, problem = absent.path, str(absent)
    except UNDECIDED as reason:
        problem = str(reason) if isinstance(reason, Undecided) else f"the evidence has another shape: {reason}"
    return Traced(
        value=value,
        lines=tuple(sorted(set(lines))),
        reads=tuple(dict.fromkeys(tracer.reads)),
        missing=missing,
        problem=problem,
        tolerated=tuple(dict.fromkeys(tracer.tolerated)),
    )


class _Tracer:
    def __init__(self, names: Mapping[str, object], first: str) -> None:
        self.names = names
        self.first = first
        self.reads: list[str] = []
        self.tolerated: list[str] = []

    def value(self, node: Node) -> Seen:
        """The value and its lines; raises Missing if it is undefined."""
        seen = self.maybe(node)
        if seen.value is UNDEFINED:
            raise Missing(seen.path)
        return seen

    def maybe(self, node: Node) -> Seen:  # noqa: C901, PLR0911, PLR0912 - one line per form
        """The same, but undefined where the value itself is."""
        match node:
            case tree.Const():
                return Seen(node.value)
            case tree.Ref():
                return self.read(node)
            case tree.Item():
                return self.item(node)
            case tree.Not():
                seen = self.value(node.operand)
                return Seen(not truth(seen.value), seen.lines)
            case tree.Negate():
                seen = self.value(node.operand)
                return Seen(arithmetic("-", 0, seen.value), seen.lines)
            case tree.Bool():
                return self.logic(node)
            case tree.Compare():
                return self.comparison(node)
            case tree.Arith():
                left, right = self.value(node.left), self.value(node.right)
                return Seen(arithmetic(node.operator, left.value, right.value), left.lines + right.lines)
            case tree.Choice():
                condition = self.value(node.condition)
                chosen = self.maybe(node.yes if truth(condition.value) else node.no)
                return chosen.beside(condition.lines)
            case tree.Sequence():
                elements = [self.value(each) for each in node.elements]
                return recorded([each.value for each in elements], elements)
            case tree.Table():
                pairs = [(self.value(key).value, self.value(value)) for key, value in node.entries]
                lines = tuple(line for _, value in pairs for line in value.lines)
                return Seen({key: value.value for key, value in pairs}, lines)
            case tree.Test():
                return self.test(node)
            case tree.Filter():
                return self.filter(node)

    def read(self, node: tree.Ref) -> Seen:
        self.reads.append(node.path)
        counts = not self.first or node.name == self.first
        value: object = self.names[node.name]
        lines: tuple[int, ...] = ()
        for key in node.keys:
            lines = line_of(value, key) or lines
            value = lookup(value, key)
        return elements_of(value, lines if counts else (), node.path, counts=counts)

    def item(self, node: tree.Item) -> Seen:
        base, key = self.maybe(node.base), self.value(node.key)
        path = f"{base.path}[{key.value!r}]"
        if base.path:
            self.reads.append(path)
        lines = (line_of(base.value, key.value) if base.counts else ()) or base.lines
        return elements_of(lookup(base.value, key.value), lines + key.lines, path, counts=base.counts)

    def logic(self, node: tree.Bool) -> Seen:
        lines: tuple[int, ...] = ()
        seen = Seen(value=None)
        for index, each in enumerate(node.operands):
            seen = self.value(each)
            if index == len(node.operands) - 1:
                break
            if truth(seen.value) is not node.conjunction:
                return seen  # it alone decided
            lines += seen.lines
        return seen if truth(seen.value) is not node.conjunction else seen.beside(lines)

    def comparison(self, node: tree.Compare) -> Seen:
        sides = [self.value(each) for each in node.operands]
        lines: tuple[int, ...] = ()
        for sign, left, right in zip(node.operators, sides, sides[1:], strict=False):
            result = _compare(sign, left.value, right.value)
            deciding = related(sign, left, right, result=result)
            if not result:
                return Seen(value=False, lines=deciding)
            lines += deciding
        return Seen(value=True, lines=lines)

    def test(self, node: tree.Test) -> Seen:
        if node.name in {"defined", "undefined"}:
            seen = self.maybe(node.operand)
            if seen.value is UNDEFINED:
                self.tolerated.append(seen.path)
            return Seen((seen.value is not UNDEFINED) is ((node.name == "defined") is not node.negated), seen.lines)
        operand = self.value(node.operand)
        args = [self.argument(each) for each in node.args]
        result = _applied(node, operand.value, args)
        lines = tuple(line for each in args if isinstance(each, Seen) for line in each.lines)
        if node.name in {"contains", "in"} and isinstance(args[0], Seen):
            pair = (args[0], operand) if node.name == "contains" else (operand, args[0])
            return Seen(result, related("in", *pair, result=result is not node.negated))
        return Seen(result, operand.lines + operand.all_lines() + lines)

    def argument(self, node: Node | Pattern) -> Seen | Pattern:
        return node if isinstance(node, Pattern) else self.value(node)

    def filter(self, node: tree.Filter) -> Seen:
        if node.name == "default":
            return self.default(node)
        if node.name in SELECTORS:
            return self.selected(node)
        if node.name == "map":
            return self.mapped(node)
        operand = self.value(node.operand)
        args = [self.argument(each) for each in node.args]
        options = {key: self.value(each).value for key, each in node.options}
        result = self.called(node, operand.value, args, options)
        path = f"{operand.path} | {node.name}".lstrip(" |")
        sources = [operand, *(each for each in args if isinstance(each, Seen))]
        if isinstance(result, list) and node.name != "split":
            return recorded(result, sources, path)
        lines = tuple(line for each in sources for line in each.all_lines())
        if node.name in {"first", "last", "min", "max"}:
            return recorded([result], [operand], path).only() if result is not UNDEFINED else Seen(result, path=path)
        return Seen(result, lines, path=path)

    def called(
        self, node: tree.Filter, operand: object, args: Iterable[Seen | Pattern], options: Mapping[str, object]
    ) -> object:
        function = FILTERS[node.name].function
        if function is None:  # the built-in ones have their own methods
            raise TypeError(node.name)
        plain = [each.value if isinstance(each, Seen) else each for each in args]
        named = dict(options) | ({"attribute": node.attribute} if node.attribute else {})
        return function(operand, *plain, **named)

    def default(self, node: tree.Filter) -> Seen:
        seen = self.maybe(node.operand)
        falls = seen.value is UNDEFINED or (node.args[1] == tree.Const(value=True) and not truth(seen.value))
        if seen.value is UNDEFINED:
            self.tolerated.append(seen.path)
        other = node.args[0]
        if not falls or isinstance(other, Pattern):
            return seen
        return self.maybe(other).beside(seen.lines)

    def selected(self, node: tree.Filter) -> Seen:
        operand = self.value(node.operand)
        test = node.inner
        if not isinstance(test, tree.Test):  # the parser gives every selector its test
            raise TypeError(node.name)
        args = [self.argument(each) for each in test.args]
        chosen = [each for each in operand.elements() if self.passes(test, each, node.attribute, args, operand.path)]
        return recorded(chosen, [operand], f"{operand.path} | {node.name}")

    def passes(
        self,
        test: tree.Test,
        element: object,
        attribute: tuple[str | int, ...],
        args: list[Seen | Pattern],
        path: str,
    ) -> bool:
        where = f"{path}[].{'.'.join(map(str, attribute))}"
        found = lookup(element, *attribute) if attribute else element
        if test.name in {"defined", "undefined"}:
            if found is UNDEFINED:
                self.tolerated.append(where)
            return (found is not UNDEFINED) is ((test.name == "defined") is not test.negated)
        if found is UNDEFINED:
            raise Missing(where)
        return _applied(test, found, args)

    def mapped(self, node: tree.Filter) -> Seen:
        operand = self.value(node.operand)
        each: Callable[[object], object]
        if isinstance(node.inner, tree.Filter):
            inner = node.inner
            args = [self.argument(arg) for arg in inner.args]
            path = f"{operand.path} | map({inner.name!r})"

            def each(element: object) -> object:
                result = self.called(inner, element, args, {})
                if result is UNDEFINED:
                    raise Missing(path)
                return result

        else:
            other = self.value(node.options[0][1]).value if node.options else UNDEFINED
            each = self.attribute(node.attribute, operand.path, other)
        elements = operand.elements()
        results = [each(element) for element in elements]
        lines = [operand.element_lines(element) for element in elements]
        return operand.mapped(results, lines)

    def attribute(self, keys: tuple[str | int, ...], path: str, other: object) -> Callable[[object], object]:
        where = f"{path}[].{'.'.join(map(str, keys))}"

        def each(element: object) -> object:
            found = lookup(element, *keys)
            if found is not UNDEFINED:
                return found
            if other is UNDEFINED:
                raise Missing(where)
            self.tolerated.append(where)
            return other

        return each


def _compare(sign: str, left: object, right: object) -> bool:
    if sign in {"==", "!="}:
        return equal(left, right) is (sign == "==")
    if sign in {"in", "not in"}:
        return contains(left, right) is (sign == "in")
    function = TESTS[sign].function
    try:
        return function is not None and bool(function(left, right))
    except TypeError:
        raise Undecided(f"{left!r:.40} and {right!r:.40} cannot be compared") from None


def _applied(test: tree.Test, operand: object, args: list[Seen | Pattern]) -> bool:
    plain = [each.value if isinstance(each, Seen) else each for each in args]
    if test.name in ORDER:
        return _compare(ORDER[test.name], operand, plain[0]) is not test.negated
    function = TESTS[test.name].function
    return (function is not None and bool(function(operand, *plain))) is not test.negated
