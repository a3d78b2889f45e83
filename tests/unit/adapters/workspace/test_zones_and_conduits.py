# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.levels import FR

GOOD = """\
zones:
  - id: office
    title: Office
    purdue: 3.5
    sl-t: 1
  - id: cell-1
    purdue: 1
    sl-t: {IAC: 3, fr7: 2, default: 1}
    windows: ["mon-fri 08:00-16:00"]
    probing: [opcua]
    concurrency: 4
conduits:
  - id: door
    zones: [office, cell-1]
    sl-t: [1, 2, 3, 4, 0, 1, 2]
    flows:
      - {from: office, to: cell-1, service: HTTPS}
"""


def read(*texts: str) -> tuple[list[str], Defects]:
    defects = Defects()
    documents = [parse_document(text, name=f"plant/{n}.yml", is_yaml=True) for n, text in enumerate(texts)]
    read_zones(documents, defects)
    return [str(error) for error in defects.found], defects


def test_zones_and_conduits_become_values() -> None:
    defects = Defects()
    zones, conduits = read_zones([parse_document(GOOD, name="z.yml", is_yaml=True)], defects)
    assert not defects.found
    cell = zones["cell-1"]
    assert (cell.title, cell.purdue, cell.concurrency, cell.probing) == ("cell-1", "1", 4, frozenset({"opcua"}))
    assert (cell.sl_t[FR.IAC], cell.sl_t[FR.RA], cell.sl_t[FR.UC]) == (3, 2, 1)
    assert [window.text for window in cell.windows] == ["mon-fri 08:00-16:00"]
    assert zones["office"].purdue == "3.5"
    assert conduits["door"].flows[0].service == "HTTPS"
    assert str(cell.declared) == "z.yml:6 at /zones/1"


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("sl-t: 1\n", "sl-t: 7\n", "zone office: 7 is not a security level", 5),
        ("sl-t: 1\n", "sl_t: 1\n", "zone office: unknown key 'sl_t'", 5),
        ("    sl-t: 1\n", "", "zone office has no sl-t", 2),
        ("purdue: 3.5", "purdue: 6", "zone office: 6 is not a Purdue level", 4),
        ("purdue: 3.5", "purdue: true", "zone office: True is not a Purdue level", 4),
        ("title: Office", "title: [Office]", "zone office: title must be a text, not a list", 3),
        ("title: Office", "title:", "zone office: title must be a text, not nothing", 3),
        ("id: office", "id: ../x", "zone ../x: '../x' cannot be an id", 2),
        ("id: office", "id: none", "zone none: a zone cannot be called 'none'", 2),
        ("mon-fri 08:00", "mo-fr 8", "zone cell-1: 'mo-fr 8-16:00' is not a maintenance window", 9),
        ("probing: [opcua]", "probing: [opcau]", "zone cell-1: 'opcau' is not a protocol that can be probed", 10),
        ("probing: [opcua]", "probing: opcua", "zone cell-1: probing must be a list of texts, not 'opcua'", 10),
        ("concurrency: 4", "concurrency: 0", "zone cell-1: concurrency must be a whole number from 1 to 64, not 0", 11),
        ("IAC: 3", "ICA: 3", "zone cell-1: 'ICA' is not a foundational requirement", 8),
        ("zones: [office, cell-1]", "zones: [ofice, cell-1]", "conduit door: joins zone ofice, which no file declares", 14),
        ("zones: [office, cell-1]", "zones: [office]", "conduit door: joins office to nothing else", 14),
        ("zones: [office, cell-1]", "zones: []", "conduit door: joins nothing", 14),
        ("zones: [office, cell-1]", "zones: [office, cell-1, office]", "conduit door: names a zone twice", 14),
        ("    zones: [office, cell-1]\n", "", "conduit door has no zones", 13),
        ("[1, 2, 3, 4, 0, 1, 2]", "[1, 2]", "conduit door: a vector has seven levels, one for each FR, not 2", 15),
        ("{from: office, to: cell-1,", "{from: office, to: dmz,", "conduit door: a flow of HTTPS names zone dmz, which this conduit does not join", 16),
        ("{from: office, to: cell-1,", "{from: office, to: office,", "conduit door: a flow of HTTPS begins and ends in office", 16),
        (", service: HTTPS", "", "conduit door, flow number 1 has no service", 17),
        ("      - {from: office, to: cell-1, service: HTTPS}", "      - HTTPS", "conduit door: entry 1 of flows must be a map, not 'HTTPS'", 17),
        ("zones:\n  - id: office", "zoness: 1\nzones:\n  - id: office", "the plant: unknown key 'zoness'", 1),
    ],
)  # fmt: skip
def test_a_defect_is_named_in_plant_terms_with_its_line(old: str, new: str, message: str, line: int) -> None:
    assert old in GOOD
    said, defects = read(GOOD.replace(old, new, 1))
    assert [error.message for error in defects.found][:1] == [message]
    where = defects.found[0].where
    assert where is not None
    assert (where.file, where.line) == ("plant/0.yml", line)
    assert said[0].startswith("plant/0.yml:")


def test_a_zone_with_a_broken_part_is_still_a_zone() -> None:
    said, _ = read(GOOD.replace("sl-t: 1\n", "sl-t: high\n"))
    assert said == ["plant/0.yml:5 at /zones/0/sl-t: zone office: 'high' is not a security level"]


def test_a_purdue_level_may_be_any_number_that_means_it() -> None:
    for written in ("3.0", "'3'", "3"):
        assert read(GOOD.replace("purdue: 3.5", f"purdue: {written}"))[0] == []


def test_the_nearest_spelling_is_offered() -> None:
    _, defects = read(GOOD.replace("zones: [office, cell-1]", "zones: [office, cell1]"))
    assert defects.found[0].hint == "Did you mean 'cell-1'?"
    _, defects = read(GOOD.replace("purdue: 1", "prudue: 1"))
    assert defects.found[0].hint == "Did you mean 'purdue'?"
    _, defects = read(GOOD.replace("cell-1]", "qqq]"))
    assert defects.found[0].hint == "Known: cell-1, office."


def test_an_id_declared_twice_names_both_places() -> None:
    said, _ = read(
        GOOD, "zones:\n  - {id: cell-1, sl-t: 2}\nconduits:\n  - {id: door, zones: [office, cell-1], sl-t: 1}\n"
    )
    assert said == [
        "plant/1.yml:2 at /zones/0: zone cell-1 is declared twice: here and in plant/0.yml:6",
        "plant/1.yml:4 at /conduits/0: conduit door is declared twice: here and in plant/0.yml:13",
    ]


def test_all_defects_are_found_in_one_pass() -> None:
    text = GOOD.replace("sl-t: 1", "sl-t: 9").replace("concurrency: 4", "concurrency: x").replace("office,", "offfice,")
    said, defects = read(text)
    assert len(said) == 3
    with pytest.raises(type(defects.found[0])) as caught:
        defects.raise_all()
    assert [str(caught.value), *map(str, caught.value.also)] == said


def test_lists_may_be_empty_and_what_is_no_list_is_refused() -> None:
    assert read("zones:\nconduits: []\n")[0] == []
    assert read("zones: {a: 1}\n")[0] == ["plant/0.yml:1 at /zones: the plant: zones must be a list, not a map"]


def test_aliases_of_aliases_cost_nothing() -> None:
    text = "zones: &a0 [1,1,1,1,1,1,1,1]\n" + "".join(
        f"x{n}: &a{n} [{','.join([f'*a{n - 1}'] * 8)}]\n" for n in range(1, 12)
    )
    said, _ = read(text)
    assert len(said) == 8 + 11
