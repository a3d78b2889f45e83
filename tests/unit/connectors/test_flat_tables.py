# SPDX-License-Identifier: Apache-2.0
"""Catalogs as tables and pages: nothing lost either way, and every wrong line told with its number."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.adapters.content import CATALOGS, Content
from plantproof.adapters.documents import read_document
from plantproof.connectors.csv_table import read_csv, write_csv
from plantproof.connectors.flat import COLUMNS, document_of, rows_of
from plantproof.connectors.markdown_table import read_markdown, write_markdown
from plantproof.errors import ContentError

SHIPPED = Content().names(CATALOGS)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]) | st.just("\n"), max_size=60)
NEEDED = ("id", "title")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_catalog_comes_back_as_it_was(name: str) -> None:
    body = read_document(SHIPPED[name]).data["catalog"]
    assert isinstance(body, Mapping)
    rows = list(rows_of(body, name))
    assert [row["id"] for row in rows[1:] if row["more"]] == []  # the columns hold all of our own
    table = read_csv(write_csv(COLUMNS, rows), name="t.csv", needed=NEEDED)
    assert document_of(table, name="t.csv") == {"catalog": body}
    page = read_markdown(write_markdown(rows), name="t.md")
    assert document_of(page, name="t.md") == {"catalog": body}


@given(st.lists(TEXTS, min_size=2, max_size=4), st.data())
def test_any_text_comes_back_from_csv_and_none_runs_in_a_spreadsheet(cells: list[str], data: st.DataObject) -> None:
    starts = data.draw(st.sampled_from(["", "=", "'=", "+", "-", "@", "''@", "'"]))
    row = dict(zip(("id", "title", "a", "b"), [starts + cells[0], *cells[1:]], strict=False))
    text = write_csv(tuple(row), [row])
    found = read_csv(text, name="t", needed=NEEDED)
    assert [r for _, r in found] == ([row] if any(cell.strip() for cell in row.values()) else [])
    for _, _, cell in ((0, 0, c) for c in text.splitlines()[1].split(",")):
        assert not cell.lstrip('"').startswith(("=", "+", "-", "@"))


@given(TEXTS, TEXTS)
def test_any_prose_comes_back_from_a_page(statement: str, guidance: str) -> None:
    row = dict.fromkeys(COLUMNS, "") | {"kind": "control", "id": "a", "title": "T"}
    row |= {"statement": statement.strip("\n \x1f"), "guidance": guidance.strip()}
    head = dict.fromkeys(COLUMNS, "") | {"kind": "catalog", "id": "c", "title": "C"}
    (_, _), (_, back) = read_markdown(write_markdown([head, row]), name="t.md")
    assert (back.get("statement", ""), back.get("guidance", "")) == tuple(
        "" if not row[column].strip() else "\n".join(row[column].splitlines()) for column in ("statement", "guidance")
    )


def test_what_the_columns_cannot_hold_stands_in_more() -> None:
    control = {
        "id": "a",
        "title": "A",
        "props": [{"name": "x", "ns": "urn:else", "value": "1", "remarks": "kept"}],
        "params": [{"id": "a_p", "select": {"how-many": "one", "choice": ["1", "2"]}}],
        "links": [{"href": "#b"}],
        "parts": [{"id": "a_smt", "name": "statement", "prose": "S", "parts": [{"name": "item", "prose": "i"}]}],
    }
    body = {"uuid": "u", "metadata": {"title": "T"}, "controls": [control], "back-matter": {"resources": []}}
    rows = list(rows_of(body, "k"))
    assert rows[1]["statement"] == "S"
    assert document_of(list(enumerate(rows, 1)), name="t") == {"catalog": body}
    rows[1]["statement"] = "changed"
    with pytest.raises(ContentError, match="the column statement says something else than the column more"):
        document_of(list(enumerate(rows, 1)), name="t")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the table is empty"),
        ("id\n1", "there is no column 'title'"),
        ("id,title,id\n", "the column 'id' stands twice"),
        ("id,title\na,b,c\n", "t.csv:2: the row has 3 cells"),
        ('id,title\na,"b\n', "cannot be read"),
        ("id,title\n,b\n", "t.csv:2: the id is missing"),
        ("id,title\n1a,b\n", "'1a' cannot be an id"),
        ("id,title\na,b\na,c\n", "t.csv:3: the id 'a' stands on an earlier line"),
        ("id,title\na,\n", "a has no title"),
        ("id,title,parent\na,b,z\n", "the parent 'z' is on no earlier line"),
        ("id,title,kind\na,b,chapter\n", "the kind 'chapter' is none of"),
        ("id,title,props\na,b,loose\n", "the prop 'loose' is not name=value"),
        ("id,title,links\na,b,loose\n", "the link 'loose' is not 'rel href'"),
        ("id,title,more\na,b,{\n", "the column more is no JSON"),
        ("id,title,more\na,b,1\n", "the column more holds no JSON object"),
        ("id,title\n\n", "the table has no controls"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        document_of(read_csv(text, name="t.csv", needed=NEEDED), name="t.csv", key="k", title="K")
    assert said in str(caught.value)
    assert caught.value.code == "content.table"


def test_all_wrong_lines_are_told_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        document_of(read_csv("id;title\n;a\nb;\n", name="t", needed=NEEDED), name="t")
    assert [str(error.where) for error in (caught.value, *caught.value.also)] == ["t:2", "t:3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Title\n", "t.md:1: the heading has no id"),
        ("# T {#t}\n\nloose\n", "t.md:3: text belongs to no field"),
    ],
)
def test_a_wrong_page_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_markdown(text, name="t.md")
    assert said in str(caught.value)


def test_a_plain_table_becomes_a_catalog_of_its_own() -> None:
    text = '\ufeffID;Title;Kind;Parent;Objectives;Params\ng;Group;group;;;\nc-1;One;;g;"first\nsecond";c-1_d | days | 5 | why\n'
    document = document_of(read_csv(text, name="t", needed=NEEDED), name="t", key="mine", title="Mine")
    body = document["catalog"]
    assert isinstance(body, dict)
    assert body["metadata"]["title"] == "Mine"
    (control,) = body["groups"][0]["controls"]
    assert [part["prose"] for part in control["parts"][0]["parts"]] == ["first", "second"]
    assert control["params"] == [{"id": "c-1_d", "label": "days", "values": ["5"], "guidelines": [{"prose": "why"}]}]
