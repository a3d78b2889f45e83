# SPDX-License-Identifier: Apache-2.0
"""The inventory's commands over real workspaces: list, import, check."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from fakes.workspaces import make_workspace
from plantproof.adapters.workspace import load_workspace
from plantproof.cli import exits

_ZONES = """\
zones:
  - {id: cell, title: Cell, purdue: 1, sl-t: 1, networks: [10.1.1.0/24]}
  - {id: control, title: Control room, purdue: 3, sl-t: 1, networks: [10.2.0.0/24]}
  - {id: world, title: The world, kind: external, sl-t: 0, networks: any}
"""
_HOSTS: dict[str, dict[str, object]] = {
    "plc-1": {"ansible_host": "10.1.1.5", "plantproof_collectors": []},
    "hmi-1": {"ansible_host": "10.2.0.4", "plantproof_zone": "control", "plantproof_title": "Panel"},
    "visitor": {"ansible_host": "10.1.1.50", "plantproof_zone": "none"},
}
_FLOWS = """\
src,dst,dport,proto,first,packets,action
10.2.0.4,10.1.1.5,502,tcp,2026-11-02T00:00:00Z,5,
10.1.1.77,10.1.1.5,502,tcp,2026-11-03T00:00:00Z,5,
10.1.1.77,10.1.1.5,502,tcp,2026-11-04T00:00:00Z,5,
10.7.7.7,10.1.1.5,22,tcp,2026-11-05T00:00:00Z,1,deny
10.1.1.5,10.1.1.78,22,tcp,2026-11-05T00:00:00Z,1,deny
198.51.100.9,10.2.0.4,443,tcp,2026-11-05T00:00:00Z,3,
10.1.1.5,224.0.0.251,5353,udp,2026-11-05T00:00:00Z,3,
"""
_MARKED = """#plantproof a header collector=linux_host version=1 clock={clock}
#plantproof a begin linux.listeners
@@ command ss -t -u -l -p -n
Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
tcp   LISTEN 0      128    10.2.0.4:22        0.0.0.0:*
tcp   LISTEN 0      128    10.1.1.77:502      0.0.0.0:*
#plantproof a end linux.listeners ok
#plantproof a begin linux.time
@@ command chronyc -n -c sources
^,*,10.2.0.77,2,6,377,12,0.0,0.0,0.0
#plantproof a end linux.time ok
#plantproof a begin linux.host
@@ command uname -n
hmi-1
#plantproof a end linux.host ok
#plantproof a done
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_workspace(tmp_path / "w", _HOSTS)
    (root / "plant" / "zones.yml").write_text(_ZONES, encoding="utf-8")
    (root / "plant" / "conduits.yml").unlink(missing_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("seen.csv").write_text(_FLOWS, encoding="utf-8")
    return root


def told(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = exits.run(["-C", str(root), "inventory", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def answer(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str, status: int) -> Any:
    found, out, err = told(capsys, root, *arguments, "--json")
    assert found == status, err
    return json.loads(out)


def test_assets_are_listed_and_their_secrets_are_not(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = _HOSTS | {"plc-2": {"ansible_host": "{{ hunter2 }}", "ansible_password": "hunter2"}}
    shared = {"plantproof_zone": "cell", "plantproof_collectors": ["linux_host"]}
    (root / "inventory.yml").write_text(yaml.safe_dump({"all": {"vars": shared, "hosts": hosts}}), encoding="utf-8")
    status, out, said = told(capsys, root, "list")
    assert (status, said) == (0, "3 assets in 2 zones\n")
    assert out.splitlines()[0].split() == ["asset", "zone", "address", "collectors", "platform", "declared", "in"]
    assert out.splitlines()[1].split()[:4] == ["hmi-1", "control", "10.2.0.4", "linux_host"]
    assert "inventory.yml:3" in out
    assert "hunter2" not in out
    found = answer(capsys, root, "list", "--zone", "control", status=0)["assets"]
    assert [(one["id"], one["title"], one["address"]) for one in found] == [("hmi-1", "Panel", "10.2.0.4")]
    assert told(capsys, root, "list", "--zone", "world")[1] == ""
    assert "there is no zone 'cel'" in told(capsys, root, "list", "--zone", "cel")[2]


def test_what_nobody_listed_is_found_in_the_logs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, said = told(capsys, root, "check", "seen.csv")
    assert status == 1
    stranger, what_to_do, unlisted, list_it = out.splitlines()
    assert stranger == (
        "seen.csv:5: error: 10.7.7.7 was seen once, 2026-11-05T00:00:00Z: no zone names a network for it, and a private "
        "address is not out in world (networks: any)  [in-no-zone, ZCR 1.1]"
    )
    assert "give it to a zone by networks:" in what_to_do
    assert unlisted == (
        "seen.csv:3: error: 10.1.1.77 was seen 2 times, from 2026-11-03T00:00:00Z to 2026-11-04T00:00:00Z: it is in zone "
        "cell, and no asset has it  [unlisted, ZCR 1.1]"
    )
    assert "with this address as ansible_host" in list_it
    assert said == "5 addresses seen, 2 of them of assets, 1 of the office or the world outside: 2 errors\n"
    found = answer(capsys, root, "check", "seen.csv", status=1)
    assert found["addresses"] == {"seen": 5, "listed": 2, "left-alone": 1}
    assert found["findings"][1]["seen"] == {
        "spoke": True, "times": 2, "first": "2026-11-03T00:00:00Z", "last": "2026-11-04T00:00:00Z", "file": "seen.csv", "line": 3,
    }  # fmt: skip


def test_evidence_tells_addresses_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    Path("stick.txt").write_text(_MARKED.format(clock=now), encoding="utf-8")
    added = exits.run(["-C", str(root), "evidence", "add", "--asset", "hmi-1", "stick.txt"])
    assert added in {0, exits.INCOMPLETE}
    found = answer(capsys, root, "check", "seen.csv", status=1)
    assert found["sources"] == {"flow-logs": 1, "evidence": 2, "stale-evidence": 0}
    # The stranger is the panel's second address: listed now, and in a zone where the panel is not.
    assert [(one["id"], one["about"], one["file"], one["line"]) for one in found["findings"]] == [
        ("in-no-zone", "10.7.7.7", "seen.csv", 5),
        ("unlisted", "10.2.0.77", "control/hmi-1/linux.time.txt", 2),
        ("elsewhere", "hmi-1", "control/hmi-1/linux.listeners.txt", 4),
    ]
    assert [one["id"] for one in answer(capsys, root, "check", status=1)["findings"]] == ["unlisted", "elsewhere"]
    late = told(capsys, root, "check", "--at", "2099-01-01")
    assert (late[0], "2 items of evidence were stale" in late[2]) == (0, True)


def test_without_anything_seen_only_the_inventory_is_judged(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, said = told(capsys, root, "check")
    assert (status, out) == (0, "")
    assert "neither a flow log nor evidence" in said
    twice = {"a": {"ansible_host": "10.1.1.5"}, "b": {"ansible_host": "10.1.1.5/24"}}
    hosts = {"all": {"vars": {"plantproof_zone": "cell"}, "hosts": twice}}
    (root / "inventory.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
    found = answer(capsys, root, "check", status=1)
    assert [(one["id"], one["about"], one["address"]) for one in found["findings"]] == [
        ("address-twice", "a", "10.1.1.5")
    ]


def test_assets_that_nobody_saw_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = "src,dst,dport,proto\n10.1.1.5,10.1.1.5,502,tcp\n10.2.0.9,10.1.1.5,502,tcp\n"
    Path("few.csv").write_text(log, encoding="utf-8")
    assert "not seen, although others of their zones were: hmi-1\n" in told(capsys, root, "check", "few.csv")[2]
    assert answer(capsys, root, "check", "few.csv", status=1)["unseen"] == ["hmi-1"]


def test_many_findings_are_cut_and_say_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"10.1.1.{n},10.1.1.5,22,tcp,,1,\n" for n in range(100, 140))
    Path("many.csv").write_text(_FLOWS.partition("\n")[0] + "\n" + rows, encoding="utf-8")
    out = told(capsys, root, "check", "many.csv")[1]
    assert "... and 15 more; --all shows them, --json too" in out
    assert told(capsys, root, "check", "many.csv", "--all")[1].count("[unlisted") == 40


_LIST = """\
Hostname;IP;Zone;Description;Password
plc-2;10.1.1.6/24;;Filler;hunter2
hmi-1;10.2.0.4;;;hunter2
visitor;;cell;;hunter2
laptop;10.7.7.7;;;hunter2
bad{{ name }};10.1.1.8;;;hunter2
"""


def test_a_csv_becomes_an_inventory_that_we_read(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.csv").write_text(_LIST, encoding="utf-8")
    status, out, said = told(capsys, root, "import", "csv", "list.csv")
    assert status == 1
    assert "list.csv:5: error: laptop: no zone's networks have 10.7.7.7  [no-zone]" in out
    assert "list.csv:6: error: a host without a readable name: its name cannot be written" in out
    assert said == (
        "1 hosts to add, written to imported.yml; 2 there already, 1 in no zone and left out, 1 not usable: 2 errors\n"
    )
    written = Path("imported.yml").read_text(encoding="utf-8")
    assert "hunter2" not in written + out + said
    assert yaml.safe_load(written) == {
        "all": {
            "children": {
                "imported": {
                    "hosts": {
                        "plc-2": {"ansible_host": "10.1.1.6", "plantproof_zone": "cell", "plantproof_title": "Filler"}
                    }
                }
            }
        }
    }
    told(capsys, root, "import", "csv", "list.csv", "-o", "again.yml", "--keep-unplaced")
    Path("again.yml").rename(_folder(root) / "more.yml")
    plant = load_workspace(root).plant
    assert plant.assets["plc-2"].zone == "cell"
    assert set(plant.assets) == {"plc-1", "hmi-1", "plc-2"}  # the unplaced one is in the file, and no asset
    found = answer(capsys, root, "import", "csv", "list.csv", "-o", "third.yml", "--force", status=1)
    assert (found["output"], found["hosts"], len(found["there"])) == (None, [], 4)
    assert not Path("third.yml").exists()


def _folder(root: Path) -> Path:
    """Make the inventory a folder."""
    folder = root / "hosts"
    folder.mkdir()
    (root / "inventory.yml").rename(folder / "inventory.yml")
    settings = root / "plantproof.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("inventory: inventory.yml", "inventory: hosts"), encoding="utf-8")
    return folder


def test_nothing_is_overwritten_by_accident(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.csv").write_text(_LIST, encoding="utf-8")
    arguments = ("import", "csv", "list.csv")
    Path("imported.yml").write_text("mine", encoding="utf-8")
    assert told(capsys, root, *arguments)[0] == 2
    assert Path("imported.yml").read_text(encoding="utf-8") == "mine"
    assert told(capsys, root, *arguments, "--force")[0] == 1
    first = Path("imported.yml").read_bytes()
    assert told(capsys, root, *arguments, "--force")[0] == 1
    assert Path("imported.yml").read_bytes() == first
    assert "read and overwritten" in told(capsys, root, *arguments, "-o", "list.csv", "--force")[2]
    inventory = str(root / "inventory.yml")
    assert "is part of the inventory" in told(capsys, root, *arguments, "-o", inventory, "--force")[2]
    Path("dangling.yml").symlink_to("nowhere.yml")
    assert told(capsys, root, *arguments, "-o", "dangling.yml")[0] == 2
    assert "standard output" in told(capsys, root, *arguments, "-o", "-", "--json")[2]
    status, out, said = told(capsys, root, *arguments, "-o", "-")
    assert (status, out.encode()) == (1, first)
    assert "laptop: no zone's networks have 10.7.7.7" in said


def test_netbox_and_what_a_spreadsheet_made_of_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variables = {
        "ansible_host": "10.1.1.9",
        "sites": ["cell"],
        "status": {"value": "active"},
        "manufacturers": ["Wago"],
    }
    hosts = {"_meta": {"hostvars": {"Coupler 9": variables}}, "ungrouped": {"hosts": ["Coupler 9"]}}
    Path("n.json").write_text(json.dumps(hosts, indent=4), encoding="utf-8")
    found = answer(capsys, root, "import", "netbox", "n.json", "--zone-from", "sites", status=0)
    assert [(one["name"], one["zone"], one["line"]) for one in found["hosts"]] == [("Coupler-9", "cell", 4)]
    Path("n.csv").write_bytes("Name;Status;IP Address\r\nKühler;Active;10.1.1.10/24\r\n".encode("cp1252"))
    status, _, said = told(capsys, root, "import", "netbox", "n.csv", "-o", "n.yml")
    assert (status, "n.csv is not UTF-8; read as Windows-1252" in said) == (0, True)
    assert "Kuhler" in Path("n.yml").read_text(encoding="utf-8")
    assert "plantproof_title: Kühler" in Path("n.yml").read_text(encoding="utf-8")


def test_what_was_seen_is_a_beginning_of_a_list(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("seen.csv").open("a", encoding="utf-8") as log:
        log.write("10.1.1.50,10.1.1.5,502,tcp,,1,\n10.1.1.5,10.1.1.60,9,udp,,1,\n")
    found = answer(capsys, root, "import", "seen", "seen.csv", status=1)
    assert [(one["name"], one["zone"], one["line"]) for one in found["hosts"]] == [("seen-10-1-1-77", "cell", 3)]
    assert found["hosts"][0]["title"] == "Seen 2 times, from 2026-11-03T00:00:00Z to 2026-11-04T00:00:00Z"
    assert [one["name"] for one in found["unplaced"]] == ["seen-10-7-7-7"]
    assert [one["as"] for one in found["there"]] == ["visitor"]
    Path("imported.yml").rename(_folder(root) / "seen.yml")
    left = answer(capsys, root, "check", "seen.csv", status=1)["findings"]
    assert [(one["id"], one["severity"], one["about"]) for one in left] == [
        ("in-no-zone", "error", "10.7.7.7"),
        ("unlisted", "error", "10.1.1.50"),  # said to be no part of the plant, and yet in a zone's network
        ("unlisted", "warning", "10.1.1.60"),  # only spoken to
    ]
    assert "read and overwritten" in told(capsys, root, "import", "seen", "seen.csv", "-o", "seen.csv")[2]


def test_a_list_of_twenty_thousand_is_a_matter_of_seconds(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"h{n},10.{n // 65536 + 100}.{n // 256 % 256}.{n % 256},cel\n" for n in range(20_000))
    Path("big.csv").write_text(f"name,ip,zone\n{rows}", encoding="utf-8")
    found = answer(capsys, root, "import", "csv", "big.csv", status=1)
    assert len(found["unplaced"]) == len(found["findings"]) == 20_000
