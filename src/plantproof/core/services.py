# SPDX-License-Identifier: Apache-2.0
"""Services by name: the protocols and ports that conduits and firewall rules speak of. Industrial ones first.

Ports are those of IANA's registry where it has the protocol, else the makers' published defaults. A plant that uses
another port writes ``tcp/10502``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = [
    "ICMP",
    "ICMPV6",
    "PROTOCOLS",
    "SERVICES",
    "TCP",
    "UDP",
    "Ports",
    "Service",
    "parse_service",
    "parse_services",
    "services_on",
]

ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMPV6: Final = 58

PROTOCOLS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "icmp": 1,
        "igmp": 2,
        "ipip": 4,
        "tcp": 6,
        "egp": 8,
        "igp": 9,
        "udp": 17,
        "dccp": 33,
        "ipv6": 41,
        "rsvp": 46,
        "gre": 47,
        "esp": 50,
        "ah": 51,
        "icmpv6": 58,
        "ipv6-icmp": 58,
        "icmp6": 58,
        "eigrp": 88,
        "ospf": 89,
        "pim": 103,
        "ipcomp": 108,
        "vrrp": 112,
        "carp": 112,
        "l2tp": 115,
        "sctp": 132,
        "udplite": 136,
    }
)
"""IP protocol numbers by the names that configurations use (IANA, Protocol Numbers)."""


@dataclass(frozen=True, slots=True, order=True)
class Ports:
    """Destination ports ``first`` .. ``last``, both included, of one IP protocol; of a protocol without ports: all."""

    protocol: int
    first: int = 0
    last: int = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a flow is called, and where it listens."""

    name: str
    title: str
    ports: tuple[Ports, ...]
    industrial: bool = False
    dynamic: bool = False
    """Further ports are agreed on the way: a packet filter that only knows numbers has to open a whole range."""


def _ports(text: str) -> tuple[Ports, ...]:
    found = []
    for part in text.split():
        name, _, span = part.partition("/")
        first, _, last = span.partition("-")
        found.append(Ports(PROTOCOLS[name], int(first), int(last or first)) if span else Ports(PROTOCOLS[name]))
    return tuple(found)


def _listed() -> Iterator[Service]:
    for industrial, lines in ((True, _INDUSTRIAL), (False, _GENERAL)):
        for line in lines.strip().splitlines():
            name, ports, title = (part.strip() for part in line.split("|"))
            dynamic = name.endswith("*")
            name = name.rstrip("*")
            yield Service(name=name, title=title, ports=_ports(ports), industrial=industrial, dynamic=dynamic)


_INDUSTRIAL: Final = """
bacnet         | udp/47808                                             | BACnet/IP
cip-security   | tcp/2221 udp/2221                                     | EtherNet/IP over TLS and DTLS
codesys        | tcp/1217 tcp/2455 tcp/11740 udp/1740-1743             | CODESYS engineering
dnp3           | tcp/20000 udp/20000                                   | DNP3
dnp3-tls       | tcp/19999                                             | DNP3 over TLS
ethercat       | udp/34980 tcp/34980                                   | EtherCAT over IP
ethernet-ip    | tcp/44818 udp/44818 udp/2222                          | EtherNet/IP, explicit and implicit
ff-hse         | tcp/1089-1091 udp/1089-1091                           | Foundation Fieldbus HSE
fins           | udp/9600 tcp/9600                                     | Omron FINS
ge-srtp        | tcp/18245-18246                                       | GE SRTP
hart-ip        | tcp/5094 udp/5094                                     | HART-IP
iccp           | tcp/102                                               | ICCP (TASE.2)
iec104         | tcp/2404                                              | IEC 60870-5-104
iec104-tls     | tcp/19998                                             | IEC 60870-5-104 over TLS
iec61850-mms   | tcp/102                                               | IEC 61850 MMS
knx            | udp/3671 tcp/3671                                     | KNXnet/IP
modbus         | tcp/502 udp/502                                       | Modbus
modbus-tls     | tcp/802                                               | Modbus over TLS
mqtt           | tcp/1883                                              | MQTT
mqtt-tls       | tcp/8883                                              | MQTT over TLS
niagara-fox    | tcp/1911 tcp/4911                                     | Niagara Fox
opc-classic*   | tcp/135 tcp/49152-65535                               | OPC Classic (DCOM): mapper, dynamic ports
opcua          | tcp/4840                                              | OPC UA
opcua-tls      | tcp/4843                                              | OPC UA over TLS
pcworx         | tcp/1962                                              | Phoenix Contact PCWorx
pi-historian   | tcp/5450                                              | PI historian
proconos       | tcp/20547                                             | ProConOS
profinet       | tcp/34962-34964 udp/34962-34964                       | PROFINET over IP
s7             | tcp/102                                               | Siemens S7 (ISO on TCP)
slmp           | tcp/5006-5007 udp/5006                                | Mitsubishi SLMP
tristation     | udp/1502                                              | TriStation
"""
_GENERAL: Final = """
amqp           | tcp/5672                                              | AMQP
amqps          | tcp/5671                                              | AMQP over TLS
dhcp           | udp/67-68                                             | DHCP
dns            | udp/53 tcp/53                                         | DNS
ftp*           | tcp/20-21                                             | FTP
http           | tcp/80                                                | HTTP
https          | tcp/443                                               | HTTPS
icmp           | icmp                                                  | ICMP, ping among others
icmpv6         | icmpv6                                                | ICMP of IPv6
ipsec          | udp/500 udp/4500 esp ah                               | IPsec
kerberos       | tcp/88 udp/88                                         | Kerberos
ldap           | tcp/389 udp/389                                       | LDAP
ldaps          | tcp/636                                               | LDAP over TLS
msrpc*         | tcp/135 tcp/49152-65535                               | Microsoft RPC
mssql          | tcp/1433 udp/1434                                     | Microsoft SQL Server
mysql          | tcp/3306                                              | MySQL
netbios        | udp/137-138 tcp/139                                   | NetBIOS
netflow        | udp/2055 udp/4739                                     | NetFlow and IPFIX export
ntp            | udp/123                                               | NTP
openvpn        | udp/1194 tcp/1194                                     | OpenVPN
postgresql     | tcp/5432                                              | PostgreSQL
radius         | udp/1812-1813                                         | RADIUS
rdp            | tcp/3389 udp/3389                                     | Remote Desktop
smb            | tcp/445 tcp/139                                       | Windows file sharing
smtp           | tcp/25                                                | Mail transfer
snmp           | udp/161                                               | SNMP
snmp-trap      | udp/162                                               | SNMP traps
ssh            | tcp/22                                                | SSH
syslog         | udp/514 tcp/514 tcp/601                               | Syslog
syslog-tls     | tcp/6514                                              | Syslog over TLS
tacacs         | tcp/49                                                | TACACS+
telnet         | tcp/23                                                | Telnet
tftp*          | udp/69                                                | TFTP
vnc            | tcp/5900-5903                                         | VNC
winrm          | tcp/5985-5986                                         | Windows remote management
wireguard      | udp/51820                                             | WireGuard
"""

SERVICES: Final[Mapping[str, Service]] = MappingProxyType({service.name: service for service in _listed()})
"""Every service that has a name here."""

_DYNAMIC: Final = 64
"""A range this wide is agreed on the way and tells nothing about the service."""
_NUMBERED: Final = re.compile(r"([a-z0-9-]+)(?:/(\d{1,5})(?:-(\d{1,5}))?)?")


def parse_service(text: str) -> Service | None:
    """A service by name (``modbus``), by number (``tcp/10502``, ``udp/5000-5010``, ``esp``), or ``any``; else None.

    ``any`` has no ports: it stands for all of them.
    """
    word = text.strip().lower()
    if word == "any":
        return Service(name="any", title="any service", ports=())
    if word in SERVICES:
        return SERVICES[word]
    match = _NUMBERED.fullmatch(word)
    if not match or match[1] not in PROTOCOLS:
        return None
    number, first = PROTOCOLS[match[1]], int(match[2] or 0)
    last = int(match[3] or match[2] or 65535)
    if not first <= last <= 65535:  # noqa: PLR2004 - the highest port
        return None
    return Service(name=word, title=word, ports=(Ports(number, first, last),))


def parse_services(text: str) -> tuple[Service, ...]:
    """The services of a list with commas; a part that is none (``Hard-wired signal``) is a label for people."""
    found = (parse_service(part) for part in text.split(","))
    return tuple(service for service in found if service)


def services_on(protocol: int, first: int, last: int) -> tuple[Service, ...]:
    """The named services with a port among ``first`` .. ``last``, industrial ones first, dynamic ranges left out.

    Ports below 1024 and registered ones tell a service; a range of ephemeral ports does not.
    """
    return tuple(
        service
        for service in SERVICES.values()
        for ports in service.ports
        if ports.protocol == protocol and ports.first <= last and first <= ports.last
        if ports.last - ports.first < _DYNAMIC
    )
