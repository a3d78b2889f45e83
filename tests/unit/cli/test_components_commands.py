# SPDX-License-Identifier: Apache-2.0
"""``components`` and ``duties`` over the example of two sites, and a supplier's OSCAL document on its way in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plantproof.cli.exits import run
from plantproof.oscal.references import reference_defects
from plantproof.oscal.schema import schema_defects

AT = ("--at", "2026-11-23")
NIST = "http://csrc.nist.gov/ns/oscal"
OSCAL: dict[str, Any] = {
    "component-definition": {
        "uuid": "6b7f0a46-92a6-4c1d-9d2b-6f7c0ab81f11",
        "metadata": {
            "title": "Products of Hallmann",
            "last-modified": "2026-05-04T08:00:00Z",
            "version": "1",
            "oscal-version": "1.2.1",
            "parties": [
                {"uuid": "0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e0a1", "type": "organization", "name": "Somebody else"},
                {"uuid": "0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e0a2", "type": "organization", "name": "Hallmann"},
            ],
            "roles": [{"id": "vendor", "title": "Vendor"}],
        },
        "components": [
            {
                "uuid": "0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e0b1",
                "type": "hardware",
                "title": "Controller 300",
                "description": "A controller.",
                "props": [{"name": "component-type", "value": "EDR"}, {"name": "version", "value": "5.1"}],
                "responsible-roles": [{"role-id": "vendor", "party-uuids": ["0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e0a2"]}],
                "control-implementations": [
                    {
                        "uuid": "0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e0c1",
                        "source": "urn:plantproof:catalog:iec62443-4-2",
                        "description": "By test.",
                        "implemented-requirements": [
                            {
                                "uuid": f"0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e1{number:02x}",
                                "control-id": control,
                                "description": "How it is done.\n  In two lines. " + "word " * (90 if number == 0 else 0),
                                **({"props": [{"name": "implementation-status", "ns": NIST, "value": state}]} if state else {}),
                            }
                            for number, (control, state) in enumerate(
                                [
                                    ("cr-1.1", "implemented"),
                                    ("CR-1.2", ""),
                                    ("cr-1.3", "partial"),
                                    ("cr-1.4", "not-applicable"),
                                    ("cr-1.4", "planned"),
                                    ("ac-2", "implemented"),
                                    ("sr-1.1", "implemented"),
                                ]
                            )
                        ],
                    }
                ],
            },
            {
                "uuid": "0a0c6a35-1c9a-4fd2-b6c5-1a1a52b5e0b2",
                "type": "hardware",
                "title": "Power supply",
                "description": "Claims nothing.",
            },
        ],
    }
}  # fmt: skip


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("components") / "sites"
    assert run(["init", str(root), "--example", "two-sites"]) == 0
    return root


def said(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert run(["-C", str(root), *arguments]) == status
    out = capsys.readouterr()
    return out.out, out.err


def told(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str, status: int = 0) -> Any:
    return json.loads(said(capsys, root, *arguments, "--json", status=status)[0])


def test_list_and_show(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(capsys, sites, "components", "list", *AT)
    assert "it ran out on 2026-08-31" in out
    found = told(capsys, sites, "components", "list", *AT)
    assert found["rtu-old"]["sl-c"]["IAC"] == 1
    assert found["rtu-old"]["assets"] == ["ww-well-1", "ww-well-2"]
    one = told(capsys, sites, "components", "show", "vpn-gateway", *AT)
    assert (one["by"], one["does-not-hold"]) == ("Prüfhaus Nord (fictional)", "")
    assert "network device" in said(capsys, sites, "components", "show", "vpn-gateway", *AT)[0]
    _, err = said(capsys, sites, "components", "show", "vpn-gatway", status=2)
    assert "Did you mean 'vpn-gateway'?" in err


def test_levels_are_told_beside_those_achieved(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(capsys, sites, "assess", *AT, status=1)
    assert "SL-C  1    2    2" in out
    found = told(capsys, sites, "assess", *AT, status=1)
    assert found["zones"]["ww-wells"]["sl-c"]["claimed"]["IAC"] == 1
    assert found["zones"]["bp-packaging"]["sl-c"]["nothing-claimed-of"] == ["bp-labeller", "bp-palletizer"]
    results = json.loads((sites / "out" / "assessment-results.json").read_text(encoding="utf-8"))
    parts = results["assessment-results"]["results"][0]["local-definitions"]["components"]
    (wells,) = (one for one in parts if {"zone", "ww-wells"} <= {one["props"][0]["name"], one["props"][0]["value"]})
    assert [p["value"] for p in wells["props"] if p["name"] == "sl-c-claimed"] == list("1222222")


def test_check_says_where_and_what_to_do(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = said(capsys, sites, "components", "check", *AT, status=1)
    assert "asset ww-well-2 is less able than zone ww-wells asks: IAC 1 of 2" in out
    assert "9 components, named by 18 of 18 assets: 1 error and 1 warning" in err
    later = told(capsys, sites, "components", "check", "--at", "2026-01-15", status=1)
    assert [one["about"] for one in later["findings"]] == ["ww-well-1", "ww-well-2"]


def test_a_suppliers_document_comes_in_as_it_is_meant(
    sites: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "hallmann.json", sites / "components" / "c300.yml"
    source.write_text(json.dumps(OSCAL), encoding="utf-8")
    ask = ("components", "import", str(source), "--valid-until", "2029-05-03", "-o", str(target))
    _, err = said(capsys, sites, *ask)
    assert "1 components, 4 claims; 2 on other standards left out" in err
    try:
        one = told(capsys, sites, "components", "show", "controller-300", *AT)
        states = {name: claim["state"] for name, claim in one["claims"].items()}
        assert states == {"cr-1.1": "met", "cr-1.2": "met", "cr-1.3": "not-met", "cr-1.4": "not-met"}
        assert (one["supplier"], one["version"], one["type"], one["claim"]) == ("Hallmann", "5.1", "EDR", "declaration")
        assert one["claims"]["cr-1.1"]["remark"].endswith(" ...")
        assert one["claims"]["cr-1.2"]["remark"] == "How it is done. In two lines."
        assert one["stated"] == "2026-05-04T00:00:00Z"
        out, _ = said(capsys, sites, "components", "show", "controller-300", *AT)
        assert "nothing claimed, from SL 1: CR 1.5" in out
        _, err = said(capsys, sites, *ask, status=2)
        assert "is there already" in err
        certified = (*ask[:-2], "--certified-by", "Prüfhaus", "--reference", "X-1")
        assert "certificate" in said(capsys, sites, *certified)[0]
        assert told(capsys, sites, *certified)["components"][0]["reference"] == "X-1"
        said(capsys, sites, *ask, "--force")
    finally:
        target.unlink()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (lambda body: body["components"][0]["props"].clear(), 3, "components/0/props"),
        (lambda body: body["components"][0]["props"].pop(0), 2, "does not say its type"),
        (lambda body: body["components"].pop(0), 3, "claims nothing of IEC 62443-4-2"),
    ],
)
def test_a_document_that_says_too_little_is_refused(
    sites: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, change: Any, status: int, words: str
) -> None:
    data = json.loads(json.dumps(OSCAL))
    change(data["component-definition"])
    (tmp_path / "x.json").write_text(json.dumps(data), encoding="utf-8")
    ask = ("components", "import", str(tmp_path / "x.json"), "--valid-until", "2029-05-03")
    assert words in said(capsys, sites, *ask, status=status)[1]


def test_another_document_is_no_component_definition(
    sites: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = OSCAL["component-definition"]["metadata"] | {"title": "Catalog"}
    catalog = {"catalog": {"uuid": "6b7f0a46-92a6-4c1d-9d2b-6f7c0ab81f12", "metadata": body}}
    (tmp_path / "x.json").write_text(json.dumps(catalog), encoding="utf-8")
    ask = ("components", "import", str(tmp_path / "x.json"), "--valid-until", "2029-05-03")
    assert "is no component definition" in said(capsys, sites, *ask, status=3)[1]


def test_without_components_nothing_is_said_of_capability(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "w")]) == 0
    assert "components import" in said(capsys, tmp_path / "w", "components", "list")[1]
    assert "SL-C" not in said(capsys, tmp_path / "w", "assess", status=1)[0]
    assert "all in order" in said(capsys, tmp_path / "w", "components", "check")[1]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: laptop\n", "id: scanner\n", "component scanner is declared twice"),
        ("valid-until: 2027-05-31", "valid-until: 2024-05-31", "lies before stated"),
        ("    sl-c: 3\n\n  - id: scanner", "\n  - id: scanner", "claims nothing"),
        ("    sl-c: 3\n\n  - id: scanner", "    claims: []\n\n  - id: scanner", "names no requirement"),
        ("    sl-c: 3\n\n  - id: scanner", "    document: /etc/x\n    sl-c: 3\n\n  - id: scanner", "leads out of"),
        ("id: laptop\n", "id: notebook\n", "made of component laptop, which no file in components/ describes"),
        (
            "    sl-c: 3\n\n  - id: scanner",
            "    claims: [{requirement: cr-1.99, state: met}]\n\n  - id: scanner",
            "IEC 62443-4-2 has no requirement cr-1.99",
        ),
        (
            "    sl-c: 3\n\n  - id: scanner",
            "    claims: [{requirement: cr-1.1, state: met}, {requirement: cr-1.1, state: met}]\n\n  - id: scanner",
            "cr-1.1 is given twice",
        ),
    ],
)
def test_what_is_wrong_has_a_file_and_a_line(
    sites: Path, capsys: pytest.CaptureFixture[str], *, old: str, new: str, words: str
) -> None:
    path = sites / "components" / "products.yml"
    good = path.read_text(encoding="utf-8")
    assert old in good
    try:
        path.write_text(good.replace(old, new, 1), encoding="utf-8")
        _, err = said(capsys, sites, "components", "list", status=3)
        assert words in err
        assert "products.yml:" in err or "inventory.yml" in err
    finally:
        path.write_text(good, encoding="utf-8")


def test_duties_of_a_role_in_a_zone(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, sites, "duties", *AT, "--role", "integrator", "--zone", "ww-wells")["obligations"]
    assert {one["standard"] for one in found} == {"iec62443-3-3"}
    assert {tuple(one["parties"]) for one in found} == {("Wasserbau Leittechnik (fictional)",)}
    gone = told(capsys, sites, "duties", *AT, "--role", "integrator", "--zone", "bp-filling")["obligations"]
    assert {tuple(one["parties"]) for one in gone} == {()}
    before = told(capsys, sites, "duties", "--at", "2026-03-01", "--role", "integrator", "--zone", "bp-filling")
    assert {tuple(one["parties"]) for one in before["obligations"]} == {("Anlagenbau Flasche (fictional)",)}
    out, err = said(capsys, sites, "duties", *AT, "--party", "Fernwirk Brandt (fictional)", "--open")
    assert "rtu-old" in out
    assert "level claimed" in out
    assert "duties; roles:" in err


def test_a_measure_and_a_claim_are_told_in_the_state(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = told(capsys, sites, "duties", *AT, "--component", "controller-70", "--role", "product-supplier")
    assert {one["state"] for one in old["obligations"]} == {"level claimed, it ran out on 2026-08-31"}
    assert not any(one["met"] for one in old["obligations"])
    good = told(capsys, sites, "duties", *AT, "--component", "vpn-gateway", "--standard", "iec62443-4-2")
    assert all(one["met"] for one in good["obligations"])
    assert {one["part"] for one in good["obligations"]} == {""}


def test_the_summary_counts_by_party(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, sites, "duties", *AT)["summary"]
    workshop = [one for one in found if one["role"] == "maintainer"]
    assert [(one["standard"], one["judged"], one["met"]) for one in workshop] == [("iec62443-2-4", 0, 0)]
    assert any(one["party"] is None and one["role"] == "integrator" for one in found)
    owner = [one["standard"] for one in found if one["party"] == "Nordfeld Utilities (fictional)"]
    assert "iec62443-2-1-2024" in owner


@pytest.mark.parametrize(
    ("option", "name"), [("--zone", "ww-well"), ("--party", "Wasserbau"), ("--component", "laptopp")]
)
def test_unknown_names_are_refused(sites: Path, capsys: pytest.CaptureFixture[str], option: str, name: str) -> None:
    assert "there is no" in said(capsys, sites, "duties", option, name, status=2)[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{role: owner, party: x}", "'owner' is not a role"),
        ("{role: integrator}", "has no party"),
        ("{role: integrator, party: x, assets: []}", "names no asset"),
        ("{role: integrator, party: x, assets: [nobody]}", "asset nobody is not in the inventory"),
        ("{role: integrator, party: x, zones: [nowhere]}", "names zone nowhere"),
        ("{role: integrator, party: x, conduit: nowhere}", "names conduit nowhere"),
        ("{role: integrator, party: x, zone: ww-wells, zones: [ww-wells]}", "has both zone and zones"),
    ],
)
def test_roles_that_are_wrong_are_refused(
    sites: Path, capsys: pytest.CaptureFixture[str], line: str, words: str
) -> None:
    path = sites / "roles" / "more.yml"
    try:
        path.write_text(f"roles:\n  - {line}\n", encoding="utf-8")
        _, err = said(capsys, sites, "duties", status=3)
        assert words in err
        assert "more.yml:2" in err
    finally:
        path.unlink()


def test_a_party_may_answer_for_single_assets(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sites / "roles" / "more.yml"
    try:
        path.write_text("roles:\n  - {role: integrator, party: Filler GmbH, assets: [bp-filler]}\n", encoding="utf-8")
        found = told(capsys, sites, "duties", *AT, "--party", "Filler GmbH", "--standard", "iec62443-3-3")
        assert {one["part"] for one in found["obligations"]} == {"bp-filling"}
    finally:
        path.unlink()


def test_the_plan_names_products_and_parties(sites: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, sites, "ssp", *AT, "-o", str(tmp_path / "plan.json"))
    data = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [str(one) for one in (*schema_defects(data), *reference_defects(data))] == []
    plan = data["system-security-plan"]
    held = {one["role-id"]: len(one["party-uuids"]) for one in plan["metadata"]["responsible-parties"]}
    assert held == {"asset-owner": 1, "integrator": 1, "maintainer": 1, "product-supplier": 7}
    products = {
        one["props"][0]["value"]: one
        for one in plan["system-implementation"]["components"]
        if one.get("props", [{}])[0].get("name") == "product"
    }
    assert products["scada-suite"]["type"] == "software"
    levels = {name: {p["value"] for p in one["props"] if p["name"] == "sl-c-claimed"} for name, one in products.items()}
    assert (levels["controller-70"], levels["vpn-gateway"], levels["rtu-old"]) == ({"0"}, {"3"}, {"1", "2"})
    made = {
        one["component-uuid"]
        for item in plan["system-implementation"]["inventory-items"]
        for one in item["implemented-components"]
    }
    assert {one["uuid"] for one in products.values()} <= made


def test_explain_tells_what_components_claim(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said(capsys, sites, "explain", "bp-packaging", "sr-1.1", *AT)
    assert "bp-labeller is controller-70 (certified by Prüfhaus Nord (fictional); does not hold: it ran out" in out
    found = told(capsys, sites, "explain", "ww-wells", "SR 1.1", *AT)["claims"]
    assert {(one["asset"], one["requirement"], one["state"]) for one in found} == {
        ("ww-well-1", "cr-1.1", "met"),
        ("ww-well-2", "cr-1.1", "met"),
    }
    assert found[0]["remark"] == "follows from SL-C 1 in IAC"
    assert told(capsys, sites, "explain", "ww-wells", "sr-1.1.re-1", *AT)["claims"] == []
    assert told(capsys, sites, "explain", "ww-sis-status", "sr-1.1", *AT)["claims"] == []
