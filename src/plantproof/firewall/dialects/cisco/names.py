# SPDX-License-Identifier: Apache-2.0
"""Words of IOS and ASA for ports, protocols and ICMP messages. Where the two differ from IANA, theirs stand here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.firewall.ranges import Ranges

__all__ = ["ICMP4", "ICMP6", "PORTS", "PROTOCOL_NUMBERS"]

PORTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "aol": 5190, "bgp": 179, "biff": 512, "bootpc": 68, "bootps": 67, "chargen": 19, "cifs": 3020,
        "citrix-ica": 1494, "cmd": 514, "ctiqbe": 2748, "daytime": 13, "discard": 9, "dnsix": 195, "domain": 53,
        "drip": 3949, "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "h323": 1720,
        "hostname": 101, "http": 80, "https": 443, "ident": 113, "imap4": 143, "irc": 194, "isakmp": 500,
        "kerberos": 750, "klogin": 543, "kshell": 544, "ldap": 389, "ldaps": 636, "login": 513, "lotusnotes": 1352,
        "lpd": 515, "mobile-ip": 434, "msrpc": 135, "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137,
        "netbios-ss": 139, "netbios-ssn": 139, "nfs": 2049, "nntp": 119, "non500-isakmp": 4500, "ntp": 123,
        "pcanywhere-data": 5631, "pcanywhere-status": 5632, "pim-auto-rp": 496, "pop2": 109, "pop3": 110,
        "pptp": 1723, "radius": 1645, "radius-acct": 1646, "rip": 520, "rsh": 514, "rtsp": 554, "secureid-udp": 5510,
        "sip": 5060, "smtp": 25, "snmp": 161, "snmptrap": 162, "sqlnet": 1521, "ssh": 22, "sunrpc": 111,
        "syslog": 514, "tacacs": 49, "tacacs-ds": 65, "talk": 517, "telnet": 23, "tftp": 69, "time": 37, "uucp": 540,
        "vxlan": 4789, "who": 513, "whois": 43, "www": 80, "xdmcp": 177,
    }
)  # fmt: skip
"""Ports; cifs, kerberos and radius are not what one expects."""

PROTOCOL_NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "ah": 51, "ahp": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "icmp6": 58, "igmp": 2, "igrp": 9,
        "ipinip": 4, "ipsec": 50, "nos": 94, "ospf": 89, "pcp": 108, "pim": 103, "pptp": 47, "sctp": 132, "snp": 109,
        "tcp": 6, "udp": 17, "vrrp": 112,
    }
)  # fmt: skip


def _messages(known: Mapping[str, tuple[int, int | None]]) -> Mapping[str, Ranges]:
    """Each message as values of ``type * 256 + code``."""
    return MappingProxyType(
        {
            name: Ranges.of([(kind * 256 + (code or 0), kind * 256 + (255 if code is None else code))])
            for name, (kind, code) in known.items()
        }
    )


ICMP4: Final = _messages(
    {
        "administratively-prohibited": (3, 13), "alternate-address": (6, None), "conversion-error": (31, None),
        "dod-host-prohibited": (3, 10), "dod-net-prohibited": (3, 9), "echo": (8, None), "echo-reply": (0, None),
        "general-parameter-problem": (12, 0), "host-isolated": (3, 8), "host-precedence-unreachable": (3, 14),
        "host-redirect": (5, 1), "host-tos-redirect": (5, 3), "host-tos-unreachable": (3, 12),
        "host-unknown": (3, 7), "host-unreachable": (3, 1), "information-reply": (16, None),
        "information-request": (15, None), "mask-reply": (18, None), "mask-request": (17, None),
        "mobile-redirect": (32, None), "net-redirect": (5, 0), "net-tos-redirect": (5, 2),
        "net-tos-unreachable": (3, 11), "net-unreachable": (3, 0), "network-unknown": (3, 6),
        "no-room-for-option": (12, 2), "option-missing": (12, 1), "packet-too-big": (3, 4),
        "parameter-problem": (12, None), "port-unreachable": (3, 3), "precedence-unreachable": (3, 15),
        "protocol-unreachable": (3, 2), "reassembly-timeout": (11, 1), "redirect": (5, None),
        "router-advertisement": (9, None), "router-solicitation": (10, None), "source-quench": (4, None),
        "source-route-failed": (3, 5), "time-exceeded": (11, None), "timestamp-reply": (14, None),
        "timestamp-request": (13, None), "traceroute": (30, None), "ttl-exceeded": (11, 0), "unreachable": (3, None),
    }
)  # fmt: skip
"""ICMP messages."""

ICMP6: Final = _messages(
    {
        "beyond-scope": (1, 2), "destination-unreachable": (1, 3), "echo": (128, None), "echo-reply": (129, None),
        "echo-request": (128, None), "header": (4, 0), "hop-limit": (3, 0), "membership-query": (130, None),
        "membership-reduction": (132, None), "membership-report": (131, None), "mld-query": (130, None),
        "mld-reduction": (132, None), "mld-report": (131, None), "mldv2": (143, None), "nd-na": (136, None),
        "nd-ns": (135, None), "neighbor-advertisement": (136, None), "neighbor-redirect": (137, None),
        "neighbor-solicitation": (135, None), "next-header": (4, 1), "no-admin": (1, 1), "no-route": (1, 0),
        "packet-too-big": (2, None), "parameter-option": (4, 2), "parameter-problem": (4, None),
        "port-unreachable": (1, 4), "reassembly-timeout": (3, 1), "redirect": (137, None),
        "router-advertisement": (134, None), "router-renumbering": (138, None), "router-solicitation": (133, None),
        "time-exceeded": (3, None), "unreachable": (1, None),
    }
)  # fmt: skip
"""ICMPv6 messages."""
