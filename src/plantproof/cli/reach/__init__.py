# SPDX-License-Identifier: Apache-2.0
"""``plantproof reach``."""

from plantproof.cli.reach.command import reach

__all__ = ["reach"]
