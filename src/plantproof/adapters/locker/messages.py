# SPDX-License-Identifier: Apache-2.0
"""The message of a run's commit: a line for people, and trailers from which the log is read without any manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from plantproof.core.evidence import RunManifest

__all__ = ["read_message", "write_message"]

_KEYS: Final = ("Run", "Items", "Changed", "Not-collected", "Finished", "Tool")


def write_message(manifest: RunManifest, *, items: int, changed: int) -> str:
    """The commit message of a run that brought so many items, so many of them new or changed."""
    missing = sum(item.run == manifest.run for item in manifest.not_collected)
    return (
        f"Run {manifest.run}: {items} items, {changed} changed, {missing} not collected\n\n"
        f"Run: {manifest.run}\nItems: {items}\nChanged: {changed}\nNot-collected: {missing}\n"
        f"Finished: {manifest.finished}\nTool: {manifest.tool}\n"
    )


def read_message(message: str) -> Mapping[str, str]:
    """The trailers of a run's commit; empty texts if it is no commit of ours."""
    found = dict.fromkeys(_KEYS, "")
    for line in message.split("\n"):
        key, mark, value = line.partition(": ")
        if mark and key in found:
            found[key] = value
    return found
