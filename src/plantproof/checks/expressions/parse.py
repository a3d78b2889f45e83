# SPDX-License-Identifier: Apache-2.0
"""From text to the tree of a permitted expression; everything outside the language is refused with what to write.

The language is what Python and Jinja2 read alike, so that an expression means here what it means in an Ansible
``that:``. Filters and tests with their arguments are read in :mod:`.calls`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Final

from plantproof.checks.expressions.calls import Calls
from plantproof.checks.expressions.nodes import (
    Arith,
    Bool,
    Choice,
    Compare,
    Const,
    Item,
    Negate,
    Node,
    Not,
    Ref,
    Sequence,
    Table,
)
from plantproof.checks.expressions.source import Source, nearest
from plantproof.checks.expressions.values import MAX_NUMBER

__all__ = ["parse"]

_LITERALS: Final = {"true": True, "false": False, "none": None, "True": True, "False": False, "None": None}
_COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_ARITH: Final[dict[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_HINTS: Final[dict[type[ast.expr], str]] = {
    ast.ListComp: "Use | select(...), | selectattr(...) or | map(...).",
    ast.GeneratorExp: "Use | select(...), | selectattr(...) or | map(...).",
    ast.SetComp: "Use | select(...), | selectattr(...) or | map(...).",
    ast.DictComp: "Use | dict2items and | selectattr(...).",
    ast.Call: "Only filters (x | length) and tests (x is defined) can be called.",
    ast.Lambda: "Only filters and tests can be called.",
    ast.Slice: "Use | first or | last, or name one index.",
    ast.Set: "Write a list, ['a', 'b'], and the expression alone, without {{ }}.",
    ast.JoinedStr: "Write a plain text.",
    ast.NamedExpr: "Compare with '=='.",
    ast.Starred: "Write the elements out.",
}


def parse(source: Source, names: Collection[str]) -> Node:
    """Read one expression over the given names.

    Raises:
        ContentError: code ``content.expression``, with place and hint.
    """
    return _Parser(source, names).node(source.tree())


class _Parser(Calls):
    def __init__(self, source: Source, names: Collection[str]) -> None:
        super().__init__(source)
        self.names = names

    def node(self, tree: ast.expr) -> Node:  # noqa: C901, PLR0911 - one line per permitted form
        match tree:
            case ast.Constant():
                return self.constant(tree)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self.path(tree)
            case ast.BoolOp():
                return Bool(isinstance(tree.op, ast.And), tuple(self.node(each) for each in tree.values))
            case ast.UnaryOp():
                return self.unary(tree)
            case ast.Compare():
                return self.comparison(tree)
            case ast.BinOp(op=ast.BitOr()):
                return self.filtered(tree)
            case ast.BinOp():
                return self.arithmetic(tree)
            case ast.IfExp():
                return Choice(self.node(tree.test), self.node(tree.body), self.node(tree.orelse))
            case ast.List() | ast.Tuple():
                return Sequence(tuple(self.node(each) for each in tree.elts))
            case ast.Dict():
                return self.table(tree)
        hint = _HINTS.get(type(tree), "The permitted forms are listed in the documentation of checks.")
        raise self.refuse(tree, f"{self.written(tree)} is outside the language of checks", hint)

    def constant(self, tree: ast.Constant) -> Const:
        if isinstance(tree.value, int | float) and not -MAX_NUMBER < tree.value < MAX_NUMBER:
            raise self.refuse(tree, "the number is too large", "Write one that evidence can hold.")
        if tree.value is None or isinstance(tree.value, str | int | float):
            return Const(tree.value)
        raise self.refuse(
            tree, f"{self.written(tree)} is no literal here", "Write a text, a number, true, false or none."
        )

    def unary(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            return Not(self.node(tree.operand))
        if isinstance(tree.op, ast.USub):
            operand = self.node(tree.operand)
            if isinstance(operand, Const) and isinstance(operand.value, int | float):
                return Const(-operand.value)
            return Negate(operand)
        raise self.refuse(tree, "a '+' or '~' before a value is not allowed", "Leave it out; for negation write 'not'.")

    def table(self, tree: ast.Dict) -> Table:
        entries = []
        for key, value in zip(tree.keys, tree.values, strict=True):
            if key is None:
                raise self.refuse(value, "'**' is not allowed", "Write the entries out.")
            if not isinstance(key, ast.Constant):
                raise self.refuse(key, "a key must be a literal", "Write the key as a text in quotes.")
            self.visible(key, key.value)
            entries.append((self.node(key), self.node(value)))
        return Table(tuple(entries))

    def path(self, tree: ast.Name | ast.Attribute | ast.Subscript) -> Node:
        if isinstance(tree, ast.Name):
            return self.name(tree)
        base = self.node(tree.value)
        if isinstance(tree, ast.Attribute):
            self.visible(tree, tree.attr)
            return self.step(base, tree.attr)
        key = self.node(tree.slice)
        if isinstance(key, Const) and isinstance(key.value, str | int):
            self.visible(tree, key.value)
            return self.step(base, key.value)
        if isinstance(key, Sequence):
            raise self.refuse(tree, "an index must be one value", "Write one key or number between the brackets.")
        return Item(base, key)

    def step(self, base: Node, key: str | int) -> Node:
        return Ref(base.name, (*base.keys, key)) if isinstance(base, Ref) else Item(base, Const(key))

    def name(self, tree: ast.Name) -> Node:
        if tree.id in _LITERALS:
            return Const(_LITERALS[tree.id])
        if tree.id not in self.names:
            known = ", ".join(sorted(self.names))
            hint = f"Names that this check can use: {known}. A text needs quotes."
            raise self.refuse(tree, f"the name {tree.id!r} is not known{nearest(tree.id, self.names)}", hint)
        return Ref(tree.id, ())

    def comparison(self, tree: ast.Compare) -> Node:
        if any(isinstance(each, ast.Is | ast.IsNot) for each in tree.ops):
            if len(tree.ops) > 1:
                raise self.refuse(
                    tree, "Python and Jinja2 read this comparison differently", "Put the part with 'is' in parentheses."
                )
            return self.test(tree, negated=isinstance(tree.ops[0], ast.IsNot))
        operands = tuple(self.node(each) for each in (tree.left, *tree.comparators))
        return Compare(tuple(_COMPARE[type(each)] for each in tree.ops), operands)

    def arithmetic(self, tree: ast.BinOp) -> Node:
        sign = _ARITH.get(type(tree.op))
        if sign is None:
            raise self.refuse(tree, "only +, - and * are allowed between numbers", "Rewrite the comparison.")
        return Arith(sign, self.node(tree.left), self.node(tree.right))
