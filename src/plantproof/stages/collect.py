# SPDX-License-Identifier: Apache-2.0
"""Collecting: ask the runner zone by zone, take secrets out, and hand one run to the locker. Judges nothing.

Until the locker's one commit nothing is written anywhere, so an interrupted run leaves no trace. What could not be
collected is named with its reason; a bad asset never costs a good one its evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import Clocks, CollectorId, Envelope, EvidenceItem, NotCollected, item_path
from plantproof.core.facts import RawSection, SectionState
from plantproof.core.instants import add_seconds, instant_text, parse_instant
from plantproof.core.plant import Asset, Plant, Zone
from plantproof.core.redaction import Redacted
from plantproof.errors import CollectionError, UsageError
from plantproof.parsers.sections import MarkedOutput, split_sections
from plantproof.ports.clock import Clock
from plantproof.ports.collecting import AssetOutput, CollectionJob, CollectorInfo, KindInfo, RunListener, Runner
from plantproof.ports.locker import CommittedRun, Locker
from plantproof.ports.redacting import SecretScan
from plantproof.stages.selecting import kinds_of

__all__ = ["CollectionReport", "Intake", "TakenIn", "asked_for", "collect", "run_id", "take_in"]

_HIDDEN = "(not shown: it may hold a secret)"
_SENTENCE = 500
_SHRUNK = 2
"""An item that is less than half of what it was is remarked upon: a truncated configuration passes for a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What turns a collector's text into items that may be stored."""

    collectors: Mapping[str, CollectorInfo]
    redact: Callable[[str, str], Redacted]
    """From kind and text; raises CollectionError for a kind without a redactor."""
    scan: SecretScan
    key_id: str
    """Id of the fingerprint key."""
    freshness: Mapping[str, int]
    """The workspace's own freshness in seconds per kind; wins over the collector's."""
    sizes: Mapping[str, int]
    """Size of each item that the locker already holds, by path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionReport:
    """What a run brought."""

    run: str
    committed: CommittedRun
    items: tuple[Envelope, ...]
    not_collected: tuple[NotCollected, ...]
    remarks: tuple[str, ...] = ()
    """What was odd about a collector's output and made no difference to what was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What one collector's output came to."""

    items: Sequence[EvidenceItem] = ()
    missing: Sequence[NotCollected] = ()
    remarks: Sequence[str] = ()


def collect(
    plant: Plant,
    jobs: Sequence[CollectionJob],
    *,
    intake: Intake,
    runner: Runner,
    locker: Locker,
    clock: Clock,
    listener: RunListener,
    ignore_windows: bool = False,
) -> CollectionReport:
    """Run the jobs and commit what came back as one signed run.

    Raises:
        CollectionError: the runner could start for no zone; nothing was stored.
        IntegrityError: the locker is not sound enough to be appended to.
    """
    started = instant_text(clock.now())
    run = run_id(started, jobs)
    items: list[EvidenceItem] = []
    missing: list[NotCollected] = []
    remarks: list[str] = []
    broken: CollectionError | None = None
    came = False
    listener.started(len(jobs))
    for zone_id, group in groupby(sorted(jobs, key=lambda job: job.asset.zone), key=lambda job: job.asset.zone):
        zone = plant.zones[zone_id]
        allowed = []
        for job in group:
            refusal = _refusal(zone, intake.collectors[job.collector], clock, ignore_windows=ignore_windows)
            if refusal:
                missing.append(NotCollected(zone=zone_id, asset=job.asset.id, kind=job.collector, reason=refusal))
                listener.job_finished(zone_id, job.asset.id, job.collector, refusal)
            else:
                allowed.append(job)
        if not allowed:
            continue
        try:
            outputs = runner.run(allowed, concurrency=zone.concurrency, listener=listener)
        except CollectionError as error:
            # Another zone's evidence is not lost for it; if there is none, the run as a whole did not take place.
            broken = broken or error
            missing += [_lost(job, job.collector, error.message) for job in allowed]
            continue
        came = True
        for output in outputs:
            taken = take_in(output, intake, run=run, received=instant_text(clock.now()))
            items += taken.items
            missing += taken.missing
            remarks += taken.remarks
    if broken is not None and not came:
        raise broken
    missing.sort(key=lambda item: (item.zone, item.asset, item.kind))
    committed = locker.commit_run(
        items,
        run=run,
        started=started,
        finished=instant_text(clock.now()),
        not_collected=missing,
        asked=asked_for(jobs, intake.collectors),
    )
    return CollectionReport(
        run=run,
        committed=committed,
        items=tuple(item.envelope for item in items),
        not_collected=tuple(missing),
        remarks=tuple(remarks),
    )


def asked_for(jobs: Iterable[CollectionJob], collectors: Mapping[str, CollectorInfo]) -> frozenset[tuple[str, str]]:
    """Each asset with each kind, and each collector's name, that the jobs ask for."""
    return frozenset(
        (job.asset.id, name)
        for job in jobs
        for name in (job.collector, *(kind.kind for kind in kinds_of(job.asset, collectors[job.collector])))
    )


def run_id(started: str, jobs: Sequence[CollectionJob]) -> str:
    """A run's name: when it began and what it was asked for."""
    names = "\n".join(f"{job.asset.id} {job.collector}" for job in jobs)
    digest = hashlib.sha256(names.encode()).hexdigest()
    return f"{started.replace('-', '').replace(':', '')}-{digest[:6]}"


def _refusal(zone: Zone, collector: CollectorInfo, clock: Clock, *, ignore_windows: bool) -> str:
    if collector.impact == "probe" and collector.protocol not in zone.probing:
        return f"zone {zone.id} does not allow probing by {collector.protocol}; its `probing` would have to name it"
    local = clock.local()
    if zone.windows and not ignore_windows and not any(window.holds(local) for window in zone.windows):
        windows = ", ".join(window.text for window in zone.windows)
        return f"outside the maintenance windows of zone {zone.id} ({windows}); it is {local:%a %H:%M} there"
    return ""


def take_in(output: AssetOutput, intake: Intake, *, run: str, received: str) -> TakenIn:
    """Turn what came back of one job into redacted items, and name what did not come.

    The same way for a run and for what an operator carried in on a stick.
    """
    job = output.job
    if output.error:
        return TakenIn(missing=[_lost(job, job.collector, output.error)])
    collector = intake.collectors[job.collector]
    expected = {kind.kind: kind for kind in kinds_of(job.asset, collector)}
    try:
        marked = split_sections(output.text, output.nonce)
    except CollectionError as error:
        return TakenIn(missing=[_lost(job, job.collector, error.message)])
    items: list[EvidenceItem] = []
    missing = [
        _lost(job, kind, "the collector's output does not hold it")
        for kind in expected
        if kind not in {section.kind for section in marked.sections}
    ]
    for section in marked.sections:
        result = _item(section, marked, output, expected, intake, run=run, received=received)
        if isinstance(result, NotCollected):
            missing.append(result)
        else:
            items.append(result)
    remarks = [f"{job.asset.id} {job.collector}: {problem}" for problem in marked.problems]
    return TakenIn(items=items, missing=missing, remarks=remarks)


def _item(
    section: RawSection,
    marked: MarkedOutput,
    output: AssetOutput,
    expected: Mapping[str, KindInfo],
    intake: Intake,
    *,
    run: str,
    received: str,
) -> EvidenceItem | NotCollected:
    job, kind = output.job, section.kind
    if kind not in expected:
        return _lost(job, kind, f"{job.collector} is not known to bring this from {job.asset.id}; it was not stored")
    if section.state is SectionState.NOT_COLLECTED:
        return _lost(job, kind, _words(section.reason, kind, intake) or "the collector gave no reason")
    try:
        redacted = intake.redact(kind, section.text)
    except CollectionError as error:
        return _lost(job, kind, error.message)
    path = item_path(job.asset.zone, job.asset.id, kind, expected[kind].media)
    suspicious = intake.scan(path, redacted.text)
    if suspicious:
        return _lost(job, kind, f"line {suspicious[0]} still looks like a secret after redaction; nothing was stored")
    content = redacted.text.encode()
    envelope = Envelope(
        path=path,
        sha256=sha256_hex(content),
        size=len(content),
        zone=job.asset.zone,
        asset=job.asset.id,
        kind=kind,
        collector=_collector_id(intake.collectors[job.collector]),
        clocks=_clocks(output, marked, expected[kind], intake, received),
        state=section.state,
        run=run,
        reason=_words(section.reason, kind, intake),
        notes=tuple(_notes(section, path, len(content), intake)),
        redactor=redacted.redactor,
        redactions=redacted.count,
        fingerprint_key=intake.key_id if redacted.count else "",
        simulated=job.asset.simulated,
    )
    return EvidenceItem(envelope=envelope, content=content)


def _notes(section: RawSection, path: str, size: int, intake: Intake) -> Iterator[str]:
    for note in section.notes:
        yield _words(note, section.kind, intake)
    before = intake.sizes.get(path, 0)
    if size * _SHRUNK < before:
        yield f"shrank from {before} to {size} bytes since the run before"


def _words(text: str, kind: str, intake: Intake) -> str:
    """A reason or note that came with a section: it goes into the locker, so it must not hold a secret either."""
    if not text:
        return text
    try:
        redacted = intake.redact(kind, text).text
    except CollectionError:
        return _HIDDEN
    return _HIDDEN if intake.scan(kind, redacted) else redacted[:_SENTENCE]


def _clocks(output: AssetOutput, marked: MarkedOutput, kind: KindInfo, intake: Intake, received: str) -> Clocks:
    seconds = intake.freshness.get(kind.kind, kind.freshness)
    return Clocks(
        observed=_observed(marked.clock),
        collected=output.collected,
        received=received,
        valid_until=add_seconds(output.collected, seconds),
    )


def _observed(clock: str | None) -> str | None:
    """The device's clock, if what it said is an instant."""
    try:
        return instant_text(parse_instant(clock)) if clock else None
    except (UsageError, OverflowError):
        return None


def _collector_id(collector: CollectorInfo) -> CollectorId:
    return CollectorId(name=collector.name, version=collector.version, digest=collector.digest)


def _lost(job: CollectionJob, kind: str, reason: str) -> NotCollected:
    asset: Asset = job.asset
    return NotCollected(zone=asset.zone, asset=asset.id, kind=kind, reason=reason)
