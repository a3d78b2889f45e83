# SPDX-License-Identifier: Apache-2.0
"""Reads built pages back: their links, their anchors, and whatever could run or reach outside."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """What one page of HTML holds."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        """Every href and src."""
        self.tags: list[str] = []
        self.handlers: list[str] = []
        """Attributes that run code."""
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name in {"href", "src", "data-source", "action"} and value:
                self.links.append(value)
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.handlers.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def broken_links(site: Path) -> list[str]:
    """Every link of a built site that leads to no file, or to no anchor in it, or outside."""
    pages = {file: Page(file.read_text(encoding="utf-8")) for file in sorted(site.rglob("*.html"))}
    broken = []
    for file, page in pages.items():
        # The 404 page does not know where it will be asked for and names everything from the root.
        base = site if file.name == "404.html" else file.parent
        for href in page.links:
            path, _, anchor = href.partition("#")
            target = (base / path.lstrip("/")).resolve() if path else file
            if target.is_dir():
                target /= "index.html"
            outside = ":" in path or not target.is_relative_to(site.resolve())
            lost = anchor and target in pages and anchor not in pages[target].ids and not anchor.startswith("__")
            if outside or not target.is_file() or lost:
                broken.append(f"{file.relative_to(site)}: {href}")
    return broken
