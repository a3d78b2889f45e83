# SPDX-License-Identifier: Apache-2.0
"""The ways in which the simulated switch can misbehave, for tests of the collectors."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Fault"]


class Fault(StrEnum):
    """A fault is chosen by logging in under its name, if the simulator was started with faults."""

    HANG = "hang"
    """Stops in the middle of the running configuration and says nothing more."""
    DROP = "drop"
    """Closes the connection in the middle of the running configuration."""
    FLOOD = "flood"
    """Never stops printing."""
    NO_END = "no-end"
    """Leaves out the end of the running configuration, and returns to the prompt."""
    SLOW = "slow"
    """Prints a few bytes at a time."""
    NONSENSE = "nonsense"
    """Answers binary rubbish and shows no prompt any more."""
    RENAMED = "renamed"
    """Shows another prompt after the running configuration."""
    PAGER = "pager"
    """Ignores ``terminal length 0`` and pages."""
    MUTE = "mute"
    """Accepts the log-in and never shows a prompt."""
    DENIED = "denied"
    """Lets no one see the running configuration."""
    FORGED = "forged"
    """Prints lines that look like the marks between sections."""
