# SPDX-License-Identifier: Apache-2.0
"""The entry point: which commands there are, and in which module each lives. Loads only the one that is called."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit with the documented status."""
    if sys.argv[1:] == ["--version"]:
        # Scheduled jobs ask this often; it needs no command-line library.
        from plantproof import __version__

        sys.stdout.write(f"plantproof {__version__}\n")
        return
    from plantproof.cli.exits import run

    sys.exit(run(sys.argv[1:]))
