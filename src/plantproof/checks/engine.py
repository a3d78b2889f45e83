# SPDX-License-Identifier: Apache-2.0
"""Run checks over assets: a verdict for each pair, as small numbers; why is worked out later and only where asked.

What evidence can prove is decided here, in one place: evidence that is absent, broken off, stale or partly understood
never satisfies a check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from plantproof.checks.compiled import CompiledCheck, name_of_kind
from plantproof.checks.expressions import UNDECIDED, trace
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.facts import SectionState
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.verdicts import Verdict

__all__ = ["NOT_ASKED", "Evaluation", "evaluate", "hindrance", "tolerates_gaps", "typed_params"]

NOT_ASKED: Final = 255
"""In the place of a verdict: the asset has no collector that could bring what the check needs."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INCONCLUSIVE: Final = int(Verdict.INCONCLUSIVE)
_SATISFIED: Final = int(Verdict.SATISFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Verdicts of checks on subjects, and what they were reached from."""

    checks: tuple[CompiledCheck, ...]
    subjects: tuple[Subject, ...]
    verdicts: tuple[bytearray, ...] = field(repr=False)
    """Per check a number per subject: a ``Verdict`` or :data:`NOT_ASKED`."""
    params: Mapping[str, object]
    now: str

    def asked(self) -> Iterator[tuple[int, int, Verdict]]:
        """(check, subject, verdict) of each pair that was asked, checks outermost."""
        for check, row in enumerate(self.verdicts):
            for subject, number in enumerate(row):
                if number != NOT_ASKED:
                    yield check, subject, Verdict(number)

    def names(self, check: int, subject: int) -> dict[str, object]:
        """What a check's names are bound to on one subject; kinds without facts are left out."""
        one = self.subjects[subject]
        return context_names(one, self.params, self.now) | fact_names(one, self.checks[check].check.kinds)


def evaluate(
    checks: Sequence[CompiledCheck],
    subjects: Sequence[Subject],
    *,
    now: str,
    params: Mapping[str, object] | None = None,
) -> Evaluation:
    """Judge every subject by every check.

    Args:
        checks: compiled checks.
        subjects: assets with their facts, parsed once.
        now: the assessment's instant, RFC 3339.
        params: control parameters, for subjects without their own; text that looks like a number is one.

    Raises:
        UsageError: ``now`` is no instant.
    """
    values = typed_params(params or {})
    rows = tuple(bytearray(len(subjects)) for _ in checks)
    groups: dict[tuple[str, ...], list[tuple[CompiledCheck, bytearray]]] = {}
    for check, row in zip(checks, rows, strict=True):
        groups.setdefault(check.check.kinds, []).append((check, row))
    instant = instant_text(parse_instant(now))
    for index, subject in enumerate(subjects):
        context = context_names(subject, values, instant)
        for kinds, members in groups.items():
            _judge(kinds, members, subject, context, index)
    return Evaluation(checks=tuple(checks), subjects=tuple(subjects), verdicts=rows, params=values, now=instant)


def _judge(
    kinds: tuple[str, ...],
    members: list[tuple[CompiledCheck, bytearray]],
    subject: Subject,
    context: Mapping[str, object],
    index: int,
) -> None:
    """All checks of the same kinds on one subject."""
    if subject.expected is not None and not subject.expected.issuperset(kinds):
        for _, row in members:
            row[index] = NOT_ASKED
        return
    verdict = hindrance(kinds, subject)
    if verdict is not None:
        for check, row in members:
            spared = check.early is not None and check.early.holds(context) is False
            row[index] = int(Verdict.NOT_APPLICABLE if spared else verdict)
        return
    names = {**context, **fact_names(subject, kinds)}
    for check, row in members:
        try:
            row[index] = check.run(names)
        except UNDECIDED:
            row[index] = _undecided(check, names)
    _weaken(kinds, members, subject, names, index)


def hindrance(kinds: Sequence[str], subject: Subject) -> Verdict | None:
    """The verdict that the state of the evidence forces; None if its facts may speak."""
    found = [subject.evidence.get(kind) for kind in kinds]
    if any(each is None or each.state is SectionState.NOT_COLLECTED for each in found):
        return Verdict.NO_EVIDENCE
    present = [each for each in found if each is not None]
    if any(each.state is SectionState.TRUNCATED or each.facts is None or each.facts.broken for each in present):
        return Verdict.INCONCLUSIVE
    return Verdict.STALE if any(each.stale for each in present) else None


def _undecided(check: CompiledCheck, names: Mapping[str, object]) -> int:
    """Something was missing: one assertion that is plainly false still decides."""
    if check.when is not None:
        applies = check.when.holds(names)
        if not applies:
            return int(_INCONCLUSIVE if applies is None else Verdict.NOT_APPLICABLE)
    if any(each.holds(names) is False for each in check.that):
        return int(Verdict.NOT_SATISFIED)
    return _INCONCLUSIVE


def _weaken(
    kinds: tuple[str, ...],
    members: list[tuple[CompiledCheck, bytearray]],
    subject: Subject,
    names: Mapping[str, object],
    index: int,
) -> None:
    """What was not wholly read cannot satisfy."""
    present = [subject.evidence[kind] for kind in kinds]
    if any(_not_understood(each) for each in present):
        for _, row in members:
            if row[index] == _SATISFIED:
                row[index] = _INCONCLUSIVE
    elif any(each.notes for each in present):
        for check, row in members:
            if row[index] == _SATISFIED and tolerates_gaps(check, names):
                row[index] = _INCONCLUSIVE


def _not_understood(evidence: KindEvidence) -> bool:
    return evidence.facts is not None and bool(evidence.facts.unparsed)


def tolerates_gaps(check: CompiledCheck, names: Mapping[str, object]) -> bool:
    """Whether a check that holds rests on something being absent, which may only be unread."""
    return any(trace(each, names).tolerated for each in (*check.that, *([check.when] if check.when else [])))


def context_names(subject: Subject, params: Mapping[str, object], now: str) -> dict[str, object]:
    """The names that every check has, whatever its kinds."""
    asset = subject.asset
    return {
        "asset": {
            "id": asset.id,
            "zone": asset.zone,
            "title": asset.title,
            "platform": asset.platform,
            "simulated": asset.simulated,
        },
        "params": params if subject.params is None else typed_params(subject.params),
        "now": now,
        "now_days": (parse_instant(now) - _EPOCH).days,
    }


def fact_names(subject: Subject, kinds: Sequence[str]) -> dict[str, object]:
    """The names of these kinds, bound to their facts as plain dicts; kinds without facts are left out."""
    names: dict[str, object] = {}
    for kind in kinds:
        evidence = subject.evidence.get(kind)
        if evidence is not None and evidence.facts is not None:
            data = evidence.facts.data
            names[name_of_kind(kind)] = data if isinstance(data, dict) else dict(data)
    return names


def typed_params(params: Mapping[str, object]) -> dict[str, object]:
    """Control parameters as expressions compare them: ``"5"`` is 5, ``"0.5"`` is 0.5."""
    return {key: _typed(value) for key, value in params.items()}


def _typed(value: object) -> object:
    if not isinstance(value, str):
        return value
    for number in (int, float):
        try:
            result = number(value)
        except ValueError:
            continue
        return result if abs(result) < float("inf") else value
    return value
