# SPDX-License-Identifier: Apache-2.0
"""Filters and tests as they are written: their names, their arguments, and what may not stand beside a ``|``."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from typing import Final

from plantproof.checks.expressions.filters import FILTERS, SELECTORS, FilterRule
from plantproof.checks.expressions.nodes import Const, Filter, Node, Pattern, Test
from plantproof.checks.expressions.patterns import PatternError, safe_pattern
from plantproof.checks.expressions.predicates import TESTS, VERSION_OPERATORS, TestRule
from plantproof.checks.expressions.source import Source, nearest
from plantproof.errors import ContentError

__all__ = ["Calls"]

_ELEMENT: Final = Const(None)  # stands for the element in a test or filter that runs over a list
_PATTERN_OPTIONS: Final = frozenset({"ignorecase", "multiline"})
_SHOWN: Final = 40


class Calls(ABC):
    """The part of the parser that reads calls; :mod:`.parse` has the rest."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @abstractmethod
    def node(self, tree: ast.expr) -> Node:
        """Read any permitted form."""

    def refuse(self, tree: ast.expr, message: str, hint: str) -> ContentError:
        """An error at a part of the expression."""
        return self.source.refuse(message, hint, self.source.offset(tree))

    def written(self, tree: ast.expr) -> str:
        """A part of the expression as the user wrote it, shortened."""
        text = self.source.text[self.source.offset(tree) : self.source.end(tree)]
        return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")

    def visible(self, tree: ast.expr, key: object) -> None:
        """Refuse keys that carry lines."""
        if isinstance(key, str) and key.startswith("_"):
            raise self.refuse(tree, f"the key {key!r} cannot be named", "Keys that begin with '_' hold line numbers.")

    def test(self, tree: ast.Compare, *, negated: bool) -> Test:
        """Read ``x is name(args)``."""
        call = tree.comparators[0]
        if isinstance(call, ast.Constant) and call.value is not None:
            call = ast.copy_location(ast.Name(id=str(call.value).lower()), call)
        name, args, keywords = self._called(call, "test")
        return self._test(self.node(tree.left), name, args, keywords, call, negated=negated)

    def filtered(self, tree: ast.BinOp) -> Filter:
        """Read ``x | name(args)``."""
        self._apart(tree)
        name, args, keywords = self._called(tree.right, "filter")
        rule = self._filter_rule(name, tree.right)
        self._count(name, rule.least, rule.most, args, tree.right)
        operand = self.node(tree.left)
        if name in SELECTORS:
            return self._selector(operand, name, args, keywords, tree.right)
        if name == "map":
            return self._map(operand, args, keywords, tree.right)
        if name in {"default", "d"}:
            return self._default(operand, args, keywords, tree.right)
        return self._plain(operand, name, rule, args, keywords, tree=tree.right)

    def _apart(self, tree: ast.BinOp) -> None:
        """Refuse ``a + b | f``: Python filters the sum, Jinja2 filters b."""
        hint = "Put what is filtered in parentheses, or the filter: (a + b) | f, a + (b | f)."
        for side in (tree.left, tree.right):
            mixed = isinstance(side, ast.BinOp) and not isinstance(side.op, ast.BitOr)
            bare = self.source.text[self.source.end(side) :].lstrip()[:1] != ")" or side is tree.right
            if mixed and bare:
                raise self.refuse(tree, "arithmetic stands beside a '|': Python and Jinja2 differ there", hint)

    def _called(self, tree: ast.expr, what: str) -> tuple[str, list[ast.expr], list[ast.keyword]]:
        if isinstance(tree, ast.Name):
            return tree.id, [], []
        if isinstance(tree, ast.Constant) and tree.value is None:
            raise self.refuse(tree, "'is None' is Python's", "Write 'is none'.")
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
            return tree.func.id, tree.args, tree.keywords
        names = sorted(TESTS if what == "test" else FILTERS)
        hint = f"The {what}s are: {', '.join(name for name in names if name.isalnum() or '_' in name)}."
        raise self.refuse(tree, f"{self.written(tree)} is no {what}", hint)

    def _filter_rule(self, name: str, tree: ast.expr) -> FilterRule:
        if name not in FILTERS:
            hint = f"The filters are: {', '.join(sorted(FILTERS))}."
            raise self.refuse(tree, f"there is no filter {name!r}{nearest(name, FILTERS)}", hint)
        return FILTERS[name]

    def _test_rule(self, name: str, tree: ast.expr) -> TestRule:
        if name not in TESTS:
            words = sorted(each for each in TESTS if each.isalnum())
            raise self.refuse(
                tree, f"there is no test {name!r}{nearest(name, words)}", f"The tests are: {', '.join(words)}."
            )
        return TESTS[name]

    def _test(
        self,
        operand: Node,
        name: str,
        args: list[ast.expr],
        keywords: list[ast.keyword],
        tree: ast.expr,
        *,
        negated: bool,
    ) -> Test:
        rule = self._test_rule(name, tree)
        self._count(name, rule.least, rule.most, args, tree)
        if rule.pattern:
            pattern = self._pattern(args[0], keywords, anchored=name == "match")
            return Test(operand, name, (pattern,), negated)
        self._options(name, frozenset(), keywords, tree)
        nodes = tuple(self.node(each) for each in args)
        if name == "version" and len(nodes) > 1:
            sign = nodes[1].value if isinstance(nodes[1], Const) else None
            if sign not in VERSION_OPERATORS:
                raise self.refuse(args[1], f"{self.written(args[1])} does not compare versions", "Write '>=' or '<'.")
        return Test(operand, name, nodes, negated)

    def _selector(
        self, operand: Node, name: str, args: list[ast.expr], keywords: list[ast.keyword], tree: ast.expr
    ) -> Filter:
        attribute: tuple[str | int, ...] = ()
        if name.endswith("attr"):
            attribute, args = self._attribute(args[0]), args[1:]
        called = "truthy"
        if args:
            called, args = self._text(args[0], "the name of a test"), args[1:]
        inner = self._test(_ELEMENT, called, args, keywords, tree, negated=name.startswith("reject"))
        return Filter(operand, name, attribute=attribute, inner=inner)

    def _map(self, operand: Node, args: list[ast.expr], keywords: list[ast.keyword], tree: ast.expr) -> Filter:
        given = {each.arg: each.value for each in keywords}
        if not args:
            self._options("map", frozenset({"attribute", "default"}), keywords, tree)
            if "attribute" not in given:
                raise self.refuse(
                    tree, "map needs an attribute or a filter", "Write map(attribute='name') or map('lower')."
                )
            options = tuple((key, self.node(given[key])) for key in ("default",) if key in given)
            return Filter(operand, "map", (), options, self._attribute(given["attribute"]))
        name = self._text(args[0], "the name of a filter")
        rule = self._filter_rule(name, args[0])
        if not rule.each:
            words = ", ".join(sorted(key for key, each in FILTERS.items() if each.each))
            raise self.refuse(args[0], f"map cannot use the filter {name!r}", f"It can use: {words}.")
        self._count(name, rule.least, rule.most, args[1:], tree)
        inner = self._plain(_ELEMENT, name, rule, args[1:], keywords, tree=tree)
        return Filter(operand, "map", inner=inner)

    def _default(self, operand: Node, args: list[ast.expr], keywords: list[ast.keyword], tree: ast.expr) -> Filter:
        self._options("default", frozenset({"boolean", "default_value"}), keywords, tree)
        given = {str(each.arg): each.value for each in keywords}
        given |= dict(zip(("default_value", "boolean"), args, strict=False))
        value = self.node(given["default_value"]) if "default_value" in given else Const("")
        boolean = self.node(given["boolean"]) if "boolean" in given else Const(value=False)
        if not isinstance(boolean, Const):
            raise self.refuse(tree, "the second argument of default must be true or false", "Write default(x, true).")
        return Filter(operand, "default", (value, Const(bool(boolean.value))))

    def _plain(
        self,
        operand: Node,
        name: str,
        rule: FilterRule,
        args: list[ast.expr],
        keywords: list[ast.keyword],
        *,
        tree: ast.expr,
    ) -> Filter:
        if rule.pattern:
            first = self._pattern(args[0], keywords, anchored=False)
            return Filter(operand, name, (first, *(self.node(each) for each in args[1:])))
        self._options(name, rule.options, keywords, tree)
        attribute: tuple[str | int, ...] = ()
        options = []
        for each in keywords:
            if each.arg == "attribute":
                attribute = self._attribute(each.value)
            else:
                options.append((str(each.arg), self.node(each.value)))
        return Filter(operand, name, tuple(self.node(each) for each in args), tuple(options), attribute)

    def _attribute(self, tree: ast.expr) -> tuple[str | int, ...]:
        parts = self._text(tree, "an attribute").split(".")
        for part in parts:
            if not part:
                raise self.refuse(
                    tree, f"{self.written(tree)} is no attribute", "Write the key, as in 'uid' or 'owner.name'."
                )
            self.visible(tree, part)
        return tuple(int(part) if part.isdecimal() else part for part in parts)

    def _text(self, tree: ast.expr, what: str) -> str:
        if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
            return tree.value
        raise self.refuse(tree, f"{self.written(tree)} stands where {what} is needed", "Write it as a text in quotes.")

    def _pattern(self, tree: ast.expr, keywords: list[ast.keyword], *, anchored: bool) -> Pattern:
        text = self._text(tree, "a regular expression")
        self._options("a pattern", _PATTERN_OPTIONS, keywords, tree)
        flags = {str(each.arg): isinstance(each.value, ast.Constant) and bool(each.value.value) for each in keywords}
        for each in keywords:  # true and false are names to Python
            flags[str(each.arg)] |= isinstance(each.value, ast.Name) and each.value.id == "true"
        try:
            compiled, limit = safe_pattern(
                text,
                ignorecase=flags.get("ignorecase", False),
                multiline=flags.get("multiline", False),
                anchored=anchored,
            )
        except PatternError as problem:
            hint = "Write a simpler pattern, or several tests joined by 'and' and 'or'."
            raise self.refuse(tree, f"the pattern {self.written(tree)}: {problem}", hint) from None
        return Pattern(compiled, limit)

    def _count(self, name: str, least: int, most: int, args: list[ast.expr], tree: ast.expr) -> None:
        for each in args:
            if isinstance(each, ast.Starred):
                raise self.refuse(each, "'*' is not allowed", "Write the arguments out.")
        if not least <= len(args) <= most:
            span = str(least) if least == most else f"{least} to {most}"
            raise self.refuse(tree, f"{name!r} takes {span} argument(s), here {len(args)}", "Correct the arguments.")

    def _options(self, name: str, known: frozenset[str], keywords: list[ast.keyword], tree: ast.expr) -> None:
        for each in keywords:
            if each.arg not in known:
                hint = f"Named arguments: {', '.join(sorted(known))}." if known else "It takes no named argument."
                raise self.refuse(tree, f"{name!r} has no argument {each.arg!r}{nearest(str(each.arg), known)}", hint)
