# SPDX-License-Identifier: Apache-2.0
"""Other tools' lists of hosts, and which facts of evidence tell addresses."""

from __future__ import annotations

from plantproof.connectors.inventory.evidence import addresses_in
from plantproof.connectors.inventory.netbox import read_netbox
from plantproof.connectors.inventory.table import COLUMNS, named_columns, read_table
from plantproof.connectors.inventory.written import HEADER, inventory_of

__all__ = ["COLUMNS", "HEADER", "addresses_in", "inventory_of", "named_columns", "read_netbox", "read_table"]
