# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.adapters.workspace import Known, load_workspace
from plantproof.adapters.workspace.init import init_workspace
from plantproof.errors import ContentError, PlantproofError, SetupError, UsageError


def test_a_new_workspace_is_in_order(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    known = Known(collectors={"linux_host"}, controls=set(), platforms=set())
    workspace = load_workspace(tmp_path, known=known)
    plant = workspace.plant
    assert (list(plant.zones), list(plant.conduits)) == (["supervision", "cell-1"], ["supervision-to-cell-1"])
    assert plant.assets["engineering-workstation"].variables["ansible_connection"] == "local"
    assert workspace.statements.attestations == ()
    assert workspace.paths.inventory == tmp_path / "inventory.yml"


def test_defects_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    settings, zones = tmp_path / "plantproof.yml", tmp_path / "plant" / "zones.yml"
    settings.write_text(settings.read_text() + "lockr: x\n")
    zones.write_text(zones.read_text().replace("id: cell-1", "id: cell-9"))
    (tmp_path / "plant" / "broken.yaml").write_text("zones: [\n")
    (tmp_path / "plant" / "notes.txt").write_text("zones: [\n")
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(inventory.read_text().replace("zone: supervision", "zone: supervison"))
    (tmp_path / "attestations" / "b.yml").write_text("attestations:\n  - {control: x}\n")
    with pytest.raises(ContentError) as caught:
        load_workspace(tmp_path)
    errors = [caught.value, *caught.value.also]
    told = [str(error).removeprefix(f"{tmp_path}/") for error in errors]
    assert told[:5] == [
        "plantproof.yml:21 at /lockr: the workspace: unknown key 'lockr'",
        "plant/broken.yaml:2: is not YAML: did not find expected node content",
        "plant/zones.yml:37 at /conduits/0/zones: conduit supervision-to-cell-1: joins zone cell-1, which no file declares",
        "inventory.yml:12: asset engineering-workstation is in zone supervison, which no file declares",
        "attestations/b.yml:2 at /attestations/0: attestation of x has no zone",
    ]
    assert len(told) == 10


def test_a_plant_without_zones_is_none(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    (tmp_path / "plant" / "zones.yml").unlink()
    (tmp_path / "plant").rmdir()
    with pytest.raises(ContentError) as caught:
        load_workspace(tmp_path)
    assert str(caught.value) == f"{tmp_path}/plant: no file declares a zone"


def test_a_missing_inventory_does_not_hide_other_defects(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    (tmp_path / "inventory.yml").unlink()
    (tmp_path / "attestations" / "b.yml").write_text("attestation: []\n")
    with pytest.raises(SetupError) as caught:
        load_workspace(tmp_path)
    assert [error.code for error in caught.value.also] == ["content.schema"]


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load_workspace(tmp_path / "none")


def test_a_firewalls_asset_is_looked_up_in_the_inventory_if_that_can_be_read(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    walls = (
        "firewalls:\n  - {id: fw, asset: %s, dialect: moxa-edr, config: f.txt, interfaces: [{name: a, zone: cell-1}]}\n"
    )
    (tmp_path / "plant" / "firewalls.yml").write_text(walls % "engineering-workstation")
    assert load_workspace(tmp_path).plant.firewalls["fw"].asset == "engineering-workstation"
    (tmp_path / "plant" / "firewalls.yml").write_text(walls % "engineering-workstaton")
    with pytest.raises(ContentError, match="asset engineering-workstaton is not in the inventory") as caught:
        load_workspace(tmp_path)
    assert caught.value.hint == "Did you mean 'engineering-workstation'?"
    (tmp_path / "inventory.yml").unlink()
    with pytest.raises(PlantproofError) as caught_all:
        load_workspace(tmp_path)
    assert not [one for one in (caught_all.value, *caught_all.value.also) if "is not in the inventory" in one.message]
