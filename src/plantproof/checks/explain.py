# SPDX-License-Identifier: Apache-2.0
"""From a verdict's number to an outcome that a person can follow: why, in which evidence, on which lines.

It re-reads the facts that the engine judged, so it is called for what is shown and not for a million pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.engine import NOT_ASKED, Evaluation
from plantproof.checks.expressions import UNDECIDED, Traced, trace
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.facts import SectionState
from plantproof.core.judgement import Outcome
from plantproof.core.verdicts import Verdict

__all__ = ["MAX_LINES", "outcome_of", "outcomes"]

MAX_LINES: Final = 50
"""Lines told of one outcome: the first ones."""

_Why = tuple[str, tuple[int, ...]]


def outcomes(evaluation: Evaluation, verdicts: Iterable[Verdict] = tuple(Verdict)) -> Iterator[Outcome]:
    """Explain each pair with one of these verdicts, one at a time, checks outermost."""
    wanted = frozenset(verdicts)
    for check, subject, verdict in evaluation.asked():
        if verdict in wanted:
            yield outcome_of(evaluation, check, subject)


def outcome_of(evaluation: Evaluation, check: int, subject: int) -> Outcome:
    """The outcome of one check on one subject, by their places in the evaluation.

    Raises:
        ValueError: the check was not asked of this subject.
    """
    number = evaluation.verdicts[check][subject]
    if number == NOT_ASKED:
        raise ValueError("the check was not asked of this asset")
    compiled, one, verdict = evaluation.checks[check], evaluation.subjects[subject], Verdict(number)
    message, lines = _why(compiled, one, verdict, evaluation.names(check, subject))
    present = [one.evidence[kind] for kind in compiled.check.kinds if kind in one.evidence]
    return Outcome(
        check=compiled.check.id,
        asset=one.asset.id,
        zone=one.asset.zone,
        verdict=verdict,
        message=message,
        evidence=tuple(ref for each in present for ref in (each.ref, *each.others) if ref is not None),
        lines=lines[:MAX_LINES],
    )


def _why(check: CompiledCheck, subject: Subject, verdict: Verdict, names: Mapping[str, object]) -> _Why:
    found = [(kind, subject.evidence.get(kind)) for kind in check.check.kinds]
    match verdict:
        case Verdict.NO_EVIDENCE:
            return "; ".join(_absent(kind, each) for kind, each in found if _is_absent(each)), ()
        case Verdict.STALE:
            return "; ".join(_stale(kind, each) for kind, each in found if each is not None and each.stale), ()
        case Verdict.NOT_APPLICABLE:
            lines = trace(check.when, names, check.first).lines if check.when else ()
            return f"does not apply here: {check.check.when}", lines
        case Verdict.SATISFIED:
            return _held(check, names)
        case Verdict.NOT_SATISFIED:
            return _failed(check, names)
    return _unclear(check, [each for _, each in found if each is not None], names)


def _is_absent(evidence: KindEvidence | None) -> bool:
    return evidence is None or evidence.state is SectionState.NOT_COLLECTED


def _absent(kind: str, evidence: KindEvidence | None) -> str:
    reason = (
        evidence.reason if evidence is not None and evidence.reason else f"the locker holds no {kind} of this asset"
    )
    return f"not collected: {reason}"


def _stale(kind: str, evidence: KindEvidence) -> str:
    until = f" was valid until {evidence.ref.valid_until}" if evidence.ref else " is out of date"
    return f"{kind}{until}"


def _held(check: CompiledCheck, names: Mapping[str, object]) -> _Why:
    if check.function is not None:
        judged = check.function(names)
        return judged.message or check.check.title, judged.lines
    lines = {line for each in check.that for line in trace(each, names, check.first).lines}
    return check.check.title, tuple(sorted(lines))


def _failed(check: CompiledCheck, names: Mapping[str, object]) -> _Why:
    if check.function is not None:
        judged = check.function(names)
        return judged.message, judged.lines
    said: list[str] = []
    lines: set[int] = set()
    for assertion, expression in zip(check.check.assertions, check.that, strict=True):
        if expression.holds(names) is False:
            said.append(assertion.otherwise)
            lines.update(trace(expression, names, check.first).lines)
    return "; ".join(said), tuple(sorted(lines))


def _unclear(check: CompiledCheck, present: list[KindEvidence], names: Mapping[str, object]) -> _Why:
    """Why it is inconclusive, the state of the evidence first."""
    for evidence in present:
        if evidence.state is SectionState.TRUNCATED:
            return f"the collected text of {evidence.kind} breaks off", ()
        if evidence.facts is None:
            return f"{evidence.kind} could not be parsed" + (f": {evidence.reason}" if evidence.reason else ""), ()
        if evidence.facts.broken:
            return f"{evidence.kind} is not whole: {evidence.facts.broken}", ()
    if check.function is not None:
        return _unclear_function(check, present, names)
    traced = [trace(each, names, check.first) for each in (*([check.when] if check.when else []), *check.that)]
    problems = tuple(dict.fromkeys(each.problem for each in traced if each.problem))
    if problems:
        lines = {line for each in traced for line in each.lines}
        return "; ".join(problems), tuple(sorted(lines))
    return _partly_read(check, present, traced)


def _unclear_function(check: CompiledCheck, present: list[KindEvidence], names: Mapping[str, object]) -> _Why:
    if check.function is not None:
        try:
            judged = check.function(names)
        except UNDECIDED as reason:
            return f"the evidence has another shape: {reason}", ()
        if judged.verdict is Verdict.INCONCLUSIVE:
            return judged.message, judged.lines
    return _partly_read(check, present, [])


def _partly_read(check: CompiledCheck, present: list[KindEvidence], traced: list[Traced]) -> _Why:
    """It would hold, but not everything was read."""
    for evidence in present:
        if evidence.facts is not None and evidence.facts.unparsed:
            where = evidence.facts.unparsed
            message = f"{len(where)} line(s) of {evidence.kind} were not understood"
            return message, where if evidence.kind == check.check.kinds[0] else ()
    notes = "; ".join(note for evidence in present for note in evidence.notes)
    paths = ", ".join(dict.fromkeys(path for each in traced for path in each.tolerated))
    return f"{paths or 'something'} may only be unread: {notes}", ()
