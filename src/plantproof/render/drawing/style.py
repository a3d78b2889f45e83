# SPDX-License-Identifier: Apache-2.0
"""The drawing's style sheet. Colour only repeats what shapes, patterns and words say; text follows the page around."""

from __future__ import annotations

from typing import Final

__all__ = ["ALONE", "STYLE", "patterns"]

STYLE: Final = (
    ".pd{font:13px system-ui,sans-serif;--pd-paper:var(--md-default-bg-color,Canvas)}"
    ".pd text{fill:currentColor}"
    ".pd-title{font-size:18px;font-weight:700}"
    ".pd-small{font-size:12px;opacity:.85}"
    ".pd-band{fill:currentColor;fill-opacity:.045}"
    ".pd-level{font-size:22px;font-weight:700;opacity:.75}"
    ".pd-lane{fill:none;stroke:currentColor;stroke-opacity:.3;stroke-width:1}"
    ".pd-site{font-size:14px;font-weight:700}"
    ".pd-box{fill:#fff;fill:var(--pd-paper);stroke:currentColor;stroke-width:1.6}"
    ".pd-hold{fill:currentColor;fill-opacity:.04;stroke:currentColor;stroke-width:1.4}"
    ".pd-safety{stroke-width:3.5}"
    ".pd-wireless{stroke-dasharray:7 4}"
    ".pd-temporary{stroke-dasharray:2 4;stroke-linecap:round}"
    ".pd-external{stroke-dasharray:10 4 2 4}"
    ".pd-many{stroke-width:2.4}"
    ".pd-elsewhere{opacity:.75}"
    ".pd-name{font-size:14px;font-weight:650}"
    ".pd-icon{fill:none;stroke:currentColor;stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round}"
    ".pd-line{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round}"
    ".pd-bare{stroke-dasharray:5 4}"
    ".pd-beside{stroke:#b3261e;stroke-width:2.4;stroke-dasharray:2 5;stroke-linecap:round}"
    ".pd-way-met{stroke:#2e7d32}.pd-way-open{stroke:#b26a00}.pd-way-missed{stroke:#c62828}"
    ".pd-head{fill:currentColor}"
    ".pd-sign{fill:#fff;fill:var(--pd-paper);stroke:currentColor;stroke-width:2;stroke-linejoin:round}"
    ".pd-bar{stroke:currentColor;stroke-width:2.2}"
    ".pd-words{font-size:12px;paint-order:stroke;stroke:#fff;stroke:var(--pd-paper);stroke-width:5px;stroke-linejoin:round}"
    ".pd-strip{stroke:currentColor;stroke-opacity:.45;stroke-width:1}"
    ".pd-met{fill:#2e7d32;fill-opacity:.16}.pd-open{fill:#b26a00;fill-opacity:.2}.pd-missed{fill:#c62828;fill-opacity:.24}"
    ".pd-hatch{stroke:currentColor;stroke-opacity:.22;stroke-width:1.2}"
    ".pd-tick{fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}"
    ".pd-error{fill:#b3261e;stroke:#b3261e}.pd-warning{fill:#fff;fill:var(--pd-paper);stroke:currentColor;stroke-width:1.6}"
    ".pd .pd-count{font-size:11px;font-weight:700}.pd .pd-white{fill:#fff}"
    ".pd a:hover .pd-box,.pd a:focus .pd-box{stroke-width:3}"
)
"""For a drawing in a page: colours come from around it."""

ALONE: Final = ".pd{color-scheme:light dark;color:CanvasText;background:Canvas}@media print{.pd{color-scheme:light;max-height:99vh}}"
"""For a drawing that is a file of its own."""


def patterns(ident: str) -> str:
    """Hatches for targets that are not proven: they show where colour does not."""
    return (
        f'<defs><pattern id="{ident}-open" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<path class="pd-hatch" d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6"/></pattern>'
        f'<pattern id="{ident}-missed" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path class="pd-hatch" d="M0 0L6 6M6 0L0 6"/></pattern></defs>'
    )
