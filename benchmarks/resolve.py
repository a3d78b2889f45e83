# SPDX-License-Identifier: Apache-2.0
"""How much faster our profile resolver is than compliance-trestle's, on the same profile in one run.

Usage: ``python benchmarks/resolve.py [PAIRS]``. Each measurement is a whole process: start, load, resolve, write.
Runs are interleaved, ours then trestle's, and the medians compared.

With PLANTPROOF_OSCAL_CONTENT (a checkout of usnistgov/oscal-content) the profile is NIST's SP 800-53 rev 5 MODERATE,
from NIST's catalog or, in a copy without that large file, from the published HIGH baseline, which holds all of it.
Without the variable, one is generated that selects every second of 1,000 controls and alters a quarter of them.
The goal is a ratio of at least 15 in CPU time.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GOAL = 15.0
INSTANT = "2026-01-01T00:00:00Z"
SP800_53 = "nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_"
PROFILE = f"{SP800_53}MODERATE-baseline_profile.json"
CATALOGS = (f"{SP800_53}catalog.json", f"{SP800_53}HIGH-baseline-resolved-profile_catalog.json")


def resolve_file(profile: str, output: str) -> None:
    """Load, resolve and write, as a command would; the collector rests while the trees are built."""
    import gc

    gc.disable()
    import orjson

    from plantproof.oscal.resolve import resolve

    def load(path: str) -> dict[str, object]:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes longer to import than the profile to resolve
            document = orjson.loads(file.read())
        assert isinstance(document, dict)
        return document

    def fetch(href: str, base: str) -> tuple[str, Mapping[str, object]]:
        path = os.path.normpath(os.path.join(os.path.dirname(base), href))  # noqa: PTH118, PTH120 - the same
        return path, load(path)

    result = resolve(load(profile), uri=profile, fetch=fetch, instant=INSTANT)
    with open(output, "wb") as file:  # noqa: PTH123 - the same
        file.write(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    gc.freeze()  # or the interpreter, on its way out, searches everything for cycles once more


def resolve_with_trestle(workspace: str, output: str) -> None:
    """Do the same through trestle's resolver, in a trestle workspace."""
    from pathlib import Path

    from trestle.core.profile_resolver import ProfileResolver

    root = Path(workspace)
    catalog = ProfileResolver.get_resolved_profile_catalog(root, str(root / "profiles/bench/profile.json"))
    catalog.oscal_write(Path(output))


def generated() -> tuple[dict[str, object], dict[str, object]]:
    """Build a catalog of 1,000 controls and a profile of 500."""

    def part(name: str, kind: str, prose: str, *inner: dict[str, object]) -> dict[str, object]:
        body: dict[str, object] = {
            "id": name,
            "name": kind,
            "props": [{"name": "label", "value": name}],
            "prose": prose,
        }
        return body | ({"parts": list(inner)} if inner else {})

    def control(number: int) -> dict[str, object]:
        """Build a control with about as much in it as one of SP 800-53 rev 5 has."""
        name = f"c-{number}"
        prose = f"The plant keeps this within {{{{ insert: param, {name}_p0 }}}}. "
        items = [part(f"{name}_smt.{i}", "item", prose) for i in range(4)]
        objectives = [part(f"{name}_obj.{i}", "assessment-objective", prose) for i in range(8)]
        methods = [part(f"{name}_asm.{i}", "assessment-method", prose * 3) for i in range(3)]
        return {
            "id": name,
            "title": f"Control {number}",
            "params": [{"id": f"{name}_p{i}", "label": "limits", "guidelines": [{"prose": prose}]} for i in range(3)],
            "props": [{"name": f"label-{i}", "value": f"C-{number}"} for i in range(4)],
            "links": [{"href": f"#c-{(number + i) % 1000}", "rel": "related"} for i in range(15)],
            "parts": [
                part(f"{name}_smt", "statement", prose, *items),
                part(f"{name}_gdn", "guidance", prose * 10),
                part(f"{name}_obj", "assessment-objective", prose, *objectives),
                *methods,
            ],
        }

    metadata = {"title": "Bench", "last-modified": INSTANT, "version": "1", "oscal-version": "1.2.1"}
    groups = [
        {"id": f"g-{g}", "title": f"Group {g}", "controls": [control(100 * g + i) for i in range(100)]}
        for g in range(10)
    ]
    catalog = {"uuid": "00000000-0000-4000-8000-000000000001", "metadata": metadata, "groups": groups}
    add = {"position": "starting", "props": [{"name": "priority", "value": "P1"}]}
    profile = {
        "uuid": "00000000-0000-4000-8000-000000000002",
        "metadata": metadata,
        "imports": [{"href": "", "include-controls": [{"with-ids": [f"c-{i}" for i in range(0, 1000, 2)]}]}],
        "merge": {"as-is": True},
        "modify": {"alters": [{"control-id": f"c-{i}", "adds": [add]} for i in range(0, 1000, 4)]},
    }
    return {"catalog": catalog}, {"profile": profile}


def prepare(root: Path) -> str:
    """Lay out a trestle workspace that both sides read, and return what it holds in words."""
    import json
    from pathlib import Path

    content = os.environ.get("PLANTPROOF_OSCAL_CONTENT")
    if content:
        source = next(path for name in CATALOGS if (path := Path(content) / name).is_file())
        catalog = json.loads(source.read_bytes())
        profile = json.loads((Path(content) / PROFILE).read_bytes())
    else:
        catalog, profile = generated()
    for kind, name, document in (("catalogs", "catalog", catalog), ("profiles", "profile", profile)):
        target = root / kind / "bench"
        target.mkdir(parents=True)
        if name == "profile":
            document["profile"]["imports"][0]["href"] = "trestle://catalogs/bench/catalog.json"
        (target / f"{name}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    profile["profile"]["imports"][0]["href"] = "../catalogs/bench/catalog.json"
    (root / "ours").mkdir()
    (root / "ours" / "profile.json").write_text(json.dumps(profile, indent=2), encoding="utf-8")
    (root / ".trestle").mkdir()
    (root / ".trestle" / "config.ini").write_text("", encoding="utf-8")
    return f"NIST rev 5 MODERATE from {source.name}" if content else "a generated profile, 500 of 1,000 controls"


def timed(compiled: str, *arguments: str) -> tuple[float, float]:
    """Run this file in a process of its own and return its CPU and wall seconds.

    Both sides find their modules compiled, as after an installation, whatever this environment says about it.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = compiled
    command = [sys.executable, __file__, *arguments]
    start = time.perf_counter()
    process = os.spawnve(os.P_NOWAIT, sys.executable, command, environment)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{arguments[0]} failed")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start


def controls_in(path: Path) -> list[str]:
    def walk(owner: dict[str, list[dict[str, object]]]) -> list[str]:
        found = []
        for thing in [*owner.get("controls", []), *owner.get("groups", [])]:
            found += [str(thing.get("id")), *walk(thing)]  # type: ignore[arg-type]  # JSON of a known shape
        return found

    import json

    return sorted(walk(json.loads(path.read_bytes())["catalog"]))


def main(pairs: int) -> None:
    import statistics
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        root, compiled = Path(folder), str(Path(folder) / "compiled")
        what = prepare(root)
        mine, other = root / "ours.json", root / "trestle.json"
        rows = []
        for _ in range(pairs + 1):  # the first pair compiles and warms the file cache; it is dropped
            ours = timed(compiled, "ours", str(root / "ours" / "profile.json"), str(mine))
            theirs = timed(compiled, "trestle", folder, str(other))
            rows.append((*ours, *theirs))
        if controls_in(mine) != controls_in(other):
            raise SystemExit("the two results do not hold the same controls")
    cpu, wall, trestle_cpu, trestle_wall = (statistics.median(column) for column in zip(*rows[1:], strict=True))
    print(f"{what}; medians of {pairs} interleaved pairs of whole processes")
    print(f"  plantproof  cpu {cpu:6.3f} s   wall {wall:6.3f} s")
    print(f"  trestle     cpu {trestle_cpu:6.3f} s   wall {trestle_wall:6.3f} s")
    ratio = statistics.median(row[2] / row[0] for row in rows[1:])
    print(f"  ratio       cpu {ratio:6.1f} x   wall {trestle_wall / wall:6.1f} x   (goal {GOAL:.0f} x)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        resolve_file(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ["trestle"]:
        resolve_with_trestle(sys.argv[2], sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
