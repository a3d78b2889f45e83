# SPDX-License-Identifier: Apache-2.0
"""Made-up evidence items, and a locker in memory that keeps the port's promises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import (
    Clocks,
    CollectorId,
    Envelope,
    EvidenceItem,
    ManifestEntry,
    NotCollected,
    RunManifest,
    still_missing,
)
from plantproof.core.facts import SectionState
from plantproof.errors import IntegrityError
from plantproof.ports.locker import CommittedRun, Defect, LockerLogEntry, StoredItem

DAYS = [f"2026-11-{day:02d}T06:00:00Z" for day in range(1, 31)]


def make_item(path: str, content: bytes, day: int = 0, **changes: object) -> EvidenceItem:
    zone, asset, name = path.split("/")
    clocks = Clocks(observed=DAYS[day], collected=DAYS[day], received=DAYS[day], valid_until=DAYS[(day + 7) % 30])
    envelope = Envelope(
        path=path,
        sha256=sha256_hex(content),
        size=len(content),
        zone=zone,
        asset=asset,
        kind=name.rpartition(".")[0],
        collector=CollectorId(name="linux_host", version="1", digest="d" * 64),
        clocks=clocks,
        state=SectionState.COMPLETE,
        run=f"run-{day}",
        redactor="test/1",
    )
    return EvidenceItem(envelope=replace(envelope, **changes), content=content)  # type: ignore[arg-type]  # test data


class FakeLocker:
    """Implements the Locker port in memory."""

    def __init__(self) -> None:
        self.runs: list[tuple[RunManifest, dict[str, EvidenceItem], int, int]] = []

    def head(self) -> str:
        return f"{len(self.runs):040x}" if self.runs else ""

    def commit_run(
        self,
        items: Sequence[EvidenceItem],
        *,
        run: str,
        started: str,
        finished: str,
        not_collected: Sequence[NotCollected],
        asked: Collection[tuple[str, str]] = (),
    ) -> CommittedRun:
        before = dict(self.runs[-1][1]) if self.runs else {}
        places = [item.envelope.path.rpartition(".")[0] for item in items]
        if len(set(places)) < len(places):
            raise IntegrityError("an item comes twice in one run", code="integrity.locker")
        for item in items:
            if (item.envelope.sha256, item.envelope.size) != (sha256_hex(item.content), len(item.content)):
                raise IntegrityError("bytes are not those that the envelope describes", code="integrity.digest")
        added = sum(1 for item in items if item.envelope.path not in before)
        changed = sum(
            1
            for item in items
            if (old := before.get(item.envelope.path))
            and replace(old.envelope, clocks=item.envelope.clocks, run=item.envelope.run) != item.envelope
        )
        stay = {path: item for path, item in before.items() if path.rpartition(".")[0] not in places}
        now = stay | {item.envelope.path: item for item in items}
        entries = tuple(
            ManifestEntry(
                path=path,
                sha256=item.envelope.sha256,
                envelope_sha256="",
                clocks=item.envelope.clocks,
                run=item.envelope.run,
            )
            for path, item in sorted(now.items())
        )
        manifest = RunManifest(
            run=run,
            started=started,
            finished=finished,
            previous="",
            tool="fake",
            entries=entries,
            not_collected=still_missing(self.manifest(), items, not_collected, asked=asked, run=run),
        )
        self.runs.append((manifest, now, len(items), added + changed))
        return CommittedRun(
            commit=self.head(), run=run, added=added, changed=changed, unchanged=len(items) - added - changed
        )

    def _at(self, commit: str) -> int:
        return int(commit or self.head() or "0", 16) - 1

    def manifest(self, commit: str = "") -> RunManifest | None:
        return self.runs[self._at(commit)][0] if self.runs else None

    def items(self, commit: str = "") -> Mapping[str, StoredItem]:
        if not self.runs:
            return {}
        found = self.runs[self._at(commit)][1]
        return {path: StoredItem(item=found[path], commit=commit or self.head()) for path in sorted(found)}

    def log(self, limit: int = 0) -> Sequence[LockerLogEntry]:
        entries = [
            LockerLogEntry(
                commit=f"{number + 1:040x}",
                run=manifest.run,
                finished=manifest.finished,
                items=items,
                changed=changed,
                not_collected=sum(item.run == manifest.run for item in manifest.not_collected),
                signature="G",
                signer="fake",
            )
            for number, (manifest, _, items, changed) in enumerate(self.runs)
        ][::-1]
        return entries[:limit] if limit else entries

    def verify(self) -> Sequence[Defect]:
        return ()

    def commit_at(self, instant: str) -> str:
        found = [n for n, (manifest, *_) in enumerate(self.runs) if manifest.finished <= instant]
        return f"{found[-1] + 1:040x}" if found else ""
