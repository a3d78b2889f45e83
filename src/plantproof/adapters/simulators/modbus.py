# SPDX-License-Identifier: Apache-2.0
"""A simulated Modbus device that can be asked what it is."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Final

from plantproof.adapters.simulators.state import State

__all__ = ["serve_modbus"]

_IDENTITY: Final = {
    "VendorName": "Plantproof (SIMULATED)",
    "ProductCode": "SIM-PUMP-1",
    "MajorMinorRevision": "1.4.2",
    "VendorUrl": "https://demo.invalid/SIMULATED",
    "ProductName": "SIMULATED pump controller",
    "ModelName": "SIM-PUMP",
    "UserApplicationName": "SIMULATED raw-water pump 1",
}


@contextlib.asynccontextmanager
async def serve_modbus(state: State) -> AsyncIterator[Mapping[str, object]]:
    """Serve on the state's port of loopback; yields how to reach it."""
    from pymodbus import ModbusDeviceIdentification
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    device = SimDevice(1, simdata=[SimData(0, count=16, values=17, datatype=DataType.REGISTERS)])
    server = ModbusTcpServer(
        device,
        identity=ModbusDeviceIdentification(info_name=_IDENTITY),
        address=("127.0.0.1", state.ports["modbus"]),
    )
    await server.serve_forever(background=True)
    try:
        yield {"host": "127.0.0.1", "port": state.ports["modbus"], "unit": 1}
    finally:
        await server.shutdown()
