# SPDX-License-Identifier: Apache-2.0
"""What holds for every test."""

from __future__ import annotations

import os
import signal

import hypothesis
import pytest

# How long an example takes says how busy the machine is, not whether the code is right. The gate sees the same examples
# each time, so that a change is judged by what it changed; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("gate", deadline=None, derandomize=True)
hypothesis.settings.register_profile("fresh", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("gate")


def pytest_configure(config: pytest.Config) -> None:
    # Caches of the tests stay with the tests; child processes inherit the place.
    os.environ["XDG_CACHE_HOME"] = str(config.rootpath / ".pytest_cache" / "xdg")
    # Started in the background of a shell without job control, a process ignores Ctrl-C, and so do all of its children:
    # the tests that interrupt a run would wait for ever.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
