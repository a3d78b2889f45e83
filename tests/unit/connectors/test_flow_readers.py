# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from plantproof.connectors.flows import READERS, Reading
from plantproof.connectors.flows.detect import DOCUMENT, detect
from plantproof.connectors.flows.document import Source, read_document, write_document
from plantproof.core.observed.flow import ObservedFlow
from plantproof.core.observed.traffic import Aggregate
from plantproof.errors import ContentError, UsageError

_NAMES = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state"
FIELDS = f"{_NAMES} orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes".split()


def read(form: str, text: str, **columns: str) -> tuple[list[ObservedFlow], Reading]:
    reading = Reading("log")
    return list(READERS[form](text.splitlines(keepends=True), reading, columns)), reading


def ends(flow: ObservedFlow) -> tuple[str, str, int, int | None]:
    return str(flow.src), str(flow.dst), flow.protocol, flow.port


def zeek(*rows: str, separator: str = "\t", head: str = "#separator \\x09", path: str = "conn") -> str:
    lines = [head, f"#set_separator{separator},", f"#unset_field{separator}-", f"#path{separator}{path}"]
    lines += [separator.join(("#fields", *FIELDS)), separator.join(("#types", "time", "string"))]
    return "\n".join([*lines, *(separator.join(row.split()) for row in rows), f"#close{separator}2026-11-23"]) + "\n"


MODBUS = "1763879820.5 C1 192.0.2.10 50123 198.51.100.5 502 tcp modbus 3.25 120 90 SF 6 372 5 290"


def test_zeek_in_its_table() -> None:
    (flow,), reading = read("zeek", zeek(MODBUS))
    assert ends(flow) == ("192.0.2.10", "198.51.100.5", 6, 502)
    assert (flow.first, flow.last) == (1763879820, 1763879823)
    assert (flow.packets, flow.size, flow.answered, flow.line) == (11, 662, True, 7)
    assert (reading.malformed, reading.records) == (0, 1)


@pytest.mark.parametrize(
    ("state", "proto", "packets", "answered"),
    [
        ("S0", "tcp", "1 60 0 0", False),
        ("REJ", "tcp", "1 60 1 40", False),
        ("RSTOS0", "tcp", "2 100 0 0", False),
        ("SH", "tcp", "2 100 0 0", False),
        ("S1", "tcp", "4 200 3 160", True),
        ("RSTR", "tcp", "4 200 3 160", True),
        ("OTH", "tcp", "4 200 3 160", None),
        ("-", "tcp", "- - - -", None),
        ("S0", "udp", "1 60 0 0", None),
        ("SF", "udp", "1 60 1 60", True),
    ],
)
def test_zeek_says_whether_anybody_answered(state: str, proto: str, packets: str, answered: bool | None) -> None:
    row = f"1.0 C 192.0.2.1 50000 192.0.2.2 514 {proto} - - - - {state} {packets}"
    (flow,), reading = read("zeek", zeek(row))
    assert (flow.answered, reading.malformed) == (answered, 0)


@pytest.mark.parametrize(
    ("state", "history", "answered"),
    [
        ("SH", "Fa", True),
        ("SHR", "fA", True),
        ("OTH", "DadA", True),
        ("S0", "S", False),
        ("REJ", "Sr", False),
        ("RSTOS0", "SR", False),
        ("RSTOS0", "R", None),
        ("RSTRH", "r", None),
        ("S0", "SAD", None),
        ("SF", "ShADadFf", True),
        ("RSTRH", "", True),
    ],
)
def test_zeek_tells_by_the_history_what_it_saw_of_a_connection_that_began_before(
    state: str, history: str, answered: bool | None
) -> None:
    record = {"id.orig_h": "192.0.2.1", "id.resp_h": "192.0.2.2", "id.resp_p": 80, "proto": "tcp"}
    (flow,), _ = read("zeek", json.dumps({**record, "conn_state": state, "history": history}) + "\n")
    assert flow.answered is answered


def test_zeek_of_icmp_has_the_type_where_a_source_port_would_be() -> None:
    rows = [
        "1.0 C 192.0.2.1 8 192.0.2.2 0 icmp - - - - OTH 1 84 1 84",
        "1.0 C 2001:db8::1 128 2001:db8:1::2 129 icmp - - - - OTH 1 84 0 0",
    ]
    (old, new), _ = read("zeek", zeek(*rows))
    assert (old.protocol, old.port, old.answered) == (1, 8, True)
    assert (new.protocol, new.port, new.answered) == (58, 128, False)


def test_zeek_that_came_in_the_middle_of_a_connection_is_turned_round() -> None:
    (flow,), _ = read("zeek", zeek("1.0 C 198.51.100.5 502 192.0.2.10 50123 tcp - - - - OTH 6 372 5 290"))
    assert ends(flow) == ("192.0.2.10", "198.51.100.5", 6, 502)


def test_zeek_with_another_separator_and_a_second_header() -> None:
    other = zeek(MODBUS, separator="|", head="#separator \\x7c")
    rotated = zeek(MODBUS).replace("\tservice", "").replace("\tmodbus", "")
    flows, reading = read("zeek", zeek(MODBUS) + other + rotated)
    assert len({ends(flow) for flow in flows}) == 1
    assert [flow.line for flow in flows] == [7, 15, 23]
    assert reading.malformed == 0


def test_zeek_as_bare_table_with_names_alone() -> None:
    text = "\t".join(FIELDS) + "\n" + "\t".join(MODBUS.split()) + "\n"
    assert detect(text.splitlines()) == "zeek"
    assert len(read("zeek", text)[0]) == 1


def test_zeek_of_another_log_is_counted_apart() -> None:
    flows, reading = read("zeek", zeek(MODBUS, path="dns") + '{"_path": "dns", "ts": 1.0}\n' + zeek(MODBUS))
    assert (len(flows), reading.other.total(), reading.malformed) == (1, 2, 0)


@pytest.mark.parametrize("ts", ["1763879820.5", '"2025-11-23T06:37:00.500000Z"', "1763879820500"])
def test_zeek_in_json(ts: str) -> None:
    line = (
        f'{{"ts": {ts}, "uid": "C1", "id.orig_h": "2001:db8::a", "id.orig_p": 50123, "id.resp_h": "2001:db8:5::5", '
        '"id.resp_p": 502, "proto": "tcp", "duration": 2.0, "conn_state": "SF", "orig_pkts": 6, "resp_pkts": 5}\n'
    )
    (flow,), _ = read("zeek", line)
    assert ends(flow) == ("2001:db8::a", "2001:db8:5::5", 6, 502)
    assert (flow.first, flow.last, flow.answered) == (1763879820, 1763879822, True)


def test_what_zeek_cannot_have_written_is_counted_with_its_line() -> None:
    rows = [MODBUS, MODBUS.replace("502", "70000"), MODBUS.replace("192.0.2.10", "\x1b[31mx"), "1.0 C", MODBUS]
    flows, reading = read("zeek", zeek(*rows) + "{not json\n[1]\n")
    assert len(flows) == 2
    assert [line for line, _ in reading.problems] == [8, 9, 10, 13, 14]
    assert reading.malformed == 5
    assert "\x1b" not in str(reading.problems)


OLD = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out\n"
NEW = "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n"
FAST = "cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes\n"
SUMMARY = "Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n2,65200,18,0,0,0\n"


def old(
    src: str, dst: str, sport: str, dport: str, *, proto: str = "TCP", flags: str = "...AP.SF", back: int = 0
) -> str:
    times = "2026-11-23 06:37:00,2026-11-23 06:37:05,5.000"
    return f"{times},{src},{dst},{sport},{dport},{proto},{flags},0,0,10,1200,{back},{back * 60},0,0\n"


def test_nfdump_1_6_with_its_summary_and_joined_files() -> None:
    there = old("192.0.2.10", "198.51.100.5", "50123", "502")
    back = old("198.51.100.5", "192.0.2.10", "502", "50123")
    flows, reading = read("nfdump", OLD + there + back + SUMMARY + OLD + there + SUMMARY)
    assert {ends(flow) for flow in flows} == {("192.0.2.10", "198.51.100.5", 6, 502)}
    assert [flow.answered for flow in flows] == [True, True, True]
    assert (flows[0].first, flows[0].last, flows[0].packets, flows[0].size) == (1795415820, 1795415825, 10, 1200)
    assert (reading.malformed, reading.other.total(), flows[2].line) == (0, 6, 8)


@pytest.mark.parametrize(
    ("there", "back", "answered"),
    [("......S.", "....RA..", [False, False]), ("......S.", "...A..S.", [False, True]), ("...AP.SF", "", [True])],
)
def test_nfdump_says_by_flags_whether_anybody_answered(there: str, back: str, answered: list[bool]) -> None:
    text = OLD + old("192.0.2.10", "198.51.100.5", "50123", "502", flags=there)
    if back:
        text += old("198.51.100.5", "192.0.2.10", "502", "50123", flags=back)
    assert [flow.answered for flow in read("nfdump", text)[0]] == answered


def test_nfdump_that_joined_both_ways_keeps_its_direction() -> None:
    (flow,), _ = read("nfdump", OLD + old("198.51.100.5", "192.0.2.10", "502", "50123", back=4))
    assert (ends(flow)[3], flow.answered, flow.packets) == (50123, True, 14)


def test_nfdump_1_7_and_its_fast_form() -> None:
    new = NEW + "2026-11-23 06:37:00.123,00:01:05.500,17,2001:db8::1,40000,2001:db8:1::2,161,3,300,1\n"
    fast = FAST + "1,2,1795415820.123,1795415825.000,6,192.0.2.1,50000,192.0.2.2,22,0,0,1,2,...AP.SF,0,9,900\n"
    (first, second), reading = read("nfdump", new + fast)
    assert (ends(first), first.last) == (("2001:db8::1", "2001:db8:1::2", 17, 161), 1795415885)
    assert (ends(second), second.first, second.answered) == (("192.0.2.1", "192.0.2.2", 6, 22), 1795415820, True)
    assert reading.malformed == 0


@pytest.mark.parametrize(("written", "port", "answered"), [("8.0", 8, None), ("2048", 8, None), ("0.0", 8, True), ("3.1", 3, None)])  # fmt: skip
def test_nfdump_of_icmp(written: str, port: int, answered: bool | None) -> None:
    (flow,), _ = read("nfdump", OLD + old("192.0.2.1", "198.51.100.5", "0", written, proto="ICMP", flags="........"))
    assert (flow.port, flow.answered) == (port, answered)
    assert (str(flow.src) == "198.51.100.5") is (written == "0.0")


def test_a_record_with_two_like_ports_has_no_known_direction() -> None:
    (flow,), _ = read("nfdump", OLD + old("192.0.2.1", "192.0.2.2", "123", "123", proto="UDP", flags="........"))
    assert (flow.directed, ends(flow)[:2]) == (False, ("192.0.2.1", "192.0.2.2"))


def test_what_nfdump_cannot_have_written_is_counted() -> None:
    bad = [old("192.0.2.1", "x", "1", "502"), "a,b\n", old("192.0.2.1", "192.0.2.2", "1", "502", flags="?")]
    flows, reading = read("nfdump", "1,2,3\n" + OLD + "".join(bad) + "\n\nNo matched flows\n")
    assert (flows, reading.malformed, reading.other.total()) == ([], 4, 1)


def eve(kind: str, **changes: object) -> str:
    record: dict[str, object] = {
        "timestamp": "2026-11-23T06:40:00.000001+0000", "event_type": kind, "src_ip": "192.0.2.10", "src_port": 50123,
        "dest_ip": "198.51.100.5", "dest_port": 502, "proto": "TCP",
    }  # fmt: skip
    times = {"start": "2026-11-23T07:37:00.251547+0100", "end": "2026-11-23T06:37:05.000000+0000"}
    both = {"pkts_toserver": 6, "pkts_toclient": 5, "bytes_toserver": 400, "bytes_toclient": 300}
    record[kind] = {**times, **(both if kind == "flow" else {"pkts": 6, "bytes": 400})}
    return json.dumps({**record, **changes}) + "\n"


def test_eve_among_other_events() -> None:
    text = eve("flow") + eve("alert") + eve("dns") + eve("netflow") + eve("flow", proto="IPv6-ICMP", icmp_type=128)
    flows, reading = read("eve", text)
    assert ends(flows[0]) == ("192.0.2.10", "198.51.100.5", 6, 502)
    assert (flows[0].first, flows[0].last, flows[0].packets, flows[0].size) == (1795415820, 1795415825, 11, 700)
    assert (flows[1].packets, flows[2].port, flows[2].answered) == (6, 128, True)
    assert (reading.other.total(), reading.malformed) == (2, 0)


NONE_BACK = {"pkts_toserver": 1, "pkts_toclient": 0}
ONE_BACK = {"pkts_toserver": 1, "pkts_toclient": 1}


@pytest.mark.parametrize(
    ("flow", "tcp", "answered"),
    [
        (NONE_BACK, {"tcp_flags_ts": "02", "tcp_flags_tc": "00"}, False),
        (ONE_BACK, {"tcp_flags_ts": "02", "tcp_flags_tc": "14"}, False),
        (ONE_BACK, {"tcp_flags_ts": "1b", "tcp_flags_tc": "12"}, True),
        (NONE_BACK, {"tcp_flags_ts": "18", "tcp_flags_tc": "00"}, None),
        (ONE_BACK, {}, None),
    ],
)
def test_eve_says_whether_anybody_answered(
    flow: Mapping[str, int], tcp: Mapping[str, str], answered: bool | None
) -> None:
    assert read("eve", eve("flow", flow=flow, tcp=tcp))[0][0].answered is answered


def test_eve_names_protocols_as_the_registry_does() -> None:
    (flow,), _ = read("eve", eve("flow", proto="OSPFIGP"))
    assert (flow.protocol, flow.port) == (89, None)


def test_eve_of_one_way_is_turned_round() -> None:
    back = eve("netflow", src_ip="198.51.100.5", src_port=502, dest_ip="192.0.2.10", dest_port=50123)
    (flow,), _ = read("eve", back)
    assert (ends(flow), flow.answered) == (("192.0.2.10", "198.51.100.5", 6, 502), True)


def test_what_suricata_cannot_have_written_is_counted() -> None:
    bad = ["{", "[]", "{}", eve("flow", flow=1).strip(), eve("flow", dest_port=-1).strip(), eve("flow", tcp=1).strip()]
    bad += [eve("netflow", tcp={"tcp_flags": "zz"}).strip(), eve("flow", proto=None).strip(), "\0", "[" * 5000]
    flows, reading = read("eve", "\n".join(bad) + "\n\n")
    assert (flows, reading.malformed) == ([], len(bad))


def test_csv_of_a_spreadsheet() -> None:
    text = '\ufeffSource IP;Destination IP;Dst Port;Protocol;Bytes;First seen\r\n"192.0.2.10";198.51.100.5;502;TCP;120;2026-11-23T06:37:00Z\r\n'
    assert detect(text.splitlines()) == "csv"
    (flow,), reading = read("csv", text)
    assert ends(flow) == ("192.0.2.10", "198.51.100.5", 6, 502)
    assert (flow.size, flow.first, flow.last, reading.malformed) == (120, 1795415820, 1795415820, 0)


def test_csv_with_columns_named_by_the_user() -> None:
    text = "von,nach,dienst,art,ts\n192.0.2.10,198.51.100.5,502,6,yesterday\n"
    named = {"src": "Von", "dst": "nach", "dport": "dienst", "proto": "art", "first": ""}
    assert len(read("csv", text, **named)[0]) == 1
    assert read("csv", text, **{**named, "first": "ts"})[1].malformed == 1
    with pytest.raises(ContentError, match="no column is known as src"):
        read("csv", text)
    with pytest.raises(UsageError, match="no column 'wer'"):
        read("csv", text, src="wer")
    with pytest.raises(UsageError, match="no column 'source'"):
        read("csv", text, source="von")


def test_csv_of_a_firewall_says_what_it_stopped() -> None:
    text = "src,dst,sport,dport,proto,action\n192.0.2.1,192.0.2.2,50000,22,tcp,DENY\n192.0.2.1,192.0.2.2,50000,22,tcp,allow\n"
    assert [flow.answered for flow in read("csv", text)[0]] == [False, None]


def test_csv_lines_that_cannot_be_read_are_counted() -> None:
    rows = ["192.0.2.1,192.0.2.2,502", '192.0.2.1,"192.0.2.2,502,tcp', "192.0.2.1,192.0.2.2,,tcp", "a,b,c,d"]
    rows += ["192.0.2.1,192.0.2.2,502,nonsense", "192.0.2.1,192.0.2.2,502,256", "192.0.2.1,192.0.2.2,٣,tcp"]
    flows, reading = read("csv", "src,dst,dport,proto\n" + "\n".join(rows) + "\n192.0.2.1,192.0.2.2,,esp\n")
    assert ([flow.protocol for flow in flows], reading.malformed) == ([50], len(rows))


def test_only_the_first_unreadable_lines_are_kept_and_all_are_counted() -> None:
    _, reading = read("csv", "src,dst,proto\n" + "x\n" * 1000)
    assert (len(reading.problems), reading.malformed) == (20, 1000)


@pytest.mark.parametrize(
    ("first", "form"),
    [
        ("#separator \\x09", "zeek"),
        (OLD, "nfdump"),
        (NEW, "nfdump"),
        (FAST, "nfdump"),
        (eve("alert"), "eve"),
        ('{"ts":1.0,"uid":"C"}', "zeek"),
        ("# made by hand\nsrc,dst,proto", "csv"),
        ('{"plantproof":"observed-flows","version":1,', DOCUMENT),
        ("{", DOCUMENT),
        ("hello", None),
        ("", None),
        ("{broken", None),
    ],
)
def test_formats_are_known_by_their_first_lines(first: str, form: str | None) -> None:
    assert detect(first.splitlines()) == form


def document() -> str:
    aggregate = Aggregate()
    for flow in read("zeek", zeek(MODBUS, MODBUS.replace("502", "22")))[0]:
        aggregate.add(flow)
    source = Source(name="log\x1b", format="zeek", sha256="0" * 64, lines=9, records=2, malformed=0, other=0)
    return "".join(write_document([source], aggregate))


def test_our_own_file_reads_back_as_it_was_written() -> None:
    text = document()
    assert detect(text.splitlines()) == DOCUMENT
    sources, traffic = read_document(text, Reading("flows.json"))
    again = Aggregate()
    again.merge(traffic)
    assert "".join(write_document(sources, again)) == text
    assert "\x1b" not in text
    assert text.isascii()


@pytest.mark.parametrize(
    ("old_text", "new_text", "said"),
    [
        ("}", "", "well-formed"),
        ('"version":1', '"version":2', "another version"),
        ("observed-flows", "other", "not a file of observed flows"),
        ('"sources":[', '"sources":3,"x":[', "no list of sources"),
        ('"records":1', '"records":0', "/flows/0: cannot be read: its counts"),
        ('"src":"192', '"src":"300', "/flows/0: cannot be read: src is not an IP address"),
        ('"port":22', '"port":[9,2]', "port ends before it begins"),
        ('"port":22', '"port":[9]', "a number or two"),
        ('"first":"20', '"first":"XX', "is not an instant"),
        ('"seen":["log"', '"seen":[3', "not a file and a line"),
        ('"format":"zeek"', '"format":1', "/sources/0"),
        ('"flows":[', '"flows":[3,', "not a JSON object"),
    ],
)
def test_a_damaged_file_of_ours_is_refused_with_its_place(old_text: str, new_text: str, said: str) -> None:
    damaged = document().replace('"period":{"first":"', '"period":{"at":"').replace(old_text, new_text)
    with pytest.raises(ContentError) as caught:
        list(read_document(damaged, Reading("flows.json"))[1])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("first", "duration", "seen"),
    [
        ("2026-11-23 06:37:00.9", "1.5", (1795415820, 1795415821)),
        ("2026-11-23 06:37:00", "1d 00:00:01.000", (1795415820, 1795502221)),
        ("0000-00-00 00:00:00.000", "0", (None, None)),
        ("1795415820.5", "", (1795415820, 1795415820)),
        ("2026-11-23 06:37:00", "long", None),
        ("2026-11-23 06:37:00", "-1", None),
        ("soon", "1", None),
        ("nan", "1", None),
    ],
)
def test_nfdump_tells_the_end_by_the_duration(first: str, duration: str, seen: tuple[int, int] | None) -> None:
    flows, reading = read("nfdump", NEW + f"{first},{duration},6,192.0.2.1,50000,192.0.2.2,22,1,60,1\n")
    assert [(flow.first, flow.last) for flow in flows] == ([] if seen is None else [seen])
    assert reading.malformed == (seen is None)


def test_nfdump_in_a_format_without_ports_says_which_column_is_missing() -> None:
    flows, reading = read("nfdump", "firstSeen,proto,srcAddr,dstAddr\n2026-11-23 06:37:00,6,192.0.2.1,192.0.2.2\n")
    assert (flows, reading.problems) == ([], [(2, "the heading has no column dp or dstPort")])


@pytest.mark.parametrize(("flags", "answered"), [("0x12", True), ("2", False), ("0", None), ("", None), ("S", False)])
def test_csv_flags_in_each_way_of_writing(flags: str, answered: bool | None) -> None:
    (flow,), _ = read("csv", f"src,dst,sport,dport,proto,flags\n192.0.2.1,192.0.2.2,50000,22,tcp,{flags}\n")
    assert flow.answered is answered


@pytest.mark.parametrize(("port", "read_as"), [("8.0", 8), ("8", 8), ("", None)])
def test_csv_of_icmp(port: str, read_as: int | None) -> None:
    (flow,), _ = read("csv", f"src,dst,dport,proto\n192.0.2.1,192.0.2.2,{port},icmp\n")
    assert flow.port == read_as


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"duration": "x"}, "duration is not a number of seconds"),
        ({"duration": [1]}, "duration is not a number of seconds"),
        ({"id": {"orig_h": 5}}, "id.orig_h is not an IP address"),
        ({"proto": None}, "the protocol is neither a known name nor a number from 0 to 255"),
        ({"orig_pkts": 1.5}, "orig_pkts is not a count"),
        ({"orig_pkts": True}, "orig_pkts is not a count"),
        ({"ts": [1]}, "ts is not a time (ISO 8601 or seconds since 1970)"),
        ({"ts": 1e300}, "ts is not a time (ISO 8601 or seconds since 1970)"),
        ({"ts": "9999-12-31T23:59:59-23:59"}, "ts is not a time (ISO 8601 or seconds since 1970)"),
        ({}, ""),
        ({"orig_pkts": 3.0, "resp_pkts": " "}, ""),
        ({"proto": "unknown_transport"}, ""),
    ],
)
def test_zeek_fields_of_the_wrong_kind_are_named(changes: Mapping[str, object], reason: str) -> None:
    record = {
        "ts": 1.0,
        "id.orig_h": "192.0.2.1",
        "id.orig_p": 1,
        "id.resp_h": "192.0.2.2",
        "id.resp_p": 0,
        "proto": "udp",
    }
    flows, reading = read("zeek", json.dumps({**record, **changes}) + "\n")
    assert (len(flows), [said for _, said in reading.problems]) == ((0, [reason]) if reason else (1, []))


def test_zeek_json_without_a_needed_field_names_it() -> None:
    assert read("zeek", '{"ts": 1.0}\n')[1].problems == [(1, "id.orig_h is missing")]
