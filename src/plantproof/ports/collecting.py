# SPDX-License-Identifier: Apache-2.0
"""Running collectors on assets, and hearing how it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from plantproof.core.plant import Asset

__all__ = [
    "AssetOutput",
    "CollectionJob",
    "CollectorInfo",
    "KindInfo",
    "PlannedCommand",
    "RunListener",
    "Runner",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindInfo:
    """What a collector's ``meta/evidence.yml`` says of one kind."""

    kind: str
    title: str
    media: str
    """``txt`` or ``json``."""
    freshness: int
    """Seconds for which an item proves something."""
    sensitivity: str
    commands: tuple[str, ...]
    """Each command or protocol request that is used for it, as a person would type it."""
    platform: str = ""
    """For device collectors, the platform that has the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorInfo:
    """A collector as its role describes itself."""

    name: str
    version: str
    digest: str
    title: str
    impact: str
    """OT impact class: ``none``, ``login``, ``probe``."""
    protocol: str
    """``ssh``, ``local``, ``opcua``, ``modbus``."""
    kinds: Mapping[str, KindInfo]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionJob:
    """One collector on one asset."""

    asset: Asset
    collector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCommand:
    """A line of the dry run."""

    zone: str
    asset: str
    collector: str
    kind: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetOutput:
    """What came back of one job: marked text (see ``parsers.sections``), or why nothing did."""

    job: CollectionJob
    text: str = field(repr=False)
    collected: str
    """Instant at which our machine had it; for output carried by hand, what the device's clock said."""
    nonce: str | None
    """The nonce that its marks must carry; None to take the header's, for output made by hand."""
    seconds: float
    error: str = ""
    """Empty if the collector ran; else what went wrong, without secrets."""


class RunListener(Protocol):
    """Hears of progress; shows it or not."""

    def started(self, jobs: int) -> None:
        """The run begins with so many jobs."""
        ...

    def job_started(self, zone: str, asset: str, collector: str) -> None:
        """One job begins."""
        ...

    def job_finished(self, zone: str, asset: str, collector: str, error: str) -> None:
        """One job ended; ``error`` is empty if it went well."""
        ...


class Runner(Protocol):
    """Runs jobs of one zone, at most ``concurrency`` at once; one bad asset never costs another's output."""

    def run(self, jobs: Sequence[CollectionJob], *, concurrency: int, listener: RunListener) -> Sequence[AssetOutput]:
        """Run them all and return one output per job, in the order of the jobs.

        Raises CollectionError (``collection.runner``) if the run could not start; KeyboardInterrupt passes through
        after every child process has ended.
        """
        ...
