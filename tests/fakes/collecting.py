# SPDX-License-Identifier: Apache-2.0
"""A runner, a clock, a listener and a small plant for the collecting stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Plant, Zone
from plantproof.core.redaction import Redacted
from plantproof.core.windows import Window
from plantproof.errors import CollectionError
from plantproof.ports.collecting import AssetOutput, CollectionJob, CollectorInfo, KindInfo, RunListener
from plantproof.stages.collect import Intake

NONCE = "0123abcd"
MONDAY_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """Stands at one moment, and goes on by ``step`` seconds with each question for it."""

    def __init__(self, moment: datetime = MONDAY_NINE, *, zone: str = "UTC", step: int = 0) -> None:
        self.moment, self.zone, self.step = moment, ZoneInfo(zone), step

    def now(self) -> datetime:
        self.moment += timedelta(seconds=self.step)
        return self.moment

    def local(self) -> datetime:
        return self.moment.astimezone(self.zone)


class HeardListener:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []

    def started(self, jobs: int) -> None:
        self.heard.append(("started", str(jobs)))

    def job_started(self, zone: str, asset: str, collector: str) -> None:
        self.heard.append(("begun", zone, asset, collector))

    def job_finished(self, zone: str, asset: str, collector: str, error: str) -> None:
        self.heard.append(("ended", zone, asset, collector, error))


class FakeRunner:
    """Answers each job with a prepared text, or an error (a text that begins with ``!``)."""

    def __init__(self, answers: Mapping[str, str], *, broken: frozenset[str] = frozenset()) -> None:
        self.answers, self.broken = answers, broken
        self.calls: list[tuple[tuple[str, ...], int]] = []

    def run(self, jobs: Sequence[CollectionJob], *, concurrency: int, listener: RunListener) -> Sequence[AssetOutput]:
        self.calls.append((tuple(f"{job.asset.id}/{job.collector}" for job in jobs), concurrency))
        if jobs[0].asset.zone in self.broken:
            raise CollectionError("ansible is not there", code="collection.runner")
        return [output(job, self.answers.get(job.asset.id, "!nothing prepared")) for job in jobs]


class Interrupted:
    """A runner whose user loses patience."""

    def run(self, jobs: Sequence[CollectionJob], *, concurrency: int, listener: RunListener) -> Sequence[AssetOutput]:
        raise KeyboardInterrupt


def output(job: CollectionJob, text: str, *, nonce: str | None = NONCE) -> AssetOutput:
    error = text[1:] if text.startswith("!") else ""
    return AssetOutput(
        job=job,
        text="" if error else text,
        collected="2026-11-23T08:59:58Z",
        nonce=nonce,
        seconds=1.0,
        error=error,
    )


def marked(*sections: tuple[str, str] | tuple[str, str, str], clock: str = "2026-11-23T08:59:00Z", nonce: str = NONCE, collector: str = "linux_host") -> str:  # fmt: skip
    """Marked text: (kind, content) or (kind, content, end)."""
    lines = [f"#plantproof {nonce} header collector={collector} version=1" + (f" clock={clock}" if clock else "")]
    for kind, content, *end in sections:
        lines += [f"#plantproof {nonce} begin {kind}", *content.splitlines()]
        lines += [f"#plantproof {nonce} end {kind} {end[0] if end else 'ok'}"]
    return "\n".join([*lines, f"#plantproof {nonce} done", ""])


def make_collector(name: str = "linux_host", kinds: Sequence[str] = ("linux.host", "linux.sshd"), *, impact: str = "login", protocol: str = "ssh", platforms: Mapping[str, str] | None = None, media: str = "txt") -> CollectorInfo:  # fmt: skip
    return CollectorInfo(
        name=name,
        version="1",
        digest="d" * 64,
        title=name,
        impact=impact,
        protocol=protocol,
        kinds={
            kind: KindInfo(
                kind=kind,
                title=kind,
                media=media,
                freshness=86_400,
                sensitivity="internal",
                commands=(f"read {kind}", f"look at {kind}"),
                platform=(platforms or {}).get(kind, ""),
            )
            for kind in kinds
        },
    )


def make_asset(name: str, zone: str = "cell", collectors: Sequence[str] = ("linux_host",), platform: str = "", *, simulated: bool = False) -> Asset:  # fmt: skip
    return Asset(id=name, zone=zone, collectors=tuple(collectors), platform=platform, simulated=simulated, variables={})


def make_plant(*assets: Asset, windows: Mapping[str, str] | None = None, concurrency: int = 1) -> Plant:
    zones = {
        zone: Zone(
            id=zone,
            title=zone,
            sl_t=SLVector.uniform(1),
            concurrency=concurrency,
            windows=tuple(Window.parse(text) for text in [(windows or {}).get(zone, "")] if text),
            probing=frozenset({"modbus"}) if zone == "probed" else frozenset(),
        )
        for zone in sorted({asset.zone for asset in assets})
    }
    return Plant(name="p", owner="o", zones=zones, conduits={}, assets={asset.id: asset for asset in assets})


def redact_word(kind: str, text: str) -> Redacted:
    """Takes out the word ``hunter2``; knows no kind that begins with ``odd.``."""
    if kind.startswith("odd."):
        raise CollectionError(f"{kind} has no redactor", code="collection.no-redactor")
    return Redacted(text=text.replace("hunter2", "<redacted>"), count=text.count("hunter2"), redactor="fake/1")


def scan_word(path: str, text: str) -> tuple[int, ...]:
    return tuple(number for number, line in enumerate(text.split("\n"), 1) if "overlooked" in line)


def make_intake(*collectors: CollectorInfo, sizes: Mapping[str, int] | None = None, freshness: Mapping[str, int] | None = None, redact: Callable[[str, str], Redacted] = redact_word) -> Intake:  # fmt: skip
    infos = collectors or (make_collector(),)
    return Intake(
        collectors={info.name: info for info in infos},
        redact=redact,
        scan=scan_word,
        key_id="abcdef01",
        freshness=freshness or {},
        sizes=sizes or {},
    )
