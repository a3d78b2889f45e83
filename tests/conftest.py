# SPDX-License-Identifier: Apache-2.0
"""What holds for every test."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    # Started in the background of a shell without job control, a process ignores Ctrl-C, and so do all of its children:
    # the tests that interrupt a run would wait for ever.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
