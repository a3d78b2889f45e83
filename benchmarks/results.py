# SPDX-License-Identifier: Apache-2.0
"""Writing OSCAL assessment-results: ours against compliance-trestle's models, and whether memory stays flat.

Both write the same document, one observation for each outcome (the form in which the number of outcomes hurts).
Prints ratios; absolute times depend on the machine.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fakes.assessments import AT, make_assessment, make_check, make_outcome, make_plant
from plantproof.core.judgement import Outcome
from plantproof.core.verdicts import Verdict
from plantproof.oscal.results import write_assessment_results

CHECKS = 100
SIZES = (10_000, 100_000, 1_000_000)


def outcomes(count: int) -> Iterator[Outcome]:
    """A stream sorted by check, as the engine hands it over; made as it goes so that memory shows the writer alone."""
    assets = count // CHECKS
    for check in range(CHECKS):
        for verdict in (Verdict.SATISFIED, Verdict.NOT_SATISFIED):
            for asset in range(assets):
                if (asset % 2 == 0) == (verdict is Verdict.SATISFIED):
                    yield make_outcome(f"check-{check:03d}", f"asset-{asset:05d}", "zone-0", verdict)


def ours(count: int, path: Path) -> float:
    """CPU seconds for writing; making the outcomes is measured apart and taken off."""
    checks = {f"check-{n:03d}": make_check(f"check-{n:03d}") for n in range(CHECKS)}
    plant = make_plant(["zone-0"])
    assessment = make_assessment(plant, [], [], [])
    start = time.process_time()
    for _ in outcomes(count):
        pass
    making = time.process_time() - start
    start = time.process_time()
    with path.open("wb") as file:
        stream = outcomes(count)
        write_assessment_results(
            assessment, plant, checks, file.write, tool="bench", outcomes=stream, single_subjects=True
        )
    return time.process_time() - start - making


def trestles(source: Path, path: Path) -> float:
    """CPU seconds for building trestle's models from the same data and serialising them."""
    from trestle.oscal.assessment_results import Model

    data = json.loads(source.read_text())
    start = time.process_time()
    model = Model.model_validate(data)
    path.write_text(model.assessment_results.oscal_serialize_json())
    return time.process_time() - start


def peak(count: int) -> float:
    """Peak MiB of a fresh process that writes so many."""
    command = [sys.executable, __file__, "--one", str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        with tempfile.TemporaryDirectory() as folder:
            ours(int(sys.argv[2]), Path(folder) / "out.json")
        sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
        return
    # Before trestle is loaded: a child inherits the peak of the process that it was forked from.
    for count in SIZES:
        print(f"results, {count:>9,} outcomes: peak {peak(count):.0f} MiB")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "ours.json", Path(folder) / "trestle.json"
        ratios = []
        for _ in range(3):
            mine = ours(SIZES[0], source)
            theirs = trestles(source, target)
            ratios.append(theirs / mine)
        print(f"results, {SIZES[0]:,} outcomes as of {AT}: trestle / ours = {sorted(ratios)[1]:.0f}x (goal >= 10x)")


if __name__ == "__main__":
    main()
