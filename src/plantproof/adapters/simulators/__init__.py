# SPDX-License-Identifier: Apache-2.0
"""Simulated devices for the demo and the tests, on loopback only. Each identity string of theirs says SIMULATED.

They answer what was scripted for them: they show transport and parsing at work, never how a vendor's product behaves.
They need the extra ``demo``; importing this package does not.
"""

from __future__ import annotations

from plantproof.adapters.simulators.child import DemoProcess
from plantproof.adapters.simulators.devices import DemoDevices
from plantproof.adapters.simulators.faults import Fault

__all__ = ["DemoDevices", "DemoProcess", "Fault"]
