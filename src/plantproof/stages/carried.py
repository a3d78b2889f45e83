# SPDX-License-Identifier: Apache-2.0
"""Evidence that somebody collected by hand and carried here: taken in the way a run's is, as one commit."""

from __future__ import annotations

from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.plant import Asset
from plantproof.errors import CollectionError, UsageError
from plantproof.parsers.sections import split_sections
from plantproof.ports.clock import Clock
from plantproof.ports.collecting import AssetOutput, CollectionJob
from plantproof.ports.locker import Locker
from plantproof.stages.collect import CollectionReport, Intake, asked_for, run_id, take_in

__all__ = ["add_carried"]


def add_carried(
    asset: Asset, text: str, *, modified: str, intake: Intake, locker: Locker, clock: Clock
) -> CollectionReport:
    """Take a collector's output in, for one asset.

    It counts as collected when the device's clock said so; if the device has none, or one that runs ahead of ours, when
    the file was last written, and never later than now.

    Args:
        asset: Where it was collected.
        text: The collector's output, with its marks.
        modified: When the file was last written, as text.
        intake: What turns text into items.
        locker: Where they go.
        clock: Tells when they are received.

    Raises:
        CollectionError: it is not a collector's output, or nothing in it can be stored; nothing was stored then.
        IntegrityError: the locker is not sound enough to be appended to.
    """
    received = instant_text(clock.now())
    marked = split_sections(text)
    if marked.collector not in intake.collectors:
        known = ", ".join(sorted(intake.collectors))
        message = f"the output says that collector {marked.collector!r} made it, and there is none"
        raise CollectionError(message, code="collection.format", hint=f"Known: {known}.")
    job = CollectionJob(asset=asset, collector=marked.collector)
    output = AssetOutput(
        job=job, text=text, collected=_collected(marked.clock, modified, received), nonce=None, seconds=0.0
    )
    run = run_id(received, (job,))
    taken = take_in(output, intake, run=run, received=received)
    missing = sorted(taken.missing, key=lambda item: item.kind)
    if not taken.items:
        reasons = [CollectionError(f"{m.kind}: {m.reason}", code="collection.incomplete") for m in missing]
        message = f"nothing in it can be stored as evidence of {asset.id}"
        hint = "Nothing was stored."
        raise CollectionError(message, code="collection.incomplete", hint=hint, also=reasons)
    committed = locker.commit_run(
        taken.items,
        run=run,
        started=received,
        finished=instant_text(clock.now()),
        not_collected=missing,
        asked=asked_for([job], intake.collectors),
    )
    return CollectionReport(
        run=run,
        committed=committed,
        items=tuple(item.envelope for item in taken.items),
        not_collected=tuple(missing),
        remarks=tuple(taken.remarks),
    )


def _collected(said: str | None, modified: str, received: str) -> str:
    """Instants as text sort as text."""
    try:
        clock = instant_text(parse_instant(said)) if said else ""
    except (UsageError, OverflowError):
        clock = ""
    return clock if clock and clock <= received else min(modified, received)
