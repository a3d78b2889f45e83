# SPDX-License-Identifier: Apache-2.0
"""All simulated devices together, in the running event loop."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from plantproof.adapters.simulators.modbus import serve_modbus
from plantproof.adapters.simulators.opcua import serve_opcua
from plantproof.adapters.simulators.state import State, load_state
from plantproof.adapters.simulators.switch import serve_switch
from plantproof.errors import SetupError, UsageError

__all__ = ["DEVICES", "DemoDevices"]

_Serve = Callable[[State], AbstractAsyncContextManager[Mapping[str, object]]]
DEVICES: Final = ("switch", "opcua_secured", "opcua_weak", "modbus")


class DemoDevices:
    """Started by ``async with``; ``described`` says how to reach each device.

    Args:
        folder: Where ports, keys and passwords are kept between starts.
        only: Which devices to start; all by default.
        faults: Whether the switch lets in users named after a :class:`Fault`.

    Raises:
        SetupError: a library of the extra ``demo`` is missing.
    """

    def __init__(self, folder: Path, *, only: Iterable[str] = DEVICES, faults: bool = False) -> None:
        self._folder = folder
        self._only = tuple(only)
        self._faults = faults
        self._stack = contextlib.AsyncExitStack()
        self.described: dict[str, Mapping[str, object]] = {}
        unknown = sorted(set(self._only) - set(DEVICES))
        if unknown:
            message = f"there is no simulated device {unknown[0]!r}"
            raise UsageError(message, code="usage.unknown-name", hint=f"Known: {', '.join(DEVICES)}.")

    async def __aenter__(self) -> Self:
        state = load_state(self._folder)
        serve: dict[str, _Serve] = {
            "switch": partial(serve_switch, faults=self._faults),
            "opcua_secured": partial(serve_opcua, name="opcua_secured"),
            "opcua_weak": partial(serve_opcua, name="opcua_weak"),
            "modbus": serve_modbus,
        }
        async with contextlib.AsyncExitStack() as stack:
            for name in self._only:
                try:
                    self.described[name] = await stack.enter_async_context(serve[name](state))
                except ImportError as missing:
                    message = f"the simulators need the library {missing.name}"
                    hint = "Install it: pip install 'plantproof[demo]'"
                    raise SetupError(message, code="environment.missing-extra", hint=hint) from missing
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
