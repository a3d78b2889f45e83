# SPDX-License-Identifier: Apache-2.0
"""Which keys of a policy say what it matches, and which say nothing about that; any other key leaves it open."""

from __future__ import annotations

from typing import Final

__all__ = ["HARMLESS", "MATCHING"]

_MATCHING: Final = """
srcintf dstintf srcaddr dstaddr srcaddr6 dstaddr6 service action status schedule match-vip
srcaddr-negate dstaddr-negate service-negate srcaddr6-negate dstaddr6-negate
"""
_HARMLESS: Final = """
name uuid comments comment label global-label logtraffic logtraffic-start custom-log-fields log-http-transaction
nat ippool poolname poolname6 fixedport natip port-preserve port-random pcp-outbound pcp-inbound cgn-log-server-grp
session-ttl anti-replay tcp-mss-sender tcp-mss-receiver timeout-send-rst delay-tcp-npu-session tcp-session-without-syn
utm-status inspection-mode profile-type profile-group profile-protocol-options ssl-ssh-profile av-profile ips-sensor
application-list webfilter-profile dnsfilter-profile emailfilter-profile dlp-sensor dlp-profile file-filter-profile
voip-profile ips-voip-filter icap-profile waf-profile ssh-filter-profile videofilter-profile sctp-filter-profile
cifs-profile virtual-patch-profile casb-profile diameter-filter-profile scan-botnet-connections dsri
traffic-shaper traffic-shaper-reverse per-ip-shaper auto-asic-offload np-acceleration capture-packet
diffserv-forward diffserv-reverse diffserv-copy diffservcode-forward diffservcode-rev vlan-cos-fwd vlan-cos-rev
send-deny-packet block-notification replacemsg-override-group wccp webcache webcache-https wanopt
geoip-anycast geoip-match reputation-direction decrypted-traffic-mirror passive-wan-health-measurement
wsso ztna-tags-match-logic service-connector permit-stun-host
"""

MATCHING: Final = frozenset(_MATCHING.split())
"""Keys that the compiler reads."""
HARMLESS: Final = frozenset(_HARMLESS.split())
"""Keys about logs, source translation, shaping, inspection of what was accepted, or how another key is read."""
