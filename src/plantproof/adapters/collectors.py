# SPDX-License-Identifier: Apache-2.0
"""Collectors as their roles describe themselves in ``meta/evidence.yml``. Runs nothing.

A collector's digest covers every file of its role and of the modules that the role uses, so that evidence can name
exactly what read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from plantproof.adapters.content import COLLECTORS, Content
from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.settings import seconds_of
from plantproof.core.canonical import sha256_hex
from plantproof.errors import ContentError
from plantproof.ports.collecting import CollectorInfo, KindInfo

__all__ = ["COLLECTION", "EVIDENCE", "read_collectors", "role_folders"]

COLLECTION: Final = "plantproof.ot"
EVIDENCE: Final = "meta/evidence.yml"
SCHEMA: Final = 1

_IMPACTS: Final = ("none", "login", "probe")
_MEDIA: Final = ("txt", "json")
_MODULE: Final = re.compile(rf"^\s*(?:-\s+)?{re.escape(COLLECTION)}\.(\w+):", re.MULTILINE)
_SHARED: Final = re.compile(r"plugins\.module_utils(?:\.(\w+))?(?:\s+import\s+(\([^)]*\)|[^\n]*))?")


def role_folders(content: Content) -> Mapping[str, Path]:
    """The role of each collector by name, sorted; the workspace's own win over the shipped."""
    found: dict[str, Path] = {}
    for folder in content.folders(COLLECTORS):
        for path in sorted(folder.glob(f"roles/*/{EVIDENCE}")):
            found.setdefault(path.parents[1].name, path.parents[1])
    return dict(sorted(found.items()))


def read_collectors(content: Content) -> Mapping[str, CollectorInfo]:
    """Every collector at hand by name.

    Raises:
        ContentError: a role's ``meta/evidence.yml`` is not what it should be, with file and line.
    """
    plugins = [folder / "plugins" for folder in content.folders(COLLECTORS)]
    return MappingProxyType(
        {name: _collector(content.read(role / EVIDENCE), role, plugins) for name, role in role_folders(content).items()}
    )


def _collector(document: Document, role: Path, plugins: list[Path]) -> CollectorInfo:
    top = _Map(document, "", document.data)
    if document.data.get("schema") != SCHEMA:
        raise top.bad("schema", f"the schema must be {SCHEMA}", code="content.version")
    name = top.text("collector")
    if name != role.name:
        raise top.bad("collector", f"the collector is called {name!r}, but its role {role.name!r}")
    kinds = top.child("kinds")
    return CollectorInfo(
        name=name,
        version=top.text("version"),
        digest=_digest(role, plugins),
        title=top.text("title"),
        impact=top.text("impact", _IMPACTS),
        protocol=top.text("protocol"),
        kinds=MappingProxyType({kind: _kind(kind, kinds.child(kind)) for kind in kinds.data}),
    )


def _kind(name: str, entry: _Map) -> KindInfo:
    freshness = seconds_of(entry.data.get("freshness"))
    if freshness is None:
        raise entry.bad("freshness", "freshness must be a span of time such as 12h or 7d")
    return KindInfo(
        kind=name,
        title=entry.text("title"),
        media=entry.text("media", _MEDIA),
        freshness=freshness,
        sensitivity=entry.text("sensitivity"),
        commands=(*entry.texts("commands"), *(f"cat {path}" for path in entry.texts("files"))),
        platform=entry.text("platform") if "platform" in entry.data else "",
    )


class _Map:
    """One map of an evidence file, read key by key; the first thing wrong ends it."""

    def __init__(self, document: Document, pointer: str, data: Mapping[str, object]) -> None:
        self._document, self._pointer, self.data = document, pointer, data

    def bad(self, key: str, message: str, *, code: str = "content.schema") -> ContentError:
        where = self._document.locate(f"{self._pointer}/{key.replace('~', '~0').replace('/', '~1')}")
        hint = "`collectors/README.md` says what a collector's meta/evidence.yml holds."
        return ContentError(message, code=code, hint=hint, where=where)

    def text(self, key: str, allowed: tuple[str, ...] = ()) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not value:
            raise self.bad(key, f"{key} must be a text")
        if allowed and value not in allowed:
            raise self.bad(key, f"{key} is {value!r}; it may be {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(key, f"{key} must be a list of texts")
        return tuple(value)

    def child(self, key: str) -> _Map:
        value = self.data.get(key)
        if not isinstance(value, Mapping):
            raise self.bad(key, f"{key} must be a map")
        return _Map(self._document, f"{self._pointer}/{key}", value)


def _digest(role: Path, plugins: list[Path]) -> str:
    files = {f"role/{path.relative_to(role).as_posix()}": path for path in _files(role)}
    tasks = "\n".join(path.read_text(encoding="utf-8") for path in _files(role) if path.suffix in {".yml", ".yaml"})
    pending = [f"modules/{name}.py" for name in _MODULE.findall(tasks)]
    while pending:
        name = pending.pop()
        found = next((folder / name for folder in plugins if (folder / name).is_file()), None)
        if found is not None and name not in files:
            files[name] = found
            pending += (f"module_utils/{shared}.py" for shared in _shared(found.read_text(encoding="utf-8")))
    listed = "".join(f"{sha256_hex(path.read_bytes())}  {name}\n" for name, path in sorted(files.items()))
    return sha256_hex(listed.encode())


def _shared(source: str) -> Iterator[str]:
    """Names of the modules of module_utils that a source file imports; too many do no harm."""
    for module, names in _SHARED.findall(source):
        yield from [module] if module else re.findall(r"\w+", names)


def _files(role: Path) -> Iterator[Path]:
    return (path for path in sorted(role.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
