# SPDX-License-Identifier: Apache-2.0
"""Evidence items, their envelopes, and the manifest of a run: what the locker holds, and what proves it whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from plantproof.core.facts import SectionState

__all__ = [
    "REACH",
    "Clocks",
    "CollectorId",
    "Envelope",
    "EvidenceItem",
    "ManifestEntry",
    "NotCollected",
    "RunManifest",
    "item_path",
    "still_missing",
]

REACH = "plant.reach"
"""The kind of what is reckoned from all firewalls' configurations and not collected: who reaches whom."""
ENVELOPE_SCHEMA = "urn:plantproof:envelope:1"
MANIFEST_SCHEMA = "urn:plantproof:manifest:1"


def item_path(zone: str, asset: str, kind: str, media: str = "txt") -> str:
    """Path of an item in the locker: ``<zone>/<asset>/<kind>.<txt|json>``."""
    return f"{zone}/{asset}/{kind}.{media}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The four clocks of an item, each an instant as text (UTC, ``Z``)."""

    observed: str | None
    """What the device's own clock said; None if it did not say."""
    collected: str
    """When our machine read it."""
    received: str
    """When it reached the locker; later than collected if it was carried on a stick."""
    valid_until: str
    """When it becomes stale: collected plus the kind's freshness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorId:
    """Which collector read the item."""

    name: str
    version: str
    digest: str
    """SHA-256 of the script or module that ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Metadata of one item: an in-toto Statement (v1) whose predicate holds these fields."""

    path: str
    sha256: str
    size: int
    zone: str
    asset: str
    kind: str
    collector: CollectorId
    clocks: Clocks
    state: SectionState
    run: str
    reason: str = ""
    notes: tuple[str, ...] = ()
    redactor: str = ""
    """``name/version`` of the redactor that the text went through."""
    redactions: int = 0
    fingerprint_key: str = ""
    """Id of the key of the fingerprints in the text (first 8 hex digits of its SHA-256)."""
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """Redacted text with its envelope: what goes into the locker."""

    envelope: Envelope
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCollected:
    """One thing that a run was asked to bring and did not."""

    zone: str
    asset: str
    kind: str
    """A kind, or a collector's name when nothing at all came back."""
    reason: str
    run: str = ""
    """The run that was asked last; empty while that run is still under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One item as the locker holds it after a run.

    The envelope beside an item is written when its content changes; the clocks here are those of the latest run that
    read it, so that a run that finds nothing new changes one file.
    """

    path: str
    sha256: str
    envelope_sha256: str
    clocks: Clocks
    run: str
    """The latest run that read the item."""
    described: str = ""
    """SHA-256 of all that the envelope says but for clocks and run: whether it still holds is seen without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunManifest:
    """Everything that the locker holds after one run, and the digest of the manifest before it."""

    run: str
    started: str
    finished: str
    previous: str
    """SHA-256 of the previous commit's ``manifest.json``; empty for the first run."""
    tool: str
    entries: tuple[ManifestEntry, ...]
    """Sorted by path; all items, not only this run's."""
    not_collected: tuple[NotCollected, ...] = ()
    """What could not be brought when it was last asked for, by this run or an earlier one that named it."""


def still_missing(
    last: RunManifest | None,
    items: Sequence[EvidenceItem],
    missing: Sequence[NotCollected],
    *,
    asked: Collection[tuple[str, str]],
    run: str,
) -> tuple[NotCollected, ...]:
    """What is missing after a run, sorted: its own, and what earlier runs missed and this one did not ask for.

    A run of one zone says nothing about the others: what could not be brought there is still missing.

    Args:
        last: The manifest before the run.
        items: What the run brought.
        missing: What it could not bring.
        asked: Each asset with each kind and each collector's name that it asked for.
        run: The run's id.
    """
    own = [replace(item, run=run) for item in missing]
    answered = {*asked, *((item.asset, item.kind) for item in own)}
    answered.update((item.envelope.asset, item.envelope.kind) for item in items)
    before = last.not_collected if last else ()
    kept = [
        replace(item, run=item.run or last.run) for item in before if last and (item.asset, item.kind) not in answered
    ]
    return tuple(sorted([*own, *kept], key=lambda item: (item.zone, item.asset, item.kind)))
