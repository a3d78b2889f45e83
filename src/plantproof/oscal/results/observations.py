# SPDX-License-Identifier: Apache-2.0
"""Observations, rendered to bytes one at a time; the hot path of writing results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from plantproof.core.checks import Check
from plantproof.core.judgement import Assessment, EvidenceRef, Outcome
from plantproof.core.statements import Attestation
from plantproof.core.verdicts import Verdict
from plantproof.oscal.results.pieces import Ids, encode, evidence_json, prop

__all__ = ["attested", "grouped", "one_by_one"]


def grouped(
    outcomes: Iterable[Outcome], checks: Mapping[str, Check], ids: Ids, assessment: Assessment
) -> Iterator[bytes]:
    """Yield one observation for each check and verdict; outcomes must come sorted by check, then verdict."""
    for (check, verdict), group in groupby(outcomes, key=lambda outcome: (outcome.check, outcome.verdict)):
        members = list(group)
        evidence = list(_evidence(members))
        observation: dict[str, object] = {
            "uuid": ids.observation(check, verdict),
            "title": checks[check].title,
            "description": f"{verdict.label}: check {check} on {_counted(members)}.",
            "props": [prop("check", check), prop("verdict", verdict.label)],
            "methods": ["EXAMINE"],
            "types": ["control-objective"],
            "subjects": [_subject(outcome, ids, assessment.what(outcome.zone)) for outcome in members],
        }
        if evidence:
            observation["relevant-evidence"] = [evidence_json(ref, lines) for ref, lines in evidence]
        observation["collected"] = min((ref.collected for ref, _ in evidence), default=assessment.at)
        if evidence:
            observation["expires"] = min(ref.valid_until for ref, _ in evidence)
        yield encode(observation)


def _evidence(outcomes: Iterable[Outcome]) -> Iterator[tuple[EvidenceRef, tuple[int, ...]]]:
    """Each item with the lines that decided; of what speaks of a whole also the other items that it rests on, once."""
    further: dict[str, EvidenceRef] = {}
    first = set()
    for outcome in outcomes:
        for ref in outcome.evidence[:1]:
            first.add(ref.path)
            yield ref, outcome.lines
        if not outcome.asset:
            further.update((ref.path, ref) for ref in outcome.evidence[1:])
    yield from ((ref, ()) for path, ref in further.items() if path not in first)


def _counted(outcomes: Sequence[Outcome]) -> str:
    return f"{len(outcomes)} {'assets' if outcomes[0].asset else 'zones and conduits'}"


def _subject(outcome: Outcome, ids: Ids, what: str, *, message: bool = True) -> dict[str, object]:
    uuid, kind = ids.subject(outcome, what)
    props = [prop(what, outcome.zone)]
    if message and outcome.message:
        props.append(prop("message", outcome.message))
    return {"subject-uuid": uuid, "type": kind, "title": outcome.about, "props": props}


def one_by_one(
    outcomes: Iterable[Outcome], checks: Mapping[str, Check], ids: Ids, assessment: Assessment
) -> Iterator[bytes]:
    """Yield one observation for each outcome, for tools that want that; sorted by check, in flat memory.

    Everything that repeats is rendered once: what a check says for a verdict, an asset's subject, an item's reference.
    """
    heads: dict[tuple[str, Verdict], tuple[bytes, bytes]] = {}
    subjects: dict[str, bytes] = {}
    evidence = _EvidenceText()
    no_time = b',"collected":' + encode(assessment.at) + b"}"
    for outcome in outcomes:
        key = (outcome.check, outcome.verdict)
        head = heads.get(key)
        if head is None:
            if len(heads) > len(Verdict):
                heads.clear()  # sorted by check: those before are done with
            head = heads[key] = _head(checks[outcome.check], outcome.verdict)
        name = outcome.asset or f"the whole of {outcome.zone}"  # no asset's id has a space
        subject = subjects.get(name)
        if subject is None:
            told = _subject(outcome, ids, assessment.what(outcome.zone), message=False)
            subject = subjects[name] = encode(told) + b"]"
        ident = ids.single(outcome).encode()
        tail = evidence.of(outcome.evidence[0], outcome.lines) if outcome.evidence else no_time
        message = encode(outcome.message) if outcome.message else b'"-"'
        yield b"".join((b'{"uuid":"', ident, head[0], message, head[1], subject, tail))


class _EvidenceText:
    """Renders the reference of each item once; only the lines differ between the checks that read it."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[bytes, bytes, bytes]] = {}

    def of(self, ref: EvidenceRef, lines: tuple[int, ...]) -> bytes:
        """The observation's end from ``relevant-evidence`` on."""
        parts = self._parts.get(ref.path)
        if parts is None:
            parts = self._parts[ref.path] = _split(ref)
        if not lines:
            return parts[2]
        return b"%s%s%s" % (parts[0], ", ".join(map(str, lines)).encode(), parts[1])


def _split(ref: EvidenceRef) -> tuple[bytes, bytes, bytes]:
    times = b',"collected":' + encode(ref.collected) + b',"expires":' + encode(ref.valid_until) + b"}"
    mark = 987654321
    with_lines = b',"relevant-evidence":[' + encode(evidence_json(ref, (mark,))) + b"]" + times
    before, _, after = with_lines.partition(str(mark).encode())
    return before, after, b',"relevant-evidence":[' + encode(evidence_json(ref, ())) + b"]" + times


def _head(check: Check, verdict: Verdict) -> tuple[bytes, bytes]:
    props = [prop("check", check.id), prop("verdict", verdict.label)]
    before = b'","title":' + encode(check.title) + b',"description":'
    after = b',"props":' + encode(props) + b',"methods":["EXAMINE"],"types":["control-objective"],"subjects":['
    return before, after


def attested(attestations: Iterable[Attestation], assessment: Assessment, ids: Ids) -> Iterator[bytes]:
    """Yield one observation for each attestation, in the order given."""
    for item in attestations:
        what = assessment.what(item.zone)
        component = ids.zone(item.zone) if what == "zone" else ids.conduit(item.zone)
        observation = {
            "uuid": ids.attestation(item),
            "title": f"Attestation for {item.control} in {item.zone}",
            "description": item.statement,
            "props": [prop(what, item.zone), prop("control", item.control), prop("path", item.path)],
            "methods": ["INTERVIEW"],
            "types": ["control-objective"],
            "origins": [{"actors": [{"type": "party", "actor-uuid": ids.person(item)}]}],
            "subjects": [{"subject-uuid": component, "type": "component", "title": item.zone}],
            "collected": item.stated,
            "expires": item.valid_until,
        }
        yield encode(observation)
