# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import contextlib
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.adapters.documents import dump_json, dump_yaml, parse_document, read_document
from plantproof.errors import ContentError, SetupError

WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff\ufffe\uffff", exclude_categories=["Cs", "Cc"])
)
TREES = st.dictionaries(
    WORDS,
    st.recursive(
        WORDS
        | st.sampled_from(["no", "yes", "2026-11-23", "1.0", "true", "null", "~", "a\nb", "a: b", "# x", " x "])
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.none(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


def parsed(text: str, *, is_yaml: bool = True) -> object:
    return parse_document(text, name="f.yml", is_yaml=is_yaml).data


@given(TREES)
def test_yaml_and_json_hold_the_same_both_ways(tree: dict[str, object]) -> None:
    assert parsed(dump_yaml(tree)) == tree
    assert parsed(dump_json(tree).decode(), is_yaml=False) == tree
    assert parsed(dump_json(tree).decode()) == tree  # YAML's grammar holds JSON's


@given(text=st.text(max_size=200), is_yaml=st.booleans())
def test_no_text_ends_in_anything_but_data_or_a_content_error(text: str, *, is_yaml: bool) -> None:
    with contextlib.suppress(ContentError):
        parse_document(text, name="f", is_yaml=is_yaml)


def test_yaml_is_read_without_the_surprises_of_its_first_version() -> None:
    text = "a: no\nb: on\nc: 2026-11-23\nd: true\ne: null\nf: 010\ng: 1.5\n"
    assert parsed(text) == {"a": "no", "b": "on", "c": "2026-11-23", "d": True, "e": None, "f": 8, "g": 1.5}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: [1\n", 3, "not YAML"),
        ("a: 1\na: 2\n", 2, "the key 'a' occurs twice"),
        ("- 1\n", 1, "a list, not a map"),
        ("", 1, "empty, not a map"),
        ("word", 1, "a single value"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("? [a, b]\n: 1\n", 1, "key must be text"),
    ],
)
def test_bad_yaml_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ContentError, match=said) as caught:
        parsed(text)
    assert caught.value.where is not None
    assert caught.value.where.line == line


def test_bad_json_is_named_with_its_line() -> None:
    with pytest.raises(ContentError, match="not JSON") as caught:
        parsed('{\n "a": 1,\n}', is_yaml=False)
    assert caught.value.where is not None
    assert caught.value.where.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a:\n " + "- " * 100_000 + "x",
        "\n".join(" " * n + "a:" for n in range(2_000)),
        "{a: " * 9_999,
    ],
    ids=["flow", "sequences", "block", "maps"],
)
def test_a_deep_nest_is_refused_and_does_not_crash(text: str) -> None:
    with pytest.raises(ContentError):
        parsed(text)


def test_a_value_is_located_and_a_missing_one_by_its_nearest_parent() -> None:
    document = parse_document("a:\n  - b: 1\n    c/d:\n      e~f: 2\n", name="f.yml", is_yaml=True)
    assert document.locate("/a/0/c~1d/e~0f").line == 4
    assert document.locate("/a/0/nothing").line == 2
    assert document.locate("/zzz").line == 1
    assert document.locate("").line == 1
    tabs = parse_document('{\t"a":\n\t{"b": 1}}', name="f.json", is_yaml=False)
    assert tabs.locate("/a/b").line == 2


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file"):
        read_document(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes(b"a: caf\xe9\n")
    with pytest.raises(ContentError, match="byte 6 is 0xe9"):
        read_document(tmp_path / "latin.yml")
    (tmp_path / "bom.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_document(tmp_path / "bom.json").data == {"a": 1}


def test_keys_keep_their_order_in_both_forms() -> None:
    tree = {"z": 1, "a": {"y": 1, "b": 2}}
    assert list(orjson.loads(dump_json(tree))) == ["z", "a"]
    assert dump_yaml(tree).index("z:") < dump_yaml(tree).index("a:")
