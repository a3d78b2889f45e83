# SPDX-License-Identifier: Apache-2.0
"""No text makes a reader of firewall configurations fail but with its own error, and every rule stands in the text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plantproof.errors import ContentError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import ANY
from plantproof.firewall.query import Verdict, ask

WHOLE = {
    "fortios": """\
config system interface
edit "a"
set ip 10.0.0.1 255.255.255.0
next
edit "b"
next
end
config firewall address
edit "n"
set subnet 10.0.0.0 255.255.255.0
next
end
config firewall addrgrp
edit "g"
set member "n"
next
end
config firewall service custom
edit "s"
set tcp-portrange 502 20000:1024-2000
next
end
config firewall vip
edit "v"
set extip 192.0.2.1-192.0.2.4
set mappedip "10.0.0.5-10.0.0.8"
set extintf "any"
set portforward enable
set extport 80-81
set mappedport 8080-8081
next
end
config firewall policy
edit 1
set srcintf "a"
set dstintf "any"
set srcaddr "g"
set dstaddr "v"
set action accept
set schedule "always"
set service "s" "DNS"
next
edit 2
set srcintf "any"
set dstintf "b"
set srcaddr "all"
set dstaddr "n"
set dstaddr-negate enable
set service "ALL"
set action accept
next
end
""",
    "hirschmann-hios": """\
<Config xmlns="urn:xml:ns:mibconf:base:1.0"><MibData><MIB name="HM2-FW-MIB">
<Scalar name="x"><Attribute name="hm2DefaultPolicy">2</Attribute></Scalar>
<Table name="hm2L3RuleEntry">
<Entry><Attribute name="hm2L3RuleIndex">1</Attribute>
<Attribute name="hm2L3SourceAddress">!10.0.0.0/24</Attribute>
<Attribute name="hm2L3TargetPort">80,90-99</Attribute>
<Attribute name="hm2L3Proto">4</Attribute>
<Attribute name="hm2L3RuleParams">state=new|rel,type=3</Attribute>
<Attribute name="hm2L3RowStatus">1</Attribute></Entry></Table>
<Table name="hm2L3RuleIfMappingEntry">
<Entry><Attribute name="hm2L3IfmInterface" convert="ifname">1/1</Attribute>
<Attribute name="hm2L3IfmDirection">3</Attribute>
<Attribute name="hm2L3IfmRuleIndex">1</Attribute>
<Attribute name="hm2L3IfmPriority">4</Attribute>
<Attribute name="hm2L3IfmRowStatus">1</Attribute></Entry></Table>
</MIB></MibData></Config>
""",
    "moxa-edr": """\
object address
 name plc
 ip-addr 10.0.0.0/24
 exit
object service tcp
 name modbus
 port 502
 exit
l3l7-policy enable
l3l7-policy default-action deny
l3l7-policy 1
 enable
 interface WAN LAN
 action allow
 mode ip
 src-ip plc
 dst-ip range 10.1.0.1 10.1.0.9
 dst-port modbus
 exit
firewall 2
 action drop
 protocol all
""",
    "cisco-ios": """\
object-group network n
 host 10.0.0.1
 group-object m
object-group network m
 10.0.0.0 255.255.255.0
object-group service s
 tcp range 2000 2003
class-map type inspect match-any c
 match access-group name d
policy-map type inspect p
 class type inspect c
  inspect
zone security a
zone security b
zone-pair security ab source a destination b
 service-policy type inspect p
interface GigabitEthernet0/0
 ip address 10.0.0.1 255.255.255.0
 ip nat inside
 ip access-group 131 in
 zone-member security a
interface GigabitEthernet0/1
 ip address 203.0.113.34 255.255.255.252
 ip nat outside
 ip access-group d out
 zone-member security b
ip nat inside source list 44 interface GigabitEthernet0/1 overload
ip nat inside source static tcp 10.0.0.11 22 203.0.113.34 4022 extendable
ip access-list extended d
 10 permit object-group s object-group n any
 20 permit tcp any any eq 80 443 established log
access-list 44 permit 10.0.0.0 0.0.0.255
access-list 131 permit icmp any any echo
ip route 10.2.0.0 255.255.0.0 203.0.113.33
end
""",
    "cisco-asa": """\
: Saved
ASA Version 9.16(4)
hostname asa-dose
!
interface GigabitEthernet1/1
 nameif outside
 security-level 0
 ip address 198.51.100.2 255.255.255.248
interface GigabitEthernet1/2
 nameif plant
 security-level 60
 ip address 10.82.0.1 255.255.255.0
interface GigabitEthernet1/3
 nameif lab
 security-level 60
 ip address 10.83.0.1 255.255.255.0
!
same-security-traffic permit inter-interface
object network dose-plc
 host 10.82.0.40
object network lab-net
 subnet 10.83.0.0 255.255.255.0
object network ops-range
 range 10.80.7.10 10.80.7.19
object service opcua
 service tcp destination eq 4840
object-group network readers
 network-object object lab-net
 network-object host 10.80.7.30
object-group service plc-talk
 service-object object opcua
 service-object tcp destination eq 502
 service-object udp source range 1024 65535 destination eq 2222
object-group service web-ports tcp
 port-object eq https
 port-object range 8080 8089
object-group icmp-type ping-only
 icmp-object echo
time-range shift-a
 periodic weekdays 6:00 to 14:00
access-list from-out remark vendor window
access-list from-out extended permit tcp host 203.0.113.9 object dose-plc eq ssh time-range shift-a
access-list from-out extended permit tcp any object dose-plc eq 8443 inactive
access-list from-out extended deny ip any any log
access-list from-lab extended permit object-group plc-talk object-group readers object dose-plc
access-list from-lab extended permit tcp object lab-net any object-group web-ports
access-list from-lab extended permit icmp any4 any4 object-group ping-only
access-list site-wide extended permit udp any any eq ntp
access-group from-out in interface outside
access-group from-lab in interface lab
access-group site-wide global
object network dose-plc
 nat (plant,outside) static 198.51.100.4 service tcp ssh 2022
nat (lab,outside) source static lab-net lab-net destination static ops-range ops-range no-proxy-arp
nat (plant,outside) after-auto source dynamic any interface
: end
""",
}
PIECES = ["1", "-1", "99999999999999999999", "²", "/", "0.0.0.0", "255.0.255.0", "::", '"', "\\", "\x00", "\r", "end\n", "next\n", "enable", "config vdom\n", "edit 0\n", "exit\n", "<", ">", "&amp;", "any", "-", ":", ",", " ", "\n", "\ud800"]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, dialect: str) -> str:
    """A good configuration with words exchanged, lines dropped or doubled, or its end missing."""
    lines = WHOLE[dialect].splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        words = lines[at].split(" ")
        where = draw(st.integers(0, len(words) - 1))
        change = draw(st.sampled_from(["word", "drop", "double", "swap"]))
        if change == "word":
            words[where] = draw(st.sampled_from(PIECES)) + draw(st.sampled_from(["", "\n"]))
            lines[at] = " ".join(words)
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif len(lines) > 1:
            del lines[at]
    text = "".join(lines)
    return text[: draw(st.integers(len(text) // 2, len(text)))] if draw(st.booleans()) else text


def check(dialect: str, text: str) -> None:
    refused: ContentError | None = None
    try:
        listing = read_listing(dialect, text)
    except ContentError as error:
        refused = error
    if refused is not None:
        assert (refused.code, bool(refused.hint), refused.where is not None) == ("content.firewall", True, True)
        return
    last = text.count("\n") + text.count("\r") + 1  # XML ends lines with either
    assert all(1 <= rule.line <= last for rule in (*listing.rules, *listing.incomplete))
    assert all(rule.understood or rule.why for rule in listing.rules)
    assert isinstance(ask(listing, ANY).verdict, Verdict)


@pytest.mark.parametrize("dialect", sorted(WHOLE))
@given(data=st.data())
def test_changed_configurations(dialect: str, data: st.DataObject) -> None:
    check(dialect, data.draw(mutated(dialect)))


@pytest.mark.parametrize("dialect", sorted(WHOLE))
@given(text=st.text(max_size=200))
@example(text="config a\n" * 100_000)
@example(text="config firewall policy\nedit 1\nset a " + '"' * 100_001)
@example(text="<Config>" + "<MibData>" * 100_000)
@example(text=WHOLE["hirschmann-hios"].replace("10.0.0.0/24", "!" * 100_000))
@example(text=WHOLE["hirschmann-hios"].replace("type=3", "code=" + "1|" * 200_000))
@example(text="l3l7-policy\n" * 20_000)
@example(text="firewall 1\n " + "src-ip " * 50_000)
@example(text=WHOLE["cisco-ios"].replace("group-object m", "group-object n"))
@example(text="interface x\n nameif a\naccess-group l in interface a\n" + "access-list l permit ip any any\n" * 20_000)
@example(text="".join(f"interface x{n}\n nameif a{n}\n security-level {n % 100}\n" for n in range(2000)))
@example(text="interface x\n ip access-group l in\nip access-list extended l\n" + " permit ip any any\n" * 20_000)
@example(text="interface x\n" + "".join(f"object-group network g{n}\n group-object g{n + 1}\n" for n in range(5000)))
def test_any_text(dialect: str, text: str) -> None:
    check(dialect, text)


@pytest.mark.parametrize("dialect", sorted(WHOLE))
def test_the_whole_ones_are_read(dialect: str) -> None:
    assert read_listing(dialect, WHOLE[dialect]).rules
