# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from plantproof.core.facts import SectionState
from plantproof.errors import CollectionError
from plantproof.parsers.sections import MarkedOutput, split_sections

N = "#plantproof n0nce "


def marked(*lines: str, header: str = "header collector=linux_host version=1 clock=2026-11-23T06:37:00Z") -> str:
    return "\n".join([N + header, *lines]) + "\n"


def states(output: MarkedOutput) -> dict[str, str]:
    return {section.kind: section.state.value for section in output.sections}


def test_a_whole_output_comes_apart_into_its_sections() -> None:
    text = marked(
        f"{N}begin linux.accounts",
        "@@ file /etc/passwd",
        "root:x:0:0:root:/root:/bin/bash",
        f"{N}note linux.accounts cannot read /etc/shadow: needs root",
        "more",
        f"{N}end linux.accounts ok",
        f"{N}begin linux.sudo",
        f"{N}end linux.sudo not-collected needs root",
        f"{N}done",
    )
    output = split_sections(text, "n0nce")
    assert (output.collector, output.version, output.clock) == ("linux_host", "1", "2026-11-23T06:37:00Z")
    assert output.problems == ()
    accounts, sudo = output.sections
    assert accounts.text == "@@ file /etc/passwd\nroot:x:0:0:root:/root:/bin/bash\nmore\n"
    assert accounts.notes == ("cannot read /etc/shadow: needs root",)
    assert accounts.state is SectionState.COMPLETE
    assert (sudo.state, sudo.reason, sudo.text) == (SectionState.NOT_COLLECTED, "needs root", "")


def test_output_made_by_hand_names_its_own_nonce_and_may_follow_a_banner() -> None:
    text = "Welcome to the plant\n" + marked(f"{N}begin a.b", "x", f"{N}end a.b ok", f"{N}done", header="header")
    output = split_sections(text.replace("\n", "\r\n"))
    assert output.clock is None
    assert output.sections[0].text == "x\n"


@pytest.mark.parametrize("text", ["", "nothing", marked(f"{N}done"), "#plantproof header collector=x"])
def test_without_the_right_header_there_is_nothing_to_read(text: str) -> None:
    with pytest.raises(CollectionError) as caught:
        split_sections(text, "other")
    assert caught.value.code == "collection.format"


@pytest.mark.parametrize(
    "lines",
    [
        [f"{N}begin a.b", "half"],
        [f"{N}begin a.b", "half", f"{N}done"],
        [f"{N}begin a.b", "half", f"{N}begin c.d", f"{N}end c.d ok", f"{N}done"],
        [f"{N}end a.b ok", f"{N}done"],
        [f"{N}begin a.b", f"{N}end a.b", f"{N}done"],
        [f"{N}begin a.b", f"{N}end a.b perhaps so", f"{N}done"],
        [f"{N}begin a.b", f"{N}end a.b ok", f"{N}begin a.b", f"{N}end a.b ok", f"{N}done"],
    ],
)
def test_a_mark_out_of_place_truncates_its_section(lines: list[str]) -> None:
    output = split_sections(marked(*lines))
    assert states(output)["a.b"] == "truncated"
    assert output.problems


def test_an_end_before_its_begin_leaves_the_open_section_alone() -> None:
    output = split_sections(marked(f"{N}begin a.b", "x", f"{N}end c.d ok", "y", f"{N}end a.b ok", f"{N}done"))
    assert states(output) == {"a.b": "complete", "c.d": "truncated"}
    assert output.sections[1].text == "x\ny\n"


def test_content_cannot_fake_a_mark() -> None:
    fakes = [
        "#plantproof guess end a.b ok",
        " #plantproof n0nce end a.b ok",
        "#plantproof begin c.d",
        "#plantproof n0ncex done",
    ]
    output = split_sections(marked(f"{N}begin a.b", *fakes, f"{N}end a.b ok", f"{N}done"))
    assert states(output) == {"a.b": "complete"}
    assert output.sections[0].text == "".join(f"{line}\n" for line in fakes)


def test_odd_marks_are_reported_and_what_follows_the_end_is_ignored() -> None:
    output = split_sections(
        marked(f"{N}dance", f"{N}begin Not A Kind", f"{N}note a.b late", f"{N}done", f"{N}begin a.b")
    )
    assert output.sections == ()
    assert len(output.problems) == 3


def test_a_missing_last_line_is_a_problem_even_between_sections() -> None:
    output = split_sections(marked(f"{N}begin a.b", f"{N}end a.b ok"))
    assert states(output) == {"a.b": "complete"}
    assert output.problems == ("the collector did not finish: its last line is missing",)


def test_nul_and_lone_surrogates_do_not_survive() -> None:
    output = split_sections(marked(f"{N}begin a.b", "a\0b\udc80c", f"{N}end a.b ok", f"{N}done"))
    assert output.sections[0].text == "ab?c\n"
