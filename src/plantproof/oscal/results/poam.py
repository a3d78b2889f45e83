# SPDX-License-Identifier: Apache-2.0
"""OSCAL plan of action and milestones: what is open, why it matters, what to do, what to mind in a running plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from plantproof.core.checks import Check
from plantproof.core.judgement import Assessment, ControlStatus, Outcome
from plantproof.core.plant import Plant
from plantproof.core.verdicts import Verdict
from plantproof.oscal.results.definitions import local_definitions
from plantproof.oscal.results.pieces import (
    Ids,
    Sink,
    departures,
    encode,
    evidence_json,
    fields,
    metadata,
    prop,
    write_list,
)

__all__ = ["write_poam"]

_MET = frozenset({Verdict.SATISFIED, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class _Failure:
    """A check that is not satisfied in one zone or conduit."""

    what: str
    part: str
    check: str
    outcomes: Sequence[Outcome]

    def __str__(self) -> str:
        return f"{self.what} {self.part}"

    @property
    def extent(self) -> str:
        """``on 3 assets of zone cell-1``; or ``in zone cell-1`` as a whole."""
        assets = sum(bool(one.asset) for one in self.outcomes)
        return f"on {assets} assets of {self}" if assets else f"in {self}"

    def uuid(self, kind: str, ids: Ids) -> str:
        return ids.of(kind, self.part, self.check)

    def props(self) -> list[dict[str, str]]:
        return [prop(self.what, self.part), prop("check", self.check)]


def write_poam(assessment: Assessment, plant: Plant, checks: Mapping[str, Check], sink: Sink, *, tool: str) -> bool:
    """Write what is open as one OSCAL 1.2.1 JSON document.

    An item keeps its UUID for as long as the same check fails in the same zone, or the same requirement is not shown.
    Returns whether anything is open; if not, nothing is written, because OSCAL knows no empty plan.
    """
    ids = Ids(plant.name)
    failures = tuple(_failures(assessment))
    unshown = tuple(_unshown(assessment))
    if not failures and not unshown:
        return False
    head = {
        "uuid": ids.of("poam"),
        "metadata": metadata(f"Plan of action for {plant.name}", assessment.at, tool),
        "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": ids.of("system")},
    }
    local = local_definitions(plant, assessment.parts, ids)
    sink(b'{"plan-of-action-and-milestones": {\n' + fields({**head, **({"local-definitions": local} if local else {})}))
    write_list(sink, "observations", (_observation(item, checks, ids, assessment.at) for item in failures))
    let_go = _let_go(assessment)
    write_list(sink, "risks", (_risk(item, checks, ids, let_go.get((item.part, item.check), "")) for item in failures))
    write_list(sink, "poam-items", _items(failures, unshown, assessment, checks, ids))
    sink(b"\n}}\n")
    return True


def _failures(assessment: Assessment) -> Iterator[_Failure]:
    failed = sorted(
        (o for o in assessment.outcomes if o.verdict is Verdict.NOT_SATISFIED), key=lambda o: (o.zone, o.check, o.asset)
    )
    for (zone, check), group in groupby(failed, key=lambda o: (o.zone, o.check)):
        yield _Failure(assessment.what(zone), zone, check, tuple(group))


def _unshown(assessment: Assessment) -> Iterator[ControlStatus]:
    """Requirements that the SL-T of a zone or conduit asks for, that nothing contradicts and nothing shows."""
    for part in assessment.parts.values():
        for status in part.controls.values():
            control = assessment.controls[status.control]
            known = status.verdict in _MET or status.verdict is Verdict.NOT_SATISFIED
            if not known and control.min_sl <= part.sl_t[control.fr]:
                yield status


def _observation(failure: _Failure, checks: Mapping[str, Check], ids: Ids, at: str) -> bytes:
    outcomes = failure.outcomes
    evidence = [evidence_json(o.evidence[0], o.lines) for o in outcomes if o.evidence]
    subjects = [_subject(o, failure.what, ids) for o in outcomes]
    observation: dict[str, object] = {
        "uuid": failure.uuid("poam-observation", ids),
        "title": checks[failure.check].title,
        "description": f"Not satisfied {failure.extent}.",
        "props": failure.props(),
        "methods": ["EXAMINE"],
        "subjects": subjects,
    }
    if evidence:
        observation["relevant-evidence"] = evidence
    collected = [o.evidence[0].collected for o in outcomes if o.evidence]
    return encode({**observation, "collected": min(collected, default=at)})


def _let_go(assessment: Assessment) -> dict[tuple[str, str], str]:
    """By zone or conduit and check the instant until which all that the check contradicts there is waived."""
    found = {}
    for part in assessment.parts.values():
        if not part.waived:
            continue
        against: dict[str, list[ControlStatus]] = {}
        for status in part.controls.values():
            for check in {p.outcome.check for p in status.proofs if p.outcome.verdict is Verdict.NOT_SATISFIED}:
                against.setdefault(check, []).append(status)
        for check, statuses in against.items():
            if all(status.waived for status in statuses):
                found[part.zone, check] = min(status.waived_until for status in statuses)
    return found


def _subject(outcome: Outcome, what: str, ids: Ids) -> dict[str, object]:
    uuid, kind = ids.subject(outcome, what)
    return {
        "subject-uuid": uuid,
        "type": kind,
        "title": outcome.about,
        "props": [prop("message", outcome.message)],
    }


def _risk(failure: _Failure, checks: Mapping[str, Check], ids: Ids, waived_until: str) -> bytes:
    rule = checks[failure.check]
    action = rule.remedy + (f"\n\nIn a running plant: {rule.caution}" if rule.caution else "")
    risk = {
        "uuid": failure.uuid("risk", ids),
        "title": f"{rule.title}: not so in {failure}",
        "description": "; ".join(sorted({f"{o.about}: {o.message}" for o in failure.outcomes})),
        "statement": rule.rationale,
        "status": "deviation-approved" if waived_until else "open",
        **({"deadline": waived_until} if waived_until else {}),
        "remediations": [
            {
                "uuid": failure.uuid("remediation", ids),
                "lifecycle": "recommendation",
                "title": f"What to do about {failure.check}",
                "description": action,
            }
        ],
        "related-observations": [{"observation-uuid": failure.uuid("poam-observation", ids)}],
    }
    return encode(risk)


def _items(
    failures: Sequence[_Failure],
    unshown: Sequence[ControlStatus],
    assessment: Assessment,
    checks: Mapping[str, Check],
    ids: Ids,
) -> Iterator[bytes]:
    for failure in failures:
        item = {
            "uuid": failure.uuid("poam-item", ids),
            "title": f"{checks[failure.check].title} ({failure})",
            "description": f"Not so on {', '.join(o.about for o in failure.outcomes)}.",
            "props": failure.props(),
            "related-observations": [{"observation-uuid": failure.uuid("poam-observation", ids)}],
            "related-risks": [{"risk-uuid": failure.uuid("risk", ids)}],
        }
        yield encode(item)
    for status in unshown:
        what = assessment.what(status.zone)
        control = assessment.controls[status.control]
        missing = {
            "uuid": ids.of("poam-item-unshown", status.zone, status.control),
            "title": f"Show {control.label} {control.title} ({what} {status.zone})",
            "description": status.reason or status.verdict.label,
            "props": [
                prop(what, status.zone),
                prop("control", status.control),
                prop("verdict", status.verdict.label),
                *departures(status, assessment.at),
            ],
        }
        yield encode(missing)
