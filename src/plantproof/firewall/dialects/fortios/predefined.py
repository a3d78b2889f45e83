# SPDX-License-Identifier: Apache-2.0
"""Services that FortiOS brings with it, for an excerpt whose own table is missing. A backup holds the table itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["GROUPS", "SERVICES"]

_TABLE: Final = """
ALL ip/0|ALL_TCP tcp/1-65535|ALL_UDP udp/1-65535|ALL_ICMP icmp|ALL_ICMP6 icmp6|GRE ip/47|AH ip/51|ESP ip/50|OSPF ip/89
PING icmp/8|TIMESTAMP icmp/13|INFO_REQUEST icmp/15|INFO_ADDRESS icmp/17|PING6 icmp6/128
HTTP tcp/80|HTTPS tcp/443|SSH tcp/22|TELNET tcp/23|FTP tcp/21|FTP_GET tcp/21|FTP_PUT tcp/21|TFTP udp/69
DNS tcp/53 udp/53|NTP tcp/123 udp/123|SNMP tcp/161-162 udp/161-162|SYSLOG udp/514|DHCP udp/67-68|DHCP6 udp/546 udp/547
SMB tcp/445|SAMBA tcp/139|NFS tcp/111 tcp/2049 udp/111 udp/2049|AFS3 tcp/7000-7009 udp/7000-7009|RDP tcp/3389
VNC tcp/5900|X-WINDOWS tcp/6000-6063|PC-Anywhere tcp/5631 udp/5632|WINFRAME tcp/1494 tcp/2598
LDAP tcp/389|LDAP_UDP udp/389|KERBEROS tcp/88 tcp/464 udp/88 udp/464|RADIUS udp/1812 udp/1813
RADIUS-OLD udp/1645 udp/1646|DCE-RPC tcp/135 udp/135|ONC-RPC tcp/111 udp/111|WINS tcp/1512 udp/1512
IMAP tcp/143|IMAPS tcp/993|POP3 tcp/110|POP3S tcp/995|SMTP tcp/25|SMTPS tcp/465|NNTP tcp/119|BGP tcp/179|RIP udp/520
IKE udp/500 udp/4500|L2TP tcp/1701 udp/1701|PPTP tcp/1723|SOCKS tcp/1080 udp/1080|SQUID tcp/3128
TRACEROUTE udp/33434-33535|MS-SQL tcp/1433 tcp/1434|MYSQL tcp/3306|SIP tcp/5060 udp/5060|SIP-MSNmessenger tcp/1863
SCCP tcp/2000|H323 tcp/1720 tcp/1503 udp/1719|MGCP udp/2427 udp/2727|RTSP tcp/554 tcp/7070 tcp/8554 udp/554
MMS tcp/1755 udp/1024-5000|IRC tcp/6660-6669|REXEC tcp/512|RLOGIN tcp/513:512-1023|RSH tcp/514:512-1023
TALK udp/517-518|FINGER tcp/79|GOPHER tcp/70|WAIS tcp/210|UUCP tcp/540|AOL tcp/5190-5194
Internet-Locator-Service tcp/389|NetMeeting tcp/1720|CVSPSERVER tcp/2401 udp/2401
QUAKE udp/26000 udp/27000 udp/27910 udp/27960|RAUDIO udp/7070|VDOLIVE tcp/7000-7010|NONE tcp/0
"""

SERVICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {words[0]: tuple(words[1:]) for row in _TABLE.split("\n") for item in row.split("|") if (words := item.split())}
)
"""Name to protocol and ports: ``tcp/<dst>[:<src>]``, ``icmp[/<type>]``, ``ip/<number>`` (0 is every protocol)."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Email Access": ("DNS", "IMAP", "IMAPS", "POP3", "POP3S", "SMTP", "SMTPS"),
        "Web Access": ("DNS", "HTTP", "HTTPS"),
        "Windows AD": ("DCE-RPC", "DNS", "KERBEROS", "LDAP", "LDAP_UDP", "SAMBA", "SMB"),
        "Exchange Server": ("DCE-RPC", "DNS", "HTTPS"),
    }
)
