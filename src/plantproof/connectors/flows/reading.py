# SPDX-License-Identifier: Apache-2.0
"""What the readers share: what is noted about a file's lines, and fields as values.

A field that is not what it should be raises :class:`BadFieldError` inside this room; the line is then counted with its
number. Its text is never repeated: a flow log holds what strangers sent.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from plantproof.core.observed.flow import Address
from plantproof.core.services import PROTOCOLS

__all__ = ["SHOWN", "BadFieldError", "Reading", "address", "count", "instant", "port", "protocol"]

SHOWN: Final = 20
"""So many unreadable lines of a file are kept with number and reason; the others are counted."""

_LONGEST: Final = 18
"""Digits; longer numbers are nonsense, and Python is slow on them."""
_OTHER_NAMES: Final = {
    "hopopt": 0,
    "ipv4": 4,
    "ipencap": 4,
    "ipv6-route": 43,
    "ipv6-frag": 44,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "ospfigp": 89,
}
"""Names of IANA's registry that sensors write and firewalls do not."""
_LARGEST: Final = 10**_LONGEST
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""


class BadFieldError(Exception):
    """A field is not what it should be; the text says which and what it should be, never what it is."""


@dataclass(slots=True)
class Reading:
    """What was noted while one file was read."""

    name: str
    """The file, as it was named."""
    lines: int = 0
    records: int = 0
    """Lines that became flows."""
    other: Counter[str] = field(default_factory=Counter)
    """Lines that are well-formed and no flows, by what they are."""
    malformed: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason of the first unreadable lines."""

    def bad(self, line: int, reason: str) -> None:
        """Note a line that cannot be read."""
        self.malformed += 1
        if len(self.problems) < SHOWN:
            self.problems.append((line, reason))


@lru_cache(maxsize=65536)
def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def address(text: object, what: str) -> Address:
    """An IPv4 or IPv6 address; a scope (``%eth0``) is dropped, an IPv4 address inside IPv6 becomes IPv4.

    Raises:
        BadFieldError: it is none.
    """
    found = _address(text) if isinstance(text, str) and len(text) < 100 else None  # noqa: PLR2004 - none is longer
    if found is None:
        raise BadFieldError(f"{what} is not an IP address")
    return found


def count(value: object, what: str) -> int:
    """A whole number that is not negative; nothing at all is 0.

    Raises:
        BadFieldError: it is something else.
    """
    if isinstance(value, str) and len(value) <= _LONGEST and value.isdigit() and value.isascii():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST:
        return value
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) <= _LONGEST:
            return int(text)
        if not text:
            return 0
    if isinstance(value, float) and value.is_integer() and 0 <= value < _LARGEST:
        return int(value)
    raise BadFieldError(f"{what} is not a count")


def port(value: object, what: str) -> int:
    """A port.

    Raises:
        BadFieldError: it is none.
    """
    if value is None or value == "":
        raise BadFieldError(f"{what} is missing")
    number = count(value, what)
    if number > 65535:  # noqa: PLR2004 - the highest port
        raise BadFieldError(f"{what} is not a port")
    return number


@lru_cache(maxsize=1024)
def _protocol(text: str) -> int | None:
    word = text.strip().lower()
    if word.isascii() and word.isdigit() and len(word) <= 3:  # noqa: PLR2004 - 0..255, with leading zeros
        return int(word) if int(word) <= 255 else None  # noqa: PLR2004 - one byte
    return PROTOCOLS.get(word, _OTHER_NAMES.get(word))


def protocol(value: object) -> int:
    """An IP protocol by number or name.

    Raises:
        BadFieldError: it is neither.
    """
    found = _protocol(str(value)) if isinstance(value, str | int) and len(str(value)) < 32 else None  # noqa: PLR2004
    if found is None:
        raise BadFieldError("the protocol is neither a known name nor a number from 0 to 255")
    return found


@lru_cache(maxsize=4096)
def _written(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def instant(value: object, what: str) -> int | None:
    """Seconds since 1970 from ISO 8601 or a number of seconds, milli-, micro- or nanoseconds; None if there is none.

    A time without a zone is taken as UTC. Fractions of a second are cut off.

    Raises:
        BadFieldError: it is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value.strip()
        try:
            number = float(text) if len(text) < 40 else math.nan  # noqa: PLR2004 - no time is longer
        except ValueError:
            found = _written(text.partition(".")[0] + _zone(text)) if len(text) < 40 else None  # noqa: PLR2004
            if found is None or not 0 <= found <= _LATEST:
                raise BadFieldError(f"{what} is not a time (ISO 8601 or seconds since 1970)") from None
            return found
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if abs(value) < _LARGEST * 10 else math.nan
    else:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise BadFieldError(f"{what} is not a time (ISO 8601 or seconds since 1970)")
    # Whoever counts finer than seconds writes more digits; 10^11 seconds would be the year 5138.
    while number >= 1e11:  # noqa: PLR2004
        number /= 1000
    return math.floor(number)


def _zone(text: str) -> str:
    """What follows the fraction of a second: ``+0100``, ``Z``, nothing."""
    return text.partition(".")[2].lstrip("0123456789")
