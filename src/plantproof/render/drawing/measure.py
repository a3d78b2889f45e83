# SPDX-License-Identifier: Apache-2.0
"""How wide text is, near enough for any sans-serif font, and how to make it fit. No font is asked: any may be there."""

from __future__ import annotations

from unicodedata import east_asian_width

__all__ = ["cut", "text_width", "two_lines"]

_NARROW = frozenset("iljtfrI.,:;'|!()[] -·")
_BROAD = frozenset("mwMW@%")


def text_width(text: str, size: float) -> float:
    """Width of a line of text in user units, at a font size in the same; rather too much than too little."""
    return size * sum(_width(char) for char in text)


def _width(char: str) -> float:
    if east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.4
    if char in _BROAD:
        return 1.0
    return 0.72 if char.isupper() else 0.62


def cut(text: str, size: float, room: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text, size) + size > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def two_lines(text: str, size: float, room: float) -> tuple[str, ...]:
    """The text in one line or two, broken between words; what does not fit then is cut off."""
    if text_width(text, size) <= room:
        return (text,)
    words = text.split(" ")
    taken = 0
    while taken < len(words) - 1 and text_width(" ".join(words[: taken + 1]), size) <= room:
        taken += 1
    if not taken:
        return (cut(text, size, room),)
    return " ".join(words[:taken]), cut(" ".join(words[taken:]), size, room)
