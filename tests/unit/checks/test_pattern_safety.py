# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from plantproof.checks.expressions import compile_expression, trace
from plantproof.checks.expressions.patterns import PatternError, safe_pattern


@pytest.mark.parametrize(
    "text",
    [
        r"^\d+$", r"(\d{1,3}\.){3}\d{1,3}", r"(foo|bar)+", r"^(no|prohibit-password)$", r"(?i)abc", r"[^:]*:[^:]*:0:",
        r"^\s*(sudo|wheel)\b.*NOPASSWD", r"\s+$", r"(?:https?://)?\S+", r"[^a]b", r"(ab){2}", r"[a-z_][a-z0-9_-]*\$?$",
    ],
)  # fmt: skip
def test_admits(text: str) -> None:
    compiled, limit = safe_pattern(text, ignorecase=False, multiline=False, anchored=False)
    assert compiled.pattern == text
    assert limit >= 200


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"(a+)+", "inside a repetition"), (r"(a|a)*b", "inside a repetition"), (r"(a|ab|b)*c", "inside a repetition"),
        (r"(a?){20}", "match nothing"), (r"(a*)*", "match nothing"), (r"(a|aa)+$", "inside a repetition"),
        (r"(\w+\s?)*$", "inside a repetition"), (r"(a)\1", "groupref"), (r"(?=a)", "assert"), (r"(?<!a)b", "assert_not".replace("_", " ")),
        (r"(?>a+)", "atomic"), (r"a*+", "possessive"), (r"(?i:a)", "flags inside"), (r"a{2000}", "more than 1000"),
        (r"(a+b){30}", "more than 8"), (r".*a.*b.*c.*d", "too long"), ("a" * 201, "200 are allowed"), ("a\x08", "control"),
        (r"[[a]", "nested set"), (r"(", "no regular expression"), (r"(?P<x>a)(?(x)b|c)", "groupref"), (r"(x{0,9}y?){7}", "match nothing"),
        (r"(x+x+){8}y", "too long"), (r"a{99999999999999}", "no regular expression"), (r"((a?b)*){3}c", "nothing"),
    ],
)  # fmt: skip
def test_refuses(text: str, reason: str) -> None:
    with pytest.raises(PatternError, match=r"(?s).*") as caught:
        safe_pattern(text, ignorecase=False, multiline=False, anchored=False)
    assert reason in str(caught.value)


def test_case_folding_can_make_two_parts_trade_characters() -> None:
    # [a-z]+[A-Z]: the next character ends the first part, unless case does not count.
    _, exact = safe_pattern("[a-z]+[A-Z]+;", ignorecase=False, multiline=False, anchored=True)
    _, folded = safe_pattern("[a-z]+[A-Z]+;", ignorecase=True, multiline=False, anchored=True)
    assert folded < exact


def test_an_anchor_allows_longer_texts() -> None:
    limits = [
        safe_pattern(text, ignorecase=False, multiline=multiline, anchored=anchored)[1]
        for text, multiline, anchored in [
            ("a.*b", False, False),
            ("^a.*b", True, False),
            ("^a.*b", False, False),
            ("a.*b", False, True),
        ]
    ]
    assert limits == [4472, 4472, 1_000_000, 1_000_000]


def test_a_text_too_long_for_its_pattern_is_undecided() -> None:
    expression = compile_expression("host.line is search('.*a.*b')", names={"host"})
    names = {"host": {"line": "a" * 500}}
    assert expression.holds(names) is None
    assert "500 characters is too long" in trace(expression, names).problem


@pytest.mark.parametrize(
    "text", ["host.line | regex_replace('a', 'bbbbbbbbbb') | length > 1", "host.words | join(host.line) | length > 1"]
)
def test_filters_do_not_blow_up(text: str) -> None:
    expression = compile_expression(text, names={"host"})
    names = {"host": {"line": "a" * 300_000, "words": ["x"] * 10}}
    assert expression.holds(names) is None
    assert "too long" in trace(expression, names).problem
