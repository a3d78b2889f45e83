# SPDX-License-Identifier: Apache-2.0
"""Outlines and icons: each kind of zone has its own, so that no meaning rests on colour."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["ICONS", "arrow", "bar", "diode", "icon", "outline"]

ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "control": "M3 11h10V5H3zM5 5V2.5M8 5V2.5M11 5V2.5M5 13.5V11M8 13.5V11M11 13.5V11",
        "supervision": "M2 3h12v8H2zM6 14h4M8 11v3",
        "safety": "M8 1.5L13.5 3.5V8C13.5 11.5 11 13.5 8 14.5C5 13.5 2.5 11.5 2.5 8V3.5zM8 5v6M5 8h6",
        "wireless": "M2 6.5C5.5 3 10.5 3 14 6.5M4.5 9C6.5 7 9.5 7 11.5 9M8 12v.5",
        "remote-access": "M2 4h8v6H2zM6 10v3M3.5 13h5M11 7h4M13 5l2 2-2 2",
        "dmz": "M2 3v10M14 3v10M5 8h6M5 8l2-2M5 8l2 2M11 8L9 6M11 8l-2 2",
        "enterprise": "M3 14V2h7v12M10 6h3v8M1.5 14h13M5 5h1M7.5 5h.5M5 8h1M7.5 8h.5M5 11h1M7.5 11h.5",
        "cloud": "M4.5 12.5C1 12.5 1 8 4 8C4 4 10 3.5 10.5 7C14.5 6.5 15 12.5 11.5 12.5z",
        "external": "M8 2a6 6 0 1 0 .01 0M2 8h12M8 2C5 5 5 11 8 14M8 2C11 5 11 11 8 14",
        "temporary": "M8 2a6 6 0 1 0 .01 0M8 5v3.5l2.5 1.5",
        "": "M2 5h8v8H2zM5 5V2h9v8h-4",
    }
)
"""Per kind the lines of an icon of 16 by 16; the empty one is for several zones."""
_ROUND: Final = MappingProxyType({"cloud": 30, "remote-access": 18, "external": 4, "dmz": 1})
_CUT: Final = 14


def icon(kind: str, x: int, y: int) -> str:
    """The icon of a kind, its upper left corner given."""
    return f'<path class="pd-icon" transform="translate({x} {y})" d="{ICONS.get(kind, ICONS["control"])}"/>'


def outline(kind: str, css: str, at: tuple[int, int], size: tuple[int, int]) -> str:
    """The border of a zone: safety has cut corners, cloud and remote access round ones; dashes are in the style."""
    (x, y), (width, height) = at, size
    classes = f'class="{css} pd-{kind or "many"}"'
    if kind == "safety":
        c, right, bottom = _CUT, x + width, y + height
        return (
            f'<path {classes} d="M{x + c} {y}H{right - c}L{right} {y + c}V{bottom - c}L{right - c} {bottom}'
            f'H{x + c}L{x} {bottom - c}V{y + c}z"/>'
        )
    return f'<rect {classes} x="{x}" y="{y}" width="{width}" height="{height}" rx="{_ROUND.get(kind, 6)}"/>'


def arrow(x: int, y: int, dx: int, dy: int) -> str:
    """An arrowhead whose tip is at a point, flying in a direction of length 1."""
    bx, by = x - 10 * dx, y - 10 * dy
    return f'<path class="pd-head" d="M{x} {y}L{bx - 5 * dy} {by - 5 * dx}L{bx + 5 * dy} {by + 5 * dx}z"/>'


def diode(x: int, y: int, dx: int, dy: int) -> str:
    """The sign of a diode, its middle at a point, letting through in a direction of length 1."""
    bx, by, tx, ty = x - 6 * dx, y - 6 * dy, x + 6 * dx, y + 6 * dy
    return (
        f'<path class="pd-sign" d="M{bx - 7 * dy} {by - 7 * dx}L{tx} {ty}L{bx + 7 * dy} {by + 7 * dx}z'
        f'M{tx - 7 * dy} {ty - 7 * dx}L{tx + 7 * dy} {ty + 7 * dx}"/>'
    )


def bar(x: int, y: int, dx: int, dy: int) -> str:
    """The sign of a trust boundary: two strokes across the line."""
    return "".join(
        f'<path class="pd-bar" d="M{x + o * dx - 9 * dy} {y + o * dy - 9 * dx}L{x + o * dx + 9 * dy} {y + o * dy + 9 * dx}"/>'
        for o in (-2, 3)
    )
