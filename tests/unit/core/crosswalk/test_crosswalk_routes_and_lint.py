# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence

import pytest

from plantproof.core.crosswalk.coverage import Reach, coverage, unmapped_reasons
from plantproof.core.crosswalk.lint import lint
from plantproof.core.crosswalk.relations import Relation
from plantproof.core.crosswalk.routes import Graph, Route, Structure
from plantproof.core.crosswalk.rows import Authority, ControlRef, Crosswalk, Row, links_of

OFFICIAL = Authority(name="NIST", official=True, document="a table")
OWN = Authority(name="Plantproof", official=False, document="this crosswalk")
FLAT = Structure(whole={}, parts={})


def ref(text: str) -> ControlRef:
    return ControlRef(*text.split(":"))


def row(
    source: str,
    target: str,
    relation: Relation = Relation.INTERSECTS,
    *,
    authority: Authority = OWN,
    confidence: str = "high",
    rationale: str = "both ask for it",
) -> Row:
    return Row(
        uuid=f"{source} {target}",
        sources=tuple(map(ref, source.split())),
        targets=tuple(map(ref, target.split())),
        relation=relation,
        authority=authority,
        confidence=confidence,
        rationale=rationale,
    )


def walk(crosswalk_rows: Sequence[Row], source: str, catalog: str, **more: object) -> list[Route]:
    structure = more.pop("structure", FLAT)
    assert isinstance(structure, Structure)
    return Graph(crosswalk_rows, structure).routes(ref(source), catalog, **more)  # type: ignore[arg-type]  # per test


def test_one_row_is_a_route_and_keeps_its_authority() -> None:
    (route,) = walk([row("a:1", "b:1", Relation.SUBSET, authority=OFFICIAL)], "a:1", "b")
    assert (route.relation, route.derived, route.official) == (Relation.SUBSET, False, True)
    (back,) = walk([row("a:1", "b:1", Relation.SUBSET, authority=OFFICIAL)], "b:1", "a")
    assert (back.relation, back.official) == (Relation.SUPERSET, True)


def test_a_chain_weakens_and_is_never_official() -> None:
    rows = [
        row("a:1", "b:1", Relation.SUBSET, authority=OFFICIAL),
        row("b:1", "c:1", authority=OFFICIAL, confidence="low"),
    ]
    (route,) = walk(rows, "a:1", "c")
    assert (route.relation, route.derived, route.official) == (Relation.RELATED, True, False)
    assert (route.confidence, route.authorities) == ("low", ("NIST", "NIST"))


def test_routes_are_bounded_and_come_strongest_first() -> None:
    rows = [
        row("a:1", "b:1", Relation.EQUAL),
        row("b:1", "c:1", Relation.EQUAL),
        row("a:1", "c:2"),
        row("c:1", "d:1", Relation.EQUAL),
        row("a:1", "d:1", Relation.SUBSET),
    ]
    assert [(str(r.target), r.relation) for r in walk(rows, "a:1", "c")] == [
        ("c:1", Relation.EQUAL),
        ("c:1", Relation.SUBSET),  # by way of d
        ("c:2", Relation.INTERSECTS),
    ]
    assert [len(r.links) for r in walk(rows, "a:1", "d", longest=2)] == [1]
    assert [len(r.links) for r in walk(rows, "a:1", "d")] == [3, 1]


def test_no_catalog_is_visited_twice() -> None:
    rows = [row("a:1", "b:1"), row("b:1", "a:2"), row("a:2", "c:1"), row("b:1", "c:2")]
    assert [str(r.target) for r in walk(rows, "a:1", "c", longest=9)] == ["c:2"]


SECTION = Structure(whole={ref("a:1.a"): ref("a:1")}, parts={ref("a:1"): (ref("a:1.a"),)})


def test_a_part_speaks_through_its_whole_and_is_weaker_for_it() -> None:
    rows = [row("a:1", "b:1", Relation.SUBSET, authority=OFFICIAL)]
    (route,) = walk(rows, "a:1.a", "b", structure=SECTION)
    assert (route.relation, route.derived, route.official) == (Relation.SUBSET, True, False)
    assert walk(rows, "a:1.a", "b", structure=SECTION, direct=True) == []


def test_an_end_may_be_part_of_what_was_asked_for() -> None:
    rows = [row("b:1", "a:1.a", Relation.EQUAL)]
    (route,) = walk(rows, "b:1", "a", control="1", structure=SECTION)
    assert (str(route.target), route.relation, route.derived) == ("a:1", Relation.SUBSET, True)
    assert walk(rows, "b:1", "a", control="2", structure=SECTION) == []


def test_a_row_of_several_sources_says_less_of_each() -> None:
    forward = [link for link in links_of(row("a:1 a:2", "b:1", Relation.EQUAL)) if link.forward]
    assert [(str(link.source), link.relation) for link in forward] == [
        ("a:1", Relation.SUBSET),
        ("a:2", Relation.SUBSET),
    ]


def make(name: str, *rows: Row, left_out: dict[str, str] | None = None, target: str = "b") -> Crosswalk:
    return Crosswalk(
        name=name, title=name, source="a", target=target, authority=OWN, rows=rows, unmapped_sources=left_out or {}
    )


def test_coverage_counts_rows_and_reasons_and_not_chains() -> None:
    one = make("one", row("a:1", "b:1", Relation.SUBSET), row("a:2", "b:1"), left_out={"4": "the plant has none"})
    reasons = unmapped_reasons([one], "a", "b")
    structure = Structure(
        whole={ref("a:2.x"): ref("a:2"), ref("a:4.x"): ref("a:4")},
        parts={ref("a:2"): (ref("a:2.x"),), ref("a:4"): (ref("a:4.x"),)},
        bases={ref(f"a:{n}.re-1"): ref(f"a:{n}") for n in "145"},
    )
    graph = Graph(one.rows, structure)
    asked = ("1", "2", "2.x", "4", "5", "1.re-1", "4.x", "4.re-1", "5.re-1")
    found = coverage([ref(f"a:{n}") for n in asked], "b", graph, structure, reasons)
    assert [(c.control.control, c.reach) for c in found] == [
        ("1", Reach.FULL),
        ("2", Reach.PARTIAL),
        ("2.x", Reach.PARTS),
        ("4", Reach.DECLARED),
        ("5", Reach.OPEN),
        ("1.re-1", Reach.BASE),
        ("4.x", Reach.DECLARED),
        ("4.re-1", Reach.DECLARED),
        ("5.re-1", Reach.OPEN),
    ]
    assert found[3].reason == found[6].reason == found[7].reason == "the plant has none"
    assert found[5].relatives == [ref("a:1")]
    assert unmapped_reasons([one], "b", "a") == {}
    (back,) = coverage([ref("b:1")], "a", graph, structure, {})
    assert back.reach is Reach.PARTIAL  # a:1 asks for a part of b:1, a:2 for something of it


KNOWN = {"a": {"1", "2", "3"}, "b": {"1", "2", "3"}}


@pytest.mark.parametrize(
    ("rule", "rows", "said"),
    [
        ("dangling", [row("a:1", "b:11")], "b:11 does not exist; did you mean '1'?"),
        ("dangling", [row("a:1", "z:1")], "'z', which is not at hand"),
        ("duplicate", [row("a:1", "b:1"), row("b:1", "a:1")], "have a row already"),
        ("inverse", [row("a:1", "b:1", Relation.SUBSET), row("b:1", "a:1", Relation.SUBSET)], "the other way round"),
        ("contradiction", [row("a:1", "b:1", Relation.EQUAL), row("a:1", "b:1")], "intersects-with here, equal-to"),
        ("cardinality", [row("a:1", "b:1", Relation.EQUAL), row("a:1", "b:2", Relation.EQUAL)], "at most one"),
        ("spread", [row("a:1 a:2", "b:1 b:2")], "write a row for each"),
        ("rationale", [row("a:1", "b:1", rationale=" ")], "gives no reason"),
        (
            "authority",
            [row("a:1", "b:1", authority=Authority(name="NIST", official=True, document=""))],
            "names no document",
        ),
    ],
)
def test_each_mistake_is_found(rule: str, rows: list[Row], said: str) -> None:
    found = list(lint([make("one", *rows)], KNOWN, FLAT))
    assert rule in {problem.rule for problem in found}
    assert any(said in problem.message for problem in found), found


def test_sound_rows_have_no_problem() -> None:
    rows = [row("a:1", "b:1", Relation.EQUAL), row("a:2", "b:1", Relation.SUBSET), row("a:2", "b:2")]
    official = row("a:3", "b:3", Relation.RELATED, authority=OFFICIAL, rationale="")
    assert list(lint([make("one", *rows, official), make("two", row("a:3", "b:3"))], KNOWN, FLAT)) == []


@pytest.mark.parametrize(
    ("left_out", "said"),
    [({"1": "why"}, "has a row"), ({"9": "why"}, "does not exist"), ({"2": " "}, "without a reason")],
)
def test_the_list_of_what_is_left_out_is_looked_at_too(left_out: dict[str, str], said: str) -> None:
    (problem,) = lint([make("one", row("a:1", "b:1"), left_out=left_out)], KNOWN, FLAT)
    assert said in problem.message


def test_documents_are_compared_with_one_another() -> None:
    one, two = make("one", row("a:1", "b:1", Relation.EQUAL)), make("two", row("a:1", "b:1", Relation.SUBSET))
    (problem,) = lint([one, two], KNOWN, FLAT)
    assert (problem.rule, problem.crosswalk) == ("contradiction", "two")
    assert "in one" in problem.message
