# SPDX-License-Identifier: Apache-2.0
"""What an editor accepts by the schema is what the reader accepts, on every single change of a good file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from plantproof.adapters.documents import dump_json, parse_document
from plantproof.adapters.roadmap import read_terms
from plantproof.adapters.workspace.attestations import read_attestations
from plantproof.adapters.workspace.components import read_components
from plantproof.adapters.workspace.departures import Named, read_measures, read_waivers
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.firewalls import read_firewalls
from plantproof.adapters.workspace.remote_access import read_remote_access
from plantproof.adapters.workspace.risk import read_risk
from plantproof.adapters.workspace.roles import read_roles
from plantproof.adapters.workspace.settings import read_settings
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.plant import DIALECTS
from plantproof.core.roadmap import Terms
from plantproof.errors import PlantproofError

NAMED = Named(zones={"a", "b"}, conduits={"c", "d"}, members=None, controls=None)

Read = Callable[[Any, Defects], object]


def read_plant(document: Any, defects: Defects) -> None:
    zones, _ = read_zones([document], defects)
    read_firewalls([document], zones=zones, dialects=DIALECTS, assets=None, defects=defects)


CASES: Mapping[str, tuple[Read, dict[str, Any]]] = {
    "plantproof": (
        read_settings,
        {
            "version": 1,
            "plant": {"name": "W", "owner": "T", "timezone": "UTC"},
            "inventory": "i.yml",
            "profiles": {"2": "own"},
            "locker": "l",
            "output": "o",
            "signing": {"key": "k", "name": "n", "email": "e"},
            "freshness": {"linux.sshd": "7d"},
        },
    ),
    "plant": (
        read_plant,
        {
            "zones": [
                {
                    "id": "a",
                    "title": "A",
                    "kind": "wireless",
                    "purdue": 3.5,
                    "parent": "b",
                    "site": "s",
                    "networks": ["10.1.0.0/16", "2001:db8::/32"],
                    "description": "d",
                    "sl-t": {"IAC": 1, "default": 2, "fr7": 3},
                    "concurrency": 2,
                    "windows": ["mon-fri 08:00-16:00"],
                    "probing": ["opcua"],
                },
                {"id": "b", "sl-t": [1, 2, 3, 4, 0, 1, 2]},
                {"id": "e", "sl-t": 0, "kind": "external", "networks": "any"},
            ],
            "conduits": [
                {
                    "id": "c",
                    "title": "C",
                    "zones": ["a", "b"],
                    "sl-t": 2,
                    "description": "d",
                    "one-way": {"from": "a", "to": "b"},
                    "trust-boundary": True,
                    "exception": {"reason": "r", "approved-by": "p", "until": "2027-01-01"},
                    "channels": [{"id": "l", "title": "L", "medium": "vpn"}],
                    "assets": ["fw", "gateway"],
                    "flows": [{"from": "a", "to": "b", "service": "s", "reason": "r", "write": False}],
                }
            ],
            "firewalls": [
                {
                    "id": "f",
                    "title": "F",
                    "asset": "f",
                    "dialect": "cisco-ios",
                    "config": "f/f.txt",
                    "routes": "f/r.json",
                    "interfaces": [{"name": "i", "zone": "a"}, {"name": "j", "zones": ["a", "b"]}],
                },
                {"id": "r", "dialect": "none", "interfaces": [{"name": "k", "link": "l"}]},
            ],
        },
    ),
    "risk": (
        lambda document, defects: read_risk(
            [document], zones={"a", "b"}, conduits={"a"}, controls=None, defects=defects
        ),
        {
            "method": {
                "title": "M",
                "consequences": [
                    {"id": "a", "safety": "s", "environment": "e", "production": "p", "finance": "f"},
                    {"id": "bad"},
                ],
                "likelihoods": [{"id": "a", "description": "d"}, {"id": "often"}],
                "risks": [{"id": "a", "sl-t": 1}, {"id": "high", "sl-t": "attacker"}],
                "matrix": {"a": ["a", "a"], "bad": ["a", "high"]},
                "tolerable": {"safety": "a", "environment": "a", "production": "a", "finance": "high", "default": "a"},
            },
            "initial": [
                {"consequence": {"safety": "a"}, "reason": "r", "assessed": "2026-01-01", "by": "b"},
                {"zone": "a", "consequence": {"finance": "bad"}, "reason": "r", "assessed": "2026-01-01", "by": "b"},
            ],
            "scenarios": [
                {
                    "id": "a",
                    "title": "t",
                    "zone": "a",
                    "threat": {"source": "s", "attacker": 3, "way": "w"},
                    "vulnerability": "v",
                    "consequence": {"safety": "bad", "environment": "bad", "production": "bad", "finance": "bad"},
                    "likelihood": "often",
                    "frs": ["IAC", "RDF"],
                    "controls": ["sr-1.1", "sr-1.1.re-1"],
                    "measures": ["m"],
                    "residual": {"likelihood": "a", "consequence": {"safety": "a"}},
                    "planned": ["p"],
                    "assessed": "2026-01-01",
                    "by": "b",
                },
                {
                    "id": "c",
                    "conduit": "a",
                    "threat": {"source": "s", "attacker": 1},
                    "consequence": {"safety": "a"},
                    "likelihood": "a",
                    "assessed": "2026-01-01",
                    "by": "b",
                },
            ],
            "acceptances": [
                {
                    "scenario": "a",
                    "risk": "high",
                    "role": "r",
                    "name": "n",
                    "reason": "r",
                    "accepted": "2026-01-01",
                    "until": "2027-01-01",
                }
            ],
            "approvals": [{"role": "r", "name": "n", "approved": "2026-01-01", "until": "2027-01-01"}],
            "records": [{"step": "zcr-6.5", "document": "d", "by": "b", "dated": "2026-01-01"}],
        },
    ),
    "remote-access": (
        lambda document, defects: read_remote_access([document], conduits={"c", "d"}, assets=None, defects=defects),
        {
            "remote-access": [
                {
                    "id": "m",
                    "party": "p",
                    "contact": "c",
                    "reference": "r",
                    "purpose": "w",
                    "conduits": ["c", "d"],
                    "assets": ["x"],
                    "shown-by": ["y"],
                    "owner": "o",
                    "approved-by": "s",
                    "granted": "2026-01-01",
                    "until": "2026-12-31",
                    "multi-factor": True,
                    "supervised": False,
                    "recorded": True,
                },
                {
                    "id": "n",
                    "party": "p",
                    "purpose": "w",
                    "conduit": "c",
                    "owner": "o",
                    "approved-by": "s",
                    "granted": "2026-01-01",
                    "until": "2026-12-31",
                },
            ]
        },
    ),
    "waivers": (
        lambda document, defects: read_waivers([document], NAMED, defects),
        {
            "waivers": [
                {
                    "id": "m",
                    "control": "sr-1.1",
                    "zone": "a",
                    "assets": ["x"],
                    "reason": "i",
                    "owner": "r",
                    "approved-by": "s",
                    "granted": "2026-01-01",
                    "ticket": "t",
                    "until": "2026-12-31",
                },
                {
                    "id": "n",
                    "control": "sr-1.2",
                    "conduits": ["c", "d"],
                    "reason": "i",
                    "owner": "r",
                    "approved-by": "s",
                    "granted": "2026-01-01",
                    "until": "2026-12-31",
                },
            ]
        },
    ),
    "measures": (
        lambda document, defects: read_measures([document], NAMED, defects),
        {
            "measures": [
                {
                    "id": "m",
                    "control": "sr-1.1",
                    "zone": "a",
                    "assets": ["x"],
                    "instead": "i",
                    "declared-by": "r",
                    "declared": "2026-01-01",
                    "reviewed-by": "s",
                    "reviewed": "2026-02-01",
                    "until": "2026-12-31",
                },
                {
                    "id": "n",
                    "control": "sr-1.2",
                    "zones": ["a", "b"],
                    "instead": "i",
                    "declared-by": "r",
                    "declared": "2026-01-01",
                    "until": "2026-12-31",
                },
                {
                    "id": "o",
                    "control": "sr-1.2",
                    "conduits": ["c", "d"],
                    "instead": "i",
                    "declared-by": "r",
                    "declared": "2026-01-01",
                    "until": "2026-12-31",
                },
                {
                    "id": "p",
                    "control": "sr-1.2",
                    "conduit": "c",
                    "instead": "i",
                    "declared-by": "r",
                    "declared": "2026-01-01",
                    "until": "2026-12-31",
                },
            ]
        },
    ),
    "components": (
        lambda document, defects: read_components([document], requirements=None, defects=defects),
        {
            "components": [
                {
                    "id": "c",
                    "title": "C",
                    "supplier": "s",
                    "version": "1",
                    "type": "EDR",
                    "claim": "certificate",
                    "by": "b",
                    "reference": "r",
                    "document": "d/e.pdf",
                    "stated": "2026-01-01",
                    "valid-until": "2027-01-01",
                    "sl-c": {"IAC": 1, "default": 2},
                    "claims": [{"requirement": "cr-1.1", "state": "met", "remark": "m"}],
                },
                {
                    "id": "d",
                    "supplier": "s",
                    "type": "SAR",
                    "claim": "declaration",
                    "by": "s",
                    "stated": "2026-01-01",
                    "valid-until": "2027-01-01",
                    "claims": [{"requirement": "cr-1.1", "state": "not-met"}],
                },
            ]
        },
    ),
    "roles": (
        lambda document, defects: read_roles(
            [document], zones={"a", "b"}, conduits={"c", "d"}, assets=None, defects=defects
        ),
        {
            "roles": [
                {"role": "maintainer", "party": "p", "contact": "c", "until": "2027-01-01", "reference": "r"},
                {"role": "integrator", "party": "q", "zones": ["a", "b"], "conduits": ["c"], "assets": ["x"]},
                {"role": "asset-owner", "party": "q", "zone": "a", "conduit": "d"},
            ]
        },
    ),
    "attestations": (
        lambda document, defects: read_attestations(
            [("a", document)], zones={"a", "b"}, conduits={"c", "d"}, controls=None, defects=defects
        ),
        {
            "attestations": [
                {
                    "control": "sr-1.1",
                    "zone": "a",
                    "statement": "s",
                    "role": "r",
                    "name": "n",
                    "stated": "2026-01-01",
                    "valid-until": "2027-01-01T12:00:00Z",
                },
                {
                    "control": "sr-1.1",
                    "zones": ["a", "b"],
                    "statement": "s",
                    "role": "r",
                    "name": "n",
                    "stated": "2026-01-01",
                    "valid-until": "2027-01-01",
                },
                {
                    "control": "sr-1.1",
                    "conduits": ["c", "d"],
                    "statement": "s",
                    "role": "r",
                    "name": "n",
                    "stated": "2026-01-01",
                    "valid-until": "2027-01-01",
                },
                {
                    "control": "sr-1.1",
                    "conduit": "c",
                    "statement": "s",
                    "role": "r",
                    "name": "n",
                    "stated": "2026-01-01",
                    "valid-until": "2027-01-01",
                },
            ]
        },
    ),
    "roadmap": (
        lambda document, defects: read_terms(document, Terms(), zones=("a", "b"), controls=None, defects=defects),
        {
            "currency": "EUR",
            "day-rate": [600, 900.5],
            "price-factor": 1.1,
            "capacity": [8, 12],
            "start": "2027-01-04",
            "preparation": {"collector": 0.5, "month": [0.2, 1]},
            "weights": {"kinds": {"safety": 5}, "zones": {"a": 2}},
            "estimates": [
                {"control": "sr-1.1", "scope": "plant", "show": 1, "do": [1, 2], "cost": 0, "reason": "r"},
                {"control": "sr-1.1", "zone": "a", "scope": "asset"},
            ],
            "out-of-scope": [{"zone": "a", "control": "sr-1.1", "reason": "r"}, {"control": "sr-1.2", "reason": "r"}],
        },
    ),
}

# 3.0 is left out: JSON Schema counts it as whole, the reader does not take it for a level.
# Values that mean the same to both; names of zones that nobody declares are the reader's to refuse, so "a" stands for text.
VALUES: tuple[object, ...] = (
    None, True, False, 0, 1, 5, 65, -1, 1.5, "", " ", "a", "none", "../a", "7d", "0d", "08:00-16:00", "25:00-26:00", "2026-13-01",
    "any", ["any"], ["10.0.0.0/8"], ["10.0.0.0"], ["10.0.0.0/33"], ["010.0.0.0/8"], ["10.0.0.0/255.0.0.0"], ["::/0"], ["::/129"], [":/4"],
    "safety", "wired", "external", "/a", "a/../b", "a..b/c", " ..", "2026-01-01", {"from": "a", "to": "b"}, {"from": "a"},
    [], ["a"], [1], ["mon-tue 08:00-09:00"], ["opcua"], ["telnet"], ["a", "a"], {}, {"IAC": 4}, {"iac": 9}, {"x": 1}, [1] * 7, [5] * 7, [1] * 8,
)  # fmt: skip


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        yield from places(below, (*path, step))


def changed(data: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    result = copy.deepcopy(data)
    parent = result
    for step in path[:-1]:
        parent = parent[step]
    change(parent, path[-1])
    return result


def mutations(data: Any) -> Iterator[Any]:
    yield data
    yield {**data, "unknown": 1}
    for path in places(data):
        yield changed(data, path, lambda parent, step: parent.pop(step))
        for value in VALUES:
            yield changed(data, path, lambda parent, step, value=value: parent.__setitem__(step, value))  # type: ignore[misc]
        if isinstance(path[-1], str):
            yield changed(data, path, lambda parent, step: parent.update({f"{step}x": parent.pop(step)}))


def reader_accepts(read: Read, data: Any) -> bool:
    defects = Defects()
    try:
        read(parse_document(dump_json(data).decode(), name="f.json", is_yaml=False), defects)
    except PlantproofError:
        return False
    # What only a comparison with other entries can tell is not for a schema.
    return not [error for error in defects.found if not _only_the_reader_knows(error)]


def _only_the_reader_knows(error: PlantproofError) -> bool:
    words = (
        "no file declares", "does not join", "begins and ends", "declared twice", "not a time zone", "lies before",
        "shares", "lies in itself", "in a network, not a network", "runs backwards", "given twice", "for the whole plant",
        "does not know", "higher than without", "a zone's id as well", "the risk falls", "the sl-t falls", "not one per likelihood",
    )  # fmt: skip
    return any(word in error.message for word in words)


@pytest.mark.parametrize("name", CASES)
def test_schema_and_reader_agree(name: str) -> None:
    read, good = CASES[name]
    schema = json.loads(files("plantproof.adapters.workspace").joinpath(f"schemas/{name}.schema.json").read_text())
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(good)
    told = [(data, validator.is_valid(data), reader_accepts(read, data)) for data in mutations(good)]
    assert [data for data, by_schema, by_reader in told if by_schema != by_reader] == []
    accepted = sum(by_schema for _, by_schema, _ in told)
    assert min(accepted, len(told) - accepted) > 30  # neither side may win by saying the same to everything


@pytest.mark.parametrize("name", CASES)
def test_every_key_explains_itself_to_the_editor(name: str) -> None:
    schema = json.loads(files("plantproof.adapters.workspace").joinpath(f"schemas/{name}.schema.json").read_text())
    entries = {"": schema, **schema.get("definitions", {})}
    silent = [
        f"{name}/{key}"
        for name, entry in entries.items()
        for key, one in entry.get("properties", {}).items()
        if not (one.get("description") or "$ref" in one)
    ]
    assert silent == []
