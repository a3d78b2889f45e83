# SPDX-License-Identifier: Apache-2.0
"""``python -m plantproof.cli``: the same as ``plantproof``."""

from __future__ import annotations

from plantproof.cli.main import main

if __name__ == "__main__":
    main()
