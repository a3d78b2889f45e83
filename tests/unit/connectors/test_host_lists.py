# SPDX-License-Identifier: Apache-2.0
"""Lists of hosts as other tools export them, and the facts that tell addresses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plantproof.connectors.inventory import addresses_in, named_columns, read_netbox, read_table
from plantproof.core.inventory import Candidate
from plantproof.errors import ContentError, PlantproofError, UsageError
from plantproof.parsers.registry import parse


def row(one: Candidate) -> tuple[str, str, str, str, int | None]:
    return one.name, one.address, one.zone, one.title, one.where.line


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n"])
def test_a_table_however_it_is_divided(delimiter: str, end: str, before: str) -> None:
    lines = ["Name,IP Address,Zone,Description", 'plc-1,10.1.1.5,cell,"Filler"', "plc-2,10.1.1.6,,"]
    text = before + end.join(line.replace(",", delimiter) for line in lines) + end
    shift = before.count("\n")
    assert [row(one) for one in read_table(text, name="l.csv")] == [
        ("plc-1", "10.1.1.5", "cell", "Filler", 2 + shift),
        ("plc-2", "10.1.1.6", "", "", 3 + shift),
    ]


def test_quoted_cells_keep_their_lines_and_the_table_its_numbers() -> None:
    text = 'sep=;\r\nname;ip;title\r\n"a;b";10.1.1.5;"two\r\nlines"\r\nc;10.1.1.6;"say ""yes"""\r\n'
    assert [row(one) for one in read_table(text, name="l.csv")] == [
        ("a;b", "10.1.1.5", "", "two\r\nlines", 3),
        ("c", "10.1.1.6", "", 'say "yes"', 5),
    ]


@pytest.mark.parametrize(
    ("headings", "taken"),
    [
        ("Hostname,IP-Adresse", ("a", "b")),
        ("DEVICE_NAME,Primary IP", ("a", "b")),
        ("inventory_hostname,ansible_host", ("a", "b")),
        ("Gerätename,Adresse", ("a", "b")),
        ("IPv4 Address,Asset Name", ("b", "a")),
        ("sysName,mgmt-ip", ("a", "b")),
    ],
)
def test_headings_that_are_common_in_exports(headings: str, taken: tuple[str, str]) -> None:
    (one,) = read_table(f"{headings}\na,b\n", name="l.csv")
    assert (one.name, one.address) == taken


def test_of_several_columns_the_first_that_says_something() -> None:
    text = "Address,primary_ip6,primary_ip4,name\nStreet 1,2001:db8::1,10.1.1.5/24,a\nStreet 2,2001:db8::2,,b\nx,,,c\n"
    assert [one.address for one in read_table(text, name="l.csv")] == ["10.1.1.5/24", "2001:db8::2", "x"]


def test_columns_are_named_by_the_user() -> None:
    columns = named_columns(["name=Kürzel", "zone= Bereich", "title="])
    text = "Kürzel,IP,Bereich,Title,Name\na,10.1.1.5,cell,t,other\n"
    (one,) = read_table(text, name="l.csv", columns=columns)
    assert row(one) == ("a", "10.1.1.5", "cell", "", 2)


@pytest.mark.parametrize(
    "heading", ["Password", "SNMP Community", "api-key", "Kennwort", "root_passwd", "Enable Secret"]
)
def test_secrets_are_not_asked_for(heading: str) -> None:
    with pytest.raises(UsageError, match="column of secrets"):
        named_columns([f"title={heading}"])
    with pytest.raises(UsageError, match="column of secrets"):
        read_netbox("{}", name="n", zones=(), zone_from=f"custom_fields.{heading}")
    read = read_table(f"name,ip,{heading}\na,10.1.1.5,hunter2\n", name="l.csv")
    assert "hunter2" not in repr(read)


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("", {}, "is empty"),
        ("\ufeff\n \n", {}, "is empty"),
        ("foo,bar\n1,2\n", {}, "l.csv:1: no column is known as name or address"),
        ("name,ip\na,10.1.1.5,x\n", {}, "l.csv:2: the row has 3 cells"),
        ('name,ip\na,"10.1.1.5\n', {}, "l.csv:2: the table cannot be read"),
        ("name,name\na,b\n", {}, "stands twice"),
        ("name,ip\na,b\n", {"zone": "area"}, "has no column 'area'"),
    ],
)
def test_what_is_no_table_is_said(text: str, columns: dict[str, str], said: str) -> None:
    with pytest.raises(PlantproofError) as caught:
        read_table(text, name="l.csv", columns=columns)
    assert said in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["zone", "area=Zone", "=x"])
def test_columns_that_nobody_knows(text: str) -> None:
    with pytest.raises(UsageError, match="is not NAME=HEADING"):
        named_columns([text])


def netbox(**hosts: dict[str, Any]) -> str:
    """As ``ansible-inventory --list`` prints."""
    groups = {"all": {"children": ["ungrouped"]}, "ungrouped": {"hosts": [*hosts, "bare"]}}
    return json.dumps({"_meta": {"hostvars": hosts}, **groups}, indent=4)


PLAIN = {
    "ansible_host": "10.1.1.5",
    "custom_fields": {"zone": "cell", "password": "hunter2"},
    "device_type": "s7-1500",
    "is_virtual": False,
    "manufacturer": "siemens",
    "platform": "cisco-ios",
    "role": "plc",
    "site": "works",
    "status": {"label": "Active", "value": "active"},
    "tags": ["cell", "backed-up"],
}
PLURAL = {
    "ansible_host": "10.1.1.6",
    "custom_fields": {},
    "device_roles": ["plc"],
    "device_types": ["s7-1500"],
    "manufacturers": ["siemens"],
    "platforms": ["frr"],
    "sites": ["works"],
    "status": {"label": "Planned", "value": "planned"},
    "tags": ["backed-up"],
}
FLAT = {"primary_ip4": "10.1.1.7", "zone": "cell", "config_context": [{"a": 1}], "local_context_data": [None]}


def test_the_inventory_plugin_with_and_without_plurals() -> None:
    text = netbox(plain=PLAIN, plural=PLURAL, flat=FLAT)
    found = {one.name: one for one in read_netbox(text, name="n.json", zones={"cell"})}
    assert list(found) == ["plain", "plural", "flat", "bare"]
    lines = text.splitlines()
    assert row(found["plain"])[:4] == ("plain", "10.1.1.5", "cell", "siemens s7-1500")
    assert '"plain": {' in lines[(found["plain"].where.line or 0) - 1]
    assert '"flat": {' in lines[(found["flat"].where.line or 0) - 1]
    assert (found["plain"].platform, found["plain"].note) == ("cisco-ios", "")
    assert (found["plural"].zone, found["plural"].platform, found["plural"].note) == ("", "frr", "planned")
    assert (found["flat"].address, found["flat"].zone) == ("10.1.1.7", "cell")
    assert (found["bare"].address, found["bare"].zone) == ("", "")
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("key", "zones"),
    [
        ("site", ("works", "")),
        ("sites", ("", "works")),
        ("role", ("plc", "")),
        ("tags", ("cell", "backed-up")),
        ("custom_fields.zone", ("cell", "")),
        ("custom_fields.zone.deeper", ("", "")),
        ("nothing", ("", "")),
    ],
)
def test_the_zone_is_taken_from_where_the_user_says(key: str, zones: tuple[str, str]) -> None:
    found = read_netbox(netbox(plain=PLAIN, plural=PLURAL), name="n.json", zones={"cell"}, zone_from=key)
    assert (found[0].zone, found[1].zone) == zones


def test_what_the_plugins_compose_says_of_plantproof_comes_first() -> None:
    said = {"plantproof_zone": "dmz", "plantproof_title": "T", "plantproof_collectors": ["linux_host"], "plantproof_platform": "frr"}  # fmt: skip
    (one, _) = read_netbox(netbox(plain=PLAIN | said), name="n.json", zones={"cell", "dmz"})
    assert (one.zone, one.title, one.collectors, one.platform) == ("dmz", "T", ("linux_host",), "frr")


def test_netboxs_own_csv() -> None:
    text = (
        "Name,Status,Tenant,Site,Rack,Role,Manufacturer,Type,IP Address,cf_zone\n"
        "plc-1,Active,,works,,plc,Siemens,S7,10.1.1.5/24,cell\nplc-2,Planned,,works,,plc,Siemens,S7,,\n"
    )
    found = read_netbox(text, name="n.csv", zones={"cell"})
    assert [(one.name, one.address, one.zone, one.note) for one in found] == [
        ("plc-1", "10.1.1.5/24", "cell", ""),
        ("plc-2", "", "", "planned"),
    ]
    assert found[0].title == "Siemens S7"
    assert read_netbox(text, name="n.csv", zones=(), zone_from="Site")[0].zone == "works"
    assert read_netbox(text, name="n.csv", zones=(), columns={"zone": "role"})[0].zone == "plc"
    assert read_table(text, name="n.csv")[1].note == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{\n", "n:2: is not JSON"),
        ("[]", "is JSON, but no inventory"),
        ('{"_meta": {"hostvars": []}}', "is JSON, but no inventory"),
        ('{"_meta": 1}', "is JSON, but no inventory"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_json_that_is_no_inventory(text: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_netbox(text, name="n", zones=())
    assert said in str(caught.value)
    assert "ansible-inventory" in caught.value.hint


def test_json_has_no_columns() -> None:
    with pytest.raises(UsageError, match="whose keys are known"):
        read_netbox(netbox(), name="n", zones=(), columns={"name": "x"})


def test_odd_values_are_no_texts() -> None:
    odd = {
        "ansible_host": {"address": "10.1.1.5/24"},
        "status": None,
        "custom_fields": [],
        "platform": True,
        "tags": [None, 3],
    }
    (one, _) = read_netbox(netbox(odd=odd), name="n", zones=(), zone_from="tags")
    assert (one.address, one.zone, one.platform, one.note) == ("10.1.1.5/24", "3", "", "")


LISTENERS = """\
@@ command ss -t -u -l -p -n
Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
tcp   LISTEN 0      128    10.1.1.5:22        0.0.0.0:*
tcp   LISTEN 0      128    0.0.0.0:80         0.0.0.0:*
tcp   LISTEN 0      128    127.0.0.1:25       0.0.0.0:*
tcp   LISTEN 0      128    [fd00::5]:22       [::]:*
"""
SOURCES = """\
@@ command chronyc -n -c sources
^,*,10.1.1.1,2,6,377,12,0.0,0.0,0.0
^,?,10.1.1.2,0,6,0,4294967295,0.0,0.0,0.0
"""
IOS = """\
hostname sw-1
interface Vlan10
 ip address 10.1.1.2 255.255.255.0
interface Vlan20
 ip address 10.2.1.2 255.255.255.0
 shutdown
logging host 10.9.9.9
end
"""
FRR = "frr version 8.4\ninterface eth0\n ip address 10.1.1.3/24\n ip address 10.3.1.3/24\nexit\nip route 0.0.0.0/0 10.1.1.1\n"
OPCUA = """{"server": {}, "certificates": [], "endpoints": [
  {"url": "opc.tcp://10.1.1.4:4840/x", "security_policy": "None", "security_mode": "None", "tokens": []},
  {"url": "opc.tcp://[bad", "security_policy": "None", "security_mode": "None", "tokens": []},
  {"url": "opc.tcp://plc.example.org:4840", "security_policy": "None", "security_mode": "None", "tokens": []}
]}"""


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("linux.listeners", LISTENERS, [("10.1.1.5", True, 3), ("fd00::5", True, 6)]),
        ("linux.time", SOURCES, [("10.1.1.1", False, 2)]),
        ("cisco_ios.config", IOS, [("10.1.1.2", True, 3)]),
        ("frr.config", FRR, [("10.1.1.3", True, 2), ("10.3.1.3", True, 2)]),
        ("opcua.endpoints", OPCUA, [("10.1.1.4", True, 2)]),
        ("linux.host", "@@ command uname -n\n10.1.1.1\n", []),
    ],
)
def test_which_facts_tell_addresses(kind: str, text: str, expected: list[tuple[str, bool, int]]) -> None:
    assert [(str(one.address), one.own, one.line) for one in addresses_in(parse(kind, text))] == expected
