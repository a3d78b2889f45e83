# SPDX-License-Identifier: Apache-2.0
"""Build the portal with MkDocs Material, offline, and put it in place in one step.

The pages are plain Markdown with HTML blocks, so that another builder can take the same tree when Material ends.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from plantproof.core.instants import parse_instant
from plantproof.errors import SetupError
from plantproof.render.html import text

__all__ = ["build_portal"]

_ASSETS: Final = Path(__file__).parent / "assets"
_TIMEOUT: Final = 900
_CONFIG: Final = """\
site_name: {name}
copyright: {at}
docs_dir: docs
site_dir: site
use_directory_urls: false
strict: true
theme:
  name: material
  font: false
  icon: {{logo: material/shield-check-outline}}
  features: [navigation.top, navigation.tabs, navigation.prune, content.tooltips, toc.follow]
  palette:
    - {{media: "(prefers-color-scheme: light)", scheme: default, primary: custom, accent: custom,
       toggle: {{icon: material/weather-night, name: Dark}}}}
    - {{media: "(prefers-color-scheme: dark)", scheme: slate, primary: custom, accent: custom,
       toggle: {{icon: material/weather-sunny, name: Light}}}}
extra: {{generator: false}}
extra_css: [assets/plantproof.css]
extra_javascript: [assets/plantproof.js]
plugins: [search]
markdown_extensions: [attr_list, md_in_html, tables, {{toc: {{permalink: true, toc_depth: 3}}}}]
nav:
  - Overview: index.md
  - Zones: zones/index.md
{more}  - Requirements: controls/index.md
  - Checks: checks/index.md
  - Other standards: standards/index.md
  - Findings: findings.md
  - Evidence: evidence.md
  - Not collected: not-collected.md
  - Verify: verify.md
not_in_nav: |
  conduits/*
  zones/*
  controls/*
  checks/*
  standards/*
validation: {{links: {{anchors: ignore}}}}
"""
_SOMETIMES: Final = (
    ("Firewalls", "firewalls.md"),
    ("Remote access", "remote-access.md"),
    ("Risk", "risk.md"),
    ("Road map", "roadmap.md"),
    ("Dates", "dates.md"),
)
"""Pages that only some plants have: title and path."""


def build_portal(
    pages: Iterable[tuple[str, str]],
    downloads: Mapping[str, Path],
    target: Path,
    *,
    name: str,
    at: str,
) -> int:
    """Build the site and replace the one that was there; a failed build leaves the old one.

    Args:
        pages: Paths below the site and their Markdown.
        downloads: Files to offer under ``downloads/``, by name.
        target: The folder of the finished site.
        name: The site's name.
        at: The instant of judgement; becomes the time of every file, so that the same pages give the same bytes.

    Returns:
        The number of pages.

    Raises:
        SetupError: MkDocs failed; the message holds what it said last.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".portal-") as scratch:
        root = Path(scratch).resolve()
        count = _write(pages, root / "docs")
        shutil.copytree(_ASSETS, root / "docs" / "assets")
        for file, source in downloads.items():
            (root / "docs" / "downloads").mkdir(exist_ok=True)
            shutil.copyfile(source, root / "docs" / "downloads" / file)
        # Material writes both into its pages as HTML. JSON strings are YAML strings.
        shown = {"name": " ".join(name.split()) or "Plant", "at": f"Judged as of {at}"}
        quoted = {key: json.dumps(text(value)) for key, value in shown.items()}
        more = "".join(f"  - {title}: {page}\n" for title, page in _SOMETIMES if (root / "docs" / page).is_file())
        config = _CONFIG.format(**quoted, more=more)
        (root / "mkdocs.yml").write_text(config, encoding="utf-8")
        _mkdocs(root, at)
        # Times and gzip bytes of the sitemap say when the build ran; nobody reads it from disk.
        for extra in ("sitemap.xml", "sitemap.xml.gz"):
            (root / "site" / extra).unlink(missing_ok=True)
        _swap(root / "site", target, root)
    return count


def _write(pages: Iterable[tuple[str, str]], docs: Path) -> int:
    count = 0
    for path, content in pages:
        file = docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        count += file.suffix == ".md"
    return count


def _mkdocs(root: Path, at: str) -> None:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(root),
        "LANG": "C.UTF-8",
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": str(int(parse_instant(at).timestamp())),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(root / "mkdocs.yml")]
    try:
        done = subprocess.run(
            command, env=environment, cwd=root, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        message = f"building the portal took more than {_TIMEOUT} s"
        raise SetupError(message, code="environment.missing-program", hint="Try again on a quieter machine.") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        said = "; ".join([line for line in lines if line.strip() and not line.startswith("INFO")][-5:])
        message = f"MkDocs could not build the portal: {said}"
        hint = "Check that mkdocs-material is installed beside Plantproof."
        raise SetupError(message, code="environment.missing-program", hint=hint)


def _swap(built: Path, target: Path, scratch: Path) -> None:
    old = scratch / "old"
    if target.exists():
        target.rename(old)
    try:
        built.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
