# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plantproof.adapters.content import CATALOGS, COLLECTORS, Content
from plantproof.adapters.demo import build_demo
from plantproof.adapters.demo.build import ASSETS
from plantproof.adapters.documents import read_text
from plantproof.adapters.simulators.devices import DEVICES
from plantproof.adapters.workspace import Known, load_workspace
from plantproof.errors import UsageError

TODAY = date(2026, 11, 23)
WAYS: dict[str, object] = {
    "switch": {"host": "127.0.0.1", "port": 2222, "user": "auditor", "password_file": "/p", "known_hosts": "/k"},
    "opcua_secured": {"host": "127.0.0.1", "port": 4840, "url": "opc.tcp://127.0.0.1:4840/S", "path": "/S"},
    "opcua_weak": {"host": "127.0.0.1", "port": 4841, "url": "opc.tcp://127.0.0.1:4841/S", "path": "/S"},
    "modbus": {"host": "127.0.0.1", "port": 5020, "unit": 1},
}


def test_the_demo_plant_is_in_order_and_labels_what_is_simulated(tmp_path: Path) -> None:
    build_demo(tmp_path, WAYS, today=TODAY)
    collectors = {path.name for folder in Content().folders(COLLECTORS) for path in (folder / "roles").iterdir()}
    catalog = read_text(Content().find(CATALOGS, "iec62443-3-3"))
    workspace = load_workspace(tmp_path, known=Known(collectors=collectors, platforms={"cisco_ios", "frr"}))
    plant = workspace.plant
    assert set(ASSETS.values()) < set(plant.assets)
    for asset in plant.assets.values():
        assert asset.simulated == (asset.id in ASSETS.values()) == ("SIMULATED" in asset.title)
        assert asset.simulated or asset.variables.get("ansible_host") is None
    switch = plant.assets["treatment-switch"].variables
    assert (switch["ansible_port"], switch["demo_password_file"]) == (2222, "/p")
    assert "lookup" in str(switch["ansible_password"])
    assert plant.assets["pump-controller"].variables["modbus_port"] == 5020
    assert all(f"id: {one.control}\n" in catalog for one in workspace.statements.attestations)


def test_statements_are_fictional_and_one_has_run_out(tmp_path: Path) -> None:
    build_demo(tmp_path, {}, today=TODAY)
    workspace = load_workspace(tmp_path)
    now = "2026-11-23T12:00:00Z"
    assert all(
        one.statement.startswith("DEMO: ") and "fictional" in one.name for one in workspace.statements.attestations
    )
    valid = [one.control for one in workspace.statements.attestations if one.stated <= now <= one.valid_until]
    assert sorted(valid) == ["sr-2.2", "sr-2.2", "sr-3.3"]
    assert len(workspace.statements.attestations) == 4
    assert not set(ASSETS.values()) & set(workspace.plant.assets)


def test_every_simulated_device_has_an_asset() -> None:
    assert set(ASSETS) == set(DEVICES)


def test_a_second_demo_builds_on_the_first(tmp_path: Path) -> None:
    files = build_demo(tmp_path, WAYS, today=TODAY)
    before = {path: path.read_bytes() for path in files}
    (tmp_path / "evidence").mkdir()
    assert {path: path.read_bytes() for path in build_demo(tmp_path, WAYS, today=TODAY)} == before
    assert (tmp_path / "evidence").is_dir()


def test_nobodys_files_are_overwritten(tmp_path: Path) -> None:
    (tmp_path / "plantproof.yml").write_text("version: 1\n")
    with pytest.raises(UsageError) as caught:
        build_demo(tmp_path, {})
    assert caught.value.code == "usage.exists"
    with pytest.raises(UsageError, match="no device 'plc'"):
        build_demo(tmp_path / "new", {"plc": {}})
    assert not (tmp_path / "new").exists()
