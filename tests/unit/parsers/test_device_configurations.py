# SPDX-License-Identifier: Apache-2.0
"""IOS and FRR configurations into facts, and what is half said into lines that were not understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from plantproof.core.facts import LINE
from plantproof.parsers.registry import parse

TOKEN = "<redacted:user:0123456789ab>"
DEFAULT = "<redacted:snmp:ba9876543210:default>"


def read(kind: str, text: str) -> Mapping[str, Any]:
    facts = parse(kind, f"{text.strip()}\nend\n")
    assert facts.unparsed == ()
    assert facts.broken == ""
    return facts.data


def bare(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records without their lines."""
    return [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]


def ios(text: str) -> Mapping[str, Any]:
    return read("cisco_ios.config", text)


def frr(text: str) -> Mapping[str, Any]:
    return read("frr.config", text)


def test_ios_access_lists() -> None:
    lists = ios("""
access-list 10 remark office
access-list 10 permit 192.0.2.0 0.0.0.255
access-list 10 deny any log
access-list 101 permit ip any any
ip access-list extended PLANT
 10 permit tcp host 192.0.2.9 any eq 502 log-input
 remark nothing else
 20 deny ip any any
ipv6 access-list V6
 sequence 10 permit tcp any any eq 22
ip access-list logging interval 10
no ip access-list standard OLD
""")["access_lists"]
    assert [(row["name"], row["kind"], len(row["entries"])) for row in lists] == [
        ("10", "standard", 2), ("101", "extended", 1), ("PLANT", "extended", 2), ("V6", "ipv6", 1),
    ]  # fmt: skip
    assert bare(lists[0]["entries"])[1] == {"action": "deny", "match": "any", "log": True, "any": True}
    assert lists[1]["entries"][0]["any"] is True
    assert bare(lists[2]["entries"])[0] == {
        "sequence": 10, "action": "permit", "match": "tcp host 192.0.2.9 any eq 502", "log": True, "any": False,
    }  # fmt: skip
    assert [entry[LINE] for entry in lists[2]["entries"]] == [6, 8]
    assert lists[3]["entries"][0]["sequence"] == 10


def test_ios_interfaces() -> None:
    rows = ios("""
interface GigabitEthernet0/1
 description to the PLC
 switchport mode access
 switchport access vlan 12
 switchport voice vlan 7
 switchport nonegotiate
 switchport port-security
 switchport port-security maximum 2
 storm-control broadcast level 5
 spanning-tree bpduguard enable
 no cdp enable
 dot1x pae authenticator
 authentication port-control auto
 mab
 shutdown
interface Vlan12
 ip address 192.0.2.1 255.255.255.0
 ip access-group PLANT in
 no ip access-group OLD out
 no ip proxy-arp
interface GigabitEthernet0/2
 no switchport
 no ip address
 no description
 switchport trunk allowed vlan 12,13
""")["interfaces"]
    first, second, third = (({key: value for key, value in row.items() if not key.startswith("_")}) for row in rows)
    assert first["name"] == "GigabitEthernet0/1"
    assert (first["mode"], first["access_vlan"], first["voice_vlan"]) == ("access", 12, 7)
    assert first["nonegotiate"] is True
    assert first["port_security"] is True
    assert first["port_security_maximum"] == 2
    assert first["shutdown"] is True
    assert first["cdp_enable"] is False
    assert first["storm_control_broadcast"] == "level 5"
    assert first["spanning_tree_bpduguard"] is True or first["spanning_tree_bpduguard"] == "enable"
    assert second["address"] == "192.0.2.1 255.255.255.0"
    assert second["access_group_in"] == "PLANT"
    assert "access_group_out" not in second
    assert second["ip_proxy_arp"] is False
    assert (third["switchport"], third["address"], third["trunk_allowed"]) == (False, "", "12,13")


def test_ios_forwarding() -> None:
    data = ios("""
ip route 0.0.0.0 0.0.0.0 192.0.2.254
ip route vrf MGMT 198.51.100.0 255.255.255.0 192.0.2.253
ip route static bfd GigabitEthernet0/1 192.0.2.1
no ip route 203.0.113.0 255.255.255.0 192.0.2.9
ip dhcp snooping
ip dhcp snooping vlan 12
ip arp inspection vlan 12
no ip source-route
ip default-gateway 192.0.2.254
spanning-tree mode rapid-pvst
spanning-tree portfast bpduguard default
no spanning-tree vlan 7
vlan 12
 name cells
vlan internal allocation policy ascending
ipv6 unicast-routing
""")
    assert bare(data["routes"]) == [
        {"network": "0.0.0.0", "mask": "0.0.0.0", "next_hop": "192.0.2.254"},
        {"network": "198.51.100.0", "mask": "255.255.255.0", "next_hop": "192.0.2.253", "vrf": "MGMT"},
    ]
    assert data["dhcp_snooping"]["enabled"] is True
    assert data["dhcp_snooping"]["vlan"] == "12"
    assert data["arp_inspection"]["vlan"] == "12"
    assert data["ip"]["source_route"] is False
    assert data["ip"]["default_gateway"] == "192.0.2.254"
    assert data["spanning_tree"]["portfast_bpduguard_default"] is True
    assert bare(data["vlans"]) == [{"id": 12, "name": "cells"}]


def test_ios_users_and_lines() -> None:
    data = ios(f"""
username fitter privilege 15 secret 9 {TOKEN}
username guest nopassword
no username old
enable secret 9 {TOKEN}
enable password level 7 7 {TOKEN}
aaa new-model
aaa authentication login default group radius local
aaa authentication attempts login 3
aaa authorization commands 15 default group tacacs+
aaa authorization config-commands
aaa accounting exec default start-stop group radius
login block-for 120 attempts 3 within 60
login quiet-mode access-class 10
login on-failure log
login delay 3
line con 0
 exec-timeout 5 30
 password 7 {TOKEN}
 login
line vty 0 4
 access-class 10 in
 transport input ssh
 transport output none
 login authentication default
 privilege level 1
 session-timeout 10
 no exec
line vty 5 15
 no login
 no exec-timeout
 no transport input
 no access-class 10 in
 login local
""")
    assert bare(data["users"]) == [
        {"name": "fitter", "privilege": 15, "secret_kind": "secret", "secret_type": 9,
         "secret_fingerprint": "0123456789ab"},
        {"name": "guest", "no_password": True},
    ]  # fmt: skip
    assert [(row["kind"], row.get("level"), row["type"]) for row in data["enable"]] == [
        ("secret", None, 9), ("password", 7, 7),
    ]  # fmt: skip
    aaa = data["aaa"]
    assert aaa["new_model"] is True
    assert aaa["authentication"][0]["methods"] == ["group", "radius", "local"]
    assert aaa["authorization"][0]["level"] == "15"
    assert aaa["accounting"][0]["list"] == "default"
    assert data["login"]["block_for_seconds"] == 120
    assert data["login"]["quiet_mode_access_class"] == "10"
    assert data["login"]["delay_seconds"] == 3
    console, first, rest = data["lines"]
    assert (console["kind"], console["exec_timeout_seconds"], console["login"]) == ("console", 330, "password")
    assert console["password_type"] == 7
    assert (first["first"], first["last"], first["transport_input"]) == (0, 4, ["ssh"])
    assert (first["access_class"], first["access_class_direction"]) == ("10", "in")
    assert (first["login"], first["login_list"], first["privilege_level"], first["exec"]) == (
        "aaa",
        "default",
        1,
        False,
    )
    assert (rest["login"], rest["exec_timeout_seconds"], rest["transport_input"]) == ("local", 0, [])
    assert "access_class" not in rest


def test_ios_services() -> None:
    data = ios(f"""
service timestamps log datetime msec
no service pad
no service timestamps debug
ip ssh version 2
ip ssh time-out 60
no ip ssh server
ip http secure-server
no ip http server
ip http access-class 10
snmp-server community {DEFAULT} view V rw 10
snmp-server group OPS v3 priv access 10
snmp-server host 192.0.2.5 version 3 priv monitor
snmp-server user monitor OPS v3 auth sha {TOKEN} priv aes 128 {TOKEN}
snmp-server enable traps
snmp-server location pump house
no snmp-server community old
ntp authenticate
ntp trusted-key 7
ntp authentication-key 7 md5 {TOKEN} 7
ntp server vrf MGMT 192.0.2.3 key 7 prefer
no ntp server 192.0.2.4
logging host 192.0.2.6 transport tcp port 6514
logging 192.0.2.7
logging buffered 16384 informational
no logging console
lldp run
no cdp run
vtp mode transparent
archive
 path flash:backup
 write-memory
 log config
  logging enable
radius server AUTH
 address ipv4 192.0.2.8 auth-port 1812
 key 7 {TOKEN}
tacacs-server host 192.0.2.9
""")
    assert data["services"]["timestamps_log"] == ["datetime", "msec"]
    assert data["services"]["pad"] is False
    assert data["services"]["timestamps_debug"] is False
    assert (data["ssh"]["version"], data["ssh"]["time_out"], data["ssh"]["server"]) == (2, 60, False)
    assert (data["http"]["server"], data["http"]["secure_server"], data["http"]["access_class"]) == (False, True, "10")
    snmp = data["snmp"]
    assert bare(snmp["communities"]) == [
        {"access": "rw", "view": "V", "acl": "10", "fingerprint": "ba9876543210", "default": True}
    ]
    assert bare(snmp["groups"]) == [{"name": "OPS", "version": "v3", "level": "priv", "acl": "10"}]
    assert bare(snmp["hosts"]) == [{"address": "192.0.2.5", "version": "v3", "level": "priv"}]
    assert bare(snmp["users"]) == [
        {"name": "monitor", "group": "OPS", "version": "v3", "auth": "sha", "priv": "aes-128"}
    ]
    assert (snmp["traps"], snmp["location"]) == (True, "pump house")
    ntp = data["ntp"]
    assert bare(ntp["servers"]) == [{"address": "192.0.2.3", "role": "server", "prefer": True, "key": 7}]
    assert bare(ntp["keys"]) == [{"id": 7, "algorithm": "md5", "fingerprint": "0123456789ab"}]
    assert ntp["trusted_keys"] == [7]
    assert bare(data["logging"]["hosts"]) == [
        {"address": "192.0.2.6", "transport": "tcp"}, {"address": "192.0.2.7"},
    ]  # fmt: skip
    assert data["logging"]["buffered"] == [16384, "informational"]
    assert data["logging"]["console"] is False
    assert (data["lldp"]["run"], data["cdp"]["run"], data["vtp"]["mode"]) == (True, False, "transparent")
    archive = data["archive"]
    assert (archive["path"], archive["write_memory"], archive["log_config"]) == (
        "flash:backup",
        True,
        ["logging enable"],
    )
    assert bare(data["aaa_servers"]) == [
        {"kind": "radius", "name": "AUTH", "address": "192.0.2.8", "key_type": 7, "key_fingerprint": "0123456789ab"},
        {"kind": "tacacs", "address": "192.0.2.9"},
    ]


@pytest.mark.parametrize(
    "line",
    [
        "access-list 10", "access-list", "access-list ten permit any", "access-list 10 allow any",
        "ip access-list extended", "ip access-list extended X\n maybe tcp", "ip", "ip route 0.0.0.0", "ip http",
        "ip ssh", "ip ssh version two", "interface", "interface X\n ip address", "interface X\n ip",
        "interface X\n ip access-group A", "interface X\n switchport mode", "interface X\n switchport access vlan",
        "interface X\n description", "interface X\n no", "spanning-tree", "vlan",
        "username", "username x privilege high", "username x secret", "enable secret", "enable secret level x 9 y",
        "aaa", "aaa authentication login", "aaa authentication login default", "line", "line vty", "line vty a b",
        "line vty 0\n transport", "line vty 0\n transport input", "line vty 0\n access-class",
        "line vty 0\n login authentication", "line vty 0\n password", "line vty 0\n exec-timeout",
        "line vty 0\n exec-timeout x", "line vty 0\n privilege level", "line vty 0\n no", "login",
        "login block-for 1 attempts 2", "login delay", "service", "snmp-server", "snmp-server community",
        "snmp-server community a b c d", "snmp-server group G", "snmp-server group G v3", "snmp-server host h",
        "snmp-server host h version 3 u", "snmp-server host h version 9 u", "snmp-server user u g", "ntp",
        "ntp server", "ntp server vrf M", "ntp trusted-key", "ntp authentication-key 1 md5", "logging",
        "logging host", "cdp", "hostname", "version", "radius",
    ],
)  # fmt: skip
def test_half_an_ios_command_is_a_line_that_was_not_understood(line: str) -> None:
    facts = parse("cisco_ios.config", f"hostname a\n{line}\nend\n")
    assert facts.unparsed
    assert set(facts.unparsed) <= {2, 3}


def test_frr_routing() -> None:
    data = frr(f"""
frr version 8.4.4
frr defaults traditional
hostname r1
domainname plant.example
password 8 {TOKEN}
enable password {TOKEN}
service password-encryption
no service integrated-vtysh-config
log syslog informational
log file /var/log/frr.log
ip forwarding
no ipv6 forwarding
ip route 198.51.100.0/24 192.0.2.1
ip route 203.0.113.0 255.255.255.0 192.0.2.2
no ip route 10.0.0.0/8 192.0.2.3
ip prefix-list OWN seq 5 permit 192.0.2.0/24
access-list MGMT seq 5 permit 192.0.2.0/24
access-list MGMT remark only we
access-list MGMT seq 10 deny any
ipv6 access-list V6 seq 5 deny any
key chain K
 key 1
  key-string {TOKEN}
  cryptographic-algorithm hmac-sha-256
username fitter nopassword
interface eth0
 description uplink
 ip address 192.0.2.2/24
 ip ospf area 0
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 {TOKEN}
 no shutdown
interface eth1
 ip rip authentication mode md5 auth-length old-ripd
 isis password md5 {TOKEN}
 ip ospf authentication-key {TOKEN}
router ospf
 area 0 authentication message-digest
 passive-interface eth1
 redistribute connected
 network 192.0.2.0/24 area 0
router bgp 64512
 bgp router-id 192.0.2.2
 no bgp ebgp-requires-policy
 neighbor 192.0.2.1 remote-as 64513
 neighbor 192.0.2.1 password {TOKEN}
 neighbor 192.0.2.1 ttl-security hops 1
 neighbor 192.0.2.9 shutdown
 address-family ipv4 unicast
  neighbor 192.0.2.1 prefix-list OWN out
route-map OUT permit 10
 match ip address prefix-list OWN
line vty
 exec-timeout 5 0
 access-class MGMT
 no login
""")
    assert (data["version"], data["defaults"], data["hostname"], data["domainname"]) == (
        "8.4.4", "traditional", "r1", "plant.example",
    )  # fmt: skip
    assert [(row["kind"], row["type"]) for row in data["passwords"]] == [("login", 8), ("enable", 0)]
    assert data["services"]["password_encryption"] is True
    assert data["services"]["integrated_vtysh_config"] is False
    assert data["log"]["file"] == "/var/log/frr.log"
    assert (data["ip"]["forwarding"], data["ipv6"]["forwarding"]) == (True, False)
    assert [row["network"] for row in data["routes"]] == ["198.51.100.0/24", "203.0.113.0 255.255.255.0"]
    assert bare(data["prefix_lists"][0]["entries"]) == [
        {"sequence": 5, "action": "permit", "match": "192.0.2.0/24", "any": False}
    ]
    assert [(row["name"], row["family"], len(row["entries"])) for row in data["access_lists"]] == [
        ("MGMT", "ip", 2), ("V6", "ipv6", 1),
    ]  # fmt: skip
    (chain,) = data["key_chains"]
    assert bare(chain["keys"]) == [{"id": 1, "fingerprint": "0123456789ab", "algorithm": "hmac-sha-256"}]
    assert bare(data["users"]) == [{"name": "fitter", "no_password": True}]
    first, second = data["interfaces"]
    assert first["addresses"] == ["192.0.2.2/24"]
    assert (first["ospf_authentication"], first["ospf_area"]) == ("message-digest", "0")
    assert first["ospf_keys"][0]["algorithm"] == "md5"
    assert first["shutdown"] is False
    assert (second["rip_authentication"], second["isis_authentication"]) == ("md5", "md5")
    assert second["ospf_authentication"] == "simple"
    ospf, bgp = data["routers"]
    assert ospf["area_authentication"] == [{"area": "0", "method": "message-digest"}]
    assert ospf["passive_interface"] == ["eth1"]
    assert (bgp["instance"], bgp["router_id"], bgp["ebgp_requires_policy"]) == ("64512", "192.0.2.2", False)
    one, other = data["neighbors"]
    assert (one["remote_as"], one["password"], one["ttl_security_hops"]) == (64513, True, 1)
    assert one["prefix_list_out"] == "OWN"
    assert (other["name"], other["password"], other["shutdown"]) == ("192.0.2.9", False, True)
    assert data["route_maps"][0]["matches"] == ["match ip address prefix-list OWN"]
    assert (data["vty"]["exec_timeout_seconds"], data["vty"]["access_class"], data["vty"]["login"]) == (
        300,
        "MGMT",
        False,
    )


@pytest.mark.parametrize(
    "line",
    [
        "hostname", "frr version", "password", "enable", "enable password", "service", "log", "line console", "ip",
        "ip route 192.0.2.0/24", "ip prefix-list X", "ip prefix-list X seq a permit any",
        "access-list X allow any", "access-list X", "interface", "interface e\n no", "interface e\n ip address",
        "interface e\n ip", "interface e\n ip ospf message-digest-key 1", "router", "router ospf\n network",
        "router ospf\n no", "router bgp 1\n neighbor", "router bgp 1\n neighbor a password",
        "router bgp 1\n neighbor a prefix-list X", "route-map X", "key chain", "username",
        "line vty\n exec-timeout soon",
    ],
)  # fmt: skip
def test_half_an_frr_command_is_a_line_that_was_not_understood(line: str) -> None:
    facts = parse("frr.config", f"hostname a\n{line}\nend\n")
    assert facts.unparsed
    assert set(facts.unparsed) <= {2, 3}
