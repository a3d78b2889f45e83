# SPDX-License-Identifier: Apache-2.0
"""Run a program on a whole set of packets at once. Exact: no packet is sampled, none is guessed.

The set is a product of one set per coordinate. Each coordinate is first cut at every border that an instruction draws,
which leaves finitely many pieces (atoms) that no instruction can tell apart; a set of atoms is one integer, its members
the bits. An instruction splits what it meets into the part that it matches and at most one part per coordinate that it
does not.

Where a match is not sure both ways are followed and marked, so that an outcome says for certain, or only possibly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from plantproof.firewall.overlap import Overlap, bits
from plantproof.firewall.packets import BOUNDS, Box, Dim
from plantproof.firewall.program import NO_RULE, Act, Instruction, Program, Step
from plantproof.firewall.ranges import Ranges

__all__ = ["Engine", "Outcome", "Space", "TooComplexError"]

_DIMS: Final = tuple(Dim)
"""In order; to go through the enumeration itself takes twice as long."""
_DEPTH: Final = 64
"""Deepest call; the kernel allows 16 jumps, so nobody's filter needs more."""
_STEPS: Final = 2_000_000
"""Splits after which the answer is given up: some minutes' work for one question."""

Masks: TypeAlias = tuple[int, ...]


class TooComplexError(Exception):
    """The set falls into too many pieces, or calls go in a circle. Stays inside this package."""


class Space:
    """The atoms of each coordinate, and boxes as integers over them."""

    def __init__(self, boxes: Iterator[Box] | Sequence[Box]) -> None:
        cuts: list[set[int]] = [{BOUNDS[dim][0]} for dim in Dim]
        seen: set[tuple[Dim, tuple[tuple[int, int], ...]]] = set()
        for box in boxes:
            for dim, ranges in box.items():
                key = (dim, ranges.spans)
                if key in seen:
                    continue
                seen.add(key)
                for first, last in ranges.spans:
                    cuts[dim].add(first)
                    cuts[dim].add(last + 1)
        self.cuts = [
            sorted(cut for cut in found if cut <= BOUNDS[dim][1]) for dim, found in zip(Dim, cuts, strict=True)
        ]
        self.full: Masks = tuple((1 << len(cut)) - 1 for cut in self.cuts)
        self._known: dict[tuple[Dim, tuple[tuple[int, int], ...]], int] = {}
        self._told: dict[tuple[Dim, int], Ranges] = {}

    def mask(self, dim: Dim, ranges: Ranges) -> int:
        """A set of values whose borders are cuts, as atoms."""
        key = (dim, ranges.spans)
        found = self._known.get(key)
        if found is None:
            cuts = self.cuts[dim]
            found = 0
            for first, last in ranges.spans:
                found |= (1 << bisect_left(cuts, last + 1)) - (1 << bisect_left(cuts, first))
            self._known[key] = found
        return found

    def masks(self, box: Box) -> Masks:
        """A box as atoms."""
        return tuple(self.mask(dim, box[dim]) if dim in box else self.full[dim] for dim in _DIMS)

    def ranges(self, dim: Dim, mask: int) -> Ranges:
        """The values of some atoms."""
        found = self._told.get((dim, mask))
        if found is None:
            found = self._told[dim, mask] = self._ranges(dim, mask)
        return found

    def _ranges(self, dim: Dim, mask: int) -> Ranges:
        cuts, end = self.cuts[dim], BOUNDS[dim][1]
        spans = []
        while mask:
            low = (mask & -mask).bit_length() - 1
            run = ~(mask >> low)
            high = low + (run & -run).bit_length() - 1
            spans.append((cuts[low], cuts[high] - 1 if high < len(cuts) else end))
            mask &= -1 << high
        return Ranges(tuple(spans))  # atoms that touch are one run already

    def box(self, masks: Masks) -> Box:
        """Atoms as a box; a coordinate with all its atoms is left out."""
        return {dim: self.ranges(dim, mask) for dim, mask in zip(_DIMS, masks, strict=True) if mask != self.full[dim]}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one piece: its packets as they arrived and as they leave, and the rules that it met."""

    forwarded: bool
    certain: bool
    rules: tuple[int, ...]
    doubts: tuple[int, ...]
    """Rules that are not understood or not sure and had a say."""
    translated: frozenset[Dim]
    """Coordinates that were given new values."""
    _space: Space
    _arrived: Masks
    _left: Masks

    @property
    def arrived(self) -> Box:
        """The packets as they came in."""
        return self._space.box(self._arrived)

    @property
    def left(self) -> Box:
        """The packets with their addresses translated."""
        return self._space.box(self._left)


@dataclass(slots=True)
class _Piece:
    """Packets on their way: which, where they are, what was called, what they were before a rewrite."""

    place: int
    masks: Masks
    stack: tuple[int, ...] = ()
    certain: bool = True
    frozen: tuple[tuple[Dim, int], ...] = ()
    """What rewritten coordinates were on arrival."""
    loose: frozenset[Dim] = frozenset()
    """Coordinates of which one value holds, nobody knows which: who tells them apart tells only what is possible."""
    rules: tuple[int, ...] = ()
    doubts: tuple[int, ...] = ()

    def moved(self, place: int, masks: Masks, *, certain: bool, doubts: tuple[int, ...]) -> _Piece:
        """A part of it somewhere else; ``dataclasses.replace`` takes three times as long, and this is done most."""
        return _Piece(place, masks, self.stack, certain, self.frozen, self.loose, self.rules, doubts)


class _Candidates:
    """The instructions that some packet of a set can meet, in the order of the program."""

    def __init__(self, program: Program, places: list[int]) -> None:
        self.places = places
        self.instructions = [program.instructions[place] for place in places]

    def first(self, place: int) -> int:
        """Index of the first candidate at or behind a place of the program."""
        return bisect_left(self.places, place)


class Engine:
    """A program made ready for many questions: instructions are found by the addresses that they speak of."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._rewritten: dict[Dim, Ranges] = {}
        for instruction in program.instructions:
            for rewrite in instruction.step.rewrites:
                known = self._rewritten.get(rewrite.dim, Ranges())
                self._rewritten[rewrite.dim] = known | rewrite.values
        self._by: dict[Dim, Overlap] = {
            dim: Overlap([instruction.box.get(dim) for instruction in program.instructions])
            for dim in (Dim.SRC, Dim.DST)
        }

    def run(
        self, query: Box, *, drops: bool = True, without: Collection[int] = (), met: set[int] | None = None
    ) -> Iterator[Outcome]:
        """All pieces into which the program divides the packets of a box, each with what becomes of it.

        Without ``drops`` only those that are forwarded: what can only be dropped is not divided any further, which
        spares most of the work where little is let through. As if the rules ``without`` were not there.
        ``met`` takes each rule that some packet comes to, also where outcomes that differ in nothing else are one.

        Raises:
            TooComplexError: calls go in a circle, or there are more pieces than can be followed.
        """
        places = self._places(query)
        if without:
            places = [place for place in places if self.program.instructions[place].rule not in without]
        candidates = _Candidates(self.program, places)
        rewritten = [{r.dim: r.values} for i in candidates.instructions for r in i.step.rewrites]
        space = Space([query, *(i.box for i in candidates.instructions), *rewritten])
        yield from _Run(candidates, space, set() if met is None else met, drops=drops).pieces(
            _Piece(self.program.start, space.masks(query))
        )

    def _places(self, query: Box) -> list[int]:
        limits = {dim: ranges | self._rewritten.get(dim, Ranges()) for dim, ranges in query.items()}
        near = -1
        for dim, index in self._by.items():
            if dim in limits:
                near &= index.touching(limits[dim])
        places = range(len(self.program.instructions)) if near < 0 else bits(near)
        met: dict[tuple[Dim, tuple[tuple[int, int], ...]], bool] = {}
        found = []
        for place in places:
            for dim, ranges in self.program.instructions[place].box.items():
                if dim in limits:
                    key = (dim, ranges.spans)
                    if key not in met:
                        met[key] = ranges.meets(limits[dim])
                    if not met[key]:
                        break
            else:
                found.append(place)
        return found


_SPARSE: Final = 128
"""So few atoms are looked up one by one; a larger set is taken to touch everything."""


class _Index:
    """Per atom of one coordinate the candidates that it touches, as bits."""

    def __init__(self, masks: Sequence[Masks], dim: Dim) -> None:
        self.dim = dim
        self.wide = 0
        self.touching: dict[int, int] = {}
        self._known: dict[int, int] = {}
        for index, mask in enumerate(masks):
            bit = 1 << index
            if mask[dim].bit_count() > _SPARSE:
                self.wide |= bit
            else:
                for atom in bits(mask[dim]):
                    self.touching[atom] = self.touching.get(atom, 0) | bit

    def among(self, mask: int) -> int:
        """Candidates that may touch any of the atoms; all, as -1, if there are too many to look up."""
        found = self._known.get(mask)
        if found is None:
            found = -1
            if mask.bit_count() <= _SPARSE:
                found = self.wide
                for atom in bits(mask):
                    found |= self.touching.get(atom, 0)
            self._known[mask] = found
        return found


class _Run:
    def __init__(self, candidates: _Candidates, space: Space, met: set[int], *, drops: bool) -> None:
        self.drops = drops
        self.met = met
        self.hopeful, self.reach = _hopes(candidates.instructions)
        self.candidates = candidates
        self.space = space
        self.masks = [space.masks(i.box) for i in candidates.instructions]
        self.indices = [_Index(self.masks, dim) for dim in (Dim.SRC, Dim.DST)]
        self.seen: set[tuple[object, ...]] = set()
        self.steps = 0

    def pieces(self, whole: _Piece) -> Iterator[Outcome]:
        waiting = [whole]
        while waiting:
            piece = waiting.pop()
            if not piece.certain:
                key = (piece.place, piece.masks, piece.stack, piece.frozen, piece.loose)
                if key in self.seen:
                    continue
                self.seen.add(key)
            yield from self.follow(piece, waiting)

    def follow(self, piece: _Piece, waiting: list[_Piece]) -> Iterator[Outcome]:
        """Lead one piece to its next instruction; what the instruction does not match waits at the one behind it."""
        start = self.candidates.first(piece.place)
        ahead = -1 << start
        for index in self.indices:
            ahead &= index.among(piece.masks[index.dim])
        if not self.drops and not ahead & self.hopeful & self.reach[start]:
            return
        source, target = piece.masks[Dim.SRC], piece.masks[Dim.DST]
        for at in self._places(ahead, start):
            if not (source & self.masks[at][Dim.SRC] and target & self.masks[at][Dim.DST]):
                continue  # most rules: other hosts
            matched = tuple(a & b for a, b in zip(piece.masks, self.masks[at], strict=True))
            if not all(matched):
                continue
            self.steps += 1
            if self.steps > _STEPS:
                raise TooComplexError
            instruction, place = self.candidates.instructions[at], self.candidates.places[at]
            sure = instruction.sure and instruction.step.act is not Act.ANYTHING
            doubts = piece.doubts if sure else _added(piece.doubts, instruction.rule)
            certain = piece.certain and all(piece.masks[dim] == matched[dim] for dim in piece.loose)
            waiting += [
                piece.moved(place + 1, rest, certain=certain, doubts=piece.doubts)
                for rest in _without(piece.masks, matched)
            ]
            taken = piece.moved(place + 1, matched, certain=certain and sure, doubts=doubts)
            if not sure:
                waiting.append(replace(taken))
            yield from self.act(taken, instruction, waiting)
            return

    def _places(self, ahead: int, start: int) -> Iterator[int]:
        if ahead < 0:  # every candidate from here on
            yield from range(start, len(self.masks))
        while ahead > 0:
            low = ahead & -ahead
            yield low.bit_length() - 1
            ahead ^= low

    def act(self, piece: _Piece, instruction: Instruction, waiting: list[_Piece]) -> Iterator[Outcome]:
        step = instruction.step
        if instruction.rule != NO_RULE:
            self.met.add(instruction.rule)
            piece.rules = _added(piece.rules, instruction.rule)
        if step.act is Act.FORWARD or step.act is Act.ANYTHING:
            yield self.outcome(piece, forwarded=True)
        if step.act is Act.DROP or step.act is Act.ANYTHING:
            if self.drops:
                yield self.outcome(piece, forwarded=False)
        elif step.act is Act.FORWARD:
            return
        elif step.act is Act.RETURN:
            *stack, back = piece.stack
            piece.stack, piece.place = tuple(stack), back
            waiting.append(piece)
        else:
            waiting.append(self.go(piece, step, instruction.after))

    def go(self, piece: _Piece, step: Step, after: int) -> _Piece:
        for rewrite in step.rewrites:
            target = self.space.mask(rewrite.dim, rewrite.values)
            if all(dim != rewrite.dim for dim, _ in piece.frozen):
                piece.frozen = (*piece.frozen, (rewrite.dim, piece.masks[rewrite.dim]))
            piece.masks = (*piece.masks[: rewrite.dim], target, *piece.masks[rewrite.dim + 1 :])
            piece.loose = piece.loose - {rewrite.dim} if rewrite.values.size == 1 else piece.loose | {rewrite.dim}
        if step.fresh:
            piece.stack = (step.returns,)
        elif step.act is Act.CALL:
            piece.stack = (*piece.stack, after)
        if len(piece.stack) > _DEPTH:
            raise TooComplexError
        piece.place = step.to
        return piece

    def outcome(self, piece: _Piece, *, forwarded: bool) -> Outcome:
        arrived = list(piece.masks)
        for dim, mask in piece.frozen:
            arrived[dim] = mask
        translated = frozenset(dim for dim, _ in piece.frozen)
        return Outcome(
            forwarded, piece.certain, piece.rules, piece.doubts, translated, self.space, tuple(arrived), piece.masks
        )


def _hopes(instructions: Sequence[Instruction]) -> tuple[int, list[int]]:
    """Instructions that do not drop, as bits; and per place those that come next until one takes everything."""
    hopeful, reach, ahead = 0, [0] * (len(instructions) + 1), 0
    for at in range(len(instructions) - 1, -1, -1):
        instruction = instructions[at]
        if instruction.step.act is not Act.DROP:
            hopeful |= 1 << at
        takes_all = instruction.sure and not instruction.box and instruction.step.act is not Act.ANYTHING
        ahead = 1 << at if takes_all else ahead | 1 << at
        reach[at] = ahead
    return hopeful, reach


def _added(rules: tuple[int, ...], rule: int) -> tuple[int, ...]:
    return rules if rule == NO_RULE or rule in rules else (*rules, rule)


def _without(masks: Masks, matched: Masks) -> Iterator[Masks]:
    """What of a box is outside of a part of it: disjoint boxes, one per coordinate in which they differ."""
    left = list(masks)
    for dim, (have, took) in enumerate(zip(masks, matched, strict=True)):
        rest = have & ~took
        if rest:
            yield (*left[:dim], rest, *left[dim + 1 :])
            left[dim] = took
