# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a risk file is told with file, line and a way out; everything at once."""

from __future__ import annotations

import re

import pytest

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.risk import read_risk
from plantproof.core.levels import FR
from plantproof.core.risk import DEFAULT, RiskAssessment, Unit

METHOD = """\
method:
  consequences: [{id: small}, {id: big}]
  likelihoods: [{id: seldom}, {id: often}]
  risks: [{id: low, sl-t: 1}, {id: high, sl-t: 3}]
  matrix:
    small: [low, low]
    big: [low, high]
  tolerable: low
"""
SCENARIO = """\
scenarios:
  - id: s
    zone: cell
    threat: {source: Thief, attacker: 2}
    consequence: {safety: major}
    likelihood: likely
    controls: [sr-1.1, org-1.1, cr-1.1.re-1, sp.01.01]
    residual: {likelihood: rare}
    assessed: 2026-01-01
    by: Chief
"""


def read(*texts: str) -> tuple[RiskAssessment, list[str]]:
    defects = Defects()
    documents = [parse_document(text, name=f"{number}.yml", is_yaml=True) for number, text in enumerate(texts, 1)]
    found = read_risk(
        documents, zones=("cell", "watch"), conduits=("line",), controls={"sr-1.1", "sr-1.2"}, defects=defects
    )
    return found, [re.sub(r" at /[^:]*:", ":", f"{error}  {error.hint}", count=1) for error in defects.found]


def test_a_sound_file_is_read() -> None:
    found, wrong = read(METHOD, SCENARIO.replace("major", "big").replace("likely", "often").replace("rare", "seldom"))
    assert wrong == []
    one = found.scenarios["s"]
    assert (one.unit, one.frs, one.consequence, one.likelihood) == (Unit(zone="cell"), frozenset(FR), {"safety": 1}, 1)
    assert one.with_measures == ({"safety": 1}, 0)
    assert found.method.matrix == ((0, 0), (0, 1))
    assert found.method.own


def test_without_a_method_the_proposal_stands_in() -> None:
    found, wrong = read(SCENARIO)
    assert (wrong, found.method) == ([], DEFAULT)
    assert read()[0] == RiskAssessment()


def test_a_date_counts_to_its_last_second_only_where_something_ends() -> None:
    found, wrong = read(
        SCENARIO
        + "acceptances: [{scenario: s, risk: low, role: r, reason: r, accepted: 2026-01-01, until: 2026-01-01}]"
    )
    assert wrong == []
    assert (found.acceptances[0].accepted, found.acceptances[0].until) == (
        "2026-01-01T00:00:00Z",
        "2026-01-01T23:59:59Z",
    )


WRONG = [
    (SCENARIO.replace("zone: cell", "zone: cel"), "1.yml:3: scenario s: names zone cel, which no file declares  Did you mean 'cell'?"),
    (SCENARIO.replace("zone: cell", "conduit: lime"), "1.yml:3: scenario s: names conduit lime, which no file declares  Did you mean 'line'?"),
    (SCENARIO.replace("    zone: cell\n", ""), "1.yml:2: scenario s: has neither zone nor conduit  Say what it happens to: zone: cell-1."),
    (SCENARIO.replace("zone: cell", "zone: cell\n    conduit: line"), "1.yml:4: scenario s: has both zone and conduit  Keep one of them."),
    (SCENARIO.replace("sr-1.1,", "sr-1.3,"), "1.yml:7: scenario s: there is no control sr-1.3  Did you mean 'sr-1.2'?"),
    (SCENARIO.replace("sr-1.1,", "SR 1.1,"), "1.yml:7: scenario s: 'SR 1.1' is not the id of a control  Did you mean 'sr-1.1'?"),
    (SCENARIO.replace("likelihood: likely", "likelihood: likly"), "1.yml:6: scenario s: likelihood is 'likly', which the method does not know  Did you mean 'likely'?"),
    (SCENARIO.replace("safety: major", "health: major"), "1.yml:5: scenario s, consequence: unknown key 'health'"),
    (SCENARIO.replace("{safety: major}", "{}"), "1.yml:5: scenario s, consequence: hits nothing  Name a level for safety"),
    (SCENARIO.replace("attacker: 2", "attacker: 5"), "1.yml:4: scenario s, threat: attacker must be a whole number from 1 to 4, not 5"),
    (SCENARIO.replace("residual: {likelihood: rare}", "residual: {likelihood: expected}"), "1.yml:8: scenario s, residual: likelihood is higher than without measures"),
    (SCENARIO.replace("{likelihood: rare}", "{likelihood: rare, consequence: {safety: severe}}"), "1.yml:8: scenario s, residual, consequence: safety is higher than without measures"),
    (SCENARIO.replace("{likelihood: rare}", "{likelihood: rare, consequence: {finance: minor}}"), "1.yml:8: scenario s, residual, consequence: finance is higher than without measures"),
    (SCENARIO.replace("by: Chief", "frs: [IAC, FR5]\n    by: Chief"), "1.yml:10: scenario s: 'FR5' is not a foundational requirement"),
    (SCENARIO + SCENARIO.split("\n", 1)[1], "1.yml:11: scenario s: is declared twice: here and in 1.yml:2  Give one of them another id."),
    (SCENARIO + "acceptances:\n  - {scenario: z, risk: low, role: r, reason: r, accepted: 2026-01-01, until: 2026-02-01}",
     "1.yml:12: acceptance of z: names scenario z, which no file declares  Known: s."),
    (SCENARIO + "acceptances:\n  - {scenario: s, risk: low, role: r, reason: r, accepted: 2026-03-01, until: 2026-02-01}",
     "1.yml:12: acceptance of s: until 2026-02-01 lies before 2026-03-01"),
    ("initial:\n  - {consequence: {safety: major}, reason: r, assessed: 2026-01-01, by: b}\n  - {consequence: {safety: minor}, reason: r, assessed: 2026-01-01, by: b}",
     "1.yml:3: initial assessment of the whole plant: is declared twice: here and in 1.yml:2  Keep one of them."),
    ("records:\n  - {step: zcr-6.4, document: d, by: b, dated: 2026-01-01}", "1.yml:2: record number 1: 'zcr-6.4' is not a step  Did you mean 'zcr-6.9'?"),
    ("approvals:\n  - {role: r, approved: soon}", "1.yml:2: approval number 1: approved 'soon' is not a date"),
    ("scenario: []", "1.yml:1: the file: unknown key 'scenario'  Did you mean 'scenarios'?"),
    (METHOD.replace("big: [low, high]", "big: [high, low]"), "1.yml:5: the method: big: the risk falls from seldom to often  More harm, or more likelihood"),
    (METHOD.replace("small: [low, low]", "small: [low, high]").replace("big: [low, high]", "big: [low, low]"), "1.yml:5: the method: often: the risk falls from small to big"),
    (METHOD.replace("sl-t: 3", "sl-t: 0"), "1.yml:4: the method: the sl-t falls from low to high"),
    (METHOD.replace("big: [low, high]", "bg: [low, high]"), "1.yml:7: the method, matrix: 'bg' is a consequence that the method does not know  Did you mean 'big'?"),
    (METHOD.replace("    big: [low, high]\n", ""), "1.yml:5: the method, matrix has no big  Write big: [...], one risk per likelihood."),
    (METHOD.replace("big: [low, high]", "big: [low]"), "1.yml:7: the method, matrix: big has 1 risks, not one per likelihood  In the order seldom, often."),
    (METHOD.replace("big: [low, high]", "big: [low, hgh]"), "1.yml:7: the method, matrix: big is 'hgh', which the method does not know  Did you mean 'high'?"),
    (METHOD.replace("tolerable: low", "tolerable: {safety: low}"), "1.yml:8: the method, tolerable: says nothing of environment  Name it, or a default."),
    (METHOD.replace("[{id: seldom}, {id: often}]", "[{id: seldom}]").replace("[low, low]", "[low]").replace("[low, high]", "[low]"),
     "1.yml:3: the method: likelihoods must be 2 to 10 levels, not 1"),
    (METHOD.replace("{id: often}", "{id: seldom}"), "1.yml:3: the method: seldom is declared twice in likelihoods"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_a_defect_is_told_with_its_line(text: str, words: str) -> None:
    _, wrong = read(text)
    assert wrong, text
    assert wrong[0].startswith(words)


def test_a_plant_has_one_method() -> None:
    _, wrong = read(METHOD, METHOD)
    assert wrong == ["2.yml:1: the method: is declared twice: here and in 1.yml:1  A plant has one method."]


def test_all_defects_are_told_at_once() -> None:
    _, wrong = read(
        SCENARIO.replace("zone: cell", "zone: x").replace("sr-1.1,", "sr-9.9,").replace("by: Chief", "by: ''")
    )
    assert len(wrong) == 3
