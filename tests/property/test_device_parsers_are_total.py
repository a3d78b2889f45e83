# SPDX-License-Identifier: Apache-2.0
"""No text from a device makes a parser raise, and every line that a fact names exists."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plantproof.core.facts import LINE
from plantproof.parsers.registry import PARSERS

KINDS = sorted(kind for kind in PARSERS if not kind.startswith("linux."))
WORDS = ["no", "ip", "access-list", "access-group", "address", "interface", "line", "vty", "0", "4", "login", "username", "secret", "password", "snmp-server", "community", "ntp", "server", "key", "logging", "host", "aaa", "authentication", "banner", "motd", "^C", "router", "bgp", "neighbor", "192.0.2.1", "area", "0", "permit", "deny", "any", "spanning-tree", "switchport", "mode", "trunk", "vlan", "12", "service", "timestamps", "transport", "input", "ssh", "end", "exit", "!", "--More--", "show", "version", "frr", "key", "chain", "route-map", "match", "{}", "[]", '"', ":", ",", "null", "true", "1e999", "-1"]  # fmt: skip
LINES = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join),
    st.text(max_size=40),
    st.sampled_from(
        ["@@ command show running-config", "@@ cut show version", "{", '{"endpoints": [{', "]}", "\x00", "\r"]
    ),
)
INDENTED = st.builds(lambda depth, line: " " * depth + line, st.integers(0, 12), LINES)
TEXTS = st.lists(INDENTED, max_size=40).map("\n".join)


def lines_named(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == LINE:
                yield from [inner] if isinstance(inner, int) else inner.values() if isinstance(inner, dict) else []
            else:
                yield from lines_named(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from lines_named(inner)


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS)
@example(text="x" * 1_000_000)
@example(text="banner motd ^C\n" * 2_000)
@example(text=" ".join(["a"] * 100_000))
@example(text="\n".join(" " * n + "a" for n in range(500)))
@example(text="[" * 50_000)
@example(text='{"a":' * 50_000)
def test_any_text_is_read(kind: str, text: str) -> None:
    facts = PARSERS[kind](text)
    assert facts.kind == kind
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line in (*facts.unparsed, *lines_named(facts.data)))
    assert PARSERS[kind](text) == facts
