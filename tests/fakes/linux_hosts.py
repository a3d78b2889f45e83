# SPDX-License-Identifier: Apache-2.0
"""The recorded and hand-written outputs of the linux_host script, as facts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from plantproof.core.facts import Facts
from plantproof.parsers.registry import parse
from plantproof.parsers.sections import MarkedOutput, split_sections

__all__ = ["FOLDER", "HOSTS", "facts_of", "output_of"]

FOLDER = Path(__file__).parents[1] / "fixtures/linux_host"
HOSTS = ("debian-12", "busybox-1.35", "rhel-9", "ubuntu-22.04")


@cache
def output_of(host: str) -> MarkedOutput:
    return split_sections((FOLDER / f"{host}.txt").read_text(encoding="utf-8"))


def facts_of(host: str, kind: str) -> Facts:
    return parse(kind, next(section.text for section in output_of(host).sections if section.kind == kind))
