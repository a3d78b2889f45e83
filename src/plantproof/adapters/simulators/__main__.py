# SPDX-License-Identifier: Apache-2.0
"""``python -m plantproof.adapters.simulators --dir DIR``: serve until SIGTERM, Ctrl-C or the end of standard input.

One line of JSON on standard output says how to reach each device, when all are ready.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
from pathlib import Path

from plantproof.adapters.simulators.devices import DEVICES, DemoDevices
from plantproof.errors import PlantproofError


def main() -> int:
    """Serve; returns the exit status."""
    parser = argparse.ArgumentParser(prog="plantproof.adapters.simulators", description=__doc__)
    parser.add_argument("--dir", required=True, type=Path, help="where ports, keys and passwords are kept")
    parser.add_argument("--only", action="append", choices=DEVICES, help="start only this device (may be repeated)")
    parser.add_argument("--faults", action="store_true", help="let in users named after a fault (for tests)")
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options.dir, tuple(options.only or DEVICES), faults=options.faults))
    except PlantproofError as error:
        sys.stderr.write(f"{error} ({error.hint})\n")
        return error.exit_status
    return 0


async def _serve(folder: Path, only: tuple[str, ...], *, faults: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if _is_pipe():
        loop.add_reader(sys.stdin.fileno(), _until_closed, stop)
    async with DemoDevices(folder, only=only, faults=faults) as devices:
        sys.stdout.write(json.dumps({"simulated": True, "pid": os.getpid(), "devices": devices.described}) + "\n")
        sys.stdout.flush()
        await stop.wait()
    with contextlib.suppress(ValueError, OSError):
        loop.remove_reader(sys.stdin.fileno())


def _is_pipe() -> bool:
    """Whether standard input is a pipe from a parent; a terminal or /dev/null says nothing about its life."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _until_closed(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        stop.set()


if __name__ == "__main__":
    raise SystemExit(main())
