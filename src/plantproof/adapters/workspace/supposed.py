# SPDX-License-Identifier: Apache-2.0
"""A copy of a workspace's files that may be changed and thrown away: what if the plant were described otherwise.

Neither the workspace nor its locker is written to; the copy holds no evidence, no results and no keys.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from plantproof.adapters.documents import dump_yaml, parse_document, read_document
from plantproof.adapters.workspace.entries import nearest
from plantproof.adapters.workspace.load import Paths
from plantproof.core.levels import FR, SLVector
from plantproof.errors import Location, PlantproofError, SetupError, UsageError

__all__ = ["at_revision", "supposed"]

_PRIVATE: Final = (".git", ".plantproof", "licensed")
_SET: Final = re.compile(r"(zone|conduit|firewall)\.(?P<rest>[^=]+)=(?P<value>.*)", re.DOTALL)
_EXAMPLE: Final = "Write it as zone.cell-1.sl-t=3, zone.cell-1.sl-t.RA=2 or conduit.c1.trust-boundary=true."


@contextmanager
def supposed(paths: Paths, overlays: Sequence[Path] = (), sets: Sequence[str] = ()) -> Iterator[Path]:
    """A copy of the workspace with other files in place of its own, and single keys set; gone when the block ends.

    Args:
        paths: The workspace.
        overlays: Folders whose files take the place of the workspace's, and single files, which take the place of the
            one of the same name at the top, in plant/ or in attestations/.
        sets: Keys of zones, conduits and firewalls, as ``zone.cell-1.sl-t=3``.

    Raises:
        UsageError: an overlay is not there, or a key names nothing.
        PlantproofError: whatever happens in the block; places in the copy are told as those of the real files.
    """
    rewritten: set[Path] = set()
    sources = [*overlays, paths.root]
    with _copy(lambda folder: _copy_files(paths, folder)) as root, _real_places(root, sources, rewritten):
        for overlay in overlays:
            _overlay(root, overlay)
        for text in sets:
            rewritten.add(_set(root, text))
        yield root


@contextmanager
def at_revision(paths: Paths, revision: str) -> Iterator[Path]:
    """The workspace's files as they are in a revision of the git repository that holds it.

    Raises:
        UsageError: there is no such revision, or the workspace is in no repository.
        SetupError: git is not installed.
    """

    def unpack(folder: Path) -> None:
        command = ["git", "-C", str(paths.root), "archive", "--format=tar", revision]
        if revision.startswith("-"):
            raise UsageError(f"{revision!r} is not a revision", code="usage.bad-argument")
        try:
            done = subprocess.run(command, capture_output=True, check=False)
        except OSError as error:
            raise SetupError("git is not installed", code="environment.missing-program") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            message = f"git has no revision {revision} of {paths.root}: {said[-1] if said else 'no reason given'}"
            hint = "Name a commit, branch or tag of the repository that holds the workspace, such as main or HEAD~1."
            raise UsageError(message, code="usage.unknown-name", hint=hint)
        _unpack(done.stdout, folder)

    with _copy(unpack) as root, _real_places(root, [paths.root], note=f" (at {revision})"):
        yield root


def _unpack(content: bytes, folder: Path) -> None:
    """Write an archive's plain files; links and whatever leads out of the folder are left out.

    By hand, because the filters of ``extractall`` came only with Python 3.11.4.
    """
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            target = (folder / member.name).resolve()
            source = archive.extractfile(member) if member.isfile() else None
            if source is not None and target.is_relative_to(folder.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read())
                target.chmod(member.mode & 0o700)  # an inventory may be a program


@contextmanager
def _copy(fill: Callable[[Path], None]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plantproof-what-if-") as name:
        folder = Path(name) / "workspace"
        folder.mkdir()
        fill(folder)
        yield folder


def _copy_files(paths: Paths, folder: Path) -> None:
    left = {paths.locker.resolve(), paths.output.resolve(), *(paths.root.resolve() / name for name in _PRIVATE)}

    def skipped(at: str, names: list[str]) -> list[str]:
        return [name for name in names if (Path(at) / name).resolve() in left or not _is_plain(Path(at) / name)]

    try:
        shutil.copytree(paths.root, folder, ignore=skipped, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        where = Location(file=str(paths.root))
        raise SetupError(f"cannot be copied: {error}", code="environment.file", where=where) from error


def _is_plain(path: Path) -> bool:
    return path.is_file() or path.is_dir()


def _overlay(root: Path, overlay: Path) -> None:
    if overlay.is_dir():
        if not any(overlay.iterdir()):
            raise UsageError(f"{overlay} is empty", code="usage.bad-argument", hint="Put the changed files into it.")
        ignore = shutil.ignore_patterns(*_PRIVATE)
        shutil.copytree(overlay, root, ignore=ignore, dirs_exist_ok=True)
        return
    if not overlay.is_file():
        hint = "Name a changed file, or a folder laid out like the workspace."
        raise UsageError(f"there is no {overlay}", code="usage.unknown-name", hint=hint)
    places = [root / overlay.name, root / "plant" / overlay.name, root / "attestations" / overlay.name]
    there = [place for place in places if place.is_file()]
    if len(there) != 1:
        said = "several files" if there else "no file"
        hint = "Lay it out in a folder as in the workspace, such as changed/plant/zones.yml, and name the folder."
        raise UsageError(f"the workspace has {said} called {overlay.name}", code="usage.bad-argument", hint=hint)
    shutil.copyfile(overlay, there[0])


def _set(root: Path, text: str) -> Path:
    """Set one key in the copy; returns the file, whose lines are no longer those of the real one."""
    match = _SET.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} sets nothing", code="usage.bad-argument", hint=_EXAMPLE)
    part, value = f"{match[1]}s", _value(match["value"])
    known: list[str] = []
    for path in sorted((root / "plant").glob("*.y*ml")):
        data: Any = read_document(path).data
        entries = data.get(part)
        for entry in entries if isinstance(entries, list) else ():
            ident = entry.get("id") if isinstance(entry, dict) else None
            if not isinstance(ident, str):
                continue
            known.append(ident)
            # Ids may hold dots, so the id is not cut off at the first one.
            if match["rest"].startswith(f"{ident}."):
                _put(entry, match["rest"].removeprefix(f"{ident}.").replace("_", "-"), value, text)
                path.write_text(dump_yaml(data), encoding="utf-8")
                return path
    name = match["rest"].partition(".")[0]
    hint = f"{nearest(name, known)} {_EXAMPLE}".strip()
    raise UsageError(f"{text!r} names no {match[1]} of the plant", code="usage.unknown-name", hint=hint)


def _put(entry: dict[str, Any], key: str, value: object, text: str) -> None:
    head, _, fr = key.partition(".")
    if head == "sl-t" and fr:
        names = {name: one for one in FR for name in (one.name, f"FR{int(one)}")}
        if fr.upper() not in names:
            message = f"{text!r}: {fr!r} is not a foundational requirement"
            raise UsageError(message, code="usage.bad-argument", hint=nearest(fr.upper(), [one.name for one in FR]))
        levels = SLVector.from_value(entry.get("sl-t", 0))
        entry["sl-t"] = {**{one.name: levels[one] for one in FR}, names[fr.upper()].name: value}
    elif fr:
        raise UsageError(f"{text!r} sets a part of {head}", code="usage.bad-argument", hint=_EXAMPLE)
    elif value is None:
        entry.pop(head, None)
    else:
        entry[head] = value


def _value(text: str) -> object:
    try:
        return parse_document(f"value: {text}", name="--set", is_yaml=True).data["value"]
    except (PlantproofError, KeyError):
        hint = "The value is read as YAML: 3, true, safety, [1, 2, 3, 4, 3, 2, 1]."
        raise UsageError(f"{text!r} is not a value", code="usage.bad-argument", hint=hint) from None


@contextmanager
def _real_places(
    root: Path, sources: Sequence[Path], rewritten: Collection[Path] = (), note: str = ""
) -> Iterator[None]:
    """Tell errors by the files that people can open."""
    try:
        yield
    except PlantproofError as error:
        first, *rest = (_moved(one, root, sources, rewritten, note) for one in (error, *error.also))
        raise type(error)(first.message, code=first.code, hint=first.hint, where=first.where, also=rest) from None


def _moved(
    error: PlantproofError, root: Path, sources: Sequence[Path], rewritten: Collection[Path], note: str
) -> PlantproofError:
    where, message = error.where, error.message.replace(f"{root}/", "")
    if where is None or not Path(where.file).is_relative_to(root):
        return type(error)(message, code=error.code, hint=error.hint, where=where)
    inside = Path(where.file).relative_to(root)
    found = next(
        (one for source in sources for one in (source / inside, source) if one.is_file()), sources[-1] / inside
    )
    line = None if Path(where.file) in rewritten else where.line
    place = Location(file=f"{found}{note}", line=line, pointer=where.pointer)
    return type(error)(message, code=error.code, hint=error.hint, where=place)
