# SPDX-License-Identifier: Apache-2.0
"""What one command printed, and what stands in it that no command prints. Knows no platform, and judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from plantproof.core.facts import Facts
from plantproof.parsers.blocks import Blocks, NumberedLine
from plantproof.parsers.settings import Table

__all__ = ["Output", "facts_of", "is_noise", "output_of"]

_WIDTH: Final = 400
"""Of a line, where only its beginning matters."""
_NOISE: Final = re.compile(
    r"%\s?(?:Invalid|Unknown|Ambiguous|Incomplete|Command|Error|Authorization|Permission)\b.*"  # a device's complaint
    # A log line that slipped in: a sequence number, a date or an uptime, a mnemonic.
    r"|(?:[0-9]{1,10}: )?(?:[*.]?[A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9:.]{5,20}.{0,40}|[0-9ywdhms:]{2,20})"
    r": %[A-Z0-9_]+-[0-7]-.*"
    r"|.{0,10}--\s?More\s?--.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What one command printed."""

    answered: bool
    """Whether the item says that the command was given, or holds anything at all."""
    lines: tuple[NumberedLine, ...]
    doubtful: tuple[int, ...]
    """Lines that show that there is more, or something else: parts left out, a second answer, complaints, a pager."""


def output_of(text: str, command: str) -> Output:
    """The lines that one command printed; all lines of an item without marks."""
    blocks = Blocks.read(text)
    found = blocks.commands(command)
    again = tuple(block.line for block in found[1:])
    taken = found[:1] or tuple(block for block in blocks.blocks if not block.how)
    lines = tuple(line for block in taken for line in block.lines)
    noise = tuple(number for number, line in lines if is_noise(line))
    return Output(answered=bool(taken), lines=lines, doubtful=(*blocks.cut, *again, *noise))


def is_noise(line: str) -> bool:
    """Whether a line is no answer at all: the device's complaint, a log line, a pager's remains."""
    return _NOISE.fullmatch(line[:_WIDTH].strip()) is not None


def facts_of(
    parser: str, data: Table, output: Output, *, understood: bool, unparsed: Iterable[int] = (), broken: str = ""
) -> Facts:
    """Facts of ``kind/version``. What is doubtful was not understood; an answer that says nothing was not at all."""
    first = () if understood else (output.lines[0][0] if output.lines else 1,)
    lines = sorted({*output.doubtful, *unparsed, *first})
    return Facts(kind=parser.partition("/")[0], parser=parser, data=data, unparsed=tuple(lines), broken=broken)
