# SPDX-License-Identifier: Apache-2.0
"""Certificates against the assessment's instant: an expression has no calendar."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.checks.functions.judged import Judged, records, undecided
from plantproof.core.instants import add_seconds
from plantproof.core.verdicts import Verdict
from plantproof.errors import UsageError

__all__ = ["certificates_in_date"]

_DAY = 86_400
_MAX_DAYS = 3650


def certificates_in_date(names: Mapping[str, object]) -> Judged:
    """Every certificate is valid now and stays so for ``params['certificate_days']`` days (default 0).

    Facts: ``certificates.certificates`` with ``not_before`` and ``not_after`` (instants as text), and
    ``certificates.unreadable``: one that cannot be read leaves it inconclusive, unless another is out of date.
    """
    now, found = names.get("now"), records(names, "certificates", "certificates")
    if found is None or not isinstance(now, str):
        return undecided("certificates.certificates is not in the evidence")
    margin = _margin(names.get("params"))
    if margin is None:
        return undecided(f"params['certificate_days'] is not a number of days from 0 to {_MAX_DAYS}")
    try:
        limit = add_seconds(now, margin * _DAY)
    except (UsageError, OverflowError):
        return undecided(f"{now!r} is not an instant that certificates can be compared with")
    bad = [(line, _fault(record, now, limit)) for line, record in found]
    wrong = [(line, fault) for line, fault in bad if fault]
    if wrong:
        message = "; ".join(dict.fromkeys(fault for _, fault in wrong))
        return Judged(verdict=Verdict.NOT_SATISFIED, message=message, lines=tuple(line for line, _ in wrong if line))
    return _undated(found, names) or Judged(
        verdict=Verdict.SATISFIED,
        message=f"{len(found)} certificate(s) are valid until after {limit}",
        lines=tuple(line for line, _ in found if line),
    )


def _margin(params: object) -> int | None:
    days = params.get("certificate_days", 0) if isinstance(params, Mapping) else 0
    return days if isinstance(days, int) and 0 <= days <= _MAX_DAYS else None


def _fault(record: Mapping[str, object], now: str, limit: str) -> str:
    path, begins, ends = record.get("path", "a certificate"), record.get("not_before"), record.get("not_after")
    # Instants are UTC text of one form, so they compare as text.
    if isinstance(begins, str) and begins > now:
        return f"{path} is valid only from {begins}"
    if isinstance(ends, str) and ends < now:
        return f"{path} expired on {ends}"
    return f"{path} expires on {ends}" if isinstance(ends, str) and ends < limit else ""


def _undated(found: list[tuple[int, Mapping[str, object]]], names: Mapping[str, object]) -> Judged | None:
    unread = [line for line, record in found if not isinstance(record.get("not_after"), str)]
    unread += [line for line, _ in records(names, "certificates", "unreadable") or []]
    if not unread:
        return None
    return undecided(f"{len(unread)} certificate(s) could not be read", tuple(line for line in unread if line))
