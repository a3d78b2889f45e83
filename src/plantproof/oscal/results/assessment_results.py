# SPDX-License-Identifier: Apache-2.0
"""OSCAL assessment-results, streamed: memory stays flat however many outcomes there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plantproof.core.checks import Check
from plantproof.core.judgement import Assessment, ControlStatus, Outcome
from plantproof.core.plant import Plant
from plantproof.core.verdicts import Verdict
from plantproof.oscal.results import definitions
from plantproof.oscal.results.observations import attested, grouped, one_by_one
from plantproof.oscal.results.pieces import Ids, Sink, departures, encode, fields, metadata, prop, write_list

__all__ = ["write_assessment_results"]

_REASONS = {Verdict.SATISFIED: "pass", Verdict.NOT_SATISFIED: "fail", Verdict.NOT_APPLICABLE: "other"}
_MET = frozenset({Verdict.SATISFIED, Verdict.NOT_APPLICABLE})


def write_assessment_results(
    assessment: Assessment,
    plant: Plant,
    checks: Mapping[str, Check],
    sink: Sink,
    *,
    tool: str,
    outcomes: Iterable[Outcome] | None = None,
    single_subjects: bool = False,
) -> None:
    """Write the assessment as one OSCAL 1.2.1 JSON document; the same inputs give the same bytes.

    Args:
        assessment: What was concluded.
        plant: Zones, conduits and assets that it speaks of.
        checks: Every check of an outcome, by id.
        sink: Takes the bytes as they come.
        tool: Name and version of the writer.
        outcomes: A stream sorted by check, verdict and asset, to be used instead of ``assessment.outcomes``.
        single_subjects: One observation for each outcome instead of one for each check and verdict.
    """
    ids = Ids(plant.name)
    stream = sorted(assessment.outcomes, key=_order) if outcomes is None else outcomes
    claims = definitions.attestations_of(assessment)
    render = one_by_one if single_subjects else grouped
    head = {
        "uuid": ids.of("assessment-results", assessment.at, assessment.locker_commit),
        "metadata": metadata(f"Assessment of {plant.name}", assessment.at, tool, **definitions.people(claims, ids)),
        "import-ap": {"href": "#" + ids.of("plan")},
    }
    result = _result_head(assessment, plant, ids)
    sink(b'{"assessment-results": {\n' + fields(head) + b',\n"results": [{\n' + fields(result))
    write_list(sink, "observations", _both(render(stream, checks, ids, assessment), attested(claims, assessment, ids)))
    write_list(sink, "findings", _findings(assessment, ids, single_subjects=single_subjects))
    back_matter = {"back-matter": {"resources": [definitions.plan_resource(assessment, ids)]}}
    sink(b"}],\n" + fields(back_matter) + b"\n}}\n")


def _order(outcome: Outcome) -> tuple[str, int, str, str]:
    return outcome.check, outcome.verdict, outcome.asset, outcome.zone


def _both(first: Iterable[bytes], second: Iterable[bytes]) -> Iterator[bytes]:
    yield from first
    yield from second


def _result_head(assessment: Assessment, plant: Plant, ids: Ids) -> dict[str, object]:
    selected = [{"control-id": control} for control in assessment.controls]
    selection: dict[str, object] = {"include-controls": selected} if selected else {"include-all": {}}
    local = definitions.local_definitions(plant, assessment.parts, ids)
    return {
        "uuid": ids.of("result", assessment.at, assessment.locker_commit),
        "title": f"{plant.name}, {assessment.baseline}",
        "description": f"Evidence up to commit {assessment.locker_commit or 'none'}, judged as of {assessment.at}.",
        "start": assessment.at,
        "end": assessment.at,
        **({"local-definitions": local} if local else {}),
        "reviewed-controls": {"control-selections": [selection]},
    }


def _findings(assessment: Assessment, ids: Ids, *, single_subjects: bool) -> Iterator[bytes]:
    for part in assessment.parts.values():
        what = assessment.what(part.zone)
        for status in part.controls.values():
            control = assessment.controls[status.control]
            finding: dict[str, object] = {
                "uuid": ids.finding(part.zone, status.control),
                "title": f"{control.label} in {what} {part.zone}",
                "description": status.reason or status.verdict.label,
                "props": [
                    prop(what, part.zone),
                    prop("verdict", status.verdict.label),
                    prop("min-sl", control.min_sl),
                    *departures(status, assessment.at),
                ],
                "target": {
                    "type": "statement-id",
                    "target-id": f"{status.control}_smt",
                    "title": control.title,
                    "status": {
                        "state": "satisfied" if status.verdict in _MET else "not-satisfied",
                        "reason": _REASONS.get(status.verdict, "other"),
                    },
                },
            }
            related = _related(status, ids, single_subjects=single_subjects)
            if related:
                finding["related-observations"] = [{"observation-uuid": ident} for ident in related]
            yield encode(finding)


def _related(status: ControlStatus, ids: Ids, *, single_subjects: bool) -> list[str]:
    seen: dict[str, None] = {}
    for proof in status.proofs:
        o = proof.outcome
        if single_subjects:
            seen[ids.single(o)] = None
        else:
            seen[ids.observation(o.check, o.verdict)] = None
    seen.update((ids.attestation(item), None) for item in status.said.attestations)
    return list(seen)
