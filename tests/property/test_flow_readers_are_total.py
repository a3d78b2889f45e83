# SPDX-License-Identifier: Apache-2.0
"""No text makes a flow reader raise, every line is accounted for, and the order of flows changes no sum."""

from __future__ import annotations

import dataclasses
import json
from ipaddress import ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plantproof.connectors.flows import READERS, Reading
from plantproof.connectors.flows.detect import detect
from plantproof.connectors.flows.document import read_document, write_document
from plantproof.core.observed import traffic
from plantproof.core.observed.flow import ObservedFlow, is_reply
from plantproof.core.observed.traffic import Aggregate
from plantproof.errors import ContentError

HEADS = [
    "#separator \\x09", "#separator \\x2c", "#unset_field\t-", "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state",
    "ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt,opkt,obyt", "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows",
    "src,dst,sport,dport,proto,first,last,packets,bytes,flags,action", "Summary", "", "\ufeff",
]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(["192.0.2.1", "2001:db8::1", "fe80::1%eth0", "::ffff:192.0.2.1", "502", "0", "8.0", "65535", "65536", "-", "", "tcp", "UDP", "icmp", "6", "1e308", "nan", "inf", "-1", "2026-11-23T06:37:00Z", "2026-11-23 06:37:00.123", "9999-12-31T23:59:59-23:59", "0001-01-01", "0x1b", ".AP.SF", "S0", "OTH", "9" * 5000, '"', "٣"]),
    st.text(max_size=8),
    st.floats().map(str),
)  # fmt: skip
SEPARATORS = st.sampled_from(["\t", ",", ";"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | CELLS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["start", "end", "pkts", "pkts_toclient", "tcp_flags", "tcp_flags_tc", "orig_h"]), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
KEYS = ["event_type", "src_ip", "dest_ip", "src_port", "dest_port", "proto", "flow", "netflow", "tcp", "icmp_type", "timestamp", "ts", "id", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "duration", "conn_state", "resp_pkts", "_path"]  # fmt: skip
OBJECTS = st.fixed_dictionaries(
    {"event_type": st.sampled_from(["flow", "netflow", "dns"]), "proto": CELLS}, optional={key: JSON for key in KEYS[1:] if key != "proto"}
)  # fmt: skip
LINES = st.one_of(
    st.sampled_from(HEADS),
    st.builds(lambda separator, cells: separator.join(cells), SEPARATORS, st.lists(CELLS, max_size=13)),
    OBJECTS.map(json.dumps),
    st.text(max_size=30),
)
TEXTS = st.lists(LINES, max_size=12)


@pytest.mark.parametrize("form", READERS)
@given(lines=TEXTS)
@example(lines=["[" * 100_000])
@example(lines=['{"a":' * 50_000])
@example(lines=["," * 500_000] * 3)
@example(lines=['"' * 100_001])
@example(lines=[HEADS[6], "192.0.2.1,192.0.2.2,1,1,6," + "9" * 100_000 + ",,,,,"])
def test_any_text_is_read_and_every_line_accounted_for(form: str, lines: list[str]) -> None:
    text = [f"{line}\n".replace("\r", "") for line in lines]
    reading = Reading("log")
    try:
        flows = list(READERS[form](text, reading, {}))
    except ContentError as error:
        if form != "csv":
            raise
        assert error.code == "content.flows"  # noqa: PT017 - only a heading without its columns
        return
    assert len(flows) == reading.records
    headings = sum(1 for line in text if not line.strip() or line[0] in "#\ufeff" or line.strip() in HEADS)
    counted = reading.records + reading.malformed + reading.other.total()
    assert counted <= reading.lines == len(text)
    assert counted >= len(text) - headings - 1
    for flow in flows:
        assert 1 <= flow.line <= len(text)
        assert flow.port is None or 0 <= flow.port <= 65535
        assert 0 <= flow.protocol <= 255
        assert flow.first is None or 0 <= flow.first < 1 << 50
    detect(text)


HOSTS = st.sampled_from([ip_address(text) for text in ("192.0.2.1", "192.0.2.2", "2001:db8::1")])
FLOWS = st.builds(
    ObservedFlow,
    src=HOSTS,
    dst=HOSTS,
    protocol=st.sampled_from([1, 6, 17]),
    port=st.none() | st.sampled_from([22, 502]) | st.integers(0, 20),
    first=st.none() | st.integers(0, 1000),
    last=st.none() | st.integers(0, 1000),
    packets=st.integers(0, 9),
    size=st.integers(0, 9),
    answered=st.none() | st.booleans(),
    directed=st.booleans(),
    source=st.sampled_from(["a", "b"]),
    line=st.integers(1, 9),
)


@settings(max_examples=300)
@given(data=st.data(), flows=st.lists(FLOWS, max_size=30), most=st.integers(0, 5))
def test_the_order_of_flows_and_the_way_they_are_joined_change_nothing(
    data: st.DataObject, flows: list[ObservedFlow], most: int
) -> None:
    shuffled = data.draw(st.permutations(flows))
    cut = data.draw(st.integers(0, len(flows)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(traffic, "MOST_PORTS", most)
        whole, other, joined = Aggregate(), Aggregate(), Aggregate()
        for flow in flows:
            whole.add(flow)
        for flow in shuffled:
            other.add(flow)
        for part in (shuffled[cut:], shuffled[:cut]):
            half = Aggregate()
            for flow in part:
                half.add(flow)
            _, again = read_document("".join(write_document([], half)), Reading("half"))
            joined.merge(again)
    assert list(whole) == list(other) == list(joined)
    assert sum(each.records for each in whole) == len(flows)


@given(protocol=st.sampled_from([6, 17]), one=st.integers(0, 65535), two=st.integers(0, 65535))
def test_of_two_records_of_a_conversation_one_is_the_reply(protocol: int, one: int, two: int) -> None:
    assert is_reply(protocol, one, two) + is_reply(protocol, two, one) == (one != two)


def test_the_fields_of_a_flow_are_all_added_up() -> None:
    fields = {field.name for field in dataclasses.fields(ObservedFlow)}
    assert fields == {"src", "dst", "protocol", "port", "first", "last", "packets", "size", "answered", "directed", "source", "line"}  # fmt: skip
