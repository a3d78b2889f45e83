# SPDX-License-Identifier: Apache-2.0
"""What a run changes: which files are written, which go, and what the next manifest says. Touches no repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plantproof.adapters.locker.envelopes import description_sha256, envelope_path
from plantproof.adapters.locker.manifests import MANIFEST
from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import EvidenceItem, ManifestEntry, item_path
from plantproof.errors import IntegrityError, Location

__all__ = ["Plan", "plan_run"]

_MEDIA = ("txt", "json")
_DEPTH = 3
"""zone, asset, file"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The difference that a run makes."""

    contents: tuple[EvidenceItem, ...]
    """Items whose content is new or changed."""
    envelopes: tuple[EvidenceItem, ...]
    """Items whose envelope is written anew."""
    kept: Mapping[str, ManifestEntry] = field(repr=False)
    """Entries of the manifest that stay or only get fresh clocks, by path."""
    described: Mapping[str, str] = field(repr=False)
    """Digest of the description of each item in ``envelopes``, by path."""
    gone: tuple[str, ...]
    """Paths that this run replaces: the same kind in another medium."""
    added: int
    changed: int
    unchanged: int


def plan_run(items: Sequence[EvidenceItem], old: Mapping[str, ManifestEntry], run: str) -> Plan:
    """Compare a run's items with what the locker holds.

    Args:
        items: What the run brought.
        old: The manifest's entries before it, by path.
        run: The run's id.

    Raises:
        IntegrityError: an item cannot be stored as it is; nothing may be stored then.
    """
    kept = dict(old)
    described: dict[str, str] = {}
    contents, envelopes, gone = [], [], []
    added = 0
    for item in _checked(items, run):
        envelope = item.envelope
        before = old.get(envelope.path)
        digest = description_sha256(envelope)
        if before is not None and before.described == digest:
            kept[envelope.path] = ManifestEntry(
                path=envelope.path,
                sha256=before.sha256,
                envelope_sha256=before.envelope_sha256,
                clocks=envelope.clocks,
                run=run,
                described=digest,
            )
            continue
        described[envelope.path] = digest
        envelopes.append(item)
        added += before is None
        if before is None or before.sha256 != envelope.sha256:
            contents.append(item)
        gone += [path for path in _other_media(envelope.path) if kept.pop(path, None)]
    return Plan(
        contents=tuple(contents),
        envelopes=tuple(envelopes),
        kept=kept,
        described=described,
        gone=tuple(gone),
        added=added,
        changed=len(envelopes) - added,
        unchanged=len(items) - len(envelopes),
    )


def _other_media(path: str) -> list[str]:
    stem, _, media = path.rpartition(".")
    return [f"{stem}.{other}" for other in _MEDIA if other != media]


def _checked(items: Sequence[EvidenceItem], run: str) -> Sequence[EvidenceItem]:
    """The items, each fit to be stored, no two in one place."""
    if not run.isprintable() or not run:
        raise _unfit("run", f"{run!r} is not a run's id: it must be one line of printable characters")
    seen: set[str] = set()
    for item in items:
        _check(item)
        place = envelope_path(item.envelope.path)
        if place in seen:
            raise _unfit(item.envelope.path, "comes twice in one run")
        seen.add(place)
    return items


def _check(item: EvidenceItem) -> None:
    envelope = item.envelope
    path, parts = envelope.path, envelope.path.split("/")
    if not path.isprintable() or any(character in path for character in '"\\'):
        raise _unfit(path, "has a character that a path in the locker must not have")
    if len(parts) != _DEPTH or any(not _is_name(part) for part in parts) or parts[0] == MANIFEST:
        raise _unfit(path, "is not a path of the form zone/asset/kind.txt")
    if path not in {item_path(envelope.zone, envelope.asset, envelope.kind, media) for media in _MEDIA}:
        raise _unfit(path, f"is not the path of {envelope.kind} of {envelope.asset} in {envelope.zone}")
    if envelope.kind.endswith(".envelope"):
        raise _unfit(path, "would take the place of another item's envelope")
    if envelope.size != len(item.content) or envelope.sha256 != sha256_hex(item.content):
        message = "the item's bytes are not those that its envelope describes"
        raise IntegrityError(message, code="integrity.digest", where=Location(file=path))


def _is_name(part: str) -> bool:
    """Whether git and every file system take it as the name of a file or folder."""
    return part not in {"", ".", ".."} and not part.lower().startswith(".git") and "git~" not in part.lower()


def _unfit(path: str, what: str) -> IntegrityError:
    hint = "Nothing was stored."
    return IntegrityError(what, code="integrity.locker", hint=hint, where=Location(file=path))
