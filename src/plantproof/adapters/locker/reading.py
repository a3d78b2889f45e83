# SPDX-License-Identifier: Apache-2.0
"""Reading the locker at one commit; every digest is checked on the way. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from plantproof.adapters.locker.envelopes import decode_envelope, envelope_path
from plantproof.adapters.locker.manifests import MANIFEST, decode_manifest
from plantproof.adapters.locker.messages import read_message
from plantproof.adapters.locker.objects import File, Objects, Trees, parse_commit
from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import EvidenceItem
from plantproof.errors import IntegrityError, Location
from plantproof.ports.locker import LockerLogEntry, StoredItem

__all__ = ["instants", "read_items", "read_log", "read_manifest"]

_HINT = "Run `plantproof evidence verify`."


def read_manifest(objects: Objects, commit: str) -> bytes:
    """The bytes of a commit's manifest.

    Raises:
        IntegrityError: it is missing or damaged.
    """
    loaded = objects.one(f"{commit}:{MANIFEST}")
    if loaded.kind != "blob":
        raise _unsound("the manifest", loaded.kind, f"{commit[:12]}:{MANIFEST}")
    return loaded.data


def read_items(repository: Repository, commit: str) -> Mapping[str, StoredItem]:
    """All items at a commit by path, with the manifest's clocks and run in their envelopes.

    Raises:
        IntegrityError: an item is missing or its bytes are not those that the manifest promises.
        ContentError: the manifest or an envelope has a version that this release does not read.
    """
    with Objects.of(repository) as objects:
        files = _files(objects, commit)
        manifest = decode_manifest(read_manifest(objects, commit), f"{commit[:12]}:{MANIFEST}")
        promised = [
            pair
            for entry in manifest.entries
            for pair in ((entry.path, entry.sha256), (envelope_path(entry.path), entry.envelope_sha256))
        ]
        contents = list(_contents(objects, commit, files, promised))
    found: dict[str, StoredItem] = {}
    for entry, content, envelope in zip(manifest.entries, contents[::2], contents[1::2], strict=True):
        place = f"{commit[:12]}:{envelope_path(entry.path)}"
        known = decode_envelope(envelope, place)
        if (known.path, known.sha256) != (entry.path, entry.sha256):
            raise _unsound("the envelope", "of another item", place)
        known = replace(known, clocks=entry.clocks, run=entry.run)
        found[entry.path] = StoredItem(item=EvidenceItem(envelope=known, content=content), commit=commit)
    return found


def _files(objects: Objects, commit: str) -> Mapping[str, File]:
    loaded = objects.one(commit)
    parsed = parse_commit(commit, loaded.data) if loaded.kind == "commit" else None
    if parsed is None:
        raise _unsound("the commit", loaded.kind, commit[:12])
    files, unread = Trees(objects).files(parsed.tree)
    if unread:
        raise _unsound("the folder", "damaged or missing", f"{commit[:12]}:{unread[0]}")
    return files


def _contents(
    objects: Objects, commit: str, files: Mapping[str, File], promised: list[tuple[str, str]]
) -> Iterator[bytes]:
    for path, _ in promised:
        if path not in files:
            raise _unsound("the item", "missing", f"{commit[:12]}:{path}")
    loaded = objects.load(files[path].id for path, _ in promised)
    for (path, digest), blob in zip(promised, loaded, strict=True):
        if blob.kind != "blob":
            raise _unsound("the item", blob.kind, f"{commit[:12]}:{path}")
        if sha256_hex(blob.data) != digest:
            raise _unsound("the item", "not what the manifest promises", f"{commit[:12]}:{path}")
        yield blob.data


def _unsound(what: str, how: str, place: str) -> IntegrityError:
    code = "integrity.missing" if how == "missing" else "integrity.digest"
    return IntegrityError(f"{what} is {how}", code=code, hint=_HINT, where=Location(file=place))


def read_log(repository: Repository, limit: int) -> list[LockerLogEntry]:
    """Runs from the tip back, at most so many (0: all), each with git's judgement of its signature."""
    count = (f"-{limit}",) if limit else ()
    output = repository.git("log", "-z", "--first-parent", *count, "--format=%H%x00%G?%x00%GS%x00%B", BRANCH)
    entries = []
    for commit, letter, signer, message in _records(output, 4):
        said = read_message(message)
        entries.append(
            LockerLogEntry(
                commit=commit,
                run=said["Run"],
                finished=said["Finished"],
                items=_number(said["Items"]),
                changed=_number(said["Changed"]),
                not_collected=_number(said["Not-collected"]),
                signature=letter,
                signer=signer,
            )
        )
    return entries


def instants(repository: Repository) -> Iterator[tuple[str, str]]:
    """Each commit from the tip back, and when its run finished; empty if its message does not say."""
    for commit, message in _records(repository.git("log", "-z", "--first-parent", "--format=%H%x00%B", BRANCH), 2):
        yield commit, read_message(message)["Finished"]


def _records(output: bytes, width: int) -> Iterator[tuple[str, ...]]:
    """What ``git log -z`` printed, in records of so many fields."""
    fields = output.decode(errors="replace").split("\0")[:-1]
    for _, record in groupby(enumerate(fields), key=lambda pair: pair[0] // width):
        yield tuple(text for _, text in record)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
