# SPDX-License-Identifier: Apache-2.0
"""From the tree to a Python function, as fast as one written by hand.

The function's code is written out and compiled by Python, so a check costs what a handwritten closure costs. That is
safe because nothing of the user's text reaches that code but literals, through ``repr``, and keys, as literals: names,
filters and tests are chosen from fixed tables, and the function sees no builtins. It loops only over lists that the
evidence holds.

A missing key surfaces as whatever Python raises (see ``values.UNDECIDED``): saying which one is :mod:`.trace`'s work.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Final

from plantproof.checks.expressions import nodes as tree
from plantproof.checks.expressions.filters import FILTERS, SELECTORS
from plantproof.checks.expressions.nodes import Node, Pattern
from plantproof.checks.expressions.predicates import ORDER, TESTS
from plantproof.checks.expressions.values import (
    UNDEFINED,
    arithmetic,
    contains,
    equal,
    item,
    lookup,
    need,
    sequence,
    truth,
)
from plantproof.core.verdicts import Verdict

__all__ = ["SCALARS", "Names", "value_function", "verdict_function"]

Names = Mapping[str, object]
SCALARS: Final = frozenset({"now", "now_days"})
"""Names bound to single values; all others are bound to dicts."""

_LISTS: Final = SELECTORS | {"map", "list", "unique", "sort", "split", "flatten", "difference", "intersect", "union"}
_BOOLEAN: Final = frozenset({"any", "all"})


def value_function(node: Node) -> Callable[[Names], object]:
    """A function from names to the expression's value; may raise ``values.UNDECIDED`` and nothing else."""
    writer = _Writer()
    return writer.function(writer.value(node))


def verdict_function(when: Node | None, that: Sequence[Node]) -> Callable[[Names], int]:
    """A function from names to a verdict's number: not applicable, satisfied or not; may raise ``values.UNDECIDED``."""
    writer = _Writer()
    holds = " and ".join(writer.condition(node) for node in that)
    code = f"{int(Verdict.SATISFIED)} if {holds} else {int(Verdict.NOT_SATISFIED)}"
    if when is not None:
        code = f"({code}) if {writer.condition(when)} else {int(Verdict.NOT_APPLICABLE)}"
    return writer.function(code)  # type: ignore[return-value] # its three branches are the numbers above


def _fallback(value: object, other: Callable[[], object]) -> object:
    return other() if value is UNDEFINED else value


def _fallback_falsy(value: object, other: Callable[[], object]) -> object:
    return other() if value is UNDEFINED or not truth(value) else value


def _both(left: object, right: Callable[[], object]) -> object:
    return right() if truth(left) else left


def _either(left: object, right: Callable[[], object]) -> object:
    return left if truth(left) else right()


_GLOBALS: Final[dict[str, object]] = {
    "__builtins__": {},
    "arithmetic": arithmetic,
    "both": _both,
    "contains": contains,
    "either": _either,
    "equal": equal,
    "fallback": _fallback,
    "fallback_falsy": _fallback_falsy,
    "item": item,
    "length": len,
    "lookup": lookup,
    "need": need,
    "sequence": sequence,
    "truth": truth,
    "U": UNDEFINED,
}


def _boolean(node: Node) -> bool:
    """Whether the value is true or false and nothing else."""
    match node:
        case tree.Not() | tree.Compare() | tree.Test():
            return True
        case tree.Const():
            return isinstance(node.value, bool)
        case tree.Bool():
            return all(_boolean(each) for each in node.operands)
        case tree.Filter():
            return node.name in _BOOLEAN
    return False


def _plain(node: Node | Pattern) -> bool:
    """A literal that is no list: comparing with it needs no care for lines."""
    return isinstance(node, tree.Const) and not (isinstance(node.value, str) and node.value.startswith("_"))


def _subscripts(keys: tuple[str | int, ...]) -> str:
    return "".join(f"[{key!r}]" for key in keys)


class _Writer:
    """Writes one function; remembers the objects that its code refers to."""

    def __init__(self) -> None:
        self.globals = dict(_GLOBALS)
        self.count = 0

    def function(self, code: str) -> Callable[[Names], object]:
        """Compile the code as the body of a function of ``n``."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `1 is none` is silly, not wrong
            module = compile(f"lambda n: {code}", "<check>", "eval", dont_inherit=True)
        body = next(each for each in module.co_consts if isinstance(each, CodeType))
        return FunctionType(body, self.globals)

    def name(self, prefix: str, value: object = None) -> str:
        self.count += 1
        if value is not None:
            self.globals[f"{prefix}{self.count}"] = value
        return f"{prefix}{self.count}"

    def value(self, node: Node) -> str:  # noqa: C901, PLR0911, PLR0912 - one line per form
        """Code that yields the value, or raises if it is undefined."""
        match node:
            case tree.Const():
                return repr(node.value)
            case tree.Ref():
                return f"n[{node.name!r}]{_subscripts(node.keys)}"
            case tree.Item():
                return f"item({self.value(node.base)}, {self.value(node.key)})"
            case tree.Not():
                return f"(not {self.condition(node.operand)})"
            case tree.Negate():
                return f"arithmetic('-', 0, {self.value(node.operand)})"
            case tree.Bool():
                return self.logic(node)
            case tree.Compare():
                return self.comparison(node)
            case tree.Arith():
                return f"arithmetic({node.operator!r}, {self.value(node.left)}, {self.value(node.right)})"
            case tree.Choice():
                return f"({self.value(node.yes)} if {self.condition(node.condition)} else {self.value(node.no)})"
            case tree.Sequence():
                return f"[{', '.join(self.value(each) for each in node.elements)}]"
            case tree.Table():
                pairs = (f"{self.value(key)}: {self.value(value)}" for key, value in node.entries)
                return f"{{{', '.join(pairs)}}}"
            case tree.Test():
                return self.test(node)
            case tree.Filter():
                code = self.filter(node)
                return f"need({code}, {node.name!r})" if FILTERS[node.name].undefined else code

    def condition(self, node: Node) -> str:
        """Code that yields something whose truth is the value's truth."""
        if isinstance(node, tree.Bool):
            return f"({(' and ' if node.conjunction else ' or ').join(map(self.condition, node.operands))})"
        return self.value(node) if _boolean(node) else f"truth({self.value(node)})"

    def maybe(self, node: Node) -> str:  # noqa: PLR0911 - one line per form
        """Code that yields ``U`` where the value itself is undefined."""
        match node:
            case tree.Ref(keys=()):
                return self.value(node)
            case tree.Ref(keys=(str() as key,)) if node.name not in SCALARS:
                return f"n[{node.name!r}].get({key!r}, U)"
            case tree.Ref():
                return f"lookup(n[{node.name!r}], {', '.join(map(repr, node.keys))})"
            case tree.Item():
                return f"lookup({self.maybe(node.base)}, {self.value(node.key)})"
            case tree.Choice():
                return f"({self.maybe(node.yes)} if {self.condition(node.condition)} else {self.maybe(node.no)})"
            case tree.Filter(name="default"):
                return self.default(node, self.maybe(self.fallback_of(node)))
            case tree.Filter() if FILTERS[node.name].undefined:
                return self.filter(node)
        return self.value(node)

    def logic(self, node: tree.Bool) -> str:
        if _boolean(node):
            return self.condition(node)
        helper = "both" if node.conjunction else "either"
        code = self.value(node.operands[-1])
        for each in reversed(node.operands[:-1]):
            code = f"{helper}({self.value(each)}, lambda: {code})"
        return code

    def comparison(self, node: tree.Compare) -> str:
        if len(node.operators) == 1:
            left, right = node.operands
            return self.relation(node.operators[0], self.value(left), right, self.value(right), plain=_plain(left))
        # A chain touches all its operands, so that what is missing shows even if an early one already fails.
        names = [self.name("m") for _ in node.operands]
        parts = (
            self.relation(sign, names[index], None, names[index + 1], plain=False)
            for index, sign in enumerate(node.operators)
        )
        return f"(lambda {', '.join(names)}: {' and '.join(parts)})({', '.join(map(self.value, node.operands))})"

    def relation(self, sign: str, left: str, node: Node | None, right: str, *, plain: bool) -> str:
        """One comparison; direct where a literal makes lines irrelevant."""
        if sign in {"==", "!="}:
            if plain or (node is not None and _plain(node)):
                return f"({left} {sign} {right})"
            return f"{'(not ' if sign == '!=' else '('}equal({left}, {right}))"
        if sign in {"in", "not in"}:
            if isinstance(node, tree.Sequence) and all(map(_plain, node.elements)):
                right = f"({''.join(f'{self.value(each)}, ' for each in node.elements)})"
                return f"({left} {sign} {right})"
            if plain:
                return f"({left} {sign} {right})"
            return f"{'(not ' if sign == 'not in' else '('}contains({left}, {right}))"
        return f"({left} {sign} {right})"

    def test(self, node: tree.Test) -> str:
        if node.name in {"defined", "undefined"}:
            return self.known(node)
        args = [self.argument(each) for each in node.args]
        return self.applied(node, self.value(node.operand), args)

    def known(self, node: tree.Test) -> str:
        present = (node.name == "defined") is not node.negated
        match node.operand:
            case tree.Ref(keys=(str() as key,)) if node.operand.name not in SCALARS:
                return f"({key!r} {'in' if present else 'not in'} n[{node.operand.name!r}])"
        return f"({self.maybe(node.operand)} {'is not' if present else 'is'} U)"

    def argument(self, node: Node | Pattern) -> str:
        return self.name("k", node) if isinstance(node, Pattern) else self.value(node)

    def applied(self, node: tree.Test, operand: str, args: list[str]) -> str:
        """A test on code that yields its operand, with code for its arguments."""
        no = "not " if node.negated else ""
        if node.name in ORDER:
            first = node.args[0] if not isinstance(node.args[0], Pattern) else None
            return f"({no}{self.relation(ORDER[node.name], operand, first, args[0], plain=False)})"
        if node.name in {"truthy", "falsy"}:
            return f"({'not ' if node.negated is (node.name == 'truthy') else ''}truth({operand}))"
        if node.name == "none":
            return f"({operand} {'is not' if node.negated else 'is'} None)"
        self.globals[f"test_{node.name}"] = TESTS[node.name].function
        return f"({no}test_{node.name}({', '.join([operand, *args])}))"

    def filter(self, node: tree.Filter) -> str:
        """Code for a filter, yielding ``U`` where it does."""
        if node.name == "default":
            return self.default(node, self.value(self.fallback_of(node)))
        if node.name in SELECTORS or node.name == "map":
            return self.comprehension(node)
        if node.name == "list" and self.makes_list(node.operand):
            return self.value(node.operand)
        if node.name in {"length", "count"} and self.makes_list(node.operand):
            return f"length({self.value(node.operand)})"
        return self.called(node, self.value(node.operand), [self.argument(each) for each in node.args])

    def makes_list(self, node: Node) -> bool:
        return isinstance(node, tree.Filter) and node.name in _LISTS

    def called(self, node: tree.Filter, operand: str, args: list[str]) -> str:
        self.globals[f"filter_{node.name}"] = FILTERS[node.name].function
        named = [f"{key}={self.value(each)}" for key, each in node.options]
        if node.attribute:
            named.append(f"attribute={node.attribute!r}")
        return f"filter_{node.name}({', '.join([operand, *args, *named])})"

    def fallback_of(self, node: tree.Filter) -> Node:
        value = node.args[0]
        return tree.Const(None) if isinstance(value, Pattern) else value

    def default(self, node: tree.Filter, other: str) -> str:
        if node.args[1] == tree.Const(value=True):
            return f"fallback_falsy({self.maybe(node.operand)}, lambda: {other})"
        match node.operand, node.args[0]:
            case tree.Ref(keys=(str() as key,)) as ref, tree.Const() if ref.name not in SCALARS:
                return f"n[{ref.name!r}].get({key!r}, {other})"
        return f"fallback({self.maybe(node.operand)}, lambda: {other})"

    def comprehension(self, node: tree.Filter) -> str:
        """``selectattr``, ``select``, ``map`` and chains of them, as one list comprehension."""
        element = self.name("e")
        hoisted: list[str] = []
        result = element
        source: Node = node
        if node.name == "map":
            result = self.mapped(node, element, hoisted)
            source = node.operand
        conditions: list[str] = []
        while isinstance(source, tree.Filter) and (source.name in SELECTORS or self.skipped(source)):
            if source.name in SELECTORS:
                conditions.insert(0, self.selected(source, element, hoisted))
            source = source.operand
        listed = self.value(source) if self.makes_list(source) else f"sequence({self.value(source)})"
        loops = [*hoisted, f"for {element} in {listed}"]
        return f"[{result} {' '.join(loops)}{''.join(f' if {each}' for each in conditions)}]"

    def skipped(self, node: tree.Filter) -> bool:
        return node.name == "list" and isinstance(node.operand, tree.Filter) and node.operand.name in SELECTORS

    def hoist(self, node: Node | Pattern, hoisted: list[str]) -> str:
        """An argument: evaluated once, and even if the list is empty."""
        if isinstance(node, Pattern | tree.Const):
            return self.argument(node)
        if isinstance(node, tree.Sequence) and all(map(_plain, node.elements)):
            return self.value(node)
        name = self.name("a")
        hoisted.append(f"for {name} in ({self.value(node)},)")
        return name

    def selected(self, node: tree.Filter, element: str, hoisted: list[str]) -> str:
        test = node.inner
        if not isinstance(test, tree.Test):  # the parser gives every selector its test
            raise TypeError(node.name)
        if test.name in {"defined", "undefined"}:
            found = f"lookup({', '.join([element, *map(repr, node.attribute)])})"
            return f"({found} {'is not' if (test.name == 'defined') is not test.negated else 'is'} U)"
        args = [self.hoist(each, hoisted) for each in test.args]
        return self.applied(test, element + _subscripts(node.attribute), args)

    def mapped(self, node: tree.Filter, element: str, hoisted: list[str]) -> str:
        if isinstance(node.inner, tree.Filter):
            args = [self.hoist(each, hoisted) for each in node.inner.args]
            code = self.called(node.inner, element, args)
            return f"need({code}, {node.inner.name!r})" if FILTERS[node.inner.name].undefined else code
        if node.options:
            found = f"lookup({', '.join([element, *map(repr, node.attribute)])})"
            return f"fallback({found}, lambda: {self.hoist(node.options[0][1], hoisted)})"
        return element + _subscripts(node.attribute)
