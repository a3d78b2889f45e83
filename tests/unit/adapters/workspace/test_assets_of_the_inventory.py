# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.host_places import HostPlaces
from plantproof.adapters.workspace.inventory import Known, read_inventory
from plantproof.core.levels import SLVector
from plantproof.core.plant import Zone
from plantproof.errors import Location

KNOWN = Known(collectors={"linux_host", "cli_device", "opcua", "modbus"}, platforms={"frr", "cisco_ios"})
ZONES = {
    name: Zone(
        id=name,
        title=name,
        sl_t=SLVector.uniform(1),
        probing=frozenset(probing),
        declared=Location(file="plant/z.yml", line=n, pointer=f"/zones/{n}"),
    )
    for n, (name, probing) in enumerate({"cell-1": {"opcua"}, "dmz": set()}.items())
}

GOOD = """\
all:
  children:
    cell:
      vars:
        plantproof_zone: cell-1
      hosts:
        plc-[1:2]:
          plantproof_collectors: [opcua]
          plantproof_simulated: true
        switch:
          plantproof_collectors: cli_device, linux_host
          plantproof_platform: frr
          plantproof_timeout: "30"
          plantproof_simulated: "no"
          plantproof_title: 12
        printer:
          plantproof_zone: none
"""

BAD = """\
all:
  vars:
    plantproof_zone: cell-2
  hosts:
    wrong-zone:
    unknown-collector:
      plantproof_zone: dmz
      plantproof_collectors: [linux_hots]
    no-platform:
      plantproof_zone: dmz
      plantproof_collectors: [cli_device]
    odd-platform:
      plantproof_zone: dmz
      plantproof_platform: cisco_iso
    probed:
      plantproof_zone: dmz
      plantproof_collectors: [linux_host, modbus]
    types:
      plantproof_zone: dmz
      plantproof_collectors: {a: b}
      plantproof_simulated: maybe
      plantproof_timeout: 0
      plantproof_title: [x]
    template:
      plantproof_zone: "{{ cell }}"
    secret:
      plantproof_zone: !vault |
        $ANSIBLE_VAULT;1.1;AES256
        3132
    typo:
      plantproof_zone: dmz
      plantproof_colectors: []
    "fe80::1%eth0":
      plantproof_zone: dmz
"""


def test_hosts_become_assets(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yml"
    path.write_text(GOOD)
    defects = Defects()
    assets = read_inventory(path, zones=ZONES, known=KNOWN, defects=defects)
    assert [str(error) for error in defects.found] == []
    assert list(assets) == ["plc-1", "plc-2", "switch"]
    switch = assets["switch"]
    assert (switch.collectors, switch.platform, switch.timeout) == (("cli_device", "linux_host"), "frr", 30)
    assert (switch.simulated, switch.title, switch.zone) == (False, "12", "cell-1")
    assert assets["plc-2"].simulated
    assert (assets["plc-2"].declared.line, switch.declared.line) == (7, 10)
    assert "plantproof_zone" not in repr(switch)


def test_every_defect_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yml"
    path.write_text(BAD)
    defects = Defects()
    read_inventory(path, zones=ZONES, known=KNOWN, defects=defects)
    found = {error.message: (error.where.line if error.where else None, error.hint) for error in defects.found}
    assert {message: line for message, (line, _) in found.items()} == {
        "asset wrong-zone is in zone cell-2, which no file declares": 3,
        "asset unknown-collector names the collector linux_hots, which does not exist": 8,
        "asset no-platform is read by cli_device and has no platform": 11,
        "asset odd-platform is of platform cisco_iso, which no collector reads": 14,
        "asset probed is to be probed by modbus, but zone dmz does not allow it": 17,
        "asset types has plantproof_collectors: {'a': 'b'}, which is not a list of names": 20,
        "asset types has plantproof_simulated: 'maybe', which is neither true nor false": 21,
        "asset types has plantproof_timeout: 0, which is not a number of seconds from 1 to 3600": 22,
        "asset types has plantproof_title: ['x'], which is not a text": 23,
        "asset template has a template as plantproof_zone": 25,
        "asset secret has plantproof_zone encrypted": 27,
        "asset typo has the unknown variable plantproof_colectors": 32,
        "asset 'fe80::1%eth0' cannot be a folder's name in the locker": 33,
    }
    assert found["asset wrong-zone is in zone cell-2, which no file declares"][1] == "Did you mean 'cell-1'?"
    assert (
        found["asset typo has the unknown variable plantproof_colectors"][1] == "Did you mean 'plantproof_collectors'?"
    )
    probing = found["asset probed is to be probed by modbus, but zone dmz does not allow it"][1]
    assert "Zone dmz (plant/z.yml:1 at /zones/1) would need probing: [modbus]" in probing


def test_an_asset_in_no_zone_is_told_how_to_leave_the_plant(tmp_path: Path) -> None:
    path = tmp_path / "inventory.ini"
    path.write_text("[cell]\nplc-1 ansible_host=192.0.2.1\n")
    defects = Defects()
    read_inventory(path, zones=ZONES, known=Known(), defects=defects)
    (error,) = defects.found
    assert str(error) == f"{path}:2: asset plc-1 is in no zone"
    assert "plantproof_zone: none" in error.hint


def test_places_in_ini_own_files_and_groups(tmp_path: Path) -> None:
    files = {
        "hosts": "# all\n[cell]\nplc-[01:03]\nplc-[07:09] plantproof_zone=x\nrtu-[a:c]-z\n[cell:vars]\nplantproof_zone=cell-9\n",
        "host_vars/plc-02.yml": "# own\nplantproof_zone: y\n",
        "host_vars/lonely/main.yml": "plantproof_title: T\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    inventory = tmp_path / "hosts"
    places = HostPlaces(inventory, [tmp_path / name for name in files])
    assert [places.host(name).line for name in ("plc-02", "plc-08", "rtu-b-z", "plc-05", "nobody")] == [
        3,
        4,
        5,
        None,
        None,
    ]
    assert places.host("lonely").file == str(tmp_path / "host_vars/lonely/main.yml")
    own = places.variable("plc-02", "plantproof_zone", "y")
    assert (own.file, own.line) == (str(tmp_path / "host_vars/plc-02.yml"), 2)
    assert places.variable("plc-09", "plantproof_zone", "x").line == 4
    assert places.variable("plc-01", "plantproof_zone", "cell-9").line == 7
    assert places.variable("plc-01", "plantproof_other", "").line == 3
