# SPDX-License-Identifier: Apache-2.0
"""What we publish is read by others: NIST's schema, trestle, and oscal-pydantic in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

from plantproof.adapters.content import CATALOGS, CROSSWALKS, PROFILES, Content
from plantproof.cli import exits

ROOT = Path(__file__).parents[2]
INTEROP = ROOT / ".venv" / "interop" / "bin" / "python"
SCHEMAS = Path(os.environ.get("PLANTPROOF_OSCAL_SCHEMAS", ROOT.parent / "shared" / "oscal-schemas"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    assert exits.run(["-C", str(folder), "catalog", "publish", "-o", str(folder)]) == 0
    return folder


@cache
def count(*kinds: str) -> int:
    return sum(len(Content().names(kind)) for kind in kinds)


def test_every_published_document_fits_nist_s_schema(published: Path) -> None:
    schema = SCHEMAS / "oscal_complete_schema.json"
    if not schema.is_file():
        pytest.skip("set PLANTPROOF_OSCAL_SCHEMAS to a folder with NIST's OSCAL 1.2.1 JSON schemas")
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(json.loads(schema.read_text(encoding="utf-8")))
    files = sorted(published.glob("*.json"))
    wrong = [path.name for path in files if not validator.is_valid(json.loads(path.read_text(encoding="utf-8")))]
    assert wrong == []
    assert len(files) == count(CATALOGS, PROFILES, CROSSWALKS)


def test_every_published_document_loads_in_trestle(published: Path) -> None:
    from trestle.oscal.catalog import Catalog
    from trestle.oscal.mapping import MappingCollection
    from trestle.oscal.profile import Profile

    models = {"catalog": Catalog, "profile": Profile, "mapping-collection": MappingCollection}
    for path in sorted(published.glob("*.json")):
        kind = next(iter(json.loads(path.read_text(encoding="utf-8"))))
        assert models[kind].oscal_read(path) is not None, path.name


@pytest.mark.skipif(not INTEROP.exists(), reason="scripts/setup.sh test makes the environment of oscal-pydantic")
def test_every_published_catalog_and_profile_loads_in_oscal_pydantic(published: Path) -> None:
    script = Path(__file__).parent / "read_with_oscal_pydantic.py"
    done = subprocess.run(
        [INTEROP, "-I", script, published], capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) == count(CATALOGS, PROFILES)
