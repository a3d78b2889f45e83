# SPDX-License-Identifier: Apache-2.0
"""Laws of profile resolution that hold for any catalog and profile."""

from __future__ import annotations

import copy
import fnmatch
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.oscal_library import Library, catalog, control, profile
from plantproof.oscal.resolve import resolve

INSTANT = "2030-01-01T00:00:00Z"
PROSE = st.sampled_from(["Keep it shut.", "Within {{ insert: param, loose }}.", "See [it](#res-1).", "As #res-2."])


@st.composite
def catalogs(draw: st.DrawFn) -> dict[str, Any]:
    """Catalogs up to three controls deep with ids that say where they stand, some grouped."""
    count = draw(st.integers(1, 5))

    def grown(name: str, depth: int) -> dict[str, Any]:
        children = draw(st.integers(0, 2)) if depth < 2 else 0
        parts = [{"name": "statement", "id": f"{name}_s", "prose": draw(PROSE)}]
        params = [{"id": f"{name}_p", "label": "x"}]
        inner = [grown(f"{name}.{i}", depth + 1) for i in range(children)]
        return control(name, *inner, parts=parts, params=params)

    controls = [grown(f"c-{i}", 0) for i in range(count)]
    cut = draw(st.integers(0, count))
    more: dict[str, Any] = {
        "params": [{"id": "loose", "label": "limits"}],
        "back_matter": {"resources": [{"uuid": f"res-{i}"} for i in range(3)]},
    }
    if cut < count:
        more["groups"] = [{"id": "g", "title": "Group", "controls": controls[cut:]}]
    return catalog(*controls[:cut], **more)


def every_control(owner: dict[str, Any], above: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Map each control id to the ids of its parents."""
    found: dict[str, tuple[str, ...]] = {}
    for one in owner.get("controls", []):
        found[one["id"]] = above
        found |= every_control(one, (*above, one["id"]))
    for group in owner.get("groups", []):
        found |= every_control(group, above)
    return found


SELECTORS = st.lists(
    st.fixed_dictionaries(
        {
            "matching": st.lists(
                st.fixed_dictionaries({"pattern": st.sampled_from(["c-*", "*.0", "c-[12]*", "*.1.?", "c-0"])}),
                min_size=1,
                max_size=2,
            )
        },
        optional={"with-child-controls": st.sampled_from(["yes", "no"])},
    ),
    min_size=1,
    max_size=3,
)
MERGES = st.sampled_from([{"as-is": True}, {"flat": {}}, {"combine": {"method": "use-first"}, "as-is": True}])


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, Any]:
    """Profiles that select by globs and alter what they may or may not have selected."""
    directive: dict[str, Any] = {"href": "base", "include-controls": draw(SELECTORS)}
    if draw(st.booleans()):
        directive["exclude-controls"] = draw(SELECTORS)
    targets = draw(st.lists(st.sampled_from(["c-0", "c-1", "c-1.0", "c-9"]), max_size=3))
    add = {
        "position": draw(st.sampled_from(["before", "after", "starting", "ending"])),
        "props": [{"name": "n", "value": "v"}],
    }
    alters = [{"control-id": t, "adds": [add], "removes": [{"by-name": "statement"}]} for t in targets]
    settings = [{"param-id": f"{t}_p", "values": ["7"]} for t in targets]
    modify = {"alters": alters, "set-parameters": settings} if targets else {}
    return profile(directive, merge=draw(MERGES), modify=modify)


def run(document: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    result: Any = resolve(document, uri="case", fetch=Library({"base": base}), instant=INSTANT)
    return dict(result["catalog"])


@given(catalogs(), profiles())
def test_inputs_are_unchanged(base: dict[str, Any], document: dict[str, Any]) -> None:
    before = copy.deepcopy((base, document))
    run(document, base)
    assert (base, document) == before


@given(catalogs(), profiles())
def test_same_inputs_same_bytes(base: dict[str, Any], document: dict[str, Any]) -> None:
    first = json.dumps(run(document, base))
    assert json.dumps(run(copy.deepcopy(document), copy.deepcopy(base))) == first


@given(catalogs(), profiles(), MERGES)
def test_resolving_a_resolved_catalog_changes_nothing(
    base: dict[str, Any], document: dict[str, Any], merge: dict[str, Any]
) -> None:
    once = run(document, base)
    again = run(profile(merge=merge), {"catalog": once})
    assert list(every_control(again)) == list(every_control(once))
    if "as-is" in merge:
        for key in ("controls", "groups", "params", "back-matter"):
            assert again.get(key) == once.get(key)


@given(catalogs(), profiles(), st.randoms(use_true_random=False))
def test_the_order_of_selectors_does_not_matter(base: dict[str, Any], document: dict[str, Any], random: Any) -> None:
    shuffled = copy.deepcopy(document)
    for key in ("include-controls", "exclude-controls"):
        random.shuffle(shuffled["profile"]["imports"][0].get(key, []))
    assert run(shuffled, base) == run(document, base)


@given(catalogs(), profiles())
def test_selection_says_what_the_specification_says(base: dict[str, Any], document: dict[str, Any]) -> None:
    """Compare with the rules written down naively: glob, descend, exclude, then add the parents."""
    directive = document["profile"]["imports"][0]
    parents = every_control(base["catalog"])

    def hit(key: str, name: str) -> bool:
        return any(
            fnmatch.fnmatchcase(one, match["pattern"])
            for selector in directive.get(key, [])
            for match in selector["matching"]
            for one in (name, *(parents[name] if selector.get("with-child-controls") == "yes" else ()))
        )

    excluded = {name for name in parents if hit("exclude-controls", name)}
    included = {name for name in parents if hit("include-controls", name)} - excluded
    expected = included | {above for name in included for above in parents[name]} - excluded
    assert set(every_control(run(document, base))) == expected


@given(catalogs())
def test_import_of_nothing_but_everything_is_the_catalog(base: dict[str, Any]) -> None:
    result = run(profile(merge={"as-is": True}), base)
    for key in ("controls", "groups"):
        assert result.get(key) == base["catalog"].get(key)
