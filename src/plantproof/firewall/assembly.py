# SPDX-License-Identifier: Apache-2.0
"""Put a program together: instructions in order, jumps to labels that may come later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from plantproof.errors import ContentError
from plantproof.firewall.packets import ANY, Box
from plantproof.firewall.program import NO_RULE, Act, Instruction, Program, Rewrite, Step

__all__ = ["MOST", "Assembly"]

MOST: Final = 100_000
"""Matches of one device: what they have in common is kept for each pair, which takes a gigabyte for so many."""


@dataclass(frozen=True, slots=True)
class _Draft:
    box: Box
    act: Act
    sure: bool
    rule: int
    to: str
    returns: str
    rewrites: tuple[Rewrite, ...]
    after: int


class Assembly:
    """Instructions in the order in which they were added, and where each label stands."""

    def __init__(self) -> None:
        self._drafts: list[_Draft] = []
        self._labels: dict[str, int] = {}

    def label(self, name: str) -> None:
        """Let a label stand before the next instruction."""
        self._labels[name] = len(self._drafts)

    def add(
        self,
        act: Act,
        boxes: Iterable[Box] = (ANY,),
        *,
        sure: bool = True,
        rule: int = NO_RULE,
        to: str = "",
        returns: str = "",
        rewrites: tuple[Rewrite, ...] = (),
    ) -> None:
        """Add one match of any of the boxes.

        ``to`` and ``returns`` are labels; with ``returns`` what was called is
        forgotten; GO without ``to`` goes on behind the match.

        Raises:
            ContentError: there are more than :data:`MOST` by now.
        """
        several = list(boxes)
        if len(self._drafts) + len(several) > MOST:
            message = f"its rules come to more than {MOST:,} matches"
            hint = "No device that we know of has so many; ask a part of it, such as one list."
            raise ContentError(message, code="content.firewall", hint=hint)
        after = len(self._drafts) + len(several)
        for box in several:
            self._drafts.append(_Draft(box, act, sure, rule, to, returns, rewrites, after))

    def build(self, base: Box = ANY) -> Program:
        """The program; it begins at its first instruction.

        Raises:
            KeyError: a label that nobody set; the reader of a dialect asks first.
        """
        return Program(tuple(self._resolved(draft) for draft in self._drafts), 0, base)

    def _resolved(self, draft: _Draft) -> Instruction:
        step = Step(
            act=draft.act,
            to=self._labels[draft.to] if draft.to else draft.after,
            fresh=bool(draft.returns),
            returns=self._labels[draft.returns] if draft.returns else 0,
            rewrites=draft.rewrites,
        )
        return Instruction(draft.box, step, draft.sure, draft.rule, draft.after)
