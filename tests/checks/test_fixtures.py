# SPDX-License-Identifier: Apache-2.0
"""Drop a file, get a test.

``tests/checks/<check-id>/<verdict>/<name>.{txt,json,yaml}`` is the stored text of the check's first kind (yaml: facts as
they are); for several kinds a directory ``<name>/`` holds one ``<kind>.txt`` or ``<kind>.json`` each. An optional
``<name>.expect.yaml`` says what else to look at: ``lines``, ``message``, and what to judge under: ``now``, ``params``,
``stale``, ``notes``. For ``no-evidence`` it may stand alone, with a ``reason``. Verdicts: satisfied, not-satisfied,
not-applicable, inconclusive, stale, no-evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from plantproof.adapters.documents import read_document
from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.engine import evaluate
from plantproof.checks.explain import outcome_of
from plantproof.checks.load import load_checks
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.evidence import REACH
from plantproof.core.facts import Facts, SectionState
from plantproof.core.plant import Asset
from plantproof.core.verdicts import Verdict
from plantproof.parsers.registry import PARSERS, parse

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "checks"
NOW = "2026-11-23T06:37:00Z"
VERDICTS = {each.label.replace(" ", "-"): each for each in Verdict}
SIDECAR = ".expect.yaml"


@dataclass(frozen=True)
class Case:
    check: str
    verdict: str
    name: str
    source: Path | None
    expect: dict[str, Any]


@cache
def shipped() -> dict[str, CompiledCheck]:
    documents = [read_document(path) for path in sorted(SHIPPED.glob("*.yaml"))]
    return {
        each.check.id: each
        for each in load_checks([(one.data, one.locate) for one in documents], kinds={*PARSERS, REACH})
    }


def sidecar(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    assert isinstance(data, dict)
    return data


def cases() -> Iterator[Case]:
    for folder in sorted(path for path in HERE.glob("*/*") if path.is_dir() and path.parent.name != "__pycache__"):
        check, verdict = folder.parent.name, folder.name
        for path in sorted(folder.iterdir()):
            if not path.name.endswith(SIDECAR):
                name = path.name if path.is_dir() else path.stem
                yield Case(check, verdict, name, path, sidecar(folder / f"{name}{SIDECAR}"))
            elif verdict == "no-evidence":
                yield Case(check, verdict, path.name.removesuffix(SIDECAR), None, sidecar(path))


def read(kind: str, path: Path) -> Facts:
    text = path.read_text("utf-8")
    if path.suffix == ".yaml":
        return Facts(kind=kind, parser="fixture/1", data=yaml.safe_load(text))
    return parse(kind, text)


def evidence(check: CompiledCheck, case: Case) -> dict[str, KindEvidence]:
    kinds, source = check.check.kinds, case.source
    if source is None:
        absent = {"facts": None, "state": SectionState.NOT_COLLECTED, "reason": case.expect.get("reason", "")}
        return {kind: KindEvidence(kind=kind, **absent) for kind in kinds}
    files = {path.stem: path for path in source.iterdir()} if source.is_dir() else {kinds[0]: source}
    notes = tuple(case.expect.get("notes", ()))
    stale = case.verdict == "stale"
    return {
        kind: KindEvidence(kind=kind, facts=read(kind, path), notes=notes, stale=stale) for kind, path in files.items()
    }


@pytest.mark.parametrize(
    "case", [pytest.param(each, id=f"{each.check}-{each.verdict}-{each.name}") for each in cases()]
)
def test_fixture(case: Case) -> None:
    assert case.check in shipped(), f"no check {case.check}.yaml"
    assert case.verdict in VERDICTS, f"{case.verdict} is no verdict"
    check = shipped()[case.check]
    subject = Subject(asset=Asset(id="host-1", zone="cell", title="Host"), evidence=evidence(check, case))
    now, params = case.expect.get("now", NOW), case.expect.get("params", {})
    outcome = outcome_of(evaluate([check], [subject], now=str(now), params=params), 0, 0)
    assert outcome.verdict is VERDICTS[case.verdict], f"{outcome.verdict.label}: {outcome.message}"
    assert outcome.message
    if "lines" in case.expect:
        assert list(outcome.lines) == case.expect["lines"]
    if "message" in case.expect:
        assert outcome.message == case.expect["message"]


@pytest.mark.parametrize("id_", [path.stem for path in sorted(SHIPPED.glob("*.yaml"))])
def test_every_shipped_check_is_shown_to_hold_and_to_fail(id_: str) -> None:
    assert id_ in shipped(), f"the file {id_}.yaml holds a check of another id"
    for verdict in ("satisfied", "not-satisfied"):
        found = [path for path in (HERE / id_ / verdict).glob("*") if not path.name.endswith(SIDECAR)]
        assert found, f"drop a file into tests/checks/{id_}/{verdict}/"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_check_fits_its_schema(path: Path) -> None:
    import jsonschema_rs

    schema = read_document(SHIPPED / "check.schema.json").data
    errors = [str(error) for error in jsonschema_rs.validator_for(dict(schema)).iter_errors(read_document(path).data)]
    assert not errors
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=./check.schema.json\n")


def test_schema_names_the_registered_functions() -> None:
    from plantproof.checks.functions import FUNCTIONS

    schema: Any = read_document(SHIPPED / "check.schema.json").data
    assert sorted(schema["properties"]["function"]["enum"]) == sorted(FUNCTIONS)
