# SPDX-License-Identifier: Apache-2.0
"""Finding content: catalogs, profiles, checks and collectors, in the workspace, the package or the checkout.

Shipped content has a URI of its own, ``urn:plantproof:catalog:NAME`` or ``urn:plantproof:profile:NAME``, so that a
profile can import it from anywhere. Nothing is ever fetched from a network.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.receipts import Receipts
from plantproof.errors import ContentError, UsageError
from plantproof.oscal.resolve import Fetch

__all__ = ["CATALOGS", "CHECKS", "COLLECTORS", "CROSSWALKS", "EXAMPLES", "PROFILES", "Content"]

CATALOGS: Final = "catalog"
CROSSWALKS: Final = "catalog/crosswalks"
PROFILES: Final = "profiles"
CHECKS: Final = "checks"
COLLECTORS: Final = "collectors"
EXAMPLES: Final = "examples"

_URN: Final = "urn:plantproof:"
_URN_KINDS: Final = {"catalog": CATALOGS, "profile": PROFILES}
_SUFFIXES: Final = (".yaml", ".yml", ".json")
_PACKAGE: Final = Path(__file__).parents[1] / "_content"
_CHECKOUT: Final = Path(__file__).parents[3]


class Content:
    """One locator for everything that is data; the workspace wins over the package, the package over the checkout."""

    def __init__(self, workspace: Path | None = None, receipts: Receipts | None = None) -> None:
        self._workspace = workspace
        self.receipts = receipts or Receipts()
        self._read: dict[Path, Document] = {}

    def folders(self, kind: str) -> tuple[Path, ...]:
        """Existing folders of a kind, in the order in which they are searched."""
        found = [self._workspace / kind] if self._workspace else []
        if kind == COLLECTORS:
            found += [_PACKAGE / "ansible_collections" / "plantproof" / "ot", _CHECKOUT / kind]
        elif (_CHECKOUT / "pyproject.toml").is_file():
            found += [_PACKAGE / kind, _CHECKOUT / kind]
        else:
            found += [_PACKAGE / kind]
        return tuple(folder for folder in found if folder.is_dir())

    def names(self, kind: str) -> Mapping[str, Path]:
        """Every document of a kind by its name (the file's stem), sorted."""
        found: dict[str, Path] = {}
        for folder in self.folders(kind):
            for path in sorted(folder.iterdir()):
                if path.suffix in _SUFFIXES and not path.name.endswith(".schema.json"):
                    found.setdefault(path.stem, path)
        return dict(sorted(found.items()))

    def find(self, kind: str, name: str) -> Path:
        """The file of a shipped or workspace document by name.

        Raises:
            UsageError: there is none; the hint names the nearest.
        """
        known = self.names(kind)
        if name in known:
            return known[name]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        listed = ", ".join(known) or "none"
        message = f"there is no {kind.rstrip('s')} named {name!r}"
        raise UsageError(message, code="usage.unknown-name", hint=f"{hint}Known: {listed}.")

    def find_profile(self, text: str) -> tuple[str, Path]:
        """A profile by path or shipped name: its URI as results shall name it, and its file.

        Raises:
            UsageError: it is neither.
        """
        path = Path(text)
        if path.suffix in _SUFFIXES or path.is_file():
            if not path.is_file():
                raise UsageError(f"there is no file {text}", code="usage.unknown-name", hint="Check the path.")
            return path.name, path
        return f"{_URN}profile:{text}", self.find(PROFILES, text)

    def fetcher(self, folder: Path) -> Fetch:
        """A function for the resolver: (href, base URI) to (URI, document); relative paths start at ``folder``.

        URIs of local files stay relative to the folder, so that results are the same on every machine. A file is read
        once for all resolutions of one command.
        """

        def fetch(href: str, base: str) -> tuple[str, Mapping[str, object]]:
            uri = href if ":" in href else posixpath.normpath(posixpath.join(posixpath.dirname(base), href))
            return uri, self.read(self._path_of(uri, base, folder)).data

        return fetch

    def read(self, path: Path) -> Document:
        """Read a document, or return what was read before."""
        if path not in self._read:
            self._read[path] = self.receipts.read(path)
        return self._read[path]

    def _path_of(self, uri: str, base: str, folder: Path) -> Path:
        if uri.startswith(_URN):
            kind, _, name = uri.removeprefix(_URN).partition(":")
            if kind in _URN_KINDS:
                return self.find(_URN_KINDS[kind], name)
        if ":" in uri:
            message = f"{base} imports {uri}, which is not a file"
            hint = "Nothing is fetched from a network: save the document beside the profile and import its path."
            raise ContentError(message, code="content.import", hint=hint)
        path = folder / uri
        if not path.is_file():
            message = f"{base} imports {uri}, and there is no such file"
            raise ContentError(message, code="content.import", hint=f"Looked for {path}.")
        return path
