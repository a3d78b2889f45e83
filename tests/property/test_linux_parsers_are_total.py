# SPDX-License-Identifier: Apache-2.0
"""No text makes a parser raise or hang, and every line that it names exists."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.linux_hosts import FOLDER, HOSTS, output_of
from plantproof.core.facts import LINE, LINES, Facts
from plantproof.errors import CollectionError
from plantproof.parsers.registry import PARSERS, parse
from plantproof.parsers.sections import split_sections

KINDS = sorted(kind for kind in PARSERS if kind.startswith("linux."))
REAL = {kind: [s.text for host in HOSTS for s in output_of(host).sections if s.kind == kind] for kind in KINDS}
FRAGMENTS = sorted({word for texts in REAL.values() for text in texts for word in text.split()[:400]})[:3000]

junk = (
    st.text(max_size=60)
    | st.sampled_from(FRAGMENTS)
    | st.sampled_from(["@@ file ", "@@ command ", "\n", "\\\n", "\t", "=", ":", ","])
)


def lines_of(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == LINE:
                yield item
            elif key == LINES:
                yield from item.values()
            else:
                yield from lines_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from lines_of(item)


def check(facts: Facts, kind: str, text: str) -> None:
    assert facts.kind == kind
    assert facts.parser.startswith(f"{kind}/")
    count = text.count("\n") + 1
    assert all(1 <= line <= count for line in facts.unparsed)
    assert all(0 <= line <= count for line in lines_of(facts.data))
    assert list(facts.unparsed) == sorted(set(facts.unparsed))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pieces=st.lists(junk, max_size=40))
def test_random_text_gives_facts(kind: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    check(parse(kind, text), kind, text)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_damaged_real_output_gives_facts(kind: str, data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(REAL[kind])).split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        cut = data.draw(st.integers(0, len(line)))
        action = data.draw(st.sampled_from(["drop", "cut", "insert", "double", "swap"]))
        lines[at] = {
            "drop": "",
            "cut": line[:cut],
            "insert": line[:cut] + data.draw(junk) + line[cut:],
            "double": line + line,
            "swap": line[cut:] + line[:cut],
        }[action]
    text = "\n".join(lines)
    check(parse(kind, text), kind, text)


HEAVY = [
    "a,",
    "NOPASSWD:",
    "ALL=",
    "(",
    '"',
    "\\",
    "x ",
    "[",
    "{",
    "!",
    "export ",
    "a.",
    "1m",
    "-",
    ":",
    "@",
    "deb ",
    "tcp(",
    "\t",
    "=",
    "'",
]


@pytest.mark.parametrize("kind", KINDS)
def test_heavy_lines_do_not_hang(kind: str) -> None:
    """A parser that is not linear would hang here for minutes."""
    headers = {line for text in REAL[kind] for line in text.split("\n") if line.startswith("@@ ")}
    for header in sorted(headers)[:40]:
        for piece in HEAVY:
            text = f"{header}\n" + piece * (19_000 // len(piece)) + "\n" + f"a{piece}\n" * 200
            check(parse(kind, text), kind, text)


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            ["#plantproof n ", "begin a.b", "end a.b ok", "note a.b x", "done", "header", "\n", "x", "\r\n"]
        )
        | st.text(max_size=5),
        max_size=40,
    )
)
def test_any_marks_give_sections_or_the_one_error(pieces: list[str]) -> None:
    text = "".join(pieces)
    code = ""
    try:
        kinds = [section.kind for section in split_sections(text).sections]
    except CollectionError as error:
        kinds, code = [], error.code
    assert code in {"", "collection.format"}
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("host", HOSTS)
@settings(max_examples=40, deadline=None)
@given(part=st.floats(0, 1, exclude_max=True))
def test_output_that_breaks_off_is_never_whole(host: str, part: float) -> None:
    text = (FOLDER / f"{host}.txt").read_text(encoding="utf-8")
    whole = text.removesuffix("\n").rpartition("\n")[0]
    output = split_sections(whole[: max(200, int(len(whole) * part))])
    assert output.problems
    assert all(section.state != "truncated" for section in output.sections[:-1])
