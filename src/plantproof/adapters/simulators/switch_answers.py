# SPDX-License-Identifier: Apache-2.0
"""What the simulated switch says: the data of a small IOS-like switch in the filter hall of a water works.

Written by hand after Cisco's public command references; some settings are good and some are bad, so that a demo has
something to find. Nothing was copied from a device.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

__all__ = ["HOSTNAME", "answers"]

HOSTNAME: Final = "sw-filter-SIMULATED"

# The key with which IOS hides type 7 passwords. It is public: type 7 is an encoding, no encryption.
_TYPE_7: Final = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

_CONFIG: Final = """\
Building configuration...

Current configuration : 4211 bytes
!
! Last configuration change at 05:12:44 UTC Mon Nov 2 2026 by engineer
!
version 15.2
no service pad
service timestamps debug datetime msec
service timestamps log datetime msec localtime show-timezone
service password-encryption
!
hostname {hostname}
!
boot-start-marker
boot-end-marker
!
logging buffered 16384 informational
enable secret 9 {enable9}
!
username engineer privilege 15 secret 9 {password9}
username operator privilege 1 secret 5 {operator5}
username vendor privilege 15 password 7 {line7}
no aaa new-model
clock timezone UTC 0 0
system mtu routing 1500
no ip source-route
!
ip dhcp snooping vlan 10,20
ip dhcp snooping
no ip domain-lookup
ip domain-name demo.invalid
login block-for 120 attempts 5 within 60
login on-failure log
login on-success log
vtp mode transparent
!
archive
 log config
  logging enable
  notify syslog contenttype plaintext
  hidekeys
!
spanning-tree mode rapid-pvst
spanning-tree portfast edge bpduguard default
spanning-tree extend system-id
!
vlan 10
 name CONTROL
!
vlan 20
 name SUPERVISION
!
vlan 999
 name PARKING
!
interface GigabitEthernet1/1
 description uplink to fw-filter
 switchport trunk allowed vlan 10,20
 switchport trunk native vlan 999
 switchport mode trunk
 switchport nonegotiate
 ip dhcp snooping trust
!
interface GigabitEthernet1/2
 description spare
 switchport access vlan 999
 switchport mode access
 shutdown
!
interface FastEthernet1/1
 description plc-filter-1
 switchport access vlan 10
 switchport mode access
 switchport port-security
 switchport port-security maximum 1
 switchport port-security violation restrict
 no cdp enable
 storm-control broadcast level 10.00
 spanning-tree portfast edge
!
interface FastEthernet1/2
 description hmi-filter-1
 switchport access vlan 20
 switchport mode access
 switchport port-security
 spanning-tree portfast edge
!
interface FastEthernet1/3
 switchport access vlan 20
!
interface FastEthernet1/4
 description spare
 switchport access vlan 999
 switchport mode access
 shutdown
!
interface Vlan1
 no ip address
 shutdown
!
interface Vlan10
 ip address 10.20.10.2 255.255.255.0
 no ip proxy-arp
!
ip default-gateway 10.20.10.1
ip forward-protocol nd
ip http server
no ip http secure-server
ip ssh time-out 60
ip ssh authentication-retries 3
ip ssh version 2
!
ip access-list standard MANAGEMENT
 permit 10.20.30.0 0.0.0.255
 deny   any log
logging trap notifications
logging host 10.20.30.40
!
snmp-server group MONITOR v3 priv
snmp-server community public RO
snmp-server location filter hall, SIMULATED
snmp-server host 10.20.30.41 version 3 priv monitor
!
radius server RADIUS-1
 address ipv4 10.20.30.42 auth-port 1812 acct-port 1813
 key 7 {radius7}
!
banner login ^C
SIMULATED switch of a demonstration. Authorised users only; use is recorded.
^C
!
line con 0
 exec-timeout 0 0
 logging synchronous
 login local
line vty 0 4
 access-class MANAGEMENT in
 exec-timeout 10 0
 login local
 transport input ssh
line vty 5 15
 exec-timeout 30 0
 password 7 {line7}
 login
 transport input telnet ssh
!
ntp authentication-key 1 md5 {ntp7} 7
ntp server 10.20.30.1 prefer
ntp server 10.20.30.2
end
"""

_VERSION: Final = """\
SIMULATED IOS Software, SIM Industrial Switch Software (SIM-UNIVERSALK9-M), Version 15.2(7)E4, RELEASE SOFTWARE (fc2)
This is no product of any vendor: a simulator of Plantproof's demonstration.
Compiled Thu 01-Oct-26 12:00 by demo

ROM: Bootstrap program is SIMULATED boot loader

{hostname} uptime is 3 weeks, 1 day, 2 hours, 15 minutes
System returned to ROM by power-on
System image file is "sdflash:/SIMULATED/sim-universalk9-mz.152-7.E4.bin"

cisco SIM-IE-8 (SIMULATED) processor (revision A0) with 262144K bytes of memory.
Processor board ID SIMULATED0001
2 Virtual Ethernet interfaces
4 FastEthernet interfaces
2 Gigabit Ethernet interfaces
The password-recovery mechanism is enabled.

Configuration register is 0xF
"""

_SSH: Final = """\
SSH Enabled - version 2.0
Authentication methods:publickey,keyboard-interactive,password
Encryption Algorithms:aes128-ctr,aes192-ctr,aes256-ctr,aes128-cbc
MAC Algorithms:hmac-sha2-256,hmac-sha1
Authentication timeout: 60 secs; Authentication retries: 3
Minimum expected Diffie Hellman key size : 1024 bits
"""

_SNMP: Final = """\
User name: monitor
Engine ID: 800000090300001122334455
storage-type: nonvolatile\t active
Authentication Protocol: SHA
Privacy Protocol: AES128
Group-name: MONITOR

"""

_USERS: Final = """\
    Line       User       Host(s)              Idle       Location
*  1 vty 0     engineer   idle                 00:00:00 10.20.30.10

  Interface    User               Mode         Idle     Peer Address
"""

_NTP: Final = """\
Clock is synchronized, stratum 4, reference is 10.20.30.1
nominal freq is 119.2092 Hz, actual freq is 119.2089 Hz, precision is 2**18
"""


def _hashed(kind: str, secret: str) -> str:
    """A word that looks like a type 5 or type 9 hash of a secret. It is none: no one can log in with it anywhere."""
    digest = base64.b64encode(hashlib.sha512(f"SIMULATED {kind} {secret}".encode()).digest(), b"./").decode()
    salt, length = (4, 22) if kind == "1" else (14, 43)
    return f"${kind}${digest[:salt]}${digest[salt : salt + length]}"


def _type_7(secret: str, seed: int = 7) -> str:
    hidden = (ord(sign) ^ ord(_TYPE_7[(seed + at) % len(_TYPE_7)]) for at, sign in enumerate(secret))
    return f"{seed:02d}" + "".join(f"{byte:02X}" for byte in hidden)


def answers(secrets: Mapping[str, str]) -> Mapping[str, str]:
    """Command to text, with secrets of this installation in the places where a device has its own."""
    config = _CONFIG.format(
        hostname=HOSTNAME,
        enable9=_hashed("9", secrets["enable"]),
        password9=_hashed("9", secrets["password"]),
        operator5=_hashed("1", secrets["operator"]),
        line7=_type_7(secrets["line"]),
        ntp7=_type_7(secrets["ntp"]),
        radius7=_type_7(secrets["radius"]),
    )
    return {
        "show running-config": config,
        "show version": _VERSION.format(hostname=HOSTNAME),
        "show ip ssh": _SSH,
        "show snmp user": _SNMP,
        "show users": _USERS,
        "show ntp status": _NTP,
    }
