# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from plantproof.adapters.documents import parse_document
from plantproof.adapters.roadmap import read_terms, shipped_terms
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.components import COMPONENT_RULES
from plantproof.core.plant import DIALECTS, KINDS, MEDIA, Plant
from plantproof.core.risk import RECORDED, RISK_RULES
from plantproof.core.roadmap import PREPARATION, Scope
from plantproof.core.zoning import RULES, zoning_findings

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "site" / "pages"


def test_the_reference_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    names = sorted(path.name for path in (PAGES / "adr").glob("0*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    index = (PAGES / "adr" / "index.md").read_text(encoding="utf-8")
    assert all(f"]({name})" in index for name in names)


def test_the_readme_names_what_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)h][^)]*)\)", text):
        assert (ROOT / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for goal in re.findall(r"^make (\w+)", text, flags=re.MULTILINE):
        assert f"\n{goal}:" in makefile


def test_the_page_on_plant_files_has_every_key_word_and_rule() -> None:
    page = (PAGES / "reference" / "plant-files.md").read_text(encoding="utf-8")
    schemas = [
        json.loads(files("plantproof.adapters.workspace").joinpath(f"schemas/{name}.schema.json").read_text())
        for name in ("plant", "risk", "components", "roles")
    ]
    below = [part for one in schemas for name, part in one["definitions"].items() if name not in {"sl-t", "sl-c"}]
    keys = {key for part in (*schemas, *below) for key in part["properties"]} | {"reason", "approved-by", "until"}
    keys |= {"source", "attacker", "way", "default"}  # of maps within maps
    words = {*keys, *KINDS, *MEDIA, *DIALECTS, *RULES, *RECORDED} - {"zones", "conduits", "firewalls"}
    assert [word for word in sorted(words) if not re.search(rf"`[^`]*\b{word}\b[^`]*`", page)] == []
    told = re.findall(r"^\| `([a-z-]+)` \| (?:error|warning) \|", page, flags=re.MULTILINE)
    assert told == [*RULES, *RISK_RULES, *COMPONENT_RULES]


def test_the_page_on_plant_files_has_every_key_of_the_road_map() -> None:
    page = (PAGES / "reference" / "plant-files.md").read_text(encoding="utf-8").partition("## `roadmap.yml`")[2]
    schema = json.loads(files("plantproof.adapters.workspace").joinpath("schemas/roadmap.schema.json").read_text())
    parts = [schema, *(part for part in schema["definitions"].values() if "properties" in part)]
    parts += [schema["properties"][key] for key in ("preparation", "weights")]
    words = {key for part in parts for key in part["properties"]} | set(PREPARATION) | set(Scope)
    assert [word for word in sorted(words) if not re.search(rf"`{word}:?`", page)] == []


def test_the_road_map_file_that_the_how_to_shows_reads_as_it_stands() -> None:
    text = (PAGES / "how-to" / "roadmap.md").read_text(encoding="utf-8")
    shown = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)[0]
    defects = Defects()
    terms = read_terms(
        parse_document(shown, name="shown.yml", is_yaml=True),
        shipped_terms(),
        zones=("dosing",),
        controls={control for control, _ in shipped_terms().estimates},
        defects=defects,
    )
    assert [str(error) for error in defects.found] == []
    assert terms.zones == {"dosing": 8}


def test_the_plant_that_the_how_to_shows_is_sound() -> None:
    text = (PAGES / "how-to" / "your-own-plant.md").read_text(encoding="utf-8")
    shown = next(
        block for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL) if block.startswith("zones:")
    )
    defects = Defects()
    zones, conduits = read_zones([parse_document(shown, name="shown.yml", is_yaml=True)], defects)
    assert defects.found == []
    plant = Plant(name="p", owner="o", zones=zones, conduits=conduits, assets={})
    assert zoning_findings(plant, "2026-11-23T00:00:00Z") == ()


def test_every_source_file_carries_its_licence() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src", "tests", "scripts", "benchmarks", "collectors"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    bare = [
        name
        for name in listed
        if name.endswith((".py", ".sh"))
        and "SPDX-License-Identifier" not in (ROOT / name).read_text(encoding="utf-8")[:200]
    ]
    assert bare == []
