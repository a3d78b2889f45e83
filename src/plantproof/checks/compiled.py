# SPDX-License-Identifier: Apache-2.0
"""A check ready to run: its expressions compiled, or its function found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from plantproof.checks.expressions import Expression, compile_expression, compile_verdict, nearest
from plantproof.checks.functions import FUNCTIONS, CheckFunction
from plantproof.core.checks import Check
from plantproof.core.verdicts import Verdict
from plantproof.errors import ContentError, Location

__all__ = ["CONTEXT", "CompiledCheck", "compile_check", "name_of_kind"]

CONTEXT = frozenset({"asset", "params", "now", "now_days"})
"""Names that every check may use, whatever its kinds."""


def name_of_kind(kind: str) -> str:
    """A kind's name in expressions: ``linux.sshd`` is ``sshd``."""
    return kind.rpartition(".")[2].replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCheck:
    """A check with what runs it. Exactly one of ``that`` and ``function`` is given."""

    check: Check
    when: Expression | None
    that: tuple[Expression, ...]
    function: CheckFunction | None
    run: Callable[[Mapping[str, object]], int] = field(repr=False)
    """From names to a verdict's number; raises ``expressions.UNDECIDED`` if the evidence does not say."""

    @property
    def first(self) -> str:
        """Name of the first kind: the one whose lines are told."""
        return name_of_kind(self.check.kinds[0])

    @property
    def early(self) -> Expression | None:
        """``applies-to``, if it can be decided without evidence."""
        return self.when if self.when is not None and self.when.names <= CONTEXT else None


def compile_check(check: Check, locate: Callable[[str], Location] | None = None) -> CompiledCheck:
    """Compile a check's expressions.

    Args:
        check: the check.
        locate: from a JSON pointer to its place in the file, asked only for errors; default: the check's own place.

    Raises:
        ContentError: ``content.expression`` for an expression, ``content.check`` for an unknown function.
    """
    names = frozenset(check.names or map(name_of_kind, check.kinds)) | CONTEXT
    place = locate or (lambda _: check.declared)

    def expression(text: str, pointer: str) -> Expression:
        try:
            return compile_expression(text, names=names)
        except ContentError as problem:
            problem.where = place(pointer)
            raise

    when = expression(check.when, "/applies-to") if check.when else None
    if check.function:
        function = _function(check, place)
        run = _runner(function, when)
        return CompiledCheck(check=check, when=when, that=(), function=function, run=run)
    that = tuple(expression(each.that, f"/assert/{index}/that") for index, each in enumerate(check.assertions))
    return CompiledCheck(check=check, when=when, that=that, function=None, run=compile_verdict(when, that))


def _function(check: Check, place: Callable[[str], Location]) -> CheckFunction:
    if check.function not in FUNCTIONS:
        raise ContentError(
            f"there is no check function {check.function!r}{nearest(check.function, FUNCTIONS)}",
            code="content.check",
            hint=f"Registered functions: {', '.join(sorted(FUNCTIONS))}.",
            where=place("/function"),
        )
    return FUNCTIONS[check.function]


def _runner(function: CheckFunction, when: Expression | None) -> Callable[[Mapping[str, object]], int]:
    applies = compile_verdict(None, [when]) if when else None

    def run(names: Mapping[str, object]) -> int:
        # compile_verdict says NOT_SATISFIED where the condition is false: here that means it does not apply.
        if applies is not None and applies(names):
            return int(Verdict.NOT_APPLICABLE)
        return int(function(names).verdict)

    return run
