# SPDX-License-Identifier: Apache-2.0
"""Signs that stand on boxes and lines: findings with their count, and how far a target is proven."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from plantproof.render.drawing.view import MET, MISSED, OPEN, Mark, Standing
from plantproof.render.drawing.words import clean

__all__ = ["mark", "sign", "standing_words", "strip"]

_SIGNS: Final = {
    MET: "M0 5l3.5 3.5L10 1",
    OPEN: "M1.5 3C1.5 -.5 8 -.5 8 3C8 5 5 5 5 7.5M5 10.5v.1",
    MISSED: "M1 1l8 8M9 1l-8 8",
}


def mark(marks: Sequence[Mark], x: int, y: int) -> str:
    """A sign with the number of findings, its middle given: filled if one is an error, hollow for warnings alone."""
    if not marks:
        return ""
    bad = not all(one.warning for one in marks)
    said = "\n".join(f"{'Warning' if one.warning else 'Error'}: {one.message} [{one.rule}]" for one in marks)
    shape = f"M{x - 13} {y}L{x - 8} {y - 9}H{x + 8}L{x + 13} {y}L{x + 8} {y + 9}H{x - 8}z"
    text = f"!{len(marks)}"
    return (
        f'<g class="pd-mark"><title>{clean(said)}</title><path class="{"pd-error" if bad else "pd-warning"}" d="{shape}"/>'
        f'<text class="pd-count{" pd-white" if bad else ""}" x="{x}" y="{y + 4}" text-anchor="middle">{text}</text></g>'
    )


def sign(word: str, x: int, y: int) -> str:
    """A tick, a question mark or a cross, 10 by 10, its upper left corner given."""
    return f'<path class="pd-tick" transform="translate({x} {y})" d="{_SIGNS[word]}"/>'


def standing_words(standing: Standing) -> str:
    """How far a target is proven, in a few words."""
    if standing.word == MET:
        return "SL-T proven"
    if standing.word == OPEN:
        return f"not proven yet, gap {standing.gap}"
    return f"missed, gap {standing.gap}"


def strip(standing: Standing, ident: str, x: int, y: int, width: int) -> str:
    """A strip 20 high that says how far a target is proven: by sign, words, pattern and colour."""
    word = standing.word
    hatch = (
        f'<rect x="{x}" y="{y}" width="{width}" height="20" rx="3" fill="url(#{ident}-{word})"/>' if word != MET else ""
    )
    return (
        f'<rect class="pd-strip pd-{word}" x="{x}" y="{y}" width="{width}" height="20" rx="3"/>{hatch}'
        f"{sign(word, x + 8, y + 5)}"
        f'<text class="pd-words" x="{x + 25}" y="{y + 14}">{standing_words(standing)}</text>'
    )
