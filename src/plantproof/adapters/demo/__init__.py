# SPDX-License-Identifier: Apache-2.0
"""The demo plant: a small fictional water works; this machine is real, every device is labelled as simulated."""

from plantproof.adapters.demo.build import build_demo

__all__ = ["build_demo"]
