# SPDX-License-Identifier: Apache-2.0
"""A conduit is judged by the assets that it consists of, and by its own target: real checks over a switch's text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.assessments import make_attestation
from fakes.evidence import DAYS, make_item
from plantproof.cli.wiring import Wiring
from plantproof.core.judgement import Assessment
from plantproof.core.plant import Plant
from plantproof.core.statements import Attestation, Measure, Statements
from plantproof.core.verdicts import Verdict
from plantproof.errors import ContentError
from plantproof.oscal.results import write_assessment_results, write_poam
from plantproof.oscal.schema import schema_defects
from plantproof.ports.locker import StoredItem
from plantproof.stages.assess import assess

ZONES = """\
zones:
  - {id: cell, sl-t: 2, purdue: 1}
  - {id: scada, sl-t: 2, purdue: 2}
conduits:
  - {id: strict, zones: [cell, scada], sl-t: 3, assets: [switch]}
  - {id: alike, zones: [cell, scada], sl-t: 2, assets: [switch]}
  - {id: bare, zones: [cell, scada], sl-t: 2}
"""
INVENTORY = """\
all:
  vars: {plantproof_zone: cell}
  hosts:
    switch: {plantproof_collectors: [cli_device], plantproof_platform: cisco_ios}
"""
SWITCH = Path(__file__).parents[2] / "checks/cisco-ios-session-timeout/satisfied/ten-minutes.txt"
CHECK, CONTROL = "cisco-ios-session-timeout", "sr-2.6"
Key = tuple[str, str]


@pytest.fixture
def works(tmp_path: Path) -> Path:
    (tmp_path / "plant").mkdir()
    (tmp_path / "plantproof.yml").write_text("version: 1\nplant: {name: Works, owner: Owner}\n", encoding="utf-8")
    (tmp_path / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    (tmp_path / "inventory.yml").write_text(INVENTORY, encoding="utf-8")
    return tmp_path


def judged(
    works: Path, minutes: int, attestations: Sequence[Attestation] = (), measures: Sequence[Measure] = ()
) -> tuple[Assessment, Plant, Wiring]:
    wiring = Wiring.of(works)
    text = SWITCH.read_text(encoding="utf-8").replace("exec-timeout 10 0", f"exec-timeout {minutes} 0")
    item = make_item("cell/switch/cisco_ios.config.txt", text.encode())
    plant = wiring.workspace.plant
    found = assess(
        plant,
        wiring.rules,
        items={item.envelope.path: StoredItem(item=item, commit="1" * 40)},
        commit="1" * 40,
        not_collected=(),
        statements=Statements(attestations=tuple(attestations), measures=tuple(measures)),
        at=DAYS[1],
    )
    return found, plant, wiring


def verdicts(found: Assessment) -> dict[str, Verdict]:
    return {
        part: proof.outcome.verdict
        for part, status in found.parts.items()
        for proof in status.controls[CONTROL].proofs
        if proof.outcome.check == CHECK
    }


def test_what_is_enough_for_the_zone_may_be_too_little_for_the_conduit(works: Path) -> None:
    found, _, _ = judged(works, 12)
    good, bad = Verdict.SATISFIED, Verdict.NOT_SATISFIED
    assert verdicts(found) == {"cell": good, "strict": bad, "alike": good}
    assert [(o.zone, o.verdict) for o in found.outcomes if o.check == CHECK] == [("cell", good), ("strict", bad)]
    assert [verdict for verdict in verdicts(judged(works, 9)[0]).values() if verdict is not good] == []
    assert found.conduits["bare"].controls[CONTROL].verdict is Verdict.NO_EVIDENCE
    assert "no asset is named" in found.conduits["bare"].controls[CONTROL].reason
    assert (found.what("strict"), found.what("cell")) == ("conduit", "zone")


def test_both_lockable_statements_reach_a_conduit(works: Path) -> None:
    said = replace(make_attestation("sr-7.3", "bare"), stated=DAYS[0], valid_until=DAYS[9])
    measure = Measure(
        id="m",
        control="sr-7.4",
        zone="bare",
        instead="A spare radio in the cupboard.",
        declared_by="Plant manager",
        declared=DAYS[0],
        reviewed_by="Security officer",
        reviewed=DAYS[0],
        until=DAYS[9],
    )
    found, _, _ = judged(works, 10, [said], [measure])
    controls = found.conduits["bare"].controls
    assert controls["sr-7.3"].attested
    assert controls["sr-7.4"].compensated
    assert found.conduits["bare"].compensated == ("sr-7.4",)


def test_results_tell_conduits_from_zones_and_are_valid(works: Path) -> None:
    said = replace(make_attestation("sr-7.3", "bare"), stated=DAYS[0], valid_until=DAYS[9])
    found, plant, wiring = judged(works, 12, [said])
    checks = {one.check.id: one.check for one in wiring.rules.checks}
    for write in (write_assessment_results, write_poam):
        pieces: list[bytes] = []
        write(found, plant, checks, pieces.append, tool="test")
        data = json.loads(b"".join(pieces))
        assert [str(defect) for defect in schema_defects(data)] == []
        if write is write_assessment_results:
            result = data["assessment-results"]["results"][0]
    components = {one["title"]: one for one in result["local-definitions"]["components"]}
    proven = [p["value"] for p in components["strict"]["props"] if p["name"] == "sl-a-proven"]
    assert [int(level) for level in proven] == list(found.conduits["strict"].proven)
    titles = [one["title"] for one in result["findings"]]
    assert "SR 2.6 in conduit strict" in titles
    assert "SR 2.6 in zone cell" in titles
    (told,) = (one for one in result["observations"] if one["title"].startswith("Attestation"))
    assert told["subjects"][0]["subject-uuid"] == components["bare"]["uuid"]
    known = {one["uuid"] for one in result["observations"]}
    related = {o["observation-uuid"] for one in result["findings"] for o in one.get("related-observations", ())}
    assert related <= known
    assert len(known) == len(result["observations"])
    failed = [one["title"] for one in data["plan-of-action-and-milestones"]["poam-items"]]
    assert "Idle sessions on the console and remote lines end (conduit strict)" in failed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "assets: [switch]}\n  - {id: alike",
            "assets: [swich]}\n  - {id: alike",
            "asset swich, which is not in the inv",
        ),
        ("assets: [switch]}\n  - {id: alike", "assets: []}\n  - {id: alike", "names no asset"),
        ("id: strict", "id: cell", "cell is a zone's id as well"),
    ],
)
def test_what_is_wrong_has_file_and_line(works: Path, old: str, new: str, said: str) -> None:
    (works / "plant" / "zones.yml").write_text(ZONES.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        _ = Wiring.of(works).workspace
    assert said in caught.value.message
    assert "zones.yml:5 " in str(caught.value.where)


def test_firewalls_between_its_zones_are_its_assets_if_it_names_none(works: Path) -> None:
    (works / "plant" / "firewalls.yml").write_text(
        "firewalls:\n  - {id: f, dialect: cisco-ios, asset: switch, interfaces: [{name: a, zone: cell}, {name: b, zone: scada}]}\n"
        "  - {id: g, dialect: none, asset: switch, interfaces: [{name: a, zone: cell}]}\n",
        encoding="utf-8",
    )
    plant = Wiring.of(works).workspace.plant
    assert [one.id for one in plant.assets_of_conduit("bare")] == ["switch"]
    assert [one.id for one in replace(plant, firewalls={"g": plant.firewalls["g"]}).assets_of_conduit("bare")] == []
