# SPDX-License-Identifier: Apache-2.0
"""Our collection's Python, importable in a test as Ansible imports it: ``ansible_collections.plantproof.ot...``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

COLLECTION = Path(__file__).parents[2] / "collectors"


def load(name: str) -> Any:
    """A module of the collection, for example ``module_utils.marks``."""
    path: list[str] = []
    for part in ("ansible_collections", "ansible_collections.plantproof", "ansible_collections.plantproof.ot"):
        if part not in sys.modules:
            package = ModuleType(part)
            package.__path__ = [str(COLLECTION)] if part.endswith(".ot") else path
            sys.modules[part] = package
    return importlib.import_module(f"ansible_collections.plantproof.ot.plugins.{name}")
