# SPDX-License-Identifier: Apache-2.0
"""What firewalls let through as evidence: proven only by what was collected, whole and in date; disproven by anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakes.evidence import DAYS, make_item
from plantproof.cli.judging import Evidence, Judged, judge_by
from plantproof.cli.wiring import Wiring
from plantproof.core.judgement import ControlStatus
from plantproof.core.levels import FR
from plantproof.core.statements import Statements
from plantproof.core.verdicts import Verdict
from plantproof.oscal.references import reference_defects
from plantproof.oscal.results import write_assessment_results, write_poam
from plantproof.oscal.schema import schema_defects
from plantproof.ports.locker import StoredItem

ZONES = """\
zones:
  - {id: office, sl-t: 1, purdue: 4, networks: [10.1.0.0/16]}
  - {id: dmz, sl-t: 2, purdue: 3.5, networks: [10.2.0.0/24]}
  - {id: cell, sl-t: 2, purdue: 1, networks: [10.4.0.0/24]}
conduits:
  - {id: reports, zones: [office, dmz], sl-t: 2, flows: [{from: office, to: dmz, service: https}]}
  - {id: counts, zones: [dmz, cell], sl-t: 2, flows: [{from: dmz, to: cell, service: modbus}]}
firewalls:
  - id: fw
    dialect: iptables-save
    asset: gate
    interfaces: [{name: a, zone: office}, {name: b, zone: dmz}, {name: c, zone: cell}]
"""
INVENTORY = """\
all:
  hosts:
    gate: {plantproof_zone: dmz, plantproof_collectors: [linux_host]}
    plc: {plantproof_zone: cell}
"""
PATH = "dmz/gate/linux.firewall.txt"
WANTED = (
    "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A FORWARD -s 10.1.0.0/16 -d 10.2.0.0/24 -p tcp -m tcp --dport 443 -j ACCEPT",
    "-A FORWARD -s 10.2.0.0/24 -d 10.4.0.0/24 -p tcp -m tcp --dport 502 -j ACCEPT",
    "-A FORWARD -s 10.2.0.0/24 -d 10.4.0.0/24 -p udp -m udp --dport 502 -j ACCEPT",
)
CLOSED = ("*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]")
CHECK = "zone-boundary-declared"


def rules(*lines: str) -> bytes:
    return b"nf_tables yes\n@@ command iptables-save\n" + table(*lines) + b"@@ command ip6tables-save\n" + table()


def table(*lines: str) -> bytes:
    text = "".join(f"{line}\n" for line in (*CLOSED, *lines, "COMMIT"))
    return text.encode()


@pytest.fixture
def works(tmp_path: Path) -> Path:
    (tmp_path / "plant").mkdir()
    (tmp_path / "plantproof.yml").write_text("version: 1\nplant: {name: Works, owner: Owner}\n", encoding="utf-8")
    (tmp_path / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    (tmp_path / "inventory.yml").write_text(INVENTORY, encoding="utf-8")
    return tmp_path


def judged(works: Path, content: bytes | None, at: str = DAYS[1], notes: tuple[str, ...] = ()) -> Judged:
    wiring = Wiring.of(works)
    items = {} if content is None else {PATH: StoredItem(item=make_item(PATH, content, notes=notes), commit="1" * 40)}
    evidence = Evidence(at=at, commit="1" * 40, items=items, not_collected=())
    return judge_by(wiring, evidence, wiring.workspace.plant, Statements())


def verdicts(found: Judged) -> dict[str, Verdict]:
    return {one.zone: one.verdict for one in found.assessment.outcomes if one.check == CHECK}


def status(found: Judged, part: str, control: str = "sr-5.2.re-1") -> ControlStatus:
    return found.assessment.parts[part].controls[control]


def everywhere(verdict: Verdict) -> dict[str, Verdict]:
    return dict.fromkeys(("office", "dmz", "cell", "reports", "counts"), verdict)


def test_only_declared_flows_in_collected_rules_prove_denial_by_default(works: Path) -> None:
    found = judged(works, rules(*WANTED))
    assert verdicts(found) == everywhere(Verdict.SATISFIED)
    for part in ("office", "dmz", "cell", "counts"):  # with assets and without
        assert status(found, part).verdict is Verdict.SATISFIED
        assert status(found, part, "sr-5.2").verdict is Verdict.NO_EVIDENCE
    assert status(found, "cell").reason == f"demonstrated by {CHECK}"
    assert "checks support it, but none demonstrates it" in status(found, "office", "sr-5.2").reason
    (one,) = (outcome for outcome in found.assessment.outcomes if (outcome.check, outcome.zone) == (CHECK, "cell"))
    assert one.message == "the firewalls let through only what conduits declare (passages: 2)"
    assert [ref.path for ref in one.evidence] == [PATH]


def test_one_rule_too_many_speaks_against_both_its_zones_by_its_line(works: Path) -> None:
    found = judged(
        works, rules(*WANTED, "-A FORWARD -s 10.1.0.0/16 -d 10.4.0.0/24 -p tcp -m tcp --dport 3389 -j ACCEPT")
    )
    good, bad = Verdict.SATISFIED, Verdict.NOT_SATISFIED
    assert verdicts(found) == {"office": bad, "dmz": good, "cell": bad, "reports": good, "counts": good}
    for control in ("sr-5.2", "sr-5.2.re-1"):
        assert status(found, "cell", control).verdict is bad
    says = f"cell: office reaches cell by rdp (tcp/3389), and no conduit declares it ({PATH}:10)"
    assert status(found, "cell").reason == says
    assert [outcome.lines for outcome in found.assessment.outcomes if outcome.zone == "office"] == [(10,)]
    assert found.assessment.zones["cell"].possible[FR.RDF] == 0


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("-A FORWARD -s 10.1.0.0/16 -d 10.4.0.0/24 -m strange --thing -j ACCEPT", Verdict.INCONCLUSIVE),
        ("-A FORWARD -s 10.1.0.0/16 -d 10.4.0.0/24 -m limit --limit 5/min -j ACCEPT", Verdict.INCONCLUSIVE),
    ],
)
def test_what_is_not_understood_proves_nothing(works: Path, line: str, verdict: Verdict) -> None:
    found = verdicts(judged(works, rules(line, *WANTED)))
    assert (found["office"], found["cell"]) == (verdict, verdict)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "-A FORWARD -s 172.16.0.0/12 -d 10.4.0.7/32 -p tcp -m tcp --dport 80 -j ACCEPT",
            "fw lets in IPv4 from addresses of no zone (line 10)",
        ),
        (
            "-A FORWARD -s 10.4.0.0/24 ! -d 10.0.0.0/8 -j ACCEPT",
            "fw lets out IPv4 to addresses of no zone (line 10)",
        ),
    ],
)
def test_addresses_that_no_zone_has_leave_everything_open(works: Path, line: str, says: str) -> None:
    found = judged(works, rules(*WANTED, line))
    assert verdicts(found) == everywhere(Verdict.INCONCLUSIVE), "nobody can say where it comes from or goes"
    assert says in status(found, "cell").reason


def test_a_filter_for_one_address_family_leaves_the_other_open(works: Path) -> None:
    content = b"@@ command iptables-save\n" + table(*WANTED)
    found = judged(works, content)
    assert verdicts(found) == everywhere(Verdict.INCONCLUSIVE)
    assert "fw lets through IPv6 between addresses of no zone" in status(found, "cell").reason


def test_what_a_collector_could_not_read_leaves_everything_open(works: Path) -> None:
    found = judged(works, rules(*WANTED), notes=("cannot run nft: needs root",))
    assert verdicts(found) == everywhere(Verdict.INCONCLUSIVE)
    assert "fw: cannot run nft: needs root" in status(found, "cell").reason


def test_what_nobody_collected_disproves_and_does_not_prove(works: Path) -> None:
    plant = works / "plant" / "zones.yml"
    plant.write_text(ZONES.replace("asset: gate", "config: fw.rules"), encoding="utf-8")
    (works / "fw.rules").write_bytes(table(*WANTED))
    assert verdicts(judged(works, None)) == everywhere(Verdict.INCONCLUSIVE)
    (works / "fw.rules").write_bytes(table("-A FORWARD -s 10.1.0.0/16 -d 10.4.0.0/24 -j ACCEPT", *WANTED))
    assert verdicts(judged(works, None))["cell"] is Verdict.NOT_SATISFIED
    (works / "fw.rules").unlink()
    assert verdicts(judged(works, None)) == everywhere(Verdict.NO_EVIDENCE)


def test_a_routing_table_that_nobody_collected_proves_nothing(works: Path) -> None:
    plant = works / "plant" / "zones.yml"
    plant.write_text(ZONES.replace("asset: gate", "asset: gate\n    routes: fw.routes"), encoding="utf-8")
    ways = {"10.1.0.0/16": "a", "10.2.0.0/24": "b", "10.4.0.0/24": "c"}
    routes = [{"dst": network, "dev": name} for network, name in ways.items()]
    (works / "fw.routes").write_text(json.dumps(routes), encoding="utf-8")
    assert verdicts(judged(works, rules(*WANTED))) == everywhere(Verdict.INCONCLUSIVE)


def test_old_evidence_is_stale_and_none_is_none(works: Path) -> None:
    assert verdicts(judged(works, rules(*WANTED), at="2099-01-01T00:00:00Z")) == everywhere(Verdict.STALE)
    found = judged(works, None)
    assert verdicts(found) == everywhere(Verdict.NO_EVIDENCE)
    assert "the locker has no linux.firewall of gate" in status(found, "cell").reason


def test_a_zone_that_no_interface_leads_to_leaves_the_others_open(works: Path) -> None:
    plant = works / "plant" / "zones.yml"
    text = ZONES.replace("conduits:", "  - {id: lab, sl-t: 1, purdue: 3, networks: [10.9.0.0/24]}\nconduits:", 1)
    plant.write_text(text, encoding="utf-8")
    found = verdicts(judged(works, rules(*WANTED)))
    assert found == {**everywhere(Verdict.INCONCLUSIVE), "lab": Verdict.NO_EVIDENCE}


def test_without_firewalls_nobody_is_asked(works: Path) -> None:
    plant = works / "plant" / "zones.yml"
    plant.write_text(ZONES.partition("firewalls:")[0], encoding="utf-8")
    assert verdicts(judged(works, None)) == {}


@pytest.mark.parametrize("single", [False, True])
def test_results_name_zones_and_conduits_as_subjects(works: Path, *, single: bool) -> None:
    found = judged(works, rules("-A FORWARD -s 10.1.0.0/16 -d 10.4.0.0/24 -j ACCEPT", *WANTED))
    checks = {compiled.check.id: compiled.check for compiled in found.rules.checks}
    chunks: list[bytes] = []
    write_assessment_results(found.assessment, found.plant, checks, chunks.append, tool="test", single_subjects=single)
    results: Any = json.loads(b"".join(chunks))
    assert [str(defect) for defect in (*schema_defects(results), *reference_defects(results))] == []
    result = results["assessment-results"]["results"][0]
    about = [
        subject
        for observation in result["observations"]
        if {"check": CHECK}.items() <= {prop["name"]: prop["value"] for prop in observation["props"]}.items()
        for subject in observation["subjects"]
    ]
    assert sorted(subject["title"] for subject in about) == ["cell", "counts", "dmz", "office", "reports"]
    components = {one["uuid"] for one in result["local-definitions"]["components"]}
    assert {subject["type"] for subject in about} == {"component"}
    assert {subject["subject-uuid"] for subject in about} <= components
    assert len({observation["uuid"] for observation in result["observations"]}) == len(result["observations"])
    chunks.clear()
    assert write_poam(found.assessment, found.plant, checks, chunks.append, tool="test")
    plan: Any = json.loads(b"".join(chunks))
    assert [str(defect) for defect in (*schema_defects(plan), *reference_defects(plan))] == []
    titles = [one["title"] for one in plan["plan-of-action-and-milestones"]["risks"]]
    assert titles == [
        "Only declared flows cross the boundary: not so in zone cell",
        "Only declared flows cross the boundary: not so in zone office",
    ]


def test_what_is_told_is_the_same_wherever_the_workspace_lies(works: Path) -> None:
    plant = works / "plant" / "zones.yml"
    plant.write_text(ZONES.replace("asset: gate", "config: fw.rules"), encoding="utf-8")
    told = {one.message for one in judged(works, None).assessment.outcomes if one.check == CHECK}
    assert told == {"not collected: fw: fw.rules: fw.rules cannot be read: No such file or directory"}
    (works / "fw.rules").write_text("nonsense\n", encoding="utf-8")
    assert not any(str(works) in one.message for one in judged(works, None).assessment.outcomes)


def plant_of(works: Path, *changes: tuple[str, str]) -> None:
    text = ZONES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (works / "plant" / "zones.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("way", ["-i", "-o"])
def test_an_interface_that_nobody_declares_leaves_everything_open(works: Path, way: str) -> None:
    plant_of(works, ("conduits:", "  - {id: world, sl-t: 0, kind: external, networks: any}\nconduits:"),
             ("{name: c, zone: cell}", "{name: c, zone: cell}, {name: w, zone: world}"))  # fmt: skip
    # Every address is some zone's: only the interface tells.
    assert set(verdicts(judged(works, rules(*WANTED))).values()) == {Verdict.SATISFIED}
    found = judged(works, rules(*WANTED, f"-A FORWARD {way} wlan0 -s 10.4.0.0/24 -d 10.4.0.0/24 -j ACCEPT"))
    assert set(verdicts(found).values()) == {Verdict.INCONCLUSIVE}
    assert "fw has rules for wlan0, of which nobody says what lies behind (line 10)" in status(found, "cell").reason


def test_a_zone_that_nothing_is_known_of_is_not_proven(works: Path) -> None:
    plant_of(works, ("conduits:", "  - {id: ghost, sl-t: 1, purdue: 3}\nconduits:"))
    assert verdicts(judged(works, rules(*WANTED)))["ghost"] is Verdict.NO_EVIDENCE


def test_what_crosses_into_a_zone_crosses_into_those_around_it(works: Path) -> None:
    plant_of(works, ("  - {id: cell,", "  - {id: site, sl-t: 1, purdue: 2}\n  - {id: cell, parent: site,"))
    assert verdicts(judged(works, rules(*WANTED)))["site"] is Verdict.SATISFIED
    open_rule = "-A FORWARD -s 10.1.0.0/16 -d 10.4.0.0/24 -p tcp -m tcp --dport 3389 -j ACCEPT"
    assert verdicts(judged(works, rules(*WANTED, open_rule)))["site"] is Verdict.NOT_SATISFIED
    (works / "inventory.yml").write_text(INVENTORY + "    printer: {plantproof_zone: site}\n", encoding="utf-8")
    assert verdicts(judged(works, rules(*WANTED)))["site"] is Verdict.NO_EVIDENCE


def test_routers_alone_prove_nothing(works: Path) -> None:
    any_way = "{from: office, to: dmz, service: any}, {from: dmz, to: office, service: any}"
    plant_of(works, ("dialect: iptables-save\n    asset: gate", "dialect: none"),
             ("{from: office, to: dmz, service: https}", any_way),
             ("interfaces: [{name: a, zone: office}, {name: b, zone: dmz}, {name: c, zone: cell}]",
              "interfaces: [{name: a, zone: office}, {name: b, zone: dmz}]"))  # fmt: skip
    found = judged(works, rules(*WANTED))
    assert verdicts(found)["office"] is Verdict.INCONCLUSIVE
    plant_of(works, ("dialect: iptables-save\n    asset: gate", "dialect: none"))
    assert verdicts(judged(works, None))["office"] is Verdict.NOT_SATISFIED


def test_a_file_that_is_called_like_evidence_is_a_file(works: Path) -> None:
    plant_of(works, ("asset: gate", f"config: {PATH}"))
    (works / PATH).parent.mkdir(parents=True)
    (works / PATH).write_bytes(table(*WANTED))
    assert verdicts(judged(works, rules("-A FORWARD -j ACCEPT"))) == everywhere(Verdict.INCONCLUSIVE)


def test_reading_only_is_not_proven_by_ports(works: Path) -> None:
    plant_of(works, ("service: modbus}", "service: modbus, write: false}"))
    found = verdicts(judged(works, rules(*WANTED)))
    unsure = Verdict.INCONCLUSIVE
    assert (found["dmz"], found["cell"], found["counts"]) == (unsure, unsure, unsure)
    assert found["office"] is Verdict.SATISFIED


def test_what_lies_outside_of_the_plant_is_not_judged(works: Path) -> None:
    world = "  - {id: world, sl-t: 0, kind: external, networks: any}\n"
    cloud = "  - {id: cloud, sl-t: 1, kind: cloud, networks: [203.0.113.0/24]}\n"
    far = "conduits:\n  - {id: far, zones: [world, cloud], sl-t: 0}"
    ports = "{name: c, zone: cell}, {name: w, zones: [world, cloud]}"
    plant_of(works, ("conduits:", world + cloud + far), ("{name: c, zone: cell}", ports))
    assert verdicts(judged(works, rules(*WANTED))) == everywhere(Verdict.SATISFIED)


def test_a_translation_for_an_interface_that_nobody_declares_lets_nothing_through(works: Path) -> None:
    plant_of(works, ("conduits:", "  - {id: world, sl-t: 0, kind: external, networks: any}\nconduits:"),
             ("{name: c, zone: cell}", "{name: c, zone: cell}, {name: w, zone: world}"))  # fmt: skip
    head, mark, tail = rules(*WANTED).partition(b"*filter")
    nat = b"*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o wan9 -j MASQUERADE\nCOMMIT\n"
    assert verdicts(judged(works, head + nat + mark + tail)) == everywhere(Verdict.SATISFIED)
