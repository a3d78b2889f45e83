# SPDX-License-Identifier: Apache-2.0
"""The texts that ``init`` writes: small, commented, valid as they are. Data, no logic."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["FILES"]

_SETTINGS: Final = """\
# yaml-language-server: $schema=schema/plantproof.schema.json
# The settings of this workspace. Paths are relative to this file.
version: 1

plant:
  name: {name}
  owner: {owner}
  timezone: UTC # maintenance windows are in this time, for example Europe/Paris

inventory: inventory.yml # any Ansible inventory, a file or a folder
locker: evidence # the evidence, a git repository of its own
output: out # results and portal

# Who signs the locker's commits.
signing:
  key: .plantproof/keys/signing

# For how long a kind of evidence proves something, where this plant differs from the collector:
# freshness:
#   linux.sshd: 7d
"""

_ZONES: Final = """\
# yaml-language-server: $schema=../schema/plant.schema.json
# Zones group assets that share security requirements; conduits are the only ways between them (IEC 62443-3-2).
# sl-t is the target security level: one level 0..4, seven in the order FR1..FR7, or a map such as
# {{IAC: 2, UC: 2, default: 1}}. Every file in this folder may hold zones, conduits and firewalls.
zones:
  - id: supervision
    title: Supervision
    purdue: 3
    description: Engineering workstations and servers that operate the plant.
    sl-t: 2
    # networks: [192.0.2.0/24, "2001:db8:1::/64"] # its addresses; no other zone may have them

  - id: cell-1
    title: Cell 1
    purdue: 1
    description: Controllers of the first production cell.
    sl-t: {{RA: 2, SI: 2, default: 1}}
    concurrency: 1 # one device at a time, the default
    windows: ["mon-fri 08:00-16:00"] # read it only then
    # probing: [opcua, modbus] # protocols that may be spoken to its devices; none unless named here

  # A zone that lies in another, and one outside of the plant. Without kind: the Purdue level tells it.
  # - id: cell-1-safety
  #   title: Safety controllers of cell 1
  #   kind: safety # or control, supervision, wireless, remote-access, dmz, enterprise, cloud, external, temporary
  #   parent: cell-1
  #   sl-t: 3
  # - id: maker
  #   title: The machine's maker
  #   kind: external
  #   sl-t: 0
  #   networks: any # every address that no other zone has

conduits:
  - id: supervision-to-cell-1
    title: Supervision to cell 1
    zones: [supervision, cell-1]
    sl-t: 2
    flows:
      - from: supervision
        to: cell-1
        service: OPC UA, tcp/4840
        reason: Process values and set points.
        # write: true # it may change the process
    # one-way: {{from: cell-1, to: supervision}} # a data diode
    # trust-boundary: true
    # channels: [{{id: ring, medium: wired}}] # or wireless, vpn, serial, sneakernet
    # exception: # from a rule of "plantproof zones check", for a time
    #   reason: The DMZ is built in spring; until then the maker is let in by hand.
    #   approved-by: Plant manager
    #   until: 2026-12-31

# Packet filters between the zones, and what lies behind each interface:
# firewalls:
#   - id: fw-1
#     dialect: cisco-ios # or nftables-json, iptables-save, cisco-asa, fortios, hirschmann-hios, moxa-edr
#     config: firewalls/fw-1.txt
#     interfaces:
#       - {{name: GigabitEthernet0/0, zone: supervision}}
#       - {{name: GigabitEthernet0/1, zones: [cell-1]}}
"""

_INVENTORY: Final = """\
# An ordinary Ansible inventory. What Plantproof reads besides Ansible's own variables:
#   plantproof_zone        the zone that the host is in; 'none' leaves a host out
#   plantproof_collectors  what reads it: linux_host, cli_device, opcua, modbus
#   plantproof_platform    for cli_device: cisco_ios or frr
#   plantproof_title       what people call it
#   plantproof_timeout     seconds that one collector may take, 60 by default
# Passwords do not belong in here: use SSH keys, or encrypt them with ansible-vault.
all:
  children:
    supervision:
      vars:
        plantproof_zone: supervision
        plantproof_collectors: [linux_host]
      hosts:
        engineering-workstation:
          plantproof_title: Engineering workstation (this machine)
          ansible_connection: local

    cell_1:
      vars:
        plantproof_zone: cell-1
      hosts: {{}}
        # cell-1-switch:
        #   ansible_host: 192.0.2.10
        #   ansible_user: auditor
        #   plantproof_collectors: [cli_device]
        #   plantproof_platform: cisco_ios
"""

_ATTESTATIONS: Final = """\
# yaml-language-server: $schema=../schema/attestations.schema.json
# For what only people can show: who states it, in which role, when, and until when it counts.
attestations: []
# - control: sr-7.4
#   zone: cell-1
#   statement: The controllers were restored from backup on a spare unit; the record is in the maintenance log.
#   role: Maintenance manager
#   name: Name of the person
#   stated: 2026-01-15
#   valid-until: 2027-01-15
"""

_RISK: Final = """\
# yaml-language-server: $schema=../schema/risk.schema.json
# What may happen to zones and conduits, and what remains of it: "plantproof risk" weighs it (IEC 62443-3-2), by a
# matrix that Plantproof proposes as long as no method: here says what yours is.
scenarios: []
# - id: ransomware
#   title: Ransomware stops the operation
#   zone: supervision
#   threat: {{source: Criminals, attacker: 2}} # 1 chance, 2 common tools, 3 knows such plants, 4 has time and money too
#   consequence: {{production: major}} # as if no measure were in place; safety, environment and finance as well
#   likelihood: likely
#   controls: [sr-3.2, sr-7.3] # measures that exist
#   residual: {{likelihood: unlikely, consequence: {{production: minor}}}} # judged again with them
#   assessed: 2026-01-15
#   by: Role of the person
"""

_GITIGNORE: Final = """\
# Keys and caches: never in git.
.plantproof/
# The evidence locker is a git repository of its own.
evidence/
# Results and portal can be made again.
out/
# Licensed texts of standards: they stay on this machine.
licensed/
"""

FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "plantproof.yml": _SETTINGS,
        "plant/zones.yml": _ZONES,
        "inventory.yml": _INVENTORY,
        "risk/scenarios.yml": _RISK,
        "attestations/statements.yml": _ATTESTATIONS,
        ".gitignore": _GITIGNORE,
    }
)
"""Path to text; braces are doubled, ``{name}`` and ``{owner}`` are filled in as YAML texts."""
