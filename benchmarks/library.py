# SPDX-License-Identifier: Apache-2.0
"""How long all catalogs, profiles and crosswalks take to load and validate, beside merely parsing them.

The floor is PyYAML's C parser over the same files in the same run. The first time everything is parsed and judged; from
the second on, receipts by digest say what was judged before.

    python benchmarks/library.py
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from plantproof.adapters.content import CATALOGS, CROSSWALKS, PROFILES, Content
from plantproof.adapters.library import Library
from plantproof.adapters.receipts import Receipts
from plantproof.adapters.validation import validate_file

REPEATS = 5


def best(what: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the times and their ratio to parsing."""
    files = [path for kind in (CATALOGS, PROFILES, CROSSWALKS) for path in Content().names(kind).values()]
    size = sum(path.stat().st_size for path in files) / 1e6
    parsing = best(lambda: [yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) for path in files])

    with tempfile.TemporaryDirectory() as scratch:

        def everything() -> None:
            content = Content(receipts=Receipts(Path(scratch)))
            for path in files:
                assert validate_file(path, content.receipts) == []
            library = Library(content)
            # Reading the rows builds the graph too.
            assert library.catalogs.keys() & {row.sources[0].catalog for c in library.crosswalks for row in c.rows}
            assert library.graph is not None

        start = time.perf_counter()
        everything()
        first = time.perf_counter() - start
        again = best(everything)

    print(f"{len(files)} documents, {size:.1f} MB of YAML")
    print(f"parsing alone                  {parsing:7.3f} s   1.00")
    print(f"first time, load and validate  {first:7.3f} s   {first / parsing:.2f} of parsing")
    print(f"afterwards, load and validate  {again:7.3f} s   {again / parsing:.2f} of parsing")


if __name__ == "__main__":
    main()
