# SPDX-License-Identifier: Apache-2.0
"""Writing runs into the locker, against a work tree with ``git add -A && git commit`` and against bare fast-import.

Usage: ``python benchmarks/locker.py [ITEMS]``. Day 0 brings ITEMS new items of about 2 kB (default 1,000), each later
day brings all of them with 1 % changed. All ways write the same items; the locker's also has envelopes, a manifest with
fresh clocks, and a signature. Days are interleaved and medians compared. Prints ratios; absolute times depend on the
machine. ``verify`` and ``items`` are timed at the end.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fakes.evidence import make_item
from fakes.lockers import make_locker, make_signer
from plantproof.adapters.locker import GitLocker
from plantproof.core.evidence import EvidenceItem

LATER_DAYS = 9


def git(folder: Path, *arguments: str, data: bytes = b"") -> None:
    command = ["git", "-c", "gc.auto=0", "-c", "core.fsync=committed", "-c", "fastimport.unpackLimit=1", *arguments]
    subprocess.run(command, cwd=folder, input=data, check=True, capture_output=True)


def empty_repository(folder: Path, key: Path) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for setting in ("user.name=x", "user.email=x@example.org", "gpg.format=ssh", f"user.signingKey={key}"):
        git(folder, "config", *setting.split("=", 1))
    return folder


def body(number: int, version: int) -> bytes:
    source = random.Random(number * 1_000_003 + version)
    return "\n".join(f"{source.getrandbits(96):x} {source.getrandbits(160):x}" for _ in range(30)).encode() + b"\n"


def add_and_commit(folder: Path, items: list[EvidenceItem], *, sign: bool) -> None:
    for item in items:
        path = folder / item.envelope.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(item.content)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "day", *(("-S",) if sign else ()))


def fast_import(folder: Path, items: list[EvidenceItem], held: dict[str, str]) -> None:
    parts = [b"commit refs/heads/main\ncommitter x <x> 0 +0000\ndata 0\n"]
    if held:
        parts.append(b"from refs/heads/main^0\n")
    for item in items:
        if held.get(item.envelope.path) != item.envelope.sha256:
            held[item.envelope.path] = item.envelope.sha256
            parts.append(f"M 100644 inline {item.envelope.path}\ndata {len(item.content)}\n".encode())
            parts += [item.content, b"\n"]
    git(folder, "fast-import", "--quiet", data=b"".join(parts))


def commit(locker: GitLocker, items: list[EvidenceItem], day: int, at: str) -> None:
    locker.commit_run(items, run=f"run-{day}", started=at, finished=at, not_collected=[])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        key = make_signer(root / "ours").key
        ours, bare = make_locker(root / "ours"), make_locker(root / "bare", bare=True)
        plain, signed, floor = (empty_repository(root / kind, key) for kind in ("plain", "signed", "floor"))
        held: dict[str, str] = {}
        versions = [0] * count
        times: dict[str, list[float]] = {}

        for day in range(LATER_DAYS + 1):
            if day:
                for number in chance.sample(range(count), max(1, count // 100)):
                    versions[number] += 1
            items = [
                make_item(f"zone-{number // 100}/asset-{number // 10}/kind-{number % 10}.txt", body(number, v), day)
                for number, v in enumerate(versions)
            ]
            at = items[0].envelope.clocks.collected
            for way, work in {
                "fast-import of changed items (floor)": partial(fast_import, floor, items, held),
                "locker, bare": partial(commit, bare, items, day, at),
                "locker, with files to look at": partial(commit, ours, items, day, at),
                "git add -A, commit": partial(add_and_commit, plain, items, sign=False),
                "git add -A, commit -S": partial(add_and_commit, signed, items, sign=True),
            }.items():
                start = time.perf_counter()
                work()
                times.setdefault(way, []).append(time.perf_counter() - start)
        base = times["fast-import of changed items (floor)"]
        print(f"{count} items, later days with 1 % changed; medians of {LATER_DAYS}")
        print(f"{'':38}  day 0       x   later       x")
        for way, seconds in times.items():
            first, later = seconds[0], statistics.median(seconds[1:])
            ratios = (first / base[0], later / statistics.median(base[1:]))
            print(f"{way:38} {first:6.3f} {ratios[0]:7.1f}  {later:6.3f} {ratios[1]:7.1f}")
        for what, look in (("items()", bare.items), ("verify()", bare.verify), ("log()", bare.log)):
            start = time.perf_counter()
            look()
            print(f"{what:38} {time.perf_counter() - start:6.3f} s after {LATER_DAYS + 1} runs")


if __name__ == "__main__":
    main()
