# SPDX-License-Identifier: Apache-2.0
"""Dates as tools print them, into ISO text, and days between two of them. Pure arithmetic: nobody asks a clock here."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

__all__ = ["day_text", "days_from", "epoch_text", "openssl_date", "systemd_date"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_LAST_SECOND = 253_402_300_799
"""9999-12-31T23:59:59Z."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OPENSSL = re.compile(r"([A-Z][a-z]{2}) {1,2}([0-9]{1,2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) ([0-9]{4}) GMT")
_SYSTEMD = re.compile(r"[A-Z][a-z]{2} ([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) (?:UTC|GMT)")


def day_text(days: int) -> str | None:
    """Days since 1970-01-01 as an ISO date; None beyond the years 1 to 9999."""
    ordinal = days + _EPOCH_ORDINAL
    return date.fromordinal(ordinal).isoformat() if 1 <= ordinal <= date.max.toordinal() else None


def epoch_text(seconds: int) -> str | None:
    """Seconds since 1970 as an instant; None before 1970 and after the year 9999."""
    if not 0 <= seconds <= _LAST_SECOND:
        return None
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_from(day: str, later: str) -> int | None:
    """Whole days from one ISO date or instant to another; negative if it lies before; None if one is no date."""
    try:
        return (date.fromisoformat(later[:10]) - date.fromisoformat(day[:10])).days
    except ValueError:
        return None


def _instant(day: str, time: str) -> str | None:
    try:
        return datetime.fromisoformat(f"{day}T{time}").strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def openssl_date(text: str) -> str | None:
    """``Nov  5 18:44:29 2024 GMT`` as an instant."""
    match = _OPENSSL.fullmatch(text.strip())
    if not match or match[1] not in _MONTHS:
        return None
    return _instant(f"{match[4]}-{_MONTHS.index(match[1]) + 1:02d}-{int(match[2]):02d}", match[3])


def systemd_date(text: str) -> str | None:
    """``Mon 2026-11-23 06:37:00 UTC`` as an instant."""
    match = _SYSTEMD.fullmatch(text.strip())
    return _instant(match[1], match[2]) if match else None
