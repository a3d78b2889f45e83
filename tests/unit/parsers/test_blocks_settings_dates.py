# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from plantproof.errors import UsageError
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.dates import day_text, days_from, epoch_text, openssl_date, systemd_date
from plantproof.parsers.registry import PARSERS, parse
from plantproof.parsers.settings import Table, assignments, ini, integer, snake, typed, unquoted, words


def test_blocks_number_lines_over_the_whole_text() -> None:
    blocks = Blocks.read("before\n@@ file /etc/a\n\n# no\n x \n@@ command ls -1 /b\n@@ unreadable /etc/c\n@@ cut x\n")
    assert [(block.how, block.name, block.line) for block in blocks.blocks] == [
        ("", "", 0),
        ("file", "/etc/a", 2),
        ("command", "ls -1 /b", 6),
        ("unreadable", "/etc/c", 7),
        ("cut", "x", 8),
    ]
    assert list(blocks.files("/etc/*")[0].content()) == [(5, "x")]
    assert blocks.files("/etc/*")[0].first() == "# no"
    assert blocks.commands("ls *")[0].first() == ""
    assert blocks.unreadable("/etc/*") == (7,)
    assert blocks.cut == (8,)


def test_what_no_collector_would_print_counts_as_cut() -> None:
    assert Blocks.read("@@ file a\n" + "x" * 20_001 + "\n").cut == (2,)
    flood = Blocks.read("@@ file a\n" * 6000)
    assert len(flood.blocks) <= 5001
    assert flood.cut


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("FallbackNTP", "fallback_ntp"),
        ("NTP", "ntp"),
        ("SystemMaxUse", "system_max_use"),
        ("net.ipv4.conf.all.rp_filter", "net_ipv4_conf_all_rp_filter"),
        ("UPG-Mode", "upg_mode"),
        ("3des", "n3des"),
        ("---", "unnamed"),
    ],
)
def test_names_become_identifiers(name: str, key: str) -> None:
    assert snake(name) == key


def test_values_are_typed_only_when_they_are_plain_numbers() -> None:
    assert [typed(text) for text in ("5", "-1", "0x1", "1.5", "²", "9" * 19, "")] == [
        5,
        -1,
        "0x1",
        "1.5",
        "²",
        "9" * 19,
        "",
    ]
    assert integer("x") is None
    assert [unquoted(text) for text in ('"a b"', "'a'", '"', "a")] == ["a b", "a", '"', "a"]
    assert words("a, b c,,d") == ["a", "b", "c", "d"]


def test_assignments_and_sections() -> None:
    assert list(assignments([(3, " A = 'b c' "), (4, "no"), (5, "x=")])) == [(3, "A", "b c"), (5, "x", "")]
    block = Blocks.read("@@ file f\n[One]\na=1\n;c\n[Two]\nb = 2\nodd\n").files("f")[0]
    assert list(ini(block)) == [(3, "One", "a", "1"), (6, "Two", "b", "2")]


def test_a_table_knows_the_line_of_each_setting() -> None:
    table = Table()
    table.put("a", 1, 5)
    table.put_first("a", 2, 6)
    table.append("b", "x", 7)
    table.append("b", "y", 8)
    assert table == {"a": 1, "b": ["x", "y"], "_lines": {"a": 5, "b": 7}}


def test_dates() -> None:
    assert day_text(0) == "1970-01-01"
    assert day_text(19800) == "2024-03-18"
    assert day_text(-719163) is None
    assert day_text(10**12) is None
    assert epoch_text(1795415831) == "2026-11-23T06:37:11Z"
    assert epoch_text(-1) is None
    assert epoch_text(10**15) is None
    assert days_from("2026-11-23", "2026-12-13T07:47:47Z") == 20
    assert days_from("2026-11-23", "soon") is None
    assert openssl_date("Feb 30 00:00:00 2026 GMT") is None
    assert openssl_date("Foo  3 00:00:00 2026 GMT") is None
    assert openssl_date("Nov  5 18:44:29 2024 GMT") == "2024-11-05T18:44:29Z"
    assert systemd_date("Mon 2026-11-23 06:37:00 UTC") == "2026-11-23T06:37:00Z"
    assert systemd_date("n/a") is None


def test_the_registry_knows_every_linux_kind_and_refuses_others() -> None:
    assert sum(kind.startswith("linux.") for kind in PARSERS) == 16
    assert parse("linux.sudo", "").kind == "linux.sudo"
    with pytest.raises(UsageError) as caught:
        parse("windows.registry", "")
    assert caught.value.code == "usage.unknown-name"
