# SPDX-License-Identifier: Apache-2.0
"""No list makes a reader crash, no host is lost, and what is written says the same to YAML and to Ansible."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fakes.inventories import ALLOWED, asset, host, plant, zone
from plantproof.adapters.documents import dump_yaml
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.inventory import Known, read_inventory
from plantproof.connectors.inventory import HEADER, inventory_of, read_netbox, read_table
from plantproof.core.inventory import SAFE_NAME, bring
from plantproof.errors import PlantproofError

PLANT = plant(zone("cell", "10.1.1.0/24"), zone("007", "10.2.0.0/16"), asset("plc", "cell", "10.1.1.5"))
EXISTING = {"plc": "10.1.1.5"}
NASTY = st.sampled_from(
    ["a\nb: {c: d}", "{{ lookup('pipe', 'id') }}", "!vault |", "!!python/object:os.system", "&a *a", "- x", "yes", "null", "~", "1e5", "0x10", "012", "1_000", "12:30:45", "2026-11-23", "true", "all", "host[1:9]", "a:22", "#x", "'", '"', "=cmd()", "@x", "%x", "`x`", "\x85", "\u2028", "\ud7ff", "<<", "?", "x" * 600, "..", "a/b", "-", "=", ".inf", "\ufeff"]
)  # fmt: skip
TEXTS = st.one_of(NASTY, st.text(max_size=12), st.from_regex(SAFE_NAME, fullmatch=True))
ADDRESSES = st.one_of(st.builds("10.1.1.{}".format, st.integers(0, 255)), st.builds("10.2.{}.9/16".format, st.integers(0, 300)), TEXTS, st.just(""))  # fmt: skip
ZONES = st.one_of(st.sampled_from(["", "cell", "007", "The cell"]), TEXTS)
HOSTS = st.lists(st.builds(host, TEXTS, ADDRESSES, ZONES, title=TEXTS, line=st.integers(2, 99)), max_size=12)


@given(HOSTS)
@example(
    [host(name, f"10.1.1.{n}", title=name) for n, name in enumerate(["yes", "1e5", "0x10", "null", "012", "1_000"], 20)]
)
def test_nothing_is_lost_and_what_is_written_says_the_same(hosts: list[object]) -> None:
    found = bring(hosts, PLANT, EXISTING, ALLOWED)  # type: ignore[arg-type]  # hypothesis does not tell
    assert len(found.hosts) + len(found.unplaced) + len(found.there) + len(found.left_out) == len(hosts)
    assert len(found.left_out) + len(found.unplaced) <= len(found.findings)
    assert all(one.message.isprintable() and one.hint for one in found.findings)
    every = [*found.hosts, *found.unplaced]
    assert all(SAFE_NAME.fullmatch(one.name) for one in every)
    assert len({one.name.casefold() for one in every}) == len(every)
    text = dump_yaml(inventory_of(found.hosts, found.unplaced))
    assert text == dump_yaml(inventory_of(found.hosts, found.unplaced))
    assert "{{" not in text
    children = yaml.safe_load(text)["all"]["children"]
    assert list(children["imported"]["hosts"]) == [one.name for one in found.hosts]
    for one in found.hosts:
        variables = children["imported"]["hosts"][one.name]
        assert variables["plantproof_zone"] == one.zone
        assert variables.get("plantproof_title", "") == one.title
        assert variables.get("ansible_host", "") == one.address


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTS)
@example([host(name, f"10.1.1.{n}", title=name) for n, name in enumerate(["yes", "1e5", "0x10", "12", "null", "012", "1_000", "2026-11-23", "true", "1.5", "10.1.1.9", "on"], 20)])  # fmt: skip
def test_our_own_reader_takes_what_is_written(tmp_path: Path, hosts: list[object]) -> None:
    found = bring(hosts, PLANT, EXISTING, ALLOWED)  # type: ignore[arg-type]  # as above
    file = tmp_path / "hosts.yml"
    file.write_text(HEADER + dump_yaml(inventory_of(found.hosts, found.unplaced)), encoding="utf-8")
    defects = Defects()
    assets = read_inventory(file, zones=PLANT.zones, known=Known(), defects=defects)
    assert defects.found == []
    assert {(one.id, one.zone, one.title) for one in assets.values()} == {
        (one.name, one.zone, one.title.strip()) for one in found.hosts
    }


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8).map(str.strip)


@given(st.lists(st.tuples(CELLS.filter(bool), CELLS, CELLS), max_size=8), st.sampled_from(",;\t"))
def test_a_table_goes_out_and_comes_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Name", "Address", "Title"])
    # A spreadsheet's guard against formulas is taken off on the way in, so it is put on here as we write it.
    writer.writerows([[f"'{cell}" if cell[:1] in tuple("'=+-@") else cell for cell in row] for row in rows])
    found = read_table(out.getvalue(), name="l.csv")
    assert [(one.name, one.address, one.title) for one in found] == rows
    assert [one.where.line for one in found] == sorted(one.where.line or 0 for one in found)


@pytest.mark.parametrize("read", [lambda text: read_table(text, name="l"), lambda text: read_netbox(text, name="l", zones=("cell",))])  # fmt: skip
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.lists(st.one_of(TEXTS, st.sampled_from(["name,ip", '"', ",", "a,b"])), max_size=8).map("\n".join),
    )
)
@example(text='name\n"' + "x" * 200_000)
@example(text="name," + "," * 100_000)
@example(text='{"a":' * 50_000)
def test_any_text_is_a_list_or_an_error(read: object, text: str) -> None:
    try:
        found = read(text)  # type: ignore[operator]  # one of the two above
    except PlantproofError:
        return
    bring(found, PLANT, EXISTING, ALLOWED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "slug", "zone", "address", "x"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
VARIABLES = st.dictionaries(st.sampled_from(["ansible_host", "primary_ip4", "custom_fields", "zone", "status", "tags", "sites", "platforms", "plantproof_collectors", "plantproof_title"]), JSON, max_size=6)  # fmt: skip


@given(
    st.dictionaries(TEXTS, st.one_of(VARIABLES, JSON), max_size=5), st.sampled_from(["", "sites", "custom_fields.zone"])
)
def test_any_variables_of_netbox_are_read(hosts: dict[str, object], zone_from: str) -> None:
    text = json.dumps({"_meta": {"hostvars": hosts}, "all": {"hosts": list(hosts)}}, indent=2, ensure_ascii=False)
    found = read_netbox(text, name="n", zones=("cell",), zone_from=zone_from)
    assert [one.name for one in found] == list(hosts)
    bring(found, PLANT, EXISTING, ALLOWED)
