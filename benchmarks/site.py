# SPDX-License-Identifier: Apache-2.0
"""How long our MkDocs Material takes for many pages, beside its default with all of them in the navigation.

Both build the same made-up pages in one run, one after the other; what counts is the ratio.

    python benchmarks/site.py [PAGES]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from plantproof.adapters.portal import build_portal

AT = "2026-11-23T06:37:00Z"


def pages(count: int) -> Iterator[tuple[str, str]]:
    """Pages like a requirement's: prose, a list, a table of fifteen rows with links."""
    prose = "Walk the plant with a laptop and knock on every door. " * 12
    for name in ("index", "findings", "evidence", "not-collected", "verify", "zones/index", "checks/index"):
        yield f"{name}.md", f"# {name.title()}\n\n{prose}\n"
    yield "controls/index.md", "# Requirements\n\n" + "".join(f"* control {i}\n" for i in range(count))
    for number in range(count):
        near = (number + 1) % count
        cells = "".join(f'<tr><td><a href="c{near}.html">c{near}</a></td><td>asset {i}</td></tr>' for i in range(15))
        table = f"<div><table><tbody>{cells}</tbody></table></div>"
        yield f"controls/c{number}.md", f"# Control {number}\n\n{prose}\n\n## Where it stands\n\n{table}\n\n{prose}\n"


def default_material(made: list[tuple[str, str]], root: Path) -> None:
    """The same pages with Material as it comes: each page in the navigation of each page."""
    for path, text in made:
        file = root / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    config = {"site_name": "Default", "use_directory_urls": False, "theme": {"name": "material", "font": False}}
    (root / "mkdocs.yml").write_text(json.dumps(config), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=root,
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )


def size(folder: Path) -> float:
    """Megabytes of a folder's files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Print both times, sizes and the ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    made = list(pages(count))
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        start = time.perf_counter()
        build_portal(made, {}, root / "ours", name="Ours", at=AT)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        default_material(made, root / "default")
        default = time.perf_counter() - start
        print(f"{len(made)} pages, ours:    {ours:6.1f} s, {size(root / 'ours'):6.1f} MB")
        print(f"{len(made)} pages, default: {default:6.1f} s, {size(root / 'default' / 'site'):6.1f} MB")
        print(f"ours is {default / ours:.1f} times as fast")


if __name__ == "__main__":
    main()
