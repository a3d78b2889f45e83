# SPDX-License-Identifier: Apache-2.0
"""The command line: one module per command group; the only place that wires rooms together."""
